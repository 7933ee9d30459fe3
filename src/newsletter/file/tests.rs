use super::super::Shift;
use super::*;
use crate::buyer::Stage;
use crate::clock::UnixTime;
use crate::grade::Grade;
use std::time::Duration;

fn parsed_as(name: &str, contents: &[(&str, Option<&str>)]) -> Result<Campaign, Vec<String>> {
    let zone = TimeZone::get("Asia/Shanghai").expect("bundled zone");
    let file = |(content, language): &(&'static str, Option<&'static str>)| File {
        content,
        path: "spring.md",
        language: *language,
    };
    // Leaked: a test's texts live as long as it does.
    let contents: Vec<(&'static str, Option<&'static str>)> = contents
        .iter()
        .map(|(content, language)| {
            let leak = |text: &str| &*Box::leak(text.to_owned().into_boxed_str());
            (leak(content), language.map(leak))
        })
        .collect();
    let files: Vec<File<'_>> = contents.iter().map(file).collect();
    let enclosed = |path: &Path| match path.to_str() {
        Some("catalogue.pdf" | "fair/plan.png") => {
            Ok(Enclosed { path: path.to_owned(), size: 2_000_000, digest: [7; 32] })
        }
        _ => Err("there is no such file".to_owned()),
    };
    let domains = ["factory.example".to_owned()];
    let around = Around {
        zone: &zone,
        domains: Some(&domains),
        greetings: &GreetingBook::default(),
        fairs: &[canton()],
        enclosed: &enclosed,
        attachments_up_to: 3_000_000,
    };
    parse(name, &files, &around).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn canton() -> Fair {
    Fair {
        products: vec!["chair".to_owned()],
        countries: vec!["US".to_owned()],
        parts: [(Part::Invitation, Shift { days: 28, is_after: false })].into(),
        ..Fair::canton()
    }
}

fn parsed(head: &str, body: &str) -> Result<Campaign, Vec<String>> {
    parsed_as("spring", &[(&format!("+++\n{head}\n+++\n{body}"), None)])
}

fn at(text: &str) -> UnixTime {
    text.parse::<jiff::Timestamp>().expect("instant").as_second()
}

fn said(campaign: &Campaign) -> Vec<(Option<&str>, &str, &str)> {
    let said =
        |variant: &'static Variant| (variant.language.as_deref(), variant.subject.as_str(), variant.body.as_str());
    let leaked: &'static [Variant] = Box::leak(campaign.variants.clone().into_boxed_slice());
    leaked.iter().map(said).collect()
}

#[test]
fn a_newsletter_is_a_head_and_a_text() {
    let campaign =
        parsed("subject = \"New *chairs*\"\nsegment = [\"B\", \"A\"]\ndate = 2026-12-01", "\n# Hello\n\n+ one\n");
    let campaign = campaign.expect("valid");
    assert_eq!(campaign.name, "spring");
    assert_eq!(said(&campaign), [(None, "New *chairs*", "# Hello\n\n+ one")]);
    assert_eq!(campaign.segment.grades, [Grade::A, Grade::B]);
    assert_eq!(campaign.lateness, timing::LATENESS);
}

#[test]
fn each_language_has_its_text_and_subject() {
    let head = "language = \"en\"\nsubject = { en = \"Chairs\", zh = \"椅子\" }\nsegment = \"A\"\ndate = 2026-12-01";
    let campaign = parsed(head, "Hello\n\n+++ zh\n您好\n").expect("valid");
    assert_eq!(said(&campaign), [(Some("en"), "Chairs", "Hello"), (Some("zh"), "椅子", "您好")]);
    let named = parsed(&head.replace("language = \"en\"\n", ""), "+++ EN\nHello\n+++ zh\n您好\n").expect("valid");
    assert_eq!(said(&named), said(&campaign));
    let own = format!("+++\n{}\n+++\nHello", head.replace("{ en = \"Chairs\", zh = \"椅子\" }", "\"Chairs\""));
    let files = [(own.as_str(), None), ("+++\nsubject = \"椅子\"\n+++\n您好", Some("zh"))];
    assert_eq!(said(&parsed_as("spring", &files).expect("valid")), said(&campaign));
}

#[test]
fn a_text_without_a_subject_or_twice_in_a_language_is_told() {
    let head = "subject = { en = \"Chairs\" }\nsegment = \"A\"\ndate = 2026-12-01";
    assert_eq!(
        parsed(head, "+++ en\nHello\n+++ de\nHallo").expect_err("no subject"),
        ["spring.md:1: the text in de has no subject (write subject = { de = \"…\" }, one for each language)"]
    );
    assert_eq!(
        parsed(head, "+++ en\nHello\n+++ en\nHi").expect_err("twice"),
        ["spring.md:1: there are two texts in en (take one of them out)"]
    );
}

#[test]
fn a_segment_may_ask_for_much() {
    let head = "subject = \"s\"\ndate = 2026-12-01\nlateness = \"1d\"\n[segment]\ngrade = \"B\"\nstage = [\"sample_sent\"]\n\
                country = [\"de\", \"AT\"]\nlanguage = \"DE\"\nproduct = \"Chair\"\nsource = \"alibaba\"\nowner = \"Amy\"\n\
                tags = [\"vip\", \"代理\"]\nwithout_tags = \"old\"\n\
                silent_for = \"60d\"\nnever_ordered = true\nnot_written_for = \"30d\"";
    let campaign = parsed(head, "text").expect("valid");
    let text = |text: &str| vec![text.to_owned()];
    let expected = Segment {
        grades: vec![Grade::B],
        stages: vec![Stage::SampleSent],
        countries: vec!["DE".to_owned(), "AT".to_owned()],
        languages: text("de"),
        products: text("chair"),
        sources: text("alibaba"),
        owners: text("amy"),
        tags: vec!["vip".to_owned(), "代理".to_owned()],
        without_tags: text("old"),
        silent_for: Some(Duration::from_secs(60 * 86_400)),
        seen_within: None,
        never_ordered: true,
        not_written_for: Some(Duration::from_secs(30 * 86_400)),
    };
    assert_eq!(campaign.segment, expected);
    assert_eq!(campaign.lateness, Duration::from_secs(86_400));
}

#[test]
fn a_date_is_in_the_companys_zone_and_in_office_hours() {
    for (written, instant) in [
        ("2026-12-01", "2026-12-01T09:00:00+08:00"),
        ("\"2026-12-01 14:30\"", "2026-12-01T14:30:00+08:00"),
        ("2026-12-01T14:30:00", "2026-12-01T14:30:00+08:00"),
        ("2026-12-01T14:30:00+01:00", "2026-12-01T14:30:00+01:00"),
    ] {
        let head = format!("subject = \"s\"\nsegment = \"A\"\ndate = {written}");
        assert_eq!(parsed(&head, "text").map(|campaign| campaign.date), Ok(at(instant)), "{written}");
    }
}

#[test]
fn all_mistakes_of_a_newsletter_are_told_at_once() {
    let problems = parsed("subjet = \"s\"\nsegment = [\"A\", \"E\"]\ndate = \"soon\"", " ").expect_err("mistakes");
    assert_eq!(
        problems,
        [
            "spring.md:3: segment[2]: there is no grade \"E\" (A, B, C or D)",
            "spring.md:4: date: \"soon\" is not a date (e.g. date = 2026-12-01, date = \"2026-12-01 09:00\", or date = \
             \"first tuesday 10:00\")",
            "spring.md:1: subject: missing (what the buyers read first)",
            "spring.md:1: the newsletter says nothing (write its text below the second +++)",
            "spring.md:2: subjet: unknown key (did you mean subject?)",
        ]
    );
    let problems = parsed("subject = \"s\"\ndate = 2026-12-01\n[segment]\ncountry = []\nstage = \"ordered\"", "x");
    let problems = problems.expect_err("mistakes");
    assert!(problems[0].starts_with("spring.md:5: segment.country: no buyer would get it"), "{problems:?}");
    assert!(problems[1].starts_with("spring.md:6: segment.stage[1]: there is no stage \"ordered\""), "{problems:?}");
}

#[test]
fn a_subject_can_not_smuggle_a_header() {
    let problems = parsed("subject = \"News\\r\\nBcc: all@x.example\"\nsegment = \"A\"\ndate = 2026-12-01", "text");
    assert_eq!(problems.expect_err("refused").len(), 1);
}

#[test]
fn a_text_without_a_head_is_no_newsletter() {
    for content in ["Hello", "", "+++\nsubject = \"s\"\n", "---\nsubject: s\n---\n"] {
        let problems = parsed_as("n", &[(content, None)]).expect_err(content);
        assert!(problems[0].starts_with("spring.md:1: the newsletter has no head"), "{content}");
    }
}

const HEAD: &str = "subject = \"s\"\nsegment = \"A\"\ndate = 2026-12-01\n";

#[test]
fn files_beside_a_newsletter_go_with_it_and_are_part_of_what_it_is() {
    let campaign = parsed(&format!("{HEAD}attachments = [\"catalogue.pdf\"]"), "text").expect("valid");
    let told: Vec<_> = campaign.attachments.iter().map(|one| (one.name.as_str(), one.content_type)).collect();
    assert_eq!(told, [("catalogue.pdf", "application/pdf")]);
    let below = parsed(&format!("{HEAD}attachments = [\"fair/plan.png\"]"), "text").expect("valid");
    assert_eq!(below.attachments[0].name, "plan.png");
}

#[test]
fn a_file_that_is_elsewhere_too_large_or_a_program_is_told_with_what_to_do() {
    for (attachments, expected) in [
        ("\"../secret.pdf\"", "attachments[1]: \"../secret.pdf\" does not lie beside the newsletter"),
        ("\"/etc/passwd\"", "attachments[1]: \"/etc/passwd\" does not lie beside the newsletter"),
        ("\"setup.exe\"", "attachments[1]: \"setup.exe\" is no file that buyers' mail servers take"),
        ("\"missing.pdf\"", "attachments[1]: \"missing.pdf\" can't be read: there is no such file"),
        ("\"catalogue.pdf\", \"fair/plan.png\"", "attachments: 4.0 MB are too much for a mail to many (put it on"),
    ] {
        let problems = parsed(&format!("{HEAD}attachments = [{attachments}]"), "text").expect_err(attachments);
        assert!(problems.len() == 1 && problems[0].contains(expected), "{problems:?}");
    }
}

#[test]
fn links_stand_below_the_text_of_each_language() {
    let head = "subject = { en = \"s\", zh = \"s\" }\nsegment = \"A\"\ndate = 2026-12-01\n\
                links = [{ name = \"Catalogue [2027] (48 MB)\", url = \"https://f.example/c.pdf\" }]";
    let campaign = parsed(head, "+++ en\nHello\n+++ zh\n您好").expect("valid");
    let list = "- [Catalogue \\[2027\\] (48 MB)](<https://f.example/c.pdf>)";
    let bodies: Vec<_> = campaign.variants.iter().map(|variant| variant.body.clone()).collect();
    assert_eq!(bodies, [format!("Hello\n\n{list}"), format!("您好\n\n{list}")]);
    let bad = parsed(&format!("{HEAD}links = [{{ name = \"x\", url = \"file:///etc\" }}]"), "text");
    assert!(bad.expect_err("no link")[0].contains("links[1].url: \"file:///etc\" is no link"));
}

#[test]
fn a_newsletter_comes_from_one_of_the_companys_own_and_may_go_slower() {
    let campaign =
        parsed(&format!("{HEAD}from = \"Amy Chen <amy@Factory.example>\"\nper_day = 20\ninterval = \"2m\""), "text");
    let campaign = campaign.expect("valid");
    assert_eq!(campaign.from.as_ref().and_then(|from| from.name.as_deref()), Some("Amy Chen"));
    assert_eq!(campaign.pace.to_string(), ", at most 20 a day, 2m apart");
    let problems = parsed(&format!("{HEAD}from = \"Amy <amy@gmail.com>\""), "text").expect_err("a stranger");
    assert_eq!(
        problems,
        [
            "spring.md:5: from: amy@gmail.com is no address of the company's (one at factory.example, or add gmail.com to \
          company.domains)"
        ]
    );
}

fn greeting(name: &str, head: &str) -> Result<Campaign, Vec<String>> {
    let head = format!("+++\nsubject = \"s\"\nsegment = [\"A\"]\n{head}\n+++\nMerry Christmas");
    parsed_as(name, &[(&head, None)])
}

#[test]
fn a_greeting_has_a_date_in_each_country_that_keeps_the_day() {
    let campaign = greeting("2026-12-christmas", "holiday = \"christmas\"").expect("valid");
    let date = |country: &str| campaign.date_for(Some(country));
    // On the last working day before; Christmas Eve is a day off in Czechia.
    assert_eq!(date("US"), Some(at("2026-12-24T09:00:00+08:00")));
    assert_eq!(date("CZ"), Some(at("2026-12-23T09:00:00+08:00")));
    assert_eq!(date("EG"), Some(at("2027-01-06T09:00:00+08:00")));
    assert!(date("SA").is_none() && campaign.date_for(None).is_none());
    assert!(campaign.date <= at("2026-12-23T09:00:00+08:00") && !campaign.is_late(i64::MAX));
    let early =
        greeting("2026-christmas", "holiday = \"christmas\"\ndays_before = 3\ntime = \"15:00\"").expect("valid");
    assert_eq!(early.date_for(Some("US")), Some(at("2026-12-22T15:00:00+08:00")));
    assert_eq!(early.date_for(Some("EG")), Some(at("2026-01-04T15:00:00+08:00")), "of that year");
}

#[test]
fn everybody_is_looked_at_again_on_each_of_a_greetings_dates() {
    let campaign = greeting("2026-12-christmas", "holiday = \"christmas\"\ndays_before = 0").expect("valid");
    let on = |day: &str| campaign.fingerprint_at(at(&format!("{day}T12:00:00+08:00")));
    assert_eq!(on("2026-12-25"), on("2027-01-05"));
    assert!(on("2026-12-25") != on("2027-01-06") && on("2027-01-06") != on("2027-01-07"));
    assert_eq!(on("2027-01-07"), on("2027-06-01"));
}

#[test]
fn a_greeting_that_can_not_be_is_told() {
    for (name, head, expected) in [
        (
            "christmas",
            "holiday = \"christmas\"",
            "spring.md:4: holiday: christmas of which year? (begin the file's name",
        ),
        ("2026-12-x", "holiday = \"kwanzaa\"", "holiday: \"kwanzaa\" is no holiday that is known (christmas, diwali,"),
        (
            "2026-12-x",
            "holiday = \"easter\"",
            "holiday: no country keeps easter from 2026-12-01 on and before 2027-02-01",
        ),
        ("2026-12-x", "holiday = \"christmas\"\ndate = 2026-12-01", "date: a greeting goes out on a holiday"),
        ("2026-12-x", "date = 2026-12-01\ndays_before = 3", "days_before: unknown key"),
    ] {
        let problems = greeting(name, head).expect_err(head);
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{expected}: {problems:?}");
    }
}

const FAIR: &str = "subject = \"{{ fair.title }}\"\nfair = \"canton-2027-spring\"\n";

#[test]
fn a_fairs_own_text_is_its_invitation_whatever_the_file_is_called() {
    let campaign = parsed(&format!("{FAIR}part = \"invitation\""), "Booth {{ fair.booth }}").expect("valid");
    assert_eq!((campaign.name.as_str(), campaign.file.as_str()), ("fair-canton-2027-spring-invitation", "spring"));
    assert_eq!(said(&campaign), [(None, "141st Canton Fair", "Booth 13.1 B21")]);
    assert_eq!(campaign.date, at("2027-03-18T09:00:00+08:00"), "as the fair says");
    assert_eq!((campaign.segment.products.len(), campaign.segment.countries.len()), (1, 1));
    let thanks = parsed(&format!("{FAIR}part = \"thanks\"\nsegment = \"A\""), "x").expect("valid");
    assert_eq!(thanks.date, at("2027-04-21T09:00:00+08:00"), "two days after, if nobody says otherwise");
    assert_eq!(thanks.segment.grades, [Grade::A]);
}

#[test]
fn a_newsletter_may_have_its_date_from_a_fair() {
    for (written, expected) in [
        ("\"1 week before the fair\"", "2027-04-08T09:00:00+08:00"),
        ("\"10 days after the fair\"", "2027-04-29T09:00:00+08:00"),
        ("2027-04-01", "2027-04-01T09:00:00+08:00"),
    ] {
        let campaign = parsed(&format!("{FAIR}segment = \"A\"\ndate = {written}"), "x").expect(written);
        assert_eq!((campaign.name.as_str(), campaign.date), ("spring", at(expected)));
    }
    for (head, expected) in [
        ("fair = \"ispo\"", "fair: there is no fair \"ispo\" (canton-2027-spring)"),
        ("fair = \"canton-2027-spring\"\npart = \"party\"", "part: a fair has no \"party\" (invitation, reminder or"),
        ("part = \"thanks\"", "part: a part of which fair?"),
        (
            "fair = \"canton-2027-spring\"\ndate = \"soon before the fair\"",
            "date: \"soon before the fair\" is not a date",
        ),
    ] {
        let problems = parsed(&format!("subject = \"s\"\nsegment = \"A\"\n{head}"), "x").expect_err(head);
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{expected}: {problems:?}");
    }
    let unknown = parsed(&format!("{FAIR}part = \"thanks\""), "Hall {{ fair.hall }}").expect_err("no such word");
    assert!(unknown[0].contains("{{ fair.hall }} is nothing that a fair has (fair.title,"), "{unknown:?}");
}
