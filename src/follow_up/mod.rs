//! What is due because an inquiry has no answer yet. Pure.

use crate::clock::UnixTime;
use crate::grading::Grade;

/// Who is told that an inquiry waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The target has passed: the team.
    Target,
    /// The limit has passed: the managers.
    Limit,
}

/// An inquiry without an answer.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub inquiry_id: i64,
    pub received_at: UnixTime,
    /// When a digest told the team of it.
    pub told_at: Option<UnixTime>,
    pub grade: Grade,
    pub subject: String,
    /// The buyer in one short phrase: name, company, address.
    pub buyer: String,
    /// Levels that were reminded of already.
    pub reminded: Vec<Level>,
}
