//! Newsletters of a store that may be a copy of before wait for a person's word.
//!
//! A file beside the store counts the rounds of newsletters, and so does the store: one that counts fewer was restored. A copy
//! of the whole machine is told by the time for which nobody was alive.

use super::Context;
use crate::letter::Notice;
use crate::newsletter::{Doubt, Traces, Witness};
use crate::schedule::wall_clock;
use anyhow::{Context as _, Result};
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Seconds after which the service says anew that it is alive.
const SIGN_OF_LIFE: i64 = 300;

/// Whether newsletters wait until somebody says that they may go on. Who should know is told.
///
/// # Errors
/// The store failed, or its folder can't be read.
pub(super) async fn newsletters_wait(context: &Context<'_>) -> Result<bool> {
    let (store, now) = (context.store, context.now());
    if store.newsletters_held_at().await?.is_some() {
        return Ok(true);
    }
    let traces = traces(context).await?;
    match Doubt::of(traces, context.settings.newsletter.ask_after, now) {
        Some(doubt) if store.first_newsletter_at().await?.is_some() => {
            hold(context, doubt).await?;
            Ok(true)
        }
        _ => {
            if traces.alive_at.is_none_or(|alive_at| now - alive_at >= SIGN_OF_LIFE) {
                store.note_alive(now).await?;
            }
            Ok(false)
        }
    }
}

async fn traces(context: &Context<'_>) -> Result<Traces> {
    let (alive_at, rounds) = context.store.traces().await?;
    let witness = match witness(context) {
        Some(path) => read(&path)?,
        None => Witness::Nowhere,
    };
    Ok(Traces { alive_at, rounds, witness })
}

async fn hold(context: &Context<'_>, doubt: Doubt) -> Result<()> {
    let now = context.now();
    tracing::warn!(?doubt, "newsletters wait: the store may be a copy of before");
    context.store.hold_newsletters(now).await?;
    let since = match doubt {
        Doubt::Away { since } => Some(wall_clock(since, &context.settings.company.time_zone)),
        Doubt::Older | Doubt::Moved => None,
    };
    context.notice(&format!("restored/{now}"), &Notice::Restored { away_since: since.as_deref() }).await
}

/// Newsletters are about to go: the store counts the round, and so does the file beside it.
///
/// # Errors
/// The store failed, or its folder can't be written.
pub(super) async fn count_round(context: &Context<'_>) -> Result<()> {
    let rounds = context.store.count_round().await?;
    let Some(path) = witness(context) else { return Ok(()) };
    write(&path, rounds).with_context(|| format!("writing {}", path.display()))
}

/// Somebody says that newsletters go on.
///
/// # Errors
/// The store failed, or its folder can't be written.
pub async fn let_newsletters_go_on(context: &Context<'_>) -> Result<()> {
    // Further than any copy of before, and than what stands beside it.
    if let Some(path) = witness(context)
        && let Witness::Says(rounds) = read(&path)?
    {
        context.store.count_rounds_from(rounds).await?;
    }
    count_round(context).await?;
    context.store.note_alive(context.now()).await?;
    context.store.release_newsletters().await
}

/// The file beside the store; a PostgreSQL has none.
fn witness(context: &Context<'_>) -> Option<PathBuf> {
    let store = context.store.file()?;
    let mut name = store.file_name()?.to_owned();
    name.push(".rounds");
    Some(store.with_file_name(name))
}

fn read(path: &Path) -> Result<Witness> {
    match fs::read_to_string(path) {
        // What can't be read says nothing: it is as if nobody had written it.
        Ok(text) => Ok(text.trim().parse().map_or(Witness::Missing, Witness::Says)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Witness::Missing),
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}

/// In place completely or not at all.
fn write(path: &Path, rounds: i64) -> std::io::Result<()> {
    let draft = path.with_extension("rounds.part");
    let mut file = File::create(&draft)?;
    writeln!(file, "{rounds}")?;
    file.sync_all()?;
    fs::rename(draft, path)
}
