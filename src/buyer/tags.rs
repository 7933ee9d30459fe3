//! Tags: words by which people group buyers, as they write them, and compared however they are typed.

use crate::text::{is_invisible, normalise};
use serde::{Deserialize, Serialize};

/// Characters of a tag.
const LONGEST: usize = 40;
/// Tags of a buyer.
const MOST: usize = 50;
/// What parts the tags of a cell.
const BETWEEN: [char; 8] = [',', ';', '|', '\n', '、', '，', '；', '｜'];
/// Tags of one cell that are read.
const MOST_OF_A_CELL: usize = 500;

/// A buyer's tags: each once whatever its case, in the order of the alphabet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(Vec<String>);

/// A tag as it is kept: one line, without what nobody sees.
///
/// # Errors
/// Why a text is no tag, for people.
pub fn tag(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) {
        return Err("a tag has no control characters".to_owned());
    }
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let words = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return Err("a tag has at least a letter".to_owned());
    }
    if let Some(between) = words.chars().find(|c| BETWEEN.contains(c)) {
        return Err(format!("`{between}` stands between tags, not in one"));
    }
    match words.chars().count() {
        length if length > LONGEST => Err(format!("{length} characters are too long for a tag: at most {LONGEST}")),
        _ => Ok(words),
    }
}

/// The tags of a cell, and what was meant to be one but isn't.
pub(super) fn of_cell(cell: &str) -> (Vec<String>, Vec<String>) {
    let (mut tags, mut wrong) = (Vec::new(), Vec::new());
    // Google Contacts parts its labels with three colons.
    let cell = cell.replace(":::", ";");
    let pieces = cell.split(BETWEEN).map(str::trim).filter(|piece| piece.chars().any(char::is_alphanumeric));
    // Groups that Google makes by itself: `* myContacts`.
    for piece in pieces.filter(|piece| !piece.starts_with("* ")).take(MOST_OF_A_CELL) {
        match tag(piece) {
            Ok(tag) => tags.push(tag),
            Err(_) => wrong.push(piece.to_owned()),
        }
    }
    (tags, wrong)
}

impl Tags {
    /// Whether he has a tag, whatever its case.
    pub fn has(&self, tag: &str) -> bool {
        self.place(&normalise(tag)).is_ok()
    }

    /// Whether he has one of these.
    pub fn has_any(&self, tags: &[String]) -> bool {
        tags.iter().any(|tag| self.has(tag))
    }

    /// Adds a tag that [`tag`] made. False if he has so many that there is no room.
    pub fn add(&mut self, tag: &str) -> bool {
        match self.place(&normalise(tag)) {
            Ok(_) => true,
            Err(_) if self.0.len() >= MOST => false,
            Err(at) => {
                self.0.insert(at, tag.to_owned());
                true
            }
        }
    }

    /// Takes a tag away, whatever its case.
    pub fn remove(&mut self, tag: &str) {
        if let Ok(at) = self.place(&normalise(tag)) {
            self.0.remove(at);
        }
    }

    /// These without what a change added, and with what it took away; what was tagged since stays.
    pub fn taken_back(mut self, after: &Tags, before: &Tags) -> Tags {
        after.iter().filter(|tag| !before.has(tag)).for_each(|tag| self.remove(tag));
        for tag in before.iter().filter(|tag| !after.has(tag)) {
            self.add(tag);
        }
        self
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// For people and in files: `agent; vip`.
    pub fn joined(&self) -> String {
        self.0.join("; ")
    }

    /// As the store keeps them.
    pub fn json(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    fn place(&self, comparable: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|tag| normalise(tag).as_str().cmp(comparable))
    }
}

/// As the store keeps them: a JSON list.
impl From<String> for Tags {
    fn from(json: String) -> Tags {
        let mut tags = Tags::default();
        // Whatever somebody wrote there by hand is put in order.
        for tag in serde_json::from_str::<Vec<String>>(&json).unwrap_or_default() {
            tags.add(&tag);
        }
        tags
    }
}

impl<T: AsRef<str>> FromIterator<T> for Tags {
    fn from_iter<I: IntoIterator<Item = T>>(tags: I) -> Tags {
        let mut all = Tags::default();
        for tag in tags {
            all.add(tag.as_ref());
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_the_same_however_it_is_typed() {
        let mut tags: Tags = ["VIP", "Canton 2026", "代理"].into_iter().collect();
        for same in ["vip", "ＶＩＰ", "v\u{200b}ip", "canton\u{3000}2026"] {
            assert!(tags.has(same), "{same:?}");
            assert!(tags.add(same));
        }
        assert_eq!(tags.joined(), "Canton 2026; VIP; 代理");
        tags.remove("ｖｉｐ");
        assert!(!tags.has("VIP") && tags.has_any(&["x".to_owned(), "代理".to_owned()]));
    }

    #[test]
    fn a_tag_is_a_short_line_without_what_nobody_sees() {
        assert_eq!(tag("  new \u{200b} customer ").as_deref(), Ok("new customer"));
        for (text, why) in [
            ("", "at least a letter"),
            (" \u{200b} ", "at least a letter"),
            ("a\tb", "control characters"),
            ("a;b", "stands between tags"),
            ("甲、乙", "stands between tags"),
            ("12345678901234567890123456789012345678901", "41 characters are too long"),
        ] {
            assert!(tag(text).is_err_and(|error| error.contains(why)), "{text:?}");
        }
        assert!(tag("1234567890123456789012345678901234567890").is_ok());
    }

    #[test]
    fn a_buyer_has_so_many_tags_and_no_more() {
        let mut tags: Tags = (0..MOST).map(|number| format!("t{number}")).collect();
        assert!(!tags.add("one more") && tags.add("T7") && tags.iter().count() == MOST);
    }

    #[test]
    fn a_cell_holds_several_tags() {
        let (tags, wrong) = of_cell("VIP，代理、canton2026; fair ::: * myContacts ::: -\nold");
        assert_eq!(tags, ["VIP", "代理", "canton2026", "fair", "old"]);
        assert!(wrong.is_empty());
        let long = "met at the fair, liked the red chair that we showed beside the door to the yard";
        assert_eq!(of_cell(long), (vec!["met at the fair".to_owned()], vec![long[17..].to_owned()]));
    }

    #[test]
    fn what_was_tagged_since_a_change_stays_when_it_is_taken_back() {
        let tags = |words: &[&str]| words.iter().collect::<Tags>();
        let now = tags(&["a", "b", "later"]);
        assert_eq!(now.taken_back(&tags(&["a", "B", "gone"]), &tags(&["a"])), tags(&["a", "later"]));
    }
}
