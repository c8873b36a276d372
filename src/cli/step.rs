//! `do`: any act, by its verb and the verb's fields.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::desk::Desk;
use super::output::misuse;
use super::setting::Setting;
use super::{Done, asked, receipt, steps};
use crate::domain::fault::Stop;
use crate::domain::{Act, Decision, LateReason, Verb};
use crate::ledger::attachments;

/// `do`.
#[derive(Debug, Default, Args)]
#[command(
    about = "办理：对事项做一步，如 调高等级、送达、核验",
    after_help = "步骤写英文名或中文名；每个步骤自己的字段写成 --字段 值，也可写中文名，如 --原因 new_facts。
须由领导决定的步骤不写 --decision 即为送签：备好呈批单，回签后才生效。
例：
  lianneng do --list                                   全部步骤和字段
  lianneng do escalate --list                          一个步骤的字段和选项
  lianneng do --list YJ-XY-2026-0031                   这个事项现在能办什么，不能办的为什么
  lianneng do register --source informant --unit 财政局 --content 大额拨付无联签
  lianneng do escalate YJ-XY-2026-0031 --cause measures_missing --decision signed --signed-on 11.20
  lianneng do serve YJ-XY-2026-0031 --received-by 王强 --happened 昨
  lianneng do countersign CP-XY-2026-0007 --signed-on 11.23 --strike YJ-XY-2026-0029
  lianneng do serve YJ-XY-2026-0031 --paper '卷3 页12 柜2' --attach 送达回证.pdf 照片.jpg
  lianneng do revert YJ-XY-2026-0031 --step 4 --reason entry_error --decision signed"
)]
pub struct Do {
    #[arg(value_name = "步骤", help_heading = "参数", help = "如 escalate 或 调高等级")]
    verb: Option<String>,
    #[arg(value_name = "编号", help_heading = "参数", help = "一个或多个事项；新建类步骤不写")]
    codes: Vec<String>,
    #[arg(long, value_name = "编号", num_args = 0..=1, default_missing_value = "", help = "只列出能办的步骤和字段；不写编号则列出全部步骤")]
    list: Option<String>,
    #[arg(long = "field", value_name = "字段=值", action = clap::ArgAction::Append, allow_hyphen_values = true, help = "步骤的字段；--字段 值 是它的简写")]
    fields: Vec<String>,
    #[arg(
        long,
        value_name = "日期",
        allow_hyphen_values = true,
        help = "实际发生的日期（不写为今天），如 11.21、-2、昨"
    )]
    happened: Option<String>,
    #[arg(long, value_name = "方式", value_parser = PossibleValuesParser::new(DECISIONS), help = "submit 送签、signed 已签、meeting 已上会、urgent 紧急先行")]
    decision: Option<String>,
    #[arg(long, value_name = "姓名", help = "签批人（不写为政策所定席位当日的在任者）")]
    signer: Option<String>,
    #[arg(
        long,
        value_name = "日期",
        allow_hyphen_values = true,
        help = "签批或开会的日期（不写同 --happened）"
    )]
    signed_on: Option<String>,
    #[arg(long, value_name = "会议编号", help = "已上会的会议编号")]
    meeting: Option<String>,
    #[arg(long, value_name = "表决情况", help = "已上会的表决情况")]
    votes: Option<String>,
    #[arg(long, value_name = "文字", help = "备注")]
    note: Option<String>,
    #[arg(long, value_name = "卷页柜", help = "纸质材料存放处，如 '卷3 页12 柜2'")]
    paper: Option<String>,
    #[arg(
        long,
        value_name = "文件",
        num_args = 1..,
        help = "附件，可写多个，每个最多 20 MB；写在编号之后"
    )]
    attach: Vec<PathBuf>,
    #[arg(
        long,
        value_name = "理由",
        help = "补录理由：paper_late 纸质后到、away 外出办理、missed 漏登"
    )]
    late_reason: Option<String>,
    #[arg(long, help = "只说明会发生什么，不办理")]
    dry_run: bool,
}

/// The four ways to decide, as typed.
const DECISIONS: [&str; 8] = [
    "submit",
    "signed",
    "meeting",
    "urgent",
    "送签",
    "已签",
    "已上会",
    "紧急先行",
];

/// Runs it.
pub fn run(args: &Do, setting: &Setting) -> Done {
    if let Some(code) = &args.list {
        return steps::list(args.verb.as_deref(), &args.codes, code, setting);
    }
    let Some(name) = &args.verb else {
        return Err(misuse("没有写步骤", "全部步骤见 lianneng do --list。"));
    };
    let verb = find_verb(name)?;
    let mut desk = Desk::open(setting)?;
    if matches!(verb, Verb::Undo | Verb::Redo) && (args.paper.is_some() || !args.attach.is_empty()) {
        return Err(misuse(
            format!("“{}”不带纸质材料和附件", verb.label()),
            "附在事项的办理步骤上。",
        ));
    }
    let (done, word) = match verb {
        Verb::Undo | Verb::Redo if !args.codes.is_empty() => {
            return Err(misuse(
                format!("“{}”不写编号", verb.label()),
                "撤回某个事项的某一步用 do revert 编号。",
            ));
        }
        Verb::Undo => (desk.office.undo(&desk.operator)?, "已撤回"),
        Verb::Redo => (desk.office.redo(&desk.operator)?, "已重做"),
        _ => {
            let act = act(args, verb, &desk, setting)?;
            if args.dry_run {
                let outcome = desk.office.preview(&desk.operator, &act)?;
                return receipt::foretell(&outcome, &desk, setting);
            }
            (desk.office.submit(&desk.operator, &act, None)?, "已办理")
        }
    };
    let shown = receipt::show(&done, word, &desk, setting);
    desk.leave();
    shown
}

/// A verb by its id or label; what has a command of its own is pointed to it.
pub fn find_verb(name: &str) -> Result<Verb, Stop> {
    let typed = name.trim().replace('-', "_");
    let verb = Verb::find(&typed).or_else(|| Verb::find(&typed.to_ascii_lowercase()));
    match verb {
        Some(Verb::Import) => Err(misuse("导入不在 do 里办", "请用 lianneng import 台账 文件。")),
        Some(Verb::Adopt) => Err(misuse("启用不在 do 里办", "请用 lianneng adopt。")),
        Some(Verb::Found) => Err(misuse(format!("“{name}”在建立台账时自动办理"), "无须再办。")),
        Some(verb) => Ok(verb),
        None => Err(misuse(
            format!("没有“{name}”这个步骤"),
            "全部步骤见 lianneng do --list。",
        )),
    }
}

fn act(args: &Do, verb: Verb, desk: &Desk, setting: &Setting) -> Result<Act, Stop> {
    let happened = args
        .happened
        .as_deref()
        .map(|day| setting.day("--happened", day))
        .transpose()?;
    let mut act = desk.ask(|world| asked::act(verb, &args.codes, &args.fields, world))?;
    act.decision = decision(args, verb, setting)?;
    act.happened = happened;
    act.late_reason = args.late_reason.as_deref().map(late_reason).transpose()?;
    act.note = args.note.clone();
    act.paper = args
        .paper
        .as_deref()
        .map(str::trim)
        .filter(|paper| !paper.is_empty())
        .map(str::to_owned);
    for path in &args.attach {
        let file = attachments::read(path)?;
        if !act.attachments.iter().any(|other| other.sha256 == file.sha256) {
            act.attachments.push(file);
        }
    }
    act.capacity = desk.capacity;
    Ok(act)
}

fn decision(args: &Do, verb: Verb, setting: &Setting) -> Result<Option<Decision>, Stop> {
    let on = args
        .signed_on
        .as_deref()
        .map(|day| setting.day("--signed-on", day))
        .transpose()?;
    let how = match args.decision.as_deref() {
        // A meeting number says by itself that it was a meeting.
        None if args.meeting.is_some() => Some("meeting"),
        other => other,
    };
    let only = |given: bool, flag: &str, with: &str| match given {
        true => Err(misuse(
            format!("{flag} 只与 --decision {with} 一起写"),
            "送签的事项，签批人和日期在回签时填。",
        )),
        false => Ok(()),
    };
    let (signed, meeting) = (
        matches!(how, Some("signed" | "已签")),
        matches!(how, Some("meeting" | "已上会")),
    );
    only(args.signer.is_some() && !signed, "--signer", "signed")?;
    only(on.is_some() && !signed && !meeting, "--signed-on", "signed 或 meeting")?;
    only(args.meeting.is_some() && !meeting, "--meeting", "meeting")?;
    only(args.votes.is_some() && !meeting, "--votes", "meeting")?;
    if how.is_some() && !verb.spec().deciding {
        return Err(misuse(
            format!("“{}”不须领导决定", verb.label()),
            "去掉 --decision 再办。",
        ));
    }
    Ok(match how {
        None => None,
        Some("signed" | "已签") => Some(Decision::Signed {
            signer: args.signer.clone(),
            on,
        }),
        Some("meeting" | "已上会") => Some(Decision::Meeting {
            number: args.meeting.clone().unwrap_or_default(),
            on,
            votes: args.votes.clone(),
        }),
        Some("urgent" | "紧急先行") => Some(Decision::Urgent),
        Some(_) => Some(Decision::Submit),
    })
}

fn late_reason(text: &str) -> Result<LateReason, Stop> {
    LateReason::find(text).ok_or_else(|| {
        let all: Vec<String> = LateReason::ALL
            .iter()
            .map(|one| format!("{} {}", one.id(), one.label()))
            .collect();
        misuse(
            format!("--late-reason 不能是“{text}”"),
            format!("可填：{}。", all.join("、")),
        )
    })
}
