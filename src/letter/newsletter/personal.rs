//! Personal words in an author's Markdown: `{{ buyer.first_name }}`, `{% if buyer.company %}…{% endif %}`.
//!
//! They are taken out before anything is rendered and put back as statements of a template of their own, so that Markdown,
//! MJML and escaping are done once a newsletter and not once a reader. In between a mark of private-use characters stands
//! for each; the template's delimiters are such characters, too, so that no brace in a stylesheet is one.

use crate::letter::plain;
use crate::newsletter::Reader;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use std::collections::BTreeMap;

const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// What an author's personal words are wrong about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {remedy}")]
pub struct WordsProblem {
    pub what: String,
    pub remedy: String,
}

/// An author's personal words, numbered as they were found.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    words: Vec<Words>,
}

#[derive(Clone, Debug)]
struct Words {
    /// `{{` or `{%`.
    is_statement: bool,
    inner: String,
}

impl Found {
    /// The text with a mark for each of its personal words; comments are left out.
    pub(super) fn take_out(&mut self, text: &str) -> Result<String, WordsProblem> {
        let text: String = text.chars().filter(|c| !('\u{e000}'..='\u{e003}').contains(c)).collect();
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((start, close)) = next(rest) {
            let (before, words) = rest.split_at(start);
            let end = words.find(close).ok_or_else(|| unclosed(words, close))?;
            out.push_str(before);
            rest = &words[end + 2..];
            if close == "#}" {
                continue;
            }
            let mark = format!("{OPEN}{}{CLOSE}", self.words.len());
            let is_statement = close == "%}";
            // On a line of its own it is no part of the sentences around it.
            let is_alone = is_statement && (out.is_empty() || out.ends_with('\n')) && rest.starts_with(['\n', '\r']);
            out.push_str(&if is_alone { format!("\n{mark}\n") } else { mark });
            self.words.push(Words { is_statement, inner: words[2..end].trim().to_owned() });
        }
        out.push_str(rest);
        Ok(out)
    }

    /// A template of what was rendered: each mark is its words again.
    fn put_back(&self, rendered: &str) -> String {
        let mut out = String::with_capacity(rendered.len());
        let mut parts = rendered.split(OPEN);
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let Some((mark, after)) = part.split_once(CLOSE) else { continue };
            match mark.parse::<usize>().ok().and_then(|index| self.words.get(index)) {
                Some(Words { is_statement: true, inner }) => out.push_str(&format!("{OPEN}%{inner}%{CLOSE}")),
                Some(Words { is_statement: false, inner }) => out.push_str(&format!("{OPEN}={inner}={CLOSE}")),
                // Ours: filled for each mail.
                None => out.push_str(&format!("{OPEN}={mark}={CLOSE}")),
            }
            out.push_str(after);
        }
        out
    }

    /// A statement that stands alone leaves no paragraph behind, neither in HTML …
    pub(super) fn without_paragraphs(&self, html: &str, paragraph: &str) -> String {
        let alone = |html: String, mark: String| html.replace(&format!("{paragraph}{mark}</p>\n"), &mark);
        self.statements().fold(html.to_owned(), alone)
    }

    /// … nor in text.
    pub(super) fn without_blank_lines(&self, text: &str) -> String {
        let alone = |text: String, mark: String| text.replace(&format!("{mark}\n\n"), &mark);
        self.statements().fold(text.to_owned(), alone)
    }

    /// The beginning of a text on one line; it ends before a statement whose end would be cut off.
    pub(super) fn beginning(&self, text: &str, limit: usize) -> String {
        let cut = plain::line(text, limit);
        let whole = self.statements().all(|mark| cut.contains(&mark) || !text.contains(&mark));
        let first = self.statements().filter_map(|mark| cut.find(&mark)).min().filter(|_| !whole);
        first.map_or(cut.clone(), |end| cut[..end].trim_end().to_owned())
    }

    fn statements(&self) -> impl Iterator<Item = String> + '_ {
        let statements = self.words.iter().enumerate().filter(|(_, words)| words.is_statement);
        statements.map(|(index, _)| format!("{OPEN}{index}{CLOSE}"))
    }
}

/// A mark that is filled for each mail with the value of this name.
pub(super) fn mark(name: &str) -> String {
    format!("{OPEN}{name}{CLOSE}")
}

/// Where the next personal words begin, and how they end.
fn next(text: &str) -> Option<(usize, &'static str)> {
    let found = |open: &str, close| text.find(open).map(|start| (start, close));
    [found("{{", "}}"), found("{%", "%}"), found("{#", "#}")].into_iter().flatten().min()
}

fn unclosed(words: &str, close: &str) -> WordsProblem {
    WordsProblem {
        what: format!("{:?} is never closed", plain::line(words, 30)),
        remedy: format!("end it with {close}"),
    }
}

/// Subject, text and HTML, ready to be filled for one reader after the other.
#[derive(Debug)]
pub(super) struct Filling(Environment<'static>);

const PARTS: [&str; 3] = ["subject.txt", "text.txt", "mail.html"];

impl Filling {
    pub(super) fn new(found: &Found, parts: [&str; 3]) -> Result<Filling, WordsProblem> {
        let mut environment = Environment::new();
        let delimiters = SyntaxConfig::builder()
            .variable_delimiters("\u{e000}=", "=\u{e001}")
            .block_delimiters("\u{e000}%", "%\u{e001}")
            .comment_delimiters("\u{e000}#", "#\u{e001}")
            .build();
        environment.set_syntax(delimiters.expect("delimiters that differ"));
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        for (name, rendered) in PARTS.into_iter().zip(parts) {
            let added = environment.add_template_owned(name, found.put_back(rendered));
            added.map_err(|error| problem(&error))?;
        }
        Ok(Filling(environment))
    }

    /// The three parts for one reader; `own` are the values of our marks.
    pub(super) fn filled(&self, reader: &Reader, own: &[(&str, &str)]) -> Result<[String; 3], WordsProblem> {
        let values = values(reader, own);
        let [subject, text, html] = PARTS.map(|name| self.fill(name, &values));
        Ok([subject?, text?, html?])
    }

    /// The subject for one reader, unless a word of the text would be missing; the HTML says the same.
    pub(super) fn subject(&self, reader: &Reader, own: &[(&str, &str)]) -> Result<String, WordsProblem> {
        let values = values(reader, own);
        let [subject, text, _] = PARTS;
        self.fill(text, &values)?;
        self.fill(subject, &values)
    }

    fn fill(&self, name: &str, values: &Value) -> Result<String, WordsProblem> {
        let template = self.0.get_template(name).map_err(|error| problem(&error))?;
        template.render(values).map_err(|error| problem(&error))
    }
}

/// What is known; whatever isn't is undefined, so that a sentence with it breaks where we see it and not where he reads it.
fn values(reader: &Reader, own: &[(&str, &str)]) -> Value {
    let Reader { first_name, name, company, country, product } = reader;
    let known =
        [("first_name", first_name), ("name", name), ("company", company), ("country", country), ("product", product)];
    let buyer: BTreeMap<&str, &str> =
        known.into_iter().filter_map(|(key, value)| Some((key, value.as_deref()?))).collect();
    let own: BTreeMap<&str, &str> = own.iter().copied().collect();
    context! { buyer => Value::from(Serde(buyer)), ..Value::from(Serde(own)) }
}

fn problem(error: &minijinja::Error) -> WordsProblem {
    use minijinja::ErrorKind;
    let what = match error.kind() {
        ErrorKind::UndefinedError => "says something that is not known of the reader".to_owned(),
        _ => error.to_string().split(" (in ").next().unwrap_or_default().to_owned(),
    };
    let remedy = "write {{ buyer.first_name | default(\"friend\") }}, or {% if buyer.company %}…{% endif %}; known are \
                  buyer.first_name, buyer.name, buyer.company, buyer.country and buyer.product";
    WordsProblem { what, remedy: remedy.to_owned() }
}
