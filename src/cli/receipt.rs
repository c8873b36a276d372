//! What an act brought about, or would bring about, as the shell shows it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Done;
use super::desk::Desk;
use super::output::{self, Table};
use super::setting::Setting;
use crate::domain::decide::Outcome;
use crate::domain::fault::Stop;
use crate::domain::telling::Teller;
use crate::domain::world::World;
use crate::domain::{Effect, Event, StreamId};
use crate::ledger::receipt::{Receipt, Touch};

/// Most lines of a receipt: an import taken back touches thousands.
const SHOWN: usize = 30;

/// Shows a receipt; `done` is the word for what took place.
pub fn show(receipt: &Receipt, done: &str, desk: &Desk, setting: &Setting) -> Done {
    if setting.json() {
        output::json(receipt)?;
        return Ok(output::code::DONE);
    }
    let mut table = Table::new(["编号", "台账", "等级", "环节", "期限", "内容"]);
    desk.ask(|world| {
        for touch in receipt.changed.iter().chain(&receipt.proposed).take(SHOWN) {
            table.row(line(touch, world));
        }
        Ok(())
    })?;
    table.print()?;
    let all = receipt.changed.len() + receipt.proposed.len();
    if all > SHOWN {
        output::say(format!("……共 {all} 项。"));
    }
    match (&receipt.effect(), &receipt.approval_sheet) {
        (Effect::Pending, Some(sheet)) => {
            output::say(format!(
                "已送签：呈批单 {sheet}，回签后生效（do countersign {sheet} --signed-on 日期）。"
            ));
        }
        _ => output::say(format!("{done}。")),
    }
    for touch in &receipt.proposed {
        output::say(format!("随之提出：{} {}，待处理。", touch.code, label(touch, desk)?));
    }
    for note in &receipt.notes {
        output::say(note);
    }
    Ok(output::code::DONE)
}

fn label(touch: &Touch, desk: &Desk) -> Result<String, Stop> {
    desk.ask(|world| {
        Ok(world
            .sheets()
            .get(&touch.kind)
            .map_or_else(|| touch.kind.clone(), |sheet| sheet.label.clone()))
    })
}

fn line(touch: &Touch, world: &dyn World) -> [String; 6] {
    let sheet = world.sheets().get(&touch.kind);
    let register = sheet.map_or_else(|| touch.kind.clone(), |sheet| sheet.label.clone());
    let Some(state) = world.state(touch.stream) else {
        return [
            touch.code.clone(),
            register,
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        ];
    };
    let teller = Teller::new(world);
    let grade = state.grade().map(|grade| grade.label().to_owned()).unwrap_or_default();
    let due = state.due().map(|due| teller.left(due).0).unwrap_or_default();
    [
        touch.code.clone(),
        register,
        grade,
        state.stage_label(world.policy().flow).to_owned(),
        due,
        teller.title(&state),
    ]
}

/// Shows what an act would bring about.
pub fn foretell(outcome: &Outcome, desk: &Desk, setting: &Setting) -> Done {
    let told: Vec<Value> = desk.ask(|world| {
        Ok(outcome
            .events
            .iter()
            .map(|new| told(new.stream, &new.event, world))
            .collect())
    })?;
    let effect = if outcome.effect == Effect::Done {
        "done"
    } else {
        "pending"
    };
    if setting.json() {
        let codes = |followed: bool| -> Vec<Value> {
            let mut seen = BTreeSet::new();
            let of = outcome
                .events
                .iter()
                .zip(&told)
                .filter(|(new, _)| new.because.is_some() == followed);
            of.filter(|(new, _)| seen.insert(new.stream))
                .map(|(_, told)| json!({ "code": told["code"], "kind": told["kind"] }))
                .collect()
        };
        output::json(&json!({
            "dry_run": true, "act_id": null, "effect": effect, "approval_sheet": null, "undoable": false,
            "changed": codes(false), "proposed": codes(true), "would": told, "notes": outcome.notes,
        }))?;
        return Ok(output::code::DONE);
    }
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let mut table = Table::new(["编号", "会发生", "内容"]).whole();
    for one in &told {
        table.row([text(one, "code"), text(one, "label"), text(one, "text")]);
    }
    table.print()?;
    let pending = if outcome.effect == Effect::Pending {
        "（送签：回签后才生效）"
    } else {
        ""
    };
    output::say(format!("以上只是预演，没有办理{pending}。"));
    for note in &outcome.notes {
        output::say(note);
    }
    Ok(output::code::DONE)
}

fn told(stream: StreamId, event: &Event, world: &dyn World) -> Value {
    let state = world.state(stream);
    let told = Teller::new(world).tell(event);
    // A stream that would be born has no code yet, or one that another act may take first.
    let code = state
        .as_ref()
        .map(|state| state.code().to_owned())
        .unwrap_or_else(|| "（新）".to_owned());
    let kind = state.map(|state| state.kind().to_owned());
    let who = if told.who.is_empty() {
        String::new()
    } else {
        format!("{} ", told.who)
    };
    json!({ "code": code, "kind": kind, "label": told.label, "text": format!("{who}{}", told.text) })
}
