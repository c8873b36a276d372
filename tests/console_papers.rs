//! Paper, files and decisions of other organs over a real file: by keys, without a terminal.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support {
    #[allow(dead_code)]
    pub mod console;
    #[allow(dead_code)]
    pub mod office;
}

use std::path::Path;

use lianneng::app::msg::Msg;
use lianneng::app::store::Store;
use lianneng::cli::console::OfficeStore;
use lianneng::ledger::clock::Clock;
use lianneng::ledger::entropy::Entropy;
use lianneng::ledger::office::Office;
use lianneng::ledger::site::Class;
use support::console::Console;
use support::office::{Made, NOW, console, office, office_of};

const SCAN: &[u8] = b"%PDF-1.7 a signed receipt";

fn type_in(console: &mut Console<OfficeStore>, text: &str) {
    console.send(Msg::Paste(text.to_owned()));
}

/// Opens the release form of the orange warning, decided by signature, and goes into 更多.
fn release_with(console: &mut Console<OfficeStore>, paper: &str, files: &str) {
    console.keys("f5 2 tab tab tab");
    console.keys("enter");
    type_in(console, paper);
    console.keys("enter");
    type_in(console, files);
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// covers §0.22
#[test]
fn files_go_on_a_step_are_shown_on_its_row_and_come_out_without_overwriting() {
    let folder = tempfile::tempdir().unwrap();
    let scan = put(folder.path(), "送达回证.pdf", SCAN);
    let mut console = console(office(), (120, 40));
    console.keys("f5");
    assert!(
        console.screen().contains("更多：纸质卷号、附件"),
        "{}",
        console.screen()
    );
    console.keys("esc");
    release_with(&mut console, "卷3 页12", &format!("\"{scan}\""));
    console.keys("f5");
    let screen = console.screen();
    assert!(screen.contains("已办：发布"), "{screen}");
    // On the row of the step itself, which is wrapped.
    let row = screen
        .lines()
        .position(|line| line.contains("✓ 2026-11-23 发布"))
        .unwrap();
    let step: String = screen.lines().skip(row).take(2).collect();
    assert!(
        step.contains("纸质材料 卷3") && step.contains("〔附1〕送达回证.pdf"),
        "{screen}"
    );

    let out = folder.path().join("出");
    for name in ["送达回证.pdf", "送达回证 (2).pdf"] {
        console.keys("0 写 出 enter");
        assert!(console.screen().contains("1 全部 1 个"), "{}", console.screen());
        console.keys("backtab ctrl-a");
        type_in(&mut console, out.to_str().unwrap());
        console.keys("f5");
        assert!(console.screen().contains("已写出 1 个到"), "{}", console.screen());
        assert_eq!(std::fs::read(out.join(name)).unwrap(), SCAN, "{name}");
    }
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 2);
    // Where a file stands in the way of the folder, nothing is written.
    console.keys("0 写 出 enter backtab ctrl-a");
    type_in(&mut console, &scan);
    console.keys("f5");
    assert!(
        console.screen().contains("是一个文件，不是文件夹"),
        "{}",
        console.screen()
    );
    console.keys("ctrl-a");
    type_in(&mut console, "出");
    console.keys("f5");
    assert!(console.screen().contains("不是完整路径"), "{}", console.screen());
}

/// covers §0.22
#[test]
fn a_bad_path_is_a_sentence_and_nothing_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let empty = put(folder.path(), "空.pdf", b"");
    let large = folder.path().join("大.pdf");
    std::fs::File::create(&large).unwrap().set_len((20 << 20) + 1).unwrap();
    let missing = folder.path().join("没有.pdf");
    let bad = [
        (missing.to_str().unwrap().to_owned(), "不存在"),
        ("回证.pdf".to_owned(), "请写完整路径"),
        (folder.path().to_str().unwrap().to_owned(), "是文件夹"),
        (empty, "是空文件"),
        (large.to_str().unwrap().to_owned(), "每个最多 20 MB"),
        (put(folder.path(), "a:b.pdf", SCAN), "带有路径"),
    ];
    for (path, said) in bad {
        let mut console = console(office(), (120, 40));
        let version = console.store.version().unwrap();
        release_with(&mut console, "", &path);
        console.keys("f5");
        let screen = console.screen();
        assert!(screen.contains(said) && !screen.contains("已办"), "{path}\n{screen}");
        assert!(!screen.contains("--attach"), "{screen}");
        assert_eq!(console.store.version().unwrap(), version, "{path}");
        // The form stays open on the field.
        assert!(screen.contains("附件") && screen.contains("纸质卷号"), "{screen}");
    }
}

/// covers §0.29
#[test]
fn another_organs_decision_is_entered_with_its_end_and_restricts_until_then() {
    for keys in ["4 f4 3", "0 外 机 关 enter"] {
        let mut console = console(office(), (120, 40));
        console.keys(keys);
        assert!(console.screen().contains("影响期止"), "{}", console.screen());
        type_in(&mut console, "党内警告处分");
        console.keys("enter l w d enter");
        console.keys("2");
        type_in(&mut console, "市纪委监委");
        console.keys("enter");
        type_in(&mut console, "2026-11-02");
        console.keys("enter");
        type_in(&mut console, "2027-11-01");
        console.keys("enter tab 1 f5");
        let screen = console.screen();
        assert!(screen.contains("已办"), "{screen}");
        console.keys("esc 4");
        let screen = console.screen();
        assert!(
            screen.contains("党内警告处分 城建局·李卫东") && screen.contains("自11-02"),
            "{screen}"
        );
    }
}

/// The machine woke up six years ago: the day read on the wall is typed once and the console goes by it.
#[test]
fn the_day_asked_for_at_the_start_is_the_day_of_this_sitting() {
    let Made {
        office,
        operator,
        folder,
    } = office_of(Class::Office);
    let paths = office.file().office.clone().unwrap();
    drop(office);
    let six_years = 6 * 365 * 86_400_000;
    let office = Office::open(&paths, Clock::fixed(NOW - six_years), Entropy::System).unwrap();
    let made = Made {
        office,
        operator,
        folder,
    };
    let mut console = console(made, (120, 40));
    assert!(console.screen().contains("核对日期"), "{}", console.screen());
    type_in(&mut console, "2026-11-20");
    console.keys("f5");
    assert!(
        console.screen().contains("早于最后一次办理的日期"),
        "{}",
        console.screen()
    );
    console.keys("ctrl-a");
    type_in(&mut console, "2026-11-24");
    console.keys("f5");
    let screen = console.screen();
    assert!(
        screen.contains("11月24日 周二") && screen.contains("已办：核对日期"),
        "{screen}"
    );
    console.keys("down up");
    assert!(
        console
            .screen()
            .contains("今天按所填的 2026-11-24，本机日期是 2020-11-24"),
        "{}",
        console.screen()
    );
    console.keys("f5 2 f5");
    let screen = console.screen();
    assert!(screen.contains("✓ 2026-11-24 发布"), "{screen}");
}
