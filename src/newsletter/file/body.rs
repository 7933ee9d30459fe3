//! A file's parts: the front matter, and its texts by language.

use super::subjects::is_language;

const FENCE: &str = "+++";

/// The front matter, with the fence's line kept as an empty one so that lines count as in the file, and the rest.
pub(super) fn split(content: &str) -> Option<(String, String)> {
    let mut lines = content.lines();
    if lines.next()?.trim_end() != FENCE {
        return None;
    }
    let mut front_matter = String::from("\n");
    for line in lines.by_ref() {
        if line.trim_end() == FENCE {
            return Some((front_matter, lines.collect::<Vec<_>>().join("\n")));
        }
        front_matter.push_str(line);
        front_matter.push('\n');
    }
    None
}

/// A part of the body in one language; None: that of the file.
pub(super) type Section = (Option<String>, String);

pub(super) fn sections(body: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = vec![(None, String::new())];
    for line in body.lines() {
        let tag = line.strip_prefix(FENCE).map(str::trim).filter(|tag| is_language(tag));
        match tag {
            Some(tag) => sections.push((Some(tag.to_lowercase()), String::new())),
            None => sections.last_mut().expect("never empty").1.extend([line, "\n"]),
        }
    }
    // Nothing needs to stand before the first language that is named.
    if sections.len() > 1 && sections[0].1.trim().is_empty() {
        sections.remove(0);
    }
    sections
}
