//! Drop-ins and the environment have the last word, and mistakes in them are told where they were made.

use super::{Folder, SMALLEST};

#[test]
fn the_environment_overrides_a_drop_in_and_a_drop_in_the_file() {
    let folder = Folder::with(&format!("{SMALLEST}hourly_cap = 10\n[limits]\nmail_size = \"10MB\""))
        .file("inquiryd.d/20-late.toml", "[outbox]\nhourly_cap = 30")
        .file("inquiryd.d/10-early.toml", "[outbox]\nhourly_cap = 20\n[limits]\nhistory = \"9d\"")
        .file("inquiryd.d/README", "not a drop-in");
    let settings = folder.loaded().settings;
    assert_eq!(settings.outbox.hourly_cap, 30);
    assert_eq!((settings.limits.mail_size, settings.limits.history.as_secs()), (10_000_000, 9 * 86_400));
    let folder =
        folder.variable("INQUIRYD__OUTBOX__HOURLY_CAP", "40").variable("INQUIRYD__SCHEDULE__POLL", "9:00, 15:00");
    let settings = folder.loaded().settings;
    assert_eq!((settings.outbox.hourly_cap, settings.poll.times.len()), (40, 2));
}

#[test]
fn a_drop_in_brings_a_second_account() {
    let second =
        "[[account]]\nname = \"web\"\nimap = \"imap.qq.com\"\nuser = \"1@qq.com\"\npassword_credential = \"web\"";
    let settings = Folder::with(SMALLEST).file("inquiryd.d/web.toml", second).loaded().settings;
    let names: Vec<&str> = settings.accounts.iter().map(|account| account.name.as_str()).collect();
    assert_eq!(names, ["sales", "web"]);
}

#[test]
fn a_mistake_in_a_drop_in_or_a_variable_is_told_where_it_was_made() {
    let folder = Folder::with(SMALLEST)
        .file("inquiryd.d/10-poll.toml", "[schedule]\npoll = [\n  \"08:30\",\n  \"25:00\",\n]")
        .file("grading.toml", "[[rule]]\nid = \"x\"\nwhy = \"x\"\npoints = \"many\"\ntext = [\"chair\"]")
        .file("newsletters/spring.md", "+++\nsubject = \"s\"\nsegment = [\"A\"]\ndate = \"soon\"\n+++\ntext")
        .variable("INQUIRYD__LIMITS__MAIL_SIZE", "huge");
    assert_eq!(
        folder.problems(),
        "grading.toml:4: rule[1].points: \"many\" is not a whole number (a whole number from -1000 to 1000)\n\
         inquiryd.d/10-poll.toml:4: schedule.poll[2]: \"25:00\" is not a time of day (hours and minutes between quotes, \
         e.g. \"08:30\")\n\
         newsletters/spring.md:4: date: \"soon\" is not a date (e.g. date = 2026-12-01, date = \"2026-12-01 09:00\", or date = \"first tuesday 10:00\")\n\
         environment INQUIRYD__LIMITS__MAIL_SIZE: limits.mail_size: \"huge\" is not a size (e.g. \"50MB\")"
    );
}

#[test]
fn systemd_tells_where_the_database_belongs() {
    let folder = Folder::with(SMALLEST).variable("STATE_DIRECTORY", "/var/lib/private/inquiryd:/var/lib/other");
    assert_eq!(folder.loaded().settings.store_url, "sqlite:///var/lib/private/inquiryd/inquiryd.db");
}

#[test]
fn a_relative_database_lies_beside_the_configuration() {
    let folder = Folder::with(&format!("{SMALLEST}[store]\nurl = \"sqlite://data/i.db\""));
    assert_eq!(folder.loaded().settings.store_url, format!("sqlite://{}", folder.path("data/i.db").display()));
}

#[test]
fn a_database_password_may_stand_in_the_environment() {
    let url = "postgres://inquiryd:secret@db.example/inquiryd";
    let folder = Folder::with(SMALLEST).variable("INQUIRYD__STORE__URL", url);
    assert_eq!(folder.loaded().settings.store_url, url);
}
