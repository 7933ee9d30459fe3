//! The disk runs full in the middle of a poll.

use crate::support::servers::{self, Imap};
use crate::support::site::{Site, inquiry};
use std::process::Command;

/// In a mount namespace of its own: a small disk, a poll, what was recorded, more room, another poll.
const SCENE: &str = r#"
set -u
mount -t tmpfs -o size=1m tmpfs disk || exit 99
"$1" poll >first.out 2>first.err
echo $? >first.code
mount -o remount,size=200m disk || exit 99
"$1" status --json >between.out 2>between.err
"$1" poll >second.out 2>second.err
echo $? >second.code
"$1" inquiries list --limit 9999 --json >inquiries.out
"#;

#[test]
fn a_full_disk_stops_the_poll_with_a_clear_word_and_the_next_poll_goes_on() {
    let site = Site::new("full").file("inquiryd.d/disk.toml", "[store]\nurl = \"sqlite://disk/inquiryd.db\"\n");
    site.write("disk/.keep", "");
    let mut imap = Imap::login(servers::imap_port(), &site.sales);
    (0..600).for_each(|number| imap.append("INBOX", "", &inquiry(&format!("lot-{number}"))));
    let mut scene = Command::new("unshare");
    scene.args(["--mount", "bash", "-c", SCENE, "scene", env!("CARGO_BIN_EXE_inquiryd")]);
    let scene = scene.current_dir(site.path("")).env("INQUIRYD_CONFIG", site.path("inquiryd.toml"));
    assert!(scene.status().expect("unshare of util-linux").success(), "a small disk can't be mounted here");
    let read = |name: &str| std::fs::read_to_string(site.path(name)).expect("the scene wrote it");
    assert_eq!(read("first.code").trim(), "1", "{} {}", read("first.out"), read("first.err"));
    assert!(read("first.err").contains("full"), "{}", read("first.err"));
    let between = read("between.out");
    let recorded = between.split("\"mails\":").nth(1).and_then(|rest| rest.split(',').next()).expect("a count");
    assert!(recorded.parse::<u32>().expect("a number") < 600, "the disk was large enough");
    assert_eq!(read("second.code").trim(), "0", "{} {}", read("second.out"), read("second.err"));
    assert_eq!(read("inquiries.out").lines().count(), 600);
    assert!(site.team_mails(1)[0].text.contains("600 new inquiries"));
}
