//! Countries, cities and demonyms by their names in the tongues of the trade.

use crate::text::normalise;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::HashSet;
use std::sync::LazyLock;

/// One line a country: ISO 3166 alpha-2, its names (Unicode CLDR and what people write), cities of trade and their
/// regions, demonyms. Names that several countries share are left out.
const TABLE: &str = include_str!("places.tsv");

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Country,
    City,
    Demonym,
}

/// A name in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// ISO 3166 alpha-2.
    pub country: &'static str,
    pub what: What,
    pub start: usize,
    pub end: usize,
}

struct Names {
    automaton: AhoCorasick,
    owners: Vec<(&'static str, What)>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let (mut names, mut owners) = (Vec::new(), Vec::new());
    for line in TABLE.lines() {
        let mut cells = line.split('\t');
        let Some(country) = cells.next() else { continue };
        for (cell, what) in cells.zip([What::Country, What::City, What::Demonym]) {
            for name in cell.split('|').filter(|n| !n.is_empty()) {
                names.push(normalise(name));
                owners.push((country, what));
            }
        }
    }
    let automaton =
        AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&names).expect("fixed names compile");
    Names { automaton, owners }
});

/// Whether an ISO 3166 alpha-2 code (upper case) is known, and its fixed spelling.
pub(super) fn known_code(code: &str) -> Option<&'static str> {
    static CODES: LazyLock<HashSet<&str>> =
        LazyLock::new(|| TABLE.lines().filter_map(|line| line.split('\t').next()).collect());
    CODES.get(code).copied()
}

/// The places named in normalised text, as whole words, in order.
pub(super) fn places(normalised: &str) -> impl Iterator<Item = Place> {
    let found = NAMES.automaton.find_iter(normalised);
    found.filter(|hit| is_whole_word(normalised, hit.start(), hit.end())).map(|hit| {
        let (country, what) = NAMES.owners[hit.pattern().as_usize()];
        Place { country, what, start: hit.start(), end: hit.end() }
    })
}

/// Words end in different ways: Latin ones at any sign, Russian ones bend, Korean ones take particles, Chinese has no gaps.
fn is_whole_word(text: &str, start: usize, end: usize) -> bool {
    let first = text[start..end].chars().next().unwrap_or_default();
    let before = text[..start].chars().next_back();
    let mut after = text[end..].chars();
    let is = |c: Option<char>, letter: fn(char) -> bool| c.is_some_and(letter);
    match first {
        '\u{400}'..='\u{52f}' => !is(before, cyrillic) && after.take_while(|c| cyrillic(*c)).count() <= 2,
        '\u{30a0}'..='\u{30ff}' => !is(before, katakana) && !is(after.next(), katakana),
        '\u{ac00}'..='\u{d7af}' => !is(before, |c| matches!(c, '\u{ac00}'..='\u{d7af}')),
        '\u{600}'..='\u{6ff}' => {
            text[..start].chars().rev().take_while(|c| arabic(*c)).count() <= 2 && !is(after.next(), arabic)
        }
        '\u{4e00}'..='\u{9fff}' => true,
        _ => !is(before, char::is_alphanumeric) && !is(after.next(), char::is_alphanumeric),
    }
}

fn cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

fn katakana(c: char) -> bool {
    matches!(c, '\u{30a0}'..='\u{30ff}')
}

fn arabic(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{64a}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<(&'static str, What)> {
        places(&normalise(text)).map(|p| (p.country, p.what)).collect()
    }

    #[test]
    fn places_are_known_in_the_tongues_of_the_trade() {
        for (text, country) in [
            ("United Kingdom", "GB"),
            ("aus der Türkei", "TR"),
            ("из Казахстана", "KZ"),
            ("в Москве", "RU"),
            ("ペルーの会社", "PE"),
            ("한국에서", "KR"),
            ("我们来自秘鲁", "PE"),
            ("Hồ Chí Minh", "VN"),
            ("الرياض", "SA"),
            ("w Polsce", "PL"),
        ] {
            assert_eq!(named(text).first().map(|p| p.0), Some(country), "{text}");
        }
    }

    #[test]
    fn a_name_inside_another_word_is_no_place() {
        for text in ["Indiana Jones", "スタイル", "マリン", "chinaware", "Nicely made", "unparislike"] {
            assert_eq!(named(text), [], "{text}");
        }
    }
}
