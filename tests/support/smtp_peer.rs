//! A scripted SMTP server: answers well unless its script says otherwise.

use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the peer does instead of the usual answer.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// These bytes, CRLF after them.
    Say(&'static [u8]),
    /// This answer, and then the connection is closed.
    SayAndClose(&'static str),
    Close,
    Silence,
    /// The usual answer, this much later.
    Late(Duration),
    /// An answer without end, a character at a time.
    Dribble,
}

/// On this verb (`CONNECT`, `EHLO`, …, `DOT` for the final dot, `BYTES` for the mail's first bytes) do that.
#[derive(Clone, Debug)]
struct Rule {
    verb: &'static str,
    containing: &'static str,
    act: Act,
    once: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Script(Vec<Rule>);

impl Script {
    pub fn once(self, verb: &'static str, act: Act) -> Self {
        self.rule(verb, "", act, true)
    }

    pub fn always(self, verb: &'static str, act: Act) -> Self {
        self.rule(verb, "", act, false)
    }

    /// Whenever the command line contains these words.
    pub fn at(self, verb: &'static str, containing: &'static str, act: Act) -> Self {
        self.rule(verb, containing, act, false)
    }

    fn rule(mut self, verb: &'static str, containing: &'static str, act: Act, once: bool) -> Self {
        self.0.push(Rule { verb, containing, act, once });
        self
    }

    fn take(&mut self, verb: &str, line: &str) -> Option<Act> {
        let index = self.0.iter().position(|rule| rule.verb == verb && line.contains(rule.containing))?;
        Some(if self.0[index].once { self.0.remove(index).act } else { self.0[index].act })
    }
}

/// What the peer saw.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub connections: usize,
    pub commands: Vec<String>,
    /// Mails whose final dot was answered with 250, dots unstuffed.
    pub mails: Vec<String>,
}

pub struct SmtpPeer {
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl SmtpPeer {
    pub async fn start(script: Script) -> SmtpPeer {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let script = Arc::new(Mutex::new(script));
        tokio::spawn({
            let seen = Arc::clone(&seen);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    stream.set_nodelay(true).expect("a TCP option");
                    seen.lock().expect("unpoisoned").connections += 1;
                    let talk =
                        Talk { stream: BufReader::new(stream), script: Arc::clone(&script), seen: Arc::clone(&seen) };
                    tokio::spawn(talk.run());
                }
            }
        });
        SmtpPeer { port, seen }
    }

    pub fn seen(&self) -> Seen {
        self.seen.lock().expect("unpoisoned").clone()
    }
}

struct Talk {
    stream: BufReader<TcpStream>,
    script: Arc<Mutex<Script>>,
    seen: Arc<Mutex<Seen>>,
}

impl Talk {
    /// Ends, and so closes the connection, at None.
    async fn run(mut self) -> Option<()> {
        self.answer("CONNECT", "", b"220 peer.example ESMTP").await?;
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            let line = line.trim_end().to_owned();
            self.seen.lock().expect("unpoisoned").commands.push(line.clone());
            let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
            match verb.as_str() {
                "EHLO" => {
                    let usual = b"250-peer.example\r\n250-8BITMIME\r\n250 SIZE 1000000";
                    self.answer(&verb, &line, usual).await?;
                }
                "DATA" => {
                    if self.answer(&verb, &line, b"354 go ahead").await? == b"354 go ahead" {
                        self.content().await?;
                    }
                }
                "QUIT" => {
                    self.answer(&verb, &line, b"221 bye").await?;
                    return None;
                }
                _ => {
                    self.answer(&verb, &line, b"250 2.0.0 ok").await?;
                }
            }
        }
    }

    async fn content(&mut self) -> Option<()> {
        let cut = self.script.lock().expect("unpoisoned").take("BYTES", "");
        if let Some(act) = cut {
            self.stream.read_u8().await.ok()?;
            self.perform(act).await?;
        }
        let mut mail = String::new();
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            if line == ".\r\n" {
                break;
            }
            mail.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
        if self.answer("DOT", "", b"250 2.0.0 queued as 1").await?.starts_with(b"250") {
            self.seen.lock().expect("unpoisoned").mails.push(mail);
        }
        Some(())
    }

    /// Says what the script wants or else the usual; returns what was said.
    async fn answer(&mut self, verb: &str, line: &str, usual: &'static [u8]) -> Option<&'static [u8]> {
        let act = self.script.lock().expect("unpoisoned").take(verb, line).unwrap_or(Act::Say(usual));
        if let Act::Late(delay) = act {
            tokio::time::sleep(delay).await;
            return self.perform(Act::Say(usual)).await;
        }
        self.perform(act).await
    }

    async fn perform(&mut self, act: Act) -> Option<&'static [u8]> {
        match act {
            Act::Say(bytes) => {
                self.stream.write_all(bytes).await.ok()?;
                self.stream.write_all(b"\r\n").await.ok()?;
                Some(bytes)
            }
            Act::SayAndClose(text) => {
                self.stream.write_all(text.as_bytes()).await.ok()?;
                self.stream.write_all(b"\r\n").await.ok()?;
                None
            }
            Act::Close => None,
            Act::Silence | Act::Late(_) => std::future::pending().await,
            Act::Dribble => {
                self.stream.write_all(b"250-").await.ok()?;
                loop {
                    self.stream.write_all(b"x").await.ok()?;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }
}
