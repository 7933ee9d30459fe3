//! The files of one Maildir folder: listed, ordered, read. Blocking.

use super::super::{Body, Position, RawMail};
use crate::clock::UnixTime;
use std::collections::{HashMap, HashSet};
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// What is taken of a mail above the size limit.
const BEGINNING: u64 = 256 * 1024;
/// Remarks about what is no mail.
const REMARKS: usize = 100;
/// 1995-01-01: older times are mistakes of whoever made the file.
const FIRST_MAILDIR: UnixTime = 788_918_400;
/// How often a file that moved away is looked for.
const SEARCHES: u32 = 3;

/// A mail's file.
#[derive(Debug)]
pub struct Entry {
    /// Unique name: the file's name without flags.
    pub name: String,
    pub size: u64,
    path: PathBuf,
    arrived_at: Option<UnixTime>,
}

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Listing {
    /// By time of arrival, then name.
    pub entries: Vec<Entry>,
    /// What is no mail, and why.
    pub skipped: Vec<String>,
}

/// Lists `new`, then `cur`: a mail that moves between them meanwhile is seen at least once. `root` is the whole
/// Maildir, which links may not leave.
pub fn list(root: &Path, folder: &Path) -> io::Result<Listing> {
    let mut listing = Listing::default();
    for part in ["new", "cur"] {
        for file in fs::read_dir(folder.join(part))? {
            let path = file?.path();
            let Some(file_name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
            if file_name.starts_with('.') {
                continue;
            }
            match mail_file(root, &path) {
                Ok(Ok(metadata)) => listing.entries.push(entry(&file_name, path, &metadata)),
                Ok(Err(reason)) if listing.skipped.len() < REMARKS => {
                    listing.skipped.push(format!("{part}/{file_name}: {reason}"));
                }
                Ok(Err(_)) => {}
                // Gone since the directory was read; if it moved to `cur`, it is met there.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    listing.entries.sort_by(|a, b| (a.arrived_at, &a.name).cmp(&(b.arrived_at, &b.name)));
    listing.entries.dedup_by(|later, first| later.name == first.name);
    Ok(listing)
}

/// The file's metadata, or why it is no mail. Looks before anything is opened: a pipe would never answer.
fn mail_file(root: &Path, path: &Path) -> io::Result<Result<Metadata, &'static str>> {
    let mut metadata = fs::symlink_metadata(path)?;
    if metadata.is_symlink() {
        match path.canonicalize() {
            Ok(target) if target.starts_with(root) => metadata = fs::metadata(&target)?,
            Ok(_) => return Ok(Err("a link that leaves the Maildir")),
            Err(_) => return Ok(Err("a link to nothing")),
        }
    }
    Ok(if metadata.is_file() {
        Ok(metadata)
    } else if metadata.is_dir() {
        Err("a directory")
    } else {
        Err("neither file nor directory (a pipe, a socket or a device)")
    })
}

fn entry(file_name: &str, path: PathBuf, metadata: &Metadata) -> Entry {
    let arrived_at = arrival(name_time(file_name), modified_at(metadata));
    Entry { name: unique_name(file_name).to_owned(), size: metadata.len(), path, arrived_at }
}

/// The earlier of the plausible times: a copied or restored file is younger than its name, and one that was
/// synchronised from a server (mbsync, Dovecot) has a new name and the old time of arrival.
fn arrival(named: Option<UnixTime>, modified: Option<UnixTime>) -> Option<UnixTime> {
    let plausible = |time: &UnixTime| *time >= FIRST_MAILDIR;
    named.into_iter().chain(modified).filter(plausible).min()
}

/// Without the flags: `:2,…`, or `;2,…` on file systems that can't have a colon.
fn unique_name(file_name: &str) -> &str {
    let plain = file_name.split_once(':').map_or(file_name, |(unique, _)| unique);
    plain.split_once(";2,").map_or(plain, |(unique, _)| unique)
}

/// The seconds at the front of a delivered file's name.
fn name_time(file_name: &str) -> Option<UnixTime> {
    let (seconds, _) = file_name.split_once('.')?;
    (9..=11).contains(&seconds.len()).then(|| seconds.parse().ok()).flatten()
}

fn modified_at(metadata: &Metadata) -> Option<UnixTime> {
    let modified = metadata.modified().ok()?;
    match modified.duration_since(UNIX_EPOCH) {
        Ok(after) => UnixTime::try_from(after.as_secs()).ok(),
        Err(before) => UnixTime::try_from(before.duration().as_secs()).ok().map(|seconds| -seconds),
    }
}

/// Reads the mails; those that vanished are left out, those that can't be read say why.
pub fn read(folder: &Path, entries: Vec<Entry>, mail_size: u64) -> Vec<RawMail> {
    let mut whereabouts = HashMap::new();
    entries.into_iter().filter_map(|entry| read_one(folder, entry, mail_size, &mut whereabouts)).collect()
}

fn read_one(
    folder: &Path,
    mut entry: Entry,
    mail_size: u64,
    whereabouts: &mut HashMap<String, PathBuf>,
) -> Option<RawMail> {
    for _ in 0..SEARCHES {
        match content(&entry.path, mail_size) {
            Ok((body, size)) => return Some(raw(entry, size, body)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let known = whereabouts.get(&entry.name).filter(|path| **path != entry.path);
                if known.is_none() {
                    *whereabouts = look_around(folder);
                }
                // Its flags changed, or it moved to `cur`.
                entry.path = whereabouts.get(&entry.name)?.clone();
            }
            Err(error) => {
                let reason = format!("the file {} can't be read: {error}", entry.path.display());
                let size = entry.size;
                return Some(raw(entry, size, Body::Unreadable { reason }));
            }
        }
    }
    let reason = format!("the file {} moves faster than it can be read", entry.path.display());
    let size = entry.size;
    Some(raw(entry, size, Body::Unreadable { reason }))
}

fn raw(entry: Entry, size: u64, body: Body) -> RawMail {
    RawMail { position: Position::File { name: entry.name }, arrived_at: entry.arrived_at, size, body }
}

/// The file's body, and its bytes now.
fn content(path: &Path, mail_size: u64) -> io::Result<(Body, u64)> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let wanted = if size > mail_size { BEGINNING } else { size };
    let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or(0));
    file.take(wanted).read_to_end(&mut bytes)?;
    let body = if size > mail_size {
        Body::Beginning { bytes, reason: format!("the mail has {size} bytes, above the limit of {mail_size}") }
    } else {
        Body::Whole(bytes)
    };
    Ok((body, size))
}

/// The unique names of everything in a folder.
pub fn names(folder: &Path) -> io::Result<HashSet<String>> {
    let mut names = HashSet::new();
    for part in ["new", "cur"] {
        for file in fs::read_dir(folder.join(part))? {
            names.insert(unique_name(&file?.file_name().to_string_lossy()).to_owned());
        }
    }
    Ok(names)
}

/// Where every mail of the folder is now.
fn look_around(folder: &Path) -> HashMap<String, PathBuf> {
    let files = ["new", "cur"].into_iter().filter_map(|part| fs::read_dir(folder.join(part)).ok()).flatten().flatten();
    files.map(|file| (unique_name(&file.file_name().to_string_lossy()).to_owned(), file.path())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_its_unique_name_whatever_happens_to_its_flags() {
        for file_name in
            ["1700000000.M1P2.host,S=5,W=6", "1700000000.M1P2.host,S=5,W=6:2,S", "1700000000.M1P2.host,S=5,W=6;2,FS"]
        {
            assert_eq!(unique_name(file_name), "1700000000.M1P2.host,S=5,W=6");
        }
    }

    #[test]
    fn the_time_in_the_name_counts_where_there_is_one() {
        assert_eq!(name_time("1700000000.M1P2.host:2,S"), Some(1_700_000_000));
        assert_eq!(name_time("inquiry.eml"), None);
        assert_eq!(name_time("7.host"), None);
    }

    #[test]
    fn a_mail_is_as_old_as_the_earliest_plausible_time_of_its_file() {
        let (last_year, today) = (Some(1_700_000_000), Some(1_790_000_000));
        assert_eq!(arrival(last_year, today), last_year, "restored without its times");
        assert_eq!(arrival(today, last_year), last_year, "synchronised from a server");
        assert_eq!(arrival(None, today), today, "no Maildir name");
        assert_eq!(arrival(Some(99_999_999_999), today), today, "a name from the far future");
        assert_eq!(arrival(today, Some(0)), today, "a file without a time");
        assert_eq!(arrival(None, Some(0)), None);
    }

    /// A file that moved after it was listed: the path is stale, the mail is not lost.
    #[test]
    fn a_mail_a_colleague_opens_while_we_read_is_found_again() {
        let folder = tempfile::tempdir().expect("a folder");
        for part in ["new", "cur"] {
            fs::create_dir(folder.path().join(part)).expect("a part");
        }
        let name = "1700000000.M1P2.host";
        fs::write(folder.path().join("new").join(name), "Subject: price\n\n").expect("a mail");
        fs::write(folder.path().join("new").join("1700000001.M1P2.host"), "x").expect("a mail");
        let listing = list(&folder.path().canonicalize().expect("a path"), folder.path()).expect("a listing");
        fs::rename(folder.path().join("new").join(name), folder.path().join("cur").join(format!("{name}:2,S")))
            .expect("a move");
        fs::remove_file(folder.path().join("new").join("1700000001.M1P2.host")).expect("a deletion");
        let mails = read(folder.path(), listing.entries, 1000);
        assert_eq!(mails.len(), 1);
        assert!(matches!(&mails[0].body, Body::Whole(bytes) if bytes == b"Subject: price\n\n"));
    }

    #[test]
    fn a_file_that_can_not_be_read_is_a_mail_nobody_must_miss() {
        let folder = tempfile::tempdir().expect("a folder");
        for part in ["new", "cur"] {
            fs::create_dir(folder.path().join(part)).expect("a part");
        }
        let path = folder.path().join("new/1700000000.M1P2.host");
        fs::write(&path, "a mail").expect("a mail");
        let listing = list(&folder.path().canonicalize().expect("a path"), folder.path()).expect("a listing");
        fs::remove_file(&path).and_then(|()| fs::create_dir(&path)).expect("a folder in its place");
        let mails = read(folder.path(), listing.entries, 1_000_000);
        assert!(matches!(&mails[0].body, Body::Unreadable { reason } if reason.contains("1700000000.M1P2.host")));
    }
}
