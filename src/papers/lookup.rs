//! The few questions an import asks about what is already in the office's file.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::ids::StreamId;
use crate::domain::state::State;
use crate::domain::world::World;

/// Answers come from the ledger's reader, or from a world in tests.
pub trait Lookup {
    /// China civil date of the import.
    fn today(&self) -> NaiveDate;
    /// State of a stream.
    fn state(&self, stream: StreamId) -> Option<Arc<State>>;
    /// Its version now.
    fn version(&self, stream: StreamId) -> u64;
    /// Stream with this code.
    fn by_code(&self, code: &str) -> Option<StreamId>;
    /// Streams of a kind whose title is exactly this text.
    fn titled(&self, kind: &str, title: &str) -> Vec<StreamId>;
    /// Streams of a kind that point at a stream by a relation (`unit`, `point`).
    fn referrers(&self, kind: &str, relation: &str, target: StreamId) -> Vec<StreamId>;
    /// A point of the same post, item and description.
    fn same_point(&self, unit: StreamId, post: Option<StreamId>, item: &str, description: &str) -> Option<StreamId>;
    /// A new stream identity.
    fn fresh_id(&self) -> StreamId;
}

impl<W: World + ?Sized> Lookup for W {
    fn today(&self) -> NaiveDate {
        World::today(self)
    }
    fn state(&self, stream: StreamId) -> Option<Arc<State>> {
        World::state(self, stream)
    }
    fn version(&self, stream: StreamId) -> u64 {
        World::version(self, stream)
    }
    fn by_code(&self, code: &str) -> Option<StreamId> {
        World::by_code(self, code)
    }
    fn titled(&self, kind: &str, title: &str) -> Vec<StreamId> {
        World::titled(self, kind, title)
    }
    fn referrers(&self, kind: &str, relation: &str, target: StreamId) -> Vec<StreamId> {
        World::referrers(self, kind, relation, target)
    }
    fn same_point(&self, unit: StreamId, post: Option<StreamId>, item: &str, description: &str) -> Option<StreamId> {
        World::same_point(self, unit, post, item, description)
    }
    fn fresh_id(&self) -> StreamId {
        World::fresh_id(self)
    }
}

/// Texts of a point's live measures, oldest first.
pub fn measures_of(lookup: &dyn Lookup, point: StreamId) -> Vec<String> {
    let all = lookup.referrers("measure", "point", point);
    let live = all.into_iter().filter_map(|id| lookup.state(id)).filter(|s| s.counts());
    live.map(|s| s.text("text")).collect()
}

/// What a record of the directory or of a plain register is called.
pub fn title_of(state: &State) -> String {
    let titles = ["name", "topic", "number", "title"].into_iter().map(|f| state.text(f));
    titles.into_iter().find(|t| !t.is_empty()).unwrap_or_default()
}
