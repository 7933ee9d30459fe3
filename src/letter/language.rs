//! The languages of inquiryd's own mails.

/// Languages that inquiryd's own mails speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    SimplifiedChinese,
    English,
}
