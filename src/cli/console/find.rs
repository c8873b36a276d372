//! Find and candidates: codes and names first, then what the index of pairs gives, compared with the text itself.

use super::OfficeStore;
use crate::app::show;
use crate::app::store::{Candidate, Hit};
use crate::domain::fault::Fault;
use crate::domain::telling::Teller;
use crate::domain::world::World;
use crate::domain::{State, StreamId};
use crate::ledger::project::gram;

/// Registers find looks into, in the order its hits are shown.
const FOUND: [&str; 7] = ["person", "warning", "risk_point", "admonition", "unit", "post", "task"];

/// More is looked up than shown, because pairs may match what the text does not.
const SPARE: usize = 4;

/// What matches what was typed, register by register.
pub fn hits(store: &OfficeStore, typed: &str, most: usize) -> Result<Vec<Hit>, Fault> {
    let mut hits = Vec::new();
    for register in FOUND {
        let room = most.saturating_sub(hits.len()).min(most / 2);
        for stream in matching(store, register, typed, room)? {
            let hit = store
                .reader
                .with_world(&store.operator, |world| Ok(hit(stream, world)))?;
            hits.extend(hit);
        }
    }
    Ok(hits)
}

fn hit(stream: StreamId, world: &dyn World) -> Option<Hit> {
    let state = world.state(stream)?;
    let teller = Teller::new(world);
    let unit = state
        .reference("unit")
        .map(|unit| teller.name(unit))
        .unwrap_or_default();
    let title: String = teller.title(&state).chars().take(50).collect();
    let person = state.kind() == "person";
    let restricted = person && !world.restrictions(stream, world.today()).is_empty();
    let stage = match (person, restricted) {
        (true, true) => "限制中",
        (true, false) => "",
        _ => show::stage(&state),
    };
    let kind = world
        .sheets()
        .get(state.kind())
        .map(|sheet| sheet.label.clone())
        .unwrap_or_default();
    Some(Hit {
        stream: stream.to_string(),
        register: state.kind().to_owned(),
        kind,
        code: state.code().to_owned(),
        label: if person {
            format!("{title} {unit}")
        } else {
            format!("{unit} {title}").trim().to_owned()
        },
        grade: state.grade().map(show::tint),
        stage: stage.to_owned(),
    })
}

/// What matches in a field that takes something of the directory.
pub fn candidates(store: &OfficeStore, of: &str, typed: &str, most: usize) -> Result<Vec<Candidate>, Fault> {
    let found = matching(store, of, typed, most)?;
    store.reader.with_world(&store.operator, |world| {
        let teller = Teller::new(world);
        let candidate = |stream: &StreamId| {
            let state = world.state(*stream)?;
            let name = |field: &str| state.reference(field).map(|s| teller.name(s)).unwrap_or_default();
            let note = format!("{} {} {}", name("unit"), name("post"), state.code());
            let label: String = match &*state {
                State::Record(_) => teller.name(*stream),
                _ => format!(
                    "{} {}",
                    state.code(),
                    teller.title(&state).chars().take(24).collect::<String>()
                ),
            };
            Some(Candidate {
                id: stream.to_string(),
                label,
                note: note.trim().to_owned(),
            })
        };
        Ok(found.iter().filter_map(candidate).collect())
    })
}

/// Streams of a register whose code, text or initials contain what was typed.
fn matching(store: &OfficeStore, register: &str, typed: &str, most: usize) -> Result<Vec<StreamId>, Fault> {
    if most == 0 {
        return Ok(Vec::new());
    }
    let wanted = gram::fold(typed.trim());
    let found = store.office.matching(register, typed, most * SPARE)?;
    store.reader.with_world(&store.operator, |world| {
        let fits = |stream: &StreamId| {
            world
                .state(*stream)
                .is_some_and(|state| contains(&state, &wanted, world))
        };
        Ok(found.into_iter().filter(fits).take(most).collect())
    })
}

fn contains(state: &State, wanted: &str, world: &dyn World) -> bool {
    let Some(sheet) = world.sheets().get(state.kind()) else {
        return false;
    };
    if gram::fold(state.code()).contains(wanted) {
        return true;
    }
    let title = state.text(&sheet.title);
    let texts = sheet
        .fields
        .iter()
        .filter(|f| f.search || f.id == sheet.title)
        .map(|f| state.text(&f.id));
    let people = match state {
        State::Admonition(a) => a.responsible.iter().map(|n| n.name.clone()).collect(),
        _ => Vec::new(),
    };
    texts.chain(people).any(|text| gram::fold(&text).contains(wanted))
        || (wanted.is_ascii() && gram::spellings(&title).iter().any(|s| s.contains(wanted)))
}
