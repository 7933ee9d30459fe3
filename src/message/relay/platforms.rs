//! Trade platforms: whose notifications they are, and the buyer they tell of.

use super::{Field, Fields, Relayed};
use crate::message::{Address, Writer, country};
use regex::Regex;
use std::sync::LazyLock;

/// (sending domain, name of the relay)
const PLATFORMS: &[(&str, &str)] = &[
    ("alibaba.com", "alibaba"),
    ("alibaba-inc.com", "alibaba"),
    ("aliexpress.com", "aliexpress"),
    ("1688.com", "1688"),
    ("made-in-china.com", "made_in_china"),
    ("mic.com.cn", "made_in_china"),
    ("globalsources.com", "global_sources"),
    ("hktdc.com", "hktdc"),
    ("hktdc.org", "hktdc"),
    ("indiamart.com", "indiamart"),
    ("tradeindia.com", "tradeindia"),
    ("tradekey.com", "tradekey"),
    ("ec21.com", "ec21"),
    ("ecplaza.net", "ecplaza"),
    ("dhgate.com", "dhgate"),
    ("exportersindia.com", "exportersindia"),
    ("europages.com", "europages"),
    ("wlw.de", "wlw"),
    ("thomasnet.com", "thomasnet"),
    ("kompass.com", "kompass"),
    ("faire.com", "faire"),
    ("diytrade.com", "diytrade"),
    ("cantonfair.org.cn", "canton_fair"),
    ("go4worldbusiness.com", "go4worldbusiness"),
    ("tradewheel.com", "tradewheel"),
    ("weiku.com", "weiku"),
    ("ofweek.com", "ofweek"),
    ("taiwantrade.com", "taiwantrade"),
    ("tradeford.com", "tradeford"),
    ("buyerzone.com", "buyerzone"),
    ("amazon-business.com", "amazon_business"),
    ("ecrobot.com", "ecrobot"),
    ("bossgoo.com", "bossgoo"),
];

/// The platform that a domain belongs to.
pub(super) fn by_domain(domain: &str) -> Option<&'static str> {
    let is = |own: &str| domain.strip_suffix(own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    PLATFORMS.iter().find(|(own, _)| is(own)).map(|(_, name)| *name)
}

/// The buyer that a notification tells of: by its labelled fields, else by the words of subject and text.
pub(super) fn buyer(
    platform: &'static str,
    fields: &Fields,
    reply_to: Option<&Address>,
    subject: &str,
    text: &str,
) -> Option<Relayed> {
    let own_reply = |address: &&Address| {
        address.email.as_deref().is_some_and(|e| by_domain(e.rsplit('@').next().unwrap_or(e)).is_none())
    };
    let reply = reply_to.filter(own_reply);
    let mut writer: Writer = fields.writer();
    if writer.email.as_deref().is_some_and(|e| by_domain(e.rsplit('@').next().unwrap_or(e)).is_some()) {
        writer.email = None;
    }
    let personal = writer.name.is_some() || writer.email.is_some() || writer.company.is_some();
    let speaks = fields.get(Field::Message).is_some();
    if !(personal || reply.is_some() || speaks && fields.count() >= 3) {
        return None;
    }
    writer.email = writer.email.or_else(|| reply.and_then(|a| a.email.clone()));
    writer.name = writer
        .name
        .or_else(|| reply.and_then(|a| a.name.clone()))
        .or_else(|| named_in(subject))
        .or_else(|| named_in(first_words(text)));
    let mut relayed = fields.relayed(platform, writer);
    if relayed.writer.country.is_none() {
        let bracketed = [subject, first_words(text)].into_iter().find_map(|t| {
            t.split_once('(').and_then(|(_, t)| t.split_once(')')).and_then(|(c, _)| country::by_name(c))
        });
        relayed.writer.country = bracketed.map(str::to_owned);
    }
    Some(relayed)
}

fn first_words(text: &str) -> &str {
    &text[..text.floor_char_boundary(300)]
}

/// "[Grant Sorensen] sent you", "inquiry from Mr. Yacine Toumi (Tunisia)", "Sami Karam is waiting".
fn named_in(text: &str) -> Option<String> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        let name = r"(?P<n>\p{Lu}[\p{L}.'-]+(?: [\p{L}.'-]+){0,3}?)";
        Regex::new(&format!(
            r"\[{name}\]|(?:from|From|de|von) (?:(?:Mr|Ms|Mrs|Miss|Dr)\.? )?{}(?: ?\(|\)|,|:|$)|{} (?:\(|is waiting|sent you|le envió|asked about)",
            name.replace("?P<n>", "?P<m>"),
            name.replace("?P<n>", "?P<o>")
        ))
        .expect("a fixed pattern compiles")
    });
    let found = NAMED.captures_iter(text).next()?;
    let name = found.name("n").or(found.name("m")).or(found.name("o"))?.as_str();
    let last = name.rsplit(": ").next().unwrap_or(name).trim();
    (last.chars().count() >= 3).then(|| last.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subdomain_belongs_to_its_platform_and_a_lookalike_does_not() {
        assert_eq!(by_domain("service.alibaba.com"), Some("alibaba"));
        assert_eq!(by_domain("notalibaba.com"), None);
        assert_eq!(by_domain("alibaba.com.example"), None);
    }

    #[test]
    fn the_buyer_is_named_in_the_subject_where_no_field_names_him() {
        assert_eq!(named_in("[Grant Sorensen] sent you an inquiry").as_deref(), Some("Grant Sorensen"));
        assert_eq!(named_in("Inquiry from Mr. Yacine Toumi (Tunisia)").as_deref(), Some("Yacine Toumi"));
        assert_eq!(named_in("New RFQs for you"), None);
    }
}
