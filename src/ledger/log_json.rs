//! `log --json`: every hashed field of every event, for a stranger to recompute.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Write};
use std::ops::ControlFlow;

use rusqlite::Connection;
use serde_json::Value;

use super::read_log::{self, Scope};
use super::seal;
use crate::domain::StreamId;
use crate::domain::fault::{Fault, FaultKind};

/// Writes `{"sites":[…],"seals":[…],"items":[…]}`, one item a line: every hashed field, so that a stranger
/// recomputes all of it. A reader that goes away (`| head`) ends the writing without a fault.
///
/// Of the streams `kept` from the reader, salt and body are null: the chain can still be followed, since it covers only
/// their digest.
pub fn write_json(
    conn: &Connection,
    scope: Scope,
    kept: &BTreeSet<StreamId>,
    out: &mut dyn Write,
) -> Result<(), Fault> {
    match write_parts(conn, scope, kept, out) {
        Ok(()) => Ok(()),
        Err(Trouble::Fault(fault)) => Err(fault),
        Err(Trouble::Io(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(Trouble::Io(error)) => {
            Err(Fault::new(FaultKind::World, format!("日志写不出去：{error}")).hint("请检查磁盘空间或输出位置。"))
        }
    }
}

enum Trouble {
    Fault(Fault),
    Io(std::io::Error),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<serde_json::Error> for Trouble {
    fn from(error: serde_json::Error) -> Self {
        Self::Io(error.into())
    }
}

fn write_parts(conn: &Connection, scope: Scope, kept: &BTreeSet<StreamId>, out: &mut dyn Write) -> Result<(), Trouble> {
    out.write_all(b"{\"sites\":")?;
    serde_json::to_writer(&mut *out, &read_log::read_sites(conn)?)?;
    out.write_all(b",\n\"seals\":")?;
    serde_json::to_writer(&mut *out, &seal::all(conn)?)?;
    out.write_all(b",\n\"items\":[")?;
    let mut first = true;
    read_log::visit(conn, scope, |item| {
        out.write_all(if first { b"\n" } else { b",\n" })?;
        first = false;
        if kept.contains(&StreamId(item.event.stream)) {
            let mut item = serde_json::to_value(&item)?;
            item["salt"] = Value::Null;
            item["body"] = Value::Null;
            serde_json::to_writer(&mut *out, &item)?;
        } else {
            serde_json::to_writer(&mut *out, &item)?;
        }
        Ok::<_, Trouble>(ControlFlow::Continue(()))
    })?;
    out.write_all(b"\n]}\n")?;
    Ok(out.flush()?)
}

#[cfg(test)]
#[path = "log_json_tests.rs"]
mod tests;
