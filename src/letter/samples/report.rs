//! A year of an exporter of outdoor furniture, with everything that a report can say.

use super::NOON;
use crate::buyer::{EventKind, Stage};
use crate::calendar::{WorkingCalendar, country};
use crate::clock::UnixTime;
use crate::grade::{Grade, Grounds};
use crate::newsletter::Results;
use crate::report::{
    Achieved, BuyerLine, Counting, Entry, ForwardedMail, Goal, Lists, NewsletterLine, Numbers, Plan, Received,
    RecordLine, RemovedMail, ReportName, SampleLine, SampleState, Standing, StandingNumbers, Written, completeness,
    funnel, milestones,
};
use crate::schedule::Hours;
use jiff::civil::{date, time};
use jiff::tz::TimeZone;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const COUNTRIES: [&str; 12] = ["DE", "US", "GB", "CL", "SA", "FR", "AU", "NO", "JP", "BR", "NL", "ZA"];
const PRODUCTS: [&str; 6] =
    ["折叠椅", "parasol", "folding table", "hammock", "camping cot", "teak bench with storage box"];
const SOURCES: [&str; 5] = ["mail", "alibaba", "web_form", "fair", "made_in_china"];
const OWNERS: [&str; 3] = ["韩梅梅", "Leo Wang", "Amy Xu"];
/// Buyers as they call themselves; some mean harm.
const BUYERS: [&str; 8] = [
    "Kestrel Outdoor GmbH",
    "<script>alert('lost')</script>",
    "=HYPERLINK(\"https://evil.example\",\"pay here\")",
    "شركة الواحة للأثاث",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "😀 Happy Garden 🌿",
    "株式会社ミドリ",
    "https://evil.example/login",
];

fn of<T: Copy>(list: &[T], number: i64) -> T {
    list[usize::try_from(number).unwrap_or(0) % list.len()]
}

fn grade(number: i64) -> Option<Grade> {
    Some(of(&[Grade::A, Grade::B, Grade::C, Grade::C, Grade::D], number))
}

/// What a report says; `quiet` is one of a period in which nothing happened.
pub fn numbers(name: ReportName, quiet: bool) -> Numbers {
    let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
    let open = [Hours { from: time(8, 30, 0, 0), until: time(18, 0, 0, 0) }];
    let calendar = WorkingCalendar::new(zone, &open, country("CN").days_off.clone());
    let period = name.period(date(2026, 11, 23));
    let mut counting = Counting::new(period, NOON, &calendar, &|owner| owner.to_owned());
    if quiet {
        return counting.result(StandingNumbers::default(), Lists::default());
    }
    let (both, now) = (counting.moments(), period.moments(calendar.zone()));
    for number in 0..160 {
        counting.received(&received(number, both.from + (both.until - both.from) * number / 160));
    }
    let entries: Vec<Entry> = (0..24).map(|number| entry(number, now.from + 9 * HOUR + number * 60)).collect();
    entries.iter().for_each(|entry| counting.entry(entry));
    for (owner, number) in OWNERS.into_iter().zip([41, 17, 3]) {
        counting.mails(Some(owner), number);
        counting.asked(Some(owner), number / 2);
    }
    counting.result(standing(), lists(entries, now.from))
}

fn received(number: i64, at: UnixTime) -> Received {
    let worked = (number % 7 != 6).then_some((number % 11 + 1) * HOUR / 3);
    Received {
        id: number,
        at,
        is_reply: number % 9 == 8,
        new_buyer: number % 4 == 0,
        grade: grade(number * 3 / 2),
        source: of(&SOURCES, number * number / 3).to_owned(),
        country: (number % 13 != 12).then(|| of(&COUNTRIES, number * number / 5).to_owned()),
        owner: (number % 10 != 9).then(|| of(&OWNERS, number).to_owned()),
        products: vec![of(&PRODUCTS, number * number / 7).to_owned()],
        target_price: (number % 2 == 0).then(|| format!("USD {}.50", 9 + number % 5)),
        answered_at: worked.map(|worked| at + worked),
        worked,
        excused: number % 14 == 13,
    }
}

fn entry(number: i64, at: UnixTime) -> Entry {
    const WHAT: [(EventKind, &str); 6] = [
        (EventKind::Quote, "USD 12.80 FOB Ningbo"),
        (EventKind::Phone, "wants CIF Hamburg, calls back on Thursday"),
        (EventKind::SampleSent, "到付 DHL 7712"),
        (EventKind::FactoryVisit, "两位采购，看了折叠椅生产线"),
        (EventKind::TrialOrder, "200 pcs, deposit is in"),
        (EventKind::SampleResult, "<b>too soft</b>, wants a stiffer seat"),
    ];
    let (what, detail) = of(&WHAT, number);
    Entry {
        at,
        what,
        detail: detail.to_owned(),
        by_whom: Some(of(&OWNERS, number).to_owned()),
        buyer_id: 100 + number,
        buyer: of(&BUYERS, number).to_owned(),
        country: Some(of(&COUNTRIES, number).to_owned()),
        owner: Some(of(&OWNERS, number).to_owned()),
        products: vec![of(&PRODUCTS, number).to_owned()],
    }
}

fn standing() -> StandingNumbers {
    let stages = Stage::ALL.into_iter().zip([420, 160, 60, 44, 12, 16, 11, 7, 3]);
    let one = |(stage, buyers): (Stage, u64)| Standing {
        stage,
        grade: (stage > Stage::Potential).then_some(if stage > Stage::Intent { Grade::A } else { Grade::B }),
        new_this_year: stage < Stage::SampleSent,
        in_touch_this_year: true,
        buyers,
        with_name: buyers * 9 / 10,
        with_company: buyers * 7 / 10,
        with_country: buyers * 19 / 20,
        with_phone: buyers / 3,
        with_owner: buyers,
    };
    let standings: Vec<Standing> = stages.map(one).collect();
    let achieved = Achieved {
        samples: 31,
        factory_visits: 9,
        sample_orders: 12,
        trial_orders: 11,
        repeat_orders: 4,
        steady: 5,
        channels: [("alibaba", 18), ("fair", 9), ("mail", 6), ("web_form", 2)].map(|(s, n)| (s.to_owned(), n)).into(),
    };
    let mut plan = Plan { start: Some(date(2026, 1, 1)), ..Plan::default() };
    plan.years[0] =
        [(Goal::Potentials, 600), (Goal::ABuyers, 150), (Goal::Samples, 40), (Goal::TrialOrders, 10)].into();
    StandingNumbers {
        funnel: funnel(&standings),
        completeness: completeness(&standings),
        plan_year: Some(plan.year_of(date(2026, 11, 23))),
        milestones: milestones(&plan, 1, &standings, &achieved),
        channels: achieved.channels,
    }
}

fn lists(entries: Vec<Entry>, from: UnixTime) -> Lists {
    let states = [SampleState::Asked, SampleState::Out, SampleState::Out, SampleState::Result, SampleState::Ordered];
    let sample = |number: i64| SampleLine {
        buyer_id: 100 + number,
        buyer: of(&BUYERS, number).to_owned(),
        country: Some(of(&COUNTRIES, number).to_owned()),
        owner: Some(of(&OWNERS, number).to_owned()),
        state: of(&states, number),
        since: NOON - (number + 3) * DAY,
        detail: of(&["", "到付 DHL 7712", "free, UPS 1Z 999", "wants a stiffer seat", "200 pcs"], number).to_owned(),
    };
    let written = |number: i64| Written {
        at: from + 10 * HOUR + number * 300,
        by_whom: Some(of(&OWNERS, number).to_owned()),
        buyer_id: 200 + number,
        buyer: of(&BUYERS, number + 3).to_owned(),
        country: Some(of(&COUNTRIES, number).to_owned()),
        subject: "Re: 600 folding chairs, delivery to Hamburg in March".to_owned(),
    };
    Lists {
        a_buyers: (0..37).map(|number| buyer(number, Grade::A, number % 20)).collect(),
        quiet: (0..4).map(|number| buyer(number + 5, Grade::B, 35 + number)).collect(),
        dormant: (0..14).map(|number| buyer(number + 9, Grade::A, 120 + 9 * number)).collect(),
        late: (0..13).map(|number| record(number, from)).collect(),
        samples: (0..8).map(sample).collect(),
        newsletters: newsletters(),
        removed: (0..2).map(|number| removed(number, from)).collect(),
        forwarded: vec![forwarded(from)],
        entries,
        written: (0..9).map(written).collect(),
        record: (0..60).map(|number| record(number, from)).collect(),
    }
}

fn removed(number: i64, from: UnixTime) -> RemovedMail {
    RemovedMail {
        mail_id: 900 + number,
        inquiry_id: (number == 0).then_some(4711),
        buyer_id: Some(100 + number),
        buyer: of(&BUYERS, number).to_owned(),
        owner: Some(of(&OWNERS, number).to_owned()),
        subject: of(&["RFQ 600 chairs", "<b>Order</b> 200 hammocks"], number).to_owned(),
        account: "sales".to_owned(),
        folder: "INBOX".to_owned(),
        received_at: from + 9 * HOUR,
        missed_at: from + 15 * HOUR,
        answered: number == 1,
        grade: grade(number),
    }
}

fn forwarded(from: UnixTime) -> ForwardedMail {
    ForwardedMail {
        mail_id: 950,
        inquiry_id: Some(4712),
        buyer_id: Some(101),
        buyer: of(&BUYERS, 0).to_owned(),
        owner: Some(of(&OWNERS, 0).to_owned()),
        subject: "转发: RFQ 600 chairs".to_owned(),
        sender: "韩梅梅".to_owned(),
        recipients: vec!["mei.private@freemail.example".to_owned(), "other@trader.example".to_owned()],
        sent_at: from + 20 * HOUR,
        grade: Some(Grade::A),
    }
}

fn newsletters() -> Vec<NewsletterLine> {
    let results = Results {
        sent: 4_812,
        planned: 310,
        bounced: 37,
        unsubscribed: 21,
        complaints: 1,
        answered: 96,
        ..Results::default()
    };
    let quiet = Results { sent: 58, answered: 3, ..Results::default() };
    vec![
        NewsletterLine { name: "2026-11-spring-chairs".to_owned(), results },
        NewsletterLine { name: "2026-10-canton-fair".to_owned(), results: quiet },
    ]
}

fn why(number: i64) -> Grounds {
    match number % 4 {
        0 => Grounds::Rules(["报了目标价", "asks for 600 <chairs>", "asks for a sample"].map(str::to_owned).to_vec()),
        1 => Grounds::Rules(vec!["names a target price".to_owned()]),
        2 => Grounds::ByHand,
        _ => Grounds::Unknown,
    }
}

fn buyer(number: i64, grade: Grade, silent_for: i64) -> BuyerLine {
    BuyerLine {
        id: 100 + number,
        buyer: of(&BUYERS, number).to_owned(),
        person: of(&["Ann Lindqvist", "أحمد", "田中", ""], number).to_owned(),
        country: Some(of(&COUNTRIES, number).to_owned()),
        grade: Some(grade),
        why: why(number),
        stage: of(&Stage::ALL, number + 1),
        owner: (number % 5 != 4).then(|| of(&OWNERS, number).to_owned()),
        last_contact: NOON - silent_for * DAY,
        inquiries: u64::try_from(number + 1).unwrap_or(1),
        waiting: u64::from(number % 3 == 0),
        subject: "600 folding chairs for our garden centres, target USD 12.50 FOB Ningbo, sample by courier".to_owned(),
    }
}

fn record(number: i64, from: UnixTime) -> RecordLine {
    let received_at = from + 9 * HOUR + number * 900;
    let worked = (number % 3 != 0).then_some((11 + number) * HOUR);
    RecordLine {
        id: 4711 + number,
        received_at,
        subject: of(
            &["RE: RFQ 600 chairs", "<img src=x onerror=alert(1)>", "询价：遮阳伞 3 米", "طلب عرض سعر"],
            number,
        )
        .to_owned(),
        buyer: of(&BUYERS, number).to_owned(),
        country: Some(of(&COUNTRIES, number).to_owned()),
        grade: grade(number),
        why: why(number),
        source: of(&SOURCES, number).to_owned(),
        owner: Some(of(&OWNERS, number).to_owned()),
        products: vec![of(&PRODUCTS, number).to_owned()],
        answered_at: worked.map(|worked| received_at + worked),
        worked,
        answered_by: worked.map(|_| of(&OWNERS, number).to_owned()),
        excuse: None,
        is_reply: number % 9 == 8,
    }
}
