//! The landing pane over a real file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support {
    #[allow(dead_code)]
    pub mod console;
    #[allow(dead_code)]
    pub mod office;
}

use lianneng::cli::console::OfficeStore;
use lianneng::domain::world::Operator;
use lianneng::domain::{Act, BodyRef, Verb};
use lianneng::ledger::clock::Clock;
use lianneng::ledger::entropy::Entropy;
use lianneng::ledger::office::Office;
use lianneng::ledger::query::{Block, LandingRow, Reader, Section};
use support::console::Console;
use support::office::{Made, NOW, console, office};

const DAY: i64 = 86_400_000;

fn on(made: &mut Made, day: i64) {
    let paths = made.office.file().office.clone().unwrap();
    made.office = Office::open(&paths, Clock::fixed(NOW + day * DAY), Entropy::System).unwrap();
}

fn landing(made: &Made, operator: &Operator, capacity: Option<BodyRef>) -> Vec<Section> {
    let reader = Reader::beside(&made.office).unwrap();
    reader.view_as(operator, capacity);
    reader.landing().unwrap()
}

fn codes(sections: &[Section], block: Block) -> Vec<String> {
    let rows = sections
        .iter()
        .filter(|section| section.block == block)
        .flat_map(|section| &section.rows);
    let code = |row: &LandingRow| match row {
        LandingRow::Matter(item) => item.code.clone(),
        LandingRow::Batch(batch) => format!("{} {} {}", batch.name, batch.step, batch.count),
    };
    rows.map(code).collect()
}

#[test]
fn what_is_late_comes_worst_first_and_only_for_the_bodies_one_acts_for() {
    let mut made = office();
    let local = made.operator.clone();
    let both = ["YJ-XY-2026-0002", "YJ-XY-2026-0001"];
    assert_eq!(codes(&landing(&made, &local, None), Block::Week), both);
    on(&mut made, 14);
    let late = landing(&made, &local, None);
    assert_eq!(
        (codes(&late, Block::Late), late.len()),
        (both.map(str::to_owned).to_vec(), 1)
    );
    let discipline = landing(&made, &local, Some(BodyRef::Discipline));
    assert_eq!(codes(&discipline, Block::Late), ["YJ-XY-2026-0002"]);
    assert!(landing(&made, &local, Some(BodyRef::Steering)).is_empty());
}

#[test]
fn what_a_colleague_registered_since_is_new_and_points_of_a_unit_are_one_row() {
    let mut made = office();
    on(&mut made, 1);
    let colleague = Operator::recorder("colleague", "同事");
    let report = Act::new(Verb::Register, vec![])
        .with("source", "public")
        .with("unit", "城建局")
        .with("content", "违规发包");
    let born = made.office.submit(&colleague, &report, None).unwrap().changed[0]
        .code
        .clone();
    let local = made.operator.clone();
    assert_eq!(codes(&landing(&made, &local, None), Block::New), [born]);
    assert_eq!(codes(&landing(&made, &colleague, None), Block::New), [""; 0]);
    for description in ["先批后补", "超付", "漏审"] {
        let draft = Act::new(Verb::Draft, vec![])
            .with("unit", "城建局")
            .with("class", "post_duty")
            .with("item", "procurement")
            .with("description", description);
        let point = made.act(draft);
        made.act(Act::new(Verb::Submit, vec![point]));
    }
    on(&mut made, 5);
    let week = landing(&made, &local, None);
    assert!(
        !codes(&week, Block::Week).iter().any(|row| row.contains("审核定级")),
        "{week:?}"
    );
    on(&mut made, 8);
    let week = landing(&made, &local, None);
    let all: Vec<String> = [codes(&week, Block::Late), codes(&week, Block::Week)].concat();
    assert!(all.contains(&"城建局 审核定级 3".to_owned()), "{all:?}");
}

/// covers §0.13
#[test]
fn who_is_restricted_while_we_have_not_verified_stands_first() {
    let mut console: Console<OfficeStore> = console(office(), (120, 40));
    for keys in [
        "down f6 2 2 1 2 enter",
        "4 tab tab f5 enter",
        "f5 2 enter",
        "f5 enter",
        "f5 enter",
        "f5 已 整 改 f5",
    ] {
        console.keys(keys);
    }
    console.keys("1 home");
    let screen = console.screen();
    let line = |words: &str| {
        screen
            .lines()
            .position(|line| line.contains(words))
            .unwrap_or(usize::MAX)
    };
    assert!(line("有人因我方未办而受限 1") < line("本周到期"), "{screen}");
    let first = screen.lines().nth(line("有人因我方未办而受限 1") + 1).unwrap();
    assert!(
        first.contains(">") && first.contains("JJ-XY-2026-0001") && first.contains("我方"),
        "{screen}"
    );
    // The cursor goes over headings, and the keys act on the matter it stands on.
    console.keys("down up");
    assert!(console.screen().contains("F5 下一步：核验"), "{}", console.screen());
    // Verified, he is still restricted until we lift it.
    console.keys("f5 1 enter");
    assert!(
        console.screen().contains("有人因我方未办而受限 1"),
        "{}",
        console.screen()
    );
    console.keys("f5 2 enter");
    assert!(
        !console.screen().contains("有人因我方未办而受限"),
        "{}",
        console.screen()
    );
    // A paper that is out is the leader's move.
    console.keys("3 f6 1 3 enter 1");
    let screen = console.screen();
    assert!(
        screen.contains("待回签 / 待送达 / 待批") && screen.contains("CP-XY-2026-0001"),
        "{screen}"
    );
    assert!(
        screen
            .lines()
            .any(|line| line.contains("CP-XY-2026-0001") && line.contains("待签")),
        "{screen}"
    );
}

#[test]
fn the_console_opens_on_today_and_its_title_answers_the_first_question_of_the_role() {
    let titles = [
        (None, "─ 全区 橙1 黄1"),
        (Some(BodyRef::Steering), "─ 全区 橙1 黄1"),
        (Some(BodyRef::Discipline), "─ 橙1"),
    ];
    for (capacity, headline) in titles {
        let made = office();
        let store = OfficeStore::new(made.office, made.operator, capacity, "演练").unwrap();
        let console = Console::opened(store, (120, 40));
        let screen = console.screen();
        assert!(screen.contains("1 今日"), "{screen}");
        assert!(
            screen.contains(&format!("今日待办 {}", console.model.pane().current().total.unwrap())),
            "{screen}"
        );
        assert!(screen.contains(headline), "{capacity:?}\n{screen}");
    }
}
