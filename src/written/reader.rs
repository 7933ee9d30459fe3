//! Takes values out of a merged tree, one key at a time, and notes what is wrong instead of stopping.

use super::problems::{Place, Problem, did_you_mean};
use super::tree::{Node, Table, Value};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Why a value won't do: what it is, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub what: String,
    pub remedy: String,
}

impl Mistake {
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Mistake { what: what.into(), remedy: remedy.into() }
    }
}

/// A value with the place and key it came from, for whatever is found out about it later.
#[derive(Clone, Debug)]
pub struct Found<T> {
    pub value: T,
    pub place: Place,
    pub key: String,
}

impl<T> Found<T> {
    pub fn problem(&self, mistake: Mistake) -> Problem {
        problem(&self.place, &self.key, mistake)
    }
}

/// One section of a configuration. Call [`Reader::finish`] when every known key has been asked for.
pub struct Reader<'a> {
    /// None: the section isn't there, and every key is absent.
    table: Option<&'a Table>,
    /// It is there, but no section: that is told, and what it therefore lacks is not.
    broken: bool,
    path: String,
    place: Place,
    asked: RefCell<BTreeSet<String>>,
    problems: &'a RefCell<Vec<Problem>>,
}

impl<'a> Reader<'a> {
    /// A reader of a whole tree; `place` is where a missing key is told.
    pub fn new(table: &'a Table, place: Place, problems: &'a RefCell<Vec<Problem>>) -> Self {
        Reader { table: Some(table), broken: false, path: String::new(), place, asked: RefCell::default(), problems }
    }

    /// True if the key was written, whatever its value.
    pub fn has(&self, key: &str) -> bool {
        self.node(key).is_some()
    }

    /// Names keys that are no mistake here, though nobody asks for them.
    pub fn allow(&self, keys: &[&str]) {
        self.asked.borrow_mut().extend(keys.iter().map(|key| (*key).to_owned()));
    }

    /// True if the key was written as `[]`.
    pub fn is_empty_list(&self, key: &str) -> bool {
        self.node(key).is_some_and(|node| matches!(&node.value, Value::List(items) if items.is_empty()))
    }

    /// The section `[key]`; an absent one reads as empty.
    pub fn section(&self, key: &str) -> Reader<'a> {
        let node = self.node(key);
        let place = node.map_or_else(|| self.place.clone(), |node| node.place.clone());
        let table = node.and_then(|node| match &node.value {
            Value::Table(table) => Some(table),
            other => {
                let what = format!("this is {}, not a section", other.kind());
                self.note(&node.place, &self.path_of(key), Mistake::new(what, format!("write it as [{key}]")));
                None
            }
        });
        let broken = node.is_some() && table.is_none();
        Reader { table, broken, path: self.path_of(key), place, asked: RefCell::default(), problems: self.problems }
    }

    /// The sections `[[key]]`, counted from 1 in their paths.
    pub fn sections(&self, key: &str) -> Vec<Reader<'a>> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let remedy = format!("write it as [[{key}]]");
        let Value::List(items) = &node.value else {
            let what = format!("this is {}, not a list of sections", node.value.kind());
            self.note(&node.place, &self.path_of(key), Mistake::new(what, remedy));
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let path = format!("{}[{}]", self.path_of(key), index + 1);
            match &item.value {
                Value::Table(table) => sections.push(Reader {
                    table: Some(table),
                    broken: false,
                    path,
                    place: item.place.clone(),
                    asked: RefCell::default(),
                    problems: self.problems,
                }),
                other => {
                    self.note(&item.place, &path, Mistake::new(format!("this is {}", other.kind()), remedy.clone()))
                }
            }
        }
        sections
    }

    /// The value of a key; None if it is absent or won't do, and the latter is noted.
    pub fn optional<T>(&self, key: &str, parse: impl Fn(&Value) -> Result<T, Mistake>) -> Option<T> {
        self.found(key, parse).map(|found| found.value)
    }

    /// As [`Reader::optional`], with the place.
    pub fn found<T>(&self, key: &str, parse: impl Fn(&Value) -> Result<T, Mistake>) -> Option<Found<T>> {
        let node = self.node(key)?;
        let path = self.path_of(key);
        match parse(&node.value) {
            Ok(value) => Some(Found { value, place: node.place.clone(), key: path }),
            Err(mistake) => {
                self.note(&node.place, &path, mistake);
                None
            }
        }
    }

    /// The value of a key that must be there; `remedy` says what belongs there.
    pub fn required<T>(&self, key: &str, parse: impl Fn(&Value) -> Result<T, Mistake>, remedy: &str) -> Option<T> {
        if !self.has(key) {
            self.missing(key, remedy);
        }
        self.optional(key, parse)
    }

    /// The value of a key, or else `default`.
    pub fn or<T>(&self, key: &str, parse: impl Fn(&Value) -> Result<T, Mistake>, default: T) -> T {
        self.optional(key, parse).unwrap_or(default)
    }

    /// The items of a list that will do; each of the others is noted. One value alone is a list of one; a text from
    /// the environment is a list with commas.
    pub fn list<T>(&self, key: &str, parse: impl Fn(&Value) -> Result<T, Mistake>) -> Option<Vec<Found<T>>> {
        let node = self.node(key)?;
        let path = self.path_of(key);
        let mut items = Vec::new();
        for (index, item) in as_list(node).iter().enumerate() {
            match parse(&item.value) {
                Ok(value) => {
                    items.push(Found { value, place: item.place.clone(), key: format!("{path}[{}]", index + 1) })
                }
                Err(mistake) => self.note(&item.place, &format!("{path}[{}]", index + 1), mistake),
            }
        }
        Some(items)
    }

    /// As [`Reader::list`], without the places; absent reads as empty.
    pub fn values<T>(&self, key: &str, parse: impl Fn(&Value) -> Result<T, Mistake>) -> Vec<T> {
        self.list(key, parse).unwrap_or_default().into_iter().map(|found| found.value).collect()
    }

    /// Every key of this section with its node: for sections whose keys people choose.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Node)> {
        self.table.into_iter().flatten().map(|(key, node)| (key.as_str(), node))
    }

    /// Notes that a key must be there.
    pub fn missing(&self, key: &str, remedy: &str) {
        self.asked.borrow_mut().insert(key.to_owned());
        if !self.broken {
            self.note(&self.place, &self.path_of(key), Mistake::new("missing", remedy));
        }
    }

    /// Notes a mistake about a key that is there.
    pub fn wrong(&self, key: &str, mistake: Mistake) {
        let place = self.node(key).map_or_else(|| self.place.clone(), |node| node.place.clone());
        self.note(&place, &self.path_of(key), mistake);
    }

    /// A mistake about the section as a whole, for whoever notes it elsewhere.
    pub fn problem_here(&self, mistake: Mistake) -> Problem {
        problem(&self.place, &self.path, mistake)
    }

    /// Notes a mistake about the section as a whole.
    pub fn wrong_here(&self, mistake: Mistake) {
        self.note(&self.place, &self.path, mistake);
    }

    /// Notes a mistake about a value that was found before.
    pub fn wrong_at<T>(&self, found: &Found<T>, mistake: Mistake) {
        self.note(&found.place, &found.key, mistake);
    }

    /// Notes every key that nobody has asked for.
    pub fn finish(self) {
        let asked = self.asked.borrow();
        for (key, node) in self.entries().filter(|(key, _)| !asked.contains(*key)) {
            let remedy = match did_you_mean(key, asked.iter().map(String::as_str)) {
                Some(name) => format!("did you mean {name}?"),
                None => format!("known here: {}", asked.iter().map(String::as_str).collect::<Vec<_>>().join(", ")),
            };
            let what = if matches!(node.value, Value::Table(_)) { "unknown section" } else { "unknown key" };
            self.note(&node.place, &self.path_of(key), Mistake::new(what, remedy));
        }
    }

    fn node(&self, key: &str) -> Option<&'a Node> {
        self.asked.borrow_mut().insert(key.to_owned());
        self.table?.get(key)
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn note(&self, place: &Place, key: &str, mistake: Mistake) {
        self.problems.borrow_mut().push(problem(place, key, mistake));
    }
}

fn problem(place: &Place, key: &str, mistake: Mistake) -> Problem {
    Problem { place: place.clone(), key: key.to_owned(), what: mistake.what, remedy: mistake.remedy }
}

fn as_list(node: &Node) -> Vec<Node> {
    match &node.value {
        Value::List(items) => items.clone(),
        Value::Text(text) if node.place.line.is_none() => text
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(|item| Node { place: node.place.clone(), value: Value::Text(item.to_owned()) })
            .collect(),
        _ => vec![node.clone()],
    }
}
