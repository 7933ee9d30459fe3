//! The words of all rules in one matcher: one pass over a mail finds them all.

use super::Inquiry;
use super::pattern::{Pattern, TooLarge};
use super::rules::{Conditions, Effect, Why, WrittenRule};
use crate::text::normalise;
use crate::written::problems::{Place, Problem};
use crate::written::reader::{Found, Mistake};
use aho_corasick::AhoCorasick;
use regex_automata::meta::Regex;
use regex_automata::{Input, PatternSet};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Bytes of a mail's words that are looked at; an inquiry says what it wants long before.
const TEXT_LIMIT: usize = 256 * 1024;
/// Characters of found words that are kept for one condition.
const MATCHED_LIMIT: usize = 80;

/// One condition on words: the index of its result in [`Hits`].
pub(super) type Slot = usize;

/// A rule with its words replaced by slots.
pub(super) struct Rule {
    pub id: String,
    pub why: Why,
    pub effect: Effect,
    pub conditions: Conditions,
    /// Each must have been hit.
    pub wanted: Vec<Slot>,
    /// None may have been hit.
    pub unwanted: Vec<Slot>,
}

/// The words of one mail that rules asked for.
#[derive(Clone, Debug)]
pub struct Hits(Vec<String>);

impl Hits {
    /// The words found for a condition, empty if none.
    pub(super) fn of(&self, slot: Slot) -> &str {
        self.0.get(slot).map_or("", String::as_str)
    }

    fn add(&mut self, slot: Slot, word: &str) {
        let known = &mut self.0[slot];
        if word.is_empty() || known.split(", ").any(|found| found == word) {
            return;
        }
        if known.is_empty() {
            known.extend(word.trim().chars().take(MATCHED_LIMIT));
        } else if known.chars().count() + word.chars().count() + 2 <= MATCHED_LIMIT {
            known.push_str(", ");
            known.push_str(word.trim());
        }
    }
}

/// Where a condition looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    Sender,
    Subject,
    /// Subject and text.
    Words,
}

/// Finds the words of all rules.
pub(super) struct Matcher {
    sender: ZoneMatcher,
    subject: ZoneMatcher,
    words: ZoneMatcher,
    slots: usize,
}

impl Matcher {
    pub fn scan(&self, inquiry: &Inquiry<'_>) -> Hits {
        let mut hits = Hits(vec![String::new(); self.slots]);
        let subject = normalise(inquiry.subject).replace('\n', " ");
        let name = normalise(inquiry.writer.name.as_deref().unwrap_or_default()).replace('\n', " ");
        let sender = format!("{name}\n{}", normalise(inquiry.writer.email.as_deref().unwrap_or_default()));
        let text = &inquiry.text[..inquiry.text.floor_char_boundary(TEXT_LIMIT)];
        let words = format!("{subject}\n{}", normalise(text));
        self.sender.scan(&sender, &mut hits);
        self.subject.scan(&subject, &mut hits);
        self.words.scan(&words, &mut hits);
        hits
    }
}

/// Turns written rules into rules with slots, and their words into one matcher.
pub(super) fn compile(written: Vec<WrittenRule>, file: &str) -> Result<(Vec<Rule>, Matcher), Vec<Problem>> {
    let mut builder = Builder { file: file.to_owned(), ..Builder::default() };
    let mut rules = Vec::new();
    for rule in written {
        let WrittenRule { id, why, effect, conditions, words } = rule;
        let wanted = [(Zone::Words, words.text), (Zone::Subject, words.subject), (Zone::Sender, words.sender)];
        let unwanted = [(Zone::Words, words.unless), (Zone::Sender, words.unless_sender)];
        let mut slots = |list: Vec<(Zone, Vec<Found<String>>)>| {
            list.into_iter().filter_map(|(zone, words)| builder.slot(zone, words)).collect::<Vec<Slot>>()
        };
        let (wanted, unwanted) = (slots(wanted.into()), slots(unwanted.into()));
        rules.push(Rule { id, why, effect, conditions, wanted, unwanted });
    }
    Ok((rules, builder.finish()?))
}

#[derive(Default)]
struct Builder {
    file: String,
    sender: ZoneBuilder,
    subject: ZoneBuilder,
    words: ZoneBuilder,
    slots: usize,
    problems: Vec<Problem>,
}

impl Builder {
    fn slot(&mut self, zone: Zone, words: Vec<Found<String>>) -> Option<Slot> {
        if words.is_empty() {
            return None;
        }
        let slot = self.slots;
        self.slots += 1;
        let builder = match zone {
            Zone::Sender => &mut self.sender,
            Zone::Subject => &mut self.subject,
            Zone::Words => &mut self.words,
        };
        for word in words {
            if let Err(mistake) = builder.add(zone, &word.value, slot) {
                self.problems.push(word.problem(mistake));
            }
        }
        Some(slot)
    }

    fn finish(self) -> Result<Matcher, Vec<Problem>> {
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        let too_large = |_| {
            let place = Place::file(&self.file);
            let what = "all rules together hold too many words and patterns".to_owned();
            vec![Problem { place, key: "rule".into(), what, remedy: "take some out".into() }]
        };
        Ok(Matcher {
            sender: self.sender.finish().map_err(too_large)?,
            subject: self.subject.finish().map_err(too_large)?,
            words: self.words.finish().map_err(too_large)?,
            slots: self.slots,
        })
    }
}

/// What must stand beside a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    Anything,
    /// No letter or digit of a script that puts spaces between words.
    WordEnd,
    LineEnd,
}

impl Edge {
    fn allows(self, neighbour: Option<char>) -> bool {
        match self {
            Edge::Anything => true,
            Edge::WordEnd => !neighbour.is_some_and(is_spaced),
            Edge::LineEnd => neighbour.is_none_or(|c| c == '\n'),
        }
    }
}

/// One use of a keyword.
struct Use {
    before: Edge,
    after: Edge,
    slot: Slot,
}

#[derive(Default)]
struct ZoneBuilder {
    keywords: Vec<String>,
    uses: Vec<Vec<Use>>,
    indices: HashMap<String, usize>,
    patterns: Vec<Pattern>,
    pattern_slots: Vec<Slot>,
}

impl ZoneBuilder {
    fn add(&mut self, zone: Zone, word: &str, slot: Slot) -> Result<(), Mistake> {
        if let Some(pattern) = word.strip_prefix("re:") {
            self.patterns.push(Pattern::parse(pattern)?);
            self.pattern_slots.push(slot);
            return Ok(());
        }
        let (keyword, before, after) = keyword(zone, word)?;
        let index = *self.indices.entry(keyword.clone()).or_insert_with(|| {
            self.keywords.push(keyword);
            self.uses.push(Vec::new());
            self.keywords.len() - 1
        });
        self.uses[index].push(Use { before, after, slot });
        Ok(())
    }

    fn finish(self) -> Result<ZoneMatcher, TooLarge> {
        let keywords = if self.keywords.is_empty() { None } else { Some(AhoCorasick::new(&self.keywords)) };
        Ok(ZoneMatcher {
            keywords: keywords.transpose().map_err(|_| TooLarge)?,
            uses: self.uses,
            set: Pattern::set(&self.patterns)?,
            singles: self.patterns.iter().map(|_| OnceLock::new()).collect(),
            patterns: self.patterns,
            pattern_slots: self.pattern_slots,
        })
    }
}

/// Folds a keyword and says what may stand beside it: `*` at an end means anything.
fn keyword(zone: Zone, written: &str) -> Result<(String, Edge, Edge), Mistake> {
    let (open_before, bare) = written.strip_prefix('*').map_or((false, written), |bare| (true, bare));
    let (open_after, bare) = bare.strip_suffix('*').map_or((false, bare), |bare| (true, bare));
    let folded = normalise(bare).trim().to_owned();
    let (Some(first), Some(last)) = (folded.chars().next(), folded.chars().next_back()) else {
        return Err(Mistake::new(format!("{written:?} is no word"), "write a word, or several"));
    };
    let edge = |open: bool, c: char| if !open && is_spaced(c) { Edge::WordEnd } else { Edge::Anything };
    let is_domain = zone == Zone::Sender && folded.contains('@');
    let after = if is_domain && !open_after { Edge::LineEnd } else { edge(open_after, last) };
    Ok((folded, edge(open_before, first), after))
}

/// True for letters and digits of scripts that put spaces between words; in the others, and in Korean with its
/// particles, a word may begin and end anywhere.
fn is_spaced(c: char) -> bool {
    let unspaced = matches!(u32::from(c),
        0x0e00..=0x0eff // Thai, Lao
        | 0x1000..=0x109f // Burmese
        | 0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7af // Korean
        | 0x1780..=0x17ff // Khmer
        | 0x3005..=0x3007 | 0x3040..=0x312f // kana, bopomofo
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff // Han
    );
    c.is_alphanumeric() && !unspaced
}

/// The words that are looked for in one part of a mail.
struct ZoneMatcher {
    keywords: Option<AhoCorasick>,
    /// By keyword.
    uses: Vec<Vec<Use>>,
    set: Option<Regex>,
    /// By pattern; built when it has matched for the first time, to tell the words.
    singles: Vec<OnceLock<Option<Regex>>>,
    patterns: Vec<Pattern>,
    pattern_slots: Vec<Slot>,
}

impl ZoneMatcher {
    fn scan(&self, text: &str, hits: &mut Hits) {
        self.scan_keywords(text, hits);
        self.scan_patterns(text, hits);
    }

    fn scan_keywords(&self, text: &str, hits: &mut Hits) {
        let Some(Ok(found)) = self.keywords.as_ref().map(|words| words.try_find_overlapping_iter(text)) else { return };
        for word in found {
            let (start, end) = (word.start(), word.end());
            for used in &self.uses[word.pattern()] {
                let fits = used.before.allows(text[..start].chars().next_back())
                    && used.after.allows(text[end..].chars().next());
                if fits {
                    hits.add(used.slot, &text[start..end]);
                }
            }
        }
    }

    fn scan_patterns(&self, text: &str, hits: &mut Hits) {
        let Some(set) = &self.set else { return };
        let mut matching = PatternSet::new(self.patterns.len());
        set.which_overlapping_matches(&Input::new(text), &mut matching);
        for index in matching.iter().map(|pattern| pattern.as_usize()) {
            let single = self.singles[index].get_or_init(|| self.patterns[index].single());
            if let Some(found) = single.as_ref().and_then(|regex| regex.find(text)) {
                let (start, end) = (text.floor_char_boundary(found.start()), text.ceil_char_boundary(found.end()));
                hits.add(self.pattern_slots[index], &text[start..end].replace('\n', " "));
            }
        }
    }
}
