//! What an act brought about, for the person who asked for it.

use rusqlite::{Connection, Transaction};
use serde::Serialize;

use super::append::{Appended, find_act};
use super::chain::Id;
use super::project::apply::{state_of, stream_row};
use super::project::{Changed, Layout};
use super::{hex, undo};
use crate::domain::fault::Fault;
use crate::domain::source::Source;
use crate::domain::{Effect, State, StreamId};

/// One stream an act wrote to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Touch {
    /// Its code.
    pub code: String,
    /// Its register.
    pub kind: String,
    /// Its identity.
    #[serde(skip)]
    pub stream: StreamId,
}

/// The answer to `do`, undo and redo (`console.md` §4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The act, as hex.
    pub act_id: String,
    /// `done` or `pending`.
    pub effect: &'static str,
    /// Code of the 呈批单 that was prepared.
    pub approval_sheet: Option<String>,
    /// 撤回 can take it back as things stand.
    pub undoable: bool,
    /// What it wrote to, in order.
    pub changed: Vec<Touch>,
    /// What now waits for somebody: proposals, and admonitions that followed.
    pub proposed: Vec<Touch>,
    /// Sentences worth showing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Who told it, for the keeper who asked (查看来源); never kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
}

impl Receipt {
    /// The receipt of an act just carried out. `followed` says which streams were born of a consequence.
    pub fn new(
        tx: &Connection,
        layout: &Layout,
        act_id: &Id,
        changed: &[Changed],
        followed: &dyn Fn(StreamId) -> bool,
        notes: Vec<String>,
    ) -> Result<Self, Fault> {
        let mut receipt = Self {
            act_id: hex::encode(act_id),
            effect: "done",
            approval_sheet: None,
            undoable: undo::takes_back(tx, layout, act_id)?.is_ok(),
            changed: Vec::new(),
            proposed: Vec::new(),
            notes,
            sources: Vec::new(),
        };
        for one in changed {
            let touch = Touch {
                code: one.row.code.clone(),
                kind: one.row.kind.clone(),
                stream: one.row.stream,
            };
            match &*one.state {
                State::Proposal(_) if one.born => receipt.proposed.push(touch),
                State::Admonition(_) if one.born && followed(one.row.stream) => receipt.proposed.push(touch),
                State::ApprovalSheet(_) if one.born => {
                    receipt.effect = "pending";
                    receipt.approval_sheet.get_or_insert_with(|| one.row.code.clone());
                    receipt.changed.push(touch);
                }
                _ => receipt.changed.push(touch),
            }
        }
        Ok(receipt)
    }

    /// Whether it took effect.
    pub fn effect(&self) -> Effect {
        if self.effect == "pending" {
            Effect::Pending
        } else {
            Effect::Done
        }
    }

    /// The receipt of an act that was appended earlier, from what stands in the log and in the tables now.
    pub fn again(tx: &Transaction, layout: &Layout, act_id: &Id) -> Result<Option<Self>, Fault> {
        let Some(appended) = find_act(tx, act_id)? else {
            return Ok(None);
        };
        let changed = changed_by(tx, &appended)?;
        let followed = followed(tx, &appended)?;
        Self::new(
            tx,
            layout,
            act_id,
            &changed,
            &|stream| followed.contains(&stream),
            Vec::new(),
        )
        .map(Some)
    }
}

fn changed_by(tx: &Connection, appended: &Appended) -> Result<Vec<Changed>, Fault> {
    let mut changed: Vec<Changed> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for event in &appended.events {
        let stream = StreamId(event.stream);
        if !seen.insert(stream) {
            continue;
        }
        if let Some(row) = stream_row(tx, stream)? {
            let state = state_of(tx, row.id)?;
            changed.push(Changed {
                row,
                born: event.stream_seq == 1,
                state,
            });
        }
    }
    Ok(changed)
}

fn followed(tx: &Connection, appended: &Appended) -> Result<Vec<StreamId>, Fault> {
    let mut caused = tx.prepare_cached("SELECT because IS NOT NULL FROM event WHERE seq = ?1")?;
    let mut found = Vec::new();
    for event in appended.events.iter().filter(|e| e.stream_seq == 1) {
        if caused.query_row([event.seq], |row| row.get(0))? {
            found.push(StreamId(event.stream));
        }
    }
    Ok(found)
}
