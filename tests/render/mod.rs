//! Letters as a telephone, a tablet and a desktop show them, light and dark: seen by a browser, not assumed.
//!
//! `INQUIRYD_TEST_PICTURES=folder` keeps a picture of each.

mod chromium;
mod fixture;

use chromium::{Page, Scheme, look, picture};
use std::path::PathBuf;

/// Telephone, a mail client's column, desktop.
const WIDTHS: [u32; 3] = [360, 600, 1200];
/// Gmail hides what comes after 102 kB of HTML.
const BYTES: usize = 100_000;

#[test]
fn every_letter_fits_its_screen_and_can_be_read_in_light_and_dark() {
    let letters = fixture::letters();
    for (name, html) in &letters {
        assert!(html.len() < BYTES, "{name} has {} bytes", html.len());
    }
    let pages: Vec<Page<'_>> = letters.iter().map(|(name, html)| Page { name, html }).collect();
    for scheme in Scheme::BOTH {
        let found = look(&pages, &WIDTHS, scheme);
        assert_eq!(found.heights.len(), pages.len(), "every letter was looked at");
        if let Some(folder) = std::env::var_os("INQUIRYD_TEST_PICTURES").map(PathBuf::from) {
            std::fs::create_dir_all(&folder).expect("a folder for pictures");
            for page in &pages {
                let height = found.heights[page.name].clamp(640, 8000);
                let file = folder.join(format!("{}-{}.png", page.name, scheme.name()));
                picture(page, (360, height), scheme, &file);
            }
        }
        let told: Vec<String> = found
            .findings
            .iter()
            .map(|one| format!("{} at {} px, {scheme:?}: {}: {}", one.letter, one.width, one.what, one.detail))
            .collect();
        assert!(told.is_empty(), "{} findings:\n{}", told.len(), told.join("\n"));
    }
}

/// Pages, and what is wrong with them in light and in dark.
const CASES: [(&str, &str, &str); 11] = [
    ("<p>plain</p><p style='opacity:.75;font-size:13px'>grey</p>", "", ""),
    ("<table width='500'><tr><td>wide</td></tr></table>", "overflow", "overflow"),
    ("<p style='color:#999'>pale</p>", "contrast", ""),
    ("<p style='color:#000'>black</p>", "", "contrast"),
    ("<p style='opacity:.3'>faint</p>", "contrast", "contrast"),
    ("<div style='opacity:.5'><div><p style='opacity:.6'>faint by two</p></div></div>", "contrast", "contrast"),
    ("<p style='background:#e67e22;color:#fff'>a badge</p>", "contrast", "contrast"),
    ("<p style='background:#e67e22;color:#fff;font-size:24px'>a large one</p>", "contrast", "contrast"),
    ("<p style='background:#c0562b;color:#fff;font-size:24px'>a large one</p>", "", ""),
    ("<p style='display:none;color:#eee'>hidden</p>", "", ""),
    ("<p style='font-size:10px'>tiny</p>", "size", "size"),
];

#[test]
fn a_bad_page_is_caught_and_a_good_one_is_not() {
    let long = format!("<p>{}</p>", "long".repeat(60));
    let cases: Vec<_> = CASES.into_iter().chain([(long.as_str(), "overflow", "overflow")]).collect();
    let whole = |html| format!("<!doctype html><meta name=\"color-scheme\" content=\"light dark\"><body>{html}");
    let pages: Vec<_> = (0..).zip(&cases).map(|(number, case)| (format!("case {number}"), whole(case.0))).collect();
    let pages: Vec<Page<'_>> = pages.iter().map(|(name, html)| Page { name, html }).collect();
    for scheme in Scheme::BOTH {
        let found = look(&pages, &[360], scheme).findings;
        for (page, (html, in_light, in_dark)) in pages.iter().zip(&cases) {
            let mut kinds: Vec<_> =
                found.iter().filter(|one| one.letter == page.name).map(|one| one.what.as_str()).collect();
            kinds.dedup();
            let expected = if scheme == Scheme::Light { *in_light } else { *in_dark };
            assert_eq!(kinds.join(" "), expected, "{html} {scheme:?}");
        }
    }
}
