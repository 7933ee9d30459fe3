//! What grading costs beyond normalisation: 30 and 1,000 independent rules on a text of 3 kB, measured side by side.
//!
//! `cargo bench --bench grading` prints microseconds a mail and ratios to normalising the same text in the same run.
//! `cargo bench --bench grading -- FOLDER` prints instead how much memory stays in use after the shipped rules have read
//! all mails of a folder (see tests/bench/mails.py).

use inquiryd::buyer::Past;
use inquiryd::config::settings::Language;
use inquiryd::grading::{Inquiry, RuleBook};
use inquiryd::message::{House, Message, understand};
use inquiryd::text::normalise;
use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

const TEXT_BYTES: usize = 3000;
const ROUNDS: usize = 40;
const REPEATS: u32 = 100;

fn main() {
    match std::env::args().skip(1).find(|argument| !argument.starts_with("--")) {
        Some(folder) => memory(Path::new(&folder)),
        None => speed(),
    }
}

fn memory(folder: &Path) {
    let files = std::fs::read_dir(folder).expect("a folder of mails").map(|entry| entry.expect("an entry").path());
    let messages: Vec<Message> = files
        .filter(|path| path.is_file())
        .map(|path| understand(&std::fs::read(path).expect("a mail"), &House::default()))
        .collect();
    let book = RuleBook::shipped();
    let before = IN_USE.load(Relaxed);
    let reasons: usize = messages
        .iter()
        .map(|message| {
            let inquiry = Inquiry::of(message, message.kind, None);
            book.grade(&inquiry, &book.scan(&inquiry), None, Language::English).reasons.len()
        })
        .sum();
    let kept = (IN_USE.load(Relaxed) - before) / 1000;
    println!("{} mails, {reasons} reasons: one thread keeps {kept} kB", messages.len());
}

/// The system's allocator, counting the bytes in use.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        IN_USE.fetch_add(layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn speed() {
    let past = Past { called: "Kestrel Leisure".into(), inquiries: 3, ..Past::default() };
    for (name, message) in [("ASCII", mail(&ENGLISH)), ("mixed scripts", mail(&MIXED))] {
        let whole = format!("{}\n{}", message.subject, message.text);
        let alone = fastest(|| drop(black_box(normalise(black_box(&whole)))));
        println!("{name}, {} bytes: normalisation alone {:6.1} us", whole.len(), micros(alone));
        for (sort, count, toml) in [
            ("rules of words", 30, rules(30)),
            ("rules of words", 1000, rules(1000)),
            ("rules of facts and history", 1000, plain_rules(1000)),
            ("rules with groups", 1000, grouped_rules(1000)),
        ] {
            let book = RuleBook::parse(&toml, "bench.toml").expect("rules");
            let graded = fastest(|| {
                let inquiry = Inquiry::of(black_box(&message), message.kind, None);
                let hits = book.scan(&inquiry);
                drop(black_box(book.grade(&inquiry, &hits, Some(&past), Language::English)));
            });
            println!(
                "  {count:5} {sort:<27}: {:6.1} us a mail, {:6.1} us beyond normalisation, {:5.2} x normalisation",
                micros(graded),
                micros(graded) - micros(alone),
                micros(graded) / micros(alone)
            );
        }
    }
}

/// The fastest round's mean of a repeated call: whatever else the machine does only ever adds to it.
fn fastest(mut call: impl FnMut()) -> Duration {
    let mut round = || {
        let start = Instant::now();
        (0..REPEATS).for_each(|_| call());
        start.elapsed() / REPEATS
    };
    round();
    (0..ROUNDS).map(|_| round()).min().unwrap_or_default()
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// Rules that share no word: keywords in three scripts, patterns with digits, patterns with gaps.
fn rules(count: usize) -> String {
    let mut toml = String::new();
    for n in 0..count {
        let word = spelled(n);
        let condition = match n % 5 {
            0 => format!("text = [\"{word}\", \"{word} chair\"]"),
            1 => format!("text = [\"{word}椅\", \"報價{word}\"]"),
            2 => format!("text = [\"стул{word}\"]\nunless = [\"no {word}\"]"),
            3 => format!("text = ['re:\\b{word} ?\\d+ (pcs|sets)\\b']"),
            _ => format!("text = ['re:{word}.{{0,40}}price']"),
        };
        toml.push_str(&rule(n, &condition));
    }
    toml
}

/// Rules that ask for no word.
fn plain_rules(count: usize) -> String {
    let condition = |n: usize| match n % 4 {
        0 => format!("facts = [\"quantity\", \"port\"]\ninquiries_at_least = {}", n + 4),
        1 => format!("facts_all = [\"quantity\", \"target_price\"]\nwords_at_most = {}", n + 1),
        2 => format!("buyer = \"known\"\nsilent_for = \"{}d\"", n + 1),
        _ => format!("lacks = [\"quantity\"]\nwords_at_least = {}", n + 1),
    };
    (0..count).map(|n| rule(n, &condition(n))).collect()
}

/// Rules whose words stand in groups.
fn grouped_rules(count: usize) -> String {
    let condition = |n: usize| {
        let word = spelled(n);
        format!(
            "any = [ {{ text = [\"{word}\"] }}, {{ subject = [\"{word} chair\"], facts = [\"port\"] }} ]\n\
             none = [ {{ text = [\"no {word}\"] }} ]"
        )
    };
    (0..count).map(|n| rule(n, &condition(n))).collect()
}

fn rule(n: usize, condition: &str) -> String {
    format!("[[rule]]\nid = \"r{n}\"\nwhy = \"rule {n}\"\npoints = 1\n{condition}\n")
}

/// A word of its own for each number.
fn spelled(number: usize) -> String {
    const SYLLABLES: [&str; 10] = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu"];
    format!("{number:04}").bytes().map(|digit| SYLLABLES[usize::from(digit - b'0')]).collect()
}

const ENGLISH: [&str; 3] = [
    "Please quote 600 folding chairs FOB Ningbo, packed four to a carton. ",
    "We need them on the water before Christmas and would like to see your certificates first. ",
    "Our forwarder will take bakelimo 20 pcs as a trial, and the rest in March.\n",
];
const MIXED: [&str; 4] = [
    "Please quote 600 Stühle «à fond» FOB Ningbo. ",
    "请报价600把折叠椅，含税和运费，谢谢。",
    "Пришлите цену на 600 складных стульев, пожалуйста. ",
    "折りたたみ椅子600脚の見積もりをお願いします。\n",
];

fn mail(sentences: &[&str]) -> Message {
    let mut text = String::new();
    for sentence in sentences.iter().cycle() {
        if text.len() + sentence.len() > TEXT_BYTES {
            break;
        }
        text.push_str(sentence);
    }
    let head = "From: Buyer <buyer@garden.example>\r\nTo: sales@factory.example\r\nSubject: Inquiry about folding chairs\r\n\
                MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
    understand(format!("{head}{text}").as_bytes(), &House::default())
}
