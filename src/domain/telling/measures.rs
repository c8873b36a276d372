//! Sentences for what happens to measures against people and units, and to appeals.

use super::events::{join, name, told};
use super::{Teller, Told};
use crate::domain::day::show_day;
use crate::domain::event::{
    AppealAnswer, AppealFiling, Due, Effect, Event, Modified, Proposed, Service, Transfer, Weighed,
};
use crate::domain::vocabulary::RestrictedAct;

impl Teller<'_> {
    pub(super) fn measures(&self, event: &Event) -> Option<Told> {
        self.before_service(event).or_else(|| self.after_service(event))
    }

    fn before_service(&self, event: &Event) -> Option<Told> {
        Some(match event {
            Event::AdmonitionProposed(Proposed {
                kind,
                trigger,
                responsible,
                unit,
                proposer,
                proposed_by,
                approver,
                weighed,
                due,
                facts,
                ..
            }) => {
                let people = self.people(responsible);
                let people = if people.is_empty() {
                    "责任人未定".to_owned()
                } else {
                    format!("责任人 {people}")
                };
                let head = format!("{}：{}", kind.label(), trigger.label());
                let by = proposed_by
                    .as_ref()
                    .map(|n| format!("提出人 {}", n.name))
                    .unwrap_or_default();
                let approval = format!("由 {} 批准", self.body(*approver));
                let text = join(&[
                    &head,
                    &self.name(*unit),
                    &people,
                    &by,
                    &approval,
                    &self.step_until(due),
                    &weight(weighed),
                    facts,
                ]);
                told("提出", &self.body(*proposer), &text)
            }
            Event::ResponsibleNamed { responsible, reason } => {
                told("指定责任人", "", &join(&[&self.people(responsible), reason]))
            }
            Event::CaseWeighed(weighed) => told("情节认定", "", &weight(weighed)),
            Event::StatementHeard { statement, .. } => told("听取说明", "", statement),
            Event::AdmonitionApproved {
                opinion,
                decided,
                effect,
                due,
            } => {
                let forbidden = effect.as_ref().map(for_a_while).unwrap_or_default();
                told(
                    "批准",
                    &self.decided(decided),
                    &join(&[opinion, &forbidden, &self.step_until(due)]),
                )
            }
            Event::AdmonitionRejected { reason, decided } => told("不予批准", &self.decided(decided), reason),
            Event::AdmonitionReplaced { by } => told("已替换", "", &format!("由 {} 替换", self.name(*by))),
            _ => return None,
        })
    }

    fn after_service(&self, event: &Event) -> Option<Told> {
        Some(match event {
            Event::AdmonitionServed(Service {
                received_by,
                refused_before,
                restricts,
                at_least,
                appeal_by,
                due,
                ..
            }) => {
                let refused = refused_before
                    .as_ref()
                    .map(|w| format!("拒收，见证人 {w}"))
                    .unwrap_or_default();
                let acts = if restricts.is_empty() {
                    String::new()
                } else {
                    format!("自此不得{}", acts(restricts))
                };
                let at_least = at_least
                    .map(|day| format!("至少到 {} 前", show_day(day)))
                    .unwrap_or_default();
                let appeal = appeal_by.as_ref().map(|due| self.step_until(due)).unwrap_or_default();
                let text = join(&[&refused, &acts, &at_least, &self.step_until(due), &appeal]);
                told("送达", received_by, &text)
            }
            Event::Talked {
                talkers,
                recorder,
                content,
                ..
            } => {
                let recorder = name(recorder);
                let recorder = if recorder.is_empty() {
                    recorder
                } else {
                    format!("记录 {recorder}")
                };
                told("谈话", &self.people(talkers), &join(&[&recorder, content]))
            }
            Event::SelfChecked { text, .. } => told("书面检查", "", text),
            Event::SupervisionVisit { visitors, text } => told("现场督导", &self.people(visitors), text),
            Event::ObservationBegun { due } => told("观察", "", &format!("到 {} 为止", show_day(due.day))),
            Event::AdmonitionLifted { opinion, decided } => told("解除", &self.decided(decided), opinion),
            Event::AdmonitionFailed { verifiers, opinion, .. } => told("未通过", &self.people(verifiers), opinion),
            Event::AdmonitionRevoked { reason, decided } => told("撤销决定", &self.decided(decided), reason),
            Event::AdmonitionSucceeded { by } => told("转后续处理", "", &format!("由 {} 继续", self.name(*by))),
            Event::SubjectDeparted { person, departure, .. } => {
                let how = departure.map_or("离区、退休或死亡", |d| d.label());
                told("终止", "", &format!("{} {how}，不再办理", self.name(*person)))
            }
            Event::TransferRecorded(Transfer {
                person,
                case,
                document,
                departure,
                ..
            }) => {
                let how = departure.map_or("", |d| d.label());
                told(
                    "限制期内变动",
                    &self.name(*person),
                    &join(&[case.label(), document, how]),
                )
            }
            _ => return None,
        })
    }

    pub(super) fn appeals(&self, event: &Event) -> Option<Told> {
        Some(match event {
            Event::AppealFiled(AppealFiling {
                against,
                appellant,
                grounds,
                body,
                due,
                ..
            }) => {
                let to = format!("不服 {}，由 {} 复核", self.name(*against), self.body(*body));
                let who = appellant.as_ref().map_or_else(|| "单位".to_owned(), |n| n.name.clone());
                told("申诉", &who, &join(&[&to, grounds, &self.step_until(due)]))
            }
            Event::AppealLodged { appeal } => {
                told("提出申诉", "", &format!("{}；申诉期间不停止执行", self.name(*appeal)))
            }
            Event::AppealDecided {
                outcome,
                opinion,
                handlers,
                decided,
            } => {
                let handled = format!("承办人 {}", self.people(handlers));
                told(
                    "复核决定",
                    &self.decided(decided),
                    &join(&[outcome.label(), opinion, &handled]),
                )
            }
            Event::AppealAnswered(AppealAnswer {
                appeal,
                outcome,
                change,
                modified,
                decided,
            }) => {
                let ends = match (outcome, modified) {
                    (crate::domain::AppealOutcome::Upheld, _) => String::new(),
                    (_, Some(modified)) => self.modified(modified),
                    (_, None) => "限制事项自始不计".to_owned(),
                };
                told(
                    "申诉结果",
                    &self.decided(decided),
                    &join(&[&self.name(*appeal), outcome.label(), change, &ends]),
                )
            }
            _ => return None,
        })
    }

    fn modified(&self, modified: &Modified) -> String {
        let since = format!("自 {} 起", show_day(modified.from));
        let kind = modified
            .kind
            .map(|kind| format!("{since}改为{}", kind.label()))
            .unwrap_or_default();
        let restricts = match modified.restricts.as_deref() {
            Some([]) => format!("{since}不再限制"),
            Some(left) => format!("{since}只限制{}", acts(left)),
            None => String::new(),
        };
        let struck = if modified.struck.is_empty() {
            String::new()
        } else {
            format!("{since}不再列 {} 为责任人", self.people(&modified.struck))
        };
        let until = modified.until.and_then(|free| free.pred_opt());
        let until = until
            .map(|last| format!("限制至 {} 止", show_day(last)))
            .unwrap_or_default();
        let due = modified
            .due
            .as_ref()
            .map(|due| self.step_until(due))
            .unwrap_or_default();
        join(&[&kind, &restricts, &struck, &until, &due])
    }

    fn step_until(&self, due: &Due) -> String {
        self.until(&self.owed(due), due)
    }
}

fn acts(acts: &[RestrictedAct]) -> String {
    let labels: Vec<&str> = acts.iter().map(|act| act.label()).collect();
    labels.join("、")
}

fn for_a_while(effect: &Effect) -> String {
    let last = effect.to.pred_opt().unwrap_or(effect.to);
    format!(
        "自 {} 至 {} 不得{}",
        show_day(effect.from),
        show_day(last),
        acts(&effect.acts)
    )
}

fn weight(weighed: &Weighed) -> String {
    let said = |label: &str, value: Option<&'static str>| value.map(|v| format!("{label}{v}")).unwrap_or_default();
    let violation = weighed.violation.map(|v| {
        if v {
            "构成轻微违法违纪"
        } else {
            "不构成违法违纪"
        }
    });
    join(&[
        &said("成因：", weighed.cause.map(|c| c.label())),
        &said("情节", weighed.circumstance.map(|c| c.label())),
        &said("态度：", weighed.attitude.map(|a| a.label())),
        violation.unwrap_or_default(),
        &weighed.reason,
    ])
}
