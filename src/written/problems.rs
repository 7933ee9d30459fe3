//! Everything that is wrong with a configuration, told at once.

use std::fmt;
use std::sync::Arc;

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// A file's path as the reader knows it, or `environment`.
    pub file: Arc<str>,
    /// Counted from 1; None where a line means nothing: the environment, or the file as a whole.
    pub line: Option<usize>,
}

impl Place {
    /// The file as a whole.
    pub fn file(name: &str) -> Self {
        Place { file: name.into(), line: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

/// One mistake, for the person who made it: where, what, and what would be right.
///
/// Shown as `file:line: key.path: what is wrong (what would be right)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub place: Place,
    /// Dotted, with list items counted from 1: `account[2].imap`. Empty where no key is to blame.
    pub key: String,
    /// One line; further lines, such as a pattern with a caret, are shown indented below.
    pub what: String,
    /// Empty where nothing better than `what` can be said.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        let mut lines = self.what.lines();
        f.write_str(lines.next().unwrap_or_default())?;
        if !self.remedy.is_empty() {
            write!(f, " ({})", self.remedy)?;
        }
        lines.try_for_each(|line| write!(f, "\n    {line}"))
    }
}

/// All mistakes of one configuration, by file and line; each begins a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Sorted by file and line; the same mistake is told once.
    pub fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort();
        problems.dedup();
        Problems(problems)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

/// The name among `known` that was probably meant by `wrong`.
pub fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = 1 + wrong.chars().count() / 4;
    let close = known.into_iter().map(|name| (distance(wrong, name), name)).filter(|(far, _)| *far <= allowed);
    close.min().map(|(_, name)| name)
}

/// Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_the_name_that_was_meant() {
        let known = ["members", "managers", "hourly_cap"];
        assert_eq!(did_you_mean("memebrs", known), Some("members"));
        assert_eq!(did_you_mean("hourlycap", known), Some("hourly_cap"));
        assert_eq!(did_you_mean("colour", known), None);
    }

    #[test]
    fn problems_come_in_the_order_of_the_files_and_only_once() {
        let problem = |line, what: &str| Problem {
            place: Place { file: "a.toml".into(), line: Some(line) },
            key: "team.members".into(),
            what: what.into(),
            remedy: String::new(),
        };
        let problems = Problems::new(vec![problem(9, "late"), problem(2, "early"), problem(9, "late")]);
        assert_eq!(problems.to_string(), "a.toml:2: team.members: early\na.toml:9: team.members: late");
    }
}
