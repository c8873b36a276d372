//! An import: many rows, one act, one undo. `papers` has checked the cells; the rules check again.

mod matters;

use serde_json::Value;

use super::routing::{self, About};
use super::{Desk, args, guard, measures, records};
use crate::domain::act::{Fields, ImportRow};
use crate::domain::event::Event;
use crate::domain::fault::Refusal;
use crate::domain::ids::StreamId;
use crate::domain::point::PointStage;
use crate::domain::sheet::Sheet;
use crate::domain::state::State;
use crate::domain::verb::Verb;
use crate::domain::vocabulary::Grade;
use crate::domain::world::take_code;

/// Imports the act's rows in order; later rows may refer to earlier ones by `ImportRow::id`.
pub fn import(desk: &mut Desk) -> Result<(), Refusal> {
    let rows = std::mem::take(&mut desk.act.rows);
    for (index, row) in rows.iter().enumerate() {
        one(desk, row).map_err(|r| Refusal {
            reason: format!("第 {} 条：{}", index + 1, r.reason),
            ..r
        })?;
    }
    desk.act.rows = rows;
    Ok(())
}

fn one(desk: &mut Desk, row: &ImportRow) -> Result<(), Refusal> {
    let sheet = desk
        .world
        .sheets()
        .get(&row.register)
        .cloned()
        .ok_or_else(|| records::no_register(&row.register))?;
    if let Some(existing) = row.existing {
        return amend(desk, existing, &sheet, row);
    }
    let id = row.id.unwrap_or_else(|| desk.world.fresh_id());
    if row.register == "risk_point" {
        return point(desk, id, &sheet, row);
    }
    match row.register.as_str() {
        "measure" => return measure(desk, id, &sheet, row),
        "warning" => return matters::warning(desk, id, &sheet, row),
        "task" => return matters::task(desk, id, &sheet, row),
        _ => {}
    }
    records::save_new(desk, id, &sheet, &row.fields, row.original_code.clone())?;
    Ok(())
}

fn amend(desk: &mut Desk, id: StreamId, sheet: &Sheet, row: &ImportRow) -> Result<(), Refusal> {
    let state = desk.known(id)?;
    if matches!(&*state, State::Warning(_) | State::Task(_)) {
        guard::guard(Verb::Amend, id, &state, desk)?;
    }
    let mut given = row.fields.clone();
    // Grades move by decisions of their own, never by a sheet.
    given.remove("grade");
    let mut fields = args::checked(desk, sheet, &given)?;
    fields.retain(|field, value| state.value(field) != *value);
    if !fields.is_empty() {
        match &*state {
            State::Record(r) => records::amend(desk, id, r, fields)?,
            _ => {
                desk.record(id, Event::Amended { fields });
            }
        }
    }
    for text in &row.measures {
        measures::plan(desk, id, text, None);
    }
    Ok(())
}

/// A point with unit, post, description, class, item and grade enters 在控 (初始导入, §0.10).
fn point(desk: &mut Desk, id: StreamId, sheet: &Sheet, row: &ImportRow) -> Result<(), Refusal> {
    let mut given: Fields = row.fields.clone();
    let text = |given: &mut Fields, field: &str| match given.remove(field) {
        Some(Value::String(s)) if !s.is_empty() => Some(s),
        _ => None,
    };
    let grade = text(&mut given, "grade");
    let stage = text(&mut given, "stage");
    given.remove("measures");
    let fields = args::checked(desk, sheet, &given)?;
    let code = take_code(desk.world, &sheet.prefix, sheet.yearly);
    let stage = match stage.as_deref() {
        None => PointStage::Monitored,
        Some(word) => stage_of(word)?,
    };
    if row.draft || stage == PointStage::Draft {
        desk.record(id, Event::PointDrafted { code, fields });
    } else {
        let word = grade.unwrap_or_default();
        let grade = Grade::find(&word)
            .ok_or_else(|| Refusal::new("wrong_field", format!("风险点的“等级”没有“{word}”这一选项")))?;
        let reference = |f: &str| fields.get(f).and_then(Value::as_str).and_then(StreamId::parse);
        let unit = reference("unit").ok_or_else(|| Refusal::new("missing_field", "风险点缺少“单位”"))?;
        let about = About {
            unit,
            post: reference("post"),
            person: None,
        };
        let duties = routing::duties(desk, grade, about);
        let original_code = row.original_code.clone();
        desk.record(
            id,
            Event::PointImported {
                code,
                original_code,
                fields,
                stage,
                grade,
                duties,
            },
        );
    }
    for text in &row.measures {
        measures::plan(desk, id, text, None);
    }
    Ok(())
}

/// A measure of its own, with the points it serves (R041): a register may list what several points share.
fn measure(desk: &mut Desk, id: StreamId, sheet: &Sheet, row: &ImportRow) -> Result<(), Refusal> {
    let mut given = row.fields.clone();
    let points = args::points(desk, &sheet.label, given.remove("points").as_ref())?;
    if points.is_empty() {
        return Err(Refusal::new("missing_field", "防范措施没有关联的风险点").hint("写明所防范的风险点编号"));
    }
    let mut fields = args::checked(desk, sheet, &given)?;
    fields.retain(|_, v| !v.is_null());
    let gaps = args::gaps(sheet, &fields);
    if !gaps.is_empty() {
        return Err(Refusal::new(
            "missing_field",
            format!("防范措施缺少：{}", gaps.join("、")),
        ));
    }
    let code = take_code(desk.world, &sheet.prefix, sheet.yearly);
    desk.record(id, Event::MeasureAdded { code, fields, points });
    Ok(())
}

fn stage_of(word: &str) -> Result<PointStage, Refusal> {
    let by_light = PointStage::ALL
        .iter()
        .copied()
        .find(|s| s.light() == *s && s.light_label() == word);
    let found = by_light
        .or_else(|| PointStage::find(word))
        .filter(|s| *s != PointStage::Void);
    found.ok_or_else(|| {
        Refusal::new("wrong_field", format!("风险点没有“{word}”这一状态"))
            .hint("可填：草拟、待定级、在控、待销号、已销号")
    })
}
