//! Servers: `imap = "host:port"` and `smtp = "host:port"` with the keys that belong to them.

use super::Context;
use super::files::{describe, read_text};
use super::source::{Endpoint, Security};
use crate::written::reader::{Found, Mistake, Reader};
use crate::written::tree::Value;
use crate::written::values::{boolean, is_host_name, text};
use std::net::IpAddr;
use std::path::PathBuf;

/// The well-known ports of a protocol (RFC 8314 section 7, RFC 6409 section 3.1).
pub(super) struct Ports {
    pub tls: u16,
    pub start_tls: u16,
    pub plain: u16,
}

pub(super) const IMAP_PORTS: Ports = Ports { tls: 993, start_tls: 143, plain: 143 };
pub(super) const SMTP_PORTS: Ports = Ports { tls: 465, start_tls: 587, plain: 25 };

/// A host, and a port if one was written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Host {
    name: String,
    port: Option<u16>,
}

/// The server that `key` names, with `tls`, `allow_plain` and `ca_file` of the same section.
pub(super) fn endpoint(section: &Reader<'_>, key: &str, ports: &Ports, context: &Context<'_>) -> Option<Endpoint> {
    let host = section.found(key, host);
    let written = section.optional("tls", security);
    let allow_plain = section.or("allow_plain", boolean, false);
    let ca_file = certificates(section, context);
    let host = host?;
    // A port that is known for STARTTLS means it: a TLS greeting there would wait until the deadline.
    let starts_plain = host.value.port.is_some_and(|port| port == ports.start_tls || port == ports.plain);
    let security = written.unwrap_or(if starts_plain { Security::StartTls } else { Security::Tls });
    if security == Security::Plain && !allow_plain && !is_loopback(&host.value.name) {
        let what = format!("passwords and mail would travel to {} for everyone to read", host.value.name);
        section.wrong("tls", Mistake::new(what, "take tls = \"none\" out, or add allow_plain = true"));
    }
    let default_port = match security {
        Security::Tls => ports.tls,
        Security::StartTls => ports.start_tls,
        Security::Plain => ports.plain,
    };
    let Found { value: Host { name, port }, .. } = host;
    Some(Endpoint { host: name, port: port.unwrap_or(default_port), security, ca_file })
}

fn security(value: &Value) -> Result<Security, Mistake> {
    match text(value)?.as_str() {
        "implicit" => Ok(Security::Tls),
        "starttls" => Ok(Security::StartTls),
        "none" => Ok(Security::Plain),
        other => Err(Mistake::new(
            format!("there is no way of TLS called {other:?}"),
            "\"implicit\", \"starttls\" or \"none\"",
        )),
    }
}

fn certificates(section: &Reader<'_>, context: &Context<'_>) -> Option<PathBuf> {
    let file = section.found("ca_file", text)?;
    let path = context.resolve(&file.value);
    match read_text(&path) {
        Ok(pem) if pem.contains("-----BEGIN CERTIFICATE-----") => return Some(path),
        Ok(_) => section.wrong_at(
            &file,
            Mistake::new(
                format!("{} holds no certificate", path.display()),
                "a PEM file, with -----BEGIN CERTIFICATE-----",
            ),
        ),
        Err(error) => {
            let what = format!("{} can't be read: {}", path.display(), describe(&error));
            let mistake = Mistake::new(what, "name the PEM file of the authority that signed the server");
            context.not_here(file.problem(mistake));
            return Some(path);
        }
    }
    None
}

/// `host`, `host:port`, `192.0.2.1:993`, `[2001:db8::1]:993` or `2001:db8::1`.
fn host(value: &Value) -> Result<Host, Mistake> {
    const REMEDY: &str =
        "a host name, with a port if it isn't the usual one, e.g. \"imap.example.com\" or \"imap.example.com:993\"";
    let written = text(value)?;
    let wrong = |what: String| Mistake::new(what, REMEDY);
    if written.contains("://") {
        return Err(wrong(format!("{written:?} is a URL, not a host")));
    }
    if written.parse::<IpAddr>().is_ok() {
        return Ok(Host { name: written, port: None });
    }
    let (name, port) = match written.rsplit_once(':') {
        Some((name, port)) if !written.ends_with(']') => (name, Some(port)),
        _ => (written.as_str(), None),
    };
    let name = name.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(name);
    if name.parse::<IpAddr>().is_err() && !is_host_name(name) {
        return Err(wrong(format!("{name:?} is not a host name")));
    }
    let parsed = port.map(|port| port.parse::<u16>().ok().filter(|port| *port > 0));
    match parsed {
        None => Ok(Host { name: name.to_owned(), port: None }),
        Some(Some(port)) => Ok(Host { name: name.to_owned(), port: Some(port) }),
        Some(None) => Err(wrong(format!("{:?} is not a port", port.unwrap_or_default()))),
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(written: &str) -> Option<(String, Option<u16>)> {
        host(&Value::Text(written.to_owned())).ok().map(|host| (host.name, host.port))
    }

    #[test]
    fn a_server_is_a_host_with_or_without_a_port() {
        assert_eq!(parsed("imap.qq.com"), Some(("imap.qq.com".into(), None)));
        assert_eq!(parsed("imap.qq.com:993"), Some(("imap.qq.com".into(), Some(993))));
        assert_eq!(parsed("[::1]:143"), Some(("::1".into(), Some(143))));
        assert_eq!(parsed("[::1]"), Some(("::1".into(), None)));
        assert_eq!(parsed("::1"), Some(("::1".into(), None)));
        for wrong in ["imaps://imap.qq.com", "imap.qq.com:99999", "imap.qq.com:0", "imap qq", "sales@qq.com", ":993"] {
            assert_eq!(parsed(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for host in ["localhost", "127.0.0.1", "127.1.2.3", "::1"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.example.com", "10.0.0.1", "mail"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
