//! Keys in, screens out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support {
    pub mod console;
    pub mod fake_store;
}

use lianneng::app::key::Key;
use lianneng::app::model::{Busy, Model};
use lianneng::app::msg::{Effect, Msg, Request};
use lianneng::app::store::{Problem, Slot};
use lianneng::app::update::update;
use lianneng::app::worker::answer;
use support::console::Console;
use support::fake_store::Fake;

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);

fn console(size: (u16, u16)) -> Console<Fake> {
    Console::new(Fake::new(56), size)
}

fn screen(size: (u16, u16), keys: &str) -> String {
    console(size).keys(keys).screen()
}

#[test]
fn warnings() {
    insta::assert_snapshot!("warnings_120x40", screen(LARGE, "down down"));
    insta::assert_snapshot!("warnings_80x24", screen(SMALL, "down down"));
    insta::assert_snapshot!("warnings_80x24_second_page", screen(SMALL, "down enter"));
}

#[test]
fn points() {
    insta::assert_snapshot!("points_120x40", screen(LARGE, "2 esc down right down"));
    insta::assert_snapshot!("points_80x24", screen(SMALL, "2"));
}

#[test]
fn admonitions() {
    insta::assert_snapshot!("admonitions_120x40", screen(LARGE, "4 tab"));
    insta::assert_snapshot!("admonitions_80x24", screen(SMALL, "4"));
}

#[test]
fn dialogs() {
    insta::assert_snapshot!("grade_80x24", screen(SMALL, "f6 1 1"));
    insta::assert_snapshot!("grade_120x40", screen(LARGE, "f6 1 4 3"));
    insta::assert_snapshot!(
        "batch_80x24",
        screen(SMALL, "space space space space space space f6 1 4 enter")
    );
    insta::assert_snapshot!("intake_80x24", screen(SMALL, "0 1 1 c z"));
    insta::assert_snapshot!("menu_80x24", screen(SMALL, "0"));
    insta::assert_snapshot!("help_80x24", screen(SMALL, "?"));
    insta::assert_snapshot!("find_80x24", screen(SMALL, "z s"));
}

#[test]
fn raising_takes_four_keys_by_signature_list_and_five_signed() {
    let mut console = console(SMALL);
    console.keys("f6 1 4 enter");
    assert_eq!(console.store.acts.len(), 1);
    assert_eq!(console.store.acts[0].decision.as_deref(), Some("submit"));
    console.keys("f6 1 4 2 enter");
    let act = &console.store.acts[1];
    assert_eq!(act.decision.as_deref(), Some("signed"));
    assert!(act.values.contains(&("signed_on".into(), "2026-11-23".into())));
    console.keys("f6 1 1 2 2 enter");
    assert!(
        console.store.acts[2]
            .values
            .contains(&("responsible".into(), "cf".into()))
    );
}

#[test]
fn keys_that_arrive_before_the_form_go_into_the_form() {
    let mut console = console(SMALL);
    console.burst("f6 1 4 2 enter");
    assert_eq!(console.store.acts.len(), 1);
    assert_eq!(console.store.acts[0].decision.as_deref(), Some("signed"));
}

#[test]
fn enter_alone_changes_no_grade() {
    let mut console = console(SMALL);
    console.keys("f6 enter enter enter enter");
    assert!(console.store.acts.is_empty());
    assert!(console.screen().contains("请按数字选择"));
}

#[test]
fn full_width_digits_work_as_digits() {
    let mut console = console(SMALL);
    console.keys("f6 １ ４ enter");
    assert_eq!(console.store.acts.len(), 1);
}

#[test]
fn a_large_batch_asks_for_its_number() {
    let mut console = console(SMALL);
    console.keys("ctrl-a f6 1 4 enter");
    assert!(console.store.acts.is_empty());
    console.keys("5 5");
    assert!(console.store.acts.is_empty() && console.screen().contains("不符"));
    console.keys("5 6");
    assert_eq!(console.store.acts[0].targets.len(), 56);
    assert!(!console.screen().contains("已选"), "what was done is no longer marked");
}

#[test]
fn the_urgent_way_is_disabled_with_its_reason() {
    let mut console = console(SMALL);
    console.keys("f6 1 4 4 enter");
    assert_eq!(
        console.store.acts[0].decision.as_deref(),
        Some("submit"),
        "the refused digit chose nothing"
    );
}

#[test]
fn a_meeting_asks_for_its_number_first() {
    let mut console = console(SMALL);
    console.keys("f6 1 4 3 enter");
    assert!(console.store.acts.is_empty());
    console.keys("9 号 enter enter f5");
    assert_eq!(console.store.acts[0].decision.as_deref(), Some("meeting"));
    assert!(
        console.store.acts[0]
            .values
            .contains(&("meeting_number".into(), "9号".into()))
    );
}

#[test]
fn a_refused_act_stays_open_with_its_reason() {
    let mut console = console(SMALL);
    console.keys("f6 1 4");
    console.store.refuse_next = Some(Problem {
        reason: "本事项已被他人更新。".into(),
        hint: "请核对后再办".into(),
        field: None,
    });
    console.keys("enter");
    assert!(console.screen().contains("本事项已被他人更新"));
    console.keys("enter");
    assert_eq!(console.store.acts.len(), 1);
}

#[test]
fn undo_and_redo_say_what_they_did() {
    let mut console = console(SMALL);
    console.keys("f6 1 4 2 enter");
    assert!(console.screen().contains("Ctrl-Z 撤回"), "the bar names it beforehand");
    console.keys("ctrl-z");
    assert!(console.screen().contains("已撤回：adjust。按 Ctrl-Y 恢复"));
    console.keys("ctrl-y");
    assert!(console.screen().contains("已恢复"));
    console.keys("ctrl-z ctrl-z");
    assert!(console.screen().contains("没有可恢复") || console.screen().contains("没有可撤回"));
}

#[test]
fn find_opens_the_matter_and_a_person_in_the_pane_of_the_people() {
    let mut console = console(SMALL);
    console.keys("f3 0 0 4 2 enter");
    assert!(console.screen().contains("YJ-XY-2026-0042"));
    console.keys("esc");
    assert_eq!(
        console.model.pane().current().current().unwrap().code,
        "YJ-XY-2026-0042"
    );
    console.keys("z s enter");
    assert!(console.screen().contains("6 干部"));
    assert!(console.model.layers.is_empty());
}

#[test]
fn find_opens_the_first_hit_even_if_enter_came_before_the_answer() {
    let mut console = console(SMALL);
    console.burst("f3 0 0 4 2 enter");
    assert!(console.screen().contains("YJ-XY-2026-0042"));
    assert!(console.model.layers.is_empty());
}

#[test]
fn what_is_disabled_says_why() {
    let mut console = console(SMALL);
    assert!(console.screen().contains("对象单位未确定"));
    console.keys("f8");
    assert!(console.screen().contains("“三诫勉”暂不可用：对象单位未确定"));
}

#[test]
fn a_step_of_the_history_is_taken_back_from_the_history() {
    let mut console = console(LARGE);
    console.keys("enter enter 2 enter");
    let act = &console.store.acts[0];
    assert_eq!((act.verb.as_str(), act.targets[0].0.as_str()), ("revert", "w0000"));
}

#[test]
fn text_typed_into_a_form_is_not_lost_by_one_esc() {
    let mut console = console(SMALL);
    console.keys("f5 整 改 esc");
    assert!(console.screen().contains("再按一次 Esc"));
    console.keys("完 esc esc");
    assert!(console.model.layers.is_empty());
    console.keys("f5 整 改 f5");
    assert!(console.store.acts[0].values.contains(&("result".into(), "整改".into())));
}

#[test]
fn a_paste_is_text_and_never_keys() {
    let mut console = console(SMALL);
    console.send(Msg::Paste("f6\n1\n4\n".into()));
    assert!(console.store.acts.is_empty());
    assert!(!console.model.layers.is_empty(), "it went into find");
    console.keys("esc f5");
    console.send(Msg::Paste("第一行\r\n第二行".into()));
    console.keys("f5");
    assert!(
        console.store.acts[0]
            .values
            .contains(&("result".into(), "第一行\n第二行".into()))
    );
}

#[test]
fn the_real_cursor_stands_at_the_caret() {
    let mut console = console(SMALL);
    assert_eq!(console.drawn().1, None);
    console.keys("消 防 通 道");
    let (screen, cursor) = console.drawn();
    let cursor = cursor.unwrap();
    let line = screen.lines().nth(usize::from(cursor.y)).unwrap();
    let before: String = line.split("消防通道").next().unwrap().into();
    assert_eq!(usize::from(cursor.x), lianneng::tui::text::width(&before) + 8);
}

#[test]
fn a_list_of_ten_thousand_is_walked_by_pages_and_ends() {
    let mut console = Console::new(Fake::new(10_000), SMALL);
    console.keys("end");
    assert_eq!(
        console.model.pane().current().current().unwrap().code,
        "YJ-XY-2026-10000"
    );
    console.burst(&"pgup ".repeat(200));
    console.burst(&"down ".repeat(300));
    let row = console.model.pane().current().current().unwrap().clone();
    let card = console.model.pane().card.detail.as_ref().unwrap().stream.clone();
    assert_eq!(card, row.stream, "the detail caught up with the cursor");
    console.keys("home");
    assert_eq!(
        console.model.pane().current().current().unwrap().code,
        "YJ-XY-2026-0001"
    );
}

#[test]
fn no_size_panics_in_any_dialog() {
    for keys in [
        "",
        "enter",
        "2",
        "4",
        "f6 1 1",
        "0",
        "?",
        "z s",
        "0 1 1 c z",
        "z s enter",
        "f5 整",
    ] {
        let mut console = console(LARGE);
        console.keys(keys);
        for width in (0..=62).chain([79, 80, 99, 100, 140]) {
            for height in (0..=18).chain([24, 50]) {
                console.send(Msg::Resize(width, height));
                console.drawn();
            }
        }
    }
}

#[test]
fn leaving_is_f10_or_ctrl_q_and_ctrl_c_copies() {
    let mut console = console(SMALL);
    console.keys("ctrl-c");
    assert_eq!(console.copied, ["YJ-XY-2026-0001"]);
    assert!(!console.left);
    console.keys("f6 f10");
    assert!(console.left);
}

/// Shows the console with the invented office in the terminal at hand:
/// `cargo test --test console -- --ignored --nocapture show`.
#[test]
#[ignore = "for looking at, needs a terminal"]
fn show() {
    lianneng::tui::run::run(None, || Ok(Fake::new(5_000))).unwrap();
}

#[test]
fn a_key_waits_for_what_can_be_done_now_after_a_change() {
    let mut console = console(LARGE);
    let asked = update(&mut console.model, Msg::Changed);
    let is_detail = |effect: &Effect| matches!(effect, Effect::Ask(Request::Detail(_)));
    let (late, first): (Vec<Effect>, Vec<Effect>) = asked.into_iter().partition(is_detail);
    assert_eq!(late.len(), 1);
    let mut reply = |model: &mut Model, effects: Vec<Effect>| {
        for effect in effects {
            let Effect::Ask(request) = effect else { continue };
            let reply = answer(&mut console.store, request);
            update(model, Msg::Reply(reply));
        }
    };
    reply(&mut console.model, first);
    let early = update(&mut console.model, Msg::Key(Key::F(5)));
    assert!(
        early.is_empty(),
        "what was possible before the change is not offered: {early:?}"
    );
    assert_eq!(console.model.busy, Some(Busy::Act(Slot::Next)));
    reply(&mut console.model, late);
    assert_eq!(
        console.model.busy,
        Some(Busy::Form),
        "the form is asked for once it is known"
    );
}
