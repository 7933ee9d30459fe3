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
    language: Option<&str>,
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
        let company = writer.company.as_deref();
        let evidence = Evidence { signed: &reading.signed, normalised, language, phones: &phones, domain, company };
        let (country, source) = country_of(&evidence, house)?;
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
fn country_of(evidence: &Evidence<'_>, house: &House) -> Option<(&'static str, CountrySource)> {
    let signed = evidence.signed;
    let ours = |line: &str| house.domains.iter().any(|own| line.contains(own.as_str()));
    let stated = country::in_signature(signed, ours)
        .or_else(|| country::by_register(signed, ours))
        .or_else(|| evidence.language.and_then(|language| country::by_postcode_in(language, signed)))
        .or_else(|| country::in_words(evidence.normalised));
    if let Some(country) = stated {
        return Some((country, CountrySource::Stated));
    }
    if let Some(country) = by_phone(evidence) {
        return Some((country, CountrySource::Phone));
    }
    let by_domain = evidence.domain.filter(|d| !domain::is_world_mail(d)).and_then(country::by_domain);
    let by_form = || evidence.company.and_then(country::by_legal_form);
    (by_domain.map(|c| (c, CountrySource::Domain))).or_else(|| by_form().map(|c| (c, CountrySource::Stated)))
}

/// What a mail tells of its writer's country.
struct Evidence<'a> {
    signed: &'a str,
    normalised: &'a str,
    language: Option<&'a str>,
    phones: &'a [&'a str],
    domain: Option<&'a str>,
    company: Option<&'a str>,
}

/// An international number names its country; a national one where only one land of the writer's language has it.
fn by_phone(evidence: &Evidence<'_>) -> Option<&'static str> {
    let phones = || evidence.phones.iter();
    let international =
        phones().filter(|p| phone::is_international(p)).find_map(|p| Some(phone::e164(p, None)?.country));
    let candidates = evidence.language.map(country::of_language).unwrap_or_default();
    international.or_else(|| phones().find_map(|p| phone::only_home(p, candidates)))
}
