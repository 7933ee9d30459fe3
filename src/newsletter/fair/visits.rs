//! Who comes to the booth, and when: the list of appointments.

use super::{Answer, Appointment, Fair, appointment};
use crate::clock::UnixTime;
use serde::Serialize;
use std::collections::BTreeMap;

/// Characters of what a buyer said.
const SAID: usize = 120;

/// An invited buyer who answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Visit {
    pub buyer_id: i64,
    pub buyer: String,
    pub email: Option<String>,
    pub country: Option<String>,
    pub owner: Option<String>,
    pub answered_at: UnixTime,
    pub comes: Appointment,
    pub said: String,
}

/// A line a buyer: what he said first, and the last day and time that he named; who comes first stands first.
pub fn appointments(answers: Vec<Answer>, fair: &Fair) -> Vec<Visit> {
    let mut visits: BTreeMap<i64, Visit> = BTreeMap::new();
    for answer in answers {
        let named = appointment(&format!("{}\n{}", answer.subject, answer.text), fair);
        let visit = visits.entry(answer.buyer_id).or_insert_with(|| visit(answer));
        visit.comes.day = named.day.or(visit.comes.day);
        visit.comes.time = named.time.or(visit.comes.time);
    }
    let mut visits: Vec<Visit> = visits.into_values().collect();
    let unknown = |visit: &Visit| visit.comes.day.is_none();
    visits.sort_by_key(|visit| (unknown(visit), visit.comes.day, visit.comes.time, visit.answered_at));
    visits
}

fn visit(answer: Answer) -> Visit {
    let first_line = answer.text.lines().map(str::trim).find(|line| is_said(line)).unwrap_or(&answer.subject);
    let said = excerpt(first_line);
    let named =
        [&answer.name, &answer.company].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ");
    let buyer = if named.is_empty() { answer.email.clone().unwrap_or_default() } else { named };
    Visit {
        buyer_id: answer.buyer_id,
        buyer,
        email: answer.email,
        country: answer.country,
        owner: answer.owner,
        answered_at: answer.at,
        comes: Appointment::default(),
        said,
    }
}

/// A greeting says nothing yet.
fn is_said(line: &str) -> bool {
    let is_greeting =
        ["dear ", "hi ", "hello", "hola", "尊敬的", "您好"].iter().any(|word| line.to_lowercase().starts_with(word));
    !line.is_empty() && (!is_greeting || line.chars().count() >= 40)
}

fn excerpt(line: &str) -> String {
    match line.char_indices().nth(SAID) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(buyer_id: i64, at: UnixTime, text: &str) -> Answer {
        Answer {
            buyer_id,
            name: Some(format!("Buyer {buyer_id}")),
            company: None,
            email: None,
            country: None,
            owner: None,
            at,
            subject: "Re: Invitation".to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn the_list_of_appointments_is_in_the_order_of_the_fair() {
        let fair = Fair::canton();
        let answers = vec![
            answer(1, 100, "Dear Amy,\n\nwe come on April 18.\n"),
            answer(2, 200, "Can't come this year."),
            answer(3, 300, "April 16, 15:00, please"),
            answer(1, 400, "Better on April 16 at 9:00."),
        ];
        let told: Vec<_> = appointments(answers, &fair)
            .into_iter()
            .map(|visit| format!("{} {} {}", visit.buyer_id, visit.comes, visit.said))
            .collect();
        assert_eq!(
            told,
            [
                "1 2027-04-16 09:00 we come on April 18.",
                "3 2027-04-16 15:00 April 16, 15:00, please",
                "2  Can't come this year.",
            ]
        );
    }
}
