//! A reader leaves the newsletters by one click: what his mail program posts is honoured at once, what a scanner opens is not.

use crate::support::servers::{unique_user, wait_for_mail};
use crate::support::site::{Site, wait_for};
use inquiryd::clock::Clock;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

const FORM: &str = "application/x-www-form-urlencoded";
const WISH: &str = "List-Unsubscribe=One-Click";

struct Reader {
    site: Site,
    port: u16,
    user: String,
}

/// A company whose one reader has a mailbox of his own.
fn reader(name: &str) -> Reader {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
    let user = unique_user(&format!("{name}-reader"));
    let site = Site::without_accounts(name)
        .file("inquiryd.d/sales.toml", "[[account]]\nname = \"sales\"\nmaildir = \"sales\"\n")
        .file("inquiryd.d/news.toml", &news(port))
        .file("buyers.csv", &format!("email,grade,first_contact\n{user}@test.example,A,2024-01-02\n"));
    ["cur", "new", "tmp"]
        .iter()
        .for_each(|part| std::fs::create_dir_all(site.path("sales").join(part)).expect("a Maildir"));
    site.prints(&["buyers", "import", "buyers.csv", "--source", "fair", "--apply"]);
    publish(&site, "spring");
    Reader { site, port, user }
}

fn news(port: u16) -> String {
    format!(
        "[newsletter]\nimprint = \"Haiyue Ltd., Ningbo\"\npace = false\nnot_written_for = \"1s\"\n\
         one_click = \"https://news.haiyue.example/u\"\nlisten = \"127.0.0.1:{port}\"\n"
    )
}

fn publish(site: &Site, name: &str) {
    let now = jiff::Timestamp::from_second(Clock::System.now()).expect("an instant");
    let yesterday = now.to_zoned(jiff::tz::TimeZone::UTC).date().yesterday().expect("a day");
    let file = format!("+++\nsubject = \"News of {name}\"\nsegment = \"A\"\ndate = {yesterday}\n+++\nNew chairs.\n");
    site.write(&format!("newsletters/{name}.md"), file);
}

impl Reader {
    /// The path of the link in his newest newsletter, as the proxy forwards it.
    fn link(&self) -> String {
        let mails = wait_for_mail(&self.user, "INBOX", 1);
        let mail = String::from_utf8(mails[0].clone()).expect("ASCII").replace("\r\n ", " ");
        let header = |name: &str| mail.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
        assert_eq!(header("List-Unsubscribe-Post: "), "List-Unsubscribe=One-Click", "{mail}");
        let ways = header("List-Unsubscribe: ");
        let (page, mailto) = ways.split_once(", ").expect("two ways to leave");
        assert!(mailto.starts_with("<mailto:inquiryd@haiyue.example?subject=unsubscribe"), "{ways}");
        let page = page.trim_matches(['<', '>']);
        assert!(mail.replace("=\r\n", "").contains(page), "it is seen in the mail, too");
        page.strip_prefix("https://news.haiyue.example").expect("the company's page").to_owned()
    }

    fn connect(&self) -> TcpStream {
        wait_for("the service to listen", || TcpStream::connect(("127.0.0.1", self.port)).ok())
    }

    /// Status line, headers and page.
    fn ask(&self, method: &str, path: &str, content_type: &str, body: &str) -> String {
        let mut stream = self.connect();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: news.haiyue.example\r\nContent-Type: {content_type}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        // A server that has heard enough may hang up before it has read everything.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn has_left(&self) -> bool {
        self.site.prints(&["newsletter", "suppressed"]).contains(&self.user)
    }
}

#[test]
fn a_scanner_opens_the_link_and_the_reader_stays_then_he_clicks_and_gets_no_more() {
    let reader = reader("one-click");
    let service = reader.site.start();
    let link = reader.link();
    for method in ["GET", "HEAD", "GET"] {
        let page = reader.ask(method, &link, "", "");
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        assert_eq!(page.contains("<form method=\"post\">"), method == "GET", "{page}");
        assert!(page.contains("cache-control: no-store") && !page.to_lowercase().contains("set-cookie"), "{page}");
    }
    for (method, path, content_type, body, status) in [
        ("POST", link.clone(), FORM, "", "400"),
        ("POST", format!("{link}x"), FORM, WISH, "404"),
        ("POST", "/u/1.AAAAAAAAAAAAAAAAAAAAAA".to_owned(), FORM, WISH, "404"),
        ("GET", "/".to_owned(), "", "", "404"),
        ("DELETE", link.clone(), "", "", "405"),
        ("POST", link.clone(), FORM, &format!("{WISH}&x={}", "x".repeat(5_000)), "413"),
    ] {
        let answer = reader.ask(method, &path, content_type, body);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{method} {path}: {answer}");
    }
    assert!(!reader.has_left());
    for _ in 0..2 {
        assert!(reader.ask("POST", &link, FORM, WISH).starts_with("HTTP/1.1 200"));
    }
    assert!(reader.has_left());
    service.waits_to_log("a reader left the newsletters by one click");
    assert!(!service.log().contains(&reader.user), "no address in the log");
    publish(&reader.site, "summer");
    service.signal("HUP");
    wait_for("the second newsletter to be looked at", || {
        reader.site.prints(&["newsletter", "plan", "summer"]).contains("unsubscribed, complained").then_some(())
    });
    assert!(service.stop().success());
    assert_eq!(wait_for_mail(&reader.user, "INBOX", 1).len(), 1);
}

#[test]
fn one_who_never_ends_his_request_holds_nobody_up_and_parts_are_a_form_too() {
    let reader = reader("one-click-slow");
    let service = reader.site.start();
    let link = reader.link();
    let mut slow: Vec<TcpStream> = (0..20).map(|_| reader.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"POST /u/x HTTP/1.1\r\nHost: news").expect("taken");
    }
    let parts = "--cut\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--cut--\r\n";
    let answer = reader.ask("POST", &link, "multipart/form-data; boundary=cut", parts);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(reader.has_left());
    assert!(service.stop().success());
}

#[test]
fn a_port_that_is_taken_is_told_and_the_service_goes_on_until_it_may_listen() {
    let reader = reader("one-click-port");
    let taken = TcpListener::bind(("127.0.0.1", reader.port)).expect("a free port");
    let service = reader.site.start();
    service.waits_to_log("nobody can listen there");
    drop(taken);
    service.signal("USR1");
    service.waits_to_log("readers may leave the newsletters by one click");
    assert!(reader.ask("GET", &reader.link(), "", "").starts_with("HTTP/1.1 200"));
    reader.site.write("inquiryd.d/news.toml", "[newsletter]\nimprint = \"Haiyue Ltd.\"\npace = false\n");
    service.signal("HUP");
    wait_for("the service to listen no more", || TcpStream::connect(("127.0.0.1", reader.port)).is_err().then_some(()));
    assert!(service.stop().success());
}
