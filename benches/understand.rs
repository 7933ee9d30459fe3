//! How many mails a second are understood on one core, beside a bare parse of the same mails in the same run.
//!
//! `cargo bench --bench understand` prints mails a second and the ratio; the mails are the samples of the tests, brought
//! to about 6 kB each by history below the words, as real threads have it.

use inquiryd::domain::Trusted;
use inquiryd::message::{House, understand};
use inquiryd::risk::risks;
use std::hint::black_box;
use std::time::{Duration, Instant};

const TYPICAL_SIZE: usize = 6_000;
const MEASURE: Duration = Duration::from_secs(2);

fn main() {
    let mails = mails();
    let bytes: usize = mails.iter().map(Vec::len).sum();
    let house = House {
        domains: vec!["seller.example".into()],
        products: ["folding chair", "garden umbrella", "tent", "hammock", "solar light"].map(str::to_owned).into(),
        ..House::default()
    };
    let known: Vec<String> = (0..20_000).map(|i| format!("buyer-company-{i}.example")).collect();
    let trusted = Trusted::new(known.iter().map(String::as_str));
    println!("{} mails, {} bytes on average", mails.len(), bytes / mails.len());
    let bare = rate(&mails, |raw| drop(black_box(mail_parser::MessageParser::default().parse(raw))));
    println!("bare parse        {bare:>9.0} mails/s");
    let understood = rate(&mails, |raw| drop(black_box(understand(raw, &house))));
    println!("understood        {understood:>9.0} mails/s   {:.1} x the time of a bare parse", bare / understood);
    let judged = rate(&mails, |raw| {
        let message = understand(raw, &house);
        drop(black_box(risks(&message, &house, &trusted)));
    });
    println!("and judged, 20,000 buyers {judged:>9.0} mails/s   {:.1} x", bare / judged);
    for (name, raw) in names().zip(&mails) {
        let one = std::slice::from_ref(raw);
        println!(
            "  {name:<28}{:>9.0} mails/s",
            rate_for(one, MEASURE / 20, |raw| drop(black_box(understand(raw, &house))))
        );
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

fn paths() -> impl Iterator<Item = std::path::PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mails");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the samples are there").flatten().map(|e| e.path()).collect();
    paths.sort();
    paths.into_iter().filter(|p| p.extension().is_some_and(|e| e == "eml"))
}

fn names() -> impl Iterator<Item = String> {
    paths().map(|p| p.file_stem().unwrap_or_default().to_string_lossy().into_owned())
}

/// The sample mails, brought to the typical size.
fn mails() -> Vec<Vec<u8>> {
    paths().map(|path| grown(std::fs::read(path).expect("a sample is readable"))).collect()
}

/// History below the words brings a mail to the typical size, where its structure allows.
fn grown(mut raw: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&raw).to_lowercase();
    if text.contains("base64") || text.contains("multipart/report") {
        return raw;
    }
    let history = history(TYPICAL_SIZE.saturating_sub(raw.len()));
    match text.rfind("</body>") {
        Some(end) if text.len() == raw.len() => {
            let quoted = history.replace('\n', "<br>\n").replace("> ", "");
            let html = format!("<div class=\"gmail_quote\"><blockquote>{quoted}</blockquote></div>");
            raw.splice(end..end, html.into_bytes());
        }
        _ if text.contains("multipart") || text.contains("text/html") => {}
        _ => raw.extend(history.into_bytes()),
    }
    raw
}

fn history(size: usize) -> String {
    let mut out = String::from("\r\nOn Tue, 27 Oct 2026 at 03:15, Amy Xu <amy@seller.example> wrote:\r\n");
    let mut line = 0;
    while out.len() < size {
        out +=
            &format!("> {line}. HY-C204 folding chair, USD 3.28 FOB Ningbo, MOQ 1000 pcs, 40HQ holds 5,600 pcs.\r\n");
        line += 1;
    }
    out
}
