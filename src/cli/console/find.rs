//! Find and candidates: asked of the reader, folded into lines.

use super::OfficeStore;
use crate::app::show;
use crate::app::store::{Candidate, Hit};
use crate::domain::StreamId;
use crate::domain::fault::{Fault, Stop};
use crate::domain::world::World;
use crate::ledger::query::Item;

/// What matches what was typed: a code itself first, then people, warnings, points…
pub fn hits(store: &OfficeStore, typed: &str, most: usize) -> Result<Vec<Hit>, Stop> {
    let found = store.reader.find(typed, most)?;
    found.iter().map(|item| Ok(hit(store, item)?)).collect()
}

fn hit(store: &OfficeStore, item: &Item) -> Result<Hit, Fault> {
    let unit = item.unit.clone().unwrap_or_default();
    let person = item.kind == "person";
    let stage = if person && restricted(store, item.stream)? {
        "限制中".to_owned()
    } else {
        item.labels.get("stage").cloned().unwrap_or_default()
    };
    let label = if person {
        format!("{} {unit}", item.title)
    } else {
        format!("{unit} {}", item.title)
    };
    let texts = store.reader.texts();
    Ok(Hit {
        stream: item.stream.to_string(),
        register: item.kind.clone(),
        kind: texts
            .sheets
            .get(&item.kind)
            .map(|sheet| sheet.label.clone())
            .unwrap_or_default(),
        code: item.code.clone(),
        label: label.trim().to_owned(),
        grade: item.grade.map(show::tint),
        stage,
    })
}

fn restricted(store: &OfficeStore, person: StreamId) -> Result<bool, Fault> {
    store.reader.with_world(&store.operator, |world| {
        Ok(!world.restrictions(person, world.today()).is_empty())
    })
}

/// What matches in a field that takes something of the directory.
pub fn candidates(store: &OfficeStore, of: &str, typed: &str, most: usize) -> Result<Vec<Candidate>, Stop> {
    let found = store.reader.candidates(of, typed, most)?.into_iter();
    let candidate = |found: crate::ledger::query::Candidate| Candidate {
        id: found.stream.to_string(),
        label: found.name,
        note: format!("{} {}", found.note, found.code).trim().to_owned(),
    };
    Ok(found.map(candidate).collect())
}
