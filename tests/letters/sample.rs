//! A realistic digest: what an exporter of outdoor furniture finds at half past twelve.

use inquiryd::buyer::{Buyer, EventKind, Past, Stage};
use inquiryd::clock::UnixTime;
use inquiryd::grading::{Grade, Grading, Reason};
use inquiryd::letter::{Actions, Language, LastWords, Look, Task, TaskKind, TaskList, Unsubscribe};
use inquiryd::message::{Facts, Kind, Sample};
use inquiryd::report::{
    Counts, Digest, FolderLine, HeldLine, InquiryLine, QuarantineLine, QuestionLine, SetAsideLine, Tally,
};
use inquiryd::risk::Told;
use inquiryd::staff::Matter;

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
    Look { language, time_zone, company: company.to_owned(), actions: Some(actions) }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn reason(points: i64, why: &str, matched: &str) -> Reason {
    Reason { rule: "rule".to_owned(), points, why: why.to_owned(), matched: matched.to_owned() }
}

fn pick(language: Language, chinese: &'static str, english: &'static str) -> &'static str {
    match language {
        Language::SimplifiedChinese => chinese,
        Language::English => english,
    }
}

pub fn line(id: i64, grade: Grade, subject: &str, excerpt: &str) -> InquiryLine {
    InquiryLine {
        id,
        kind: Kind::Inquiry,
        received_at: NOON - 40 * 60,
        account: "sales".to_owned(),
        subject: subject.to_owned(),
        excerpt: excerpt.to_owned(),
        language: text("en"),
        buyer: Buyer::default(),
        known: false,
        matched_by: None,
        past: None,
        owner: None,
        relay: None,
        facts: Facts::default(),
        grading: Grading::new(grade, 10, Vec::new()),
        risks: Vec::new(),
        attachments: Vec::new(),
    }
}

fn british_order(language: Language) -> InquiryLine {
    let say = |chinese, english| pick(language, chinese, english);
    let subject = "RFQ: 2,400 folding camp chairs for spring 2027, FOB Ningbo";
    let excerpt = "Dear Ms Han, following our last order we would like your best price for 2,400 pcs of the FC-210 folding \
                   camp chair in olive and sand, FOB Ningbo, delivery by end of February. Our target is USD 8.60. Please \
                   send the BSCI report and two samples on our DHL account. PO can be placed this week.";
    InquiryLine {
        buyer: Buyer {
            name: text("James Whitfield"),
            email: text("j.whitfield@kestrel-leisure.co.uk"),
            company: text("Kestrel Leisure Ltd"),
            country: text("GB"),
            ..Buyer::default()
        },
        known: true,
        past: Some(Past {
            called: "Kestrel Leisure Ltd".to_owned(),
            stage: Stage::RepeatOrder,
            grade: Some(Grade::A),
            inquiries: 6,
            first_contact: NOON - 900 * 86_400,
            last_contact: NOON - 27 * 86_400,
        }),
        owner: text("Amy"),
        matched_by: text("address"),
        facts: Facts {
            products: vec!["folding camp chair FC-210".to_owned()],
            quantity: text("2,400 pcs"),
            target_price: text("USD 8.60"),
            incoterm: text("FOB"),
            port: text("Ningbo"),
            sample: Sample::CourierAccount,
            certificates: vec!["BSCI".to_owned()],
            ..Facts::default()
        },
        grading: Grading::new(
            Grade::A,
            95,
            vec![
                reason(30, say("写明了数量", "says how many"), "2,400 pcs"),
                reason(20, say("写明了目标价", "names a target price"), "USD 8.60"),
                reason(20, say("近期下单意向", "means to order soon"), "PO can be placed this week"),
                reason(15, say("老客户来信", "known buyer"), say("第 7 次来信", "7th mail")),
                reason(10, say("指定贸易条款和港口", "names terms and port"), "FOB Ningbo"),
            ],
        ),
        attachments: vec!["FC-210 colour card.pdf".to_owned(), "PO draft 2027-03.xlsx".to_owned()],
        ..line(1042, Grade::A, subject, excerpt)
    }
}

fn german_form(language: Language) -> InquiryLine {
    let say = |chinese, english| pick(language, chinese, english);
    let excerpt = "Guten Tag, wir sind ein Großhändler für Gartenmöbel in Köln und suchen 1x40HQ Sonnenschirme mit Fuß. \
                   Können Sie uns bitte ein Angebot CIF Hamburg und Ihre Zertifikate (TÜV/GS) schicken?";
    InquiryLine {
        received_at: NOON - 14 * 3600,
        buyer: Buyer {
            name: text("Sabine Krüger"),
            email: text("einkauf@gartenwelt-krueger.de"),
            company: text("Gartenwelt Krüger GmbH"),
            country: text("DE"),
            ..Buyer::default()
        },
        relay: text("alibaba"),
        facts: Facts {
            products: vec!["Sonnenschirme mit Fuß".to_owned()],
            quantity: text("1x40HQ"),
            incoterm: text("CIF"),
            port: text("Hamburg"),
            certificates: vec!["TÜV".to_owned(), "GS".to_owned()],
            ..Facts::default()
        },
        grading: Grading::new(
            Grade::B,
            55,
            vec![
                reason(30, say("写明了数量", "says how many"), "1x40HQ"),
                reason(15, say("批发商", "wholesaler"), "Großhändler"),
                reason(10, say("指定贸易条款和港口", "names terms and port"), "CIF Hamburg"),
            ],
        ),
        ..line(1043, Grade::B, "Angebot Sonnenschirme", excerpt)
    }
}

fn arabic_question(language: Language) -> InquiryLine {
    let say = |chinese, english| pick(language, chinese, english);
    let excerpt = "السلام عليكم، نود معرفة أسعار الكراسي القابلة للطي والحد الأدنى للطلب. شكراً";
    InquiryLine {
        buyer: Buyer {
            name: text("خالد المنصوري"),
            email: text("khaled@almansoori-trading.ae"),
            country: text("AE"),
            ..Buyer::default()
        },
        grading: Grading::new(
            Grade::C,
            25,
            vec![
                reason(25, say("询问价格和起订量", "asks for price and minimum order"), "الحد الأدنى للطلب"),
                reason(-10, say("没有写明数量", "says no quantity"), ""),
            ],
        ),
        ..line(1044, Grade::C, "استفسار عن الأسعار", excerpt)
    }
}

fn fraud_reply(language: Language) -> InquiryLine {
    let say = |chinese, english| pick(language, chinese, english);
    let excerpt = "Dear supplier, please note our bank has changed. Kindly send the proforma with the new account details \
                   attached and confirm today, this is very urgent.";
    InquiryLine {
        kind: Kind::Reply,
        buyer: Buyer {
            name: text("James Whitfield"),
            email: text("j.whitfield@kestrel-leisvre.co.uk"),
            country: text("GB"),
            ..Buyer::default()
        },
        known: true,
        past: Some(Past {
            called: "Kestrel Leisure Ltd".to_owned(),
            stage: Stage::RepeatOrder,
            grade: Some(Grade::A),
            inquiries: 6,
            first_contact: NOON - 900 * 86_400,
            last_contact: NOON - 27 * 86_400,
        }),
        owner: text("Amy"),
        matched_by: text("thread"),
        grading: Grading::new(Grade::D, 5, vec![reason(5, say("在往来邮件中回复", "answers in a thread"), "")]),
        risks: vec![Told {
            risk: "lookalike_domain".to_owned(),
            detail: "kestrel-leisvre.co.uk looks like kestrel-leisure.co.uk".to_owned(),
        }],
        attachments: vec!["new bank details.pdf".to_owned()],
        ..line(1045, Grade::D, "Re: Order 2026-118 payment", excerpt)
    }
}

fn counts() -> Counts {
    Counts {
        mails: 19,
        inquiries: 3,
        replies: 1,
        bounces: 1,
        auto_replies: 2,
        newsletters: 4,
        spam: 6,
        pitches: 2,
        ..Counts::default()
    }
}

/// Something of everything.
pub fn digest(language: Language) -> Digest {
    let notice = pick(
        language,
        "邮箱 sales 没有找到“已发送”文件夹，无法识别已回复的询盘。请在配置中填写 sent。",
        "sales: no folder of sent mail was found, so answers can't be recognised. Name it as sent in the configuration.",
    );
    Digest {
        company: "Haichuan".to_owned(),
        at: NOON,
        inquiries: vec![
            british_order(language),
            german_form(language),
            arabic_question(language),
            fraud_reply(language),
        ],
        quarantined: vec![QuarantineLine {
            mail_id: 2210,
            received_at: NOON - 3 * 3600,
            account: "sales".to_owned(),
            folder: "INBOX".to_owned(),
            from: "purchase@delta-mebel.example".to_owned(),
            subject: "Каталог и чертежи".to_owned(),
            reason: pick(
                language,
                "邮件 62 MB，超过 50 MB 上限，只读取了邮件头",
                "62 MB, above the limit of 50 MB: only the headers were read",
            )
            .to_owned(),
        }],
        set_aside: vec![
            SetAsideLine {
                kind: Kind::Spam,
                from: "Joanna Pike · joanna@kestrel-leisvre.co.uk".to_owned(),
                subject: "New bank details".to_owned(),
                reason: "the words of fraud; kestrel-leisvre.co.uk looks like kestrel-leisure.co.uk".to_owned(),
            },
            SetAsideLine {
                kind: Kind::Pitch,
                from: "Cindy · cindy@seafreight.example".to_owned(),
                subject: "Best rates <b>Ningbo</b> to Hamburg".to_owned(),
                reason: "sells to us: best rate".to_owned(),
            },
        ],
        questions: vec![QuestionLine {
            inquiry_id: Some(133),
            buyer_id: 61,
            buyer: "Joana Pike".to_owned(),
            candidate_id: 7,
            candidate: "Kestrel Leisure Ltd".to_owned(),
            reason: "phone".to_owned(),
        }],
        held: vec![HeldLine {
            outbox_id: 77,
            subject: pick(language, "[询盘] 新询盘 2 封", "[inquiryd] 2 new inquiries").to_owned(),
            recipient: "hanmeimei@haichuan.example".to_owned(),
            since: NOON - 86_400,
        }],
        notices: vec![notice.to_owned()],
        counts: counts(),
        waiting: 7,
        tally: Tally { received: 212, answered: 198, waiting: 7, excused: 7, quarantined: 1 },
        uncounted: Some(vec![FolderLine {
            account: "sales".to_owned(), folder: "客户/欧洲".to_owned(), missing: 2
        }]),
    }
}

fn task(kind: TaskKind, matter: Matter, hours: i64, grade: Grade, headline: &str, buyer: &str) -> Task {
    Task {
        kind,
        matter,
        grade: Some(grade),
        headline: headline.to_owned(),
        buyer: buyer.to_owned(),
        since: NOON - hours * 3600 - 20 * 60,
        due: None,
        card: Vec::new(),
        stage: Stage::Potential,
        last_words: Vec::new(),
    }
}

const GERMAN: &str = "Sabine Krüger · Gartenwelt Krüger GmbH · einkauf@gartenwelt-krueger.de";
const BRITISH: &str = "James Whitfield · Kestrel Leisure Ltd · j.whitfield@kestrel-leisure.co.uk";

/// What a manager who sells, too, is reminded of.
pub fn reminder() -> TaskList {
    let rfq = "RFQ: 2,400 folding camp chairs for spring 2027, FOB Ningbo";
    let due =
        Task { due: Some(NOON - 3600), ..task(TaskKind::Target, Matter::Inquiry(1042), 3, Grade::A, rfq, BRITISH) };
    let tasks = vec![
        due,
        task(TaskKind::Limit, Matter::Inquiry(1043), 28, Grade::B, "Angebot Sonnenschirme", GERMAN),
        task(TaskKind::Limit, Matter::Inquiry(1031), 51, Grade::A, "", "<b>nobody</b>@example.com"),
        task(TaskKind::Near, Matter::Inquiry(1047), 1, Grade::C, "Hammocks", "Ada"),
        task(TaskKind::Sample, Matter::Inquiry(998), 75, Grade::B, "Egret Garden LLC", ""),
    ];
    TaskList { at: NOON, tasks, put_off: 0 }
}

/// A salesperson's day.
pub fn follow_ups() -> TaskList {
    let words =
        |ours, days: i64, event, text: &str| LastWords { ours, at: NOON - days * 86_400, event, text: text.to_owned() };
    let call = Task {
        card: vec!["+44 1632 960714".to_owned(), "j.whitfield@kestrel-leisure.co.uk".to_owned()],
        stage: Stage::SampleSent,
        last_words: vec![
            words(
                false,
                6,
                None,
                "The sample chair arrived. The board meets on Friday; we will come back with the quantities.",
            ),
            words(true, 4, Some(EventKind::Phone), "asked about the carton size"),
        ],
        ..task(TaskKind::Call, Matter::Buyer(7), 100, Grade::A, "RFQ: 2,400 folding camp chairs", BRITISH)
    };
    let write = task(TaskKind::Write, Matter::Buyer(12), 170, Grade::B, "Angebot Sonnenschirme", GERMAN);
    let address = task(TaskKind::NewAddress, Matter::Buyer(31), 900, Grade::C, "", "Ada · Egret Garden LLC");
    let forgotten = task(TaskKind::Forgotten, Matter::Buyer(44), 400, Grade::A, "Hammocks 40HQ", "Cid · Stork SA");
    TaskList { at: NOON, tasks: vec![write, call, address, forgotten], put_off: 3 }
}

pub fn unsubscribe() -> Unsubscribe {
    let address = "news@haichuan.example".parse().expect("valid");
    Unsubscribe { address, subject: "unsubscribe spring-2027".to_owned() }
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

/// What somebody might write into every field that he can write into.
pub const HOSTILE: &str = "<script>alert(1)</script>\r\n[A] #1  forged\u{202e}\u{0} <a href='https://evil.example'>x</a> \
                           \"&\" https://evil.example {{ 7*7 }}\n----------\n> no";

/// Hostile words everywhere.
pub fn hostile() -> Digest {
    let words = || HOSTILE.to_owned();
    let mut inquiry = line(7, Grade::B, HOSTILE, HOSTILE);
    inquiry.account = words();
    inquiry.known = true;
    inquiry.matched_by = text("address");
    inquiry.relay = text(HOSTILE);
    inquiry.buyer = Buyer {
        name: text(HOSTILE),
        email: text(HOSTILE),
        company: text(HOSTILE),
        country: text("<b>"),
        ..Buyer::default()
    };
    inquiry.facts = Facts {
        products: vec![words(), words()],
        quantity: text(HOSTILE),
        target_price: text(HOSTILE),
        incoterm: text(HOSTILE),
        port: text(HOSTILE),
        sample: Sample::Free,
        deadline: None,
        certificates: vec![words()],
        phones: vec![words()],
        websites: vec![words()],
    };
    inquiry.grading.reasons = vec![reason(-3, HOSTILE, HOSTILE)];
    inquiry.risks = vec![Told { risk: words(), detail: words() }];
    inquiry.attachments = vec![words()];
    let mut digest = digest(Language::English);
    digest.inquiries = vec![inquiry];
    for line in &mut digest.quarantined {
        (line.from, line.subject, line.reason) = (words(), words(), words());
        (line.account, line.folder) = (words(), words());
    }
    for line in &mut digest.held {
        (line.subject, line.recipient) = (words(), words());
    }
    digest.notices = vec![words()];
    digest
}

/// Many inquiries, each as large as it can be and twice as large when escaped.
pub fn flood(inquiries: usize) -> Digest {
    let mut flood = hostile();
    let fat = "\"&<>'".repeat(130);
    let mut each = flood.inquiries.remove(0);
    each.excerpt.clone_from(&fat);
    each.subject.clone_from(&fat);
    each.grading.reasons = vec![reason(1, &fat, &fat); 14];
    each.risks = vec![Told { risk: fat.clone(), detail: fat.clone() }; 9];
    each.attachments = vec![fat.clone(); 9];
    flood.inquiries = (1..).take(inquiries).map(|id| InquiryLine { id, ..each.clone() }).collect();
    flood.notices = vec![fat; 60];
    flood.quarantined = vec![flood.quarantined[0].clone(); 60];
    flood.held = vec![flood.held[0].clone(); 60];
    flood
}
