//! The first stage of whatever is written in TOML: a file's text becomes a tree.
//!
//! Every value remembers the place it was written at, so that whatever is found wrong with it later can be told with
//! file and line.

use super::problems::{Place, Problem};
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, value::Datetime};

/// Keys in alphabetical order.
pub type Table = BTreeMap<String, Node>;

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub place: Place,
    pub value: Value,
}

/// What TOML can say. A value from the environment is always `Text`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Datetime(Datetime),
    List(Vec<Node>),
    Table(Table),
}

impl Value {
    /// What a person calls this kind of value.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "a text",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::Boolean(_) => "true or false",
            Value::Datetime(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a section",
        }
    }
}

/// Reads one file's text; a file with mistakes in its syntax still gives what could be read of it.
pub fn parse(text: &str, file: &str) -> (Node, Vec<Problem>) {
    let source = Source { lines: line_starts(text), file: file.into() };
    let (table, errors) = DeTable::parse_recoverable(text);
    let syntax = |error: toml::de::Error| Problem {
        place: source.place(error.span().map_or(0, |span| span.start)),
        key: String::new(),
        what: format!("not valid TOML: {}", one_line(error.message())),
        remedy: String::new(),
    };
    let mut problems: Vec<Problem> = errors.into_iter().map(syntax).collect();
    // One slip makes the parser stumble several times in the same line.
    problems.sort_by_key(|problem| problem.place.line);
    problems.dedup_by_key(|problem| problem.place.line);
    let value = Value::Table(source.table(table.get_ref(), &mut problems));
    (Node { place: Place::file(file), value }, problems)
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

/// One file, to turn byte offsets into places.
struct Source {
    lines: Vec<usize>,
    file: Arc<str>,
}

impl Source {
    fn place(&self, offset: usize) -> Place {
        Place { file: self.file.clone(), line: Some(self.lines.partition_point(|start| *start <= offset)) }
    }

    fn table(&self, table: &DeTable<'_>, problems: &mut Vec<Problem>) -> Table {
        let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
            let place = match value.get_ref() {
                DeValue::Array(_) => self.place(value.span().start),
                _ => self.place(key.span().start),
            };
            let name: &str = AsRef::<str>::as_ref(key.get_ref() as &std::borrow::Cow<'_, str>);
            (name.to_owned(), Node { place, value: self.value(value, problems) })
        };
        table.iter().map(entry).collect()
    }

    fn value(&self, value: &Spanned<DeValue<'_>>, problems: &mut Vec<Problem>) -> Value {
        match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(digits) => match i64::from_str_radix(digits.as_str(), digits.radix()) {
                Ok(number) => Value::Integer(number),
                Err(_) => self.too_large(digits.as_str(), value, problems),
            },
            DeValue::Float(digits) => match digits.as_str().parse() {
                Ok(number) => Value::Float(number),
                Err(_) => self.too_large(digits.as_str(), value, problems),
            },
            DeValue::Boolean(truth) => Value::Boolean(*truth),
            DeValue::Datetime(datetime) => Value::Datetime(*datetime),
            DeValue::Array(items) => Value::List(
                items
                    .iter()
                    .map(|item| Node { place: self.place(item.span().start), value: self.value(item, problems) })
                    .collect(),
            ),
            DeValue::Table(inner) => Value::Table(self.table(inner, problems)),
        }
    }

    fn too_large(&self, digits: &str, value: &Spanned<DeValue<'_>>, problems: &mut Vec<Problem>) -> Value {
        problems.push(Problem {
            place: self.place(value.span().start),
            key: String::new(),
            what: format!("{digits} is no number that can be counted with"),
            remedy: String::new(),
        });
        Value::Integer(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_in_the_syntax_is_told_with_its_line() {
        let (_, problems) = parse("a = \nb = 1\nc = \"x\n", "x.toml");
        let shown = crate::written::problems::Problems::new(problems).to_string();
        let starts: Vec<&str> =
            shown.lines().filter_map(|line| line.split_once(": not valid TOML: ")).map(|(at, _)| at).collect();
        assert_eq!(starts, ["x.toml:1", "x.toml:3"], "{shown}");
    }
}
