//! The link by which the reader of one newsletter leaves: it names the mail and proves that we wrote it, and shows no address.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of the HMAC that a link carries (RFC 2104 section 5).
const CUT: usize = 16;

/// The link of the mail with this number in the outbox; it never expires, as mails don't.
pub fn link(base: &str, outbox_id: i64, secret: &str) -> String {
    let proof = mac(outbox_id, secret).finalize().into_bytes();
    format!("{}/{outbox_id}.{}", base.trim_end_matches('/'), URL_SAFE_NO_PAD.encode(&proof[..CUT]))
}

/// The mail that a link's last part names; None if we did not write it.
pub fn outbox_id(token: &str, secret: &str) -> Option<i64> {
    let (id, proof) = token.split_once('.')?;
    let id = id.parse().ok()?;
    let proof = URL_SAFE_NO_PAD.decode(proof).ok().filter(|proof| proof.len() == CUT)?;
    mac(id, secret).verify_truncated_left(&proof).ok().map(|()| id)
}

fn mac(outbox_id: i64, secret: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(format!("one click/{outbox_id}").as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_its_mail_and_nobody_can_make_one() {
        let link = link("https://news.example.com/u/", 1795, "secret");
        let token = link.strip_prefix("https://news.example.com/u/").expect("the base");
        assert_eq!(outbox_id(token, "secret"), Some(1795));
        assert_eq!(outbox_id(token, "another"), None);
        let another = token.replace("1795.", "1796.");
        for forged in [another.as_str(), "1795", "1795.", "1795.AAAAAAAAAAAAAAAAAAAAAA", "1795.AA", "x.y", "", "🦀.x"]
        {
            assert_eq!(outbox_id(forged, "secret"), None, "{forged}");
        }
    }
}
