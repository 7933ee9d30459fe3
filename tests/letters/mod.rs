//! Letters as people get them, and that nobody else's words do anything in them.

mod sample;

use inquiryd::follow_up::Level;
use inquiryd::letter::{Language, Newsletter, digest, newsletter, reminder};

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
