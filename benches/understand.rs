//! How many mails a second are understood on one core, beside a bare parse of the same mails in the same run.
//!
//! `cargo bench --bench understand` prints mails a second and the ratio, then the mails that take longest.
//! `-- --rounds N` understands and judges each mail N times without looking at the clock, for counting instructions.

mod typical;

use inquiryd::domain::Trusted;
use inquiryd::message::{House, understand};
use inquiryd::risk::risks;
use std::hint::black_box;
use std::time::{Duration, Instant};

const MEASURE: Duration = Duration::from_secs(2);

fn main() {
    let (names, mails): (Vec<String>, Vec<Vec<u8>>) = typical::mails().into_iter().unzip();
    let bytes: usize = mails.iter().map(Vec::len).sum();
    let house = House {
        domains: vec!["seller.example".into()],
        products: ["folding chair", "garden umbrella", "tent", "hammock", "solar light"].map(str::to_owned).into(),
        ..House::default()
    };
    let known: Vec<String> = (0..20_000).map(|i| format!("buyer-company-{i}.example")).collect();
    let trusted = Trusted::new(known.iter().map(String::as_str));
    let judge = |raw: &[u8]| {
        let message = understand(raw, &house);
        drop(black_box(risks(&message, &house, &trusted)));
    };
    let mut arguments = std::env::args().skip_while(|argument| argument != "--rounds").skip(1);
    if let Some(rounds) = arguments.next().and_then(|rounds| rounds.parse::<usize>().ok()) {
        return (0..rounds).for_each(|_| mails.iter().for_each(|raw| judge(raw)));
    }
    println!("{} mails, {} bytes on average", mails.len(), bytes / mails.len());
    let bare = rate(&mails, |raw| drop(black_box(mail_parser::MessageParser::default().parse(raw))));
    println!("bare parse        {bare:>9.0} mails/s");
    let understood = rate(&mails, |raw| drop(black_box(understand(raw, &house))));
    println!("understood        {understood:>9.0} mails/s   {:.1} x the time of a bare parse", bare / understood);
    let judged = rate(&mails, judge);
    println!("and judged, 20,000 buyers {judged:>9.0} mails/s   {:.1} x", bare / judged);
    println!("those that take longest:");
    let each = names.iter().zip(mails.chunks(1));
    let mut rates: Vec<_> =
        each.map(|(name, mail)| (rate_for(mail, MEASURE / 20, judge), name, mail[0].len())).collect();
    rates.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (rate, name, bytes) in rates.iter().take(15) {
        println!("  {name:<32}{bytes:>7} bytes {rate:>9.0} mails/s");
    }
}

fn rate(mails: &[Vec<u8>], work: impl FnMut(&[u8])) -> f64 {
    rate_for(mails, MEASURE, work)
}

/// Mails a second, after one round to warm up.
fn rate_for(mails: &[Vec<u8>], time: Duration, mut work: impl FnMut(&[u8])) -> f64 {
    mails.iter().for_each(|raw| work(raw));
    let start = Instant::now();
    let mut done = 0u32;
    while start.elapsed() < time {
        mails.iter().for_each(|raw| work(raw));
        done += mails.len() as u32;
    }
    f64::from(done) / start.elapsed().as_secs_f64()
}
