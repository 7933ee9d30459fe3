//! What a reader's browser shows, in English and Chinese, and what its button posts.

/// A page of one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// The button.
    Ask,
    Done,
    /// The link is not whole, or not ours.
    Unknown,
    /// What was posted is no wish to leave.
    Unclear,
    /// Nobody is harmed: he may try again.
    Failed,
}

impl Page {
    fn words(self) -> [&'static str; 2] {
        match self {
            Page::Ask => ["Do you want no more news from us by mail?", "您不想再收到我们的群发邮件吗？"],
            Page::Done => [
                "You will get no more news from us by mail. Nothing else needs to be done.",
                "您已成功退订，不会再收到我们的群发邮件，无需其他操作。",
            ],
            Page::Unknown => [
                "This link is not complete. Please open it again from the mail, or answer the mail with the word unsubscribe.",
                "链接不完整。请从邮件中重新打开，或直接回复该邮件并注明“退订”。",
            ],
            Page::Unclear => ["Please use the button on the page of your link.", "请使用链接页面上的按钮退订。"],
            Page::Failed => [
                "That did not work just now. Please try again in some minutes, or answer the mail with the word unsubscribe.",
                "暂时无法处理，请几分钟后再试，或直接回复该邮件并注明“退订”。",
            ],
        }
    }

    pub fn html(self) -> String {
        let [english, chinese] = self.words();
        let button = match self {
            Page::Ask => {
                "<form method=\"post\"><input type=\"hidden\" name=\"List-Unsubscribe\" value=\"One-Click\">\
                 <button type=\"submit\">Unsubscribe · 退订</button></form>"
            }
            _ => "",
        };
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Newsletter · 群发邮件</title>\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>body{{font:17px/1.6 sans-serif;\
             max-width:34em;margin:12vh auto;padding:0 1.2em}}button{{font:inherit;padding:.5em 1.4em;margin-top:1em}}\
             </style></head><body><p>{english}</p><p lang=\"zh\">{chinese}</p>{button}</body></html>"
        )
    }
}

/// Whether a body says `List-Unsubscribe=One-Click` (RFC 8058 section 3.2), as a form or in parts.
pub(super) fn wants_to_leave(content_type: &str, body: &str) -> bool {
    if content_type.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        let parts = || body.split("\r\n--");
        return parts().any(|part| {
            let (head, value) = part.split_once("\r\n\r\n").unwrap_or((part, ""));
            is_named_so(head) && value.trim() == "One-Click"
        });
    }
    body.split('&').any(|pair| pair.trim() == "List-Unsubscribe=One-Click")
}

/// Whether a part's head names it `List-Unsubscribe`, in quotes or without.
fn is_named_so(head: &str) -> bool {
    let mut words = head.split([';', '\r', '\n']).map(|word| word.trim().replace('"', ""));
    words.any(|word| word == "name=List-Unsubscribe")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_to_leave_is_read_from_both_kinds_of_forms() {
        let form = "application/x-www-form-urlencoded";
        assert!(wants_to_leave(form, "List-Unsubscribe=One-Click"));
        assert!(wants_to_leave("", "a=b&List-Unsubscribe=One-Click\r\n"));
        assert!(!wants_to_leave(form, "") && !wants_to_leave(form, "List-Unsubscribe=Later"));
        let parts = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
        assert!(wants_to_leave("multipart/form-data; boundary=x", parts));
        assert!(wants_to_leave(
            "multipart/form-data; boundary=x",
            &parts.replace("\"List-Unsubscribe\"", "List-Unsubscribe")
        ));
        assert!(!wants_to_leave(
            "multipart/form-data; boundary=x",
            &parts.replace("List-Unsubscribe", "List-Unsubscribed")
        ));
        assert!(!wants_to_leave("multipart/form-data; boundary=x", &parts.replace("One-Click", "No")));
    }

    #[test]
    fn the_button_posts_what_mail_programs_post_and_no_other_page_has_one() {
        assert!(Page::Ask.html().contains("<form method=\"post\">"));
        assert!(Page::Ask.html().contains("name=\"List-Unsubscribe\" value=\"One-Click\""));
        for page in [Page::Done, Page::Unknown, Page::Unclear, Page::Failed] {
            assert!(!page.html().contains("<form"), "{page:?}");
        }
    }
}
