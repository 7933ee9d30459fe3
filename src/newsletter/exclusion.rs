//! Why a buyer does not get a newsletter, in one word each.

use serde::Serialize;

/// Why a buyer does not get a newsletter, the strongest reason first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    Grade,
    Stage,
    Country,
    Language,
    Source,
    Owner,
    Tags,
    Product,
    LastContact,
    Ordered,
    /// A greeting: his country has no such holiday, or nobody knows his country.
    NoSuchHoliday,
    /// A greeting: it would come after his holiday.
    HolidayOver,
    /// He was not invited to the fair.
    NotInvited,
    /// He was not met at the fair, and did not answer its invitation.
    NotMet,
    FairOver,
    /// Nobody could write to him.
    NoAddress,
    Suppressed,
    /// His mailbox was full or out of reach again and again.
    SoftBounces,
    /// He came after the newsletter's day.
    CameLater,
    /// His country wants consent, and nothing stands for it.
    NoConsent,
    /// His country wants consent, and the one on his card has come to its end.
    ConsentExpired,
    Suspended,
    /// He waits for an answer, wrote lately, or has a fresh quote: a newsletter would come between.
    Negotiating,
    /// We wrote to him lately.
    WrittenLately,
    /// A sentence would be broken: something that it names isn't known of him.
    Words,
}

impl Exclusion {
    /// For people, in a list.
    pub fn as_str(self) -> &'static str {
        match self {
            Exclusion::Grade => "another grade",
            Exclusion::Stage => "another stage",
            Exclusion::Country => "another country",
            Exclusion::Language => "another language",
            Exclusion::Source => "came another way",
            Exclusion::Owner => "another owner",
            Exclusion::Tags => "other tags",
            Exclusion::Product => "asked for other products",
            Exclusion::LastContact => "last contact at another time",
            Exclusion::Ordered => "has ordered",
            Exclusion::NoSuchHoliday => "no such holiday in his country",
            Exclusion::HolidayOver => "his holiday is over",
            Exclusion::NotInvited => "was not invited to the fair",
            Exclusion::NotMet => "was not met at the fair and did not answer",
            Exclusion::FairOver => "the fair is over",
            Exclusion::NoAddress => "no address that can be written to",
            Exclusion::Suppressed => "unsubscribed, complained, or the address is dead",
            Exclusion::SoftBounces => "mail came back for now, again and again",
            Exclusion::CameLater => "came after the newsletter's day",
            Exclusion::NoConsent => "no consent, and his country asks for it",
            Exclusion::ConsentExpired => "consent has expired, and his country asks for it",
            Exclusion::Suspended => "put off or stopped",
            Exclusion::Negotiating => "in a live negotiation",
            Exclusion::WrittenLately => "written to lately",
            Exclusion::Words => "a sentence would be broken",
        }
    }

    /// Whether the author meant the buyer, and something else speaks against it.
    pub fn concerns_the_meant(self) -> bool {
        self >= Exclusion::NoAddress
    }
}
