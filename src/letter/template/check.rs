//! A company's own templates are tried before any mail depends on them.

use super::sources::{Mail, REPORT, Sources};
use super::{Content, HTML, environment};
use crate::letter::samples;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, context};
use std::collections::BTreeSet;

/// Something wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TemplateProblem {
    /// `digest/mail.mjml`
    pub file: String,
    /// Counted from 1.
    pub line: Option<usize>,
    pub what: String,
    /// What would be right; may be empty.
    pub remedy: String,
}

impl TemplateProblem {
    pub(super) fn new(file: &str, line: Option<usize>, what: String) -> Self {
        TemplateProblem { file: file.to_owned(), line, what, remedy: String::new() }
    }

    /// Of minijinja's error, which may lie in a file that `file` includes.
    pub(super) fn of(error: &Error, file: &str) -> Self {
        let what = match (error.kind(), error.detail()) {
            (ErrorKind::UndefinedError, None) => "the mail has no such value".to_owned(),
            // minijinja says "`page.titel` is undefined".
            (ErrorKind::UndefinedError, Some(detail)) => {
                format!("the mail has no value {}", detail.trim_end_matches(" is undefined").trim_matches('`'))
            }
            (kind, None) => kind.to_string(),
            (kind, Some(detail)) => format!("{kind}: {detail}"),
        };
        TemplateProblem::new(error.name().unwrap_or(file), error.line(), what)
    }
}

/// The shipped templates with others laid over them, every one of them filled with samples of every mail.
pub(super) fn checked(overrides: &[(String, String)]) -> Result<Environment<'static>, Vec<TemplateProblem>> {
    let mut sources = Sources::shipped();
    let mut problems: Vec<TemplateProblem> =
        overrides.iter().filter(|(name, source)| !sources.lay(name, source)).map(|(name, _)| unknown(name)).collect();
    match environment(&sources) {
        Err(found) => problems.extend(found),
        Ok(mut environment) => {
            problems.extend(tried(&environment, &sources));
            // A branch that no sample takes shows nothing where it names what isn't there.
            environment.set_undefined_behavior(UndefinedBehavior::Chainable);
            if problems.is_empty() {
                return Ok(environment);
            }
        }
    }
    Err(problems)
}

/// A name that no mail knows, with those that are known.
fn unknown(name: &str) -> TemplateProblem {
    let folder = name.split('/').next().unwrap_or_default();
    let sources = Sources::shipped();
    let of_folder: Vec<&str> =
        sources.iter().filter_map(|(known, _)| known.strip_prefix(folder)?.strip_prefix('/')).collect();
    let (what, known) = if of_folder.is_empty() {
        let folders: BTreeSet<&str> = sources.iter().filter_map(|(known, _)| known.split('/').next()).collect();
        ("no mail has such templates", folders.into_iter().collect::<Vec<_>>())
    } else {
        ("this mail has no such template", of_folder)
    };
    TemplateProblem { remedy: known.join(", "), ..TemplateProblem::new(name, None, what.to_owned()) }
}

/// Fills each file, as it was written, with every sample that it is for: then the lines are those of the file.
fn tried(environment: &Environment<'_>, sources: &Sources) -> Vec<TemplateProblem> {
    let mut problems = BTreeSet::new();
    for content in samples::contents() {
        let of_mail = |name: &&str| {
            let of_reports = name.starts_with(REPORT) && content.mail.is_report();
            name.starts_with(content.mail.folder()) || name.starts_with("shared/") || of_reports
        };
        let html = format!("{}/{HTML}", content.mail.folder());
        let mut found = false;
        for name in sources.iter().map(|(name, _)| name).filter(of_mail) {
            if let Err(error) = fill(environment, name, &content) {
                found |= problems.insert(TemplateProblem::of(&error, name));
            }
        }
        // What each file alone doesn't show.
        if !found
            && problems.is_empty()
            && let Err(error) = fill(environment, &html, &content)
        {
            problems.insert(TemplateProblem { line: None, ..TemplateProblem::of(&error, &mjml_of(content.mail)) });
        }
    }
    problems.into_iter().collect()
}

fn mjml_of(mail: Mail) -> String {
    format!("{}/mail.mjml", mail.folder())
}

fn fill(environment: &Environment<'_>, name: &str, content: &Content) -> Result<String, Error> {
    let moment = content.subject.moments.first().cloned().unwrap_or_default();
    let values = context! { facts => content.subject.facts.clone(), moment => moment, ..content.values() };
    environment.get_template(name)?.render(values)
}
