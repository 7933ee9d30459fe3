//! Tables of text: CSV as spreadsheets, mail programs and `mdb-export` write it.

use super::table::{MAX_COLUMNS, MAX_ROWS, Row, Table, cell};
use crate::buyer::export::GUARDED;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_16BE, UTF_16LE};
use memchr::memchr;
use std::borrow::Cow;

/// Bytes that the guess of a charset looks at, from the first one that is not ASCII.
const SAMPLE: usize = 64 * 1024;
/// Characters that the separator is told by.
const SEPARATOR_SAMPLE: usize = 64 * 1024;
/// Separators with their names, the commonest first.
const SEPARATORS: [(u8, &str); 4] = [(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs"), (b'|', "bars")];

pub(super) fn read(bytes: &[u8]) -> Result<Table, String> {
    let (text, charset) = decoded(bytes);
    if text.trim().is_empty() {
        return Err("there is nothing in it".to_owned());
    }
    // Excel's own first line says which separator follows.
    let (told, text) = match text.get(..5).filter(|start| start.starts_with("sep=")) {
        Some(start) => (start.as_bytes().get(4).copied(), &text[5..]),
        None => (None, &text[..]),
    };
    let (separator, name) = match told {
        Some(told) => SEPARATORS.into_iter().find(|(byte, _)| *byte == told).unwrap_or((told, "sep=")),
        None => separator(text),
    };
    let skipped = u64::from(told.is_some());
    let mut remarks = Vec::new();
    let rows = rows(text, separator, skipped, &mut remarks);
    Ok(Table::of_rows(format!("CSV ({charset}, {name})"), rows, remarks))
}

fn rows(text: &str, separator: u8, skipped: u64, remarks: &mut Vec<String>) -> Vec<Row> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let (mut rows, mut record) = (Vec::new(), csv::StringRecord::new());
    let mut line = Lines::new(text, skipped);
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                remarks.push(format!("the rest can't be read: {error}"));
                break;
            }
        }
        if record.len() > MAX_COLUMNS && remarks.is_empty() {
            remarks.push(format!("only the first {MAX_COLUMNS} columns were read"));
        }
        let cells = record.iter().take(MAX_COLUMNS).map(|text| unguarded(cell(text))).collect();
        rows.push(Row { line: line.of(start), cells });
        if rows.len() > MAX_ROWS + 100 {
            break;
        }
    }
    rows
}

/// Without the apostrophe that guards a spreadsheet's user from a formula; see [`crate::buyer::guarded`].
fn unguarded(mut cell: String) -> String {
    if cell.strip_prefix('\'').is_some_and(|rest| rest.starts_with(GUARDED)) {
        cell.remove(0);
    }
    cell
}

/// Counts lines as editors do: the reader's own count leaves out what it skips.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str, skipped: u64) -> Self {
        Lines { text: text.as_bytes(), at: 0, line: 1 + skipped }
    }

    /// The line of the first row that begins at or behind `start`.
    fn of(&mut self, start: usize) -> u64 {
        let mut start = start.min(self.text.len()).max(self.at);
        // Empty lines before the row belong to none.
        start += self.text[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.line += memchr::memchr_iter(b'\n', &self.text[self.at..start]).count() as u64;
        self.at = start;
        self.line
    }
}

/// The text, and the name of its charset; the line ends of an old Macintosh become those of everyone else.
pub(super) fn decoded(bytes: &[u8]) -> (Cow<'_, str>, &'static str) {
    let (text, charset) = in_its_charset(bytes);
    let old = memchr(b'\n', text.as_bytes()).is_none() && memchr(b'\r', text.as_bytes()).is_some();
    if old { (Cow::Owned(text.replace('\r', "\n")), charset) } else { (text, charset) }
}

fn in_its_charset(bytes: &[u8]) -> (Cow<'_, str>, &'static str) {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return (String::from_utf8_lossy(rest), "UTF-8");
    }
    if let Some(encoding) = utf16(bytes) {
        return (encoding.decode(bytes).0, encoding.name());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => return (Cow::Borrowed(text), "UTF-8"),
        Err(_) if is_mostly_utf8(bytes) => return (String::from_utf8_lossy(bytes), "UTF-8 with broken bytes"),
        Err(_) => {}
    }
    let guessed = guess(bytes);
    (guessed.decode_without_bom_handling(bytes).0, guessed.name())
}

/// By its byte order mark, or by the zero bytes that its addresses, digits and separators have, all on one side.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xff, 0xfe, ..] => return Some(UTF_16LE),
        [0xfe, 0xff, ..] => return Some(UTF_16BE),
        _ => {}
    }
    memchr(0, bytes)?;
    let (pairs, _) = bytes[..bytes.len().min(4096)].as_chunks::<2>();
    let zeros = |side: usize| pairs.iter().filter(|pair| pair[side] == 0).count();
    match (zeros(0), zeros(1)) {
        (0, little) if little * 8 > pairs.len() => Some(UTF_16LE),
        (big, 0) if big * 8 > pairs.len() => Some(UTF_16BE),
        _ => None,
    }
}

/// Whole characters of three bytes don't come about by chance, those of two seldom: the broken bytes are noise (pictures in
/// a database).
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut long, mut whole, mut broken) = (0usize, 0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars().filter(|c| !c.is_ascii()) {
            whole += 1;
            long += usize::from(c.len_utf8() == 3);
        }
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > broken * 4 || long * 4 > broken
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let telling = bytes.iter().position(|byte| *byte >= 0x80).unwrap_or(0);
    let sample = &bytes[telling.saturating_sub(64)..];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&sample[..sample.len().min(SAMPLE)], sample.len() <= SAMPLE);
    let guessed = detector.guess(None, Utf8Detection::Deny);
    if guessed == GBK { GB18030 } else { guessed }
}

/// The separator that parts the most rows into the same number of cells.
fn separator(text: &str) -> (u8, &'static str) {
    let sample = &text[..text.floor_char_boundary(SEPARATOR_SAMPLE)];
    let score = |separator: u8| {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .has_headers(false)
            .from_reader(sample.as_bytes());
        let widths: Vec<usize> = reader.records().take(100).flatten().map(|record| record.len()).collect();
        let mut counts: Vec<(usize, usize)> = Vec::new();
        for width in widths.iter().filter(|width| **width > 1) {
            match counts.iter_mut().find(|(known, _)| known == width) {
                Some((_, count)) => *count += 1,
                None => counts.push((*width, 1)),
            }
        }
        counts.into_iter().map(|(width, count)| (count, width)).max().unwrap_or((0, 0))
    };
    let best = SEPARATORS.into_iter().rev().max_by_key(|(byte, _)| score(*byte));
    best.filter(|(byte, _)| score(*byte).0 > 0).unwrap_or(SEPARATORS[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        read(bytes).expect("a table").rows.into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn any_separator_is_found() {
        for (file, kind) in [
            ("name,email\nAnn,a@a.example\n", "CSV (UTF-8, commas)"),
            ("name;email\n\"Lee; Ann\";a@a.example\n", "CSV (UTF-8, semicolons)"),
            ("name\temail\nLee, Ann\ta@a.example\n", "CSV (UTF-8, tabs)"),
            ("name|email\nAnn|a@a.example\n", "CSV (UTF-8, bars)"),
            ("sep=;\nname;email\nAnn;a@a.example\n", "CSV (UTF-8, semicolons)"),
            ("email\na@a.example\n", "CSV (UTF-8, commas)"),
        ] {
            let table = read(file.as_bytes()).expect("a table");
            assert_eq!((table.kind.as_str(), table.rows.len()), (kind, 1), "{file}");
        }
    }

    #[test]
    fn any_charset_is_found() {
        let file = "公司,联系人,邮箱\n上海远航进口公司,王芳,wang@yuanhang.example\n宁波旭日贸易,李伟,li@xuri.example\n";
        let gbk = GB18030.encode(file).0;
        assert_eq!(cells(&gbk)[0], ["上海远航进口公司", "王芳", "wang@yuanhang.example"]);
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(file.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(cells(&utf16), cells(&gbk));
        assert_eq!(cells(&utf16[2..]), cells(&gbk), "without its mark");
        assert_eq!(cells(format!("\u{feff}{file}").as_bytes()), cells(&gbk));
        let german = "Firma;Name;E-Mail\nMöbelhaus Groß;Jürgen Müller;j.mueller@moebel-gross.example\n";
        let latin = encoding_rs::WINDOWS_1252.encode(german).0;
        assert_eq!(cells(&latin)[0][..2], ["Möbelhaus Groß", "Jürgen Müller"]);
        let russian = "Компания;Имя;Почта\nМебель Дом;Иван Петров;ivan@mebel-dom.example\n";
        let cyrillic = encoding_rs::WINDOWS_1251.encode(russian).0;
        assert_eq!(cells(&cyrillic)[0][..2], ["Мебель Дом", "Иван Петров"]);
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        let table = read(b"name,notes\n\nAnn,\"two\nlines\"\n\nBob,x\n").expect("a table");
        let lines: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [3, 6]);
        assert_eq!(table.rows[0].cells[1], "two\nlines");
    }

    #[test]
    fn pictures_in_a_database_do_not_spoil_the_rest() {
        let mut file = "客户名,照片,邮箱\n".as_bytes().to_vec();
        for _ in 0..5 {
            file.extend("王芳公司,\"".as_bytes());
            file.extend([0xff, 0xd8, 0xff, 0x00, 0xe0]);
            file.extend("\",wang@yuanhang.example\n".as_bytes());
        }
        assert_eq!(cells(&file)[4][0], "王芳公司");
        assert_eq!(cells(&file)[4][2], "wang@yuanhang.example");
    }
}
