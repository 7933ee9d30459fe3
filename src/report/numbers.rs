//! The numbers of a report.

use super::journey::{Completeness, FunnelStep};
use super::lists::{BuyerLine, Entry, NewsletterLine, RecordLine, SampleLine, Written};
use super::{ForwardedMail, Milestone, Pairing, Period, PlanYear, PriceLine, RemovedMail, Responses, Share};
use crate::buyer::EventKind;
use crate::clock::UnixTime;
use serde::Serialize;

/// Everything that a report may say.
#[derive(Clone, Debug, Serialize)]
pub struct Numbers {
    pub period: Period,
    pub at: UnixTime,
    pub responses: Responses,
    /// In the period before.
    pub responses_before: Responses,
    /// New inquiries, without what buyers wrote later in a thread.
    pub inquiries: u64,
    pub inquiries_before: u64,
    /// Buyers who wrote for the first time.
    pub new_buyers: u64,
    pub grades: Vec<Share>,
    pub sources: Vec<Share>,
    pub countries: Vec<Share>,
    pub products: Vec<Share>,
    pub pairings: Vec<Pairing>,
    pub prices: Vec<PriceLine>,
    pub people: Vec<PersonResult>,
    pub deeds: Deeds,
    pub deeds_before: Deeds,
    pub standing: StandingNumbers,
    pub lists: Lists,
}

impl Numbers {
    /// Nothing came, nothing was done, and nothing waits.
    pub fn is_quiet(&self) -> bool {
        self.responses.received == 0
            && self.deeds == Deeds::default()
            && self.lists.written.is_empty()
            && self.lists.late.is_empty()
            && self.lists.samples.is_empty()
            && self.lists.removed.is_empty()
            && self.lists.forwarded.is_empty()
    }

    /// With owners and writers as people call them.
    #[must_use]
    pub fn named(mut self, name_of: impl Fn(&str) -> String) -> Self {
        let rename = |who: &mut Option<String>| *who = who.as_deref().map(&name_of);
        let lists = &mut self.lists;
        for buyer in [&mut lists.a_buyers, &mut lists.quiet, &mut lists.dormant].into_iter().flatten() {
            rename(&mut buyer.owner);
        }
        for line in [&mut lists.late, &mut lists.record].into_iter().flatten() {
            rename(&mut line.owner);
            rename(&mut line.answered_by);
        }
        for entry in &mut lists.entries {
            rename(&mut entry.owner);
            rename(&mut entry.by_whom);
        }
        lists.removed.iter_mut().for_each(|mail| rename(&mut mail.owner));
        lists.forwarded.iter_mut().for_each(|mail| mail.sender = name_of(&mail.sender));
        lists.written.iter_mut().for_each(|mail| rename(&mut mail.by_whom));
        lists.samples.iter_mut().for_each(|sample| rename(&mut sample.owner));
        self.people.iter_mut().for_each(|person| person.person = name_of(&person.person));
        self
    }
}

/// How the buyer base stands at the end.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StandingNumbers {
    pub funnel: Vec<FunnelStep>,
    pub completeness: Completeness,
    pub plan_year: Option<PlanYear>,
    pub milestones: Vec<Milestone>,
    /// Orders of the plan's year by the way on which their buyers came to us.
    pub channels: Vec<(String, u64)>,
}

/// What stands one line each.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Lists {
    pub a_buyers: Vec<BuyerLine>,
    /// In touch in the period before, and not since.
    pub quiet: Vec<BuyerLine>,
    /// Silent for long, and worth a word.
    pub dormant: Vec<BuyerLine>,
    /// Answered late, or waiting for long: the longest first.
    pub late: Vec<RecordLine>,
    pub samples: Vec<SampleLine>,
    /// Buyers' mail gone from the mailbox, newest first.
    pub removed: Vec<RemovedMail>,
    /// Buyers' mail forwarded outside, newest first.
    pub forwarded: Vec<ForwardedMail>,
    /// Quotes, samples, visits and orders of the period.
    pub entries: Vec<Entry>,
    /// Mails of ours to buyers.
    pub written: Vec<Written>,
    /// Newsletters of the period, the newest first.
    pub newsletters: Vec<NewsletterLine>,
    /// Every inquiry of the period, oldest first.
    pub record: Vec<RecordLine>,
}

/// What was done for buyers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Deeds {
    /// Phone, visits, chats, letters: whatever is neither mail nor one of the following.
    pub contacts: u64,
    pub quotes: u64,
    pub samples: u64,
    pub factory_visits: u64,
    pub sample_orders: u64,
    pub trial_orders: u64,
    pub repeat_orders: u64,
}

impl Deeds {
    pub(super) fn count(&mut self, what: EventKind) {
        let number = match what {
            EventKind::Quote => &mut self.quotes,
            EventKind::SampleSent => &mut self.samples,
            EventKind::FactoryVisit => &mut self.factory_visits,
            EventKind::SampleOrder => &mut self.sample_orders,
            EventKind::TrialOrder => &mut self.trial_orders,
            EventKind::RepeatOrder => &mut self.repeat_orders,
            EventKind::SampleAsked | EventKind::SampleResult => return,
            contact if contact.is_contact() => &mut self.contacts,
            _ => return,
        };
        *number += 1;
    }

    pub fn orders(&self) -> u64 {
        self.sample_orders + self.trial_orders + self.repeat_orders
    }
}

/// What one of us achieved: for the incentive scheme.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PersonResult {
    /// His address; empty: buyers whom nobody looks after.
    pub person: String,
    /// Of the inquiries of his buyers.
    pub responses: Responses,
    /// New inquiries of his buyers graded A.
    pub a_inquiries: u64,
    pub mails: u64,
    pub deeds: Deeds,
    /// Buyers that he was asked to follow up.
    pub asked: u64,
}
