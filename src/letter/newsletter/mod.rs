//! The newsletter: the author's Markdown, and the footer that the law and the reader want.

mod markdown;

use super::words::Words;
use super::{Language, Letter, plain, template};
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
    w: &'static Words,
    title: &'a str,
    body: String,
    imprint: Vec<&'a str>,
    why: String,
    mailto: String,
    unsubscribe_link: [&'static str; 2],
    unsubscribe_by_hand: String,
}

/// The newsletter as a letter.
pub fn newsletter(content: &Newsletter) -> Letter {
    let language = content.language;
    let subject = plain::line(content.subject, 200);
    let view = |body| View {
        w: language.words(),
        title: &subject,
        body,
        imprint: content.imprint.lines().map(str::trim).filter(|line| !line.is_empty()).collect(),
        why: language.why_newsletter(content.company),
        mailto: content.unsubscribe.mailto(),
        unsubscribe_link: language.unsubscribe_link(),
        unsubscribe_by_hand: language
            .unsubscribe_by_hand(content.unsubscribe.address.as_ref(), &content.unsubscribe.subject),
    };
    let html = template::render("newsletter.html", &view(markdown::to_html(content.body)));
    let text = template::render("newsletter.txt", &view(markdown::to_text(content.body)));
    Letter { subject, text, html, attachments: Vec::new() }
}
