//! Small things between wire and program: names, lists, dates.

use super::super::folders::Listed;
use super::super::utf7;
use super::plan::Shown;
use crate::clock::UnixTime;
use imap_proto::{AttributeValue, MailboxDatum, NameAttribute, Response};

/// A quoted string (RFC 3501 section 4.3).
pub fn quoted(wire: &str) -> String {
    let escaped: String = wire.chars().filter(|c| !c.is_control()).fold(String::new(), |mut escaped, c| {
        if matches!(c, '"' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
        escaped
    });
    format!("\"{escaped}\"")
}

/// A quoted string's escapes undone: imap-proto leaves them in.
fn unescaped(text: &str) -> String {
    let mut characters = text.chars();
    let mut plain = String::with_capacity(text.len());
    while let Some(c) = characters.next() {
        plain.push(if c == '\\' { characters.next().unwrap_or(c) } else { c });
    }
    plain
}

/// A folder of a LIST response.
pub fn listed_folder(response: &Response<'_>) -> Option<Listed> {
    let Response::MailboxData(MailboxDatum::List(list)) = response else { return None };
    let wire = unescaped(&list.name);
    let hidden = |attribute: &NameAttribute<'_>| match attribute {
        NameAttribute::NoSelect => true,
        NameAttribute::Extension(name) => name.eq_ignore_ascii_case("\\NonExistent"),
        _ => false,
    };
    Some(Listed {
        name: utf7::decode(&wire).unwrap_or_else(|| wire.clone()),
        wire,
        delimiter: list.delimiter.as_deref().and_then(|text| unescaped(text).chars().next()),
        selectable: !list.name_attributes.iter().any(hidden),
        sent: list.name_attributes.contains(&NameAttribute::Sent),
    })
}

/// A mail of a FETCH response about UID, INTERNALDATE and RFC822.SIZE.
pub fn listed_mail(response: &Response<'_>) -> Option<Shown> {
    let Response::Fetch(_, attributes) = response else { return None };
    let mut uid = None;
    let (mut size, mut arrived_at) = (0, None);
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(value) => uid = Some(*value),
            AttributeValue::Rfc822Size(value) => size = u64::from(*value),
            AttributeValue::InternalDate(text) => arrived_at = internal_date(text),
            _ => {}
        }
    }
    Some(Shown { uid: uid?, size, arrived_at })
}

/// `date-time` of RFC 3501 section 9, e.g. ` 7-Feb-1994 21:52:25 -0800`.
fn internal_date(text: &str) -> Option<UnixTime> {
    let parsed = jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim_start()).ok()?;
    Some(parsed.to_timestamp().ok()?.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_dates_are_read_with_and_without_a_leading_space() {
        assert_eq!(internal_date(" 7-Feb-1994 21:52:25 -0800"), Some(760_686_745));
        assert_eq!(internal_date("17-Jul-2026 02:44:25 +0800"), Some(1_784_227_465));
        assert_eq!(internal_date("never"), None);
    }

    #[test]
    fn odd_folder_names_are_quoted_and_come_back() {
        let name = r#"customers "A\B""#;
        assert_eq!(quoted(name), r#""customers \"A\\B\"""#);
        assert_eq!(unescaped(r#"customers \"A\\B\""#), name);
        assert_eq!(quoted("a\r\nb"), "\"ab\"");
    }
}
