//! Keys in a grid, cells out.

#![allow(clippy::unwrap_used)]
use super::super::block::{cells_of, column_of};
use super::*;

fn grid() -> Grid {
    let column = |id: &str, choices: &[&str], refers: &str| GridColumn {
        id: id.into(),
        label: id.into(),
        choices: choices.iter().map(|c| (*c).to_owned()).collect(),
        refers: refers.into(),
        ..GridColumn::default()
    };
    Grid::new(GridSpec {
        register: "power_item".into(),
        label: "职权目录".into(),
        columns: vec![
            column("unit", &[], "unit"),
            column("name", &[], ""),
            column("kind", &["许可", "处罚"], ""),
        ],
        rows: Vec::new(),
    })
}

fn keys(grid: &mut Grid, keys: &[Key]) -> Event {
    keys.iter().fold(Event::Nothing, |_, key| grid.key(*key))
}

#[test]
fn typing_overwrites_a_digit_chooses_and_tab_goes_on() {
    let mut grid = grid();
    let event = keys(&mut grid, &[Key::Char('c')]);
    assert_eq!(event, Event::Ask(TableAsk::Offer("unit".into(), "c".into())));
    let offer = Candidate {
        id: "城建局".into(),
        label: "城建局".into(),
        note: String::new(),
    };
    assert_eq!(grid.offered("c", vec![offer]), Event::Nothing);
    keys(&mut grid, &[Key::Tab, Key::Char('甲'), Key::Tab, Key::Char('２')]);
    assert_eq!(grid.rows[0], ["城建局", "甲", "处罚"]);
    assert_eq!((grid.row, grid.column), (1, 0), "the next row is there");
}

#[test]
fn a_block_is_looked_at_before_it_counts() {
    let mut grid = grid();
    grid.paste("城建局\t审批\n财政局\t\"拨付\n核算\"\n");
    assert_eq!(grid.filled(), 0);
    assert_eq!(grid.block.as_ref().unwrap().size(), (2, 2));
    keys(&mut grid, &[Key::Esc]);
    assert_eq!(grid.filled(), 0);
    grid.paste("城建局\t审批\n财政局\t\"拨付\n核算\"\n");
    keys(&mut grid, &[Key::Enter]);
    assert_eq!(grid.rows[1], ["财政局", "拨付 核算", ""]);
    assert_eq!(grid.rows.len(), 3);
}

#[test]
fn wrong_cells_are_marked_and_the_first_is_gone_to() {
    let mut grid = grid();
    grid.paste("城建局\t审批\n火星局\t拨付\n");
    keys(&mut grid, &[Key::Enter]);
    assert!(matches!(keys(&mut grid, &[Key::F(5)]), Event::Ask(TableAsk::Check(_))));
    let fault = crate::app::store::SheetFault {
        row: 3,
        column: "A".into(),
        value: "火星局".into(),
        reason: "单位：没有这个单位".into(),
    };
    let preview = Preview {
        rows: 2,
        faults: vec![fault],
        ..Preview::default()
    };
    assert_eq!(grid.checked(&preview), Event::Nothing);
    assert_eq!((grid.row, grid.column), (1, 0));
    assert!(grid.problem.clone().unwrap().contains("第 2 行 单位"));
    let clean = Preview {
        rows: 2,
        ..Preview::default()
    };
    assert!(matches!(grid.checked(&clean), Event::Ask(TableAsk::Import(_))));
}

#[test]
fn marks_of_quotation_that_do_not_pair_are_kept() {
    assert_eq!(cells_of("5\" 管\t\"甲\n乙"), [vec!["5\" 管", "\"甲"], vec!["乙"]]);
    assert_eq!(column_of("AA"), Some(26));
}
