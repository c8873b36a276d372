//! Tables by keys: picking a file, importing it, writing lists out, filling in a grid.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support {
    #[allow(dead_code)]
    pub mod console;
    #[allow(dead_code)]
    pub mod fake_store;
}

use lianneng::app::msg::Msg;
use lianneng::app::store::{Format, Problem, Source, TableAsk};
use support::console::Console;
use support::fake_store::Fake;

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);

fn console(size: (u16, u16)) -> Console<Fake> {
    let mut console = Console::new(Fake::new(56), size);
    console.keys("2");
    console
}

fn screen(size: (u16, u16), keys: &str) -> String {
    console(size).keys(keys).screen()
}

#[test]
fn screens() {
    for (name, size) in [("80x24", SMALL), ("120x40", LARGE)] {
        insta::assert_snapshot!(format!("tables_registers_{name}"), screen(size, "ctrl-o"));
        insta::assert_snapshot!(format!("tables_picker_{name}"), screen(size, "ctrl-o enter"));
        insta::assert_snapshot!(
            format!("tables_import_{name}"),
            screen(size, "ctrl-o enter end up enter")
        );
        insta::assert_snapshot!(
            format!("tables_assign_{name}"),
            screen(size, "ctrl-o enter end up enter down enter")
        );
        insta::assert_snapshot!(format!("tables_export_{name}"), screen(size, "ctrl-e"));
        insta::assert_snapshot!(format!("tables_grid_{name}"), screen(size, "ctrl-g c tab 预 tab 1 c"));
        let mut console = console(size);
        console.keys("ctrl-g");
        console.send(Msg::Paste("城建局\t审批\t行政许可\n财政局\t拨付\t行政处罚\n".into()));
        insta::assert_snapshot!(format!("tables_grid_paste_{name}"), console.screen());
    }
}

#[test]
fn a_sheet_with_faults_is_not_taken_whole_but_its_good_rows_are() {
    let mut console = console(SMALL);
    console.keys("ctrl-o enter end up enter f5");
    assert!(console.screen().contains("有错 1 行，不能全部导入"));
    assert!(
        !console
            .store
            .asked_tables
            .iter()
            .any(|ask| matches!(ask, TableAsk::Import(_)))
    );
    console.keys("2");
    assert!(console.screen().contains("退回清单已写到"));
    console.keys("1");
    let Some(TableAsk::Import(plan)) = console.store.asked_tables.last() else {
        panic!("not taken")
    };
    assert!(plan.accept_good);
    assert!(console.screen().contains("已导入") && !console.screen().contains("对应字段"));
}

#[test]
fn with_new_units_the_whole_sheet_is_taken_and_an_assigned_column_goes_along() {
    let mut console = console(SMALL);
    console.keys("ctrl-o enter end up enter down down down enter 3 3 f5");
    let Some(TableAsk::Import(plan)) = console.store.asked_tables.last() else {
        panic!("not taken")
    };
    assert!(plan.create_missing && !plan.accept_good);
    assert_eq!(
        plan.map.clone().unwrap(),
        [("联系电话".to_owned(), "description".to_owned())]
    );
}

#[test]
fn a_pasted_block_is_a_sheet() {
    let mut console = console(SMALL);
    console.keys("ctrl-o enter");
    console.send(Msg::Paste("单位\t风险表现\n城建局\t未报批\n".into()));
    let Some(TableAsk::Check(plan)) = console.store.asked_tables.last() else {
        panic!("not looked over")
    };
    assert!(matches!(plan.source, Source::Pasted(_)));
    assert!(console.screen().contains("粘贴的表"));
}

#[test]
fn a_file_that_cannot_be_read_says_so_in_the_picker() {
    let mut console = console(SMALL);
    console.keys("ctrl-o enter l b");
    console.store.refuse_next = Some(Problem {
        reason: "“老表.et”是 WPS 表格自己的格式".into(),
        hint: "请另存为 .xlsx".into(),
        field: None,
    });
    console.keys("enter");
    assert!(console.screen().contains("WPS 表格自己的格式（请另存为 .xlsx）"));
    console.keys("esc esc");
    assert!(!console.screen().contains("筛选"));
}

#[test]
fn work_under_way_shows_how_far_it_is_and_esc_stops_it() {
    let mut console = console(SMALL);
    console.keys("ctrl-o enter end up enter 3");
    console.store.slow = 3;
    console.keys("f5");
    assert!(console.screen().contains("已导入"), "the answers were awaited");
    console.keys("ctrl-o enter end up enter 3");
    let told = lianneng::app::store::TableTold::Running("正在导入".into(), 4500);
    let reply = lianneng::app::msg::Reply::Table(Ok(told));
    let effects = lianneng::app::update::update(&mut console.model, Msg::Reply(reply));
    assert_eq!(effects.len(), 1, "it asks again");
    assert!(console.screen().contains("已到 4500 行"));
    console.keys("1 esc");
    assert_eq!(console.store.asked_tables.last(), Some(&TableAsk::Cancel));
    assert!(console.screen().contains("已取消，什么都没有改动"));
}

#[test]
fn a_list_goes_out_with_its_filters() {
    let mut console = console(SMALL);
    console.keys("3 esc down ctrl-e 2");
    let Some(TableAsk::Export(query, format)) = console.store.asked_tables.last() else {
        panic!("not exported")
    };
    assert_eq!((query.register.as_str(), *format), ("warning", Format::Csv));
    assert_eq!(query.filters, [("body".to_owned(), "steering".to_owned())]);
    console.keys("2 ctrl-n 1");
    assert!(
        console.screen().contains("空白表 risk_point"),
        "the one on show comes first"
    );
}

#[test]
fn a_grid_is_kept_when_it_is_left() {
    let mut console = console(SMALL);
    console.keys("ctrl-g c tab 拨 tab 2 esc");
    let Some(TableAsk::Keep(register, rows)) = console.store.asked_tables.last() else {
        panic!("not kept")
    };
    assert_eq!(register, "power_item");
    assert_eq!(rows[0], ["城建局", "拨", "行政处罚", ""]);
    assert!(console.screen().contains("已留作草稿"));
}

#[test]
fn no_size_panics_and_nothing_is_drawn_outside() {
    for size in [(1, 1), (60, 16), (61, 17), (400, 120)] {
        for keys in [
            "ctrl-o",
            "ctrl-o enter",
            "ctrl-o enter end up enter",
            "ctrl-g c",
            "ctrl-e",
        ] {
            screen(size, keys);
        }
    }
}
