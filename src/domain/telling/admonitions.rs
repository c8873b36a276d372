//! One sentence for each event of an admonition.

use super::events::{join, name, told};
use super::{Teller, Told};
use crate::domain::event::Event;

impl Teller<'_> {
    /// The event in words, if it belongs to an admonition.
    pub(super) fn admonitions(&self, event: &Event) -> Option<Told> {
        Some(match event {
            Event::AdmonitionProposed {
                kind,
                trigger,
                responsible,
                unit,
                proposer,
                approver,
                due,
                facts,
                ..
            } => {
                let people = self.people(responsible);
                let people = if people.is_empty() {
                    "责任人未定".to_owned()
                } else {
                    format!("责任人 {people}")
                };
                let head = format!("{}：{}", kind.label(), trigger.label());
                let approval = format!("由 {} 批准", self.body(*approver));
                let text = join(&[
                    &head,
                    &self.name(*unit),
                    &people,
                    &approval,
                    &self.until("批准", due),
                    facts,
                ]);
                told("提出", &self.body(*proposer), &text)
            }
            Event::ResponsibleNamed { responsible, reason } => {
                told("指定责任人", "", &join(&[&self.people(responsible), reason]))
            }
            Event::StatementHeard { statement } => told("听取说明", "", statement),
            Event::AdmonitionApproved { opinion, decided, due } => told(
                "批准",
                &self.decided(decided),
                &join(&[opinion, &self.until("送达", due)]),
            ),
            Event::AdmonitionRejected { reason, decided } => told("不予批准", &self.decided(decided), reason),
            Event::AdmonitionReplaced { by } => told("已替换", "", &format!("由 {} 替换", self.name(*by))),
            Event::AdmonitionServed {
                received_by,
                refused_before,
                restricts,
                due,
                ..
            } => {
                let refused = refused_before
                    .as_ref()
                    .map(|w| format!("拒收，见证人 {w}"))
                    .unwrap_or_default();
                let acts: Vec<&str> = restricts.iter().map(|act| act.label()).collect();
                let acts = if acts.is_empty() {
                    String::new()
                } else {
                    format!("自此不得{}", acts.join("、"))
                };
                told("送达", received_by, &join(&[&refused, &acts, &self.until("整改", due)]))
            }
            Event::Talked {
                talkers,
                recorder,
                content,
            } => {
                let recorder = name(recorder);
                let recorder = if recorder.is_empty() {
                    recorder
                } else {
                    format!("记录 {recorder}")
                };
                told("谈话", &self.people(talkers), &join(&[&recorder, content]))
            }
            Event::AdmonitionLifted { opinion, decided } => told("解除", &self.decided(decided), opinion),
            Event::AdmonitionFailed { verifiers, opinion, .. } => told("未通过", &self.people(verifiers), opinion),
            Event::AdmonitionRevoked { reason, decided } => told("撤销决定", &self.decided(decided), reason),
            _ => return None,
        })
    }
}
