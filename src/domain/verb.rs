//! Every verb once: its name, what it applies to, its fields, whether somebody must decide it.
//!
//! Keys, bar, forms, `do` and its help all read this table.

use super::fault::Refusal;
use super::sheet::FieldType;
use super::vocabulary::vocabulary;

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

/// One field of a verb's form.
#[derive(Debug, Clone, Copy)]
pub struct VerbField {
    /// Id in `--field value` and in `Act::fields`.
    pub id: &'static str,
    /// What people read.
    pub label: &'static str,
    /// What it holds.
    pub kind: FieldType,
    /// Refused without it.
    pub required: bool,
    /// Closed list for choices.
    pub vocabulary: &'static str,
    /// Several values may be given (`--person 甲 --person 乙`, or separated by `、`).
    pub many: bool,
}

/// One verb.
#[derive(Debug, Clone, Copy)]
pub struct VerbSpec {
    /// Which one.
    pub verb: Verb,
    /// Stream kinds it applies to; empty = it creates and needs no target.
    pub kinds: &'static [&'static str],
    /// Somebody must decide it: 送签, 已签, 已上会 (§0.5).
    pub deciding: bool,
    /// Its fields, must-fill first.
    pub fields: &'static [VerbField],
}

const fn field(id: &'static str, label: &'static str, kind: FieldType) -> VerbField {
    VerbField {
        id,
        label,
        kind,
        required: false,
        vocabulary: "",
        many: false,
    }
}

const fn must(id: &'static str, label: &'static str, kind: FieldType) -> VerbField {
    VerbField {
        required: true,
        ..field(id, label, kind)
    }
}

const fn choice(id: &'static str, label: &'static str, vocabulary: &'static str) -> VerbField {
    VerbField {
        vocabulary,
        required: true,
        ..field(id, label, FieldType::Choice)
    }
}

const fn optional(field: VerbField) -> VerbField {
    VerbField {
        required: false,
        ..field
    }
}

const fn many(field: VerbField) -> VerbField {
    VerbField { many: true, ..field }
}

const fn does(verb: Verb, kinds: &'static [&'static str], fields: &'static [VerbField]) -> VerbSpec {
    VerbSpec {
        verb,
        kinds,
        deciding: false,
        fields,
    }
}

const fn decides(verb: Verb, kinds: &'static [&'static str], fields: &'static [VerbField]) -> VerbSpec {
    VerbSpec {
        verb,
        kinds,
        deciding: true,
        fields,
    }
}

const POINT: &str = "risk_point";
const MEASURE: &str = "measure";
const WARNING: &str = "warning";
const ADMONITION: &str = "admonition";
const ACCOUNTABILITY: &str = "accountability";
const TASK: &str = "task";
const PROPOSAL: &str = "proposal";
use FieldType::{Choice, Date, Flag, Long, Number, Person, Points, Post, Text, Unit};

const REASON: VerbField = must("reason", "理由", Long);
/// Sealed to the keeper before anything is written (§0.21).
const SOURCE: [VerbField; 3] = [
    field("source_name", "来源人姓名", Text),
    field("source_code", "来源人代码", Text),
    field("source_phone", "回拨电话", Text),
];
const RESPONSIBLE: VerbField = many(field("responsible", "责任人", Person));
const PROPOSED_BY: VerbField = field("proposed_by", "提出人", Person);
const CAUSE: VerbField = optional(choice("cause", "成因", "risk_cause"));
const CIRCUMSTANCE: VerbField = optional(choice("circumstance", "情节", "circumstance"));
const ATTITUDE: VerbField = optional(choice("attitude", "认识态度", "attitude"));
const VIOLATION: VerbField = field("violation", "构成轻微违法违纪", Flag);
const WEIGHT_REASON: VerbField = field("reason", "从轻、从重或直接适用的理由", Long);
/// Asked only when the person is restricted on that day (§0.18).
const TRANSFER: &[VerbField] = &[
    optional(choice("transfer_reason", "限制期内调动情形", "transfer_reason")),
    field("transfer_document", "上级文号", Text),
    optional(choice("departure", "去向", "departure")),
];

/// The whole table, in the order of menus.
pub const VERBS: &[VerbSpec] = &[
    does(Verb::Create, &[], TRANSFER),
    does(Verb::Amend, &["*"], TRANSFER),
    does(Verb::Void, &["*"], &[REASON]),
    does(Verb::Import, &[], &[]),
    does(Verb::Adopt, &[], &[]),
    does(Verb::Found, &[], &[]),
    does(Verb::ConfirmDate, &[], &[must("day", "今天的日期", Date)]),
    does(Verb::Draft, &[], &[]),
    does(Verb::Submit, &[POINT], &[]),
    does(Verb::Review, &[POINT], &[field("reviewer", "审核人", Person)]),
    does(
        Verb::Appraise,
        &[POINT],
        &[
            many(must("appraisers", "评议人（三人以上）", Person)),
            must("likelihood", "可能性（1—5）", Number),
            must("harm", "危害性（1—5）", Number),
            must("opinion", "评议意见", Long),
        ],
    ),
    decides(
        Verb::Grade,
        &[POINT],
        &[
            choice("grade", "等级", "grade"),
            field("likelihood", "可能性（1—5）", Number),
            field("harm", "危害性（1—5）", Number),
            field("opinion", "评议意见", Long),
            field("deviation", "偏离矩阵的理由", Long),
            many(field("appraisers", "评议人", Person)),
            field("reviewer", "审核人", Person),
        ],
    ),
    does(
        Verb::Publish,
        &[POINT],
        &[
            must("from", "公示起", Date),
            must("to", "公示止", Date),
            field("channel", "异议渠道", Text),
        ],
    ),
    decides(Verb::Withhold, &[POINT], &[REASON]),
    does(Verb::Object, &[POINT], &[must("text", "异议内容（不记姓名）", Long)]),
    does(Verb::AnswerObjection, &[POINT], &[must("text", "答复内容", Long)]),
    does(Verb::Confirm, &[POINT], &[field("text", "复核情况", Long)]),
    decides(
        Verb::Discharge,
        &[POINT],
        &[
            field("resolution", "化解情况", Long),
            field("verifier", "核验人", Person),
            field("site_note", "核验记录", Long),
        ],
    ),
    decides(Verb::Retire, &[POINT], &[REASON]),
    does(
        Verb::AddMeasure,
        &[POINT],
        &[
            must("text", "措施内容", Long),
            field("owner", "责任岗位", Post),
            field("due", "完成时限", Date),
        ],
    ),
    does(
        Verb::LinkMeasure,
        &[MEASURE],
        &[many(must("points", "关联的风险点", Points))],
    ),
    does(
        Verb::ImplementMeasure,
        &[MEASURE],
        &[field("evidence", "落实情况", Long)],
    ),
    does(
        Verb::RateMeasure,
        &[MEASURE],
        &[must("effective", "有效", Flag), field("opinion", "评价意见", Long)],
    ),
    does(
        Verb::IssueTask,
        &[],
        &[
            must("title", "任务", Text),
            choice("kind", "职能类别", "task_kind"),
            must("unit", "牵头单位", Unit),
            must("due", "时限", Date),
            field("content", "任务内容", Long),
            field("responsible", "责任人", Person),
        ],
    ),
    does(Verb::ReportTask, &[TASK], &[must("result", "完成情况", Long)]),
    does(
        Verb::CloseTask,
        &[TASK],
        &[
            choice("outcome", "评价", "task_outcome"),
            field("opinion", "意见", Long),
        ],
    ),
    does(
        Verb::Register,
        &[],
        &[
            choice("source", "来源", "report_source"),
            field("received_on", "收到日期", Date),
            must("unit", "单位", Unit),
            field("post", "岗位", Post),
            field("person", "对象", Person),
            optional(choice("urgency", "紧急程度", "urgency")),
            must("content", "内容", Long),
            many(field("points", "关联风险点", Points)),
            field("receiver", "受理人", Person),
            SOURCE[0],
            SOURCE[1],
            SOURCE[2],
        ],
    ),
    does(
        Verb::Assess,
        &[WARNING],
        &[
            choice("grade", "建议等级", "grade"),
            many(field("analysts", "评估人", Person)),
            field("credibility", "可信度（1—5）", Number),
            field("likelihood", "可能性（1—5）", Number),
            field("harm", "危害性（1—5）", Number),
            field("opinion", "评估结论", Long),
            many(field("points", "关联风险点", Points)),
        ],
    ),
    decides(Verb::RejectReport, &[WARNING], &[REASON]),
    does(
        Verb::Merge,
        &[WARNING, POINT],
        &[must("into", "并入", FieldType::Record)],
    ),
    decides(Verb::NoWarning, &[WARNING], &[REASON]),
    decides(
        Verb::ReferClue,
        &[WARNING],
        &[must("receiver", "接收机关", Text), field("receipt", "移送回执号", Text)],
    ),
    does(Verb::ClueReceipt, &[WARNING], &[must("receipt", "移送回执号", Text)]),
    does(Verb::AddSource, &[WARNING], &SOURCE),
    does(Verb::ReadSource, &[WARNING], &[field("reason", "事由", Text)]),
    does(Verb::EraseSource, &[WARNING], &[]),
    decides(
        Verb::Release,
        &[WARNING],
        &[
            field("demand", "整改要求", Long),
            many(field("analysts", "评估人", Person)),
        ],
    ),
    does(
        Verb::Return,
        &[POINT, WARNING],
        &[REASON, optional(choice("kind", "退回情形", "return_reason"))],
    ),
    does(
        Verb::Serve,
        &[WARNING, ADMONITION, ACCOUNTABILITY],
        &[
            field("received_by", "签收人", Text),
            field("refused", "拒收", Flag),
            field("witness", "见证人", Text),
        ],
    ),
    does(
        Verb::FilePlan,
        &[WARNING, ADMONITION, ACCOUNTABILITY],
        &[field("cause", "原因分析", Long), must("plan", "整改方案", Long)],
    ),
    does(
        Verb::Progress,
        &[WARNING, ADMONITION, ACCOUNTABILITY, TASK],
        &[must("text", "进度", Long)],
    ),
    decides(
        Verb::Extend,
        &[WARNING, ADMONITION, ACCOUNTABILITY],
        &[must("to", "延至", Date), REASON],
    ),
    does(
        Verb::Feedback,
        &[WARNING, ADMONITION, ACCOUNTABILITY],
        &[must("result", "整改结果", Long), field("evidence", "证明材料", Long)],
    ),
    does(
        Verb::Verify,
        &[WARNING, ADMONITION, ACCOUNTABILITY],
        &[
            must("passed", "通过", Flag),
            many(field("verifiers", "核验人", Person)),
            optional(choice("method", "核验方式", "inspection_method")),
            field("opinion", "核验意见", Long),
        ],
    ),
    decides(
        Verb::Lift,
        &[WARNING, ADMONITION, ACCOUNTABILITY],
        &[field("opinion", "解除意见", Long)],
    ),
    decides(Verb::Withdraw, &[WARNING], &[REASON]),
    decides(Verb::Reopen, &[WARNING], &[REASON]),
    decides(
        Verb::Escalate,
        &[WARNING, POINT],
        &[
            choice("cause", "原因", "grade_cause"),
            optional(choice("grade", "调至", "grade")),
            RESPONSIBLE,
            field("facts", "事实", Long),
        ],
    ),
    decides(
        Verb::Deescalate,
        &[WARNING, POINT],
        &[
            choice("cause", "原因", "grade_cause"),
            optional(choice("grade", "调至", "grade")),
            field("facts", "事实", Long),
        ],
    ),
    decides(Verb::Ratify, &[WARNING, POINT], &[]),
    does(
        Verb::PassUp,
        &[WARNING],
        &[choice("to", "上报至", "upper_office"), REASON],
    ),
    does(Verb::Identify, &["person"], &[must("same_as", "与谁是同一人", Person)]),
    does(
        Verb::Distinguish,
        &["person"],
        &[must("from", "与谁不是同一人", Person)],
    ),
    does(Verb::Fulfil, &["obligation"], &[must("result", "办理结果", Long)]),
    does(Verb::Lapse, &[], &[]),
    does(Verb::HandOver, &[WARNING], &[must("unit", "转至单位", Unit), REASON]),
    does(
        Verb::Remind,
        &[WARNING, ADMONITION, ACCOUNTABILITY, TASK],
        &[field("text", "催办内容", Text)],
    ),
    does(
        Verb::Admonish,
        &[],
        &[
            choice("kind", "种类", "admonition_kind"),
            choice("trigger", "情形", "admonition_trigger"),
            must("unit", "对象单位", Unit),
            RESPONSIBLE,
            PROPOSED_BY,
            field("origin", "起因事项", FieldType::Record),
            field("facts", "事实", Long),
        ],
    ),
    does(
        Verb::HoldAccountable,
        &[],
        &[
            choice("kind", "措施", "accountability_kind"),
            choice("trigger", "情形", "accountability_trigger"),
            must("unit", "对象单位", Unit),
            RESPONSIBLE,
            PROPOSED_BY,
            field("unit_wide", "以单位为对象", Flag),
            field("origin", "前次处理或起因", FieldType::Record),
            CAUSE,
            CIRCUMSTANCE,
            ATTITUDE,
            VIOLATION,
            WEIGHT_REASON,
            field("facts", "事实", Long),
        ],
    ),
    does(
        Verb::Weigh,
        &[ADMONITION, ACCOUNTABILITY],
        &[CAUSE, CIRCUMSTANCE, ATTITUDE, VIOLATION, WEIGHT_REASON],
    ),
    does(
        Verb::NameResponsible,
        &[ADMONITION, ACCOUNTABILITY],
        &[
            many(must("responsible", "责任人", Person)),
            field("reason", "说明", Text),
        ],
    ),
    does(
        Verb::Hear,
        &[ADMONITION, ACCOUNTABILITY],
        &[field("statement", "说明内容", Long)],
    ),
    decides(
        Verb::Approve,
        &[ADMONITION, ACCOUNTABILITY],
        &[field("opinion", "审批意见", Long)],
    ),
    decides(Verb::Reject, &[ADMONITION, ACCOUNTABILITY, POINT, PROPOSAL], &[REASON]),
    decides(Verb::Accept, &[PROPOSAL], &[]),
    does(
        Verb::Talk,
        &[ADMONITION, ACCOUNTABILITY],
        &[
            many(field("talkers", "谈话人", Person)),
            field("recorder", "记录人", Person),
            field("content", "谈话内容", Long),
        ],
    ),
    does(
        Verb::SelfCheck,
        &[ADMONITION, ACCOUNTABILITY],
        &[must("text", "书面检查", Long)],
    ),
    does(
        Verb::Visit,
        &[ADMONITION, ACCOUNTABILITY],
        &[
            many(field("visitors", "督导人", Person)),
            must("text", "督导情况", Long),
        ],
    ),
    decides(Verb::Revoke, &[ADMONITION, ACCOUNTABILITY], &[REASON]),
    does(
        Verb::Appeal,
        &[ADMONITION, ACCOUNTABILITY],
        &[
            must("grounds", "理由", Long),
            field("appellant", "申诉人（空白为单位）", Person),
        ],
    ),
    decides(
        Verb::DecideAppeal,
        &["appeal"],
        &[
            choice("outcome", "复核决定", "appeal_outcome"),
            many(must("handlers", "承办人（非原承办）", Person)),
            must("opinion", "复核意见", Long),
            field("change", "变更内容", Long),
        ],
    ),
    does(
        Verb::Countersign,
        &["approval_sheet", PROPOSAL],
        &[
            must("signed_on", "签批日期", Date),
            field("signer", "签批人", Text),
            VerbField {
                many: true,
                ..field("strike", "划去", Text)
            },
        ],
    ),
    decides(
        Verb::Revert,
        &["*"],
        &[
            field("step", "步骤号", Number),
            VerbField {
                kind: Choice,
                ..choice("reason", "理由", "revert_reason")
            },
        ],
    ),
    does(Verb::Undo, &[], &[]),
    does(Verb::Redo, &[], &[]),
];

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
