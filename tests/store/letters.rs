//! Mails that come to the shop, and what its people answer.

/// A mail in the making.
#[derive(Clone, Debug)]
pub struct Mail {
    headers: Vec<(&'static str, String)>,
    text: String,
}

impl Mail {
    /// A mail from somebody to the shop, with a buyer's usual words.
    pub fn from(from: &str) -> Mail {
        let headers = vec![("From", from.to_owned()), ("To", "sales@haiyue.example".to_owned())];
        let text = "Dear Haiyue team,\r\n\r\nplease quote your best price for 600 folding chairs FOB Ningbo.\r\n\r\n\
                    Best regards\r\n";
        Mail { headers, text: text.to_owned() }.subject("Inquiry for folding chairs")
    }

    /// One of the shop's people answers the mail with this Message-ID.
    pub fn answer(to: &str, message_id: &str) -> Mail {
        Mail::from("Amy Xu <amy@haiyue.example>")
            .header("To", to)
            .subject("Re: Inquiry for folding chairs")
            .header("In-Reply-To", &format!("<{message_id}>"))
            .text("Dear customer,\r\n\r\nthe price is USD 9.80 FOB Ningbo.\r\n\r\nAmy\r\n")
    }

    pub fn subject(self, subject: &str) -> Mail {
        self.header("Subject", subject)
    }

    pub fn id(self, message_id: &str) -> Mail {
        self.header("Message-ID", &format!("<{message_id}>"))
    }

    /// Sets a header, in the place of another of this name.
    pub fn header(mut self, name: &'static str, value: &str) -> Mail {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn text(mut self, text: &str) -> Mail {
        self.text = text.to_owned();
        self
    }

    pub fn raw(&self) -> Vec<u8> {
        let mut raw = String::new();
        for (name, value) in &self.headers {
            raw.push_str(&format!("{name}: {value}\r\n"));
        }
        raw.push_str("\r\n");
        raw.push_str(&self.text);
        raw.into_bytes()
    }
}

/// The delivery report of a mail server that could not deliver the mail with this Message-ID (RFC 3464).
pub fn bounce(message_id: &str, recipient: &str, status: &str) -> Vec<u8> {
    let words = format!("The mail to <{recipient}> could not be delivered: {status}");
    let report = format!(
        "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\nAction: failed\r\n\
         Status: {status}\r\nDiagnostic-Code: smtp; 550 {status} user unknown"
    );
    report_mail("delivery-status", &words, &report, message_id, recipient)
}

/// A recipient pressed "this is spam" on the mail with this Message-ID (RFC 5965).
pub fn complaint(message_id: &str, recipient: &str) -> Vec<u8> {
    let report = format!("Feedback-Type: abuse\r\nUser-Agent: peer/1\r\nVersion: 1\r\nOriginal-Rcpt-To: {recipient}");
    report_mail("feedback-report", "This is an email abuse report.", &report, message_id, recipient)
}

fn report_mail(sort: &str, words: &str, report: &str, message_id: &str, recipient: &str) -> Vec<u8> {
    format!(
        "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: sales@haiyue.example\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <report.{message_id}>\r\n\
         Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; boundary=\"=b\"; report-type={sort}\r\n\r\n\
         --=b\r\nContent-Type: text/plain\r\n\r\n{words}\r\n\
         --=b\r\nContent-Type: message/{sort}\r\n\r\n{report}\r\n\r\n\
         --=b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: sales@haiyue.example\r\nTo: {recipient}\r\n\
         Subject: News\r\nMessage-ID: <{message_id}>\r\n\r\n--=b--\r\n"
    )
    .into_bytes()
}
