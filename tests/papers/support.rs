//! Files for the tests, and a short way to read them.

use std::io::Write;
use std::path::{Path, PathBuf};

use lianneng::domain::fault::Fault;
use lianneng::papers::book::Book;
use lianneng::papers::grid::{Go, Row};

/// A file committed beside the tests, made by another program (`fixtures/make.py`).
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// A folder that lives as long as the test, with a file in it.
pub fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// A zip package of named parts.
pub fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The smallest xlsx around one sheet's XML and the texts its cells share.
pub fn xlsx(sheet: &str, shared: &str) -> Vec<u8> {
    package(&[
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="s" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns:r="r"><sheets><sheet name="台账" sheetId="1" r:id="s"/></sheets></workbook>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", shared),
    ])
}

/// The smallest ods around the XML of its tables.
pub fn ods(tables: &str) -> Vec<u8> {
    let content =
        format!("<o:document-content><o:body><o:spreadsheet>{tables}</o:spreadsheet></o:body></o:document-content>");
    package(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", &content),
    ])
}

/// All rows of the chosen sheet.
pub fn rows(path: &Path, sheet: Option<&str>) -> Result<Vec<Row>, Fault> {
    let mut book = Book::open(path)?;
    let sheet = book.choose(sheet)?;
    let mut found = Vec::new();
    book.rows(sheet, &mut |row| {
        found.push(row);
        Ok(Go::On)
    })?;
    Ok(found)
}

/// What a row shows, column by column.
pub fn texts(row: &Row) -> Vec<(u32, &str)> {
    row.cells
        .iter()
        .map(|(column, cell)| (*column, cell.text.as_str()))
        .collect()
}
