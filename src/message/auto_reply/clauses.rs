//! A mail's words in sentences and clauses, as far as marks and conjunctions show them.

use regex::Regex;
use std::sync::LazyLock;

/// A line of at least so many bytes was broken by a program, not by the writer.
const WRAPPED: usize = 50;

/// The text without the line breaks that a program put in.
pub(super) fn unwrapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        let goes_on = line.len() >= WRAPPED && lines.peek().is_some_and(|next| !next.trim().is_empty());
        out.push(if goes_on { ' ' } else { '\n' });
    }
    out
}

/// Ends of sentences, and the conjunctions behind which somebody says something else.
static SENTENCE_END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"[.…:]+(?:\s|$)|[;。!؛\n]|\?(?:\s|$)|\s(?:but|however|therefore|aber|jedoch|deshalb|cependant|pero|sin embargo|mas|porém|por isso|però|quindi|maar|echter|ale|jednak|dlatego|но|однако|поэтому|але|проте",
        r"|ama|fakat|ancak|men|mutta|αλλά|însă|dar|však|nhưng|nên|tapi|tetapi|אבל|แต่|ولكن|لكن|اما|ولی)\s|,\s(?:so|still|mais|y|e|and|und)\s|[,、]?(?:不过|不過|但是|但请|但請|但|所以)|ですが|ますが|ので|지만|으니|이니|는데"
    ))
    .expect("a fixed pattern compiles")
});

/// What is shortened before a name or a day.
static TITLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|\s)(?:mrs?|ms|dr|prof|hr|fr|ing|d|p|m|mme|sig|sra?|κ|г|no|nr|tel|ext|st)$")
        .expect("a fixed pattern compiles")
});

pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    let inner = |end: &regex::Match<'_>| {
        // The points of a date, as in "3. 12.", end nothing.
        let digit_before = text[..end.start()].ends_with(|c: char| c.is_ascii_digit());
        let in_date = digit_before && text[end.end()..].starts_with(|c: char| c.is_ascii_digit());
        end.as_str().starts_with('.') && (in_date || TITLE.is_match(&text[..end.start()]))
    };
    let ends = SENTENCE_END.find_iter(text).filter(move |end| !inner(end)).map(|end| (end.start(), end.end()));
    ends.chain([(text.len(), text.len())]).map(move |(end, next)| &text[std::mem::replace(&mut from, next)..end])
}

/// The pieces between commas and dashes; [`crate::text::normalise`] has made wide commas narrow.
pub(super) fn clauses(sentence: &str) -> impl Iterator<Item = &str> {
    let in_number = |at: usize| sentence[at + 1..].starts_with(|c: char| c.is_ascii_digit());
    let mut at = 0;
    let pieces = sentence.split(move |c: char| {
        let here = at;
        at += c.len_utf8();
        matches!(c, '،' | '、' | '–' | '—') || c == ',' && !in_number(here)
    });
    pieces.flat_map(joined)
}

/// So many words behind an "and" say something else.
const SAYS_MORE: usize = 3;

static AND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\s(?:and|und|et|y|e|i|и|та|ve|och|og|ja|και|dan|và)\s").expect("a fixed pattern compiles")
});

/// The two sides of an "and", if what follows is long enough to say something by itself.
fn joined(piece: &str) -> impl Iterator<Item = &str> {
    let and = AND.find_iter(piece).find(|and| words(&piece[and.end()..]) >= SAYS_MORE);
    let (before, after) = and.map_or((piece, None), |and| (&piece[..and.start()], Some(&piece[and.end()..])));
    [Some(before), after].into_iter().flatten()
}

/// How many words a clause has; scripts without gaps have two signs to a word, kana and Korean three, Thai four.
pub(super) fn words(clause: &str) -> usize {
    let signs = |is: fn(char) -> bool| clause.chars().filter(|c| is(*c)).count();
    let ungapped = signs(|c| matches!(c, '\u{4e00}'..='\u{9fff}')).div_ceil(2)
        + signs(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7af}')).div_ceil(3)
        + signs(|c| matches!(c, '\u{e00}'..='\u{e7f}')).div_ceil(4);
    match ungapped {
        0 => clause.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count(),
        count => count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_ends_no_sentence_and_a_but_does() {
        let text = "v době do 3. 12. čerpám dovolenou";
        assert_eq!(sentences(text).collect::<Vec<_>>(), ["v době do 3. 12", "čerpám dovolenou"]);
        let text = "i am away until monday but ship it, please";
        assert_eq!(sentences(text).collect::<Vec<_>>(), ["i am away until monday", "ship it, please"]);
        assert_eq!(clauses("ship it, please").collect::<Vec<_>>(), ["ship it", " please"]);
        let text = "i am on holiday and take the round ones";
        assert_eq!(clauses(text).collect::<Vec<_>>(), ["i am on holiday", "take the round ones"]);
    }

    #[test]
    fn a_line_that_a_program_broke_goes_on() {
        let text = "we are closed for the holidays and shall be back on\nmonday\n\njo";
        assert_eq!(unwrapped(text), "we are closed for the holidays and shall be back on monday\n\njo\n");
    }
}
