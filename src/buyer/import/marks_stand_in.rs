//! What else than his addresses may tell that it is he, until the matching of mails has its own.

use crate::domain::{is_free_mail, of_address, registrable};
use crate::text::normalise;

/// A trait of a buyer, made comparable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mark {
    /// `domain`, `phone`, `person`, `company`.
    pub kind: &'static str,
    pub mark: String,
}

pub(super) fn marks(name: Option<&str>, company: Option<&str>, emails: &[String], phone: Option<&str>) -> Vec<Mark> {
    let text = |kind, text: Option<&str>| {
        let mark = normalise(text?).trim().to_owned();
        (!mark.is_empty()).then_some(Mark { kind, mark })
    };
    let mut marks: Vec<Mark> = text("person", name).into_iter().chain(text("company", company)).collect();
    marks.extend(
        phone.filter(|phone| phone.starts_with('+')).map(|phone| Mark { kind: "phone", mark: phone.to_owned() }),
    );
    for domain in emails.iter().filter_map(|email| of_address(email)).filter(|domain| !is_free_mail(domain)) {
        let mark = Mark { kind: "domain", mark: registrable(domain).to_owned() };
        if !marks.contains(&mark) {
            marks.push(mark);
        }
    }
    marks
}
