//! Choices as people spell them: grades as 一级, 红, 高 or A, classes with or without 风险.

use std::collections::HashMap;

use crate::domain::Grade;
use crate::domain::point::PointStage;
use crate::domain::policy::Policy;
use crate::domain::sheet::Field;

use super::values::{Read, fold, short, split_brackets};

/// The spellings of one choice field.
pub struct Choices {
    ids: HashMap<String, String>,
    label: String,
    labels: String,
}

impl Choices {
    /// Collects ids, labels and the policy's other spellings.
    pub fn new(field: &Field, policy: &Policy) -> Self {
        let mut choices = field.choices();
        let mut ids = HashMap::new();
        if field.vocabulary == "point_stage" {
            // People know the states of the light flow; the others are read all the same.
            ids.extend(
                choices
                    .iter()
                    .filter(|(id, _)| *id != "void")
                    .map(|(id, label)| (fold(label), (*id).to_owned())),
            );
            let light = PointStage::ALL
                .iter()
                .filter(|s| s.light() == **s && **s != PointStage::Void);
            choices = light.map(|s| (s.id(), s.light_label())).collect();
        }
        for (id, label) in &choices {
            for spelling in other_spellings(field, policy, id)
                .iter()
                .map(String::as_str)
                .chain([*id, *label])
            {
                ids.insert(fold(spelling), (*id).to_owned());
            }
        }
        let labels = choices.iter().map(|(_, label)| *label).collect::<Vec<_>>().join("、");
        Self {
            ids,
            label: field.label.clone(),
            labels,
        }
    }

    /// The id of a choice.
    pub fn read(&self, raw: &str) -> Read<String> {
        let find = |text: &str| {
            self.ids
                .get(&fold(text))
                .or_else(|| self.ids.get(&without_ending(text)))
        };
        // "一级（红色）": the bracket may repeat the choice, but not contradict it.
        let (outer, inner) = split_brackets(raw);
        let mut found: Vec<&String> = [raw, &outer, &inner].into_iter().filter_map(find).collect();
        found.dedup();
        match found.as_slice() {
            [one] => Ok((*one).clone()),
            [] => Err(format!("没有“{}”这一{}，可填：{}", short(raw), self.label, self.labels)),
            _ => Err(format!("“{}”前后不一致，请只填一个{}", short(raw), self.label)),
        }
    }
}

fn other_spellings<'p>(field: &Field, policy: &'p Policy, id: &str) -> &'p [String] {
    let table = match field.vocabulary.as_str() {
        "grade" => Grade::find(id).and_then(|g| policy.grade_aliases.get(&g)),
        "risk_class" => policy.class_aliases.get(id),
        "secondary_tag" => policy.tag_aliases.get(id),
        _ => None,
    };
    table.map(Vec::as_slice).unwrap_or_default()
}

/// Words that only say again what the column is about.
fn without_ending(text: &str) -> String {
    let mut text = fold(text);
    for ending in ["风险等级", "预警", "风险", "等级", "级别", "类", "类型"] {
        if let Some(rest) = text.strip_suffix(ending).filter(|r| !r.is_empty()) {
            text = rest.to_owned();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::sheet::Sheet;

    #[test]
    fn grades_and_classes_in_their_spellings() {
        let policy = Policy::parse(Policy::shipped()).unwrap();
        let sheet = Sheet::parse(include_str!("../../assets/registers/risk_point.toml")).unwrap();
        let choices = |id: &str| Choices::new(sheet.field(id).unwrap(), &policy);
        let grade = choices("grade");
        for (text, id) in [
            ("一级", "red"),
            ("一 级", "red"),
            ("红", "red"),
            ("高风险", "red"),
            ("a", "red"),
            ("Ａ", "red"),
            ("Ⅰ级", "red"),
            ("１级", "red"),
            ("二级（橙色）", "orange"),
            ("橙色预警", "orange"),
            ("中", "orange"),
            ("Ｂ级", "orange"),
            ("三级风险", "yellow"),
            ("低等级", "yellow"),
            ("red", "red"),
        ] {
            assert_eq!(grade.read(text).as_deref(), Ok(id), "{text}");
        }
        assert!(grade.read("四级").unwrap_err().contains("红、橙、黄"));
        assert!(grade.read("一级（黄）").unwrap_err().contains("不一致"));
        let class = choices("class");
        for (text, id) in [
            ("思想道德风险", "ethics"),
            ("岗位职责", "post_duty"),
            ("业务流程风险", "post_duty"),
            ("外部环境", "institution"),
            ("制度机制类", "institution"),
        ] {
            assert_eq!(class.read(text).as_deref(), Ok(id), "{text}");
        }
        assert!(class.read("思想道德、岗位职责").is_err());
        assert_eq!(choices("tag").read("业务流程风险").as_deref(), Ok("process"));
        assert_eq!(choices("item").read("大额资金使用").as_deref(), Ok("large_funds"));
    }
}
