//! Which kind of file it is.

use super::table::Table;
use super::{csv, sheet, vcard};

/// Reads a table from the bytes of a CSV, spreadsheet (xlsx, xls, xlsb, ods) or vCard file, known by its content.
///
/// # Errors
/// The file is none of these, has nothing in it, or has no sheet of that name.
pub fn read_table(bytes: &[u8], sheet: Option<&str>) -> Result<Table, String> {
    let found = if sheet::is_spreadsheet(bytes) {
        sheet::read(bytes, sheet)?
    } else if vcard::is_vcard(bytes) {
        return vcard::read(bytes);
    } else {
        csv::read(bytes)?
    };
    if found.rows.is_empty() {
        return Err("there is nothing in it".to_owned());
    }
    Ok(found)
}
