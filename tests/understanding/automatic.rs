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

#[test]
fn a_buyer_who_is_away_and_yet_answers_us_is_heard() {
    for text in [
        "I am out of the office until 9 December, but the revised PI is correct and you may start making the goods.",
        "Dear Lily, our shop is closed for the holidays until January. Hold the cartons in your warehouse until then.",
        "Ich bin bis Montag im Urlaub, das Angebot passt so, machen Sie weiter.",
        "Wir haben Betriebsferien bis 6. Januar, deshalb soll der Container erst danach ankommen.",
        "Je suis en congé jusqu'à lundi, mais vous pouvez lancer la fabrication.",
        "Nous sommes fermés jusqu'au 3 janvier, gardez les cartons chez vous jusque-là.",
        "Estoy de vacaciones hasta el lunes, pero adelante con el pedido.",
        "Estaremos cerrados hasta el 7 de enero; guarden las cajas hasta esa fecha.",
        "Estou de férias até segunda, mas podem embarcar a mercadoria.",
        "Estaremos fechados até 5 de janeiro, por isso o contêiner deve chegar depois.",
        "Sono in ferie fino a lunedì, ma procedete pure con l'ordine.",
        "Saremo chiusi fino al 7 gennaio, tenete la merce da voi.",
        "Ik ben op vakantie tot maandag, maar de proforma is akkoord.",
        "Wij zijn gesloten tot 5 januari, houd de dozen zo lang bij u.",
        "Jestem na urlopie do poniedziałku, ale proszę wysłać towar.",
        "Urlop do piątku, bierzemy zielony model.",
        "Я в отпуске до понедельника, но запускайте партию.",
        "Мы не работаем до 9 января, поэтому груз держите у себя.",
        "Pazartesiye kadar izindeyim ama siparişi başlatabilirsiniz.",
        "Ofis dışındayım, perşembeye kadar; yeşil model uygundur.",
        "أنا في إجازة حتى الاثنين ولكن تفضلوا بشحن البضاعة.",
        "خارج المكتب حتى الخميس، الفاتورة صحيحة.",
        "我出差到周一，不过这批货请先发。",
        "我们放假到5号，箱子先放你们仓库。",
        "月曜日まで休暇ですが、発注は進めてください。",
        "5日まで休業ですので、荷物はそちらで保管してください。",
        "월요일까지 휴가이지만 생산은 진행해 주세요.",
        "5일까지 휴무이니 박스는 보관해 주세요.",
        "Tôi nghỉ phép đến thứ Hai, nhưng cứ giao hàng nhé.",
        "Công ty nghỉ lễ đến ngày 5, nên hàng để ở kho bên bạn.",
    ] {
        assert_ne!(kind_of_answer(text), Kind::AutoReply, "{text}");
    }
}

#[test]
fn thanks_for_our_mail_and_the_promise_of_an_answer_are_no_answer() {
    for text in [
        "Thank you for your e-mail. We answer all messages within 24 hours on working days.",
        "I am out of the office with limited access to email and will be back on 9 December. For pressing matters call Mary on +44 20 7946 0000.",
        "Vielen Dank für Ihre Nachricht. Wir melden uns schnellstmöglich bei Ihnen.",
        "Ich bin bis 12.12. nicht im Büro. Ihre E-Mail wird nicht weitergeleitet. In dringenden Fällen hilft Ihnen Frau Maier unter maier@tanne.example.",
        "Merci pour votre message. Nous vous répondrons dans les plus brefs délais.",
        "Je suis absente jusqu'au 7 décembre. En cas d'urgence, merci de vous adresser à Paul Roche, paul@pin.example.",
        "Gracias por su mensaje. Le responderemos lo antes posible.",
        "Estoy fuera de la oficina hasta el 8 de diciembre. Para temas urgentes escriba a ventas@roble.example.",
        "Obrigado pelo seu contato. Retornaremos o mais breve possível.",
        "Estou de férias até 10 de dezembro. Assuntos urgentes: fale com Ana pelo telefone +55 11 4000 0000.",
        "Grazie per averci scritto. Le risponderemo al più presto.",
        "Sono in ferie fino al 9 dicembre e leggerò la posta al mio rientro. Per urgenze: luca@abete.example.",
        "Bedankt voor uw bericht. Wij nemen zo snel mogelijk contact met u op.",
        "Ik ben met vakantie tot 8 december. Mijn e-mail wordt niet gelezen. Voor spoed belt u met kantoor: +31 20 000 0000.",
        "Dziękujemy za wiadomość. Odpowiemy jak najszybciej.",
        "Do 9 grudnia przebywam na urlopie. W pilnych sprawach proszę o kontakt z Anną, anna@sosna.example.",
        "Благодарим за обращение. Мы ответим вам в ближайшее время.",
        "Нахожусь в отпуске до 10 декабря. По срочным вопросам пишите Ольге: olga@kedr.example.",
        "Mesajınız için teşekkür ederiz. En kısa sürede dönüş yapacağız.",
        "8 Aralık'a kadar yıllık izindeyim. Acil konularda lütfen Ayşe ile görüşün: ayse@cam.example.",
        "شكرا لتواصلكم معنا. سنرد عليكم في أقرب وقت ممكن.",
        "أنا في إجازة حتى 8 ديسمبر. للأمور العاجلة راسلوا خالد khaled@arz.example.",
        "感谢您的来信，我们将在24小时内回复您。",
        "我12月8日前休假，邮件不能及时查看，急事请致电021-00000000。",
        "お問い合わせいただきありがとうございます。2営業日以内にご返信いたします。",
        "12月8日まで休暇をいただいております。お急ぎの場合は03-0000-0000までお電話ください。",
        "문의해 주셔서 감사합니다. 빠른 시일 내에 답변드리겠습니다.",
        "12월 8일까지 휴가입니다. 급한 용무는 김 대리에게 연락 바랍니다.",
        "Cảm ơn bạn đã liên hệ. Chúng tôi sẽ phản hồi trong thời gian sớm nhất.",
        "Tôi nghỉ phép đến ngày 8/12. Việc gấp xin gọi chị Lan 028 0000 0000.",
    ] {
        assert_eq!(kind_of_answer(text), Kind::AutoReply, "{text}");
    }
}

/// Persons who are away and yet do business, and machines: set, who wrote, language, text.
const AWAY: &str = include_str!("away.tsv");

fn away(who: &str) -> impl Iterator<Item = (String, Kind)> {
    let rows = AWAY.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(move |row| row[1] == who).map(|row| {
        let text = row[3].replace("\\n", "\r\n");
        let kind = kind_of_answer(&text);
        (text, kind)
    })
}

#[test]
fn nobody_who_is_away_and_yet_does_business_is_taken_for_a_machine() {
    let lost: Vec<_> = away("person").filter(|(_, kind)| *kind == Kind::AutoReply).map(|(text, _)| text).collect();
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn nearly_every_machine_among_the_absent_is_known() {
    let kinds: Vec<_> = away("machine").collect();
    let missed: Vec<_> = kinds.iter().filter(|(_, kind)| *kind != Kind::AutoReply).map(|(text, _)| text).collect();
    assert!(missed.len() * 10 <= kinds.len(), "{missed:#?}");
}
