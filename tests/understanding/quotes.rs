use super::mail;

const HEADERS: &str = "From: Jo Pike <jo@kestrel.example>\r\nTo: amy@seller.example\r\nSubject: Re: chairs\r\n\
    Message-ID: <q1@kestrel.example>\r\nDate: Tue, 27 Oct 2026 10:00:00 +0000\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit";

fn words(text: &str) -> String {
    mail(HEADERS, text).text
}

/// Every frame is put between the buyer's words and ours; only his may stay.
fn all_are_cut(frames: &[&str]) {
    let kept: Vec<String> = frames
        .iter()
        .map(|frame| (frame, words(&format!("Please hold 40 chairs.\n\n{frame}\n"))))
        .filter(|(_, words)| words != "Please hold 40 chairs.")
        .map(|(frame, words)| format!("{frame}\n  gave: {words}"))
        .collect();
    assert!(kept.is_empty(), "{}", kept.join("\n---\n"));
}

#[test]
fn attributions_of_gmail_are_cut_in_the_buyers_language() {
    all_are_cut(&[
        "Amy <amy@seller.example> 于2026年10月27日周二 03:15写道：\n\n> our offer",
        "Amy Xu <amy@seller.example> 于2026年10月27日\n周二 03:15写道：\n\nour offer",
        "Amy <amy@seller.example> 於 2026年10月27日 週二 上午3:15寫道：\n> our offer",
        "2026年10月27日(火) 3:15 Amy <amy@seller.example>:\n> our offer",
        "2026년 10월 27일 (화) 오전 3:15, Amy <amy@seller.example>님이 작성:\n> our offer",
        "вт, 27 окт. 2026 г. в 03:15, Amy <amy@seller.example>:\n> our offer",
        "\u{202b}في الثلاثاء، 27 أكتوبر 2026 في 3:15 ص تمت كتابة ما يلي بواسطة \u{202a}Amy\u{202c}\u{200f} <\u{202a}amy@seller.example\u{202c}\u{200f}>:\u{202c}\n> our offer",
        "בתאריך יום ג׳, 27 באוק׳ 2026 ב-3:15 מאת Amy <amy@seller.example>:\n> our offer",
        "Amy <amy@seller.example>, 27 Eki 2026 Sal, 03:15 tarihinde şunu yazdı:\n> our offer",
        "Vào Th 3, 27 thg 10, 2026 vào lúc 03:15 Amy <amy@seller.example> đã viết:\n> our offer",
        "wt., 27 paź 2026 o 03:15 Amy <amy@seller.example> napisał(a):\n> our offer",
        "út 27. 10. 2026 v 3:15 odesílatel Amy <amy@seller.example>\nnapsal:\n> our offer",
        "Amy <amy@seller.example> ezt írta (időpont: 2026. okt. 27., K, 3:15):\n> our offer",
        "ti 27. lokak. 2026 klo 3.15 Amy (amy@seller.example) kirjoitti:\n> our offer",
        "Στις Τρί 27 Οκτ 2026 στις 3:15 π.μ., ο/η Amy <amy@seller.example> έγραψε:\n> our offer",
        "เมื่อ อ. 27 ต.ค. 2026 เวลา 03:15 Amy <amy@seller.example> เขียนว่า:\n> our offer",
        "Pada Sel, 27 Okt 2026 pukul 03.15 Amy <amy@seller.example> menulis:\n> our offer",
        "Le mar. 27 oct. 2026 à 03:15, Amy <amy@seller.example> a écrit :\nour offer",
        "El mar, 27 oct 2026 a las 3:15, Amy (<amy@seller.example>) escribió:\nour offer",
        "Em ter., 27 de out. de 2026 às 03:15, Amy <amy@seller.example>\nescreveu:\n> our offer",
        "Den tis 27 okt. 2026 kl 03:15 skrev Amy <amy@seller.example>:\n> our offer",
        "În mar., 27 oct. 2026 la 03:15, Amy <amy@seller.example> a scris:\n> our offer",
    ]);
}

#[test]
fn attributions_of_the_other_programs_are_cut() {
    all_are_cut(&[
        "On 27 Oct 2026, at 03:15, Amy Xu <amy@seller.example> wrote:\n\n> our offer",
        "> Am 27.10.2026 um 03:15 schrieb Amy Xu <amy@seller.example>:\n> \n> our offer",
        "On Tuesday, October 27, 2026 at 03:15:22 AM GMT+8, Amy <amy@seller.example> wrote:\n\nour offer",
        "在 2026-10-27 03:15:22，\"Amy\" <amy@seller.example> 写道：\n\nour offer",
        "27.10.2026, 03:15, \"Amy\" <amy@seller.example>:\nour offer",
        "Вторник, 27 октября 2026, 3:15 +03:00 от Amy <amy@seller.example>:\nour offer",
        "---- On Tue, 27 Oct 2026 03:15:22 +0800 Amy <amy@seller.example> wrote ----\n\nour offer",
        "-----Amy Xu/Seller wrote: -----\nTo: jo@kestrel.example\nFrom: Amy Xu\n\nour offer",
        ">>> Amy Xu <amy@seller.example> 27/10/26 03:15 >>>\nour offer",
        "Tuesday, October 27, 2026, 3:15:22 AM, you wrote:\n\nAX> our offer\nAX> and terms",
        "|------------>\n| From:      |\n|------------>\nour offer",
    ]);
}

#[test]
fn named_rules_in_front_of_history_are_cut() {
    all_are_cut(&[
        "------------------ 原始邮件 ------------------\n发件人: \"Amy\" <amy@seller.example>;\nour offer",
        "------------------ Original ------------------\nFrom: \"Amy\" <amy@seller.example>;\nour offer",
        "---- 回复的原邮件 ----\n| 发件人 | Amy |\nour offer",
        "---- Replied Message ----\n| From | Amy |\nour offer",
        "------ Original Message ------\nFrom \"Amy\" <amy@seller.example>\nour offer",
        "-------- Оригинальное сообщение --------\nОт: Amy\nour offer",
        "-------- Originele bericht --------\nVan: Amy <amy@seller.example>\nDatum: 27-10\nAan: Jo\nOnderwerp: x\nour offer",
        "-------- Αρχικό μήνυμα --------\nour offer",
        "------------------------------------------------------------------\n发件人：Amy <amy@seller.example>\n发送时间：2026年10月27日(星期二) 03:15\n收件人：jo\n主　题：x\nour offer",
        "*From:* Amy <amy@seller.example>\n*Sent:* Tuesday, 27 October 2026 03:15\n*To:* Jo\n*Subject:* x\n\nour offer",
        "จาก: Amy <amy@seller.example>\nส่ง: 27 ตุลาคม 2026\nถึง: Jo\nเรื่อง: x\n\nour offer",
    ]);
}

#[test]
fn a_route_is_no_header_block() {
    let text = "Please quote the freight:\nFrom: Shanghai\nTo: Hamburg\nDate: 12 November\nCargo is 300 cartons.";
    assert_eq!(words(text), text);
}

#[test]
fn a_lone_line_that_compares_is_the_buyers() {
    let text = "Prices please:\n> 500 pcs: your best\nand for samples.";
    assert_eq!(words(text), text);
}

#[test]
fn a_sentence_with_wrote_keeps_what_follows() {
    let text = "On Monday Amy wrote that you have 300 chairs in stock: please hold them.\nWe pay on Friday.";
    assert_eq!(words(text), text);
}

#[test]
fn notices_of_programs_and_lawyers_under_the_words_are_cut() {
    all_are_cut(&[
        "Virus-free.www.avast.com",
        "Этот email проверен на вирусы программой Avast",
        "Diese E-Mail wurde von Avast auf Viren geprüft.",
        "You received this message because you are subscribed to the Google Group \"buyers\".",
        "This message and its files are meant for the\nintended recipient only.",
        "Diese Nachricht ist vertraulich und nur für den Adressaten bestimmt.",
        "Ce message est confidentiel.",
        "Este correo electrónico es confidencial.",
        "Questo messaggio è riservato al solo lettore.",
        "Настоящее сообщение содержит конфиденциальную информацию.",
        "本邮件及附件含有保密信息。",
        "Bu e-posta gizli bilgiler içerir.",
        "Please consider the environment before printing.",
        "Get Outlook for iOS",
        "Odesláno z iPhonu",
    ]);
}

#[test]
fn a_sentence_about_this_email_is_no_small_print() {
    let text = "Dear Amy,\nThis email is about 500 tents for March.\nThe message of our boss: hurry.";
    assert_eq!(words(text), text);
}

#[test]
fn a_warning_of_the_mail_server_is_not_the_buyers_word() {
    for banner in [
        "[EXTERNAL]",
        "CAUTION: This email originated from outside of the organization. Do not click links\nor open attachments unless you recognize the sender.",
        "You don't often get email from jo@kestrel.example. Learn why this is important",
        "【外部邮件】请勿点击链接",
        "Sie erhalten nicht oft eine E-Mail von jo@kestrel.example.",
    ] {
        assert_eq!(words(&format!("{banner}\n\nPlease hold 40 chairs.")), "Please hold 40 chairs.", "{banner}");
    }
    assert_eq!(words("External dimensions are 40 x 60?"), "External dimensions are 40 x 60?");
}

fn html(body: &str) -> String {
    mail(&HEADERS.replace("text/plain", "text/html"), body).text
}

#[test]
fn history_that_a_program_marked_in_html_is_cut_in_any_language() {
    for history in [
        "<div id=\"divRplyFwdMsg\"><b>Xyz:</b> Amy<br><b>Qwe:</b> Jo</div><div>our offer</div>",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p>Xyz: Amy</p></div><p>our offer</p>",
        "<div class=\"yahoo_quoted\"><div>Amy, 27/10:</div><div>our offer</div></div>",
        "<div class=\"protonmail_quote\">Amy<br>our offer</div>",
        "<blockquote type=\"cite\"><div>our offer</div></blockquote>",
    ] {
        assert_eq!(html(&format!("<div>Please hold 40 chairs.</div>{history}")), "Please hold 40 chairs.", "{history}");
    }
}

#[test]
fn a_signature_that_a_program_marked_in_html_is_cut_and_known() {
    let body =
        "<div>Please hold 40 chairs.</div><div id=\"Signature\"><div>Jo Pike</div><div>Kestrel Leisure Ltd</div></div>";
    let message = mail(&HEADERS.replace("text/plain", "text/html"), body);
    assert_eq!(message.text, "Please hold 40 chairs.");
    assert_eq!(message.writer.company.as_deref(), Some("Kestrel Leisure Ltd"));
    assert_eq!(html("<div id=Signature></div><div>Hold 40 chairs.</div>"), "Hold 40 chairs.");
}

#[test]
fn words_that_the_buyer_indented_are_his() {
    let body = "Please:<blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\">40 chairs</blockquote>soon";
    assert_eq!(html(body), "Please:\n40 chairs\nsoon");
}

#[test]
fn a_plain_part_that_lost_its_quote_marks_yields_to_the_page_that_has_them() {
    let headers = HEADERS
        .replace("text/plain; charset=utf-8", "multipart/alternative; boundary=b")
        .replace("\r\nContent-Transfer-Encoding: 8bit", "");
    let plain = "--b\r\nContent-Type: text/plain\r\n\r\nHold 40 chairs.\r\n\r\nour offer\r\n";
    let page =
        "--b\r\nContent-Type: text/html\r\n\r\n<p>Hold 40 chairs.</p><blockquote>our offer</blockquote>\r\n--b--\r\n";
    assert_eq!(mail(&headers, &format!("{plain}{page}")).text, "Hold 40 chairs.");
}

proptest::proptest! {
    #[test]
    fn no_line_of_a_mail_without_marks_is_lost(lines in proptest::collection::vec("we need [a-z]{3,9} [0-9]{2}", 1..30)) {
        let text = lines.join("\n");
        proptest::prop_assert_eq!(words(&text), text);
    }

    #[test]
    fn marks_in_any_order_never_panic(parts in proptest::collection::vec(
        proptest::sample::select(vec![">", ">>>", "AX>", "----", "|---", "-- ", "\n", "From: ", "a@b.example", "<", "wrote:",
            "[EXTERNAL]", "This e-mail is", "写道：", "\u{202b}", "27/10/26 ", "é", "<div id=Signature>", "</div>", "<blockquote>"]),
        0..60,
    )) {
        words(&parts.concat());
        html(&parts.concat());
    }
}

#[test]
fn header_lines_of_rarer_languages_begin_a_history() {
    all_are_cut(&[
        "Šalje: Amy <amy@seller.example>\nDatum: 27. 10. 2026.\nPrima: Jo\nPredmet: stolice\n\nour offer",
        "Nuo: Amy <amy@seller.example>\nIšsiųsta: 2026-10-27\nKam: Jo\nTema: kėdės\n\nour offer",
        "Nadawca: Amy <amy@seller.example>\nData: 27.10.2026\nAdresat: Jo\nTemat: krzesła\n\nour offer",
        "از: Amy <amy@seller.example>\nتاریخ: 27/10/2026\nبه: Jo\nموضوع: صندلی\n\nour offer",
        "送信元: Amy <amy@seller.example>\n日付: 2026/10/27\n宛先: Jo\n件名: 椅子\n\nour offer",
        "प्रेषक: Amy <amy@seller.example>\nदिनांक: 27/10/2026\nप्रति: Jo\nविषय: कुर्सी\n\nour offer",
    ]);
}
