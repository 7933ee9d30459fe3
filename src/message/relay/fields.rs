//! `label: value` mail: the language of web forms and platform notifications.

use super::Relayed;
use super::book::{Relay, RelayBook, comparable};
use crate::message::header::{address_spec, addresses};
use crate::message::{Writer, country};

/// What a label asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::message) enum Field {
    Name,
    FirstName,
    LastName,
    Email,
    Company,
    Country,
    Phone,
    Product,
    Quantity,
    Price,
    Terms,
    Port,
    Deadline,
    Website,
    Message,
    /// Known, but nothing we use: it ends the field before it.
    Other,
}

impl Field {
    /// The keys of `[labels]` in relays.toml.
    pub const WORDS: [(&'static str, Field); 16] = [
        ("name", Field::Name),
        ("first_name", Field::FirstName),
        ("last_name", Field::LastName),
        ("email", Field::Email),
        ("company", Field::Company),
        ("country", Field::Country),
        ("phone", Field::Phone),
        ("product", Field::Product),
        ("quantity", Field::Quantity),
        ("price", Field::Price),
        ("terms", Field::Terms),
        ("port", Field::Port),
        ("deadline", Field::Deadline),
        ("website", Field::Website),
        ("message", Field::Message),
        ("other", Field::Other),
    ];

    /// What is said about the goods: it may as well stand inside a message.
    fn is_about_goods(self) -> bool {
        use Field::*;
        matches!(self, Product | Quantity | Price | Terms | Port | Deadline | Website | Other)
    }
}

/// The labels that a mail may use.
#[derive(Clone, Copy)]
pub(in crate::message) struct Labels<'b> {
    pub book: &'b RelayBook,
    /// The relay that wrote, if it is known: its own labels come first.
    pub relay: Option<&'b Relay>,
}

impl Labels<'_> {
    /// The field a line begins with, and the value on the same line: `label: value`, `【label】 value`, cells of a table.
    pub fn labelled<'l>(&self, line: &'l str) -> Option<(Field, &'l str)> {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '>' | '-' | '•'));
        let window = &line[..line.floor_char_boundary(90)];
        let mark = window.find([':', '：', '\t', '】', '|', '='])?;
        let field = self.field(&window[..mark])?;
        let value = line[mark..]
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '】' | '|' | '=' | '>'));
        Some((field, value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '|'))))
    }

    fn field(&self, label: &str) -> Option<Field> {
        // A label is short; the text in front of a colon in prose is not.
        (label.len() <= 60).then(|| self.book.field(&comparable(label), self.relay))?
    }
}

/// The fields of a mail in its order.
#[derive(Debug, Default)]
pub(in crate::message) struct Fields {
    found: Vec<(Field, String)>,
    /// Lines that belong to no field and are none of the relay's own words.
    rest: Vec<String>,
}

const MAX_FIELDS: usize = 60;
const MAX_LINES: usize = 1000;

impl Fields {
    /// Reads `label: value` lines, labels alone on a line with the value below, and cells apart by a tab.
    pub fn read(text: &str, labels: Labels<'_>) -> Self {
        let mut fields = Fields::default();
        let mut open: Option<Field> = None;
        for line in text.lines().take(MAX_LINES).map(str::trim) {
            if fields.found.len() >= MAX_FIELDS {
                break;
            }
            if is_rule(line) || labels.book.is_frame(line) {
                open = None;
                continue;
            }
            let alone = || labels.field(line).filter(|f| *f != Field::Other || open.is_some()).map(|field| (field, ""));
            let found = labels.labelled(line).or_else(alone);
            if let Some((field, value)) = found.filter(|(field, value)| !fields.goes_on(open, *field, line, value)) {
                open = (field == Field::Message || value.is_empty()).then_some(field);
                fields.found.push((field, value.to_owned()));
            } else if let Some(field) = open {
                fields.continue_with(field, line);
                if field != Field::Message && !line.is_empty() {
                    open = None;
                }
            } else {
                fields.rest.push(line.to_owned());
            }
        }
        fields.found.retain(|(_, value)| !value.trim().is_empty());
        fields
    }

    /// A line that begins like a field may go on in a message: "Details", or "Quantity: 500" below a sentence.
    fn goes_on(&self, open: Option<Field>, field: Field, line: &str, value: &str) -> bool {
        let message = self.found.last().filter(|_| open == Some(Field::Message)).map(|(_, message)| message.as_str());
        let Some(message) = message else { return false };
        let bare_word = value.is_empty() && !line.ends_with([':', '：']);
        let personal = matches!(field, Field::Phone | Field::Email | Field::Company | Field::Country);
        bare_word && !personal || field.is_about_goods() && !message.is_empty() && !message.ends_with('\n')
    }

    fn continue_with(&mut self, field: Field, line: &str) {
        let Some((_, value)) = self.found.last_mut() else { return };
        if field == Field::Message {
            if !value.is_empty() {
                value.push('\n');
            }
            value.push_str(line);
        } else if value.is_empty() {
            value.push_str(line);
        }
    }

    /// The first value of a field.
    pub fn get(&self, field: Field) -> Option<&str> {
        self.found.iter().find(|(f, _)| *f == field).map(|(_, value)| value.trim())
    }

    /// How many fields that tell of a person or his wish were filled in.
    pub fn count(&self) -> usize {
        self.found.iter().filter(|(field, _)| *field != Field::Other).count()
    }

    /// The person the fields tell of.
    pub fn writer(&self) -> Writer {
        let given =
            [self.get(Field::FirstName), self.get(Field::LastName)].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let name = Some(given).filter(|n| n.contains(' ')).or_else(|| self.get(Field::Name).map(str::to_owned));
        let name = name.or_else(|| self.get(Field::FirstName).map(str::to_owned));
        // `From: Jo <jo@x.example>` names both.
        let both =
            name.as_deref().and_then(|n| addresses(n.as_bytes()).into_iter().next()).filter(|a| a.email.is_some());
        let email = self.get(Field::Email).and_then(email_in).or_else(|| both.as_ref().and_then(|a| a.email.clone()));
        let name =
            both.map_or(name, |a| a.name).map(|n| without_title(&n)).filter(|n| !n.is_empty() && !n.contains("**"));
        let phone = self.get(Field::Phone).filter(|p| p.bytes().filter(u8::is_ascii_digit).count() >= 5);
        let phone =
            phone.filter(|p| !p.to_ascii_lowercase().contains("xxx")).map(|p| p.chars().take(40).collect::<String>());
        let company = self.get(Field::Company).filter(|company| !company.contains("**")).map(str::to_owned);
        let stated = self.get(Field::Country).and_then(country::by_name);
        let city = self
            .found
            .iter()
            .filter(|(f, _)| *f == Field::Other)
            .find_map(|(_, v)| if v.len() < 80 { country::by_name(v) } else { None });
        let country = stated.or(city).map(str::to_owned);
        Writer { name, email, company, country, phone, ..Writer::default() }
    }

    /// The buyer with his words: his message, or else what stands outside the fields.
    pub fn relayed(&self, relay: &str, writer: Writer) -> Relayed {
        let own = |field| self.get(field).map(str::to_owned);
        Relayed {
            relay: relay.to_owned(),
            words: self.words(&writer),
            goods: self.goods(),
            answer_to: None,
            product: own(Field::Product),
            quantity: own(Field::Quantity).filter(|q| q.contains(|c: char| c.is_ascii_digit())),
            price: own(Field::Price),
            writer,
        }
    }

    fn words(&self, writer: &Writer) -> Option<String> {
        let messages: Vec<&str> =
            self.found.iter().filter(|(f, _)| *f == Field::Message).map(|(_, v)| v.trim()).collect();
        if !messages.is_empty() {
            return Some(messages.join("\n\n"));
        }
        let known = [&writer.name, &writer.email, &writer.company, &writer.phone];
        let tells = |line: &&String| !line.is_empty() && !known.iter().any(|k| k.as_deref() == Some(line.as_str()));
        let lines: Vec<&str> = self.rest.iter().filter(tells).map(String::as_str).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// The fields about the goods, as lines that the facts can be read from.
    fn goods(&self) -> String {
        use Field::*;
        let told = self
            .found
            .iter()
            .filter(|(field, _)| matches!(field, Product | Quantity | Price | Terms | Port | Deadline | Website));
        let line = |(field, value): &(Field, String)| match field {
            Quantity => format!("Quantity: {value}"),
            Port => format!("Port: {value}"),
            Deadline => format!("Deadline: {value}"),
            _ => value.clone(),
        };
        told.map(line).collect::<Vec<_>>().join("\n")
    }
}

fn is_rule(line: &str) -> bool {
    line.len() >= 2 && line.chars().all(|c| matches!(c, '-' | '_' | '=' | '*' | '─' | '━' | '—'))
}

fn email_in(value: &str) -> Option<String> {
    value
        .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';'))
        .find_map(address_spec)
}

pub(super) fn without_title(name: &str) -> String {
    let name = name.trim();
    for title in ["Mr. ", "Mr ", "Ms. ", "Ms ", "Mrs. ", "Mrs ", "Miss ", "Mme ", "Herr ", "Frau ", "Sr. ", "Sra. "] {
        if let Some(rest) = name.strip_prefix(title) {
            return rest.trim().to_owned();
        }
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Fields {
        let book = RelayBook::default();
        Fields::read(text, Labels { book: &book, relay: None })
    }

    #[test]
    fn a_form_with_the_value_under_the_label_is_read() {
        let fields =
            read("Name\nNgaire\n\nEmail\nngaire@x.example\n\nMessage\nWhat price?\nSecond line\n\n---\nSent from X");
        assert_eq!(fields.writer().email.as_deref(), Some("ngaire@x.example"));
        assert_eq!(fields.get(Field::Message), Some("What price?\nSecond line"));
    }

    #[test]
    fn a_chinese_form_is_read() {
        let fields = read("姓名：黃美玲\n國家：馬來西亞\n郵箱：m@x.example\n留言：你好，請發目錄");
        let writer = fields.writer();
        assert_eq!((writer.name.as_deref(), writer.country.as_deref()), (Some("黃美玲"), Some("MY")));
    }

    #[test]
    fn name_and_address_in_one_field_are_told_apart() {
        let writer = read("From: Mr. Jo Pike <jo@x.example>\nSubject: x\n\nMessage Body:\nhi").writer();
        assert_eq!((writer.name.as_deref(), writer.email.as_deref()), (Some("Jo Pike"), Some("jo@x.example")));
    }
}
