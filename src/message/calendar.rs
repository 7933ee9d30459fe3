//! Invitations (iCalendar, RFC 5545): their words, for mails that have no others.

/// Bytes that are read.
const WINDOW: usize = 64 * 1024;

/// Summary, time, place, organiser and description, a line each; empty where there are none.
pub(super) fn words(calendar: &str) -> String {
    let calendar = calendar[..calendar.floor_char_boundary(WINDOW)].replace("\r\n", "\n");
    // A folded line goes on behind a line break and one white space (section 3.1).
    let unfolded = calendar.replace("\n ", "").replace("\n\t", "");
    let mut event = unfolded.split_once("BEGIN:VEVENT").map_or("", |(_, event)| event);
    event = event.split("END:VEVENT").next().unwrap_or(event);
    event = event.split("BEGIN:VALARM").next().unwrap_or(event);
    let fields = ["SUMMARY", "DTSTART", "LOCATION", "ORGANIZER", "DESCRIPTION"];
    let lines: Vec<String> = fields.iter().filter_map(|name| field(event, name)).collect();
    lines.join("\n")
}

fn field(event: &str, name: &str) -> Option<String> {
    let is_field = |rest: &&str| rest.starts_with([':', ';']);
    let rest = event.lines().find_map(|line| line.strip_prefix(name).filter(is_field))?;
    let value = rest.split_once(':')?.1.trim();
    let value = value.strip_prefix("mailto:").or(value.strip_prefix("MAILTO:")).unwrap_or(value);
    let value = value.replace("\\n", "\n").replace("\\N", "\n").replace("\\,", ",").replace("\\;", ";");
    (!value.trim().is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_says_what_when_and_where() {
        let calendar = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;TZID=Asia/Shanghai:20261102T093000\r\nSUMMARY:Factory vi\r\n sit\\, Ningbo\r\n\
                        LOCATION:Hall 3\r\nORGANIZER;CN=Jo:mailto:jo@x.example\r\nBEGIN:VALARM\r\nDESCRIPTION:REMINDER\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(words(calendar), "Factory visit, Ningbo\n20261102T093000\nHall 3\njo@x.example");
        assert_eq!(words("no calendar"), "");
    }
}
