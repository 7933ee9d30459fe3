//! Our own people: who looks after whom, who is told what, and what they tell us by mail. Pure.

mod instruction;
pub mod token;
mod words;

pub use instruction::{Action, Instruction, Matter, Misread, Until, Why, instructions, of_line};

use crate::buyer::Stage;
use crate::clock::UnixTime;
use crate::language::Language;
use jiff::civil::Date;
use lettre::message::Mailbox;

/// What a person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Sales,
    /// Is told what is overdue.
    Manager,
    GeneralManager,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Sales, Role::Manager, Role::GeneralManager];

    /// The word in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Sales => "sales",
            Role::Manager => "manager",
            Role::GeneralManager => "general_manager",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase().replace([' ', '-'], "_");
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// What became of an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub instruction: Instruction,
    pub effect: Effect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Done,
    /// Done, and the buyer is at this stage now.
    Reached(Stage),
    /// Nobody is reminded until then.
    PutOff(UnixTime),
    /// It was done before.
    Already,
    /// There is no such inquiry or buyer.
    Unknown,
}

/// Whose inquiries a person's digests tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestScope {
    None,
    /// His own, and those that nobody owns.
    Own,
    All,
}

/// One of us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub mailbox: Mailbox,
    pub role: Role,
    /// The language of the mail he gets; None: the company's.
    pub reads: Option<Language>,
    /// ISO 3166 alpha-2; empty: any.
    pub countries: Vec<String>,
    /// Words of the catalogue, lower case; empty: any.
    pub products: Vec<String>,
    /// ISO 639-1; empty: any.
    pub languages: Vec<String>,
    /// First and last day of each absence.
    pub absences: Vec<(Date, Date)>,
    /// Whether buyers are given to this person; else everybody on the team looks after all of them.
    pub owns_buyers: bool,
    pub digest: DigestScope,
}

impl Person {
    /// A member of a team that shares everything.
    pub fn sharing(mailbox: Mailbox, role: Role) -> Self {
        let name = mailbox.name.clone().unwrap_or_else(|| mailbox.email.to_string());
        let (countries, products, languages, absences) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Person {
            name,
            mailbox,
            role,
            reads: None,
            countries,
            products,
            languages,
            absences,
            owns_buyers: false,
            digest: DigestScope::All,
        }
    }

    /// Lower case: what the person is known by.
    pub fn address(&self) -> String {
        self.mailbox.email.to_string().to_lowercase()
    }

    pub fn is_absent(&self, day: Date) -> bool {
        self.absences.iter().any(|(first, last)| (*first..=*last).contains(&day))
    }
}

/// Everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staff {
    pub people: Vec<Person>,
}

impl Staff {
    pub fn sales(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|person| person.role == Role::Sales)
    }

    /// Who is told what is overdue on this day: the managers who are there, or the general managers, or else everybody.
    pub fn managers(&self, day: Date) -> Vec<&Person> {
        let of = |role| self.people.iter().filter(move |person| person.role == role);
        let there = |role| of(role).filter(|person| !person.is_absent(day)).collect::<Vec<_>>();
        let any = |role| of(role).collect::<Vec<_>>();
        [there(Role::Manager), there(Role::GeneralManager), any(Role::Manager), any(Role::GeneralManager)]
            .into_iter()
            .find(|people| !people.is_empty())
            .unwrap_or_else(|| self.people.iter().collect())
    }

    /// Who gets digests.
    pub fn readers(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|person| person.digest != DigestScope::None)
    }

    /// Whether buyers have owners.
    pub fn has_owners(&self) -> bool {
        self.people.iter().any(|person| person.owns_buyers)
    }

    pub fn at(&self, address: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.mailbox.email.to_string().eq_ignore_ascii_case(address))
    }

    /// Whom an owner's name or address on a card means; None if nobody here, or not one alone.
    pub fn named(&self, owner: &str) -> Option<&Person> {
        let wanted = owner.trim().to_lowercase();
        let mut found = self.people.iter().filter(|person| person.name.to_lowercase() == wanted);
        self.at(&wanted).or_else(|| found.next().filter(|_| found.next().is_none()))
    }

    /// The name that people know an owner by.
    pub fn name_of<'a>(&'a self, owner: &'a str) -> &'a str {
        self.named(owner).map_or(owner, |person| &person.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, address: &str, role: Role) -> Person {
        Person { name: name.to_owned(), ..Person::sharing(address.parse().expect("an address"), role) }
    }

    #[test]
    fn an_owner_is_found_by_address_or_by_a_name_that_only_one_has() {
        let staff = Staff {
            people: vec![
                person("Amy Xu", "amy@haiyue.example", Role::Sales),
                person("Leo", "leo@haiyue.example", Role::Sales),
                person("Leo", "leo2@haiyue.example", Role::Sales),
            ],
        };
        let address = |owner: &str| staff.named(owner).map(Person::address);
        assert_eq!(address("amy xu").as_deref(), Some("amy@haiyue.example"));
        assert_eq!(address("Leo@Haiyue.example").as_deref(), Some("leo@haiyue.example"));
        assert_eq!((address("Leo"), address("Nobody")), (None, None));
        assert_eq!(staff.name_of("amy@haiyue.example"), "Amy Xu");
    }

    #[test]
    fn without_a_manager_somebody_is_told_all_the_same() {
        let amy = person("Amy", "amy@h.example", Role::Sales);
        let boss = person("Wu", "wu@h.example", Role::GeneralManager);
        let today = jiff::civil::date(2026, 11, 23);
        assert_eq!(Staff { people: vec![amy.clone()] }.managers(today), [&amy]);
        let chen = Person { absences: vec![(today, today)], ..person("Chen", "chen@h.example", Role::Manager) };
        let staff = Staff { people: vec![amy, chen.clone(), boss.clone()] };
        assert_eq!(staff.managers(today), [&boss], "the manager is on leave");
        assert_eq!(staff.managers(jiff::civil::date(2026, 11, 24)), [&chen]);
    }
}
