//! The writer's own new words, told from quoted history, signatures and disclaimers.

mod marks;

pub(super) use marks::{Label, attribution, header_label};

/// Lines that are looked at; longer mail is history anyway.
const MAX_LINES: usize = 5000;
/// A signature or disclaimer is not longer than this.
const MAX_SIGNATURE_LINES: usize = 20;

/// A body taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Split {
    /// The writer's own words without the signature.
    pub own: String,
    /// The same with the signature: company and phone stand there.
    pub signed: String,
    /// The history, its `>` marks removed; empty if there is none.
    pub history: String,
    /// The history was all there is, so that it counts as the writer's words.
    pub only_history: bool,
}

/// Takes a body apart.
pub(super) fn split(text: &str) -> Split {
    let lines: Vec<&str> =
        crate::text::lines(text).take(MAX_LINES).map(|l| l.strip_suffix('\r').unwrap_or(l)).collect();
    let (own, answers, history) = own_and_history(&lines[marks::banner(&lines)..]);
    let own = without_small_print(own);
    let signed = joined(&own) + if answers.is_empty() { "" } else { "\n\n" } + &joined(&answers);
    let history = joined(&history);
    if signed.is_empty() && !history.is_empty() {
        let content = joined(&without_header_block(&history));
        let content = if content.is_empty() { history.clone() } else { content };
        let signed = without_small_print(content.lines().collect());
        let own = joined(&without_signature(&signed));
        return Split { own, signed: joined(&signed), history, only_history: true };
    }
    let mut kept = joined(&without_signature(&own));
    if !answers.is_empty() {
        kept = format!("{kept}\n\n{}", joined(&answers));
    }
    Split { own: kept, signed, history, only_history: false }
}

fn joined<S: AsRef<str>>(lines: &[S]) -> String {
    let mut out = String::new();
    for line in lines {
        let line = line.as_ref().trim_end();
        if out.is_empty() && line.is_empty() {
            continue;
        }
        out.push_str(line);
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

/// Own lines, answers written into the history, and the history.
type Sorted<'t> = (Vec<&'t str>, Vec<&'t str>, Vec<&'t str>);

fn own_and_history<'t>(lines: &[&'t str]) -> Sorted<'t> {
    let (mut own, mut history) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if line.starts_with(">>>") && marks::is_enclosed_attribution(line.trim_end()) {
            return with_unmarked_history(own, history, &lines[at..]);
        } else if is_quoted(line) && !(history.is_empty() && is_comparison(lines, at)) {
            history.push(unquoted(line));
            at += 1;
        } else if let Some(length) = marks::attribution(&lines[at..]) {
            history.extend(lines[at..at + length].iter().map(|l| unquoted(l)));
            at += length;
            if !next_is_quoted(&lines[at..]) {
                return with_unmarked_history(own, history, &lines[at..]);
            }
        } else if marks::starts_history(&lines[at..]) {
            return with_unmarked_history(own, history, &lines[at..]);
        } else if marks::is_reply_line(line) {
            // Ticket systems: everything above was typed into the reply, everything below is theirs.
            if !joined(&own).is_empty() {
                history.extend(&lines[at + 1..]);
                return (own, Vec::new(), history);
            }
            at += 1;
        } else {
            own.push(line);
            at += 1;
        }
    }
    (own, Vec::new(), history)
}

/// History without `>` marks goes to the end of the mail; answers written into it are found by how they look.
fn with_unmarked_history<'t>(mut own: Vec<&'t str>, mut history: Vec<&'t str>, rest: &[&'t str]) -> Sorted<'t> {
    let points_below = own.iter().any(|line| marks::points_into_history(line));
    let answers: Vec<&str> =
        if points_below { rest.iter().copied().filter(|l| marks::is_inline_answer(l)).collect() } else { Vec::new() };
    if points_below && answers.is_empty() {
        // He says he answered in the history, and nothing tells his words from ours: keep them all.
        own.extend(rest);
        return (own, answers, history);
    }
    history.extend(rest.iter().map(|l| unquoted(l)));
    (own, answers, history)
}

fn is_quoted(line: &str) -> bool {
    let line = line.trim_start();
    match line.as_bytes().first() {
        Some(b'>') => true,
        Some(b'A'..=b'Z') => initials(line) > 0,
        _ => false,
    }
}

/// "> 500 pcs: 3.10" on a line of its own compares; quoted lines come in company or after an attribution.
fn is_comparison(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim_start().trim_start_matches('>').trim_start_matches('=').trim_start();
    let alone = |neighbour: Option<&&str>| neighbour.is_none_or(|l| !is_quoted(l));
    line.starts_with(|c: char| c.is_ascii_digit())
        && lines.len() > 1
        && alone(at.checked_sub(1).and_then(|before| lines.get(before)))
        && alone(lines.get(at + 1))
}

/// Bytes of the initials that The Bat! puts in front of a quote mark: `AX> `.
fn initials(line: &str) -> usize {
    let letters = line.bytes().take_while(u8::is_ascii_uppercase).count();
    let marked = matches!(line.as_bytes().get(letters..), Some([b'>'] | [b'>', b' ' | b'>', ..]));
    if (1..=3).contains(&letters) && marked { letters } else { 0 }
}

/// A line without its `>` marks.
pub(super) fn unquoted(line: &str) -> &str {
    let mut line = line;
    let start = line.trim_start();
    if start.as_bytes().first().is_some_and(u8::is_ascii_uppercase) {
        line = &start[initials(start)..];
        if line.len() == start.len() {
            return line;
        }
    }
    while let Some(rest) = line.trim_start().strip_prefix('>') {
        line = rest;
    }
    line.strip_prefix(' ').unwrap_or(line)
}

fn next_is_quoted(lines: &[&str]) -> bool {
    lines.iter().find(|l| !l.trim().is_empty()).is_some_and(|l| is_quoted(l))
}

/// The history's own text: separator and header lines in front of it removed.
fn without_header_block(history: &str) -> Vec<&str> {
    let lines: Vec<&str> = history.lines().collect();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at].trim();
        let frame = line.is_empty()
            || marks::is_separator(line)
            || header_label(line).is_some()
            || marks::attribution(&lines[at..]).is_some();
        if !frame {
            break;
        }
        at += marks::attribution(&lines[at..]).unwrap_or(1);
    }
    lines[at..].to_vec()
}

/// Cuts disclaimers and adverts, and all that is under them, unless nothing or a question would be lost.
fn without_small_print(mut lines: Vec<&str>) -> Vec<&str> {
    let Some(first) = lines.iter().position(|l| !l.trim().is_empty()) else { return lines };
    let is_small_print = |at: usize| {
        let line = lines[at].trim();
        marks::may_end_the_words(line) && (marks::is_advert(line) || marks::is_disclaimer(&lines[at..]))
    };
    if let Some(at) = (first + 1..lines.len()).find(|at| is_small_print(*at))
        && !lines[at..].iter().any(|l| marks::is_postscript(l.trim()))
    {
        lines.truncate(at);
    }
    lines
}

/// Cuts the signature, the "sent from my phone" line and the disclaimer, unless nothing would be left.
fn without_signature<'t>(lines: &[&'t str]) -> Vec<&'t str> {
    let mut end = lines.len();
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim();
        if line.is_empty() || lines[..at].iter().all(|l| l.trim().is_empty()) {
            continue;
        }
        let below = lines.len() - at;
        let delimiter = matches!(line, "--" | "—" | "– –" | "-- -") && below <= MAX_SIGNATURE_LINES;
        if delimiter || marks::is_rule(line) && below <= 12 {
            end = at;
            break;
        }
        if !marks::may_end_the_words(line) {
            continue;
        }
        if marks::is_mobile_footer(line) || marks::is_advert(line) || marks::is_disclaimer(&lines[at..]) {
            end = at;
            break;
        }
        if marks::is_closing(line) && is_signature_block(&lines[at + 1..]) {
            end = at;
            break;
        }
    }
    lines[..end].to_vec()
}

/// What follows "Best regards": a few short lines, none of which asks anything or is a postscript.
fn is_signature_block(lines: &[&str]) -> bool {
    let filled: Vec<&str> = lines.iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect();
    let is_end = |at: &usize| marks::is_disclaimer(&filled[*at..]) || marks::is_mobile_footer(filled[*at]);
    let end = (0..filled.len()).find(is_end).unwrap_or(filled.len());
    end <= 12
        && filled[..end]
            .iter()
            .all(|line| line.chars().count() <= 90 && !line.ends_with(['?', '？']) && !marks::is_postscript(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: &str) -> String {
        split(text).own
    }

    #[test]
    fn gmail_outlook_and_apple_histories_are_cut() {
        for history in [
            "On Tue, 27 Oct 2026 at 03:15, Amy Xu <amy@seller.example> wrote:\n> old words",
            "On Tue, 27 Oct 2026 at 03:15, Amy Xu\n<amy@seller.example> wrote:\n\n> old words",
            "Am 27.10.2026 um 03:15 schrieb Amy Xu:\n> old words",
            "-----Original Message-----\nFrom: Amy\nSent: Monday\n\nold words",
            "________________________________\nVon: Amy Xu\nGesendet: Montag\nAn: Jo\nBetreff: x\n\nold words",
            "De : Amy Xu <amy@seller.example>\nEnvoyé : mercredi\nÀ : Jo\nObjet : x\n\nold words",
            "------------------ 原始邮件 ------------------\n发件人: \"amy\";\n主题: x\n\nold words",
            "发件人： amy\n发送时间： 2026-10-27\n收件人： jo\n主题： x\n\nold words",
            "At 2026-10-27 10:00:00, \"Amy\" <amy@seller.example> wrote:\nold words",
            "28.10.2026, 10:17, \"Amy Xu\" <amy@seller.example>:\n> old words",
            "2026年10月27日(火) 10:00 Amy <amy@seller.example>:\n> old words",
        ] {
            assert_eq!(own(&format!("New words.\n\n{history}\n")), "New words.", "{history}");
        }
    }

    #[test]
    fn answers_between_quoted_lines_stay() {
        let text = "On Monday Amy <a@b.example> wrote:\n> Colour?\nGreen please\n> Port?\nHamburg\n";
        assert_eq!(own(text), "Green please\nHamburg");
    }

    #[test]
    fn answers_in_capitals_inside_an_unmarked_history_stay() {
        let text = "See below in CAPS.\n\n-----Original Message-----\nFrom: A\nSent: B\n\nBase type?\nCAST IRON\n";
        assert_eq!(own(text), "See below in CAPS.\n\nCAST IRON");
    }

    #[test]
    fn when_the_quote_is_all_there_is_it_is_the_content() {
        let split = split("> From: Jo\n> Subject: chairs\n> Date: Monday\n>\n> Please quote 500 chairs.\n");
        assert!(split.only_history);
        assert_eq!(split.own, "Please quote 500 chairs.");
    }

    #[test]
    fn a_signature_goes_but_stays_known() {
        let split = split("Please quote.\n\nBest regards,\nJo\nKestrel Ltd\n+44 1632 960714");
        assert_eq!(split.own, "Please quote.");
        assert!(split.signed.ends_with("+44 1632 960714"));
        assert_eq!(own("Please quote.\n-- \nJo\nKestrel"), "Please quote.");
        assert_eq!(own("How much?\n\nSent from my iPhone"), "How much?");
        assert_eq!(own("有没有目录\n\n发自我的iPhone"), "有没有目录");
    }

    #[test]
    fn a_postscript_after_the_regards_is_no_signature() {
        let text = "Please quote.\nRegards\nJo\nP.S. we need 500 more";
        assert_eq!(own(text), text);
    }

    #[test]
    fn words_with_a_colon_are_no_header_block() {
        let text = "Dear Amy,\nTo: be clear\nSubject: to price\nwe need 300 tents";
        assert_eq!(own(text), text);
    }
}
