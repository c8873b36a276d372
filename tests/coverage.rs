//! Which test stands for which row: the requirements R001–R125, the decisions of §0, the rows of §4.1–§4.5, and every
//! refusal of the rules. A test says it in its own doc comment, `/// covers R045 §0.16 §4.3.5`; the rows stand in
//! `tests/fixtures/coverage_rows.txt`, each with the issue that builds it when it is a later one.
//!
//! `cargo test --test coverage -- --nocapture` prints the table.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Refusals that no form a person fills can bring about: the program asks for nothing of the kind.
const UNREACHABLE: &[&str] = &[];

/// One row of the fixture.
struct Row {
    number: String,
    what: String,
    /// The issue that builds it.
    later: Option<String>,
}

#[test]
fn every_row_has_its_test_or_the_issue_that_builds_it() {
    let (rows, told) = (rows(), told());
    let mut wrong = Vec::new();
    for row in &rows {
        let tests = told.get(&row.number);
        let shown = match (&row.later, tests) {
            (_, Some(tests)) => tests.iter().cloned().collect::<Vec<_>>().join("、"),
            (Some(issue), None) => format!("〔{issue}〕"),
            (None, None) => {
                wrong.push(format!("{} {}: no test says that it covers it", row.number, row.what));
                "——".to_owned()
            }
        };
        println!("{:8} {}  →  {shown}", row.number, row.what);
    }
    let known: BTreeSet<&str> = rows.iter().map(|row| row.number.as_str()).collect();
    let unknown = told
        .iter()
        .filter(|(number, _)| (number.starts_with('R') || number.starts_with('§')) && !known.contains(number.as_str()));
    wrong.extend(unknown.map(|(number, tests)| format!("{number}: no such row, but {tests:?} cover it")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each refusal is named in the source as `Refusal::new("kind", …)`; a test that expects it names the kind.
#[test]
fn every_refusal_of_the_rules_is_expected_by_a_test() {
    let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, text) in sources(&["src/domain/decide"], false) {
        let mut rest = text.as_str();
        while let Some((_, after)) = rest.split_once("Refusal::new(") {
            rest = after;
            if let Some(kind) = after.trim_start().strip_prefix('"').and_then(|k| k.split('"').next()) {
                kinds.entry(kind.to_owned()).or_default().insert(file.clone());
            }
        }
    }
    assert!(kinds.len() > 60, "the rules refuse in many ways: {}", kinds.len());
    let mut expected: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (_, text) in sources(&["src", "tests"], true) {
        for test in tests_of(&text) {
            for (kind, _) in kinds
                .iter()
                .filter(|(kind, _)| test.body.contains(&format!("\"{kind}\"")))
            {
                expected.entry(kind).or_default().insert(test.name.clone());
            }
        }
    }
    let mut wrong = Vec::new();
    for (kind, files) in &kinds {
        match expected.get(kind.as_str()) {
            Some(tests) => println!("{kind:24} →  {}", tests.iter().next().unwrap()),
            None if UNREACHABLE.contains(&kind.as_str()) => println!("{kind:24} →  unreachable"),
            None => wrong.push(format!("{kind} ({files:?}): no test expects this refusal")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(root().join("tests/fixtures/coverage_rows.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let rows: Vec<Row> = lines
        .map(|line| {
            let (number, what) = line.split_once(' ').unwrap();
            let (what, later) = match what.split_once('〔') {
                Some((what, issue)) => (what.trim(), Some(issue.trim_end_matches('〕').to_owned())),
                None => (what, None),
            };
            Row {
                number: number.to_owned(),
                what: what.to_owned(),
                later,
            }
        })
        .collect();
    let requirements = rows.iter().filter(|row| row.number.starts_with('R')).count();
    let decisions = rows.iter().filter(|row| row.number.starts_with("§0.")).count();
    assert_eq!((requirements, decisions), (125, 32), "the list is whole");
    rows
}

/// Number → tests that say they cover it.
fn told() -> BTreeMap<String, BTreeSet<String>> {
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, text) in sources(&["src", "tests"], true) {
        for test in tests_of(&text) {
            for number in test.covers {
                told.entry(number).or_default().insert(test.name.clone());
            }
        }
    }
    told
}

struct Told {
    name: String,
    covers: Vec<String>,
    body: String,
}

/// The test functions of a source: those under `#[test]`, with the line above it that says what they cover.
fn tests_of(text: &str) -> Vec<Told> {
    let lines: Vec<&str> = text.lines().collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].trim() == "#[test]").collect();
    let mut found = Vec::new();
    for (n, at) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(lines.len());
        let signature = lines[*at..end].iter().find_map(|line| line.trim().strip_prefix("fn "));
        let Some(name) = signature.and_then(|line| line.split('(').next()) else {
            continue;
        };
        let above = lines[..*at]
            .iter()
            .rev()
            .take_while(|line| line.trim().starts_with("///"));
        let covers = above.filter_map(|line| line.trim().strip_prefix("/// covers "));
        found.push(Told {
            name: name.to_owned(),
            covers: covers.flat_map(str::split_whitespace).map(str::to_owned).collect(),
            body: lines[*at..end].join("\n"),
        });
    }
    found
}

/// Sources under some folders by path; with or without tests.
fn sources(folders: &[&str], tests: bool) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut folders: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && (tests || !path.ends_with("tests.rs")) {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                all.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    // `decide.rs` stands beside its folder.
    if !tests {
        let path = root().join("src/domain/decide.rs");
        all.push(("src/domain/decide.rs".into(), std::fs::read_to_string(path).unwrap()));
    }
    all
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
