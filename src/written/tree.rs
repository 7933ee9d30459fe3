//! The first two stages of a configuration: each file's text becomes a tree, and the trees become one.
//!
//! Every value remembers the place it was written at, through merging, so that whatever is found wrong with it later
//! can be told with file and line.

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

/// Lays `upper` over `lower`: sections are merged key by key, lists of sections (`[[account]]`) are joined, anything
/// else is replaced.
pub fn merge(lower: &mut Table, upper: Table) {
    for (key, node) in upper {
        match (lower.get_mut(&key).map(|old| &mut old.value), node.value) {
            (Some(Value::Table(old)), Value::Table(new)) => merge(old, new),
            (Some(Value::List(old)), Value::List(new)) if is_sections(old) && is_sections(&new) => old.extend(new),
            (_, value) => drop(lower.insert(key, Node { place: node.place, value })),
        }
    }
}

/// Lays the variables named `INQUIRYD__SECTION__KEY` over the tree, as texts.
pub fn merge_environment(tree: &mut Table, variables: &BTreeMap<String, String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, value) in variables {
        let Some(path) = name.strip_prefix("INQUIRYD__") else { continue };
        let path = path.to_lowercase();
        let place = Place { file: format!("environment {name}").into(), line: None };
        let node = Node { place: place.clone(), value: Value::Text(value.clone()) };
        let parts: Vec<&str> = path.split("__").collect();
        if let Err(what) = insert(tree, &parts, node) {
            let remedy = "write it into a file in inquiryd.d/ instead".to_owned();
            problems.push(Problem { place, key: parts.join("."), what, remedy });
        }
    }
    problems
}

fn insert(table: &mut Table, path: &[&str], node: Node) -> Result<(), String> {
    match path {
        [] => Ok(()),
        [key] => {
            table.insert((*key).to_owned(), node);
            Ok(())
        }
        [section, rest @ ..] => {
            let empty = || Node { place: node.place.clone(), value: Value::Table(Table::new()) };
            match &mut table.entry((*section).to_owned()).or_insert_with(empty).value {
                Value::Table(inner) => insert(inner, rest, node),
                other => Err(format!("{section} is {}, of which a variable can't set a part", other.kind())),
            }
        }
    }
}

fn is_sections(list: &[Node]) -> bool {
    !list.is_empty() && list.iter().all(|node| matches!(node.value, Value::Table(_)))
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

    fn table(text: &str, file: &str) -> Table {
        let (node, problems) = parse(text, file);
        assert_eq!(problems, []);
        match node.value {
            Value::Table(table) => table,
            other => panic!("{other:?}"),
        }
    }

    fn inner<'a>(table: &'a Table, key: &str) -> &'a Table {
        match &table[key].value {
            Value::Table(table) => table,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_value_remembers_its_file_and_line_through_merging() {
        let mut tree = table("[team]\nmembers = []\n[store]\nurl = \"a\"", "inquiryd.toml");
        merge(&mut tree, table("\n[store]\n\nurl = \"b\"", "inquiryd.d/10-store.toml"));
        assert_eq!(inner(&tree, "store")["url"].place.to_string(), "inquiryd.d/10-store.toml:4");
        assert_eq!(inner(&tree, "team")["members"].place.to_string(), "inquiryd.toml:2");
    }

    #[test]
    fn a_drop_in_adds_accounts_and_replaces_lists() {
        let mut tree = table("[[account]]\nname=\"a\"\n[schedule]\npoll=[\"08:00\"]", "x");
        merge(&mut tree, table("[[account]]\nname=\"b\"\n[schedule]\npoll=[\"09:00\"]", "y"));
        let Value::List(accounts) = &tree["account"].value else { panic!("a list") };
        let places: Vec<String> = accounts.iter().map(|node| node.place.to_string()).collect();
        assert_eq!(places, ["x:1", "y:1"]);
        let Value::List(times) = &inner(&tree, "schedule")["poll"].value else { panic!("a list") };
        assert_eq!(times.len(), 1);
    }

    #[test]
    fn every_mistake_in_the_syntax_is_told_with_its_line() {
        let (_, problems) = parse("a = \nb = 1\nc = \"x\n", "x.toml");
        let shown = crate::written::problems::Problems::new(problems).to_string();
        let starts: Vec<&str> =
            shown.lines().filter_map(|line| line.split_once(": not valid TOML: ")).map(|(at, _)| at).collect();
        assert_eq!(starts, ["x.toml:1", "x.toml:3"], "{shown}");
    }

    #[test]
    fn a_password_of_digits_in_the_environment_stays_a_text() {
        let mut tree = Table::new();
        let variables = BTreeMap::from([
            ("INQUIRYD__OUTBOX__USER".to_owned(), "012345".to_owned()),
            ("INQUIRYD_CONFIG".to_owned(), "/etc/x".to_owned()),
        ]);
        assert_eq!(merge_environment(&mut tree, &variables), []);
        assert_eq!(inner(&tree, "outbox")["user"].value, Value::Text("012345".into()));
        assert_eq!(tree.len(), 1);
    }

    #[test]
    fn the_environment_can_not_set_a_part_of_a_list() {
        let mut tree = table("[[account]]\nname=\"a\"", "x");
        let variables = BTreeMap::from([("INQUIRYD__ACCOUNT__NAME".to_owned(), "b".to_owned())]);
        let problems = merge_environment(&mut tree, &variables);
        assert_eq!(
            problems[0].to_string(),
            "environment INQUIRYD__ACCOUNT__NAME: account.name: account is a list, of which a variable can't set a \
             part (write it into a file in inquiryd.d/ instead)"
        );
    }
}
