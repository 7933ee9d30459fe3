//! `check`: everything it found, every mistake at once, and whether the servers answer.

use crate::config::SMALLEST;
use crate::support::servers::{self, Imap};
use crate::support::site::{Site, imap_account, inquiry, inquiryd, ran};
use std::fs;
use std::path::Path;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the shipped samples") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).expect("a copy");
        }
    }
}

#[test]
fn the_shipped_samples_are_good_and_what_was_found_is_said() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config"), folder.path());
    let file = folder.path().join("inquiryd.toml");
    let file = file.to_str().expect("UTF-8");
    let said = ran(&mut inquiryd(&["check", "--without-passwords", "-c", file])).succeeded();
    for words in [
        "grading.toml",
        "newsletters/example.md",
        "Ningbo Haiyue Outdoor",
        "Asia/Shanghai; mails to the team in zh-CN",
        "sales: sales@haiyue-outdoor.example at imap.haiyue-outdoor.example:993 (TLS), folders INBOX",
        "Amy Xu <amy@haiyue-outdoor.example>",
        "smtp.haiyue-outdoor.example:465 (TLS)",
        "next polls",
        "The configuration is good.",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert_eq!(said.matches("remark: ").count(), 2, "each password that isn't here: {said}");
    let strict = ran(&mut inquiryd(&["check", "-c", file]));
    assert_eq!(strict.code, Some(78), "without its passwords no service can start: {strict:?}");
}

#[test]
fn every_mistake_is_told_at_once_with_its_line_and_key() {
    let site = Site::new("mistakes")
        .file(
            "inquiryd.d/wrong.toml",
            "[company]\ntime_zone = \"Shanghai\"\n[team]\nmembrs = [\"a@b.example\"]\n[reminder]\ntarget = \"2x\"\n",
        )
        .file("grading.toml", "[[rule]]\nid = \"two words\"\n")
        .file("newsletters/spring.md", "no front matter\n");
    for command in [&["check"][..], &["run"], &["poll"], &["inquiries", "list"], &["explain", "password"]] {
        let ran = site.run(command);
        assert_eq!(ran.code, Some(78), "{command:?}: {ran:?}");
        assert_eq!(ran.out, "", "{command:?}");
        for place in [
            "wrong.toml:2: company.time_zone: ",
            "wrong.toml:4: team.membrs: ",
            "wrong.toml:6: reminder.target: ",
            "grading.toml:",
            "newsletters/spring.md",
            " problems in the configuration",
        ] {
            assert!(ran.err.contains(place), "{command:?}: {place} in {}", ran.err);
        }
    }
}

/// tests/config/mistakes has a file for each kind of mistake, and the words in which it is told.
#[test]
fn every_kind_of_mistake_ends_with_78_and_is_told_on_standard_error() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/mistakes");
    for entry in fs::read_dir(folder).expect("the mistakes") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|end| end != "toml") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a mistake");
        let site = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, text: &str| fs::write(site.path().join(name), text).expect("a file");
        fs::create_dir(site.path().join("inquiryd.d")).expect("a folder");
        write("inquiryd.toml", if text.starts_with("# whole") { &text } else { SMALLEST });
        match path.file_name().and_then(|name| name.to_str()) {
            Some(name) if name.starts_with("rules-") => write("grading.toml", &text),
            Some(name) if name.starts_with("relays-") => write("relays.toml", &text),
            _ if text.starts_with("# whole") => {}
            _ => write("inquiryd.d/mistake.toml", &text),
        }
        let credentials = site.path().join("credentials");
        fs::create_dir(&credentials).expect("a folder");
        for name in ["imap", "smtp", "p"] {
            fs::write(credentials.join(name), "secret").expect("a file");
        }
        let file = site.path().join("inquiryd.toml").display().to_string();
        let ran = ran(inquiryd(&["check", "-c", &file]).env("CREDENTIALS_DIRECTORY", &credentials));
        assert_eq!((ran.code, ran.out.as_str()), (Some(78), ""), "{}: {}", path.display(), ran.err);
        let told = ran.err.replace(&format!("{}/", site.path().display()), "").replace("inquiryd.d/", "");
        let expected = fs::read_to_string(path.with_extension("txt")).expect("the words");
        assert!(told.starts_with(expected.trim_end()), "{}: {told}", path.display());
    }
}

#[test]
fn a_configuration_that_is_not_there_is_a_bad_configuration() {
    let ran = ran(&mut inquiryd(&["check", "-c", "/nowhere/inquiryd.toml"]));
    assert_eq!(ran.code, Some(78));
    assert!(ran.err.contains("/nowhere/inquiryd.toml: can't be read: there is no such file"), "{}", ran.err);
}

#[test]
fn a_wrong_argument_is_no_wrong_configuration() {
    for arguments in [&["check", "--conect"][..], &["chekc"], &[], &["inquiries", "list", "--grade", "E"]] {
        let ran = ran(&mut inquiryd(arguments));
        assert_eq!(ran.code, Some(2), "{arguments:?}: {ran:?}");
        assert!(ran.err.contains("Usage") || ran.err.contains("--help"), "{}", ran.err);
    }
}

#[test]
fn the_servers_answers_are_shown() {
    let site = Site::new("connect");
    servers::deliver_lmtp(&site.sales, &inquiry("lot-connect"));
    Imap::login(servers::imap_port(), &site.sales).command("CREATE \"&W6JiNw-\"");
    let said = site.prints(&["check", "--connect"]);
    for words in [
        "account sales",
        "IMAP4REV1",
        "客户",
        "reads         INBOX (incoming): 1 mails",
        "reads         Sent (Sent): 0 mails",
        "the way out",
        "PIPELINING",
        "encryption    none",
        "the store",
        "Everything answers.",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert!(site.json(&["inquiries", "list", "--json"]).is_empty(), "nothing was read");
    let flags = Imap::login(servers::imap_port(), &site.sales).command("EXAMINE INBOX").lines;
    assert!(flags.iter().any(|line| line.contains("[UNSEEN 1]")), "{flags:?}");
}

#[test]
fn a_wrong_password_fails_the_check_and_the_rest_is_tried_all_the_same() {
    let site = Site::new("password").file("wrong", "not-the-password");
    let account = imap_account("web", servers::imap_port(), "web").replace("\"password\"", "\"wrong\"");
    site.write("inquiryd.d/web.toml", account);
    let ran = site.run(&["check", "--connect"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.out.contains("FAILS: account `web`") && ran.out.contains("the login of `web` was refused"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("reads         INBOX (incoming)") && ran.out.contains("PIPELINING"), "{}", ran.out);
    assert!(ran.out.contains("Something does not work"), "{}", ran.out);
    assert!(!format!("{ran:?}").contains("not-the-password"));
}

#[test]
fn a_folder_that_is_not_there_fails_the_check_and_those_that_are_are_listed() {
    let site = Site::without_accounts("folder");
    let account = imap_account("sales", servers::imap_port(), &site.sales);
    site.write("inquiryd.d/sales.toml", format!("{account}folders = [\"INBOX\", \"客户\"]\n"));
    let ran = site.run(&["check", "--connect"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("the mailbox doesn't have: 客户"), "{}", ran.out);
    assert!(
        ran.out.contains("all folders   INBOX") || ran.out.contains("Sent, INBOX") || ran.out.contains("INBOX, Sent"),
        "{}",
        ran.out
    );
}
