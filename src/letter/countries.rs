//! Countries as people call them (short names after Unicode CLDR).

use super::Language;
use std::sync::LazyLock;

/// `code`, Chinese, English; sorted by code.
const TABLE: &str = include_str!("words/countries.tsv");

static LINES: LazyLock<Vec<&str>> = LazyLock::new(|| TABLE.lines().collect());

/// The name of an ISO 3166 alpha-2 code; an unknown code stays as it is.
pub(super) fn name(code: &str, language: Language) -> &str {
    let line = LINES.binary_search_by(|line| code_of(line).cmp(code)).map(|at| LINES[at]);
    let mut names = line.unwrap_or_default().split('\t').skip(1);
    let (chinese, english) = (names.next(), names.next());
    match language {
        Language::SimplifiedChinese => chinese,
        Language::English => english,
    }
    .unwrap_or(code)
}

fn code_of(line: &str) -> &str {
    line.split('\t').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_has_a_name_in_both_languages_and_an_unknown_code_stays() {
        assert_eq!(name("DE", Language::SimplifiedChinese), "德国");
        assert_eq!(name("DE", Language::English), "Germany");
        assert_eq!(name("QQ", Language::English), "QQ");
        assert_eq!(name("", Language::English), "");
    }

    #[test]
    fn every_line_of_the_table_is_complete() {
        assert!(LINES.is_sorted_by_key(|line| code_of(line)), "names are found by bisection");
        for line in TABLE.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            assert!(fields.len() == 3 && fields[0].len() == 2 && fields.iter().all(|f| !f.is_empty()), "{line:?}");
        }
    }
}
