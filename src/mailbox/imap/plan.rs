//! Which mails are asked for by one command, and what becomes of one that makes trouble. Pure.

use crate::clock::UnixTime;
use std::collections::VecDeque;

/// Mails a command asks for at most, and the bytes they may have together: enough to hide the network, little enough
/// to hold two such batches in memory.
const MAILS: usize = 100;
const BYTES: u64 = 1024 * 1024;
/// What is taken of a mail above the size limit.
const BEGINNING: u64 = 256 * 1024;

/// A mail the server lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    pub uid: u32,
    /// RFC822.SIZE; servers are known to be a little wrong.
    pub size: u64,
    /// INTERNALDATE.
    pub arrived_at: Option<UnixTime>,
}

/// How a chunk is asked for. A mail that makes trouble climbs down, so that every mail ends as a record and no mail
/// holds up the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    Together,
    /// One mail whose company failed.
    Alone,
    /// One mail that is too large, or failed alone.
    Beginning {
        reason: String,
    },
    /// One mail that failed in any way: only whether it is still there.
    Existence {
        reason: String,
    },
}

/// Neighbours in the folder, in ascending UID: everything the server listed between the first and the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    pub mails: Vec<Shown>,
    pub ask: Ask,
}

impl Chunk {
    pub fn first(&self) -> u32 {
        self.mails.first().map_or(0, |mail| mail.uid)
    }

    pub fn last(&self) -> u32 {
        self.mails.last().map_or(0, |mail| mail.uid)
    }

    pub fn get(&self, uid: u32) -> Option<&Shown> {
        self.mails.binary_search_by_key(&uid, |mail| mail.uid).ok().map(|index| &self.mails[index])
    }

    /// The command that fetches it (RFC 3501 section 6.4.8); PEEK leaves \Seen alone.
    pub fn command(&self) -> String {
        match self.ask {
            Ask::Together | Ask::Alone => format!("UID FETCH {} (UID BODY.PEEK[])", self.range()),
            Ask::Beginning { .. } => format!("UID FETCH {} (UID BODY.PEEK[]<0.{BEGINNING}>)", self.range()),
            Ask::Existence { .. } => self.existence(),
        }
    }

    /// The command that asks which of these mails are still there.
    pub fn existence(&self) -> String {
        format!("UID FETCH {} (UID)", self.range())
    }

    fn range(&self) -> String {
        match self.mails.len() {
            1 => self.first().to_string(),
            _ => format!("{}:{}", self.first(), self.last()),
        }
    }

    /// Bytes one mail of this chunk may have, with room for servers that count badly.
    pub fn literal_limit(&self, mail_size: u64) -> u64 {
        let largest = self.mails.iter().map(|mail| mail.size).max().unwrap_or(0);
        let room = |size: u64| size + size / 4 + 64 * 1024;
        match self.ask {
            Ask::Together => room(largest),
            Ask::Alone => room(largest.max(mail_size)),
            Ask::Beginning { .. } | Ask::Existence { .. } => room(BEGINNING),
        }
    }

    /// This chunk with one mail set apart, which is asked for more carefully; `why` it failed.
    pub fn set_apart(self, suspect: u32, why: &str) -> Vec<Chunk> {
        let mut before = self.mails;
        let mut after = before.split_off(before.partition_point(|mail| mail.uid < suspect));
        let rest = after.split_off(after.partition_point(|mail| mail.uid <= suspect));
        let reason = why.to_owned();
        let careful = match &self.ask {
            Ask::Together => Ask::Alone,
            Ask::Alone => Ask::Beginning { reason },
            Ask::Beginning { .. } | Ask::Existence { .. } => Ask::Existence { reason },
        };
        [(before, self.ask.clone()), (after, careful), (rest, self.ask)]
            .into_iter()
            .filter(|(mails, _)| !mails.is_empty())
            .map(|(mails, ask)| Chunk { mails, ask })
            .collect()
    }
}

/// Chunks of at most 100 mails and about 1 MB; a larger mail goes alone, one above `mail_size` with its beginning.
pub fn chunks(shown: Vec<Shown>, mail_size: u64) -> VecDeque<Chunk> {
    let mut chunks = VecDeque::new();
    let mut open = Vec::new();
    let mut bytes = 0;
    for mail in shown {
        let oversized = mail.size > mail_size;
        if oversized || open.len() == MAILS || bytes + mail.size > BYTES {
            close(&mut chunks, &mut open);
            bytes = 0;
        }
        if oversized {
            let reason = format!("the mail has {} bytes, above the limit of {mail_size}", mail.size);
            chunks.push_back(Chunk { mails: vec![mail], ask: Ask::Beginning { reason } });
        } else {
            bytes += mail.size;
            open.push(mail);
        }
    }
    close(&mut chunks, &mut open);
    chunks
}

fn close(chunks: &mut VecDeque<Chunk>, open: &mut Vec<Shown>) {
    if !open.is_empty() {
        chunks.push_back(Chunk { mails: std::mem::take(open), ask: Ask::Together });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: u64 = 50_000_000;

    fn mails(sizes: &[u64]) -> Vec<Shown> {
        sizes.iter().zip(1..).map(|(size, uid)| Shown { uid, size: *size, arrived_at: None }).collect()
    }

    fn uids(chunks: &VecDeque<Chunk>) -> Vec<Vec<u32>> {
        chunks.iter().map(|chunk| chunk.mails.iter().map(|mail| mail.uid).collect()).collect()
    }

    #[test]
    fn small_mails_travel_by_the_hundred() {
        let chunks = chunks(mails(&[1_000; 250]), LIMIT);
        assert_eq!(chunks.iter().map(|chunk| chunk.mails.len()).collect::<Vec<_>>(), [100, 100, 50]);
        assert_eq!(chunks[1].command(), "UID FETCH 101:200 (UID BODY.PEEK[])");
    }

    #[test]
    fn a_large_mail_travels_alone() {
        assert_eq!(uids(&chunks(mails(&[10, 5_000_000, 10, 10]), LIMIT)), [vec![1], vec![2], vec![3, 4]]);
    }

    #[test]
    fn of_a_mail_above_the_limit_only_the_beginning_is_asked_for() {
        let chunks = chunks(mails(&[10, LIMIT + 1, 10]), LIMIT);
        assert_eq!(uids(&chunks), [[1], [2], [3]]);
        assert_eq!(chunks[1].command(), "UID FETCH 2 (UID BODY.PEEK[]<0.262144>)");
        assert!(chunks[1].literal_limit(LIMIT) < 500_000);
    }

    #[test]
    fn a_troublesome_mail_is_set_apart_and_climbs_down() {
        let chunk = chunks(mails(&[10; 5]), LIMIT).remove(0).expect("one chunk");
        let apart: VecDeque<_> = chunk.set_apart(3, "unparsable").into();
        assert_eq!(uids(&apart), [vec![1, 2], vec![3], vec![4, 5]]);
        assert_eq!(apart[1].ask, Ask::Alone);
        let beginning = apart[1].clone().set_apart(3, "why");
        assert_eq!(beginning[0].ask, Ask::Beginning { reason: "why".to_owned() });
        let existence = beginning[0].clone().set_apart(3, "why");
        assert_eq!(existence[0].ask, Ask::Existence { reason: "why".to_owned() });
        assert_eq!(existence.len(), 1);
    }
}
