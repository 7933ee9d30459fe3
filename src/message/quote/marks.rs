//! The marks that mail programs of many languages put in front of history, and people under their words.

mod answers;
mod attributions;
mod endings;
mod labels;
mod notices;
mod separators;

pub(super) use answers::{is_inline_answer, is_reply_line, points_into_history};
pub(in crate::message) use attributions::attribution;
pub(super) use attributions::is_enclosed_attribution;
pub(super) use endings::{is_closing, is_mobile_footer, is_postscript, may_end_the_words};
pub(in crate::message) use labels::{Label, header_label};
pub(super) use notices::{banner, is_advert, is_disclaimer};
pub(super) use separators::{is_rule, is_separator, starts_history};
