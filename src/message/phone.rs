//! Telephone numbers against the world's numbering plans (ITU-T E.164).

use phonenumber::metadata::{DATABASE, Descriptor, Metadata};
use regex::bytes::{Regex, RegexBuilder};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A number that its country's numbering plan knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phone {
    /// `+`, country code and national number, without any other sign.
    pub e164: String,
    /// ISO 3166 alpha-2.
    pub country: &'static str,
}

/// One country's plan.
struct Plan {
    country: &'static str,
    code: u16,
    /// Digits that are dialled in front of a national number and not from abroad.
    trunk: Option<&'static str>,
    national: Regex,
    /// Fixed lines and mobiles alone: the general form lets too much through to tell countries apart.
    dialled: Regex,
    /// Numbers of this country alone, where several share a code.
    own: Option<Regex>,
}

/// The plans by country code, the main country of a shared code first. The crate's metadata with patterns of our own:
/// the crate's parser compiles its patterns anew as soon as more than a hundred are in use, under one lock.
static PLANS: LazyLock<HashMap<u16, Vec<Plan>>> = LazyLock::new(|| {
    let mut plans: HashMap<u16, Vec<Plan>> = HashMap::new();
    let mut countries: Vec<&'static Metadata> = DATABASE.iter().filter(|m| m.id().len() == 2).collect();
    countries.sort_by_key(|m| (!m.is_main_country_for_code(), m.id()));
    for metadata in countries {
        let siblings = plans.entry(metadata.country_code()).or_default();
        siblings.extend(plan(metadata, siblings.is_empty()));
    }
    plans
});

fn plan(metadata: &'static Metadata, is_main: bool) -> Option<Plan> {
    let numbers = metadata.descriptors();
    let own = if is_main {
        None
    } else if let Some(leading) = metadata.leading_digits() {
        Some(pattern(&format!("^(?:{})", leading.as_str()))?)
    } else {
        let kinds = [numbers.fixed_line(), numbers.mobile()].into_iter().flatten();
        let forms: Vec<&str> = kinds.map(Descriptor::national_number).map(|form| form.as_str()).collect();
        Some(pattern(&format!("^(?:{})$", forms.join("|")))?)
    };
    let kinds = [numbers.fixed_line(), numbers.mobile()].into_iter().flatten();
    let dialled: Vec<&str> = kinds.map(Descriptor::national_number).map(|form| form.as_str()).collect();
    Some(Plan {
        dialled: pattern(&format!("^(?:{})$", dialled.join("|")))?,
        country: metadata.id(),
        code: metadata.country_code(),
        trunk: metadata.national_prefix(),
        national: pattern(&format!("^(?:{})$", numbers.general().national_number().as_str()))?,
        own,
    })
}

fn pattern(form: &str) -> Option<Regex> {
    RegexBuilder::new(form).unicode(false).ignore_whitespace(true).build().ok()
}

/// A number as written; `home` is the country of a national one, where it is known. None where no plan knows it.
pub(crate) fn e164(written: &str, home: Option<&str>) -> Option<Phone> {
    let digits = digits(written);
    match international(written, &digits) {
        Some(rest) => abroad(rest),
        None => national(&digits, home?),
    }
}

/// The only one of some countries whose plan knows a national number, trunk prefix and all.
pub(super) fn only_home(written: &str, countries: &[&'static str]) -> Option<&'static str> {
    let digits = digits(written);
    let mut homes = countries.iter().filter(|country| has_trunk_and_fits(&digits, country));
    let home = homes.next()?;
    homes.next().is_none().then_some(*home)
}

fn has_trunk_and_fits(digits: &str, country: &str) -> bool {
    let Some(code) = DATABASE.by_id(country).map(Metadata::country_code) else { return false };
    let plan = PLANS.get(&code).and_then(|plans| plans.iter().find(|plan| plan.country == country));
    let Some(plan) = plan else { return false };
    let number = match plan.trunk {
        Some(trunk) => digits.strip_prefix(trunk),
        None => Some(digits),
    };
    number.is_some_and(|number| plan.dialled.is_match(number.as_bytes()))
}

/// Whether a number says by itself which country it belongs to.
pub(super) fn is_international(written: &str) -> bool {
    international(written, &digits(written)).is_some()
}

/// The digits, without the trunk prefix that people put in brackets: `+49 (0)40`.
fn digits(written: &str) -> String {
    let written = if written.contains("(0)") { written.replacen("(0)", "", 1) } else { written.to_owned() };
    written.chars().filter(char::is_ascii_digit).take(20).collect()
}

fn international<'d>(written: &str, digits: &'d str) -> Option<&'d str> {
    let written = written.trim_start_matches(['(', ' ']);
    if written.starts_with('+') {
        return Some(digits.strip_prefix("00").unwrap_or(digits));
    }
    digits.strip_prefix("00").filter(|rest| rest.len() >= 8)
}

/// A number that begins with its country code.
pub(super) fn abroad(digits: &str) -> Option<Phone> {
    (1..=3).find_map(|length| {
        let (code, rest) = (digits.get(..length)?.parse().ok()?, &digits[length..]);
        in_plans(PLANS.get(&code)?, rest)
    })
}

fn in_plans(plans: &[Plan], national: &str) -> Option<Phone> {
    let main = plans.first()?;
    // People write the trunk prefix behind the country code, too.
    let without_trunk = main.trunk.and_then(|trunk| national.strip_prefix(trunk));
    let number = [Some(national), without_trunk, national.strip_prefix('0')]
        .into_iter()
        .flatten()
        .find(|number| main.national.is_match(number.as_bytes()))?;
    let owner = plans.iter().find(|p| p.own.as_ref().is_some_and(|own| own.is_match(number.as_bytes())));
    Some(Phone { e164: format!("+{}{number}", main.code), country: owner.unwrap_or(main).country })
}

fn national(digits: &str, home: &str) -> Option<Phone> {
    let code = DATABASE.by_id(home)?.country_code();
    let plans = PLANS.get(&code)?;
    let plan = plans.iter().find(|p| p.country == home)?;
    let without_trunk = plan.trunk.and_then(|trunk| digits.strip_prefix(trunk));
    if let Some(number) = without_trunk.filter(|n| plan.national.is_match(n.as_bytes())) {
        return in_plans(plans, number);
    }
    if let Some(number) = digits.strip_prefix(&code.to_string()).filter(|n| n.len() >= 8)
        && plan.national.is_match(number.as_bytes())
        && !(plan.national.is_match(digits.as_bytes()))
    {
        return in_plans(plans, number);
    }
    // A short number without the trunk prefix lacks its area code.
    let is_whole = plan.trunk.is_none() || digits.len() >= 9;
    (is_whole && plan.national.is_match(digits.as_bytes())).then(|| in_plans(plans, digits))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(written: &str, home: Option<&str>) -> Option<(String, &'static str)> {
        e164(written, home).map(|p| (p.e164, p.country))
    }

    #[test]
    fn an_international_number_names_its_country() {
        for (written, e164, country) in [
            ("+44 (0)20 7946 0958", "+442079460958", "GB"),
            ("+44 020 7946 0958", "+442079460958", "GB"),
            ("0086-574-8765 4321", "+8657487654321", "CN"),
            ("+1 613 555 0123", "+16135550123", "CA"),
            ("+1 (402) 555-0134", "+14025550134", "US"),
            ("+1 809 555 0123", "+18095550123", "DO"),
            ("+7 701 234 56 78", "+77012345678", "KZ"),
            ("+7 916 123-45-67", "+79161234567", "RU"),
            ("+39 06 1234 5678", "+390612345678", "IT"),
            ("+233 24 555 0147", "+233245550147", "GH"),
        ] {
            assert_eq!(number(written, None), Some((e164.to_owned(), country)), "{written}");
        }
    }

    #[test]
    fn a_national_number_needs_its_country() {
        for (written, home, e164) in [
            ("07700 900 218", "GB", "+447700900218"),
            ("(11) 5550-1842", "BR", "+551155501842"),
            ("030 23125 417", "DE", "+493023125417"),
            ("8 (916) 123-45-67", "RU", "+79161234567"),
            ("0491 570 313", "AU", "+61491570313"),
            ("13800000000", "CN", "+8613800000000"),
            ("402-555-0134", "US", "+14025550134"),
            ("06 1234 5678", "IT", "+390612345678"),
            ("91 98765 43210", "IN", "+919876543210"),
        ] {
            assert_eq!(number(written, Some(home)).map(|n| n.0).as_deref(), Some(e164), "{written}");
            assert_eq!(number(written, None), None, "{written}");
        }
    }

    #[test]
    fn a_number_that_no_plan_knows_stays_as_it_is() {
        assert_eq!(number("+999 12 34 56 78", None), None);
        assert_eq!(number("+44 12", None), None);
        assert_eq!(number("555 0134", Some("DE")), None, "without its area code");
        assert_eq!(number("0123", Some("XX")), None);
    }
}
