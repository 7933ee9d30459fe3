//! Sentences that name a buyer: "Inquiry from {name} ({country})".

use regex::Regex;

/// A sentence with gaps for what it names.
#[derive(Clone, Debug)]
pub(in crate::message) struct Sentence(Regex);

/// What may stand in the gaps.
pub(in crate::message) const GAPS: [(&str, &str); 7] = [
    (
        "{name}",
        r"(?P<name>(?:(?:Mr|Ms|Mrs|Miss|Dr|Mme|Herr|Frau|Sr|Sra)\b\.? ?)?[\p{Lu}\p{Lo}][\p{L}\p{M}.'’-]*(?: [\p{L}\p{M}.'’-]+){0,4}?)",
    ),
    ("{company}", r"(?P<company>[^\n/|()]{2,80}?)"),
    ("{country}", r"(?P<country>[^\n/|()]{2,40}?)"),
    ("{phone}", r"(?P<phone>\+?[0-9][0-9 ().-]{5,24}[0-9])"),
    ("{email}", r"(?P<email>[^\s<>()]+@[^\s<>()]+)"),
    ("{product}", r"(?P<product>[^\n]{2,100}?)"),
    ("{any}", r"[^\n]{0,60}?"),
];

/// What a sentence named.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::message) struct Named {
    pub name: Option<String>,
    pub company: Option<String>,
    pub country: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub product: Option<String>,
}

impl Sentence {
    /// A sentence as a person writes it; None where it has no gap that names anybody, or two of one sort.
    pub fn parse(written: &str) -> Option<Self> {
        let names_somebody = GAPS.iter().any(|(gap, _)| *gap != "{any}" && written.contains(gap));
        let twice = GAPS.iter().any(|(gap, _)| *gap != "{any}" && written.matches(gap).count() > 1);
        if !names_somebody || twice || written.len() > 200 {
            return None;
        }
        let ends_the_line = written.ends_with('$');
        let mut pattern = regex::escape(written.trim_end_matches('$')).replace(r"\ ", " ");
        for (gap, form) in GAPS {
            let form = if gap == "{name}" || gap == "{any}" { form.to_owned() } else { format!("(?i:{form})") };
            pattern = pattern.replace(&regex::escape(gap), &format!("(?-i:{form})"));
        }
        // A gap at the end reaches to a sign that ends it.
        let end =
            if ends_the_line || written.ends_with('}') { r"(?:\s*$|[,:;(|\[–—]| - | about | for )" } else { "" };
        Regex::new(&format!("(?im){pattern}{end}")).ok().map(Sentence)
    }

    /// What the sentence names in a text, if it stands there.
    pub fn find(&self, text: &str) -> Option<Named> {
        let captures = self.0.captures(text)?;
        let gap =
            |name| captures.name(name).map(|found| found.as_str().trim().to_owned()).filter(|found| !found.is_empty());
        Some(Named {
            name: gap("name"),
            company: gap("company"),
            country: gap("country"),
            phone: gap("phone"),
            email: gap("email"),
            product: gap("product"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(sentence: &str, text: &str) -> Named {
        Sentence::parse(sentence).expect("a sentence").find(text).unwrap_or_default()
    }

    #[test]
    fn a_sentence_names_the_buyer_where_it_has_gaps() {
        let found =
            named("inquiry from {name} ({country})", "[Portal] Inquiry from Mr. Yacine Toumi (Tunisia): chairs");
        assert_eq!((found.name.as_deref(), found.country.as_deref()), (Some("Mr. Yacine Toumi"), Some("Tunisia")));
        assert_eq!(named("[{name}]", "[Grant Sorensen] sent you an inquiry").name.as_deref(), Some("Grant Sorensen"));
        assert_eq!(
            named("enquiry for {product} from {name}", "Enquiry for Garden Swing from Rajesh Kulkarni").name.as_deref(),
            Some("Rajesh Kulkarni")
        );
        assert_eq!(
            named("采购商：{name}（{country}）", "采购商：Mr. Hassan Ali（埃及）").country.as_deref(),
            Some("埃及")
        );
        assert_eq!(
            named("fax from {phone}", "New fax from +49 40 5550 182, 2 pages").phone.as_deref(),
            Some("+49 40 5550 182")
        );
    }

    #[test]
    fn a_sentence_that_names_nobody_is_refused() {
        for written in ["you have mail", "{any}", "{name} and {name}"] {
            assert!(Sentence::parse(written).is_none(), "{written}");
        }
    }
}
