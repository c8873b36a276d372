//! Pane 6 over a real file: people, 名单核查, 单位全景, namesakes; and the batches of pane 1.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support {
    #[allow(dead_code)]
    pub mod console;
    #[allow(dead_code)]
    pub mod office;
}

use lianneng::app::msg::Msg;
use lianneng::cli::console::OfficeStore;
use lianneng::domain::world::Operator;
use lianneng::domain::{Act, BodyRef, Verb};
use lianneng::ledger::clock::Clock;
use lianneng::ledger::entropy::Entropy;
use lianneng::ledger::office::Office;
use lianneng::ledger::query::Reader;
use support::console::Console;
use support::office::{Made, NOW, office};

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);

/// The small office with a second unit, a namesake in it, and 周涛 under a restriction of another organ.
fn peopled() -> Made {
    let mut made = office();
    made.record(
        "unit",
        &[("name", "教体局"), ("kind", "department"), ("organ_line", "government")],
    );
    let clerk = [("name", "出纳岗"), ("unit", "教体局"), ("rank", "staff")];
    let clerk = made.record("post", &clerk).to_string();
    for (name, post) in [("周涛", clerk.as_str()), ("吴敏", "")] {
        let mut fields = vec![("name", name), ("unit", "教体局"), ("rank", "staff")];
        if !post.is_empty() {
            fields.push(("post", post));
        }
        made.record("person", &fields);
    }
    made.record(
        "outside_decision",
        &[
            ("person", "RY-XY-0004"),
            ("kind", "政务处分"),
            ("title", "记过"),
            ("organ", "市纪委"),
            ("document", "市纪〔2026〕9号"),
            ("promotion", "true"),
            ("from", "2026-06-01"),
            ("to", "2027-05-31"),
        ],
    );
    made
}

fn console(made: Made, size: (u16, u16)) -> Console<OfficeStore> {
    support::office::console(made, size)
}

#[test]
fn the_list_says_who_is_restricted_until_when_and_the_card_why() {
    for (name, size) in [("80x24", SMALL), ("120x40", LARGE)] {
        let mut console = console(peopled(), size);
        console.keys("6");
        let screen = console.screen();
        assert!(screen.contains("限制中 至2027-05-31"), "{screen}");
        insta::assert_snapshot!(format!("people_{name}"), screen);
        console.keys("down enter");
        let screen = console.screen();
        for told in ["不得提拔", "外机关处理", "市纪委", "申诉：向作出决定的机关提出"] {
            assert!(screen.contains(told), "{told}\n{screen}");
        }
        insta::assert_snapshot!(format!("person_{name}"), screen);
    }
}

#[test]
fn a_step_of_the_timeline_opens_its_matter_and_esc_leads_back() {
    let mut console = console(peopled(), LARGE);
    console.keys("6 down enter");
    let steps = console.model.pane().card.detail.clone().unwrap().timeline;
    let own = console.model.pane().card.detail.clone().unwrap().code;
    let at = steps.iter().position(|step| step.opens.is_some()).unwrap();
    console.keys("home");
    console.keys(&"down ".repeat(at));
    console.keys("enter");
    let screen = console.screen();
    assert!(screen.contains("WJ-XY") || screen.contains("市纪委"), "{screen}");
    console.keys("esc");
    assert!(console.model.layers.is_empty() && console.screen().contains(&own));
}

#[test]
fn a_pasted_list_is_answered_row_by_row() {
    for (name, size) in [("80x24", SMALL), ("120x40", LARGE)] {
        let mut console = console(peopled(), size);
        console.keys("6 ctrl-k 1");
        insta::assert_snapshot!(format!("roll_empty_{name}"), console.screen());
        let block = "序号\t姓名\t职务\n1\t周涛\t科员\n2\t陈静\t主任\n3\t赵六\t\n4\t吴  敏\t科员\n";
        console.send(Msg::Paste(block.into()));
        let screen = console.screen();
        insta::assert_snapshot!(format!("roll_{name}"), &screen);
        for told in ["请选", "未在名录", "无限制 2"] {
            assert!(screen.contains(told), "{told}\n{screen}");
        }
        assert!(!screen.contains("无记录”") || screen.contains("不能据此"), "{screen}");
        // the namesake in 教体局, told apart by unit and post
        let (at, _) = ["1", "2"]
            .into_iter()
            .enumerate()
            .find(|(at, _)| {
                let roll = match console.model.layers.last() {
                    Some(lianneng::app::model::Layer::Roll(roll)) => roll,
                    other => panic!("{other:?}"),
                };
                roll.verdicts[0].choices[*at].note.contains("出纳岗")
            })
            .unwrap();
        console.keys(&format!("{}", at + 1));
        let screen = console.screen();
        assert!(screen.contains("有限制") && screen.contains("2027-05-31"), "{screen}");
        console.keys("tab");
        assert!(console.screen().contains("调动"), "{}", console.screen());
        assert!(!console.screen().contains("有限制 1"), "only promotion is barred");
        console.keys("esc esc");
        assert!(console.model.layers.is_empty());
    }
}

#[test]
fn names_by_initials_and_the_source_one_key_away() {
    let mut console = console(peopled(), SMALL);
    console.keys("0");
    for c in "mdhc".chars() {
        console.keys(&c.to_string());
    }
    console.keys("enter 4 w m enter");
    let screen = console.screen();
    assert!(screen.contains("吴敏") && screen.contains("无限制"), "{screen}");
    console.keys("z t");
    insta::assert_snapshot!("roll_offered_80x24", console.screen());
    console.keys("2 enter");
    let screen = console.screen();
    assert!(screen.contains("周涛") && screen.contains("历程"), "{screen}");
    console.keys("esc delete");
    assert!(console.screen().contains("共 1 人"), "{}", console.screen());
}

#[test]
fn the_answers_are_written_as_a_table_that_says_what_it_is() {
    let made = peopled();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("结果.xlsx");
    let mut console = console(made, SMALL);
    console.keys("ctrl-k");
    console.send(Msg::Paste("周涛（教体局）、陈静、赵六".into()));
    console.keys("f5");
    console.send(Msg::Paste(path.display().to_string()));
    console.keys("enter");
    assert!(console.screen().contains("已写成"), "{}", console.screen());
    let mut rows: Vec<String> = Vec::new();
    let mut book = lianneng::papers::book::Book::open(&path).unwrap();
    book.rows(0, &mut |row: lianneng::papers::grid::Row| {
        rows.push(
            row.cells
                .iter()
                .map(|(_, cell)| cell.text.clone())
                .collect::<Vec<_>>()
                .join(" "),
        );
        Ok(lianneng::papers::grid::Go::On)
    })
    .unwrap();
    let all = rows.join("\n");
    for told in [
        "有限制",
        "无限制",
        "未在名录",
        "2026-06-01 至 2027-05-31",
        "仅依据本台账",
    ] {
        assert!(all.contains(told), "{told}\n{all}");
    }
}

#[test]
fn enter_on_a_unit_shows_it_whole_by_tag_and_period() {
    for (name, size) in [("80x24", SMALL), ("120x40", LARGE)] {
        let mut console = console(peopled(), size);
        console.keys("6 esc down down enter");
        insta::assert_snapshot!(format!("unit_{name}"), console.screen());
        console.keys("tab");
        console.keys(&"down ".repeat(11));
        let screen = console.screen();
        assert!(
            screen.contains("大额拨付无联签") && !screen.contains("李卫东"),
            "{screen}"
        );
        console.keys("5 0 1 0 1 space 0 2 0 1 enter");
        assert!(console.screen().contains("这一时段没有"), "{}", console.screen());
        console.keys("1");
        assert!(
            console.screen().contains("2026-11-23 至 2026-11-23"),
            "{}",
            console.screen()
        );
        console.keys("esc");
        assert!(console.model.layers.is_empty());
    }
}

#[test]
fn find_tells_namesakes_apart_and_opens_a_unit_whole() {
    let mut console = console(peopled(), SMALL);
    console.keys("z t");
    let screen = console.screen();
    assert!(
        screen.contains("周涛 教体局·出纳岗") && screen.contains("周涛 城建局"),
        "{screen}"
    );
    assert!(
        screen.contains("限制中 至2027-05-31") && screen.contains("无限制"),
        "{screen}"
    );
    insta::assert_snapshot!("find_namesakes_80x24", screen);
    console.keys("esc / 教 体 局");
    while !console.screen().contains(">单位") {
        console.keys("down");
    }
    console.keys("enter");
    assert!(console.screen().contains("单位全景"), "{}", console.screen());
}

#[test]
fn a_batch_leads_to_its_points_and_esc_to_all_of_them() {
    let mut made = peopled();
    for description in ["先批后补", "超付", "漏审"] {
        let draft = Act::new(Verb::Draft, vec![])
            .with("unit", "城建局")
            .with("class", "post_duty")
            .with("item", "procurement")
            .with("description", description);
        let point = made.act(draft);
        made.act(Act::new(Verb::Submit, vec![point]));
    }
    let other = Act::new(Verb::Draft, vec![])
        .with("unit", "教体局")
        .with("class", "post_duty")
        .with("item", "procurement")
        .with("description", "收费不公示");
    made.act(other);
    let paths = made.office.file().office.clone().unwrap();
    made.office = Office::open(&paths, Clock::fixed(NOW + 8 * 86_400_000), Entropy::System).unwrap();
    let mut console = console(made, LARGE);
    console.keys("1");
    for _ in 0..20 {
        if console
            .model
            .pane()
            .current()
            .current()
            .is_some_and(|row| row.leads_to.is_some())
        {
            break;
        }
        console.keys("down");
    }
    insta::assert_snapshot!("batch_row_120x40", console.screen());
    console.keys("enter");
    let screen = console.screen();
    assert!(
        screen.contains("先批后补") && !screen.contains("收费不公示"),
        "{screen}"
    );
    insta::assert_snapshot!("batch_120x40", &screen);
    console.send(Msg::Changed);
    assert!(!console.screen().contains("收费不公示"), "it stays narrowed");
    console.keys("ctrl-a");
    assert!(console.screen().contains("已选 3"), "{}", console.screen());
    console.keys("esc");
    assert!(console.screen().contains("收费不公示"), "{}", console.screen());
}

/// covers §0.16
#[test]
fn what_is_kept_from_the_viewer_stands_in_no_card_and_no_unit() {
    let mut made = peopled();
    let register = Act::new(Verb::Register, vec![])
        .with("source", "public")
        .with("unit", "城建局")
        .with("person", "李卫东")
        .with("content", "违规干预招标");
    made.act(register);
    let unit = made.office.file().office.clone().unwrap();
    let reader = Reader::beside(&made.office).unwrap();
    let own = reader.candidates("unit", "城建局", 1).unwrap()[0].stream;
    let clerk = Operator {
        capacities: vec![BodyRef::Implementation(own)],
        ..Operator::recorder("clerk", "区城建局经办人")
    };
    let office = Office::open(&unit, Clock::fixed(NOW), Entropy::System).unwrap();
    let mut own = Console::new(OfficeStore::new(office, clerk, None, "演练").unwrap(), LARGE);
    let mut all = console(made, LARGE);
    for keys in ["6 end", "6 esc down down enter"] {
        let (all, own) = (all.keys(keys).screen(), own.keys(keys).screen());
        assert!(all.contains("违规干预招标"), "{all}");
        assert!(
            !own.contains("违规干预招标") && !own.contains("YJ-XY-2026-0003"),
            "{own}"
        );
        assert!(own.contains("李卫东"), "{own}");
    }
}

#[test]
fn no_size_panics_in_lists_of_names_cards_and_units() {
    for keys in [
        "6",
        "6 down enter",
        "ctrl-k",
        "ctrl-k 1 z t",
        "6 esc down down enter",
        "6 esc down down enter 5",
    ] {
        let mut console = console(peopled(), LARGE);
        console.keys(keys);
        if keys == "ctrl-k" {
            console.send(Msg::Paste("周涛\n陈静\n赵六\n".repeat(9)));
        }
        for width in (0..=62).step_by(7).chain([60, 61, 79, 80, 99, 100, 140]) {
            for height in (0..=18).chain([24, 50]) {
                console.send(Msg::Resize(width, height));
                console.drawn();
            }
        }
        console.send(Msg::Resize(80, 24));
        console.keys("down pgdn up end home pgup");
        console.send(Msg::Changed);
        console.drawn();
    }
}
