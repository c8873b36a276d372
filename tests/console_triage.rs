//! 快速分拣 over a real file: keys in, verdicts in the log.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support {
    #[allow(dead_code)]
    pub mod console;
    #[allow(dead_code)]
    pub mod office;
}

use lianneng::app::key::Key;
use lianneng::app::model::Layer;
use lianneng::app::msg::Msg;
use lianneng::app::store::Store;
use lianneng::cli::console::OfficeStore;
use lianneng::domain::{Act, Verb};
use support::console::Console;
use support::office::{console, office};

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);

/// Four reports that wait, the third the most urgent.
fn waiting(size: (u16, u16)) -> Console<OfficeStore> {
    let mut made = office();
    made.record("person", &[("name", "周甲"), ("unit", "城建局"), ("rank", "section")]);
    made.record("person", &[("name", "吴乙"), ("unit", "城建局"), ("rank", "section")]);
    for (content, urgency) in [
        ("围标线索不实", "normal"),
        ("同一工程拆分发包", "urgent"),
        ("桥梁支座以次充好", "critical"),
        ("工地扰民", "normal"),
    ] {
        let report = Act::new(Verb::Register, vec![])
            .with("source", "public")
            .with("unit", "城建局")
            .with("urgency", urgency)
            .with("content", content);
        made.act(report);
    }
    console(made, size)
}

fn begun(size: (u16, u16)) -> Console<OfficeStore> {
    let mut console = waiting(size);
    console.keys("ctrl-t 周 甲 1 吴 乙 1 enter");
    console
}

fn stage(console: &mut Console<OfficeStore>, code: &str) -> String {
    let hit = console.store.find(code, 1).unwrap().remove(0);
    hit.stage
}

#[test]
fn triage_takes_a_digit_and_enter_a_report_the_most_urgent_first() {
    let mut console = begun(SMALL);
    let screen = console.screen();
    assert!(
        screen.contains("第 1 件 / 共 4 件") && screen.contains("桥梁支座以次充好"),
        "{screen}"
    );
    assert!(screen.contains("未逐项评分"));
    console.keys("1 enter");
    assert!(console.screen().contains("同一工程拆分发包"));
    assert_eq!(stage(&mut console, "YJ-XY-2026-0005"), "待发布");
    console.keys("3 enter");
    assert!(console.screen().contains("围标线索不实"));
    // not signed yet: nothing takes effect
    console.keys("4 enter 5 enter");
    assert_eq!(stage(&mut console, "YJ-XY-2026-0003"), "待评估");
    let screen = console.screen();
    assert!(
        screen.contains("一级红 1 件、三级黄 1 件、不予预警（存查） 1 件、不予受理 1 件"),
        "{screen}"
    );
    insta::assert_snapshot!("triage_end_80x24", screen);
    console.keys("enter");
    let screen = console.screen();
    assert!(screen.contains("列入 CP-"), "{screen}");
    insta::assert_snapshot!("triage_sent_80x24", screen);
    console.keys("enter");
    assert!(console.model.layers.is_empty());
    assert!(console.screen().contains("分拣完毕"), "{}", console.screen());
    assert_eq!(console.store.header().unwrap().paused, "");
}

#[test]
fn keys_before_the_next_report_was_drawn_are_dropped() {
    let mut console = begun(SMALL);
    console.burst("1 enter 2 enter 3 enter");
    console.model.drawn();
    let screen = console.screen();
    assert!(screen.contains("第 2 件 / 共 4 件"), "{screen}");
    // arrived but not drawn: still nothing
    for name in ["2", "enter", "1", "enter"] {
        console.send(Msg::Key(Key::parse(name).unwrap()));
    }
    assert!(console.screen().contains("第 3 件 / 共 4 件"));
}

#[test]
fn backspace_goes_one_back_and_withdraws_its_verdict() {
    let mut console = begun(SMALL);
    console.keys("1 enter 4 enter");
    assert!(console.screen().contains("第 3 件"));
    console.keys("backspace");
    assert!(console.screen().contains("第 2 件"), "{}", console.screen());
    console.keys("backspace");
    assert!(console.screen().contains("桥梁支座以次充好"));
    assert_eq!(stage(&mut console, "YJ-XY-2026-0005"), "待评估");
    console.keys("backspace");
    assert!(console.screen().contains("这是本次的第一件"));
    console.keys("2 backspace 3 enter");
    assert_eq!(stage(&mut console, "YJ-XY-2026-0005"), "待发布");
}

#[test]
fn an_interrupted_triage_is_paused_and_goes_on() {
    let mut console = begun(SMALL);
    console.keys("1 enter 0 1 enter esc");
    assert!(console.screen().contains("分拣已暂停，余 3 件"), "{}", console.screen());
    console.keys("1");
    assert!(
        console.screen().contains("接着上次：快速分拣已暂停，已下结论 2 件"),
        "{}",
        console.screen()
    );
    console.keys("0 j x k s");
    assert!(console.screen().contains("继续快速分拣"));
    console.keys("esc esc ctrl-t enter");
    let screen = console.screen();
    assert!(
        screen.contains("第 1 件 / 共 2 件") && screen.contains("周甲、吴乙"),
        "{screen}"
    );
    console.keys("3 enter 3 enter");
    assert!(console.screen().contains("待送签：发布 3 件") && console.screen().contains("暂放 1 件"));
}

#[test]
fn a_report_is_merged_sent_up_handed_over_and_referred() {
    let mut console = begun(LARGE);
    insta::assert_snapshot!("triage_120x40", console.screen());
    console.keys("6");
    insta::assert_snapshot!("triage_merge_120x40", console.screen());
    console.keys("enter");
    assert!(console.screen().contains("请再按一个数字选定"));
    console.keys("1 enter");
    assert!(console.screen().contains("第 2 件"), "{}", console.screen());
    console.keys("7");
    assert!(console.screen().contains("上报") || console.screen().contains("转到哪里"));
    console.keys("1 enter");
    assert!(console.screen().contains("第 3 件"), "{}", console.screen());
    console.keys("7 3 城 建");
    assert!(console.screen().contains("1 城建局"), "{}", console.screen());
    console.keys("esc backspace 8 案 管 室 enter");
    assert!(console.screen().contains("第 4 件"), "{}", console.screen());
    console.keys("0 2 enter enter");
    let screen = console.screen();
    assert!(screen.contains("移送线索"), "{screen}");
    assert!(matches!(console.model.layers.last(), Some(Layer::Triage(_))));
}

#[test]
fn triage_at_the_small_size_and_no_size_panics() {
    let mut console = begun(SMALL);
    insta::assert_snapshot!("triage_80x24", console.screen());
    for keys in ["7", "7 3", "0", "8", "6", "4 tab"] {
        console.keys("esc");
        console.keys(keys);
        for width in (0..=62).chain([80, 100, 140]) {
            for height in (0..=18).chain([24, 50]) {
                console.send(Msg::Resize(width, height));
                console.drawn();
            }
        }
        console.send(Msg::Resize(80, 24));
        console.keys("esc");
    }
}

#[test]
fn two_judges_are_two_people() {
    let mut console = waiting(SMALL);
    console.keys("ctrl-t 周 甲 1 周 甲 1 enter");
    assert!(
        console.screen().contains("两名评估人不能是同一人"),
        "{}",
        console.screen()
    );
}
