//! A headless Chromium that looks at letters, many at once.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Light or dark, as the reader's telephone is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Light,
    Dark,
}

impl Scheme {
    pub const BOTH: [Scheme; 2] = [Scheme::Light, Scheme::Dark];

    pub fn name(self) -> &'static str {
        match self {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        }
    }

    fn setting(self) -> &'static str {
        match self {
            Scheme::Light => "--blink-settings=preferredColorScheme=1",
            Scheme::Dark => "--blink-settings=preferredColorScheme=0",
        }
    }
}

/// A page to look at.
pub struct Page<'a> {
    pub name: &'a str,
    pub html: &'a str,
}

/// Something wrong with a page, or how high it is.
#[derive(Debug, serde::Deserialize)]
pub struct Finding {
    pub letter: String,
    pub width: f64,
    pub what: String,
    pub detail: String,
}

#[derive(Debug, serde::Deserialize)]
pub struct Findings {
    pub findings: Vec<Finding>,
    pub heights: std::collections::BTreeMap<String, u32>,
}

/// What is wrong with pages at some widths.
pub fn look(pages: &[Page<'_>], widths: &[u32], scheme: Scheme) -> Findings {
    let folder = tempfile::tempdir().expect("temporary folder");
    let frames = widths.iter().flat_map(|width| pages.iter().map(move |page| frame(page, *width, 900)));
    let probe = include_str!("probe.js").replace("EXPECTED_DARK", &(scheme == Scheme::Dark).to_string());
    let whole = format!("{HEAD}{}<script>{probe}</script>", frames.collect::<String>());
    let dump = chromium(folder.path(), &whole, scheme, &["--dump-dom"]);
    let found = dump.split_once("<pre id=\"findings\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    let (json, _) = found.unwrap_or_else(|| panic!("Chromium left no findings: {dump:.400}"));
    serde_json::from_str(json).expect("the probe writes JSON")
}

/// A picture of a page as a telephone shows it, but to its end.
pub fn picture(page: &Page<'_>, (width, height): (u32, u32), scheme: Scheme, to: &Path) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (size, to) = (format!("--window-size={width},{height}"), format!("--screenshot={}", to.display()));
    chromium(
        folder.path(),
        &format!("{HEAD}{}", frame(page, width, height)),
        scheme,
        &["--hide-scrollbars", &size, &to],
    );
}

/// A window is never narrower than 500 px, a frame is.
fn frame(page: &Page<'_>, width: u32, height: u32) -> String {
    let html = page.html.replace('&', "&amp;").replace('"', "&quot;");
    let name = page.name;
    format!("<iframe title=\"{name}\" style=\"width:{width}px;height:{height}px\" srcdoc=\"{html}\"></iframe>")
}

const HEAD: &str = "<!doctype html><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
                    <style>body{margin:0}iframe{border:0;display:block}</style>";

const DEADLINE: Duration = Duration::from_secs(90);

fn chromium(folder: &Path, html: &str, scheme: Scheme, arguments: &[&str]) -> String {
    let (page, out) = (folder.join("page.html"), folder.join("out"));
    fs::write(&page, html).expect("page");
    let mut child = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--virtual-time-budget=20000", scheme.setting()])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .args(arguments)
        .arg(format!("file://{}", page.display()))
        .stdout(fs::File::create(&out).expect("file"))
        .stderr(Stdio::null())
        .spawn()
        .expect("chromium, which ./tests/run installs, or: sudo apt-get install chromium fonts-noto-cjk");
    let begun = Instant::now();
    while child.try_wait().expect("a child").is_none() {
        if begun.elapsed() > DEADLINE {
            child.kill().expect("killed");
            panic!("Chromium did not end");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    fs::read_to_string(&out).expect("what Chromium printed")
}
