//! Every letter, rich, long and hostile, in both languages.

use inquiryd::letter::{CompiledNewsletter, Look, Refusal};
use inquiryd::letter::{
    Language, LastWords, Letter, TaskList, Templates, answer, digest, report, samples, suspicion, tasks,
};
use inquiryd::newsletter::Reader;
use inquiryd::report::{Digest, ReportName};

/// What people and machines write that is hard to show.
const HARD: [&str; 8] = [
    "<script>alert(1)</script><b>bold</b>",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitzender-und-so-weiter",
    "https://very-long-host-name.example/with/a/path/that/never/ends?and=a&query=that&goes=on&and=on&without=any&space=1",
    "السلام عليكم، نود معرفة أسعار الكراسي القابلة للطي والحد الأدنى للطلب",
    "👩‍👩‍👧‍👦🪑🏕️ camp chairs 🇨🇳🇩🇪",
    "=HYPERLINK(\"https://evil.example\",\"click\")",
    "宁波海川户外用品有限公司折叠露营椅两千四百把请报离岸价并附检测报告和产品目录谢谢谢谢谢谢谢谢谢谢",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
];

fn hard(index: usize) -> String {
    HARD[index % HARD.len()].to_owned()
}

/// A digest in which everything that others write is hard to show.
fn hard_digest(language: Language) -> Digest {
    let mut digest = samples::long_digest(language);
    for (index, line) in digest.inquiries.iter_mut().enumerate() {
        line.subject = hard(index);
        line.excerpt = format!("{} {}", hard(index + 1), hard(index + 2));
        line.buyer.name = Some(hard(index + 3));
        line.buyer.company = Some(hard(index + 4));
        line.buyer.email = Some(hard(index + 2));
        line.facts.products = vec![hard(index + 5), hard(index + 1)];
        line.facts.quantity = Some(hard(index + 6));
        line.account = hard(index + 7);
        line.owner = Some(hard(index + 1));
        line.attachments = vec![hard(index + 7), hard(index + 1)];
        for reason in &mut line.grading.reasons {
            (reason.why, reason.matched) = (hard(index + 6), hard(index + 7));
        }
        for risk in &mut line.risks {
            (risk.risk, risk.detail) = (hard(index + 1), hard(index + 2));
        }
    }
    for (index, line) in digest.quarantined.iter_mut().enumerate() {
        (line.from, line.subject, line.folder) = (hard(index), hard(index + 1), hard(index + 7));
    }
    for (index, line) in digest.set_aside.iter_mut().enumerate() {
        (line.from, line.subject, line.reason) = (hard(index + 7), hard(index + 1), hard(index + 2));
    }
    for (index, line) in digest.questions.iter_mut().enumerate() {
        (line.buyer, line.candidate) = (hard(index + 1), hard(index + 7));
    }
    for (index, line) in digest.held.iter_mut().enumerate() {
        (line.subject, line.recipient) = (hard(index + 2), hard(index + 7));
    }
    digest.notices = (0..20).map(hard).collect();
    digest
}

fn hard_tasks() -> TaskList {
    let mut list = samples::long_tasks();
    for (index, task) in list.tasks.iter_mut().enumerate() {
        (task.headline, task.buyer) = (hard(index), hard(index + 1));
        task.card = vec![hard(index + 2), hard(index + 7)];
        let words = |ours, text| LastWords { ours, at: samples::NOON - 86_400, event: None, text };
        task.last_words = vec![words(true, hard(index + 3)), words(false, hard(index + 7))];
    }
    list
}

/// Name and HTML of each.
pub fn letters() -> Vec<(String, String)> {
    let (unsubscribe, templates) = (samples::unsubscribe(), Templates::shipped());
    let mut letters = Vec::new();
    for (language, tag) in [(Language::SimplifiedChinese, "zh"), (Language::English, "en")] {
        let look = samples::look(language);
        let long_named = Look { company: HARD.join(" "), ..look.clone() };
        let mut add = |name: &str, letter: Letter| letters.push((format!("{name}-{tag}"), letter.html));
        add("digest", digest(&samples::digest(language), &look));
        add("digest-empty", digest(&Digest { at: samples::NOON, ..Digest::default() }, &look));
        add("digest-hard", digest(&hard_digest(language), &long_named));
        add("reminder", tasks(&samples::reminder(), &look));
        add("follow-ups", tasks(&samples::follow_ups(), &look));
        add("tasks-hard", tasks(&hard_tasks(), &long_named));
        add("answer", answer(&samples::answer(), &look));
        add("suspicion", suspicion(HARD[1], HARD[7], Refusal::Forged, samples::NOON, &look));
        for name in ReportName::ALL {
            add(name.as_str(), report(name, &samples::numbers(name, false), &look));
        }
        add("daily-quiet", report(ReportName::Daily, &samples::numbers(ReportName::Daily, true), &long_named));
        let news = CompiledNewsletter::new(&samples::newsletter(language, &unsubscribe, &templates)).expect("words");
        add("newsletter", news.letter(&Reader::example(), &unsubscribe).expect("a letter"));
    }
    letters
}
