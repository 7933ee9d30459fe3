//! What is known of those who write for a buyer: relays.toml, ready to be asked.

use super::Field;
use super::people::Sentence;
use super::read;
use crate::text::normalise;
use crate::written::problems::Problem;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, LazyLock};

/// config/relays.toml as shipped.
pub const SHIPPED: &str = include_str!("../../../config/relays.toml");

/// Portals, web forms and fax gateways, and the labels of their forms.
#[derive(Clone)]
pub struct RelayBook(Arc<Book>);

struct Book {
    relays: Vec<Relay>,
    /// By domain or whole address, lower case.
    by_sender: HashMap<String, Vec<usize>>,
    labels: HashMap<String, Field>,
    frame: AhoCorasick,
    forms: AhoCorasick,
    machines: HashSet<String>,
}

/// One who writes for a buyer.
#[derive(Clone, Debug)]
pub(in crate::message) struct Relay {
    /// `alibaba`, `web_form`, `our_shop` …
    pub name: String,
    pub kind: RelayKind,
    /// Domains and whole addresses, lower case.
    pub from: Vec<String>,
    /// Lower case; empty: whatever text.
    pub text: Vec<String>,
    /// Lower case; empty: whatever subject.
    pub subject: Vec<String>,
    pub labels: HashMap<String, Field>,
    pub people: Vec<Sentence>,
    pub answer: AnswerTo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::message) enum RelayKind {
    /// A portal: it speaks for itself where no buyer is in its mail.
    Platform,
    Form,
    Fax,
}

/// Whom an answer goes to where the buyer's own address isn't told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::message) enum AnswerTo {
    Buyer,
    /// The address that wrote: it passes answers on.
    Relay,
}

/// What a relays.toml says, not yet laid over another.
#[derive(Default)]
pub(in crate::message) struct Written {
    pub relays: Vec<Relay>,
    pub labels: Vec<(String, Field)>,
    pub frame: Vec<String>,
    pub forms: Vec<String>,
    pub machines: Vec<String>,
}

static SHIPPED_BOOK: LazyLock<RelayBook> = LazyLock::new(|| {
    let written = read::parse(SHIPPED, "relays.toml").expect("the shipped relays are parsed by the tests");
    RelayBook(Arc::new(Book::new(written)))
});

impl Default for RelayBook {
    /// The relays that inquiryd brings along.
    fn default() -> Self {
        SHIPPED_BOOK.clone()
    }
}

impl fmt::Debug for RelayBook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RelayBook({} relays)", self.0.relays.len())
    }
}

impl RelayBook {
    /// The shipped relays with those of a company's own file added; one of the same name takes the place of ours.
    ///
    /// # Errors
    /// Every mistake in the file, with its line.
    pub fn with(text: &str, file: &str) -> Result<Self, Vec<Problem>> {
        let own = read::parse(text, file)?;
        let mut all = read::parse(SHIPPED, "relays.toml")?;
        all.relays.retain(|relay| own.relays.iter().all(|mine| mine.name != relay.name));
        // A company's own relays are asked first, and its labels have the last word.
        all.relays.splice(0..0, own.relays);
        all.labels.extend(own.labels);
        all.frame.extend(own.frame);
        all.forms.extend(own.forms);
        all.machines.extend(own.machines);
        Ok(RelayBook(Arc::new(Book::new(all))))
    }

    /// The names of all relays, in the order in which they are asked.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.relays.iter().map(|relay| relay.name.as_str())
    }

    /// The relay that a mail from this address is, by its words where the relay asks for some.
    pub(in crate::message) fn relay_of(&self, email: &str, subject: &str, text: &str) -> Option<&Relay> {
        self.by_sender(email).into_iter().find(|relay| relay.has_its_words(subject, text))
    }

    /// Whether an address belongs to a relay, whatever it writes.
    pub fn is_relay(&self, email: &str) -> bool {
        !self.by_sender(email).is_empty()
    }

    fn by_sender(&self, email: &str) -> Vec<&Relay> {
        let book = &*self.0;
        let Some((_, domain)) = email.rsplit_once('@') else { return Vec::new() };
        let above = std::iter::successors(Some(domain), |domain| domain.split_once('.').map(|(_, above)| above));
        let mut found: Vec<usize> = std::iter::once(email)
            .chain(above)
            .flat_map(|key| book.by_sender.get(key).into_iter().flatten().copied())
            .collect();
        found.sort_unstable();
        found.into_iter().map(|index| &book.relays[index]).collect()
    }

    /// Whether a web server writes under this local part of our own domain.
    pub(in crate::message) fn is_machine(&self, local: &str) -> bool {
        self.0.machines.contains(local)
    }

    /// What a label asks for; `label` is comparable, see [`comparable`].
    pub(in crate::message) fn field(&self, label: &str, relay: Option<&Relay>) -> Option<Field> {
        let own = relay.and_then(|relay| relay.labels.get(label));
        own.or_else(|| self.0.labels.get(label)).copied()
    }

    /// Whether a text holds words that only web forms write.
    pub(in crate::message) fn is_marked_as_form(&self, text: &str) -> bool {
        self.0.forms.is_match(&text.to_lowercase())
    }

    /// Whether a line is the relay's own words, not the buyer's.
    pub(in crate::message) fn is_frame(&self, line: &str) -> bool {
        self.0.frame.is_match(&line.to_lowercase())
    }
}

impl Relay {
    fn has_its_words(&self, subject: &str, text: &str) -> bool {
        let holds = |words: &[String], text: &str| {
            words.is_empty() || {
                let lower = text.to_lowercase();
                words.iter().any(|word| lower.contains(word.as_str()))
            }
        };
        holds(&self.subject, subject) && holds(&self.text, text)
    }
}

impl Book {
    fn new(written: Written) -> Self {
        let mut by_sender: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, relay) in written.relays.iter().enumerate() {
            for sender in &relay.from {
                by_sender.entry(sender.clone()).or_default().push(index);
            }
        }
        Book {
            relays: written.relays,
            by_sender,
            labels: written.labels.into_iter().collect(),
            frame: words(&written.frame),
            forms: words(&written.forms),
            machines: written.machines.into_iter().collect(),
        }
    }
}

fn words(words: &[String]) -> AhoCorasick {
    let lower = words.iter().map(|words| words.to_lowercase());
    AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).prefilter(false).build(lower).expect("short words compile")
}

/// A label as it is compared: folded, without asterisks, brackets, numbers in front and "(required)".
pub(in crate::message) fn comparable(label: &str) -> String {
    let label = label.trim().trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' '));
    let label = label.trim_matches(|c: char| {
        matches!(c, '*' | '?' | '[' | ']' | '【' | '】' | '<' | '>' | '_' | ':' | '：') || c.is_whitespace()
    });
    let label = normalise(&label.replace('’', "'"));
    let label = label.trim();
    let without = [
        "(required)",
        "(必填)",
        "（必填）",
        "(必須)",
        "(optional)",
        "(obligatorio)",
        "(erforderlich)",
        "(requis)",
        "(obrigatório)",
    ];
    without
        .iter()
        .find_map(|end| label.strip_suffix(end))
        .unwrap_or(label)
        .trim()
        .trim_end_matches('*')
        .trim()
        .to_owned()
}
