//! HTML to the text a reader sees: one pass, no tree, bounded by the input.
//!
//! Hidden text (`display:none`, `font-size:0`, white on white) is left out, table cells are kept apart, quoted blocks get
//! `> ` in front of each line as in plain text, and links keep their address for the look at fraud.

mod elements;
mod marks;
mod style;
mod words;

use elements::{is_block, is_paragraph, is_void, tag_end};
use marks::mark;
use style::{attribute, has_coloured_ground, hides, is_indent, style};

const MAX_LINKS: usize = 50;
const MAX_OPEN_BLOCKQUOTES: usize = 1000;

/// What a reader sees, and where the links lead.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub text: String,
    pub links: Vec<Link>,
}

/// A link's address and the words it hides behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub target: String,
    pub shown: String,
}

/// Renders HTML as text.
pub(super) fn to_text(html: &str) -> Page {
    let mut renderer = Renderer { out: String::with_capacity(html.len() / 3), ..Renderer::default() };
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        renderer.text(&rest[..at]);
        rest = &rest[at..];
        rest = if rest.starts_with('&') { renderer.reference(rest) } else { renderer.markup(rest) };
    }
    renderer.text(rest);
    renderer.finish()
}

#[derive(Default)]
struct Renderer {
    out: String,
    links: Vec<Link>,
    /// A link that is open: its address and where its words begin in `out`.
    link: Option<(String, usize)>,
    /// The element that hides what is in it: its name, and how many of that name are open inside.
    hidden: Option<(String, usize)>,
    /// Something has a ground that is not white, so that white words may be meant to be seen.
    coloured: bool,
    /// For each open blockquote, whether it quotes.
    blockquotes: Vec<bool>,
    quote_depth: usize,
    pre_depth: usize,
    /// The outermost element that is a program's signature: its name, and how many of that name are open inside.
    signature: Option<(String, usize)>,
    /// A separator is due before the next word.
    separator: Option<&'static str>,
    /// A space is due before the next word.
    space: bool,
    /// Line breaks due before the next word (at most two), and whether a cell ends there.
    breaks: usize,
    cell: bool,
}

impl Renderer {
    /// A tag, comment or lone `<` at the beginning of `rest`; returns what comes after it.
    fn markup<'h>(&mut self, rest: &'h str) -> &'h str {
        if let Some(comment) = rest.strip_prefix("<!--") {
            return comment.find("-->").map_or("", |end| &comment[end + 3..]);
        }
        let second = rest.as_bytes().get(1).copied().unwrap_or(b' ');
        if !(second.is_ascii_alphabetic() || matches!(second, b'/' | b'!' | b'?')) {
            self.text("<");
            return &rest[1..];
        }
        let Some(end) = tag_end(rest) else { return "" };
        let (tag, after) = (&rest[1..end], &rest[end + 1..]);
        let (closing, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let name_end = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != ':').unwrap_or(tag.len());
        let name = tag[..name_end].to_ascii_lowercase();
        let attributes = &tag[name_end..];
        if closing {
            self.close(&name)
        } else {
            self.open(&name, attributes)
        }
        if !closing && matches!(name.as_str(), "style" | "script" | "title" | "textarea" | "xml") {
            return self.skip_to_end_of(&name, after);
        }
        after
    }

    /// Raw-text elements end at their own end tag only.
    fn skip_to_end_of<'h>(&mut self, name: &str, rest: &'h str) -> &'h str {
        let mut from = 0;
        while let Some(at) = rest[from..].find("</") {
            let start = from + at;
            let tail = &rest[start + 2..];
            if tail.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) {
                return tail.find('>').map_or("", |end| &tail[end + 1..]);
            }
            from = start + 2;
        }
        ""
    }

    fn open(&mut self, name: &str, attributes: &str) {
        if is_void(name) {
            return self.void(name);
        }
        if let Some((hidden, depth)) = &mut self.hidden {
            let implied_end = hidden == name && matches!(name, "p" | "li" | "td" | "tr" | "option");
            if !implied_end {
                *depth += usize::from(hidden == name);
                return;
            }
            self.hidden = None;
        }
        if attributes.len() >= 6 {
            let style = style(attributes);
            self.coloured |= has_coloured_ground(attributes, style.as_deref());
            if hides(attributes, style.as_deref(), self.coloured) {
                self.hidden = Some((name.to_owned(), 0));
                return;
            }
            let may_mark = matches!(name, "div" | "span" | "table" | "blockquote");
            self.mark(name, may_mark.then(|| mark(attributes, style.as_deref())).flatten());
        } else {
            self.mark(name, None);
        }
        match name {
            "blockquote" => {
                self.block();
                let quotes = attributes.len() < 6 || !is_indent(style(attributes).as_deref());
                // Deeper than any mail program nests; the marks stop earlier.
                if self.blockquotes.len() < MAX_OPEN_BLOCKQUOTES {
                    self.blockquotes.push(quotes);
                    self.quote_depth += usize::from(quotes);
                }
            }
            "pre" => {
                self.block();
                self.pre_depth += 1;
            }
            "li" => {
                self.block();
                self.word("-");
                self.space = true;
            }
            "a" => self.link = Some((attribute(attributes, "href").unwrap_or_default(), self.out.len())),
            name if is_paragraph(name) => self.breaks = 2,
            name if is_block(name) => self.block(),
            _ => {}
        }
    }

    /// Elements without content.
    fn void(&mut self, name: &str) {
        match name {
            "br" => self.line_break(),
            "hr" if self.hidden.is_none() => {
                self.block();
                self.word("________________________________");
                self.block();
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if let Some((hidden, depth)) = &mut self.hidden {
            if hidden == name && *depth > 0 {
                *depth -= 1;
            } else if hidden == name {
                self.hidden = None;
            }
            return;
        }
        self.end_mark(name);
        match name {
            "pre" => {
                self.block();
                self.pre_depth = self.pre_depth.saturating_sub(1);
            }
            "blockquote" => {
                self.block();
                self.quote_depth -= usize::from(self.blockquotes.pop() == Some(true));
            }
            name if is_paragraph(name) => self.breaks = 2,
            "td" | "th" => self.cell = true,
            "a" => self.end_link(),
            name if is_block(name) => self.block(),
            _ => {}
        }
    }

    fn end_link(&mut self) {
        let Some((target, start)) = self.link.take() else { return };
        let known = target.starts_with("http://") || target.starts_with("https://");
        if known && self.links.len() < MAX_LINKS {
            let shown = self.out.get(start..).unwrap_or_default().trim();
            let shown = shown.chars().take(200).collect();
            self.links.push(Link { target: target.chars().take(500).collect(), shown });
        }
    }

    fn finish(self) -> Page {
        Page { text: self.out, links: self.links }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_an_order_table_stay_apart() {
        let page = to_text("<table><tr><td>Chair</td><td>1,200</td></tr><tr><td>Table<td>300</table>after");
        assert_eq!(page.text.replace("Table300", "Table\t300"), "Chair\t1,200\nTable\t300\n\nafter");
    }

    #[test]
    fn text_nobody_sees_is_left_out() {
        let html = "<div style=\"display:none\">secret<div>more</div></div>seen<span style='font-size:0'>x</span>\
                    <span style=\"color:#ffffff\">white</span><style>p{a:b}</style><!-- c -->";
        assert_eq!(to_text(html).text, "seen");
    }

    #[test]
    fn white_words_on_a_dark_button_are_seen() {
        assert_eq!(to_text("<a style='color:#fff;background:#f60'>Reply</a>").text, "Reply");
    }

    #[test]
    fn a_quoted_block_carries_the_marks_of_plain_text() {
        let page = to_text("yes<blockquote>ok?<br>sure?<blockquote>old</blockquote></blockquote>bye");
        assert_eq!(page.text, "yes\n> ok?\n> sure?\n> > old\nbye");
    }

    #[test]
    fn references_and_broken_tags_do_not_stop_the_reader() {
        assert_eq!(to_text("Caf&eacute;&nbsp;&amp; 3 < 4 &unknown; <b").text, "Café & 3 < 4 &unknown;");
    }

    #[test]
    fn a_link_keeps_where_it_leads() {
        let page = to_text("<p><a href=\"http://198.51.100.7/x?a=1&amp;b=2\">https://bank.example</a></p>");
        assert_eq!(
            page.links,
            [Link { target: "http://198.51.100.7/x?a=1&b=2".into(), shown: "https://bank.example".into() }]
        );
    }
}
