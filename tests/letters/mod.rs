//! Letters as people get them, and that nobody else's words do anything in them.

mod hostile;
mod reports;

use inquiryd::grading::Grade;
use inquiryd::letter::samples as sample;
use inquiryd::letter::{
    CompiledNewsletter, Language, Letter, Look, Newsletter, Refusal, Templates, answer, digest, suspicion, tasks,
};
use inquiryd::newsletter::Reader;
use inquiryd::report::Digest;

#[test]
fn a_digest_in_chinese() {
    let letter = digest(&sample::digest(Language::SimplifiedChinese), &sample::look(Language::SimplifiedChinese));
    insta::assert_snapshot!(letter.subject, @"[询盘] 逾期未回复 1 个、新 A 级 1 个、新询盘 3 封 · 11月23日周一 12:30");
    insta::assert_snapshot!("digest_zh.txt", letter.text);
    insta::assert_snapshot!("digest_zh.html", letter.html);
}

#[test]
fn a_digest_in_english() {
    let letter = digest(&sample::digest(Language::English), &sample::look(Language::English));
    insta::assert_snapshot!(letter.subject, @"[inquiryd] 1 overdue, 1 new A · Mon 23 Nov 12:30");
    insta::assert_snapshot!("digest_en.txt", letter.text);
    insta::assert_snapshot!("digest_en.html", letter.html);
}

#[test]
fn a_reminder_and_a_day_s_follow_ups() {
    for (language, tag) in [(Language::SimplifiedChinese, "zh"), (Language::English, "en")] {
        for (what, list) in [("reminder", sample::reminder()), ("follow_ups", sample::follow_ups())] {
            let letter = tasks(&list, &sample::look(language));
            insta::assert_snapshot!(format!("{what}_{tag}.txt"), format!("{}\n\n{}", letter.subject, letter.text));
            insta::assert_snapshot!(format!("{what}_{tag}.html"), letter.html);
        }
    }
}

#[test]
fn a_short_answer_to_what_somebody_told() {
    for (language, tag) in [(Language::SimplifiedChinese, "zh"), (Language::English, "en")] {
        let letter = answer(&sample::answer(), &sample::look(language));
        insta::assert_snapshot!(format!("answer_{tag}.txt"), format!("{}\n\n{}", letter.subject, letter.text));
    }
    let told =
        suspicion("Han Meimei", hostile::HOSTILE, Refusal::Forged, sample::NOON, &sample::look(Language::English));
    assert!(told.subject.contains("Han Meimei") && !told.html.contains("<script") && !told.html.contains("<a "));
}

/// Every link is an answer to ourselves.
fn only_our_links(html: &str) -> bool {
    let is_ours = |link: &str| {
        let subject = link.strip_prefix("<a class=\"act\" href=\"mailto:sales@haichuan.example?subject=");
        subject.is_some_and(|subject| ["%23", "%40", "@"].iter().any(|matter| subject.starts_with(matter)))
    };
    html.match_indices("<a ").all(|(at, _)| is_ours(&html[at..]))
}

fn read_by_ann(newsletter: &Newsletter<'_>) -> Letter {
    let compiled = CompiledNewsletter::new(newsletter).expect("words that can be read");
    compiled.letter(&Reader::example(), newsletter.unsubscribe).expect("a letter")
}

#[test]
fn a_newsletter_with_everything_an_author_may_write() {
    let unsubscribe = sample::unsubscribe();
    for (name, language) in [("newsletter_en", Language::English), ("newsletter_zh", Language::SimplifiedChinese)] {
        let letter = read_by_ann(&sample::newsletter(language, &unsubscribe, &Templates::shipped()));
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
    let letter = digest(&hostile::hostile(), &sample::look(Language::English));
    insta::assert_snapshot!("hostile.txt", letter.text);
    insta::assert_snapshot!("hostile.html", letter.html);
    for tag in ["<script", "<img", "<A "] {
        assert!(!letter.html.contains(tag), "{tag}");
    }
    assert!(only_our_links(&letter.html));
    let forged = letter.text.lines().filter(|line| line.starts_with("[A]")).count();
    assert_eq!(forged, 0, "a buyer's words must not look like a line of ours");
    assert!(!letter.text.contains('\u{202e}') && !letter.html.contains('\u{202e}'));
}

#[test]
fn a_reminder_of_a_hostile_mail_does_nothing_either() {
    let mut content = sample::follow_ups();
    for task in &mut content.tasks {
        task.headline = hostile::HOSTILE.to_owned();
        task.buyer = hostile::HOSTILE.to_owned();
        task.card = vec![hostile::HOSTILE.to_owned()];
        task.last_words.iter_mut().for_each(|words| words.text = hostile::HOSTILE.to_owned());
    }
    let letter = tasks(&content, &sample::look(Language::English));
    assert!(!letter.html.contains("<script") && letter.html.matches("<a ").count() > 20);
    assert_eq!(
        letter.html.matches("<a class=\"act\" href=\"mailto:sales@haichuan.example?subject=@").count(),
        letter.html.matches("<a ").count()
    );
    assert!(!letter.text.lines().any(|line| line.starts_with("[A] #1 ")));
}

#[test]
fn no_subject_ever_holds_a_line_break() {
    let look = |language| Look { company: hostile::HOSTILE.to_owned(), ..sample::look(language) };
    for language in [Language::SimplifiedChinese, Language::English] {
        let letters = [digest(&hostile::hostile(), &look(language)), tasks(&sample::reminder(), &look(language))];
        assert!(letters.iter().all(|letter| !letter.subject.contains(char::is_control)), "{letters:?}");
    }
}

#[test]
fn a_flood_of_inquiries_is_still_a_mail_that_gmail_shows_whole() {
    for inquiries in [26, 140, 400] {
        let flood = hostile::flood(inquiries);
        let letters = both(&flood);
        for letter in &letters {
            assert!(letter.html.len() < 100_000, "{inquiries}: {} bytes", letter.html.len());
            assert!(letter.text.len() < 100_000, "{inquiries}: {} bytes", letter.text.len());
            assert!(letter.html.contains("#1<") && letter.text.contains("#1 "), "the best one stays");
            assert_eq!(letter.attachments.len(), 1, "what is left out goes along");
        }
        let text = &letters[1].text;
        let cards = text.lines().take_while(|line| !line.starts_with('+'));
        let shown = cards.filter(|line| line.starts_with("[B]")).count();
        let told: usize =
            text.lines().find_map(|line| line.strip_prefix('+')?.split(' ').next()?.parse().ok()).unwrap_or_default();
        assert_eq!(shown + told, inquiries, "every inquiry is shown or counted");
        let named = text.lines().filter(|line| line.starts_with("[B]")).count();
        assert!(named == inquiries || named >= 200, "{named}: the text names those without a card");
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
        "[询盘] 没有新询盘 · 11月23日周一 12:30",
        "[inquiryd] No new inquiries · Mon 23 Nov 12:30",
        "[询盘] 1 封邮件无法识别 · 11月23日周一 12:30",
        "[inquiryd] 1 unreadable mail · Mon 23 Nov 12:30",
        "[询盘] 1 封发出的邮件不确定是否送达 · 11月23日周一 12:30",
        "[inquiryd] 1 mail maybe not delivered · Mon 23 Nov",
        "[询盘] sales: no folder of sent mail was… · 11月23日周一",
        "[inquiryd] sales: no folder of sent… · Mon 23 Nov",
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
