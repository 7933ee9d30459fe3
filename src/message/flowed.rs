//! format=flowed (RFC 3676): lines that end with a space go on in the next one.

use std::borrow::Cow;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Fixed,
    Flowed {
        /// `delsp=yes`: the space at the break is no part of the text.
        drop_space: bool,
    },
}

/// The text with its paragraphs in one line each.
pub(super) fn join(format: Format, text: &str) -> Cow<'_, str> {
    let Format::Flowed { drop_space } = format else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    let mut open_depth: Option<usize> = None;
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let depth = line.bytes().take_while(|&b| b == b'>').count();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        let goes_on = content.ends_with(' ') && content != "-- ";
        match open_depth {
            Some(open) if open == depth && content != "-- " => {}
            _ => {
                if !out.is_empty() || open_depth.is_some() {
                    out.push('\n');
                }
                out.extend(std::iter::repeat_n('>', depth));
                if depth > 0 {
                    out.push(' ');
                }
            }
        }
        out.push_str(if goes_on && drop_space { &content[..content.len() - 1] } else { content });
        // A line that does not go on is closed by the next turn; an empty first line needs its break, too.
        open_depth = goes_on.then_some(depth);
        if !goes_on && out.is_empty() {
            out.push('\n');
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOWED: Format = Format::Flowed { drop_space: false };

    #[test]
    fn a_paragraph_broken_by_the_mailer_is_one_line_again() {
        let text = "We need 2,000 \r\nchairs.\r\n\r\n> your \r\n> price\r\n-- \r\nJo";
        assert_eq!(join(FLOWED, text), "We need 2,000 chairs.\n\n> your price\n-- \nJo");
    }

    #[test]
    fn delsp_drops_the_space_that_only_marks_the_break() {
        assert_eq!(join(Format::Flowed { drop_space: true }, "请报 \n价"), "请报价");
    }

    #[test]
    fn fixed_text_stays_as_it_is() {
        assert_eq!(join(Format::Fixed, "a \nb"), "a \nb");
    }
}
