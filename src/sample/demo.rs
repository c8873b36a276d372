//! The sample district as an office's file: rehearsal class, never admitted elsewhere.

use std::fs::File;

use super::agenda::{Door, Touched};
use super::build::{Order, build};
use crate::domain::world::Operator;
use crate::domain::{Act, Fault, FaultKind, Stop};
use crate::ledger::clock::Clock;
use crate::ledger::entropy::Entropy;
use crate::ledger::files::Sharing;
use crate::ledger::office::Office;
use crate::ledger::open::NewOffice;
use crate::ledger::paths::OfficePaths;
use crate::ledger::site::Class;

/// Letters of the sample in its codes.
pub const LETTERS: &str = "XY";

/// Makes the sample in an empty folder; `tell` hears how many acts of how many are done.
///
/// Ids, salts, the site's key and all times come from the order; only the data key is drawn from the machine.
pub fn make(paths: &OfficePaths, order: Order, tell: &mut dyn FnMut(usize, usize)) -> Result<Office, Stop> {
    let new = NewOffice {
        class: Class::Rehearsal,
        letters: LETTERS,
        sharing: Sharing::Owner,
    };
    let clock = Clock::fixed(order.founded_ms());
    let mut office = Office::init(paths, &new, clock, Entropy::seeded(order.seed))?;
    let texts = office.texts().clone();
    // A build that was broken off is thrown away, so a thousand acts need not each wait for the disk.
    sync(&office, "OFF")?;
    build(&mut office, (&texts.calendar, &texts.policy), order, tell)?;
    // What time has caused by now is written now, so that opening the sample adds nothing.
    office.let_time_pass()?;
    sync(&office, "FULL")?;
    office.file().checkpoint()?;
    let path = &office.file().path;
    File::open(path).and_then(|file| file.sync_all()).map_err(|error| {
        Fault::new(FaultKind::World, format!("示例台账写不到磁盘：{error}")).hint("请检查磁盘空间。")
    })?;
    office.clock().set(order.now_ms);
    Ok(office)
}

fn sync(office: &Office, how: &str) -> Result<(), Fault> {
    Ok(office.file().conn.pragma_update(None, "synchronous", how)?)
}

impl Door for Office {
    fn submit(&mut self, at_ms: i64, operator: &Operator, act: &Act) -> Result<Vec<Touched>, Stop> {
        self.clock().set(at_ms);
        let receipt = Office::submit(self, operator, act, None)?;
        let touched = |proposed: bool| {
            move |touch: crate::ledger::receipt::Touch| Touched {
                stream: touch.stream,
                kind: touch.kind,
                proposed,
            }
        };
        let proposed = receipt.proposed.into_iter().map(touched(true));
        Ok(proposed
            .chain(receipt.changed.into_iter().map(touched(false)))
            .collect())
    }

    fn rest(&mut self) -> Result<(), Stop> {
        self.catch_up()?;
        Ok(self.file().checkpoint()?)
    }
}
