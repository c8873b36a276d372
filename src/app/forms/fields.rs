//! Fields of a form out of the verb's row in the table.

use super::value;
use crate::app::store::{Choice, FieldKind, FieldSpec, FormRequest};
use crate::domain::day::{parse_day, show_day};
use crate::domain::sheet::{FieldType, choices_of};
use crate::domain::source::TYPED;
use crate::domain::telling::Teller;
use crate::domain::verb::VerbField;
use crate::domain::world::World;
use crate::domain::{LateReason, State, StreamId, Verb};

/// Working days after which a record is late and asks why (§0.12).
const LATE_AFTER: i64 = 3;
/// Beside the fields that nobody but the keeper reads again.
const SEALS: &str = "保存后即密封，只有保管人能看";

/// The day the thing happened: the first field of each form, today unless said otherwise.
pub fn happened(world: &dyn World) -> FieldSpec {
    FieldSpec {
        default: show_day(world.today()),
        hint: "-2、昨、1121、11.21".into(),
        live: true,
        ..field("happened", "发生日期", FieldKind::Day, true)
    }
}

/// Why it is recorded late, when it is.
pub fn late_reason(request: &FormRequest, world: &dyn World) -> Option<FieldSpec> {
    let today = world.today();
    let day = parse_day(value(request, "happened"), today).ok()?;
    let late = world.calendar().workdays_between(day, today) > LATE_AFTER;
    let choices = LateReason::ALL.iter().map(|reason| (reason.id(), reason.label()));
    late.then(|| field("late_reason", "补录原因", FieldKind::Choice(numbered(choices)), true))
}

/// Where the paper of a step lies, and the files that go on it (§0.22).
pub fn paper() -> Vec<FieldSpec> {
    vec![
        FieldSpec {
            hint: "如 卷3 页12 柜2".into(),
            ..field("paper", "纸质卷号", FieldKind::Text, false)
        },
        FieldSpec {
            hint: "文件的完整路径，一行一个，每个最多 20 MB".into(),
            ..field("attach", "附件", FieldKind::Long, false)
        },
    ]
}

/// A verb's own fields; what the matter already says stands in them.
pub fn of_verb(verb: Verb, target: Option<StreamId>, world: &dyn World) -> Vec<FieldSpec> {
    let fields = verb
        .spec()
        .fields
        .iter()
        .filter(|field| !(matches!(verb, Verb::Admonish | Verb::HoldAccountable) && field.id == "origin"));
    fields
        .map(|field| {
            let spec = of(field, target);
            FieldSpec {
                default: default(verb, field, target, world),
                required: spec.required || (verb == Verb::Weigh && unweighed(field.id, target, world)),
                ..spec
            }
        })
        .collect()
}

/// Cause, circumstance and attitude must stand before the decision; what stands already may be left out.
fn unweighed(field: &str, target: Option<StreamId>, world: &dyn World) -> bool {
    let state = target.and_then(|target| world.state(target));
    let Some(State::Admonition(a)) = state.as_deref() else {
        return false;
    };
    a.kind.terms().weighed
        && match field {
            "cause" => a.weighed.cause.is_none(),
            "circumstance" => a.weighed.circumstance.is_none(),
            "attitude" => a.weighed.attitude.is_none(),
            _ => false,
        }
}

/// One field of the table as a form shows it.
pub fn of(field: &VerbField, target: Option<StreamId>) -> FieldSpec {
    let kind = match field.kind {
        FieldType::Choice => FieldKind::Choice(numbered(choices_of(field.vocabulary).unwrap_or_default().into_iter())),
        FieldType::Flag => FieldKind::Choice(numbered([("true", "是"), ("false", "否")].into_iter())),
        FieldType::Date => FieldKind::Day,
        FieldType::Long | FieldType::Lines => FieldKind::Long,
        FieldType::Text | FieldType::Number | FieldType::Body => FieldKind::Text,
        kind => FieldKind::Pick {
            of: directory(kind).into(),
            many: field.many,
        },
    };
    // a matter under way already belongs to a unit
    let required = field.required && !(field.kind == FieldType::Unit && target.is_some());
    FieldSpec {
        id: field.id.into(),
        label: field.label.into(),
        hint: if TYPED.contains(&field.id) { SEALS } else { hint(&kind) }.into(),
        kind,
        required,
        default: String::new(),
        live: false,
    }
}

fn default(verb: Verb, field: &VerbField, target: Option<StreamId>, world: &dyn World) -> String {
    match (verb, field.id) {
        (Verb::Register, "received_on") => show_day(world.today()),
        (Verb::Register, "urgency") => "normal".into(),
        (Verb::Revert, "step") => String::new(),
        (Verb::Admonish | Verb::HoldAccountable | Verb::HandOver, "unit") => {
            let unit = target
                .and_then(|target| world.state(target))
                .and_then(|state| state.reference("unit"));
            unit.filter(|_| verb != Verb::HandOver)
                .map(|unit| Teller::new(world).name(unit))
                .unwrap_or_default()
        }
        (Verb::Countersign, "signed_on") => show_day(world.today()),
        _ => String::new(),
    }
}

/// What kind of thing a reference points at, as candidates are asked for.
pub fn directory(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Unit => "unit",
        FieldType::Section => "section",
        FieldType::Post => "post",
        FieldType::Person => "person",
        FieldType::Points => "risk_point",
        _ => "warning",
    }
}

fn hint(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Day => "-2、昨、1121、2026-11-21",
        FieldKind::Pick { of, many } => match (of.as_str(), many) {
            ("person", true) => "姓名或首字母，可填多人",
            ("person", false) => "姓名或首字母",
            ("risk_point" | "warning", _) => "编号，或内容里的字",
            _ => "名称、首字母或编号",
        },
        _ => "",
    }
}

/// Choices with their digits: 1 … 9, then 0; from the eleventh on by arrow.
pub fn numbered<'a>(choices: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Choice> {
    let digits = (1..=9).chain([0]).chain(std::iter::repeat(10));
    let choice = |(digit, (id, label)): (u8, (&str, &str))| Choice {
        digit,
        id: id.into(),
        label: label.into(),
        reason: None,
    };
    digits.zip(choices).map(choice).collect()
}

/// A plain field.
pub fn field(id: &str, label: &str, kind: FieldKind, required: bool) -> FieldSpec {
    let hint = hint(&kind).to_owned();
    FieldSpec {
        id: id.into(),
        label: label.into(),
        kind,
        required,
        default: String::new(),
        hint,
        live: false,
    }
}
