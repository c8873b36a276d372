//! Names that no unit beside them narrows down: people and posts of appointments, bodies, points by code.

use crate::domain::ids::{BodyRef, StreamId};
use crate::papers::values::{Read, fold, short, split_brackets};

use super::{Known, Member, Resolver, known, plain_name};

impl Resolver<'_> {
    /// A post or person in a sheet without units: by code, by "单位/岗位" or "姓名(单位)", or by a name that is there
    /// once in the whole office.
    pub fn anywhere(&mut self, member: Member, text: &str) -> Read<StreamId> {
        if let Some(id) = self.coded(text, member.register()) {
            return Ok(id);
        }
        let (outer, inner) = split_brackets(text);
        let pair = text
            .split_once(['/', '／'])
            .map(|(unit, name)| (unit.to_owned(), name.to_owned()));
        let pair = pair.or_else(|| (!inner.is_empty()).then_some((inner, outer)));
        if let Some((unit, name)) = pair
            && let Some(unit) = self.find_unit(&unit)
        {
            return match member {
                Member::Post => self.post(unit, None, &name),
                _ => self.person(unit, &name),
            };
        }
        let (name, lookup) = (plain_name(text), self.lookup);
        let there = lookup.titled(member.register(), &name).into_iter();
        let found: Vec<Known> = there
            .filter_map(|id| Some(known(lookup, id, &*lookup.state(id).filter(|s| s.counts())?)))
            .collect();
        let label = member.label();
        match found.as_slice() {
            [one] => Ok(one.id),
            [] => Err(format!("没有名为“{}”的{label}，请先登记，或写明所在单位", short(&name))),
            many => {
                let all: Vec<&str> = many.iter().map(|k| k.shown.as_str()).collect();
                let list = all.get(..10).unwrap_or(&all).join("、");
                Err(format!(
                    "名为“{}”的{label}有 {} 个：{list}；请写成“{}(编号)”",
                    short(&name),
                    many.len(),
                    short(&name)
                ))
            }
        }
    }

    /// A body by its name; a unit's by the unit's name before it.
    pub fn body(&mut self, text: &str) -> Read<BodyRef> {
        let name = fold(text);
        if let Some(body) = BodyRef::FIXED
            .into_iter()
            .find(|b| fold(&b.label("")) == name || b.to_string() == name)
        {
            return Ok(body);
        }
        type Of = fn(StreamId) -> BodyRef;
        let endings: [(&str, Of); 5] = [
            ("推委会", BodyRef::Implementation),
            ("社监会(监委会)", BodyRef::Social),
            ("社会监督委员会", BodyRef::Social),
            ("社监会", BodyRef::Social),
            ("监委会", BodyRef::Social),
        ];
        let plain = plain_name(text).replace('（', "(").replace('）', ")");
        let of_unit = endings
            .iter()
            .find_map(|(ending, of)| Some((plain.strip_suffix(ending)?, of)));
        match of_unit {
            Some((unit, of)) => match self.find_unit(unit) {
                Some(id) => Ok(of(id)),
                None => Err(format!("没有名为“{}”的单位", short(unit))),
            },
            None => {
                let all: Vec<String> = BodyRef::FIXED.iter().map(|b| b.label("")).collect();
                Err(format!(
                    "没有“{}”这一机构，可填：{}，或“某单位推委会”“某单位社监会”",
                    short(text),
                    all.join("、")
                ))
            }
        }
    }

    /// A live risk point by its code.
    pub fn point(&self, code: &str) -> Read<StreamId> {
        self.coded(code, "risk_point")
            .ok_or_else(|| format!("没有编号为“{}”的风险点", short(code)))
    }
}
