//! News to the buyer base: who gets it, and when the next one may go. Pure.

mod file;
mod pace;

pub use file::parse;
pub use pace::{LOOK_BACK, Pace};

use crate::clock::UnixTime;
use crate::grading::Grade;

/// One newsletter, as its Markdown file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    /// The file's name without `.md`: names the campaign for ever, so that nobody gets it twice.
    pub name: String,
    pub subject: String,
    /// Buyers whose last grade is among these.
    pub grades: Vec<Grade>,
    /// Not before this instant.
    pub date: UnixTime,
    /// Markdown, without the front matter.
    pub body: String,
}
