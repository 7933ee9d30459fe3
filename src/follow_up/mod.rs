//! What is due: answers to inquiries, follow-ups of buyers, samples that nobody sent. Pure.
//!
//! [`due`] tells what is due at a moment, whom to tell, and why. It remembers nothing: that somebody was told stands in
//! the [`State`]. [`Deadlines::next`] and [`Cadence::next`] tell when to look again, so that the next wake-up is a look
//! into an index.

mod cadence;
mod day;
mod deadline;
mod morning;
mod owner;

pub use cadence::{Cadence, Silent, Standing, Suspended, Way};
pub use day::{Day, Turns};
pub use deadline::{Deadlines, Level, Times, Waiting};
pub use morning::{MorningInquiry, Pressing, morning};
pub use owner::{Load, Traits, choose, share_out, stand_ins};

use crate::calendar::WorkingCalendar;
use crate::clock::UnixTime;
use crate::staff::{Person, Staff};
use jiff::civil::Date;

/// What the company has decided.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    pub calendar: &'a WorkingCalendar,
    pub deadlines: &'a Deadlines,
    pub cadence: &'a Cadence,
    pub staff: &'a Staff,
}

/// What is known, as far as it may be due.
#[derive(Clone, Debug, Default)]
pub struct State {
    pub waiting: Vec<Waiting>,
    pub buyers: Vec<Silent>,
    pub samples: Vec<SampleWait>,
}

/// A buyer wants a sample, and none was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleWait {
    pub id: i64,
    pub asked_at: UnixTime,
    /// The managers know already.
    pub told: bool,
}

/// Something that somebody must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub what: What,
    /// Addresses; never a buyer's.
    pub whom: Vec<String>,
    pub reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// The inquiry wants an answer.
    Answer(i64, Level),
    /// The buyer should hear from us.
    FollowUp(i64, Way),
    /// The buyer should have heard from us last time: the managers.
    Forgotten(i64),
    /// Mail to the buyer comes back: somebody should ask for another address.
    NewAddress(i64),
    /// The buyer waits for a sample.
    Sample(i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The moment by which it should have been done.
    Deadline(UnixTime),
    /// The last contact, and the day on which the next was due.
    Silence { since: UnixTime, due: Date },
    /// So often nobody did what was asked.
    Unheeded(u32),
    /// Mail came back.
    Bounced,
}

/// Everything that is due at `now`.
pub fn due(now: UnixTime, state: &State, rules: &Rules<'_>) -> Vec<Due> {
    let waiting = state.waiting.iter().flat_map(|one| due_answers(now, one, rules));
    let samples = state.samples.iter().filter_map(|one| due_sample(now, one, rules));
    let buyers = state.buyers.iter().flat_map(|one| due_follow_up(now, one, rules));
    waiting.chain(samples).chain(buyers).collect()
}

fn due_answers(now: UnixTime, waiting: &Waiting, rules: &Rules<'_>) -> impl Iterator<Item = Due> {
    let levels = rules.deadlines.due(waiting, rules.calendar, now);
    levels.into_iter().map(move |(level, deadline)| {
        let whom = match level {
            Level::Near | Level::Target => {
                owners(rules.staff, waiting.owner.as_deref(), &waiting.traits, rules.calendar.date(now))
            }
            Level::Limit => rules.staff.managers(rules.calendar.date(now)),
        };
        let what = What::Answer(waiting.inquiry_id, level);
        Due { what, whom: addresses(whom), reason: Reason::Deadline(deadline) }
    })
}

fn due_sample(now: UnixTime, sample: &SampleWait, rules: &Rules<'_>) -> Option<Due> {
    let stalled = rules.cadence.sample_stalls_at(sample.asked_at, rules.calendar);
    (!sample.told && stalled <= now).then(|| Due {
        what: What::Sample(sample.id),
        whom: addresses(rules.staff.managers(rules.calendar.date(now))),
        reason: Reason::Deadline(stalled),
    })
}

fn due_follow_up(now: UnixTime, buyer: &Silent, rules: &Rules<'_>) -> Vec<Due> {
    let today = rules.calendar.date(now);
    let owner = || addresses(owners(rules.staff, buyer.owner.as_deref(), &buyer.traits, today));
    match rules.cadence.standing(buyer, rules.calendar, now) {
        Standing::Due { day, way } => {
            let reason = Reason::Silence { since: buyer.last_contact, due: day };
            let follow_up = Due { what: What::FollowUp(buyer.buyer_id, way), whom: owner(), reason };
            let forgotten = (buyer.unheeded > 0).then(|| Due {
                what: What::Forgotten(buyer.buyer_id),
                whom: addresses(rules.staff.managers(today)),
                reason: Reason::Unheeded(buyer.unheeded),
            });
            std::iter::once(follow_up).chain(forgotten).collect()
        }
        Standing::Bounced => {
            let mut whom = owner();
            // Asked before, and mail still comes back: the managers, too.
            if buyer.address_asked_at.is_some() {
                whom.extend(addresses(rules.staff.managers(today)));
                whom.sort();
                whom.dedup();
            }
            vec![Due { what: What::NewAddress(buyer.buyer_id), whom, reason: Reason::Bounced }]
        }
        Standing::Later(_) | Standing::Suspended(_) => Vec::new(),
    }
}

/// Who does what an owner should do: he himself, or who stands in for him.
pub fn owners<'a>(staff: &'a Staff, owner: Option<&str>, traits: &Traits, today: Date) -> Vec<&'a Person> {
    match owner.and_then(|owner| staff.named(owner)) {
        Some(person) if !person.is_absent(today) => vec![person],
        _ => stand_ins(staff, traits, today),
    }
}

fn addresses(people: Vec<&Person>) -> Vec<String> {
    people.into_iter().map(Person::address).collect()
}
