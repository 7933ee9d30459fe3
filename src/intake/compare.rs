//! What became of the mail on record: each folder is compared with it before anything new is read.
//!
//! Compared first and read then: a mail that somebody moves meanwhile was still there, or is met in its new folder. Nothing is
//! noted unless all folders of the account were read, so that a folder out of reach makes nobody a thief.

use super::{Intake, PollError};
use crate::config::settings::Account;
use crate::mailbox::{Compared, Folder, Mailbox};
use crate::store::intake::Place;

/// A folder, and how it stands beside the record; None: nobody can say.
pub(super) type Comparison = (Place, Option<Compared>);

impl Intake<'_> {
    /// Compares the folders with the record. Trouble with one ends it: what counts is that the folders are read.
    pub(super) async fn compare(
        &self,
        mailbox: &mut Mailbox,
        account: &Account,
        folders: &[Folder],
    ) -> Result<Vec<Comparison>, PollError> {
        let (mut comparisons, mut trouble) = (Vec::new(), false);
        for folder in folders {
            let place = Place { account: account.name.clone(), folder: folder.name.clone() };
            let taken = self.taken(mailbox, &place).await?;
            let recorded = self.store.recorded_in(&place, &taken, self.clock.now()).await?;
            let compared = match recorded.filter(|_| !trouble) {
                None => None,
                Some(recorded) => mailbox.compare(folder, &recorded).await.unwrap_or_else(|error| {
                    tracing::debug!(account = account.name, folder = folder.name, %error, "not compared");
                    trouble = true;
                    None
                }),
            };
            comparisons.push((place, compared));
        }
        Ok(comparisons)
    }

    pub(super) async fn note_compared(&self, comparisons: &[Comparison]) -> Result<(), PollError> {
        for (place, compared) in comparisons {
            self.store.note_compared(place, compared.as_ref(), self.clock.now()).await?;
        }
        Ok(())
    }
}
