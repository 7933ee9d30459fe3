//! What a keyword is, and what may stand beside it.

use crate::text::normalise;
use crate::written::reader::Mistake;

/// What must stand beside a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Anything,
    /// No letter or digit of a script that puts spaces between words.
    WordEnd,
    LineEnd,
}

impl Edge {
    pub fn allows(self, neighbour: Option<char>) -> bool {
        match self {
            Edge::Anything => true,
            Edge::WordEnd => !neighbour.is_some_and(is_spaced),
            Edge::LineEnd => neighbour.is_none_or(|c| c == '\n'),
        }
    }

    /// Whether whatever stands beside `other` may stand here too.
    pub fn is_no_stricter_than(self, other: Edge) -> bool {
        self == Edge::Anything || self == other || other == Edge::LineEnd
    }
}

/// A folded keyword with its edges.
#[derive(Clone, Debug)]
pub(super) struct Keyword {
    pub folded: String,
    pub before: Edge,
    pub after: Edge,
}

impl Keyword {
    /// Folds a keyword and says what may stand beside it: `*` at an end means anything. A `@domain` of a sender ends
    /// where his address ends.
    pub fn parse(written: &str, in_address: bool) -> Result<Self, Mistake> {
        let (open_before, bare) = written.strip_prefix('*').map_or((false, written), |bare| (true, bare));
        let (open_after, bare) = bare.strip_suffix('*').map_or((false, bare), |bare| (true, bare));
        let folded = normalise(bare).trim().to_owned();
        let (Some(first), Some(last)) = (folded.chars().next(), folded.chars().next_back()) else {
            return Err(Mistake::new(format!("{written:?} is no word"), "write a word, or several"));
        };
        let edge = |open: bool, c: char| if !open && is_spaced(c) { Edge::WordEnd } else { Edge::Anything };
        let is_domain = in_address && folded.contains('@');
        let after = if is_domain && !open_after { Edge::LineEnd } else { edge(open_after, last) };
        Ok(Keyword { before: edge(open_before, first), after, folded })
    }
}

/// True for letters and digits of scripts that put spaces between words; in the others, and in Korean with its
/// particles, a word may begin and end anywhere.
pub(super) fn is_spaced(c: char) -> bool {
    c.is_alphanumeric()
        && !is_unspaced(c)
        && !matches!(u32::from(c), 0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7af)
}

/// True for letters of scripts without spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0e00..=0x0eff // Thai, Lao
        | 0x1000..=0x109f // Burmese
        | 0x1780..=0x17ff // Khmer
        | 0x3005..=0x3007 | 0x3040..=0x312f // kana, bopomofo
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff // Han
    )
}

/// How many words a text has; where no spaces tell, two signs count as one word, as dictionaries do on the average.
pub(super) fn count_words(text: &str) -> usize {
    let (mut words, mut signs, mut within) = (0, 0, false);
    for c in text.chars() {
        let letter = c.is_alphanumeric();
        let unspaced = letter && is_unspaced(c);
        signs += usize::from(unspaced);
        words += usize::from(letter && !unspaced && !within);
        within = !unspaced && (letter || within && matches!(c, '\'' | '’' | '-' | '.' | ','));
    }
    words + signs.div_ceil(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_every_script() {
        for (text, words) in [
            ("", 0),
            ("Please quote 2,000 chairs, don't hurry.", 6),
            ("请报价折叠椅", 3),
            ("请报价 HY-C204 折叠椅", 4),
            ("견적 부탁드립니다", 2),
            ("Пришлите цену", 2),
        ] {
            assert_eq!(count_words(text), words, "{text}");
        }
    }
}
