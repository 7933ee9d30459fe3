//! How many rows a second of an old customer base come in, beside a bare read of the same CSV file in the same run.
//!
//! `cargo bench --bench import [ROWS]` prints rows a second and the ratio: reading and understanding the file, a dry run
//! and an import into an empty SQLite store, the same file once more, an XLSX file, and taking the import back.

use inquiryd::buyer::export::xlsx;
use inquiryd::buyer::{Import, read_customers};
use inquiryd::store::Store;
use inquiryd::store::customer_base::ExportFilter;
use jiff::tz::TimeZone;
use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

const NOW: i64 = 1_795_408_200;

fn main() {
    let rows = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(100_000);
    let file = customers(rows);
    println!("{rows} rows, {} bytes a row", file.len() / rows);
    let (bare, _) = timed(|| {
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        reader.records().flatten().map(|record| black_box(record).len()).sum::<usize>()
    });
    let tell = |what: &str, time: Duration| {
        let rate = rows as f64 / time.as_secs_f64();
        println!("{what:<28}{rate:>10.0} rows/s {:>7.2} s {:>7.1} x", time.as_secs_f64(), time.div_duration_f64(bare));
    };
    tell("bare read", bare);
    let (time, import) = timed(|| read_customers(file.as_bytes(), NOW).expect("a table"));
    tell("understood", time);
    assert!(import.buyers.len() == rows, "{:?}", import.problems.first());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(stored(&import, &tell));
}

/// What the store makes of it.
async fn stored(import: &Import, tell: &impl Fn(&str, Duration)) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("store.db").display());
    let store = Store::open(&url).await.expect("a store");
    let start = Instant::now();
    store.plan_import(&import.buyers, &|_, _| {}).await.expect("a plan");
    tell("dry run, empty store", start.elapsed());
    for what in ["imported", "the same once more"] {
        let start = Instant::now();
        let (_, plan) = store.import(("bench", ""), &import.buyers, NOW, &|_, _| {}).await.expect("imported");
        tell(what, start.elapsed());
        println!("    {} added, {} completed, {} doubts", plan.added(), plan.changed(), plan.doubts.len());
    }
    let start = Instant::now();
    let buyers = store.export_buyers(&ExportFilter::default()).await.expect("buyers");
    let sheet = xlsx(&buyers, &TimeZone::UTC).expect("a sheet");
    tell("exported as XLSX", start.elapsed());
    let start = Instant::now();
    read_customers(&sheet, NOW).expect("a table");
    tell("XLSX understood", start.elapsed());
    let start = Instant::now();
    store.undo_import(1, NOW).await.expect("taken back");
    tell("taken back", start.elapsed());
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

/// A base as a trading company keeps it: people of many companies, a few at each.
fn customers(rows: usize) -> String {
    let countries = ["Germany", "美国", "UK", "巴西", "France", "India"];
    let phones = ["030 23125", "402 555 0", "020 7946 0", "11 5550-1", "01 53 09 ", "98765 4"];
    let mut file = "客户名,联系人,邮箱,其他邮箱,国家,电话,等级,产品,首次联系,最后联系,备注\n".to_owned();
    for row in 0..rows {
        let (company, which) = (row / 3, row % countries.len());
        let _ = writeln!(
            file,
            "Company {company} Ltd,Person {row},p{row}@company-{company}.example,p{row}.private@mail-{row}.example,{},{}{:03},\
             {},chairs; tents,2009-05-{:02},{:02}/{:02}/2025,\"met at the fair, likes red; row {row}\"",
            countries[which],
            phones[which],
            row % 1000,
            ["A", "B", "C", "D", ""][row % 5],
            row % 28 + 1,
            row % 28 + 1,
            row % 12 + 1,
        );
    }
    file
}
