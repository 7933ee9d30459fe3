//! What an inquiry may state, as rules name it.

use super::Inquiry;
use crate::domain;
use std::borrow::Cow;

/// Something an inquiry may state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    Quantity,
    TargetPrice,
    Incoterm,
    Port,
    Products,
    Certificates,
    Deadline,
    Phones,
    Websites,
    Company,
    Country,
    Email,
    /// An address at a domain that is no mail provider's.
    CompanyEmail,
    Attachments,
}

/// Every fact by its name in grading.toml.
pub(super) const FACTS: [(&str, Fact); 14] = [
    ("quantity", Fact::Quantity),
    ("target_price", Fact::TargetPrice),
    ("incoterm", Fact::Incoterm),
    ("port", Fact::Port),
    ("products", Fact::Products),
    ("certificates", Fact::Certificates),
    ("deadline", Fact::Deadline),
    ("phones", Fact::Phones),
    ("websites", Fact::Websites),
    ("company", Fact::Company),
    ("country", Fact::Country),
    ("email", Fact::Email),
    ("company_email", Fact::CompanyEmail),
    ("attachments", Fact::Attachments),
];

/// The facts that say what he wants, not who he is.
const OF_THE_BUSINESS: FactSet = FactSet(
    1 << Fact::Quantity as u16
        | 1 << Fact::TargetPrice as u16
        | 1 << Fact::Incoterm as u16
        | 1 << Fact::Port as u16
        | 1 << Fact::Products as u16
        | 1 << Fact::Certificates as u16
        | 1 << Fact::Deadline as u16,
);

/// How many facts [`FactSet::of_the_business`] counts.
pub(super) const MOST_OF_THE_BUSINESS: u32 = OF_THE_BUSINESS.0.count_ones();

/// Some of the facts, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct FactSet(u16);

impl FactSet {
    /// What an inquiry states.
    pub fn stated(inquiry: &Inquiry<'_>) -> Self {
        FACTS.iter().map(|(_, fact)| *fact).filter(|fact| is_stated(*fact, inquiry)).collect()
    }

    pub fn has_any(self, others: FactSet) -> bool {
        self.0 & others.0 != 0
    }

    pub fn has_all(self, others: FactSet) -> bool {
        self.0 & others.0 == others.0
    }

    /// How many of them say what he wants: products, quantity, price, terms, port, certificates, deadline.
    pub fn of_the_business(self) -> u32 {
        (self.0 & OF_THE_BUSINESS.0).count_ones()
    }

    /// Those in both.
    pub fn common(self, others: FactSet) -> FactSet {
        FactSet(self.0 & others.0)
    }

    /// Those of the business among them.
    pub fn business(self) -> FactSet {
        self.common(OF_THE_BUSINESS)
    }

    /// Their names in grading.toml, with commas.
    pub fn names(self) -> String {
        let named = FACTS.iter().filter(|(_, fact)| self.0 & (1 << *fact as u16) != 0);
        named.map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    pub fn iter(self) -> impl Iterator<Item = Fact> {
        FACTS.iter().map(|(_, fact)| *fact).filter(move |fact| self.0 & (1 << *fact as u16) != 0)
    }
}

impl FromIterator<Fact> for FactSet {
    fn from_iter<I: IntoIterator<Item = Fact>>(facts: I) -> Self {
        FactSet(facts.into_iter().fold(0, |bits, fact| bits | 1 << fact as u16))
    }
}

fn is_stated(fact: Fact, inquiry: &Inquiry<'_>) -> bool {
    let (facts, writer) = (inquiry.facts, inquiry.writer);
    match fact {
        Fact::Quantity => facts.quantity.is_some(),
        Fact::TargetPrice => facts.target_price.is_some(),
        Fact::Incoterm => facts.incoterm.is_some(),
        Fact::Port => facts.port.is_some(),
        Fact::Products => !facts.products.is_empty(),
        Fact::Certificates => !facts.certificates.is_empty(),
        Fact::Deadline => facts.deadline.is_some(),
        Fact::Phones => !facts.phones.is_empty() || writer.phone.is_some(),
        Fact::Websites => !facts.websites.is_empty(),
        Fact::Company => writer.company.is_some(),
        Fact::Country => writer.country.is_some(),
        Fact::Email => writer.email.is_some(),
        Fact::CompanyEmail => company_domain(inquiry).is_some(),
        Fact::Attachments => !inquiry.attachments.is_empty(),
    }
}

/// A fact as the inquiry states it, for people.
pub(super) fn value<'a>(fact: Fact, inquiry: &Inquiry<'a>) -> Cow<'a, str> {
    let (facts, writer) = (inquiry.facts, inquiry.writer);
    let one = |value: &'a Option<String>| Cow::Borrowed(value.as_deref().unwrap_or_default());
    let some = |values: &[String]| Cow::Owned(values.join(", "));
    match fact {
        Fact::Quantity => one(&facts.quantity),
        Fact::TargetPrice => one(&facts.target_price),
        Fact::Incoterm => one(&facts.incoterm),
        Fact::Port => one(&facts.port),
        Fact::Products => some(&facts.products),
        Fact::Certificates => some(&facts.certificates),
        Fact::Deadline => one(&facts.deadline),
        Fact::Phones if facts.phones.is_empty() => one(&writer.phone),
        Fact::Phones => some(&facts.phones),
        Fact::Websites => some(&facts.websites),
        Fact::Company => one(&writer.company),
        Fact::Country => one(&writer.country),
        Fact::Email => one(&writer.email),
        Fact::CompanyEmail => Cow::Borrowed(company_domain(inquiry).unwrap_or_default()),
        Fact::Attachments => {
            Cow::Owned(inquiry.attachments.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", "))
        }
    }
}

fn company_domain<'a>(inquiry: &Inquiry<'a>) -> Option<&'a str> {
    domain::of_address(inquiry.writer.email.as_deref()?).filter(|domain| !domain::is_free_mail(domain))
}
