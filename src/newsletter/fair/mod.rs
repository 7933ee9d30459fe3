//! Trade fairs: each makes an invitation, a reminder of the booth, and thanks, as newsletters of their own.

mod appointment;
mod results;
mod visits;
mod words;

pub use appointment::{Appointment, appointment};
pub use results::{Answer, Deed, FairResults, Guest};
pub use visits::{Visit, appointments};
pub use words::Told;

use super::{Candidate, Exclusion, Segment};
use crate::clock::UnixTime;
use jiff::Span;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Days after a fair in which a visit still counts as a meeting there, and thanks still come.
const AFTERWARDS: i64 = 30;
/// Days after a fair in which samples and orders count as its result.
const HARVEST: i64 = 180;

/// A fair, as `[[fair]]` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fair {
    /// Names it for ever: `canton-2027-spring`.
    pub name: String,
    pub title: Told,
    pub place: Told,
    pub booth: String,
    pub first: Date,
    /// The last day itself.
    pub last: Date,
    /// Whom it concerns: who asked for one of these, lower case; everybody if empty.
    pub products: Vec<String>,
    /// Two letters (ISO 3166); everywhere if empty.
    pub countries: Vec<String>,
    /// What is sent by itself, and when.
    pub parts: BTreeMap<Part, Shift>,
}

/// One of a fair's newsletters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Invitation,
    /// Where the booth is, to everybody who was invited.
    Reminder,
    /// To whoever was met there, or answered the invitation.
    Thanks,
}

impl Part {
    pub const ALL: [Part; 3] = [Part::Invitation, Part::Reminder, Part::Thanks];

    pub fn as_str(self) -> &'static str {
        match self {
            Part::Invitation => "invitation",
            Part::Reminder => "reminder",
            Part::Thanks => "thanks",
        }
    }

    pub fn parse(word: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|part| part.as_str() == word)
    }

    /// When it goes out, if nobody says otherwise.
    pub fn usual(self) -> Shift {
        match self {
            Part::Invitation => Shift { days: 21, is_after: false },
            Part::Reminder => Shift { days: 3, is_after: false },
            Part::Thanks => Shift { days: 2, is_after: true },
        }
    }

    /// The file that is sent where the company has none of its own; its fair is called FAIR.
    pub fn shipped_text(self) -> &'static str {
        match self {
            Part::Invitation => include_str!("texts/invitation.md"),
            Part::Reminder => include_str!("texts/reminder.md"),
            Part::Thanks => include_str!("texts/thanks.md"),
        }
    }

    /// Whether it goes on with what was begun: then it is no matter that the buyer is in a negotiation, or was written to.
    pub fn goes_on(self) -> bool {
        self != Part::Invitation
    }
}

/// Days before a fair's first day, or after its last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    pub days: i64,
    pub is_after: bool,
}

impl Shift {
    /// `3 weeks before the fair`, `2 days after`; None: it isn't written so.
    pub fn parse(written: &str) -> Option<Shift> {
        let written = written.to_lowercase();
        let mut words = written.split_whitespace();
        let count: i64 = match words.next()? {
            "a" | "one" => 1,
            number => number.parse().ok()?,
        };
        let unit = match words.next()? {
            "day" | "days" => 1,
            "week" | "weeks" => 7,
            _ => return None,
        };
        let is_after = match words.next()? {
            "before" => false,
            "after" => true,
            _ => return None,
        };
        let rest: Vec<&str> = words.collect();
        let days = count.checked_mul(unit).filter(|days| (0..=365).contains(days))?;
        matches!(rest.as_slice(), [] | ["the", "fair"]).then_some(Shift { days, is_after })
    }
}

/// `3 weeks before the fair`
impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) =
            if self.days > 0 && self.days % 7 == 0 { (self.days / 7, "week") } else { (self.days, "day") };
        let (plural, side) = (if count == 1 { "" } else { "s" }, if self.is_after { "after" } else { "before" });
        write!(f, "{count} {unit}{plural} {side} the fair")
    }
}

/// To which fair a newsletter belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfFair {
    pub fair: String,
    /// None: news about the fair that is none of its three parts.
    pub part: Option<Part>,
    /// Nobody gets it from this instant on.
    pub ends: UnixTime,
}

impl OfFair {
    /// Why a buyer has no part in it.
    pub(super) fn misses(&self, candidate: &Candidate, now: UnixTime) -> Option<Exclusion> {
        let Guest { invited, answered, met } = candidate.guest;
        match self.part {
            _ if self.ends <= now => Some(Exclusion::FairOver),
            Some(Part::Reminder) if !invited => Some(Exclusion::NotInvited),
            Some(Part::Thanks) if !answered && !met => Some(Exclusion::NotMet),
            _ => None,
        }
    }
}

impl Fair {
    /// The name of the newsletter that is this part.
    pub fn campaign(&self, part: Part) -> String {
        format!("fair-{}-{}", self.name, part.as_str())
    }

    /// Whom it concerns.
    pub fn segment(&self) -> Segment {
        Segment { products: self.products.clone(), countries: self.countries.clone(), ..Segment::default() }
    }

    pub(super) fn date(&self, shift: Shift) -> Option<Date> {
        let (day, days) = if shift.is_after { (self.last, shift.days) } else { (self.first, -shift.days) };
        day.checked_add(Span::new().days(days)).ok()
    }

    pub(super) fn of(&self, part: Option<Part>, zone: &TimeZone) -> OfFair {
        let ends = match part {
            Some(Part::Thanks) => self.met_until(zone),
            // Whoever reads it on the last day can't come any more.
            Some(_) => midnight(self.last, zone),
            None => UnixTime::MAX,
        };
        OfFair { fair: self.name.clone(), part, ends }
    }

    /// When its first day begins.
    pub fn opens(&self, zone: &TimeZone) -> UnixTime {
        midnight(self.first, zone)
    }

    /// Until when a visit counts as a meeting there.
    pub fn met_until(&self, zone: &TimeZone) -> UnixTime {
        midnight(self.last.saturating_add(Span::new().days(AFTERWARDS)), zone)
    }

    /// Until when samples and orders count as its result.
    pub fn harvest_until(&self, zone: &TimeZone) -> UnixTime {
        midnight(self.last.saturating_add(Span::new().days(HARVEST)), zone)
    }
}

fn midnight(date: Date, zone: &TimeZone) -> UnixTime {
    let instant = zone.to_ambiguous_zoned(date.to_datetime(Time::midnight())).compatible();
    instant.map_or(UnixTime::MAX, |instant| instant.timestamp().as_second())
}

#[cfg(test)]
impl Fair {
    /// An example.
    pub(super) fn canton() -> Fair {
        Fair {
            name: "canton-2027-spring".to_owned(),
            title: Told::once("141st Canton Fair"),
            place: Told::once("Guangzhou"),
            booth: "13.1 B21".to_owned(),
            first: jiff::civil::date(2027, 4, 15),
            last: jiff::civil::date(2027, 4, 19),
            products: Vec::new(),
            countries: Vec::new(),
            parts: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_told_from_the_fair() {
        for (written, days, is_after, told) in [
            ("3 weeks before the fair", 21, false, "3 weeks before the fair"),
            ("2 days after the fair", 2, true, "2 days after the fair"),
            ("a week before", 7, false, "1 week before the fair"),
            ("0 days before the fair", 0, false, "0 days before the fair"),
        ] {
            let shift = Shift::parse(written).expect(written);
            assert_eq!((shift, shift.to_string().as_str()), (Shift { days, is_after }, told));
        }
        for wrong in
            ["3 weeks", "soon", "3 months before the fair", "-3 days before the fair", "3 days before christmas"]
        {
            assert_eq!(Shift::parse(wrong), None, "{wrong}");
        }
    }
}
