//! A colleague's forward: who wrote the mail inside.

use crate::message::header::addresses;
use crate::message::quote::{Label, attribution, header_label, unquoted};
use crate::message::{Address, House, Writer, addresses_in};

/// The mail that was forwarded.
#[derive(Debug)]
pub(in crate::message) struct Forwarded {
    pub from: Address,
    pub reply_to: Option<Address>,
    pub subject: Option<String>,
    /// Its text, still with what it quoted itself.
    pub text: String,
}

/// Reads the innermost sender of a forwarded mail that is not one of us. Only header lines count: an address that is
/// merely named in the text never becomes the buyer.
pub(in crate::message) fn forwarded(history: &str, house: &House) -> Option<Forwarded> {
    let lines: Vec<&str> = history.lines().map(unquoted).collect();
    let mut at = 0;
    while at < lines.len() {
        let Some((from, block_end, subject)) = header_block(&lines, at) else {
            at += 1;
            continue;
        };
        let email = from.email.as_deref();
        if email.is_some_and(|e| !house.is_ours(e) || is_web_server(e, house)) {
            let (reply_to, block_end) = reply_to(&lines, block_end);
            let text = lines[block_end..].join("\n").trim().to_owned();
            return Some(Forwarded { from, reply_to, subject, text });
        }
        at = block_end.max(at + 1);
    }
    attributed(&lines, house)
}

/// Outlook for Mac and phones write "On … Jo <jo@buyer.example> wrote:" above a mail that they hand on.
fn attributed(lines: &[&str], house: &House) -> Option<Forwarded> {
    (0..lines.len()).find_map(|at| {
        let end = at + attribution(&lines[at..])?;
        let written = lines[at..end].join(" ");
        let email = addresses_in(&written).next().filter(|email| !house.is_ours(email))?;
        let name = name_in_front(&written, &email);
        let text = lines[end..].join("\n").trim().to_owned();
        Some(Forwarded { from: Address { name, email: Some(email) }, reply_to: None, subject: None, text })
    })
}

/// The name that stands in quotation marks, or behind the date's last sign, in front of an address.
fn name_in_front(written: &str, email: &str) -> Option<String> {
    let before = &written[..written.to_lowercase().find(email).filter(|at| written.is_char_boundary(*at))?];
    let before = before.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '"' | '”' | '»'));
    let name = match before.strip_suffix(['"', '”', '»']) {
        Some(quoted) => quoted.rsplit(['"', '„', '“', '«']).next()?,
        None => {
            // Without quotation marks only words that begin with a capital letter are his name.
            let words: Vec<&str> =
                before.rsplit(' ').take_while(|w| w.starts_with(char::is_uppercase)).take(4).collect();
            let length = words.iter().map(|w| w.len() + 1).sum::<usize>().checked_sub(1)?;
            &before[before.len() - length..]
        }
    };
    let name = name.trim();
    (!name.is_empty() && name.len() <= 80 && !name.contains(|c: char| c.is_ascii_digit() || c == '@'))
        .then(|| name.to_owned())
}

/// Apple Mail shows where answers go below the other header lines.
fn reply_to(lines: &[&str], at: usize) -> (Option<Address>, usize) {
    let value = lines.get(at).and_then(|line| line.trim_start_matches('*').split_once(':'));
    match value.filter(|(label, _)| label.trim_end_matches('*').eq_ignore_ascii_case("reply-to")) {
        Some((_, value)) => (addresses(value.as_bytes()).into_iter().next(), at + 1),
        None => (None, at),
    }
}

/// A web server of ours, which writes for visitors of our website.
fn is_web_server(email: &str, house: &House) -> bool {
    email.split_once('@').is_some_and(|(local, _)| house.relays.is_machine(local))
}

/// The customer of whom a colleague writes in his own words, with the only outside address that the words name. An address
/// named for another reason makes nobody a buyer (the words must say that it is a customer who asks).
pub(in crate::message) fn named_in_prose(own: &str, house: &House) -> Option<Writer> {
    #[rustfmt::skip]
    const CUSTOMERS: &[&str] = &[
        "customer", "client", "buyer", "inquiry", "enquiry", "he asks", "she asks", "asks for", "asked for", "wants", "please follow", "pls follow", "please quote", "pls quote", "please reply",
        "客户", "客人", "买家", "询价", "询盘", "请跟进", "跟进", "客戶", "詢價", "kunde", "anfrage", "cliente", "consulta", "client demande", "клиент", "запрос", "顧客", "고객", "바이어",
    ];
    const LONGEST: usize = 1500;
    let lower = own.to_lowercase();
    if own.len() > LONGEST || !CUSTOMERS.iter().any(|word| lower.contains(word)) {
        return None;
    }
    let mut outside: Vec<String> = addresses_in(own).filter(|email| !house.is_ours(email)).collect();
    outside.dedup();
    match outside.as_slice() {
        [email] if !house.relays.is_relay(email) => Some(Writer { email: Some(email.clone()), ..Writer::default() }),
        _ => None,
    }
}

/// A block of header lines that begins at `at`: its sender, where its text begins, its subject.
fn header_block(lines: &[&str], at: usize) -> Option<(Address, usize, Option<String>)> {
    header_label(lines[at])?;
    let (mut from, mut subject, mut labels, mut end) = (None, None, 0, at);
    while end < lines.len() && end < at + 12 {
        match header_label(lines[end]) {
            Some((label, value)) => {
                labels += 1;
                match label {
                    Label::From if from.is_none() => from = addresses(value.as_bytes()).into_iter().next(),
                    Label::Subject => subject = Some(value.to_owned()),
                    _ => {}
                }
            }
            None if lines[end].trim().is_empty() && labels >= 3 => break,
            // A long To line goes on below.
            None if lines[end].trim().is_empty() || lines[end].starts_with([' ', '\t']) => {}
            None if labels >= 3 => break,
            None => return None,
        }
        end += 1;
    }
    (labels >= 3).then_some((from?, end, subject))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_of_whom_a_colleague_writes_is_the_buyer_and_a_forwarder_is_not() {
        let house = House { domains: vec!["seller.example".into()], ..House::default() };
        let buyer = |text: &str| named_in_prose(text, &house).and_then(|writer| writer.email);
        let told = "Leo, met a customer at the fair: Marco Silva, marco@varanda.example, wants 300 chairs. Pls follow.";
        assert_eq!(buyer(told).as_deref(), Some("marco@varanda.example"));
        assert_eq!(buyer("客户 marco@varanda.example 要300把椅子，请跟进").as_deref(), Some("marco@varanda.example"));
        for text in [
            "Please send the documents to the forwarder at ops@lines.example before Friday.",
            "Customer jo@a.example or ann@b.example, who was it?",
            "The customer called again, ask amy@seller.example.",
        ] {
            assert_eq!(buyer(text), None, "{text}");
        }
    }

    #[test]
    fn the_buyer_is_the_sender_in_the_header_lines_not_someone_named_in_the_text() {
        let house = House { domains: vec!["seller.example".into()], ..House::default() };
        let text = "From: Leo <leo@seller.example>\nSent: x\nTo: amy\nSubject: Fw\n\nplease\n\nFrom: Jo <jo@buyer.example>\n\
                    Sent: y\nTo: leo\nSubject: chairs\n\nask boss@other.example, price?";
        let found = forwarded(text, &house).expect("a buyer stands in it");
        assert_eq!(found.from.email.as_deref(), Some("jo@buyer.example"));
        assert_eq!(found.text, "ask boss@other.example, price?");
        assert!(forwarded("talk to boss@other.example", &house).is_none());
    }
}
