//! Whatever is shipped must load, and the defaults must be what the sample says they are.

use super::{Folder, SMALLEST};
use inquiryd::config::settings::{Language, Security, SinkSettings, SourceSettings};
use inquiryd::config::{Environment, LoadOptions, Secrets, load};
use inquiryd::grading::{Grade, RuleBook};
use std::path::Path;
use std::time::Duration;

#[test]
fn the_shipped_sample_loads_with_its_rules_and_its_newsletter() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/inquiryd.toml");
    let options = LoadOptions { secrets: Secrets::NameOnly };
    let loaded = load(&path, &Environment::new(), options).unwrap_or_else(|problems| panic!("{problems}"));
    let names: Vec<_> = loaded.files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
    assert_eq!(names, ["inquiryd.toml", "grading.toml", "relays.toml", "example.md"]);
    assert_eq!(loaded.settings.campaigns[0].segment.grades, [Grade::A, Grade::B]);
    assert!(loaded.settings.rules.len() >= 25);
    assert_eq!(loaded.remarks.len(), 2, "the two passwords, which this machine doesn't have: {}", loaded.remarks);
}

#[test]
fn every_default_that_the_sample_shows_is_the_default() {
    let sample = include_str!("../../config/inquiryd.toml");
    let (mut shown, mut section) = (String::new(), "");
    for line in sample.lines() {
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_matches(['[', ']']);
        } else if line.starts_with("#[") {
            section = "an example";
        }
        let default = line.strip_prefix('#').filter(|rest| rest.contains(" = ") && !rest.starts_with(' '));
        // Days of their own, which nobody else has.
        let is_example =
            default.is_some_and(|default| default.starts_with("holidays") || default.starts_with("workdays"));
        match (section, default) {
            ("schedule" | "reminder" | "limits" | "calendar" | "follow_up", Some(default)) if !is_example => {
                shown.push_str(&format!("{default}\n"));
            }
            ("schedule" | "reminder" | "limits" | "calendar" | "follow_up", None) => {
                shown.push_str(&format!("{line}\n"))
            }
            _ => {}
        }
    }
    let shown = Folder::with(&format!("{SMALLEST}\n{shown}")).loaded().settings;
    let silent = Folder::with(SMALLEST).loaded().settings;
    assert_eq!(format!("{:?}", shown.poll), format!("{:?}", silent.poll));
    assert_eq!(format!("{:?}", shown.reminder), format!("{:?}", silent.reminder));
    assert_eq!(format!("{:?}", shown.follow_up), format!("{:?}", silent.follow_up));
    assert_eq!(shown.calendar.fingerprint(), silent.calendar.fingerprint());
    assert_eq!(format!("{:?}", shown.limits), format!("{:?}", silent.limits));
}

#[test]
fn thirteen_lines_make_a_configuration() {
    let folder = Folder::with(SMALLEST);
    let loaded = folder.loaded();
    let settings = &loaded.settings;
    assert_eq!(settings.company.language, Language::SimplifiedChinese);
    assert_eq!(settings.company.time_zone.iana_name(), Some("Asia/Shanghai"));
    assert_eq!(settings.store_url, "sqlite:///var/lib/inquiryd/inquiryd.db");
    assert_eq!(settings.poll.times.len(), 3);
    let everybody: Vec<_> = settings.staff.people.iter().collect();
    assert_eq!(
        settings.staff.managers(jiff::civil::date(2026, 11, 23)),
        everybody,
        "what is overdue must reach somebody"
    );
    assert_eq!(settings.newsletter.unsubscribe, Some(settings.outbox.from.clone()));
    assert_eq!(settings.limits.mail_size, 50_000_000);
    assert_eq!(settings.rules.len(), RuleBook::shipped().len());
    assert_eq!(loaded.rules_file, None);
    let SourceSettings::Imap(imap) = &settings.accounts[0].source else { panic!("imap") };
    assert_eq!((imap.server.port, imap.server.security), (993, Security::Tls));
    assert_eq!((imap.folders.as_slice(), imap.deadline), (["INBOX".to_owned()].as_slice(), Duration::from_secs(60)));
    let SinkSettings::Smtp(smtp) = &settings.outbox.sink else { panic!("smtp") };
    assert_eq!((smtp.server.port, smtp.login.is_none()), (465, true));
}

#[test]
fn a_port_known_for_starttls_means_starttls() {
    let settings = Folder::with(&SMALLEST.replace("smtp.haiyue.example", "smtp.haiyue.example:587")).loaded().settings;
    let SinkSettings::Smtp(smtp) = &settings.outbox.sink else { panic!("smtp") };
    assert_eq!((smtp.server.port, smtp.server.security), (587, Security::StartTls));
}

#[test]
fn a_maildir_beside_the_configuration_needs_no_server_at_all() {
    let text = SMALLEST
        .replace(
            "imap = \"imap.haiyue.example\"\nuser = \"sales@haiyue.example\"\npassword_credential = \"imap\"",
            "maildir = \"mail\"",
        )
        .replace("smtp = \"smtp.haiyue.example\"", "folder = \"out\"");
    let folder = Folder::with(&text).file("mail/new/.keep", "");
    let settings = folder.loaded().settings;
    let SourceSettings::Maildir(maildir) = &settings.accounts[0].source else { panic!("maildir") };
    assert_eq!(maildir.path, folder.path("mail"));
    let SinkSettings::Folder(out) = &settings.outbox.sink else { panic!("folder") };
    assert_eq!(*out, folder.path("out"));
}

#[test]
fn plain_text_is_for_this_machine_or_for_those_who_ask_in_so_many_words() {
    for tls in ["127.0.0.1:1430\"\ntls = \"none\"", "[::1]\"\ntls = \"none\"", "localhost\"\ntls = \"none\""] {
        let text = SMALLEST.replace("imap.haiyue.example\"", tls);
        assert_eq!(Folder::with(&text).problems(), "", "{tls}");
    }
    let text = SMALLEST.replace("imap.haiyue.example\"", "10.0.0.5\"\ntls = \"none\"\nallow_plain = true");
    assert_eq!(Folder::with(&text).problems(), "");
}

#[test]
fn a_newsletter_needs_an_imprint() {
    let newsletter = "+++\nsubject = \"s\"\nsegment = [\"A\"]\ndate = 2026-12-01\n+++\ntext";
    let folder = Folder::with(SMALLEST).file("newsletters/spring.md", newsletter).file("newsletters/.draft.md", "");
    assert_eq!(
        folder.problems(),
        "inquiryd.toml: newsletter.imprint: missing (the law wants legal name, postal address and phone under every \
         newsletter)"
    );
    let folder = Folder::with(&format!("{SMALLEST}[newsletter]\nimprint = \"Haiyue, Ningbo, +86 574 1\""))
        .file("newsletters/spring.md", newsletter);
    let campaigns = folder.loaded().settings.campaigns;
    assert_eq!(campaigns.iter().map(|campaign| campaign.name.as_str()).collect::<Vec<_>>(), ["spring"]);
}

#[test]
fn an_unsubscribing_address_that_no_account_reads_is_remarked_on() {
    let newsletter = "+++\nsubject = \"s\"\nsegment = [\"A\"]\ndate = 2026-12-01\n+++\ntext";
    let sound = SMALLEST.replace("password_credential", "password_env");
    let remarks = |text: &str, section: &str| {
        let text = format!("{text}[newsletter]\nimprint = \"Haiyue, Ningbo\"\n{section}");
        let folder = Folder::with(&text).variable("imap", "secret").file("mail/new/.keep", "");
        let folder = folder.file("newsletters/spring.md", newsletter);
        super::shown(&folder.loaded().remarks, folder.folder.path())
    };
    let elsewhere = sound.replace("from = \"sales@", "from = \"news@");
    assert_eq!(
        remarks(&elsewhere, ""),
        "inquiryd.toml:13: outbox.from: unsubscribing mail goes to news@haiyue.example, and no account is its mailbox (set \
         newsletter.unsubscribe to the address of a mailbox that is read, unless mail to this one arrives there anyway)"
    );
    let told = remarks(&sound, "unsubscribe = \"bye@haiyue.example\"");
    assert!(told.starts_with("inquiryd.toml:17: newsletter.unsubscribe: unsubscribing mail goes to bye@"), "{told}");
    assert_eq!(remarks(&elsewhere, "unsubscribe = \"Haiyue <Sales@haiyue.example>\""), "");
    for unknown in ["user = \"sales\"", "maildir = \"mail\""] {
        let account = "imap = \"imap.haiyue.example\"\nuser = \"sales@haiyue.example\"\npassword_env = \"imap\"";
        let text = match unknown.starts_with("user") {
            true => elsewhere.replace("user = \"sales@haiyue.example\"", unknown),
            false => elsewhere.replace(account, unknown),
        };
        assert_eq!(remarks(&text, ""), "", "nobody can know where mail to {unknown} comes from");
    }
    let without_newsletters = Folder::with(&elsewhere).variable("imap", "secret").loaded();
    assert!(without_newsletters.remarks.is_empty(), "{}", without_newsletters.remarks);
}

#[test]
fn answers_of_our_people_that_nobody_would_read_are_remarked() {
    let reply_to = |address: &str| {
        let text = format!("[outbox]\nreply_to = \"{address}\"\n");
        Folder::with(SMALLEST).file("inquiryd.d/reply.toml", &text).loaded().remarks.to_string()
    };
    let remark = reply_to("me@elsewhere.example");
    assert!(remark.contains("outbox.reply_to: your people's answers go to me@elsewhere.example"), "{remark}");
    let known = Folder::with(SMALLEST).loaded().settings.outbox.from.email.to_string();
    assert!(!reply_to(&known).contains("reply_to"), "{known} is read");
}
