//! Raw cells out of every kind of file.

use chrono::NaiveDate;
use lianneng::papers::book::Book;
use lianneng::papers::grid::{Kind, Merge, column_letters, serial_day};
use rust_xlsxwriter::{Format, Formula, Workbook};

use crate::support::{file, fixture, ods, package, rows, texts, xlsx};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_workbook_made_by_openpyxl_shows_what_it_shows() {
    let path = fixture("openpyxl.xlsx");
    let mut book = Book::open(&path).unwrap();
    let names: Vec<&str> = book.sheets().iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["说明", "一览表"]);
    let sheet = book.choose(None).unwrap();
    assert_eq!(sheet, 1, "the first sheet is empty");
    assert!(book.merges(sheet).unwrap().contains(&Merge {
        rows: (4, 6),
        columns: (1, 1)
    }));
    let rows = rows(&path, None).unwrap();
    assert_eq!(rows[0].number, 1);
    assert_eq!(rows[2].cell(3).text, "风险\n类别");
    assert_eq!(rows[3].cell(0).kind, Kind::Number(1.0));
    assert_eq!(rows[3].cell(10).kind, Kind::Date(day("2010-09-01")));
    assert_eq!(rows[4].cell(10).kind, Kind::Number(40422.0));
    assert_eq!(
        rows[4].cell(1).kind,
        Kind::Empty,
        "covered by a merged range, filled later"
    );
}

#[test]
fn an_old_workbook_made_by_xlwt_shows_the_same() {
    let path = fixture("xlwt.xls");
    let mut book = Book::open(&path).unwrap();
    let sheet = book.choose(None).unwrap();
    assert_eq!(book.sheets()[sheet].name, "一览表");
    assert!(book.merges(sheet).unwrap().contains(&Merge {
        rows: (4, 6),
        columns: (1, 1)
    }));
    let old = rows(&path, None).unwrap();
    let new = rows(&fixture("openpyxl.xlsx"), None).unwrap();
    for number in 4..=8 {
        let find = |rows: &[lianneng::papers::grid::Row]| rows.iter().find(|r| r.number == number).unwrap().clone();
        assert_eq!(find(&old), find(&new));
    }
    let extras = rows(&path, Some("杂项")).unwrap();
    let first: Vec<(&str, Kind)> = extras[0].cells.iter().map(|(_, c)| (c.text.as_str(), c.kind)).collect();
    assert_eq!(first[0].1, Kind::Formula);
    assert_eq!(first[2], ("是", Kind::Bool(true)));
    assert_eq!(first[3].0, "0.3");
    assert_eq!(first[4], ("1234567.891", Kind::Number(1_234_567.891)));
    assert_eq!(
        extras[1].cell(0).text,
        "长文".repeat(6000),
        "a text over several records"
    );
    for (i, row) in extras[2..].iter().enumerate() {
        assert_eq!(row.cell(1).text, format!("plain text {i}"));
        assert!(
            row.cell(0).text.starts_with(&format!("第{i}条：")),
            "{}",
            row.cell(0).text
        );
    }
}

#[test]
fn an_ods_made_by_odfpy_shows_the_same() {
    let path = fixture("odfpy.ods");
    let mut book = Book::open(&path).unwrap();
    let tabs: Vec<(&str, bool)> = book.sheets().iter().map(|s| (s.name.as_str(), s.hidden)).collect();
    assert_eq!(
        tabs,
        [("说明", false), ("一览表", false), ("杂项", false), ("藏着", true)]
    );
    let sheet = book.choose(None).unwrap();
    assert_eq!(sheet, 1, "the first sheet is a million blank rows");
    let merges = book.merges(sheet).unwrap();
    assert!(merges.contains(&Merge {
        rows: (4, 6),
        columns: (1, 1)
    }));
    assert!(merges.contains(&Merge {
        rows: (1, 1),
        columns: (0, 10)
    }));
    let (free, usual) = (
        rows(&path, None).unwrap(),
        rows(&fixture("openpyxl.xlsx"), None).unwrap(),
    );
    for number in 3..=8 {
        let find = |rows: &[lianneng::papers::grid::Row]| rows.iter().find(|r| r.number == number).unwrap().clone();
        assert_eq!(find(&free), find(&usual));
    }
    let extras = rows(&path, Some("杂项")).unwrap();
    let first: Vec<(&str, Kind)> = extras[0].cells.iter().map(|(_, c)| (c.text.as_str(), c.kind)).collect();
    assert_eq!(
        first,
        [
            ("合计", Kind::Formula),
            ("甲\n乙   丙", Kind::Text),
            ("#DIV/0!", Kind::Formula),
            ("是", Kind::Bool(true)),
            ("0.25", Kind::Number(0.25)),
            ("2010-09-01", Kind::Date(day("2010-09-01"))),
        ]
    );
    assert_eq!((extras[1].number, extras[2].number), (2, 3), "a row that stands twice");
    assert_eq!(texts(&extras[2]), [(2, "同上"), (3, "同上"), (4, "同上")]);
    assert_eq!(rows(&path, Some("藏着")).unwrap().len(), 1, "read when named");
}

#[test]
fn ods_as_other_writers_write_it() {
    let tables = r##"<t:tracked-changes><t:table><t:table-row><t:table-cell><x:p>旧</x:p></t:table-cell></t:table-row></t:table></t:tracked-changes>
        <t:table t:name="甲"><t:shapes><d:frame><x:p>图</x:p></d:frame></t:shapes>
        <t:table-row-group><t:table-row>
          <t:table-cell o:value-type="string" calcext:value-type="error" o:string-value="" t:formula="of:=[#REF!]"><x:p>#REF!</x:p></t:table-cell>
          <t:table-cell o:value-type="string" calcext:value-type="string"><x:p>  a&lt;b
             c </x:p><x:p/><x:p>末</x:p></t:table-cell>
          <t:table-cell o:value-type="string" o:string-value="只在属性里"/>
          <t:table-cell><t:table><t:table-row><t:table-cell><x:p>里面的表</x:p></t:table-cell></t:table-row></t:table><x:p>外</x:p></t:table-cell>
          <t:covered-table-cell><x:p>盖住的</x:p></t:covered-table-cell>
          <t:table-cell o:value-type="time" o:time-value="PT10H30M00S"><x:p>10:30</x:p></t:table-cell>
          <t:table-cell o:value-type="float" o:value="NaN"><x:p>?</x:p></t:table-cell>
        </t:table-row></t:table-row-group></t:table><t:table t:name="乙"/>"##;
    let (_folder, path) = file("a.ods", &ods(tables));
    let mut book = Book::open(&path).unwrap();
    assert_eq!(book.sheets().len(), 2);
    assert!(book.merges(0).unwrap().is_empty());
    let row = rows(&path, None).unwrap().remove(0);
    assert_eq!(row.cell(0).kind, Kind::Formula);
    assert_eq!(
        texts(&row)[1..],
        [
            (1, "a<b c \n\n末"),
            (2, "只在属性里"),
            (3, "外"),
            (5, "10:30"),
            (6, "?")
        ]
    );
}

#[test]
fn formulas_errors_days_and_truth_are_told_apart() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let time = Format::new().set_num_format("h:mm");
    sheet
        .write_formula(0, 0, Formula::new("=A2").set_result("算好的值"))
        .unwrap();
    sheet
        .write_formula(0, 1, Formula::new("=1/0").set_result("#DIV/0!"))
        .unwrap();
    sheet.write_with_format(0, 2, 40422.75, &date).unwrap();
    sheet.write_with_format(0, 3, 0.5, &time).unwrap();
    sheet.write(0, 4, false).unwrap();
    sheet.write(0, 5, "=cmd|calc").unwrap();
    sheet.write(0, 6, 0.1 + 0.2).unwrap();
    sheet.write(0, 7, "甲_x000D_乙").unwrap();
    sheet.write_blank(0, 8, &date).unwrap();
    let (_folder, path) = file("a.xlsx", &book.save_to_buffer().unwrap());
    let row = rows(&path, None).unwrap().remove(0);
    let cells: Vec<(u32, &str, Kind)> = row.cells.iter().map(|(i, c)| (*i, c.text.as_str(), c.kind)).collect();
    assert_eq!(cells[0], (0, "算好的值", Kind::Formula));
    assert_eq!(cells[1].2, Kind::Formula);
    assert_eq!(cells[2], (2, "2010-09-01", Kind::Date(day("2010-09-01"))));
    assert_eq!(cells[3], (3, "0.5", Kind::Number(0.5)), "a time of day is no day");
    assert_eq!(cells[4], (4, "否", Kind::Bool(false)));
    assert_eq!(cells[5], (5, "=cmd|calc", Kind::Text));
    assert_eq!(cells[6].1, "0.3");
    assert_eq!(cells[7].1, "甲_x000D_乙", "an escape that was text stays text");
    assert_eq!(cells.len(), 8, "a formatted cell without content is none");
}

#[test]
fn xlsx_as_other_writers_write_it() {
    let sheet = r#"<x:worksheet><x:dimension ref="A1:XFD1048576"/><x:sheetData>
        <x:row><x:c t="inlineStr"><x:is><x:r><x:t>甲</x:t></x:r><x:rPh><x:t>注音</x:t></x:rPh><x:r><x:t>乙</x:t></x:r></x:is></x:c><x:c><x:v>2</x:v></x:c></x:row>
        <x:row r="5"><x:c r="C5" t="e"><x:v>#SPILL!</x:v></x:c><x:c r="B5" t="str"><x:v>a&lt;b&#x4E59;</x:v></x:c><x:c r="D5" t="d"><x:v>2010-09-01T00:00:00</x:v></x:c></x:row>
        <x:row/><x:row><x:c t="s"><x:f t="shared" si="0"/><x:v>1</x:v></x:c></x:row>
        </x:sheetData></x:worksheet>"#;
    let shared = "<sst uniqueCount=\"9999999999999\"><si><t>零</t></si><si><t xml:space=\"preserve\"> 一_x000D_\n</t></si></sst>";
    let (_folder, path) = file("a.xlsx", &xlsx(sheet, shared));
    let rows = rows(&path, None).unwrap();
    assert_eq!(texts(&rows[0]), [(0, "甲乙"), (1, "2")]);
    assert_eq!(rows[1].number, 5);
    assert_eq!(texts(&rows[1]), [(1, "a<b乙"), (2, "#SPILL!"), (3, "2010-09-01")]);
    assert_eq!(rows[1].cell(2).kind, Kind::Error);
    assert_eq!(rows[1].cell(3).kind, Kind::Date(day("2010-09-01")));
    assert_eq!(rows[2].number, 7);
    assert_eq!(texts(&rows[2]), [(0, " 一\r\n")]);
    assert_eq!(rows[2].cell(0).kind, Kind::Formula);
}

#[test]
fn names_inside_the_package_may_differ_in_case_slashes_and_place() {
    let bytes = package(&[
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Id="a" Type="x/officeDocument" Target="/XL/Book.xml"/></Relationships>"#,
        ),
        (
            "xl\\_rels\\book.xml.rels",
            r#"<Relationships><Relationship Id="s" Type="x/worksheet" Target="../xl/./S.xml"/></Relationships>"#,
        ),
        (
            "xl\\book.xml",
            r#"<workbook><workbookPr date1904="1"/><sheets><sheet name="&lt;甲&gt;" state="hidden" id="s"/></sheets></workbook>"#,
        ),
        (
            "xl/s.xml",
            "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>",
        ),
    ]);
    let (_folder, path) = file("a.xlsx", &bytes);
    let mut book = Book::open(&path).unwrap();
    assert_eq!(book.sheets()[0].name, "<甲>");
    assert!(book.epoch_1904());
    assert!(
        book.choose(None).is_err(),
        "a hidden sheet is only read when it is named"
    );
    assert_eq!(book.choose(Some("1")).unwrap(), 0);
    assert!(book.choose(Some("乙")).unwrap_err().hint.contains("<甲>"));
}

#[test]
fn text_files_in_the_encodings_of_chinese_offices() {
    let text = "单位,岗位\r\n区财政局,\"国库\n\"\"支付\"\"岗\"\r\n\r\n,,尾\r\n";
    let utf16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let gb = encoding_rs::GB18030.encode(text).0.into_owned();
    let files: [(&str, Vec<u8>); 5] = [
        ("plain", text.into()),
        ("marked", [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        ("little", [&b"\xFF\xFE"[..], &utf16(u16::to_le_bytes)].concat()),
        ("big", [&b"\xFE\xFF"[..], &utf16(u16::to_be_bytes)].concat()),
        ("gb", gb),
    ];
    for (name, bytes) in files {
        let (_folder, path) = file("a.csv", &bytes);
        let rows = rows(&path, None).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(texts(&rows[0]), [(0, "单位"), (1, "岗位")], "{name}");
        assert_eq!(texts(&rows[1]), [(0, "区财政局"), (1, "国库\n\"支付\"岗")], "{name}");
        assert_eq!(
            (rows[2].number, texts(&rows[2])),
            (4, vec![(2, "尾")]),
            "{name}: the blank line is row 3"
        );
    }
}

#[test]
fn the_separator_is_found_and_an_apostrophe_marks_text() {
    for (separator, text) in [
        ("\t", "甲\t乙\n丙,丁\t戊\n"),
        (";", "甲;乙\n丙,丁;戊\n"),
        (",", "甲,乙\n丙,'=戊\n"),
    ] {
        let (_folder, path) = file("a.csv", text.as_bytes());
        let rows = rows(&path, None).unwrap();
        assert_eq!(rows[0].cells.len(), 2, "{separator:?}");
        assert!(matches!(rows[1].cell(1).text.as_str(), "戊" | "=戊"));
    }
}

#[test]
fn bad_text_is_named_by_line() {
    let broken = |bytes: &[u8]| {
        let (_folder, path) = file("a.csv", bytes);
        rows(&path, None).unwrap_err().to_string()
    };
    let gb = encoding_rs::GB18030.encode("单位,岗位\n财政局,").0.into_owned();
    assert!(broken(&[&gb[..], b"\xFF\xFF\n"].concat()).contains("第 2 行"));
    let long = "这是一个用统一码写成的文件里面有足够多的汉字所以不会被当作国标码".to_owned();
    assert!(broken(&[long.as_bytes(), b"\n\xE4\xB8\n"].concat()).contains("UTF-8"));
    assert!(broken("甲,乙\n\"丙,丁\n戊".as_bytes()).contains("第 2 行的引号没有成对"));
    assert!(broken(b"a,b\n\0\0").contains("空字符"));
    assert!(broken(b"\xFF\xFE\x00\xD8\x41\x00").contains("UTF-16"));
}

#[test]
fn columns_and_serial_days() {
    let shown: Vec<String> = [0, 25, 26, 701, 702, 16383].map(column_letters).into();
    assert_eq!(shown, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    assert_eq!(serial_day(40422.0, false), Some(day("2010-09-01")));
    assert_eq!(serial_day(1.0, false), Some(day("1900-01-01")));
    assert_eq!(serial_day(59.0, false), Some(day("1900-02-28")));
    assert_eq!(serial_day(60.0, false), None, "Excel's 29 February 1900");
    assert_eq!(serial_day(61.0, false), Some(day("1900-03-01")));
    assert_eq!(serial_day(38960.0, true), Some(day("2010-09-01")));
    assert_eq!(serial_day(f64::NAN, false), None);
    assert_eq!(serial_day(1e300, false), None);
}
