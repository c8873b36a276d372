//! An office open for questions: everything that only reads goes through here, plain copies and read-only folders
//! included.

use super::setting::Setting;
use super::{adopt, desk, names};
use crate::domain::fault::Stop;
use crate::domain::viewer;
use crate::domain::world::{Operator, World};
use crate::domain::{StreamId, ids::BodyRef};
use crate::ledger::access_mode::Access;
use crate::ledger::entropy::Entropy;
use crate::ledger::office::{Office, local_operator};
use crate::ledger::query::Reader;

/// A reader, and who asks.
pub struct Look {
    /// Answers the questions.
    pub reader: Reader,
    /// Who asks.
    pub operator: Operator,
}

impl Look {
    /// Opens the file for reading. A file that may be written is put in order first, as acts would find it.
    pub fn open(setting: &Setting) -> Result<Self, Stop> {
        let file = desk::open_place(setting)?;
        let paths = file.office.clone();
        let reader = if file.access == Access::ReadWrite {
            let office = Office::over(file, setting.clock(), Entropy::System)?;
            Reader::beside(&office)?
        } else {
            Reader::of(file, setting.clock().now_ms())?
        };
        adopt::hint(setting, paths.as_ref(), &reader.texts().source);
        let mut look = Self {
            reader,
            operator: local_operator(),
        };
        // Found by a reader of its own: this one is busy answering.
        let another = || Self::another(setting);
        look.operator = look.ask(|world| names::who(setting.user(), another, world))?;
        Ok(look)
    }

    fn another(setting: &Setting) -> Result<Reader, Stop> {
        Ok(Reader::of(desk::open_place(setting)?, setting.clock().now_ms())?)
    }

    /// Asks the rules' own eyes.
    pub fn ask<T>(&self, question: impl FnOnce(&dyn World) -> Result<T, Stop>) -> Result<T, Stop> {
        self.reader.with_world(&self.operator, |world| Ok(question(world)))?
    }

    /// The body a person means.
    pub fn body(&self, typed: &str) -> Result<BodyRef, Stop> {
        self.ask(|world| names::body(world, typed))
    }

    /// True when this matter is kept from the operator (§0.16).
    pub fn hides(&self, stream: StreamId) -> Result<bool, Stop> {
        // Who records for every body and is nobody's relative sees all.
        if self.operator.person.is_none() && self.operator.capacities.is_empty() {
            return Ok(false);
        }
        self.ask(|world| {
            Ok(world
                .state(stream)
                .is_some_and(|state| viewer::hidden(&state, &self.operator, world)))
        })
    }
}

/// What is said instead of a matter that is kept from the operator.
pub fn recused(code: &str) -> Stop {
    crate::domain::Refusal::new("no_right", format!("{code} 按回避规定不向当前操作员显示"))
        .hint("由回避后的承办机关办理。")
        .into()
}
