//! Which buyers a newsletter is for.

use super::audience::Candidate;
use super::exclusion::Exclusion;
use crate::buyer::Stage;
use crate::clock::UnixTime;
use crate::grade::Grade;
use std::fmt;
use std::time::Duration;

/// Whom the author means; an empty list asks for nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segment {
    pub grades: Vec<Grade>,
    pub stages: Vec<Stage>,
    /// Two letters (ISO 3166).
    pub countries: Vec<String>,
    /// Primary tags (BCP 47), lower case.
    pub languages: Vec<String>,
    /// Words of which one must stand in a product that he asked for, lower case.
    pub products: Vec<String>,
    /// How he came: a relay, `import`, `mail`, lower case.
    pub sources: Vec<String>,
    /// Lower case.
    pub owners: Vec<String>,
    /// Of which he has one.
    pub tags: Vec<String>,
    /// Of which he has none.
    pub without_tags: Vec<String>,
    /// The last contact is at least so long ago.
    pub silent_for: Option<Duration>,
    /// The last contact is at most so long ago.
    pub seen_within: Option<Duration>,
    /// Only who never ordered.
    pub never_ordered: bool,
    /// Nobody to whom we wrote, or sent a newsletter, within this time.
    pub not_written_for: Option<Duration>,
}

impl Segment {
    /// Why a buyer is not meant; None: he is.
    pub(super) fn misses(&self, candidate: &Candidate, now: UnixTime) -> Option<Exclusion> {
        let listed = |wanted: &[String], value: Option<&str>| {
            wanted.is_empty() || value.is_some_and(|value| wanted.iter().any(|one| one.eq_ignore_ascii_case(value)))
        };
        let age = now.saturating_sub(candidate.last_contact);
        let language = candidate.language.as_deref().and_then(|tag| tag.split(['-', '_']).next());
        if !self.grades.is_empty() && !candidate.grade.is_some_and(|grade| self.grades.contains(&grade)) {
            Some(Exclusion::Grade)
        } else if !self.stages.is_empty() && !self.stages.contains(&candidate.stage) {
            Some(Exclusion::Stage)
        } else if !listed(&self.countries, candidate.country.as_deref()) {
            Some(Exclusion::Country)
        } else if !listed(&self.languages, language) {
            Some(Exclusion::Language)
        } else if !listed(&self.sources, Some(&candidate.source)) {
            Some(Exclusion::Source)
        } else if !listed(&self.owners, candidate.owner.as_deref()) {
            Some(Exclusion::Owner)
        } else if !self.tags.is_empty() && !candidate.tags.has_any(&self.tags)
            || candidate.tags.has_any(&self.without_tags)
        {
            Some(Exclusion::Tags)
        } else if !self.products.is_empty() && !candidate.products.iter().any(|product| self.names(product)) {
            Some(Exclusion::Product)
        } else if self.silent_for.is_some_and(|least| age < seconds(least))
            || self.seen_within.is_some_and(|most| age > seconds(most))
        {
            Some(Exclusion::LastContact)
        } else if self.never_ordered && (candidate.ordered_at.is_some() || candidate.stage.is_order()) {
            Some(Exclusion::Ordered)
        } else {
            None
        }
    }

    fn names(&self, product: &str) -> bool {
        let product = product.to_lowercase();
        self.products.iter().any(|wanted| product.contains(wanted.as_str()))
    }
}

pub(super) fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// For people: `to buyers graded A, B, in DE, AT, who asked for chair`.
impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grades: Vec<String> = self.grades.iter().map(|grade| grade.as_str().to_owned()).collect();
        let stages: Vec<String> = self.stages.iter().map(|stage| stage.as_str().to_owned()).collect();
        f.write_str("to ")?;
        f.write_str(if *self == Segment::default() { "all buyers" } else { "buyers" })?;
        for (words, list) in [
            (" graded ", &grades),
            (" at the stage ", &stages),
            (" in ", &self.countries),
            (" who read ", &self.languages),
            (" who asked for ", &self.products),
            (" who came by ", &self.sources),
            (" of ", &self.owners),
            (" tagged ", &self.tags),
            (" not tagged ", &self.without_tags),
        ] {
            if !list.is_empty() {
                write!(f, "{words}{}", list.join(", "))?;
            }
        }
        let days = |duration: Duration| duration.as_secs() / 86_400;
        if let Some(least) = self.silent_for {
            write!(f, ", silent for {} days", days(least))?;
        }
        if let Some(most) = self.seen_within {
            write!(f, ", heard of within {} days", days(most))?;
        }
        f.write_str(if self.never_ordered { ", who never ordered" } else { "" })
    }
}
