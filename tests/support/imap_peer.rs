//! An IMAP server that does as it is told: a small honest one, and a script that may answer any command otherwise.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server holds; a script may change it at any command.
pub struct World {
    pub greeting: String,
    pub capabilities: String,
    /// Lines of the LIST answer after `* LIST `.
    pub folders: Vec<String>,
    /// What EXAMINE says of UIDVALIDITY; None: nothing.
    pub uid_validity: Option<u32>,
    pub mails: Vec<Mail>,
}

#[derive(Clone)]
pub struct Mail {
    pub uid: u32,
    pub body: Vec<u8>,
    /// What RFC822.SIZE claims.
    pub size: usize,
}

/// A command that arrived.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Counted from 0.
    pub connection: usize,
    pub tag: String,
    /// Without tag and line end.
    pub command: String,
}

impl Asked {
    pub fn is(&self, start: &str) -> bool {
        self.command.starts_with(start)
    }

    /// A FETCH of bodies, whole or in part.
    pub fn wants_bodies(&self) -> bool {
        self.command.contains("BODY.PEEK")
    }

    /// A FETCH of the body of this one mail or of a range it is in.
    pub fn wants_body_of(&self, uid: u32) -> bool {
        self.wants_bodies() && covers(self.set(), uid)
    }

    fn set(&self) -> &str {
        self.command.split(' ').nth(2).unwrap_or("")
    }
}

/// What the script does with a command; `{tag}` stands for its tag.
pub enum Act {
    /// What an honest server does.
    Honest,
    Say(Vec<u8>),
    SayAndClose(Vec<u8>),
    SayAndStall(Vec<u8>),
}

pub fn say(text: &str) -> Act {
    Act::Say(text.as_bytes().to_vec())
}

type Script = Box<dyn FnMut(&Asked, &mut World) -> Act + Send>;

struct Shared {
    world: World,
    script: Script,
    log: Vec<Asked>,
    connections: usize,
}

/// The running server; it stops with the value.
pub struct Peer {
    pub port: u16,
    shared: Arc<Mutex<Shared>>,
    task: JoinHandle<()>,
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Peer {
    /// A server with `count` small mails, UID 1 and up, that follows the script.
    pub async fn start(count: u32, script: impl FnMut(&Asked, &mut World) -> Act + Send + 'static) -> Peer {
        let world = World {
            greeting: "* OK ready\r\n".to_owned(),
            capabilities: "IMAP4rev1 AUTH=PLAIN SASL-IR ID".to_owned(),
            folders: vec![r#"(\HasNoChildren) "/" INBOX"#.to_owned(), r#"() "/" "&XfJT0ZAB-""#.to_owned()],
            uid_validity: Some(7),
            mails: (1..=count).map(mail).collect(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Shared { world, script: Box::new(script), log: Vec::new(), connections: 0 };
        let shared = Arc::new(Mutex::new(shared));
        let serving = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&serving)));
            }
        });
        Peer { port, shared, task }
    }

    /// An honest server.
    pub async fn honest(count: u32) -> Peer {
        Peer::start(count, |_, _| Act::Honest).await
    }

    pub fn change(&self, change: impl FnOnce(&mut World)) {
        change(&mut self.shared.lock().expect("the peer").world);
    }

    /// Every command so far.
    pub fn log(&self) -> Vec<Asked> {
        self.shared.lock().expect("the peer").log.clone()
    }

    pub fn connections(&self) -> usize {
        self.shared.lock().expect("the peer").connections
    }
}

pub fn mail(uid: u32) -> Mail {
    let body = format!("Message-ID: <{uid}@buyer.example>\r\nSubject: inquiry {uid}\r\n\r\nPrice?\r\n").into_bytes();
    Mail { uid, size: body.len(), body }
}

/// One FETCH response with a body.
pub fn fetched(uid: u32, body: &[u8]) -> Vec<u8> {
    let mut response = format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n", body.len()).into_bytes();
    response.extend_from_slice(body);
    response.extend_from_slice(b")\r\n");
    response
}

async fn serve(stream: TcpStream, shared: Arc<Mutex<Shared>>) {
    let mut stream = BufReader::new(stream);
    let (connection, greeting) = {
        let mut shared = shared.lock().expect("the peer");
        shared.connections += 1;
        (shared.connections - 1, shared.world.greeting.clone())
    };
    let mut answer = Act::Say(greeting.into_bytes());
    loop {
        let (bytes, then) = match answer {
            Act::Honest => unreachable!("honesty was spelled out"),
            Act::Say(bytes) => (bytes, true),
            Act::SayAndClose(bytes) => (bytes, false),
            Act::SayAndStall(bytes) => {
                let _ = stream.get_mut().write_all(&bytes).await;
                std::future::pending::<()>().await;
                return;
            }
        };
        if stream.get_mut().write_all(&bytes).await.is_err() || !then {
            return;
        }
        let mut line = String::new();
        match stream.read_line(&mut line).await {
            Ok(read) if read > 0 => {}
            _ => return,
        }
        let (tag, command) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
        let asked = Asked { connection, tag: tag.to_owned(), command: command.to_owned() };
        let mut shared = shared.lock().expect("the peer");
        shared.log.push(asked.clone());
        let Shared { world, script, .. } = &mut *shared;
        answer = match script(&asked, world) {
            Act::Honest => Act::Say(honest(&asked, world)),
            Act::Say(bytes) => Act::Say(tagged(bytes, tag)),
            Act::SayAndClose(bytes) => Act::SayAndClose(tagged(bytes, tag)),
            Act::SayAndStall(bytes) => Act::SayAndStall(tagged(bytes, tag)),
        };
    }
}

fn tagged(bytes: Vec<u8>, tag: &str) -> Vec<u8> {
    match std::str::from_utf8(&bytes) {
        Ok(text) => text.replace("{tag}", tag).into_bytes(),
        Err(_) => bytes,
    }
}

/// What an honest server answers.
pub fn honest(asked: &Asked, world: &World) -> Vec<u8> {
    let tag = &asked.tag;
    let ok = format!("{tag} OK done\r\n").into_bytes();
    let mut answer = match asked.command.split(' ').next().unwrap_or("") {
        "CAPABILITY" => format!("* CAPABILITY {}\r\n", world.capabilities).into_bytes(),
        "ID" => b"* ID (\"name\" \"peer\")\r\n".to_vec(),
        "LIST" => world.folders.iter().flat_map(|line| format!("* LIST {line}\r\n").into_bytes()).collect(),
        "EXAMINE" => {
            let validity = world.uid_validity.map(|value| format!("* OK [UIDVALIDITY {value}] valid\r\n"));
            format!("* {} EXISTS\r\n{}", world.mails.len(), validity.unwrap_or_default()).into_bytes()
        }
        "UID" if asked.is("UID SEARCH UID ") => {
            let set = &asked.command["UID SEARCH UID ".len()..];
            let found = world.mails.iter().filter(|mail| covers(set, mail.uid)).map(|mail| format!(" {}", mail.uid));
            format!("* SEARCH{}\r\n", found.collect::<String>()).into_bytes()
        }
        "FETCH" => {
            let first = world.mails.first().filter(|_| asked.is("FETCH 1 (UID)"));
            first.map_or_else(Vec::new, |mail| format!("* 1 FETCH (UID {})\r\n", mail.uid).into_bytes())
        }
        "UID" => world
            .mails
            .iter()
            .enumerate()
            .filter(|(index, mail)| {
                covers(asked.set(), mail.uid) || asked.set().ends_with('*') && index + 1 == world.mails.len()
            })
            .flat_map(|(_, mail)| fetch(asked, mail))
            .collect(),
        _ => Vec::new(),
    };
    answer.extend_from_slice(&ok);
    answer
}

fn fetch(asked: &Asked, mail: &Mail) -> Vec<u8> {
    let uid = mail.uid;
    if asked.command.contains("RFC822.SIZE") {
        let line = format!(
            "* {uid} FETCH (UID {uid} INTERNALDATE \"17-Jul-2026 02:44:25 +0800\" RFC822.SIZE {})\r\n",
            mail.size
        );
        return line.into_bytes();
    }
    if !asked.wants_bodies() {
        return format!("* {uid} FETCH (UID {uid})\r\n").into_bytes();
    }
    match asked.command.split_once("<0.").and_then(|(_, rest)| rest.split_once('>')) {
        Some((length, _)) => {
            let length = length.parse::<usize>().expect("a length").min(mail.body.len());
            let text = fetched(uid, &mail.body[..length]);
            String::from_utf8_lossy(&text).replace("BODY[]", "BODY[]<0>").into_bytes()
        }
        None => fetched(uid, &mail.body),
    }
}

fn covers(set: &str, uid: u32) -> bool {
    set.split(',').any(|range| is_within(range, uid))
}

fn is_within(set: &str, uid: u32) -> bool {
    let (first, last) = set.split_once(':').unwrap_or((set, set));
    let number = |text: &str| if text == "*" { Some(u32::MAX) } else { text.parse().ok() };
    matches!((number(first), number(last)), (Some(first), Some(last)) if (first..=last).contains(&uid))
}
