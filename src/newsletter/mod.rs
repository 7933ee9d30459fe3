//! News to the buyer base: what is said, to whom, when and how fast. Pure.

mod audience;
mod bounces;
mod campaign;
mod consent;
mod exclusion;
mod fair;
mod file;
mod greeting;
mod hours;
mod pace;
mod reader;
mod refusal;
mod restored;
mod segment;
mod when;

pub use audience::{Candidate, NewsRules};
pub use bounces::{BounceLimit, Results};
pub use campaign::{CampaignPace, Enclosed, Enclosure};
pub use consent::Consent;
pub use exclusion::Exclusion;
pub use fair::{Answer, Appointment, Deed, Fair, FairResults, Guest, OfFair, Part, Shift, Told, Visit, appointments};
pub use file::{Around, File, parse};
pub use greeting::{Day, Greeting, GreetingBook, OwnDay};
pub use hours::Resting;
pub use pace::{LOOK_BACK, Pace, Recent};
pub use reader::{Reader, first_name};
pub use refusal::{Refusal, Slowdown, is_of_the_sender};
pub use restored::{Doubt, Traces, Witness};
pub use segment::Segment;

use crate::clock::UnixTime;
use lettre::message::Mailbox;
use std::time::Duration;

/// One newsletter, as its Markdown file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    /// The file's name without `.md`: names the campaign for ever, so that nobody gets it twice.
    pub name: String,
    /// The file's name without `.md`, or how a shipped text is called: where people find a mistake.
    pub file: String,
    /// What is said, a variant a language; the first one is for whoever reads none of the others.
    pub variants: Vec<Variant>,
    pub segment: Segment,
    /// Not before this instant; of a greeting, the first of all its dates.
    pub date: UnixTime,
    /// Each buyer gets it for the holiday of his own country.
    pub greeting: Option<Greeting>,
    /// Begun later than this after its date, it would be old news: people are asked.
    pub lateness: Duration,
    /// It belongs to a fair.
    pub fair: Option<OfFair>,
    /// Files that go with it.
    pub attachments: Vec<Enclosure>,
    /// From whom it comes, if not from the shared mailbox; answers go there all the same.
    pub from: Option<Mailbox>,
    pub pace: CampaignPace,
    /// Of the file's text and attachments: who was passed over is looked at again when it changes.
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

    /// When a buyer in this country (ISO 3166) gets it; None: never.
    pub fn date_for(&self, country: Option<&str>) -> Option<UnixTime> {
        match &self.greeting {
            None => Some(self.date),
            Some(greeting) => country.and_then(|country| greeting.days.get(country)).map(|day| day.from),
        }
    }

    /// Whether a buyer's holiday is over, or is none any more.
    pub fn is_missed(&self, candidate: &Candidate, now: UnixTime) -> bool {
        self.greeting.as_ref().is_some_and(|greeting| greeting.misses(candidate.country.as_deref(), now).is_some())
    }

    /// Whether a buyer's own date has come.
    pub fn has_come(&self, candidate: &Candidate, now: UnixTime) -> bool {
        self.date_for(candidate.country.as_deref()).is_some_and(|date| date <= now)
    }

    /// Why a buyer doesn't get it; None: he does once his date has come, or it was planned for him.
    pub fn excludes(&self, rules: &NewsRules, candidate: &Candidate, now: UnixTime) -> Option<Exclusion> {
        let country = candidate.country.as_deref();
        let missed = || self.greeting.as_ref().and_then(|greeting| greeting.misses(country, now));
        let date = self.date_for(country).unwrap_or(self.date);
        let of_fair = || self.fair.as_ref().and_then(|fair| fair.misses(candidate, now));
        let forbidden = || rules.forbids(&self.segment, date, candidate, now).filter(|why| !self.overrules(*why));
        self.segment.misses(candidate, now).or_else(missed).or_else(of_fair).or_else(forbidden)
    }

    /// Whoever expects it gets it though he is in a negotiation.
    fn overrules(&self, why: Exclusion) -> bool {
        let goes_on = self.fair.as_ref().and_then(|fair| fair.part).is_some_and(Part::goes_on);
        goes_on && matches!(why, Exclusion::Negotiating | Exclusion::WrittenLately)
    }

    /// Whether nobody gets it any more.
    pub fn is_over(&self, now: UnixTime) -> bool {
        self.fair.as_ref().is_some_and(|fair| fair.ends <= now)
    }

    /// The fingerprint by which the store knows whom it has looked at: a greeting looks at everybody again on each of its
    /// dates, and what follows a fair's invitation each day, because meetings are entered late.
    pub fn fingerprint_at(&self, now: UnixTime) -> String {
        let goes_on = self.fair.as_ref().filter(|fair| fair.part.is_some_and(Part::goes_on));
        match (&self.greeting, goes_on) {
            (Some(greeting), _) => format!("{}/{}", self.fingerprint, greeting.begun(now)),
            (None, Some(fair)) => format!("{}/{}", self.fingerprint, (now.min(fair.ends) - self.date) / 86_400),
            (None, None) => self.fingerprint.clone(),
        }
    }

    /// Whether it would begin so late that people are asked first. A greeting is never late: whose holiday is over doesn't
    /// get it.
    pub fn is_late(&self, now: UnixTime) -> bool {
        let lateness = i64::try_from(self.lateness.as_secs()).unwrap_or(i64::MAX);
        self.greeting.is_none() && now > self.date.saturating_add(lateness)
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
            file: "spring".to_owned(),
            variants: vec![variant(Some("en")), variant(Some("de")), variant(Some("zh"))],
            segment: Segment::default(),
            date: 1_000,
            greeting: None,
            fair: None,
            lateness: Duration::from_secs(60),
            attachments: Vec::new(),
            from: None,
            pace: CampaignPace::default(),
            fingerprint: String::new(),
        };
        for (language, index) in [(Some("de-AT"), 1), (Some("zh_CN"), 2), (Some("ZH"), 2), (Some("fr"), 0), (None, 0)] {
            assert_eq!(campaign.variant_for(language), index, "{language:?}");
        }
        assert!(!campaign.is_late(1_060) && campaign.is_late(1_061));
    }
}
