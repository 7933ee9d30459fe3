//! Other people's words made fit for one line of a letter.

/// At most `limit` characters on one line: white space and control characters become single spaces, characters that
/// turn the direction of the text around are left out, `…` marks what was cut.
pub(super) fn line(text: &str, limit: usize) -> String {
    if text.len() <= limit && is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut length = 0;
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    for c in words.flat_map(|word| std::iter::once(' ').chain(word.chars())).skip(1) {
        if turns_direction(c) {
            continue;
        }
        if length == limit {
            let end = out.rfind(' ').filter(|at| out.len() - at < 24).unwrap_or(out.len());
            out.truncate(end);
            out.push('…');
            break;
        }
        out.push(c);
        length += 1;
    }
    out
}

/// Whether nothing is to be done about it, as with most of what people write: single spaces, and nothing that is not seen.
fn is_plain(text: &str) -> bool {
    let spaces = text.starts_with(' ') || text.ends_with(' ') || text.contains("  ");
    let strange = |c: char| c != ' ' && (c.is_control() || c.is_whitespace() || turns_direction(c));
    let control = || if text.is_ascii() { text.bytes().any(|b| b.is_ascii_control()) } else { text.contains(strange) };
    !spaces && !control()
}

/// Explicit bidirectional formatting (Unicode UAX #9 section 2): lets `exe.gpj` look like `jpg.exe`.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Some of `texts`, each cut to `limit`, joined; None if there are none.
pub(super) fn list<'a>(texts: impl IntoIterator<Item = &'a String>, most: usize, limit: usize) -> Option<String> {
    let mut texts = texts.into_iter();
    let mut shown: Vec<String> = texts.by_ref().take(most).map(|text| line(text, limit)).collect();
    if shown.is_empty() {
        return None;
    }
    match texts.count() {
        0 => {}
        more => shown.push(format!("… +{more}")),
    }
    Some(shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buyers_words_stay_on_their_line() {
        assert_eq!(line("Hello\r\n\n── A  #1\tfake\u{0}line \u{2028} x", 80), "Hello ── A #1 fake line x");
        assert_eq!(line("photo\u{202e}gpj.exe", 80), "photogpj.exe");
        assert_eq!(line("", 80), "");
        assert_eq!(line("four", 4), "four");
        assert_eq!(line("please quote 600 chairs", 15), "please quote…");
        assert_eq!(line("请给我们报价单和样品", 4), "请给我们…");
    }

    #[test]
    fn a_long_list_says_how_many_more_there_are() {
        let names: Vec<String> = ["a.pdf", "b.pdf", "c.pdf"].map(str::to_owned).to_vec();
        assert_eq!(list(&names, 2, 20).as_deref(), Some("a.pdf, b.pdf, … +1"));
        assert_eq!(list(&names, 3, 20).as_deref(), Some("a.pdf, b.pdf, c.pdf"));
        assert_eq!(list(&[], 3, 20), None);
    }
}
