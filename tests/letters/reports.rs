//! The reports: short in the mail, whole in the workbook, and nobody else's words do anything in them.

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use inquiryd::letter::samples as sample;
use inquiryd::letter::{Language, Letter, report};
use inquiryd::report::ReportName;
use std::io::Cursor;

const BOTH: [(Language, &str); 2] = [(Language::SimplifiedChinese, "zh"), (Language::English, "en")];

fn full(name: ReportName, language: Language) -> Letter {
    report(name, &sample::numbers(name, false), &sample::look(language))
}

#[test]
fn a_month_and_a_day_in_plain_text() {
    for (language, tag) in BOTH {
        for name in [ReportName::Daily, ReportName::Monthly] {
            let letter = full(name, language);
            insta::assert_snapshot!(
                format!("{}_{tag}.txt", name.as_str()),
                format!("{}\n\n{}", letter.subject, letter.text)
            );
        }
    }
}

#[test]
fn the_subject_is_the_fact_in_fifty_characters() {
    for (language, _) in BOTH {
        for name in ReportName::ALL {
            let subject = full(name, language).subject;
            assert!(subject.chars().count() <= 50, "{subject}");
        }
    }
    let subject = |name| full(name, Language::English).subject;
    assert_eq!(subject(ReportName::Weekly), "[inquiryd] 5 late, 71 inquiries · 16 Nov to 22 Nov");
    let quiet = sample::numbers(ReportName::Daily, true);
    let letter = report(ReportName::Daily, &quiet, &sample::look(Language::SimplifiedChinese));
    assert_eq!(letter.subject, "[询盘] 没有新询盘，系统运行正常 · 11月23日 日报");
    assert!(letter.attachments.is_empty());
}

#[test]
fn what_others_wrote_does_nothing_in_any_report() {
    for (language, _) in BOTH {
        for name in ReportName::ALL {
            let html = full(name, language).html;
            for harm in ["<script>alert", "<img src=x", "<b>too soft", "href=\"https"] {
                assert!(!html.contains(harm), "{harm} in {name:?}");
            }
            assert!(super::only_our_links(&html), "{name:?}");
        }
    }
}

fn sheet(letter: &Letter, name: &str) -> Vec<Vec<Data>> {
    let bytes = &*letter.attachments[0].bytes;
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
    let names = book.sheet_names();
    assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
    book.worksheet_range(name).expect("a sheet").rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn the_workbook_has_all_a_buyers_as_text_dates_and_numbers() {
    let letter = full(ReportName::Monthly, Language::English);
    let rows = sheet(&letter, "A buyers and how they stand");
    assert_eq!(rows.len(), 1 + 37);
    assert_eq!(rows[1][1], Data::String("Kestrel Outdoor GmbH".into()));
    assert!(
        matches!(&rows[3][1], Data::String(text) if text.starts_with("=HYPERLINK")),
        "no formula: {:?}",
        rows[3][1]
    );
    assert!(matches!(&rows[1][5], Data::String(why) if why.contains("asks for a sample")), "{:?}", rows[1]);
    assert!(matches!(rows[1][8], Data::DateTime(_)) && matches!(rows[1][9], Data::Float(1.0)), "{:?}", rows[1]);
    assert_eq!(sheet(&letter, "Inquiry-reply record").len(), 1 + 60);
    assert!(letter.text.contains("+31 more") || letter.text.contains("+27 more"), "the mail shows some and says so");
    assert_eq!(letter.attachments[0].name, "monthly-2026-10-01.xlsx");
    assert_eq!(
        full(ReportName::Monthly, Language::English).attachments,
        letter.attachments,
        "the same bytes each time"
    );
}
