//! Which mails on record a folder still has: one SEARCH for thousands of them, and a second question about those missing.
//!
//! Nobody is accused on one answer. Servers are known whose SEARCH stops at some number, reads an old index or is refused;
//! so whatever it leaves out is asked for by its UIDs, together with a mail that is surely there. Two answers that don't
//! agree say nothing.

use super::super::Folder;
use super::super::compare::{Compared, RecordedUids, Shown};
use super::super::error::MailboxError;
use super::Imap;
use super::login::SMALL;
use super::session::{Fault, Session};
use super::wire::listed_mail;
use imap_proto::{MailboxDatum, Response};
use std::collections::BTreeSet;

impl Imap {
    /// See [`super::super::Mailbox::compare`].
    pub async fn compare(
        &mut self,
        folder: &Folder,
        recorded: &RecordedUids,
    ) -> Result<Option<Compared>, MailboxError> {
        let mut connection = self.take().await?;
        let examined = self.examine(&mut connection, &folder.name).await?;
        let shown = match examined.uid_validity == Some(recorded.uid_validity) {
            false => None,
            true if examined.exists == 0 => Some(Shown::default()),
            true => match ask_twice(&mut connection.session, recorded).await {
                Ok(answer) => answer.map(|(first, listed)| Shown { exists: examined.exists, first, listed }),
                Err(Fault::Refused(_)) => None,
                Err(fault) => return Err(self.at(fault, &format!("comparing `{}`", folder.name))),
            },
        };
        self.connection = Some(connection);
        self.progress.step();
        Ok(shown.map(|shown| recorded.compared(&shown)))
    }
}

/// The folder's first UID, if it matters, and what the server lists of the span on record; None where its answers don't agree.
async fn ask_twice(
    session: &mut Session,
    recorded: &RecordedUids,
) -> Result<Option<(Option<u32>, BTreeSet<u32>)>, Fault> {
    session.expect_at_most(SMALL);
    let listed = search(session, recorded).await?;
    let absent = recorded.absent(&listed);
    if absent.is_empty() {
        return Ok(Some((None, listed)));
    }
    let witness = listed.first().copied();
    let there = still_there(session, recorded, &absent, witness).await?;
    let honest = witness.is_none_or(|uid| there.contains(&uid)) && absent.is_disjoint(&there);
    if !honest {
        return Ok(None);
    }
    let mut first = None;
    session.exec("FETCH 1 (UID)", |response| first = first.or(listed_mail(response).map(|mail| mail.uid))).await?;
    Ok(Some((first, listed)))
}

async fn search(session: &mut Session, recorded: &RecordedUids) -> Result<BTreeSet<u32>, Fault> {
    let mut listed = BTreeSet::new();
    for (first, last) in recorded.spans() {
        let note = |response: &Response<'_>| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                listed.extend(uids.iter().copied().filter(|uid| (first..=last).contains(uid)));
            }
        };
        session.exec(&format!("UID SEARCH UID {first}:{last}"), note).await?;
    }
    Ok(listed)
}

/// Which of these the server has, asked for by UID as mails are read.
async fn still_there(
    session: &mut Session,
    recorded: &RecordedUids,
    absent: &BTreeSet<u32>,
    witness: Option<u32>,
) -> Result<BTreeSet<u32>, Fault> {
    let mut there = BTreeSet::new();
    for set in recorded.sets(absent) {
        let set = witness.map_or(set.clone(), |witness| format!("{witness},{set}"));
        let note = |response: &Response<'_>| there.extend(listed_mail(response).map(|mail| mail.uid));
        session.exec(&format!("UID FETCH {set} (UID)"), note).await?;
    }
    Ok(there)
}
