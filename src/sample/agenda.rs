//! What is to happen, when: acts with their days, put in order and sent through the one door.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::domain::calendar::Calendar;
use crate::domain::policy::Policy;
use crate::domain::world::Operator;
use crate::domain::{Act, Grade, LateReason, Stop, StreamId, Verb};

/// One act of the sample.
#[derive(Debug)]
pub struct Step {
    /// The day on which it is recorded.
    pub day: NaiveDate,
    /// The act; its target and some references are still names.
    pub act: Act,
    /// Names of matters it is done to.
    pub targets: Vec<String>,
    /// Fields that name a matter.
    pub references: Vec<(&'static str, String)>,
    /// Names given to what comes of it: the first of a kind.
    pub gives: Vec<(&'static str, String)>,
    /// Who records it; none = the one who records for every body.
    pub operator: Option<Operator>,
}

impl Step {
    /// An act on a day.
    pub fn new(day: NaiveDate, act: Act) -> Self {
        Self {
            day,
            act: act.on(day),
            targets: Vec::new(),
            references: Vec::new(),
            gives: Vec::new(),
            operator: None,
        }
    }

    /// Done to a matter.
    #[must_use]
    pub fn to(mut self, name: &str) -> Self {
        self.targets.push(name.to_owned());
        self
    }

    /// Recorded later than it happened (补录).
    #[must_use]
    pub fn recorded(mut self, day: NaiveDate, why: LateReason) -> Self {
        self.day = self.day.max(day);
        self.act.late_reason = Some(why);
        self
    }

    /// Names what comes of it.
    #[must_use]
    pub fn gives(mut self, kind: &'static str, name: &str) -> Self {
        self.gives.push((kind, name.to_owned()));
        self
    }
}

/// One stream an act wrote to.
#[derive(Debug, Clone)]
pub struct Touched {
    /// Its identity.
    pub stream: StreamId,
    /// Its kind.
    pub kind: String,
    /// It now waits for somebody.
    pub proposed: bool,
}

/// Where acts go in.
pub trait Door {
    /// Carries out an act at a moment (milliseconds UTC).
    fn submit(&mut self, at_ms: i64, operator: &Operator, act: &Act) -> Result<Vec<Touched>, Stop>;

    /// A pause between bulk acts, to clear away what they left undone.
    fn rest(&mut self) -> Result<(), Stop>;
}

/// Days counted back from today over working days.
#[derive(Debug, Clone, Copy)]
pub struct Workdays<'a> {
    /// The calendar.
    pub calendar: &'a Calendar,
    /// The policy.
    pub policy: &'a Policy,
    /// Today.
    pub today: NaiveDate,
}

impl Workdays<'_> {
    /// The working day `ago` working days before today; today's last one with 0.
    pub fn back(&self, ago: i64) -> NaiveDate {
        let mut day = self.today;
        while !self.calendar.is_workday(day) {
            day = day - Days::new(1);
        }
        for _ in 0..ago {
            day = day - Days::new(1);
            while !self.calendar.is_workday(day) {
                day = day - Days::new(1);
            }
        }
        day
    }

    /// Length of a step for a colour, in working days.
    pub fn length(&self, step: &str, grade: Grade) -> i64 {
        self.policy.deadline.get(step).map_or(0, |d| i64::from(d.length(grade)))
    }

    /// The last working day on or before a day.
    pub fn workday(&self, day: NaiveDate) -> NaiveDate {
        let mut day = day.min(self.today);
        while !self.calendar.is_workday(day) {
            day = day - Days::new(1);
        }
        day
    }
}

/// Acts in the making.
#[derive(Debug, Default)]
pub struct Agenda {
    steps: Vec<Step>,
}

impl Agenda {
    /// Adds a step.
    pub fn add(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Adds an act on a day, done to no matter.
    pub fn act(&mut self, day: NaiveDate, act: Act) {
        self.add(Step::new(day, act));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Carries them all out in the order of their days; on one day, in the order in which they were added.
    ///
    /// `moments` gives each act its time of day. An act that is refused names itself: the sample would be wrong.
    pub fn run(
        mut self,
        door: &mut dyn Door,
        recorder: &Operator,
        moments: &mut dyn FnMut(NaiveDate) -> i64,
        tell: &mut dyn FnMut(usize, usize),
    ) -> Result<(), Stop> {
        self.steps.sort_by_key(|step| step.day);
        let total = self.steps.len();
        let mut known: BTreeMap<String, StreamId> = BTreeMap::new();
        for (done, step) in self.steps.into_iter().enumerate() {
            let mut act = step.act;
            let find = |name: &String| known.get(name).copied().ok_or_else(|| unknown(act.verb, name));
            let targets = step.targets.iter().map(find).collect::<Result<Vec<_>, _>>()?;
            for (field, name) in &step.references {
                let id = find(name)?;
                act.fields.insert((*field).to_owned(), id.to_string().into());
            }
            act.targets.extend(targets);
            let operator = step.operator.as_ref().unwrap_or(recorder);
            let touched = door
                .submit(moments(step.day), operator, &act)
                .map_err(|stop| named(stop, &act, &step.targets))?;
            for (kind, name) in step.gives {
                let mut of_kind = touched.iter().filter(|t| t.kind == kind);
                let found = of_kind.clone().find(|t| t.proposed).or_else(|| of_kind.next());
                if let Some(found) = found {
                    known.insert(name, found.stream);
                }
            }
            tell(done + 1, total);
        }
        Ok(())
    }
}

fn unknown(verb: Verb, name: &str) -> Stop {
    super::material::broken("stories", &format!("“{}”所指的事项“{name}”尚未产生", verb.label())).into()
}

/// Says which act of the sample was refused.
fn named(stop: Stop, act: &Act, targets: &[String]) -> Stop {
    match stop {
        Stop::Refused(mut refusal) => {
            refusal.reason = format!("样例“{}”{}：{}", act.verb.label(), targets.join("、"), refusal.reason);
            Stop::Refused(refusal)
        }
        failed => failed,
    }
}
