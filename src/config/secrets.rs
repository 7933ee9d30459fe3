//! Passwords and keys: never in the configuration itself, but in a systemd credential, a file or the environment.

use super::Context;
use super::files::{describe, read_text};
use super::source::Secret;
use crate::written::problems::Problem;
use crate::written::reader::{Found, Mistake, Reader};
use crate::written::values::text;
use std::path::Path;

/// The ways in which a configuration may name a password, of which the first is wrong.
pub(super) const KEYS: [&str; 4] = ["password", "password_credential", "password_file", "password_env"];

const REMEDY: &str = "password_credential = \"NAME\" for systemd's LoadCredential, password_file = \"PATH\" or \
                      password_env = \"VARIABLE\"";

/// True if a section names a password in any way, right or wrong.
pub(super) fn is_named(section: &Reader<'_>) -> bool {
    KEYS.iter().any(|key| section.has(key))
}

/// The password of a section; None if it is missing or wrong, which is noted.
pub(super) fn password(section: &Reader<'_>, context: &Context<'_>) -> Option<Secret> {
    if section.has("password") {
        let what = "a password does not belong into a file that others read and copy";
        section.wrong("password", Mistake::new(what, format!("take it out and use {REMEDY}")));
    }
    let credential = section.found("password_credential", credential_name).map(|found| (found, Way::Credential));
    let file = section.found("password_file", text).map(|found| (found, Way::File));
    let variable = section.found("password_env", text).map(|found| (found, Way::Variable));
    let mut ways = [credential, file, variable].into_iter().flatten();
    let Some((name, way)) = ways.next() else {
        if !is_named(section) {
            section.missing("password_credential", &format!("one of {REMEDY}"));
        }
        return None;
    };
    if let Some((second, _)) = ways.next() {
        section.wrong_at(&second, Mistake::new("a second place for one password", "keep one of them"));
    }
    match way.fetch("password", &name, context) {
        Ok(secret) => Some(secret),
        Err(mistake) => {
            context.not_here(name.problem(mistake));
            Some(Secret::default())
        }
    }
}

/// The private key of a section, with where it was named; None if it is missing or wrong, which is noted.
pub(super) fn key(section: &Reader<'_>, context: &Context<'_>) -> Option<(Found<String>, Secret)> {
    let credential = section.found("key_credential", credential_name).map(|found| (found, Way::Credential));
    let file = section.found("key", text).map(|found| (found, Way::File));
    let mut ways = [credential, file].into_iter().flatten();
    let Some((name, way)) = ways.next() else {
        if !section.has("key") && !section.has("key_credential") {
            section.missing(
                "key",
                "key = \"PATH\" of the private key, or key_credential = \"NAME\" for systemd's LoadCredential",
            );
        }
        return None;
    };
    if let Some((second, _)) = ways.next() {
        section.wrong_at(&second, Mistake::new("a second place for one key", "keep one of them"));
    }
    match way.fetch("private key", &name, context) {
        Ok(secret) => Some((name, secret)),
        Err(mistake) => {
            context.not_here(name.problem(mistake));
            None
        }
    }
}

/// A systemd credential's name is a file name (systemd.exec(5), LoadCredential).
fn credential_name(value: &crate::written::tree::Value) -> Result<String, Mistake> {
    let name = text(value)?;
    if name.contains('/') || name.starts_with('.') {
        let what = format!("{name:?} is not the name of a credential");
        return Err(Mistake::new(what, "a name such as \"imap-password\"; for a path use password_file"));
    }
    Ok(name)
}

#[derive(Clone, Copy)]
enum Way {
    Credential,
    File,
    Variable,
}

impl Way {
    fn fetch(self, what: &str, name: &Found<String>, context: &Context<'_>) -> Result<Secret, Mistake> {
        let secret = match self {
            Way::Credential => from_credential(&name.value, context)?,
            Way::File => {
                let path = context.resolve(&name.value);
                warn_if_open_to_all(&path, name, context);
                from_file(&path, &format!("write the {what} into it, and let only the service's user read it"))?
            }
            Way::Variable => {
                let value = context.variable(&name.value).ok_or_else(|| {
                    let what = format!("the environment has no variable {}", name.value);
                    Mistake::new(what, "set it for the service, or use password_credential")
                })?;
                value.to_owned()
            }
        };
        let secret = secret.trim_end_matches(['\n', '\r']).to_owned();
        if secret.is_empty() {
            return Err(Mistake::new(format!("the {what} is empty"), "put it there"));
        }
        Ok(Secret(secret))
    }
}

fn from_credential(name: &str, context: &Context<'_>) -> Result<String, Mistake> {
    let remedy =
        format!("put it into /etc/credstore/inquiryd.{name}, with LoadCredential={name}:inquiryd.{name} in the unit");
    match context.variable("CREDENTIALS_DIRECTORY") {
        Some(folder) => from_file(&Path::new(folder).join(name), &remedy),
        None => {
            let what = format!("the credential {name} can't be read: systemd has given none to this process");
            Err(Mistake::new(what, remedy))
        }
    }
}

fn from_file(path: &Path, remedy: &str) -> Result<String, Mistake> {
    read_text(path)
        .map_err(|error| Mistake::new(format!("{} can't be read: {}", path.display(), describe(&error)), remedy))
}

#[cfg(unix)]
fn warn_if_open_to_all(path: &Path, name: &Found<String>, context: &Context<'_>) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(metadata) = path.metadata() else { return };
    if metadata.permissions().mode() & 0o007 != 0 {
        let what = format!("every user of this machine can read {}", path.display());
        let Problem { place, key, what, remedy } = name.problem(Mistake::new(what, "chmod o= it"));
        context.remark(Problem { place, key, what, remedy });
    }
}

#[cfg(not(unix))]
fn warn_if_open_to_all(_: &Path, _: &Found<String>, _: &Context<'_>) {}
