//! What a tag's attributes say about being seen.

/// Whether a tag's attributes keep its content from the reader's eyes.
pub(super) fn hides(attributes: &str, coloured: bool) -> bool {
    if attributes.len() < 6 {
        return false;
    }
    let Some(style) = attribute(attributes, "style") else {
        return attributes.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("hidden"));
    };
    let style: String = style.to_ascii_lowercase().split_ascii_whitespace().collect();
    let mut white_text = false;
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let value = value.trim_end_matches("!important");
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
pub(super) fn has_coloured_ground(attributes: &str) -> bool {
    if let Some(colour) = attribute(attributes, "bgcolor") {
        return !is_white(&colour.to_ascii_lowercase());
    }
    let Some(style) = attribute(attributes, "style") else { return false };
    let style: String = style.to_ascii_lowercase().split_ascii_whitespace().collect();
    let grounds = style.split(';').filter_map(|d| d.split_once(':')).filter(|(p, _)| p.starts_with("background"));
    grounds.into_iter().any(|(_, value)| !is_white(value) && !matches!(value, "none" | "transparent" | "inherit"))
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
        return Some(value.replace("&amp;", "&").replace("&#38;", "&"));
    }
}

fn find_ignore_case(haystack: &str, needle: &str) -> Option<usize> {
    haystack.as_bytes().windows(needle.len()).position(|w| w.eq_ignore_ascii_case(needle.as_bytes()))
}
