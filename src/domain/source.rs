//! Who told it (§0.21): typed by any receiver, sealed to the keeper before anything is decided or written, and read
//! by the keeper alone. The rules see sealed envelopes only.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::act::Act;
use super::ids::BodyRef;

/// The fields of an act in which a source is typed: name, code, call-back number.
pub const TYPED: [&str; 3] = ["source_name", "source_code", "source_phone"];
/// The field that holds the envelope instead, once it is sealed.
pub const SEALED: &str = "source_sealed";
/// What people read in the source's place.
pub const SHOWN: &str = "已密封";

/// An informant or caller; wiped from memory when dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Source {
    /// Name.
    #[serde(default)]
    pub name: String,
    /// An informant's code.
    #[serde(default)]
    pub code: String,
    /// Number to call back.
    #[serde(default)]
    pub phone: String,
}

impl Source {
    /// In words, for the keeper.
    pub fn told(&self) -> String {
        let parts = [("姓名", &self.name), ("代码", &self.code), ("回拨电话", &self.phone)];
        let given = parts.iter().filter(|(_, text)| !text.is_empty());
        let given: Vec<String> = given.map(|(label, text)| format!("{label} {text}")).collect();
        given.join("，")
    }
}

/// True when somebody typed a source into this act.
pub fn typed_in(act: &Act) -> bool {
    TYPED.iter().any(|field| act.fields.contains_key(*field))
}

/// Takes what was typed out of an act and puts the envelope in its place. An envelope that came with the act goes: it
/// was not sealed here.
pub fn seal_in<E>(act: &mut Act, seal: impl FnOnce(&Source) -> Result<String, E>) -> Result<(), E> {
    act.fields.remove(SEALED);
    let mut take = |field: &str| match act.fields.remove(field) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let [name, code, phone] = TYPED.map(&mut take);
    let source = Source { name, code, phone };
    if source != Source::default() {
        act.fields.insert(SEALED.to_owned(), Value::String(seal(&source)?));
    }
    Ok(())
}

/// The body whose keeper reads a matter's source and owes the source a reply: the receiving office (§4.8); where that
/// would be 指委会 or 专班, 指委会办公室.
pub fn keeper_of(lead: BodyRef) -> BodyRef {
    match lead {
        BodyRef::Steering | BodyRef::TaskForce | BodyRef::Social(_) => BodyRef::SteeringOffice,
        lead => lead,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::Verb;

    #[test]
    fn what_was_typed_leaves_the_act_and_what_was_smuggled_in_does_not_stay() {
        let mut act = Act::new(Verb::Register, Vec::new())
            .with("content", "x")
            .with("source_name", " 赵小满 ")
            .with("source_phone", 13_800_000_000_i64)
            .with("source_sealed", "not ours");
        assert!(typed_in(&act));
        seal_in(&mut act, |source| Ok::<_, ()>(source.told())).unwrap();
        assert_eq!(act.fields["source_sealed"], "姓名 赵小满，回拨电话 13800000000");
        assert_eq!(act.fields.len(), 2);
        let mut empty = Act::new(Verb::Register, Vec::new()).with("source_code", " ");
        seal_in(&mut empty, |_| Err("nothing to seal")).unwrap();
        assert!(empty.fields.is_empty());
    }
}
