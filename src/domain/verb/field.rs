//! What a row of the table of verbs is made of.

use super::Verb;
use crate::domain::sheet::FieldType::{self, Flag, Long, Person, Text};

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

pub(super) const fn field(id: &'static str, label: &'static str, kind: FieldType) -> VerbField {
    VerbField {
        id,
        label,
        kind,
        required: false,
        vocabulary: "",
        many: false,
    }
}

pub(super) const fn must(id: &'static str, label: &'static str, kind: FieldType) -> VerbField {
    VerbField {
        required: true,
        ..field(id, label, kind)
    }
}

pub(super) const fn choice(id: &'static str, label: &'static str, vocabulary: &'static str) -> VerbField {
    VerbField {
        vocabulary,
        required: true,
        ..field(id, label, FieldType::Choice)
    }
}

pub(super) const fn optional(field: VerbField) -> VerbField {
    VerbField {
        required: false,
        ..field
    }
}

pub(super) const fn many(field: VerbField) -> VerbField {
    VerbField { many: true, ..field }
}

pub(super) const fn does(verb: Verb, kinds: &'static [&'static str], fields: &'static [VerbField]) -> VerbSpec {
    VerbSpec {
        verb,
        kinds,
        deciding: false,
        fields,
    }
}

pub(super) const fn decides(verb: Verb, kinds: &'static [&'static str], fields: &'static [VerbField]) -> VerbSpec {
    VerbSpec {
        verb,
        kinds,
        deciding: true,
        fields,
    }
}

pub(super) const REASON: VerbField = must("reason", "理由", Long);
/// Sealed to the keeper before anything is written (§0.21).
pub(super) const SOURCE: [VerbField; 3] = [
    field("source_name", "来源人姓名", Text),
    field("source_code", "来源人代码", Text),
    field("source_phone", "回拨电话", Text),
];
pub(super) const RESPONSIBLE: VerbField = many(field("responsible", "责任人", Person));
pub(super) const PROPOSED_BY: VerbField = field("proposed_by", "提出人", Person);
pub(super) const CAUSE: VerbField = optional(choice("cause", "成因", "risk_cause"));
pub(super) const CIRCUMSTANCE: VerbField = optional(choice("circumstance", "情节", "circumstance"));
pub(super) const ATTITUDE: VerbField = optional(choice("attitude", "认识态度", "attitude"));
pub(super) const VIOLATION: VerbField = field("violation", "构成轻微违法违纪", Flag);
pub(super) const WEIGHT_REASON: VerbField = field("reason", "从轻、从重或直接适用的理由", Long);
/// Asked only when the person is restricted on that day (§0.18).
pub(super) const TRANSFER: &[VerbField] = &[
    optional(choice("transfer_reason", "限制期内调动情形", "transfer_reason")),
    field("transfer_document", "上级文号", Text),
    optional(choice("departure", "去向", "departure")),
];
