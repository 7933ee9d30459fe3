//! Modified UTF-7, the folder names' dress on the wire (RFC 3501 section 5.1.3).
//!
//! Total in both directions: a server or a file system may hold any bytes, and a broken name must not stop a poll.

use base64::Engine;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Base64 with `,` for `/` and no padding; careless encoders' trailing bits are let pass.
const MODIFIED_BASE64: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// `已发送` as `&XfJT0ZAB-`.
pub fn encode(name: &str) -> String {
    let mut wire = String::with_capacity(name.len());
    let mut shifted = Vec::new();
    for c in name.chars() {
        if !matches!(c, ' '..='~') {
            shifted.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
            continue;
        }
        flush(&mut shifted, &mut wire);
        wire.push(c);
        if c == '&' {
            wire.push('-');
        }
    }
    flush(&mut shifted, &mut wire);
    wire
}

fn flush(shifted: &mut Vec<u8>, wire: &mut String) {
    if !shifted.is_empty() {
        wire.push('&');
        MODIFIED_BASE64.encode_string(&shifted, wire);
        wire.push('-');
        shifted.clear();
    }
}

/// `&XfJT0ZAB-` as `已发送`; None where the name is not modified UTF-7 (some servers send plain UTF-8).
pub fn decode(wire: &str) -> Option<String> {
    let mut name = String::with_capacity(wire.len());
    let mut rest = wire;
    while let Some((plain, after)) = rest.split_once('&') {
        let (coded, after) = after.split_once('-')?;
        name.push_str(plain);
        match coded {
            "" => name.push('&'),
            _ => name.push_str(&shifted_text(coded)?),
        }
        rest = after;
    }
    name.push_str(rest);
    Some(name)
}

fn shifted_text(coded: &str) -> Option<String> {
    let bytes = MODIFIED_BASE64.decode(coded).ok()?;
    let (pairs, odd) = bytes.as_chunks::<2>();
    if !odd.is_empty() {
        return None;
    }
    char::decode_utf16(pairs.iter().map(|pair| u16::from_be_bytes(*pair))).collect::<Result<_, _>>().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folder_names_of_the_trade_survive_the_wire() {
        for (name, wire) in [
            ("已发送", "&XfJT0ZAB-"),
            ("INBOX.客户", "INBOX.&W6JiNw-"),
            ("Отправленные", "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-"),
            ("Entwürfe", "Entw&APw-rfe"),
            ("R&D", "R&-D"),
            ("é&é", "&AOk-&-&AOk-"),
            ("📦 orders", "&2D3c5g- orders"),
        ] {
            assert_eq!(encode(name), wire);
            assert_eq!(decode(wire).as_deref(), Some(name));
        }
    }

    #[test]
    fn a_broken_name_is_said_to_be_broken() {
        for wire in ["&XfJT0ZAB", "&!!-", "&AA-", "&2AA-", "a&b"] {
            assert_eq!(decode(wire), None, "{wire}");
        }
    }

    proptest! {
        #[test]
        fn every_name_comes_back(name in "\\PC*") {
            prop_assert_eq!(decode(&encode(&name)), Some(name));
        }

        #[test]
        fn any_bytes_of_a_server_are_borne(wire in "[&,+/A-Za-z0-9é-]*") {
            let _ = decode(&wire);
        }
    }
}
