//! The person to answer, completed from what the words say.

use super::reading::Reading;
use super::understand::Envelope;
use super::{CountrySource, Facts, House, Writer, country, facts, language, phone};
use crate::domain;

/// The writer with company, telephone and country; a form's facts join those of the words. `normalised` are subject and
/// words.
pub(super) fn writer(
    envelope: &Envelope,
    reading: &Reading,
    normalised: &str,
    facts: &mut Facts,
    house: &House,
) -> Writer {
    let mut writer = match &reading.relayed {
        Some(relayed) => relayed.writer.clone(),
        None => direct_writer(envelope),
    };
    join_form(reading, facts);
    let from_domain = writer.email.as_deref().and_then(domain::of_address).map(str::to_owned);
    let company = || facts::company(&reading.signed, writer.name.as_deref(), from_domain.as_deref(), house);
    writer.company = writer
        .company
        .take()
        .or_else(company)
        .or_else(|| company_as_name(writer.name.as_deref(), from_domain.as_deref(), house));
    let (found, by) = located(&writer, reading, normalised, facts, from_domain.as_deref(), house).unzip();
    (writer.country, writer.country_by) = (found, by);
    let home = writer.country.as_deref().or_else(|| language_home(reading));
    for written in &mut facts.phones {
        if let Some(number) = phone::e164(written, home) {
            *written = number.e164;
        }
    }
    dedup(&mut facts.phones);
    writer.phone = facts.phones.first().cloned().or(writer.phone);
    writer
}

fn join_form(reading: &Reading, facts: &mut Facts) {
    let Some(relayed) = &reading.relayed else { return };
    if facts.products.is_empty() {
        facts.products.extend(relayed.product.clone());
    }
    facts.quantity = relayed.quantity.clone().or_else(|| facts.quantity.take());
    facts.target_price = facts.target_price.take().or_else(|| relayed.price.clone());
    if let Some(phone) = relayed.writer.phone.as_deref().map(form_phone) {
        facts.phones.insert(0, phone);
    }
}

/// Platforms write numbers with the country code but without the `+`: "351-912345678".
fn form_phone(written: &str) -> String {
    let bare = written.trim();
    let digits: String = bare.chars().filter(char::is_ascii_digit).collect();
    let with_code = bare.starts_with(|c: char| ('1'..='9').contains(&c))
        && bare.split(['-', ' ']).next().is_some_and(|code| code.len() <= 3)
        && bare.contains('-');
    match phone::abroad(&digits) {
        Some(number) if with_code => number.e164,
        _ => bare.to_owned(),
    }
}

fn dedup(phones: &mut Vec<String>) {
    let mut seen: Vec<String> = Vec::new();
    phones.retain(|phone| {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        let is_new = !seen.contains(&digits);
        seen.push(digits);
        is_new
    });
}

fn direct_writer(envelope: &Envelope) -> Writer {
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

/// A display name may be the company's: it shares its letters with the domain, or it says so by its legal form.
fn company_as_name(name: Option<&str>, from_domain: Option<&str>, house: &House) -> Option<String> {
    facts::company(name?, None, from_domain, house)
}

/// Stated, by telephone, by top-level domain, by the company's legal form, in this order.
fn located(
    writer: &Writer,
    reading: &Reading,
    normalised: &str,
    facts: &Facts,
    from_domain: Option<&str>,
    house: &House,
) -> Option<(String, CountrySource)> {
    let ours = |line: &str| house.domains.iter().any(|domain| line.contains(domain.as_str()));
    let stated = || country::in_signature(&reading.signed, ours).or_else(|| country::in_words(normalised));
    let by_phone = || facts.phones.iter().find_map(|p| phone::e164(p, None)).map(|number| number.country);
    let by_domain = || from_domain.filter(|d| !domain::is_world_mail(d)).and_then(country::by_domain);
    let by_tongue = || {
        let home = language_home(reading).filter(|_| !facts.phones.is_empty())?;
        facts.phones.iter().find_map(|p| phone::e164(p, Some(home))).map(|number| number.country)
    };
    let named = |source| move |country: &'static str| (country.to_owned(), source);
    let form = writer.country.clone().map(|country| (country, CountrySource::Stated));
    form.or_else(|| stated().map(named(CountrySource::Stated)))
        .or_else(|| by_phone().map(named(CountrySource::Phone)))
        .or_else(|| by_domain().map(named(CountrySource::Domain)))
        .or_else(|| by_tongue().map(named(CountrySource::Phone)))
        .or_else(|| writer.company.as_deref().and_then(country::by_legal_form).map(named(CountrySource::Stated)))
}

/// The country of a language that one country alone speaks: where a national number of an unknown land belongs.
fn language_home(reading: &Reading) -> Option<&'static str> {
    match language::detect(&reading.own)? {
        "ja" => Some("JP"),
        "ko" => Some("KR"),
        "vi" => Some("VN"),
        "tr" => Some("TR"),
        "pl" => Some("PL"),
        "hu" => Some("HU"),
        "fi" => Some("FI"),
        "cs" => Some("CZ"),
        "th" => Some("TH"),
        "he" => Some("IL"),
        _ => None,
    }
}
