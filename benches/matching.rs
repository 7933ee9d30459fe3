//! What a mail costs with 1,000 buyers in the store, and with 1,000,000.
//!
//! `cargo bench --bench matching` fills two SQLite stores (that takes minutes and some 2 GB below the temporary folder),
//! has the same mails read and their writers recognised with either in turn, and prints the medians and their ratios:
//! reading and recognising, and recognising alone. `-- COUNT` takes another number.

use inquiryd::buyer::{self, Buyer, Known};
use inquiryd::domain::Trusted;
use inquiryd::grading::RuleBook;
use inquiryd::intake::{Understanding, Understood, questions};
use inquiryd::language::Language;
use inquiryd::message::House;
use inquiryd::store::Store;
use inquiryd::store::intake::{NewBuyer, NewlyTaken, Next, Place, Questions, Rows};
use std::time::{Duration, Instant};

const FEW: i64 = 1_000;
const MANY: i64 = 1_000_000;
/// Mails of one batch, as a poll has them.
const BATCH: i64 = 100;
const ROUNDS: usize = 60;

fn main() {
    let many = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(MANY);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let few = filled(&format!("sqlite://{}/few.db", folder.path().display()), FEW).await;
        let start = Instant::now();
        let crowded = filled(&format!("sqlite://{}/many.db", folder.path().display()), many).await;
        println!("{many} buyers recorded in {:.0} s", start.elapsed().as_secs_f64());
        let (mut with_few, mut with_many) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            with_few.push(recognise(&few, FEW, round).await);
            with_many.push(recognise(&crowded, many, round).await);
        }
        for (what, part) in [("read and recognised", whole as fn(&Times) -> Duration), ("recognised", recognised)] {
            let micros = |times: &[Times]| median(times.iter().map(part).collect()).as_secs_f64() * 1e6 / BATCH as f64;
            let (few, many_) = (micros(&with_few), micros(&with_many));
            println!(
                "{what}: {few:.1} us a mail with {FEW} buyers, {many_:.1} with {many}: {:.2} x (aim 1.2)",
                many_ / few
            );
        }
    });
}

/// How long a batch took to be read, and to be recognised.
type Times = (Duration, Duration);

fn whole((read, recognised): &Times) -> Duration {
    *read + *recognised
}

fn recognised((_, recognised): &Times) -> Duration {
    *recognised
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// A store with so many buyers, each with an address, a company's domain, a telephone and names.
async fn filled(url: &str, count: i64) -> Store {
    let store = Store::open(url).await.expect("a store");
    let place = Place { account: "bench".into(), folder: "INBOX".into() };
    for first in (1..=count).step_by(10_000) {
        let decide = |_, next: &mut dyn FnMut(Next) -> i64| {
            let mut rows = Rows::default();
            for n in first..=(first + 9_999).min(count) {
                let id = next(Next::Buyer);
                let buyer = card(n, id);
                let email = buyer.email.clone().expect("an address");
                let marks = buyer::marks(
                    buyer.name.as_deref(),
                    buyer.company.as_deref(),
                    [email.as_str()],
                    buyer.phone.as_deref(),
                    Some("GB"),
                );
                rows.marks.extend(marks.into_iter().map(|mark| (mark, id)));
                rows.addresses.push((email, id));
                rows.new_buyers.push(NewBuyer { buyer, source: "bench".into() });
            }
            rows
        };
        let taken = NewlyTaken::Files(Vec::new());
        store.record(&place, &taken, &Questions::default(), 1, decide).await.expect("recorded");
    }
    store
}

/// Names as various as people's and companies' are; every tenth writes from a free mailbox.
fn card(n: i64, id: i64) -> Buyer {
    let (first, last, brand) = (word(n, 2), word(n * 31 + 7, 3), word(n * 17 + 3, 3));
    let domain = if n % 10 == 0 { "gmail.com".to_owned() } else { format!("{brand}-{n}.co.uk") };
    Buyer {
        id,
        name: Some(format!("{first} {last}")),
        email: Some(format!("{first}{n}@{domain}")),
        company: Some(format!("{brand} {} Ltd", TRADES[(n % 8) as usize])),
        country: Some("GB".into()),
        phone: Some(format!("+4479{:08}", n % 100_000_000)),
        ..Buyer::default()
    }
}

const TRADES: [&str; 8] = ["Gardens", "Leisure", "Imports", "Homeware", "Trading", "Outdoor", "Supplies", "Retail"];

/// A word of so many syllables, the same for the same number.
fn word(n: i64, syllables: u32) -> String {
    const ONSETS: [&str; 12] = ["b", "d", "k", "l", "m", "n", "p", "r", "s", "t", "v", "br"];
    const RHYMES: [&str; 10] = ["a", "e", "i", "o", "u", "an", "er", "il", "on", "ar"];
    let mut left = (n * 2_654_435_761 % 4_294_967_291) as usize;
    let mut word = String::new();
    for _ in 0..syllables {
        word.push_str(ONSETS[left % 12]);
        word.push_str(RHYMES[left / 12 % 10]);
        left /= 120;
    }
    word
}

/// How long it takes to recognise the writers of a batch: a third by address, a third by telephone, a third not at all.
async fn recognise(store: &Store, count: i64, round: usize) -> Times {
    let house = House { domains: vec!["seller.example".into()], ..House::default() };
    let mails: Vec<Vec<u8>> = (0..BATCH).map(|i| mail((round as i64 * BATCH + i) * 7919 % count + 1, i)).collect();
    let understanding = understanding(house.clone());
    let start = Instant::now();
    let understood: Vec<Understood> = mails.iter().map(|raw| content(raw, &understanding)).collect();
    let read = start.elapsed();
    let start = Instant::now();
    let known: Known = store.ask(&questions(&understood, &house)).await.expect("an answer").known;
    let messages = understood.iter().filter_map(|mail| mail.content.as_ref());
    let found = messages.filter(|content| buyer::identify(&content.message, &known, &house).matched.is_some()).count();
    let recognised = start.elapsed();
    assert!(found > 0, "somebody is known");
    (read, recognised)
}

fn understanding(house: House) -> Understanding {
    Understanding {
        house,
        rules: RuleBook::shipped(),
        language: Language::English,
        zone: jiff::tz::TimeZone::UTC,
        trusted: Trusted::default(),
    }
}

fn content(raw: &[u8], understanding: &Understanding) -> Understood {
    let (identity, content) = understanding.read(raw, None);
    let position = String::new();
    Understood { identity, position, size: 0, arrived_at: None, content: Some(content), quarantine: None }
}

fn mail(n: i64, i: i64) -> Vec<u8> {
    let buyer = card(n, n);
    let (name, company) = (buyer.name.unwrap_or_default(), buyer.company.unwrap_or_default());
    let (from, phone) = match i % 3 {
        0 => (buyer.email.unwrap_or_default(), String::new()),
        1 => (format!("private{n}@yahoo.com"), format!("Tel {}", buyer.phone.unwrap_or_default())),
        _ => (format!("stranger{n}@nobody-{n}.com"), String::new()),
    };
    format!(
        "From: {name} <{from}>\r\nTo: sales@seller.example\r\nSubject: Inquiry {n}\r\nMessage-ID: <{n}.{i}@bench>\r\n\r\n\
         Dear team,\r\n\r\nplease quote your best price for 600 chairs.\r\n\r\nBest regards\r\n{name}\r\n{company}\r\n{phone}\r\n"
    )
    .into_bytes()
}
