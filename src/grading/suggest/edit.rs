//! Suggestions become edits of the file as people wrote it: comments and layout stay.

use super::{Learned, PointChange, Suggestion};
use crate::grading::RuleBook;
use regex::Regex;
use similar::TextDiff;

/// The text of grading.toml with the suggested points, and new rules at its end; `book` was parsed from this very text.
pub fn edit(text: &str, book: &RuleBook, suggestion: &Suggestion) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    for change in &suggestion.points {
        let written = book.lines().iter().find(|line| line.id == change.rule).and_then(|line| line.points_line);
        let line = written.and_then(|number| number.checked_sub(1)).and_then(|at| lines.get_mut(at));
        if let Some((line, edited)) = line.and_then(|line| Some((edit_line(line, change)?, line))) {
            *edited = line;
        }
    }
    let mut edited = lines.concat();
    for learned in &suggestion.words {
        if !edited.is_empty() && !edited.ends_with('\n') {
            edited.push('\n');
        }
        edited.push_str(&rule(learned));
    }
    edited
}

/// The changes as a unified diff, for a person to accept or not.
pub fn diff(old: &str, new: &str, file: &str) -> String {
    TextDiff::from_lines(old, new).unified_diff().context_radius(3).header(file, file).to_string()
}

/// The line with another number behind the rule's own key; None if the old one isn't there.
fn edit_line(line: &str, change: &PointChange) -> Option<String> {
    let key = change.rule.strip_prefix("bonus.").and_then(|rest| rest.split_once('.')).map_or("points", |(_, key)| key);
    let pattern = format!(r#"(?:^|[\s{{,."']){}["']?\s*=\s*([+-]?[0-9_]+)"#, regex::escape(key));
    let number = Regex::new(&pattern).ok()?.captures(line)?.get(1)?;
    (number.as_str().replace('_', "").parse() == Ok(change.old))
        .then(|| format!("{}{}{}", &line[..number.start()], change.new, &line[number.end()..]))
}

fn rule(learned: &Learned) -> String {
    let words: Vec<String> = learned.words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    let (zh, en) = match learned.points > 0 {
        true => ("人工评级更高的邮件常用词", "words of mails that people graded higher"),
        false => ("人工评级更低的邮件常用词", "words of mails that people graded lower"),
    };
    format!(
        "\n[[rule]]\nid = \"{}\"\nwhy = {{ zh = \"{zh}\", en = \"{en}\" }}\npoints = {}\ntext = [{}]\n",
        learned.id,
        learned.points,
        words.join(", ")
    )
}
