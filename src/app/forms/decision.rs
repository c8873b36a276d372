//! The last question of a deciding act: who decided, never the clerk who presses the key (§0.5).

use super::fields::field;
use super::value;
use crate::app::store::{Choice, DecisionSpec, FieldKind, FieldSpec, FormRequest};
use crate::domain::Verb;
use crate::domain::day::show_day;
use crate::domain::world::World;

/// The ways to decide: 1 送签 2 已签 3 已上会 4 紧急先行.
pub fn ways(verb: Verb, request: &FormRequest, world: &dyn World) -> Vec<DecisionSpec> {
    let today = show_day(world.today());
    let day = match value(request, "happened") {
        "" => today,
        day => day.to_owned(),
    };
    let day = |id: &str, label: &str| FieldSpec {
        default: day.clone(),
        ..field(id, label, FieldKind::Day, true)
    };
    let way = |digit, id: &str, label: &str, fields| DecisionSpec {
        choice: Choice {
            digit,
            id: id.into(),
            label: label.into(),
            reason: None,
        },
        fields,
    };
    let signer = FieldSpec {
        hint: "空着为该席位在任人".into(),
        ..field(
            "signer",
            "签批人",
            FieldKind::Pick {
                of: "person".into(),
                many: false,
            },
            false,
        )
    };
    let mut urgent = way(4, "urgent", "紧急先行", Vec::new());
    urgent.choice.reason = verb.may_be_urgent().err().map(|refusal| refusal.reason);
    vec![
        way(1, "submit", "送签", Vec::new()),
        way(2, "signed", "已签", vec![day("signed_on", "签批日期"), signer]),
        way(
            3,
            "meeting",
            "已上会",
            vec![
                field("meeting", "会议编号", FieldKind::Text, true),
                day("meeting_on", "会议日期"),
                field("votes", "表决情况", FieldKind::Text, false),
            ],
        ),
        urgent,
    ]
}
