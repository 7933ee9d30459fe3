//! Where each mail lies: every place in which a folder showed it, and since when it is missed there.

use super::intake::Place;
use super::{ROWS_A_STATEMENT, Store, Tx, on_pool, on_tx, push_in};
use crate::clock::UnixTime;
use crate::mailbox::{Compared, Cursor, Noted, Position, Recorded, RecordedUids, Taken};
use anyhow::Result;
use std::collections::BTreeMap;

/// Seconds after which nobody looks for a mail any more.
const LOOKED_FOR: i64 = 90 * 24 * 3600;
/// Seconds after which a provider may hide a mail for its age: the shortest that is known is 30 days.
const SHOWN: i64 = 25 * 24 * 3600;
/// Places of one folder that are compared at most, the newest first.
const COMPARED: i64 = 100_000;

/// A folder shows a mail in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    pub position: Position,
    pub mail_id: i64,
    /// The mail was on record before: it moved, was copied, or the folder was made anew.
    pub again: bool,
}

/// A position as its columns hold it: UIDVALIDITY, UID, file.
fn columns(position: &Position) -> (i64, i64, &str) {
    match position {
        Position::Uid { uid_validity, uid } => (i64::from(*uid_validity), i64::from(*uid), ""),
        Position::File { name } => (0, 0, name),
    }
}

/// Notes where mails lie. A place in a folder that was made anew takes the place of the old one.
pub(super) async fn write(tx: &mut Tx, place: &Place, sightings: &[Sighting]) -> Result<()> {
    for sightings in sightings.chunks(ROWS_A_STATEMENT) {
        on_tx!(&mut *tx, c => {
            let mut query =
                sqlx::QueryBuilder::new("INSERT INTO sighting (account, folder, uid_validity, uid, file, mail_id) ");
            query.push_values(sightings, |mut b, sighting| {
                let (uid_validity, uid, file) = columns(&sighting.position);
                b.push_bind(&place.account).push_bind(&place.folder).push_bind(uid_validity).push_bind(uid)
                    .push_bind(file).push_bind(sighting.mail_id);
            });
            query.push(
                " ON CONFLICT (account, folder, uid_validity, uid, file) DO UPDATE \
                 SET mail_id = excluded.mail_id, missed_at = NULL",
            );
            query.build().execute(c).await?;
        });
        forget_older(tx, place, sightings).await?;
    }
    Ok(())
}

async fn forget_older(tx: &mut Tx, place: &Place, sightings: &[Sighting]) -> Result<()> {
    let again: Vec<&Sighting> = sightings.iter().filter(|sighting| sighting.again).collect();
    let Some(first) = again.first() else { return Ok(()) };
    let (uid_validity, ..) = columns(&first.position);
    on_tx!(&mut *tx, c => {
        let mut query = sqlx::QueryBuilder::new("DELETE FROM sighting WHERE account = ");
        query.push_bind(&place.account).push(" AND folder = ").push_bind(&place.folder);
        query.push(" AND uid_validity <> ").push_bind(uid_validity).push(" AND mail_id IN (");
        push_in!(query, again.iter().map(|sighting| sighting.mail_id));
        query.build().execute(c).await?;
    });
    Ok(())
}

type PlaceRow = (i64, String, Option<UnixTime>, UnixTime);

impl Store {
    /// What a folder showed of the mail of the last 90 days, to be compared with what it shows now; None: nothing that can
    /// be compared.
    pub async fn recorded_in(&self, place: &Place, taken: &Taken, now: UnixTime) -> Result<Option<Recorded>> {
        match taken {
            // Without UIDVALIDITY a UID says nothing.
            Taken::Uids(None) => Ok(None),
            Taken::Uids(Some(cursor)) if cursor.uid_validity == 0 => Ok(None),
            Taken::Uids(Some(cursor)) => {
                let rows = self.places(place, cursor.uid_validity, cursor.last_uid).await?;
                Ok(recorded_uids(*cursor, &rows, now).map(Recorded::Uids))
            }
            Taken::Files(_) => {
                let rows = self.places(place, 0, 0).await?.into_iter();
                let recent = rows.filter(|(.., received_at)| *received_at >= now - LOOKED_FOR);
                let files: BTreeMap<String, bool> =
                    recent.map(|(_, file, missed, _)| (file, missed.is_some())).collect();
                Ok((!files.is_empty()).then_some(Recorded::Files(files)))
            }
        }
    }

    /// The newest places of a folder up to a UID.
    async fn places(&self, place: &Place, uid_validity: u32, last_uid: u32) -> Result<Vec<PlaceRow>> {
        let sql = "SELECT s.uid, s.file, s.missed_at, m.received_at FROM sighting s JOIN mail m ON m.id = s.mail_id \
                   WHERE s.account = $1 AND s.folder = $2 AND s.uid_validity = $3 AND s.uid <= $4 \
                   ORDER BY s.uid DESC, s.file DESC LIMIT $5";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).bind(&place.account).bind(&place.folder)
            .bind(i64::from(uid_validity)).bind(i64::from(last_uid)).bind(COMPARED).fetch_all(c).await?))
    }

    /// Notes what a comparison found; None: it could not be made, and the counts must do.
    pub async fn note_compared(&self, place: &Place, compared: Option<&Compared>, now: UnixTime) -> Result<()> {
        let nothing = Compared::default();
        let Compared { gone, back, unrecorded } = compared.unwrap_or(&nothing);
        let unrecorded = unrecorded.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
        let mut tx = self.begin().await?;
        miss(&mut tx, place, gone, Some(now)).await?;
        miss(&mut tx, place, back, None).await?;
        let sql = "UPDATE folder_count SET unrecorded = $3 WHERE account = $1 AND folder = $2";
        on_tx!(&mut tx, c => sqlx::query(sql).bind(&place.account).bind(&place.folder).bind(unrecorded)
            .execute(c).await?.rows_affected());
        tx.commit().await
    }
}

/// From the first UID of the last 90 days on, all of them: what was filed late bears a high UID and an old date.
fn recorded_uids(cursor: Cursor, rows: &[PlaceRow], now: UnixTime) -> Option<RecordedUids> {
    let recent = rows.iter().filter(|(.., received_at)| *received_at >= now - LOOKED_FOR);
    let first = recent.map(|(uid, ..)| *uid).min()?;
    let noted = |(uid, _, missed_at, received_at): &PlaceRow| {
        let noted = Noted { missed: missed_at.is_some(), old: *received_at < now - SHOWN };
        Some((u32::try_from(*uid).ok()?, noted))
    };
    let uids = rows.iter().filter(|(uid, ..)| *uid >= first).filter_map(noted).collect();
    Some(RecordedUids { uid_validity: cursor.uid_validity, last_uid: cursor.last_uid, uids })
}

async fn miss(tx: &mut Tx, place: &Place, positions: &[Position], missed_at: Option<UnixTime>) -> Result<()> {
    for positions in positions.chunks(ROWS_A_STATEMENT) {
        let Some((uid_validity, ..)) = positions.first().map(columns) else { continue };
        on_tx!(&mut *tx, c => {
            let mut query = sqlx::QueryBuilder::new("UPDATE sighting SET missed_at = ");
            query.push_bind(missed_at).push(" WHERE account = ").push_bind(&place.account);
            query.push(" AND folder = ").push_bind(&place.folder);
            query.push(" AND uid_validity = ").push_bind(uid_validity);
            query.push(" AND uid IN (");
            push_in!(query, positions.iter().map(|position| columns(position).1));
            query.push(" AND file IN (");
            push_in!(query, positions.iter().map(|position| columns(position).2));
            query.build().execute(c).await?;
        });
    }
    Ok(())
}
