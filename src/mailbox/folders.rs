//! Which folders to read: the configured ones, and where our people's own mail is kept. Pure.

use super::{Direction, Folder};

/// A folder as a server or a Maildir lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Readable name.
    pub name: String,
    /// Name on the wire or on disk.
    pub wire: String,
    /// Between the levels of a name; None where there are no levels.
    pub delimiter: Option<char>,
    /// Whether it can hold mail.
    pub selectable: bool,
    /// Whether it carries `\Sent` (RFC 6154 section 2).
    pub sent: bool,
}

/// What the configuration asks for, in readable names.
#[derive(Clone, Copy, Debug)]
pub struct Wishes<'a> {
    pub incoming: &'a [String],
    pub sent: Option<&'a str>,
}

/// The folders of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderList {
    /// Those to read.
    pub folders: Vec<Folder>,
    /// The readable names of all there are.
    pub all_names: Vec<String>,
    /// How the Sent folder was found; None: there is none among `folders`, and answers of our people stay unseen.
    pub sent_found_by: Option<SentFoundBy>,
    /// Configured names that the mailbox doesn't have.
    pub missing: Vec<String>,
}

impl FolderList {
    /// What a person should mend, one sentence each.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.sent_found_by.is_none() {
            let all = self.all_names.join(", ");
            remarks.push(format!(
                "no Sent folder was found, so answers are not seen; name it by `sent = \"…\"` in the account (there are: {all})"
            ));
        }
        if !self.missing.is_empty() {
            remarks.push(format!("configured folders that the mailbox doesn't have: {}", self.missing.join(", ")));
        }
        remarks
    }
}

/// How the Sent folder was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentFoundBy {
    Configuration,
    /// The server marks it `\Sent`.
    SpecialUse,
    /// By one of the names providers and mail programs give it.
    KnownName,
}

/// Names of Sent folders, in small letters, the likeliest first where a mailbox has several.
const KNOWN_NAMES: [&str; 24] = [
    "已发送",
    "已发送邮件",
    "已发送消息",
    "已发邮件",
    "发件箱",
    "已傳送",
    "寄件備份",
    "寄件匣",
    "sent messages",
    "sent items",
    "sent mail",
    "sent",
    "送信済み",
    "送信済みアイテム",
    "보낸편지함",
    "보낸 편지함",
    "gesendet",
    "gesendete objekte",
    "gesendete elemente",
    "éléments envoyés",
    "messages envoyés",
    "enviados",
    "elementos enviados",
    "отправленные",
];

/// Picks the folders to read. A configured Sent folder wins over `\Sent`, which wins over a known name; one that is
/// configured and missing is reported, not replaced by a guess.
pub fn choose(wishes: &Wishes<'_>, listed: &[Listed]) -> FolderList {
    let mut list =
        FolderList { all_names: listed.iter().map(|folder| folder.name.clone()).collect(), ..<_>::default() };
    for name in wishes.incoming {
        match named(listed, name) {
            Some(folder) => add(&mut list, folder, Direction::Incoming),
            None => list.missing.push(name.clone()),
        }
    }
    let sent = match wishes.sent {
        Some(name) => {
            let folder = named(listed, name);
            if folder.is_none() {
                list.missing.push(name.to_owned());
            }
            folder.map(|folder| (folder, SentFoundBy::Configuration))
        }
        None => guess_sent(listed),
    };
    // Who lists the Sent folder among the incoming ones means it so.
    if let Some((folder, found_by)) = sent
        && !list.folders.iter().any(|taken| taken.name == folder.name)
    {
        list.sent_found_by = Some(found_by);
        add(&mut list, folder, Direction::Outgoing);
    }
    list
}

fn add(list: &mut FolderList, folder: &Listed, direction: Direction) {
    if !list.folders.iter().any(|taken| taken.name == folder.name) {
        list.folders.push(Folder { name: folder.name.clone(), direction });
    }
}

/// INBOX is one word in any case (RFC 3501 section 5.1); other names are exact.
fn named<'a>(listed: &'a [Listed], name: &str) -> Option<&'a Listed> {
    let inbox = name.eq_ignore_ascii_case("INBOX");
    listed.iter().filter(|folder| folder.selectable).find(|folder| match inbox {
        true => folder.name.eq_ignore_ascii_case("INBOX"),
        false => folder.name == name,
    })
}

fn guess_sent(listed: &[Listed]) -> Option<(&Listed, SentFoundBy)> {
    let selectable = || listed.iter().filter(|folder| folder.selectable);
    if let Some(folder) = selectable().find(|folder| folder.sent) {
        return Some((folder, SentFoundBy::SpecialUse));
    }
    // A folder of that name at the top or just below INBOX goes before one somewhere in a tree.
    let rank = |folder: &&Listed| Some((depth(folder), known(folder)?));
    let best = selectable().filter(|folder| rank(folder).is_some()).min_by_key(rank)?;
    Some((best, SentFoundBy::KnownName))
}

fn levels(folder: &Listed) -> Vec<&str> {
    match folder.delimiter {
        Some(delimiter) => folder.name.split(delimiter).collect(),
        None => vec![&folder.name],
    }
}

/// Levels above the folder's own, INBOX not counted.
fn depth(folder: &Listed) -> usize {
    let levels = levels(folder);
    let above = levels.len().saturating_sub(1);
    if above > 0 && levels[0].eq_ignore_ascii_case("INBOX") { above - 1 } else { above }
}

fn known(folder: &Listed) -> Option<usize> {
    let own = levels(folder).last()?.trim().to_lowercase();
    KNOWN_NAMES.iter().position(|name| *name == own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> Listed {
        Listed {
            name: name.to_owned(),
            wire: super::super::utf7::encode(name),
            delimiter: Some('.'),
            selectable: true,
            sent: false,
        }
    }

    fn chosen(sent: Option<&str>, listed: &[Listed]) -> FolderList {
        choose(&Wishes { incoming: &["INBOX".to_owned()], sent }, listed)
    }

    fn sent_of(list: &FolderList) -> Option<(&str, SentFoundBy)> {
        let folder = list.folders.iter().find(|folder| folder.direction == Direction::Outgoing)?;
        Some((&folder.name, list.sent_found_by?))
    }

    #[test]
    fn the_servers_own_mark_wins_over_a_name() {
        let marked = Listed { sent: true, ..folder("Ausgang") };
        let list = chosen(None, &[folder("INBOX"), folder("Sent"), marked]);
        assert_eq!(sent_of(&list), Some(("Ausgang", SentFoundBy::SpecialUse)));
    }

    #[test]
    fn the_configuration_wins_over_the_servers_mark() {
        let marked = Listed { sent: true, ..folder("Sent") };
        let list = chosen(Some("外贸已发"), &[folder("INBOX"), marked, folder("外贸已发")]);
        assert_eq!(sent_of(&list), Some(("外贸已发", SentFoundBy::Configuration)));
    }

    #[test]
    fn sent_is_known_by_the_names_providers_give_it() {
        for name in ["已发送", "已发送邮件", "Sent Messages", "SENT ITEMS", "Отправленные", "INBOX.Sent", "Gesendet"]
        {
            let list = chosen(None, &[folder("INBOX"), folder("Drafts"), folder(name)]);
            assert_eq!(sent_of(&list), Some((name, SentFoundBy::KnownName)), "{name}");
        }
    }

    #[test]
    fn an_archive_of_an_old_sent_folder_is_not_taken_for_it() {
        let list = chosen(None, &[folder("INBOX"), folder("Archive.2019.已发送"), folder("INBOX.Sent")]);
        assert_eq!(sent_of(&list), Some(("INBOX.Sent", SentFoundBy::KnownName)));
    }

    #[test]
    fn a_configured_folder_that_is_gone_is_reported_and_not_guessed_anew() {
        let list = choose(
            &Wishes { incoming: &["inbox".to_owned(), "询盘".to_owned()], sent: Some("旧已发送") },
            &[folder("INBOX"), folder("Sent")],
        );
        assert_eq!(list.missing, ["询盘", "旧已发送"]);
        assert_eq!(list.folders, [Folder { name: "INBOX".to_owned(), direction: Direction::Incoming }]);
        assert_eq!(list.sent_found_by, None);
    }

    #[test]
    fn a_name_that_holds_only_other_folders_is_no_folder_to_read() {
        let branch = Listed { selectable: false, sent: true, ..folder("Sent") };
        let list = chosen(None, &[folder("INBOX"), branch]);
        assert_eq!(sent_of(&list), None);
    }
}
