//! Configurations as people write them, right and wrong, through the same [`load`] that the service uses.

mod mistakes;
mod overrides;
mod samples;
mod secrets;
mod templates;

use inquiryd::config::{Environment, LoadOptions, Loaded, Problems, Secrets, load};
use std::fs;
use std::path::{Path, PathBuf};

/// A configuration that has all it must have and nothing more.
pub const SMALLEST: &str = r#"
[company]
name = "Haiyue"
domains = ["haiyue.example"]
[[account]]
name = "sales"
imap = "imap.haiyue.example"
user = "sales@haiyue.example"
password_credential = "imap"
[team]
members = ["Amy Xu <amy@haiyue.example>"]
[outbox]
from = "sales@haiyue.example"
smtp = "smtp.haiyue.example"
"#;

/// A folder of its own with a configuration in it.
struct Folder {
    folder: tempfile::TempDir,
    environment: Environment,
    secrets: Secrets,
}

impl Folder {
    fn with(inquiryd_toml: &str) -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let this = Folder { folder, environment: Environment::new(), secrets: Secrets::NameOnly };
        this.file("inquiryd.toml", inquiryd_toml)
    }

    fn file(self, name: &str, content: &str) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("within the folder")).expect("folder");
        fs::write(path, content).expect("file");
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    fn requiring_secrets(mut self) -> Self {
        self.secrets = Secrets::Require;
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn load(&self) -> Result<Loaded, Problems> {
        load(&self.path("inquiryd.toml"), &self.environment, LoadOptions { secrets: self.secrets })
    }

    fn loaded(&self) -> Loaded {
        self.load().unwrap_or_else(|problems| panic!("{problems}"))
    }

    /// All problems, one a line, with file names as they are within the folder.
    fn problems(&self) -> String {
        match self.load() {
            Ok(_) => String::new(),
            Err(problems) => shown(&problems, self.folder.path()),
        }
    }
}

fn shown(problems: &Problems, folder: &Path) -> String {
    problems.to_string().replace(&format!("{}/", folder.display()), "")
}
