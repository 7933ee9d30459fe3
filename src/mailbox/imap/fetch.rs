//! Reading one folder: always one command ahead, so that the server never waits for us, and always able to go on.
//!
//! The cursor of a batch passes a mail only when the mail was delivered or the server no longer lists it.

use super::super::{Batch, Body, Cursor, FolderSummary, Position, RawMail};
use super::plan::{Ask, Chunk};
use super::session::{Fault, Session, Step, is_busy};
use crate::progress::Progress;
use imap_proto::{AttributeValue, RequestId, Response};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tokio::sync::mpsc::Sender;

/// Commands under way at once: one being answered, one for the server to turn to next.
const AHEAD: usize = 2;
/// Connections lost in a row without a mail gained before the fault is the server's.
const FRUITLESS: u32 = 6;
/// Mails in a row that can't be read before the fault is the server's.
const UNREADABLE: u32 = 5;

/// A chunk whose command was sent.
struct Flight {
    tag: RequestId,
    chunk: Chunk,
    bodies: BTreeMap<u32, Body>,
    /// The bodies' command is done and some are missing: the UIDs the server still lists.
    listed: Option<BTreeSet<u32>>,
    complete: bool,
}

impl Flight {
    fn new(tag: RequestId, chunk: Chunk) -> Self {
        let listed = matches!(chunk.ask, Ask::Existence { .. }).then(BTreeSet::new);
        Flight { tag, chunk, bodies: BTreeMap::new(), listed, complete: false }
    }

    fn lacks(&self, uid: u32) -> bool {
        !self.bodies.contains_key(&uid)
    }

    fn first_missing(&self) -> Option<u32> {
        self.chunk.mails.iter().map(|mail| mail.uid).find(|uid| self.lacks(*uid))
    }

    /// Takes what one FETCH response says; false where it isn't for this chunk.
    fn note(&mut self, uid: u32, body: Option<&[u8]>) -> bool {
        let Some(shown) = self.chunk.get(uid) else { return false };
        let size = shown.size;
        if let Some(listed) = &mut self.listed {
            return listed.insert(uid);
        }
        match body {
            // Nothing for a mail that has a size: gone, or withheld.
            Some(bytes) if bytes.len() as u64 >= size.min(1) && self.lacks(uid) => {
                let body = match &self.chunk.ask {
                    Ask::Beginning { reason } => Body::Beginning { bytes: bytes.to_vec(), reason: reason.clone() },
                    _ => Body::Whole(bytes.to_vec()),
                };
                self.bodies.insert(uid, body);
                true
            }
            _ => false,
        }
    }

    fn take(&mut self, count: usize, uid_validity: u32) -> Vec<RawMail> {
        let mails = self.chunk.mails.drain(..count);
        let raw = mails.filter_map(|mail| {
            let body = self.bodies.remove(&mail.uid)?;
            let size = if let Body::Whole(bytes) = &body { bytes.len() as u64 } else { mail.size };
            let position = Position::Uid { uid_validity, uid: mail.uid };
            Some(RawMail { position, arrived_at: mail.arrived_at, size, body })
        });
        raw.collect()
    }
}

/// Why reading paused; which flight had the trouble.
pub enum Halt {
    /// Nobody takes the mails any more.
    ReceiverGone,
    /// The connection is not to be used again.
    Fault { fault: Fault, flight: usize },
    /// The server lists a mail of this flight and does not give it.
    Withheld { uid: u32, flight: usize },
}

impl Halt {
    /// In words, without place.
    pub fn why(&self) -> String {
        match self {
            Halt::ReceiverGone => "nobody takes the mails any more".to_owned(),
            Halt::Fault { fault, .. } => fault.why(),
            Halt::Withheld { .. } => "the server lists the mail but does not give it".to_owned(),
        }
    }

    /// Whether the server asks to be left alone for a while.
    fn asks_for_patience(&self) -> bool {
        matches!(self, Halt::Fault { fault: Fault::Refused(said), .. } if is_busy(said))
    }
}

/// One folder being read, over as many connections as it takes.
pub struct Reading<'a> {
    uid_validity: u32,
    mail_size: u64,
    plan: VecDeque<Chunk>,
    out: &'a Sender<Batch>,
    progress: &'a Progress,
    pub summary: FolderSummary,
    flights: VecDeque<Flight>,
    fruitless: u32,
    unreadable_in_a_row: u32,
}

impl<'a> Reading<'a> {
    pub fn new(
        plan: VecDeque<Chunk>,
        mail_size: u64,
        out: &'a Sender<Batch>,
        progress: &'a Progress,
        summary: FolderSummary,
    ) -> Self {
        Reading {
            uid_validity: summary.uid_validity.unwrap_or(0),
            mail_size,
            plan,
            out,
            progress,
            summary,
            flights: VecDeque::new(),
            fruitless: 0,
            unreadable_in_a_row: 0,
        }
    }

    /// Reads until everything is delivered or something happens.
    pub async fn run(&mut self, session: &mut Session) -> Result<(), Halt> {
        loop {
            while self.flights.len() < AHEAD
                && let Some(chunk) = self.plan.pop_front()
            {
                self.start(session, chunk).await?;
            }
            if self.flights.is_empty() {
                return Ok(());
            }
            let flights = &mut self.flights;
            let read = session.next(|response| note(flights, response)).await;
            let (step, useful) = read.map_err(|fault| Halt::Fault { fault, flight: 0 })?;
            if useful {
                self.progress.step();
            }
            if let Step::Done { tag, result } = step {
                self.done(session, &tag, result).await?;
            }
        }
    }

    async fn start(&mut self, session: &mut Session, chunk: Chunk) -> Result<(), Halt> {
        let command = chunk.command();
        // Room first: should sending fail, the chunk is in a flight and not forgotten.
        self.flights.push_back(Flight::new(RequestId(String::new()), chunk));
        let flight = self.flights.len() - 1;
        self.send(session, &command, flight).await
    }

    async fn send(&mut self, session: &mut Session, command: &str, flight: usize) -> Result<(), Halt> {
        let limit = self.flights.iter().map(|flight| flight.chunk.literal_limit(self.mail_size)).max();
        session.expect_at_most(limit.unwrap_or(0));
        self.flights[flight].tag = session.send(command).await.map_err(|fault| Halt::Fault { fault, flight: 0 })?;
        Ok(())
    }

    /// A command ended: deliver, or ask what became of the missing.
    async fn done(&mut self, session: &mut Session, tag: &RequestId, ended: Result<(), String>) -> Result<(), Halt> {
        let Some(index) = self.flights.iter().position(|flight| !flight.complete && flight.tag == *tag) else {
            return Err(Halt::Fault { fault: Fault::Unparsable, flight: 0 });
        };
        ended.map_err(|said| Halt::Fault { fault: Fault::Refused(said), flight: index })?;
        let flight = &mut self.flights[index];
        match &flight.listed {
            None if flight.first_missing().is_some() => {
                flight.listed = Some(BTreeSet::new());
                let command = flight.chunk.existence();
                return self.send(session, &command, index).await;
            }
            None => {}
            Some(listed) => {
                let withheld: Vec<u32> = listed.iter().copied().filter(|uid| flight.lacks(*uid)).collect();
                match (&flight.chunk.ask, withheld.first()) {
                    (Ask::Existence { reason }, Some(uid)) => {
                        flight.bodies.insert(*uid, Body::Unreadable { reason: reason.clone() });
                    }
                    (_, Some(uid)) => return Err(Halt::Withheld { uid: *uid, flight: index }),
                    (_, None) => {}
                }
            }
        }
        flight.complete = true;
        while self.flights.front().is_some_and(|flight| flight.complete)
            && let Some(mut flight) = self.flights.pop_front()
        {
            let count = flight.chunk.mails.len();
            self.deliver(&mut flight, count).await?;
        }
        Ok(())
    }

    /// Hands the first `count` mails of a flight on; those that vanished are passed over.
    async fn deliver(&mut self, flight: &mut Flight, count: usize) -> Result<(), Halt> {
        let Some(last) = count.checked_sub(1).and_then(|index| flight.chunk.mails.get(index)) else { return Ok(()) };
        let cursor = Cursor { uid_validity: self.uid_validity, last_uid: last.uid };
        let mails = flight.take(count, self.uid_validity);
        let unreadable = mails.iter().filter(|mail| matches!(mail.body, Body::Unreadable { .. })).count() as u64;
        self.fruitless = 0;
        match unreadable {
            0 => self.unreadable_in_a_row = 0,
            _ => self.unreadable_in_a_row += 1,
        }
        self.summary.vanished += (count - mails.len()) as u64;
        self.summary.unreadable += unreadable;
        let delivered = mails.len() as u64;
        self.out.send(Batch { mails, cursor: Some(cursor) }).await.map_err(|_| Halt::ReceiverGone)?;
        self.summary.delivered += delivered;
        self.progress.step();
        Ok(())
    }

    /// Arranges what is left after a halt for the next connection; an error when there is no sense in one.
    pub async fn recover(&mut self, halt: Halt) -> Result<(), Halt> {
        let (troubled, withheld) = match &halt {
            Halt::ReceiverGone => return Err(halt),
            Halt::Fault { flight, .. } => (*flight, None),
            Halt::Withheld { uid, flight } => (*flight, Some(*uid)),
        };
        if halt.asks_for_patience() || self.fruitless >= FRUITLESS || self.unreadable_in_a_row >= UNREADABLE {
            return Err(halt);
        }
        let why = halt.why();
        self.fruitless += 1;
        let mut left = Vec::new();
        for (index, mut flight) in std::mem::take(&mut self.flights).into_iter().enumerate() {
            if index == 0 {
                // What came before the trouble is good.
                let good = flight.chunk.mails.iter().take_while(|mail| !flight.lacks(mail.uid)).count();
                self.deliver(&mut flight, good).await?;
            }
            match withheld.or(flight.first_missing()) {
                Some(suspect) if index == troubled => left.extend(flight.chunk.set_apart(suspect, &why)),
                _ if flight.chunk.mails.is_empty() => {}
                _ => left.push(flight.chunk),
            }
        }
        for chunk in left.into_iter().rev() {
            self.plan.push_front(chunk);
        }
        Ok(())
    }
}

/// Gives a FETCH response to the flight it belongs to; anything else the server says meanwhile is not for us.
fn note(flights: &mut VecDeque<Flight>, response: &Response<'_>) -> bool {
    let Response::Fetch(_, attributes) = response else { return false };
    let uid = attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    });
    let body = attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::BodySection { section: None, data, .. } => data.as_deref(),
        _ => None,
    });
    uid.is_some_and(|uid| flights.iter_mut().any(|flight| flight.note(uid, body)))
}
