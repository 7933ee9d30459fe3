//! `demo`: the main job on a fresh machine.

use crate::support::site::{TeamMail, inquiryd, json_lines, ran};
use std::fs;
use std::path::{Path, PathBuf};

fn bundled_mails() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/demo/mails");
    fs::read_dir(folder).expect("the bundled mails").map(|entry| entry.expect("a mail").path()).collect()
}

#[test]
fn the_demo_shows_every_bundled_mail_and_writes_what_the_team_would_get() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let dir = folder.path().join("demo");
    let dir = dir.to_str().expect("UTF-8");
    let said = ran(&mut inquiryd(&["demo", "--dir", dir, "--language", "en"])).succeeded();
    let rows = said.lines().skip_while(|line| !line.starts_with("FROM")).skip(1).take_while(|line| !line.is_empty());
    assert_eq!(rows.count(), bundled_mails().len(), "{said}");
    assert!(bundled_mails().len() >= 30);
    let config = format!("{dir}/inquiryd.toml");
    let inquiries = json_lines(&ran(&mut inquiryd(&["-c", &config, "inquiries", "list", "--json"])).succeeded());
    assert!(inquiries.len() >= 15, "{}", inquiries.len());
    let written: Vec<PathBuf> = said
        .lines()
        .filter(|line| line.starts_with("mail ") || line.starts_with("digest "))
        .map(|line| line.split_once(' ').expect("a path follows").1.trim().into())
        .collect();
    assert!(written.iter().all(|path| path.starts_with(dir) && path.is_file()), "{written:?}");
    let html = written.iter().find(|path| path.extension().is_some_and(|end| end == "html")).expect("digest.html");
    let digest = written.iter().find(|path| path.to_string_lossy().contains("-digest-")).expect("the digest's .eml");
    let raw = fs::read(digest).expect("readable");
    let digest = TeamMail::read(&raw);
    assert!(digest.automatic && digest.text.contains("Ayşe Karaca"), "{}", digest.text);
    assert!(fs::read_to_string(html).expect("readable").contains("Ayşe Karaca"));
    assert!(String::from_utf8_lossy(&raw).contains("spreadsheetml"), "those who have no room go along");
}

#[test]
fn the_demo_speaks_chinese_by_itself_and_spares_a_folder_that_is_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let said = ran(inquiryd(&["demo"]).env("TMPDIR", folder.path())).succeeded();
    let again = ran(inquiryd(&["demo"]).env("TMPDIR", folder.path())).succeeded();
    let places = fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(places, 2, "{said}{again}");
    let digest = said.lines().find_map(|line| line.strip_prefix("digest      ")).expect("the digest's place");
    assert!(fs::read_to_string(digest).expect("readable").contains("询盘"));
    let taken = folder.path().to_str().expect("UTF-8");
    let refused = ran(&mut inquiryd(&["demo", "--dir", taken]));
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("making the folder"), "{}", refused.err);
}
