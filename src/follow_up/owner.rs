//! Who looks after a buyer.

use crate::staff::{Person, Role, Staff};
use jiff::civil::Date;
use std::collections::HashMap;

/// What decides who looks after a buyer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// What he asked for, in words of the catalogue.
    pub products: Vec<String>,
}

/// What each salesperson, by address, has to do: inquiries that wait, then how often one was given to him.
pub type Load = HashMap<String, (i64, i64)>;

/// Whom a new buyer is given to: whoever's countries, products and languages fit best, in turn by load. Nobody where
/// buyers have no owners.
pub fn choose<'a>(staff: &'a Staff, traits: &Traits, load: &Load, today: Date) -> Option<&'a Person> {
    let present = |person: &&Person| person.owns_buyers && person.role == Role::Sales && !person.is_absent(today);
    let all: Vec<&Person> = staff.people.iter().filter(|person| person.owns_buyers).collect();
    let mut candidates: Vec<&Person> = staff.people.iter().filter(present).collect();
    if candidates.is_empty() {
        candidates = all.into_iter().filter(|person| person.role == Role::Sales).collect();
    }
    let best = candidates.iter().filter_map(|person| fit(person, traits)).max();
    let fitting = candidates.iter().filter(|person| best.is_none() || fit(person, traits) == best);
    fitting.min_by_key(|person| load.get(&person.address()).copied().unwrap_or_default()).copied()
}

/// Gives buyers whom nobody looks after to their owners (addresses), one after the other; the load grows with each.
pub fn share_out(staff: &Staff, unowned: &[(i64, Traits)], load: &mut Load, today: Date) -> Vec<(i64, String)> {
    let give = |(buyer_id, traits): &(i64, Traits)| {
        let owner = choose(staff, traits, load, today)?.address();
        let of_owner = load.entry(owner.clone()).or_default();
        *of_owner = (of_owner.0 + 1, of_owner.1 + 1);
        Some((*buyer_id, owner))
    };
    unowned.iter().filter_map(give).collect()
}

/// Who does it while an owner is away, or where a buyer has none: whoever was chosen for the like of him, else those who
/// share the work, else the managers.
pub fn stand_ins<'a>(staff: &'a Staff, traits: &Traits, today: Date) -> Vec<&'a Person> {
    let present = |person: &&Person| !person.is_absent(today);
    if staff.has_owners() {
        let by_rule = choose(staff, traits, &Load::new(), today).filter(present);
        return by_rule.map_or_else(|| staff.managers(today), |person| vec![person]);
    }
    let sharing: Vec<&Person> = staff.readers().filter(present).collect();
    if sharing.is_empty() { staff.managers(today) } else { sharing }
}

/// How many of a person's limits speak for him; None if one speaks against him.
fn fit(person: &Person, traits: &Traits) -> Option<usize> {
    let limits = [
        (&person.countries, traits.country.as_slice()),
        (&person.languages, traits.language.as_slice()),
        (&person.products, traits.products.as_slice()),
    ];
    let stated = limits.iter().filter(|(limit, _)| !limit.is_empty());
    let fits = |(limit, stated): &(&Vec<String>, &[String])| {
        stated.iter().any(|one| limit.iter().any(|known| known.eq_ignore_ascii_case(one)))
    };
    stated.clone().all(fits).then(|| stated.count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn seller(name: &str, countries: &[&str], languages: &[&str]) -> Person {
        let mailbox = format!("{name} <{}@haiyue.example>", name.to_lowercase()).parse().expect("a mailbox");
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Person {
            countries: list(countries),
            languages: list(languages),
            owns_buyers: true,
            ..Person::sharing(mailbox, Role::Sales)
        }
    }

    fn traits(country: &str, language: &str) -> Traits {
        Traits { country: Some(country.to_owned()), language: Some(language.to_owned()), products: Vec::new() }
    }

    const TODAY: Date = Date::constant(2026, 11, 23);

    #[test]
    fn a_spanish_letter_from_chile_goes_to_who_speaks_spanish_and_the_rest_in_turn() {
        let staff = Staff {
            people: vec![
                seller("Amy", &[], &["es", "pt"]),
                seller("Leo", &[], &[]),
                seller("Mia", &[], &[]),
                seller("Zoe", &["CL"], &["es"]),
            ],
        };
        let chosen = |traits: &Traits, load: &Load| choose(&staff, traits, load, TODAY).map(|p| p.name.clone());
        assert_eq!(chosen(&traits("CL", "es"), &Load::new()).as_deref(), Some("Zoe"), "two limits fit");
        assert_eq!(chosen(&traits("MX", "es"), &Load::new()).as_deref(), Some("Amy"));
        let busy = Load::from([("leo@haiyue.example".to_owned(), (3, 9)), ("mia@haiyue.example".to_owned(), (2, 12))]);
        assert_eq!(chosen(&traits("DE", "de"), &busy).as_deref(), Some("Mia"));
        let even = Load::from([("leo@haiyue.example".to_owned(), (2, 9)), ("mia@haiyue.example".to_owned(), (2, 12))]);
        assert_eq!(chosen(&traits("DE", "de"), &even).as_deref(), Some("Leo"), "whose turn it is");
    }

    #[test]
    fn nobody_is_given_a_buyer_on_holiday_and_the_like_stands_in() {
        let away = |person: Person| Person { absences: vec![(TODAY, TODAY)], ..person };
        let staff = Staff { people: vec![away(seller("Amy", &[], &["es"])), seller("Leo", &[], &[])] };
        assert_eq!(choose(&staff, &traits("CL", "es"), &Load::new(), TODAY).map(|p| p.name.as_str()), Some("Leo"));
        assert_eq!(stand_ins(&staff, &traits("CL", "es"), TODAY)[0].name, "Leo");
        let tomorrow = date(2026, 11, 24);
        assert_eq!(choose(&staff, &traits("CL", "es"), &Load::new(), tomorrow).map(|p| p.name.as_str()), Some("Amy"));
    }

    #[test]
    fn where_no_limit_fits_somebody_is_chosen_all_the_same() {
        let staff = Staff { people: vec![seller("Amy", &["CL"], &[]), seller("Leo", &["ES"], &[])] };
        assert_eq!(choose(&staff, &traits("DE", "de"), &Load::new(), TODAY).map(|p| p.name.as_str()), Some("Amy"));
    }

    #[test]
    fn a_team_that_shares_has_no_owners() {
        let person = |address: &str, role| Person::sharing(address.parse().expect("an address"), role);
        let staff = Staff { people: vec![person("a@h.example", Role::Sales), person("b@h.example", Role::Sales)] };
        assert_eq!(choose(&staff, &Traits::default(), &Load::new(), TODAY), None);
        assert_eq!(stand_ins(&staff, &Traits::default(), TODAY).len(), 2);
    }
}
