//! vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350): contacts of phones and of mail programs.

mod text;

use super::csv::decoded;
use super::table::{MAX_ROWS, Row, Table, cell};
use crate::message::{base64_decoded, decoded_as, quoted_printable};
use text::{components, name_in_order, unescaped};

/// Columns of the table that cards become: fields first, the rest goes into the notes under its name.
const COLUMNS: [&str; 15] = [
    "name",
    "company",
    "email",
    "phone",
    "fax",
    "address",
    "country",
    "website",
    "notes",
    "title",
    "department",
    "group",
    "birthday",
    "chat",
    "language",
];
/// Bytes of a card that are read; photographs are larger and left out.
const MAX_VALUE: usize = 100_000;

pub(super) fn is_vcard(bytes: &[u8]) -> bool {
    let start = decoded(&bytes[..bytes.len().min(1000)]).0.to_ascii_uppercase();
    start.trim_start_matches(['\u{feff}', ' ', '\r', '\n']).starts_with("BEGIN:VCARD")
}

/// One property: `TEL;TYPE=CELL:+49…`.
#[derive(Default)]
struct Property {
    name: String,
    parameters: String,
    value: String,
}

pub(super) fn read(bytes: &[u8]) -> Result<Table, String> {
    let (text, charset) = decoded(bytes);
    let mut rows: Vec<Row> = Vec::new();
    let mut card: Option<Card> = None;
    let mut remarks = Vec::new();
    for (line, text) in Unfolded::new(&text) {
        let Some(property) = property(&text) else { continue };
        match (property.name.as_str(), property.value.trim().to_ascii_uppercase().as_str()) {
            ("BEGIN", "VCARD") => {
                // A card that nobody ended is a card.
                rows.extend(card.replace(Card::at(line)).map(Card::row));
            }
            ("END", "VCARD") => rows.extend(card.take().map(Card::row)),
            _ => {
                if let Some(card) = &mut card {
                    card.take(&property);
                }
            }
        }
        if rows.len() >= MAX_ROWS {
            remarks.push(format!("only the first {MAX_ROWS} cards were read"));
            break;
        }
    }
    rows.extend(card.map(Card::row));
    rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    if rows.is_empty() {
        return Err("there is no contact in it".to_owned());
    }
    let columns = COLUMNS.iter().map(|&name| name.to_owned()).collect();
    let table = Table { kind: format!("vCard ({charset})"), columns, named: true, rows, remarks };
    Ok(table.without_empty_columns())
}

/// Logical lines with the number of their first physical one.
struct Unfolded<'t> {
    lines: std::iter::Peekable<std::iter::Enumerate<std::str::Lines<'t>>>,
}

impl<'t> Unfolded<'t> {
    fn new(text: &'t str) -> Self {
        Unfolded { lines: text.lines().enumerate().peekable() }
    }
}

impl Iterator for Unfolded<'_> {
    type Item = (u64, String);

    fn next(&mut self) -> Option<Self::Item> {
        let (at, first) = self.lines.next()?;
        let mut line = first.to_owned();
        let head = first.split_once(':').map_or("", |(head, _)| head).to_ascii_uppercase();
        let quoted = head.contains("QUOTED-PRINTABLE");
        while let Some((_, next)) = self.lines.peek() {
            // Quoted-printable has its own way to continue a line.
            if quoted && line.ends_with('=') {
                line.pop();
                let next = next.trim_start_matches([' ', '\t']);
                push_bounded(&mut line, next);
            } else if let Some(rest) = next.strip_prefix([' ', '\t']) {
                push_bounded(&mut line, rest);
            } else {
                break;
            }
            self.lines.next();
        }
        Some((at as u64 + 1, line))
    }
}

fn push_bounded(line: &mut String, rest: &str) {
    if line.len() < MAX_VALUE * 2 {
        line.push_str(rest);
    }
}

fn property(line: &str) -> Option<Property> {
    let colon = unquoted_colon(line)?;
    let (head, value) = (&line[..colon], &line[colon + 1..]);
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    // Apple groups properties: `item1.EMAIL`.
    let name = name.rsplit('.').next().unwrap_or(name).trim().to_ascii_uppercase();
    let parameters = parameters.to_ascii_uppercase();
    let value = &value[..value.floor_char_boundary(MAX_VALUE)];
    let value = if parameters.contains("QUOTED-PRINTABLE") {
        let bytes = quoted_printable(value.as_bytes());
        in_charset(&parameters, &bytes)
    } else if parameters.split(';').any(|p| matches!(p, "ENCODING=B" | "ENCODING=BASE64" | "BASE64")) {
        in_charset(&parameters, &base64_decoded(value.as_bytes()))
    } else {
        value.to_owned()
    };
    Some(Property { name, parameters, value })
}

fn unquoted_colon(line: &str) -> Option<usize> {
    let mut quoted = false;
    line.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    })
}

fn in_charset(parameters: &str, bytes: &[u8]) -> String {
    let label = parameters.split(';').find_map(|parameter| parameter.strip_prefix("CHARSET="));
    decoded_as(label, bytes)
}

/// A card's cells; what stands in it several times is put together.
struct Card {
    line: u64,
    cells: [String; COLUMNS.len()],
    full_name: String,
}

impl Card {
    fn at(line: u64) -> Self {
        Card { line, cells: Default::default(), full_name: String::new() }
    }

    fn take(&mut self, property: &Property) {
        let value = property.value.as_str();
        let is = |word: &str| property.parameters.split([';', ',', '=', '"']).any(|part| part == word);
        match property.name.as_str() {
            "FN" => self.full_name = unescaped(value),
            "N" => self.put("name", &name_in_order(value)),
            "NICKNAME" if self.cells[0].is_empty() => self.put("name", &unescaped(value)),
            "ORG" => {
                let mut parts = components(value).into_iter();
                self.put("company", &parts.next().unwrap_or_default());
                self.put("department", &parts.collect::<Vec<_>>().join(" "));
            }
            "EMAIL" => self.add("email", value, is("PREF")),
            "TEL" if is("FAX") => self.add("fax", value.trim_start_matches("tel:"), false),
            "TEL" => self.add("phone", value.trim_start_matches("tel:"), is("PREF")),
            "ADR" => self.take_address(value),
            "URL" => self.add("website", value, false),
            "NOTE" => self.add_to("notes", &unescaped(value), "\n"),
            "TITLE" | "ROLE" => self.add("title", value, false),
            "CATEGORIES" => self.add("group", value, false),
            "BDAY" => self.put("birthday", value),
            "LANG" => self.put("language", value),
            "IMPP" => self.add("chat", value, false),
            name if name.starts_with("X-") => self.take_extension(name, value),
            _ => {}
        }
    }

    /// `X-WECHAT`, `X-SKYPE`, `X-QQ`: how people are reached; what only programs read is left out.
    fn take_extension(&mut self, name: &str, value: &str) {
        const CHATS: [&str; 9] = ["WECHAT", "WEIXIN", "QQ", "SKYPE", "WHATSAPP", "AIM", "MSN", "JABBER", "TELEGRAM"];
        if let Some(chat) = CHATS.iter().find(|chat| name.contains(*chat)) {
            self.add("chat", &format!("{} {}", chat.to_lowercase(), unescaped(value)), false);
        }
    }

    fn take_address(&mut self, value: &str) {
        let parts = components(value);
        if let Some(country) = parts.get(6).filter(|country| !country.is_empty() && self.cells[6].is_empty()) {
            self.put("country", &country.clone());
        }
        let whole: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        self.add_to("address", &whole.join(", "), "\n");
    }

    fn put(&mut self, column: &str, value: &str) {
        if let Some(at) = COLUMNS.iter().position(|name| *name == column) {
            self.cells[at] = cell(value);
        }
    }

    /// One more address or number; the preferred one comes first.
    fn add(&mut self, column: &str, value: &str, preferred: bool) {
        let value = unescaped(value);
        let Some(at) = COLUMNS.iter().position(|name| *name == column) else { return };
        if preferred && !self.cells[at].is_empty() {
            self.cells[at].insert_str(0, &format!("{}; ", value.trim()));
        } else {
            self.add_to(column, &value, "; ");
        }
    }

    fn add_to(&mut self, column: &str, value: &str, between: &str) {
        let Some(at) = COLUMNS.iter().position(|name| *name == column) else { return };
        let value = cell(value);
        if value.is_empty() || self.cells[at].len() + value.len() > MAX_VALUE {
            return;
        }
        if !self.cells[at].is_empty() {
            self.cells[at].push_str(between);
        }
        self.cells[at].push_str(&value);
    }

    fn row(mut self) -> Row {
        // What a person typed as his name is better than its parts.
        if !self.full_name.trim().is_empty() {
            let full_name = std::mem::take(&mut self.full_name);
            self.put("name", &full_name);
        }
        // A card of a company carries the company's name as its own.
        if self.cells[0] == self.cells[1] {
            self.cells[0].clear();
        }
        Row { line: self.line, cells: self.cells.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(file: &str) -> Vec<(String, String)> {
        let table = read(file.as_bytes()).expect("a table");
        table.columns.into_iter().zip(table.rows[0].cells.clone()).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(column, value)| ((*column).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_card_of_a_chinese_phone_is_read() {
        let file = "BEGIN:VCARD\r\nVERSION:2.1\r\n\
            N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E8=8A=B3;;;\r\n\
            TEL;CELL:+86 139 1234 5678\r\nTEL;WORK;FAX:0574-8765 4321\r\n\
            ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E4=B8=8A=E6=B5=B7=E8=BF=9C=E8=88=AA=\r\n=E8=BF=9B=E5=8F=A3;=E9=87=87=E8=B4=AD\r\n\
            NOTE;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=B9=E3=BD=BB=BB=E1\r\nEND:VCARD\r\n";
        let expected = [
            ("name", "王芳"),
            ("company", "上海远航进口"),
            ("phone", "+86 139 1234 5678"),
            ("fax", "0574-8765 4321"),
            ("notes", "广交会"),
            ("department", "采购"),
        ];
        assert_eq!(card(file), pairs(&expected));
    }

    #[test]
    fn a_card_of_a_mail_program_is_read() {
        let file = "BEGIN:VCARD\nVERSION:4.0\nN:Lee;Ann;;Ms.;\nFN:Ann Lee\nORG:Kestrel\\, Sons Ltd\n\
            item1.EMAIL;TYPE=work:office@kestrel.example\nEMAIL;TYPE=\"work,pref\":ann@kestr\n el.example\n\
            TEL;VALUE=uri;TYPE=cell:tel:+44-7700-900218\nADR;TYPE=work:;;1 Mill Lane;Leeds;;LS1 4AP;England\n\
            URL:https://kestrel.example\nNOTE:Met at the fair\\; likes red\\nSecond line\nPHOTO;ENCODING=b:AAAA\n\
            X-WECHAT:annlee\nEND:VCARD\nBEGIN:VCARD\nFN:Bob\nEMAIL:bob@heron.example\n";
        let table = read(file.as_bytes()).expect("a table");
        assert_eq!((table.rows.len(), table.rows[1].line), (2, 16));
        let expected = [
            ("name", "Ann Lee"),
            ("company", "Kestrel, Sons Ltd"),
            ("email", "ann@kestrel.example; office@kestrel.example"),
            ("phone", "+44-7700-900218"),
            ("address", "1 Mill Lane, Leeds, LS1 4AP, England"),
            ("country", "England"),
            ("website", "https://kestrel.example"),
            ("notes", "Met at the fair; likes red\nSecond line"),
            ("chat", "wechat annlee"),
        ];
        assert_eq!(card(file), pairs(&expected));
    }
}
