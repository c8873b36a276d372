//! G2 on the accounts: who proposed, who approved and who verified are different people, and where the policy says
//! `four_eyes = "account"` they also sit at different accounts (§0.5).
//!
//! The log names the account of every step whatever the policy says, so the rule can be switched on and off: it looks
//! at the steps a matter stands on now. An act that only asks for a signature decides nothing and is always let through;
//! the account that enters the signature is the one that counts.

use super::Desk;
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::policy::FourEyes;
use crate::domain::state::State;
use crate::domain::verb::Verb;

/// Kind of the refusal.
pub const SAME_ACCOUNT: &str = "same_account";

/// Kinds of earlier events, with what people call the step.
type Earlier = &'static [(&'static str, &'static str)];

const PROPOSED: (&str, &str) = ("admonition_proposed", "提出");
const APPROVED: (&str, &str) = ("admonition_approved", "批准");
const VERIFIED: (&str, &str) = ("verified", "核验");
const ASSESSED: (&str, &str) = ("warning_assessed", "评估");
const MADE: Earlier = &[("proposal_made", "提请")];

/// The steps whose accounts must not be this one's, with the stream they stand in.
fn earlier(desk: &Desk, verb: Verb, stream: StreamId, state: &State) -> Vec<(StreamId, Earlier)> {
    let steps: Earlier = match (state, verb) {
        (State::RiskPoint(_), Verb::Grade) => &[
            ("point_submitted", "申报"),
            ("point_reviewed", "单位审核"),
            ("point_appraised", "评议"),
        ],
        (State::RiskPoint(_), Verb::Discharge | Verb::Reject) => &[("point_resolved", "提出销号")],
        (State::Warning(_), Verb::Release | Verb::NoWarning) => &[ASSESSED],
        (State::Warning(_), Verb::Verify) => &[ASSESSED, ("warning_released", "发布")],
        (State::Warning(_), Verb::Lift) => &[VERIFIED],
        (State::Admonition(_), Verb::Approve | Verb::Reject | Verb::Revoke | Verb::Extend) => &[PROPOSED],
        (State::Admonition(_), Verb::Verify) => &[PROPOSED, APPROVED],
        (State::Admonition(_), Verb::Lift) => &[PROPOSED, VERIFIED],
        (State::Appeal(appeal), Verb::DecideAppeal) => {
            return vec![(appeal.against, &[PROPOSED, APPROVED, ("talked", "谈话"), VERIFIED])];
        }
        (State::Proposal(p), Verb::Accept | Verb::Reject | Verb::Countersign) if p.rule.is_none() => MADE,
        (State::ApprovalSheet(sheet), Verb::Countersign) => {
            // As they stood before this act: by now it may have signed them.
            let by_people = |line: &StreamId| match desk.world.state(*line).as_deref() {
                Some(State::Proposal(p)) => p.rule.is_none() && p.stage.open(),
                _ => false,
            };
            let lines = sheet.proposals.iter().copied().filter(by_people);
            return lines.map(|line| (line, MADE)).collect();
        }
        _ => &[],
    };
    if steps.is_empty() {
        Vec::new()
    } else {
        vec![(stream, steps)]
    }
}

/// Refuses a step at the account that recorded one it must be kept apart from.
pub fn check(desk: &Desk, verb: Verb, stream: StreamId, state: &State) -> Result<(), Refusal> {
    if desk.world.policy().four_eyes != FourEyes::Account || desk.rehearsing {
        return Ok(());
    }
    let operator = desk.world.operator();
    for (stream, steps) in earlier(desk, verb, stream, state) {
        let recorded = desk.world.recorded(stream);
        let own = |(kind, _): &&(&str, &str)| recorded.iter().any(|r| r.kind == *kind && r.account == operator.id);
        if let Some((_, step)) = steps.iter().find(own) {
            let code = desk.state(stream).map(|s| s.code().to_owned()).unwrap_or_default();
            let reason = format!(
                "{code} 的“{step}”由账号“{}”录入，同一账号不能再办“{}”（四眼原则按账号核对）",
                operator.name,
                verb.label()
            );
            return Err(Refusal::new(SAME_ACCOUNT, reason).hint(who_may(desk, state)));
        }
    }
    Ok(())
}

/// Who else may do it: other accounts that stand for the body.
fn who_may(desk: &Desk, state: &State) -> String {
    let body = desk.required.borrow().or(state.duties().map(|d| d.lead));
    let label = body.map_or_else(|| "该机关".to_owned(), |b| desk.body_label(b));
    let stands_for = |account: &State| {
        let lines = account.value("capacities");
        let lines: Vec<&str> = lines
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|l| l.as_str())
            .collect();
        let means = |line: &&str| body.is_some_and(|b| BodyRef::parse(line) == Some(b) || *line == label);
        account.counts() && (lines.is_empty() || lines.iter().any(means))
    };
    let own = &desk.world.operator().id;
    let mut names: Vec<String> = Vec::new();
    for id in desk.world.accounts() {
        if let Some(account) = desk.state(id).filter(|a| id.to_string() != *own && stands_for(a)) {
            names.push(account.text("name"));
        }
    }
    match names.len() {
        0 => format!("由{label}的其他账号办理；尚无其他账号的，先建立操作账号"),
        1..=3 => format!("由{label}的其他账号办理：{}", names.join("、")),
        n => format!("由{label}的其他账号办理：{}等 {n} 个", names[..3].join("、")),
    }
}
