//! A company's own templates: laid over the shipped ones, or refused with the line that is wrong.

use super::{Folder, SMALLEST};
use inquiryd::letter::{Language, Look, Refusal, answer, digest, samples, suspicion};

fn with(files: &[(&str, &str)]) -> Folder {
    let place = |folder: Folder, (name, text): &(&str, &str)| folder.file(&format!("templates/{name}"), text);
    files.iter().fold(Folder::with(SMALLEST), place)
}

#[test]
fn a_template_beside_the_configuration_changes_its_mail_and_no_other() {
    let own = "<mjml>\n<mj-include path=\"shared/head.mjml\" />\n<mj-body><mj-section><mj-column><mj-text>\n\
               Haiyue: <b>{{ page.title }}</b>{% for card in cards %} {{ card.subject }}{% endfor %}\n\
               </mj-text></mj-column></mj-section></mj-body>\n</mjml>\n";
    let files =
        [("digest/mail.mjml", own), ("digest/subject.txt", "{{ moment }}: {{ facts|first }}"), (".draft", "{{")];
    let loaded = with(&files).loaded();
    assert!(loaded.files.iter().any(|file| file.ends_with("templates/digest/mail.mjml")));
    let look = Look { templates: loaded.settings.templates, ..samples::look(Language::English) };
    let letter = digest(&samples::digest(Language::English), &look);
    assert_eq!(letter.subject, "Mon 23 Nov 12:30: 1 overdue");
    assert!(
        letter.html.contains("Haiyue: <b>3 new inquiries, 1 reply, 1 unreadable</b> RFQ: 2,400"),
        "{}",
        letter.html
    );
    let shipped = samples::look(Language::English);
    assert_eq!(letter.text, digest(&samples::digest(Language::English), &shipped).text);
    assert_eq!(answer(&samples::answer(), &look), answer(&samples::answer(), &shipped));
}

#[test]
fn what_somebody_wrote_is_escaped_in_a_companys_own_template_too() {
    let own = "<mjml><mj-body><mj-section><mj-column><mj-text>{% for line in lines %}<p title=\"{{ line.text }}\">\
               {{ line.text }}</p>{% endfor %}</mj-text></mj-column></mj-section></mj-body></mjml>";
    let templates = with(&[("answer/mail.mjml", own)]).loaded().settings.templates;
    let look = Look { templates, ..samples::look(Language::English) };
    let mut told = samples::answer();
    told.misread[0].line = "<script>\"x\"".to_owned();
    let html = answer(&told, &look).html;
    assert!(!html.contains("<script>") && html.contains("&lt;script&gt;&quot;x&quot;"), "{html}");
}

#[test]
fn a_template_that_fails_on_a_real_mail_lets_it_go_out_as_shipped() {
    let own = "{% if lines|length == 1 %}{{ 1 // 0 }}{% endif %}short";
    let templates = with(&[("answer/text.txt", own)]).loaded().settings.templates;
    let look = Look { templates, ..samples::look(Language::English) };
    assert_eq!(answer(&samples::answer(), &look).text, "short\n");
    let suspicious = |look: &Look| suspicion("Amy", "#7 done", Refusal::Forged, samples::NOON, look);
    assert_eq!(suspicious(&look), suspicious(&samples::look(Language::English)));
}

/// Files with one mistake each, and what is told.
const MISTAKES: [(&str, &str, &str); 14] = [
    (
        "digets/mail.mjml",
        "",
        "templates/digets/mail.mjml: no mail has such templates (answer, daily, digest, monthly, newsletter, quarterly, report, shared, tasks, weekly, yearly)",
    ),
    (
        "mail.mjml",
        "",
        "templates/mail.mjml: no mail has such templates (answer, daily, digest, monthly, newsletter, quarterly, report, shared, tasks, weekly, yearly)",
    ),
    (
        "digest/mail.html",
        "",
        "templates/digest/mail.html: this mail has no such template (mail.mjml, subject.txt, text.txt)",
    ),
    (
        "digest/text.txt",
        "one\n{% if grades %}\nthree",
        "templates/digest/text.txt:3: syntax error: unexpected end of input, expected end of block",
    ),
    ("digest/text.txt", "one\n{{ page.titel }}\n", "templates/digest/text.txt:2: the mail has no value page.titel"),
    ("answer/subject.txt", "{{ w.mark }} {{ fact }}", "templates/answer/subject.txt:1: the mail has no value fact"),
    (
        "digest/text.txt",
        "{% for card in cards %}\n\n{{ card.grad }}{% endfor %}",
        "templates/digest/text.txt:3: the mail has no value card.grad",
    ),
    (
        "tasks/mail.mjml",
        "<mjml>\n<mj-body>\n<mj-text>{{ page.title }}</mj-section>\n</mj-body></mjml>",
        "templates/tasks/mail.mjml:3: </mj-section> closes <mj-text> of line 3",
    ),
    ("tasks/mail.mjml", "<mjml>\n<mj-body>\n<mj-section>\n", "templates/tasks/mail.mjml:3: <mj-section> is not closed"),
    (
        "tasks/mail.mjml",
        "<mjml>\n<mj-head>\n<mj-nothing />\n</mj-head></mjml>",
        "templates/tasks/mail.mjml:3: MJML knows no such element here",
    ),
    ("tasks/mail.mjml", "plain words", "templates/tasks/mail.mjml:1: MJML can't read this: unknown token"),
    (
        "tasks/mail.mjml",
        "<mjml>\n<mj-include path=\"shared/hed.mjml\" /></mjml>",
        "templates/tasks/mail.mjml:2: nothing to include under this name: shared/hed.mjml",
    ),
    (
        "tasks/mail.mjml",
        "<mjml><mj-body><mj-raw>\n{{ sections[0].title|shout }}</mj-raw></mj-body></mjml>",
        "templates/tasks/mail.mjml:2: unknown filter: filter shout is unknown",
    ),
    (
        "shared/footer.mjml",
        "<mj-section>\n<mj-column><mj-text>{{ companny }}</mj-text></mj-column></mj-section>",
        "templates/shared/footer.mjml:2: the mail has no value companny",
    ),
];

#[test]
fn a_broken_template_is_told_with_its_line() {
    let told = MISTAKES.map(|(file, text, _)| with(&[(file, text)]).problems());
    assert_eq!(told.join("\n"), MISTAKES.map(|(.., expected)| expected).join("\n"));
}

#[test]
fn all_broken_templates_are_told_at_once_with_the_other_mistakes() {
    let folder = with(&[("answer/text.txt", "{{ titel }}"), ("tasks/text.txt", "{{ titel }}"), ("x/y", "")]);
    let told = folder.file("inquiryd.d/mistake.toml", "[company]\nnames = 1\n").problems();
    let files: Vec<&str> = told.lines().filter_map(|line| line.split(':').next()).collect();
    let expected =
        ["inquiryd.d/mistake.toml", "templates/answer/text.txt", "templates/tasks/text.txt", "templates/x/y"];
    assert_eq!(files, expected, "{told}");
}
