//! The templates: HTML ones escape every value, text ones none.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;
use std::sync::LazyLock;

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    templates.set_syntax(syntax.expect("the usual delimiters"));
    for (name, source) in [
        ("layout.html", include_str!("templates/layout.html")),
        ("digest.html", include_str!("templates/digest/digest.html")),
        ("digest.txt", include_str!("templates/digest/digest.txt")),
        ("tasks.html", include_str!("templates/tasks/tasks.html")),
        ("tasks.txt", include_str!("templates/tasks/tasks.txt")),
        ("answer.html", include_str!("templates/answer/answer.html")),
        ("answer.txt", include_str!("templates/answer/answer.txt")),
        ("newsletter.html", include_str!("templates/newsletter/newsletter.html")),
        ("newsletter.txt", include_str!("templates/newsletter/newsletter.txt")),
    ] {
        templates.add_template(name, source).expect("templates are part of the program and tested with it");
    }
    templates
});

/// Fills the template of this name; `.html` ones escape.
pub(super) fn render(name: &str, content: &impl Serialize) -> String {
    let template = TEMPLATES.get_template(name).expect("templates are part of the program and tested with it");
    let mut text = template.render(Serde(content)).expect("a template uses only what its content has, in every branch");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Gmail hides what comes after 102 kB of HTML.
const HTML_BYTES: usize = 96_000;

/// The fullest view whose HTML Gmail shows whole, or else the last one, as text and HTML.
pub(super) fn fitting<S: Copy, V: Serialize>(name: &str, sizes: &[S], view: impl Fn(S) -> V) -> (String, String) {
    let (last, fuller) = sizes.split_last().expect("a letter has a size");
    let html = |view: &V| render(&format!("{name}.html"), view);
    let fits =
        |size: &S| Some(view(*size)).map(|view| (html(&view), view)).filter(|(html, _)| html.len() <= HTML_BYTES);
    let (html, view) = fuller.iter().find_map(fits).unwrap_or_else(|| {
        let view = view(*last);
        (html(&view), view)
    });
    (render(&format!("{name}.txt"), &view), html)
}
