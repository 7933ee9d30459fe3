//! A mail without the middle of its large attachments: their names, types and sizes are understood, their bytes are not.

use memchr::{memchr, memmem};
use std::borrow::Cow;

/// Attachments shorter than this are not worth the look.
const WORTH: usize = 4 * 1024;
/// Lines of an attachment that stay at its beginning: they hold the bytes that tell its type.
const KEPT_LINES: usize = 8;

/// Bytes of a part's header that are looked at.
const MAX_PART_HEADER: usize = 2000;

/// A mail whose attachments are cut short, and what was cut.
pub(super) struct Thin<'a> {
    pub raw: Cow<'a, [u8]>,
    cuts: Vec<Cut>,
}

/// Whole lines of base64 that were left out.
struct Cut {
    /// Where they stood, in the bytes that are left.
    at: usize,
    encoded: usize,
    decoded: usize,
}

impl<'a> Thin<'a> {
    /// Cuts the middle out of base64 parts that hold neither text nor mail. Only lines of one length and of base64's
    /// letters go, so that what a parser makes of the rest of the mail stays the same.
    pub fn new(raw: &'a [u8]) -> Self {
        let (mut kept, mut cuts, mut from) = (Vec::new(), Vec::new(), 0);
        if raw.len() >= WORTH {
            for hit in memmem::find_iter(raw, b"base64") {
                let Some(body) = (hit >= from).then(|| attachment_body(raw, hit)).flatten() else { continue };
                let Some((start, end, decoded)) = middle(raw, body) else { continue };
                kept.extend_from_slice(&raw[from..start]);
                cuts.push(Cut { at: kept.len(), encoded: end - start, decoded });
                from = end;
            }
        }
        if cuts.is_empty() {
            return Thin { raw: Cow::Borrowed(raw), cuts };
        }
        kept.extend_from_slice(&raw[from..]);
        Thin { raw: Cow::Owned(kept), cuts }
    }

    /// Bytes that are missing between two offsets: as they were encoded, and after decoding.
    pub fn missing(&self, start: usize, end: usize) -> (usize, usize) {
        let within = self.cuts.iter().filter(|cut| (start..end).contains(&cut.at));
        within.fold((0, 0), |(encoded, decoded), cut| (encoded + cut.encoded, decoded + cut.decoded))
    }
}

/// Where the body of the part begins whose header names base64 at `hit`: the empty line in front of it, if the part is
/// an attachment that follows a boundary.
fn attachment_body(raw: &[u8], hit: usize) -> Option<usize> {
    let from = hit.saturating_sub(MAX_PART_HEADER);
    let boundary = from + memmem::rfind(&raw[from..hit], b"\n--")? + 1;
    let block = boundary + memchr(b'\n', &raw[boundary..hit])? + 1;
    let (mut body, mut types, mut encodings) = (block, 0, 0);
    loop {
        let line = &raw[body..body + memchr(b'\n', &raw[body..])?];
        if line.trim_ascii().is_empty() {
            return (body > hit && types == 1 && encodings == 1).then_some(body);
        }
        let lower = line[..line.len().min(80)].to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix(b"content-type:") {
            let value = value.trim_ascii();
            let is_file = [&b"application/"[..], b"image/", b"audio/", b"video/"].iter().any(|t| value.starts_with(t));
            types += if is_file { 1 } else { 2 };
        } else if let Some(value) = lower.strip_prefix(b"content-transfer-encoding:") {
            encodings += if value.trim_ascii() == b"base64" { 1 } else { 2 };
        }
        body += line.len() + 1;
        if body > block + MAX_PART_HEADER {
            return None;
        }
    }
}

/// The lines of one length between an attachment's beginning and its end: where they stand and what they decode to.
fn middle(raw: &[u8], body: usize) -> Option<(usize, usize, usize)> {
    let body = body + memchr(b'\n', &raw[body..])? + 1;
    let length = memchr(b'\n', &raw[body..])? + 1;
    let letters = raw[body..body + length].trim_ascii_end().len();
    if letters == 0 || !letters.is_multiple_of(4) {
        return None;
    }
    let end_of_line = &raw[body + letters..body + length];
    let same = |line: &&[u8]| line[letters..].iter().eq(end_of_line) && all_base64(&line[..letters]);
    let lines = raw[body..].chunks_exact(length).take_while(same).count();
    // The last of them stays: whatever follows belongs to it.
    let cut = lines.checked_sub(KEPT_LINES + 1)?;
    let start = body + KEPT_LINES * length;
    (cut * length >= WORTH).then(|| (start, start + cut * length, cut * (letters / 4 * 3)))
}

/// Written without a branch a byte, so that it runs at the speed of memory.
fn all_base64(line: &[u8]) -> bool {
    line.iter().fold(true, |good, &b| {
        let letter = (b | 0x20).wrapping_sub(b'a') < 26;
        let digit = b.wrapping_sub(b'0') < 10;
        good & (letter | digit | (b == b'+') | (b == b'/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(media_type: &str, body: &str) -> Vec<u8> {
        format!(
            "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: {media_type}\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n--b--\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn the_middle_of_a_drawing_is_left_out_and_counted() {
        let raw = mail("application/pdf; name=x", &format!("{}QUJD", "QUJD\r\n".repeat(2000)));
        let thin = Thin::new(&raw);
        assert!(thin.raw.len() < 400, "{}", thin.raw.len());
        let (encoded, decoded) = thin.missing(0, thin.raw.len());
        assert_eq!((thin.raw.len() + encoded, encoded / 6 * 3), (raw.len(), decoded));
        assert_eq!(thin.missing(0, 100), (0, 0));
    }

    #[test]
    fn text_mails_and_broken_lines_stay_whole() {
        for (media_type, line) in [
            ("text/plain", "QUJD\r\n"),
            ("message/rfc822", "QUJD\r\n"),
            ("application/pdf", "QU=D\r\n"),
            ("image/png", "QUJ\r\n"),
        ] {
            let raw = mail(media_type, &line.repeat(2000));
            assert_eq!(Thin::new(&raw).raw.len(), raw.len(), "{media_type} {line}");
        }
    }
}
