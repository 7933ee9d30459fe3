//! The newsletter: the author's Markdown, and the footer that the law and the reader want.

mod markdown;
mod personal;

pub use personal::WordsProblem;

use super::template::{Content, Mail, Page, Subject};
use super::{Language, Letter, Templates, countries, plain};
use crate::newsletter::Reader;
use personal::{Filling, Found, mark};
use serde::Serialize;

/// A newsletter to be rendered; the same for every reader but for the personal words in it.
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
    /// Where one click is enough (RFC 8058), if anywhere.
    pub page: Option<String>,
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
    /// The link: the page of one click, or a mail.
    mailto: String,
    /// The page of one click, or nothing.
    unsubscribe_page: String,
    unsubscribe_link: [&'static str; 2],
    unsubscribe_by_hand: String,
}

/// A newsletter rendered once, to be filled for one reader after the other.
#[derive(Debug)]
pub struct CompiledNewsletter {
    filling: Filling,
    language: Language,
}

/// What the unsubscribing mail's subject is called in templates, as text and in a URI.
const UNSUBSCRIBE: [&str; 3] = ["unsubscribe", "unsubscribe_uri", "unsubscribe_page"];

impl CompiledNewsletter {
    /// Of `newsletter`'s unsubscribing only the address counts, and whether there is a page; the rest comes with each reader.
    ///
    /// # Errors
    /// The author's personal words can't be read, or name what no reader has.
    pub fn new(newsletter: &Newsletter<'_>) -> Result<CompiledNewsletter, WordsProblem> {
        let mut found = Found::default();
        let subject = found.take_out(newsletter.subject)?;
        let body = found.take_out(newsletter.body)?;
        let [as_text, as_uri, page] = UNSUBSCRIBE.map(mark);
        let Unsubscribe { address, page: given, .. } = newsletter.unsubscribe.clone();
        let unsubscribe = Unsubscribe { address, subject: as_text.clone(), page: given.map(|_| page) };
        let marked = Newsletter { subject: &subject, body: &body, unsubscribe: &unsubscribe, ..newsletter.clone() };
        let letter = marked.templates.letter(&content(&marked, &found));
        let html = letter.html.replace(&percent_encoded(&as_text, b""), &as_uri);
        if html.contains(&percent_encoded("\u{e000}", b"")) {
            let what = "personal words stand in a link's address".to_owned();
            let remedy = "write one address for all; a link of his own would follow the reader".to_owned();
            return Err(WordsProblem { what, remedy });
        }
        let language = newsletter.language;
        let filling = Filling::new(&found, [&letter.subject, &letter.text, &html])?;
        let compiled = CompiledNewsletter { filling, language };
        compiled.letter(&Reader::example(), newsletter.unsubscribe)?;
        Ok(compiled)
    }

    /// The letter to one reader, who leaves the list by his own mail or page.
    ///
    /// # Errors
    /// It would say something that isn't known of him.
    pub fn letter(&self, reader: &Reader, unsubscribe: &Unsubscribe) -> Result<Letter, WordsProblem> {
        let (subject, page) = (unsubscribe.subject.as_str(), unsubscribe.page.as_deref().unwrap_or_default());
        let uri = percent_encoded(subject, b"");
        let own = [(UNSUBSCRIBE[0], subject), (UNSUBSCRIBE[1], uri.as_str()), (UNSUBSCRIBE[2], page)];
        let [subject, text, html] = self.filling.filled(&self.told(reader), &own)?;
        let (subject, text) = (plain::line(&subject, SUBJECT), without_gaps(text));
        Ok(Letter { subject, text, html, attachments: Vec::new() })
    }

    /// The subject to one reader, without the rest.
    ///
    /// # Errors
    /// The letter would say something that isn't known of him.
    pub fn subject(&self, reader: &Reader) -> Result<String, WordsProblem> {
        let subject = self.filling.subject(&self.told(reader), &UNSUBSCRIBE.map(|mark| (mark, "")))?;
        Ok(plain::line(&subject, SUBJECT))
    }

    /// The reader with his country as a word.
    fn told(&self, reader: &Reader) -> Reader {
        let country = reader.country.as_deref().map(|code| countries::name(code, self.language).to_owned());
        Reader { country, ..reader.clone() }
    }
}

/// What was left out leaves no gap.
fn without_gaps(mut text: String) -> String {
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    text
}

/// Characters of an author's subject.
const SUBJECT: usize = 200;
/// Characters that a mail program shows beside it.
const PREVIEW: usize = 140;

/// The newsletter with its personal words as they were written, for who looks at it.
pub(super) fn sample(newsletter: &Newsletter<'_>) -> Content {
    content(newsletter, &Found::default())
}

fn content(newsletter: &Newsletter<'_>, found: &Found) -> Content {
    let language = newsletter.language;
    let title = plain::line(newsletter.subject, SUBJECT);
    let words = found.without_blank_lines(&markdown::to_text(newsletter.body));
    let after_title = words.split_once("\n\n").map_or("", |(_, after_title)| after_title);
    let page = Page {
        lang: language.words().lang,
        company: plain::line(newsletter.company, 80),
        preview: found.beginning(after_title, PREVIEW),
        title: title.clone(),
        ..Page::default()
    };
    let unsubscribe = newsletter.unsubscribe;
    let view = View {
        words,
        body: found.without_paragraphs(&markdown::to_html(newsletter.body), markdown::PARAGRAPH),
        imprint: newsletter.imprint.lines().map(str::trim).filter(|line| !line.is_empty()).collect(),
        why: language.why_newsletter(newsletter.company),
        mailto: unsubscribe.page.clone().unwrap_or_else(|| unsubscribe.mailto()),
        unsubscribe_page: unsubscribe.page.as_ref().map(|page| language.unsubscribe_page(page)).unwrap_or_default(),
        unsubscribe_link: language.unsubscribe_link(unsubscribe.page.is_some()),
        unsubscribe_by_hand: language.unsubscribe_by_hand(unsubscribe.address.as_ref(), &unsubscribe.subject),
    };
    let subject = Subject { facts: vec![title], moments: Vec::new(), limit: SUBJECT };
    Content::new(Mail::Newsletter, language, page, subject, &view)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(subject: &str, body: &str) -> Result<CompiledNewsletter, WordsProblem> {
        let unsubscribe =
            Unsubscribe { address: "news@h.example".parse().expect("an address"), subject: String::new(), page: None };
        CompiledNewsletter::new(&Newsletter {
            subject,
            body,
            language: Language::English,
            company: "Haiyue",
            imprint: "Haiyue Ltd.\n88 Example Road",
            unsubscribe: &unsubscribe,
            templates: &Templates::shipped(),
        })
    }

    fn read(subject: &str, body: &str, reader: &Reader) -> Result<Letter, WordsProblem> {
        compiled(subject, body).expect("words that can be read").letter(reader, &way_out())
    }

    fn way_out() -> Unsubscribe {
        let subject = "unsubscribe inquiryd.1@h.example".to_owned();
        Unsubscribe { address: "news@h.example".parse().expect("an address"), subject, page: None }
    }

    fn nobody() -> Reader {
        Reader::default()
    }

    #[test]
    fn each_reader_is_called_by_what_is_known_of_him() {
        let body = "Dear {{ buyer.first_name | default(\"friend\") }},\n\n{% if buyer.product %}\nyou asked for \
                    **{{ buyer.product }}**.\n{% endif %}\n\nSee you in {{ buyer.country | default('Guangzhou') }}.";
        let ann =
            read("Chairs for {{ buyer.company | default(\"you\") }}", body, &Reader::example()).expect("a letter");
        assert_eq!(ann.subject, "Chairs for Kestrel Leisure Ltd");
        assert!(ann.text.contains("Dear Ann,\n\nyou asked for folding chairs."), "{}", ann.text);
        assert!(ann.html.contains("Dear Ann,</p>") && ann.html.contains("<strong>folding chairs</strong>"));
        assert!(ann.text.contains("See you in UK."), "{}", ann.text);
        let other = read("Chairs for {{ buyer.company | default(\"you\") }}", body, &nobody()).expect("a letter");
        assert_eq!(other.subject, "Chairs for you");
        assert!(other.text.contains("Dear friend,\n\nSee you in Guangzhou."), "{}", other.text);
        assert!(!other.html.contains("<p style=\"margin:0 0 14px 0\"></p>"), "no empty paragraph");
    }

    #[test]
    fn nobody_reads_a_sentence_with_a_hole() {
        let compiled = compiled("News", "Dear {{ buyer.first_name }}, hello.").expect("words that can be read");
        assert!(compiled.letter(&Reader::example(), &way_out()).is_ok());
        let problem = compiled.letter(&nobody(), &way_out()).expect_err("a hole");
        assert_eq!(problem.what, "says something that is not known of the reader");
    }

    #[test]
    fn what_a_buyer_calls_himself_is_escaped_and_is_no_template() {
        let evil = Reader { company: Some("<b>{{ buyer.name }}</b> & Co".to_owned()), ..nobody() };
        let letter = read("News", "To {{ buyer.company }}.", &evil).expect("a letter");
        assert!(letter.html.contains("To &lt;b&gt;{{ buyer.name }}&lt;&#x2f;b&gt; &amp; Co."), "{}", letter.html);
        assert!(letter.text.contains("To <b>{{ buyer.name }}</b> & Co."));
    }

    #[test]
    fn a_slip_of_the_author_is_told_before_anybody_reads_it() {
        let what = |body: &str| compiled("News", body).map(|_| ()).expect_err("a slip").what;
        assert_eq!(what("Dear {{ buyer.frst_name }}"), "says something that is not known of the reader");
        assert_eq!(what("Dear {{ buyer.first_name"), "\"{{ buyer.first_name\" is never closed");
        assert!(what("{% if buyer.name %}Hello").contains("syntax error"), "{}", what("{% if buyer.name %}Hello"));
        assert!(what("{{ buyer.name | shout }}").contains("unknown filter"), "{}", what("{{ buyer.name | shout }}"));
        assert_eq!(what("[see](https://h.example/{{ buyer.name }})"), "personal words stand in a link's address");
    }

    #[test]
    fn a_condition_that_goes_on_beyond_the_preview_is_not_cut_off_in_it() {
        let long = "and tell us which of our chairs you would like to see there, we bring samples. ".repeat(2);
        let body =
            format!("Dear friend,\n\nsee us.\n\n{{% if buyer.product %}}\nMeet us {long}\n{{% endif %}}\n\nBye.");
        let letter = read("News", &body, &Reader::example()).expect("a letter");
        assert!(letter.html.contains("see us.") && letter.text.contains("we bring samples."), "{}", letter.text);
        assert!(!read("News", &body, &nobody()).expect("a letter").text.contains("we bring samples."));
    }

    #[test]
    fn the_unsubscribing_mail_is_his_own() {
        let letter = read("News", "Hello.", &nobody()).expect("a letter");
        let subject = "unsubscribe inquiryd.1@h.example";
        assert!(letter.text.contains(subject) && letter.html.contains(subject));
        assert!(letter.html.contains("?subject=unsubscribe%20inquiryd.1%40h.example"), "{}", letter.html);
    }
}
