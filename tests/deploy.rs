//! The unit that is shipped is valid and hardened, by systemd's own judgement.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const UNIT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/inquiryd.service");

fn systemd_analyze(arguments: &[&str], unit: &Path) -> Output {
    Command::new("systemd-analyze")
        .args(arguments)
        .arg(unit)
        .env("SYSTEMD_COLORS", "0")
        .output()
        .expect("systemd-analyze is not there: run ./tests/run, or apt-get install systemd")
}

/// The shipped unit, but with the program of this build.
fn unit_of_this_build(folder: &Path) -> PathBuf {
    let text = std::fs::read_to_string(UNIT).expect("deploy/inquiryd.service");
    let unit = folder.join("inquiryd.service");
    let ours = text.replace("/usr/local/bin/inquiryd", env!("CARGO_BIN_EXE_inquiryd"));
    assert_ne!(ours, text, "the unit starts something else than /usr/local/bin/inquiryd");
    std::fs::write(&unit, ours).expect("a temporary file");
    unit
}

#[test]
fn systemd_finds_nothing_wrong_with_the_unit() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let verified =
        systemd_analyze(&["verify", "--man=no", "--recursive-errors=no"], &unit_of_this_build(folder.path()));
    let said = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success(), "{said}");
    assert!(!said.contains("inquiryd.service"), "{said}");
}

#[test]
fn a_misspelled_setting_in_the_unit_would_be_found() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let unit = unit_of_this_build(folder.path());
    let text = std::fs::read_to_string(&unit).expect("written before");
    std::fs::write(&unit, text.replace("ProtectHome=", "ProtectHouse=")).expect("a temporary file");
    let verified = systemd_analyze(&["verify", "--man=no", "--recursive-errors=no"], &unit);
    let said = String::from_utf8_lossy(&verified.stderr);
    assert!(said.contains("inquiryd.service") && said.contains("ProtectHouse"), "{said}");
}

/// The value of a setting that the unit makes once.
fn setting(name: &str) -> String {
    let text = std::fs::read_to_string(UNIT).expect("deploy/inquiryd.service");
    let mut values = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    let value = values.next().unwrap_or_else(|| panic!("{name} is not set"));
    assert_eq!(values.next(), None, "{name} is set twice");
    value.to_owned()
}

#[test]
fn a_database_away_for_an_hour_does_not_end_the_service_but_a_wrong_configuration_does() {
    assert_eq!(setting("StartLimitIntervalSec"), "0", "no limit to the starts");
    assert_eq!((setting("Restart").as_str(), setting("RestartSec").as_str()), ("on-failure", "60s"));
    assert_eq!(setting("RestartPreventExitStatus"), "78");
}

#[test]
fn the_service_is_exposed_at_most_1_5_of_10() {
    let arguments = ["security", "--offline=yes", "--no-pager", "--threshold=15"];
    let judged = systemd_analyze(&arguments, Path::new(UNIT));
    let said = String::from_utf8_lossy(&judged.stdout);
    assert!(said.contains("Overall exposure level for inquiryd.service"), "{said}");
    assert!(judged.status.success(), "{said}{}", String::from_utf8_lossy(&judged.stderr));
}
