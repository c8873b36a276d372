//! An in-memory world for story tests: the ledger's twin, without a file.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::calendar::{self, Calendar};
use super::decide::{Outcome, decide};
use super::event::Named;
use super::fault::Refusal;
use super::policy::Policy;
use super::sheet::{Sheets, shipped_registers};
use super::state::{Fact, evolve};
use super::world::{Operator, Recorded, Restriction, World};
use super::{Act, BodyRef, Event, Fields, RestrictedAct, SeatRole, State, StreamId, Verb};

/// Everything known, in maps; acts go through [`Story::when`].
pub struct Story {
    today: NaiveDate,
    operator: Operator,
    policy: Policy,
    calendar: Calendar,
    sheets: Sheets,
    states: BTreeMap<StreamId, Arc<State>>,
    born: Vec<StreamId>,
    versions: BTreeMap<StreamId, u64>,
    last: BTreeMap<StreamId, NaiveDate>,
    recorded: BTreeMap<StreamId, Vec<Recorded>>,
    numbers: RefCell<BTreeMap<(String, i32), u32>>,
    ids: Cell<u64>,
}

/// A notice for 2027 as one would be worded; invented, none was published yet.
pub const NOTICE_2027: &str = "国务院办公厅关于2027年部分节假日安排的通知\n国办发明电〔2026〕99号\n\n\
    一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n\
    二、春节：2月5日（农历除夕、周五）至12日（周五）放假调休，共8天。1月30日（周六）、2月20日（周六）上班。\n\
    三、清明节：4月3日（周六）至5日（周一）放假，共3天。\n\
    四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。\n\
    五、端午节：6月9日（周三）放假1天，不调休。\n六、中秋节：9月15日（周三）放假1天，不调休。\n\
    七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。\n";

/// The act that adopts the shipped texts with another calendar and policy.
pub fn adoption(policy: &str, calendar: &Calendar) -> Act {
    Act::new(Verb::Adopt, vec![])
        .with("policy", policy)
        .with("calendar", calendar.text())
        .with("registers", serde_json::json!(shipped_registers()))
}

/// The shipped calendar with the invented notice of 2027.
pub fn calendar_2027() -> Calendar {
    use super::calendar::notice::{Beside, Form, read};
    let shipped = Calendar::parse(calendar::shipped()).unwrap();
    let notice = read(Form::Wording, NOTICE_2027, Beside::default(), &shipped).unwrap();
    shipped.with(notice)
}

/// A day from `2026-11-23`.
pub fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

/// Keeps every event the stories write, for `tests/fixtures/events_v1.jsonl`.
fn collect_sample(kind: &str, body: &str) {
    use std::io::Write;
    if let Some(path) = std::env::var_os("LIANNENG_SAMPLES") {
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .unwrap();
        let line = format!("[\"{kind}\",{},{body}]\n", super::event::VERSION);
        file.write_all(line.as_bytes()).unwrap();
    }
}

impl Story {
    #[allow(clippy::new_without_default)]
    /// An office with its bodies, on Monday 23 November 2026.
    pub fn new() -> Self {
        let mut story = Self {
            today: day("2026-11-23"),
            operator: Operator::recorder("local", "值班员"),
            policy: Policy::parse(Policy::shipped()).unwrap(),
            calendar: Calendar::parse(calendar::shipped()).unwrap(),
            sheets: Sheets::parse(&shipped_registers()).0,
            states: BTreeMap::new(),
            born: Vec::new(),
            versions: BTreeMap::new(),
            last: BTreeMap::new(),
            recorded: BTreeMap::new(),
            numbers: RefCell::default(),
            ids: Cell::new(0),
        };
        story.when(Act::new(Verb::Found, vec![])).unwrap();
        story
    }

    /// Moves to another day.
    pub fn on(&mut self, today: &str) -> &mut Self {
        self.today = day(today);
        self
    }

    /// Another operator acts from now on.
    pub fn as_operator(&mut self, operator: Operator) -> &mut Self {
        self.operator = operator;
        self
    }

    /// Changes the policy in force.
    pub fn with_policy(&mut self, change: impl FnOnce(&mut Policy)) -> &mut Self {
        change(&mut self.policy);
        self
    }

    /// Asks for an act; what it brings about becomes known.
    pub fn when(&mut self, mut act: Act) -> Result<Outcome, super::Refusal> {
        // The ledger's door seals for real.
        let envelope = |_: &super::source::Source| {
            Ok::<_, super::Refusal>(r#"{"v":1,"to":"00","key":"00","box":"00"}"#.to_owned())
        };
        super::source::seal_in(&mut act, envelope)?;
        let outcome = decide(&act, self)?;
        for new in &outcome.events {
            let before = self.states.get(&new.stream).map(|s| (**s).clone());
            if before.is_none() {
                self.born.push(new.stream);
            }
            // Every event must survive its own encoding.
            let (kind, body) = new.event.encode().unwrap();
            let decoded = Event::decode(&kind, super::event::VERSION, &body).unwrap();
            assert_eq!(decoded, new.event);
            collect_sample(&kind, &body);
            let account = self.operator.id.clone();
            self.recorded
                .entry(new.stream)
                .or_default()
                .push(Recorded { kind, account });
            let after = evolve(
                before,
                &Fact {
                    event: &decoded,
                    happened: outcome.happened,
                },
            )
            .unwrap();
            let stored: State = serde_json::from_str(&serde_json::to_string(&after).unwrap()).unwrap();
            assert_eq!(stored, after, "a state must survive its storage");
            if let State::Adoption(adopted) = &after {
                self.policy = Policy::parse(&adopted.policy).unwrap();
                self.calendar = Calendar::parse(&adopted.calendar).unwrap();
                self.sheets = Sheets::parse(&adopted.registers).0;
            }
            self.states.insert(new.stream, Arc::new(after));
            *self.versions.entry(new.stream).or_default() += 1;
            // A moved deadline is no step of the matter.
            if !matches!(new.event, Event::DueMoved { .. }) {
                self.last.insert(new.stream, outcome.happened);
            }
        }
        Ok(outcome)
    }

    /// Creates a record and returns its stream.
    pub fn record(&mut self, register: &str, fields: &[(&str, &str)]) -> StreamId {
        let mut act = Act::new(Verb::Create, vec![]).with("register", register);
        for (field, value) in fields {
            act = act.with(field, *value);
        }
        let outcome = self.when(act).unwrap();
        outcome.events[0].stream
    }

    /// Seats a person in a body.
    pub fn seat(&mut self, body: BodyRef, role: SeatRole, person: StreamId) {
        let (body, person) = (body.to_string(), person.to_string());
        self.record(
            "appointment",
            &[
                ("person", &person),
                ("body", &body),
                ("role", role.id()),
                ("from", "2020-01-01"),
            ],
        );
    }

    /// Fields of a stream.
    pub fn fields(&self, stream: StreamId) -> Fields {
        self.states[&stream].fields().clone()
    }

    /// Streams of a kind, oldest first.
    pub fn all(&self, kind: &str) -> Vec<StreamId> {
        self.born
            .iter()
            .copied()
            .filter(|s| self.states[s].kind() == kind)
            .collect()
    }

    /// The one admonition's, warning's … state.
    pub fn get(&self, stream: StreamId) -> &State {
        &self.states[&stream]
    }

    /// Acts a person may not be put forward for on a day, by restrictions in force.
    pub fn barred(&self, person: StreamId, on: &str) -> Vec<RestrictedAct> {
        let on = day(on);
        let mut acts: Vec<_> = self
            .restrictions(person, on)
            .into_iter()
            .filter(|r| r.from <= on && r.to.is_none_or(|to| on < to))
            .map(|r| r.act)
            .collect();
        acts.sort();
        acts.dedup();
        acts
    }
}

impl World for Story {
    fn today(&self) -> NaiveDate {
        self.today
    }
    fn operator(&self) -> &Operator {
        &self.operator
    }
    fn policy(&self) -> &Policy {
        &self.policy
    }
    fn calendar(&self) -> &Calendar {
        &self.calendar
    }
    fn sheets(&self) -> &Sheets {
        &self.sheets
    }
    fn state(&self, stream: StreamId) -> Option<Arc<State>> {
        self.states.get(&stream).cloned()
    }
    fn version(&self, stream: StreamId) -> u64 {
        self.versions.get(&stream).copied().unwrap_or_default()
    }
    fn last_happened(&self, stream: StreamId) -> Option<NaiveDate> {
        self.last.get(&stream).copied()
    }
    fn recorded(&self, stream: StreamId) -> Vec<Recorded> {
        self.recorded.get(&stream).cloned().unwrap_or_default()
    }
    fn accounts(&self) -> Vec<StreamId> {
        self.all("account")
    }
    fn by_code(&self, code: &str) -> Option<StreamId> {
        self.born.iter().copied().find(|s| self.states[s].code() == code)
    }
    fn referrers(&self, kind: &str, relation: &str, target: StreamId) -> Vec<StreamId> {
        let points = |s: &&StreamId| {
            let state = &self.states[*s];
            state.kind() == kind && state.links().iter().any(|(r, t)| *r == relation && *t == target)
        };
        self.born.iter().filter(points).copied().collect()
    }
    fn titled(&self, kind: &str, title: &str) -> Vec<StreamId> {
        let field = self.sheets.get(kind).map_or("name", |s| &s.title);
        self.all(kind)
            .into_iter()
            .filter(|s| self.states[s].text(field) == title)
            .collect()
    }
    fn body_stream(&self, body: BodyRef) -> Option<StreamId> {
        self.all("body")
            .into_iter()
            .find(|s| self.states[s].text("body") == body.to_string())
    }
    fn seat_holder(&self, body: BodyRef, role: SeatRole, on: NaiveDate) -> Option<Named> {
        let body = body.to_string();
        let live = |a: &State| {
            let (from, to, on) = (a.text("from"), a.text("to"), on.to_string());
            a.counts() && from <= on && (to.is_empty() || on <= to)
        };
        let seats: Vec<&State> = self
            .all("appointment")
            .iter()
            .rev()
            .map(|s| &*self.states[s])
            .filter(|a| live(a))
            .collect();
        let seat = seats
            .iter()
            .find(|a| a.text("body") == body && a.text("role") == role.id())?;
        let person = seat.reference("person").or_else(|| {
            let post = seat.reference("post")?;
            let held = |a: &&&State| a.reference("post") == Some(post) && a.reference("person").is_some();
            seats.iter().find(held).and_then(|a| a.reference("person"))
        })?;
        Some(Named {
            person: Some(person),
            name: self.states[&person].text("name"),
        })
    }
    fn restrictions(&self, subject: StreamId, _day: NaiveDate) -> Vec<Restriction> {
        let of = |source: &StreamId| {
            let spans = self.states[source].restrictions().into_iter();
            let ours = spans.filter(|s| s.subject == subject);
            ours.map(|s| Restriction::new(*source, s)).collect::<Vec<_>>()
        };
        self.born.iter().flat_map(of).collect()
    }
    fn same_point(&self, unit: StreamId, post: Option<StreamId>, item: &str, description: &str) -> Option<StreamId> {
        self.all("risk_point").into_iter().find(|s| {
            let p = &self.states[s];
            p.reference("unit") == Some(unit)
                && p.reference("post") == post
                && p.text("item") == item
                && p.text("description") == description
        })
    }
    fn reviews_owed(&self, unit: StreamId, by: NaiveDate) -> usize {
        let owed = |p: &StreamId| {
            matches!(&*self.states[p], State::RiskPoint(x)
            if x.review_due(&self.policy.review).is_some_and(|day| day <= by))
        };
        self.referrers("risk_point", "unit", unit)
            .iter()
            .filter(|p| owed(p))
            .count()
    }
    fn adoption(&self) -> Option<StreamId> {
        self.all("adoption").last().copied()
    }
    fn running_deadlines(&self) -> Vec<StreamId> {
        let first = |s: &StreamId| self.states[s].running().iter().map(|due| due.day).min();
        let mut found: Vec<_> = self.born.iter().filter_map(|s| Some((first(s)?, *s))).collect();
        found.sort_by_key(|(day, _)| *day);
        found.into_iter().map(|(_, s)| s).collect()
    }
    fn turns_back(&self, _: &Act, _: StreamId) -> Result<Vec<StreamId>, Refusal> {
        // Steps are taken back on the log, which a story has not.
        Err(Refusal::new("not_here", "此处没有日志"))
    }
    fn site_letters(&self) -> &str {
        "XY"
    }
    fn next_number(&self, prefix: &str, year: i32) -> u32 {
        let mut numbers = self.numbers.borrow_mut();
        let number = numbers.entry((prefix.to_owned(), year)).or_default();
        *number += 1;
        *number
    }
    fn fresh_id(&self) -> StreamId {
        self.ids.set(self.ids.get() + 1);
        let mut bytes = [0; 16];
        bytes[8..].copy_from_slice(&self.ids.get().to_be_bytes());
        StreamId(bytes)
    }
}
