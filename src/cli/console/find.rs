//! Find and candidates: asked of the reader, folded into lines.

use super::{OfficeStore, people};
use crate::app::show;
use crate::app::store::{Candidate, Hit};
use crate::domain::fault::Stop;
use crate::ledger::query::Item;

/// What matches what was typed: a code itself first, then people, warnings, points…
pub fn hits(store: &OfficeStore, typed: &str, most: usize) -> Result<Vec<Hit>, Stop> {
    let found = store.reader().find(typed, most)?;
    let people = found
        .iter()
        .filter(|item| item.kind == "person")
        .map(|item| item.stream);
    let restricted = people::standing(store, &people.collect::<Vec<_>>())?;
    let texts = store.reader().texts();
    let hit = |item: &Item| {
        let kind = texts.sheets.get(&item.kind).map(|sheet| sheet.label.clone());
        let stage = item.labels.get("stage").cloned().unwrap_or_default();
        let stage = match restricted.get(&item.stream) {
            Some(held) => held.clone(),
            None if item.kind == people::PERSON => "无限制".to_owned(),
            None => stage,
        };
        let unit = item.unit.clone().unwrap_or_default();
        // a person is told apart by unit and post, a matter is found at its unit
        let place = match &item.post {
            Some(post) => format!("{unit}·{post}"),
            None => unit.clone(),
        };
        let (first, then) = if item.kind == people::PERSON {
            (&item.title, &place)
        } else {
            (&unit, &item.title)
        };
        Hit {
            stream: item.stream.to_string(),
            register: item.kind.clone(),
            kind: kind.unwrap_or_default(),
            code: item.code.clone(),
            label: format!("{first} {then}").trim().to_owned(),
            grade: item.grade.map(show::tint),
            stage,
        }
    };
    Ok(found.iter().map(hit).collect())
}

/// What matches in a field that takes something of the directory.
pub fn candidates(store: &OfficeStore, of: &str, typed: &str, most: usize) -> Result<Vec<Candidate>, Stop> {
    let found = store.reader().candidates(of, typed, most)?.into_iter();
    let candidate = |found: crate::ledger::query::Candidate| Candidate {
        id: found.stream.to_string(),
        label: found.name,
        note: format!("{} {}", found.note, found.code).trim().to_owned(),
    };
    Ok(found.map(candidate).collect())
}
