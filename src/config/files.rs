//! The files of a configuration: found, read with a bound, handed to those who understand them.

use super::Context;
use super::merge::Merging;
use crate::grading::RuleBook;
use crate::letter::{TemplateProblem, Templates};
use crate::message::RelayBook;
use crate::written::problems::{Place, Problem};
use crate::written::tree::{self, Table, Value};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Bytes; nobody writes a configuration by hand that is larger.
const FILE_LIMIT: u64 = 4 << 20;

/// The tree of the configuration file, its drop-ins and the environment; None if one of them can't be read.
pub(super) fn merged(path: &Path, context: &Context<'_>) -> Option<Table> {
    let mut merging = Merging::new(&parsed(path, "name the file with -c FILE", context)?);
    let mut complete = true;
    for drop_in in listed(&path.with_extension("d"), "toml", context) {
        match parsed(&drop_in, "", context) {
            Some(upper) => merging.lay(&upper),
            None => complete = false,
        }
    }
    merging.lay_environment(context.environment).into_iter().for_each(|problem| context.problem(problem));
    complete.then(|| merging.tree())
}

fn parsed(path: &Path, remedy: &str, context: &Context<'_>) -> Option<Table> {
    let text = read(path, remedy, context)?;
    let (node, problems) = tree::parse(&text, &path.display().to_string());
    match node.value {
        Value::Table(table) if problems.is_empty() => Some(table),
        _ => {
            problems.into_iter().for_each(|problem| context.problem(problem));
            None
        }
    }
}

/// The rules, and the file they were read from.
pub(super) struct Rules {
    /// None: the file has mistakes, which have been noted.
    pub book: Option<RuleBook>,
    /// None: the shipped rules.
    pub file: Option<PathBuf>,
}

/// grading.toml beside the configuration, or else the shipped rules.
pub(super) fn rules(context: &Context<'_>) -> Rules {
    let path = context.base.join("grading.toml");
    if !path.exists() {
        return Rules { book: Some(RuleBook::shipped()), file: None };
    }
    let book = read(&path, "", context).and_then(|text| {
        let parsed = RuleBook::parse(&text, &path.display().to_string());
        parsed.map_err(|problems| problems.into_iter().for_each(|problem| context.problem(problem))).ok()
    });
    Rules { book, file: Some(path) }
}

/// Who writes for a buyer, and the file that adds to it.
pub(super) struct Relays {
    /// None: the file has mistakes, which have been noted.
    pub book: Option<RelayBook>,
    /// None: the shipped relays alone.
    pub file: Option<PathBuf>,
}

/// relays.toml beside the configuration added to the shipped relays.
pub(super) fn relays(context: &Context<'_>) -> Relays {
    let path = context.base.join("relays.toml");
    if !path.exists() {
        return Relays { book: Some(RelayBook::default()), file: None };
    }
    let book = read(&path, "", context).and_then(|text| {
        let parsed = RelayBook::with(&text, &path.display().to_string());
        parsed.map_err(|problems| problems.into_iter().for_each(|problem| context.problem(problem))).ok()
    });
    Relays { book, file: Some(path) }
}

/// Notes relays that rules name and nobody knows.
pub(super) fn check_relays(rules: &Rules, relays: &Relays, context: &Context<'_>) {
    let (Some(rules), Some(relays)) = (&rules.book, &relays.book) else { return };
    let known: Vec<&str> = relays.names().chain(["direct", "web_form", "forward"]).collect();
    rules.unknown_relays(&known).for_each(|problem| context.problem(problem));
}

/// The templates beside the configuration laid over the shipped ones; None if they have mistakes, which are noted.
pub(super) fn templates(context: &Context<'_>) -> Option<Templates> {
    let folder = context.base.join("templates");
    let mut overrides = Vec::new();
    for path in entries(&folder, context) {
        let files = if path.is_dir() { entries(&path, context) } else { vec![path] };
        for file in files {
            let name: Vec<_> =
                file.strip_prefix(&folder).unwrap_or(&file).iter().map(|part| part.to_string_lossy()).collect();
            overrides.extend(read(&file, "", context).map(|source| (name.join("/"), source)));
        }
    }
    let problem = |problem: TemplateProblem| Problem {
        place: Place { file: folder.join(&problem.file).display().to_string().into(), line: problem.line },
        key: String::new(),
        what: problem.what,
        remedy: problem.remedy,
    };
    Templates::with(&overrides)
        .map_err(|problems| problems.into_iter().for_each(|found| context.problem(problem(found))))
        .ok()
}

/// The files of a folder with an extension, by name.
pub(super) fn listed(folder: &Path, extension: &str, context: &Context<'_>) -> Vec<PathBuf> {
    let mut paths = entries(folder, context);
    paths.retain(|path| path.extension().is_some_and(|end| end == extension));
    paths
}

/// What a folder holds, by name; hidden files are left out, and so is a folder that isn't there.
fn entries(folder: &Path, context: &Context<'_>) -> Vec<PathBuf> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            context.problem(unreadable(folder, &error, ""));
            return Vec::new();
        }
    };
    let hidden = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| !hidden(path));
    paths.sort();
    paths
}

/// A file's text; None if it can't be had, which is noted.
pub(super) fn read(path: &Path, remedy: &str, context: &Context<'_>) -> Option<String> {
    match read_text(path) {
        Ok(text) => {
            context.files.borrow_mut().push(path.to_owned());
            Some(text)
        }
        Err(error) => {
            context.problem(unreadable(path, &error, remedy));
            None
        }
    }
}

/// Reads a file of at most [`FILE_LIMIT`] bytes of UTF-8; a byte order mark is dropped.
pub(super) fn read_text(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE_LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(io::Error::other(format!("it is larger than {} MB", FILE_LIMIT >> 20)));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count();
        io::Error::other(format!("line {line} is not UTF-8; save the file as UTF-8"))
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn unreadable(path: &Path, error: &io::Error, remedy: &str) -> Problem {
    Problem {
        place: Place::file(&path.display().to_string()),
        key: String::new(),
        what: format!("can't be read: {}", describe(error)),
        remedy: if error.kind() == io::ErrorKind::NotFound { remedy.to_owned() } else { String::new() },
    }
}

/// An error in words, without the operating system's number.
pub(super) fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}
