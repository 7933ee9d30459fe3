//! What planning costs: `cargo bench --bench planning`.
//!
//! 1,000,000 buyers and 10,000 waiting inquiries are planned by the pure `due` in one go, beside a bare pass over the same
//! values; and a store of 1,000 buyers tells when to look next, beside one of a hundred times as many (that takes the
//! index, whatever the number).

use inquiryd::buyer::Buyer;
use inquiryd::calendar::{WorkingCalendar, country};
use inquiryd::clock::UnixTime;
use inquiryd::follow_up::{Cadence, Deadlines, Rules, Silent, State, Times, Traits, Waiting, due};
use inquiryd::grade::Grade;
use inquiryd::schedule::Hours;
use inquiryd::staff::{DigestScope, Person, Role, Staff};
use inquiryd::store::Store;
use inquiryd::store::intake::{NewBuyer, NewlyTaken, Next, Place, Questions, Rows};
use jiff::civil::time;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

const BUYERS: i64 = 1_000_000;
const WAITING: i64 = 10_000;
/// Monday, 2026-11-23 09:00 in Shanghai.
const NOW: UnixTime = 1_795_395_600;
const DAY: i64 = 24 * 3600;
const COUNTRIES: [&str; 5] = ["US", "DE", "SA", "BR", "JP"];

fn main() {
    let (calendar, deadlines, cadence, staff) = (calendar(), deadlines(), cadence(), staff());
    let rules = Rules { calendar: &calendar, deadlines: &deadlines, cadence: &cadence, staff: &staff };
    let state = State {
        waiting: (0..WAITING).map(waiting).collect(),
        buyers: (0..BUYERS).map(silent).collect(),
        samples: Vec::new(),
    };
    let mut planned = Vec::new();
    let mut passed = Vec::new();
    let mut found = 0;
    for _ in 0..5 {
        let start = Instant::now();
        found = black_box(due(NOW, black_box(&state), &rules)).len();
        planned.push(start.elapsed());
        let start = Instant::now();
        let sum: i64 =
            black_box(&state).buyers.iter().map(|buyer| buyer.last_contact % 7 + i64::from(buyer.has_phone)).sum();
        black_box(sum);
        passed.push(start.elapsed());
    }
    let (planned, passed) = (median(planned), median(passed));
    println!(
        "{BUYERS} buyers and {WAITING} inquiries planned in {:.2} s, {found} due (aim 2 s)",
        planned.as_secs_f64()
    );
    println!(
        "a bare pass over them takes {:.4} s: {:.0} x",
        passed.as_secs_f64(),
        planned.as_secs_f64() / passed.as_secs_f64()
    );
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let looks = runtime.block_on(async { [look(1_000).await, look(100_000).await] });
    let [few, many] = looks.map(|time| time.as_secs_f64() * 1e6);
    println!("the next look costs {few:.0} us with 1000 buyers, {many:.0} us with 100000: {:.2} x", many / few);
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn calendar() -> WorkingCalendar {
    let open = [Hours { from: time(8, 30, 0, 0), until: time(18, 0, 0, 0) }];
    let zone = TimeZone::get("Asia/Shanghai").expect("bundled");
    WorkingCalendar::new(zone, &open, country("CN").days_off.clone())
}

fn deadlines() -> Deadlines {
    let hours = |number: u64| Duration::from_secs(number * 3600);
    Deadlines {
        usual: Times { target: hours(2), limit: hours(24) },
        by_grade: BTreeMap::new(),
        fax: hours(12),
        near: Duration::from_secs(1800),
        grace: Duration::from_secs(1800),
    }
}

fn cadence() -> Cadence {
    Cadence { every: [3, 7, 15, 30], everyone: None, per_day: 20, sample: 3 }
}

fn staff() -> Staff {
    let person = |name: &str| {
        let mailbox = format!("{name} <{name}@haiyue.example>").parse().expect("a mailbox");
        Person { owns_buyers: true, digest: DigestScope::Own, ..Person::sharing(mailbox, Role::Sales) }
    };
    Staff { people: ["amy", "leo", "mia", "tom"].map(person).to_vec() }
}

fn traits(number: i64) -> Traits {
    let country = COUNTRIES[usize::try_from(number % 5).expect("small")].to_owned();
    Traits { country: Some(country), language: None, products: Vec::new() }
}

fn silent(number: i64) -> Silent {
    Silent {
        buyer_id: number,
        grade: Some(Grade::ALL[usize::try_from(number % 4).expect("small")]),
        traits: traits(number),
        owner: Some(["amy", "leo", "mia", "tom"][usize::try_from(number % 4).expect("small")].to_owned()),
        has_phone: number % 2 == 0,
        has_mail: true,
        last_contact: NOW - number % 45 * DAY,
        asked_at: (number % 3 == 0).then_some(NOW - number % 20 * DAY),
        waits_for_answer: number % 50 == 0,
        ..Silent::default()
    }
}

fn waiting(number: i64) -> Waiting {
    Waiting {
        inquiry_id: number,
        buyer_id: number,
        received_at: NOW - number % 100 * 3600,
        told_at: NOW - number % 90 * 3600,
        grade: Grade::B,
        why: inquiryd::grade::Grounds::Unknown,
        subject: "Chairs".to_owned(),
        buyer: "Joan".to_owned(),
        traits: traits(number),
        owner: Some("amy".to_owned()),
        fax: false,
        snoozed_until: None,
        reminded: Vec::new(),
    }
}

/// What the question for the next look costs in a store with so many buyers.
async fn look(buyers: usize) -> Duration {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&format!("sqlite://{}/store.db", folder.path().display())).await.expect("a store");
    let place = Place { account: "bench".to_owned(), folder: "base".to_owned() };
    for begin in (0..buyers).step_by(10_000) {
        let rows = |_, next: &mut dyn FnMut(Next) -> i64| {
            let new = |id| NewBuyer {
                buyer: Buyer { id, first_contact: NOW, last_contact: NOW, ..Buyer::default() },
                source: "bench".to_owned(),
            };
            let number = 10_000.min(buyers - begin);
            Rows { new_buyers: (0..number).map(|_| new(next(Next::Buyer))).collect(), ..Rows::default() }
        };
        let taken = NewlyTaken::Files(Vec::new());
        store.record(&place, (&taken, 0), &Questions::default(), NOW, rows).await.expect("recorded");
    }
    let start = Instant::now();
    for _ in 0..200 {
        black_box(store.next_look().await.expect("a look"));
        black_box(store.silent_due(-1, (i64::MIN, 0)).await.expect("nobody"));
    }
    start.elapsed() / 200
}
