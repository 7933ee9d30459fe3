//! What known phrases of automatic answers, and of the persons beside them, say.

use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// What a phrase says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// Somebody is away, or the house is closed.
    Away,
    /// When he is back, whom to ask instead, when he answers.
    Meanwhile,
    /// A time or that something is urgent, which stands in any sentence.
    When,
    /// A mail was received.
    Received,
    /// Thanks for a mail, which people write, too.
    Thanks,
    /// Greetings, excuses, opening hours.
    Polite,
    /// Nobody reads this mailbox, or a program wrote: enough by itself.
    Nobody,
    /// Somebody has left for good: enough, if nothing else is said.
    Left,
    /// Names a matter of business: a person wrote, unless the sentence only says whom to ask about it.
    Trades,
    /// Decides a matter, or excuses an absence that is over: a person wrote.
    Decides,
    /// The writer wants something: a person wrote, unless he only says where to turn to.
    Wants,
}

use Says::*;

const SENSES: [(&str, Says); 11] = [
    ("Away", Away),
    ("Meanwhile", Meanwhile),
    ("When", When),
    ("Received", Received),
    ("Thanks", Thanks),
    ("Polite", Polite),
    ("Nobody", Nobody),
    ("Left", Left),
    ("Trades", Trades),
    ("Decides", Decides),
    ("Wants", Wants),
];

/// How many senses there are.
pub(super) const COUNT: usize = SENSES.len();

impl Says {
    /// How many words around it a phrase explains: what somebody adds to "until" is his own.
    pub(super) fn room(self) -> usize {
        match self {
            Away | Meanwhile | Received | Thanks => 7,
            Polite => 5,
            When => 2,
            Nobody | Left => 20,
            Trades | Decides | Wants => 0,
        }
    }
}

/// Sense and stems; a stem begins a word, and any ending may follow.
const PHRASES: &str = include_str!("phrases.tsv");

static AUTOMATON: LazyLock<(AhoCorasick, Vec<Says>)> = LazyLock::new(|| {
    let rows = PHRASES.lines().filter_map(|line| line.split_once('\t'));
    let known =
        rows.filter_map(|(name, stems)| SENSES.iter().find(|(n, _)| *n == name).map(|(_, says)| (*says, stems)));
    let pairs: Vec<_> = known.flat_map(|(says, stems)| stems.split('|').map(move |stem| (stem, says))).collect();
    let automaton = AhoCorasick::new(pairs.iter().map(|(stem, _)| crate::text::normalise(stem)));
    (automaton.expect("fixed phrases compile"), pairs.into_iter().map(|(_, says)| says).collect())
});

/// Every phrase in a clause: what it says, where it begins and ends.
pub(super) fn phrases(clause: &str) -> impl Iterator<Item = (Says, usize, usize)> {
    let (automaton, says) = &*AUTOMATON;
    automaton
        .find_overlapping_iter(clause)
        .filter(|hit| begins_a_word(clause, hit.start()))
        .map(|hit| (says[hit.pattern().as_usize()], hit.start(), hit.end()))
}

/// Scripts without gaps between words have no beginnings to look at.
pub(super) fn begins_a_word(text: &str, at: usize) -> bool {
    let spaced = |c: char| {
        c.is_alphabetic()
            && !matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{6ff}')
    };
    let starts_spaced = text[at..].starts_with(spaced);
    !(starts_spaced && text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_has_a_sense() {
        for line in PHRASES.lines().filter(|line| !line.starts_with('#')) {
            let known = line.split_once('\t').is_some_and(|(name, _)| SENSES.iter().any(|(n, _)| *n == name));
            assert!(known, "{line}");
        }
    }
}
