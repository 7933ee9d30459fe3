//! What each digest and report contains: values from the store become the content of a letter. Pure.

mod breakdown;
mod counting;
mod departures;
mod digest;
mod journey;
mod lists;
mod numbers;
mod period;
mod plan;
mod price;
mod recurrence;
mod responses;

pub use breakdown::{Pairing, Share, Trend};
pub use counting::{Counting, Received};
pub use departures::{ForwardedMail, RemovedMail};
pub use digest::{
    Counts, Digest, FolderLine, HeldLine, InquiryLine, QuarantineLine, QuestionLine, SetAsideLine, Tally, excerpt,
};
pub use journey::{Completeness, FunnelStep, Standing, completeness, funnel};
pub use lists::{BuyerLine, Entry, NewsletterLine, RecordLine, SampleLine, SampleState, Written, samples};
pub use numbers::{Deeds, Lists, Numbers, PersonResult, StandingNumbers};
pub use period::{Moments, Period, Stretch};
pub use plan::{Achieved, Goal, Milestone, Plan, PlanYear, milestones};
pub use price::{Money, PriceLine, PriceRange};
pub use recurrence::{Recipient, Recurrence, ReportName, ReportPlan, Slot};
pub use responses::{Fate, Responses, share};
