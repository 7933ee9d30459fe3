//! Words as they are written out, with the breaks, cells and marks of quoting that are due before them.

use super::Renderer;
use crate::message::parse::push_html_reference;

const MAX_QUOTE_DEPTH: usize = 9;

impl Renderer {
    pub(super) fn text(&mut self, text: &str) {
        if text.is_empty() || self.hidden.is_some() {
            return;
        }
        if self.pre_depth > 0 {
            for line in text.split_inclusive('\n') {
                let content = line.trim_end_matches(['\n', '\r']);
                if !content.is_empty() {
                    self.word(content);
                }
                if line.ends_with('\n') {
                    self.line_break();
                }
            }
            return;
        }
        let mut words = text.split(|c: char| c.is_ascii_whitespace() || c == '\u{a0}').peekable();
        while let Some(word) = words.next() {
            if !word.is_empty() {
                self.word(word);
            }
            self.space |= words.peek().is_some();
        }
    }

    /// Appends a word with the break, cell or space that is due before it.
    pub(super) fn word(&mut self, word: &str) {
        if let Some(separator) = self.separator.take() {
            self.block();
            self.word(separator);
            self.block();
        }
        let breaks = std::mem::take(&mut self.breaks);
        let (space, cell) = (std::mem::take(&mut self.space), std::mem::take(&mut self.cell));
        if self.out.is_empty() {
            self.quote_marks();
        } else if breaks > 0 {
            for _ in 0..breaks {
                self.out.push('\n');
                self.quote_marks();
            }
        } else if cell {
            self.out.push('\t');
        } else if space {
            self.out.push(' ');
        }
        self.out.push_str(word);
    }

    fn quote_marks(&mut self) {
        for _ in 0..self.quote_depth.min(MAX_QUOTE_DEPTH) {
            self.out.push_str("> ");
        }
    }

    pub(super) fn line_break(&mut self) {
        self.breaks = (self.breaks + 1).min(2);
    }

    pub(super) fn block(&mut self) {
        self.breaks = self.breaks.max(1);
    }

    /// `&…;` at the beginning of `rest`; returns what comes after it.
    pub(super) fn reference<'h>(&mut self, rest: &'h str) -> &'h str {
        let end = rest.bytes().take(32).position(|b| b == b';' || b.is_ascii_whitespace() || b == b'<');
        match end {
            Some(end) if rest.as_bytes()[end] == b';' => {
                let mut decoded = String::new();
                push_html_reference(&rest[..=end], &mut decoded);
                match decoded.as_str() {
                    "\u{a0}" => self.space = true,
                    "\n" | "\r" => self.line_break(),
                    _ => self.text(&decoded),
                }
                &rest[end + 1..]
            }
            _ => {
                self.text("&");
                &rest[1..]
            }
        }
    }
}
