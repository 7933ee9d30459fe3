//! What corrections by hand teach, and how the file is changed by it.

use super::book;
use inquiryd::grading::Grade;
use inquiryd::grading::suggest::{Corrected, diff, edit, suggest};

const RULES: &str = "# Our rules; Amy keeps them.\n[thresholds]\nA = 60\nB = 40\nC = 20\n\n[[rule]]\nid = \"quantity\"\n\
    why = \"w\"\npoints = 30   # since 2019\nfacts = [\"quantity\"]\n\n[[rule]]\nid = \"polite\"   # too heavy?\nwhy = \"w\"\n\
    points = 40\ntext = [\"kindly\"]\n\n[bonus.country]\nDE = 5 # = 40 with kindly\n";

fn mail<'a>(fired: &[&'a str], score: i64, by_rules: Grade, by_hand: Grade, text: &'a str) -> Corrected<'a> {
    Corrected { fired: fired.to_vec(), score, by_rules, by_hand, text }
}

/// Polite mails graded down to D, again and again; mails with a quantity were right.
fn corrections() -> Vec<Corrected<'static>> {
    let polite = mail(&["polite"], 40, Grade::B, Grade::D, "kindly");
    let sound = mail(&["quantity"], 30, Grade::C, Grade::C, "600 pcs");
    [vec![polite; 8], vec![sound; 8]].concat()
}

#[test]
fn a_rule_that_is_plainly_too_heavy_gets_lighter_and_agreement_rises() {
    let suggestion = suggest(&book(RULES), &corrections());
    let [change] = &suggestion.points[..] else { panic!("{suggestion:?}") };
    assert_eq!((change.rule.as_str(), change.old, change.mails), ("polite", 40, 8));
    assert!(change.new < 20 && change.new > 0, "{change:?}");
    assert_eq!((change.right_before, change.right_after), (0, 8));
    assert_eq!((suggestion.mails, suggestion.right_before, suggestion.right_after), (16, 8, 16));
    assert_eq!(suggest(&book(RULES), &corrections()), suggestion, "the same corrections teach the same");
}

#[test]
fn two_corrections_teach_nothing() {
    let few = &corrections()[..2];
    let suggestion = suggest(&book(RULES), few);
    assert!(suggestion.points.is_empty() && suggestion.words.is_empty(), "{suggestion:?}");
    assert!(suggest(&book(RULES), &[]).points.is_empty());
}

#[test]
fn what_a_ceiling_holds_down_is_no_reason_to_take_points_off() {
    let rules = format!("{RULES}[[rule]]\nid = \"later\"\nwhy = \"w\"\nceiling = \"C\"\ntext = [\"next year\"]\n");
    let later = mail(&["quantity", "polite", "later"], 70, Grade::C, Grade::C, "");
    assert!(suggest(&book(&rules), &vec![later; 20]).points.is_empty());
}

#[test]
fn words_of_mails_that_people_graded_higher_become_a_rule() {
    let mut mails = Vec::new();
    for text in ["our tender closes soon", "招标文件已发", "a tender, 招标", "the tender of the city"] {
        mails.push(mail(&[], 0, Grade::D, Grade::B, text));
    }
    mails.resize(30, mail(&[], 0, Grade::D, Grade::D, "the price of our chairs in the city"));
    let suggestion = suggest(&book(RULES), &mails);
    let [learned] = &suggestion.words[..] else { panic!("{suggestion:?}") };
    assert_eq!((learned.id.as_str(), learned.points), ("learned-higher", 10));
    assert_eq!(learned.words, [("tender".to_owned(), 3)], "two mails of 招标 are too few, and the city is everywhere");
    let edited = edit(RULES, &book(RULES), &suggestion);
    assert!(edited.starts_with(RULES));
    assert_eq!(book(&edited).lines().len(), book(RULES).lines().len() + 1);
    let again = suggest(&book(&edited), &mails);
    assert_eq!(again.words[0].id, "learned-higher-2");
}

#[test]
fn the_file_keeps_its_comments_and_its_layout() {
    let rules = book(RULES);
    let mut mails = corrections();
    mails.resize(30, mail(&["bonus.country.DE"], 5, Grade::D, Grade::C, ""));
    let suggestion = suggest(&rules, &mails);
    assert_eq!(suggestion.points.len(), 2, "{suggestion:?}");
    let edited = edit(RULES, &rules, &suggestion);
    for comment in ["# Our rules; Amy keeps them.", "points = 30   # since 2019", "# too heavy?", " # = 40 with kindly"]
    {
        assert!(edited.contains(comment), "{comment} in {edited}");
    }
    for change in &suggestion.points {
        let line = book(&edited).lines().iter().find(|line| line.id == change.rule).map(|line| line.points);
        assert_eq!(line, Some(change.new), "{change:?}");
    }
    let shown = diff(RULES, &edited, "grading.toml");
    assert!(shown.starts_with("--- grading.toml\n+++ grading.toml\n@@"), "{shown}");
    assert!(shown.contains("\n-points = 40\n+points = "), "{shown}");
    assert_eq!(shown.lines().filter(|line| line.starts_with('+')).count(), 3, "{shown}");
}
