//! Every verb once: its name, what it applies to, its fields, whether somebody must decide it.
//!
//! Keys, bar, forms, `do` and its help all read this table.

mod field;
mod table;

use super::fault::Refusal;
use super::vocabulary::vocabulary;
pub use field::{VerbField, VerbSpec};
pub use table::VERBS;

vocabulary! {
    /// What can be asked for.
    Verb {
        Create = "create" "新建",
        Amend = "amend" "修改",
        Void = "void" "作废",
        Import = "import" "导入",
        Adopt = "adopt" "启用",
        Found = "found" "建立",
        Draft = "draft" "登记风险点",
        Submit = "submit" "申报",
        Review = "review" "单位审核",
        Appraise = "appraise" "评议",
        Grade = "grade" "审核定级",
        Publish = "publish" "公示",
        Withhold = "withhold" "不予公示",
        Object = "object" "登记异议",
        AnswerObjection = "answer_objection" "答复异议",
        Confirm = "confirm" "复核确认",
        Discharge = "discharge" "销号",
        Retire = "retire" "职权取消",
        AddMeasure = "add_measure" "增加措施",
        LinkMeasure = "link_measure" "关联措施",
        ImplementMeasure = "implement_measure" "措施落实",
        RateMeasure = "rate_measure" "措施评价",
        IssueTask = "issue_task" "布置任务",
        ReportTask = "report_task" "任务报送",
        CloseTask = "close_task" "任务办结",
        Register = "register" "信息登记",
        Assess = "assess" "评估",
        RejectReport = "reject_report" "不予受理",
        Merge = "merge" "并件",
        NoWarning = "no_warning" "不予预警",
        ReferClue = "refer_clue" "移送线索",
        ClueReceipt = "clue_receipt" "登记移送回执",
        AddSource = "add_source" "登记来源",
        ReadSource = "read_source" "查看来源",
        EraseSource = "erase_source" "清除来源",
        Release = "release" "发布",
        Return = "return" "退回",
        Serve = "serve" "送达",
        FilePlan = "file_plan" "整改方案",
        Progress = "progress" "进度",
        Extend = "extend" "延期",
        Feedback = "feedback" "录入反馈",
        Verify = "verify" "核验",
        Lift = "lift" "解除",
        Withdraw = "withdraw" "撤销",
        Reopen = "reopen" "恢复办理",
        Escalate = "escalate" "调高等级",
        Deescalate = "deescalate" "调低等级",
        Ratify = "ratify" "追认",
        PassUp = "pass_up" "上报",
        HandOver = "hand_over" "转办",
        Remind = "remind" "催办",
        Admonish = "admonish" "三诫勉",
        HoldAccountable = "hold_accountable" "问责处理",
        Weigh = "weigh" "情节认定",
        NameResponsible = "name_responsible" "指定责任人",
        Hear = "hear" "听取说明",
        Approve = "approve" "批准",
        Reject = "reject" "不予批准",
        Talk = "talk" "谈话",
        SelfCheck = "self_check" "书面检查",
        Visit = "visit" "现场督导",
        Revoke = "revoke" "撤销决定",
        Identify = "identify" "认定同一人",
        Distinguish = "distinguish" "认定不同人",
        Appeal = "appeal" "申诉",
        DecideAppeal = "decide_appeal" "申诉复核",
        Fulfil = "fulfil" "办结须办",
        Lapse = "lapse" "到期",
        ConfirmDate = "confirm_date" "核对日期",
        Accept = "accept" "采纳",
        Countersign = "countersign" "回签",
        Revert = "revert" "撤回此步",
        Undo = "undo" "撤回",
        Redo = "redo" "重做",
    }
}

impl Verb {
    /// Its row of the table.
    pub fn spec(self) -> &'static VerbSpec {
        // Every verb has a row (a test says so); the fallback only keeps this total.
        VERBS.iter().find(|s| s.verb == self).unwrap_or(&VERBS[0])
    }

    /// 紧急先行 is for raising a grade only (§0.5).
    pub fn may_be_urgent(self) -> Result<(), Refusal> {
        if self == Self::Escalate {
            return Ok(());
        }
        Err(Refusal::new("not_urgent", "“紧急先行”只用于调高等级").hint("改按“已签”或“已上会”办理"))
    }

    /// True when it can be applied to streams of this kind.
    pub fn applies_to(self, kind: &str) -> bool {
        self.spec().kinds.iter().any(|k| *k == kind || *k == "*")
    }
}

impl VerbSpec {
    /// A field by its id.
    pub fn field(&self, id: &str) -> Option<&'static VerbField> {
        self.fields.iter().find(|f| f.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sheet::FieldType;

    #[test]
    fn every_verb_has_exactly_one_row() {
        for verb in Verb::ALL {
            assert_eq!(VERBS.iter().filter(|s| s.verb == *verb).count(), 1, "{}", verb.id());
        }
    }

    #[test]
    fn every_choice_names_an_existing_list() {
        for spec in VERBS {
            for field in spec.fields.iter().filter(|f| f.kind == FieldType::Choice) {
                assert!(
                    crate::domain::sheet::choices_of(field.vocabulary).is_some(),
                    "{}.{}",
                    spec.verb.id(),
                    field.id
                );
            }
        }
    }
}
