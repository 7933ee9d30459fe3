//! What a folder still shows of the mails on record, and what it shows that is not on record. Pure.
//!
//! Some providers hide the beginning of a folder: QQ and NetEase show the last 30 days unless told otherwise, Gmail may be told
//! to show the newest 1,000 mails. So an old mail in front of everything that the server shows is not called gone.

use super::Position;
use std::collections::{BTreeMap, BTreeSet};

/// UIDs on record that one SEARCH spans: its answer is one line, and a line has a bound.
const SPANNED: usize = 5_000;
/// Ranges of one command: servers refuse lines above 8 kB.
const RANGES: usize = 200;

/// Mails that a folder shows at least, if its server hides older ones by their number.
const SHOWN_BY_NUMBER: u64 = 1_000;

/// The mails of a folder that are on record, as far back as they are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    Uids(RecordedUids),
    /// Maildir: unique names; true: missed before.
    Files(BTreeMap<String, bool>),
}

/// IMAP: all UIDs on record from the first of these up to `last_uid`, which the folder showed before this comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedUids {
    pub uid_validity: u32,
    pub last_uid: u32,
    pub uids: BTreeMap<u32, Noted>,
}

/// What is known of a mail on record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// It was missed before.
    pub missed: bool,
    /// It came so long ago that the server may hide it for its age.
    pub old: bool,
}

/// What a server shows of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub exists: u64,
    /// The UID of its first mail; None if it is empty, or nobody knows.
    pub first: Option<u32>,
    /// The UIDs within the span that is compared.
    pub listed: BTreeSet<u32>,
}

/// How a folder stands beside the record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// On record, and there no longer.
    pub gone: Vec<Position>,
    /// Missed before, and there.
    pub back: Vec<Position>,
    /// There, and not on record: lost. None for a Maildir, where whatever is not on record is read as new.
    pub unrecorded: Option<u64>,
}

impl RecordedUids {
    /// Ranges that span everything from the first UID up to the last one that was shown.
    pub(super) fn spans(&self) -> Vec<(u32, u32)> {
        let starts: Vec<u32> = self.uids.keys().copied().step_by(SPANNED).collect();
        let ends = starts.iter().skip(1).map(|next| next - 1).chain([self.last_uid]);
        starts.iter().copied().zip(ends).filter(|(first, last)| first <= last).collect()
    }

    /// UIDs on record that were there when the folder was last compared, and that the server does not list.
    pub(super) fn absent(&self, listed: &BTreeSet<u32>) -> BTreeSet<u32> {
        self.uids.iter().filter(|(uid, noted)| !noted.missed && !listed.contains(uid)).map(|(uid, _)| *uid).collect()
    }

    /// UID sets (RFC 3501 section 9, sequence-set) that name these UIDs: neighbours on record make one range, whatever is
    /// missing between them.
    pub(super) fn sets(&self, wanted: &BTreeSet<u32>) -> Vec<String> {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        let mut open = false;
        for uid in self.uids.keys() {
            match ranges.last_mut() {
                _ if !wanted.contains(uid) => open = false,
                Some(range) if open => range.1 = *uid,
                _ => {
                    ranges.push((*uid, *uid));
                    open = true;
                }
            }
        }
        let written = |(first, last): &(u32, u32)| match first == last {
            true => first.to_string(),
            false => format!("{first}:{last}"),
        };
        ranges.chunks(RANGES).map(|ranges| ranges.iter().map(written).collect::<Vec<_>>().join(",")).collect()
    }

    /// What follows from what the server shows.
    pub(super) fn compared(&self, Shown { exists, first, listed }: &Shown) -> Compared {
        let position = |uid: u32| Position::Uid { uid_validity: self.uid_validity, uid };
        let back = self.uids.iter().filter(|(uid, noted)| noted.missed && listed.contains(uid));
        let may_be_hidden = |uid: &u32| {
            let in_front = first.is_none_or(|first| *uid < first);
            in_front && (self.uids[uid].old || *exists >= SHOWN_BY_NUMBER)
        };
        Compared {
            gone: self.absent(listed).into_iter().filter(|uid| !may_be_hidden(uid)).map(position).collect(),
            back: back.map(|(uid, _)| position(*uid)).collect(),
            unrecorded: Some(listed.iter().filter(|uid| !self.uids.contains_key(uid)).count() as u64),
        }
    }
}

/// What follows from the names that a Maildir folder has.
pub(super) fn compared_files(recorded: &BTreeMap<String, bool>, there: impl Fn(&str) -> bool) -> Compared {
    let named = |wanted: fn(bool, bool) -> bool| {
        let names = recorded.iter().filter(|(name, missed)| wanted(**missed, there(name)));
        names.map(|(name, _)| Position::File { name: name.clone() }).collect()
    };
    Compared {
        gone: named(|missed, there| !missed && !there),
        back: named(|missed, there| missed && there),
        unrecorded: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(uids: &[u32], last_uid: u32) -> RecordedUids {
        RecordedUids { uid_validity: 7, last_uid, uids: uids.iter().map(|uid| (*uid, Noted::default())).collect() }
    }

    fn shown(uids: &[u32]) -> Shown {
        Shown { exists: uids.len() as u64, first: uids.first().copied(), listed: uids.iter().copied().collect() }
    }

    fn at(uids: &[u32]) -> Vec<Position> {
        uids.iter().map(|uid| Position::Uid { uid_validity: 7, uid: *uid }).collect()
    }

    #[test]
    fn one_deleted_and_one_lost_are_two_and_do_not_hide_each_other() {
        let compared = recorded(&[1, 2, 4], 4).compared(&shown(&[1, 3, 4]));
        assert_eq!(compared, Compared { gone: at(&[2]), back: Vec::new(), unrecorded: Some(1) });
    }

    #[test]
    fn what_was_missed_before_is_told_only_when_it_comes_back() {
        let mut known = recorded(&[1, 2, 3], 3);
        let missed = Noted { missed: true, old: false };
        known.uids.extend([(2, missed), (3, missed)]);
        let compared = known.compared(&shown(&[1, 3]));
        assert_eq!(compared, Compared { gone: Vec::new(), back: at(&[3]), unrecorded: Some(0) });
    }

    #[test]
    fn what_a_provider_hides_for_its_age_or_number_is_not_called_gone() {
        let mut known = recorded(&[3, 4, 5, 6, 7], 7);
        let old = Noted { missed: false, old: true };
        known.uids.extend([(3, old), (4, old), (5, old)]);
        let gone = |shown: &Shown| known.compared(shown).gone;
        assert_eq!(gone(&shown(&[5, 7])), at(&[6]), "the last thirty days");
        assert_eq!(gone(&shown(&[3, 7])), at(&[4, 5, 6]), "older mail is there");
        assert_eq!(gone(&shown(&[7])), at(&[6]), "young mail is hidden by nobody");
        assert_eq!(gone(&shown(&[])), at(&[6, 7]), "the folder was emptied");
        assert_eq!(gone(&Shown { exists: 1_000, ..shown(&[7]) }), [], "the newest thousand");
        assert_eq!(gone(&Shown { exists: 1_000, first: Some(2), ..shown(&[7]) }), at(&[3, 4, 5, 6]), "all are shown");
    }

    #[test]
    fn thousands_of_mails_are_asked_for_in_few_words() {
        let known = recorded(&(1..=12_000).map(|number| number * 3).collect::<Vec<_>>(), 40_000);
        assert_eq!(known.spans(), [(3, 15_002), (15_003, 30_002), (30_003, 40_000)]);
        let wanted: BTreeSet<u32> = known.uids.keys().copied().filter(|uid| *uid != 300).collect();
        assert_eq!(known.sets(&wanted), ["3:297,303:36000"]);
        let every_other = known.uids.keys().copied().step_by(2).collect();
        let sets = known.sets(&every_other);
        assert!(sets.len() == 30 && sets.iter().all(|set| set.len() < 8_000), "{}", sets.len());
    }

    #[test]
    fn a_file_that_is_gone_and_one_that_came_back() {
        let known = BTreeMap::from([("a".to_owned(), false), ("b".to_owned(), false), ("c".to_owned(), true)]);
        let compared = compared_files(&known, |name| name != "a");
        let file = |name: &str| vec![Position::File { name: name.to_owned() }];
        assert_eq!(compared, Compared { gone: file("a"), back: file("c"), unrecorded: None });
    }
}
