#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::*;

const ROOM: usize = 10;

fn typed(mut editor: Editor, names: &str) -> Editor {
    for name in names.split(' ') {
        let key = Key::parse(name).unwrap_or_else(|| panic!("no key {name}"));
        editor.key(key, ROOM);
    }
    editor
}

fn seen(editor: &Editor) -> String {
    let (before, after) = editor.text().split_at(editor.caret());
    format!("{before}|{after}")
}

#[test]
fn the_caret_column_counts_cells() {
    let editor = typed(Editor::one_line(), "消 防 通 道 a left");
    assert_eq!(seen(&editor), "消防通道|a");
    assert_eq!(editor.position(ROOM), (0, 8));
}

#[test]
fn backspace_takes_a_whole_grapheme() {
    let editor = Editor::one_line().with("张三👨\u{200d}👩\u{200d}👧");
    assert_eq!(typed(editor, "backspace").text(), "张三");
}

#[test]
fn words_are_skipped_and_deleted() {
    let editor = Editor::one_line().with("audit office 2026");
    assert_eq!(
        seen(&typed(editor.clone(), "ctrl-left ctrl-left")),
        "audit |office 2026"
    );
    assert_eq!(typed(editor, "ctrl-w").text(), "audit office ");
}

#[test]
fn a_selection_is_replaced_by_what_is_typed() {
    let editor = typed(Editor::one_line().with("逾期3日"), "shift-left shift-left 5");
    assert_eq!(editor.text(), "逾期5");
    assert_eq!(typed(editor, "ctrl-z").text(), "逾期3日");
}

#[test]
fn a_run_of_typing_is_one_step_of_undo() {
    let editor = typed(Editor::one_line(), "整 改 left 已 ctrl-z");
    assert_eq!(editor.text(), "整改");
    let editor = typed(editor, "ctrl-z");
    assert_eq!(editor.text(), "");
    assert_eq!(typed(editor, "ctrl-y ctrl-y").text(), "整已改");
}

#[test]
fn a_pasted_block_keeps_its_lines_only_where_lines_belong() {
    let mut many = Editor::many_lines();
    many.insert("一\r\n二\n三");
    assert_eq!(many.text(), "一\n二\n三");
    let mut one = Editor::one_line();
    one.insert("一\r\n二\n");
    assert_eq!(one.text(), "一 二");
}

#[test]
fn up_and_down_go_by_rows_as_seen_and_keep_the_column() {
    let editor = Editor::many_lines().with("一二三四五六七\n八\n九十一二");
    assert_eq!(editor.rows(ROOM).len(), 4);
    assert_eq!(editor.position(ROOM), (3, 8));
    let editor = typed(editor, "up");
    assert_eq!(editor.position(ROOM), (2, 2));
    let editor = typed(editor, "up up");
    assert_eq!(editor.position(ROOM), (0, 8));
    assert_eq!(seen(&typed(editor, "end")), "一二三四|五六七\n八\n九十一二");
}

#[test]
fn a_field_of_one_line_leaves_enter_and_arrows_to_its_form() {
    let mut editor = Editor::one_line();
    assert!(!editor.key(Key::Enter, ROOM) && !editor.key(Key::Up, ROOM) && !editor.key(Key::Esc, ROOM));
}

fn any_key() -> impl Strategy<Value = Key> {
    let names = [
        "left",
        "right",
        "up",
        "down",
        "home",
        "end",
        "backspace",
        "delete",
        "ctrl-w",
        "ctrl-u",
        "ctrl-z",
        "ctrl-y",
        "ctrl-a",
        "ctrl-left",
        "ctrl-right",
        "shift-left",
        "shift-right",
        "shift-up",
        "shift-down",
        "enter",
        "space",
    ];
    let chars = ['a', '汉', '，', '\u{200d}', '\u{301}', '👧', '🇨', '\u{1b}', '\r'];
    prop_oneof![
        proptest::sample::select(names.to_vec()).prop_map(|n| Key::parse(n).unwrap_or(Key::Esc)),
        proptest::sample::select(chars.to_vec()).prop_map(Key::Char),
    ]
}

#[test]
fn a_word_never_begins_inside_a_glyph() {
    let mut editor = Editor::one_line();
    for key in [
        Key::Char('🇨'),
        Key::Char('\u{200d}'),
        Key::Char('a'),
        Key::Left,
        Key::Char('🇨'),
        Key::Char('🇨'),
        Key::WordLeft,
    ] {
        editor.key(key, ROOM);
        let whole = editor.text().grapheme_indices(true).any(|(i, _)| i == editor.caret());
        assert!(whole || editor.caret() == editor.text().len(), "{key:?}");
    }
}

proptest! {
    #[test]
    fn no_key_sequence_breaks_a_field(keys in proptest::collection::vec(any_key(), 0..60), many: bool) {
        let mut editor = if many { Editor::many_lines() } else { Editor::one_line() };
        for key in keys {
            editor.key(key, ROOM);
            let (row, column) = editor.position(ROOM);
            prop_assert!(row < editor.rows(ROOM).len());
            prop_assert!(!many || column <= ROOM + 48);
            let whole = editor.text().grapheme_indices(true).any(|(i, _)| i == editor.caret());
            prop_assert!(whole || editor.caret() == editor.text().len());
        }
    }
}
