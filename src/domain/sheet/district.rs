//! A district's own register files, laid beside and over the shipped ones.

use std::collections::BTreeMap;

use super::Sheet;
use super::check::{self, Places};
use crate::domain::mistake::Mistake;

/// Register files by name.
pub type Registers = BTreeMap<String, String>;

/// The files in force: the shipped ones, each replaced by the district's file of the same name, and its further ones.
///
/// A file that is broken or does not fit is named with its mistakes and left out: what it would replace stays.
pub fn overlay(shipped: &Registers, district: &Registers) -> (Registers, Vec<(String, Vec<Mistake>)>) {
    let mut files = shipped.clone();
    let mut refused = Vec::new();
    let mut sheets: BTreeMap<String, Sheet> = shipped
        .iter()
        .filter_map(|(name, text)| Some((name.clone(), Sheet::parse(text).ok()?)))
        .collect();
    for (name, text) in district {
        let read = check::parse(text).and_then(|(sheet, places)| {
            let mut mistakes = match sheets.get(name).filter(|_| shipped.contains_key(name)) {
                Some(own) => kept(own, &sheet, &places),
                None => new(&sheet, &places),
            };
            let others = sheets.iter().filter(|(other, _)| *other != name);
            mistakes.extend(others.flat_map(|(other, known)| clashes(other, known, &sheet, &places)));
            mistakes.sort();
            if mistakes.is_empty() { Ok(sheet) } else { Err(mistakes) }
        });
        match read {
            Ok(sheet) => {
                files.insert(name.clone(), text.clone());
                sheets.insert(name.clone(), sheet);
            }
            Err(mistakes) => refused.push((name.clone(), mistakes)),
        }
    }
    (files, refused)
}

/// What the program's rules and tables need of a shipped register may be added to, not taken away.
fn kept(shipped: &Sheet, sheet: &Sheet, places: &Places) -> Vec<Mistake> {
    let mut found = Vec::new();
    let mut say = |path: &[&str], reason: String| {
        let line = places.line(path);
        found.push(Mistake { line, reason });
    };
    for (key, was, now) in [
        ("id", &shipped.id, &sheet.id),
        ("prefix", &shipped.prefix, &sheet.prefix),
        ("rules", &shipped.rules, &sheet.rules),
    ] {
        if was != now {
            say(&[key], format!("{key} 应仍为“{was}”"));
        }
    }
    if shipped.yearly != sheet.yearly {
        say(&["yearly"], format!("yearly 应仍为 {}", shipped.yearly));
    }
    for own in &shipped.fields {
        let place = sheet.fields.iter().position(|field| field.id == own.id);
        let Some((at, field)) = place.and_then(|at| Some((at.to_string(), sheet.fields.get(at)?))) else {
            say(
                &["field"],
                format!("缺少字段“{}”（{}）：程序要用，不能去掉", own.id, own.label),
            );
            continue;
        };
        if field.kind != own.kind || field.vocabulary != own.vocabulary || field.register != own.register {
            say(&["field", &at, "type"], format!("字段“{}”的类型和选项表不能改", own.id));
        }
        if (own.column && !field.column) || (own.filter && !field.filter) || own.computed != field.computed {
            say(
                &["field", &at],
                format!("字段“{}”的 column、filter、computed 不能去掉", own.id),
            );
        }
        let dropped = own
            .options
            .iter()
            .find(|(id, _)| !field.options.iter().any(|(known, _)| known == id));
        if let Some((id, label)) = dropped {
            say(
                &["field", &at, "options"],
                format!("字段“{}”缺少原有的选项 {id}（{label}）", own.id),
            );
        }
    }
    found
}

fn new(sheet: &Sheet, places: &Places) -> Vec<Mistake> {
    if sheet.rules.is_empty() {
        return Vec::new();
    }
    let reason = "本区自设的台账不能写 rules：办理规则由程序规定".to_owned();
    vec![Mistake {
        line: places.line(&["rules"]),
        reason,
    }]
}

fn clashes(other: &str, known: &Sheet, sheet: &Sheet, places: &Places) -> Vec<Mistake> {
    let pairs = [
        ("id", &known.id, &sheet.id),
        ("label", &known.label, &sheet.label),
        ("prefix", &known.prefix, &sheet.prefix),
    ];
    let same = pairs.into_iter().filter(|(_, known, own)| known == own);
    same.map(|(key, _, own)| Mistake {
        line: places.line(&[key]),
        reason: format!("{key}“{own}”与 {other} 相同，请另取一个"),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::sheet::shipped_registers;

    const OWN: &str = "id = \"visit\"\nlabel = \"走访台账\"\nprefix = \"ZF\"\ntitle = \"name\"\n\
        [[field]]\nid = \"name\"\nlabel = \"对象\"\ntype = \"text\"\n";

    fn laid(name: &str, text: &str) -> (Registers, Vec<(String, Vec<String>)>) {
        let (files, refused) = overlay(
            &shipped_registers(),
            &Registers::from([(name.to_owned(), text.to_owned())]),
        );
        let told = |(name, mistakes): (String, Vec<Mistake>)| {
            (name, mistakes.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        (files, refused.into_iter().map(told).collect())
    }

    #[test]
    fn a_districts_own_register_stands_beside_the_others() {
        let (files, refused) = laid("visit.toml", OWN);
        assert_eq!(refused, []);
        assert_eq!(files.len(), shipped_registers().len() + 1);
        assert_eq!(files["visit.toml"], OWN);
    }

    #[test]
    fn a_shipped_register_may_be_added_to_and_not_taken_from() {
        let shipped = shipped_registers();
        let more = format!(
            "{}\n[[field]]\nid = \"hall\"\nlabel = \"会场\"\ntype = \"text\"\n",
            shipped["education.toml"]
        );
        let (files, refused) = laid("education.toml", &more);
        assert_eq!(refused, []);
        assert_eq!(files["education.toml"], more);
        let less = shipped["education.toml"]
            .replace("[\"class\", \"培训班\"], ", "")
            .replace("id = \"form\"", "id = \"shape\"");
        let (files, refused) = laid("education.toml", &less);
        assert_eq!(
            files["education.toml"], shipped["education.toml"],
            "what it would replace stays"
        );
        assert!(
            refused[0]
                .1
                .iter()
                .any(|m| m.contains("缺少原有的选项 class（培训班）")),
            "{refused:?}"
        );
        assert!(
            refused[0].1.iter().any(|m| m.contains("缺少字段“form”（形式）")),
            "{refused:?}"
        );
        let typed = shipped["warning.toml"].replacen("prefix = \"YJ\"", "prefix = \"YY\"", 1);
        assert_eq!(laid("warning.toml", &typed).1[0].1, ["第 3 行：prefix 应仍为“YJ”"]);
    }

    #[test]
    fn a_file_that_clashes_or_is_broken_does_not_stop_the_rest() {
        let clash = OWN
            .replace("ZF", "YJ")
            .replace("visit", "warning")
            .replace("[[field]]", "rules = \"warning\"\n[[field]]");
        let district = Registers::from([
            ("a.toml".to_owned(), clash),
            ("b.toml".to_owned(), "id = \n".to_owned()),
            ("visit.toml".to_owned(), OWN.to_owned()),
            ("walk.toml".to_owned(), OWN.replace("visit", "walk").replace("ZF", "ZB")),
        ]);
        let (files, refused) = overlay(&shipped_registers(), &district);
        assert!(files.contains_key("visit.toml") && !files.contains_key("a.toml"));
        let told: Vec<String> = refused
            .iter()
            .flat_map(|(n, m)| m.iter().map(move |m| format!("{n} {m}")))
            .collect();
        assert_eq!(
            told[..4],
            [
                "a.toml 第 1 行：id“warning”与 warning.toml 相同，请另取一个",
                "a.toml 第 3 行：prefix“YJ”与 warning.toml 相同，请另取一个",
                "a.toml 第 5 行：本区自设的台账不能写 rules：办理规则由程序规定",
                "b.toml 第 1 行：写法不合 TOML 规则：id =（请检查引号、括号、逗号和等号）",
            ]
        );
        assert!(
            told.contains(&"walk.toml 第 2 行：label“走访台账”与 visit.toml 相同，请另取一个".to_owned()),
            "{told:?}"
        );
    }
}
