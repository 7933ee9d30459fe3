//! News to the buyer base: what is said, to whom, when and how fast. Pure.

mod audience;
mod bounces;
mod consent;
mod file;
mod hours;
mod pace;
mod reader;
mod refusal;
mod restored;
mod segment;
mod when;

pub use audience::{Candidate, Exclusion, NewsRules};
pub use bounces::{BounceLimit, Results};
pub use consent::Consent;
pub use file::{File, parse};
pub use hours::Resting;
pub use pace::{LOOK_BACK, Pace, Recent};
pub use reader::{Reader, first_name};
pub use refusal::{Refusal, Slowdown, is_of_the_sender};
pub use restored::{Doubt, Traces, Witness};
pub use segment::Segment;

use crate::clock::UnixTime;
use std::time::Duration;

/// One newsletter, as its Markdown file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    /// The file's name without `.md`: names the campaign for ever, so that nobody gets it twice.
    pub name: String,
    /// What is said, a variant a language; the first one is for whoever reads none of the others.
    pub variants: Vec<Variant>,
    pub segment: Segment,
    /// Not before this instant.
    pub date: UnixTime,
    /// Begun later than this after its date, it would be old news: people are asked.
    pub lateness: Duration,
    /// Of the file's text: who was passed over is looked at again when it changes.
    pub fingerprint: String,
}

/// What a newsletter says in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Primary tag (BCP 47), lower case; None: the file doesn't say.
    pub language: Option<String>,
    /// May hold personal words, as the body may.
    pub subject: String,
    /// Markdown, without the front matter.
    pub body: String,
}

impl Campaign {
    /// The variant for who reads `language` (BCP 47), and its place among the others.
    pub fn variant_for(&self, language: Option<&str>) -> usize {
        let primary = language.and_then(|tag| tag.split(['-', '_']).next()).map(str::to_lowercase);
        let found = primary.and_then(|wanted| {
            self.variants.iter().position(|variant| variant.language.as_deref() == Some(wanted.as_str()))
        });
        found.unwrap_or(0)
    }

    /// Whether it would begin so late that people are asked first.
    pub fn is_late(&self, now: UnixTime) -> bool {
        let lateness = i64::try_from(self.lateness.as_secs()).unwrap_or(i64::MAX);
        now > self.date.saturating_add(lateness)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_reads_none_of_the_languages_gets_the_first() {
        let variant = |language: Option<&str>| Variant {
            language: language.map(str::to_owned),
            subject: String::new(),
            body: String::new(),
        };
        let campaign = Campaign {
            name: "spring".to_owned(),
            variants: vec![variant(Some("en")), variant(Some("de")), variant(Some("zh"))],
            segment: Segment::default(),
            date: 1_000,
            lateness: Duration::from_secs(60),
            fingerprint: String::new(),
        };
        for (language, index) in [(Some("de-AT"), 1), (Some("zh_CN"), 2), (Some("ZH"), 2), (Some("fr"), 0), (None, 0)] {
            assert_eq!(campaign.variant_for(language), index, "{language:?}");
        }
        assert!(!campaign.is_late(1_060) && campaign.is_late(1_061));
    }
}
