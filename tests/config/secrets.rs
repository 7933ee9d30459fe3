//! Passwords come from credentials, files and the environment, and never from the configuration.

use super::{Folder, SMALLEST};
use inquiryd::config::settings::SourceSettings;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

fn password(folder: &Folder) -> String {
    match &folder.loaded().settings.accounts[0].source {
        SourceSettings::Imap(imap) => imap.password.0.clone(),
        SourceSettings::Maildir(_) => panic!("imap"),
    }
}

#[test]
fn a_systemd_credential_loses_its_trailing_newline_and_nothing_else() {
    let folder = Folder::with(SMALLEST).file("credentials/imap", " 012345 \r\n").requiring_secrets();
    let path = folder.path("credentials").display().to_string();
    assert_eq!(password(&folder.variable("CREDENTIALS_DIRECTORY", &path)), " 012345 ");
}

#[test]
fn a_password_file_that_everyone_can_read_is_remarked_on() {
    let text = SMALLEST.replace("password_credential = \"imap\"", "password_file = \"imap-password\"");
    let folder = Folder::with(&text).file("imap-password", "secret\n").requiring_secrets();
    let file = folder.path("imap-password");
    std::fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("permissions");
    assert_eq!(password(&folder), "secret");
    assert!(folder.loaded().remarks.is_empty());
    std::fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("permissions");
    let remark = folder.loaded().remarks.to_string();
    assert!(remark.contains(":9: account[1].password_file: every user of this machine can read "), "{remark}");
}

#[test]
fn a_password_may_come_from_the_environment() {
    let text = SMALLEST.replace("password_credential = \"imap\"", "password_env = \"IMAP_PASSWORD\"");
    let folder = Folder::with(&text).variable("IMAP_PASSWORD", "secret").requiring_secrets();
    assert_eq!(password(&folder), "secret");
}

#[test]
fn a_missing_secret_stops_the_service_and_is_remarked_on_by_a_check() {
    let folder = Folder::with(SMALLEST);
    let expected = "inquiryd.toml:9: account[1].password_credential: the credential imap can't be read: systemd has \
                    given none to this process (put it into /etc/credstore/inquiryd.imap, with LoadCredential=imap:inquiryd.imap \
                    in the unit)";
    assert_eq!(super::shown(&folder.loaded().remarks, folder.folder.path()), expected);
    assert_eq!(folder.requiring_secrets().problems(), expected);
}

#[test]
fn whoever_only_looks_needs_neither_the_maildir_nor_the_certificate() {
    let account = "imap = \"imap.haiyue.example\"\nuser = \"sales@haiyue.example\"\npassword_credential = \"imap\"";
    let text =
        SMALLEST.replace(account, "maildir = \"not-here\"").replace("smtp = ", "ca_file = \"nor-this.pem\"\nsmtp = ");
    let folder = Folder::with(&text);
    let loaded = folder.loaded();
    let SourceSettings::Maildir(maildir) = &loaded.settings.accounts[0].source else { panic!("maildir") };
    assert_eq!(maildir.path, folder.path("not-here"));
    let told = "inquiryd.toml:7: account[1].maildir: there is no folder not-here (the folder that holds cur, new and tmp)\n\
                inquiryd.toml:12: outbox.ca_file: nor-this.pem can't be read: there is no such file (name the PEM file of \
                the authority that signed the server)";
    assert_eq!(super::shown(&loaded.remarks, folder.folder.path()), told);
    assert_eq!(folder.requiring_secrets().problems(), told, "the service can't do without them");
}

#[test]
fn a_signing_key_is_a_secret_like_a_password() {
    let key = "key = \"key.pem\"\ndomain = \"Other.example\"";
    let text = format!("{SMALLEST}[outbox.dkim]\nselector = \"S1\"\n{key}\n");
    let folder = Folder::with(&text);
    let told = super::shown(&folder.loaded().remarks, folder.folder.path());
    assert!(told.contains("outbox.dkim.key: key.pem can't be read: there is no such file"), "{told}");
    let folder = folder.file("key.pem", &openssl_key());
    std::fs::set_permissions(folder.path("key.pem"), Permissions::from_mode(0o644)).expect("permissions");
    let loaded = folder.loaded();
    let told = super::shown(&loaded.remarks, folder.folder.path());
    for words in [
        "outbox.dkim.domain: our mails come from haiyue.example, and a signature of other.example says nothing of that",
        "outbox.dkim.key: every user of this machine can read key.pem (chmod o= it)",
    ] {
        assert!(told.contains(words), "{words} in {told}");
    }
    let signer = loaded.settings.outbox.dkim.expect("a signer");
    assert_eq!(signer.dns_record().0, "s1._domainkey.other.example");
    assert_eq!(format!("{signer:?}"), "Signer(s1, other.example)");
    let folder = Folder::with(&text.replace("Other.example", "example")).file("key.pem", &openssl_key());
    assert!(folder.problems().contains("outbox.dkim.domain: \"example\" is not a domain"));
    let own = Folder::with(&text.replace("domain = \"Other.example\"", "")).file("key.pem", &openssl_key());
    std::fs::set_permissions(own.path("key.pem"), Permissions::from_mode(0o600)).expect("permissions");
    let loaded = own.loaded();
    let told = super::shown(&loaded.remarks, own.folder.path());
    assert!(!told.contains("dkim"), "{told}");
    assert_eq!(loaded.settings.outbox.dkim.expect("a signer").domain(), "haiyue.example");
}

fn openssl_key() -> String {
    let made = std::process::Command::new("openssl").args(["genpkey", "-algorithm", "ED25519"]).output();
    String::from_utf8(made.expect("openssl").stdout).expect("PEM")
}

#[test]
fn settings_never_print_a_password() {
    let text = SMALLEST.replace("password_credential = \"imap\"", "password_env = \"P\"");
    let folder = Folder::with(&text).variable("P", "hunter2").requiring_secrets();
    assert!(!format!("{:?}", folder.loaded().settings).contains("hunter2"));
}

#[test]
fn a_database_url_may_say_how_to_connect_as_long_as_it_holds_no_password() {
    let url = "postgres://inquiryd@db.example:5432/inquiryd?sslmode=require&application_name=password";
    let folder = Folder::with(&format!("{SMALLEST}[store]\nurl = \"{url}\""));
    assert_eq!(folder.loaded().settings.store_url, url);
}
