//! What a mail costs with 1,000 buyers in the store, and with 1,000,000.
//!
//! `cargo bench --bench matching` fills two SQLite stores (that takes minutes and some 2 GB below the temporary folder),
//! polls the same mails of 6 kB into either in turn, and prints medians, means and their ratios: of a polled mail, of
//! recognising alone, and of what a poll without mail costs (it reads the domains that look-alikes are compared with,
//! 20,000 at most; a polled mail is counted without it). A mean has its share of SQLite's checkpoints, which come every
//! ten batches or so, and of whatever else the disk is busy with. `-- COUNT` takes another number.

use inquiryd::buyer::{self, Buyer, Known};
use inquiryd::clock::Clock;
use inquiryd::config::settings::Settings;
use inquiryd::config::{Environment, LoadOptions, load};
use inquiryd::intake::{Intake, Understanding, Understood, questions};
use inquiryd::mailbox::{Direction, Position};
use inquiryd::progress::Progress;
use inquiryd::store::Store;
use inquiryd::store::intake::{NewBuyer, NewlyTaken, Next, Place, Questions, Rows};
use std::time::{Duration, Instant};

const FEW: i64 = 1_000;
const MANY: i64 = 1_000_000;
/// Mails of one batch, as a poll has them.
const BATCH: i64 = 100;
const ROUNDS: usize = 40;

fn main() {
    let many = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(MANY);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let few = filled(&format!("sqlite://{}/few.db", folder.path().display()), FEW).await;
        let start = Instant::now();
        let crowded = filled(&format!("sqlite://{}/many.db", folder.path().display()), many).await;
        println!("{many} buyers recorded in {:.0} s", start.elapsed().as_secs_f64());
        let (few, crowded) = (Site::new(few, FEW), Site::new(crowded, many));
        let (mut with_few, mut with_many) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            with_few.push(few.times(round).await);
            with_many.push(crowded.times(round).await);
        }
        let parts =
            [("polled", polled as fn(&Times) -> Duration), ("recognised alone", recognised), ("nothing new", empty)];
        for (what, part) in parts {
            let micros = |time: Duration| time.as_secs_f64() * 1e6 / BATCH as f64;
            let times = |times: &[Times]| times.iter().map(part).collect::<Vec<_>>();
            for (how, of) in [("", median as fn(Vec<Duration>) -> Duration), (", on average", mean)] {
                let (few, crowded) = (micros(of(times(&with_few))), micros(of(times(&with_many))));
                println!(
                    "{what}{how}: {few:.1} us with {FEW} buyers, {crowded:.1} with {many}: {:.2} x",
                    crowded / few
                );
            }
        }
        println!("aim for a polled mail: 1.2 x");
    });
}

/// How long it took.
struct Times {
    /// A poll with nothing new.
    empty: Duration,
    /// A poll of a batch.
    whole: Duration,
    /// Recognising the writers of a batch.
    recognised: Duration,
}

fn polled(times: &Times) -> Duration {
    times.whole.saturating_sub(times.empty)
}

fn recognised(times: &Times) -> Duration {
    times.recognised
}

fn empty(times: &Times) -> Duration {
    times.empty
}

/// A mailbox and a store.
struct Site {
    folder: tempfile::TempDir,
    settings: Settings,
    store: Store,
    buyers: i64,
}

impl Site {
    fn new(store: Store, buyers: i64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for part in ["cur", "new", "tmp"] {
            std::fs::create_dir_all(folder.path().join("sales").join(part)).expect("a folder");
        }
        let file = folder.path().join("inquiryd.toml");
        std::fs::write(&file, CONFIG).expect("a file");
        let settings =
            load(&file, &Environment::default(), LoadOptions::default()).expect("a good configuration").settings;
        Site { folder, settings, store, buyers }
    }

    /// A third of the writers is known by address, a third by telephone, a third not at all.
    async fn times(&self, round: usize) -> Times {
        let numbers = (0..BATCH).map(|i| ((round as i64 * BATCH + i) * 7919 % self.buyers + 1, i));
        let mails: Vec<Vec<u8>> = numbers.map(|(n, i)| mail(n, i, round)).collect();
        let empty = self.poll(0).await;
        let recognised = self.recognise(&mails).await;
        for (i, raw) in mails.iter().enumerate() {
            std::fs::write(self.folder.path().join(format!("sales/new/{round}.{i}.bench")), raw).expect("a mail");
        }
        let whole = self.poll(BATCH as u64).await;
        for entry in std::fs::read_dir(self.folder.path().join("sales/new")).expect("a folder").flatten() {
            std::fs::remove_file(entry.path()).expect("removed");
        }
        Times { empty, whole, recognised }
    }

    async fn poll(&self, new: u64) -> Duration {
        let (clock, progress) = (Clock::standing_at(1_800_000_000), Progress::default());
        let intake = Intake { settings: &self.settings, store: &self.store, clock: &clock, progress: &progress };
        let start = Instant::now();
        let polled = intake.poll(&self.settings.accounts[0]).await.expect("a poll");
        assert_eq!(polled.recorded, new);
        start.elapsed()
    }

    async fn recognise(&self, mails: &[Vec<u8>]) -> Duration {
        let understanding = Understanding::new(&self.settings, &[]);
        let house = &understanding.house;
        let understood: Vec<Understood> = mails.iter().map(|raw| content(raw, &understanding)).collect();
        let start = Instant::now();
        let known: Known = self.store.ask(&questions(&understood, house)).await.expect("an answer").known;
        let messages = understood.iter().filter_map(|mail| mail.content.as_ref());
        let found =
            messages.filter(|content| buyer::identify(&content.message, &known, house).matched.is_some()).count();
        let elapsed = start.elapsed();
        assert!(found >= mails.len() / 3, "{found} are known");
        elapsed
    }
}

const CONFIG: &str = r#"
[company]
name = "Seller"
domains = ["seller.example"]
[[account]]
name = "sales"
maildir = "sales"
[team]
members = ["Amy <amy@seller.example>"]
[outbox]
from = "sales@seller.example"
folder = "outbox"
"#;

fn mean(times: Vec<Duration>) -> Duration {
    times.iter().sum::<Duration>() / times.len() as u32
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
        store.record(&place, (&taken, 0), &Questions::default(), 1, decide).await.expect("recorded");
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

fn content(raw: &[u8], understanding: &Understanding) -> Understood {
    let (identity, content) = understanding.read(raw, None);
    let position = Position::File { name: String::new() };
    Understood {
        identity,
        position,
        size: 0,
        arrived_at: None,
        direction: Direction::Incoming,
        copy: false,
        content: Some(content),
        quarantine: None,
    }
}

fn mail(n: i64, i: i64, round: usize) -> Vec<u8> {
    let buyer = card(n, n);
    let (name, company) = (buyer.name.unwrap_or_default(), buyer.company.unwrap_or_default());
    let (from, phone) = match i % 3 {
        0 => (buyer.email.unwrap_or_default(), String::new()),
        1 => (format!("private{n}.{round}@yahoo.com"), format!("Tel {}", buyer.phone.unwrap_or_default())),
        _ => (format!("stranger{n}@nobody-{n}-{round}.com"), String::new()),
    };
    let history = "> We offer the garden chair at USD 9.80 a piece, 20 days after the deposit.\r\n".repeat(70);
    format!(
        "From: {name} <{from}>\r\nTo: sales@seller.example\r\nSubject: Inquiry {n}\r\n\
         Message-ID: <{n}.{i}.{round}@bench>\r\n\r\nDear team,\r\n\r\nplease quote your best price for 600 chairs.\r\n\r\n\
         Best regards\r\n{name}\r\n{company}\r\n{phone}\r\n\r\nOn Mon, Amy wrote:\r\n{history}"
    )
    .into_bytes()
}
