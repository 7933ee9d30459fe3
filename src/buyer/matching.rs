//! Who of the buyers we know wrote this: certain evidence is taken, doubtful evidence becomes a question to a person.

use super::Buyer;
pub use super::marks::marks_of;
use super::marks::{Mark, MarkKind, Named, likeness, names_agree, writer_phones};
use crate::message::{House, Message};
use crate::text::normalise;
use std::collections::{HashMap, HashSet};

/// From this likeness on, in hundredths, a name with a company is worth a question.
const WORTH_ASKING: u8 = 86;
/// Questions about one mail.
const MOST_DOUBTS: usize = 3;

/// What the store knows about the people and threads that some mails mention.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// By Message-ID.
    pub threads: HashMap<String, ThreadLink>,
    /// Buyer ids by what a buyer is recognised by, see [`recognised_by`].
    pub addresses: HashMap<String, i64>,
    /// Buyers that have a mark, a few of them where it is many.
    pub marks: HashMap<Mark, Vec<i64>>,
    pub buyers: HashMap<i64, Buyer>,
    /// Message-IDs of mails that inquiryd itself sent.
    pub ours: HashSet<String>,
}

/// A recorded mail that others may refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadLink {
    /// None where the mail belongs to no buyer.
    pub buyer_id: Option<i64>,
}

/// How a buyer was recognised, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchedBy {
    /// The mail answers one of his, or one of ours to him.
    Thread,
    /// It comes from the address we write to.
    Address,
    /// It comes from another address of his.
    OtherAddress,
    /// From a colleague at his company's domain.
    Domain,
    /// It names his telephone.
    Phone,
    /// It names him and his company.
    Name,
}

impl MatchedBy {
    /// The word in the store, in `explain` and in digests.
    pub fn as_str(self) -> &'static str {
        match self {
            MatchedBy::Thread => "thread",
            MatchedBy::Address => "address",
            MatchedBy::OtherAddress => "other_address",
            MatchedBy::Domain => "domain",
            MatchedBy::Phone => "phone",
            MatchedBy::Name => "name",
        }
    }

    /// Whether the mail comes from an address that we know to be his.
    pub fn is_by_address(self) -> bool {
        matches!(self, MatchedBy::Address | MatchedBy::OtherAddress)
    }
}

/// A recognised buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    pub buyer_id: i64,
    pub by: MatchedBy,
}

/// A buyer who the writer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    pub buyer_id: i64,
    /// What speaks for him.
    pub by: MatchedBy,
    /// In hundredths; how like the names are where they are what speaks for him.
    pub likeness: u8,
}

/// Whom a mail is from, as far as the known buyers go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identified {
    pub matched: Option<Match>,
    /// Only where nobody was recognised; the likeliest first.
    pub doubts: Vec<Doubt>,
}

/// Finds the writer among the known buyers: thread, address, other addresses, company domain, telephone, name with
/// company, in this order.
///
/// The thread decides, unless the address is known to be somebody else's: a quotation that was passed on to another
/// customer comes back from that customer.
pub fn identify(message: &Message, known: &Known, house: &House) -> Identified {
    let by_thread = thread_of(message, known).and_then(|link| link.buyer_id);
    let matched = match (by_thread, by_address(message, known)) {
        (Some(thread), Some(address)) if thread != address.buyer_id => Some(address),
        (Some(buyer_id), _) => Some(Match { buyer_id, by: MatchedBy::Thread }),
        (None, by_address) => by_address,
    };
    if matched.is_some() || message.writer == crate::message::Writer::default() {
        return Identified { matched, doubts: Vec::new() };
    }
    let mut doubts = Vec::new();
    for by in [MatchedBy::Domain, MatchedBy::Phone, MatchedBy::Name] {
        let found = match by {
            MatchedBy::Domain => by_domain(message, known, house),
            MatchedBy::Phone => by_phone(message, known),
            _ => by_name(message, known, house),
        };
        match found {
            Found::Certain(buyer_id) => {
                return Identified { matched: Some(Match { buyer_id, by }), doubts: Vec::new() };
            }
            Found::Doubtful(candidates) => {
                let new =
                    candidates.into_iter().filter(|(id, _)| doubts.iter().all(|doubt: &Doubt| doubt.buyer_id != *id));
                let new: Vec<Doubt> = new.map(|(buyer_id, likeness)| Doubt { buyer_id, by, likeness }).collect();
                doubts.extend(new);
            }
        }
    }
    doubts.truncate(MOST_DOUBTS);
    Identified { matched: None, doubts }
}

/// What one sort of evidence says.
enum Found {
    Certain(i64),
    /// Buyers with their likeness, possibly none.
    Doubtful(Vec<(i64, u8)>),
}

fn by_address(message: &Message, known: &Known) -> Option<Match> {
    let key = recognised_by(message)?;
    let buyer_id = *known.addresses.get(&key)?;
    let main = known.buyers.get(&buyer_id).and_then(|buyer| buyer.email.as_ref());
    let by = if main.is_none_or(|main| *main == key) { MatchedBy::Address } else { MatchedBy::OtherAddress };
    Some(Match { buyer_id, by })
}

fn by_domain(message: &Message, known: &Known, house: &House) -> Found {
    let domain = message.writer.email.as_deref().and_then(|email| house.company_domain(email));
    let mark = domain.map(|domain| Mark { kind: MarkKind::Domain, mark: domain.to_owned() });
    match mark.map(|mark| candidates(known, &mark)).unwrap_or_default().as_slice() {
        [only] => Found::Certain(only.id),
        // Several buyers at one company, such as two branches.
        owners => the_one_named(message, owners),
    }
}

fn by_phone(message: &Message, known: &Known) -> Found {
    let marks = writer_phones(message).map(|phone| Mark { kind: MarkKind::Phone, mark: phone.to_owned() });
    let owners = marks.map(|mark| candidates(known, &mark)).find(|owners| !owners.is_empty()).unwrap_or_default();
    match owners.as_slice() {
        // A switchboard has many voices, and anybody may name a number: another name is another person, and no name is
        // nobody. Names in two scripts can't be compared, and may well be one.
        [only] if are_named(message, only) && agrees(message, only) != Some(false) => Found::Certain(only.id),
        owners => the_one_named(message, owners),
    }
}

/// Among buyers who share something, the one of the writer's name; else each may be he.
fn the_one_named(message: &Message, owners: &[&Buyer]) -> Found {
    let mut named = owners.iter().filter(|buyer| agrees(message, buyer) == Some(true));
    match (named.next(), named.next()) {
        (Some(one), None) => Found::Certain(one.id),
        _ => Found::Doubtful(owners.iter().map(|buyer| (buyer.id, 0)).collect()),
    }
}

fn by_name(message: &Message, known: &Known, house: &House) -> Found {
    let writer = Named { name: message.writer.name.as_deref(), company: message.writer.company.as_deref() };
    let marks = marks_of(message, house).into_iter().filter(|mark| mark.kind == MarkKind::Person);
    let mut like: Vec<(&Buyer, u8)> = Vec::new();
    for buyer in marks.flat_map(|mark| candidates(known, &mark)) {
        let named = Named { name: buyer.name.as_deref(), company: buyer.company.as_deref() };
        let score = likeness(writer, named);
        if score >= WORTH_ASKING && like.iter().all(|(other, _)| other.id != buyer.id) {
            like.push((buyer, score));
        }
    }
    like.sort_by_key(|(buyer, score)| (std::cmp::Reverse(*score), buyer.id));
    match like.as_slice() {
        [(only, 100)] if !is_contradicted(message, only, house) => Found::Certain(only.id),
        _ => Found::Doubtful(like.into_iter().map(|(buyer, score)| (buyer.id, score)).collect()),
    }
}

/// Whether something speaks against the same person: another country, or an address where that company would hardly
/// write from, which is how buyers are imitated.
fn is_contradicted(message: &Message, buyer: &Buyer, house: &House) -> bool {
    let elsewhere = match (&message.writer.country, &buyer.country) {
        (Some(written), Some(known)) => written != known,
        _ => false,
    };
    let has_own_domain = buyer.email.as_deref().is_some_and(|email| house.company_domain(email).is_some());
    elsewhere || (has_own_domain && message.writer.email.is_some())
}

fn are_named(message: &Message, buyer: &Buyer) -> bool {
    message.writer.name.is_some() && buyer.name.is_some()
}

/// Whether the address that a recognised buyer writes from is his from now on.
pub fn is_address_to_keep(message: &Message, by: MatchedBy, buyer: &Buyer, house: &House) -> bool {
    let own =
        |email: &Option<String>| email.as_deref().and_then(|email| house.company_domain(email)).map(str::to_owned);
    match by {
        MatchedBy::Thread => {
            buyer.email.is_none() || own(&buyer.email).is_some_and(|d| own(&message.writer.email) == Some(d))
        }
        // A private mailbox in the name of somebody at a company may be anybody's.
        MatchedBy::Phone | MatchedBy::Name => own(&buyer.email).is_none() || message.writer.email.is_none(),
        MatchedBy::Domain | MatchedBy::Address | MatchedBy::OtherAddress => true,
    }
}

/// None where the names can't be compared.
fn agrees(message: &Message, buyer: &Buyer) -> Option<bool> {
    names_agree(message.writer.name.as_deref()?, buyer.name.as_deref()?)
}

fn candidates<'k>(known: &'k Known, mark: &Mark) -> Vec<&'k Buyer> {
    let ids = known.marks.get(mark).into_iter().flatten();
    ids.filter_map(|id| known.buyers.get(id)).collect()
}

/// Whether the writer is recognised by himself, whatever thread he writes in.
pub fn has_known_address(message: &Message, known: &Known) -> bool {
    recognised_by(message).is_some_and(|key| known.addresses.contains_key(&key))
}

/// The recorded mail that this one refers to, the nearest first.
pub fn thread_of(message: &Message, known: &Known) -> Option<ThreadLink> {
    let links = || message.references.iter().rev().filter_map(|id| known.threads.get(id).copied());
    links().find(|link| link.buyer_id.is_some()).or_else(|| links().next())
}

/// Characters of a hidden buyer's name and company that he is recognised by: as many as an index can hold.
const NAME_LENGTH: usize = 200;

/// What the writer will be recognised by next time: the address, or, behind a platform that hides it, the person.
///
/// None where the mail names nobody.
pub fn recognised_by(message: &Message) -> Option<String> {
    let writer = &message.writer;
    if let Some(email) = &writer.email {
        return Some(email.clone());
    }
    let relay = message.relay.as_ref()?;
    let person = [&writer.name, &writer.company]
        .map(|part| normalise(part.as_deref().unwrap_or_default()).chars().take(NAME_LENGTH).collect::<String>());
    if person.iter().all(String::is_empty) {
        return None;
    }
    Some(format!("{relay}/{}/{}", person[0].trim(), person[1].trim()))
}

/// Everything of a mail that may lead to a buyer: the writer, and for our own mail those it goes to.
pub fn addresses_of(message: &Message) -> impl Iterator<Item = String> {
    let recipients = message.to.iter().chain(&message.cc).filter_map(|address| address.email.clone());
    recognised_by(message).into_iter().chain(recipients)
}
