//! Attachments: names made safe, types by content where the label lies.

use super::Attachment;
use crate::text::is_invisible;
use memchr::memmem;
use unicode_normalization::UnicodeNormalization;

const MAX_NAME: usize = 120;

/// A file name without path, control, bidirectional and shell-special characters, at most 120 characters, its
/// extension kept.
pub(super) fn safe_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let clean: String = base
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let clean = clean.trim().trim_start_matches('.').trim_end_matches(['.', ' ']);
    let clean: String = clean.nfc().collect();
    // Windows takes these for devices, whatever the extension.
    const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "lpt1", "lpt2", "lpt3"];
    let stem = clean.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let clean = if DEVICES.contains(&stem.as_str()) { format!("_{clean}") } else { clean };
    let count = clean.chars().count();
    if count <= MAX_NAME {
        return clean;
    }
    let extension = clean.rsplit_once('.').map_or("", |(_, e)| e);
    let extension = if extension.chars().count() <= 10 { extension } else { "" };
    let keep = MAX_NAME - extension.chars().count() - 1;
    format!("{}.{extension}", clean.chars().take(keep).collect::<String>())
}

/// The attachment's label: a name is made up from the type where there is none.
pub(super) fn label(name: Option<String>, stated_type: String, bytes: &[u8]) -> Attachment {
    let media_type = by_content(bytes).map_or(stated_type, str::to_owned);
    let name = name.filter(|n| !n.is_empty()).unwrap_or_else(|| {
        let subtype = media_type.rsplit('/').next().unwrap_or("bin");
        let extension = if media_type.starts_with("text/") { "txt" } else { subtype };
        let plain = extension.len() <= 5 && extension.bytes().all(|b| b.is_ascii_alphanumeric());
        format!("unnamed.{}", if plain { extension } else { "bin" })
    });
    Attachment { name, media_type, size: bytes.len() }
}

/// Types whose first bytes speak for themselves and against a false label.
fn by_content(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"MZ", "application/x-msdownload"),
        (b"\x4c\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
        (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
        (b"\x7fELF", "application/x-elf"),
        (b"%PDF-", "application/pdf"),
        (b"Rar!\x1a\x07", "application/vnd.rar"),
        (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
        (b"{\\rtf", "application/rtf"),
        (b"\x89PNG\r\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"AC10", "image/vnd.dwg"),
        (b"8BPS", "image/vnd.adobe.photoshop"),
        (b"\x1f\x8b", "application/gzip"),
    ];
    MAGIC
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic))
        .map(|(_, media_type)| *media_type)
        .or_else(|| if bytes.starts_with(b"PK\x03\x04") { packed_document(bytes) } else { None })
}

/// The office document that a zip is, by the names of its first members (ECMA-376 part 2).
fn packed_document(bytes: &[u8]) -> Option<&'static str> {
    let holds = |name: &[u8]| memmem::find(bytes, name).is_some();
    if !holds(b"[Content_Types].xml") && !holds(b"_rels/.rels") {
        return None;
    }
    let macros = holds(b"vbaProject.bin");
    Some(match (holds(b"word/"), holds(b"xl/"), holds(b"ppt/")) {
        (true, _, _) if macros => "application/vnd.ms-word.document.macroenabled.12",
        (_, true, _) if macros => "application/vnd.ms-excel.sheet.macroenabled.12",
        (_, _, true) if macros => "application/vnd.ms-powerpoint.presentation.macroenabled.12",
        (true, _, _) => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (_, true, _) => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (_, _, true) => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        _ => return None,
    })
}

/// Why an attachment is dangerous to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Danger {
    Program,
    Macros,
    WebPage,
    Archive,
}

/// Why an attachment of this name and type is dangerous to open, if it is.
pub fn danger(name: &str, media_type: &str) -> Option<Danger> {
    let name = name.to_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    const PROGRAMS: &[&str] = &[
        "exe", "scr", "com", "bat", "cmd", "pif", "js", "jse", "vbs", "vbe", "wsf", "hta", "msi", "jar", "ps1", "lnk",
        "cpl", "reg", "chm", "apk", "iso", "img", "vhd", "one",
    ];
    const MACROS: &[&str] = &["docm", "xlsm", "xlsb", "pptm", "dotm", "xltm", "xlam", "xll", "ppam", "slk"];
    const PAGES: &[&str] = &["html", "htm", "shtml", "xhtml", "mht", "svg"];
    if PROGRAMS.contains(&extension)
        || matches!(
            media_type,
            "application/x-msdownload"
                | "application/x-elf"
                | "application/x-dosexec"
                | "application/x-mach-binary"
                | "application/x-ms-shortcut"
        )
    {
        Some(Danger::Program)
    } else if MACROS.contains(&extension) || media_type.ends_with(".macroenabled.12") {
        Some(Danger::Macros)
    } else if PAGES.contains(&extension) || media_type == "text/html" && !extension.is_empty() {
        Some(Danger::WebPage)
    } else if is_archive(&name, media_type) {
        Some(Danger::Archive)
    } else {
        None
    }
}

/// Whether it is a packed archive.
pub(super) fn is_archive(name: &str, media_type: &str) -> bool {
    let name = name.to_lowercase();
    let packed = [
        ".zip", ".rar", ".7z", ".gz", ".tgz", ".ace", ".arj", ".cab", ".z", ".tar", ".xz", ".bz2", ".lzh", ".r00",
        ".uue",
    ];
    packed.iter().any(|e| name.ends_with(e))
        || matches!(
            media_type,
            "application/vnd.rar" | "application/x-7z-compressed" | "application/x-rar-compressed" | "application/zip"
        )
}

/// `order.pdf.rar`: it pretends to be a document.
pub(super) fn has_double_extension(name: &str) -> bool {
    let name = name.to_lowercase();
    let inner = name.rsplit_once('.').map_or("", |(inner, _)| inner);
    [".pdf", ".doc", ".docx", ".xls", ".xlsx", ".jpg", ".jpeg", ".png", ".txt"].iter().any(|e| inner.ends_with(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_climbs_out_of_its_folder_stays_inside() {
        assert_eq!(safe_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_name("C:\\temp\\PO 1.pdf"), "PO 1.pdf");
        assert_eq!(safe_name("CON.pdf"), "_CON.pdf");
        assert_eq!(safe_name("A\u{308}.pdf . "), "Ä.pdf");
        assert_eq!(safe_name("invoice\u{202e}fdp.exe"), "invoicefdp.exe");
    }

    #[test]
    fn a_very_long_name_keeps_its_extension() {
        let name = safe_name(&format!("{}.pdf", "图".repeat(300)));
        assert_eq!(name.chars().count(), 120);
        assert!(name.ends_with(".pdf"));
    }

    #[test]
    fn a_document_with_macros_is_known_by_its_content() {
        let zip = b"PK\x03\x04..[Content_Types].xml..PK\x03\x04..xl/workbook.xml..xl/vbaProject.bin";
        let order = label(Some("order.xlsx".into()), "application/octet-stream".into(), zip);
        assert!(danger(&order.name, &order.media_type).is_some(), "{}", order.media_type);
        let honest = label(Some("order.xlsx".into()), "application/zip".into(), &zip[..45]);
        assert_eq!(danger(&honest.name, &honest.media_type), None, "{}", honest.media_type);
    }

    #[test]
    fn a_program_called_a_picture_is_a_program() {
        let attachment = label(Some("photo.jpg".into()), "image/jpeg".into(), b"MZ\x90\0");
        assert_eq!(attachment.media_type, "application/x-msdownload");
    }
}
