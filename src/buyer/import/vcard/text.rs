//! Values of vCards: structured ones and their escapes.

/// `Family;Given;Middle;Prefix;Suffix`: the given name first, but not where Chinese, Japanese or Korean write it.
pub(super) fn name_in_order(value: &str) -> String {
    let parts = components(value);
    let part = |at: usize| parts.get(at).map_or("", String::as_str).trim();
    let (family, given, middle) = (part(0), part(1), part(2));
    let is_east_asian = family.chars().next().is_some_and(|c| ('\u{3040}'..='\u{d7a3}').contains(&c));
    if is_east_asian {
        return format!("{family}{middle}{given}");
    }
    [given, middle, family].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Parts between semicolons that no backslash guards, without their escapes.
pub(super) fn components(value: &str) -> Vec<String> {
    let (mut parts, mut part, mut guarded) = (Vec::new(), String::new(), false);
    for c in value.chars() {
        match c {
            _ if guarded => {
                push_unescaped(&mut part, c);
                guarded = false;
            }
            '\\' => guarded = true,
            ';' => parts.push(std::mem::take(&mut part).trim().to_owned()),
            c => part.push(c),
        }
    }
    parts.push(part.trim().to_owned());
    parts
}

pub(super) fn unescaped(value: &str) -> String {
    let (mut text, mut guarded) = (String::with_capacity(value.len()), false);
    for c in value.chars() {
        if guarded {
            push_unescaped(&mut text, c);
            guarded = false;
        } else if c == '\\' {
            guarded = true;
        } else {
            text.push(c);
        }
    }
    text
}

fn push_unescaped(text: &mut String, c: char) {
    match c {
        'n' | 'N' => text.push('\n'),
        ',' | ';' | ':' | '\\' => text.push(c),
        c => text.extend(['\\', c]),
    }
}
