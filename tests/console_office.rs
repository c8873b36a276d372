//! The console over a real file: the main job by keys, without a terminal.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support {
    #[allow(dead_code)]
    pub mod console;
    #[allow(dead_code)]
    pub mod office;
}

use chrono::NaiveDate;
use lianneng::app::msg::Msg;
use lianneng::app::store::Store;
use lianneng::cli::console::OfficeStore;
use lianneng::domain::world::Operator;
use lianneng::domain::{Act, BodyRef, Decision, StreamId, Verb};
use lianneng::ledger::clock::Clock;
use lianneng::ledger::drafts::Drafts;
use lianneng::ledger::entropy::Entropy;
use lianneng::ledger::office::{Office, local_operator};
use lianneng::ledger::query::{ListQuery, Reader};
use support::console::Console;
use support::office::{Made, NOW, console, office};

#[test]
fn the_queue_shows_the_matters_worst_first_with_their_clocks() {
    let console = console(office(), (120, 40));
    insta::assert_snapshot!("office_warnings_120x40", console.screen());
}

#[test]
fn a_changed_policy_file_is_told_of_until_it_is_adopted() {
    let made = office();
    let folder = made.office.file().office.clone().unwrap();
    let mut console = console(made, (120, 40));
    assert!(!console.screen().contains("尚未启用"));
    std::fs::write(folder.policy(), "publicity_workdays = 7\n").unwrap();
    console.send(Msg::Changed);
    let screen = console.screen();
    assert!(
        screen.contains("政策文件已改，尚未启用（lianneng adopt）。"),
        "{screen}"
    );
    let mut other = Office::open(&folder, Clock::fixed(NOW), Entropy::System).unwrap();
    let drafts = Drafts::look(&folder, &other.texts().source).unwrap();
    other.adopt(&local_operator(), &drafts.texts).unwrap();
    console.send(Msg::Changed);
    let screen = console.screen();
    assert!(!screen.contains("尚未启用"), "{screen}");
}

#[test]
fn who_is_recused_sees_and_counts_nothing_of_the_matter() {
    let mut made = office();
    let register = Act::new(Verb::Register, vec![])
        .with("source", "public")
        .with("unit", "城建局")
        .with("person", "李卫东")
        .with("content", "违规干预招标");
    let about_the_head = made.act(register);
    let reader = Reader::beside(&made.office).unwrap();
    let code = reader.item(about_the_head).unwrap().code;
    let unit = reader
        .list(&ListQuery {
            register: "unit".into(),
            ..ListQuery::default()
        })
        .unwrap()
        .items[0]
        .stream;
    let clerk = Operator {
        capacities: vec![BodyRef::Implementation(unit)],
        ..Operator::recorder("clerk", "区城建局经办人")
    };
    let folder = made.office.file().office.clone().unwrap();
    let other = Office::open(&folder, Clock::fixed(NOW), Entropy::System).unwrap();
    let all = console(made, (120, 40));
    assert!(
        all.screen().contains(&code) && all.screen().contains("预警事项 3"),
        "{}",
        all.screen()
    );
    let mut own = Console::new(OfficeStore::new(other, clerk, None, "演练").unwrap(), (120, 40));
    let screen = own.screen();
    assert!(screen.contains("预警事项 2") && screen.contains("我方 2"), "{screen}");
    assert!(!screen.contains(&code) && !screen.contains("待1"), "{screen}");
    own.keys("/");
    own.send(Msg::Paste(code.clone()));
    let screen = own.screen();
    assert!(!screen.contains("违规干预") && !screen.contains("李卫东"), "{screen}");
    let detail = own.store.detail(&about_the_head.to_string()).unwrap_err();
    let unknown = own.store.detail(&StreamId([7; 16]).to_string()).unwrap_err();
    assert_eq!(detail, unknown, "in the words of an unknown matter");
}

/// The office of [`office`] two weeks later: the first matter was raised to red on 1 December, recorded on the 4th.
fn raised_late() -> Made {
    let mut made = office();
    let folder = made.office.file().office.clone().unwrap();
    let days = |n: i64| Clock::fixed(NOW + n * 86_400_000);
    made.office = Office::open(&folder, days(11), Entropy::System).unwrap();
    let reader = Reader::beside(&made.office).unwrap();
    let first = reader.resolve("YJ-XY-2026-0001").unwrap();
    let mut raise = Act::new(Verb::Escalate, vec![first]).with("cause", "new_facts");
    raise.decision = Some(Decision::Signed {
        signer: Some("周涛".into()),
        on: None,
    });
    raise.happened = NaiveDate::from_ymd_opt(2026, 12, 1);
    made.act(raise);
    drop(reader);
    made.office = Office::open(&folder, days(14), Entropy::System).unwrap();
    made
}

#[test]
fn an_earlier_day_is_looked_at_by_keys_and_nothing_can_be_done_in_it() {
    let mut console = console(raised_late(), (120, 40));
    assert!(
        console.screen().contains("[橙] YJ-XY-2026-0001"),
        "{}",
        console.screen()
    );
    console.keys("ctrl-d 1 2 0 2 enter 1 ctrl-s");
    let screen = console.screen();
    assert!(screen.contains("〔截至 2026-12-02 的情况（今日所知）〕"), "{screen}");
    let title = screen.lines().next().unwrap();
    assert!(
        screen.contains("[橙] YJ-XY-2026-0001") && !title.contains("我方"),
        "{screen}"
    );
    insta::assert_snapshot!("office_past_120x40", screen);
    for key in ["f4", "ctrl-z"] {
        console.keys(key);
        let screen = console.screen();
        assert!(
            screen.contains("只能查看") && screen.contains("按 Ctrl-D 回到今日"),
            "{key}: {screen}"
        );
    }
    console.keys("ctrl-d");
    let screen = console.screen();
    assert!(
        screen.contains("已回到今日") && screen.contains("我方") && !screen.contains("截至"),
        "{screen}"
    );

    console.keys("ctrl-d 1 2 0 2 enter 2 ctrl-s");
    for _ in 0..100 {
        if console.screen().contains("当时所知〕") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
        console.send(Msg::Changed);
    }
    let screen = console.screen();
    assert!(screen.contains("〔2026-12-02 当时所知〕"), "{screen}");
    assert!(screen.contains("[黄] YJ-XY-2026-0001"), "not yet known then: {screen}");
    console.keys("0");
    assert!(console.screen().contains("回到今日"), "{}", console.screen());
    console.keys("esc ctrl-d");
    assert!(
        console.screen().contains("[橙] YJ-XY-2026-0001"),
        "{}",
        console.screen()
    );
    console.keys("ctrl-d 2 0 2 7 - 1 - 1 enter 1 ctrl-s");
    assert!(console.screen().contains("2027-01-01 还没有到"), "{}", console.screen());
}

#[test]
fn a_yellow_matter_is_raised_by_keys_and_taken_back() {
    let mut console = console(office(), (80, 24));
    console.keys("down f6 2 3");
    insta::assert_snapshot!("office_raise_80x24", console.screen());
    console.keys("2 enter");
    let screen = console.screen();
    assert!(screen.contains("已办：调高等级 YJ-XY-2026-0001"), "{screen}");
    console.keys("ctrl-z");
    let screen = console.screen();
    assert!(screen.contains("已撤回：调高等级"), "{screen}");
    console.keys("ctrl-y");
    assert!(console.screen().contains("已恢复：调高等级"));
}

#[test]
fn with_a_cause_that_names_leaders_an_admonition_is_proposed() {
    let mut console = console(office(), (120, 40));
    console.keys("down f6 2 2 1 2 enter");
    let screen = console.screen();
    assert!(screen.contains("另提出 JJ-XY-2026-0001"), "{screen}");
    console.keys("4 tab tab");
    insta::assert_snapshot!("office_admonitions_120x40", console.screen());
}

#[test]
fn by_signature_list_nothing_moves_until_it_comes_back() {
    let mut console = console(office(), (120, 40));
    console.keys("down f6 2 3 enter");
    let screen = console.screen();
    assert!(screen.contains("已送签，列入 CP-XY-2026-0001"), "{screen}");
    assert!(screen.contains("待回签"), "{screen}");
    assert!(screen.contains("黄1"), "{screen}");
    console.keys("f5");
    insta::assert_snapshot!("office_countersign", console.screen());
    console.keys("f5");
    let screen = console.screen();
    assert!(screen.contains("已办：回签") && screen.contains("橙2"), "{screen}");
}

#[test]
fn an_admonition_is_issued_by_four_keys_and_the_kind_that_only_raising_brings_says_so() {
    let mut console = console(office(), (120, 40));
    console.keys("f8");
    insta::assert_snapshot!("office_admonish", console.screen());
    console.keys("1 2 enter");
    let screen = console.screen();
    assert!(screen.contains("已办：三诫勉 JT-XY-2026-0001"), "{screen}");
}

#[test]
fn a_report_is_registered_from_anywhere_and_found_by_initials() {
    let mut console = console(office(), (80, 24));
    console.keys("2 0 1");
    insta::assert_snapshot!("office_intake_80x24", console.screen());
    console.keys("5 c j j enter");
    let screen = console.screen();
    assert!(screen.contains("城建局"), "{screen}");
    console.keys("违 规 发 包 f5");
    let screen = console.screen();
    assert!(screen.contains("已办：信息登记 YJ-XY-2026-0003"), "{screen}");
    console.keys("f3 l w d enter");
    let screen = console.screen();
    assert!(screen.contains("李卫东"), "{screen}");
}

#[test]
fn who_told_it_is_typed_once_and_read_by_the_keeper_alone() {
    let mut console = console(office(), (120, 40));
    console.keys("2 0 1 5 c j j enter 违 规 发 包 tab tab tab tab tab tab tab 赵 小 满 tab tab 1 3 8 7 0");
    let screen = console.screen();
    assert!(screen.contains("赵小满") && screen.contains("13870"), "{screen}");
    console.keys("f5");
    let screen = console.screen();
    assert!(screen.contains("来源人已密封"), "{screen}");
    assert!(!screen.contains("赵小满") && !screen.contains("13870"), "{screen}");
    console.keys("f3 违 规 发 包 enter");
    let screen = console.screen();
    assert!(screen.contains("来源人：已密封"), "{screen}");
    console.keys("0 c k l y enter 回 访 f5");
    let screen = console.screen();
    assert!(screen.contains("赵小满") && screen.contains("13870"), "{screen}");
    console.keys("up");
    let screen = console.screen();
    assert!(screen.contains("查看来源") && !screen.contains("赵小满"), "{screen}");
}

#[test]
fn a_matter_walks_from_release_to_lift_by_the_next_step_key() {
    let mut console = console(office(), (120, 40));
    let mut after = |keys: &str, said: &str| {
        console.keys(keys);
        let screen = console.screen();
        assert!(screen.contains(said), "after {keys}:\n{screen}");
    };
    after("down f5 2 enter", "已办：发布 YJ-XY-2026-0001");
    after("f5 enter", "已办：送达");
    after("f5 已 补 办 报 批 手 续 f5", "已办：录入反馈");
    after("f5 1 enter", "已办：核验");
    after("f5 2 enter", "已办：解除");
}

#[test]
fn an_admonition_restricts_its_leader_from_service_to_lift() {
    let mut console = console(office(), (120, 40));
    let mut after = |keys: &str, said: &str| {
        console.keys(keys);
        let screen = console.screen();
        assert!(screen.contains(said), "after {keys}:\n{screen}");
    };
    after("down f6 2 2 1 2 enter", "另提出 JJ-XY-2026-0001");
    after("4 tab tab f5 enter", "已办：听取说明");
    after("f5 2 enter", "已办：批准");
    after("f5 enter", "已办：送达");
    after("", "不得提拔、调动、评先评优");
    after("f5 enter", "已办：谈话");
    after("f5 已 整 改 f5", "已办：录入反馈");
    after("f5 1 enter", "已办：核验");
    after("f5 2 enter", "已办：解除");
    after("", "限制中 0");
}

#[test]
fn an_order_to_correct_is_carried_through_by_keys() {
    let mut console = console(office(), (120, 40));
    console.keys("4 f4 2");
    insta::assert_snapshot!("office_accountability_form", console.screen());
    console.keys("3 3 c j j enter f5");
    let screen = console.screen();
    assert!(screen.contains("已办：问责处理 WZ-XY-2026-0001"), "{screen}");
    console.keys("tab tab tab");
    assert!(
        console.screen().contains("F5 下一步：指定责任人"),
        "{}",
        console.screen()
    );
    console.keys("f5 l w d enter f5");
    assert!(console.screen().contains("F5 下一步：情节认定"), "{}", console.screen());
    console.keys("f5 3 2 2 f5");
    assert!(console.screen().contains("F5 下一步：听取说明"), "{}", console.screen());
    console.keys("f5 f5");
    assert!(console.screen().contains("F5 下一步：批准"), "{}", console.screen());
    insta::assert_snapshot!("office_accountability_120x40", console.screen());
    console.keys("0");
    let screen = console.screen();
    for label in ["问责处理", "不予批准", "申诉"] {
        assert!(screen.contains(label), "{label} stands in the menu: {screen}");
    }
}

#[test]
fn every_register_has_its_place_and_shows_the_columns_of_its_sheet() {
    let mut console = console(office(), (120, 40));
    console.keys("5");
    let screen = console.screen();
    assert!(screen.contains("5 台账") && screen.contains("四会 单位"), "{screen}");
    let pane = console.model.pane();
    let rows = &pane.nav.as_ref().unwrap().rows;
    let at = rows.iter().position(|row| row.id == "post").unwrap();
    console.keys(&format!("backtab home {}", "down ".repeat(at)));
    let screen = console.screen();
    assert!(screen.contains("岗位名称"), "{screen}");
    assert_eq!(console.model.pane().register(), "post");
    console.keys("6");
    assert!(console.screen().contains("李卫东"), "{}", console.screen());
    console.keys("8");
    assert!(console.screen().contains("风险点位"), "{}", console.screen());
}
