//! One service a SQLite store: what a former life had claimed is free at once.

use super::{Pool, Store, on_pool};
use anyhow::{Context, Result, bail};
use std::fs::{File, TryLockError};
use std::path::Path;

/// Holds the store for this process until dropped; on PostgreSQL leases and claims do that instead.
#[derive(Debug)]
pub struct Hold {
    _file: Option<File>,
}

impl Store {
    /// Takes the store for sending and polling, and frees what a process that died had claimed.
    ///
    /// # Errors
    /// Another inquiryd works on this SQLite store.
    pub async fn hold(&self) -> Result<Hold> {
        let Pool::Sqlite(pool) = &self.writer else { return Ok(Hold { _file: None }) };
        let path = pool.connect_options().get_filename().with_extension("lock");
        let file = lock(&path)?;
        for sql in ["UPDATE outbox SET claimed_until = 0 WHERE claimed_until > 0", "DELETE FROM lease"] {
            on_pool!(self.writer, c => sqlx::query(sql).execute(c).await?.rows_affected());
        }
        Ok(Hold { _file: Some(file) })
    }
}

/// Waits until nobody else changes the tables of the SQLite store at `path`, and keeps others waiting until dropped.
///
/// PostgreSQL's migrations lock by themselves. The folder is locked, not the database: closing a second handle of that
/// file would drop SQLite's own locks (sqlite.org/howtocorrupt.html, section 2.2).
pub(super) fn alone(path: &Path) -> Result<File> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let locked = File::open(folder).and_then(|folder| folder.lock().map(|()| folder));
    locked.with_context(|| format!("locking the folder {}", folder.display()))
}

fn lock(path: &Path) -> Result<File> {
    let file = File::options().create(true).append(true).open(path);
    let file = file.with_context(|| format!("opening the lock {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "another inquiryd works on this store ({} is locked); if it is the service, \
             `systemctl kill --signal=SIGUSR1 inquiryd` makes it poll now",
            path.display()
        ),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("locking {}", path.display())),
    }
}
