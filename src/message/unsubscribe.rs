//! Wishes to be taken off our mailings.

use regex::Regex;
use std::sync::LazyLock;

/// Words beyond this are more than a wish to be left alone: a person reads them.
const SHORT: usize = 300;

/// Whether subject or words ask for it: the subject our List-Unsubscribe mailto makes, or a short plain request.
pub(super) fn asked(subject: &str, own: &str) -> bool {
    static OURS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)^unsubscribe [A-Za-z0-9._~=-]{6,200}$").expect("a fixed pattern compiles"));
    static REQUEST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?i)(?-u:\b)(?:unsubscribe|opt[- ]?out|remove (?:me|us|my (?:e-?mail|address)|our (?:e-?mail|address)|this (?:e-?mail|address))|take (?:me|us) off|stop (?:sending|e-?mailing|mailing)|do not (?:e-?mail|contact|send)|don't (?:e-?mail|contact|send)|no more (?:e-?mails|mails|newsletters?))(?-u:\b)",
            r"|abmelden|abbestellen|austragen|keine (?:weiteren )?(?:e-?mails?|newsletter|werbung)|désabonn|désinscri|ne plus (?:recevoir|m'envoyer)|darme de baja|dar de baja|cancelar (?:la )?suscripción|no (?:deseo|quiero) recibir|não (?:desejo|quero) receber|descadastr|cancelar (?:a )?inscrição",
            r"|cancellami|disiscriv|non (?:desidero|voglio) (?:più )?ricevere|uitschrijven|afmelden|wypisać|wypisz|отпи[сш]|не присыла|退订|退訂|取消订阅|取消訂閱|不要再(?:发|發)|请勿再(?:发|發)|配信停止|配信解除|수신 ?거부|구독 ?(?:취소|해지)|abonelikten çık|إلغاء الاشتراك|hủy đăng ký"
        ))
        .expect("a fixed pattern compiles")
    });
    let subject = subject.trim();
    if OURS.is_match(subject) {
        return true;
    }
    let own = own.trim();
    let short = own.chars().count() <= SHORT;
    let bare_subject = ["unsubscribe", "退订", "退訂", "remove", "stop", "abmelden", "désabonnement", "baja"]
        .contains(&subject.to_lowercase().as_str());
    short && (REQUEST.find(own).is_some_and(|hit| !is_offer(&own[..hit.start()], &own[hit.end()..])) || bare_subject)
}

/// "To unsubscribe click here": a circular offers it, nobody asks for it.
fn is_offer(before: &str, after: &str) -> bool {
    let before = before[before.ceil_char_boundary(before.len().saturating_sub(40))..].to_lowercase();
    const LEADS: &[&str] = &[
        "点击",
        "點擊",
        "如不",
        "如需",
        "如果您不",
        "click",
        "if you",
        "hier ",
        "here to",
        "here: ",
        "möchten sie",
        "si vous",
        "si no desea",
        "si desea",
        "se não",
        "se non",
        "если вы",
        "чтобы ",
        "to ",
    ];
    if LEADS.iter().any(|lead| before.contains(lead)) {
        return true;
    }
    let after = after[..after.floor_char_boundary(48)].to_lowercase();
    [
        "click",
        "here",
        "link",
        "reply with",
        "please visit",
        "http",
        "hier",
        "cliquez",
        "ici",
        "haga clic",
        "aquí",
        "clique",
        "aqui",
        "нажмите",
        "请回复",
        "请点击",
        "點擊",
        "点击",
        "回复td",
        "回t",
        "preferences",
    ]
    .iter()
    .any(|w| after.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_our_own_header_makes_is_enough() {
        assert!(asked("unsubscribe a1b2c3d4e5", ""));
        assert!(asked("UNSUBSCRIBE a1b2c3d4e5", "Sent from my iPhone"));
    }

    #[test]
    fn a_short_request_counts_in_many_tongues() {
        for own in [
            "Please remove me from your list.",
            "Bitte abmelden",
            "退订",
            "Merci de me désabonner",
            "отпишите меня",
            "No deseo recibir más correos",
        ] {
            assert!(asked("Re: news", own), "{own}");
        }
    }

    #[test]
    fn a_long_mail_that_happens_to_name_it_is_left_to_people() {
        let own =
            format!("Please unsubscribe my other address. {}", "We need forty umbrellas with double vent. ".repeat(10));
        assert!(!asked("hello", &own));
        assert!(!asked("Re: offer", "Please remove the logo from the carton and quote again."));
    }
}
