//! The header block: fields, encoded words, addresses and message identifiers, read as tolerantly as mail is written.

mod address;
pub(super) mod date;
mod encoded_word;
mod parameters;

use super::Address;
pub(super) use address::{address_spec, addresses};
pub(super) use encoded_word::{decode, decode_with};
use encoding_rs::Encoding;
use memchr::memchr;
pub(super) use parameters::Structured;
use std::borrow::Cow;

/// Fields beyond this are left out; real mail has fewer than 200.
const MAX_FIELDS: usize = 1000;
/// Bytes of one field's value that are read.
const MAX_VALUE: usize = 64 * 1024;
/// Bytes behind a line that is no field in which another field may follow.
const LOOK_AHEAD: usize = 16 * 1024;
const MAX_IDS: usize = 100;
/// Fields of one name that are read.
const MAX_REPEATED: usize = 20;

/// The fields of one header block, in the order of the mail.
#[derive(Default)]
pub(super) struct Headers<'a> {
    fields: Vec<(&'a [u8], &'a [u8])>,
    /// What raw 8-bit bytes are probably written in: the charset of the mail's words.
    pub hint: Option<&'static Encoding>,
}

/// Fields that no running text begins its lines with.
const COMMON_FIELDS: &[&str] = &[
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "received",
    "return-path",
    "reply-to",
    "references",
    "in-reply-to",
    "sender",
];

/// A mail whose lines end with CR alone, as old Macs kept it, with LF instead; any other as it is.
pub(super) fn with_line_feeds(raw: &[u8]) -> Cow<'_, [u8]> {
    if memchr(b'\n', raw).is_some() || memchr(b'\r', raw).is_none() {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.iter().map(|&byte| if byte == b'\r' { b'\n' } else { byte }).collect())
}

/// Where the body begins: behind the first empty line, or at the first line that is no field and has none behind it.
pub(super) fn body_offset(raw: &[u8]) -> usize {
    let mut at = start_of_headers(raw);
    // Up to here the block is known to go on.
    let mut goes_on = at;
    while at < raw.len() {
        let end = line_end(raw, at);
        let line = trim_end(&raw[at..end]);
        if line.is_empty() {
            return end;
        }
        if at >= goes_on && !line.starts_with(b" ") && !line.starts_with(b"\t") && field_name(line).is_none() {
            match next_common_field(raw, end) {
                Some(next) => goes_on = next,
                None => return at,
            }
        }
        at = end;
    }
    raw.len()
}

/// The name of the field that a line begins with (RFC 5322 section 2.2).
fn field_name(line: &[u8]) -> Option<&[u8]> {
    let name = line[..memchr(b':', line)?].trim_ascii_end();
    name.iter().all(|b| (33..=126).contains(b)).then_some(name)
}

/// Where a line of the same block begins that is a field beyond doubt.
fn next_common_field(raw: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while at < raw.len().min(from + LOOK_AHEAD) {
        let end = line_end(raw, at);
        let line = trim_end(&raw[at..end]);
        if line.is_empty() {
            return None;
        }
        let common = |name: &[u8]| COMMON_FIELDS.iter().any(|c| name.eq_ignore_ascii_case(c.as_bytes()));
        if field_name(line).is_some_and(common) {
            return Some(at);
        }
        at = end;
    }
    None
}

/// Skips blank lines and an mbox `From ` line in front of the header block.
pub(super) fn start_of_headers(raw: &[u8]) -> usize {
    let mut at = raw.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    if raw[at..].starts_with(b"From ") || raw[at..].starts_with(b">From ") {
        at = line_end(raw, at);
    }
    at
}

fn line_end(raw: &[u8], at: usize) -> usize {
    memchr(b'\n', &raw[at..]).map_or(raw.len(), |p| at + p + 1)
}

fn trim_end(line: &[u8]) -> &[u8] {
    let mut line = line;
    while let [rest @ .., b'\r' | b'\n'] = line {
        line = rest;
    }
    line
}

impl<'a> Headers<'a> {
    /// Reads the block up to the first empty line; a line without a colon is skipped.
    pub fn parse(raw: &'a [u8]) -> Self {
        let block = &raw[start_of_headers(raw)..body_offset(raw)];
        let mut fields = Vec::with_capacity(24);
        let mut at = 0;
        while at < block.len() && fields.len() < MAX_FIELDS {
            let mut end = line_end(block, at);
            while end < block.len() && matches!(block[end], b' ' | b'\t') {
                end = line_end(block, end);
            }
            if let Some(colon) = memchr(b':', &block[at..end]) {
                let value = &block[at + colon + 1..end];
                fields.push((block[at..at + colon].trim_ascii(), trim_end(&value[..value.len().min(MAX_VALUE)])));
            }
            at = end;
        }
        Headers { fields, hint: None }
    }

    /// How often a field of this name stands in the block.
    pub fn count(&self, name: &str) -> usize {
        self.fields.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name.as_bytes())).count()
    }

    /// Whether fields were left out because there are too many.
    pub fn is_cut(&self) -> bool {
        self.fields.len() == MAX_FIELDS || self.fields.iter().any(|(_, value)| value.len() >= MAX_VALUE - 2)
    }

    /// A field with parameters: Content-Type, Content-Disposition.
    pub fn structured(&self, name: &str) -> Structured {
        self.raw(name).map_or_else(Structured::default, Structured::parse)
    }

    /// The first field of this name, undecoded.
    pub fn raw(&self, name: &str) -> Option<&'a [u8]> {
        self.fields.iter().find(|(n, _)| n.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| *value)
    }

    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The first field of this name as text.
    pub fn text(&self, name: &str) -> Option<String> {
        self.raw(name).map(|raw| decode_with(raw, self.hint)).filter(|value| !value.is_empty())
    }

    /// The first field of this name as text in lower case, for comparing.
    pub fn lower(&self, name: &str) -> String {
        self.raw(name).map_or_else(String::new, |raw| decode_with(raw, self.hint).to_lowercase())
    }

    /// All fields of this name as text in lower case, the topmost first.
    pub fn all_lower(&self, name: &str) -> Vec<String> {
        let named = self.fields.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name.as_bytes()));
        named.take(MAX_REPEATED).map(|(_, value)| decode_with(value, self.hint).to_lowercase()).collect()
    }

    /// The addresses of the first field of this name: the first From counts where there are two.
    pub fn addresses(&self, name: &str) -> Vec<Address> {
        self.raw(name).map_or_else(Vec::new, |raw| address::addresses_with(raw, self.hint))
    }

    /// Message identifiers of a field, without angle brackets, without repetition.
    pub fn ids(&self, name: &str) -> Vec<String> {
        self.raw(name).map_or_else(Vec::new, ids)
    }
}

fn ids(value: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(value);
    let mut found: Vec<String> = Vec::new();
    let bracketed = text.contains('<');
    let pieces: Vec<&str> = if bracketed {
        text.split('<').skip(1).map(|p| p.split('>').next().unwrap_or(p)).collect()
    } else {
        text.split_whitespace().collect()
    };
    for id in pieces {
        let id: String = id.split_whitespace().collect();
        let usable = !id.is_empty() && id.len() <= 500 && (bracketed || id.contains('@'));
        if usable && !id.chars().any(char::is_control) && !found.contains(&id) {
            found.push(id);
        }
    }
    if found.len() > MAX_IDS {
        // The oldest names the thread, the newest the parent: the middle goes.
        found.drain(1..found.len() - (MAX_IDS - 1));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(value: &str) -> Address {
        addresses(value.as_bytes()).remove(0)
    }

    #[test]
    fn a_character_split_over_two_encoded_words_is_whole_again() {
        // 询盘 in UTF-8, cut inside the second character.
        assert_eq!(decode(b"=?UTF-8?B?6K+i55s=?= =?UTF-8?B?mA==?="), "询盘");
        assert_eq!(decode(b"=?utf-8?Q?a?= b =?utf-8?Q?c_d?="), "a b c d");
    }

    #[test]
    fn raw_eight_bit_headers_are_guessed() {
        let (bytes, _, _) = encoding_rs::GB18030.encode("关于遮阳伞的询价和样品");
        assert_eq!(decode(&bytes), "关于遮阳伞的询价和样品");
        assert_eq!(decode("Grüße".as_bytes()), "Grüße");
    }

    #[test]
    fn names_with_commas_brackets_and_comments_keep_their_address() {
        let address = one("\"Pike, Joanna <Kestrel>\" <Joanna@Kestrel.example>");
        assert_eq!(address.email.as_deref(), Some("joanna@kestrel.example"));
        assert_eq!(address.name.as_deref(), Some("Pike, Joanna <Kestrel"));
        assert_eq!(one("jo@x.example (Jo)").name.as_deref(), Some("Jo"));
        assert_eq!(one("<@relay.example:jo@x.example>").email.as_deref(), Some("jo@x.example"));
    }

    #[test]
    fn a_group_without_members_gives_nobody() {
        assert_eq!(addresses(b"undisclosed-recipients:;"), vec![]);
        assert_eq!(addresses(b"team: a@x.example, b@x.example;").len(), 2);
    }

    #[test]
    fn the_first_from_counts_when_there_are_two() {
        let headers = Headers::parse(b"From: a@x.example\r\nFrom: b@x.example\r\n\r\nbody");
        assert_eq!(headers.addresses("from")[0].email.as_deref(), Some("a@x.example"));
    }

    #[test]
    fn references_without_brackets_or_with_folding_are_read() {
        assert_eq!(ids(b"<a@x>\r\n <b@x> <a@x>"), ["a@x", "b@x"]);
        assert_eq!(ids(b"a@x"), ["a@x"]);
        assert_eq!(ids(b"your message of Monday"), Vec::<String>::new());
    }
}
