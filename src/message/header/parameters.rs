//! Parameters of Content-Type and Content-Disposition (RFC 2045 section 5.1, RFC 2231), as mail programs write them.

use super::decode;
use crate::message::charset;

const MAX_PARAMETERS: usize = 100;
const MAX_VALUE: usize = 4096;

/// The parameters of a field, e.g. of `text/plain; charset=utf-8`.
#[derive(Default)]
pub(in crate::message) struct Structured {
    parameters: Vec<Parameter>,
}

struct Parameter {
    name: String,
    /// The number of a section (RFC 2231 section 3); None where the value is whole.
    section: Option<u32>,
    /// Percent-encoded, the first section with its charset in front (RFC 2231 section 4).
    extended: bool,
    value: Vec<u8>,
}

impl Structured {
    pub fn parse(field: &[u8]) -> Self {
        let parameters = pieces(field).into_iter().skip(1);
        Structured { parameters: parameters.take(MAX_PARAMETERS).filter_map(parameter).collect() }
    }

    /// A parameter as text; its sections are joined before they are decoded, so that no character is cut in two.
    pub fn get(&self, name: &str) -> Option<String> {
        let named = || self.parameters.iter().filter(|p| p.name == name);
        let mut sections: Vec<&Parameter> = named().filter(|p| p.section.is_some()).collect();
        if let Some(whole) = named().find(|p| p.extended && p.section.is_none()) {
            return Some(joined(&[whole]));
        }
        if sections.is_empty() {
            return named().next().map(|p| decode(&p.value));
        }
        sections.sort_by_key(|p| p.section);
        Some(joined(&sections))
    }
}

/// Splits at semicolons outside quotes.
fn pieces(field: &[u8]) -> Vec<&[u8]> {
    let (mut found, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, &byte) in field.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' if !quoted => {
                found.push(&field[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&field[start..]);
    found
}

fn parameter(piece: &[u8]) -> Option<Parameter> {
    let equals = piece.iter().position(|&b| b == b'=')?;
    let name = String::from_utf8_lossy(piece[..equals].trim_ascii()).to_ascii_lowercase();
    let value = unquoted(piece[equals + 1..].trim_ascii());
    let (name, extended) = match name.strip_suffix('*') {
        Some(name) => (name.to_owned(), true),
        None => (name, false),
    };
    let (name, section) = match name.split_once('*') {
        Some((base, number)) => (base.to_owned(), Some(number.parse().ok()?)),
        None => (name, None),
    };
    Some(Parameter { name, section, extended, value })
}

/// Without the quotes around it. A backslash only escapes quotes and itself: Windows writes whole paths.
fn unquoted(value: &[u8]) -> Vec<u8> {
    let Some(inner) = value.strip_prefix(b"\"") else { return value[..value.len().min(MAX_VALUE)].to_vec() };
    let mut out = Vec::with_capacity(inner.len().min(MAX_VALUE));
    let mut bytes = inner.iter().copied().peekable();
    while let Some(byte) = bytes.next().filter(|&b| b != b'"' && out.len() < MAX_VALUE) {
        let escaped = (byte == b'\\').then(|| bytes.next_if(|&b| b == b'"' || b == b'\\')).flatten();
        out.push(escaped.unwrap_or(byte));
    }
    out
}

fn joined(sections: &[&Parameter]) -> String {
    let mut label = None;
    let mut bytes = Vec::new();
    for (number, section) in sections.iter().enumerate() {
        let mut value = section.value.as_slice();
        if number == 0 && section.extended {
            let mut parts = value.splitn(3, |&b| b == b'\'');
            if let (Some(charset), Some(_), Some(rest)) = (parts.next(), parts.next(), parts.next()) {
                label = Some(String::from_utf8_lossy(charset).into_owned());
                value = rest;
            }
        }
        if section.extended { push_percent_decoded(value, &mut bytes) } else { bytes.extend_from_slice(value) }
    }
    match label.filter(|l| !l.is_empty()) {
        Some(label) => charset::decode(Some(&label), &bytes).text.into_owned(),
        None => decode(&bytes),
    }
}

fn push_percent_decoded(value: &[u8], out: &mut Vec<u8>) {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|d| d as u8);
    let mut rest = value;
    while let [byte, tail @ ..] = rest {
        match tail {
            [high, low, after @ ..] if *byte == b'%' && digit(high).is_some() && digit(low).is_some() => {
                out.push(digit(high).unwrap_or(0) << 4 | digit(low).unwrap_or(0));
                rest = after;
            }
            _ => {
                out.push(*byte);
                rest = tail;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(field: &[u8]) -> Option<String> {
        Structured::parse(field).get("filename")
    }

    #[test]
    fn a_chinese_name_cut_inside_a_character_is_whole_again() {
        let field = b"attachment; filename*0*=gbk''%D1%AF%C5; filename*1*=%CC.pdf";
        assert_eq!(name(field).as_deref(), Some("询盘.pdf"));
        let swapped = b"attachment; filename*1*=%CC.pdf; filename*0*=gbk''%D1%AF%C5";
        assert_eq!(name(swapped).as_deref(), Some("询盘.pdf"));
    }

    #[test]
    fn names_are_read_however_they_are_written() {
        let word = b"attachment;\r\n filename=\r\n \"=?GBK?B?0a/FzC5wZGY=?=\"";
        assert_eq!(name(word).as_deref(), Some("询盘.pdf"));
        let split = b"attachment; filename*0=\"=?GBK?B?0a/F\"; filename*1=\"zC5wZGY=?=\"";
        assert_eq!(name(split).as_deref(), Some("询盘.pdf"));
        assert_eq!(name(b"attachment; filename=my order; x=y").as_deref(), Some("my order"));
        assert_eq!(name(br#"attachment; filename="C:\temp\a;b.pdf""#).as_deref(), Some(r"C:\temp\a;b.pdf"));
        assert_eq!(name(b"attachment; filename=\"open.pdf").as_deref(), Some("open.pdf"));
        assert_eq!(name(b"attachment; filename=a.pdf; filename*=utf-8''%C3%A4.pdf").as_deref(), Some("ä.pdf"));
        assert_eq!(name(b"attachment"), None);
    }
}
