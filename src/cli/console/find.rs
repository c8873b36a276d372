//! Find and candidates: asked of the reader, folded into lines.

use super::OfficeStore;
use crate::app::show;
use crate::app::store::{Candidate, Hit};
use crate::domain::StreamId;
use crate::domain::fault::Stop;
use crate::domain::world::World;
use crate::ledger::query::Item;

/// What matches what was typed: a code itself first, then people, warnings, points…
pub fn hits(store: &OfficeStore, typed: &str, most: usize) -> Result<Vec<Hit>, Stop> {
    let found = store.reader().find(typed, most)?;
    let people = found
        .iter()
        .filter(|item| item.kind == "person")
        .map(|item| item.stream);
    let restricted: Vec<StreamId> = store.reader().with_world(|world| {
        Ok(people
            .filter(|person| !world.restrictions(*person, world.today()).is_empty())
            .collect())
    })?;
    let texts = store.reader().texts();
    let hit = |item: &Item| {
        let kind = texts.sheets.get(&item.kind).map(|sheet| sheet.label.clone());
        let stage = item.labels.get("stage").cloned().unwrap_or_default();
        let stage = if restricted.contains(&item.stream) {
            "限制中".to_owned()
        } else {
            stage
        };
        let unit = item.unit.clone().unwrap_or_default();
        // a person is told apart by the unit, a matter is found at it
        let (first, then) = if item.kind == "person" {
            (&item.title, &unit)
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
