//! Tables in and out through the real program: messy sheets, over a real file, by keys.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support {
    #[allow(dead_code)]
    pub mod console;
    #[allow(dead_code)]
    pub mod office;
}

use std::path::Path;

use lianneng::app::msg::Msg;
use lianneng::app::store::{ListQuery, Plan, Source, Store, TableAsk, TableTold};
use lianneng::cli::console::OfficeStore;
use rust_xlsxwriter::{Format, Workbook};
use support::console::Console;
use support::office::{console, office};

const LARGE: (u16, u16) = (120, 40);

/// A console over an office whose person has an empty home.
fn desk() -> (Console<OfficeStore>, tempfile::TempDir) {
    let home = tempfile::tempdir().unwrap();
    for folder in ["桌面", "下载", "文档", "U盘"] {
        std::fs::create_dir(home.path().join(folder)).unwrap();
    }
    let mut console = console(office(), LARGE);
    console.store.tables.folders.home = Some(home.path().to_owned());
    console.store.tables.folders.sticks = Some(vec![home.path().join("U盘")]);
    (console, home)
}

/// As a street sends it: titles, a merged head, a column nobody knows, a wrong unit, a gap, a sum.
fn messy(path: &Path) {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name("职权").unwrap();
    page.merge_range(0, 0, 0, 4, "城建局职权清理表", &Format::new())
        .unwrap();
    page.write_string(1, 0, "填报单位：城建局").unwrap();
    for (column, head) in (0..).zip(["序号", "单位", "干的什么事", "行使依据", "备用"]) {
        page.write_string(2, column, head).unwrap();
    }
    let rows = [
        ("城建局", "施工许可", "建筑法"),
        ("火星局", "飞船检验", ""),
        ("城建局", "竣工备案", "建设工程质量管理条例"),
    ];
    for (row, (unit, name, basis)) in (3..).zip(rows) {
        page.write_number(row, 0, f64::from(row) - 2.0).unwrap();
        page.write_string(row, 1, unit).unwrap();
        page.write_string(row, 2, name).unwrap();
        page.write_string(row, 3, basis).unwrap();
    }
    page.write_string(8, 1, "合计").unwrap();
    book.save(path).unwrap();
}

fn count(console: &mut Console<OfficeStore>, register: &str) -> usize {
    let query = ListQuery {
        register: register.into(),
        filters: Vec::new(),
    };
    console.store.streams(&query, 100_000).unwrap().0.len()
}

fn type_in(console: &mut Console<OfficeStore>, text: &str) {
    for c in text.chars() {
        console.keys(&c.to_string());
    }
}

/// Picks 职权目录 and the newest table.
fn open_newest(console: &mut Console<OfficeStore>) {
    console.keys("ctrl-o");
    type_in(console, "职权目录");
    console.keys("enter end enter");
}

#[test]
fn a_messy_sheet_is_assigned_sent_back_taken_in_part_and_taken_back() {
    let (mut console, home) = desk();
    messy(&home.path().join("U盘/城建局 职权.xlsx"));
    open_newest(&mut console);
    let screen = console.screen();
    assert!(
        screen.contains("填报单位 城建局") && screen.contains("干的什么事"),
        "{screen}"
    );
    // the third column is assigned by hand
    console.keys("down down enter");
    type_in(&mut console, "职权名称");
    console.keys("enter");
    let screen = console.screen();
    assert!(screen.contains("可入 2（新增 2"), "{screen}");
    assert!(screen.contains("B5") && screen.contains("“火星局”"), "{screen}");
    assert!(!screen.contains("--"), "no flags of the shell: {screen}");
    console.keys("f5");
    assert_eq!(count(&mut console, "power_item"), 0, "not whole while a row is wrong");
    console.keys("2");
    assert!(home.path().join("U盘/城建局 职权_退回.xlsx").exists());
    console.keys("1");
    let screen = console.screen();
    assert!(
        screen.contains("已导入") && screen.contains("有错未导 1 行"),
        "{screen}"
    );
    assert_eq!(count(&mut console, "power_item"), 2);
    console.keys("ctrl-z");
    assert_eq!(count(&mut console, "power_item"), 0, "one act");
    // the next sheet of this sender is read as the last one was
    std::fs::remove_file(home.path().join("U盘/城建局 职权_退回.xlsx")).unwrap();
    open_newest(&mut console);
    let screen = console.screen();
    assert!(
        screen.contains("列照上次的对应") && screen.contains("可入 2（新增 2"),
        "{screen}"
    );
    console.keys("3 f5");
    assert_eq!(count(&mut console, "power_item"), 3, "with the unit that was not there");
}

#[test]
fn files_of_other_programs_and_files_open_elsewhere_say_what_to_do() {
    let (mut console, home) = desk();
    std::fs::write(home.path().join("桌面/老表.et"), "x").unwrap();
    open_newest(&mut console);
    assert!(console.screen().contains("WPS 表格自己的格式"), "{}", console.screen());
    messy(&home.path().join("桌面/新表.xlsx"));
    std::fs::write(home.path().join("桌面/.~新表.xlsx"), "").unwrap();
    console.keys("esc esc ctrl-o");
    type_in(&mut console, "职权目录");
    console.keys("enter");
    type_in(&mut console, "新表");
    console.keys("enter");
    assert!(
        console.screen().contains("正在另一个程序里打开着"),
        "{}",
        console.screen()
    );
    console.keys("esc");
    type_in(&mut console, "桌");
    console.keys("enter");
    assert!(console.screen().contains("新表.xlsx"));
    console.keys("left");
    assert!(console.screen().contains("[U盘 U盘]"));
}

#[test]
fn a_block_pasted_is_a_sheet() {
    let (mut console, _home) = desk();
    console.keys("ctrl-o");
    type_in(&mut console, "职权目录");
    console.keys("enter");
    let block = "单位\t职权名称\t行使依据\n城建局\t施工许可\t\"建筑法\n第七条\"\n城建局\t竣工备案\t\n";
    console.send(Msg::Paste(block.into()));
    assert!(console.screen().contains("可入 2（新增 2"), "{}", console.screen());
    console.keys("f5");
    assert_eq!(count(&mut console, "power_item"), 2);
}

#[test]
fn a_grid_names_the_wrong_cell_and_is_saved_as_one_act() {
    let (mut console, home) = desk();
    console.keys("5");
    go_to_power_items(&mut console);
    console.keys("ctrl-g");
    assert!(console.screen().contains("表格录入"), "{}", console.screen());
    console.send(Msg::Paste("施工许可\t城建局\n飞船检验\t火星局\n".into()));
    console.keys("enter f5");
    let screen = console.screen();
    assert!(
        screen.contains("有 1 格要改。第 2 行 单位") && screen.contains("!火星局"),
        "{screen}"
    );
    // left and opened again: it is still there
    console.keys("esc");
    assert!(console.screen().contains("已留作草稿"));
    console.keys("ctrl-g");
    assert!(
        console.screen().contains("接着上次没有保存的表"),
        "{}",
        console.screen()
    );
    // the unit by its initials
    console.keys("tab down c j j tab f5");
    let screen = console.screen();
    assert!(screen.contains("已保存") && screen.contains("新增 2"), "{screen}");
    assert_eq!(count(&mut console, "power_item"), 2);
    console.keys("ctrl-z");
    assert_eq!(count(&mut console, "power_item"), 0);
    console.keys("ctrl-y ctrl-e 1");
    let out = home.path().join("文档/廉能台输出/职权目录_20261123.xlsx");
    assert!(out.exists(), "{}", console.screen());
    console.keys("ctrl-e 1");
    assert!(home.path().join("文档/廉能台输出/职权目录_20261123(2).xlsx").exists());
    // what went out comes in again without change
    let plan = Plan {
        source: Source::File(out.display().to_string()),
        ..plan()
    };
    let TableTold::Checked(preview) = ended(&mut console.store, &TableAsk::Check(plan)) else {
        panic!("not looked over")
    };
    assert_eq!((preview.unchanged, preview.fresh, preview.fault_count), (2, 0, 0));
}

fn go_to_power_items(console: &mut Console<OfficeStore>) {
    console.keys("esc esc");
    for _ in 0..40 {
        if console.model.pane().register() == "power_item" {
            return;
        }
        console.keys("down");
    }
    panic!("{}", console.screen());
}

fn plan() -> Plan {
    Plan {
        register: "power_item".into(),
        source: Source::Pasted(String::new()),
        sheet: None,
        map: None,
        create_missing: false,
        draft: false,
        accept_good: false,
    }
}

/// Asks until the work has ended.
fn ended(store: &mut OfficeStore, ask: &TableAsk) -> TableTold {
    let mut told = store.table(ask).unwrap();
    while matches!(told, TableTold::Running(..)) {
        told = store.table(&TableAsk::Status).unwrap();
    }
    told
}

#[test]
fn an_import_that_is_stopped_leaves_nothing() {
    const ROWS: u64 = 3000;
    let (mut console, _home) = desk();
    let mut text = "单位\t职权名称\n".to_owned();
    for row in 0..ROWS {
        text.push_str(&format!("城建局\t职权第{row}项\n"));
    }
    let big = Plan {
        source: Source::Pasted(text),
        map: Some(Vec::new()),
        ..plan()
    };
    let store = &mut console.store;
    let mut told = store.table(&TableAsk::Import(big)).unwrap();
    // all rows are checked, the writing begins
    while let TableTold::Running(_, done) = told {
        if done >= ROWS {
            store.table(&TableAsk::Cancel).unwrap();
        }
        told = store.table(&TableAsk::Status).unwrap();
    }
    let stopped = matches!(told, TableTold::Stopped(_));
    let left = count(&mut console, "power_item");
    assert_eq!(left, if stopped { 0 } else { 3000 }, "whole or not at all");
    // the file is free again
    let small = Plan {
        source: Source::Pasted("单位\t职权名称\n城建局\t另一项\n".into()),
        map: Some(Vec::new()),
        ..plan()
    };
    assert!(matches!(
        ended(&mut console.store, &TableAsk::Import(small)),
        TableTold::Imported(_)
    ));
    assert_eq!(count(&mut console, "power_item"), left + 1);
}

#[test]
fn an_earlier_day_takes_nothing_in() {
    let (mut console, _home) = desk();
    console.keys("ctrl-d 1 1 2 0 enter enter f5");
    assert!(!console.model.header.past.is_empty(), "{}", console.screen());
    let refused = console.store.table(&TableAsk::Check(plan()));
    assert!(refused.unwrap_err().reason.contains("只能查看"));
}
