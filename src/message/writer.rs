//! The person to answer: who he is, where he sits and how he is called, as far as the mail itself says.

use super::reading::Reading;
use super::understand::Envelope;
use super::{CountrySource, Facts, House, Writer, country, facts, phone};
use crate::domain;

/// Completes the writer from signature, prefix and domain; a form's facts join those of the words, and telephone numbers
/// become E.164 where a numbering plan knows them.
pub(super) fn complete(
    envelope: &Envelope,
    reading: &Reading,
    normalised: &str,
    facts: &mut Facts,
    house: &House,
) -> Writer {
    let mut writer = match &reading.relayed {
        Some(relayed) => relayed.writer.clone(),
        None => direct(envelope),
    };
    join_form(reading, facts);
    let domain = writer.email.as_deref().and_then(domain::of_address).map(str::to_owned);
    let (name, domain) = (writer.name.clone(), domain.as_deref());
    let by_signature = || facts::company(&reading.signed, name.as_deref(), domain);
    // A display name may be the company's: it shares its letters with the domain, or it says so by its legal form.
    let by_name = || facts::company(name.as_deref()?, None, domain);
    writer.company = writer.company.take().or_else(by_signature).or_else(by_name);
    let phones: Vec<&str> = writer.phone.iter().chain(&facts.phones).map(String::as_str).collect();
    let found = writer.country.take().map(|country| (country, CountrySource::Stated)).or_else(|| {
        let (country, source) = country_of(&writer, reading, normalised, &phones, domain, house)?;
        Some((country.to_owned(), source))
    });
    (writer.country, writer.country_by) = found.unzip();
    let home = writer.country.as_deref();
    facts.phones = facts::with_national_numbers(&reading.signed, std::mem::take(&mut facts.phones), home);
    writer.phone = writer.phone.take().map(|phone| in_e164(phone, home)).or_else(|| facts.phones.first().cloned());
    writer
}

/// A number as E.164 where a numbering plan knows it, else as written.
fn in_e164(written: String, home: Option<&str>) -> String {
    phone::e164(&written, home).map_or(written, |phone| phone.e164)
}

/// What a form stated in its fields.
fn join_form(reading: &Reading, facts: &mut Facts) {
    let Some(relayed) = &reading.relayed else { return };
    if facts.products.is_empty() {
        facts.products.extend(relayed.product.clone());
    }
    facts.quantity = relayed.quantity.clone().or_else(|| facts.quantity.take());
    facts.target_price = facts.target_price.take().or_else(|| relayed.price.clone());
    if let Some(phone) = relayed.writer.phone.as_ref().filter(|p| !facts.phones.contains(p)) {
        facts.phones.insert(0, phone.clone());
    }
}

fn direct(envelope: &Envelope) -> Writer {
    // Reply-To names the person where From is a machine or the same house.
    let from_email = envelope.from.email.clone();
    let machine = from_email
        .as_deref()
        .is_some_and(|e| matches!(e.split('@').next(), Some("noreply" | "no-reply" | "donotreply" | "do-not-reply")));
    let reply_email = envelope.reply_to.as_ref().and_then(|a| a.email.clone());
    let email = if machine || from_email.is_none() { reply_email.or(from_email) } else { from_email };
    let name = envelope.from.name.clone().filter(|n| !n.contains('@'));
    Writer { name, email, ..Writer::default() }
}

/// Stated, by telephone, by top-level domain, in this order; a company's legal form is the last to ask.
fn country_of(
    writer: &Writer,
    reading: &Reading,
    normalised: &str,
    phones: &[&str],
    domain: Option<&str>,
    house: &House,
) -> Option<(&'static str, CountrySource)> {
    let ours = |line: &str| house.domains.iter().any(|own| line.contains(own.as_str()));
    let stated = || country::in_signature(&reading.signed, ours).or_else(|| country::in_words(normalised));
    let by_phone =
        || phones.iter().filter(|p| phone::is_international(p)).find_map(|p| Some(phone::e164(p, None)?.country));
    let by_domain = || domain.filter(|d| !domain::is_world_mail(d)).and_then(country::by_domain);
    let by_form = || writer.company.as_deref().and_then(country::by_legal_form);
    (stated().map(|c| (c, CountrySource::Stated)))
        .or_else(|| by_phone().map(|c| (c, CountrySource::Phone)))
        .or_else(|| by_domain().map(|c| (c, CountrySource::Domain)))
        .or_else(|| by_form().map(|c| (c, CountrySource::Stated)))
}
