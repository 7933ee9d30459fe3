//! Buyers' mail that left the house: no customer walks out of the door unseen.

use super::replies::joined;
use super::section::{Row, Section, SheetOf};
use crate::letter::words::report as words;
use crate::letter::workbook::Cell;
use crate::letter::{Look, when};
use crate::report::{ForwardedMail, Numbers, RemovedMail};
use crate::staff::Matter;

/// The number by which people speak of it: the inquiry's, or else the buyer's.
fn matter(inquiry: Option<i64>, buyer: Option<i64>) -> String {
    let matter = inquiry.map(Matter::Inquiry).or(buyer.map(Matter::Buyer));
    matter.map(|matter| matter.to_string()).unwrap_or_default()
}

/// Gone from the mailbox.
pub(super) fn removed(numbers: &Numbers, look: &Look) -> Option<Section> {
    let language = look.language;
    let row = |mail: &RemovedMail| {
        let answered = if mail.answered { words::ANSWERED } else { words::STILL_WAITING };
        let place = format!("{}/{}", mail.account, mail.folder);
        let parts = [Some(mail.buyer.clone()), mail.owner.clone(), Some(place), Some(answered.of(language).to_owned())];
        Row::new(
            format!("{} {}", matter(mail.inquiry_id, mail.buyer_id), mail.subject),
            when::moment(mail.missed_at, numbers.at, look),
        )
        .graded(mail.grade)
        .detail(joined(&parts))
        .urgent(!mail.answered)
    };
    let mails = &numbers.lists.removed;
    let section = Section::of((words::REMOVED, words::REMOVED_HINT.of(language)), mails, language, row)?;
    let sheet = SheetOf::new(words::REMOVED, language)
        .text(words::NUMBER, 9)
        .moment(words::DAY)
        .text(words::BUYER, 28)
        .long(words::SUBJECT)
        .text(words::OWNER, 16)
        .text(words::FOLDER, 20)
        .moment(words::RECEIVED_AT)
        .text(words::STATE, 14);
    let cells = |mail: &RemovedMail| {
        let answered = if mail.answered { words::ANSWERED } else { words::STILL_WAITING };
        vec![
            Cell::Text(matter(mail.inquiry_id, mail.buyer_id)),
            Cell::moment(mail.missed_at, &look.time_zone),
            Cell::Text(mail.buyer.clone()),
            Cell::Text(mail.subject.clone()),
            mail.owner.clone().into(),
            Cell::Text(format!("{}/{}", mail.account, mail.folder)),
            Cell::moment(mail.received_at, &look.time_zone),
            Cell::text(answered.of(language)),
        ]
    };
    Some(section.sheet(sheet.rows(mails.iter().map(cells))))
}

/// Forwarded to people outside.
pub(super) fn forwarded(numbers: &Numbers, look: &Look) -> Option<Section> {
    let language = look.language;
    let row = |mail: &ForwardedMail| {
        let parts = [Some(mail.buyer.clone()), mail.owner.clone(), Some(mail.subject.clone())];
        let number = matter(mail.inquiry_id, mail.buyer_id);
        let label = format!("{number} {} → {}", mail.sender, mail.recipients.join(", "));
        Row::new(label.trim_start(), when::moment(mail.sent_at, numbers.at, look))
            .graded(mail.grade)
            .detail(joined(&parts))
    };
    let mails = &numbers.lists.forwarded;
    let section = Section::of((words::FORWARDED, words::FORWARDED_HINT.of(language)), mails, language, row)?;
    let sheet = SheetOf::new(words::FORWARDED, language)
        .text(words::NUMBER, 9)
        .moment(words::DAY)
        .text(words::WHO, 22)
        .long(words::RECIPIENTS)
        .text(words::BUYER, 28)
        .long(words::SUBJECT);
    let cells = |mail: &ForwardedMail| {
        vec![
            Cell::Text(matter(mail.inquiry_id, mail.buyer_id)),
            Cell::moment(mail.sent_at, &look.time_zone),
            Cell::Text(mail.sender.clone()),
            Cell::Text(mail.recipients.join(", ")),
            Cell::Text(mail.buyer.clone()),
            Cell::Text(mail.subject.clone()),
        ]
    };
    Some(section.sheet(sheet.rows(mails.iter().map(cells))))
}
