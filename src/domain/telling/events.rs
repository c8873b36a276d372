//! One sentence for each kind of event.

use serde_json::Value;

use super::{Teller, Told};
use crate::domain::act::Fields;
use crate::domain::attachment::shown;
use crate::domain::day::show_day;
use crate::domain::event::{Due, Event, GradeMove, Named};

impl Teller<'_> {
    /// An event in words.
    pub fn tell(&self, event: &Event) -> Told {
        let told = self
            .points(event)
            .or_else(|| self.warnings(event))
            .or_else(|| self.measures(event))
            .or_else(|| self.appeals(event));
        told.or_else(|| self.others(event)).unwrap_or_default()
    }

    fn points(&self, event: &Event) -> Option<Told> {
        Some(match event {
            Event::PointDrafted { .. } => told("草拟", "", ""),
            Event::PointImported {
                stage, grade, duties, ..
            } => {
                let text = format!(
                    "{}{}，{}，{}",
                    grade.level(),
                    grade.label(),
                    stage.light_label(),
                    self.duties(duties)
                );
                told("初始导入", "", &text)
            }
            Event::PointSubmitted { due } => told("申报", "", &self.until("审核", due)),
            Event::PointReviewed { reviewer } => told("单位审核", &name(reviewer), ""),
            Event::PointReturned { kind, reason } => {
                told("退回", "", &join(&[kind.map_or("", |kind| kind.label()), reason]))
            }
            Event::PointAppraised {
                appraisers,
                likelihood,
                harm,
                opinion,
            } => {
                let scores = match (likelihood, harm) {
                    (Some(l), Some(h)) => format!("可能性 {l}、危害性 {h}"),
                    _ => "未逐项评分".to_owned(),
                };
                told("评议", &self.people(appraisers), &join(&[&scores, opinion]))
            }
            Event::PointGraded {
                grade,
                duties,
                deviation,
                decided,
            } => {
                let grade = format!("{}风险（{}）", grade.level(), grade.label());
                told(
                    "定级",
                    &self.decided(decided),
                    &join(&[&grade, &self.duties(duties), deviation]),
                )
            }
            Event::PublicityWithheld { reason } => told("不予公示", "", reason),
            Event::ObjectionRaised { text } => told("异议", "", text),
            Event::ObjectionAnswered { text } => told("答复异议", "", text),
            Event::PublicityEnded {} => told("公示期满", "", ""),
            Event::ReviewOwed { cause, due } => told("待复核", "", &join(&[cause.label(), &self.until("复核", due)])),
            Event::ReviewConfirmed { text } => told("复核确认", "", text),
            Event::PointMerged { into } => told("并入", "", &self.name(*into)),
            Event::PointPublished { from, to, channel } => told(
                "公示",
                "",
                &join(&[&format!("{} 至 {}", show_day(*from), show_day(*to)), channel]),
            ),
            Event::PointGradeRaised(change) => self.grade("调高等级", change),
            Event::PointGradeLowered(change) => self.grade("调低等级", change),
            Event::PointResolved { note, due } => told("化解", "", &join(&[note, &self.until("销号", due)])),
            Event::PointDischarged {
                verifier,
                site_note,
                decided,
            } => {
                let who = name(verifier);
                let verified = if who.is_empty() {
                    String::new()
                } else {
                    format!("核验人 {who}")
                };
                told("销号", &self.decided(decided), &join(&[&verified, site_note]))
            }
            Event::ResolutionRejected { reason, decided } => told("不予销号", &self.decided(decided), reason),
            Event::PointRetired { reason, decided } => told("职权取消", &self.decided(decided), reason),
            Event::MeasureAdded { points, .. } => {
                let points: Vec<String> = points.iter().map(|p| self.name(*p)).collect();
                told("增加措施", "", &points.join("、"))
            }
            Event::MeasureLinked { points } => {
                let points: Vec<String> = points.iter().map(|p| self.name(*p)).collect();
                told("关联措施", "", &points.join("、"))
            }
            Event::MeasureImplemented { evidence } => told("措施落实", "", evidence),
            Event::MeasureRated { effective, opinion } => told(
                "措施评价",
                "",
                &join(&[if *effective { "有效" } else { "无效" }, opinion]),
            ),
            _ => return None,
        })
    }

    fn warnings(&self, event: &Event) -> Option<Told> {
        Some(match event {
            Event::WarningRegistered {
                urgency, due, duties, ..
            } => {
                let urgency = format!("紧急程度{}", urgency.label());
                told(
                    "登记",
                    "",
                    &join(&[&urgency, &self.duties(duties), &self.until("评估", due)]),
                )
            }
            Event::WarningImported {
                stage,
                grade,
                duties,
                due,
                ..
            } => {
                let grade = grade.map(|grade| format!("{}{}", grade.level(), grade.label()));
                let until = due.as_ref().map(|due| self.until("本环节", due));
                let text = join(&[
                    stage.light_label(),
                    grade.as_deref().unwrap_or_default(),
                    &self.duties(duties),
                    until.as_deref().unwrap_or_default(),
                ]);
                told("初始导入", "", &text)
            }
            Event::WarningAssessed {
                grade,
                analysts,
                credibility,
                opinion,
                duties,
                due,
                ..
            } => {
                let score = credibility.map_or("未逐项评分".to_owned(), |n| format!("可信度 {n}"));
                let grade = format!("建议{}{}", grade.level(), grade.label());
                let text = join(&[&grade, &score, opinion, &self.duties(duties), &self.until("发布", due)]);
                told("评估", &self.people(analysts), &text)
            }
            Event::ReportRejected { reason, decided } => told("不予受理", &self.decided(decided), reason),
            Event::WarningMerged { into } => told("并件", "", &format!("并入 {}", self.name(*into))),
            Event::WarningDeclined { reason, decided } => told("不予预警", &self.decided(decided), reason),
            Event::WarningReturned { reason, due } => told("退回", "", &join(&[reason, &self.until("重新评估", due)])),
            Event::WarningReleased { demand, decided, due } => told(
                "发布",
                &self.decided(decided),
                &join(&[demand, &self.until("送达", due)]),
            ),
            Event::WarningServed {
                received_by,
                refused_before,
                plan_due,
                due,
            } => {
                let refused = refused_before
                    .as_ref()
                    .map(|w| format!("拒收，见证人 {w}"))
                    .unwrap_or_default();
                let text = join(&[&refused, &self.until("整改方案", plan_due), &self.until("整改", due)]);
                told("送达", received_by, &text)
            }
            Event::PlanFiled { cause, plan, .. } => told("整改方案", "", &join(&[cause, plan])),
            Event::ProgressLogged { text } => told("进度", "", text),
            Event::PeriodExtended {
                from,
                reason,
                decided,
                due,
            } => {
                let moved = format!("{} 延至 {}", show_day(*from), show_day(due.day));
                told("延期", &self.decided(decided), &join(&[&moved, reason]))
            }
            Event::FeedbackGiven { result, evidence, due } => {
                told("反馈", "", &join(&[result, evidence, &self.until("核验", due)]))
            }
            Event::Verified {
                passed,
                verifiers,
                method,
                opinion,
                due,
            } => {
                let method = method.map_or("", |m| m.label());
                let passed = if *passed { "通过" } else { "未通过" };
                told(
                    "核验",
                    &self.people(verifiers),
                    &join(&[passed, method, opinion, &self.until("下一步", due)]),
                )
            }
            Event::WarningLifted { opinion, decided } => told("解除", &self.decided(decided), opinion),
            Event::WarningWithdrawn { reason, decided } => told("撤销", &self.decided(decided), reason),
            Event::WarningReopened { reason, decided, due } => told(
                "恢复办理",
                &self.decided(decided),
                &join(&[reason, &self.until("整改", due)]),
            ),
            Event::WarningGradeRaised(change) => self.grade("调高等级", change),
            Event::WarningGradeLowered(change) => self.grade("调低等级", change),
            Event::RaiseRatified { decided } => told("追认", &self.decided(decided), ""),
            Event::RaiseLapsed { back_to, duties } => {
                let text = format!("未获追认，恢复为{}{}", back_to.level(), back_to.label());
                told("失效", "", &join(&[&text, &self.duties(duties)]))
            }
            Event::PassedUp { duties, reason, due } => told(
                "上报",
                "",
                &join(&[&self.duties(duties), reason, &self.until("评估", due)]),
            ),
            Event::ClueReferred { receiver, decided, due } => told(
                "待移送",
                &self.decided(decided),
                &join(&[receiver, &self.until("移送", due)]),
            ),
            Event::ClueTransferred { receipt } => told("已移送", "", &join(&["回执", receipt])),
            Event::SourceSealed { source_sealed } => {
                let erased = source_sealed.is_empty();
                told(
                    "登记来源",
                    "",
                    if erased {
                        "已清除"
                    } else {
                        "已密封，只有保管人能看"
                    },
                )
            }
            Event::SourceRead { reason } => told("查看来源", "", reason),
            Event::SourceErased { ended_on, months } => {
                let text = format!("{} 办结，已满 {months} 个月，来源信息清除", show_day(*ended_on));
                told("清除来源", "", &text)
            }
            Event::HandedOver { unit, reason, duties } => {
                let to = format!("转至 {}", self.name(*unit));
                told("转办", "", &join(&[&to, reason, &self.duties(duties)]))
            }
            Event::Reminded { text } => told("催办", "", text),
            _ => return None,
        })
    }

    fn others(&self, event: &Event) -> Option<Told> {
        Some(match event {
            Event::RecordSaved {
                register, code, fields, ..
            } => {
                let label = if code.is_some() { "登记" } else { "修改" };
                told(label, "", &self.fields(register, fields, code.is_some()))
            }
            Event::Amended { fields } => told("修改", "", &self.fields("", fields, false)),
            Event::Voided { reason } => told("作废", "", reason),
            Event::Noted {
                text,
                late_reason,
                paper,
                attachments,
            } => {
                let late = late_reason
                    .map(|r| format!("补录（{}）", r.label()))
                    .unwrap_or_default();
                let paper = if paper.is_empty() {
                    String::new()
                } else {
                    format!("纸质材料 {paper}")
                };
                let label = match () {
                    () if !late.is_empty() => "补录",
                    () if !attachments.is_empty() || !paper.is_empty() => "附件",
                    () => "备注",
                };
                told(label, "", &join(&[&late, text, &paper, &shown(attachments)]))
            }
            Event::PersonIdentified { same_as } => told("认定同一人", "", &self.name(*same_as)),
            Event::PersonDistinguished { from } => told("认定不同人", "", &self.name(*from)),
            Event::TextsAdopted { .. } => told("启用政策", "", "政策、日历与台账文件"),
            Event::DueMoved {
                step,
                from,
                to,
                provisional,
            } => {
                let deadline = self.world.policy().deadline.get(step);
                let label = deadline.map_or("时限", |deadline| deadline.label.as_str());
                let (from, to) = (show_day(*from), show_day(*to));
                let mark = if *provisional { "（暂定）" } else { "" };
                let text = if from == to {
                    format!("{label}期限 {to} 按新日历核定{mark}")
                } else {
                    format!("{label}期限 {from} 改为 {to}{mark}")
                };
                told("期限调整", "", &text)
            }
            Event::TaskIssued { due, .. } => told("布置", "", &self.until("报送", due)),
            Event::TaskImported {
                stage, outcome, due, ..
            } => {
                let until = due.as_ref().map(|due| self.until("本环节", due));
                let outcome = outcome.map_or("", |outcome| outcome.label());
                told(
                    "初始导入",
                    "",
                    &join(&[stage.label(), outcome, until.as_deref().unwrap_or_default()]),
                )
            }
            Event::TaskReported { result, due } => told("报送", "", &join(&[result, &self.until("评价", due)])),
            Event::TaskClosed { outcome, opinion } => told("办结", "", &join(&[outcome.label(), opinion])),
            Event::ProposalMade {
                act,
                deciding_body,
                sheet,
                ..
            } => {
                let to = format!("{}，报 {}", act.verb.label(), self.body(*deciding_body));
                let to = join(&[&to, &shown(&act.attachments)]);
                match sheet {
                    Some(sheet) => told("送签", "", &format!("{to}，列入 {}", self.name(*sheet))),
                    None => told("提请", "", &to),
                }
            }
            Event::ProposalListed { sheet } => told("采纳送签", "", &format!("列入 {}", self.name(*sheet))),
            Event::ProposalAccepted { signed_on } => told("已办", "", &format!("签批日期 {}", show_day(*signed_on))),
            Event::ProposalRejected { reason } => told("划去", "", reason),
            Event::ProposalStayed { reason } => told("未办成", "", reason),
            Event::ProposalClosed { reason } => told("终结", "", reason),
            Event::SheetPrepared {
                proposals,
                deciding_body,
                asked,
                ..
            } => {
                let text = format!(
                    "{} 件，报 {} {}",
                    proposals.len(),
                    self.body(*deciding_body),
                    name(asked)
                );
                told("制呈批单", "", text.trim_end())
            }
            Event::SheetCountersigned {
                signed_on,
                signer,
                struck,
            } => {
                let struck = if struck.is_empty() {
                    String::new()
                } else {
                    format!("划去 {} 件", struck.len())
                };
                told("回签", &signer.name, &join(&[&show_day(*signed_on), &struck]))
            }
            Event::ObligationOpened { rule, text, due, .. } => {
                told("须办", "", &join(&[rule.label(), text, &self.until("办结", due)]))
            }
            Event::ObligationFulfilled { result } => told("已办", "", result),
            _ => return None,
        })
    }

    fn grade(&self, label: &str, change: &GradeMove) -> Told {
        let move_ = format!("{} → {}", change.from.label(), change.to.label());
        let due = change
            .due
            .as_ref()
            .map(|due| format!("期限 {}", self.due(due)))
            .unwrap_or_default();
        let text = join(&[
            &move_,
            change.cause.label(),
            &change.facts,
            &self.duties(&change.duties),
            &due,
        ]);
        told(label, &self.decided(&change.decided), &text)
    }

    pub(super) fn until(&self, step: &str, due: &Due) -> String {
        format!("{step}期限 {}", show_day(due.day))
    }

    /// Changed fields; at birth only how many were filled, the list of fields shows them anyway.
    fn fields(&self, register: &str, fields: &Fields, birth: bool) -> String {
        if birth {
            return String::new();
        }
        let sheets = [register, "risk_point", "warning", "measure", "task"];
        let sheets: Vec<_> = sheets.iter().filter_map(|id| self.world.sheets().get(id)).collect();
        let tell = |(id, value): (&String, &Value)| {
            let field = sheets.iter().find_map(|sheet| sheet.field(id));
            let label = field.map_or(id.as_str(), |f| f.label.as_str());
            let value = field.map_or_else(|| value.to_string(), |f| self.value(f, value));
            format!("{label}改为“{}”", value.chars().take(40).collect::<String>())
        };
        fields.iter().map(tell).collect::<Vec<_>>().join("，")
    }
}

pub(super) fn told(label: &str, who: &str, text: &str) -> Told {
    Told {
        label: label.to_owned(),
        who: who.to_owned(),
        text: text.to_owned(),
    }
}

pub(super) fn name(named: &Option<Named>) -> String {
    named.as_ref().map(|n| n.name.clone()).unwrap_or_default()
}

pub(super) fn join(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .map(|p| p.trim().trim_end_matches('。'))
        .filter(|p| !p.is_empty())
        .collect();
    parts.join("；")
}
