//! The customer base from a CSV file.

use serde::Serialize;

/// A row that can become a buyer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportedBuyer {
    /// The line in the file, counted from 1.
    pub line: u64,
    pub name: Option<String>,
    /// Lower case; the first is the one we write to.
    pub emails: Vec<String>,
    pub company: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    pub phone: Option<String>,
    pub grade: Option<String>,
    pub source: Option<String>,
    pub notes: Option<String>,
    /// `2026-10-27`, as the file says.
    pub last_contact: Option<String>,
}

/// What a file says, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Import {
    pub buyers: Vec<ImportedBuyer>,
    /// `line 7: …`: rows that were left out, and why.
    pub problems: Vec<String>,
}

/// Reads CSV with a header line. Columns are known by their names, in any order:
/// `company, name, email, other_emails, country, phone, grade, source, notes, last_contact`; others are ignored.
///
/// # Errors
/// No column is named `email`.
pub fn read_csv(bytes: &[u8]) -> Result<Import, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        // What a Chinese Excel writes.
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(bytes).0,
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| format!("the header line can't be read: {error}"))?.clone();
    let column = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
    let Some(email) = column("email") else {
        let found = headers.iter().collect::<Vec<_>>().join(", ");
        return Err(format!("no column is named `email`; the header line says: {found}"));
    };
    let mut import = Import::default();
    for record in reader.records() {
        match record {
            Ok(record) => read_row(&record, email, &column, &mut import),
            Err(error) => import.problems.push(format!("a row can't be read: {error}")),
        }
    }
    Ok(import)
}

fn read_row(record: &csv::StringRecord, email: usize, column: &impl Fn(&str) -> Option<usize>, import: &mut Import) {
    let line = record.position().map_or(0, csv::Position::line);
    let cell =
        |name: &str| column(name).and_then(|at| record.get(at)).filter(|value| !value.is_empty()).map(str::to_owned);
    let others = cell("other_emails").unwrap_or_default();
    let written = record.get(email).into_iter().chain(others.split([';', ',', ' ']));
    let mut emails: Vec<String> = Vec::new();
    for address in written.map(|address| address.trim().to_lowercase()).filter(|address| !address.is_empty()) {
        if !is_address(&address) {
            import.problems.push(format!("line {line}: `{address}` is no mail address"));
        } else if !emails.contains(&address) {
            emails.push(address);
        }
    }
    if emails.is_empty() {
        import.problems.push(format!("line {line}: left out: it has no mail address"));
        return;
    }
    let country = cell("country").map(|code| code.to_uppercase());
    let country = country.filter(|code| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()));
    import.buyers.push(ImportedBuyer {
        line,
        emails,
        country,
        name: cell("name"),
        company: cell("company"),
        phone: cell("phone"),
        grade: cell("grade").map(|grade| grade.to_uppercase()).filter(|g| matches!(g.as_str(), "A" | "B" | "C" | "D")),
        source: cell("source"),
        notes: cell("notes"),
        last_contact: cell("last_contact"),
    });
}

/// Whether a text can be a mail address.
pub fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        let one_word = !text.contains(|c: char| c.is_whitespace() || c.is_control());
        !local.is_empty() && domain.contains('.') && !domain.contains('@') && one_word
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let csv = "Email,Company,other_emails\nJ@Kestrel.Example,Kestrel Ltd,acc@kestrel.example; J@kestrel.example\n";
        let import = read_csv(csv.as_bytes()).unwrap();
        assert_eq!(import.buyers[0].emails, ["j@kestrel.example", "acc@kestrel.example"]);
        assert_eq!(import.buyers[0].company.as_deref(), Some("Kestrel Ltd"));
        assert!(import.problems.is_empty());
    }

    #[test]
    fn a_row_without_a_usable_address_is_named_with_its_line() {
        let import = read_csv(b"email,name\nnobody,Joan\nj@k.example,J\n").unwrap();
        assert_eq!(import.buyers.len(), 1);
        assert_eq!(
            import.problems,
            ["line 2: `nobody` is no mail address", "line 2: left out: it has no mail address"]
        );
    }

    #[test]
    fn a_file_from_a_chinese_excel_is_read() {
        let (bytes, _, _) = encoding_rs::GB18030.encode("email,company\nli@sh.example,上海进口公司\n");
        assert_eq!(read_csv(&bytes).unwrap().buyers[0].company.as_deref(), Some("上海进口公司"));
    }

    #[test]
    fn a_file_without_an_address_column_says_what_it_found() {
        let error = read_csv("公司,电话\n".as_bytes()).unwrap_err();
        assert_eq!(error, "no column is named `email`; the header line says: 公司, 电话");
    }
}
