//! The built program in a pseudo-terminal: it takes the terminal, shows the office, and gives the terminal back.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/terminal.rs"]
mod terminal;

use std::time::{Duration, Instant};

use terminal::{PATIENCE, Setup, Terminal};

fn office() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_lianneng"))
            .args(args)
            .arg("--data")
            .arg(folder.path().join("office"))
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    run(&["init", "--rehearsal"]);
    folder
}

#[test]
fn it_shows_the_office_rests_silently_and_gives_the_terminal_back() {
    let folder = office();
    let mut terminal = Terminal::start(&folder.path().join("office"));
    terminal.wait("F5下一步");
    assert!(terminal.screen().screen().alternate_screen());
    terminal.send("张");
    terminal.wait("查找张");
    let behind = |terminal: &Terminal| {
        let screen = terminal.screen();
        let (row, column) = screen.screen().cursor_position();
        screen
            .screen()
            .contents_between(row, 0, row, column)
            .trim_end()
            .ends_with('张')
    };
    let end = Instant::now() + PATIENCE;
    while !behind(&terminal) {
        assert!(
            Instant::now() < end,
            "the real cursor does not stand behind what was typed\n{}",
            terminal.text()
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    terminal.send("\x1b");
    // a lone Esc is known for one only when nothing follows it
    std::thread::sleep(Duration::from_millis(300));
    terminal.send("2");
    terminal.wait("2风险点");
    std::thread::sleep(Duration::from_millis(300));
    let before = terminal.bytes();
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(terminal.bytes(), before, "nothing is written at rest");
    terminal.send("\x1b[21~");
    assert_eq!(terminal.ends(), 0);
    assert!(terminal.given_back());
}

#[test]
fn a_terminated_console_gives_the_terminal_back() {
    let folder = office();
    let mut terminal = Terminal::start(&folder.path().join("office"));
    terminal.wait("F5下一步");
    let pid = terminal.child.process_id().unwrap().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    terminal.ends();
    assert!(terminal.given_back());
}

/// The office that [`office`] makes, in a folder of its own.
fn data(folder: &tempfile::TempDir) -> std::path::PathBuf {
    folder.path().join("office")
}

/// The log is whole and nobody else holds the file.
fn in_order(folder: &tempfile::TempDir) {
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_lianneng"))
        .args(["verify", "--json", "--data"])
        .arg(data(folder))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(said.contains("\"ok\":true"), "{said}");
}

/// The cell of the screen a text begins at.
fn place_of(terminal: &Terminal, text: &str) -> (u16, u16) {
    let parser = terminal.screen();
    let (rows, cols) = parser.screen().size();
    let row = (0..rows.into())
        .find(|row| {
            parser
                .screen()
                .contents_between(*row, 0, *row, cols.into())
                .contains(text)
        })
        .unwrap_or_else(|| panic!("no {text} on\n{}", terminal.text()));
    let first = text.chars().next().unwrap();
    let col = (0..cols.into())
        .find(|col| {
            parser
                .screen()
                .contents_between(row, *col, row, cols.into())
                .starts_with(text)
                && parser
                    .screen()
                    .cell(row, *col)
                    .is_some_and(|cell| cell.contents().starts_with(first))
        })
        .unwrap();
    (row, col)
}

#[test]
fn without_colour_the_selection_is_reversed_and_no_colour_is_sent() {
    let folder = office();
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "vt100"), ("TERM", "dumb")] {
        let mut terminal = Setup::new(&data(&folder)).env(name, value).start();
        terminal.wait("今日待办");
        terminal.send("0");
        terminal.wait("菜单：");
        let seen = terminal.seen();
        if value != "vt100" {
            for sgr in seen.split('\x1b').filter(|s| s.starts_with('[') && s.contains('m')) {
                let code = format!("\x1b{}", sgr.split('m').next().unwrap());
                let codes: Vec<&str> = code.trim_start_matches("\x1b[").split(';').collect();
                assert!(
                    codes.iter().all(|c| ["", "0", "1", "2", "4", "7"].contains(c)),
                    "{value}: {codes:?}"
                );
            }
        }
        let (row, col) = place_of(&terminal, "1 信息登记");
        let parser = terminal.screen();
        let cell = parser.screen().cell(row, col).unwrap();
        if value == "vt100" {
            assert!(cell.inverse() || cell.bgcolor() != vt100::Color::Default);
        } else {
            assert!(cell.inverse(), "the selected row is seen with {name}={value}");
        }
        terminal.send("\x1b[21~");
        assert_eq!(terminal.ends(), 0);
    }
}

#[test]
fn sixteen_and_many_colours_light_and_dark() {
    let folder = office();
    // what tells them apart: the blue of F5 in the bar
    let key = |setup: Setup| {
        let mut terminal = setup.start();
        terminal.wait("0菜单");
        terminal.until("the first frame", |t| t.seen().contains("\x1b[?2026l"));
        let (row, col) = place_of(&terminal, "0 菜单");
        let colour = terminal.screen().screen().cell(row, col).unwrap().fgcolor();
        terminal.send("\x1b[21~");
        terminal.ends();
        colour
    };
    use vt100::Color::Idx;
    let setup = || Setup::new(&data(&folder));
    let now = Duration::ZERO;
    assert_eq!(key(setup()), Idx(39), "dark is taken for granted");
    assert_eq!(key(setup().answers(Some(2), Some("ffff/ffff/ffff"), now)), Idx(25));
    assert_eq!(key(setup().answers(Some(2), Some("0000/0000/0000"), now)), Idx(39));
    assert_eq!(key(setup().env("COLORFGBG", "0;15")), Idx(25));
    assert_eq!(key(setup().env("TERM", "xterm")), Idx(6));
    assert_eq!(key(setup().env("TERM", "xterm").env("COLORFGBG", "0;15")), Idx(4));
    std::fs::write(data(&folder).join("theme.toml"), "[console]\nbackground = \"light\"\n").unwrap();
    assert_eq!(
        key(setup().env("COLORFGBG", "15;0")),
        Idx(25),
        "the office's own word is the last"
    );
    std::fs::write(data(&folder).join("theme.toml"), "[consol]\nx = 1\n").unwrap();
    let mut terminal = setup().start();
    terminal.wait("theme.toml没有[consol]这一节");
    terminal.send("\x1b[21~");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_console_that_draws_lines_two_cells_wide_gets_ascii() {
    let folder = office();
    let mut terminal = Setup::new(&data(&folder))
        .answers(Some(3), None, Duration::ZERO)
        .start();
    terminal.wait("F5下一步");
    assert!(
        terminal.text().contains("+今日待办") && !terminal.text().contains('│'),
        "{}",
        terminal.text()
    );
    terminal.send("\x1b[21~");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn an_answer_that_comes_late_is_no_typing() {
    let folder = office();
    let late = Duration::from_millis(600);
    let mut terminal = Setup::new(&data(&folder))
        .answers(Some(2), Some("ffff/ffff/ffff"), late)
        .start();
    terminal.wait("F5下一步");
    std::thread::sleep(late * 2);
    assert!(
        terminal.text().contains("1今日"),
        "no digit of it changed the pane\n{}",
        terminal.text()
    );
    assert!(!terminal.text().contains("查找"), "{}", terminal.text());
    terminal.send("2");
    terminal.wait("2风险点");
    terminal.send("\x1b[21~");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn keys_typed_while_it_starts_are_not_lost() {
    let folder = office();
    let mut terminal = Setup::new(&data(&folder))
        .answers(Some(2), None, Duration::from_millis(30))
        .start();
    terminal.until("the question", |t| t.seen().contains("\x1b[6n"));
    terminal.send("2");
    terminal.wait("2风险点");
    terminal.send("\x1b[21~");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn every_frame_is_one_synchronized_update() {
    let folder = office();
    let mut terminal = Terminal::start(&data(&folder));
    terminal.wait("F5下一步");
    for key in ["2", "3", "0"] {
        terminal.send(key);
        std::thread::sleep(Duration::from_millis(50));
    }
    terminal.wait("菜单：");
    terminal.until("the end of the frame", |t| t.seen().ends_with("\x1b[?2026l"));
    let seen = terminal.seen();
    let (mut inside, mut frames) = (false, 0);
    let (_, frames_only) = seen.split_once("\x1b[?2026h").unwrap();
    for piece in format!("\x1b[?2026h{frames_only}").split_inclusive(['h', 'l']) {
        match piece.rsplit('\x1b').next().unwrap() {
            "[?2026h" => (inside, frames) = (true, frames + 1),
            "[?2026l" => inside = false,
            _ => assert!(inside, "{piece:?} was written outside a frame"),
        }
    }
    assert!(!inside && frames >= 3, "{frames}");
    terminal.send("\x1b[21~");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_storm_of_sizes_ends_in_a_whole_screen() {
    let folder = office();
    let mut terminal = Terminal::start(&data(&folder));
    terminal.wait("F5下一步");
    let sizes = [
        (1, 1),
        (400, 120),
        (2, 50),
        (60, 16),
        (59, 16),
        (200, 3),
        (1, 120),
        (100, 30),
    ];
    for round in 0..5 {
        for (at, size) in sizes.into_iter().enumerate() {
            terminal.resize(size);
            if (at + round) % 3 == 0 {
                terminal.send("2");
                terminal.send("3");
            }
            std::thread::sleep(Duration::from_millis(u64::try_from(at % 3).unwrap() * 7));
        }
    }
    terminal.resize((59, 16));
    terminal.wait("窗口太小");
    terminal.resize((120, 40));
    terminal.wait("F5下一步");
    terminal.until("the whole width", |t| t.text().contains('┐') && t.text().contains('┘'));
    let (row, _) = place_of(&terminal, "0 菜单");
    assert_eq!(row, 39, "the bar stands at the foot of the new window");
    terminal.send("\x1b[21~");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn ctrl_z_is_taking_back_and_only_the_signal_suspends() {
    let folder = office();
    let mut terminal = Terminal::start(&data(&folder));
    terminal.wait("F5下一步");
    terminal.send("\x1a");
    terminal.wait("不能撤回");
    let stat = |terminal: &Terminal| {
        let pid = terminal.child.process_id().unwrap();
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        stat.rsplit(") ").next().unwrap().chars().next().unwrap()
    };
    if cfg!(target_os = "linux") {
        assert_ne!(stat(&terminal), 'T');
    }
    for signal in ["-TSTP", "-STOP"] {
        terminal.forget();
        terminal.signal(signal);
        if cfg!(target_os = "linux") {
            terminal.until("stop", |t| stat(t) == 'T');
        }
        if signal == "-TSTP" {
            assert!(terminal.given_back());
        }
        terminal.forget();
        terminal.signal("-CONT");
        terminal.wait("F5下一步");
        assert!(terminal.screen().screen().alternate_screen(), "after {signal}");
        terminal.send("2");
        terminal.wait("2风险点");
        terminal.send("3");
        terminal.wait("3预警");
    }
    terminal.send("\x1b[21~");
    assert_eq!(terminal.ends(), 0);
    in_order(&folder);
}

#[test]
fn a_hang_up_and_a_lost_terminal_leave_the_file_in_order() {
    let folder = office();
    let mut terminal = Terminal::start(&data(&folder));
    terminal.wait("F5下一步");
    terminal.signal("-HUP");
    assert_eq!(terminal.ends(), 0);
    assert!(terminal.given_back());
    in_order(&folder);

    let terminal = Terminal::start(&data(&folder));
    terminal.wait("F5下一步");
    assert_eq!(terminal.hang_up(), 0);
    in_order(&folder);

    // a grandchild of the terminal gets no SIGHUP: only the end of its input tells it
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_lianneng"));
    let line = format!("'{}' --data '{}'", program.display(), data(&folder).display());
    let script = format!("trap '' HUP; {line}; echo $? >'{}'", folder.path().join("rc").display());
    let terminal = Setup::of("/bin/sh", ["-c".into(), script.into()]).start();
    terminal.wait("F5下一步");
    terminal.hang_up();
    let end = Instant::now() + PATIENCE;
    let rc = loop {
        if let Ok(rc) = std::fs::read_to_string(folder.path().join("rc"))
            && !rc.is_empty()
        {
            break rc;
        }
        assert!(Instant::now() < end, "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(rc.trim(), "0");
    in_order(&folder);
}

#[test]
fn copying_goes_to_the_clipboard_of_the_terminal() {
    let folder = office();
    let mut terminal = Setup::new(&data(&folder)).start();
    terminal.wait("F5下一步");
    // an empty office has no number to copy, so one matter is registered first
    for key in ["0", "1", "5"] {
        terminal.send(key);
    }
    terminal.wait("信息登记");
    terminal.send("\x1b");
    std::thread::sleep(Duration::from_millis(200));
    terminal.send("\x1b");
    terminal.send("\x03");
    std::thread::sleep(Duration::from_millis(200));
    assert!(
        !terminal.seen().contains("\x1b]52;"),
        "nothing is copied when there is nothing"
    );
    terminal.send("\x1b[21~");
    assert_eq!(terminal.ends(), 0, "Ctrl-C never leaves, F10 does");
}

#[test]
fn the_mouse_is_the_terminals_own_unless_the_office_wants_it() {
    let folder = office();
    let mut terminal = Terminal::start(&data(&folder));
    terminal.wait("F5下一步");
    assert!(!terminal.seen().contains("\x1b[?1000h"));
    terminal.send("\x1b[21~");
    terminal.ends();
    std::fs::write(data(&folder).join("theme.toml"), "[console]\nmouse = true\n").unwrap();
    let mut terminal = Terminal::start(&data(&folder));
    terminal.wait("F5下一步");
    assert!(terminal.seen().contains("\x1b[?1000h") && terminal.seen().contains("\x1b[?1006h"));
    terminal.send("\x1b[21~");
    assert_eq!(terminal.ends(), 0);
    assert!(terminal.seen().contains("\x1b[?1000l"));
}
