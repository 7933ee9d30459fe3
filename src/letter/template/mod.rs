//! The templates of our mails: a folder a mail, with its subject, its text and its HTML as MJML.
//!
//! All are filled by minijinja. MJML is turned into HTML once, when templates are loaded, and carries its placeholders
//! along; what is filled in is escaped in HTML. A company may lay its own files over the shipped ones ([`Templates::with`]).

mod check;
mod mjml;
mod sources;
mod subject;

pub use check::TemplateProblem;
pub(super) use sources::Mail;
pub(super) use subject::Subject;

use super::{Actions, Language, Letter, Look, plain, when};
use crate::clock::UnixTime;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Error, UndefinedBehavior, Value, context};
use serde::Serialize;
use sources::Sources;
use std::sync::{Arc, LazyLock};

/// Templates, ready to be filled; cheap to clone.
#[derive(Clone, Debug)]
pub struct Templates(Arc<Environment<'static>>);

static SHIPPED: LazyLock<Templates> = LazyLock::new(|| {
    let sources = Sources::shipped();
    let environment = environment(&sources).unwrap_or_else(|problems| panic!("{problems:?}"));
    Templates(Arc::new(environment))
});

/// What every mail says of itself; templates know it as `page`.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Page {
    /// BCP 47.
    pub lang: &'static str,
    pub company: String,
    /// When the mail was made, as people say it.
    pub at: String,
    /// The headline: the fact.
    pub title: String,
    /// Whether the headline is bad news.
    pub urgent: bool,
    /// What a list of mails shows beside the subject.
    pub preview: String,
    /// Lets a plain answer to the whole mail count; None: nobody answers.
    pub answer_token: Option<String>,
}

/// All that a mail's templates are filled with.
pub(super) struct Content {
    pub mail: Mail,
    pub language: Language,
    pub page: Page,
    pub subject: Subject,
    /// The mail's own values, by name.
    pub body: Value,
}

impl Page {
    /// Of a mail to one of us.
    pub(super) fn new(title: String, preview: String, at: UnixTime, look: &Look) -> Page {
        Page {
            lang: look.language.words().lang,
            company: plain::line(&look.company, 80),
            at: when::day_and_time(at, look),
            title,
            urgent: false,
            preview: plain::line(&preview, PREVIEW),
            answer_token: look.actions.as_ref().map(Actions::whole_mail),
        }
    }
}

/// Characters that a list of mails shows at most.
const PREVIEW: usize = 140;

impl Content {
    /// `body` is the view of the mail: a struct whose fields its templates use by name.
    pub(super) fn new(mail: Mail, language: Language, page: Page, subject: Subject, body: &impl Serialize) -> Content {
        Content { mail, language, page, subject, body: Value::from(Serde(body)) }
    }

    /// What the text and the HTML are filled with.
    fn values(&self) -> Value {
        let words = Value::from(Serde(self.language.words()));
        context! { w => words, page => Value::from(Serde(&self.page)), ..self.body.clone() }
    }
}

/// Gmail hides what comes after 102 kB of HTML.
const HTML_BYTES: usize = 96_000;

impl Templates {
    /// Those that come with the program.
    pub fn shipped() -> Templates {
        SHIPPED.clone()
    }

    /// The shipped templates with others laid over them: names as `digest/mail.mjml`, and what is to stand there.
    ///
    /// # Errors
    /// Everything that is wrong with them: names nobody knows, MJML and statements that can't be read, and values that
    /// a mail doesn't have.
    pub fn with(overrides: &[(String, String)]) -> Result<Templates, Vec<TemplateProblem>> {
        if overrides.is_empty() {
            return Ok(Templates::shipped());
        }
        check::checked(overrides).map(|environment| Templates(Arc::new(environment)))
    }

    /// The content as a letter, without attachments.
    pub(super) fn letter(&self, content: &Content) -> Letter {
        self.letter_within(usize::MAX, content).expect("no mail is that long")
    }

    /// The fullest letter whose HTML Gmail shows whole, or else the last one, and its size.
    pub(super) fn fitting<S: Copy>(&self, sizes: &[S], content: impl Fn(S) -> Content) -> (Letter, S) {
        let (last, fuller) = sizes.split_last().expect("a letter has a size");
        let fits = |size: &S| self.letter_within(HTML_BYTES, &content(*size)).map(|letter| (letter, *size));
        fuller.iter().find_map(fits).unwrap_or_else(|| (self.letter(&content(*last)), *last))
    }

    /// None if its HTML has more than `most` bytes.
    fn letter_within(&self, most: usize, content: &Content) -> Option<Letter> {
        self.filled(most, content).unwrap_or_else(|_| {
            // A company's own template was filled with samples when it was loaded; what it can't be filled with now is
            // told in the shipped words, because a mail that doesn't come is worse than one that looks different.
            Templates::shipped().filled(most, content).expect("templates are part of the program and tested with it")
        })
    }

    fn filled(&self, most: usize, content: &Content) -> Result<Option<Letter>, Error> {
        let folder = content.mail.folder();
        let values = content.values();
        let fill = |file: &str| -> Result<String, Error> {
            let mut text = self.0.get_template(&format!("{folder}/{file}"))?.render(values.clone())?;
            if !text.ends_with('\n') {
                text.push('\n');
            }
            Ok(text)
        };
        let html = fill(HTML)?;
        if html.len() > most {
            return Ok(None);
        }
        let line = self.0.get_template(&format!("{folder}/subject.txt"))?;
        let subject = content.subject.fitted(|facts, moment| {
            let words = context! { facts => facts.to_vec(), moment => moment, ..values.clone() };
            line.render(words).map(|subject| plain::line(&subject, usize::MAX))
        })?;
        Ok(Some(Letter { subject, text: fill("text.txt")?, html, attachments: Vec::new() }))
    }
}

/// What a `mail.mjml` is called once it is HTML.
const HTML: &str = "mail.html";

/// Everything compiled: texts, shared macros, and MJML both as it is written, for messages, and as HTML, for mails.
fn environment(sources: &Sources) -> Result<Environment<'static>, Vec<TemplateProblem>> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the usual delimiters"));
    let mut problems = Vec::new();
    for (name, source) in sources.iter() {
        if let Err(error) = environment.add_template_owned(name.to_owned(), source.to_owned()) {
            problems.push(TemplateProblem::of(&error, name));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    for mail in Mail::ALL {
        let name = format!("{}/mail.mjml", mail.folder());
        match mjml::to_html(&name, sources) {
            Ok(html) => {
                let name = format!("{}/{HTML}", mail.folder());
                environment.add_template_owned(name, html).map_err(|error| vec![TemplateProblem::of(&error, "")])?;
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(environment) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::sources::Sources;
    use regex::Regex;

    /// Words belong into `words`, where both languages stand side by side.
    #[test]
    fn templates_hold_no_words_of_any_language() {
        let not_words =
            Regex::new(r"(?s)\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<mj-style>.*?</mj-style>|<[^>]*>|&[a-z]+;|\[[A-D]\]");
        let not_words = not_words.expect("a pattern");
        let words = |source: &str| -> Vec<String> {
            let rest = not_words.replace_all(source, " ");
            rest.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).map(str::to_owned).collect()
        };
        assert_eq!(words("<mj-text>{{ page.title }} 您好 <b title='x'>hello</b></mj-text>"), ["您好", "hello"]);
        for (name, source) in Sources::shipped().iter() {
            assert_eq!(words(source), [""; 0], "{name}");
        }
    }
}
