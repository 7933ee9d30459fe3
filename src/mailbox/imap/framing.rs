//! How long a response may become: literals are refused when they are announced, before anyone makes room for them.

use std::fmt;

/// Bytes of one response outside its literals; folder names and flags stay far below.
const LINES: u64 = 256 * 1024;

/// A response longer than what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    Literal { announced: u64, limit: u64 },
    Line,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Excess::Literal { announced, limit } => {
                write!(f, "the server announced {announced} bytes where at most {limit} were expected")
            }
            Excess::Line => write!(f, "the server sent a line without end"),
        }
    }
}

impl std::error::Error for Excess {}

/// Follows the server's bytes: where responses end and what literals they announce (RFC 3501 section 4.3).
#[derive(Debug)]
pub struct Framing {
    /// Bytes all literals of one response may have.
    pub limit: u64,
    /// Bytes of the present literal that are still to come.
    literal: u64,
    /// Bytes of this response's literals, and outside of them.
    in_literals: u64,
    in_lines: u64,
    /// How the response begins: human text may end in `{n}` and announce nothing.
    head: [u8; 8],
    announcement: Announcement,
}

/// How much of `{n}CRLF` was just seen.
#[derive(Clone, Copy, Debug)]
enum Announcement {
    None,
    Open { digits: Option<u64> },
    Closed(u64),
    CarriageReturn(u64),
}

impl Framing {
    pub fn new(limit: u64) -> Self {
        Framing { limit, literal: 0, in_literals: 0, in_lines: 0, head: [0; 8], announcement: Announcement::None }
    }

    /// Takes what was just read; an error says that the server is sending more than it may.
    pub fn follow(&mut self, mut bytes: &[u8]) -> Result<(), Excess> {
        while !bytes.is_empty() {
            if self.literal > 0 {
                let inside = usize::try_from(self.literal).unwrap_or(usize::MAX).min(bytes.len());
                self.literal -= inside as u64;
                bytes = &bytes[inside..];
            } else {
                self.step(bytes[0])?;
                bytes = &bytes[1..];
            }
        }
        Ok(())
    }

    /// One byte outside literals.
    fn step(&mut self, byte: u8) -> Result<(), Excess> {
        if let Some(free) = self.head.get_mut(self.in_lines as usize) {
            *free = byte.to_ascii_uppercase();
        }
        self.in_lines += 1;
        if self.in_lines > LINES {
            return Err(Excess::Line);
        }
        self.announcement = match (self.announcement, byte) {
            (_, b'{') => Announcement::Open { digits: None },
            (Announcement::Open { digits }, b'0'..=b'9') => {
                let digits = digits.unwrap_or(0).saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                Announcement::Open { digits: Some(digits) }
            }
            (Announcement::Open { digits: Some(n) }, b'}') => Announcement::Closed(n),
            (Announcement::Closed(n), b'\r') => Announcement::CarriageReturn(n),
            (Announcement::CarriageReturn(n), b'\n') if !self.is_human_text() => return self.open_literal(n),
            (_, b'\n') => {
                *self = Framing::new(self.limit);
                Announcement::None
            }
            _ => Announcement::None,
        };
        Ok(())
    }

    fn open_literal(&mut self, announced: u64) -> Result<(), Excess> {
        self.announcement = Announcement::None;
        self.in_literals = self.in_literals.saturating_add(announced);
        if self.in_literals > self.limit {
            return Err(Excess::Literal { announced, limit: self.limit });
        }
        self.literal = announced;
        Ok(())
    }

    /// Status responses, continuation requests and tagged responses end in human text (RFC 3501 section 7.1).
    fn is_human_text(&self) -> bool {
        let Some(untagged) = self.head.strip_prefix(b"* ") else { return true };
        [&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUT"].iter().any(|status| untagged.starts_with(status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_within_the_limit_may_hold_anything() {
        let mut framing = Framing::new(20);
        let response = b"* 1 FETCH (UID 1 BODY[] {16}\r\n{999}\r\n{999999}\r\n)\r\n* 2 EXISTS\r\n";
        for cut in 0..response.len() {
            assert_eq!(framing.follow(&response[..cut]), Ok(()));
            assert_eq!(framing.follow(&response[cut..]), Ok(()));
        }
    }

    #[test]
    fn six_hundred_megabytes_are_refused_when_they_are_announced() {
        let mut framing = Framing::new(1_000_000);
        assert_eq!(
            framing.follow(b"* 1 FETCH (UID 1 BODY[] {629145600}\r\n"),
            Err(Excess::Literal { announced: 629_145_600, limit: 1_000_000 })
        );
    }

    #[test]
    fn many_small_literals_of_one_response_count_together() {
        let mut framing = Framing::new(10);
        assert_eq!(framing.follow(b"* 1 FETCH (A {6}\r\n123456 B "), Ok(()));
        assert_eq!(framing.follow(b"{6}\r\n"), Err(Excess::Literal { announced: 6, limit: 10 }));
    }

    #[test]
    fn braces_in_human_text_announce_nothing() {
        let mut framing = Framing::new(10);
        assert!(framing.follow(b"* OK see {5}\r\n* 1 FETCH (BODY[] {11}\r\n").is_err());
        assert_eq!(Framing::new(10).follow(b"A0001 NO quota {600000000}\r\n+ {99}\r\n"), Ok(()));
    }

    #[test]
    fn a_line_without_end_is_refused() {
        assert_eq!(Framing::new(10).follow(&vec![b'x'; 300_000]), Err(Excess::Line));
    }

    #[test]
    fn a_number_beyond_all_bounds_is_still_a_number() {
        let announced = b"* 1 FETCH (BODY[] {99999999999999999999999999}\r\n";
        assert!(matches!(Framing::new(10).follow(announced), Err(Excess::Literal { announced: u64::MAX, .. })));
    }
}
