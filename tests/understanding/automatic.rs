//! Answers that no person wrote, without any header or subject that says so.

use super::mail;
use inquiryd::message::Kind;

fn kind_of_answer(text: &str) -> Kind {
    mail(
        "From: Jo <jo@kestrel.example>\r\nSubject: Our folding chairs\r\nContent-Type: text/plain; charset=utf-8",
        text,
    )
    .kind
}

#[test]
fn a_holiday_reply_without_any_header_is_no_answer() {
    for text in [
        "Thank you for your mail. Our office is closed from 24 December until 3 January.",
        "I am on parental leave. In urgent cases please call my colleague, or see https://kestrel.example/team?id=4",
        "Ich bin im Urlaub, außer Haus bis 4. Mai. Bitte senden Sie Ihre Anfrage an office@kestrel.example.",
        "您好，我正在休假3个月，紧急事宜请联系李先生。",
        "Ich befinde mich in Elternzeit. In dringenden Fällen wenden Sie sich an Frau Adler.",
        "Bonjour, je suis absente du bureau et serai de retour le 4 mai.",
        "Me encuentro de vacaciones hasta el 12 de agosto.",
        "Encontro-me de férias até 12 de agosto.",
        "Sarò assente fino al 20 agosto.",
        "Ik ben afwezig tot 4 mei.",
        "Jestem nieobecny do 4 maja, przebywam poza biurem.",
        "Ваше письмо получено. Это автоматический ответ.",
        "Yıllık izin nedeniyle ofiste değilim.",
        "سأكون خارج المكتب حتى يوم الأحد.",
        "您好，您的来信已收到，我会尽快回复。",
        "您好，這是自動回覆郵件。",
        "誠に勝手ながら、8月11日より夏季休業とさせていただきます。",
        "안녕하세요. 저는 5월까지 근무하고 퇴사하였습니다.",
        "Đây là email tự động. Tôi đang đi công tác.",
        "Jag är på semester till den 4 augusti.",
        "Jeg er på ferie til 4. august.",
        "Olen lomalla 4.8. asti.",
        "Jsem na dovolené do 4. srpna.",
        "Szabadságon vagyok augusztus 4-ig.",
        "Sunt în concediu până pe 4 august.",
        "Απουσιάζω έως τις 4 Αυγούστου.",
        "אני בחופשה עד 4 באוגוסט.",
        "Saya sedang cuti sampai 4 Agustus.",
        "นี่คือข้อความอัตโนมัติ",
        "Я у відпустці до 4 серпня.",
    ] {
        assert_eq!(kind_of_answer(text), Kind::AutoReply, "{text}");
    }
}

#[test]
fn a_person_who_mentions_holidays_and_wants_something_is_a_buyer() {
    for text in [
        "I was out of office last week, now please quote 300 folding chairs CIF Cork.",
        "We are on holiday next week. Can you call me on Monday?",
        "I am on annual leave from Friday, so please send me the proforma before.",
        "Wir haben Betriebsferien ab Freitag, bitte senden Sie uns das Angebot vorher.",
        "我下周休假，请报价折叠椅500件。",
        "We have received your message. We need 200 pcs in green.",
    ] {
        assert_eq!(kind_of_answer(text), Kind::Inquiry, "{text}");
    }
}

#[test]
fn exchange_asks_for_no_automatic_answer_on_ordinary_mail_too() {
    let message = mail(
        "From: Jo <jo@kestrel.example>\r\nSubject: chairs\r\nX-Auto-Response-Suppress: All",
        "Please quote 300 folding chairs.",
    );
    assert_eq!((message.kind, message.automatic), (Kind::Inquiry, true));
}

#[test]
fn a_buyer_who_does_business_although_he_is_away_is_a_person() {
    let headers = "From: Jo <jo@kestrel.example>\r\nSubject: Re: chairs\r\nIn-Reply-To: <o1@seller.example>\r\n\
        Content-Type: text/plain; charset=utf-8";
    for text in [
        "I was out of the office until Tuesday. The price suits us, the order follows.",
        "My boss is on vacation until 8 May and will decide then. The samples are fine.",
        "Ich bin ab Freitag im Urlaub bis 8. Mai, die Anzahlung ist überwiesen.",
        "样品已收到。我下周出差，回来后再下单。",
    ] {
        assert_eq!(mail(headers, text).kind, Kind::Reply, "{text}");
    }
    let answer = "I am on leave until 8 May. For an order please contact Ann (ann@kestrel.example).";
    assert_eq!(mail(headers, answer).kind, Kind::AutoReply);
}

#[test]
fn receipts_challenges_and_reports_on_a_whole_domain_are_no_inquiries() {
    for subject in [
        "Lesebestätigung: Angebot",
        "Letto: Offerta",
        "Gelezen: Offerte",
        "已读回执：报价",
        "Okundu: Teklif",
        "Re: Offer [Sender verification required]",
        "Report domain: seller.example Submitter: isp.example Report-ID: <1>",
    ] {
        let headers =
            format!("From: Jo <jo@kestrel.example>\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8");
        assert_eq!(mail(&headers, "x").kind, Kind::AutoReply, "{subject}");
    }
}

#[test]
fn a_buyer_who_asks_for_a_receipt_sends_none() {
    let headers = "From: Jo <jo@kestrel.example>\r\nSubject: Read receipt requested: chairs\r\n\
        Disposition-Notification-To: jo@kestrel.example";
    assert_eq!(mail(headers, "What do 300 folding chairs cost?").kind, Kind::Inquiry);
}
