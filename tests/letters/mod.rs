//! Letters as people get them, and that nobody else's words do anything in them.

mod sample;

use inquiryd::follow_up::Level;
use inquiryd::grading::Grade;
use inquiryd::letter::{Language, Letter, Look, Newsletter, digest, newsletter, reminder};
use inquiryd::report::Digest;

#[test]
fn a_digest_in_chinese() {
    let letter = digest(&sample::digest(Language::SimplifiedChinese), &sample::look(Language::SimplifiedChinese));
    insta::assert_snapshot!(letter.subject, @"[询盘] 新询盘 3 封、回复 1 封、待查 1 封（A1 B1 C1 D1）· 11月23日 12:30");
    insta::assert_snapshot!("digest_zh.txt", letter.text);
    insta::assert_snapshot!("digest_zh.html", letter.html);
}

#[test]
fn a_digest_in_english() {
    let letter = digest(&sample::digest(Language::English), &sample::look(Language::English));
    insta::assert_snapshot!(letter.subject, @"[inquiryd] 3 new inquiries, 1 reply, 1 unreadable (A 1, B 1, C 1, D 1) · 23 Nov 12:30");
    insta::assert_snapshot!("digest_en.txt", letter.text);
    insta::assert_snapshot!("digest_en.html", letter.html);
}

#[test]
fn a_reminder_to_the_team_and_one_to_the_managers() {
    for (name, level, language) in
        [("reminder_zh", Level::Target, Language::SimplifiedChinese), ("reminder_en", Level::Limit, Language::English)]
    {
        let letter = reminder(&sample::waiting(level), &sample::look(language));
        insta::assert_snapshot!(format!("{name}.txt"), format!("{}\n\n{}", letter.subject, letter.text));
        insta::assert_snapshot!(format!("{name}.html"), letter.html);
    }
}

#[test]
fn a_newsletter_with_everything_an_author_may_write() {
    let unsubscribe = sample::unsubscribe();
    for (name, language) in [("newsletter_en", Language::English), ("newsletter_zh", Language::SimplifiedChinese)] {
        let letter = newsletter(&Newsletter {
            subject: "New camp chairs\nfor spring 2027",
            body: sample::NEWS,
            language,
            company: "Ningbo Haichuan Outdoor",
            imprint: "Ningbo Haichuan Outdoor Co., Ltd.\n88 Baizhang Road, Ningbo 315040, China\n+86 574 8700 0000",
            unsubscribe: &unsubscribe,
        });
        assert_eq!(letter.subject, "New camp chairs for spring 2027");
        insta::assert_snapshot!(format!("{name}.txt"), letter.text);
        insta::assert_snapshot!(format!("{name}.html"), letter.html);
    }
}

/// Every language and every length of a digest.
fn both(digest_of: &Digest) -> [Letter; 2] {
    [Language::SimplifiedChinese, Language::English].map(|language| digest(digest_of, &sample::look(language)))
}

#[test]
fn a_hostile_mail_does_nothing_in_a_digest() {
    let letter = digest(&sample::hostile(), &sample::look(Language::English));
    insta::assert_snapshot!("hostile.txt", letter.text);
    insta::assert_snapshot!("hostile.html", letter.html);
    for tag in ["<script", "<img", "<a ", "<A ", "<style"] {
        assert!(!letter.html.contains(tag), "{tag}");
    }
    let forged = letter.text.lines().filter(|line| line.starts_with("[A]")).count();
    assert_eq!(forged, 0, "a buyer's words must not look like a line of ours");
    assert!(!letter.text.contains('\u{202e}') && !letter.html.contains('\u{202e}'));
}

#[test]
fn a_reminder_of_a_hostile_mail_does_nothing_either() {
    let mut content = sample::waiting(Level::Target);
    content.waiting[0].subject = sample::HOSTILE.to_owned();
    content.waiting[0].buyer = sample::HOSTILE.to_owned();
    let letter = reminder(&content, &sample::look(Language::English));
    assert!(!letter.html.contains("<script") && !letter.html.contains("<a "));
    assert!(!letter.text.lines().any(|line| line.starts_with("[A] #1 ")));
}

#[test]
fn no_subject_ever_holds_a_line_break() {
    let look = |language| Look { company: sample::HOSTILE.to_owned(), ..sample::look(language) };
    for language in [Language::SimplifiedChinese, Language::English] {
        let letters =
            [digest(&sample::hostile(), &look(language)), reminder(&sample::waiting(Level::Limit), &look(language))];
        assert!(letters.iter().all(|letter| !letter.subject.contains(char::is_control)), "{letters:?}");
    }
}

#[test]
fn a_flood_of_inquiries_is_still_a_mail_that_gmail_shows_whole() {
    for inquiries in [26, 140, 400] {
        let flood = sample::flood(inquiries);
        let letters = both(&flood);
        for letter in &letters {
            assert!(letter.html.len() < 100_000, "{inquiries}: {} bytes", letter.html.len());
            assert!(letter.text.len() < 100_000, "{inquiries}: {} bytes", letter.text.len());
            assert!(letter.html.contains("#1<") && letter.text.contains("#1 "), "the best one stays");
        }
        let text = &letters[1].text;
        let shown = text.lines().filter(|line| line.starts_with("[B]")).count();
        let told: usize = text
            .lines()
            .find_map(|line| line.strip_prefix("and ")?.split(' ').next()?.parse().ok())
            .unwrap_or_default();
        assert_eq!(shown + told, inquiries, "every inquiry is shown or counted");
    }
}

#[test]
fn a_digest_without_inquiries_says_in_its_subject_what_it_is_about() {
    let whole = sample::digest(Language::English);
    let none = Digest { at: sample::NOON, ..Digest::default() };
    let unread = Digest { quarantined: whole.quarantined.clone(), ..none.clone() };
    let held = Digest { held: whole.held.clone(), ..none.clone() };
    let notice = Digest { notices: whole.notices.clone(), ..none.clone() };
    let subjects: Vec<String> =
        [none, unread, held, notice].iter().flat_map(both).map(|letter| letter.subject).collect();
    let expected = [
        "[询盘] 没有新询盘 · 11月23日 12:30",
        "[inquiryd] No new inquiries · 23 Nov 12:30",
        "[询盘] 1 封邮件无法识别，请人工查看 · 11月23日 12:30",
        "[inquiryd] 1 mail could not be read, please look · 23 Nov 12:30",
        "[询盘] 1 封发出的邮件不确定是否送达 · 11月23日 12:30",
        "[inquiryd] 1 mail of ours may not have arrived · 23 Nov 12:30",
        "[询盘] 请注意：sales: no folder of sent mail was found, so answers can't… · 11月23日 12:30",
        "[inquiryd] Please note: sales: no folder of sent mail was found, so answers can't… · 23 Nov 12:30",
    ];
    assert_eq!(subjects, expected);
}

#[test]
fn a_buyer_of_whom_nothing_is_known_is_still_a_card() {
    let bare = Digest { inquiries: vec![sample::line(9, Grade::D, "", "")], at: sample::NOON, ..Digest::default() };
    let [chinese, english] = both(&bare);
    assert!(chinese.text.contains("[D] #9  （无主题）") && chinese.text.contains("未留姓名"));
    assert!(english.text.contains("[D] #9  (no subject)") && english.text.contains("no name"));
}
