//! An office open for acts: who asks, and in whose name.

use super::output::say;
use super::setting::{Place, Setting};
use super::{adopt, names};
use crate::domain::fault::{Fault, FaultKind, Refusal, Stop};
use crate::domain::ids::BodyRef;
use crate::domain::world::{Operator, World};
use crate::ledger::entropy::Entropy;
use crate::ledger::hidden;
use crate::ledger::office::{Office, local_operator};
use crate::ledger::open::{OpenFile, open, open_file};
use crate::ledger::paths::OfficePaths;
use crate::ledger::query::Reader;
use crate::ledger::site::{self, Class};
use crate::ledger::world::LedgerWorld;

/// Opens the file a command works on. `--now` is refused on every file that is not for rehearsal.
pub fn open_place(setting: &Setting) -> Result<OpenFile, Stop> {
    let file = match setting.place()? {
        Place::Folder(paths) => {
            there(&paths)?;
            open(&paths, &setting.clock())?
        }
        Place::File(path) => open_file(&path, &setting.clock())?,
    };
    if setting.now.is_some() && site::class(&file.conn)? != Class::Rehearsal {
        return Err(no_clock());
    }
    if file.new_site {
        say("提示：这份台账是从别处复制来的，已另立站点接着记；原文件还在用的，请不要两边同时办理。");
    }
    Ok(file)
}

/// Why `--now` is refused.
pub fn no_clock() -> Stop {
    Refusal::new("not_rehearsal", "--now 只能用于示例和演练台账，正式台账按实际时间办理")
        .hint("办理日期不是今天的，用 --happened 写明发生日期。")
        .into()
}

/// A folder without an office has its own sentence: it is the first thing a newcomer meets.
fn there(paths: &OfficePaths) -> Result<(), Fault> {
    if paths.ledger().exists() || paths.folder.join("restored").exists() {
        return Ok(());
    }
    Err(
        Fault::new(FaultKind::World, format!("{} 里还没有台账", paths.folder.display()))
            .hint("建立台账：lianneng init；看示例：lianneng demo；台账在别处的，用 --data 指定文件夹。"),
    )
}

/// Opens the office for acts.
pub fn open_office(setting: &Setting) -> Result<Office, Stop> {
    Office::over(open_place(setting)?, setting.clock(), Entropy::System)
}

/// An office, who asks, and in whose name.
pub struct Desk {
    /// The office.
    pub office: Office,
    /// Who asks.
    pub operator: Operator,
    /// The capacity picked with `--as`.
    pub capacity: Option<BodyRef>,
}

impl Desk {
    /// Opens the office and finds the operator of `--user` and the body of `--as`; says what waits to be adopted.
    pub fn open(setting: &Setting) -> Result<Self, Stop> {
        let desk = Self::open_without_hint(setting)?;
        let office = &desk.office;
        adopt::hint(setting, office.file().office.as_ref(), &office.texts().source);
        Ok(desk)
    }

    /// As [`Self::open`], for commands that speak of it themselves.
    pub fn open_without_hint(setting: &Setting) -> Result<Self, Stop> {
        let mut desk = Self {
            office: open_office(setting)?,
            operator: local_operator(),
            capacity: None,
        };
        desk.office.let_time_pass()?;
        let reader = || Ok(Reader::beside(&desk.office)?);
        desk.operator = desk.ask(|world| names::who(setting.user(), reader, world))?;
        if let Some(name) = &setting.global.capacity {
            desk.capacity = Some(desk.ask(|world| names::capacity(world, &desk.operator, name))?);
        }
        Ok(desk)
    }

    /// What is left to do once the answer is out: texts not yet searchable, and the day's backup of an office.
    ///
    /// Nothing of this can make the act undone, so that a failure is told and changes no exit code.
    pub fn leave(mut self) {
        if let Err(fault) = self.office.leave(false) {
            say(format!("注意：已办理，但{}。{}", fault.reason, fault.hint));
        }
    }

    /// Asks the world as it stands now, without what is kept from the operator.
    pub fn ask<T>(&self, question: impl FnOnce(&dyn World) -> Result<T, Stop>) -> Result<T, Stop> {
        let office = &self.office;
        let conn = &office.file().conn;
        let world = LedgerWorld::looking(conn, office.texts(), &self.operator, office.letters(), office.today());
        let world = hidden::masked(world, self.capacity)?;
        let answer = question(&world);
        world.settle()?;
        answer
    }
}
