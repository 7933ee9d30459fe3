//! What belongs to a newsletter besides its words.

use super::Pace;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// A file that goes with a newsletter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosure {
    /// As the buyer sees it.
    pub name: String,
    /// A media type.
    pub content_type: &'static str,
    pub file: Enclosed,
}

/// A file as it was when the configuration was loaded; its bytes are read when mails are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    /// Of its bytes (SHA-256).
    pub digest: [u8; 32],
}

/// How fast this newsletter may go, where it is to go slower than `[newsletter]` allows; the slower one of both counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CampaignPace {
    /// In any 24 hours.
    pub per_day: Option<u32>,
    /// Between two of them.
    pub interval: Option<Duration>,
}

impl CampaignPace {
    /// The campaign's own pace; `all` is that of all newsletters.
    pub fn slower_than(self, all: Option<&Pace>) -> Pace {
        let all = all.cloned().unwrap_or_else(Pace::unlimited);
        let per_day = self.per_day.map_or(all.per_day, |per_day| per_day.min(all.per_day));
        let interval = self.interval.map_or(all.interval, |interval| interval.max(all.interval));
        Pace { per_day, interval, warm_up: Vec::new(), ..all }
    }
}

/// For people: `, at most 20 a day, 2m apart`; nothing where it has no pace of its own.
impl fmt::Display for CampaignPace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(per_day) = self.per_day {
            write!(f, ", at most {per_day} a day")?;
        }
        match self.interval.map(|interval| interval.as_secs()) {
            Some(seconds) if seconds % 3600 == 0 => write!(f, ", {}h apart", seconds / 3600),
            Some(seconds) if seconds % 60 == 0 => write!(f, ", {}m apart", seconds / 60),
            Some(seconds) => write!(f, ", {seconds}s apart"),
            None => Ok(()),
        }
    }
}
