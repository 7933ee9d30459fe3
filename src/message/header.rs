//! The header block: fields, encoded words, addresses and message identifiers, read as tolerantly as mail is written.

mod encoded_word;

use super::Address;
pub(super) use encoded_word::decode;
use memchr::memchr;
use std::borrow::Cow;

/// Fields beyond this are left out; real mail has fewer than 200.
const MAX_FIELDS: usize = 1000;
/// Bytes of one field's value that are read.
const MAX_VALUE: usize = 64 * 1024;
const MAX_ADDRESSES: usize = 200;
const MAX_IDS: usize = 100;
/// Fields of one name that are read.
const MAX_REPEATED: usize = 20;

/// The fields of one header block, in the order of the mail.
#[derive(Default)]
pub(super) struct Headers<'a> {
    fields: Vec<(&'a [u8], &'a [u8])>,
}

/// Where the header block ends and where the body begins.
pub(super) fn body_offset(raw: &[u8]) -> usize {
    let mut at = start_of_headers(raw);
    while at < raw.len() {
        let end = line_end(raw, at);
        if trim_end(&raw[at..end]).is_empty() {
            return end;
        }
        at = end;
    }
    raw.len()
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
        Headers { fields }
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
        self.raw(name).map(decode).filter(|value| !value.is_empty())
    }

    /// The first field of this name as text in lower case, for comparing.
    pub fn lower(&self, name: &str) -> String {
        self.raw(name).map_or_else(String::new, |raw| decode(raw).to_lowercase())
    }

    /// All fields of this name as text in lower case, the topmost first.
    pub fn all_lower(&self, name: &str) -> Vec<String> {
        let named = self.fields.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name.as_bytes()));
        named.take(MAX_REPEATED).map(|(_, value)| decode(value).to_lowercase()).collect()
    }

    /// The addresses of the first field of this name: the first From counts where there are two.
    pub fn addresses(&self, name: &str) -> Vec<Address> {
        self.raw(name).map_or_else(Vec::new, addresses)
    }

    /// Message identifiers of a field, without angle brackets, without repetition.
    pub fn ids(&self, name: &str) -> Vec<String> {
        self.raw(name).map_or_else(Vec::new, ids)
    }
}

/// Mailboxes of an address field; groups are opened, comments serve as names (RFC 5322 section 3.4).
pub(super) fn addresses(value: &[u8]) -> Vec<Address> {
    let mut found = Vec::new();
    for piece in split_mailboxes(value) {
        if found.len() == MAX_ADDRESSES {
            break;
        }
        found.extend(mailbox(piece));
    }
    found
}

/// Splits at commas, semicolons and group colons that stand outside quotes, comments and angle brackets.
fn split_mailboxes(value: &[u8]) -> Vec<&[u8]> {
    let (mut pieces, mut start) = (Vec::new(), 0);
    let (mut quoted, mut escaped, mut comment, mut angle) = (false, false, 0usize, false);
    for (at, &byte) in value.iter().enumerate() {
        if escaped {
            escaped = false;
            continue;
        }
        match byte {
            b'\\' if quoted || comment > 0 => escaped = true,
            b'"' if comment == 0 => quoted = !quoted,
            b'(' if !quoted => comment += 1,
            b')' if !quoted => comment = comment.saturating_sub(1),
            b'<' if !quoted && comment == 0 => angle = true,
            b'>' if !quoted && comment == 0 => angle = false,
            b',' | b';' if !quoted && comment == 0 && !angle => {
                pieces.push(&value[start..at]);
                start = at + 1;
            }
            b':' if !quoted && comment == 0 && !angle && !value[start..at].contains(&b'@') => start = at + 1,
            _ => {}
        }
    }
    pieces.push(&value[start..]);
    pieces
}

fn mailbox(piece: &[u8]) -> Option<Address> {
    let piece = piece.trim_ascii();
    if piece.is_empty() {
        return None;
    }
    // The last angle bracket holds the address: names may hold brackets, too.
    let (name, spec) = match piece.iter().rposition(|&b| b == b'<') {
        Some(open) => {
            let close = piece[open..].iter().position(|&b| b == b'>').map_or(piece.len(), |p| open + p);
            (Cow::Borrowed(&piece[..open]), &piece[open + 1..close])
        }
        None => match piece.iter().position(|&b| b == b'(') {
            Some(open) => (Cow::Borrowed(&piece[open..]), &piece[..open]),
            None => (Cow::Borrowed(&b""[..]), piece),
        },
    };
    let email = address_spec(&decode(spec));
    let mut name = display_name(&decode(&name));
    if email.is_none() && name.is_none() {
        name = display_name(&decode(piece));
    }
    (email.is_some() || name.is_some()).then_some(Address { name, email })
}

/// A display name without the quotes and brackets around it.
fn display_name(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(|c| matches!(c, '"' | '\'' | '(' | ')' | '<' | '>' | '“' | '”'));
    let text = text.replace("\\\"", "\"").replace("\\\\", "\\");
    let text = text.trim();
    (!text.is_empty()).then(|| text.chars().take(200).collect())
}

/// An address in lower case, if it is one: `local@domain`, without a source route.
pub(super) fn address_spec(text: &str) -> Option<String> {
    let text =
        text.trim().trim_matches(|c| matches!(c, '<' | '>' | '"' | '\'' | '(' | ')' | '[' | ']' | ',' | ';' | '.'));
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let text = if text.starts_with('@') { text.split_once(':').map_or(text, |(_, spec)| spec) } else { text };
    let (local, domain) = text.rsplit_once('@')?;
    let fits = !local.is_empty() && !domain.is_empty() && text.len() <= 320 && !domain.contains("..");
    let clean = !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"'));
    (fits && clean && !local.contains('@')).then(|| text.to_lowercase())
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
