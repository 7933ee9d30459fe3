//! What an import would do: who is new, who is known, who may be.

use super::card::{Card, Taken};
use super::{ImportedBuyer, card::NO_SOURCE};
use crate::buyer::marks::{Mark, MarkKind, marks, name_marks};
use std::collections::HashMap;

/// What the store knows of the people in a file.
#[derive(Clone, Debug, Default)]
pub struct KnownBase {
    pub cards: HashMap<i64, Card>,
    /// Buyers by addresses and portal identities.
    pub addresses: HashMap<String, i64>,
    /// Buyers by two marks that they have together, see [`Identities::pairs`].
    pub pairs: HashMap<(Mark, Mark), i64>,
    /// One buyer of each telephone number or domain.
    pub marks: HashMap<Mark, i64>,
}

/// Kinds of marks that are certain together: telephone and name, company and name; and telephone and company, where
/// nobody's name is known.
pub const PAIRS: [(MarkKind, MarkKind); 3] =
    [(MarkKind::Phone, MarkKind::Name), (MarkKind::Company, MarkKind::Name), (MarkKind::Phone, MarkKind::Company)];

/// Everything that may tell that the buyer of a row is known.
#[derive(Clone, Debug, Default)]
pub struct Identities {
    /// Addresses and portal identities.
    pub addresses: Vec<String>,
    pub marks: Vec<Mark>,
}

impl Identities {
    pub fn of(row: &ImportedBuyer) -> Self {
        let addresses = row.emails.iter().chain(&row.portals).cloned().collect();
        let (emails, country) = (row.emails.iter().map(String::as_str), row.country.as_deref());
        let mut found = marks(row.name.as_deref(), row.company.as_deref(), emails, [], country);
        for phone in row.phone.iter().chain(&row.other_phones) {
            let mut phones = marks(None, None, [], [phone.as_str()], country);
            if phones.is_empty() {
                // A number that no plan knows still tells the same row again.
                let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
                phones.push(Mark { kind: MarkKind::Phone, mark: digits });
            }
            found.extend(phones);
        }
        Identities { addresses, marks: found }
    }

    fn of_kind(&self, kind: MarkKind) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(move |mark| mark.kind == kind)
    }

    /// Two marks that are certain together, see [`PAIRS`].
    pub fn pairs(&self) -> impl Iterator<Item = (Mark, Mark)> {
        PAIRS.into_iter().flat_map(move |(one, other)| {
            self.of_kind(one).flat_map(move |one| self.of_kind(other).map(|other| (one.clone(), other.clone())))
        })
    }

    /// Marks that make a doubt by themselves.
    pub fn doubtful(&self) -> impl Iterator<Item = &Mark> {
        self.of_kind(MarkKind::Phone).chain(self.of_kind(MarkKind::Domain))
    }
}

/// A buyer that a row belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// He is in the store.
    Known { id: i64, called: String },
    /// He stands in the same file.
    Line { line: u64, called: String },
}

/// A row that belongs to a buyer who was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    pub line: u64,
    pub called: String,
    pub with: Who,
    /// `the address ann@kestrel.example`.
    pub by: String,
    pub taken: Taken,
    pub new_addresses: Vec<String>,
}

impl Merged {
    /// Whether the row says anything that wasn't known.
    pub fn changes(&self) -> bool {
        self.taken != Taken::default() || !self.new_addresses.is_empty()
    }
}

/// A new buyer who may be one that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    pub line: u64,
    pub called: String,
    pub like: Who,
    pub why: String,
}

/// A buyer who is new or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The first line that speaks of him.
    pub line: u64,
    /// None: he is new.
    pub id: Option<i64>,
    pub before: Option<Card>,
    pub card: Card,
    /// Those he gets.
    pub addresses: Vec<String>,
    /// Those he should have.
    pub marks: Vec<Mark>,
}

impl Change {
    fn is_needed(&self) -> bool {
        self.before.as_ref() != Some(&self.card) || !self.addresses.is_empty()
    }
}

/// What an import would do.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub rows: usize,
    pub changes: Vec<Change>,
    pub merged: Vec<Merged>,
    pub doubts: Vec<Doubt>,
}

impl Plan {
    /// New buyers.
    pub fn added(&self) -> usize {
        self.changes.iter().filter(|change| change.id.is_none()).count()
    }

    /// Known buyers who change.
    pub fn changed(&self) -> usize {
        self.changes.iter().filter(|change| change.id.is_some()).count()
    }
}

/// Decides about every row of a file, in its order; `identities` are those of `rows`.
pub fn plan(rows: &[ImportedBuyer], identities: &[Identities], known: &KnownBase) -> Plan {
    let mut planner = Planner::new(known);
    for (row, identities) in rows.iter().zip(identities) {
        planner.take(row, identities);
    }
    let mut plan = planner.plan;
    plan.rows = rows.len();
    plan.changes.retain(Change::is_needed);
    plan
}

struct Planner<'k> {
    known: &'k KnownBase,
    plan: Plan,
    /// Places in `plan.changes` by who he is.
    by_id: HashMap<i64, usize>,
    by_address: HashMap<String, usize>,
    by_pair: HashMap<(Mark, Mark), usize>,
    by_mark: HashMap<Mark, usize>,
}

impl<'k> Planner<'k> {
    fn new(known: &'k KnownBase) -> Self {
        Planner {
            known,
            plan: Plan::default(),
            by_id: HashMap::new(),
            by_address: HashMap::new(),
            by_pair: HashMap::new(),
            by_mark: HashMap::new(),
        }
    }

    fn take(&mut self, row: &ImportedBuyer, identities: &Identities) {
        let found = self.find(row, identities);
        let new_addresses: Vec<String> =
            identities.addresses.iter().filter(|address| !self.has_owner(address)).cloned().collect();
        let at = match found {
            Some((at, by)) => {
                let change = &mut self.plan.changes[at];
                let with = who(change);
                if change.id.is_some() && !change.is_needed() {
                    change.line = row.line;
                }
                let taken = change.card.take(row);
                let merged = Merged {
                    line: row.line,
                    called: called(row),
                    with,
                    by,
                    taken,
                    new_addresses: new_addresses.clone(),
                };
                self.plan.merged.push(merged);
                at
            }
            None => {
                self.doubt(row, identities);
                self.add(row)
            }
        };
        let change = &mut self.plan.changes[at];
        change.addresses.extend(new_addresses.iter().cloned());
        for mark in &identities.marks {
            if !change.marks.contains(mark) {
                change.marks.push(mark.clone());
            }
        }
        self.by_address.extend(new_addresses.into_iter().map(|address| (address, at)));
        for pair in identities.pairs() {
            self.by_pair.entry(pair).or_insert(at);
        }
        for mark in identities.doubtful() {
            self.by_mark.entry(mark.clone()).or_insert(at);
        }
    }

    fn has_owner(&self, address: &str) -> bool {
        self.known.addresses.contains_key(address) || self.by_address.contains_key(address)
    }

    fn add(&mut self, row: &ImportedBuyer) -> usize {
        let mut card = Card::default();
        card.take(row);
        if card.source.is_empty() {
            card.source = NO_SOURCE.to_owned();
        }
        let (addresses, marks) = (Vec::new(), Vec::new());
        self.plan.changes.push(Change { line: row.line, id: None, before: None, card, addresses, marks });
        self.plan.changes.len() - 1
    }

    /// The buyer that a row certainly belongs to, and by what.
    fn find(&mut self, row: &ImportedBuyer, identities: &Identities) -> Option<(usize, String)> {
        for address in &identities.addresses {
            let id = self.known.addresses.get(address).copied();
            if let Some(at) = self.place(id, self.by_address.get(address).copied(), row.line) {
                return Some((at, format!("the address {address}")));
            }
        }
        for pair in identities.pairs() {
            let id = self.known.pairs.get(&pair).copied();
            let Some(at) = self.place(id, self.by_pair.get(&pair).copied(), row.line) else { continue };
            let nameless = row.name.is_none() || self.plan.changes[at].card.name.is_none();
            let by = match (pair.0.kind, pair.1.kind) {
                (MarkKind::Phone, MarkKind::Name) => format!("the number {} and the name", pair.0.mark),
                (MarkKind::Company, _) => "name and company".to_owned(),
                _ if nameless => format!("the number {} and the company", pair.0.mark),
                _ => continue,
            };
            return Some((at, by));
        }
        None
    }

    /// Where a buyer stands in the plan: one of the store gets his place when he is first met.
    fn place(&mut self, id: Option<i64>, in_file: Option<usize>, line: u64) -> Option<usize> {
        let Some(id) = id else { return in_file };
        if let Some(at) = self.by_id.get(&id) {
            return Some(*at);
        }
        let card = self.known.cards.get(&id)?.clone();
        // A mail leaves them on his card alone; beside those of a row they must be marks, too.
        let marks = name_marks(card.name.as_deref(), card.company.as_deref());
        let addresses = Vec::new();
        self.plan.changes.push(Change { line, id: Some(id), before: Some(card.clone()), card, addresses, marks });
        self.by_id.insert(id, self.plan.changes.len() - 1);
        Some(self.plan.changes.len() - 1)
    }

    /// Notes that a new buyer resembles another.
    fn doubt(&mut self, row: &ImportedBuyer, identities: &Identities) {
        for mark in identities.doubtful() {
            let known = self.known.marks.get(mark).and_then(|id| Some((*id, self.known.cards.get(id)?)));
            let in_file = self.by_mark.get(mark).map(|at| &self.plan.changes[*at]);
            let like = match (known, in_file) {
                (Some((id, card)), _) => Who::Known { id, called: called_by(card) },
                (None, Some(change)) => who(change),
                (None, None) => continue,
            };
            let why = match mark.kind {
                MarkKind::Phone => format!("the same number {}, another name", mark.mark),
                _ => format!("the same company domain {}, another person", mark.mark),
            };
            self.plan.doubts.push(Doubt { line: row.line, called: called(row), like, why });
            return;
        }
    }
}

fn who(change: &Change) -> Who {
    let called = called_by(change.before.as_ref().unwrap_or(&change.card));
    change.id.map_or(Who::Line { line: change.line, called: called.clone() }, |id| Who::Known { id, called })
}

/// What people call the buyer of a row.
fn called(row: &ImportedBuyer) -> String {
    called_of(row.company.as_deref(), row.name.as_deref(), row.emails.first().map(String::as_str))
}

fn called_by(card: &Card) -> String {
    called_of(card.company.as_deref(), card.name.as_deref(), card.email.as_deref())
}

fn called_of(company: Option<&str>, name: Option<&str>, email: Option<&str>) -> String {
    match (name, company) {
        (Some(name), Some(company)) => format!("{name} ({company})"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => email.unwrap_or("?").to_owned(),
    }
}
