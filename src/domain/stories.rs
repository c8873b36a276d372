//! Stories: given a small office, when somebody acts, then this follows. One file a subject.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod admonitions;
mod adoption;
mod appeal_changes;
mod appeals;
mod decisions;
mod directory;
mod four_eyes;
mod frozen;
mod ladder;
mod lowering;
mod matrix;
mod measure_table;
mod measures_full;
mod points;
mod points_full;
mod points_import;
mod points_review;
mod raising;
mod refusals;
mod restrictions;
mod rights;
mod sources;
mod transfer;
mod warnings;

use super::testing::Story;
use super::{Act, BodyRef, Grade, Instrument, OrganLine, Outcome, Refusal, SeatRole, StreamId, Verb};

/// A bureau with a clerk's post, a head, and every signing seat filled.
pub struct Town {
    pub story: Story,
    pub bureau: StreamId,
    pub post: StreamId,
    pub head: StreamId,
}

impl Town {
    pub fn new() -> Self {
        let mut story = Story::new();
        let bureau = story.record(
            "unit",
            &[
                ("name", "区城建局"),
                ("kind", "department"),
                ("organ_line", "government"),
            ],
        );
        let unit = bureau.to_string();
        let office = story.record(
            "unit",
            &[("name", "区委办"), ("kind", "organ"), ("organ_line", "party")],
        );
        let post = story.record("post", &[("name", "项目管理岗"), ("unit", &unit), ("rank", "staff")]);
        let head_post = story.record(
            "post",
            &[
                ("name", "局长"),
                ("unit", &unit),
                ("rank", "section"),
                ("is_unit_head", "是"),
            ],
        );
        let person = |story: &mut Story, name: &str, unit: &str, post: Option<StreamId>| {
            let post = post.map(|p| p.to_string()).unwrap_or_default();
            story.record("person", &[("name", name), ("unit", unit), ("post", &post)])
        };
        person(&mut story, "林知远", &unit, Some(post));
        let head = person(&mut story, "周正明", &unit, Some(head_post));
        let office = office.to_string();
        for (name, body, role) in [
            ("陈守诚", BodyRef::Steering, SeatRole::Chair),
            ("何清源", BodyRef::SteeringOffice, SeatRole::Director),
            ("沈严", BodyRef::Discipline, SeatRole::DutyLeader),
            ("吴为民", BodyRef::Leadership(OrganLine::Government), SeatRole::Chair),
            ("郑书记", BodyRef::Implementation(bureau), SeatRole::Chair),
        ] {
            let holder = person(&mut story, name, &office, None);
            story.seat(body, role, holder);
        }
        Self {
            story,
            bureau,
            post,
            head,
        }
    }

    /// Does a verb to a stream with text fields.
    pub fn act(&mut self, verb: Verb, target: StreamId, fields: &[(&str, &str)]) -> Result<Outcome, Refusal> {
        self.story.when(Self::form(verb, &[target], fields))
    }

    /// The same, decided and signed by the holder of the seat.
    pub fn signed(&mut self, verb: Verb, target: StreamId, fields: &[(&str, &str)]) -> Result<Outcome, Refusal> {
        self.story.when(Self::form(verb, &[target], fields).signed())
    }

    pub fn form(verb: Verb, targets: &[StreamId], fields: &[(&str, &str)]) -> Act {
        fields
            .iter()
            .fold(Act::new(verb, targets.to_vec()), |act, (f, v)| act.with(f, *v))
    }

    /// What a verb without a target brings about; in the bureau.
    pub fn born(&mut self, verb: Verb, fields: &[(&str, &str)]) -> Result<StreamId, Refusal> {
        let unit = self.bureau.to_string();
        let mut all = vec![("unit", unit.as_str())];
        all.extend_from_slice(fields);
        Ok(self.story.when(Self::form(verb, &[], &all))?.events[0].stream)
    }

    /// One of the three 诫勉 about somebody of the bureau, proposed.
    pub fn admonish(&mut self, kind: &str, trigger: &str, who: &str) -> Result<StreamId, Refusal> {
        let fields = [("kind", kind), ("trigger", trigger), ("responsible", who)];
        self.born(Verb::Admonish, &fields)
    }

    /// A registered report about the clerk's post.
    pub fn report(&mut self) -> StreamId {
        let post = self.post.to_string();
        self.report_about(&[("post", &post)])
    }

    pub fn report_about(&mut self, fields: &[(&str, &str)]) -> StreamId {
        let mut all = vec![("source", "群众"), ("content", "隧道工程变更未报批即施工")];
        all.extend_from_slice(fields);
        self.born(Verb::Register, &all).unwrap()
    }

    /// A warning of a grade, released and served.
    pub fn served(&mut self, grade: Grade) -> StreamId {
        let id = self.report();
        self.act(Verb::Assess, id, &[("grade", grade.id())]).unwrap();
        self.signed(Verb::Release, id, &[]).unwrap();
        self.act(Verb::Serve, id, &[]).unwrap();
        id
    }

    /// A graded point of the clerk's post with one measure.
    pub fn graded_point(&mut self, grade: Grade) -> StreamId {
        let post = self.post.to_string();
        let fields = [
            ("post", post.as_str()),
            ("description", "变更先干后批"),
            ("class", "岗位职责"),
            ("item", "工程建设"),
        ];
        let point = self.born(Verb::Draft, &fields).unwrap();
        self.act(Verb::Submit, point, &[]).unwrap();
        self.signed(Verb::Grade, point, &[("grade", grade.id())]).unwrap();
        self.act(Verb::AddMeasure, point, &[("text", "变更分级审批")]).unwrap();
        point
    }

    /// A 诫勉纠错 as it is proposed by raising a yellow warning for missing measures.
    pub fn correction(&mut self) -> StreamId {
        let id = self.served(Grade::Yellow);
        self.signed(Verb::Escalate, id, &[("cause", "measures_missing")])
            .unwrap();
        *self.story.all("admonition").last().unwrap()
    }

    /// The same, about the head, heard, approved and served.
    pub fn served_correction(&mut self) -> StreamId {
        let id = self.correction();
        self.act(Verb::NameResponsible, id, &[("responsible", "周正明")])
            .unwrap();
        self.act(Verb::Hear, id, &[]).unwrap();
        self.signed(Verb::Approve, id, &[]).unwrap();
        self.act(Verb::Serve, id, &[]).unwrap();
        id
    }

    /// A step of the ladder about the bureau and whoever is named.
    pub fn hold(&mut self, kind: Instrument, trigger: &str, fields: &[(&str, &str)]) -> Result<StreamId, Refusal> {
        let mut all = vec![("kind", kind.id()), ("trigger", trigger)];
        all.extend_from_slice(fields);
        self.born(Verb::HoldAccountable, &all)
    }

    /// Weighed, heard, approved and served.
    pub fn carry_out(&mut self, id: StreamId) {
        self.act(
            Verb::Weigh,
            id,
            &[("cause", "监督不到位"), ("circumstance", "一般"), ("attitude", "一般")],
        )
        .unwrap();
        self.act(Verb::Hear, id, &[("statement", "已说明")]).unwrap();
        self.signed(Verb::Approve, id, &[]).unwrap();
        self.act(Verb::Serve, id, &[]).unwrap();
    }

    /// Reported and verified.
    pub fn verified(&mut self, id: StreamId, passed: &str) {
        self.act(Verb::Feedback, id, &[("result", "整改情况")]).unwrap();
        self.act(Verb::Verify, id, &[("passed", passed), ("verifiers", "核验员甲")])
            .unwrap();
    }

    /// The one live measure of a kind that came last.
    pub fn last_of(&self, kind: Instrument) -> Option<StreamId> {
        let all = self.story.all(kind.register()).into_iter().rev();
        all.into_iter().find(|id| self.admonition(*id).kind == kind)
    }

    pub fn warning(&self, id: StreamId) -> &super::warning::Warning {
        match self.story.get(id) {
            super::State::Warning(w) => w,
            other => panic!("not a warning: {other:?}"),
        }
    }

    pub fn point(&self, id: StreamId) -> &super::point::RiskPoint {
        match self.story.get(id) {
            super::State::RiskPoint(p) => p,
            other => panic!("not a point: {other:?}"),
        }
    }

    pub fn admonition(&self, id: StreamId) -> &super::admonition::Admonition {
        match self.story.get(id) {
            super::State::Admonition(a) => a,
            other => panic!("not an admonition: {other:?}"),
        }
    }
}

/// The refusal's kind, for stories about refusals.
pub fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    let refusal = result.expect_err("should have been refused");
    assert!(
        !refusal.reason.is_empty() && !refusal.reason.is_ascii(),
        "a refusal speaks Chinese: {refusal:?}"
    );
    refusal.kind
}
