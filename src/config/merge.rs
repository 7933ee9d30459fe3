//! The second stage: the trees of the files and the environment are laid over each other by the crate `config`.
//!
//! Each tree is a [`Source`] whose values carry their place as `config`'s origin, and the place is read back from it
//! when all are merged. Two things `config` leaves to us: a merged section has no origin, so where it begins is kept
//! beside it; and a list replaces a list, so lists of sections (`[[account]]`) are joined before they are handed over.
//! `config` knows no dates: they become texts, which the readers take as well.

use crate::written::problems::{Place, Problem};
use crate::written::tree::{Node, Table, Value};
use ::config::{Config, ConfigError, Map, Source, Value as Placed, ValueKind};
use std::collections::BTreeMap;

/// `config` takes the keys at the top for paths (`a.b[0]`) and those below as they are; so all keys go below this one.
const ROOT: &str = "configuration";

/// One tree on its way into `config`.
#[derive(Clone, Debug)]
struct Layer(Map<String, Placed>);

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Placed>, ConfigError> {
        Ok(Map::from([(ROOT.to_owned(), Placed::new(None, ValueKind::Table(self.0.clone())))]))
    }
}

/// Files and variables merged so far.
pub(super) struct Merging {
    tree: Map<String, Placed>,
    /// By path; a section begins where it was first written.
    sections: BTreeMap<Vec<String>, Place>,
}

impl Merging {
    pub fn new(lowest: &Table) -> Self {
        let mut merging = Merging { tree: Map::new(), sections: BTreeMap::new() };
        merging.lay(lowest);
        merging
    }

    /// Lays `upper` over everything so far: sections are merged key by key, lists of sections are joined, anything else
    /// is replaced.
    pub fn lay(&mut self, upper: &Table) {
        let mut upper = self.placed_table(upper, &mut Vec::new());
        for (key, value) in &mut upper {
            if let (Some(lower), Some(more)) = (self.tree.get(key).and_then(sections), sections(value)) {
                let origin = self.tree[key].origin().map(str::to_owned);
                *value = Placed::new(origin.as_ref(), [lower, more].concat());
            }
        }
        let sources = Config::builder().add_source(Layer(std::mem::take(&mut self.tree))).add_source(Layer(upper));
        let merged = sources.build().expect("a layer is always collected").cache;
        if let ValueKind::Table(mut top) = merged.kind
            && let Some(Placed { kind: ValueKind::Table(tree), .. }) = top.remove(ROOT)
        {
            self.tree = tree;
        }
    }

    /// Lays the variables named `INQUIRYD__SECTION__KEY` over everything so far, as texts.
    pub fn lay_environment(&mut self, variables: &BTreeMap<String, String>) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (name, value) in variables {
            let Some(path) = name.strip_prefix("INQUIRYD__") else { continue };
            let path = path.to_lowercase();
            let place = Place { file: format!("environment {name}").into(), line: None };
            let keys: Vec<&str> = path.split("__").collect();
            match self.obstacle(&keys) {
                Some(what) => {
                    let remedy = "write it into a file in inquiryd.d/ instead".to_owned();
                    problems.push(Problem { place, key: keys.join("."), what, remedy });
                }
                None => self.lay(&nested(&keys, Node { place, value: Value::Text(value.clone()) })),
            }
        }
        problems
    }

    /// What stands where a variable needs a section.
    fn obstacle(&self, keys: &[&str]) -> Option<String> {
        let mut table = &self.tree;
        for key in &keys[..keys.len() - 1] {
            let value = table.get(*key)?;
            let ValueKind::Table(inner) = &value.kind else {
                let kind = read_back(value, &mut Vec::new(), &self.sections).value.kind();
                return Some(format!("{key} is {kind}, of which a variable can't set a part"));
            };
            table = inner;
        }
        None
    }

    /// Everything merged, each value with the place it was written at.
    pub fn tree(&self) -> Table {
        read_back_table(&self.tree, &mut Vec::new(), &self.sections)
    }

    fn placed_table(&mut self, table: &Table, path: &mut Vec<String>) -> Map<String, Placed> {
        let mut placed = Map::new();
        for (key, node) in table {
            path.push(key.clone());
            if let Value::Table(inner) = &node.value {
                self.sections.entry(path.clone()).or_insert_with(|| node.place.clone());
                placed.insert(key.clone(), with_origin(node, self.placed_table(inner, path)));
            } else {
                placed.insert(key.clone(), placed_value(node));
            }
            path.pop();
        }
        placed
    }
}

/// A table that holds nothing but the value at this path.
fn nested(keys: &[&str], node: Node) -> Table {
    match keys {
        [] => Table::new(),
        [key] => Table::from([((*key).to_owned(), node)]),
        [section, rest @ ..] => {
            let place = node.place.clone();
            Table::from([((*section).to_owned(), Node { place, value: Value::Table(nested(rest, node)) })])
        }
    }
}

/// The items of a list of sections, such as `[[account]]`.
fn sections(value: &Placed) -> Option<&[Placed]> {
    match &value.kind {
        ValueKind::Array(items) => {
            let all = items.iter().all(|item| matches!(item.kind, ValueKind::Table(_)));
            (all && !items.is_empty()).then_some(items)
        }
        _ => None,
    }
}

fn with_origin(node: &Node, kind: impl Into<ValueKind>) -> Placed {
    Placed::new(Some(&node.place.to_string()), kind)
}

fn placed_value(node: &Node) -> Placed {
    match &node.value {
        Value::Text(text) => with_origin(node, text.as_str()),
        Value::Integer(number) => with_origin(node, *number),
        Value::Float(number) => with_origin(node, *number),
        Value::Boolean(truth) => with_origin(node, *truth),
        Value::Datetime(datetime) => with_origin(node, datetime.to_string()),
        Value::List(items) => with_origin(node, items.iter().map(placed_value).collect::<Vec<_>>()),
        Value::Table(table) => {
            let entries = table.iter().map(|(key, inner)| (key.clone(), placed_value(inner)));
            with_origin(node, entries.collect::<Map<_, _>>())
        }
    }
}

fn read_back_table(
    table: &Map<String, Placed>,
    path: &mut Vec<String>,
    sections: &BTreeMap<Vec<String>, Place>,
) -> Table {
    let mut read = Table::new();
    for (key, value) in table {
        path.push(key.clone());
        read.insert(key.clone(), read_back(value, path, sections));
        path.pop();
    }
    read
}

fn read_back(value: &Placed, path: &mut Vec<String>, sections: &BTreeMap<Vec<String>, Place>) -> Node {
    let place = value.origin().map(place_of).or_else(|| sections.get(path).cloned());
    let value = match &value.kind {
        ValueKind::Nil => Value::Text(String::new()),
        ValueKind::String(text) => Value::Text(text.clone()),
        ValueKind::Boolean(truth) => Value::Boolean(*truth),
        ValueKind::I64(number) => Value::Integer(*number),
        ValueKind::Float(number) => Value::Float(*number),
        // We hand none of these over.
        ValueKind::I128(number) => Value::Text(number.to_string()),
        ValueKind::U64(number) => Value::Text(number.to_string()),
        ValueKind::U128(number) => Value::Text(number.to_string()),
        ValueKind::Array(items) => Value::List(items.iter().map(|item| read_back(item, path, sections)).collect()),
        ValueKind::Table(table) => Value::Table(read_back_table(table, path, sections)),
    };
    Node { place: place.unwrap_or_else(|| Place::file("configuration")), value }
}

/// The place that [`Place`] shows as this text.
fn place_of(origin: &str) -> Place {
    let with_line = origin.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
    match with_line {
        Some((file, line)) => Place { file: file.into(), line: Some(line) },
        None => Place::file(origin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::tree::parse;

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

    fn merged(lower: &str, upper: &str) -> Table {
        let mut merging = Merging::new(&table(lower, "x.toml"));
        merging.lay(&table(upper, "x.d/10-y.toml"));
        merging.tree()
    }

    #[test]
    fn a_value_remembers_its_file_and_line_through_merging() {
        let tree = merged("[team]\nmembers = []\n[store]\nurl = \"a\"", "\n[store]\n\nurl = \"b\"");
        assert_eq!(inner(&tree, "store")["url"].place.to_string(), "x.d/10-y.toml:4");
        assert_eq!(inner(&tree, "team")["members"].place.to_string(), "x.toml:2");
        assert_eq!(tree["store"].place.to_string(), "x.toml:3", "a section begins where it was first written");
        assert_eq!(tree["team"].place.to_string(), "x.toml:1");
    }

    #[test]
    fn a_drop_in_adds_accounts_and_replaces_lists() {
        let tree = merged(
            "[[account]]\nname=\"a\"\n[schedule]\npoll=[\"08:30\"]",
            "[[account]]\nname=\"b\"\n[schedule]\npoll=[\"09:00\", \"10:00\"]",
        );
        let Value::List(accounts) = &tree["account"].value else { panic!("a list") };
        let places: Vec<String> = accounts.iter().map(|node| node.place.to_string()).collect();
        assert_eq!(places, ["x.toml:1", "x.d/10-y.toml:1"]);
        let Value::List(times) = &inner(&tree, "schedule")["poll"].value else { panic!("a list") };
        assert_eq!(times.len(), 2);
    }

    #[test]
    fn a_key_is_no_path_and_keeps_its_capitals() {
        let tree = merged("[[account]]\nname=\"a\"\n[Team]\nMembers = 1", "\"account.name\" = 2\n\"account[0]\" = 3");
        let keys: Vec<&str> = tree.keys().map(String::as_str).collect();
        assert_eq!(keys, ["Team", "account", "account.name", "account[0]"]);
        assert_eq!(inner(&tree, "Team")["Members"].value, Value::Integer(1));
    }

    #[test]
    fn a_password_of_digits_in_the_environment_stays_a_text() {
        let mut merging = Merging::new(&Table::new());
        let variables = BTreeMap::from([
            ("INQUIRYD__OUTBOX__USER".to_owned(), "012345".to_owned()),
            ("INQUIRYD_CONFIG".to_owned(), "/etc/x".to_owned()),
        ]);
        assert_eq!(merging.lay_environment(&variables), []);
        let tree = merging.tree();
        let user = &inner(&tree, "outbox")["user"];
        assert_eq!((&user.value, user.place.line), (&Value::Text("012345".into()), None));
        assert_eq!(tree["outbox"].place.to_string(), "environment INQUIRYD__OUTBOX__USER");
        assert_eq!(tree.len(), 1);
    }

    #[test]
    fn the_environment_can_not_set_a_part_of_a_list() {
        let mut merging = Merging::new(&table("[[account]]\nname=\"a\"", "x.toml"));
        let variables = BTreeMap::from([("INQUIRYD__ACCOUNT__NAME".to_owned(), "b".to_owned())]);
        let problems = merging.lay_environment(&variables);
        assert_eq!(
            problems[0].to_string(),
            "environment INQUIRYD__ACCOUNT__NAME: account.name: account is a list, of which a variable can't set a \
             part (write it into a file in inquiryd.d/ instead)"
        );
    }
}
