//! An office open for questions: everything that only reads goes through here, plain copies and read-only folders
//! included.

use std::sync::atomic::AtomicBool;

use super::progress::Progress;
use super::setting::{Past, Setting};
use super::{adopt, desk, names, output};
use crate::domain::fault::Stop;
use crate::domain::ids::BodyRef;
use crate::domain::world::World;
use crate::ledger::access_mode::Access;
use crate::ledger::entropy::Entropy;
use crate::ledger::known::known;
use crate::ledger::office::Office;
use crate::ledger::open::OpenFile;
use crate::ledger::query::Reader;
use crate::ledger::watch::Watch;

/// A reader, which answers for who asks.
pub struct Look {
    /// Answers the questions, as if what is kept from the operator (§0.16) were not there.
    pub reader: Reader,
}

impl Look {
    /// Opens the file for reading, of today or of the earlier day asked about. A file that may be written is put in
    /// order first, as acts would find it.
    pub fn open(setting: &Setting) -> Result<Self, Stop> {
        let file = desk::open_place(setting)?;
        let paths = file.office.clone();
        let (reader, then) = if file.access == Access::ReadWrite {
            let office = Office::over(file, setting.clock(), Entropy::System)?;
            (Reader::beside(&office)?, known_then(setting, office.file())?)
        } else {
            let then = known_then(setting, &file)?;
            (Reader::of(file, setting.clock().now_ms())?, then)
        };
        adopt::hint(setting, paths.as_ref(), &reader.texts().source);
        let mut look = Self { reader };
        // Found by a reader of its own: this one is busy answering.
        let another = || Self::another(setting);
        let operator = look.ask(|world| names::who(setting.user(), another, world))?;
        let picked = setting.global.capacity.as_deref();
        let capacity = picked.map(|name| look.ask(|world| names::capacity(world, &operator, name)));
        look.reader.view_as(&operator, capacity.transpose()?);
        if let Some(then) = then {
            then.view_like(&look.reader)?;
            look.reader = then;
        }
        if let Some(Past::On(day)) = setting.past {
            look.reader.look_on(day)?;
        }
        look.heed_ctrl_c()?;
        if let Some(past) = setting.past.filter(|_| !setting.json()) {
            output::say(format!("{}。", past.label()));
        }
        Ok(look)
    }

    /// Ctrl-C ends a question under way with a sentence and an exit code, before anything is printed; a second one ends
    /// the program.
    #[cfg(unix)]
    fn heed_ctrl_c(&mut self) -> Result<(), Stop> {
        use signal_hook::{consts::SIGINT, flag};
        let stop = std::sync::Arc::new(AtomicBool::new(false));
        let second = flag::register_conditional_shutdown(SIGINT, 130, std::sync::Arc::clone(&stop));
        if second
            .and_then(|_| flag::register(SIGINT, std::sync::Arc::clone(&stop)))
            .is_ok()
        {
            self.reader.heed(stop)?;
        }
        Ok(())
    }

    /// Elsewhere Ctrl-C ends the program; what is printed is printed at once when it is whole.
    #[cfg(not(unix))]
    fn heed_ctrl_c(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn another(setting: &Setting) -> Result<Reader, Stop> {
        Ok(Reader::of(desk::open_place(setting)?, setting.clock().now_ms())?)
    }

    /// Asks the rules' own eyes.
    pub fn ask<T>(&self, question: impl FnOnce(&dyn World) -> Result<T, Stop>) -> Result<T, Stop> {
        self.reader.with_world(|world| Ok(question(world)))?
    }

    /// The body a person means.
    pub fn body(&self, typed: &str) -> Result<BodyRef, Stop> {
        self.ask(|world| names::body(world, typed))
    }
}

/// A reader of what the file knew on the day of `--known`.
fn known_then(setting: &Setting, file: &OpenFile) -> Result<Option<Reader>, Stop> {
    let Some(Past::Known(day)) = setting.past else {
        return Ok(None);
    };
    let mut progress = Progress::new("正在还原当时的台账");
    let never = AtomicBool::new(false);
    let mut tell = |done, all| progress.tell(done, all);
    known(file, day, &mut Watch::new(&mut tell, &never)).map(Some)
}
