//! What the company has decided: TOML files become [`Settings`], or a list of everything wrong with them.
//!
//! Three stages, each of which keeps the file and line of every value: *text* (each file becomes a
//! [tree](crate::written::tree)), *merged* (inquiryd.toml, then inquiryd.d/*.toml by name, then variables
//! `INQUIRYD__SECTION__KEY`, laid over each other by the crate `config`), *validated* (a
//! [reader](crate::written::reader) takes the values out, fills in the defaults, and notes every mistake instead of
//! stopping at the first).

mod accounts;
mod campaigns;
mod dkim;
mod fairs;
mod files;
mod follow_up;
mod merge;
mod newsletters;
mod people;
mod reports;
mod secrets;
mod sections;
mod servers;
pub mod settings;
pub mod source;

pub use crate::written::problems::{Place, Problem, Problems};
pub use follow_up::unannounced_year;
pub use settings::Settings;

use crate::grading::RuleBook;
use crate::message::RelayBook;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Environment variables by name.
pub type Environment = BTreeMap<String, String>;

/// This process's variables; those that aren't UTF-8 are left out.
pub fn process_environment() -> Environment {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// What is done about passwords, and about the other things that only the service's own machine has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secrets {
    /// They are read, and one that can't be read is a problem, as is a Maildir or certificate that isn't there: for
    /// running.
    #[default]
    Require,
    /// They are read where they can be; otherwise they stay empty and a remark says so, as it does of a Maildir or
    /// certificate that isn't there: for looking at a configuration on a machine, or as a user, that doesn't have them.
    NameOnly,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct LoadOptions {
    pub secrets: Secrets,
}

/// A valid configuration, and what was noticed on the way.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub settings: Settings,
    /// Nothing wrong, but worth knowing; by file and line.
    pub remarks: Problems,
    /// All files that were read, in the order in which they were.
    pub files: Vec<PathBuf>,
    /// The company's own grading rules; None where the shipped ones serve.
    pub rules_file: Option<PathBuf>,
    /// The company's own relays; None where the shipped ones are all.
    pub relays_file: Option<PathBuf>,
}

/// Loads `path` and the files beside it: inquiryd.d/*.toml (drop-ins), grading.toml, relays.toml, newsletters/*.md and
/// templates/*/*.
///
/// # Errors
/// Everything that is wrong, by file and line; shown one a line. The program then ends with code 78 (`EX_CONFIG`).
pub fn load(path: &Path, environment: &Environment, options: LoadOptions) -> Result<Loaded, Problems> {
    let context = Context::new(path, environment, options);
    let tree = files::merged(path, &context);
    let rules = files::rules(&context);
    let relays = files::relays(&context);
    files::check_relays(&rules, &relays, &context);
    let written = Written { rules: rules.book, relays: relays.book };
    let settings = tree.and_then(|tree| sections::settings(&tree, path, written, &context));
    let problems = context.problems.into_inner();
    match settings {
        Some(settings) if problems.is_empty() => Ok(Loaded {
            settings,
            remarks: Problems::new(context.remarks.into_inner()),
            files: context.files.into_inner(),
            rules_file: rules.file,
            relays_file: relays.file,
        }),
        _ => Err(Problems::new(problems)),
    }
}

/// What the files beside the configuration say; None where they have mistakes.
struct Written {
    rules: Option<RuleBook>,
    relays: Option<RelayBook>,
}

/// What every stage needs to know, and where it notes what it finds.
struct Context<'a> {
    /// The folder of the configuration file: relative paths start here.
    base: PathBuf,
    environment: &'a Environment,
    secrets: Secrets,
    problems: RefCell<Vec<Problem>>,
    remarks: RefCell<Vec<Problem>>,
    files: RefCell<Vec<PathBuf>>,
}

impl<'a> Context<'a> {
    fn new(path: &Path, environment: &'a Environment, options: LoadOptions) -> Self {
        Context {
            base: path.parent().unwrap_or(Path::new("")).to_owned(),
            environment,
            secrets: options.secrets,
            problems: RefCell::default(),
            remarks: RefCell::default(),
            files: RefCell::default(),
        }
    }

    fn problem(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    fn remark(&self, problem: Problem) {
        self.remarks.borrow_mut().push(problem);
    }

    /// Notes what can't be had on this machine or by this user: a problem for those who run, a remark for those who look.
    fn not_here(&self, problem: Problem) {
        match self.secrets {
            Secrets::Require => self.problem(problem),
            Secrets::NameOnly => self.remark(problem),
        }
    }

    /// A path as written in the configuration, made independent of the working directory.
    fn resolve(&self, written: &str) -> PathBuf {
        let path = self.base.join(written);
        std::path::absolute(&path).unwrap_or(path)
    }

    fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}
