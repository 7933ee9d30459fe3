//! Newsletters at the command line: an author tries one, sends it, and holds it back.

use crate::support::site::Site;
use inquiryd::clock::Clock;

const BUYERS: &str = "email,name,company,country,grade,first_contact\n\
    ann@kestrel.example,Ann Lindqvist,Kestrel Leisure Ltd,US,A,2024-03-01\n\
    info@heron.example,Purchasing Department,Heron Inc,US,A,2024-03-01\n\
    cy@crane.example,Cy Ortega,Crane SA,MX,C,2024-03-01\n\
    dora@dove.example,Dora Klein,Dove GmbH,DE,A,2024-03-01\n";

/// A company with four buyers and a newsletter whose day was yesterday.
fn site(name: &str, words: &str) -> Site {
    let site = unchecked_site(name, words);
    site.prints(&["buyers", "import", "buyers.csv", "--source", "fair", "--apply"]);
    site
}

fn unchecked_site(name: &str, words: &str) -> Site {
    let now = jiff::Timestamp::from_second(Clock::System.now()).expect("an instant");
    let yesterday = now.to_zoned(jiff::tz::TimeZone::UTC).date().yesterday().expect("a day");
    let spring = format!(
        "+++\nsubject = {{ en = \"New chairs for {{{{ buyer.company }}}}\", de = \"Neue Stühle\" }}\ndate = {yesterday}\n\
         segment = [\"A\", \"B\"]\n+++\n+++ en\n{words}\n+++ de\nGuten Tag.\n"
    );
    Site::new(name)
        .file(
            "inquiryd.d/news.toml",
            "[newsletter]\nimprint = \"Haiyue Ltd., Ningbo, +86 574 5550 0100\"\nrecipient_hours = false\n",
        )
        .file("newsletters/spring.md", &spring)
        .file("buyers.csv", BUYERS)
}

const WORDS: &str = "Dear {{ buyer.first_name }},\n\nour chairs are new.\n";

#[test]
fn an_author_sees_who_gets_a_newsletter_and_how_it_reads_before_it_goes() {
    let site = site("news-author", WORDS);
    let checked = site.prints(&["newsletter", "check"]);
    assert!(checked.contains("spring: to buyers graded A, B; 1 would get it"), "{checked}");
    assert!(checked.contains("1 will not, because a sentence would be broken"), "{checked}");
    let plan = site.prints(&["newsletter", "plan", "spring"]);
    for line in [
        "      1  will get it",
        "      1  not: another grade",
        "      1  not: no consent, and his country asks for it",
        "             @4 Dora Klein · Dove GmbH · dora@dove.example",
        "      1  not: a sentence would be broken",
        "             @2 Purchasing Department · Heron Inc · info@heron.example",
        "The last one would go about ",
    ] {
        assert!(plan.contains(line), "{line:?} in\n{plan}");
    }
    let all = site.prints(&["newsletter", "plan", "spring", "--all"]);
    assert!(all.starts_with("buyer,email,name,company,country,newsletter\n1,ann@kestrel.example,"), "{all}");
    assert_eq!(all.lines().count(), 5);
    let read = site.prints(&["newsletter", "preview", "spring", "ann@kestrel.example"]);
    assert!(read.starts_with("New chairs for Kestrel Leisure Ltd\n"), "{read}");
    assert!(
        read.contains("Dear Ann,") && read.contains("Haiyue Ltd., Ningbo") && read.contains("unsubscribe"),
        "{read}"
    );
    let hole = site.run(&["newsletter", "preview", "spring", "2"]);
    assert!(hole.code == Some(1) && hole.err.contains("not known of the reader"), "{}", hole.err);
    let folder = format!("--html={}", site.path("seen").display());
    let file = site.prints(&["newsletter", "preview", "spring", "1", &folder]);
    assert!(std::fs::read_to_string(file.trim()).expect("the mail").contains("Dear Ann,"));
    let team = format!("{}@test.example", site.team);
    site.prints(&["newsletter", "test", "spring", &team, "--as", "ann@kestrel.example"]);
    assert!(site.prints(&["newsletter", "status"]).contains("spring  not begun"));
    site.prints(&["poll"]);
    let sent = site.json(&["outbox", "list", "--json"]);
    let tests: Vec<_> = sent.iter().filter(|line| line["what"] == "newsletter_test").collect();
    assert_eq!(tests.len(), 1, "{sent:?}");
    assert_eq!((tests[0]["recipient"].as_str(), tests[0]["state"].as_str()), (Some(team.as_str()), Some("sent")));
}

#[test]
fn an_author_sees_whose_consent_has_expired_and_whose_ends_soon() {
    let site = site("news-consent", "Our chairs are new.");
    site.write(
        "dated.csv",
        "email,name,company,country,grade,first_contact\nemil@finch.example,Emil Fink,Fink OG,AT,A,2024-03-01\n",
    );
    site.prints(&["buyers", "import", "dated.csv", "--apply"]);
    let edit = |buyer: &str, until: &str| {
        let words = ["buyers", "edit", buyer, "--consent", "fair form", "--consent-on", "2024-10-31"];
        site.prints(&[&words[..], &["--consent-until", until]].concat());
    };
    let today =
        jiff::Timestamp::from_second(Clock::System.now()).expect("an instant").to_zoned(jiff::tz::TimeZone::UTC);
    let soon = today.date().checked_add(jiff::Span::new().days(20)).expect("a day").to_string();
    edit("dora@dove.example", "2025-10-31");
    edit("emil@finch.example", &soon);
    let plan = site.prints(&["newsletter", "plan", "spring"]);
    for lines in [
        "      3  will get it\n",
        "      1  not: consent has expired, and his country asks for it\n             @4 Dora Klein",
        "      1  of their consents end within the next 30 days\n             @5 Emil Fink",
    ] {
        assert!(plan.contains(lines), "{lines:?} in\n{plan}");
    }
    let shown = site.prints(&["buyers", "show", "dora@dove.example"]);
    assert!(shown.contains("fair form (given 2024-10-31, until 2025-10-31: has ended)\n"), "{shown}");
    let shown = site.json(&["buyers", "show", "emil@finch.example", "--json"]);
    assert_eq!(shown[0]["consent_until"], soon.as_str());
    edit("emil@finch.example", "never");
    assert!(!site.prints(&["newsletter", "plan", "spring"]).contains("of their consents end"));
    let wrong = site.run(&["buyers", "edit", "1", "--consent-until", "some day"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("a day, e.g. 2028-10-31, or never"), "{wrong:?}");
}

#[test]
fn a_newsletter_is_held_back_let_go_and_ended() {
    let site = site("news-held", "Hello.");
    let paused = site.prints(&["newsletter", "pause", "spring", "--why", "a wrong price", "--by", "Chen"]);
    assert_eq!(paused, "spring is paused; 0 planned mails wait.\n");
    let status = site.prints(&["newsletter", "status"]);
    assert!(status.contains("spring  paused\n    a wrong price\n"), "{status}");
    let sent = site.run(&["newsletter", "send", "spring"]);
    assert!(sent.code == Some(1) && sent.err.contains("resume lets a paused one go on"), "{}", sent.err);
    assert_eq!(site.prints(&["newsletter", "resume", "spring"]), "spring goes on.\n");
    assert!(site.prints(&["newsletter", "send", "spring"]).contains("goes now, at its pace"));
    assert!(site.prints(&["newsletter", "stop", "spring"]).contains("stopped for ever"));
    let resumed = site.run(&["newsletter", "resume", "spring"]);
    assert!(resumed.code == Some(1) && resumed.err.contains("a new newsletter wants a file with a new name"));
    let json: serde_json::Value =
        serde_json::from_str(&site.prints(&["newsletter", "status", "--json"])).expect("JSON");
    assert_eq!((json[0]["name"].as_str(), json[0]["state"]["state"].as_str()), (Some("spring"), Some("stopped")));
}

#[test]
fn what_an_author_got_wrong_is_told_before_a_buyer_reads_it() {
    let site = unchecked_site("news-wrong", "Dear {{ buyer.frst_name }},");
    let checked = site.run(&["check", "--without-passwords"]);
    assert_eq!(checked.code, Some(78));
    assert!(
        checked.err.contains("newsletters/spring.md: en: says something that is not known of the reader"),
        "{}",
        checked.err
    );
    assert!(checked.err.contains("known are buyer.first_name, buyer.name"), "{}", checked.err);
    site.write("newsletters/spring.md", "+++\nsubject = \"s\"\nsegment = \"A\"\ndate = 2099-12-31\n+++\nHello.\n");
    let unknown = site.run(&["newsletter", "plan", "sprung"]);
    assert!(unknown.err.contains("there is no newsletter sprung") && unknown.err.contains("there are: spring"));
    let early = site.run(&["newsletter", "send", "spring"]);
    assert!(early.code == Some(1) && early.err.contains("goes by itself from"), "{}", early.err);
}

#[test]
fn addresses_are_taken_off_the_list_by_hand_and_from_a_file_and_put_back_with_a_reason() {
    let site = site("news-suppressed", WORDS).file("old.csv", "dora@dove.example,unsubscribed\nx@y.example\n\n");
    assert_eq!(site.prints(&["newsletter", "suppressed"]), "Nobody: every address may get newsletters.\n");
    assert_eq!(
        site.prints(&["newsletter", "suppress", "Ann@Kestrel.example", "--file", "old.csv", "--why", "the old list"]),
        "3 addresses get no newsletter any more.\n"
    );
    assert!(site.prints(&["newsletter", "plan", "spring"]).contains("0  will get it"));
    let listed = site.json(&["newsletter", "suppressed", "--json"]);
    let reasons: Vec<_> = listed.iter().map(|line| (line["address"].as_str(), line["reason"].as_str())).collect();
    assert!(reasons.contains(&(Some("dora@dove.example"), Some("unsubscribed"))), "{reasons:?}");
    assert!(reasons.contains(&(Some("x@y.example"), Some("the old list"))), "{reasons:?}");
    assert!(site.prints(&["newsletter", "allow", "ann@kestrel.example"]).contains("may get newsletters again"));
    assert!(site.prints(&["newsletter", "plan", "spring"]).contains("1  will get it"));
    let unsubscribed = site.run(&["newsletter", "allow", "dora@dove.example"]);
    assert!(unsubscribed.code == Some(1) && unsubscribed.err.contains("--he-asked-for-it"), "{}", unsubscribed.err);
    site.prints(&["newsletter", "allow", "dora@dove.example", "--he-asked-for-it"]);
    let slip = site.run(&["newsletter", "suppress", "good@y.example", "no address"]);
    assert!(slip.code == Some(1) && slip.err.contains("`no address` is no mail address; nothing was changed"));
    assert_eq!(site.json(&["newsletter", "suppressed", "--json"]).len(), 1);
}

#[test]
fn a_catalogue_that_can_not_go_with_a_newsletter_is_told_before_it_goes() {
    let head = "subject = \"s\"\nsegment = \"A\"\ndate = 2099-12-31\n";
    let newsletter = |attachments: &str| format!("+++\n{head}attachments = [{attachments}]\n+++\nHello.\n");
    let site =
        unchecked_site("news-files", WORDS).file("newsletters/spring.md", &newsletter("\"c.pdf\", \"../password\""));
    let missing = site.run(&["check", "--without-passwords"]);
    assert_eq!(missing.code, Some(78));
    assert!(
        missing.err.contains("spring.md:5: attachments[1]: \"c.pdf\" can't be read: there is no such file"),
        "{}",
        missing.err
    );
    assert!(
        missing.err.contains("attachments[2]: \"../password\" does not lie beside the newsletter"),
        "{}",
        missing.err
    );
    site.write("newsletters/c.pdf", vec![b'x'; 3_100_000]);
    site.write("newsletters/spring.md", newsletter("\"c.pdf\""));
    let large = site.run(&["check", "--without-passwords"]);
    assert!(
        large.err.contains("3.1 MB are too much for a mail to many (put it on the company's website"),
        "{}",
        large.err
    );
    site.write("inquiryd.d/up.toml", "[newsletter]\nattachments_up_to = \"4MB\"\n");
    let checked = site.prints(&["newsletter", "check"]);
    assert!(checked.contains("    with c.pdf (3100 kB)"), "{checked}");
}

#[test]
fn an_author_sees_where_and_when_a_greeting_goes() {
    let greeting =
        "+++\nsubject = \"s\"\nsegment = [\"A\", \"B\", \"C\"]\nholiday = \"thanksgiving\"\n+++\nThank you.\n";
    let site = site("news-greeting", WORDS).file("newsletters/2028-10-thanks.md", greeting);
    let checked = site.prints(&["newsletter", "check"]);
    assert!(checked.contains("    for thanksgiving: 2028-10-09 in CA, 2028-11-23 in US\n"), "{checked}");
    let plan = site.prints(&["newsletter", "plan", "2028-10-thanks"]);
    assert!(plan.contains("      2  not: no such holiday in his country"), "{plan}");
}

const FAIR: &str = "[[fair]]\nname = \"canton-2099\"\ntitle = { en = \"Canton Fair\", zh = \"广交会\" }\nplace = \"Guangzhou\"\n\
                    dates = \"2099-04-15..2099-04-19\"\nbooth = \"13.1 B21\"\n";

#[test]
fn a_fair_is_told_with_its_newsletters_and_what_came_of_it() {
    let site = site("news-fair", WORDS).file("inquiryd.d/fair.toml", &format!("{FAIR}reminder = false\n"));
    let told = site.prints(&["newsletter", "fair", "canton-2099"]);
    for line in [
        "canton-2099  Canton Fair, 2099-04-15 to 2099-04-19, Guangzhou, booth 13.1 B21\n",
        "    2099-03-25 09:00  fair-canton-2099-invitation\n",
        "    switched off      fair-canton-2099-reminder\n",
        "Nobody has answered the invitation yet.\n",
        "INVITED  ANSWERED  MET  SAMPLE  ORDER\n0        0         0    0       0\n",
    ] {
        assert!(told.contains(line), "{line:?} in\n{told}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&site.prints(&["newsletter", "fair", "canton-2099", "--json"])).expect("JSON");
    assert_eq!((json["booth"].as_str(), json["results"]["invited"].as_i64()), (Some("13.1 B21"), Some(0)));
    let read = site.prints(&["newsletter", "preview", "fair-canton-2099-invitation", "ann@kestrel.example"]);
    assert!(
        read.starts_with("Invitation: Canton Fair, booth 13.1 B21\n") && read.contains("15–19 April 2099"),
        "{read}"
    );
    let checked = site.prints(&["newsletter", "check"]);
    assert!(checked.contains("fair-canton-2099-thanks: to all buyers; 0 would get it"), "{checked}");
    let unknown = site.run(&["newsletter", "fair", "ispo"]);
    assert!(
        unknown.err.contains("there is no fair ispo") && unknown.err.contains("there are: canton-2099"),
        "{}",
        unknown.err
    );
}

#[test]
fn what_is_wrong_with_a_fair_or_a_greeting_day_is_told_with_its_line() {
    let wrong = "[[fair]]\nname = \"Canton 2099\"\ntitle = {}\ndates = \"2099-04-19..2099-04-15\"\nbooth = \"x\"\nthanks = \"soon\"\n\
                 [[greeting_day]]\nkey = \"founding-day\"\ndate = 2099-05-01\n[greetings.kwanzaa]\ncountries = [\"US\"]\n";
    let site = Site::new("news-fair-wrong").file("inquiryd.d/fair.toml", wrong);
    let checked = site.run(&["check", "--without-passwords"]);
    assert_eq!(checked.code, Some(78));
    for problem in [
        "fair.toml:2: fair[1].name: \"Canton 2099\" is no name for a fair (small letters, digits and hyphens",
        "fair.toml:3: fair[1].title: this says nothing",
        "fair.toml:1: fair[1].place: missing (the city and the hall",
        "fair.toml:4: fair[1].dates: 2099-04-15 is before 2099-04-19",
        "fair.toml:6: fair[1].thanks: \"soon\" is no time before or after a fair",
        "fair.toml:7: greeting_day[1].country: missing",
        "fair.toml:10: greetings.kwanzaa: \"kwanzaa\" is no holiday that is known",
    ] {
        assert!(checked.err.contains(problem), "{problem:?} in\n{}", checked.err);
    }
}
