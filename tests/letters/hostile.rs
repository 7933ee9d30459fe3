//! What somebody might write into every field that he can write into, and as much of it as he can.

use inquiryd::buyer::Buyer;
use inquiryd::grading::{Grade, Reason};
use inquiryd::letter::Language;
use inquiryd::letter::samples::{digest, line};
use inquiryd::message::{Facts, Sample};
use inquiryd::report::{Digest, InquiryLine};
use inquiryd::risk::Told;

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn reason(points: i64, why: &str, matched: &str) -> Reason {
    Reason { rule: "rule".to_owned(), points, why: why.to_owned(), matched: matched.to_owned() }
}

/// What somebody might write into every field that he can write into.
pub const HOSTILE: &str = "<script>alert(1)</script>\r\n[A] #1  forged\u{202e}\u{0} <a href='https://evil.example'>x</a> \
                           \"&\" https://evil.example {{ 7*7 }}\n----------\n> no";

/// Hostile words everywhere.
pub fn hostile() -> Digest {
    let words = || HOSTILE.to_owned();
    let mut inquiry = line(7, Grade::B, HOSTILE, HOSTILE);
    inquiry.account = words();
    inquiry.known = true;
    inquiry.matched_by = text("address");
    inquiry.relay = text(HOSTILE);
    inquiry.buyer = Buyer {
        name: text(HOSTILE),
        email: text(HOSTILE),
        company: text(HOSTILE),
        country: text("<b>"),
        ..Buyer::default()
    };
    inquiry.facts = Facts {
        products: vec![words(), words()],
        quantity: text(HOSTILE),
        target_price: text(HOSTILE),
        incoterm: text(HOSTILE),
        port: text(HOSTILE),
        sample: Sample::Free,
        deadline: None,
        certificates: vec![words()],
        phones: vec![words()],
        websites: vec![words()],
    };
    inquiry.grading.reasons = vec![reason(-3, HOSTILE, HOSTILE)];
    inquiry.risks = vec![Told { risk: words(), detail: words() }];
    inquiry.attachments = vec![words()];
    let mut digest = digest(Language::English);
    digest.inquiries = vec![inquiry];
    for line in &mut digest.quarantined {
        (line.from, line.subject, line.reason) = (words(), words(), words());
        (line.account, line.folder) = (words(), words());
    }
    for line in &mut digest.held {
        (line.subject, line.recipient) = (words(), words());
    }
    digest.notices = vec![words()];
    digest
}

/// Many inquiries, each as large as it can be and twice as large when escaped.
pub fn flood(inquiries: usize) -> Digest {
    let mut flood = hostile();
    let fat = "\"&<>'".repeat(130);
    let mut each = flood.inquiries.remove(0);
    each.excerpt.clone_from(&fat);
    each.subject.clone_from(&fat);
    each.grading.reasons = vec![reason(1, &fat, &fat); 14];
    each.risks = vec![Told { risk: fat.clone(), detail: fat.clone() }; 9];
    each.attachments = vec![fat.clone(); 9];
    flood.inquiries = (1..).take(inquiries).map(|id| InquiryLine { id, ..each.clone() }).collect();
    flood.notices = vec![fat; 60];
    flood.quarantined = vec![flood.quarantined[0].clone(); 60];
    flood.held = vec![flood.held[0].clone(); 60];
    flood
}
