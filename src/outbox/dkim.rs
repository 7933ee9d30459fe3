//! DKIM signatures (RFC 6376; Ed25519 by RFC 8463) over mails of ours. Pure: the same mail gets the same signature, so that
//! a second attempt is identical.

use crate::clock::UnixTime;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::sync::Arc;

/// What a signature covers where a mail has it; RFC 8058 section 4 wants both headers of unsubscribing covered.
const SIGNED: [&str; 13] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];
/// Characters of a line of the header.
const LINE: usize = 72;
/// `SEQUENCE { rsaEncryption, NULL }` (RFC 8017 appendix C).
const RSA_ALGORITHM: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// Signs mails in the name of a domain.
#[derive(Clone)]
pub struct Signer {
    domain: String,
    selector: String,
    key: Arc<Key>,
}

enum Key {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// Why a key can't sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("it holds no private key in PEM")]
    NoKey,
    #[error("the RSA key is shorter than 2048 bits, which receivers don't trust")]
    TooShort,
    #[error("the RSA key is longer than 4096 bits, which receivers need not know")]
    TooLong,
    #[error("the key is neither RSA nor Ed25519, or damaged")]
    Unusable,
}

/// The mail can't be signed.
#[derive(Debug, thiserror::Error)]
#[error("the mail can't be signed with the DKIM key")]
pub struct SignError;

impl Signer {
    /// A key in PEM: RSA as PKCS#1 or PKCS#8, Ed25519 as PKCS#8.
    ///
    /// # Errors
    /// There is none, it is of another kind, or too short.
    pub fn new(domain: &str, selector: &str, pem: &str) -> Result<Signer, KeyError> {
        let key = Arc::new(Key::parse(pem)?);
        Ok(Signer { domain: domain.to_owned(), selector: selector.to_owned(), key })
    }

    /// The mail with its signature in front; `at` is its date.
    ///
    /// # Errors
    /// The key fails, which none of a good size does.
    pub fn signed(&self, mail: &[u8], at: UnixTime) -> Result<Vec<u8>, SignError> {
        let (head, body) = parts(mail);
        let fields = fields(head);
        let present: Vec<&str> = SIGNED.into_iter().filter(|name| last(&fields, name).is_some()).collect();
        let mut covered: String =
            present.iter().filter_map(|name| last(&fields, name)).map(|field| relaxed(field) + "\r\n").collect();
        // From is named once more than it is there: nobody can add another (RFC 6376 section 8.15).
        let names = present.iter().copied().chain(["From"]).collect::<Vec<_>>().join(":");
        let unsigned = self.header(&names, &STANDARD.encode(Sha256::digest(relaxed_body(body))), at);
        covered.push_str(&relaxed(&unsigned));
        let signature = STANDARD.encode(self.key.sign(covered.as_bytes())?);
        let header = format!("{unsigned}{}\r\n", folded(&signature));
        Ok([header.as_bytes(), mail].concat())
    }

    /// The header up to `b=`, whose value is the signature.
    fn header(&self, names: &str, body_hash: &str, at: UnixTime) -> String {
        let (algorithm, domain, selector) = (self.key.algorithm(), &self.domain, &self.selector);
        let names = names.replace(':', ":\r\n ");
        format!(
            "DKIM-Signature: v=1; a={algorithm}-sha256; c=relaxed/relaxed;\r\n d={domain};\r\n s={selector}; t={at};\r\n \
             h={names};\r\n bh={body_hash};\r\n b="
        )
    }

    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Name and text of the record by which receivers know the key (RFC 6376 section 3.6.1).
    pub fn dns_record(&self) -> (String, String) {
        let key = STANDARD.encode(self.key.public());
        let name = format!("{}._domainkey.{}", self.selector, self.domain);
        (name, format!("v=DKIM1; k={}; p={key}", self.key.algorithm()))
    }
}

/// Never the key.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({}, {})", self.selector, self.domain)
    }
}

impl Key {
    fn parse(pem: &str) -> Result<Key, KeyError> {
        let rsa = |parsed: Result<RsaKeyPair, ring::error::KeyRejected>| match parsed {
            Ok(key) => Ok(Key::Rsa(key)),
            Err(error) if error.to_string() == "TooSmall" => Err(KeyError::TooShort),
            Err(error) if error.to_string() == "TooLarge" => Err(KeyError::TooLong),
            Err(_) => Err(KeyError::Unusable),
        };
        match PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| KeyError::NoKey)? {
            PrivateKeyDer::Pkcs1(der) => rsa(RsaKeyPair::from_der(der.secret_pkcs1_der())),
            PrivateKeyDer::Pkcs8(der) => match Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.secret_pkcs8_der()) {
                Ok(key) => Ok(Key::Ed25519(key)),
                Err(_) => rsa(RsaKeyPair::from_pkcs8(der.secret_pkcs8_der())),
            },
            _ => Err(KeyError::Unusable),
        }
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Key::Rsa(_) => "rsa",
            Key::Ed25519(_) => "ed25519",
        }
    }

    fn sign(&self, covered: &[u8]) -> Result<Vec<u8>, SignError> {
        match self {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                // The randomness only blinds the computation: the signature is always the same.
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), covered, &mut signature).map_err(|_| SignError)?;
                Ok(signature)
            }
            // What Ed25519 signs is the hash (RFC 8463 section 3).
            Key::Ed25519(key) => Ok(key.sign(&Sha256::digest(covered)).as_ref().to_vec()),
        }
    }

    /// As a record has it: an RSA key as SubjectPublicKeyInfo, an Ed25519 key bare (RFC 8463 section 4).
    fn public(&self) -> Vec<u8> {
        match self {
            Key::Rsa(key) => {
                let bits = der(0x03, &[&[0], key.public().as_ref()].concat());
                der(0x30, &[&RSA_ALGORITHM, bits.as_slice()].concat())
            }
            Key::Ed25519(key) => key.public_key().as_ref().to_vec(),
        }
    }
}

/// A value of ASN.1 with its tag and length, in at most 65,535 bytes (X.690 section 8.1.3).
fn der(tag: u8, value: &[u8]) -> Vec<u8> {
    let [.., high, low] = value.len().to_be_bytes();
    let length: &[u8] = match (high, low) {
        (0, low @ 0..=0x7f) => &[low],
        (0, low) => &[0x81, low],
        (high, low) => &[0x82, high, low],
    };
    [&[tag], length, value].concat()
}

/// The header's lines, and the body.
fn parts(mail: &[u8]) -> (&[u8], &[u8]) {
    const GAP: &[u8] = b"\r\n\r\n";
    match memchr::memmem::find(mail, GAP) {
        Some(at) => (&mail[..at], &mail[at + GAP.len()..]),
        None => (mail, b""),
    }
}

/// Header fields, each with its continuation lines.
fn fields(head: &[u8]) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for line in String::from_utf8_lossy(head).split("\r\n") {
        match fields.last_mut() {
            Some(field) if line.starts_with([' ', '\t']) => field.extend(["\r\n", line]),
            _ => fields.push(line.to_owned()),
        }
    }
    fields
}

/// The field that a signature takes first: the last of its name (RFC 6376 section 5.4.2).
fn last<'a>(fields: &'a [String], name: &str) -> Option<&'a String> {
    let is_named =
        |field: &&String| field.split_once(':').is_some_and(|(own, _)| own.trim().eq_ignore_ascii_case(name));
    fields.iter().rev().find(is_named)
}

/// A header field in its relaxed form, without its end of line (RFC 6376 section 3.4.2).
fn relaxed(field: &str) -> String {
    let (name, value) = field.split_once(':').unwrap_or((field, ""));
    let words = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    format!("{}:{}", name.trim().to_ascii_lowercase(), words.collect::<Vec<_>>().join(" "))
}

/// The body in its relaxed form (RFC 6376 section 3.4.4).
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut kept = 0;
    for line in body.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut gap = false;
        for byte in line {
            match byte {
                b' ' | b'\t' => gap = true,
                byte => {
                    out.extend(std::mem::take(&mut gap).then_some(b' '));
                    out.push(*byte);
                    kept = out.len() + 2;
                }
            }
        }
        out.extend_from_slice(b"\r\n");
    }
    // Empty lines at the end don't count, nor does what splitting left behind the last line.
    out.truncate(kept);
    out
}

/// A value in lines.
fn folded(value: &str) -> String {
    let lines: Vec<&str> = value.as_bytes().chunks(LINE).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    lines.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_relaxed_forms_are_those_of_the_standard() {
        // RFC 6376 section 3.4.5.
        assert_eq!(relaxed("A: X"), "a:X");
        assert_eq!(relaxed("B : Y\t\r\n\tZ  "), "b:Y Z");
        assert_eq!(relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n"), b" C\r\nD E\r\n");
        assert_eq!(relaxed_body(b""), b"");
        assert_eq!(relaxed_body(b"\r\n \r\n"), b"");
        assert_eq!(relaxed_body(b"no end"), b"no end\r\n");
        assert_eq!(relaxed_body(b"a\r\n\r\nb\r\n"), b"a\r\n\r\nb\r\n");
    }

    #[test]
    fn lengths_are_written_as_der_wants_them() {
        assert_eq!(der(4, &[7; 3]), [4, 3, 7, 7, 7]);
        assert_eq!(der(4, &[7; 200])[..3], [4, 0x81, 200]);
        assert_eq!(der(4, &[7; 300])[..4], [4, 0x82, 1, 44]);
    }

    #[test]
    fn what_is_no_key_is_told() {
        let wrong = |pem: &str| Signer::new("factory.example", "s1", pem).expect_err("refused");
        assert_eq!(wrong(""), KeyError::NoKey);
        assert_eq!(wrong("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), KeyError::NoKey);
        assert_eq!(wrong("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), KeyError::Unusable);
        assert_eq!(wrong("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"), KeyError::Unusable);
    }
}
