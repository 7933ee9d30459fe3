//! Tokens: what proves that an instruction was made from a mail that we sent to this person.
//!
//! A token is an HMAC-SHA256 (RFC 2104) of person, matter and last day under the installation's secret, cut to 80 bits
//! (RFC 2104 section 5). It is worth nothing with another sender's address, for another line, or after its last day.

use crate::clock::UnixTime;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const DAY: i64 = 24 * 60 * 60;
/// Days that a token is good for: longer than any holiday.
pub const GOOD_FOR: i64 = 30;
/// Bytes of the HMAC that a token carries.
const CUT: usize = 10;
/// What a token begins with.
const MARK: &str = "k.";

/// Whatever the person may do: for answers to a whole digest.
pub const EVERYTHING: &str = "*";

/// The token of `person` (an address) for `matter`, as it stands in a mail: `k.20800.0a1b…`.
pub fn token(secret: &str, person: &str, matter: &str, now: UnixTime) -> String {
    let last_day = now.div_euclid(DAY) + GOOD_FOR;
    let mac = mac(secret, person, matter, last_day).finalize().into_bytes();
    format!("{MARK}{last_day}.{}", crate::text::hex(&mac[..CUT]))
}

/// What the tokens in a mail are worth, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    Good,
    /// It was good once.
    Expired,
    Forged,
    /// There is none.
    Missing,
}

/// The best that the tokens in `text` say for this person and matter.
pub fn worth(secret: &str, person: &str, matter: &str, text: &str, now: UnixTime) -> Worth {
    let found = text.match_indices(MARK).take(50).filter_map(|(at, _)| read(&text[at..]));
    let each = found.map(|(last_day, given)| {
        let is_ours = |matter| mac(secret, person, matter, last_day).verify_truncated_left(&given).is_ok();
        match is_ours(matter) || is_ours(EVERYTHING) {
            true if now.div_euclid(DAY) <= last_day => Worth::Good,
            true => Worth::Expired,
            false => Worth::Forged,
        }
    });
    each.min().unwrap_or(Worth::Missing)
}

impl Worth {
    /// The better of two proofs.
    pub fn best(self, other: Worth) -> Worth {
        self.min(other)
    }
}

/// Whether the text bears what looks like a token.
pub fn is_in(text: &str) -> bool {
    text.match_indices(MARK).any(|(at, _)| read(&text[at..]).is_some())
}

/// Last day and HMAC of a token at the beginning of `text`.
fn read(text: &str) -> Option<(i64, [u8; CUT])> {
    let (last_day, rest) = text.strip_prefix(MARK)?.split_once('.')?;
    let digits = rest.as_bytes().get(..2 * CUT)?;
    let mut given = [0; CUT];
    for (byte, pair) in given.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some((last_day.parse().ok()?, given))
}

fn mac(secret: &str, person: &str, matter: &str, last_day: i64) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.chain_update(format!("{}\0{matter}\0{last_day}", person.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = 1_795_408_200;
    const AMY: &str = "amy@haiyue.example";

    #[test]
    fn a_token_serves_one_person_for_one_line_until_its_last_day() {
        let token = token("secret", AMY, "#123", NOW);
        let subject = format!("#123 B [{token}]");
        let worth = |secret, person, matter, now| worth(secret, person, matter, &subject, now);
        assert_eq!(worth("secret", "Amy@Haiyue.example", "#123", NOW), Worth::Good);
        assert_eq!(worth("secret", AMY, "#123", NOW + GOOD_FOR * DAY), Worth::Good);
        assert_eq!(worth("secret", AMY, "#123", NOW + (GOOD_FOR + 1) * DAY), Worth::Expired);
        assert_eq!(worth("secret", AMY, "#124", NOW), Worth::Forged);
        assert_eq!(worth("secret", "leo@haiyue.example", "#123", NOW), Worth::Forged);
        assert_eq!(worth("other", AMY, "#123", NOW), Worth::Forged);
    }

    #[test]
    fn a_token_of_a_digest_serves_each_of_its_lines() {
        let text = format!("#1 B\n> k.1.xx k.é {}\n", token("secret", AMY, EVERYTHING, NOW));
        assert_eq!(worth("secret", AMY, "#77", &text, NOW), Worth::Good);
        assert_eq!(worth("secret", AMY, "#77", "#77 B", NOW), Worth::Missing);
        let longer = token("secret", AMY, "#77", NOW).replace(|c: char| c.is_ascii_digit(), "9");
        assert_eq!(worth("secret", AMY, "#77", &longer, NOW), Worth::Forged, "nobody extends his own token");
    }
}
