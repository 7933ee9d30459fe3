//! Numbers are counted from what is on record.

use super::breakdown::{Counter, When};
use super::lists::Entry;
use super::price::{Money, PriceKind, Prices};
use super::responses::{Fate, Stopwatch};
use super::{Deeds, Lists, Moments, Numbers, Period, PersonResult, StandingNumbers};
use crate::buyer::EventKind;
use crate::calendar::WorkingCalendar;
use crate::clock::UnixTime;
use crate::grade::Grade;
use std::collections::BTreeMap;

/// An inquiry, or a later mail of a buyer, as it is counted.
#[derive(Clone, Debug, Default)]
pub struct Received {
    pub id: i64,
    pub at: UnixTime,
    pub is_reply: bool,
    pub new_buyer: bool,
    pub grade: Option<Grade>,
    pub source: String,
    pub country: Option<String>,
    pub owner: Option<String>,
    pub products: Vec<String>,
    pub target_price: Option<String>,
    pub answered_at: Option<UnixTime>,
    pub worked: Option<i64>,
    pub excused: bool,
}

/// Counts one record after the other; what it keeps grows with the number of countries and products, not of inquiries.
pub struct Counting<'a> {
    period: Period,
    moments: Moments,
    before: Moments,
    at: UnixTime,
    calendar: &'a WorkingCalendar,
    /// The address that people know an owner by.
    address_of: &'a dyn Fn(&str) -> String,
    stopwatches: [Stopwatch; 2],
    inquiries: [u64; 2],
    new_buyers: u64,
    grades: Counter<String>,
    sources: Counter<String>,
    countries: Counter<String>,
    products: Counter<String>,
    pairings: Counter<(String, String)>,
    prices: Prices,
    deeds: [Deeds; 2],
    people: BTreeMap<String, PersonCount>,
    /// How late, and which inquiry.
    late: Vec<(i64, i64)>,
}

/// Late inquiries that are listed.
const LATE: usize = 500;

#[derive(Default)]
struct PersonCount {
    stopwatch: Stopwatch,
    a_inquiries: u64,
    mails: u64,
    deeds: Deeds,
    asked: u64,
}

impl<'a> Counting<'a> {
    /// `address_of` gives the address of an owner's name.
    pub fn new(
        period: Period,
        at: UnixTime,
        calendar: &'a WorkingCalendar,
        address_of: &'a dyn Fn(&str) -> String,
    ) -> Self {
        Counting {
            period,
            moments: period.moments(calendar.zone()),
            before: period.before().moments(calendar.zone()),
            at,
            calendar,
            address_of,
            stopwatches: Default::default(),
            inquiries: [0; 2],
            new_buyers: 0,
            grades: Counter::default(),
            sources: Counter::default(),
            countries: Counter::default(),
            products: Counter::default(),
            pairings: Counter::default(),
            prices: Prices::default(),
            deeds: Default::default(),
            people: BTreeMap::new(),
            late: Vec::new(),
        }
    }

    /// Both periods.
    pub fn moments(&self) -> Moments {
        Moments { from: self.before.from, until: self.moments.until }
    }

    fn when(&self, at: UnixTime) -> Option<When> {
        let now = self.moments.contains(at).then_some(When::Now);
        now.or_else(|| self.before.contains(at).then_some(When::Before))
    }

    fn person(&mut self, whose: Option<&str>) -> &mut PersonCount {
        self.people.entry(whose.map(self.address_of).unwrap_or_default()).or_default()
    }

    /// An inquiry, or a later mail of a buyer.
    pub fn received(&mut self, received: &Received) {
        let Some(when) = self.when(received.at) else { return };
        let calendar = self.calendar;
        let fate = Fate {
            received_at: received.at,
            answered_at: received.answered_at,
            worked: received.worked,
            excused: received.excused,
        };
        self.stopwatches[when as usize].count(&fate, calendar);
        if when == When::Now {
            self.person(received.owner.as_deref()).stopwatch.count(&fate, calendar);
            if let Some(late) = fate.late_by(calendar, self.at) {
                self.note_late(late, received.id);
            }
        }
        if !received.is_reply {
            self.inquiry(received, when);
        }
    }

    fn note_late(&mut self, late: i64, id: i64) {
        self.late.push((-late, id));
        if self.late.len() > 2 * LATE {
            self.late.sort_unstable();
            self.late.truncate(LATE);
        }
    }

    /// The inquiries that were, or are, answered latest: by number, the latest first.
    pub fn latest(&self) -> Vec<i64> {
        let mut late = self.late.clone();
        late.sort_unstable();
        late.into_iter().take(LATE).map(|(_, id)| id).collect()
    }

    fn inquiry(&mut self, received: &Received, when: When) {
        self.inquiries[when as usize] += 1;
        let country = received.country.clone().unwrap_or_default();
        self.grades.count(received.grade.map_or_else(String::new, |grade| grade.as_str().to_owned()), when);
        self.sources.count(received.source.clone(), when);
        self.countries.count(country.clone(), when);
        for product in &received.products {
            self.products.count(product.clone(), when);
            self.pairings.count((product.clone(), country.clone()), when);
        }
        if when == When::Before {
            return;
        }
        self.new_buyers += u64::from(received.new_buyer);
        if received.grade == Some(Grade::A) {
            self.person(received.owner.as_deref()).a_inquiries += 1;
        }
        if let Some(price) = received.target_price.as_deref().and_then(Money::parse) {
            self.prices.count(PriceKind::Target, &price, &received.products, &country);
        }
    }

    /// An entry of the ledger.
    pub fn entry(&mut self, entry: &Entry) {
        let Some(when) = self.when(entry.at) else { return };
        self.deeds[when as usize].count(entry.what);
        if when == When::Before {
            return;
        }
        self.person(entry.by_whom.as_deref().or(entry.owner.as_deref())).deeds.count(entry.what);
        if let Some(price) =
            Some(&entry.detail).filter(|_| entry.what == EventKind::Quote).and_then(|d| Money::parse(d))
        {
            self.prices.count(PriceKind::Quoted, &price, &entry.products, entry.country.as_deref().unwrap_or_default());
        }
    }

    /// Mails that one of us wrote to buyers in the period.
    pub fn mails(&mut self, by_whom: Option<&str>, number: u64) {
        self.person(by_whom).mails += number;
    }

    /// Follow-ups that an owner was asked for in the period.
    pub fn asked(&mut self, whom: Option<&str>, number: u64) {
        self.person(whom).asked += number;
    }

    pub fn result(self, standing: StandingNumbers, lists: Lists) -> Numbers {
        let [responses, responses_before] = self.stopwatches.map(Stopwatch::result);
        let person = |(person, count): (String, PersonCount)| PersonResult {
            person,
            responses: count.stopwatch.result(),
            a_inquiries: count.a_inquiries,
            mails: count.mails,
            deeds: count.deeds,
            asked: count.asked,
        };
        Numbers {
            period: self.period,
            at: self.at,
            responses,
            responses_before,
            inquiries: self.inquiries[0],
            inquiries_before: self.inquiries[1],
            new_buyers: self.new_buyers,
            grades: self.grades.shares(),
            sources: self.sources.shares(),
            countries: self.countries.shares(),
            products: self.products.shares(),
            pairings: self.pairings.pairings(),
            prices: self.prices.lines(),
            people: self.people.into_iter().map(person).collect(),
            deeds: self.deeds[0],
            deeds_before: self.deeds[1],
            standing,
            lists,
        }
    }
}
