//! Which mails there are, and the files of their templates.

use std::collections::BTreeMap;

/// A mail of ours, with a folder of templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::letter) enum Mail {
    Digest,
    Tasks,
    Answer,
    Newsletter,
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    Yearly,
}

impl Mail {
    pub(super) const ALL: [Mail; 9] = [
        Mail::Digest,
        Mail::Tasks,
        Mail::Answer,
        Mail::Newsletter,
        Mail::Daily,
        Mail::Weekly,
        Mail::Monthly,
        Mail::Quarterly,
        Mail::Yearly,
    ];

    pub(super) fn is_report(self) -> bool {
        matches!(self, Mail::Daily | Mail::Weekly | Mail::Monthly | Mail::Quarterly | Mail::Yearly)
    }

    pub(super) fn folder(self) -> &'static str {
        match self {
            Mail::Digest => "digest",
            Mail::Tasks => "tasks",
            Mail::Answer => "answer",
            Mail::Newsletter => "newsletter",
            Mail::Daily => "daily",
            Mail::Weekly => "weekly",
            Mail::Monthly => "monthly",
            Mail::Quarterly => "quarterly",
            Mail::Yearly => "yearly",
        }
    }
}

/// Where the reports keep what they share.
pub(super) const REPORT: &str = "report/";

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
const SHARED: [(&str, &str); 6] = [
    ("shared/head.mjml", include_str!("../templates/shared/head.mjml")),
    ("shared/header.mjml", include_str!("../templates/shared/header.mjml")),
    ("shared/footer.mjml", include_str!("../templates/shared/footer.mjml")),
    ("report/sections.mjml", include_str!("../templates/report/sections.mjml")),
    ("report/text.txt", include_str!("../templates/report/text.txt")),
    ("shared/macros.html", include_str!("../templates/shared/macros.html")),
];
const MAILS: [[(&str, &str); 3]; 9] = [
    mail!("digest"),
    mail!("tasks"),
    mail!("answer"),
    mail!("newsletter"),
    mail!("daily"),
    mail!("weekly"),
    mail!("monthly"),
    mail!("quarterly"),
    mail!("yearly"),
];

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
