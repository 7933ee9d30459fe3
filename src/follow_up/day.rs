//! Whom a day has room for.

use super::{Due, Rules, Silent, What};
use crate::clock::UnixTime;
use crate::staff::Person;
use std::collections::HashMap;

/// Buyers whose turn it is.
#[derive(Debug, Default)]
pub struct Turns {
    pub buyers: Vec<(Silent, Vec<Due>)>,
    /// How many more each owner has, by what cards call him.
    pub put_off: HashMap<String, usize>,
}

impl Turns {
    /// Keeps of each owner's buyers the best, as many as he can do in a day, and of those without an owner as many as all
    /// can do: however many buyers there are, a day is a day.
    pub fn keep_a_day(&mut self, a_day: usize, sellers: usize) {
        self.buyers.sort_by_key(|(buyer, _)| rank(buyer));
        let mut kept: HashMap<String, usize> = HashMap::new();
        let put_off = &mut self.put_off;
        self.buyers.retain(|(buyer, _)| {
            let owner = buyer.owner.clone().unwrap_or_default();
            let room = if buyer.owner.is_some() { a_day } else { a_day * sellers.max(1) };
            let count = kept.entry(owner.clone()).or_default();
            *count += 1;
            if *count > room {
                *put_off.entry(owner).or_default() += 1;
            }
            *count <= room
        });
    }
}

/// The best buyers first, then the longest silence.
fn rank(buyer: &Silent) -> (u8, UnixTime, i64) {
    (buyer.grade.map_or(4, |grade| grade as u8), buyer.last_contact, buyer.buyer_id)
}

/// What is asked for today.
#[derive(Debug, Default)]
pub struct Day {
    pub chosen: Vec<(Silent, Vec<Due>)>,
    /// Buyers for whom a person's day has no room.
    pub put_off: HashMap<String, usize>,
    /// When to look at each of them again, once they are told.
    pub next: Vec<(i64, Option<UnixTime>)>,
}

impl Day {
    /// As many as a person can do in a day, the best first; `put_off` are those that nobody had room for before.
    pub fn plan(
        now: UnixTime,
        rules: &Rules<'_>,
        mut due: Vec<(Silent, Vec<Due>)>,
        put_off: HashMap<String, usize>,
    ) -> Day {
        due.sort_by_key(|(buyer, _)| rank(buyer));
        let address = |owner: String| rules.staff.named(&owner).map_or(owner, Person::address);
        let mut full: HashMap<String, usize> = HashMap::new();
        let mut day = Day::default();
        // Cards may call one person by name and by address.
        put_off.into_iter().for_each(|(owner, count)| *day.put_off.entry(address(owner)).or_default() += count);
        for (buyer, due) in due {
            let persons: Vec<String> = due
                .iter()
                .filter(|one| !matches!(one.what, What::Forgotten(_)))
                .flat_map(|one| one.whom.clone())
                .collect();
            let has_room = |person: &String| full.get(person).is_none_or(|count| *count < rules.cadence.per_day);
            if !persons.iter().any(has_room) {
                // Tomorrow's list begins with him, should nobody better have come.
                persons.into_iter().for_each(|person| *day.put_off.entry(person).or_default() += 1);
                continue;
            }
            persons.into_iter().for_each(|person| *full.entry(person).or_default() += 1);
            let asked = due.iter().any(|one| matches!(one.what, What::FollowUp(..)));
            let after = Silent {
                asked_at: if asked { Some(now) } else { buyer.asked_at },
                address_asked_at: if asked { buyer.address_asked_at } else { Some(now) },
                ..buyer.clone()
            };
            day.next.push((buyer.buyer_id, rules.cadence.next(&after, rules.calendar, now)));
            day.chosen.push((buyer, due));
        }
        day
    }
}
