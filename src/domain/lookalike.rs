//! Domains that can be mistaken for one we trust.

use super::{is_free_mail, readable, registrable};
use std::collections::{HashMap, HashSet};
use unicode_security::confusable_detection;

/// In what way a domain resembles another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// `kestrel.com` for `kestrel.co.uk`.
    OtherTopLevel,
    /// `kestrel-group.com` for `kestrel.com`.
    SomethingAdded,
    /// `kes-trel.com` for `kestrel.com`.
    Hyphen,
    /// `kestre1.com`, or Cyrillic letters, for `kestrel.com`.
    LookAlikeLetters,
    /// `kestral.com` for `kestrel.com`.
    OneLetter,
    /// Two letters of a long name.
    TwoLetters,
}

/// Shorter names are near one another by chance.
const SHORTEST: usize = 5;
/// A name this long may differ in two letters, or have something added, and still be no other name by chance.
const LONG: usize = 12;
const LONG_ENOUGH_TO_EXTEND: usize = 8;
const LONGEST: usize = 64;

/// The part of a registrable domain that somebody chose, and the public suffix.
fn name_and_suffix(registrable: &str) -> Option<(&str, &str)> {
    registrable.split_once('.').filter(|(name, _)| name.len() <= LONGEST * 4)
}

/// How `domain` could be mistaken for `known`, if it could: they are not the same, but look so.
pub fn looks_like(domain: &str, known: &str) -> Option<Likeness> {
    let (domain, known) = (readable(domain), readable(known));
    likeness(registrable(&domain), registrable(&known))
}

/// The same for registrable domains in readable letters.
fn likeness(domain: &str, known: &str) -> Option<Likeness> {
    let ((name, suffix), (known_name, known_suffix)) = (name_and_suffix(domain)?, name_and_suffix(known)?);
    let length = known_name.chars().count();
    if domain == known || length < SHORTEST || is_free_mail(domain) || is_free_mail(known) {
        return None;
    }
    if name == known_name && suffix != known_suffix {
        return Some(Likeness::OtherTopLevel);
    }
    if length >= LONG_ENOUGH_TO_EXTEND && extended(name).any(|part| part == known_name) {
        return Some(Likeness::SomethingAdded);
    }
    if without_hyphens(name) == without_hyphens(known_name) {
        return Some(Likeness::Hyphen);
    }
    if skeleton(name) == skeleton(known_name) {
        return Some(Likeness::LookAlikeLetters);
    }
    match edit_distance(name, known_name, 2) {
        1 => Some(Likeness::OneLetter),
        2 if length >= LONG => Some(Likeness::TwoLetters),
        _ => None,
    }
}

/// What is left of a name when something before or behind a hyphen is taken away.
fn extended(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('-').flat_map(|(at, _)| [&name[..at], &name[at + 1..]])
}

fn without_hyphens(name: &str) -> String {
    name.replace(['-', '_'], "")
}

/// A name with letters that look alike made one (UTS 39 section 4, and what fonts make of ASCII).
pub fn skeleton(name: &str) -> String {
    let plain = if name.is_ascii() { name.to_owned() } else { confusable_detection::skeleton(name).collect() };
    let mapped: String = plain
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '0' => 'o',
            '1' | 'i' | '|' => 'l',
            '5' => 's',
            c => c,
        })
        .collect();
    mapped.replace("rn", "m").replace("vv", "w").replace("cl", "d").replace(['-', '_'], "")
}

/// Domains we trust, arranged so that one that resembles any of them is found without looking at all of them.
#[derive(Debug, Default)]
pub struct Trusted {
    /// Registrable and readable.
    domains: Vec<String>,
    /// What each of their names is made of.
    made_of: Vec<Letters>,
    set: HashSet<String>,
    /// By name, by name without hyphens and by skeleton.
    by_name: HashMap<String, Vec<u32>>,
    /// By a third of the name, see [`third_key`]: two names that differ in two places share a third.
    by_third: HashMap<String, Vec<u32>>,
}

impl Trusted {
    /// Takes domains of any level; those of mail providers are left out.
    pub fn new<'d>(domains: impl IntoIterator<Item = &'d str>) -> Self {
        let mut trusted = Trusted::default();
        for domain in domains {
            let readable = readable(domain);
            trusted.add(registrable(&readable));
        }
        trusted
    }

    fn add(&mut self, domain: &str) {
        let Some((name, _)) = name_and_suffix(domain) else { return };
        if is_free_mail(domain) || !self.set.insert(domain.to_owned()) {
            return;
        }
        let id = self.domains.len() as u32;
        self.domains.push(domain.to_owned());
        let letters = letters_of(name);
        self.made_of.push(Letters::of(&letters));
        if letters.len() < SHORTEST {
            return;
        }
        for key in keys(name) {
            self.by_name.entry(key).or_default().push(id);
        }
        for (which, third) in thirds(letters.len()).enumerate() {
            let mut key = String::new();
            third_key(letters.len(), which, &letters[third], &mut key);
            self.by_third.entry(key).or_default().push(id);
        }
    }

    /// Whether the domain, or the one it stands below, is trusted.
    pub fn contains(&self, domain: &str) -> bool {
        self.set.contains(registrable(&readable(domain)))
    }

    /// The trusted domain that a stranger's domain resembles.
    pub fn resembled(&self, domain: &str) -> Option<(&str, Likeness)> {
        let readable = readable(domain);
        let domain = registrable(&readable);
        let (name, _) = name_and_suffix(domain)?;
        if self.set.contains(domain) || is_free_mail(domain) {
            return None;
        }
        let mut candidates: Vec<u32> = Vec::new();
        let names = keys(name).into_iter().chain(extended(name).map(str::to_owned));
        names.for_each(|name| candidates.extend(self.by_name.get(&name).into_iter().flatten()));
        self.near(name, &mut candidates);
        candidates.sort_unstable();
        candidates.dedup();
        candidates.into_iter().find_map(|id| {
            let known = self.domains[id as usize].as_str();
            Some((known, likeness(domain, known)?))
        })
    }

    /// Names that differ from this one in a letter or two: they share a third with it, at most two letters to the side.
    fn near(&self, name: &str, candidates: &mut Vec<u32>) {
        let letters = letters_of(name);
        let made_of = Letters::of(&letters);
        let mut key = String::new();
        let mut sharing: Vec<u32> = Vec::new();
        for length in letters.len().saturating_sub(2).max(SHORTEST)..=letters.len() + 2 {
            for (which, third) in thirds(length).enumerate() {
                let starts = third.start.saturating_sub(2)..=third.start + 2;
                for window in starts.filter_map(|start| letters.get(start..start + third.len())) {
                    third_key(length, which, window, &mut key);
                    let ids = self.by_third.get(&key).into_iter().flatten();
                    sharing.extend(ids.filter(|id| made_of.may_become(self.made_of[**id as usize])));
                }
            }
        }
        sharing.sort_unstable();
        sharing.dedup();
        // Many names share a third with it and few are near it, and to be told so all must be cheap.
        sharing.retain(|id| {
            let known = name_and_suffix(&self.domains[*id as usize]).map_or("", |(name, _)| name);
            let bearable = bearable(self.made_of[*id as usize].count);
            distance(&letters, &letters_of(known), bearable) <= bearable
        });
        candidates.extend(sharing);
    }
}

/// Letters of a name that may be wrong while it is still taken for another of this length.
fn bearable(known_length: usize) -> usize {
    if known_length >= LONG { 2 } else { 1 }
}

fn letters_of(name: &str) -> Vec<char> {
    name.chars().take(LONGEST).collect()
}

/// Which letters a name has, as a set in 64 bits that some of them share, and how many letters it has.
#[derive(Clone, Copy, Debug)]
struct Letters {
    set: u64,
    count: usize,
}

impl Letters {
    fn of(name: &[char]) -> Self {
        let set = name.iter().fold(0, |set, letter| set | 1 << (*letter as u32 % 64));
        Letters { set, count: name.len() }
    }

    /// Whether the name can be `known`'s with so few letters wrong: one that is replaced takes a letter away and adds
    /// another.
    fn may_become(self, known: Letters) -> bool {
        let bearable = bearable(known.count);
        (self.set ^ known.set).count_ones() as usize <= 2 * bearable && self.count.abs_diff(known.count) <= bearable
    }
}

/// What a name is found by when its letters are the same or look the same.
fn keys(name: &str) -> [String; 3] {
    [name.to_owned(), without_hyphens(name), skeleton(name)]
}

/// The length of a name, which of its thirds this is, and the letters of the third, in one string that is used again.
fn third_key(length: usize, which: usize, letters: &[char], key: &mut String) {
    key.clear();
    key.extend([length as u8, which as u8].map(char::from));
    key.extend(letters);
}

/// Three ranges that cover `length` letters.
fn thirds(length: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..3).map(move |which| which * length / 3..(which + 1) * length / 3)
}

fn edit_distance(a: &str, b: &str, limit: usize) -> usize {
    distance(&letters_of(a), &letters_of(b), limit)
}

/// Letters inserted, deleted, replaced or swapped with their neighbour; `limit + 1` if it is more than `limit`. At most
/// [`LONGEST`] letters.
fn distance(a: &[char], b: &[char], limit: usize) -> usize {
    let far = limit + 1;
    if a.len().abs_diff(b.len()) > limit {
        return far;
    }
    // This row and the two before it; what lies further from the diagonal than the limit is too far.
    let mut rows = [[far; LONGEST + 1]; 3];
    rows[0].iter_mut().enumerate().take(far).for_each(|(j, cell)| *cell = j);
    for i in 1..=a.len() {
        let [this, last, before] = [i % 3, (i + 2) % 3, (i + 1) % 3];
        rows[this] = [far; LONGEST + 1];
        let mut least_of_row = far;
        for j in i.saturating_sub(limit)..=(i + limit).min(b.len()) {
            let mut least = i.min(far);
            if j > 0 {
                let cost = usize::from(a[i - 1] != b[j - 1]);
                least = (rows[last][j] + 1).min(rows[this][j - 1] + 1).min(rows[last][j - 1] + cost).min(far);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(rows[before][j - 2] + 1);
                }
            }
            rows[this][j] = least;
            least_of_row = least_of_row.min(least);
        }
        if least_of_row == far && rows[last].iter().all(|cell| *cell >= limit) {
            return far;
        }
    }
    rows[a.len() % 3][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_of_a_buyer_are_seen_and_strangers_are_not() {
        for (domain, likeness) in [
            ("kestrel-leisvre.co.uk", Likeness::OneLetter),
            ("kestrel-lelsure.co.uk", Likeness::LookAlikeLetters),
            ("kestrel-ieisure.co.uk", Likeness::LookAlikeLetters),
            ("kestrel-1eisure.co.uk", Likeness::LookAlikeLetters),
            ("kestrelleisure.co.uk", Likeness::Hyphen),
            ("kestrel-leisure.com", Likeness::OtherTopLevel),
            ("kestrel-leisure-group.co.uk", Likeness::SomethingAdded),
            ("new-kestrel-leisure.co.uk", Likeness::SomethingAdded),
            ("ketsrel-leisure.co.uk", Likeness::OneLetter),
            ("kestrel-leizuer.co.uk", Likeness::TwoLetters),
            ("kеstrel-leisure.co.uk", Likeness::LookAlikeLetters),
            ("xn--kstrel-leisure-0vl.co.uk", Likeness::LookAlikeLetters),
        ] {
            assert_eq!(looks_like(domain, "kestrel-leisure.co.uk"), Some(likeness), "{domain}");
            let trusted = Trusted::new(["walwest.example", "mail.kestrel-leisure.co.uk"]);
            assert_eq!(trusted.resembled(domain), Some(("kestrel-leisure.co.uk", likeness)), "{domain}");
        }
        for domain in ["kestrel-leisure.co.uk", "mail.kestrel-leisure.co.uk", "gmail.com", "garden-leisure.co.uk"] {
            assert_eq!(looks_like(domain, "kestrel-leisure.co.uk"), None, "{domain}");
        }
        assert!(looks_like("walrnart.com", "walmart.com").is_some());
    }

    /// The same without a short cut.
    fn plain_distance(a: &str, b: &str, limit: usize) -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(LONGEST).collect(), b.chars().take(LONGEST).collect());
        if a.len().abs_diff(b.len()) > limit {
            return limit + 1;
        }
        let width = b.len() + 1;
        let mut rows = vec![0usize; width * (a.len() + 1)];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                let at = i * width + j;
                rows[at] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let cost = usize::from(a[i - 1] != b[j - 1]);
                    let mut least = (rows[at - width] + 1).min(rows[at - 1] + 1).min(rows[at - width - 1] + cost);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        least = least.min(rows[at - 2 * width - 2] + 1);
                    }
                    least
                };
            }
        }
        rows[a.len() * width + b.len()].min(limit + 1)
    }

    proptest::proptest! {
        #[test]
        fn a_distance_is_what_it_is_without_short_cuts(a in "[a-c]{0,9}", b in "[a-c]{0,9}", limit in 0usize..4) {
            proptest::prop_assert_eq!(edit_distance(&a, &b, limit), plain_distance(&a, &b, limit));
        }

        #[test]
        fn the_index_finds_every_name_with_one_letter_wrong(name in "[a-z]{5,20}", at in 0usize..20, letter in "[a-z]", how in 0u8..4) {
            let at = at % name.len();
            let mut other = name.clone();
            match how {
                0 => other.replace_range(at..=at, &letter),
                1 => other.insert_str(at, &letter),
                2 => drop(other.remove(at)),
                _ if at + 1 < name.len() => { let c = other.remove(at); other.insert(at + 1, c); }
                _ => {}
            }
            let (known, written) = (format!("{name}.example"), format!("{other}.example"));
            let trusted = Trusted::new(["garden-house.example", known.as_str()]);
            let expected = looks_like(&written, &known);
            proptest::prop_assert_eq!(trusted.resembled(&written).filter(|(d, _)| *d == known).map(|(_, l)| l), expected);
        }
    }
}
