//! Families of attachments, as rules name them.

use crate::message::Attachment;

/// What sort of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Pdf,
    Image,
    Spreadsheet,
    Document,
    Presentation,
    /// CAD and vector artwork.
    Drawing,
    Video,
    Archive,
}

/// Every family by its name in grading.toml.
pub(super) const FAMILIES: [(&str, Family); 8] = [
    ("pdf", Family::Pdf),
    ("image", Family::Image),
    ("spreadsheet", Family::Spreadsheet),
    ("document", Family::Document),
    ("presentation", Family::Presentation),
    ("drawing", Family::Drawing),
    ("video", Family::Video),
    ("archive", Family::Archive),
];

/// Extensions, and beginnings of media types; the first family that fits.
const SIGNS: [(Family, &[&str], &[&str]); 8] = [
    (
        Family::Drawing,
        &[
            "dwg", "dxf", "step", "stp", "iges", "igs", "stl", "skp", "3dm", "sldprt", "sldasm", "x_t", "ai", "eps",
            "cdr",
        ],
        &["image/vnd.dwg", "image/vnd.dxf", "model/", "application/acad", "application/postscript"],
    ),
    (Family::Pdf, &["pdf"], &["application/pdf"]),
    (
        Family::Spreadsheet,
        &["xls", "xlsx", "xlsm", "xlsb", "csv", "ods", "et", "numbers"],
        &[
            "application/vnd.ms-excel",
            "application/vnd.openxmlformats-officedocument.spreadsheetml",
            "application/vnd.oasis.opendocument.spreadsheet",
            "text/csv",
        ],
    ),
    (
        Family::Presentation,
        &["ppt", "pptx", "odp", "dps", "key"],
        &["application/vnd.ms-powerpoint", "application/vnd.openxmlformats-officedocument.presentationml"],
    ),
    (
        Family::Document,
        &["doc", "docx", "rtf", "odt", "wps", "pages", "txt"],
        &[
            "application/msword",
            "application/vnd.openxmlformats-officedocument.wordprocessingml",
            "application/vnd.oasis.opendocument.text",
            "application/rtf",
            "text/plain",
        ],
    ),
    (
        Family::Archive,
        &["zip", "rar", "7z", "gz", "tar"],
        &["application/zip", "application/vnd.rar", "application/x-7z"],
    ),
    (Family::Video, &["mp4", "mov", "avi", "mkv", "webm"], &["video/"]),
    (Family::Image, &["jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "heic", "webp", "psd"], &["image/"]),
];

impl Family {
    pub fn is_one_of(file: &Attachment, asked: &[Family]) -> bool {
        Family::of(file).is_some_and(|family| asked.contains(&family))
    }

    /// By the extension people see, else by the media type.
    fn of(file: &Attachment) -> Option<Self> {
        let extension = file.name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let by_name = |(_, extensions, _): &&(Family, &[&str], &[&str])| {
            extensions.iter().any(|known| known.eq_ignore_ascii_case(extension))
        };
        let by_type = |(_, _, types): &&(Family, &[&str], &[&str])| {
            types.iter().any(|beginning| file.media_type.starts_with(beginning))
        };
        SIGNS.iter().find(by_name).or_else(|| SIGNS.iter().find(by_type)).map(|(family, ..)| *family)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_name_and_else_by_its_type() {
        for (name, media_type, family) in [
            ("part.STEP", "application/octet-stream", Some(Family::Drawing)),
            ("logo.ai", "application/postscript", Some(Family::Drawing)),
            ("order", "application/pdf", Some(Family::Pdf)),
            ("photo", "image/jpeg", Some(Family::Image)),
            ("list.xlsx", "application/zip", Some(Family::Spreadsheet)),
            ("unnamed.bin", "application/octet-stream", None),
        ] {
            let file = Attachment { name: name.into(), media_type: media_type.into(), size: 1 };
            assert_eq!(Family::of(&file), family, "{name}");
        }
    }
}
