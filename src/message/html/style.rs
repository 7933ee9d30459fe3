//! What a tag's attributes say about being seen.

use memchr::memchr2_iter;

/// The style attribute in lower case and without white space.
pub(super) fn style(attributes: &str) -> Option<String> {
    let mut style = attribute(attributes, "style")?;
    style.make_ascii_lowercase();
    style.retain(|c| !c.is_ascii_whitespace());
    Some(style)
}

/// Whether a tag's attributes, its `style` among them, keep its content from the reader's eyes.
pub(super) fn hides(attributes: &str, style: Option<&str>, coloured: bool) -> bool {
    let Some(style) = style else {
        return attributes.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("hidden"));
    };
    let mut white_text = false;
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let value = value.strip_suffix("!important").unwrap_or(value);
        match property {
            "display" if value == "none" => return true,
            "visibility" if value == "hidden" => return true,
            "mso-hide" if value == "all" => return true,
            "font-size" if matches!(value, "0" | "0px" | "0pt" | "0em" | "1px") => return true,
            "max-height" | "opacity" if matches!(value, "0" | "0px" | "0.0") => return true,
            "color" => white_text = is_white(value),
            _ => {}
        }
    }
    white_text && !coloured
}

/// A ground of any colour but white, or a picture.
pub(super) fn has_coloured_ground(attributes: &str, style: Option<&str>) -> bool {
    if let Some(colour) = attribute(attributes, "bgcolor") {
        return !is_white(&colour.to_ascii_lowercase());
    }
    let Some(style) = style.filter(|style| style.contains("background")) else { return false };
    let grounds = style.split(';').filter_map(|d| d.split_once(':')).filter(|(p, _)| p.starts_with("background"));
    grounds.into_iter().any(|(_, value)| !is_white(value) && !matches!(value, "none" | "transparent" | "inherit"))
}

/// A blockquote that Gmail writes where somebody indents his own words.
pub(super) fn is_indent(style: Option<&str>) -> bool {
    style.is_some_and(|style| style.contains("border:none") && style.contains("margin:00040px"))
}

fn is_white(colour: &str) -> bool {
    matches!(colour, "#fff" | "#ffffff" | "white" | "rgb(255,255,255)")
}

/// The value of an attribute, its references decoded.
pub(super) fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut from = 0;
    loop {
        let at = from + find_ignore_case(&attributes[from..], name)?;
        from = at + name.len();
        let starts_word =
            at == 0 || attributes.as_bytes()[at - 1].is_ascii_whitespace() || attributes.as_bytes()[at - 1] == b'"';
        let Some(value) = attributes[from..].trim_start().strip_prefix('=').filter(|_| starts_word) else { continue };
        let value = value.trim_start();
        let value = match value.as_bytes().first() {
            Some(&quote @ (b'"' | b'\'')) => value[1..].split(char::from(quote)).next().unwrap_or_default(),
            _ => value.split_ascii_whitespace().next().unwrap_or_default(),
        };
        return Some(if value.contains('&') {
            value.replace("&amp;", "&").replace("&#38;", "&")
        } else {
            value.to_owned()
        });
    }
}

fn find_ignore_case(haystack: &str, needle: &str) -> Option<usize> {
    let (haystack, needle) = (haystack.as_bytes(), needle.as_bytes());
    let first = *needle.first()?;
    let starts = memchr2_iter(first, first.to_ascii_uppercase(), haystack);
    starts.into_iter().find(|&at| haystack[at..].get(..needle.len()).is_some_and(|w| w.eq_ignore_ascii_case(needle)))
}
