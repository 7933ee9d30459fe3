//! The demo's place: a Maildir with the sample mails and a configuration like any user's.

use super::mails;
use crate::config::{self, Environment, LoadOptions, Settings};
use crate::message::{self, House};
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A folder with everything the demo needs and makes.
pub struct Site {
    pub folder: PathBuf,
}

impl Site {
    /// Writes configuration and mailbox into a fresh folder.
    pub fn lay_out(folder: Option<PathBuf>, language: &str) -> Result<Site> {
        let folder = match folder {
            Some(folder) => make(folder)?,
            None => make_temporary()?,
        };
        let site = Site { folder };
        let config = CONFIG.replace("LANGUAGE", language);
        fs::write(site.config(), config).with_context(|| format!("writing {}", site.config().display()))?;
        deliver(mails::INBOX, &site.folder.join("Maildir"))?;
        deliver(mails::SENT, &site.folder.join("Maildir/.Sent"))?;
        Ok(site)
    }

    pub fn config(&self) -> PathBuf {
        self.folder.join("inquiryd.toml")
    }

    /// The configuration, read as any user's is; the environment stays outside.
    pub fn settings(&self) -> Result<Settings> {
        Ok(config::load(&self.config(), &Environment::new(), LoadOptions::default())?.settings)
    }

    /// The mails that were sent, by name.
    pub fn sent(&self) -> Result<Vec<PathBuf>> {
        let folder = self.folder.join("outbox");
        let entries = fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        files.sort();
        Ok(files)
    }
}

const CONFIG: &str = include_str!("inquiryd.toml");

fn make(folder: PathBuf) -> Result<PathBuf> {
    fs::create_dir(&folder).with_context(|| format!("making the folder {}", folder.display()))?;
    Ok(folder.canonicalize()?)
}

fn make_temporary() -> Result<PathBuf> {
    let base = std::env::temp_dir();
    let names = (1..10_000).map(|number| base.join(format!("inquiryd-demo-{number}")));
    for folder in names {
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(|| format!("making the folder {}", folder.display())),
        }
    }
    anyhow::bail!(
        "{} is full of old demos: remove its inquiryd-demo-* folders, or name another by --dir",
        base.display()
    )
}

/// Puts mails into a Maildir as if they had arrived at the time of their Date header.
fn deliver(mails: &[(&str, &[u8])], maildir: &Path) -> Result<()> {
    for part in ["cur", "new", "tmp"] {
        let folder = maildir.join(part);
        fs::create_dir_all(&folder).with_context(|| format!("making the folder {}", folder.display()))?;
    }
    for (name, raw) in mails {
        let sent_at = message::understand(raw, &House::default()).sent_at.unwrap_or(mails::NOW);
        let path = maildir.join("new").join(format!("{sent_at}.{name}.demo"));
        fs::write(&path, raw).with_context(|| format!("writing {}", path.display()))?;
        let arrived = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(sent_at).unwrap_or(0));
        File::options().write(true).open(&path)?.set_modified(arrived)?;
    }
    Ok(())
}
