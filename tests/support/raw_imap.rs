//! A bare IMAP client for what inquiryd never does: storing, deleting, looking at flags.

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

pub struct RawImap {
    stream: BufReader<TcpStream>,
    commands: u32,
}

impl RawImap {
    /// Logs in with the password `test`.
    pub async fn login(port: u16, user: &str) -> RawImap {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.expect("the IMAP server");
        stream.set_nodelay(true).expect("a socket");
        let mut raw = RawImap { stream: BufReader::new(stream), commands: 0 };
        raw.line().await;
        raw.run(&format!("LOGIN {user} test")).await;
        raw
    }

    async fn line(&mut self) -> String {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line).await.expect("a line");
        assert!(!line.is_empty(), "the server closed the connection");
        String::from_utf8_lossy(&line).into_owned()
    }

    /// Runs a command that must succeed; all lines of its answer.
    pub async fn run(&mut self, command: &str) -> String {
        self.send(command.as_bytes()).await;
        self.answer().await
    }

    async fn send(&mut self, command: &[u8]) {
        self.commands += 1;
        let mut line = format!("r{} ", self.commands).into_bytes();
        line.extend_from_slice(command);
        line.extend_from_slice(b"\r\n");
        self.stream.get_mut().write_all(&line).await.expect("a command sent");
    }

    async fn answer(&mut self) -> String {
        let tag = format!("r{} ", self.commands);
        let mut answer = String::new();
        loop {
            let line = self.line().await;
            answer.push_str(&line);
            if let Some(end) = line.strip_prefix(&tag) {
                assert!(end.starts_with("OK"), "{answer}");
                return answer;
            }
        }
    }

    /// Puts a mail into a folder; flags as in `\Seen`.
    pub async fn append(&mut self, folder: &str, flags: &str, mail: &[u8]) {
        self.append_all(folder, flags, [mail]).await;
    }

    /// Puts many mails into a folder by one command (RFC 3502).
    pub async fn append_all(&mut self, folder: &str, flags: &str, mails: impl IntoIterator<Item: AsRef<[u8]>>) {
        let mut command = format!("APPEND {folder}").into_bytes();
        for mail in mails {
            let mail = mail.as_ref();
            command.extend_from_slice(format!(" ({flags}) {{{}+}}\r\n", mail.len()).as_bytes());
            command.extend_from_slice(mail);
        }
        self.send(&command).await;
        self.answer().await;
    }
}
