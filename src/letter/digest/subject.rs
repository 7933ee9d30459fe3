//! What a digest's subject says.

use super::card::is_late;
use super::{grade_counts, inquiries_and_replies, risky};
use crate::letter::{Look, TaskKind, plain};
use crate::report::Digest;

/// What the subject may say, the most important first.
pub(super) fn facts(digest: &Digest, look: &Look) -> Vec<String> {
    let language = look.language;
    if digest.inquiries.is_empty() {
        return vec![the_fact_without_inquiries(digest, look)];
    }
    let best = grade_counts(&digest.inquiries).into_iter().next().filter(|best| best.is_worth_a_word);
    let late = digest.inquiries.iter().filter(|line| is_late(line, digest)).count();
    let late = (late > 0).then(|| language.task_title(TaskKind::Limit, late));
    let risky = risky(digest);
    let (inquiries, replies) = inquiries_and_replies(digest);
    let unread = digest.quarantined.len();
    let counts = [
        (inquiries, language.inquiries(inquiries)),
        (risky, language.risky(risky)),
        (replies, language.replies(replies)),
        (unread, language.unread(unread)),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words);
    let best = best.map(|best| language.new_of_grade(best.count, best.grade));
    late.into_iter().chain(best).chain(counts).collect()
}

fn the_fact_without_inquiries(digest: &Digest, look: &Look) -> String {
    let language = look.language;
    match (digest.quarantined.len(), digest.held.len(), digest.notices.first()) {
        (0, 0, None) => language.nothing_new(),
        (0, 0, Some(notice)) => plain::line(notice, 60),
        (0, held, _) => language.held(held),
        (unread, ..) => language.unread_alone(unread),
    }
}
