use super::mail;
use inquiryd::message::{CountrySource, Message};

fn from(sender: &str, text: &str) -> Message {
    mail(&format!("From: Jo <{sender}>\r\nTo: sales@seller.example\r\nSubject: Inquiry"), text)
}

#[test]
fn an_address_beats_the_telephone_and_the_telephone_beats_the_domain() {
    let address = from("jo@kestrel.de", "Please quote.\r\n\r\nJo\r\nLima, Peru\r\nTel. +44 20 7946 0958");
    assert_eq!(
        (address.writer.country.as_deref(), address.writer.country_by),
        (Some("PE"), Some(CountrySource::Stated))
    );
    let phone = from("jo@kestrel.de", "Please quote.\r\n\r\nJo\r\nTel. +44 20 7946 0958");
    assert_eq!((phone.writer.country.as_deref(), phone.writer.country_by), (Some("GB"), Some(CountrySource::Phone)));
    let domain = from("jo@kestrel.de", "Please quote.");
    assert_eq!((domain.writer.country.as_deref(), domain.writer.country_by), (Some("DE"), Some(CountrySource::Domain)));
}

#[test]
fn a_national_number_takes_its_code_from_the_country_and_from_nothing_else() {
    let british = from("jo@kestrel.co.uk", "Please quote.\r\n\r\nJo\r\n020 7946 0958");
    assert_eq!(british.facts.phones, ["+442079460958"]);
    assert_eq!(british.writer.phone.as_deref(), Some("+442079460958"));
    let unknown = from("jo@gmail.com", "Please quote.\r\n\r\nJo\r\n020 7946 0958");
    assert_eq!(unknown.facts.phones, ["020 7946 0958"], "no code is invented");
    let indian = from("jo@kestrel.co.in", "Please quote.\r\n\r\nJo\r\nOff: 022-5550-0117");
    assert_eq!(indian.writer.country.as_deref(), Some("IN"), "a number without a code says less than the domain");
}

#[test]
fn the_place_of_the_goods_is_not_the_buyers_country() {
    let message = from("jo@gmail.com", "Please quote 200 chairs FOB Ningbo, made in China, CIF Lagos as option.");
    assert_eq!((message.writer.country, message.writer.country_by), (None, None));
}

#[test]
fn a_quantity_in_arabic_figures_is_a_quantity() {
    let text = "نريد ٢٥٠٠ قطعة من فضلك";
    let header = "From: a@buyer.example\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8";
    assert_eq!(mail(header, text).facts.quantity.as_deref(), Some("2500 قطعة"));
}
