//! The arrows of the house: no room knows a room it should not know. Reads the paths in the source, comments and
//! strings left out.
//!
//! ```text
//! domain ◄─ ledger, papers, app ◄─ tui          cli, main: wire        sample: makes the sample district
//! ```
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each room with the rooms it may know.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ledger", &["domain"]),
    ("papers", &["domain"]),
    ("app", &["domain"]),
    ("tui", &["app", "domain"]),
    ("sample", &["domain", "ledger"]),
    ("cli", &["app", "domain", "ledger", "papers", "sample", "tui"]),
];

/// Each outside crate that only one room may name.
const ONLY_IN: &[(&str, &str)] = &[
    ("ratatui", "tui"),
    ("crossterm", "tui"),
    ("rusqlite", "ledger"),
    ("clap", "cli"),
];

#[test]
fn every_arrow_points_the_right_way() {
    let mut wrong = Vec::new();
    for (room, file, code) in sources() {
        let allowed = MAY_KNOW
            .iter()
            .find(|(name, _)| *name == room)
            .map(|(_, allowed)| *allowed);
        let Some(allowed) = allowed else {
            wrong.push(format!("{}: a room without a place in the house", file.display()));
            continue;
        };
        for known in rooms_named(&code) {
            if known != room && !allowed.contains(&known.as_str()) {
                wrong.push(format!("{}: {room} may not know {known}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn terminal_and_database_are_named_in_one_room_each() {
    let mut wrong = Vec::new();
    for (room, file, code) in sources() {
        for (name, only) in ONLY_IN {
            if room != *only && words(&code).any(|word| word == *name) {
                wrong.push(format!("{}: only {only}/ may name {name}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Past four hundred lines a file usually holds two ideas; a little room is left for one that does not.
const LONGEST: usize = 510;
/// A table of one idea, and tests, which are read one at a time.
const MAY_BE_LONGER: &[&str] = &["domain/event.rs", "domain/stories/", "tests.rs"];

#[test]
fn files_stay_small() {
    let long: Vec<String> = files(&root().join("src"))
        .into_iter()
        .filter(|file| !MAY_BE_LONGER.iter().any(|name| file.to_str().unwrap().contains(name)))
        .filter_map(|file| {
            let lines = std::fs::read_to_string(&file).unwrap().lines().count();
            (lines > LONGEST).then(|| format!("{}: {lines} lines", file.display()))
        })
        .collect();
    assert!(long.is_empty(), "split what holds two ideas:\n{}", long.join("\n"));
}

#[test]
fn the_page_shows_the_test_vector_of_the_fixture() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let page = read("ARCHITECTURE.md");
    let (_, block) = page.split_once("```json\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let shown: serde_json::Value = serde_json::from_str(block).unwrap();
    let held: serde_json::Value = serde_json::from_str(&read("tests/fixtures/chain_vector.json")).unwrap();
    assert_eq!(shown["sites"], held["sites"]);
    assert_eq!(shown["items"], held["items"]);
    assert_eq!(shown["items"].as_array().unwrap().len(), 3);
}

#[test]
fn the_page_shows_the_recipe_the_program_uses() {
    let squeezed = |text: String| text.replace("//!", "").split_whitespace().collect::<String>();
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let page = squeezed(read("ARCHITECTURE.md"));
    let chain = squeezed(read("src/ledger/chain.rs"));
    for tag in ["site", "act", "body", "event", "policy", "seal"] {
        let start = format!("ns(\"lianneng-{tag}-1\")");
        let fields = |text: &str| {
            let at = text.find(&start).unwrap_or_else(|| panic!("{tag}"));
            text[at..]
                .split(')')
                .take_while(|field| field.starts_with("ns("))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(fields(&page), fields(&chain), "{tag}");
        assert!(fields(&page).len() > 2, "{tag}");
    }
}

#[test]
fn the_reader_sees_what_it_should_and_nothing_else() {
    let code = bare(
        "use crate::{domain::Act, ledger};\n// crate::tui\nlet s = \"crate::papers \\\" crate::app\"; '\"'; crate :: cli",
    );
    let rooms: Vec<String> = rooms_named(&code).into_iter().collect();
    assert_eq!(rooms, ["cli", "domain", "ledger"]);
    assert!(words(&bare("r#\"rusqlite\"#; /* ratatui */ clap")).eq(["r", "clap"]));
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Room, file and bare code of every source file inside a room.
fn sources() -> Vec<(String, PathBuf, String)> {
    let base = root().join("src");
    let found: Vec<_> = files(&base)
        .into_iter()
        .filter_map(|file| {
            let inside = file.strip_prefix(&base).unwrap();
            let room = (inside.components().count() > 1)
                .then(|| inside.iter().next().unwrap().to_str().unwrap().to_owned())?;
            let code = bare(&std::fs::read_to_string(&file).unwrap());
            Some((room, file, code))
        })
        .collect();
    assert!(found.len() > 50, "the house was not found");
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

/// The code without comments and without what stands in quotes.
fn bare(source: &str) -> String {
    let mut out = String::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let skip = match () {
            () if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            () if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            () if rest.starts_with("r#\"") => {
                out.push('r');
                rest[3..].find("\"#").map_or(rest.len(), |end| end + 5)
            }
            () if rest.starts_with("'\"'") => 3,
            () if c == '"' => quoted(rest),
            () => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[skip..];
    }
    out
}

/// Length of the string literal at the start, its quotes included.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

/// The rooms that `crate::room`, `crate::{room, …}` or `lianneng::room` name.
fn rooms_named(code: &str) -> BTreeSet<String> {
    let squeezed: String = code.split_whitespace().collect();
    let mut named = BTreeSet::new();
    for start in ["crate::", "lianneng::"] {
        for (at, _) in squeezed.match_indices(start) {
            let rest = &squeezed[at + start.len()..];
            match rest.strip_prefix('{') {
                Some(list) => named.extend(first_of_each(list)),
                None => named.extend(words(rest).next().map(str::to_owned)),
            }
        }
    }
    let rooms: BTreeSet<&str> = MAY_KNOW.iter().map(|(room, _)| *room).collect();
    named.retain(|name| rooms.contains(name.as_str()));
    named
}

/// The first word of each branch of a `{a::b, c}` tree whose opening brace is gone.
fn first_of_each(list: &str) -> Vec<String> {
    let (mut depth, mut firsts, mut branch) = (0, Vec::new(), String::new());
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => firsts.push(std::mem::take(&mut branch)),
            _ => branch.push(c),
        }
    }
    firsts.push(branch);
    firsts
        .iter()
        .filter_map(|branch| words(branch).next().map(str::to_owned))
        .collect()
}
