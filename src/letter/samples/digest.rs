//! A digest with something of everything.

use super::NOON;
use crate::buyer::{Buyer, Past, Stage};
use crate::grading::{Grade, Grading, Reason};
use crate::letter::Language;
use crate::message::{Facts, Kind, Sample};
use crate::report::{
    Counts, Digest, FolderLine, HeldLine, InquiryLine, QuarantineLine, QuestionLine, SetAsideLine, Tally,
};
use crate::risk::Told;

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
        due: None,
    }
}

/// What was known of a customer of years.
fn old_customer() -> Past {
    Past {
        called: "Kestrel Leisure Ltd".to_owned(),
        stage: Stage::RepeatOrder,
        grade: Some(Grade::A),
        inquiries: 6,
        first_contact: NOON - 900 * 86_400,
        last_contact: NOON - 27 * 86_400,
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
        past: Some(old_customer()),
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
        due: Some(NOON + 100 * 60),
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
        due: Some(NOON - 2 * 3600),
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
        past: Some(old_customer()),
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

/// More of each section than a mail shows.
pub fn long(language: Language) -> Digest {
    let mut long = digest(language);
    lengthen(&mut long.inquiries);
    lengthen(&mut long.quarantined);
    lengthen(&mut long.set_aside);
    lengthen(&mut long.questions);
    lengthen(&mut long.held);
    lengthen(&mut long.notices);
    long
}

fn lengthen<T: Clone>(list: &mut Vec<T>) {
    *list = list.iter().cycle().take(40).cloned().collect();
}
