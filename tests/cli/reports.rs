//! Reports at the command line.

use crate::support::servers;
use crate::support::site::{Site, inquiry};
use inquiryd::clock::Clock;

fn polled(name: &str) -> Site {
    let site = Site::new(name);
    servers::deliver_lmtp(&site.sales, &inquiry("lot-one"));
    servers::deliver_lmtp(&site.sales, &inquiry("lot-two"));
    site.prints(&["poll"]);
    site
}

#[test]
fn a_manager_reads_the_month_so_far_and_nothing_is_sent_or_noted() {
    let site = polled("report");
    let before = site.prints(&["outbox", "list", "--json"]);
    let shanghai = jiff::tz::TimeZone::get("Asia/Shanghai").expect("bundled");
    let today = jiff::Timestamp::from_second(Clock::System.now()).expect("an instant").to_zoned(shanghai).date();
    let on = today.to_string();
    let text = site.prints(&["report", "monthly", "--on", &on]);
    assert!(text.lines().next().is_some_and(|subject| subject.chars().count() <= 50), "{text}");
    let numbers: serde_json::Value =
        serde_json::from_str(&site.prints(&["report", "monthly", "--on", &on, "--json"])).expect("JSON");
    assert_eq!(numbers["responses"]["received"], 2);
    assert_eq!(numbers["period"]["first"], today.first_of_month().to_string());
    let files =
        site.prints(&["report", "monthly", "--on", &on, &format!("--preview={}", site.path("previews").display())]);
    let html = std::fs::read_to_string(files.lines().next().expect("a name")).expect("the mail");
    assert!(html.contains("<html") && html.len() < 100_000);
    let workbook = std::fs::read(files.lines().nth(1).expect("a second name")).expect("the workbook");
    assert!(workbook.starts_with(b"PK"));
    let (digest, plan) = (site.prints(&["report", "digest"]), site.prints(&["report", "plan"]));
    assert!(digest.contains("No new inquiries") && plan.lines().count() > 3, "{digest}{plan}");
    assert_eq!(site.prints(&["outbox", "list", "--json"]), before);
}

#[test]
fn a_report_that_cannot_be_is_refused_with_what_would_be_right() {
    let site = Site::new("report-wrong");
    let unknown = site.run(&["report", "hourly"]);
    assert!(
        unknown.code == Some(2) && unknown.err.contains("daily, weekly, monthly, quarterly, yearly"),
        "{}",
        unknown.err
    );
    let stranger = site.run(&["report", "weekly", "--for", "Nobody"]);
    assert!(
        stranger.code == Some(1) && stranger.err.contains("nobody of the staff is called Nobody"),
        "{}",
        stranger.err
    );
    let future = site.run(&["report", "daily", "--on", "2999-01-01"]);
    assert!(future.code == Some(1) && future.err.contains("give --on a day up to today"), "{}", future.err);
    let nonsense = site.run(&["report", "daily", "--on", "soon"]);
    assert_eq!(nonsense.code, Some(2));
}
