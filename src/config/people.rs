//! `[team]` and `[[staff]]`: who of us gets which mail, and who looks after whom.

use super::Context;
use super::sections::language;
use crate::staff::{DigestScope, Person, Role, Staff};
use crate::written::reader::{Found, Mistake, Reader};
use crate::written::tree::Value;
use crate::written::values::{address, country, days, mailbox, text};
use lettre::message::Mailbox;
use std::collections::BTreeMap;

const REMEDY: &str = "who gets the digests, e.g. [\"Amy Xu <amy@example.com>\"]";

/// Everybody of either section; None if nobody, or a part of them is wrong, which is noted.
pub(super) fn staff(root: &Reader<'_>, context: &Context<'_>) -> Option<Staff> {
    let mut named = Vec::new();
    let mut complete = true;
    for section in root.sections("staff") {
        match person(&section) {
            Some(person) => named.push(person),
            None => complete = false,
        }
        section.finish();
    }
    let team = root.section("team");
    let members = listed(&team, "members", Role::Sales, DigestScope::All);
    let managers = listed(&team, "managers", Role::Manager, DigestScope::None);
    if !root.has("staff") && !team.has("members") {
        team.missing("members", REMEDY);
    } else if team.is_empty_list("members") && !root.has("staff") {
        team.wrong("members", Mistake::new("nobody would get a digest", REMEDY));
    }
    complete &= members.is_some() || root.has("staff") && !team.has("members");
    team.finish();
    let mut people: Vec<Found<Person>> = named;
    people.extend(members.into_iter().flatten());
    for manager in managers.into_iter().flatten() {
        // Whoever is a member too gets what members get, and what is overdue.
        match people.iter_mut().find(|known| known.value.address() == manager.value.address()) {
            Some(member) if member.value.digest == DigestScope::All => member.value.role = Role::Manager,
            _ => people.push(manager),
        }
    }
    if let Some(first) = people.first().filter(|_| people.iter().all(|one| one.value.digest == DigestScope::None)) {
        let remedy = "name somebody of the role \"sales\" or \"manager\"";
        context.problem(first.problem(Mistake::new("nobody would get a digest", remedy)));
    }
    told_apart(&people, context);
    let staff = Staff { people: people.into_iter().map(|person| person.value).collect() };
    (complete && !staff.people.is_empty()).then_some(staff)
}

/// One address is one person.
fn told_apart(people: &[Found<Person>], context: &Context<'_>) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for person in people {
        if let Some(first) = seen.insert(person.value.address(), person.place.to_string()) {
            let what = format!("{} is named at {first} already", person.value.mailbox.email);
            context.problem(person.problem(Mistake::new(what, "name each person once")));
        }
    }
}

fn listed(team: &Reader<'_>, key: &str, role: Role, digest: DigestScope) -> Option<Vec<Found<Person>>> {
    let found = team.list(key, mailbox)?;
    let person = |found: Found<Mailbox>| Found {
        value: Person { digest, ..Person::sharing(found.value, role) },
        place: found.place,
        key: found.key,
    };
    Some(found.into_iter().map(person).collect())
}

fn person(section: &Reader<'_>) -> Option<Found<Person>> {
    let name = section.required("name", text, "e.g. \"Amy Xu\"");
    let at = section.found("address", address);
    if !section.has("address") {
        section.missing("address", "where this person gets mail, e.g. \"amy@example.com\"");
    }
    let role = section.or("role", role, Role::Sales);
    let lower = |words: Vec<String>| words.into_iter().map(|word: String| word.to_lowercase()).collect();
    let countries = section.values("countries", country);
    let products = lower(section.values("products", text));
    let languages = lower(section.values("languages", text));
    let absences = section.values("absence", days);
    let reads = section.optional("reads", language);
    if role != Role::Sales {
        for (key, stated) in [("countries", &countries), ("products", &products), ("languages", &languages)] {
            if !stated.is_empty() {
                let what = "only salespeople are given buyers";
                section.wrong(key, Mistake::new(what, "take this line out, or make the role \"sales\""));
            }
        }
    }
    let (name, at) = (name?, at?);
    let mailbox = Mailbox::new(Some(name.clone()), at.value.parse().ok()?);
    let digest = match role {
        Role::Sales => DigestScope::Own,
        Role::Manager => DigestScope::All,
        Role::GeneralManager => DigestScope::None,
    };
    let owns_buyers = role == Role::Sales;
    let value = Person { name, mailbox, role, reads, countries, products, languages, absences, owns_buyers, digest };
    Some(Found { value, place: at.place, key: at.key })
}

fn role(value: &Value) -> Result<Role, Mistake> {
    let written = text(value)?;
    let known = Role::ALL.map(|role| format!("{:?}", role.as_str())).join(", ");
    Role::parse(&written)
        .ok_or_else(|| Mistake::new(format!("there is no role {written:?}"), format!("one of {known}")))
}
