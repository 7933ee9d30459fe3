//! Subjects: whether one answers, and what it is without its prefixes. Pure.

use crate::text::normalise;

/// `Re:` and its kin in other languages.
const REPLY: &str = "re aw antw antwort sv res rv r rif odp odp. ynt yan vs vá bls atb ang απ σχετ на ha ответ отв відп 回复 回覆 回復 答复 返信 회신 답장 رد الرد tl השב תשובה ตอบ odpověď odpoveď";
/// Those with a space in them.
const LONG_REPLY: &str = "trả lời";
/// `Fwd:` and its kin.
const FORWARD: &str = "fw fwd wg tr enc rv i pd vb vs yml ilt пересл fs doorst 转发 转寄 轉寄 轉發 転送 전달";

/// Whether the subject answers one; its prefix may be numbered (`Re[2]:`, `RE(3)：`) and stand behind a list's name in
/// brackets.
pub fn is_reply(subject: &str) -> bool {
    let mut subject = subject.trim_start().to_lowercase();
    if let Some((_, rest)) = subject.strip_prefix('[').and_then(|named| named.split_once(']')) {
        subject = rest.trim_start().to_owned();
    }
    prefix(&subject).is_some_and(|(word, _)| word == LONG_REPLY || REPLY.split(' ').any(|known| known == word))
}

/// Whether the subject says that a mail is passed on.
pub fn is_forward(subject: &str) -> bool {
    let subject = subject.trim_start().to_lowercase();
    prefix(&subject).is_some_and(|(word, _)| FORWARD.split(' ').any(|known| known == word))
}

/// The subject without prefixes, comparable: what an answer and its question have in common. Empty where nothing is left.
pub fn key(subject: &str) -> String {
    let mut rest = normalise(subject).trim().to_owned();
    while let Some((word, after)) = prefix(&rest) {
        let known =
            word == LONG_REPLY || [REPLY, FORWARD].iter().any(|words| words.split(' ').any(|known| known == word));
        if !known {
            break;
        }
        rest = after.trim_start().to_owned();
    }
    let flat = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    flat.chars().take(200).collect()
}

/// The word in front of the first colon, without its number, and what follows.
fn prefix(subject: &str) -> Option<(&str, &str)> {
    let (before, after) = subject.split_once([':', '：'])?;
    let word = before.trim_end().trim_end_matches(|c: char| c.is_ascii_digit() || "[]()^* ".contains(c));
    Some((word, after))
}

#[cfg(test)]
mod tests {
    use super::{is_reply, key};

    #[test]
    fn an_answer_is_known_by_its_prefix_in_many_tongues_numbered_or_not() {
        for subject in [
            "Re: x",
            "RE：x",
            "Re[2]: x",
            "Re (3): x",
            "re^2: x",
            "回复：x",
            "Antwort: x",
            "SV: x",
            "Odp.: x",
            "YNT: x",
            "RES: x",
            "[sales] AW: x",
        ] {
            assert!(is_reply(subject), "{subject}");
        }
        for subject in ["ENC: x", "Fwd: x", "转发：x", "Request: x", "Tents: 300 pcs", "Rush order", "x"] {
            assert!(!is_reply(subject), "{subject}");
        }
    }

    #[test]
    fn an_answer_and_its_question_have_one_key() {
        let question = key("Inquiry: 600 Folding Chairs");
        for answer in [
            "Re: Inquiry: 600 folding  chairs",
            "回复：Re[2]: INQUIRY: 600 folding chairs",
            "Fwd: AW: Inquiry: 600 Folding Chairs",
        ] {
            assert_eq!(key(answer), question, "{answer}");
        }
        assert_ne!(key("Re: Inquiry: 700 chairs"), question);
        assert_eq!(key("Re: "), "");
    }
}
