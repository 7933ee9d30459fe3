//! Whether the reporting server has given up.

use super::WINDOW;
use super::reason::automaton;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// The reporting server has not given up.
pub(super) fn is_still_trying(words: &str) -> bool {
    let lower = words[..words.floor_char_boundary(WINDOW)].to_lowercase();
    STILL_TRYING.is_match(&lower) && !GAVE_UP.is_match(&lower)
}

static STILL_TRYING: LazyLock<AhoCorasick> = LazyLock::new(|| {
    automaton(&[
        "will be retried",
        "will keep trying",
        "will continue to",
        "attempts will continue",
        "still being retried",
        "still trying",
        "will retry",
        "will try again",
        "warning message only",
        "warning only",
        "only a temporary failure",
        "kept in the queue",
        "advisory-only",
        "has been postponed",
        "will attempt to deliver",
        "noch nicht zugestellt",
        "retardée",
        "retrasad",
        "atrasad",
        "ritardat",
        "задержан",
        "遅延",
        "지연",
        "not yet been delivered",
        "has been delayed",
        "do not need to resend",
        "delayed mail",
        "delivery delayed",
        "(delay)",
        "wird weiterhin versucht",
        "延迟",
        "将继续尝试",
        "将再次尝试",
        "seguirá intentando",
        "continuera d'essayer",
        "продолжит попытки",
    ])
});
static GAVE_UP: LazyLock<AhoCorasick> = LazyLock::new(|| {
    automaton(&[
        "permanent error",
        "permanent fatal error",
        "failed permanently",
        "given up",
        "giving up",
        "in the queue too long",
        "not going to try again",
        "no further attempts",
        "no further delivery attempts",
        "retry timeout exceeded",
        "message expired",
        "has expired",
    ])
});
