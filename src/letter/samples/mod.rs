//! Content as rich as mails ever are: what an exporter of outdoor furniture finds at half past twelve. Templates that a
//! company brings are tried with it, and so are ours.

mod digest;
mod report;
mod tasks;

pub use digest::{digest, line, long as long_digest};
pub use report::numbers;
pub use tasks::{follow_ups, long as long_tasks, reminder};

use super::template::Content;
use super::{Actions, Answer, Language, Look, Newsletter, Refusal, Templates, Unsubscribe};
use crate::clock::UnixTime;
use crate::report::ReportName;
use crate::staff::{Effect, Outcome, instructions};

/// 2026-11-23 12:30 in Shanghai.
pub const NOON: UnixTime = 1_795_408_200;

pub fn look(language: Language) -> Look {
    let company = match language {
        Language::SimplifiedChinese => "宁波海川户外用品有限公司",
        Language::English => "Ningbo Haichuan Outdoor Co., Ltd.",
    };
    let time_zone = jiff::tz::TimeZone::get("Asia/Shanghai").expect("bundled");
    let actions = Actions {
        reply_to: "sales@haichuan.example".to_owned(),
        secret: "the installation's secret".to_owned(),
        person: "hanmeimei@haichuan.example".to_owned(),
        now: NOON,
    };
    Look { language, time_zone, company: company.to_owned(), actions: Some(actions), templates: Templates::shipped() }
}

/// What one of us told, half of which is wrong.
pub fn answer() -> Answer {
    let (found, misread) =
        instructions("", "#123 B\n#124 sample sent free DHL 77\n#9999 done\n#125 snooze 3d\n#126 hm\n#127 note");
    let effects = [
        Effect::Done,
        Effect::Reached(crate::buyer::Stage::SampleSent),
        Effect::Unknown,
        Effect::PutOff(NOON + 3 * 86_400),
    ];
    let done = found.into_iter().zip(effects).map(|(instruction, effect)| Outcome { instruction, effect }).collect();
    Answer { at: NOON, done, misread, refused: vec![("#128".to_owned(), Refusal::Expired)] }
}

/// The newsletter of an author who tries everything.
pub fn newsletter<'a>(language: Language, unsubscribe: &'a Unsubscribe, templates: &'a Templates) -> Newsletter<'a> {
    Newsletter {
        subject: "New camp chairs\nfor spring 2027",
        body: NEWS,
        language,
        company: "Ningbo Haichuan Outdoor",
        imprint: "Ningbo Haichuan Outdoor Co., Ltd.\n88 Baizhang Road, Ningbo 315040, China\n+86 574 8700 0000",
        unsubscribe,
        templates,
    }
}

/// Each mail, full and nearly empty, in both languages.
pub(super) fn contents() -> Vec<Content> {
    let mut contents = Vec::new();
    let (unsubscribe, shipped) = (unsubscribe(), Templates::shipped());
    for language in [Language::SimplifiedChinese, Language::English] {
        let look = look(language);
        let nobody_answers = Look { actions: None, ..look.clone() };
        let long = long_digest(language);
        contents.extend(
            [digest(language), long, crate::report::Digest::default()]
                .map(|digest| super::digest::whole(&digest, &look)),
        );
        contents.push(super::digest::whole(&digest(language), &nobody_answers));
        contents.extend([reminder(), follow_ups(), long_tasks()].map(|list| super::tasks::whole(&list, &look)));
        contents.push(super::tasks::whole(&reminder(), &nobody_answers));
        contents.extend([answer(), Answer::default()].map(|answer| super::answer::content(&answer, &look)));
        for name in ReportName::ALL {
            let all = [false, true].map(|quiet| super::report::whole(name, &numbers(name, quiet), &look));
            contents.extend(all);
        }
        contents.push(super::newsletter::sample(&newsletter(language, &unsubscribe, &shipped)));
    }
    contents
}

pub fn unsubscribe() -> Unsubscribe {
    let address = "news@haichuan.example".parse().expect("valid");
    Unsubscribe { address, subject: "unsubscribe spring-2027".to_owned(), page: None }
}

/// A newsletter's Markdown with all that an author may try.
pub const NEWS: &str = r#"# New camp chairs for spring 2027

Dear friends, our **FC-210** chair now carries *150 kg*, and ships in `7 days`.
Second line of the same paragraph.

## What is new

- Olive, sand and black
- Packed two in a carton
  - saves 30 % of the volume
- See [our catalogue](https://haichuan.example/fc210?a=1&b=2) or https://haichuan.example

1. Ask for a sample
2. Write to [Ms Han](mailto:han@haichuan.example)

| Model | Load | Price |
|---|---:|---|
| FC-210 | 150 kg | USD 8.60 |
| FC-110 | 120 kg | USD 7.20 |

> "Best chair of the fair" — a buyer from Köln

![a chair](https://tracker.example/pixel.png)

<script>alert(1)</script> and <b onclick="x()">raw HTML</b> stay words.

[A trick](javascript:alert(2)) is no link, nor is [another](data:text/html,x), and 1 < 2 & "so on".

---

Best regards
"#;
