//! The tables of the log themselves: their columns, checks and triggers are those this program made.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::Bad;
use crate::domain::fault::Fault;
use crate::ledger::refuse::Form;
use crate::ledger::{attachments, meta, migrate, site};

/// Tables outside the log that a plain copy does not carry.
pub const NOT_IN_COPIES: [&str; 3] = ["draft", "session", "import_mapping"];

type Objects = BTreeMap<String, (String, String, String)>;

/// Compares the schema with a fresh one, and what stands outside the log with what it must be.
pub fn check(conn: &Connection, form: Form, found: &mut Vec<Bad>) -> Result<(), Fault> {
    let fresh = Connection::open_in_memory()?;
    migrate::build(&fresh)?;
    let mut ours = objects(&fresh)?;
    if form == Form::Plain {
        leave_out_search(&mut ours);
    }
    let theirs = objects(conn)?;
    for (name, object) in &ours {
        match theirs.get(name) {
            Some(same) if same == object => {}
            Some(_) => found.push(Bad::general(format!("表结构被改动：{name}"))),
            None => found.push(Bad::general(format!("表结构缺失：{name}"))),
        }
    }
    let ours_by_table = |table: &str| ours.values().any(|(kind, of, _)| kind == "table" && of == table);
    for (name, (kind, table, _)) in &theirs {
        if kind == "trigger" && !ours.contains_key(name) && ours_by_table(table) {
            found.push(Bad::general(format!("表结构多出触发器：{name}")));
        }
    }
    check_site_key(conn, form, found)?;
    if form == Form::Plain {
        for table in NOT_IN_COPIES {
            let rows: i64 = conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
            if rows > 0 {
                found.push(Bad::general(format!("明文副本里不应有内容的表有内容：{table}")));
            }
        }
    }
    check_attachments(conn, found)
}

fn objects(conn: &Connection) -> Result<Objects, Fault> {
    let mut statement = conn.prepare("SELECT name, type, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A plain copy carries no search index: an older SQLite could not open it.
fn leave_out_search(objects: &mut Objects) {
    let is_virtual = |sql: &str| sql.starts_with("CREATE VIRTUAL TABLE");
    let indexes: Vec<String> = objects
        .iter()
        .filter(|(_, (_, _, sql))| is_virtual(sql))
        .map(|(name, _)| name.clone())
        .collect();
    objects.retain(|name, _| {
        !indexes
            .iter()
            .any(|index| name == index || name.strip_prefix(index).is_some_and(|rest| rest.starts_with('_')))
    });
}

/// The signing key must be that of the current site, and must not have left the house in a plain copy.
fn check_site_key(conn: &Connection, form: Form, found: &mut Vec<Bad>) -> Result<(), Fault> {
    let secret: Option<Vec<u8>> = meta::get(conn, meta::SITE_KEY)?;
    let agrees = match (&secret, form) {
        (None, Form::Plain) => true,
        (Some(_), Form::Plain) | (None, Form::Encrypted) => false,
        (Some(secret), Form::Encrypted) => {
            let public: Option<Vec<u8>> = site::current(conn).ok().and_then(|id| {
                conn.query_row("SELECT public_key FROM site WHERE site = ?1", [id], |row| row.get(0))
                    .ok()
            });
            let derived = <[u8; 32]>::try_from(&secret[..]).map(|secret| {
                ed25519_dalek::SigningKey::from_bytes(&secret)
                    .verifying_key()
                    .to_bytes()
            });
            derived.is_ok_and(|derived| public.as_deref() == Some(&derived[..]))
        }
    };
    if !agrees {
        found.push(Bad::general("本站点的签名密钥与登记不符"));
    }
    Ok(())
}

fn check_attachments(conn: &Connection, found: &mut Vec<Bad>) -> Result<(), Fault> {
    found.extend(attachments::wrong(conn)?.into_iter().map(Bad::general));
    Ok(())
}
