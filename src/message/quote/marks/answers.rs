//! Answers that are written into history, and lines that ask for an answer above them.

use super::labels::header_label;
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::sync::LazyLock;

/// "Please type your reply above this line".
pub(in crate::message::quote) fn is_reply_line(line: &str) -> bool {
    static WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let words = ["reply above this line", "write above this line", "reply above the dotted line"];
        AhoCorasick::builder().ascii_case_insensitive(true).build(words).expect("fixed words compile")
    });
    line.len() >= 21 && WORDS.is_match(line)
}

/// The writer says that his answers stand inside the history.
pub(in crate::message::quote) fn points_into_history(line: &str) -> bool {
    static WORDS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?i)(?:see|answers?|repl(?:y|ies)|comments?|responses?|inline|my)(?-u:\b)[^.\n]{0,40}(?-u:\b)(?:below|inline|in ?line|between the lines|in (?:caps|red|blue|green|bold))",
            r"|(?-u:\b)(?:below|inline) in (?:caps|red|blue|green|bold)|in capitals|dans le texte|ci-dessous en|siehe unten|im text|in rot|in blau|más abajo|en rojo|en azul|abaixo em|no texto",
            r"|nel testo|in rosso|in blu|hieronder in|ниже в тексте|в тексте|красным|见下|見下|红字|紅字|蓝字|藍字|下記に|文中に|本文中|빨간|아래에"
        ))
        .expect("a fixed pattern compiles")
    });
    line.len() < 300 && WORDS.is_match(line)
}

/// A line that looks like an answer written into someone else's words.
pub(in crate::message::quote) fn is_inline_answer(line: &str) -> bool {
    let line = line.trim();
    if ["=>", "->", "==>", "-->", "»", "☞", ">>", "→"].iter().any(|m| line.starts_with(m)) {
        return true;
    }
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let upper = line.chars().filter(|c| c.is_uppercase()).count();
    letters >= 2 && upper * 10 >= letters * 9 && header_label(line).is_none()
}
