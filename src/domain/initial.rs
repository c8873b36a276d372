//! What a sheet of an existing register may state about a new record, and what belongs together in it (初始导入,
//! §0.10). Asked for each row by the check of the cells, which names them, and again by `decide`.

use chrono::NaiveDate;
use serde_json::Value;

use super::act::Fields;
use super::task::TaskStage;
use super::warning::WarningStage;

/// What is wrong with a row of new values: the field it stands in, and why.
pub fn faults(register: &str, fields: &Fields, today: NaiveDate) -> Vec<(&'static str, String)> {
    match register {
        "warning" => warning(fields, today),
        "task" => task(fields),
        "appointment" => appointment(fields),
        _ => Vec::new(),
    }
}

/// A day among values.
pub(super) fn day(fields: &Fields, field: &str) -> Option<NaiveDate> {
    text(fields, field).parse().ok()
}

fn text<'f>(fields: &'f Fields, field: &str) -> &'f str {
    fields.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn warning(fields: &Fields, today: NaiveDate) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    let has = |field: &str| !text(fields, field).is_empty();
    let mut add = |field: &'static str, reason: String| faults.push((field, reason));
    let received = day(fields, "received_on");
    if received.is_some_and(|day| day > today) {
        add("received_on", format!("在今天（{today}）之后"));
    }
    if !has("stage") {
        for field in ["grade", "served_on", "ended_on"] {
            if has(field) {
                add(field, "没有写环节的按新登记办理；已在办的请写明环节".into());
            }
        }
        return faults;
    }
    use WarningStage as Stage;
    let Some(stage) = Stage::find(text(fields, "stage")) else {
        add("stage", "没有这一环节".into());
        return faults;
    };
    if matches!(
        stage,
        Stage::Merged | Stage::ClueTransferred | Stage::Referring | Stage::Void
    ) {
        let reason = format!(
            "“{}”的不能从表格导入，请按此前的环节导入，再在程序里办理",
            stage.label()
        );
        add("stage", reason);
        return faults;
    }
    let unassessed = matches!(stage, Stage::Registered | Stage::NotAccepted | Stage::Declined);
    if unassessed && has("grade") {
        add("grade", format!("“{}”的没有等级，请核对环节", stage.label()));
    }
    if !unassessed && stage != Stage::Withdrawn && !has("grade") {
        add("grade", format!("“{}”的须写明等级", stage.label()));
    }
    let unserved = unassessed || matches!(stage, Stage::Assessed | Stage::Released);
    if unserved && has("served_on") {
        add("served_on", format!("“{}”的还没有送达，请核对环节", stage.label()));
    }
    if stage.live() && has("ended_on") {
        add("ended_on", format!("“{}”的还没有办结，请核对环节", stage.label()));
    }
    if !stage.live() && has("due") {
        add("due", format!("“{}”的没有期限，请核对环节", stage.label()));
    }
    let served = day(fields, "served_on");
    for (field, label, earlier) in [
        ("served_on", "收到日期", received),
        ("ended_on", "收到日期", received),
        ("ended_on", "送达日期", served),
    ] {
        if let (Some(day), Some(earlier)) = (day(fields, field), earlier)
            && day < earlier
        {
            add(field, format!("早于{label} {earlier}"));
        }
    }
    faults
}

fn task(fields: &Fields) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    let has = |field: &str| !text(fields, field).is_empty();
    let stage = TaskStage::find(text(fields, "stage"));
    let label = stage.map_or("办理中", TaskStage::label);
    match stage {
        None | Some(TaskStage::Issued) if !has("due") => faults.push(("due", "不能为空".into())),
        Some(TaskStage::Void) => faults.push(("stage", "“作废”的不能从表格导入，请删去本行".into())),
        Some(TaskStage::Closed) if !has("outcome") => faults.push(("outcome", format!("“{label}”的须写明评价"))),
        Some(TaskStage::Closed) if has("due") => faults.push(("due", format!("“{label}”的没有期限，请核对状态"))),
        _ => {}
    }
    if stage != Some(TaskStage::Closed) && has("outcome") {
        faults.push(("outcome", format!("“{label}”的还没有评价，请核对状态")));
    }
    faults
}

fn appointment(fields: &Fields) -> Vec<(&'static str, String)> {
    let has = |field: &str| !text(fields, field).is_empty();
    let mut faults = Vec::new();
    if !has("post") && !has("body") {
        faults.push(("post", "岗位和机构至少写一个".into()));
    } else if !(has("person") || has("post") && has("body")) {
        faults.push(("person", "须写明人员；只有随岗位任职的席位可以不写人员".into()));
    }
    if let (Some(from), Some(to)) = (day(fields, "from"), day(fields, "to"))
        && to < from
    {
        faults.push(("to", format!("早于任职起 {from}")));
    }
    faults
}
