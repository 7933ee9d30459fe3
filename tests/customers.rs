//! Files of customers as the trade keeps them, and bytes that are none.

use inquiryd::buyer::import::{
    Circumstances, Decided, Field, Mapping, Order, Told, Why, buyers, read_customers, read_table,
};
use inquiryd::buyer::{Import, ImportedBuyer};
use jiff::tz::TimeZone;
use proptest::prelude::*;

const NOW: i64 = 1_795_408_200;
const DAY: i64 = 24 * 3600;

fn read(file: &str) -> Import {
    read_customers(file.as_bytes(), NOW).expect("a table")
}

fn mapping(file: &str, told: &Told) -> Result<Mapping, String> {
    Mapping::guess(&read_table(file.as_bytes(), None).expect("a table"), told, 2026)
}

fn fields(file: &str) -> Vec<Option<Field>> {
    mapping(file, &Told::default()).expect("a mapping").columns.iter().map(|mapped| mapped.field).collect()
}

#[test]
fn business_cards_of_a_fair_become_buyers() {
    let file = "第138届广交会名片,,,,,,\n\n序号,公司名称,姓名,职位,手机,邮箱,国家/地区,意向产品,备注\n\
                1,Kestrel Garden Ltd,Ann Lee,Buyer,07700 900218,ann@kestrel.example,英国,折叠椅,要最低价\n\
                2,Leuchten Brunner KG,Heike Brunner,,+43 1 555 0109,h.brunner@brunner.example,Austria,,\n\
                3,Nadie SA,José,,,\"jose@nadie,example\",西班牙,,\n";
    let table = read_table(file.as_bytes(), None).expect("a table");
    let zone = TimeZone::get("Asia/Shanghai").expect("a zone");
    let circumstances = Circumstances { now: NOW, zone: &zone, source: Some("Canton Fair 138") };
    let mapping = Mapping::guess(&table, &Told::default(), 2026).expect("a mapping");
    let import = buyers(&table, &mapping, &circumstances);
    let expected = ImportedBuyer {
        line: 4,
        name: Some("Ann Lee".into()),
        company: Some("Kestrel Garden Ltd".into()),
        emails: vec!["ann@kestrel.example".into()],
        country: Some("GB".into()),
        phone: Some("+447700900218".into()),
        source: Some("Canton Fair 138".into()),
        notes: vec!["职位: Buyer".into(), "products: 折叠椅".into(), "要最低价".into()],
        ..ImportedBuyer::default()
    };
    assert_eq!(import.buyers[0], expected);
    assert_eq!((import.buyers.len(), import.buyers[1].country.as_deref()), (2, Some("AT")));
    let problems: Vec<String> = import.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].starts_with("line 6: ") && problems[1].contains("left out"), "{problems:?}");
}

#[test]
fn an_access_table_as_mdb_export_writes_it_is_read() {
    let file = "客户编号,客户名,联系人,Tel,Fax,E-mail,建档日期,备注,备注2\n\
                1,\"Kestrel Garden Ltd\",\"Ann \"\"Annie\"\" Lee\",8.6139123E+12,\"+44 20 7946 0958\",\"ann@kestrel.example#mailto:ann@kestrel.example#\",\"10/27/09 00:00:00\",\"first line\nsecond line\",\"x\"\n\
                7,\"Heron SA\",,,,\"bob@heron.example\",\"03/04/10 00:00:00\",,\n";
    let import = read(file);
    let ann = &import.buyers[0];
    assert_eq!(ann.name.as_deref(), Some("Ann \"Annie\" Lee"));
    assert_eq!(ann.emails, ["ann@kestrel.example"]);
    assert_eq!(ann.first_contact, Some(1_256_601_600), "2009-10-27");
    assert_eq!(import.buyers[1].first_contact, Some(1_267_660_800), "2010-03-04, as the line before decides");
    assert_eq!(ann.other_phones, ["+442079460958"]);
    let notes = ["客户编号: 1", "phone: 8.6139123E+12", "fax: +442079460958", "first line\nsecond line", "x"];
    assert_eq!(ann.notes, notes);
    assert_eq!(import.problems.len(), 1, "the rounded number: {:?}", import.problems);
}

#[test]
fn contacts_of_mail_programs_are_read() {
    let outlook = "First Name,Last Name,Company,Business Phone,Mobile Phone,E-mail Address,E-mail 2 Address,Business Country/Region\n\
                   Ann,Lee,Kestrel Ltd,+44 20 7946 0958,+44 7700 900218,ann@kestrel.example,a@kestrel.example,United Kingdom\n";
    let ann = &read(outlook).buyers[0];
    assert_eq!((ann.name.as_deref(), ann.emails.len()), (Some("Ann Lee"), 2));
    assert_eq!(
        (ann.phone.as_deref(), &ann.other_phones[..]),
        (Some("+442079460958"), &["+447700900218".to_owned()][..])
    );
    assert_eq!(ann.country.as_deref(), Some("GB"));
    let chinese = "姓;名;公司;邮箱\n王;芳;远航;wang@yuanhang.example\n";
    assert_eq!(read(chinese).buyers[0].name.as_deref(), Some("王芳"));
}

#[test]
fn columns_without_names_are_known_by_what_stands_in_them() {
    let file = "Kestrel Garden Ltd,Ann Lee,ann@kestrel.example,UK,+44 20 7946 0958,2026-03-04,https://kestrel.example\n\
                Heron GmbH,Bob Hill,bob@heron.example,Germany,+49 40 1234567,2026-03-05,www.heron.example\n\
                Egret Inc,Cid May,cid@egret.example,USA,+1 402 555 0134,2026-03-06,www.egret.example\n";
    use Field::{Company, Country, Email, LastContact, Name, Phone, Website};
    let expected = [Company, Name, Email, Country, Phone, LastContact, Website].map(Some);
    assert_eq!(fields(file), expected);
}

#[test]
fn a_name_that_its_column_belies_is_not_believed() {
    let file = "Contact,Mail,Level,生日\nann@kestrel.example,sea freight,gold,1980-05-06\nbob@heron.example,air,silver,1981-07-08\n";
    assert_eq!(fields(file), [Some(Field::Email), None, None, None]);
    let import = read(file);
    assert_eq!(import.buyers[0].notes, ["Mail: sea freight", "Level: gold", "生日: 1980-05-06"], "nothing is lost");
}

#[test]
fn a_person_has_the_last_word_about_columns() {
    let file = "甲,乙,丙\nKestrel,ann@kestrel.example,红\n";
    let told = Told { columns: vec![("甲".into(), Field::Company), ("丙".into(), Field::Ignore)], dates: None };
    let columns = mapping(file, &told).expect("a mapping").columns;
    let found: Vec<_> = columns.iter().map(|mapped| (mapped.field, mapped.why.clone())).collect();
    assert_eq!(found[0], (Some(Field::Company), Why::Told));
    assert_eq!(found[2], (Some(Field::Ignore), Why::Told));
    let wrong = Told { columns: vec![("丁".into(), Field::Company)], dates: None };
    assert_eq!(mapping(file, &wrong).unwrap_err(), "no column is named `丁`; there are 甲, 乙, 丙");
    let nobody = mapping("颜色,数量\n红,5\n", &Told::default()).unwrap_err();
    assert!(nobody.starts_with("no column holds mail addresses"), "{nobody}");
}

#[test]
fn a_date_that_can_be_read_in_two_ways_is_said() {
    let file = "email,last contact\na@a.example,03/04/2026\nb@b.example,05/06/2026\n";
    let order = mapping(file, &Told::default()).expect("a mapping").columns[1].order.clone();
    assert_eq!(order, Some((Order::DayFirst, Decided::Undecided("03/04/2026".into()))));
    let decided = file.replace("05/06", "05/26");
    let order = mapping(&decided, &Told::default()).expect("a mapping").columns[1].order.clone();
    assert_eq!(order, Some((Order::MonthFirst, Decided::By("05/26/2026".into()))));
    let ahead = read("email,last contact\na@a.example,2031-01-01\n");
    assert_eq!((ahead.buyers[0].last_contact, ahead.problems.len()), (None, 1), "nobody was met in the future");
    let today = read("email,last contact\na@a.example,2026-11-23\n");
    assert!(today.buyers[0].last_contact.is_some_and(|at| (NOW - DAY..NOW).contains(&at)));
}

/// Beginnings that lead to each reader.
const BEGINNINGS: [&[u8]; 6] = [
    b"",
    b"BEGIN:VCARD\r\nN;ENCODING=QUOTED-PRINTABLE;CHARSET=GBK:=",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\xff\xfe",
    b"name,email,phone,date\n",
];

fn sheet() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in ["email", "phone", "a@a.example"].into_iter().enumerate() {
        sheet.write_string(0, column as u16, text).expect("a cell");
        sheet.write_string(1, column as u16, text).expect("a cell");
    }
    book.save_to_buffer().expect("a workbook")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic(start in 0..BEGINNINGS.len(), bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let file = [BEGINNINGS[start], &bytes].concat();
        drop(read_customers(&file, NOW));
    }

    #[test]
    fn a_damaged_spreadsheet_is_read_or_refused(at in 0..10_000usize, byte in any::<u8>(), end in 0..10_000usize) {
        let mut file = sheet();
        let length = file.len();
        file[at % length] = byte;
        file.truncate(if end % 3 == 0 { end % length } else { length });
        drop(read_customers(&file, NOW));
    }

    #[test]
    fn cells_of_telling_signs_never_panic(cells in proptest::collection::vec(proptest::sample::select(vec![
        "@", "a@b.example", "<", ">", "+", "49", "(0)", "E+12", "转", "#", "/", ";", ",", "\"", "\n", "27", "10", ".", "é", "公司", ":", "T", "年",
        "A类", "BEGIN:VCARD\n", "TEL;FAX:", "=\n", "=E4", "\\", "\t", "|", "'", "99999999999", "00:00",
    ]), 0..60)) {
        let text = cells.concat();
        drop(read_customers(text.as_bytes(), NOW));
        drop(read_customers(format!("name,email,phone,date,country\n{text}").as_bytes(), NOW));
    }

    #[test]
    fn what_a_csv_file_holds_is_read_as_it_is(rows in proptest::collection::vec(proptest::collection::vec("[ -~é公\n]{0,12}", 2), 1..10)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["email", "notes"]).expect("a row");
        for row in &rows {
            let guarded: Vec<String> = row.iter().map(|cell| inquiryd::buyer::guarded(cell.trim())).collect();
            writer.write_record([format!("x{}", guarded[0]), guarded[1].clone()]).expect("a row");
        }
        let table = read_table(&writer.into_inner().expect("bytes"), None).expect("a table");
        for (row, read) in rows.iter().zip(&table.rows) {
            prop_assert_eq!(read.cells.get(1).map_or("", String::as_str), row[1].trim());
        }
    }
}
