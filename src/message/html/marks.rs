//! What mail programs call the elements that hold history and signatures.

use super::Renderer;
use super::style::attribute;

/// What an element holds, as its program says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// History from here to the end.
    History,
    Signature,
}

const HISTORY: &[&str] = &["divrplyfwdmsg", "yahoo_quoted", "protonmail_quote", "zmail_extra", "olk_src_body_section"];
const SIGNATURES: &[&str] = &[
    "signature",
    "gmail_signature",
    "ms-outlook-mobile-signature",
    "applemailsignature",
    "moz-signature",
    "protonmail_signature_block",
];

/// Reads id, class and border; Outlook prefixes the names of what it copies with `x_`.
pub(super) fn mark(attributes: &str, style: Option<&str>) -> Option<Mark> {
    if style.is_some_and(is_outlook_border) {
        return Some(Mark::History);
    }
    ["id", "class"].iter().filter_map(|name| attribute(attributes, name)).find_map(|names| {
        names.split_ascii_whitespace().find_map(|name| {
            let lower = name.to_ascii_lowercase();
            let name = lower.trim_start_matches("x_");
            let named = |known: &&str| name == *known;
            if HISTORY.iter().any(&named) {
                return Some(Mark::History);
            }
            SIGNATURES.iter().any(&named).then_some(Mark::Signature)
        })
    })
}

/// The line that Outlook draws above the header block of the mail it quotes.
fn is_outlook_border(style: &str) -> bool {
    style.contains("border-top:solid#") && style.contains("padding:3.0pt0")
}

impl Renderer {
    /// What a program marked as its signature or as history: a delimiter goes in front, as in plain text.
    pub(super) fn mark(&mut self, name: &str, mark: Option<Mark>) {
        match (mark, &mut self.signature) {
            (Some(Mark::History), _) => self.separator = Some("-----Original Message-----"),
            (_, Some((open, depth))) => *depth += usize::from(open == name),
            (Some(Mark::Signature), None) => {
                self.signature = Some((name.to_owned(), 0));
                self.separator = Some("-- ");
            }
            (None, None) => {}
        }
    }

    pub(super) fn end_mark(&mut self, name: &str) {
        match &mut self.signature {
            Some((open, depth)) if open == name && *depth > 0 => *depth -= 1,
            Some((open, _)) if open == name => {
                self.signature = None;
                // An empty signature delimits nothing.
                self.separator = self.separator.filter(|s| *s != "-- ");
            }
            _ => {}
        }
    }
}
