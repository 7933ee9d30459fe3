//! Fairs that are about to begin.

use super::Context;
use crate::language::Language;
use crate::letter::Notice;
use crate::newsletter::{Fair, Part, appointments};
use anyhow::Result;

/// Tells people on the last working day before a fair who comes to the booth.
pub(super) async fn tell(context: &Context<'_>) -> Result<()> {
    for fair in context.settings.fairs.iter().filter(|fair| is_eve(context, fair)) {
        let answers = context.store.fair_answers(&fair.campaign(Part::Invitation)).await?;
        let visits = appointments(answers, fair);
        let language = match context.settings.company.language {
            Language::SimplifiedChinese => "zh",
            Language::English => "en",
        };
        let notice = Notice::FairBegins {
            title: fair.title.in_language(language),
            name: &fair.name,
            answered: visits.len(),
            named_a_day: visits.iter().filter(|visit| visit.comes.day.is_some()).count(),
        };
        context.notice(&format!("fair/{}", fair.name), &notice).await?;
    }
    Ok(())
}

/// Whether the fair has not begun, and does before the next working day is over.
fn is_eve(context: &Context<'_>, fair: &Fair) -> bool {
    let (calendar, now) = (&context.settings.calendar, context.now());
    let today = calendar.date(now);
    let next = today.tomorrow().map_or(today, |tomorrow| calendar.working_days_after(tomorrow, 0));
    today < fair.first && fair.first <= next
}
