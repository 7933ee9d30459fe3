//! Fields of a machine-readable report (RFC 3464, RFC 5965, RFC 6533), as programs write them.

use crate::message::{addresses_in, header};
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// `name: value` in a block of header-like lines, folded lines joined.
pub(super) fn field(block: &str, name: &str) -> Option<String> {
    let mut lines = block.lines();
    while let Some(line) = lines.next() {
        let Some((key, value)) = line.split_once(':') else { continue };
        if !key.trim().eq_ignore_ascii_case(name) {
            continue;
        }
        let mut value = value.trim().to_owned();
        for folded in lines.by_ref().take_while(|l| l.starts_with([' ', '\t'])) {
            value.push(' ');
            value.push_str(folded.trim());
        }
        return Some(value);
    }
    None
}

/// The address in `type; address` (RFC 3464 section 2.1.2): also beyond ASCII, where running text ends an address earlier.
pub(super) fn address(value: &str) -> Option<String> {
    let typed = value.split_once(';').filter(|(kind, _)| !kind.contains('@'));
    let spec = typed.map_or(value, |(_, spec)| spec).trim().trim_matches(['<', '>', '"']);
    let whole = spec.contains('@') && !spec.contains([' ', '<', '(', ',']);
    let whole = whole.then(|| header::address_spec(&code_points(spec))).flatten();
    whole.or_else(|| addresses_in(value).next())
}

/// `\x{F6}` for a sign beyond ASCII (utf-8-addr-xtext, RFC 6533 section 3).
fn code_points(spec: &str) -> Cow<'_, str> {
    static POINT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\\x\{([0-9A-Fa-f]{2,6})\}").expect("a fixed pattern compiles"));
    POINT.replace_all(spec, |point: &regex::Captures<'_>| {
        let sign = u32::from_str_radix(&point[1], 16).ok().and_then(char::from_u32);
        sign.filter(|sign| !sign.is_control()).map_or_else(|| point[0].to_owned(), String::from)
    })
}

/// The address with its xtext (RFC 3461 section 4) read: `+2B` is a plus sign, unless it really is part of the name.
pub(super) fn without_xtext(email: &str) -> String {
    static SIGN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\+([0-9A-Fa-f]{2})").expect("a fixed pattern compiles"));
    let sign = |hex: &str| u8::from_str_radix(hex, 16).ok().filter(u8::is_ascii_graphic).map(char::from);
    let decoded = SIGN.replace_all(email, |xtext: &regex::Captures<'_>| {
        sign(&xtext[1]).map_or_else(|| xtext[0].to_owned(), String::from)
    });
    decoded.to_lowercase()
}

/// The first enhanced status code (RFC 3463) in a text.
pub(super) fn enhanced_status(text: &str) -> Option<String> {
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[^0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:[^0-9.]|\.?$|\.[^0-9])")
            .expect("a fixed pattern compiles")
    });
    CODE.captures(text).map(|c| c[1].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_in_every_writing_of_a_report() {
        for (value, email) in [
            ("rfc822; Jo@Kestrel.example", "jo@kestrel.example"),
            ("<jo@kestrel.example> (gone)", "jo@kestrel.example"),
            ("utf-8;jörg@kestrel.example", "jörg@kestrel.example"),
            (r"utf-8; j\x{F6}rg@kestrel.example", "jörg@kestrel.example"),
        ] {
            assert_eq!(address(value).as_deref(), Some(email), "{value}");
        }
        assert_eq!(address("x400; /S=Pike/O=KESTREL/"), None);
        assert_eq!(without_xtext("jo+2bchairs@kestrel.example"), "jo+chairs@kestrel.example");
    }

    #[test]
    fn a_code_point_that_is_none_stays_as_it_is() {
        assert_eq!(code_points(r"a\x{D800}\x{0A}b"), r"a\x{D800}\x{0A}b");
    }
}
