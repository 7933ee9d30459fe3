//! The link by which the reader of one newsletter leaves: it names the mail and proves that we wrote it, and shows no address.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of the HMAC that a link carries (RFC 2104 section 5).
const CUT: usize = 16;

/// The link of the mail with this number in the outbox; it never expires, as mails don't. The recipient is part of the proof:
/// in a store that was restored, the number may be another mail's.
pub fn link(base: &str, outbox_id: i64, recipient: &str, secret: &str) -> String {
    let proof = mac(outbox_id, recipient, secret).finalize().into_bytes();
    format!("{}/{outbox_id}.{}", base.trim_end_matches('/'), URL_SAFE_NO_PAD.encode(&proof[..CUT]))
}

/// What a link's last part says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub outbox_id: i64,
    proof: Vec<u8>,
}

impl Token {
    /// None if it is none.
    pub fn parse(token: &str) -> Option<Token> {
        let (id, proof) = token.split_once('.')?;
        let proof = URL_SAFE_NO_PAD.decode(proof).ok().filter(|proof| proof.len() == CUT)?;
        Some(Token { outbox_id: id.parse().ok()?, proof })
    }

    /// Whether we made it for the mail to this recipient.
    pub fn proves(&self, recipient: &str, secret: &str) -> bool {
        mac(self.outbox_id, recipient, secret).verify_truncated_left(&self.proof).is_ok()
    }
}

fn mac(outbox_id: i64, recipient: &str, secret: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(format!("one click/{outbox_id}/{}", recipient.to_lowercase()).as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_its_mail_and_nobody_can_make_one() {
        let link = link("https://news.example.com/u/", 1795, "Ann@kestrel.example", "secret");
        let token = link.strip_prefix("https://news.example.com/u/").expect("the base");
        let proves = |token: &str, recipient: &str, secret: &str| {
            Token::parse(token).is_some_and(|token| token.outbox_id == 1795 && token.proves(recipient, secret))
        };
        assert!(proves(token, "ann@kestrel.example", "secret"));
        assert!(!proves(token, "bob@heron.example", "secret"), "the number is another mail's by now");
        assert!(!proves(token, "ann@kestrel.example", "another"));
        let another = token.replace("1795.", "1796.");
        for forged in [another.as_str(), "1795", "1795.", "1795.AAAAAAAAAAAAAAAAAAAAAA", "1795.AA", "x.y", "", "🦀.x"]
        {
            assert!(!proves(forged, "ann@kestrel.example", "secret"), "{forged}");
        }
    }
}
