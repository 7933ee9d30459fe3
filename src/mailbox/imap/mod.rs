//! An IMAP mailbox (RFC 3501), read and never written: EXAMINE and BODY.PEEK only.

mod compare;
mod connect;
mod fetch;
mod framing;
mod guard;
mod login;
mod plan;
mod session;
mod wire;

use super::error::{MailboxError, Place};
use super::folders::{FolderList, Listed, Wishes, choose};
use super::{Batch, Cursor, FetchLimits, Folder, FolderCount, FolderSummary, Inspection, utf7};
use crate::config::source::{Account, ImapSettings};
use crate::progress::Progress;
use fetch::{Halt, Reading};
use imap_proto::{MailboxDatum, Response, ResponseCode};
use login::{SMALL, Welcome};
use plan::Shown;
use session::{Fault, Session, is_busy};
use std::collections::HashMap;
use tokio::sync::mpsc::Sender;
use tracing::warn;
use wire::{listed_folder, listed_mail, quoted};

/// Folders of one account that are listed.
const FOLDERS: usize = 10_000;

/// One account on an IMAP server. Holds a connection between polls and makes a new one whenever it must.
#[derive(Debug)]
pub struct Imap {
    place: Place,
    settings: ImapSettings,
    progress: Progress,
    connection: Option<Connection>,
    /// Readable name to the name on the wire, as the server listed it.
    wire_names: HashMap<String, String>,
}

#[derive(Debug)]
struct Connection {
    session: Session,
    welcome: Welcome,
}

/// What EXAMINE says of a folder.
struct Examined {
    /// None where the server gives none, or zero.
    uid_validity: Option<u32>,
    exists: u64,
}

impl Imap {
    /// Connects and logs in.
    pub async fn open(account: &Account, settings: &ImapSettings, progress: &Progress) -> Result<Self, MailboxError> {
        let place =
            Place { account: account.name.clone(), host: settings.server.host.clone(), port: settings.server.port };
        let mut imap = Imap {
            place,
            settings: settings.clone(),
            progress: progress.clone(),
            connection: None,
            wire_names: HashMap::new(),
        };
        imap.connection = Some(imap.connect().await?);
        Ok(imap)
    }

    async fn connect(&self) -> Result<Connection, MailboxError> {
        let (session, welcome) = login::open(&self.settings, &self.place, &self.progress).await?;
        self.progress.step();
        Ok(Connection { session, welcome })
    }

    /// The connection, taken out of its place: only who ends well puts it back, so that no cancelled or failed command
    /// leaves its answers to the next one.
    async fn take(&mut self) -> Result<Connection, MailboxError> {
        if let Some(mut connection) = self.connection.take() {
            connection.session.expect_at_most(SMALL);
            if connection.session.exec("NOOP", |_| {}).await.is_ok() {
                return Ok(connection);
            }
        }
        self.connect().await
    }

    fn at(&self, fault: Fault, during: &str) -> MailboxError {
        fault.at(&self.place, during, self.settings.deadline)
    }

    /// The folders to read, and the names of all there are.
    pub async fn folders(&mut self) -> Result<FolderList, MailboxError> {
        let mut connection = self.take().await?;
        let listed = self.list(&mut connection).await?;
        self.connection = Some(connection);
        self.wire_names = listed.iter().map(|folder| (folder.name.clone(), folder.wire.clone())).collect();
        let wishes = Wishes { incoming: &self.settings.folders, sent: self.settings.sent.as_deref() };
        Ok(choose(&wishes, &listed))
    }

    async fn list(&self, connection: &mut Connection) -> Result<Vec<Listed>, MailboxError> {
        let offered = &connection.welcome.capabilities;
        let extended = ["SPECIAL-USE", "LIST-EXTENDED"].iter().all(|name| offered.contains(*name));
        let mut listed = Vec::new();
        let mut note = |response: &Response<'_>| {
            if listed.len() < FOLDERS {
                listed.extend(listed_folder(response));
            }
        };
        let session = &mut connection.session;
        let result = match extended {
            true => session.exec("LIST \"\" \"*\" RETURN (SPECIAL-USE)", &mut note).await,
            false => Err(Fault::Refused(String::new())),
        };
        let result = match result {
            Err(Fault::Refused(_)) => session.exec("LIST \"\" \"*\"", &mut note).await,
            result => result,
        };
        result.map_err(|fault| self.at(fault, "LIST"))?;
        Ok(listed)
    }

    async fn examine(&self, connection: &mut Connection, folder: &str) -> Result<Examined, MailboxError> {
        let wire = self.wire_names.get(folder).cloned().unwrap_or_else(|| utf7::encode(folder));
        let mut examined = Examined { uid_validity: None, exists: 0 };
        connection.session.expect_at_most(SMALL);
        let command = format!("EXAMINE {}", quoted(&wire));
        let result = connection.session.exec(&command, |response| match response {
            Response::MailboxData(MailboxDatum::Exists(count)) => examined.exists = u64::from(*count),
            Response::Data { outcome, .. } => {
                if let Some(ResponseCode::UidValidity(value)) = outcome.code {
                    examined.uid_validity = (value != 0).then_some(value);
                }
            }
            _ => {}
        });
        match result.await {
            Ok(()) => Ok(examined),
            Err(Fault::Refused(said)) if !is_busy(&said) => Err(self.no_folder(folder, said)),
            Err(fault) => Err(self.at(fault, &format!("EXAMINE of `{folder}`"))),
        }
    }

    fn no_folder(&self, folder: &str, said: String) -> MailboxError {
        let place = self.place.clone();
        if said.to_lowercase().contains("unsafe login") {
            let remedy = login::remedy(&place.host, &said);
            return MailboxError::LoginRefused { place, user: self.settings.user.clone(), said, remedy };
        }
        MailboxError::FolderMissing { place, folder: folder.to_owned(), said }
    }

    /// What the server lists above `last_uid`, in ascending UID.
    async fn shown(&self, connection: &mut Connection, last_uid: u32) -> Result<Vec<Shown>, Fault> {
        let Some(first) = last_uid.checked_add(1) else { return Ok(Vec::new()) };
        let mut parts = Vec::new();
        let command = format!("UID FETCH {first}:* (UID INTERNALDATE RFC822.SIZE)");
        // `n:*` always names the last mail, even one below n (RFC 3501 section 6.4.8).
        let note =
            |response: &Response<'_>| parts.extend(listed_mail(response).into_iter().filter(|mail| mail.uid >= first));
        connection.session.exec(&command, note).await?;
        parts.sort_by_key(|mail| mail.uid);
        // A change of flags seen meanwhile is a second, poorer line about the same mail.
        parts.dedup_by(|poorer, mail| {
            let same = poorer.uid == mail.uid;
            if same {
                mail.size = mail.size.max(poorer.size);
                mail.arrived_at = mail.arrived_at.or(poorer.arrived_at);
            }
            same
        });
        self.progress.step();
        Ok(parts)
    }

    /// Delivers what `taken` doesn't cover; see [`super::Mailbox::fetch`].
    pub async fn fetch(
        &mut self,
        folder: &Folder,
        taken: Option<Cursor>,
        limits: &FetchLimits,
        out: &Sender<Batch>,
    ) -> Result<FolderSummary, MailboxError> {
        let mut connection = self.take().await?;
        let examined = self.examine(&mut connection, &folder.name).await?;
        let known = taken.filter(|cursor| Some(cursor.uid_validity) == examined.uid_validity);
        let last_uid = known.map_or(0, |cursor| cursor.last_uid);
        let summary = FolderSummary {
            uid_validity: examined.uid_validity,
            exists: examined.exists,
            from_the_beginning: known.is_none(),
            ..FolderSummary::default()
        };
        let during = format!("reading of `{}`", folder.name);
        let shown = self.shown(&mut connection, last_uid).await.map_err(|fault| self.at(fault, &during))?;
        let plan = plan::chunks(shown, limits.mail_size);
        let mut reading = Reading::new(plan, limits.mail_size, out, &self.progress, summary);
        while let Err(halt) = reading.run(&mut connection.session).await {
            drop(connection);
            let why = halt.why();
            match reading.recover(halt).await {
                Ok(()) => {
                    warn!(account = self.place.account, folder = folder.name, why, "reading on, by a new connection")
                }
                Err(Halt::ReceiverGone) => return Ok(reading.summary),
                Err(Halt::Fault { fault, .. }) => return Err(self.at(fault, &during)),
                Err(Halt::Withheld { .. }) => return Err(self.at(Fault::Refused(why), &during)),
            }
            connection = self.connect().await?;
            if self.examine(&mut connection, &folder.name).await?.uid_validity != examined.uid_validity {
                return Err(MailboxError::Replaced { place: self.place.clone(), folder: folder.name.clone() });
            }
        }
        self.connection = Some(connection);
        Ok(FolderSummary { complete: true, ..reading.summary })
    }

    /// What there is, for a person.
    pub async fn inspect(&mut self) -> Result<Inspection, MailboxError> {
        let folders = self.folders().await?;
        let mut connection = self.take().await?;
        let mut counts = Vec::new();
        for folder in &folders.folders {
            let examined = self.examine(&mut connection, &folder.name).await?;
            counts.push(FolderCount { folder: folder.clone(), mails: examined.exists });
        }
        let welcome = connection.welcome.clone();
        self.connection = Some(connection);
        Ok(Inspection {
            greeting: Some(welcome.greeting),
            capabilities: welcome.capabilities.into_iter().collect(),
            server_id: welcome.server_id,
            folders,
            counts,
        })
    }

    /// Says goodbye; a server that doesn't answer is left all the same.
    pub async fn logout(mut self) {
        if let Some(mut connection) = self.connection.take() {
            let _ = connection.session.exec("LOGOUT", |_| {}).await;
        }
    }
}
