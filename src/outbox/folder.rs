//! A folder as a sink: one .eml file a mail, in place completely or not at all.

use super::sink::ProbeError;
use super::{Outcome, OutgoingMail};
use crate::progress::Progress;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Characters that each readable part of a file name may have.
const PART_LENGTH: usize = 48;

/// Writes mails into a folder.
#[derive(Debug)]
pub struct FolderSink {
    folder: PathBuf,
    progress: Progress,
    /// The folder was there at the first mail.
    made: bool,
}

impl FolderSink {
    pub fn new(folder: PathBuf, progress: Progress) -> Self {
        FolderSink { folder, progress, made: false }
    }

    pub(super) fn another(&self) -> FolderSink {
        FolderSink::new(self.folder.clone(), self.progress.clone())
    }

    pub(super) async fn offer(&mut self) -> Result<(), Outcome> {
        if self.made {
            return Ok(());
        }
        let folder = self.folder.clone();
        let made = blocking(move || std::fs::create_dir_all(folder)).await;
        self.made = made.is_ok();
        made.map_err(|error| Outcome::Later { reason: format!("{}: {error}", self.folder.display()) })
    }

    pub(super) async fn hand_over(&self, mail: &OutgoingMail) -> Outcome {
        let path = self.folder.join(file_name(mail));
        let raw = mail.raw.clone();
        let written = blocking({
            let path = path.clone();
            move || write_once(&path, &raw)
        });
        match written.await {
            Ok(()) => {
                self.progress.step();
                Outcome::Sent
            }
            Err(error) => Outcome::Later { reason: format!("{}: {error}", path.display()) },
        }
    }

    pub(super) async fn probe(&self) -> Result<PathBuf, ProbeError> {
        let folder = self.folder.clone();
        let tried = blocking(move || {
            std::fs::create_dir_all(&folder)?;
            let trial = folder.join(format!(".inquiryd-{}.trial", std::process::id()));
            File::create(&trial)?;
            std::fs::remove_file(trial)
        });
        match tried.await {
            Ok(()) => Ok(self.folder.clone()),
            Err(source) => Err(ProbeError::Folder { path: self.folder.clone(), source }),
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

/// The name of a mail's file: sorts by time, is readable, and is the same at each attempt.
///
/// What makes it unique is the hash of Message-ID and recipient; the parts before it are for people.
pub fn file_name(mail: &OutgoingMail) -> String {
    let time = jiff::Timestamp::from_second(mail.planned_at)
        .map_or_else(|_| mail.planned_at.to_string(), |at| at.strftime("%Y%m%dT%H%M%SZ").to_string());
    let local_part = mail.message_id.split('@').next().unwrap_or_default();
    let identity = Sha256::digest(format!("{}\n{}", mail.message_id, mail.recipient));
    let parts = [mail.what.as_str(), mail.recipient.as_ref(), local_part].map(safe);
    format!("{time}-{}-{}.eml", parts.join("-"), crate::text::hex(&identity[..5]))
}

/// Letters, digits and `@ . _`; never a leading dot, never a path.
fn safe(part: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || matches!(c, '@' | '.' | '_') { c } else { '_' };
    let mut safe: String = part.chars().take(PART_LENGTH).map(kept).collect();
    // File systems bound a name's bytes (255), not its characters.
    while safe.len() > PART_LENGTH {
        safe.pop();
    }
    safe
}

/// The file is there, complete and safe from a power cut, when this returns Ok; if it was there before, it stays.
fn write_once(path: &Path, raw: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if !path.try_exists()? {
        let draft = path.with_extension("part");
        let mut file = File::create(&draft)?;
        file.write_all(raw)?;
        file.sync_all()?;
        std::fs::rename(&draft, path)?;
    }
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(recipient: &str, message_id: &str) -> OutgoingMail {
        OutgoingMail {
            from: "bot@haichuan.example".parse().expect("valid"),
            recipient: recipient.parse().expect("valid"),
            message_id: message_id.to_owned(),
            what: "digest".to_owned(),
            planned_at: 1_795_408_200,
            raw: b"Subject: x\r\n\r\nhello\r\n".to_vec(),
        }
    }

    fn files(folder: &Path) -> Vec<String> {
        let names = std::fs::read_dir(folder).expect("readable");
        names.map(|entry| entry.expect("readable").file_name().into_string().expect("UTF-8")).collect()
    }

    #[tokio::test]
    async fn a_mail_delivered_twice_is_one_file_and_sent_both_times() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut sink = FolderSink::new(folder.path().join("out/mail"), Progress::default());
        let first = mail("lilei@haichuan.example", "digest.7@haichuan.example");
        for _ in 0..2 {
            assert_eq!(sink.offer().await, Ok(()));
            assert_eq!(sink.hand_over(&first).await, Outcome::Sent);
        }
        let names = files(&folder.path().join("out/mail"));
        assert_eq!(names.len(), 1, "{names:?}");
        assert!(names[0].starts_with("20261123T"), "{names:?}");
        assert!(names[0].contains("-digest-lilei@haichuan.example-digest.7-"), "{names:?}");
        let read = std::fs::read(folder.path().join("out/mail").join(&names[0])).expect("readable");
        assert_eq!(read, first.raw);
    }

    #[tokio::test]
    async fn a_draft_left_by_a_crash_is_replaced_by_the_whole_mail() {
        let folder = tempfile::tempdir().expect("a folder");
        let sink = FolderSink::new(folder.path().to_owned(), Progress::default());
        let first = mail("lilei@haichuan.example", "digest.7@haichuan.example");
        std::fs::write(folder.path().join(file_name(&first)).with_extension("part"), b"Subj").expect("written");
        assert_eq!(sink.hand_over(&first).await, Outcome::Sent);
        assert_eq!(files(folder.path()), [file_name(&first)]);
    }

    #[test]
    fn two_recipients_of_one_mail_are_two_files_even_if_their_names_look_alike_when_made_safe() {
        let names = ["a+b@x.example", "a-b@x.example", "a_b@x.example"].map(|to| file_name(&mail(to, "d@x.example")));
        assert!(names[0] != names[1] && names[1] != names[2] && names[0] != names[2], "{names:?}");
    }

    #[test]
    fn a_file_name_never_leaves_the_folder_and_is_never_too_long() {
        let mut strange = mail("a@x.example", &format!("../../etc/{}@x.example", "询".repeat(200)));
        strange.what = "../\0/newsletter:春".repeat(20);
        let name = file_name(&strange);
        assert!(!name.contains(['/', '\0', ':']) && name.len() < 255, "{name}");
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_means_later_and_says_which() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("occupied");
        std::fs::write(&file, b"").expect("written");
        let mut sink = FolderSink::new(file, Progress::default());
        let Err(Outcome::Later { reason }) = sink.offer().await else { panic!("a file is no folder") };
        assert!(reason.contains("occupied"), "{reason}");
        assert!(sink.probe().await.is_err());
    }
}
