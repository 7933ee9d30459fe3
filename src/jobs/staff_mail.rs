//! What our people tell inquiryd by mail: checked, done, and answered.

use super::Context;
use crate::letter::{self, Answer, PlannedMail, Refusal, What};
use crate::staff::token::{self, Worth};
use crate::staff::{Instruction, Misread, Person, instructions};
use crate::store::staff::{Speaker, StaffMail};
use anyhow::Result;

const DAY: i64 = 24 * 3600;
/// Refusals that are explained to one address in a day: whoever forges mail must not make us flood a colleague.
const EXPLAINED: i64 = 5;

/// Settles every mail of our people that is on record and not settled yet. Returns how many.
pub async fn staff_mail(context: &Context<'_>) -> Result<usize> {
    let mails = context.store.open_staff_mails().await?;
    let mut failure = None;
    for mail in &mails {
        // One that fails must not keep the others from being heard.
        if let Err(error) = settle(context, mail).await {
            tracing::error!(
                mail = mail.mail_id,
                error = format!("{error:#}"),
                "a colleague's mail could not be settled"
            );
            failure = Some(error);
        }
        context.progress.step();
    }
    failure.map_or(Ok(mails.len()), Err)
}

async fn settle(context: &Context<'_>, mail: &StaffMail) -> Result<()> {
    let settings = context.settings;
    let now = context.now();
    let Some(person) = settings.staff.at(&mail.sender) else {
        // He left between his mail and now: nobody is to be answered.
        let nobody = Speaker { name: &mail.sender, address: &mail.sender, calendar: &settings.calendar, now };
        return context.store.settle_staff_mail(mail.mail_id, nobody, &[], Some("left"), |_| Ok(Vec::new())).await;
    };
    let checked = check(context, mail, person).await?;
    let explained = context.store.count_refused(&mail.sender, now - DAY).await? < EXPLAINED;
    let refusal = checked.refusal();
    let address = person.address();
    let speaker = Speaker { name: &person.name, address: &address, calendar: &settings.calendar, now };
    let render = |outcomes: &[_]| {
        let answer = Answer {
            at: now,
            done: outcomes.to_vec(),
            misread: checked.misread.clone(),
            refused: checked.refused.clone(),
        };
        let mut mails = Vec::new();
        if refusal.is_none() || explained {
            mails.push(answered(context, mail, person, &answer)?);
        }
        if let Some(refusal) = refusal.filter(|refusal| refusal.is_suspicious()) {
            mails.extend(told_to_managers(context, mail, person, refusal)?);
        }
        Ok(mails)
    };
    if let Some(refusal) = refusal {
        tracing::warn!(mail = mail.mail_id, reason = refusal.as_str(), "instructions by mail were refused");
    }
    let refused = refusal.map(Refusal::as_str);
    context.store.settle_staff_mail(mail.mail_id, speaker, &checked.accepted, refused, render).await
}

/// What of a mail is done, and what is not.
struct Checked {
    accepted: Vec<Instruction>,
    misread: Vec<Misread>,
    refused: Vec<(String, Refusal)>,
}

impl Checked {
    /// The worst reason for which something was refused.
    fn refusal(&self) -> Option<Refusal> {
        let reasons = self.refused.iter().map(|(_, refusal)| *refusal);
        reasons.min_by_key(|refusal| (!refusal.is_suspicious(), refusal.as_str()))
    }
}

/// Whether the mail is what it says, and for which lines it holds a token.
async fn check(context: &Context<'_>, mail: &StaffMail, person: &Person) -> Result<Checked> {
    if mail.failed.is_some() {
        let refused = vec![(mail.subject.clone(), Refusal::Forged)];
        return Ok(Checked { accepted: Vec::new(), misread: Vec::new(), refused });
    }
    let now = context.now();
    let (found, misread) = instructions(&mail.subject, &mail.text);
    let referred: Vec<String> = serde_json::from_str(&mail.referred).unwrap_or_default();
    let address = person.address();
    let answered = match context.store.wrote_to(&referred, &address).await? {
        None => Worth::Missing,
        Some(at) if at + (token::GOOD_FOR + 1) * DAY > now => Worth::Good,
        Some(_) => Worth::Expired,
    };
    let mut checked = Checked { accepted: Vec::new(), misread: Vec::new(), refused: Vec::new() };
    let text = format!("{}\n{}", mail.subject, mail.whole_text);
    for instruction in found {
        let token = token::worth(context.secret, &address, &instruction.matter.to_string(), &text, now);
        match refusal(token.best(answered)) {
            None => checked.accepted.push(instruction),
            Some(refusal) => checked.refused.push((instruction.matter.to_string(), refusal)),
        }
    }
    let whole_mail = token::worth(context.secret, &address, token::EVERYTHING, &text, now).best(answered);
    // Who has no token is not told what could have been said.
    if whole_mail == Worth::Good || !checked.accepted.is_empty() {
        checked.misread = misread;
        if checked.accepted.is_empty() && checked.misread.is_empty() && checked.refused.is_empty() {
            checked.refused.push((mail.subject.clone(), Refusal::NothingUnderstood));
        }
    } else if checked.refused.is_empty() {
        checked.refused.extend(refusal(whole_mail).map(|refusal| (mail.subject.clone(), refusal)));
    }
    Ok(checked)
}

fn refusal(worth: Worth) -> Option<Refusal> {
    match worth {
        Worth::Good => None,
        Worth::Expired => Some(Refusal::Expired),
        Worth::Forged => Some(Refusal::WrongToken),
        Worth::Missing => Some(Refusal::NoToken),
    }
}

/// The answer goes to the person's own address, whatever the mail asks for.
fn answered(context: &Context<'_>, mail: &StaffMail, person: &Person, answer: &Answer) -> Result<PlannedMail> {
    let letter = letter::answer(answer, &context.look_of(person));
    context.letter_to(What::Answer, &mail.mail_id.to_string(), &letter, person)
}

/// Once a day for each name that is misused.
fn told_to_managers(
    context: &Context<'_>,
    mail: &StaffMail,
    person: &Person,
    refusal: Refusal,
) -> Result<Vec<PlannedMail>> {
    let period = format!("{}/{}", context.settings.calendar.date(context.now()), person.address());
    let today = context.settings.calendar.date(context.now());
    let managers = context.settings.staff.managers(today).into_iter().filter(|manager| *manager != person);
    let to_manager = |manager: &Person| {
        let look = context.look_of(manager);
        let letter = letter::suspicion(&person.name, &mail.subject, refusal, context.now(), &look);
        context.letter_to(What::Suspicion, &period, &letter, manager)
    };
    managers.map(to_manager).collect()
}
