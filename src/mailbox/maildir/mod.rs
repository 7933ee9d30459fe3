//! A Maildir (<https://cr.yp.to/proto/maildir.html>) with Maildir++ subfolders, read where it lies: nothing is moved
//! from `new` to `cur`, no flag is set.

mod files;

use super::compare::{Compared, compared_files};
use super::error::MailboxError;
use super::folders::{FolderList, Listed, Wishes, choose};
use super::{Batch, Body, FetchLimits, Folder, FolderCount, FolderSummary, Inspection, RawMail, utf7};
use crate::config::source::{Account, MaildirSettings};
use crate::progress::Progress;
use files::{Entry, Listing};
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::mpsc::Sender;
use tokio::task::spawn_blocking;

/// The top folder's name, as on an IMAP server.
const TOP: &str = "INBOX";
/// Mails of a batch at most, and their bytes; a larger mail goes alone.
const MAILS: usize = 100;
const BYTES: u64 = 1024 * 1024;

/// One account in a local Maildir.
#[derive(Debug)]
pub struct Maildir {
    account: String,
    /// Free of symbolic links, so that what leaves it can be told.
    root: PathBuf,
    settings: MaildirSettings,
    progress: Progress,
}

impl Maildir {
    /// Finds the Maildir; its top must have `new` and `cur`.
    pub async fn open(
        account: &Account,
        settings: &MaildirSettings,
        progress: &Progress,
    ) -> Result<Self, MailboxError> {
        let (account, path) = (account.name.clone(), settings.path.clone());
        let found = blocking(move || {
            let root = path.canonicalize()?;
            for part in ["new", "cur"] {
                std::fs::read_dir(root.join(part))?;
            }
            Ok(root)
        });
        match found.await {
            Ok(root) => Ok(Maildir { account, root, settings: settings.clone(), progress: progress.clone() }),
            Err(source) => Err(unreadable(&account, &settings.path, source)),
        }
    }

    /// The folders to read, and the names of all there are.
    pub async fn folders(&mut self) -> Result<FolderList, MailboxError> {
        let root = self.root.clone();
        let listed =
            blocking(move || subfolders(&root)).await.map_err(|error| unreadable(&self.account, &self.root, error))?;
        let mut incoming = vec![TOP.to_owned()];
        incoming.extend(self.settings.folders.iter().cloned());
        Ok(choose(&Wishes { incoming: &incoming, sent: self.settings.sent.as_deref() }, &listed))
    }

    /// Delivers what is not in `taken`, by time of delivery; see [`super::Mailbox::fetch`].
    pub async fn fetch(
        &mut self,
        folder: &Folder,
        taken: &HashSet<String>,
        limits: &FetchLimits,
        out: &Sender<Batch>,
    ) -> Result<FolderSummary, MailboxError> {
        let directory = self.directory(folder);
        let listing = self.list(&directory).await?;
        let mut summary = FolderSummary { exists: listing.entries.len() as u64, ..FolderSummary::default() };
        summary.skipped = listing.skipped;
        let mut entries = listing.entries.into_iter().filter(|entry| !taken.contains(&entry.name)).peekable();
        let (directory, mail_size) = (Arc::new(directory), limits.mail_size);
        while entries.peek().is_some() {
            let batch = next_batch(&mut entries, mail_size);
            let listed = batch.len();
            let at = Arc::clone(&directory);
            let mails = blocking(move || Ok(files::read(&at, batch, mail_size)))
                .await
                .map_err(|error| unreadable(&self.account, &directory, error))?;
            summary.vanished += (listed - mails.len()) as u64;
            self.refuse_if_nothing_is_readable(&directory, &mails)?;
            let delivered = mails.len() as u64;
            let unreadable = mails.iter().filter(|mail| matches!(mail.body, Body::Unreadable { .. })).count() as u64;
            if delivered > 0 && out.send(Batch { mails, cursor: None }).await.is_err() {
                return Ok(summary);
            }
            summary.delivered += delivered;
            summary.unreadable += unreadable;
            self.progress.step();
        }
        summary.complete = true;
        Ok(summary)
    }

    /// See [`super::Mailbox::compare`]. A file that changes its flags while the folder is listed may be overlooked: what is
    /// missing is looked for twice.
    pub async fn compare(
        &mut self,
        folder: &Folder,
        recorded: &BTreeMap<String, bool>,
    ) -> Result<Compared, MailboxError> {
        let directory = self.directory(folder);
        let mut names = self.names(&directory).await?;
        if recorded.iter().any(|(name, missed)| !missed && !names.contains(name)) {
            names.extend(self.names(&directory).await?);
        }
        self.progress.step();
        Ok(compared_files(recorded, |name| names.contains(name)))
    }

    async fn names(&self, directory: &Path) -> Result<HashSet<String>, MailboxError> {
        let at = directory.to_owned();
        blocking(move || files::names(&at)).await.map_err(|error| unreadable(&self.account, directory, error))
    }

    /// One file with wrong permissions is a quarantined mail; a batch of them is a mistake of the installation.
    fn refuse_if_nothing_is_readable(&self, directory: &Path, mails: &[RawMail]) -> Result<(), MailboxError> {
        let mut reasons = mails.iter().map(|mail| match &mail.body {
            Body::Unreadable { reason } => Some(reason),
            _ => None,
        });
        match reasons.next() {
            Some(Some(first)) if mails.len() > 1 && reasons.all(|reason| reason.is_some()) => {
                let source = io::Error::other(format!("none of {} files, the first: {first}", mails.len()));
                Err(unreadable(&self.account, directory, source))
            }
            _ => Ok(()),
        }
    }

    /// What there is, for a person.
    pub async fn inspect(&mut self) -> Result<Inspection, MailboxError> {
        let folders = self.folders().await?;
        let mut counts = Vec::new();
        for folder in &folders.folders {
            let listing = self.list(&self.directory(folder)).await?;
            counts.push(FolderCount { folder: folder.clone(), mails: listing.entries.len() as u64 });
        }
        Ok(Inspection { folders, counts, ..Inspection::default() })
    }

    async fn list(&self, directory: &Path) -> Result<Listing, MailboxError> {
        let (root, at) = (self.root.clone(), directory.to_owned());
        blocking(move || files::list(&root, &at)).await.map_err(|error| unreadable(&self.account, directory, error))
    }

    /// Subfolder names are modified UTF-7 on disk; some servers write UTF-8.
    fn directory(&self, folder: &Folder) -> PathBuf {
        if folder.name == TOP {
            return self.root.clone();
        }
        let coded = self.root.join(format!(".{}", utf7::encode(&folder.name)));
        if coded.is_dir() { coded } else { self.root.join(format!(".{}", folder.name)) }
    }
}

fn next_batch(entries: &mut std::iter::Peekable<impl Iterator<Item = Entry>>, mail_size: u64) -> Vec<Entry> {
    let mut batch: Vec<Entry> = Vec::new();
    let mut bytes = 0;
    while let Some(entry) =
        entries.next_if(|entry| batch.len() < MAILS && (batch.is_empty() || bytes + entry.size.min(mail_size) <= BYTES))
    {
        bytes += entry.size.min(mail_size);
        batch.push(entry);
    }
    batch
}

fn subfolders(root: &Path) -> io::Result<Vec<Listed>> {
    let listed = |wire: &str, name: String| Listed {
        name,
        wire: wire.to_owned(),
        delimiter: Some('.'),
        selectable: true,
        sent: false,
    };
    let mut folders = vec![listed("", TOP.to_owned())];
    for entry in std::fs::read_dir(root)? {
        let entry = entry?;
        let file_name = entry.file_name();
        let Some(wire) = file_name.to_str().and_then(|name| name.strip_prefix('.')) else { continue };
        if !wire.is_empty() && wire != "." && entry.file_type()?.is_dir() && entry.path().join("cur").is_dir() {
            folders.push(listed(wire, utf7::decode(wire).unwrap_or_else(|| wire.to_owned())));
        }
    }
    folders[1..].sort_by(|a, b| a.name.cmp(&b.name));
    Ok(folders)
}

fn unreadable(account: &str, path: &Path, source: io::Error) -> MailboxError {
    let (account, path) = (account.to_owned(), path.to_owned());
    match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => MailboxError::NotAMaildir { account, path },
        _ => MailboxError::Unreadable { account, path, source },
    }
}

/// File work off the async threads.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(work).await.unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
}
