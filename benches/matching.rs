//! What recognising a buyer costs a mail: with 1,000 buyers in the store, and with 1,000,000.
//!
//! `cargo bench --bench matching` fills two SQLite stores (that takes minutes and some 2 GB below the temporary folder),
//! asks both in turn for the same mails, and prints the ratio of the medians. `-- COUNT` takes another number.

use inquiryd::buyer::{self, Buyer, Known};
use inquiryd::intake::{Understanding, Understood, questions};
use inquiryd::message::{House, understand};
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
        let (with_few, with_many) = (median(with_few), median(with_many));
        let micros = |time: Duration| time.as_secs_f64() * 1e6 / BATCH as f64;
        println!("{FEW} buyers: {:.1} us a mail, {many} buyers: {:.1} us a mail", micros(with_few), micros(with_many));
        println!("ratio {:.2} (aim 1.2)", with_many.as_secs_f64() / with_few.as_secs_f64());
    });
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

/// Every tenth writes from a free mailbox, names repeat as they do among people.
fn card(n: i64, id: i64) -> Buyer {
    let (first, last) = (NAMES[(n % 20) as usize], NAMES[(n / 20 % 20) as usize]);
    let domain = if n % 10 == 0 { "gmail.com".to_owned() } else { format!("{last}-imports-{n}.co.uk").to_lowercase() };
    Buyer {
        id,
        name: Some(format!("{first} {last}")),
        email: Some(format!("{}{n}@{domain}", first.to_lowercase())),
        company: Some(format!("{last} Imports {n} Ltd")),
        country: Some("GB".into()),
        phone: Some(format!("+4479{:08}", n % 100_000_000)),
        ..Buyer::default()
    }
}

const NAMES: [&str; 20] = [
    "Anna", "Berg", "Carol", "Drew", "Ellis", "Frost", "Grace", "Hardy", "Irwin", "Jones", "Keane", "Lloyd", "Moore",
    "Nolan", "Owens", "Price", "Quinn", "Reeve", "Stone", "Tyler",
];

/// How long it takes to recognise the writers of a batch: a third by address, a third by telephone, a third not at all.
async fn recognise(store: &Store, count: i64, round: usize) -> Duration {
    let house = House { domains: vec!["seller.example".into()], ..House::default() };
    let mails: Vec<Vec<u8>> = (0..BATCH).map(|i| mail((round as i64 * BATCH + i) * 7919 % count + 1, i)).collect();
    let understood: Vec<Understood> = mails.iter().map(|raw| content(raw, &house)).collect();
    let start = Instant::now();
    let known: Known = store.ask(&questions(&understood, &house)).await.expect("an answer").known;
    let messages = understood.iter().filter_map(|mail| mail.content.as_ref());
    let found = messages.filter(|content| buyer::identify(&content.message, &known, &house).matched.is_some()).count();
    let elapsed = start.elapsed();
    assert!(found > 0, "somebody is known");
    elapsed
}

fn content(raw: &[u8], house: &House) -> Understood {
    let understanding = Understanding {
        house: house.clone(),
        rules: inquiryd::grading::RuleBook::parse(RULE, "grading.toml").expect("a good rule"),
        language: inquiryd::language::Language::English,
        zone: jiff::tz::TimeZone::UTC,
        trusted: inquiryd::domain::Trusted::default(),
    };
    assert!(understand(raw, house).writer.email.is_some());
    let (identity, content) = understanding.read(raw, None);
    let position = String::new();
    Understood { identity, position, size: 0, arrived_at: None, content: Some(content), quarantine: None }
}

const RULE: &str = "[[rule]]\nid = \"price\"\nwhy = \"price\"\npoints = 1\ntext = [\"price\"]\n";

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
