//! What our own mail server found when it checked who sent a mail (Authentication-Results, RFC 8601).

use super::House;
use super::header::Headers;

/// The DMARC failure that our own server states, e.g. "dmarc=fail".
///
/// Fields of other servers may be the sender's invention: where the configuration names our servers' authserv-ids, only
/// theirs count, else the topmost field.
pub(super) fn failed(headers: &Headers<'_>, house: &House) -> Option<String> {
    let fields = headers.all_lower("authentication-results");
    let ours = |field: &&String| house.authserv_ids.iter().any(|id| id.eq_ignore_ascii_case(authserv_id(field)));
    let trusted: Vec<&String> = match house.authserv_ids.is_empty() {
        true => fields.iter().take(1).collect(),
        false => fields.iter().filter(ours).collect(),
    };
    // An exchange of two servers of ours may leave two fields: the last to look stands on top.
    trusted
        .iter()
        .find_map(|field| result_of(field, "dmarc"))
        .filter(|result| *result == "fail")
        .map(|r| format!("dmarc={r}"))
}

/// The server that speaks: the first word, without its version.
fn authserv_id(field: &str) -> &str {
    field.split([';', ' ', '\t', '(']).find(|word| !word.is_empty()).unwrap_or_default()
}

/// The result of a method: `method=result`, perhaps with a version, a reason or comments behind it.
fn result_of<'f>(field: &'f str, method: &str) -> Option<&'f str> {
    field.split(';').skip(1).find_map(|part| {
        let (name, rest) = part.trim_start().split_once('=')?;
        let name = name.split('/').next().unwrap_or(name).trim();
        let end = rest.trim_start().find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.trim_start().len());
        (name == method).then(|| &rest.trim_start()[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(raw: &str, ids: &[&str]) -> Option<String> {
        let house = House { authserv_ids: ids.iter().map(|id| (*id).to_owned()).collect(), ..House::default() };
        failed(&Headers::parse(raw.as_bytes()), &house)
    }

    #[test]
    fn only_our_own_server_is_believed() {
        let mail = "Authentication-Results: mx.seller.example 1; spf=pass; dmarc=fail (p=REJECT) header.from=x\r\n\
                    Authentication-Results: forged.example; dmarc=pass\r\n\r\n";
        assert_eq!(of(mail, &[]).as_deref(), Some("dmarc=fail"));
        assert_eq!(of(mail, &["MX.seller.example"]).as_deref(), Some("dmarc=fail"));
        assert_eq!(of(mail, &["forged.example"]), None);
        let forged = "Authentication-Results: sender.example; dmarc=fail\r\n\r\n";
        assert_eq!(of(forged, &["mx.seller.example"]), None, "not our server");
    }

    #[test]
    fn a_failure_named_in_a_comment_or_by_another_method_is_none() {
        for mail in [
            "Authentication-Results: mx; dmarc=pass (not dmarc=fail); spf=fail\r\n\r\n",
            "Authentication-Results: mx; dmarc=none\r\n\r\n",
            "Authentication-Results: none\r\n\r\n",
        ] {
            assert_eq!(of(mail, &[]), None, "{mail}");
        }
    }
}
