//! The subject of each language's text.

use crate::written::reader::{Mistake, Reader};
use crate::written::tree::Value;
use crate::written::values::text;

/// Characters; mail programs show about 60 of them.
const SUBJECT_LIMIT: usize = 150;

/// Subjects by language; one without a language is that of the first text.
pub(super) struct Subjects(Vec<(Option<String>, String)>);

impl Subjects {
    pub(super) fn read(reader: &Reader<'_>) -> Subjects {
        let by_language = reader.entries().find(|(key, _)| *key == "subject").map(|(_, node)| &node.value);
        if let Some(Value::Table(_)) = by_language {
            let section = reader.section("subject");
            let tags: Vec<String> = section.entries().map(|(key, _)| key.to_owned()).collect();
            for tag in tags.iter().filter(|tag| !is_language(tag)) {
                section.wrong(tag, Mistake::new("this is no language", "two letters, e.g. en, zh, es"));
            }
            let subject = |tag: String| Some((Some(tag.to_lowercase()), section.optional(&tag, subject)?));
            let subjects = tags.into_iter().filter_map(subject).collect();
            section.finish();
            return Subjects(subjects);
        }
        let subject = reader.required("subject", subject, "what the buyers read first");
        Subjects(subject.map(|subject| (None, subject)).into_iter().collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn of(&self, language: Option<&str>, is_first: bool) -> Option<String> {
        let fits = |(tag, _): &&(Option<String>, String)| match tag.as_deref() {
            None => is_first,
            // A first text that names no language has the first subject.
            Some(tag) => language.map_or(is_first, |language| language == tag),
        };
        self.0.iter().find(fits).map(|(_, subject)| subject.clone())
    }
}

pub(super) fn is_language(tag: &str) -> bool {
    (2..=3).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphabetic())
}

pub(super) fn language(value: &Value) -> Result<String, Mistake> {
    let tag = text(value)?;
    is_language(&tag)
        .then(|| tag.to_lowercase())
        .ok_or_else(|| Mistake::new(format!("{tag:?} is no language"), "two letters, e.g. \"en\", \"zh\", \"es\""))
}

fn subject(value: &Value) -> Result<String, Mistake> {
    let subject = text(value)?;
    if subject.chars().any(char::is_control) {
        return Err(Mistake::new("a subject is one line", "take the line breaks and tabs out"));
    }
    match subject.chars().count() {
        length if length > SUBJECT_LIMIT => Err(Mistake::new(
            format!("{length} characters are too long for a subject"),
            format!("at most {SUBJECT_LIMIT}"),
        )),
        _ => Ok(subject),
    }
}
