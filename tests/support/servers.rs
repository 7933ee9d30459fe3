//! The real servers that `./tests/run` started: Dovecot, Postfix and PostgreSQL on loopback.
//!
//! Dovecot knows every user, with the password [`PASSWORD`]; so a test takes a [`unique_user`] and has a mailbox of
//! its own. Postfix takes mail for `user@test.example` and hands it to that Dovecot.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Every user's password.
pub const PASSWORD: &str = "test";

/// Longest wait for a server.
const DEADLINE: Duration = Duration::from_secs(30);

/// Dovecot, plain and STARTTLS.
pub fn imap_port() -> u16 {
    port("INQUIRYD_TEST_IMAP_PORT")
}

/// Dovecot, TLS from the first byte.
pub fn imaps_port() -> u16 {
    port("INQUIRYD_TEST_IMAPS_PORT")
}

pub fn lmtp_port() -> u16 {
    port("INQUIRYD_TEST_LMTP_PORT")
}

/// Postfix, plain and STARTTLS.
pub fn smtp_port() -> u16 {
    port("INQUIRYD_TEST_SMTP_PORT")
}

/// Postfix, TLS from the first byte.
pub fn smtps_port() -> u16 {
    port("INQUIRYD_TEST_SMTPS_PORT")
}

/// The authority behind the servers' certificate for localhost and 127.0.0.1.
pub fn ca_file() -> PathBuf {
    variable("INQUIRYD_TEST_CA").into()
}

/// Holds a Maildir a user: `USER/Maildir`.
pub fn mail_root() -> PathBuf {
    variable("INQUIRYD_TEST_MAIL_ROOT").into()
}

fn port(name: &str) -> u16 {
    variable(name).parse().unwrap_or_else(|_| panic!("{name} is not a port"))
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("run ./tests/run: {name} is not set"))
}

/// A user nobody else in this run has.
pub fn unique_user(prefix: &str) -> String {
    format!("{prefix}-{}", unique())
}

fn unique() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Puts `raw` into the user's INBOX as a mail server does.
pub fn deliver_lmtp(user: &str, raw: &[u8]) {
    submit(lmtp_port(), "LHLO", "sender@elsewhere.example", &format!("{user}@test.example"), raw);
}

/// Sends `raw` through Postfix, which delivers it a moment later: see [`wait_for_mail`].
pub fn send_smtp(recipient: &str, raw: &[u8]) {
    submit(smtp_port(), "EHLO", "sender@elsewhere.example", recipient, raw);
}

fn submit(port: u16, hello: &str, sender: &str, recipient: &str, raw: &[u8]) {
    let mut server = BufReader::new(connect(port));
    expect_reply(&mut server, "220");
    let commands = [
        (format!("{hello} localhost"), "250"),
        (format!("MAIL FROM:<{sender}>"), "250"),
        (format!("RCPT TO:<{recipient}>"), "250"),
        ("DATA".to_owned(), "354"),
    ];
    for (command, reply) in commands {
        write!(server.get_mut(), "{command}\r\n").expect("the mail server hung up");
        expect_reply(&mut server, reply);
    }
    server.get_mut().write_all(&dot_stuffed(raw)).expect("the mail server hung up in DATA");
    expect_reply(&mut server, "250");
}

fn expect_reply(server: &mut impl BufRead, code: &str) {
    loop {
        let mut line = String::new();
        server.read_line(&mut line).expect("the mail server stopped talking");
        assert!(line.starts_with(code), "wanted {code}, the mail server says {line:?}");
        if line.as_bytes().get(3) != Some(&b'-') {
            return;
        }
    }
}

/// CRLF line ends, leading dots doubled, the final dot (RFC 5321 section 4.5.2).
fn dot_stuffed(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 40 + 5);
    for line in raw.strip_suffix(b"\n").unwrap_or(raw).split(|&byte| byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

/// Puts `raw` into a folder with flags, e.g. `\Seen`, or none.
pub fn append(user: &str, folder: &str, flags: &str, raw: &[u8]) {
    Imap::login(imap_port(), user).append(folder, flags, raw);
}

/// Every mail of a folder, in the order of arrival; nothing is marked.
pub fn fetch_all(user: &str, folder: &str) -> Vec<Vec<u8>> {
    Imap::login(imap_port(), user).fetch_all(folder)
}

/// The folder's mails as soon as there are `count`.
pub fn wait_for_mail(user: &str, folder: &str, count: usize) -> Vec<Vec<u8>> {
    let start = Instant::now();
    loop {
        let mails = fetch_all(user, folder);
        if mails.len() >= count {
            return mails;
        }
        assert!(start.elapsed() < DEADLINE, "{} of {count} mails reached {user}", mails.len());
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A few lines of IMAP, so that the tests don't trust the client they test.
pub struct Imap {
    server: BufReader<TcpStream>,
    commands: u32,
}

/// What came before the tagged OK: lines without their literals, and the literals.
pub struct Answer {
    pub lines: Vec<String>,
    pub literals: Vec<Vec<u8>>,
}

impl Imap {
    pub fn login(port: u16, user: &str) -> Self {
        let mut imap = Imap { server: BufReader::new(connect(port)), commands: 0 };
        imap.line();
        imap.command(&format!("LOGIN \"{user}\" {PASSWORD}"));
        imap
    }

    /// One command without literals, e.g. `STORE 1 +FLAGS (\Seen)`; anything but OK fails the test.
    pub fn command(&mut self, command: &str) -> Answer {
        self.send(command);
        self.answer(command)
    }

    /// `folder` in modified UTF-7.
    pub fn append(&mut self, folder: &str, flags: &str, raw: &[u8]) {
        let command = format!("APPEND \"{folder}\" ({flags}) {{{}}}", raw.len());
        self.send(&command);
        let go_on = self.line();
        assert!(go_on.starts_with('+'), "{command}: {go_on}");
        self.server.get_mut().write_all(&[raw, b"\r\n"].concat()).expect("Dovecot hung up in a literal");
        self.answer(&command);
    }

    pub fn fetch_all(&mut self, folder: &str) -> Vec<Vec<u8>> {
        let examined = self.command(&format!("EXAMINE \"{folder}\""));
        if examined.lines.iter().any(|line| line == "* 0 EXISTS") {
            return Vec::new();
        }
        self.command("FETCH 1:* (BODY.PEEK[])").literals
    }

    fn send(&mut self, command: &str) {
        self.commands += 1;
        write!(self.server.get_mut(), "t{} {command}\r\n", self.commands).expect("Dovecot hung up");
    }

    fn answer(&mut self, command: &str) -> Answer {
        let tag = format!("t{} ", self.commands);
        let mut answer = Answer { lines: Vec::new(), literals: Vec::new() };
        loop {
            let line = self.line();
            if let Some(result) = line.strip_prefix(&tag) {
                assert!(result.starts_with("OK"), "{command}: {result}");
                return answer;
            }
            if let Some(size) = literal_size(&line) {
                let mut literal = vec![0; size];
                self.server.read_exact(&mut literal).expect("Dovecot hung up in a literal");
                answer.literals.push(literal);
            }
            answer.lines.push(line);
        }
    }

    fn line(&mut self) -> String {
        let mut line = Vec::new();
        self.server.read_until(b'\n', &mut line).expect("Dovecot stopped talking");
        assert!(!line.is_empty(), "Dovecot hung up");
        String::from_utf8_lossy(&line).trim_end().to_owned()
    }
}

fn literal_size(line: &str) -> Option<usize> {
    line.strip_suffix('}')?.rsplit_once('{')?.1.parse().ok()
}

fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("a test server is not there: run ./tests/run");
    stream.set_read_timeout(Some(DEADLINE)).expect("a deadline is no zero");
    stream.set_nodelay(true).expect("a TCP socket has TCP_NODELAY");
    stream
}

/// The URL of a fresh, empty database.
pub async fn postgres_database() -> String {
    let server = variable("INQUIRYD_TEST_POSTGRES_URL");
    let name = format!("inquiryd_{}", unique().replace('-', "_"));
    let mut connection = PgConnection::connect(&server).await.expect("PostgreSQL is not there: run ./tests/run");
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("CREATE DATABASE");
    let (host, _) = server.rsplit_once('/').expect("the URL names a database");
    format!("{host}/{name}")
}

/// A Dovecot of one's own, for tests that stop a server; started again it has the same ports and the same mail.
pub struct PrivateDovecot {
    folder: PathBuf,
    pub imap_port: u16,
}

impl PrivateDovecot {
    pub fn start() -> Self {
        let ca_file = ca_file();
        let servers = ca_file.ancestors().nth(2).expect("the authority lies in DIR/tls");
        let folder = servers.join("private").join(unique());
        std::fs::create_dir_all(&folder).expect("the servers' folder is ours");
        let mut dovecot = PrivateDovecot { folder, imap_port: 0 };
        dovecot.start_again();
        dovecot
    }

    pub fn start_again(&mut self) {
        let printed = String::from_utf8(self.script("start").stdout).expect("variables are ASCII");
        let port = printed.lines().find_map(|line| line.strip_prefix("INQUIRYD_TEST_IMAP_PORT="));
        self.imap_port = port.and_then(|port| port.parse().ok()).expect("the starter prints the port");
    }

    pub fn stop(&self) {
        self.script("stop");
    }

    fn script(&self, command: &str) -> Output {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/dovecot");
        let output = Command::new(script).arg(command).arg(&self.folder).output().expect("tests/servers/dovecot");
        assert!(output.status.success(), "dovecot {command}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }
}

impl Drop for PrivateDovecot {
    fn drop(&mut self) {
        self.stop();
    }
}
