//! Where mail goes: an SMTP server or a folder.

use super::smtp::fault::Fault;
use super::{FolderSink, Outcome, SmtpInspection, SmtpSink};
use crate::clock::UnixTime;
use crate::config::source::SinkSettings;
use crate::progress::Progress;
use crate::tls::CaFileError;
use std::path::PathBuf;

/// One mail to one recipient.
#[derive(Clone, Debug)]
pub struct OutgoingMail {
    /// The envelope sender; never null, so that bounces come home.
    pub from: lettre::Address,
    pub recipient: lettre::Address,
    /// Without angle brackets.
    pub message_id: String,
    /// Names the sort of mail ("digest", "reminder") in file names.
    pub what: String,
    /// When the mail was planned: the same at each attempt.
    pub planned_at: UnixTime,
    /// What `compose` made.
    pub raw: Vec<u8>,
}

/// A sink in use.
#[derive(Debug)]
pub enum Sink {
    Smtp(SmtpSink),
    Folder(FolderSink),
}

/// Why a sink can't even be tried.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    CaFile(#[from] CaFileError),
    #[error("{host:?} is neither a host name nor an IP address")]
    Host { host: String },
}

/// What `check --connect` tells about a sink.
#[derive(Clone, Debug)]
pub enum Inspection {
    Smtp(SmtpInspection),
    /// The folder can be written to.
    Folder(PathBuf),
}

/// What stands between us and the sink.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    #[error(transparent)]
    Smtp(#[from] Fault),
    #[error("{}: can't write here: {source}", path.display())]
    Folder { path: PathBuf, source: std::io::Error },
}

impl Sink {
    /// Prepares the sink; the network is not touched before the first mail.
    pub fn open(settings: &SinkSettings, progress: &Progress) -> Result<Sink, OpenError> {
        Ok(match settings {
            SinkSettings::Smtp(smtp) => Sink::Smtp(SmtpSink::new(smtp.clone(), progress.clone())?),
            SinkSettings::Folder(path) => Sink::Folder(FolderSink::new(path.clone(), progress.clone())),
        })
    }

    /// Another one to the same place, for mail that goes at the same time.
    pub fn another(&self) -> Sink {
        match self {
            Sink::Smtp(smtp) => Sink::Smtp(smtp.another()),
            Sink::Folder(folder) => Sink::Folder(folder.another()),
        }
    }

    /// First phase: everything that can go wrong without any doubt about the mail. Nothing is taken yet.
    ///
    /// Err holds [`Outcome::Later`] or [`Outcome::Refused`]; the sink stays usable.
    pub async fn offer(&mut self, mail: &OutgoingMail) -> Result<(), Outcome> {
        match self {
            Sink::Smtp(smtp) => smtp.offer(mail).await,
            Sink::Folder(folder) => folder.offer().await,
        }
    }

    /// Second phase, right after a successful [`Sink::offer`] of the same mail: the bytes.
    pub async fn hand_over(&mut self, mail: &OutgoingMail) -> Outcome {
        match self {
            Sink::Smtp(smtp) => smtp.hand_over(mail).await,
            Sink::Folder(folder) => folder.hand_over(mail).await,
        }
    }

    /// Tries the sink without sending anything.
    pub async fn probe(&mut self) -> Result<Inspection, ProbeError> {
        match self {
            Sink::Smtp(smtp) => Ok(Inspection::Smtp(smtp.probe().await?)),
            Sink::Folder(folder) => Ok(Inspection::Folder(folder.probe().await?)),
        }
    }

    /// Says goodbye to the server, if a connection is open; for the end of a round of sending.
    pub async fn close(&mut self) {
        if let Sink::Smtp(smtp) = self {
            smtp.close().await;
        }
    }
}
