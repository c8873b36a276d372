//! Keys at random, on every pane, dialog and window: no panic, no broken law, and the terminal shows what a full
//! redraw would show.
//!
//! 150 keys a place in the ordinary run, 10,000 with `LIANNENG_FULL=1`; a failure names its seed and its keys, and
//! `LIANNENG_SEED` repeats it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support {
    pub mod deeds;
    pub mod emulator;
    pub mod fake_store;
}

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use lianneng::app::actions::ACTIONS;
use lianneng::app::key::{Key, Toward};
use lianneng::app::msg::{Mouse, Msg};
use lianneng::app::store::Store;
use lianneng::cli::console::OfficeStore;
use lianneng::ledger::clock::Clock;
use lianneng::ledger::entropy::Entropy;
use lianneng::ledger::office::{Office, local_operator};
use lianneng::ledger::paths::OfficePaths;
use lianneng::tui::theme::Depth;
use support::deeds::{Dice, full};
use support::emulator::Emulated;
use support::fake_store::Fake;

/// Where the keys begin: one row a pane, dialog or layer. A new one is added here.
const PLACES: &[&str] = &[
    "",         // 3 预警
    "enter",    // its second page, or its detail
    "esc down", // its left part
    "1",
    "2",
    "2 esc down right", // the tree unfolded
    "4",
    "4 tab tab",
    "5",
    "6",
    "7",
    "8",
    "9",
    "0",     // menu
    "?",     // help
    "f3 城", // find
    "f2",
    "f4",
    "f5",
    "f6",
    "f6 1 1",
    "f6 1 4 3", // a decision that asks for more
    "f7",
    "f8",
    "ctrl-a f6 1 4 enter", // a batch that asks for its number
    "0 1 1 c z",           // 信息登记 with candidates
    "f3 z s enter",        // a card
    "enter enter",         // a step of the history
    "ctrl-d",              // an earlier day
    "ctrl-p",
    "ctrl-r",
    "ctrl-t", // 快速分拣: who assesses
    "ctrl-k", // 名单核查
    "ctrl-k 1",
    "ctrl-o",   // 导入表格
    "ctrl-e",   // 导出列表
    "5 ctrl-g", // 表格录入
    "ctrl-n",
    "? end enter", // the manual
    "6 esc enter", // 单位全景
];

const SIZES: &[(u16, u16)] = &[(80, 24), (120, 40), (60, 16), (100, 30), (61, 17), (99, 40), (200, 50)];

/// What is typed besides the keys of the table: names, full-width forms, digits, and what could do harm.
const TYPED: &str = "张三城建局zsab１２０？！、。　0123456789-.…│“”🀄👩‍👧é\u{202e}\u{1b}";

fn draw_key(dice: &mut Dice) -> Msg {
    let key = match dice.below(20) {
        0..=4 => {
            let action = &ACTIONS[dice.below(ACTIONS.len())];
            let name = action.keys[dice.below(action.keys.len())];
            Key::parse(name).unwrap()
        }
        5..=8 => Key::Char(char::from(b'0' + u8::try_from(dice.below(10)).unwrap())),
        9 | 10 => Key::Enter,
        11 => Key::Esc,
        12 | 13 => [Key::Up, Key::Down, Key::Left, Key::Right, Key::Tab, Key::BackTab][dice.below(6)],
        14 => [Key::PgUp, Key::PgDn, Key::Home, Key::End, Key::WordLeft, Key::WordRight][dice.below(6)],
        15 => [
            Key::Backspace,
            Key::Delete,
            Key::Ctrl('w'),
            Key::Ctrl('u'),
            Key::Ctrl('k'),
        ][dice.below(5)],
        16 => {
            let toward = [
                Toward::Left,
                Toward::Right,
                Toward::Up,
                Toward::Down,
                Toward::Home,
                Toward::End,
            ];
            Key::Select(toward[dice.below(6)])
        }
        17 => Key::F(u8::try_from(dice.below(12)).unwrap() + 1),
        18 => Key::Ctrl(char::from(b'a' + u8::try_from(dice.below(26)).unwrap())),
        _ => {
            let typed: Vec<char> = TYPED.chars().collect();
            Key::Char(typed[dice.below(typed.len())])
        }
    };
    Msg::Key(key)
}

fn draw_msg(dice: &mut Dice, size: (u16, u16)) -> Msg {
    match dice.below(60) {
        0 => Msg::Paste("第一行，城建局\r\n第二行\t张三\u{1b}[31m".into()),
        1 => Msg::Changed,
        10 | 11 => {
            let at = (
                u16::try_from(dice.below(usize::from(size.0))).unwrap(),
                u16::try_from(dice.below(usize::from(size.1))).unwrap(),
            );
            Msg::Mouse(match dice.below(3) {
                0 => Mouse::Click { at },
                n => Mouse::Wheel { down: n == 1, at },
            })
        }
        2 => Msg::Resize(
            u16::try_from(dice.below(400)).unwrap() + 1,
            u16::try_from(dice.below(120)).unwrap() + 1,
        ),
        3 => Msg::Resize(
            u16::try_from(dice.below(8)).unwrap() + 1,
            u16::try_from(dice.below(4)).unwrap() + 1,
        ),
        // most of the time the window is one that shows something
        4..=9 => Msg::Resize(size.0, size.1),
        _ => draw_key(dice),
    }
}

/// Keys at random on a console; the store that comes out can be used by the next one.
fn run<S: Store>(make: &mut dyn FnMut() -> S, place: &str, seed: u64, keys: usize) {
    let mut dice = Dice(seed | 1);
    let mut pressed: Vec<String> = Vec::new();
    let mut size = SIZES[dice.below(SIZES.len())];
    let (depth, light) = (
        [Depth::Many, Depth::Few, Depth::Mono][dice.below(3)],
        dice.below(2) == 0,
    );
    let mut console = Emulated::new(make(), size, depth, light);
    console.settle();
    let go = |console: &mut Emulated<S>| {
        for name in place.split_whitespace() {
            console.send(Msg::Key(Key::parse(name).unwrap()));
            console.settle();
        }
    };
    go(&mut console);
    let tell = |pressed: &[String], size: (u16, u16), what: String| -> ! {
        let tail = pressed.len().saturating_sub(40);
        panic!(
            "seed {seed} place “{place}” {size:?} {depth:?} light={light}\nlast of {} keys: {}\n{what}",
            pressed.len(),
            pressed[tail..].join(" ")
        )
    };
    let mut left = keys;
    while left > 0 {
        let burst = dice.below(8).min(left - 1) + 1;
        left -= burst;
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            for _ in 0..burst {
                let msg = draw_msg(&mut dice, size);
                pressed.push(match &msg {
                    Msg::Key(key) => key.to_string(),
                    other => format!("{other:?}").replace(' ', ""),
                });
                console.send(msg);
                // answers come when they come
                for _ in 0..dice.below(3) {
                    console.answer_one();
                }
                if dice.below(6) == 0 {
                    console.check()?;
                }
            }
            if dice.below(4) > 0 {
                console.settle();
            }
            console.check()
        }));
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(what)) => tell(&pressed, size, what),
            Err(_) => tell(&pressed, size, "it panicked".into()),
        }
        if console.left || console.model.broken.is_some() || dice.below(25) == 0 {
            size = SIZES[dice.below(SIZES.len())];
            console = Emulated::new(make(), size, depth, light);
            console.settle();
            go(&mut console);
            pressed.push("(anew)".into());
        }
    }
}

fn seeds() -> (u64, u64) {
    match std::env::var("LIANNENG_SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => (seed, 1),
        None => (20_261_124, u64::try_from(full(1, 8)).unwrap()),
    }
}

#[test]
fn random_keys_over_an_invented_office() {
    let (first, rounds) = seeds();
    println!("seeds {first}..{}", first + rounds);
    for seed in first..first + rounds {
        for (at, place) in PLACES.iter().enumerate() {
            let rows = [0, 1, 56, 700][at % 4];
            run(
                &mut || Fake::new(rows),
                place,
                seed.wrapping_mul(0x9e37_79b9) + at as u64,
                full(150, 10_000),
            );
        }
    }
}

/// The sample district by the built program, with its clock stopped.
fn sample(folder: &Path) {
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_lianneng"))
        .args(["demo", "--no-console", "--now", "2026-11-24T09:00:00+08:00", "--data"])
        .arg(folder)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn random_keys_over_the_sample_district() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("demo");
    sample(&folder);
    let paths = OfficePaths::new(&folder);
    let mut open = || {
        let office = Office::open(&paths, Clock::fixed(1_795_482_000_000), Entropy::seeded(3)).unwrap();
        OfficeStore::new(office, local_operator(), None, "演示").unwrap()
    };
    let (first, _) = seeds();
    println!("seed {first}");
    for (at, place) in PLACES.iter().enumerate() {
        run(
            &mut open,
            place,
            first.wrapping_mul(0x9e37_79b9) + at as u64,
            full(30, 1_000),
        );
    }
    let office = Office::open(&paths, Clock::fixed(1_795_482_000_000), Entropy::seeded(4)).unwrap();
    drop(office);
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_lianneng"))
        .args(["verify", "--json", "--data"])
        .arg(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(said.contains("\"ok\":true"), "{said}");
}
