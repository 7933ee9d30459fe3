//! A colleague's forward: who wrote the mail inside.

use crate::message::header::addresses;
use crate::message::quote::{Label, header_label, unquoted};
use crate::message::{Address, House};

/// The mail that was forwarded.
#[derive(Debug)]
pub(in crate::message) struct Forwarded {
    pub from: Address,
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
        if email.is_some_and(|e| !house.is_ours(e)) {
            let text = lines[block_end..].join("\n").trim().to_owned();
            return Some(Forwarded { from, subject, text });
        }
        at = block_end.max(at + 1);
    }
    None
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
