//! Text made comparable: one normalisation for rules, facts, names and catalogue words.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

/// NFKC, without invisible characters, case-folded; runs of white space become one space, line breaks stay.
///
/// Both sides of a comparison go through here, so that `STRASSE`, `Straße` and `ｓｔｒａｓｓｅ` are one word.
pub fn normalise(text: &str) -> String {
    if text.is_ascii() {
        return collapse(text.chars().map(|c| c.to_ascii_lowercase()), text.len());
    }
    let folded = text.chars().filter(|c| !is_invisible(*c)).nfkc().default_case_fold().nfkc();
    collapse(folded, text.len())
}

fn collapse(characters: impl Iterator<Item = char>, capacity: usize) -> String {
    let mut out = String::with_capacity(capacity);
    for c in characters {
        match c {
            '\n' => {
                while out.ends_with(' ') {
                    out.pop();
                }
                out.push('\n');
            }
            c if c.is_whitespace() || c.is_control() => {
                if !out.is_empty() && !out.ends_with([' ', '\n']) {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// Zero-width, soft-hyphen and bidirectional control characters: they hide words from a comparison.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_the_same_word_however_it_is_typed() {
        for word in ["STRASSE", "Straße", "ｓｔｒａｓｓｅ", "stra\u{ad}sse", "str\u{200b}asse"] {
            assert_eq!(normalise(word), "strasse", "{word:?}");
        }
    }

    #[test]
    fn line_breaks_stay_and_other_white_space_collapses() {
        assert_eq!(normalise("Hello \t  World \r\nfrom\u{3000}us"), "hello world\nfrom us");
    }
}
