//! Files that mean harm, or are broken: a sentence, bounded time and memory, no panic.

use std::io::Write;

use calamine::{Data, Reader};
use lianneng::papers::book::Book;
use lianneng::papers::grid::{Cell, Kind};
use proptest::prelude::*;

use crate::support::{file, fixture, ods, package, rows, xlsx};

/// Whatever is in the file: rows or a sentence with a hint.
fn survives(name: &str, bytes: &[u8]) {
    let (_folder, path) = file(name, bytes);
    match Book::open(&path) {
        Ok(mut book) => {
            for sheet in 0..book.sheets().len() {
                let _ = book.merges(sheet);
                if let Err(fault) = book.rows(sheet, &mut |_| Ok(lianneng::papers::grid::Go::On)) {
                    assert!(!fault.hint.is_empty(), "{fault}");
                }
            }
            let _ = book.choose(None);
        }
        Err(fault) => assert!(!fault.reason.is_empty() && !fault.hint.is_empty(), "{fault}"),
    }
}

fn sentence(name: &str, bytes: &[u8]) -> String {
    let (_folder, path) = file(name, bytes);
    rows(&path, None).unwrap_err().to_string()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if std::env::var_os("LIANNENG_FULL").is_some() { 20_000 } else { 64 }))]

    #[test]
    fn any_bytes_under_any_name(bytes in prop::collection::vec(any::<u8>(), 0..4096), ending in "xlsx|xls|ods|csv|txt") {
        survives(&format!("a.{ending}"), &bytes);
    }

    #[test]
    fn a_real_old_workbook_with_bytes_changed(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40)) {
        let mut bytes = std::fs::read(fixture("xlwt.xls")).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        survives("a.xls", &bytes);
    }

    #[test]
    fn a_real_new_workbook_with_bytes_changed(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40)) {
        let mut bytes = std::fs::read(fixture("openpyxl.xlsx")).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        survives("a.xlsx", &bytes);
    }

    #[test]
    fn a_real_ods_with_bytes_changed(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40)) {
        let mut bytes = std::fs::read(fixture("odfpy.ods")).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        survives("a.ods", &bytes);
    }

    #[test]
    fn broken_xml_in_a_whole_ods(xml in "(<(/|)t:(table|table-row|table-cell|covered-table-cell|p|s|annotation)( (t:number-columns-repeated|t:number-rows-repeated|t:number-rows-spanned|o:value-type|o:value|t:c)=\"[-0-9a-z]{0,12}\"){0,3}(/|)>|[0-9&#;x甲]{0,4}){0,60}") {
        survives("a.ods", &ods(&format!("<t:table>{xml}")));
    }

    #[test]
    fn broken_xml_in_a_whole_package(xml in "(<(/|)(row|c|v|f|is|t|sheetData|mergeCell)( (r|t|s|ref)=\"[A-Z0-9:a-z]{0,12}\"){0,3}(/|)>|[0-9&#;x甲]{0,4}){0,60}") {
        survives("a.xlsx", &xlsx(&xml, &xml));
    }
}

#[test]
fn what_is_no_table_gets_a_sentence_that_says_what_to_do() {
    for (name, bytes, says) in [
        ("a.et", &b"x"[..], "WPS 表格自己的格式"),
        ("a.wps", b"x", "文字文档"),
        ("a.doc", b"x", "文字文档"),
        ("a.ods", b"x", "另存为"),
        ("a.ods", b"PK\x03\x04cut off", "没有拷贝完整"),
        ("a.fods", b"x", "另一种电子表格格式"),
        ("a.pdf", b"x", "版式文件"),
        ("a.zip", b"x", "解压"),
        ("~$a.xlsx", b"x", "临时文件"),
        (".~a.xlsx", b"x", "临时文件"),
        ("a.xls", b"<html><table>", "网页"),
        ("a.xls", b"\xEF\xBB\xBF<?xml version=\"1.0\"?><Workbook/>", "网页"),
        ("a.xlsx", b"", "空文件"),
        ("a.xlsx", b"PK\x03\x04cut off", "没有拷贝完整"),
        ("a.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1cut off", "没有拷贝完整"),
        ("a.xls", b"\0\0\0", "不是电子表格"),
        ("a.csv", b"\n\n , \n", "没有任何内容"),
    ] {
        assert!(
            sentence(name, bytes).contains(says),
            "{name}: {}",
            sentence(name, bytes)
        );
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(Book::open(folder.path()).err().unwrap().reason.contains("文件夹"));
    assert!(
        Book::open(&folder.path().join("无.xlsx"))
            .err()
            .unwrap()
            .reason
            .contains("不存在")
    );
}

#[test]
fn a_file_open_in_an_editor_is_not_read() {
    for lock in ["~$台账.xlsx", ".~台账.xlsx", ".~lock.台账.xlsx#"] {
        let (folder, path) = file("台账.xlsx", &xlsx("<sheetData/>", ""));
        std::fs::write(folder.path().join(lock), "").unwrap();
        let fault = Book::open(&path).err().unwrap();
        assert!(fault.reason.contains("打开着") && fault.hint.contains(lock), "{fault}");
    }
}

#[test]
fn passwords_are_named() {
    let mut bytes = std::fs::read(fixture("xlwt.xls")).unwrap();
    // An encrypted xlsx is a compound file with this stream; here it takes the workbook's place.
    let name = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let at = bytes.windows(16).position(|w| w == name("Workbook")).unwrap();
    bytes[at..at + 32].copy_from_slice(&name("EncryptedPackage"));
    bytes[at + 64..at + 66].copy_from_slice(&34u16.to_le_bytes());
    assert!(sentence("a.xlsx", &bytes).contains("密码"));
}

#[test]
fn a_zip_bomb_is_not_unpacked() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let parts: [(&str, &[u8]); 3] = [
        (
            "xl/workbook.xml",
            b"<workbook><sheets><sheet name='a' id='s'/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"<Relationships><Relationship Id='s' Type='x/worksheet' Target='s.xml'/></Relationships>",
        ),
        ("xl/s.xml", b"<worksheet><sheetData><row><c t='inlineStr'><is><t>"),
    ];
    for (name, bytes) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let block = vec![b'a'; 1 << 20];
    for _ in 0..64 {
        zip.write_all(&block).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 200_000);
    assert!(sentence("a.xlsx", &bytes).contains("过大"));
}

#[test]
fn one_long_text_named_a_million_times_is_not_copied_a_million_times() {
    let shared = format!("<sst><si><t>{}</t></si></sst>", "长".repeat(1 << 20));
    let cells = r#"<c t="s"><v>0</v></c>"#.repeat(100);
    let sheet = format!("<sheetData>{}</sheetData>", format!("<row>{cells}</row>").repeat(100));
    assert!(sentence("a.xlsx", &xlsx(&sheet, &shared)).contains("过多"));
}

#[test]
fn an_ods_that_claims_more_than_it_holds_is_bounded() {
    let row = |attributes: &str, cells: &str| format!("<t:table-row {attributes}>{cells}</t:table-row>");
    let table = |rows: &str| ods(&format!("<t:table t:name=\"甲\">{rows}</t:table>"));
    let said = "<t:table-cell><x:p>甲</x:p></t:table-cell>";
    let says = |rows: &str| sentence("a.ods", &table(rows));
    // A row or a cell of a few bytes stands a thousand million times.
    assert!(says(&row("t:number-rows-repeated=\"1000000000\"", said)).contains("超过 200000 行"));
    let wide = "<t:table-cell t:number-columns-repeated=\"4000000000\"><x:p>甲</x:p></t:table-cell>";
    assert!(says(&row("", wide)).contains("已损坏"));
    let long = format!(
        "<t:table-cell t:number-columns-repeated=\"16384\"><x:p>{}</x:p></t:table-cell>",
        "长".repeat(1 << 20)
    );
    assert!(says(&row("", &long)).contains("过多"));
    let blanks = format!(
        "<t:table-cell><x:p>{}</x:p></t:table-cell>",
        "<x:s x:c=\"4000000000\"/>".repeat(1_000)
    );
    assert!(says(&row("", &blanks)).contains("过长"));
    let deep = "<t:table-cell>".repeat(10_000);
    assert!(says(&row("", &deep)).contains("已损坏"));
    let far = row("t:number-rows-repeated=\"2000000\"", "") + &row("", said);
    assert!(says(&far).contains("已损坏"));
    // What is not there cannot be numbered, and a damaged span is none.
    let odd = row(
        "t:number-rows-repeated=\"-3\"",
        "<t:table-cell t:number-rows-spanned=\"4294967295\"><x:p>甲</x:p></t:table-cell>",
    );
    let (_folder, path) = file("a.ods", &table(&odd));
    assert_eq!(rows(&path, None).unwrap().len(), 1);
    assert!(Book::open(&path).unwrap().merges(0).unwrap().is_empty());
}

#[test]
fn an_ods_bomb_is_not_unpacked() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("content.xml", zip::write::SimpleFileOptions::default())
        .unwrap();
    zip.write_all(b"<d><o:spreadsheet><t:table><t:table-row><t:table-cell><x:p>")
        .unwrap();
    let block = vec![b'a'; 1 << 20];
    for _ in 0..64 {
        zip.write_all(&block).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 200_000);
    assert!(sentence("a.ods", &bytes).contains("过大"));
}

#[test]
fn documents_beside_spreadsheets_are_named() {
    let locked = package(&[
        ("content.xml", "\u{1}\u{2}"),
        (
            "META-INF/manifest.xml",
            "<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>",
        ),
    ]);
    assert!(sentence("a.ods", &locked).contains("密码"));
    let letter = package(&[("content.xml", "<d><o:body><o:text><x:p>甲</x:p></o:text></o:body></d>")]);
    assert!(sentence("a.ods", &letter).contains("文字文档"));
    assert!(sentence("a.ods", &ods("")).contains("已损坏"));
}

#[test]
fn depth_width_and_order_are_bounded() {
    let deep = "<a>".repeat(10_000);
    assert!(sentence("a.xlsx", &xlsx(&deep, "")).contains("已损坏"));
    let far = r#"<sheetData><row r="1"><c r="XFE1"><v>1</v></c></row></sheetData>"#;
    assert!(sentence("a.xlsx", &xlsx(far, "")).contains("已损坏"));
    let far = r#"<sheetData><row r="4294967296"><c><v>1</v></c></row></sheetData>"#;
    assert!(sentence("a.xlsx", &xlsx(far, "")).contains("已损坏"));
    let back = r#"<sheetData><row r="5"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row></sheetData>"#;
    let (_folder, path) = file("a.xlsx", &xlsx(back, ""));
    let mut book = Book::open(&path).unwrap();
    let fault = book.rows(0, &mut |_| Ok(lianneng::papers::grid::Go::On)).unwrap_err();
    assert!(fault.reason.contains("第 2 行"), "{fault}");
    let many: Vec<(String, &str)> = (0..10_001).map(|i| (format!("x{i}"), "")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    assert!(sentence("a.xlsx", &package(&many)).contains("过多"));
}

/// Our readers against another's, on every workbook of that library's own tests when they are at hand
/// (`CALAMINE_TESTS` names the folder), and on ours.
#[test]
fn a_second_opinion_agrees() {
    let mut paths = vec![fixture("openpyxl.xlsx"), fixture("xlwt.xls"), fixture("odfpy.ods")];
    if let Ok(folder) = std::env::var("CALAMINE_TESTS") {
        paths.extend(std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()));
    }
    let (mut compared, mut differing) = (0, Vec::new());
    for path in paths {
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if !matches!(ending.as_str(), "xlsx" | "xlsm" | "xls" | "ods") {
            let bytes = std::fs::read(&path).unwrap();
            survives(&path.file_name().unwrap().to_string_lossy(), &bytes);
            continue;
        }
        survives(
            &path.file_name().unwrap().to_string_lossy(),
            &std::fs::read(&path).unwrap(),
        );
        let (Ok(mut ours), Ok(mut theirs)) = (Book::open(&path), calamine::open_workbook_auto(&path)) else {
            eprintln!(
                "not compared: {} ({:?})",
                path.display(),
                Book::open(&path).err().map(|e| e.reason)
            );
            continue;
        };
        for (index, sheet) in ours.sheets().to_vec().iter().enumerate() {
            let Ok(range) = theirs.worksheet_range(&sheet.name) else {
                continue;
            };
            let start = range.start().unwrap_or_default();
            let mut found = Vec::new();
            ours.rows(index, &mut |row| {
                found.extend(
                    row.cells
                        .into_iter()
                        .map(|(column, cell)| ((row.number - 1, column), cell)),
                );
                Ok(lianneng::papers::grid::Go::On)
            })
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let wanted = range
                .used_cells()
                .map(|(r, c, data)| ((start.0 + r as u32, start.1 + c as u32), data));
            let ours: std::collections::BTreeMap<(u32, u32), Cell> = found.into_iter().collect();
            for (at, data) in wanted {
                compared += 1;
                if !same(ours.get(&at), data) {
                    differing.push(format!(
                        "{} {} {at:?}: {:?} / {data:?}",
                        path.display(),
                        sheet.name,
                        ours.get(&at)
                    ));
                }
            }
        }
    }
    assert!(compared > 100);
    assert!(
        differing.is_empty(),
        "{} of {compared}\n{}",
        differing.len(),
        differing[..differing.len().min(40)].join("\n")
    );
}

fn same(ours: Option<&Cell>, theirs: &Data) -> bool {
    let text = ours.map_or("", |c| c.text.as_str());
    match (ours.map(|c| c.kind), theirs) {
        // The code of an ods's error value stands in its paragraph only.
        (Some(Kind::Formula), Data::String(s)) if s.is_empty() => text.is_empty() || text.starts_with('#'),
        // The other reader drops blanks at the ends and reads byte texts of Excel 95 a byte too wide.
        (_, Data::String(s)) => s.replace('\0', "").trim() == text.trim(),
        (Some(Kind::Number(n)), Data::Float(f)) => n == *f,
        (Some(Kind::Number(n)), Data::Int(i)) => n == *i as f64,
        (Some(Kind::Number(n)), Data::DateTime(d)) => n == d.as_f64(),
        (Some(Kind::Date(day)), Data::DateTime(d)) => {
            let (year, month, of_month, ..) = d.to_ymd_hms_milli();
            day.to_string() == format!("{year:04}-{month:02}-{of_month:02}")
        }
        (Some(Kind::Date(day)), Data::DateTimeIso(iso)) => iso.starts_with(&day.to_string()),
        (_, Data::DateTimeIso(iso)) => iso == text,
        (Some(Kind::Bool(b)), Data::Bool(t)) => b == *t,
        (Some(Kind::Error), Data::Error(e)) => e.to_string() == text,
        // A formula keeps its cached value as text.
        (Some(Kind::Formula), Data::Float(f)) => {
            text.parse() == Ok(*f) || (f - text.parse().unwrap_or(f64::NAN)).abs() < 1e-9 * f.abs().max(1.0)
        }
        (Some(Kind::Formula), _) => true,
        _ => false,
    }
}
