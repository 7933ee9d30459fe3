//! A company's installation: a folder with a configuration and a store, the real binary, a bounded patience.

use super::servers::{self, PASSWORD};
use inquiryd::store::Store;
use mail_parser::MessageParser;
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(40);

/// Asks again and again until there is an answer; fails the test when patience ends.
pub fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// An inquiry beyond doubt; `token` stands in its subject and Message-ID.
pub fn inquiry(token: &str) -> Vec<u8> {
    inquiry_from(token, &format!("{token}@buyer-{token}.example"))
}

pub fn inquiry_from(token: &str, address: &str) -> Vec<u8> {
    format!(
        "From: James Whitfield <{address}>\r\nTo: sales@haiyue.example\r\nMessage-ID: <{token}@mail.example>\r\n\
         Subject: Inquiry {token} for folding chairs\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n\
         Dear Sir or Madam,\r\n\r\nwe are interested in your folding chair. Please send us your best FOB Ningbo price\r\n\
         for 600 pcs with black powder coating, and your lead time. Our target price is USD 6.50.\r\n\r\n\
         Best regards\r\nJames Whitfield\r\n"
    )
    .into_bytes()
}

/// What a colleague wrote to the buyer of [`inquiry`].
pub fn answer_to(token: &str) -> Vec<u8> {
    format!(
        "From: Amy Xu <sales@haiyue.example>\r\nTo: James Whitfield <{token}@buyer-{token}.example>\r\n\
         Message-ID: <answer-{token}@haiyue.example>\r\nIn-Reply-To: <{token}@mail.example>\r\n\
         References: <{token}@mail.example>\r\nSubject: Re: Inquiry {token} for folding chairs\r\n\r\n\
         Dear James,\r\n\r\nUSD 6.80 FOB Ningbo.\r\n"
    )
    .into_bytes()
}

/// An installation; the mailbox of the company and that of its team are nobody else's.
pub struct Site {
    folder: TempDir,
    /// The user whose mailbox is read.
    pub sales: String,
    /// The user who gets the digests.
    pub team: String,
}

impl Site {
    /// Reads the plain IMAP server, sends by the plain SMTP server, records in SQLite.
    pub fn new(name: &str) -> Site {
        let site = Site::without_accounts(name);
        let account = imap_account("sales", servers::imap_port(), &site.sales);
        site.file("inquiryd.d/sales.toml", &account)
    }

    pub fn without_accounts(name: &str) -> Site {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (sales, team) =
            (servers::unique_user(&format!("{name}-sales")), servers::unique_user(&format!("{name}-team")));
        let text = format!(
            "[company]\nname = \"Haiyue\"\ndomains = [\"haiyue.example\"]\nproducts = [\"folding chair\"]\n\
             language = \"en\"\n[team]\nmembers = [\"Amy Xu <{team}@test.example>\"]\n\
             [calendar]\ncountry = \"XX\"\nhours = \"00:00-24:00\"\nweekend = []\n\
             [outbox]\nfrom = \"inquiryd <inquiryd@haiyue.example>\"\nsmtp = \"127.0.0.1:{}\"\ntls = \"none\"\n\
             [store]\nurl = \"sqlite://inquiryd.db\"\n",
            servers::smtp_port()
        );
        let site = Site { folder, sales, team };
        site.file("password", PASSWORD).file("inquiryd.toml", &text)
    }

    /// Writes a file into the site's folder; `inquiryd.d/NAME.toml` is laid over the configuration.
    pub fn file(self, name: &str, content: &str) -> Site {
        self.write(name, content);
        self
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The binary with this site's configuration.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = inquiryd(arguments);
        command.current_dir(self.folder.path()).env("INQUIRYD_CONFIG", self.path("inquiryd.toml"));
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        ran(&mut self.command(arguments))
    }

    /// What a command that must succeed prints.
    pub fn prints(&self, arguments: &[&str]) -> String {
        self.run(arguments).succeeded()
    }

    /// The JSON Lines that a command prints.
    pub fn json(&self, arguments: &[&str]) -> Vec<serde_json::Value> {
        json_lines(&self.prints(arguments))
    }

    /// The service, started.
    pub fn start(&self) -> Service {
        self.start_with(|_| {})
    }

    pub fn start_with(&self, change: impl FnOnce(&mut Command)) -> Service {
        let mut command = self.command(&["run"]);
        let log = self.path("log");
        let file = File::options().create(true).append(true).open(&log).expect("a log");
        command.env("RUST_LOG", "info").stdin(Stdio::null()).stdout(Stdio::null()).stderr(file);
        change(&mut command);
        Service { child: command.spawn().expect("inquiryd starts"), log }
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    pub async fn store(&self) -> Store {
        Store::open(&format!("sqlite://{}", self.path("inquiryd.db").display())).await.expect("the site's store")
    }

    /// The team's mails as soon as there are `count`.
    pub fn team_mails(&self, count: usize) -> Vec<TeamMail> {
        servers::wait_for_mail(&self.team, "INBOX", count).iter().map(|raw| TeamMail::read(raw)).collect()
    }
}

/// The binary, with nothing of ours in its environment.
pub fn inquiryd(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inquiryd"));
    let ours =
        |name: &str| name.starts_with("INQUIRYD") || ["RUST_LOG", "NOTIFY_SOCKET", "WATCHDOG_USEC"].contains(&name);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(ours) {
            command.env_remove(name);
        }
    }
    command.args(arguments);
    command
}

/// A section for an account on this machine's plain IMAP.
pub fn imap_account(name: &str, port: u16, user: &str) -> String {
    format!(
        "[[account]]\nname = \"{name}\"\nimap = \"127.0.0.1:{port}\"\ntls = \"none\"\nuser = \"{user}\"\n\
         password_file = \"password\"\n"
    )
}

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{}\n{}", self.out, self.err);
        self.out
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

pub fn ran(command: &mut Command) -> Ran {
    command.stdin(Stdio::null()).output().expect("inquiryd starts").into()
}

/// Runs with these bytes on standard input.
pub fn ran_with(command: &mut Command, input: &[u8]) -> Ran {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("inquiryd starts");
    child.stdin.take().expect("a pipe").write_all(input).expect("inquiryd reads");
    child.wait_with_output().expect("inquiryd ends").into()
}

pub fn json_lines(text: &str) -> Vec<serde_json::Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// A running service; killed with the value.
pub struct Service {
    child: Child,
    log: PathBuf,
}

impl Service {
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().expect("kill");
        assert!(sent.success(), "the service is gone: {}", self.log());
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub fn waits_to_log(&self, words: &str) {
        self.logs_times(words, 1);
    }

    pub fn logs_times(&self, words: &str, times: usize) {
        wait_for(&format!("`{words}` in the log {times} times"), || {
            let log = self.log();
            (log.matches(words).count() >= times).then_some(())
        });
    }

    /// SIGTERM, and the end that follows.
    pub fn stop(mut self) -> ExitStatus {
        self.signal("TERM");
        self.ended()
    }

    pub fn ended(&mut self) -> ExitStatus {
        wait_for("the service's end", || self.child.try_wait().expect("a child of ours"))
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().expect("a child of ours");
        self.child.wait().expect("a child of ours");
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A mail of ours as the team's mail program shows it.
#[derive(Debug)]
pub struct TeamMail {
    pub message_id: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub automatic: bool,
}

impl TeamMail {
    pub fn read(raw: &[u8]) -> TeamMail {
        let mail = MessageParser::default().parse(raw).expect("a mail");
        TeamMail {
            message_id: mail.message_id().expect("a Message-ID").to_owned(),
            subject: mail.subject().expect("a subject").to_owned(),
            text: mail.body_text(0).expect("plain text").into_owned(),
            html: mail.body_html(0).expect("HTML").into_owned(),
            automatic: mail.header("Auto-Submitted").is_some(),
        }
    }

    pub fn tells_of(&self, words: &str) -> bool {
        self.text.contains(words)
    }
}
