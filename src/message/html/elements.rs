//! How elements stand on the page.

pub(super) fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "meta" | "link" | "input" | "col" | "base" | "area" | "wbr" | "source")
}

/// Elements with an empty line around them.
pub(super) fn is_paragraph(name: &str) -> bool {
    matches!(name, "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table" | "dl")
}

pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "tr"
            | "dt"
            | "dd"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "center"
            | "address"
            | "fieldset"
            | "form"
            | "option"
            | "tbody"
            | "thead"
            | "body"
            | "caption"
            | "li"
            | "main"
            | "nav"
    )
}

/// Where the tag at the beginning of `rest` ends: quotes may hold a `>`.
pub(super) fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), b) if b == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            (None, b'>') => return Some(at),
            _ => {}
        }
        after_equals = byte == b'=' || after_equals && byte.is_ascii_whitespace();
    }
    // A quote that never closes must not swallow the rest of the mail.
    rest.find('>')
}
