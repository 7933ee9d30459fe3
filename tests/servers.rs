//! The ground the other tests stand on: the servers of `./tests/run` are real and do what is asked of them.

use crate::support::servers::{self, Imap, PrivateDovecot};
use sqlx::{Connection, Executor, PgConnection, Row};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

const MAIL: &[u8] = b"From: sender@elsewhere.example\r\nSubject: 600 chairs\r\n\r\n..two dots\r\n.\r\nlast line\r\n";

#[test]
fn a_mail_submitted_by_smtp_is_read_back_by_imap() {
    let user = servers::unique_user("smtp");
    servers::send_smtp(&format!("{user}@test.example"), MAIL);
    let mails = servers::wait_for_mail(&user, "INBOX", 1);
    let text = String::from_utf8_lossy(&mails[0]);
    assert!(text.ends_with("\r\n\r\n..two dots\r\n.\r\nlast line\r\n"), "{text}");
}

#[test]
fn a_mail_delivered_by_lmtp_is_there_at_once_and_unread() {
    let user = servers::unique_user("lmtp");
    servers::deliver_lmtp(&user, MAIL);
    assert_eq!(servers::fetch_all(&user, "INBOX").len(), 1);
    let flags = Imap::login(servers::imap_port(), &user).command("EXAMINE INBOX").lines;
    assert!(flags.iter().any(|line| line.contains("[UNSEEN 1]")), "{flags:?}");
}

#[test]
fn a_new_user_has_an_empty_inbox_and_a_sent_folder_that_says_so() {
    let user = servers::unique_user("new");
    assert!(servers::fetch_all(&user, "INBOX").is_empty());
    let folders = Imap::login(servers::imap_port(), &user).command("LIST (SPECIAL-USE) \"\" *").lines;
    assert_eq!(folders, ["* LIST (\\Sent) \".\" Sent"]);
}

#[test]
fn a_mail_put_into_sent_stays_there_with_its_flags() {
    let user = servers::unique_user("sent");
    servers::append(&user, "Sent", "\\Seen", MAIL);
    assert_eq!(servers::fetch_all(&user, "Sent"), [MAIL]);
    assert!(servers::mail_root().join(&user).join("Maildir/.Sent").is_dir());
}

#[test]
fn the_certificate_is_trusted_on_both_tls_ports() {
    for (port, greeting) in [(servers::imaps_port(), "* OK"), (servers::smtps_port(), "220")] {
        for name in ["localhost", "127.0.0.1"] {
            assert!(tls_greeting(port, name).starts_with(greeting), "{port} {name}");
        }
    }
}

fn tls_greeting(port: u16, name: &'static str) -> String {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(servers::ca_file()).expect("a PEM file")).expect("an authority");
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows TLS 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = name.try_into().expect("a server name");
    let session = rustls::ClientConnection::new(Arc::new(config), name).expect("a TLS client");
    let mut stream = rustls::StreamOwned::new(session, TcpStream::connect(("127.0.0.1", port)).expect("a server"));
    stream.flush().expect("the handshake");
    let mut greeting = [0; 64];
    let length = stream.read(&mut greeting).expect("a greeting");
    String::from_utf8_lossy(&greeting[..length]).into_owned()
}

#[tokio::test]
async fn a_table_is_created_in_a_database_of_ones_own() {
    let (one, other) = (servers::postgres_database().await, servers::postgres_database().await);
    assert_ne!(one, other);
    for url in [one, other] {
        let mut database = PgConnection::connect(&url).await.expect("our database");
        database.execute("CREATE TABLE chair (name TEXT NOT NULL)").await.expect("CREATE TABLE");
        database.execute("INSERT INTO chair VALUES ('Stuhl 椅子')").await.expect("INSERT");
        let row = database.fetch_one("SELECT name FROM chair").await.expect("SELECT");
        assert_eq!(row.get::<String, _>(0), "Stuhl 椅子");
    }
}

#[test]
fn a_server_that_was_stopped_comes_back_with_its_mail() {
    let mut dovecot = PrivateDovecot::start();
    let port = dovecot.imap_port;
    Imap::login(port, "anna").append("INBOX", "", MAIL);
    dovecot.stop();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    dovecot.start_again();
    assert_eq!(dovecot.imap_port, port);
    assert_eq!(Imap::login(port, "anna").fetch_all("INBOX"), [MAIL]);
}
