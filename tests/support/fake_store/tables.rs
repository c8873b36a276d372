//! What the invented office says about tables: one file with a fault, one grid, remembered questions.

use lianneng::app::store::*;

/// A folder with a stick, a table and a file of another program.
pub fn folder(path: Option<&str>) -> Folder {
    let row = |name: &str, folder: bool, note: &str| FileRow {
        path: format!("/{name}"),
        name: name.into(),
        folder,
        when: if folder { String::new() } else { "26-11-20".into() },
        note: note.into(),
    };
    Folder {
        title: path.unwrap_or("U盘、桌面、下载、文档，和其中最近的表格").into(),
        above: path.map(|_| None),
        rows: match path {
            None => vec![
                row("U盘 KINGSTON", true, "文件夹"),
                row("桌面", true, "文件夹"),
                row("下载", true, "文件夹"),
                row("财政局 风险点一览表.xlsx", false, "在U盘 KINGSTON"),
                row("老表.et", false, "在桌面"),
            ],
            Some(_) => vec![row("东风街道风险点（第三季度）.xlsx", false, "24 KB")],
        },
    }
}

/// The sheet looked over: five rows, one of them wrong unless drafts or new units are wanted.
pub fn preview(plan: &Plan) -> Preview {
    let column = |letters: &str, header: &str, field: &str, note: &str, samples: &str| SheetColumn {
        letters: letters.into(),
        header: header.into(),
        field: field.into(),
        note: note.into(),
        samples: samples.into(),
    };
    let bad = usize::from(!plan.create_missing);
    let fault = SheetFault {
        row: 6,
        column: "B".into(),
        value: "火星局".into(),
        reason: "单位：没有名为“火星局”的单位（按 3 随之建立）".into(),
    };
    Preview {
        name: match &plan.source {
            Source::File(path) => path.trim_start_matches('/').into(),
            Source::Pasted(_) => "粘贴的表".into(),
            Source::Cells(_) => "表格录入".into(),
        },
        sheets: vec!["一览表".into(), "说明".into()],
        sheet: plan.sheet.clone().unwrap_or_else(|| "一览表".into()),
        header_row: 2,
        sender: "财政局".into(),
        columns: vec![
            column("A", "序号", "", "不导", "1、2、3"),
            column("B", "科室/岗位", "单位／股室／岗位", "", "预算股/预算岗、国库股/支付岗"),
            column(
                "C",
                "风险内容及表现形式",
                "风险表现",
                "",
                "拨付未经联签、预算调整未报批",
            ),
            column("D", "联系电话", "", "不认识，不导", "13800000000"),
        ],
        map: plan.map.clone().unwrap_or_default(),
        fields: vec![
            ("unit".into(), "单位".into()),
            ("description".into(), "风险表现".into()),
        ],
        rows: 5,
        fresh: 5 - bad,
        incomplete: 1 - bad,
        created: if bad == 0 { "单位 1".into() } else { String::new() },
        bad_rows: bad,
        fault_count: bad,
        faults: std::iter::repeat_n(fault, bad).collect(),
        can_draft: true,
        ..Preview::default()
    }
}

/// A grid of three columns.
pub fn grid() -> GridSpec {
    let column = |id: &str, label: &str, required: bool, choices: &[&str], refers: &str| GridColumn {
        id: id.into(),
        label: label.into(),
        required,
        hint: "文字，最多 60 字".into(),
        choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
        refers: refers.into(),
    };
    GridSpec {
        register: "power_item".into(),
        label: "职权目录".into(),
        columns: vec![
            column("unit", "单位", true, &[], "unit"),
            column("name", "职权名称", true, &[], ""),
            column("category", "类别", false, &["行政许可", "行政处罚"], ""),
            column("legal_basis", "行使依据", false, &[], ""),
        ],
        rows: Vec::new(),
    }
}
