//! New rows that are there already, or twice in the sheet.

use serde_json::Value;

use crate::domain::act::Fields;
use crate::domain::ids::StreamId;

use super::amend;
use super::check::Checker;
use super::report::Duplicate;
use super::resolve::Member;
use super::typing::Typed;

impl Checker<'_> {
    /// A new row that repeats what is there, or an earlier row; with the record it repeats.
    pub(super) fn duplicate(&mut self, row: u32, typed: &Typed) -> Option<(Option<StreamId>, Duplicate)> {
        let text = |id: &str| typed.fields.get(id).and_then(Value::as_str).unwrap_or_default();
        let reference = |id: &str| StreamId::parse(text(id));
        let name = text(&self.sheet.title).to_owned();
        let (there, why) = match self.sheet.id.as_str() {
            "risk_point" => {
                let (unit, post) = (reference("unit")?, reference("post"));
                let there = self.lookup.same_point(unit, post, text("item"), &name);
                (there, "同一岗位、同一小项、同一风险表现")
            }
            "unit" => (self.resolver.find_unit(&name), "已有同名单位"),
            "post" => (
                self.resolver
                    .has(reference("unit")?, Member::Post, &name, reference("section")),
                "该单位已有同名岗位",
            ),
            "person" => (
                self.resolver.has(reference("unit")?, Member::Person, &name, None),
                "该单位已有同名人员",
            ),
            "appointment" => (self.same_seat(&typed.fields), "此人已有同一任职"),
            _ => (self.same_record(&name, &typed.fields), "内容完全相同"),
        };
        let found = |there: Option<StreamId>, code: String, reason: String| {
            let duplicate = Duplicate {
                sheet: self.name.clone(),
                row,
                code,
                reason,
            };
            Some((there, duplicate))
        };
        if let Some(id) = there {
            let code = self.lookup.state(id).map(|s| s.code().to_owned()).unwrap_or_default();
            return found(there, code, format!("{why}，未重复导入"));
        }
        let key = match self.sheet.id.as_str() {
            "risk_point" => format!("{}\n{}\n{}\n{name}", text("unit"), text("post"), text("item")),
            "warning" | "task" | "appointment" => serde_json::to_string(&typed.fields).unwrap_or_default(),
            _ => String::new(),
        };
        if !key.is_empty() {
            if let Some(first) = self.keys.get(&key) {
                return found(None, String::new(), format!("{why}，与本表第 {first} 行重复"));
            }
            self.keys.insert(key, row);
        }
        None
    }

    /// What a row adds to a unit or person that another sheet brought by name alone (待补充); `None` when the record
    /// was complete or stands in this very sheet.
    pub(super) fn completes(&self, id: StreamId, fields: &Fields) -> Option<Fields> {
        let state = self.lookup.state(id)?;
        if state.value("incomplete").as_bool() != Some(true) {
            return None;
        }
        let mut more = fields.clone();
        more.retain(|field, value| !amend::same(&state.value(field), value));
        more.entry("incomplete".into()).or_insert(false.into());
        Some(more)
    }

    /// An appointment of the same person to the same post or seat from the same day.
    fn same_seat(&self, fields: &Fields) -> Option<StreamId> {
        let holder = ["person", "post"].into_iter().find_map(|relation| {
            let id = fields.get(relation).and_then(Value::as_str).and_then(StreamId::parse)?;
            Some((relation, id))
        });
        let (relation, id) = holder?;
        let there = self.lookup.referrers("appointment", relation, id);
        there.into_iter().find(|id| {
            let state = self.lookup.state(*id).filter(|s| s.counts());
            let same = |field: &str| {
                let new = fields.get(field).cloned().unwrap_or_default();
                state.as_ref().is_some_and(|s| amend::same(&s.value(field), &new))
            };
            ["person", "post", "body", "role", "from"].into_iter().all(same)
        })
    }

    /// A record of the same unit and title whose fields all have the row's values; what only steps change does not
    /// count.
    fn same_record(&mut self, title: &str, fields: &Fields) -> Option<StreamId> {
        let unit = fields.get("unit").and_then(Value::as_str).and_then(StreamId::parse)?;
        let there = self
            .resolver
            .records(&self.sheet.id, Some(&self.sheet.title), unit, title);
        there.into_iter().find(|id| {
            let state = self.lookup.state(*id);
            let computed = |field: &str| self.sheet.field(field).is_some_and(|f| f.computed);
            let mut typed = fields.iter().filter(|(field, _)| !computed(field));
            state.is_some_and(|s| typed.all(|(field, value)| amend::same(&s.value(field), value)))
        })
    }

    /// Lets later rows refer to what this one brings.
    pub(super) fn note(&mut self, id: StreamId, fields: &Fields) {
        let text = |f: &str| fields.get(f).and_then(Value::as_str).unwrap_or_default();
        let (name, unit, section) = (
            text("name"),
            StreamId::parse(text("unit")),
            StreamId::parse(text("section")),
        );
        match (self.sheet.id.as_str(), unit) {
            ("unit", _) => self.resolver.note_unit(name, id),
            ("post", Some(unit)) => self.resolver.note(unit, Member::Post, name, section, id),
            ("person", Some(unit)) => self.resolver.note(unit, Member::Person, name, None, id),
            _ => {}
        }
    }
}
