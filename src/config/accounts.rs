//! `[[account]]` and `[outbox]`: where mail comes from and where ours goes.

use super::Context;
use super::dkim;
use super::secrets;
use super::servers::{IMAP_PORTS, SMTP_PORTS, endpoint};
use super::settings::{Budget, Outbox};
use super::source::{Account, ImapSettings, MaildirSettings, SinkSettings, SmtpSettings, SourceSettings};
use crate::written::reader::{Found, Mistake, Reader};
use crate::written::tree::Value;
use crate::written::values::{duration, integer, mailbox, text};
use std::collections::BTreeMap;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
/// Well below the five minutes after which the unit's watchdog takes a waiting service for dead.
const LONGEST_DEADLINE: Duration = Duration::from_secs(120);

fn deadline(value: &Value) -> Result<Duration, Mistake> {
    let deadline = duration(value)?;
    if deadline > LONGEST_DEADLINE {
        let what = "whoever waits longer than two minutes is taken for dead by the watchdog";
        return Err(Mistake::new(what, "at most \"2m\"; \"60s\" is usual"));
    }
    Ok(deadline)
}

/// Every `[[account]]` that has no mistakes.
pub(super) fn accounts(root: &Reader<'_>, context: &Context<'_>) -> Vec<Account> {
    if !root.has("account") {
        root.missing("account", "at least one [[account]] with name, imap, user and password_credential");
    }
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut accounts = Vec::new();
    for section in root.sections("account") {
        let name = section.found("name", text);
        if !section.has("name") {
            section.missing("name", "what people call this mailbox, e.g. \"sales\"");
        }
        if let Some(name) = &name
            && let Some(first) = names.insert(name.value.to_lowercase(), name.place.to_string())
        {
            let what = format!("the account at {first} is called {:?} too", name.value);
            section.wrong_at(name, Mistake::new(what, "give each account a name of its own"));
        }
        let source = source(&section, context);
        section.finish();
        accounts.extend(name.zip(source).map(|(name, source)| Account { name: name.value, source }));
    }
    accounts
}

fn source(section: &Reader<'_>, context: &Context<'_>) -> Option<SourceSettings> {
    match (section.has("imap"), section.has("maildir")) {
        (true, false) => imap(section, context).map(SourceSettings::Imap),
        (false, true) => maildir(section, context).map(SourceSettings::Maildir),
        (true, true) => {
            section.wrong("maildir", Mistake::new("an account is either imap or maildir", "make two accounts of it"));
            imap(section, context).and(None)
        }
        (false, false) => {
            section.missing("imap", "imap = \"imap.example.com\", or maildir = \"/path\"");
            section.allow(&["user", "folders", "sent", "deadline", "tls", "allow_plain", "ca_file"]);
            section.allow(&secrets::KEYS);
            None
        }
    }
}

fn imap(section: &Reader<'_>, context: &Context<'_>) -> Option<ImapSettings> {
    let server = endpoint(section, "imap", &IMAP_PORTS, context);
    let user = section.required("user", text, "the name to log in with, mostly the whole address");
    let password = secrets::password(section, context);
    let folders =
        section.list("folders", text).map_or_else(|| vec!["INBOX".to_owned()], |found| folders(section, found));
    let sent = section.optional("sent", text);
    let deadline = section.or("deadline", deadline, DEADLINE);
    Some(ImapSettings { server: server?, user: user?, password: password?, folders, sent, deadline })
}

fn folders(section: &Reader<'_>, found: Vec<Found<String>>) -> Vec<String> {
    if section.is_empty_list("folders") {
        section
            .wrong("folders", Mistake::new("no folder would be read", "folders = [\"INBOX\"], or take the line out"));
    }
    let mut folders: Vec<String> = Vec::new();
    for folder in found {
        if folders.contains(&folder.value) {
            section.wrong_at(&folder, Mistake::new(format!("{:?} is named twice", folder.value), "name it once"));
        }
        folders.push(folder.value);
    }
    folders
}

fn maildir(section: &Reader<'_>, context: &Context<'_>) -> Option<MaildirSettings> {
    let written = section.found("maildir", text);
    let folders = section.values("folders", text);
    let sent = section.optional("sent", text);
    let written = written?;
    let path = context.resolve(&written.value);
    if !path.is_dir() {
        let what = format!("there is no folder {}", path.display());
        context.not_here(written.problem(Mistake::new(what, "the folder that holds cur, new and tmp")));
    }
    Some(MaildirSettings { path, folders, sent })
}

/// `[outbox]`.
pub(super) fn outbox(section: Reader<'_>, context: &Context<'_>) -> Option<Outbox> {
    let from =
        section.required("from", mailbox, "the address our mails come from, e.g. \"inquiryd <sales@example.com>\"");
    let reply_to = section.optional("reply_to", mailbox);
    let sink = match (section.has("smtp"), section.has("folder")) {
        (false, true) => section.optional("folder", text).map(|path| SinkSettings::Folder(context.resolve(&path))),
        (true, false) => smtp(&section, context).map(SinkSettings::Smtp),
        (true, true) => {
            section.wrong("folder", Mistake::new("mail goes either to smtp or to a folder", "keep one of them"));
            smtp(&section, context).and(None)
        }
        (false, false) => {
            section.missing("smtp", "smtp = \"smtp.example.com\", or folder = \"/path\" to write files only");
            section.allow(&["user", "deadline", "tls", "allow_plain", "ca_file"]);
            section.allow(&secrets::KEYS);
            None
        }
    };
    let hourly_cap = section.or("hourly_cap", integer(1..=100_000), 200);
    let budget = budget(&section);
    let dkim = dkim::signer(&section, from.as_ref(), context);
    section.finish();
    let reply_to = reply_to.or_else(|| from.clone())?;
    let hourly_cap = u32::try_from(hourly_cap).unwrap_or(u32::MAX);
    Some(Outbox { from: from?, reply_to, sink: sink?, dkim, hourly_cap, budget })
}

fn budget(section: &Reader<'_>) -> Budget {
    let count = |key| section.optional(key, integer(1..=1_000_000)).and_then(|count| u32::try_from(count).ok());
    let per_day = count("per_day");
    let reserve = count("reserve").unwrap_or_else(|| per_day.unwrap_or(0) / 4);
    match per_day {
        None if section.has("reserve") => {
            section.missing("per_day", "how many mails the provider lets the mailbox send a day, e.g. 500");
        }
        Some(per_day) if reserve >= per_day => {
            let what = format!("nothing of {per_day} mails a day would be left for newsletters");
            section.wrong("reserve", Mistake::new(what, "keep fewer for people"));
        }
        _ => {}
    }
    Budget { per_day, reserve }
}

fn smtp(section: &Reader<'_>, context: &Context<'_>) -> Option<SmtpSettings> {
    let server = endpoint(section, "smtp", &SMTP_PORTS, context);
    let user = section.optional("user", text);
    let login = match user {
        Some(user) => Some(secrets::password(section, context).map(|password| (user, password))),
        None if secrets::is_named(section) && !section.has("user") => {
            section.missing("user", "the name that belongs to the password");
            secrets::password(section, context);
            Some(None)
        }
        None => None,
    };
    let deadline = section.or("deadline", deadline, DEADLINE);
    let login = match login {
        Some(login) => Some(login?),
        None => None,
    };
    Some(SmtpSettings { server: server?, login, deadline })
}
