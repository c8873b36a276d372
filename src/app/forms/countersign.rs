//! 回签: a matter that waits for a signature stands for the paper it is listed on.

use crate::domain::telling::Teller;
use crate::domain::world::World;
use crate::domain::{State, StreamId};

/// The papers on which these matters wait for a signature; a paper stands for itself.
pub fn sheets(targets: &[StreamId], world: &dyn World) -> Vec<StreamId> {
    let mut sheets: Vec<StreamId> = Vec::new();
    for target in targets {
        let found = match world.state(*target).as_deref() {
            Some(State::ApprovalSheet(_)) => vec![*target],
            Some(State::Proposal(p)) => p.sheet.into_iter().collect(),
            _ => waiting(*target, world),
        };
        for sheet in found {
            if !sheets.contains(&sheet) {
                sheets.push(sheet);
            }
        }
    }
    sheets
}

/// The papers on which one matter waits.
pub fn waiting(matter: StreamId, world: &dyn World) -> Vec<StreamId> {
    let paper = |proposal: StreamId| match world.state(proposal).as_deref() {
        Some(State::Proposal(p)) if p.stage.open() => p.sheet,
        _ => None,
    };
    world
        .referrers("proposal", "target", matter)
        .into_iter()
        .filter_map(paper)
        .collect()
}

/// The lines of the papers, numbered: a number strikes a line out.
pub fn lines(sheets: &[StreamId], world: &dyn World) -> Vec<String> {
    let teller = Teller::new(world);
    let mut lines = Vec::new();
    for sheet in sheets {
        let Some(State::ApprovalSheet(paper)) = world.state(*sheet).as_deref().cloned() else {
            continue;
        };
        for (number, proposal) in (1..).zip(&paper.proposals) {
            let Some(state) = world.state(*proposal) else { continue };
            lines.push(format!("  {number}. {}", teller.title(&state)));
        }
    }
    lines
}
