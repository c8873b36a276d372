#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::testing::calendar_2027;
use crate::ledger::room::Room;

const OWN: &str = "id = \"visit\"\nlabel = \"走访台账\"\nprefix = \"ZF\"\ntitle = \"name\"\n\
    [[field]]\nid = \"name\"\nlabel = \"对象\"\ntype = \"text\"\ncolumn = true\nsearch = true\n";

fn write(room: &Room, name: &str, text: impl AsRef<[u8]>) {
    let path = room.paths.folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn look(room: &Room) -> Drafts {
    Drafts::look(&room.paths, &room.office.texts().source).unwrap()
}

fn files(drafts: &Drafts) -> Vec<&str> {
    drafts.changes.iter().map(|change| change.file.as_str()).collect()
}

#[test]
fn a_folder_without_files_changes_nothing() {
    let room = Room::new();
    let drafts = look(&room);
    assert_eq!((drafts.changes.len(), drafts.broken.len()), (0, 0));
    assert_eq!(drafts.pending(), None);
    assert_eq!(drafts.texts, room.office.texts().source);
}

#[test]
fn what_a_folders_files_would_change_is_told_file_by_file() {
    let room = Room::new();
    write(&room, "policy.toml", "publicity_workdays = 7\n");
    let year = calendar_2027().year(2027).cloned().unwrap();
    write(&room, "calendar.toml", Calendar::default().with([year]).text());
    write(&room, "registers/visit.toml", OWN);
    let drafts = look(&room);
    assert_eq!(drafts.broken, []);
    assert_eq!(files(&drafts), ["policy.toml", "calendar.toml", "registers/visit.toml"]);
    assert_eq!(drafts.changes[0].details.len(), 1, "{:?}", drafts.changes[0]);
    assert!(
        drafts.changes[0].details[0].contains("value = 7, source = \"district\""),
        "{:?}",
        drafts.changes
    );
    assert!(
        drafts.changes[1].details[0].starts_with("2027 年新增：国务院办公厅"),
        "{:?}",
        drafts.changes
    );
    assert_eq!(drafts.changes[2].details, ["新增“走访台账”"]);
    assert_eq!(drafts.pending().unwrap(), "政策文件、日历文件、台账样式已改，尚未启用");
    assert_eq!(Calendar::parse(&drafts.texts.calendar).unwrap().notices().count(), 8);
    assert!(room.office.texts().source.registers.len() < drafts.texts.registers.len());
}

#[test]
fn a_broken_file_is_named_and_stops_no_other() {
    let room = Room::new();
    write(&room, "policy.toml", "flow = 3\nlate_entry_workday = 4\n");
    write(&room, "calendar.toml", "[[year]]\nyear = 2027\nconfirmed = true\n");
    write(&room, "registers/visit.toml", OWN);
    write(&room, "registers/education.toml", "id = \"education\"\n");
    write(&room, "registers/说明.docx", "x");
    write(&room, "registers/gbk.toml", [b'a', b'\n', 0xd6, 0xd0]);
    write(&room, "registers/.visit.toml.swp", "x");
    let drafts = look(&room);
    assert_eq!(files(&drafts), ["registers/visit.toml"]);
    let told: Vec<String> = drafts
        .broken
        .iter()
        .flat_map(|broken| broken.mistakes.iter().map(move |m| format!("{} {m}", broken.file)))
        .collect();
    for part in [
        "policy.toml 第 1 行：flow",
        "policy.toml 第 2 行：不认识“late_entry_workday”",
        "calendar.toml 第 1 行：2027 年已标为确认，却没有写 notice",
        "registers/education.toml 第 1 行：缺少 label",
        "registers/说明.docx 第 1 行：不认识的文件",
        "registers/gbk.toml 第 2 行：不是 UTF-8 文字",
    ] {
        assert!(told.iter().any(|line| line.starts_with(part)), "{part}: {told:#?}");
    }
    let adopted = &room.office.texts().source;
    assert_eq!(drafts.texts.policy, adopted.policy);
    assert_eq!(
        drafts.texts.registers["education.toml"],
        adopted.registers["education.toml"]
    );
}

#[test]
fn what_was_adopted_stays_when_its_file_is_lost() {
    let mut room = Room::new();
    write(&room, "policy.toml", "publicity_workdays = 7\n");
    let year = calendar_2027().year(2027).cloned().unwrap();
    write(&room, "calendar.toml", Calendar::default().with([year]).text());
    write(&room, "registers/visit.toml", OWN);
    let texts = look(&room).texts;
    let operator = room.operator.clone();
    room.office.adopt(&operator, &texts).unwrap();
    assert_eq!(look(&room).changes, [], "adopted as it stands");
    fs::remove_file(room.paths.policy()).unwrap();
    fs::remove_file(room.paths.calendar()).unwrap();
    fs::remove_dir_all(room.paths.registers()).unwrap();
    let drafts = look(&room);
    assert_eq!((drafts.changes, drafts.broken), (vec![], vec![]));
    assert_eq!(drafts.texts, texts);
    // An empty file says: as shipped.
    write(&room, "policy.toml", "");
    let drafts = look(&room);
    assert_eq!(files(&drafts), ["policy.toml"]);
    assert_eq!(drafts.texts.policy, Policy::shipped());
}

#[test]
fn words_beside_the_values_are_no_change() {
    let room = Room::new();
    write(&room, "policy.toml", "# 待议：公示改为七日\nflow = \"light\"\n");
    let education = &room.office.texts().source.registers["education.toml"];
    write(&room, "registers/education.toml", format!("# 我区未改\n{education}"));
    assert_eq!(look(&room).changes, []);
}
