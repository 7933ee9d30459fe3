//! A subject says the fact in as many characters as a telephone shows.

use crate::letter::plain;

/// Characters of a subject to our own people.
const SHOWN: usize = 50;

/// What a subject may say; its template gets as much of it as fits: `facts`, a list, and `moment`.
#[derive(Clone, Debug, Default)]
pub(in crate::letter) struct Subject {
    /// The most important first; the last are left out first.
    pub facts: Vec<String>,
    /// How to say when, from the fullest to the shortest; empty: it isn't said.
    pub moments: Vec<String>,
    /// Characters.
    pub limit: usize,
}

impl Subject {
    /// Of a mail to our own people.
    pub(in crate::letter) fn new(facts: Vec<String>, moments: Vec<String>) -> Subject {
        Subject { facts, moments, limit: SHOWN }
    }

    /// The fullest subject that fits; `fill` makes it of some facts and a moment. A single fact too long is cut.
    pub(super) fn fitted<E>(&self, fill: impl Fn(&[String], &str) -> Result<String, E>) -> Result<String, E> {
        let moments: Vec<&str> = self.moments.iter().map(String::as_str).collect();
        let moments = if moments.is_empty() { vec![""] } else { moments };
        for count in (1..=self.facts.len()).rev() {
            for moment in &moments {
                let subject = fill(&self.facts[..count], moment)?;
                if subject.chars().count() <= self.limit {
                    return Ok(subject);
                }
            }
        }
        let shortest = moments.last().copied().unwrap_or_default();
        let fact = self.facts.first().map(String::as_str).unwrap_or_default();
        let around = fill(&[String::new()], shortest)?.chars().count();
        // `…` takes a character.
        let room = self.limit.saturating_sub(around + 1);
        let subject = fill(&[plain::line(fact, room)], shortest)?;
        Ok(plain::line(&subject, self.limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(facts: &[&str], moments: &[&str]) -> String {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let fill = |facts: &[String], moment: &str| Ok::<_, ()>(format!("[x] {} · {moment}", facts.join(", ")));
        Subject::new(owned(facts), owned(moments)).fitted(fill).expect("fits")
    }

    #[test]
    fn a_subject_gives_up_the_hour_then_the_least_important_fact_then_words() {
        let moments = ["Mon 23 Nov 12:30", "Mon 23 Nov"];
        assert_eq!(fitted(&["3 new A", "14 inquiries"], &moments), "[x] 3 new A, 14 inquiries · Mon 23 Nov 12:30");
        assert_eq!(
            fitted(&["2 overdue", "3 new A", "14 inquiries"], &moments),
            "[x] 2 overdue, 3 new A, 14 inquiries · Mon 23 Nov"
        );
        assert_eq!(
            fitted(&["2 overdue", "3 new A", "14 inquiries", "2 replies"], &moments),
            "[x] 2 overdue, 3 new A, 14 inquiries · Mon 23 Nov"
        );
        let long = fitted(&["sales: no folder of sent mail was found, so answers can't be told"], &moments);
        assert_eq!(long, "[x] sales: no folder of sent mail… · Mon 23 Nov");
        assert_eq!(fitted(&[&"报".repeat(90)], &["11月23日"]).chars().count(), 50);
        assert_eq!(fitted(&["noted"], &[]), "[x] noted · ");
    }
}
