//! The person to answer, completed from what the words say.

use super::reading::Reading;
use super::understand::Envelope;
use super::{CountrySource, Facts, House, Writer, country, facts, phone};
use crate::domain;

/// The writer with company, telephone and country; a form's facts join those of the words. `normalised` are subject and
/// words.
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
    let stated = writer.country.take().map(|country| (country, CountrySource::Stated));
    let found = stated.or_else(|| {
        let (signed, domain, company) = (&reading.signed, from_domain.as_deref(), writer.company.as_deref());
        let evidence = Evidence { signed, normalised, language, phones: &facts.phones, domain, company };
        located(&evidence, house).map(|(country, by)| (country.to_owned(), by))
    });
    (writer.country, writer.country_by) = found.unzip();
    let home = writer.country.as_deref();
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

/// Stated, by telephone, by top-level domain, in this order; a company's legal form and a number without its country's
/// code are the last to ask.
fn located(evidence: &Evidence<'_>, house: &House) -> Option<(&'static str, CountrySource)> {
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
    (by_domain.map(|c| (c, CountrySource::Domain)))
        .or_else(|| by_form().map(|c| (c, CountrySource::Stated)))
        .or_else(|| by_national_phone(evidence).map(|c| (c, CountrySource::Phone)))
}

/// What a mail tells of its writer's country.
struct Evidence<'a> {
    signed: &'a str,
    normalised: &'a str,
    language: Option<&'a str>,
    phones: &'a [String],
    domain: Option<&'a str>,
    company: Option<&'a str>,
}

/// An international number names its country.
fn by_phone(evidence: &Evidence<'_>) -> Option<&'static str> {
    let mut international = evidence.phones.iter().filter(|p| phone::is_international(p));
    international.find_map(|p| phone::e164(p, None)).map(|phone| phone.country)
}

/// A national number names one where only one land of the writer's language has it.
fn by_national_phone(evidence: &Evidence<'_>) -> Option<&'static str> {
    let candidates = evidence.language.map(country::of_language).unwrap_or_default();
    evidence.phones.iter().find_map(|p| phone::only_home(p, candidates))
}
