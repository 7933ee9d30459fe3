//! Regular expressions as rules need them: folded as the text is, and cheap to run a thousand at a time.

use super::keyword::is_spaced;
use crate::text::normalise;
use crate::written::reader::Mistake;
use regex_automata::MatchKind;
use regex_automata::meta::{self, Regex};
use regex_automata::nfa::thompson;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};
use std::sync::LazyLock;
use unicode_width::UnicodeWidthStr;

/// Bytes one pattern's automaton may take before its repetitions are called too long.
const PATTERN_SIZE_LIMIT: usize = 1 << 20;
/// Bytes of lazily built states that a thread may keep for a set of patterns without gaps, and for one alone.
const CACHE: usize = 1 << 20;
/// Bytes more for each pattern that leaves a gap between words: every place where a gap may have begun doubles the
/// states, and what doesn't fit is built over and over.
const CACHE_A_GAP: usize = 256 << 10;
const LARGEST_CACHE: usize = 64 << 20;

/// More patterns than one automaton can hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct TooLarge;

/// A checked pattern.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    hir: Hir,
}

impl Pattern {
    /// Understands a regular expression and makes it fit for text that went through [`normalise`].
    ///
    /// `\b`, `\d` and `\s` mean the ASCII ones: in Unicode they cost a thousand times as much in mixed scripts.
    pub fn parse(written: &str) -> Result<Self, Mistake> {
        let parsed = ParserBuilder::new().utf8(false).build().parse(written);
        let hir = fit(parsed.map_err(|error| explain(written, &error))?);
        if hir.properties().minimum_len() == Some(0) {
            return Err(Mistake::new("this pattern fits every text", "let it ask for at least one character"));
        }
        let config = thompson::Config::new().utf8(false).nfa_size_limit(Some(PATTERN_SIZE_LIMIT));
        match thompson::Compiler::new().configure(config).build_from_hir(&hir) {
            Ok(_) => Ok(Pattern { hir }),
            Err(_) => Err(Mistake::new("this pattern is too large", "shorten its repetitions, such as {0,1000}")),
        }
    }

    /// Bytes of the shortest text that it fits.
    pub fn minimum_len(&self) -> usize {
        self.hir.properties().minimum_len().unwrap_or_default()
    }

    /// Whether a match is part of a longer word though the pattern asks for a word's edge there: `\b` sees ASCII letters
    /// alone, and would find `\bPI\b` in "più".
    pub fn is_within_word(&self, text: &str, start: usize, end: usize) -> bool {
        let edges = self.hir.properties();
        let before = text[..start].chars().next_back().is_some_and(|c| !c.is_ascii() && is_spaced(c));
        let after = text[end..].chars().next().is_some_and(|c| !c.is_ascii() && is_spaced(c));
        before && edges.look_set_prefix().contains_word() || after && edges.look_set_suffix().contains_word()
    }

    /// True if anything at all may stand between two words of it, as in `price.{0,40}chair`.
    fn has_gap(&self) -> bool {
        has_gap(&self.hir)
    }

    /// An automaton for this pattern alone, which tells where it matches.
    pub fn single(&self) -> Option<Regex> {
        let config = meta_config().hybrid_cache_capacity(CACHE);
        Regex::builder().configure(config).build_from_hir(&self.hir).ok()
    }

    /// One automaton for all patterns, which tells each that matches; None if there is none.
    pub fn set(patterns: &[Pattern]) -> Result<Option<Regex>, TooLarge> {
        if patterns.is_empty() {
            return Ok(None);
        }
        let gaps = patterns.iter().filter(|pattern| pattern.has_gap()).count();
        let cache = LARGEST_CACHE.min(CACHE + gaps * CACHE_A_GAP);
        // Leftmost-first would stop at the first pattern that matches.
        let config = meta_config().match_kind(MatchKind::All).hybrid_cache_capacity(cache);
        let hirs: Vec<&Hir> = patterns.iter().map(|pattern| &pattern.hir).collect();
        Regex::builder().configure(config).build_many_from_hir(&hirs).map(Some).map_err(|_| TooLarge)
    }
}

fn meta_config() -> meta::Config {
    meta::Config::new().utf8_empty(false).nfa_size_limit(None)
}

/// What is wrong with a pattern, in a line, and the pattern below it with a caret under the place.
fn explain(written: &str, error: &regex_syntax::Error) -> Mistake {
    use regex_syntax::ast::ErrorKind::{UnsupportedBackreference, UnsupportedLookAround};
    let (kind, place) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), error.span().start),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), error.span().start),
        other => return Mistake::new(format!("bad pattern: {other}"), ""),
    };
    let syntax = match error {
        regex_syntax::Error::Parse(error) => Some(error.kind()),
        _ => None,
    };
    let (what, remedy) = match syntax {
        Some(UnsupportedLookAround) => (
            "look-around, such as (?=…) or (?<!…), is not possible here".to_owned(),
            "name what must not be there in unless = […]",
        ),
        Some(UnsupportedBackreference) => (
            "a back-reference, such as \\1, is not possible here".to_owned(),
            "write the word out, or \\\\ for a backslash itself",
        ),
        _ => (
            format!("bad pattern, at its character {}: {kind}", place.column),
            "put a backslash before a sign that stands for itself, e.g. re:USD \\\\$",
        ),
    };
    Mistake::new(format!("{what}\n{}", with_caret(written, place.offset)), remedy)
}

/// The pattern around a byte offset, and a caret under it in the line below.
fn with_caret(written: &str, offset: usize) -> String {
    const SHOWN_EACH_WAY: usize = 40;
    let (before, after) = written.split_at(written.floor_char_boundary(offset));
    let one_line = |c: char| if c.is_control() { ' ' } else { c };
    let skipped = before.chars().count().saturating_sub(SHOWN_EACH_WAY);
    let start = if skipped > 0 { "…" } else { "re:" };
    let before: String = start.chars().chain(before.chars().skip(skipped).map(one_line)).collect();
    let end = if after.chars().count() > SHOWN_EACH_WAY { "…" } else { "" };
    let after: String = after.chars().take(SHOWN_EACH_WAY).map(one_line).collect();
    format!("{before}{after}{end}\n{}^", " ".repeat(before.width()))
}

/// Rebuilds an expression for normalised text: literals folded, word edges and digits in ASCII.
fn fit(hir: Hir) -> Hir {
    match hir.into_kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => Hir::literal(fold(text).into_bytes()),
            Err(_) => Hir::literal(literal.0),
        },
        HirKind::Class(Class::Unicode(class)) => Hir::class(Class::Unicode(fit_class(class))),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(look) => Hir::look(match look {
            Look::WordUnicode => Look::WordAscii,
            Look::WordUnicodeNegate => Look::WordAsciiNegate,
            Look::WordStartUnicode => Look::WordStartAscii,
            Look::WordEndUnicode => Look::WordEndAscii,
            Look::WordStartHalfUnicode => Look::WordStartHalfAscii,
            Look::WordEndHalfUnicode => Look::WordEndHalfAscii,
            other => other,
        }),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(fit(*repetition.sub));
            Hir::repetition(Repetition { sub, ..repetition })
        }
        HirKind::Capture(capture) => Hir::capture(Capture { sub: Box::new(fit(*capture.sub)), ..capture }),
        HirKind::Concat(subs) => Hir::concat(subs.into_iter().map(fit).collect()),
        HirKind::Alternation(subs) => Hir::alternation(subs.into_iter().map(fit).collect()),
    }
}

/// As [`normalise`], but white space at the ends stays: it means something in a pattern.
fn fold(literal: &str) -> String {
    literal.split(' ').map(normalise).collect::<Vec<_>>().join(" ")
}

fn fit_class(mut class: ClassUnicode) -> ClassUnicode {
    static DIGITS: LazyLock<ClassUnicode> = LazyLock::new(|| class_of(r"\d"));
    static SPACES: LazyLock<ClassUnicode> = LazyLock::new(|| class_of(r"\s"));
    let ascii = ClassUnicode::new([ClassUnicodeRange::new('\0', '\x7f')]);
    let contains = |whole: &ClassUnicode| {
        let mut common = whole.clone();
        common.intersect(&class);
        common == *whole
    };
    if contains(&DIGITS) || contains(&SPACES) {
        let mut beyond = class.clone();
        for known in [&ascii, &DIGITS, &SPACES] {
            beyond.difference(known);
        }
        if beyond.ranges().is_empty() {
            class.intersect(&ascii);
        }
    }
    // Folded text holds no capitals, so `[A-Z]` must mean the small letters too; what fits most characters has them.
    if !is_wide(&class) {
        class.case_fold_simple();
    }
    class
}

fn class_of(pattern: &str) -> ClassUnicode {
    match regex_syntax::parse(pattern).map(Hir::into_kind) {
        Ok(HirKind::Class(Class::Unicode(class))) => class,
        _ => ClassUnicode::empty(),
    }
}

fn has_gap(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Repetition(repetition) => {
            let long = repetition.max.is_none_or(|max| max >= 8);
            let wide = match repetition.sub.kind() {
                HirKind::Class(Class::Unicode(class)) => is_wide(class),
                HirKind::Class(Class::Bytes(class)) => class.ranges().iter().any(|range| range.len() > 60),
                _ => false,
            };
            (long && wide) || has_gap(&repetition.sub)
        }
        other => other.subs().iter().any(has_gap),
    }
}

/// True for what fits most characters: `.`, `[^,]`, `\w`.
fn is_wide(class: &ClassUnicode) -> bool {
    class.ranges().iter().map(ClassUnicodeRange::len).sum::<usize>() > 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(pattern: &str, text: &str) -> bool {
        let regex = Pattern::parse(pattern).expect(pattern).single().expect(pattern);
        regex.is_match(normalise(text).as_bytes())
    }

    #[test]
    fn both_sides_are_folded() {
        assert!(finds("Straße", "HAUPTSTRASSE 5"));
        assert!(finds("İstanbul", "Gönderim: İSTANBUL"));
        assert!(finds("[A-Z]{3} invoice", "the PRO Invoice"));
        assert!(finds("（含税）", "价格(含税)"));
        assert!(finds(r"FOB\s+\w+", "fob  Ningbo"));
    }

    #[test]
    fn escapes_keep_their_case() {
        assert!(finds(r"\S\D\W", "ab,"));
        assert!(!finds(r"^\D+$", "600"));
    }

    #[test]
    fn a_word_edge_is_an_ascii_one() {
        assert!(finds(r"\bPI\b", "please send PI soon"));
        assert!(!finds(r"\bPI\b", "in the pipeline"));
        assert!(finds(r"\bPI\b", "请给我们PI谢谢"));
    }

    #[test]
    fn digits_and_spaces_are_ascii_and_other_scripts_stay_where_they_were_asked_for() {
        assert!(finds(r"\d+ pcs", "６００ PCS"), "full-width digits are folded");
        assert!(finds(r"[^,]قطعة", "٥قطعة"));
        assert!(finds(r"[٠-٩]+", "٥٠٠ قطعة"));
    }

    #[test]
    fn what_can_not_be_run_is_refused_with_the_way_out() {
        for (pattern, message) in [
            (r"chairs(?! only)", "look-around, such as (?=…) or (?<!…), is not possible here"),
            (r"(a)\1", "a back-reference, such as \\1, is not possible here"),
            (r"chairs(", "bad pattern, at its character 7: unclosed group"),
            (r"x*", "this pattern fits every text"),
            (r"\w{5000}", "this pattern is too large"),
        ] {
            let what = Pattern::parse(pattern).expect_err(pattern).what;
            assert_eq!(what.lines().next(), Some(message));
        }
    }

    #[test]
    fn a_caret_stands_under_the_mistake_also_behind_wide_characters_and_in_long_patterns() {
        let below = |pattern: &str| {
            let what = Pattern::parse(pattern).expect_err(pattern).what;
            what.split_once('\n').map(|(_, below)| below.to_owned()).expect("a caret")
        };
        assert_eq!(below("chairs ("), "re:chairs (\n          ^");
        assert_eq!(below("报价[a"), "re:报价[a\n       ^");
        let long = below(&format!("{}[a", "x".repeat(500)));
        assert_eq!(long, format!("…{}[a\n{}^", "x".repeat(40), " ".repeat(41)));
    }

    #[test]
    fn only_gaps_between_words_ask_for_a_large_cache() {
        for (pattern, gap) in
            [("price.{0,40}chair", true), ("price[^,]*chair", true), ("[0-9]+ pcs", false), ("qty ?[0-9]{1,9}", false)]
        {
            assert_eq!(Pattern::parse(pattern).expect(pattern).has_gap(), gap, "{pattern}");
        }
    }
}
