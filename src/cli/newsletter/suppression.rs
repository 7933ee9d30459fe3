//! Addresses that get no newsletter any more.

use crate::cli::output::{Table, json_lines, printable, say};
use crate::jobs::Context;
use crate::schedule::wall_clock;
use anyhow::{Context as _, Result, bail};
use std::path::PathBuf;

/// The list.
pub(super) async fn list(context: &Context<'_>, json: bool) -> Result<()> {
    let list = context.store.suppressed().await?;
    if json {
        return json_lines(&list);
    }
    let mut table = Table::new(&[("ADDRESS", 50), ("WHY", 40), ("SINCE", 16)]);
    for line in list {
        table.row(vec![line.address, line.reason, wall_clock(line.since, &context.settings.company.time_zone)]);
    }
    if table.is_empty() {
        say!("Nobody: every address may get newsletters.")?;
        return Ok(());
    }
    Ok(table.print()?)
}

/// Adds to it.
pub(super) async fn add(context: &Context<'_>, addresses: Vec<String>, file: Option<PathBuf>, why: &str) -> Result<()> {
    let mut list: Vec<(String, String)> = addresses.into_iter().map(|address| (address, why.to_owned())).collect();
    if let Some(path) = file {
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let entry = |line: &str| match line.split_once([',', '\t']) {
            Some((address, reason)) if !reason.trim().is_empty() => (address.to_owned(), reason.trim().to_owned()),
            Some((address, _)) => (address.to_owned(), why.to_owned()),
            None => (line.to_owned(), why.to_owned()),
        };
        list.extend(text.lines().filter(|line| !line.trim().is_empty()).map(entry));
    }
    for (address, _) in &mut list {
        *address = address.trim().trim_matches('"').to_lowercase();
    }
    // All or nothing: a list with a slip in it is looked at before it counts.
    if let Some((wrong, _)) = list.iter().find(|(address, _)| !crate::buyer::is_address(address)) {
        bail!("`{}` is no mail address; nothing was changed", printable(wrong));
    }
    if list.is_empty() {
        bail!("name addresses, or a file of them with --file");
    }
    for (address, why) in &list {
        context.store.suppress(address, why, context.now()).await?;
    }
    say!("{} addresses get no newsletter any more.", list.len())?;
    Ok(())
}

/// Takes an address off it.
pub(super) async fn allow(context: &Context<'_>, address: &str, he_asked_for_it: bool) -> Result<()> {
    let address = address.trim().to_lowercase();
    let list = context.store.suppressed().await?;
    let Some(line) = list.into_iter().find(|line| line.address == address) else {
        bail!("{} is not on the list: inquiryd newsletter suppressed", printable(&address));
    };
    if matches!(line.reason.as_str(), "unsubscribed" | "complaint") && !he_asked_for_it {
        bail!(
            "{address} is on the list because of this: {}. Only if he has asked for it: --he-asked-for-it",
            line.reason
        );
    }
    context.store.allow(&address).await?;
    say!("{address} may get newsletters again.")?;
    Ok(())
}
