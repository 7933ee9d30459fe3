//! Who gets a newsletter, who doesn't, and why.

use super::Reader;
use super::consent::Consent;
use super::exclusion::Exclusion;
use super::fair::Guest;
use super::reader::spoken_name;
use super::segment::{Segment, seconds};
use crate::buyer::{Stage, Tags};
use crate::clock::UnixTime;
use crate::grade::Grade;
use jiff::tz::TimeZone;
use std::time::Duration;

/// A buyer who might get a newsletter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidate {
    pub buyer_id: i64,
    pub email: Option<String>,
    pub name: Option<String>,
    pub company: Option<String>,
    /// Two letters (ISO 3166).
    pub country: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    pub grade: Option<Grade>,
    pub stage: Stage,
    pub source: String,
    pub owner: Option<String>,
    pub tags: Tags,
    pub first_contact: UnixTime,
    pub last_contact: UnixTime,
    /// Of his inquiries, the newest first.
    pub products: Vec<String>,
    /// His newest inquiry.
    pub asked_at: Option<UnixTime>,
    /// An inquiry of his waits for our answer.
    pub waits: bool,
    /// Our newest mail to him.
    pub written_at: Option<UnixTime>,
    /// Our newest newsletter to him.
    pub news_at: Option<UnixTime>,
    pub quoted_at: Option<UnixTime>,
    pub ordered_at: Option<UnixTime>,
    /// He said that we may, as his card tells.
    pub consent: Option<Consent>,
    /// One of us put him off, or stopped writing to him.
    pub suspended: bool,
    /// He unsubscribed or complained, or his address is dead.
    pub suppressed: bool,
    /// Days on which a mail to him came back for now, lately.
    pub soft_bounces: u32,
    /// This campaign was planned for him.
    pub planned: bool,
    /// At the fair that the campaign is about.
    pub guest: Guest,
}

/// What holds for every newsletter.
#[derive(Clone, Debug, PartialEq)]
pub struct NewsRules {
    /// Countries (ISO 3166) whose law asks for consent.
    pub consent_countries: Vec<String>,
    /// So long a consent holds whose card names no day; None: for ever.
    pub consent_valid_for: Option<Duration>,
    /// In which consents end with their last day.
    pub zone: TimeZone,
    /// So long after an inquiry consent is implied.
    pub consent_by_inquiry: Duration,
    /// And so long after an order.
    pub consent_by_order: Duration,
    /// Who wrote, or was quoted to, within this time is in a negotiation.
    pub negotiation: Duration,
    /// Days with a soft bounce after which an address is left alone.
    pub soft_bounces: u32,
    /// Between two newsletters to one buyer, and after a mail of ours.
    pub not_written_for: Duration,
}

impl NewsRules {
    /// Why a buyer whom the author means doesn't get a newsletter of this segment and date all the same.
    pub(super) fn forbids(
        &self,
        segment: &Segment,
        date: UnixTime,
        candidate: &Candidate,
        now: UnixTime,
    ) -> Option<Exclusion> {
        let within = |moment: Option<UnixTime>, span: Duration| within(moment, span, now);
        let rest = segment.not_written_for.unwrap_or(self.not_written_for);
        if candidate.email.as_deref().is_none_or(|email| email.parse::<lettre::Address>().is_err()) {
            Some(Exclusion::NoAddress)
        } else if candidate.suppressed {
            Some(Exclusion::Suppressed)
        } else if candidate.soft_bounces >= self.soft_bounces {
            Some(Exclusion::SoftBounces)
        } else if candidate.first_contact > date {
            Some(Exclusion::CameLater)
        } else if let Some(lack) = self.lacks_consent(candidate, now) {
            Some(lack)
        } else if candidate.suspended {
            Some(Exclusion::Suspended)
        } else if candidate.waits || within(candidate.asked_at.max(candidate.quoted_at), self.negotiation) {
            Some(Exclusion::Negotiating)
        } else if within(candidate.written_at.max(candidate.news_at), rest) {
            Some(Exclusion::WrittenLately)
        } else {
            None
        }
    }

    /// What is wrong with his consent, which his country's law may want: on his card, or implied by what he wanted of us.
    fn lacks_consent(&self, candidate: &Candidate, now: UnixTime) -> Option<Exclusion> {
        let implied = |moment: Option<UnixTime>, span: Duration| within(moment, span, now);
        let may_write = !self.wants_consent(candidate)
            || self.holds(candidate, now)
            || implied(candidate.asked_at, self.consent_by_inquiry)
            || implied(candidate.ordered_at, self.consent_by_order);
        let lack = if candidate.consent.is_some() { Exclusion::ConsentExpired } else { Exclusion::NoConsent };
        (!may_write).then_some(lack)
    }
}

impl Candidate {
    /// What may be said to him.
    pub fn reader(&self) -> Reader {
        let said = |text: &Option<String>| text.as_deref().and_then(plain);
        Reader {
            first_name: self.name.as_deref().and_then(super::first_name),
            name: self.name.as_deref().and_then(spoken_name),
            company: said(&self.company),
            country: self.country.clone(),
            product: self.products.first().and_then(|product| plain(product)),
        }
    }
}

/// Whether something was less than `span` ago.
pub(super) fn within(moment: Option<UnixTime>, span: Duration, now: UnixTime) -> bool {
    moment.is_some_and(|at| now - at < seconds(span))
}

/// Characters of a company or product in a sentence.
const PHRASE: usize = 80;

/// Somebody's words that may stand in a sentence of ours; None for links and whatever doesn't end.
fn plain(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = !text.is_empty() && text.chars().count() <= PHRASE;
    let harmless =
        !text.contains("://") && !text.contains('@') && !text.chars().any(|c| c.is_control() || "<>{}".contains(c));
    (fits && harmless).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;
    const NOW: UnixTime = 1_000 * DAY;

    fn days(days: u64) -> Duration {
        Duration::from_secs(days * 86_400)
    }

    fn rules() -> NewsRules {
        NewsRules {
            consent_countries: vec!["DE".to_owned(), "CA".to_owned()],
            consent_valid_for: None,
            zone: TimeZone::get("Asia/Shanghai").expect("bundled zone"),
            consent_by_inquiry: days(180),
            consent_by_order: days(730),
            negotiation: days(14),
            soft_bounces: 3,
            not_written_for: days(7),
        }
    }

    fn ann() -> Candidate {
        Candidate {
            buyer_id: 1,
            email: Some("ann@kestrel.example".to_owned()),
            name: Some("Ann Lindqvist".to_owned()),
            country: Some("SE".to_owned()),
            language: Some("sv".to_owned()),
            grade: Some(Grade::A),
            source: "mail".to_owned(),
            owner: Some("amy".to_owned()),
            tags: ["VIP", "代理"].into_iter().collect(),
            first_contact: NOW - 400 * DAY,
            last_contact: NOW - 60 * DAY,
            products: vec!["Folding chairs".to_owned()],
            asked_at: Some(NOW - 60 * DAY),
            ..Candidate::default()
        }
    }

    fn excluded(segment: &Segment, candidate: &Candidate) -> Option<Exclusion> {
        segment.misses(candidate, NOW).or_else(|| rules().forbids(segment, NOW, candidate, NOW))
    }

    #[test]
    fn a_segment_means_some_buyers_and_no_others() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let empty = Segment::default;
        for (segment, expected) in [
            (empty(), None),
            (Segment { grades: vec![Grade::A, Grade::B], ..empty() }, None),
            (Segment { grades: vec![Grade::B], ..empty() }, Some(Exclusion::Grade)),
            (Segment { stages: vec![Stage::SampleSent], ..empty() }, Some(Exclusion::Stage)),
            (Segment { countries: words(&["SE", "NO"]), ..empty() }, None),
            (Segment { countries: words(&["NO"]), ..empty() }, Some(Exclusion::Country)),
            (Segment { languages: words(&["en"]), ..empty() }, Some(Exclusion::Language)),
            (Segment { sources: words(&["alibaba"]), ..empty() }, Some(Exclusion::Source)),
            (Segment { owners: words(&["leo"]), ..empty() }, Some(Exclusion::Owner)),
            (Segment { tags: words(&["agent", "vip"]), ..empty() }, None),
            (Segment { tags: words(&["agent"]), ..empty() }, Some(Exclusion::Tags)),
            (Segment { without_tags: words(&["agent"]), ..empty() }, None),
            (Segment { without_tags: words(&["ｖｉｐ"]), ..empty() }, Some(Exclusion::Tags)),
            (Segment { tags: words(&["vip"]), without_tags: words(&["代理"]), ..empty() }, Some(Exclusion::Tags)),
            (Segment { products: words(&["chair"]), ..empty() }, None),
            (Segment { products: words(&["hammock"]), ..empty() }, Some(Exclusion::Product)),
            (Segment { silent_for: Some(days(90)), ..empty() }, Some(Exclusion::LastContact)),
            (Segment { silent_for: Some(days(30)), ..empty() }, None),
            (Segment { seen_within: Some(days(30)), ..empty() }, Some(Exclusion::LastContact)),
            (Segment { never_ordered: true, products: words(&["chair"]), ..empty() }, None),
        ] {
            assert_eq!(excluded(&segment, &ann()), expected, "{segment:?}");
        }
        let ordered = Candidate { ordered_at: Some(NOW - 300 * DAY), ..ann() };
        assert_eq!(excluded(&Segment { never_ordered: true, ..empty() }, &ordered), Some(Exclusion::Ordered));
    }

    #[test]
    fn whoever_may_not_or_should_not_be_written_to_is_left_alone() {
        for (candidate, expected) in [
            (Candidate { email: None, ..ann() }, Exclusion::NoAddress),
            (Candidate { email: Some("taro..@docomo.example".to_owned()), ..ann() }, Exclusion::NoAddress),
            (Candidate { suppressed: true, ..ann() }, Exclusion::Suppressed),
            (Candidate { soft_bounces: 3, ..ann() }, Exclusion::SoftBounces),
            (Candidate { first_contact: NOW + 1, ..ann() }, Exclusion::CameLater),
            (Candidate { suspended: true, ..ann() }, Exclusion::Suspended),
            (Candidate { waits: true, ..ann() }, Exclusion::Negotiating),
            (Candidate { asked_at: Some(NOW - DAY), ..ann() }, Exclusion::Negotiating),
            (Candidate { quoted_at: Some(NOW - 13 * DAY), ..ann() }, Exclusion::Negotiating),
            (Candidate { written_at: Some(NOW - DAY), ..ann() }, Exclusion::WrittenLately),
            (Candidate { news_at: Some(NOW - 6 * DAY), ..ann() }, Exclusion::WrittenLately),
        ] {
            assert_eq!(excluded(&Segment::default(), &candidate), Some(expected), "{candidate:?}");
        }
        let rested = Segment { not_written_for: Some(days(30)), ..Segment::default() };
        let written = Candidate { written_at: Some(NOW - 20 * DAY), ..ann() };
        assert_eq!(excluded(&rested, &written), Some(Exclusion::WrittenLately));
        assert_eq!(excluded(&Segment::default(), &written), None);
    }

    #[test]
    fn consent_is_on_the_card_or_implied_for_a_time() {
        let german = |asked_days: i64| Candidate {
            country: Some("DE".to_owned()),
            asked_at: Some(NOW - asked_days * DAY),
            ..ann()
        };
        let all = Segment::default();
        assert_eq!(excluded(&all, &german(170)), None);
        assert_eq!(excluded(&all, &german(190)), Some(Exclusion::NoConsent));
        assert_eq!(excluded(&all, &Candidate { consent: Some(Consent::default()), ..german(190) }), None);
        assert_eq!(excluded(&all, &Candidate { ordered_at: Some(NOW - 700 * DAY), ..german(1_000) }), None);
        assert_eq!(excluded(&all, &Candidate { country: None, ..german(190) }), None);
    }

    #[test]
    fn consent_ends_with_its_day_or_a_time_after_it_was_given() {
        let last_day = jiff::civil::date(2028, 10, 31);
        let midnight = "2028-11-01T00:00:00+08:00".parse::<jiff::Timestamp>().expect("an instant").as_second();
        let german = |consent: Consent| Candidate {
            country: Some("DE".to_owned()),
            asked_at: None,
            consent: Some(consent),
            ..ann()
        };
        let rules = |valid_for| NewsRules { consent_valid_for: valid_for, ..rules() };
        let excluded = |candidate: &Candidate, valid_for: Option<Duration>, now| {
            rules(valid_for).forbids(&Segment::default(), now, candidate, now)
        };
        let dated = german(Consent { until: Some(last_day), ..Consent::default() });
        assert_eq!(excluded(&dated, None, midnight - 1), None);
        assert_eq!(excluded(&dated, None, midnight), Some(Exclusion::ConsentExpired));
        assert_eq!(excluded(&dated, Some(days(1)), midnight - 1), None, "its own day counts");
        let given = german(Consent { given_at: Some(NOW - 100 * DAY), until: None });
        assert_eq!(excluded(&given, Some(days(101)), NOW), None);
        assert_eq!(excluded(&given, Some(days(100)), NOW), Some(Exclusion::ConsentExpired));
        assert_eq!(excluded(&given, None, NOW + 9_000 * DAY), None);
        let of_before = german(Consent::default());
        assert_eq!(excluded(&of_before, Some(days(401)), NOW), None, "his first contact was 400 days ago");
        assert_eq!(excluded(&of_before, Some(days(400)), NOW), Some(Exclusion::ConsentExpired));
        let asked = Candidate { asked_at: Some(NOW - 170 * DAY), ..of_before.clone() };
        assert_eq!(excluded(&asked, Some(days(400)), NOW), None, "his inquiry is consent");
        let elsewhere = Candidate { country: Some("US".to_owned()), ..of_before };
        assert_eq!(excluded(&elsewhere, Some(days(400)), NOW), None);
        let ends = |candidate: &Candidate, now| rules(None).consent_ends_within(candidate, 30 * DAY, now);
        assert_eq!([-31 * DAY, -30 * DAY, -1, 0].map(|by| ends(&dated, midnight + by)), [false, true, true, false]);
        let elsewhere = Candidate { country: Some("US".to_owned()), ..dated };
        assert!(!ends(&elsewhere, midnight - 1), "nobody asks for it there");
    }

    #[test]
    fn what_a_sentence_may_say_is_harmless() {
        let reader = Candidate { company: Some("http://x.example buy".to_owned()), ..ann() }.reader();
        assert_eq!((reader.first_name.as_deref(), reader.company), (Some("Ann"), None));
        assert_eq!(reader.product.as_deref(), Some("Folding chairs"));
    }
}
