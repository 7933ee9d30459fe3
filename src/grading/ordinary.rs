//! Words that nobody would grade by, to find out what a short word or pattern is found in by mistake.

use super::keyword::Keyword;
use super::pattern::Pattern;
use crate::written::reader::Mistake;

/// Ordinary words of business mail; between them they hold most pairs of letters.
const WORDS: &str = "about above accept account actually address advance advise afternoon again agree already although always \
    amount another answer anything apply appreciate around arrange article attach available average back balance because \
    become before behind believe better between beyond bottom bought branch brand bright bring brochure brother budget build \
    business calculate calendar capacity careful catch category centre certain change cheap check chemical children choose \
    climate clothing colour column comfort company compare complete concern condition confirm connect consider contact \
    container continue control copper correct country couple courier current custom damage daughter dealer decide deliver \
    demand department describe design detail develop different difficult direct discount discuss display distance district \
    document double doubt during early easily economy edition effect either electric email employ enclose engineer enough \
    environment equipment especially european every exactly example exchange expect experience explain export express extra \
    fabric factory family fashion feature figure finally finish follow foreign forward freight friend furniture further future \
    garden general glass global goods government group growth guarantee happen hardware heavy height helpful history holiday \
    hospital hotel however hundred husband hydraulic ideal import important improve include increase industry inform inquiry \
    inside install instead insurance interest international introduce invest issue journey judge kitchen knowledge language \
    large later launch leather leave letter likely limited liquid listen little local logistics looking lovely machine mainly \
    manager market material matter maximum measure medium meeting member mention message metal method million minute mobile \
    modern moment month morning mostly nature necessary network normal nothing notice number object obviously occasion offer \
    office often online opening opinion option order organize original other outdoor outside packing painting paper partner \
    people perhaps period person picture pipeline place planning plastic please pocket point popular possible powder practice \
    prefer prepare present price printing private problem process produce profile progress project promise proper provide \
    public purchase quality quarter question quick quite quote range rather ready reason receive recently recommend reduce \
    refer region regular reliable remain remember remove replace reply report request require reserve response result retail \
    return review right rubber safety sample satisfy schedule season second section security select separate serious service \
    several shape shelf shipping should similar simple single situation sketch small social soft solution something southern \
    special specify square stainless standard start station steel still stock storage store straight strength strong style \
    subject success suggest summer supplier supply support surface system table technical temperature thank their themselves \
    therefore thickness thing think though thousand through tomorrow tonight together total towards travel treat trouble truck \
    twelve twice typical umbrella under understand uniform unless until update upgrade useful usually valley value various \
    vehicle version very video village visit volume waiting warehouse warranty waste watch water weather website wednesday \
    week weight welcome western whether while whole wholesale window winter within without wonder wooden working worldwide \
    worth would writing written yesterday young your";

/// Letters of a match that may stand within a word by intention: `able`, not `pi`.
const SHORTEST_WITHIN: usize = 5;
/// The same for the beginning of a word.
const SHORTEST_BEGINNING: usize = 3;

/// Refuses a keyword that is found inside words which mean something else.
pub(super) fn check_keyword(written: &str, keyword: &Keyword) -> Result<(), Mistake> {
    let mut letters = keyword.folded.chars();
    let first = letters.next().filter(|_| letters.next().is_none());
    if first.is_some_and(super::keyword::is_spaced) {
        let what = format!("{written:?} is a single sign, which stands in nearly every mail");
        return Err(Mistake::new(what, "write the whole word"));
    }
    let inside = WORDS.match_indices(&keyword.folded).find_map(|(start, found)| {
        let end = start + found.len();
        let fits = keyword.before.allows(WORDS[..start].chars().next_back())
            && keyword.after.allows(WORDS[end..].chars().next());
        fits.then(|| mistaken(start, end)).flatten()
    });
    let Some(word) = inside else { return Ok(()) };
    let what = format!("{written:?} is also found inside other words, such as {word:?}");
    Err(Mistake::new(what, format!("{:?} stands alone", written.trim_matches('*'))))
}

/// Refuses a pattern that is found inside words which mean something else.
pub(super) fn check_pattern(written: &str, pattern: &Pattern) -> Result<(), Mistake> {
    if pattern.minimum_len() >= SHORTEST_WITHIN {
        return Ok(());
    }
    let Some(regex) = pattern.single() else { return Ok(()) };
    let Some(word) = regex.find_iter(WORDS).find_map(|found| mistaken(found.start(), found.end())) else {
        return Ok(());
    };
    let what = format!("re:{written} is also found inside other words, such as {word:?}");
    Err(Mistake::new(what, "\\b at both ends lets it stand alone, e.g. 're:\\bPI\\b'"))
}

/// The word in which a match is too short to be meant.
fn mistaken(start: usize, end: usize) -> Option<&'static str> {
    let found = &WORDS[start..end];
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let within = is_letter(WORDS[..start].chars().next_back());
    let runs_on = is_letter(WORDS[end..].chars().next());
    let short = within && found.len() < SHORTEST_WITHIN || runs_on && found.len() < SHORTEST_BEGINNING;
    if !short || !found.chars().all(char::is_alphabetic) {
        return None;
    }
    let from = WORDS[..start].rfind(' ').map_or(0, |at| at + 1);
    WORDS[from..].split(' ').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyword(written: &str) -> bool {
        check_keyword(written, &Keyword::parse(written, false).expect(written)).is_ok()
    }

    fn pattern(written: &str) -> bool {
        check_pattern(written, &Pattern::parse(written).expect(written)).is_ok()
    }

    #[test]
    fn what_would_be_found_in_any_mail_is_no_keyword() {
        for sound in ["pi", "moq", "*preis", "lieferant*", "tarif*", "报价", "急", "*سعر", "цен*", "c&f"] {
            assert!(keyword(sound), "{sound}");
        }
        for wrong in ["*pi*", "*er", "a", "5", "я", "*art*", "po*"] {
            assert!(!keyword(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_pattern_without_edges_is_found_in_words() {
        for sound in [r"\bPI\b", "pantone", r"[0-9]+ ?kg\b", r"\bship", "[a-z]+-[0-9]+", r"\bL/?C\b"] {
            assert!(pattern(sound), "{sound}");
        }
        for wrong in ["PI", "PI|proforma", r"\w", "lc", r"\bpo"] {
            assert!(!pattern(wrong), "{wrong}");
        }
    }
}
