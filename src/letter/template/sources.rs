//! Which mails there are, and the files of their templates.

use std::collections::BTreeMap;

/// A mail of ours, with a folder of templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::letter) enum Mail {
    Digest,
    Tasks,
    Answer,
    Newsletter,
}

impl Mail {
    pub(super) const ALL: [Mail; 4] = [Mail::Digest, Mail::Tasks, Mail::Answer, Mail::Newsletter];

    pub(super) fn folder(self) -> &'static str {
        match self {
            Mail::Digest => "digest",
            Mail::Tasks => "tasks",
            Mail::Answer => "answer",
            Mail::Newsletter => "newsletter",
        }
    }
}

/// A folder's three files.
macro_rules! mail {
    ($folder:literal) => {
        [
            (concat!($folder, "/subject.txt"), include_str!(concat!("../templates/", $folder, "/subject.txt"))),
            (concat!($folder, "/text.txt"), include_str!(concat!("../templates/", $folder, "/text.txt"))),
            (concat!($folder, "/mail.mjml"), include_str!(concat!("../templates/", $folder, "/mail.mjml"))),
        ]
    };
}

/// What several mails share.
const SHARED: [(&str, &str); 4] = [
    ("shared/head.mjml", include_str!("../templates/shared/head.mjml")),
    ("shared/header.mjml", include_str!("../templates/shared/header.mjml")),
    ("shared/footer.mjml", include_str!("../templates/shared/footer.mjml")),
    ("shared/macros.html", include_str!("../templates/shared/macros.html")),
];
const MAILS: [[(&str, &str); 3]; 4] = [mail!("digest"), mail!("tasks"), mail!("answer"), mail!("newsletter")];

/// The text of each file, by name.
#[derive(Clone)]
pub(super) struct Sources(BTreeMap<String, String>);

impl Sources {
    pub(super) fn shipped() -> Sources {
        let files = SHARED.iter().chain(MAILS.iter().flatten());
        Sources(files.map(|(name, source)| ((*name).to_owned(), (*source).to_owned())).collect())
    }

    /// Lays another text over a file; false: there is no such file.
    pub(super) fn lay(&mut self, name: &str, source: &str) -> bool {
        self.0.get_mut(name).is_some_and(|shipped| {
            source.clone_into(shipped);
            true
        })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, source)| (name.as_str(), source.as_str()))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}
