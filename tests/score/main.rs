//! Scores a folder of labelled mails: `cargo run --release --example score -- FOLDER [--misses]`.

mod figures;
mod mail;
mod record;

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = arguments.next().map_or_else(|| PathBuf::from("tests/score/mails"), PathBuf::from);
    let tally = figures::score(&folder)?;
    if arguments.next().is_some_and(|argument| argument == "--misses") {
        tally.misses.iter().for_each(|miss| println!("{miss}"));
    }
    for (figure, hits, all, aim) in tally.rows().filter(|(_, _, all, _)| *all > 0) {
        let share = 100.0 * f64::from(hits) / f64::from(all);
        println!("{figure:<17}{hits:>4} of {all:<4} {share:>6.1} %   aim {aim} %");
    }
    Ok(())
}
