//! A campaign to ten thousand is killed fifty times: nobody gets it twice, nobody is missed, and what nobody can know is
//! held and listed.

use crate::support::site::{Site, wait_for};
use std::collections::HashMap;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const RECIPIENTS: usize = 10_000;
const KILLS: usize = 50;
/// Mails that a life may send before it ends: a little less than the campaign has for each.
const MAILS_A_LIFE: usize = 180;

/// Postfix's own sink: takes every mail, and keeps each in a file.
struct SmtpSink {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl SmtpSink {
    fn start(folder: &Path) -> SmtpSink {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
        fs::create_dir_all(folder).expect("a folder");
        let program = ["/usr/sbin/smtp-sink", "/usr/lib/postfix/sbin/smtp-sink"];
        let program = program.into_iter().find(|path| Path::new(path).exists()).expect("postfix is installed");
        let mut command = Command::new(program);
        // Root may not run it as root.
        if fs::metadata("/root").is_ok_and(|_| nobody_but_root()) {
            command.args(["-u", "nobody"]);
            let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
            fs::set_permissions(folder, open).expect("a folder of ours");
        }
        command.args(["-d", &format!("{}/mail.", folder.display()), &format!("127.0.0.1:{port}"), "64"]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("smtp-sink starts");
        wait_for("smtp-sink", || TcpStream::connect(("127.0.0.1", port)).ok());
        SmtpSink { child, port, folder: folder.to_owned() }
    }

    /// How often a mail was taken for each recipient; what was cut off in the middle was not taken.
    fn taken(&self) -> HashMap<String, usize> {
        let mut taken = HashMap::new();
        for entry in fs::read_dir(&self.folder).expect("a folder") {
            let mail = fs::read_to_string(entry.expect("an entry").path()).unwrap_or_default();
            let recipient = mail.lines().find_map(|line| line.strip_prefix("X-Rcpt-Args: <")?.split('>').next());
            // What was cut off lacks the last boundary; our people's own mails are not counted.
            let is_whole = mail.trim_end().ends_with("--");
            if let Some(buyer) = recipient.filter(|recipient| is_whole && recipient.starts_with("buyer")) {
                *taken.entry(buyer.to_owned()).or_default() += 1;
            }
        }
        taken
    }

    fn count(&self) -> usize {
        fs::read_dir(&self.folder).expect("a folder").count()
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn nobody_but_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id");
    id.stdout.trim_ascii() == b"0"
}

fn site(port: u16) -> Site {
    let today = jiff::Timestamp::from_second(inquiryd::clock::Clock::System.now()).expect("an instant");
    let today = today.to_zoned(jiff::tz::TimeZone::UTC).date().yesterday().expect("a day");
    let rows: String = (0..RECIPIENTS).map(|number| format!("buyer{number}@b.example,A,2024-01-02\n")).collect();
    let site = Site::without_accounts("campaign-kill")
        .file("inquiryd.d/sales.toml", "[[account]]\nname = \"sales\"\nmaildir = \"sales\"\n")
        .file(
            "inquiryd.d/way-out.toml",
            &format!(
                "[outbox]\nsmtp = \"127.0.0.1:{port}\"\nhourly_cap = 100000\n[newsletter]\npace = false\n\
                 imprint = \"Haiyue Ltd., Ningbo\"\n"
            ),
        )
        .file("buyers.csv", &format!("email,grade,first_contact\n{rows}"))
        .file(
            "newsletters/spring.md",
            &format!("+++\nsubject = \"News\"\nsegment = \"A\"\ndate = {today}\n+++\nHello {{{{ buyer.name | default('friend') }}}}.\n"),
        );
    ["cur", "new", "tmp"]
        .iter()
        .for_each(|folder| fs::create_dir_all(site.path("sales").join(folder)).expect("a Maildir"));
    site.prints(&["buyers", "import", "buyers.csv", "--source", "fair", "--apply"]);
    site
}

#[test]
fn ten_thousand_get_a_newsletter_once_whatever_dies_in_between() {
    let dumps = tempfile::tempdir().expect("a folder");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(dumps.path(), open).expect("a folder of ours");
    let sink = SmtpSink::start(&dumps.path().join("mails"));
    let site = site(sink.port);
    for kill in 0..KILLS {
        let (before, service) = (sink.count(), site.start());
        let wanted = before + 1 + (kill * 37) % MAILS_A_LIFE;
        wait_for("mails to go", || (sink.count() >= wanted).then_some(()));
        std::thread::sleep(Duration::from_micros((kill as u64 * 733) % 5_000));
        service.kill();
    }
    let killed_at = sink.count();
    let service = site.start();
    let status = || -> serde_json::Value {
        serde_json::from_str(&site.prints(&["newsletter", "status", "--json"])).expect("JSON")
    };
    for look in 0.. {
        assert!(look < 2_000, "the last mails are never settled: {}", site.log());
        let gone = sink.count();
        let results = &status()[0]["results"];
        let settled = results["sent"].as_u64().unwrap_or(0) + results["held"].as_u64().unwrap_or(0);
        if settled == RECIPIENTS as u64 {
            break;
        }
        // The last ones are settled after the sink has them.
        wait_for("the campaign to go on", || (gone >= RECIPIENTS || sink.count() > gone).then_some(()));
        std::thread::sleep(Duration::from_millis(300));
    }
    assert!(service.stop().success(), "{}", site.log());
    let held = site.json(&["outbox", "list", "--state", "unknown", "--limit", "99999", "--json"]);
    let held = held.iter().filter_map(|mail| mail["recipient"].as_str());
    let held: Vec<&str> = held.filter(|recipient| recipient.starts_with("buyer")).collect();
    let taken = sink.taken();
    println!("{KILLS} kills within {killed_at} mails, {} held", held.len());
    assert!(killed_at < RECIPIENTS, "every kill came while the campaign went");
    assert!(held.len() <= KILLS, "at most one mail a kill is in doubt: {}", held.len());
    for number in 0..RECIPIENTS {
        let recipient = format!("buyer{number}@b.example");
        match taken.get(&recipient) {
            Some(1) => {}
            None => assert!(held.contains(&recipient.as_str()), "{recipient} was missed"),
            Some(times) => panic!("{recipient} got it {times} times"),
        }
    }
    assert_eq!(taken.len() + held.iter().filter(|held| !taken.contains_key(**held)).count(), RECIPIENTS);
}
