//! The words of all rules in one matcher: one pass over an inquiry finds them all.

use super::Inquiry;
use super::keyword::{Edge, Keyword};
use super::ordinary;
use super::pattern::{Pattern, TooLarge};
use super::rules::Zone;
use crate::text::normalise;
use crate::written::problems::{Place, Problem};
use crate::written::reader::{Found, Mistake};
use aho_corasick::AhoCorasick;
use regex_automata::meta::Regex;
use regex_automata::{Input, PatternSet};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Characters of found words that are kept for one condition.
const MATCHED_LIMIT: usize = 80;

/// One condition on words: the index of its result in [`Hits`].
pub(super) type Slot = usize;

/// The words of one inquiry that rules asked for.
#[derive(Clone, Debug)]
pub struct Hits {
    /// By slot: one more than the place in `words`, 0 if nothing was found.
    places: Vec<u32>,
    words: Vec<String>,
}

impl Hits {
    fn new(slots: usize) -> Self {
        Hits { places: vec![0; slots], words: Vec::new() }
    }

    /// Whether anything was found for a condition.
    pub(super) fn has(&self, slot: Slot) -> bool {
        self.places.get(slot).is_some_and(|place| *place > 0)
    }

    /// The words found for a condition, empty if none.
    pub(super) fn of(&self, slot: Slot) -> &str {
        let place = self.places.get(slot).copied().unwrap_or_default() as usize;
        place.checked_sub(1).and_then(|at| self.words.get(at)).map_or("", String::as_str)
    }

    fn add(&mut self, slot: Slot, word: &str) {
        let word = word.trim();
        if word.is_empty() {
            return;
        }
        let place = self.places[slot] as usize;
        let Some(known) = place.checked_sub(1).map(|at| &mut self.words[at]) else {
            self.words.push(word.chars().take(MATCHED_LIMIT).collect());
            self.places[slot] = u32::try_from(self.words.len()).unwrap_or_default();
            return;
        };
        let fits = known.chars().count() + word.chars().count() + 2 <= MATCHED_LIMIT;
        if fits && !known.split(", ").any(|found| found == word) {
            known.push_str(", ");
            known.push_str(word);
        }
    }
}

/// Finds the words of all rules.
pub(super) struct Matcher {
    sender: ZoneMatcher,
    subject: ZoneMatcher,
    words: ZoneMatcher,
    products: ZoneMatcher,
    slots: usize,
}

impl Matcher {
    /// Normalises each part once, and not at all where no rule asks for it.
    pub fn scan(&self, inquiry: &Inquiry<'_>) -> Hits {
        let mut hits = Hits::new(self.slots);
        let line = |text: &str| normalise(text).replace('\n', " ");
        if !self.sender.is_empty() {
            let name = line(inquiry.writer.name.as_deref().unwrap_or_default());
            let email = normalise(inquiry.writer.email.as_deref().unwrap_or_default());
            self.sender.scan(&format!("{name}\n{email}"), &mut hits);
        }
        if !self.products.is_empty() && !inquiry.facts.products.is_empty() {
            let names: Vec<String> = inquiry.facts.products.iter().map(|name| line(name)).collect();
            self.products.scan(&names.join("\n"), &mut hits);
        }
        let mut words = line(inquiry.subject);
        self.subject.scan(&words, &mut hits);
        if !self.words.is_empty() {
            words.push('\n');
            words.push_str(&normalise(inquiry.beginning()));
            self.words.scan(&words, &mut hits);
        }
        hits
    }
}

/// Collects the words of all rules.
#[derive(Default)]
pub(super) struct MatcherBuilder {
    sender: ZoneBuilder,
    subject: ZoneBuilder,
    words: ZoneBuilder,
    products: ZoneBuilder,
    slots: usize,
    problems: Vec<Problem>,
}

impl MatcherBuilder {
    /// A slot that is hit where any of the words is found in the zone.
    pub fn slot(&mut self, zone: Zone, words: &[Found<String>]) -> Slot {
        let slot = self.slots;
        self.slots += 1;
        for word in words {
            let added = match zone {
                Zone::Sender => self.sender.add(&word.value, true, slot),
                Zone::Subject => self.subject.add(&word.value, false, slot),
                Zone::Words => self.words.add(&word.value, false, slot),
                Zone::Goods => {
                    let words = self.words.add(&word.value, false, slot);
                    words.and_then(|()| self.products.add(&word.value, false, slot))
                }
            };
            if let Err(mistake) = added {
                self.problems.push(word.problem(mistake));
            }
        }
        slot
    }

    /// # Errors
    /// Every word that is none, and every pattern that won't do.
    pub fn finish(self, file: &str) -> Result<Matcher, Vec<Problem>> {
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        let too_large = |_| {
            let what = "all rules together hold too many words and patterns".to_owned();
            vec![Problem { place: Place::file(file), key: "rule".into(), what, remedy: "take some out".into() }]
        };
        Ok(Matcher {
            sender: self.sender.finish().map_err(too_large)?,
            subject: self.subject.finish().map_err(too_large)?,
            words: self.words.finish().map_err(too_large)?,
            products: self.products.finish().map_err(too_large)?,
            slots: self.slots,
        })
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
    fn add(&mut self, word: &str, in_address: bool, slot: Slot) -> Result<(), Mistake> {
        if let Some(pattern) = word.strip_prefix("re:") {
            let parsed = Pattern::parse(pattern)?;
            ordinary::check_pattern(pattern, &parsed)?;
            self.patterns.push(parsed);
            self.pattern_slots.push(slot);
            return Ok(());
        }
        let keyword = Keyword::parse(word, in_address)?;
        ordinary::check_keyword(word, &keyword)?;
        let Keyword { folded, before, after } = keyword;
        let index = *self.indices.entry(folded.clone()).or_insert_with(|| {
            self.keywords.push(folded);
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
    fn is_empty(&self) -> bool {
        self.keywords.is_none() && self.set.is_none()
    }

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
            let found = single.iter().flat_map(|regex| regex.find_iter(text));
            let words =
                found.map(|found| (text.floor_char_boundary(found.start()), text.ceil_char_boundary(found.end())));
            let mut alone = words.filter(|(start, end)| !self.patterns[index].is_within_word(text, *start, *end));
            if let Some((start, end)) = alone.next() {
                hits.add(self.pattern_slots[index], &text[start..end].replace('\n', " "));
            }
        }
    }
}
