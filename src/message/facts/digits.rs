//! Figures of other scripts are figures.

use std::borrow::Cow;

/// The text with Arabic-Indic, Persian and full-width figures (and full-width Latin letters) as ASCII.
pub(super) fn in_ascii(text: &str) -> Cow<'_, str> {
    // The lead bytes of all of them; most texts have neither.
    let may_hold = !text.is_ascii() && text.bytes().any(|b| matches!(b, 0xd9 | 0xdb | 0xef));
    if !may_hold || !text.chars().any(|c| ascii(c).is_some()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| ascii(c).unwrap_or(c)).collect())
}

fn ascii(c: char) -> Option<char> {
    let figure = |zero: char| char::from_digit(c as u32 - zero as u32, 10);
    match c {
        '٠'..='٩' => figure('٠'),
        '۰'..='۹' => figure('۰'),
        '\u{66b}' => Some('.'),
        '\u{66c}' => Some(','),
        '０'..='９' => figure('０'),
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '＄' | '＋' | '－' | '．' => char::from_u32(c as u32 - 0xfee0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_all_scripts_are_read_alike() {
        assert_eq!(in_ascii("نريد ٢٥٠٠ قطعة"), "نريد 2500 قطعة");
        assert_eq!(in_ascii("۱۲۳٫۵"), "123.5");
        assert_eq!(in_ascii("数量３００個、ＦＯＢ"), "数量300個、FOB");
        assert!(matches!(in_ascii("数量 300"), Cow::Borrowed(_)));
    }
}
