//! The newsletter: the author's Markdown, and the footer that the law and the reader want.

mod markdown;

use super::template::{Content, Mail, Page, Subject};
use super::{Language, Letter, Templates, plain};
use serde::Serialize;

/// A newsletter to be rendered; the same for every reader.
#[derive(Clone, Debug)]
pub struct Newsletter<'a> {
    pub subject: &'a str,
    /// Markdown (CommonMark with tables). HTML in it is shown as text, pictures by their description.
    pub body: &'a str,
    /// Of the footer.
    pub language: Language,
    /// To whom the reader once wrote.
    pub company: &'a str,
    /// Legal name, postal address, phone; one or more lines.
    pub imprint: &'a str,
    pub unsubscribe: &'a Unsubscribe,
    pub templates: &'a Templates,
}

/// The mail by which a reader leaves the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsubscribe {
    pub address: lettre::Address,
    /// By which that mail is recognised.
    pub subject: String,
}

impl Unsubscribe {
    /// As a URI (RFC 6068).
    pub fn mailto(&self) -> String {
        let address = percent_encoded(self.address.as_ref(), b"@");
        format!("mailto:{address}?subject={}", percent_encoded(&self.subject, b""))
    }
}

fn percent_encoded(text: &str, also_plain: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also_plain.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[derive(Serialize)]
struct View<'a> {
    /// The author's words as text.
    words: String,
    /// And as HTML, which is not escaped again.
    body: String,
    imprint: Vec<&'a str>,
    why: String,
    mailto: String,
    unsubscribe_link: [&'static str; 2],
    unsubscribe_by_hand: String,
}

/// The newsletter as a letter.
pub fn newsletter(newsletter: &Newsletter) -> Letter {
    newsletter.templates.letter(&content(newsletter))
}

/// Characters of an author's subject.
const SUBJECT: usize = 200;

pub(super) fn content(newsletter: &Newsletter) -> Content {
    let language = newsletter.language;
    let title = plain::line(newsletter.subject, SUBJECT);
    let words = markdown::to_text(newsletter.body);
    let after_title = words.split_once("\n\n").map_or("", |(_, after_title)| after_title);
    let page = Page {
        lang: language.words().lang,
        company: plain::line(newsletter.company, 80),
        preview: plain::line(after_title, 140),
        title: title.clone(),
        ..Page::default()
    };
    let unsubscribe = newsletter.unsubscribe;
    let view = View {
        words,
        body: markdown::to_html(newsletter.body),
        imprint: newsletter.imprint.lines().map(str::trim).filter(|line| !line.is_empty()).collect(),
        why: language.why_newsletter(newsletter.company),
        mailto: unsubscribe.mailto(),
        unsubscribe_link: language.unsubscribe_link(),
        unsubscribe_by_hand: language.unsubscribe_by_hand(unsubscribe.address.as_ref(), &unsubscribe.subject),
    };
    let subject = Subject { facts: vec![title], moments: Vec::new(), limit: SUBJECT };
    Content::new(Mail::Newsletter, language, page, subject, &view)
}
