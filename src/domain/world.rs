//! What the rules may ask about everything else: answered by the ledger inside the write transaction,
//! and by an in-memory twin in tests.

use std::sync::Arc;

use chrono::NaiveDate;

use super::act::Act;
use super::calendar::Calendar;
use super::event::Named;
use super::fault::Refusal;
use super::ids::{BodyRef, StreamId};
use super::policy::Policy;
use super::restriction::RestrictionSpan;
use super::sheet::Sheets;
use super::state::State;
use super::vocabulary::{RestrictedAct, SeatRole};

/// Who acts, and for whom (§0.28).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Account id; `clock` for the clock.
    pub id: String,
    /// Name as shown.
    pub name: String,
    /// The person behind the account.
    pub person: Option<StreamId>,
    /// Bodies this operator may act for; empty = records for every body.
    pub capacities: Vec<BodyRef>,
    /// A leader himself: no question who signed (§0.5).
    pub decides: bool,
}

impl Operator {
    /// Records for every body (`init`'s local operator, the sample's default one).
    pub fn recorder(id: &str, name: &str) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            person: None,
            capacities: Vec::new(),
            decides: false,
        }
    }

    /// What he is to readers while he acts for one of his bodies only.
    pub fn in_capacity(&self, body: Option<BodyRef>) -> Self {
        Self {
            capacities: body.map_or_else(|| self.capacities.clone(), |body| vec![body]),
            ..self.clone()
        }
    }

    /// True when this operator may act for the body.
    pub fn serves(&self, body: BodyRef) -> bool {
        self.capacities.is_empty() || self.capacities.contains(&body)
    }
}

/// A restriction in force or past (R092): derived, never stored as a fact of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    /// The matter it comes from.
    pub source: StreamId,
    /// What it forbids.
    pub act: RestrictedAct,
    /// First day.
    pub from: NaiveDate,
    /// Last day, exclusive; `None` = in force.
    pub to: Option<NaiveDate>,
}

impl Restriction {
    /// A span of a matter's, with the matter.
    pub fn new(source: StreamId, span: RestrictionSpan) -> Self {
        Self {
            source,
            act: span.act,
            from: span.from,
            to: span.to,
        }
    }

    /// The span of `subject` without its matter, for [`super::restriction::in_force`].
    pub fn span(&self, subject: StreamId) -> RestrictionSpan {
        RestrictionSpan {
            subject,
            act: self.act,
            from: self.from,
            to: self.to,
        }
    }
}

/// A step a matter stands on, and the account that recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Kind of the event.
    pub kind: String,
    /// [`Operator::id`] of the account.
    pub account: String,
}

/// The questions. Implementations never fail: the ledger's notes the first failure and submit stops on it.
pub trait World {
    /// China civil date given to this act.
    fn today(&self) -> NaiveDate;
    /// Who acts.
    fn operator(&self) -> &Operator;
    /// The adopted policy.
    fn policy(&self) -> &Policy;
    /// The adopted calendar.
    fn calendar(&self) -> &Calendar;
    /// The adopted registers.
    fn sheets(&self) -> &Sheets;

    /// State of a stream; `None` = unknown here.
    fn state(&self, stream: StreamId) -> Option<Arc<State>>;
    /// Its version: number of its events.
    fn version(&self, stream: StreamId) -> u64;
    /// The office day of its last step, so that nothing is dated before the step it follows (§0.12).
    fn last_happened(&self, stream: StreamId) -> Option<NaiveDate>;
    /// The steps a stream stands on now, each with its account; what was taken back is not among them.
    fn recorded(&self, stream: StreamId) -> Vec<Recorded>;
    /// Every account there is, oldest first.
    fn accounts(&self) -> Vec<StreamId>;
    /// Stream with this code.
    fn by_code(&self, code: &str) -> Option<StreamId>;
    /// Streams of a kind that point at `target` by a relation (`unit`, `post`, `person`, `point`, `origin`,
    /// `target`, `sheet`), oldest first.
    fn referrers(&self, kind: &str, relation: &str, target: StreamId) -> Vec<StreamId>;
    /// Streams of a kind whose title is exactly this text (units, persons, posts), oldest first.
    fn titled(&self, kind: &str, title: &str) -> Vec<StreamId>;
    /// The body's own stream.
    fn body_stream(&self, body: BodyRef) -> Option<StreamId>;
    /// Holder of a seat on a day, from appointments.
    fn seat_holder(&self, body: BodyRef, role: SeatRole, day: NaiveDate) -> Option<Named>;
    /// Restrictions of a person or unit whose period touches the day.
    fn restrictions(&self, subject: StreamId, day: NaiveDate) -> Vec<Restriction>;
    /// A point of the same post, item and description, if there is one (duplicate on import).
    fn same_point(&self, unit: StreamId, post: Option<StreamId>, item: &str, description: &str) -> Option<StreamId>;

    /// How many watched points of a unit have to be reviewed by this day or earlier (`RiskPoint::review_due`).
    fn reviews_owed(&self, unit: StreamId, by: NaiveDate) -> usize;
    /// The one stream of adopted texts; none before the first adoption.
    fn adoption(&self) -> Option<StreamId>;
    /// Streams with a running deadline, the earliest first.
    fn running_deadlines(&self) -> Vec<StreamId>;
    /// The streams that 撤回此步 would turn back, or why it cannot; `proposal`, on which it waited, is no obstacle.
    fn turns_back(&self, act: &Act, proposal: StreamId) -> Result<Vec<StreamId>, Refusal>;

    /// Letters of this office in codes.
    fn site_letters(&self) -> &str;
    /// Takes the next number of a prefix and year (year 0 = without year); the same number is never given twice.
    fn next_number(&self, prefix: &str, year: i32) -> u32;
    /// A new stream identity.
    fn fresh_id(&self) -> StreamId;
}

/// A code as people read it: `PREFIX-SITE-YEAR-N`, `PREFIX-SITE-N` for the directory (ledger.md §7).
pub fn take_code(world: &dyn World, prefix: &str, yearly: bool) -> String {
    use chrono::Datelike;
    let year = if yearly { world.today().year() } else { 0 };
    let number = world.next_number(prefix, year);
    let site = world.site_letters();
    if yearly {
        format!("{prefix}-{site}-{year}-{number:04}")
    } else {
        format!("{prefix}-{site}-{number:04}")
    }
}
