//! What goes with a newsletter: files beside it, and links to what is too large for a mail.

use super::Around;
use crate::newsletter::Enclosure;
use crate::written::reader::{Mistake, Reader};
use crate::written::tree::Value;
use crate::written::values::text;
use std::path::{Component, Path};

/// Media types by the end of a file's name; what buyers' mail servers refuse (programs, scripts) is not among them.
const TYPES: [(&str, &str); 17] = [
    ("pdf", "application/pdf"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("csv", "text/csv; charset=utf-8"),
    ("txt", "text/plain; charset=utf-8"),
    ("ics", "text/calendar; charset=utf-8"),
    ("mp4", "video/mp4"),
    ("zip", "application/zip"),
];

/// `attachments = ["catalogue.pdf"]`: files in the folder of the newsletter, or below it.
pub(super) fn attachments(reader: &Reader<'_>, around: &Around<'_>) -> Vec<Enclosure> {
    let mut enclosures = Vec::new();
    for found in reader.list("attachments", beside).unwrap_or_default() {
        let (written, content_type) = &found.value;
        match (around.enclosed)(Path::new(written)) {
            Ok(file) => {
                let name = Path::new(written).file_name().unwrap_or_default().to_string_lossy().into_owned();
                enclosures.push(Enclosure { name, content_type, file });
            }
            Err(what) => {
                let remedy = "put it beside the newsletter's file";
                reader.wrong_at(&found, Mistake::new(format!("{written:?} can't be read: {what}"), remedy));
            }
        }
    }
    let total = enclosures.iter().map(|enclosure| enclosure.file.size).sum::<u64>();
    if total > around.attachments_up_to {
        let what = format!("{} are too much for a mail to many", megabytes(total));
        let remedy = format!(
            "put it on the company's website and write links = [{{ name = \"Catalogue ({})\", url = \"https://…\" }}]; \
             newsletter.attachments_up_to allows {}",
            megabytes(total),
            megabytes(around.attachments_up_to)
        );
        reader.wrong("attachments", Mistake::new(what, remedy));
    }
    enclosures
}

fn megabytes(bytes: u64) -> String {
    // Rounded up, so that what is too large does not read as if it were not.
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// A file's name and media type.
fn beside(value: &Value) -> Result<(String, &'static str), Mistake> {
    let written = text(value)?;
    let path = Path::new(&written);
    let is_plain = |part: Component<'_>| match part {
        Component::Normal(name) => !name.to_string_lossy().starts_with('.'),
        _ => false,
    };
    if !path.components().all(is_plain) {
        let what = format!("{written:?} does not lie beside the newsletter");
        return Err(Mistake::new(what, "a file's name, e.g. \"catalogue.pdf\", without .. and without a leading /"));
    }
    let end = path.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
    let known = TYPES.iter().find(|(known, _)| *known == end);
    known.map(|(_, content_type)| (written.clone(), *content_type)).ok_or_else(|| {
        let ends = TYPES.map(|(end, _)| end).join(", ");
        Mistake::new(format!("{written:?} is no file that buyers' mail servers take"), format!("one of: {ends}"))
    })
}

/// `links = [{ name = "Catalogue 2027 (48 MB)", url = "https://…" }]`, as a list in Markdown; None: there are none.
pub(super) fn links(reader: &Reader<'_>) -> Option<String> {
    let mut list = String::new();
    for link in reader.sections("links") {
        let name = link.required("name", text, "what the buyer reads, e.g. \"Catalogue 2027 (48 MB)\"");
        let url = link.required("url", address, "where it lies, e.g. \"https://www.example.com/catalogue.pdf\"");
        link.finish();
        if let (Some(name), Some(url)) = (name, url) {
            list.push_str(&format!("- [{}](<{url}>)\n", escaped(&name)));
        }
    }
    (!list.is_empty()).then_some(list)
}

fn address(value: &Value) -> Result<String, Mistake> {
    let written = text(value)?;
    let is_link = ["https://", "http://"].iter().any(|scheme| written.to_lowercase().starts_with(scheme));
    let is_plain = !written.chars().any(|c| c.is_whitespace() || c.is_control() || "<>{}\\".contains(c));
    (is_link && is_plain).then(|| written.clone()).ok_or_else(|| {
        Mistake::new(format!("{written:?} is no link"), "e.g. \"https://www.example.com/catalogue.pdf\"")
    })
}

/// A text that means nothing else in Markdown; personal words stay what they are.
pub(in crate::newsletter) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            out.push(' ');
        } else {
            if "\\`*_[]<>#|~&".contains(c) {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}
