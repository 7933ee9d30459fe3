//! Typical mails, about 6 kB on average: the labelled mails and the samples of the tests as a mailbox holds them, with
//! the fields that servers write on top and, where there are words, history below them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{Encoding, UTF_8};
use serde_json::Value;
use std::path::Path;

/// What a mail with words is brought to, so that the average with the shorter samples comes to about 6 kB.
const SIZE: usize = 6_200;

/// Name and bytes of each mail, always in the same order.
pub fn mails() -> Vec<(String, Vec<u8>)> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let labelled = std::fs::read_to_string(tests.join("score/mails/labelled.jsonl")).expect("the labels are readable");
    let records = labelled.lines().map(|line| serde_json::from_str::<Value>(line).expect("a label is JSON"));
    let mut mails: Vec<_> = records
        .filter(|record| record.get("raw").is_none_or(Value::is_null))
        .map(|record| (text_of(&record, "id").to_owned(), composed(&record)))
        .collect();
    mails.extend(samples(&tests.join("mails")));
    mails
}

fn samples(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let paths = std::fs::read_dir(folder).expect("the samples are there").flatten().map(|entry| entry.path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|e| e == "eml")).collect();
    paths.sort();
    let delivered = |path: &Path| [trace().into_bytes(), std::fs::read(path).expect("a sample is readable")].concat();
    let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), delivered(path))).collect()
}

/// A labelled mail with history, in one part or two.
fn composed(record: &Value) -> Vec<u8> {
    let charset = Encoding::for_label(text_of(record, "charset").as_bytes()).unwrap_or(UTF_8);
    let (body, html) = (text_of(record, "body"), text_of(record, "html"));
    let fields = trace() + &envelope(record, charset);
    let missing = SIZE.saturating_sub(fields.len() + body.len() + html.len());
    let thread = thread(text_of(record, "language"));
    let plain = || part("plain", &format!("{body}\n\n{}", history(thread, missing)), charset);
    let page = || {
        let quoted = history(thread, missing / 2).replace("> ", "").replace('\n', "<br>\n");
        let quoted = format!("<div class=\"gmail_quote\"><blockquote>{quoted}</blockquote></div>");
        let end = html.find("</body>").unwrap_or(html.len());
        part("html", &format!("{}{quoted}{}", &html[..end], &html[end..]), charset)
    };
    let content = match (body, html) {
        (_, "") => plain(),
        ("", _) => page(),
        _ => format!(
            "Content-Type: multipart/alternative; boundary=\"=_alt\"\r\n\r\n--=_alt\r\n{}\r\n--=_alt\r\n{}\r\n--=_alt--\r\n",
            part("plain", &format!("{body}\n\n{}", history(thread, missing / 2)), charset),
            page()
        ),
    };
    let files = record["attachments"].as_array().map_or(0, Vec::len);
    if files == 0 {
        return format!("{fields}{content}").into_bytes();
    }
    let file = "--=_mix\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"order.pdf\"\r\n\r\nJVBERi0xLjQK\r\n";
    let mixed = "Content-Type: multipart/mixed; boundary=\"=_mix\"\r\n\r\n--=_mix\r\n";
    format!("{fields}{mixed}{content}\r\n{}--=_mix--\r\n", file.repeat(files)).into_bytes()
}

fn text_of<'r>(record: &'r Value, key: &str) -> &'r str {
    record.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn envelope(record: &Value, charset: &'static Encoding) -> String {
    let text = |key| word(text_of(record, key), charset);
    let mut fields = format!("From: {} <{}>\r\n", text("from_name"), text_of(record, "from_addr"));
    fields += &format!("To: {}\r\nSubject: {}\r\nMIME-Version: 1.0\r\n", text("to"), text("subject"));
    for (name, value) in record["headers"].as_object().into_iter().flatten().filter(|(name, _)| *name != "To") {
        fields += &format!("{name}: {}\r\n", word(value.as_str().unwrap_or_default(), charset));
    }
    fields
}

/// RFC 2047, one word.
fn word(text: &str, charset: &'static Encoding) -> String {
    match encoded(text, charset) {
        _ if text.is_ascii() => text.to_owned(),
        (bytes, name) => format!("=?{name}?B?{}?=", STANDARD.encode(bytes)),
    }
}

/// In its charset, or in UTF-8 where that can't express the text.
fn encoded(text: &str, charset: &'static Encoding) -> (Vec<u8>, &'static str) {
    let (bytes, used, unmappable) = charset.encode(text);
    if unmappable { (text.as_bytes().to_vec(), "UTF-8") } else { (bytes.into_owned(), used.name()) }
}

/// As mail programs write it: ASCII as it is, Latin text quoted-printable, the others in base64.
fn part(subtype: &str, text: &str, charset: &'static Encoding) -> String {
    let (bytes, name) = encoded(&text.replace('\n', "\r\n"), charset);
    let rare = bytes.iter().filter(|b| !b.is_ascii()).count();
    let (transfer, body) = match rare {
        0 => ("7bit", String::from_utf8_lossy(&bytes).into_owned()),
        _ if rare < bytes.len() / 6 => ("quoted-printable", in_quoted_printable(&bytes)),
        _ => ("base64", in_base64(&bytes)),
    };
    format!("Content-Type: text/{subtype}; charset=\"{name}\"\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n{body}")
}

fn in_base64(bytes: &[u8]) -> String {
    let encoded = STANDARD.encode(bytes);
    encoded.as_bytes().chunks(76).map(|line| format!("{}\r\n", String::from_utf8_lossy(line))).collect()
}

fn in_quoted_printable(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut width = 0;
    for &byte in bytes {
        let plain = matches!(byte, b'\r' | b'\n' | b' '..=b'<' | b'>'..=b'~');
        out += &if plain { char::from(byte).to_string() } else { format!("={byte:02X}") };
        width = if byte == b'\n' { 0 } else { width + if plain { 1 } else { 3 } };
        if width > 70 {
            out += "=\r\n";
            width = 0;
        }
    }
    out
}

/// What servers write on top of a mail on its way.
fn trace() -> String {
    let signature = STANDARD.encode([0x5a; 192]);
    let hop = |from: &str, by: &str, id: u32| {
        format!(
            "Received: from {from} ({from} [198.51.100.{id}])\r\n\tby {by} (Postfix) with ESMTPS id 4XyZ{id}q1w2e3r\r\n\tfor <sales@seller.example>; Mon, 02 Nov 2026 09:00:{id:02} +0000 (UTC)\r\n"
        )
    };
    format!(
        "Delivered-To: sales@seller.example\r\n{}{}{}Authentication-Results: mx.seller.example;\r\n\tspf=pass (sender address is permitted) smtp.mailfrom=bounces.example;\r\n\tdkim=pass header.d=bounces.example; dmarc=pass\r\nDKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=bounces.example; s=s1;\r\n\tt=1793610000; h=from:to:subject:date:message-id:mime-version:content-type;\r\n\tbh={};\r\n\tb={}\r\n\t {}\r\nX-Spam-Status: No, score=-0.1 required=5.0 tests=DKIM_SIGNED,DKIM_VALID,\r\n\tHTML_MESSAGE,SPF_PASS autolearn=ham autolearn_force=no version=4.0.1\r\n",
        hop("mx.seller.example", "store.seller.example", 41),
        hop("out-07.bounces.example", "mx.seller.example", 38),
        hop("[192.0.2.17]", "out-07.bounces.example", 35),
        &signature[..44],
        &signature[..128],
        &signature[128..],
    )
}

/// A quoted thread of about a size.
fn history((attribution, lines): (&str, &[&str]), size: usize) -> String {
    let mut text = format!("{attribution}\n");
    for line in lines.iter().cycle() {
        if text.len() + line.len() > size {
            break;
        }
        text += &format!("> {line}\n");
    }
    text
}

fn thread(language: &str) -> (&'static str, &'static [&'static str]) {
    match language.get(..2).unwrap_or_default() {
        "zh" => (
            "2026年10月27日 10:00, Amy <amy@seller.example>:",
            &[
                "您好,",
                "椅子 HY-C204, FOB Ningbo 3.28 美元, 最少 1000 把, 40HQ 可放 5600 把。",
                "交期 40 天, 付款 T/T 30%。",
                "",
                "Amy",
            ],
        ),
        "ja" => (
            "2026年10月27日(火) 10:00 Amy <amy@seller.example>:",
            &[
                "お世話になっております。",
                "椅子 HY-C204、FOB Ningbo 3.28ドル、最小1000脚、納期40日です。",
                "よろしくお願いいたします。",
                "",
                "Amy",
            ],
        ),
        "ru" | "uk" => (
            "27.10.2026, 10:17, \"Amy\" <amy@seller.example>:",
            &[
                "Добрый день!",
                "Кресло HY-C204: 3,28 USD FOB Ningbo, минимум 1000 шт., срок 40 дней.",
                "Каталог во вложении.",
                "",
                "Amy",
            ],
        ),
        _ => (
            "On Tue, 27 Oct 2026 at 03:15, Amy Xu <amy@seller.example> wrote:",
            &[
                "Dear friend,",
                "thank you for your mail of last week and the photos of the shop in the harbour.",
                "Our folding chair HY-C204 is USD 3.28 FOB Ningbo, MOQ 1000 pcs; a 40HQ holds 5,600 pcs.",
                "The umbrella with the cast base comes to USD 14.60, packed two in a carton, 32 kg gross.",
                "We can ship within 40 days after the deposit. Terms are 30% T/T, the rest against B/L copy.",
                "Would you like a sample of the new fabric first? The courier charge is on your account.",
                "",
                "Best regards,",
                "Amy Xu",
                "Tel +86 574 5555 0142",
                "",
            ],
        ),
    }
}
