//! MJML becomes HTML, with minijinja's placeholders and statements carried along untouched.

use super::TemplateProblem;
use super::sources::Sources;
use mrml::prelude::parser::memory_loader::MemoryIncludeLoader;
use mrml::prelude::parser::{Error, Origin, ParserOptions, Span};
use mrml::prelude::render::RenderOptions;
use std::collections::HashMap;

/// The HTML of a mail: still a minijinja template.
pub(super) fn to_html(name: &str, sources: &Sources) -> Result<String, TemplateProblem> {
    let mut hidden = Hidden::default();
    let source = hidden.hide(sources.get(name).unwrap_or_default());
    let included: HashMap<String, String> = sources
        .iter()
        .filter(|(name, _)| name.ends_with(".mjml") && !name.ends_with("/mail.mjml"))
        .map(|(name, source)| (name.to_owned(), hidden.hide(source)))
        .collect();
    for (name, source) in included.iter().map(|(name, source)| (name.as_str(), source)).chain([(name, &source)]) {
        balanced(source).map_err(|(line, what)| TemplateProblem::new(name, line, what))?;
    }
    let options = ParserOptions { include_loader: Box::new(MemoryIncludeLoader::from(included.clone())) };
    let parsed = mrml::parse_with_options(&source, &options).map_err(|error| {
        let (origin, place, what) = told(&error);
        let (name, source) = match origin {
            Some(Origin::Include { path }) => (path.as_str(), included.get(path).map_or("", String::as_str)),
            Some(Origin::Root) | None => (name, source.as_str()),
        };
        TemplateProblem::new(name, place.map(|place| place.line(source)), what)
    })?;
    let options = RenderOptions { disable_comments: true, social_icon_origin: None, fonts: HashMap::default() };
    let html = parsed.element.render(&options).map_err(|error| TemplateProblem::new(name, None, error.to_string()))?;
    Ok(hidden.show(&lean(&html)))
}

/// Without the indentation that the templates have for their readers.
fn lean(html: &str) -> String {
    let lines = html.lines().map(str::trim_start).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Placeholders and statements that were taken out of a source: they may hold what is no markup (`{% if a < b %}`).
#[derive(Default)]
struct Hidden(Vec<String>);

/// Stands for what was taken out; the number and an `_` follow.
const STAND_IN: &str = "_minijinja_";

impl Hidden {
    /// The source with a word in place of each placeholder; lines stay where they are.
    fn hide(&mut self, source: &str) -> String {
        let mut out = String::with_capacity(source.len());
        let mut rest = source;
        while let Some((before, inside, after)) = next(rest) {
            out.push_str(before);
            out.push_str(&format!("{STAND_IN}{}_", self.0.len()));
            out.extend(inside.matches('\n'));
            self.0.push(inside.to_owned());
            rest = after;
        }
        out + rest
    }

    /// Puts everything back.
    fn show(&self, html: &str) -> String {
        let mut parts = html.split(STAND_IN);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (number, after) = part.split_once('_').unwrap_or_default();
            out.push_str(number.parse().ok().and_then(|number: usize| self.0.get(number)).map_or("", String::as_str));
            out.push_str(after);
        }
        out
    }
}

/// The first placeholder, statement or comment, and what stands around it.
fn next(source: &str) -> Option<(&str, &str, &str)> {
    let closings = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];
    let found = closings.iter().filter_map(|(opening, closing)| Some((source.find(opening)?, *closing)));
    let (start, closing) = found.min()?;
    let end = start + source[start..].find(closing)? + closing.len();
    Some((&source[..start], &source[start..end], &source[end..]))
}

/// Where an error is.
enum Position {
    Offset(usize),
    Line(usize),
}

impl Position {
    fn line(&self, source: &str) -> usize {
        match self {
            Position::Line(line) => *line,
            Position::Offset(at) => 1 + source.bytes().take(*at).filter(|byte| *byte == b'\n').count(),
        }
    }
}

fn told(error: &Error) -> (Option<&Origin>, Option<Position>, String) {
    let at = |origin, span: &Span, what: &str| (Some(origin), Some(Position::Offset(span.start)), what.to_owned());
    match error {
        Error::UnexpectedElement { origin, position } => at(origin, position, "MJML knows no such element here"),
        Error::UnexpectedToken { origin, position } => at(origin, position, "MJML wants nothing like this here"),
        Error::MissingAttribute { name, origin, position } => {
            at(origin, position, &format!("the attribute {name} is missing"))
        }
        Error::InvalidAttribute { origin, position } => at(origin, position, "MJML can't read this attribute"),
        Error::InvalidFormat { origin, position } => at(origin, position, "MJML can't read this"),
        Error::IncludeLoaderError { origin, position, source } => {
            at(origin, position, &format!("nothing to include under this name: {}", source.path))
        }
        Error::ParserError { origin, source } => {
            let told = source.to_string();
            let what = format!("MJML can't read this: {}", told.split_once(" at ").map_or(&*told, |(what, _)| what));
            (Some(origin), Some(Position::Line(source.pos().row as usize)), what)
        }
        Error::EndOfStream { origin } => (Some(origin), None, "an element is not closed".to_owned()),
        Error::SizeLimit { origin } => (Some(origin), None, "it is too long".to_owned()),
        Error::NoRootNode => (None, None, "it must begin with <mjml>".to_owned()),
    }
}

/// Elements that are never closed (HTML, "void elements").
const VOID: [&str; 8] = ["br", "hr", "img", "meta", "link", "input", "col", "wbr"];

/// Whether every element is closed by its own name; mrml takes any name.
fn balanced(source: &str) -> Result<(), (Option<usize>, String)> {
    let mut open: Vec<(&str, usize)> = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(start) = rest.find('<') {
        line += rest[..start].matches('\n').count();
        rest = &rest[start..];
        if rest.starts_with("<!--") {
            let end = rest.find("-->").ok_or((Some(line), "the comment is not closed".to_owned()))?;
            line += rest[..end].matches('\n').count();
            rest = &rest[end..];
            continue;
        }
        let end = rest.find('>').ok_or((Some(line), "the tag is not closed".to_owned()))?;
        let tag = &rest[1..end];
        let name =
            tag.trim_start_matches('/').split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        if tag.starts_with('/') {
            match open.pop() {
                Some((opened, _)) if opened == name => {}
                Some((opened, at)) => {
                    return Err((Some(line), format!("</{name}> closes <{opened}> of line {at}")));
                }
                None => return Err((Some(line), format!("</{name}> closes nothing"))),
            }
        } else if !tag.ends_with('/') && !tag.starts_with(['!', '?']) && !VOID.contains(&name) {
            open.push((name, line));
        }
        line += tag.matches('\n').count();
        rest = &rest[end..];
    }
    open.pop().map_or(Ok(()), |(name, at)| Err((Some(at), format!("<{name}> is not closed"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_come_back_as_they_were_and_lines_stay() {
        let source = "a {{ b|default(\"<\") }} {% if c < d %}\ne{# no\nmatter #}f {{ open";
        let mut hidden = Hidden::default();
        let hid = hidden.hide(source);
        assert!(!hid.contains('<') && hid.lines().count() == source.lines().count(), "{hid}");
        assert_eq!(hidden.show("_minijinja_1_ and _minijinja_0_"), "{% if c < d %} and {{ b|default(\"<\") }}");
        assert_eq!(hidden.show(&Hidden::default().hide("no placeholder")), "no placeholder");
    }

    #[test]
    fn an_element_is_closed_by_its_own_name() {
        assert_eq!(balanced("<a>\n<br><b x=\"1\"/><i>x</i></a><!-- <u> -->"), Ok(()));
        assert_eq!(balanced("<a>\n<b></a>"), Err((Some(2), "</a> closes <b> of line 2".to_owned())));
        assert_eq!(balanced("<a>\n</a>\n</b>"), Err((Some(3), "</b> closes nothing".to_owned())));
        assert_eq!(balanced("\n<a>"), Err((Some(2), "<a> is not closed".to_owned())));
    }
}
