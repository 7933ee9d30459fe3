//! Markdown as mail: HTML with inline styles, and text that reads well by itself.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// How a paragraph begins.
pub(super) const PARAGRAPH: &str = "<p style=\"margin:0 0 14px 0\">";

/// Inline styles, because mail clients ignore others. What the author wrote is escaped, so these tags can only come
/// from the renderer.
const STYLES: [(&str, &str); 16] = [
    ("<h1>", "<h1 style=\"margin:0 0 14px 0;font-size:24px;line-height:1.3\">"),
    ("<h2>", "<h2 style=\"margin:26px 0 10px 0;font-size:19px;line-height:1.3\">"),
    ("<h3>", "<h3 style=\"margin:22px 0 8px 0;font-size:16px;line-height:1.3\">"),
    ("<p>", PARAGRAPH),
    ("<ul>", "<ul style=\"margin:0 0 14px 0;padding:0 0 0 24px\">"),
    ("<ol>", "<ol style=\"margin:0 0 14px 0;padding:0 0 0 24px\">"),
    ("<li>", "<li style=\"margin:0 0 4px 0\">"),
    ("<a href=", "<a class=\"link\" style=\"color:#1f5fa8\" href="),
    ("<hr />", "<hr style=\"margin:22px 0;border:0;border-top:1px solid #a9b0b9\">"),
    ("<blockquote>", "<blockquote style=\"margin:0 0 14px 0;padding:0 0 0 12px;border-left:3px solid #a9b0b9\">"),
    ("<pre>", "<pre style=\"margin:0 0 14px 0;font-size:13px;white-space:pre-wrap\">"),
    ("<table>", "<table cellspacing=\"0\" border=\"0\" style=\"margin:0 0 14px 0;border-collapse:collapse\">"),
    ("<th style=\"text-align", "<th style=\"padding:5px 14px 5px 0;border-bottom:2px solid #a9b0b9;text-align"),
    ("<td style=\"text-align", "<td style=\"padding:5px 14px 5px 0;border-bottom:1px solid #a9b0b9;text-align"),
    ("<th>", "<th align=\"left\" style=\"padding:5px 14px 5px 0;border-bottom:2px solid #a9b0b9\">"),
    ("<td>", "<td style=\"padding:5px 14px 5px 0;border-bottom:1px solid #a9b0b9\">"),
];

/// Links that a mail may carry.
const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];

/// The body as HTML.
pub(super) fn to_html(markdown: &str) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events(markdown));
    STYLES.iter().fold(html, |html, (tag, styled)| html.replace(tag, styled))
}

/// The body as text; a link's address stands behind its words.
pub(super) fn to_text(markdown: &str) -> String {
    let mut writer = TextWriter::default();
    for event in events(markdown) {
        writer.take(event);
    }
    writer.out.trim().to_owned()
}

/// What may be rendered: raw HTML as plain words, no pictures, no links but [`SCHEMES`].
fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let mut dropped_links = Vec::new();
    Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).filter_map(move |event| {
        match event {
            Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
            Event::Start(Tag::Link { ref dest_url, .. }) => {
                let allowed = SCHEMES.iter().any(|scheme| dest_url.to_ascii_lowercase().starts_with(scheme));
                dropped_links.push(!allowed);
                allowed.then_some(event)
            }
            Event::End(TagEnd::Link) => (!dropped_links.pop().unwrap_or(false)).then_some(event),
            // A block of raw HTML has its own wrapper, which renders nothing.
            Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
            other => Some(other),
        }
    })
}

#[derive(Default)]
struct TextWriter {
    out: String,
    /// Numbers of the lists we are in; None: bullets.
    lists: Vec<Option<u64>>,
    quotes: usize,
    /// Addresses of the links we are in, and where their words began.
    links: Vec<(String, usize)>,
}

impl TextWriter {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.words(&text),
            Event::SoftBreak => self.out.push(' '),
            Event::HardBreak => self.line(),
            Event::Rule => {
                self.block();
                self.out.push_str("----------");
            }
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph if self.at_item_start() => {}
            Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::Table(_) => self.block(),
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.block();
                }
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            Tag::TableRow => self.line(),
            Tag::Link { dest_url, .. } => self.links.push((dest_url.into_string(), self.out.len())),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::TableCell => self.out.push_str(" | "),
            TagEnd::TableHead | TagEnd::TableRow => {
                let length = self.out.trim_end_matches([' ', '|']).len();
                self.out.truncate(length);
            }
            TagEnd::Link => self.link_end(),
            _ => {}
        }
    }

    fn words(&mut self, text: &str) {
        for (index, line) in text.trim_end_matches('\n').split('\n').enumerate() {
            if index > 0 {
                self.line();
            }
            self.out.push_str(line);
        }
    }

    fn link_end(&mut self) {
        let Some((address, start)) = self.links.pop() else { return };
        let bare = address.trim_start_matches("mailto:").trim_start_matches("tel:").to_owned();
        if self.out[start..] != address && self.out[start..] != bare {
            self.out.push_str(&format!(" ({bare})"));
        }
    }

    fn item(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.line();
        }
        let depth = self.lists.len().saturating_sub(1);
        self.out.push_str(&"  ".repeat(depth));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                self.out.push_str(&format!("{number}. "));
                *number += 1;
            }
            _ => self.out.push_str("- "),
        }
    }

    fn at_item_start(&self) -> bool {
        !self.lists.is_empty() && (self.out.ends_with("- ") || self.out.ends_with(". "))
    }

    fn line(&mut self) {
        self.out.push('\n');
        self.out.push_str(&"> ".repeat(self.quotes));
    }

    fn block(&mut self) {
        if !self.out.is_empty() {
            self.out.push_str("\n\n");
        }
        self.out.push_str(&"> ".repeat(self.quotes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_html_is_shown_and_never_passed_on() {
        let html = to_html("a <b onclick='x'>b</b>\n\n<div><script>x</script>\n<p>\n</div>\n\n```\n<p>code</p>\n```\n");
        for tag in ["<b", "<div", "<script", "<p>"] {
            assert!(!html.contains(tag), "{tag} in {html}");
        }
        assert!(html.contains("&lt;script&gt;") && html.contains("&lt;p&gt;code"), "{html}");
    }

    #[test]
    fn only_links_that_a_mail_may_carry_stay_links() {
        let body = "[a](javascript:x) [b](JAVASCRIPT:x) [c](data:x) [d](/local) [e](file:///etc) \
                    [f](https://x.example) [g](MAILTO:x@x.example) [h](tel:+861)";
        let html = to_html(body);
        assert_eq!(html.matches("<a ").count(), 3, "{html}");
        assert!(!html.to_lowercase().contains("javascript") && html.contains(">f</a>"), "{html}");
        assert_eq!(to_text(body), "a b c d e f (https://x.example) g (MAILTO:x@x.example) h (+861)");
    }

    #[test]
    fn a_picture_becomes_its_description() {
        assert!(!to_html("![our stand](https://t.example/1.png)").contains("img"));
        assert_eq!(to_text("![our stand](https://t.example/1.png)"), "our stand");
    }

    #[test]
    fn text_keeps_the_shape_of_what_the_author_wrote() {
        let body =
            "# Head\n\none\ntwo  \nthree\n\n1. first\n\n2. second\n   - inner\n\n> quoted\n> on\n\n```\na\n  b\n```\n";
        let expected = "Head\n\none two\nthree\n\n1. first\n2. second\n  - inner\n\n> quoted on\n\na\n  b";
        assert_eq!(to_text(body), expected);
    }

    #[test]
    fn a_table_keeps_its_alignment_and_gets_its_lines() {
        let html = to_html("|a|b|\n|---|---:|\n|1|2|\n");
        assert!(html.contains("border-bottom:1px solid #a9b0b9;text-align: right"), "{html}");
        assert_eq!(to_text("|a|b|\n|---|---:|\n|1|2|\n"), "a | b\n1 | 2");
    }
}
