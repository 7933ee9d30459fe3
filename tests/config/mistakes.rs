//! One file for each mistake: mistakes/NAME.toml is laid over a sound configuration as a drop-in (or, where it begins
//! with `# whole`, stands alone), and mistakes/NAME.txt is exactly what people are told who run the service.

use super::{Folder, SMALLEST};
use std::fs;
use std::path::Path;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/mistakes")
}

fn told(name: &str, text: &str) -> String {
    let folder = match () {
        () if name.starts_with("rules-") => Folder::with(SMALLEST).file("grading.toml", text),
        () if name.starts_with("relays-") => Folder::with(SMALLEST).file("relays.toml", text),
        () if text.starts_with("# whole") => Folder::with(text),
        () => Folder::with(SMALLEST).file("inquiryd.d/mistake.toml", text),
    };
    let passwords = ["imap", "smtp", "p"];
    let folder =
        passwords.into_iter().fold(folder, |folder, name| folder.file(&format!("credentials/{name}"), "secret"));
    let credentials = folder.path("credentials").display().to_string();
    let folder = folder.variable("CREDENTIALS_DIRECTORY", &credentials).requiring_secrets();
    folder.problems().replace("inquiryd.d/", "")
}

#[test]
fn every_mistake_is_told_in_these_words() {
    let mut names: Vec<String> = fs::read_dir(folder())
        .expect("tests/config/mistakes")
        .filter_map(|entry| entry.expect("entry").file_name().to_str()?.strip_suffix(".toml").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() >= 30, "the mistakes have gone missing: {names:?}");
    let mut differences = String::new();
    for name in names {
        let text = fs::read_to_string(folder().join(format!("{name}.toml"))).expect("a mistake");
        let expected = fs::read_to_string(folder().join(format!("{name}.txt"))).unwrap_or_default();
        let told = told(&name, &text);
        if told.is_empty() || told != expected.trim_end() {
            differences.push_str(&format!("== {name}: told\n{told}\n== expected\n{expected}\n"));
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

#[test]
fn a_configuration_that_is_not_there_says_how_to_name_another() {
    let folder = Folder::with("");
    fs::remove_file(folder.path("inquiryd.toml")).expect("removed");
    assert_eq!(folder.problems(), "inquiryd.toml: can't be read: there is no such file (name the file with -c FILE)");
}

#[test]
fn a_configuration_saved_in_gbk_is_told_its_first_bad_line() {
    let folder = Folder::with("");
    fs::write(folder.path("inquiryd.toml"), b"[company]\nname = \"\xba\xa3\xd4\xc3\"\n").expect("written");
    assert_eq!(folder.problems(), "inquiryd.toml: can't be read: line 2 is not UTF-8; save the file as UTF-8");
}

#[test]
fn a_configuration_from_windows_loads() {
    let text = format!("\u{feff}{}", SMALLEST.replace('\n', "\r\n"));
    assert_eq!(Folder::with(&text).problems(), "");
}
