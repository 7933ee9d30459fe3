//! Files within plain text, as programs older than MIME send them: uuencode (POSIX).

use memchr::memmem;
use std::borrow::Cow;

const MAX_FILES: usize = 20;

/// The text without its files, and the files: name and bytes.
pub(super) fn cut_out(text: Cow<'_, str>) -> (Cow<'_, str>, Vec<(String, Vec<u8>)>) {
    if memmem::find(text.as_bytes(), b"begin ").is_none() {
        return (text, Vec::new());
    }
    let (mut out, mut files) = (String::new(), Vec::new());
    let mut rest: &str = &text;
    while let Some(at) = rest.match_indices("begin ").map(|(at, _)| at).find(|&at| begins_file(rest, at)) {
        let Some((file, after)) = file(&rest[at..]).filter(|_| files.len() < MAX_FILES) else { break };
        out.push_str(&rest[..at]);
        files.push(file);
        rest = after;
    }
    if files.is_empty() {
        return (text, files);
    }
    out.push_str(rest);
    (Cow::Owned(out), files)
}

/// `begin`, a file mode in octal digits, and a line whose length is what its first sign says.
fn begins_file(text: &str, at: usize) -> bool {
    let mode = text.as_bytes().get(at + 6..).unwrap_or_default();
    let digits = mode.iter().take_while(|b| matches!(b, b'0'..=b'7')).count();
    let begins_line = at == 0 || text.as_bytes()[at - 1] == b'\n';
    begins_line
        && matches!(digits, 3 | 4)
        && mode.get(digits) == Some(&b' ')
        && text[at..].lines().nth(1).and_then(decoded_line).is_some()
}

/// The file at the beginning of the text, and what follows its `end`. A file without its end goes to the end of the text.
fn file(text: &str) -> Option<((String, Vec<u8>), &str)> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    let name = first.trim_end().splitn(3, ' ').nth(2)?.to_owned();
    let (mut bytes, mut read) = (Vec::new(), first.len());
    for line in lines {
        let bare = line.trim_end_matches(['\r', '\n']);
        if bare == "end" {
            read += line.len();
            break;
        }
        match decoded_line(bare) {
            Some(decoded) => bytes.extend(decoded),
            None if bare.trim_matches(['`', ' ']).is_empty() => {}
            None => break,
        }
        read += line.len();
    }
    Some(((name, bytes), &text[read..]))
}

/// One line: a sign for its count of bytes, then four letters for three bytes each.
fn decoded_line(line: &str) -> Option<Vec<u8>> {
    let line = line.trim_end_matches(['\r', '\n']).as_bytes();
    let value = |byte: u8| (b' '..=b'`').contains(&byte).then(|| (byte - b' ') & 0x3f);
    let (first, letters) = line.split_first()?;
    let count = usize::from(value(*first)?);
    if count == 0 || letters.len() + 3 < count.div_ceil(3) * 4 || letters.len() > count.div_ceil(3) * 4 + 2 {
        return None;
    }
    let mut out = Vec::with_capacity(count + 3);
    for group in letters.chunks(4) {
        let bits =
            (0..4).try_fold(0u32, |bits, at| Some(bits << 6 | u32::from(value(*group.get(at).unwrap_or(&b' '))?)))?;
        out.extend_from_slice(&bits.to_be_bytes()[1..]);
    }
    out.truncate(count);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_the_text_is_taken_out_of_it() {
        let text = "Hello\nbegin 644 a.txt\n#0V%T\n`\nend\nRegards";
        let (rest, files) = cut_out(Cow::Borrowed(text));
        assert_eq!((rest.as_ref(), files), ("Hello\nRegards", vec![("a.txt".to_owned(), b"Cat".to_vec())]));
    }

    #[test]
    fn words_that_begin_with_begin_stay() {
        let text = "begin 100 pieces first\nthen we go on, please\nend";
        assert_eq!(cut_out(Cow::Borrowed(text)).0, text);
    }
}
