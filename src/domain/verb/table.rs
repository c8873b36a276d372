//! The whole table of verbs.

use super::Verb;
use super::field::{
    ATTITUDE, CAUSE, CIRCUMSTANCE, PROPOSED_BY, REASON, RESPONSIBLE, SOURCE, TRANSFER, VIOLATION, VerbField, VerbSpec,
    WEIGHT_REASON, choice, decides, does, field, many, must, optional,
};
use crate::domain::sheet::FieldType::{self, Choice, Date, Flag, Long, Number, Person, Points, Post, Text, Unit};

const POINT: &str = "risk_point";
const MEASURE: &str = "measure";
const WARNING: &str = "warning";
const ADMONITION: &str = "admonition";
const ACCOUNTABILITY: &str = "accountability";
const TASK: &str = "task";
const PROPOSAL: &str = "proposal";

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
            optional(choice("kind", "变更：改为何种措施", "instrument")),
            field("free", "变更：取消限制事项", Flag),
            field("until", "变更：限制至", Date),
            field("period", "变更：整改期限改为", Date),
            many(field("strike", "变更：不再列为责任人", Person)),
            field("from_start", "变更自始生效（否则自决定之日）", Flag),
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
