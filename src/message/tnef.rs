//! TNEF (winmail.dat): what Outlook packs its attachments and sometimes its words into ([MS-OXTNEF]).

/// The first four bytes, little endian 0x223E9F78.
const SIGNATURE: [u8; 4] = [0x78, 0x9f, 0x3e, 0x22];
const MAX_ATTRIBUTES: usize = 1000;
const MAX_FILES: usize = 100;

const ATT_BODY: u16 = 0x800c;
const ATT_ATTACH_DATA: u16 = 0x800f;
const ATT_ATTACH_TITLE: u16 = 0x8010;
const ATT_ATTACH_REND_DATA: u16 = 0x9002;

/// What a container holds.
#[derive(Default)]
pub(super) struct Container<'a> {
    /// The words as plain text, in the sender's code page.
    pub body: Option<&'a [u8]>,
    pub files: Vec<File<'a>>,
}

#[derive(Default)]
pub(super) struct File<'a> {
    /// In the sender's code page.
    pub title: &'a [u8],
    pub data: &'a [u8],
}

pub(super) fn is_container(bytes: &[u8]) -> bool {
    bytes.starts_with(&SIGNATURE)
}

/// Reads the attributes until one of them is broken.
pub(super) fn read(bytes: &[u8]) -> Container<'_> {
    let mut found = Container::default();
    let mut rest = bytes.get(6..).unwrap_or_default();
    for _ in 0..MAX_ATTRIBUTES {
        let Some((id, data, after)) = attribute(rest) else { break };
        rest = after;
        match id {
            ATT_BODY => found.body = found.body.or(Some(data)),
            ATT_ATTACH_REND_DATA if found.files.len() < MAX_FILES => found.files.push(File::default()),
            ATT_ATTACH_TITLE => found.files.last_mut().into_iter().for_each(|file| file.title = until_zero(data)),
            ATT_ATTACH_DATA => found.files.last_mut().into_iter().for_each(|file| file.data = data),
            _ => {}
        }
    }
    found.body = found.body.map(until_zero).filter(|body| !body.trim_ascii().is_empty());
    found
}

/// Level, identifier, type, length, data, checksum (section 2.1.3); the identifier, the data and what follows.
fn attribute(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (_level, rest) = bytes.split_first()?;
    let (id, rest) = rest.split_first_chunk::<2>()?;
    let (_type, rest) = rest.split_first_chunk::<2>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (data, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    let (_checksum, rest) = rest.split_first_chunk::<2>()?;
    Some((u16::from_le_bytes(*id), data, rest))
}

fn until_zero(data: &[u8]) -> &[u8] {
    &data[..memchr::memchr(0, data).unwrap_or(data.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute_bytes(id: u16, data: &[u8]) -> Vec<u8> {
        let length = (data.len() as u32).to_le_bytes();
        [&[2], &id.to_le_bytes()[..], &[0, 0], &length, data, &[0, 0]].concat()
    }

    fn container() -> Vec<u8> {
        [
            vec![0x78, 0x9f, 0x3e, 0x22, 1, 0],
            attribute_bytes(ATT_BODY, b"Please quote.\0"),
            attribute_bytes(ATT_ATTACH_REND_DATA, &[0; 14]),
            attribute_bytes(ATT_ATTACH_TITLE, b"order.pdf\0"),
            attribute_bytes(ATT_ATTACH_DATA, b"%PDF-1.4"),
        ]
        .concat()
    }

    #[test]
    fn what_outlook_packs_is_unpacked() {
        let bytes = container();
        let found = read(&bytes);
        assert_eq!(found.body, Some(&b"Please quote."[..]));
        assert_eq!((found.files[0].title, found.files[0].data), (&b"order.pdf"[..], &b"%PDF-1.4"[..]));
    }

    #[test]
    fn a_container_cut_anywhere_gives_what_it_has() {
        let bytes = container();
        for end in 0..bytes.len() {
            assert!(read(&bytes[..end]).files.len() <= 1);
        }
    }
}
