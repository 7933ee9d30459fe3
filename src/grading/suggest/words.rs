//! Words that stand in the mails which people graded higher, or lower, than the rules did.

use super::{Corrected, FEWEST_MAILS};
use crate::grading::RuleBook;
use crate::grading::keyword::{Keyword, is_spaced};
use crate::grading::ordinary::check_keyword;
use crate::text::normalise;
use std::collections::{BTreeMap, BTreeSet};

/// Words for one rule.
const MOST_WORDS: usize = 10;
/// A word in more than this share of the mails says nothing: one in five.
const COMMON: usize = 5;
/// How many standard errors a word's log-odds must be away from nothing.
const SURE: f64 = 1.64;
/// Bytes of a mail that are read.
const TEXT_LIMIT: usize = 64 * 1024;

/// A new rule of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learned {
    /// `learned-higher` or `learned-lower`, with a number where the file has one already.
    pub id: String,
    pub points: i64,
    /// With the number of mails in which each stands, the surest first.
    pub words: Vec<(String, usize)>,
}

/// Naive-Bayes log-odds of each word, higher graded mails against the others, and lower graded ones likewise.
pub(super) fn learn(book: &RuleBook, corrected: &[Corrected<'_>]) -> Vec<Learned> {
    let mails: Vec<BTreeSet<String>> = corrected.iter().map(|mail| words_of(mail.text)).collect();
    let points = ((book.thresholds().a - book.thresholds().c) / 4).clamp(1, 1000);
    // A sorts first: the better grade is the smaller one.
    let higher: Vec<bool> = corrected.iter().map(|mail| mail.by_hand < mail.by_rules).collect();
    let lower: Vec<bool> = corrected.iter().map(|mail| mail.by_hand > mail.by_rules).collect();
    let rule = |name: &str, chosen: &[bool], points: i64| {
        let words = telling(&mails, chosen);
        (!words.is_empty()).then(|| Learned { id: free_id(book, name), points, words })
    };
    [rule("learned-higher", &higher, points), rule("learned-lower", &lower, -points)].into_iter().flatten().collect()
}

fn telling(mails: &[BTreeSet<String>], chosen: &[bool]) -> Vec<(String, usize)> {
    // Mails with the word: chosen ones, others.
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (words, chosen) in mails.iter().zip(chosen) {
        for word in words {
            let (ours, others) = counts.entry(word).or_default();
            *(if *chosen { ours } else { others }) += 1;
        }
    }
    let all = chosen.iter().filter(|chosen| **chosen).count();
    let rest = mails.len() - all;
    let mut found: Vec<(f64, &str, usize)> = Vec::new();
    for (word, (ours, others)) in counts {
        let common = (ours + others) * COMMON > mails.len();
        let sureness = sureness((ours, all), (others, rest));
        if ours >= FEWEST_MAILS && !common && sureness >= SURE && is_keyword(word) {
            found.push((sureness, word, ours + others));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    found.into_iter().take(MOST_WORDS).map(|(_, word, mails)| (word.to_owned(), mails)).collect()
}

/// The log-odds ratio in standard errors, with half a mail added everywhere so that nothing is divided by nothing.
fn sureness((ours, all): (usize, usize), (others, rest): (usize, usize)) -> f64 {
    let odds = |with: usize, of: usize| (with as f64 + 0.5) / ((of - with) as f64 + 0.5);
    let error = (1.0 / (ours as f64 + 0.5) + 1.0 / (others as f64 + 0.5)).sqrt();
    (odds(ours, all) / odds(others, rest)).ln() / error
}

fn is_keyword(word: &str) -> bool {
    Keyword::parse(word, false).is_ok_and(|keyword| check_keyword(word, &keyword).is_ok())
}

/// The words of three letters and more, and in scripts without spaces every two neighbours.
fn words_of(text: &str) -> BTreeSet<String> {
    let text = normalise(&text[..text.floor_char_boundary(TEXT_LIMIT)]);
    let mut words = BTreeSet::new();
    for run in text.split(|c: char| !c.is_alphabetic()) {
        let letters: Vec<char> = run.chars().collect();
        for part in letters.chunk_by(|a, b| is_spaced(*a) == is_spaced(*b)) {
            match part {
                [] => {}
                [first, ..] if is_spaced(*first) => {
                    if (3..=40).contains(&part.len()) {
                        words.insert(part.iter().collect());
                    }
                }
                signs => words.extend(signs.windows(2).map(|pair| pair.iter().collect::<String>())),
            }
        }
    }
    words
}

fn free_id(book: &RuleBook, name: &str) -> String {
    let taken = |id: &str| book.lines().iter().any(|line| line.id == id);
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|id| !taken(id)).unwrap_or_default()
}
