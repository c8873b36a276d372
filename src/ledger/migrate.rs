//! What kind of file this is, and how an older one becomes a new one.

use rusqlite::{Connection, TransactionBehavior};

use crate::domain::fault::{Fault, FaultKind};

/// `application_id` of an office's ledger: ASCII "LIAN".
pub const OFFICE_ID: i32 = 0x4C49_414E;
/// `application_id` of a plain, read-only copy: ASCII "LIAP".
pub const PLAIN_ID: i32 = 0x4C49_4150;

/// One numbered change of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The `user_version` a file has after it.
    pub number: i32,
    /// What is executed.
    pub sql: &'static str,
}

/// All steps, in order, from an empty file to the newest form.
///
/// The derived tables are made anew instead of migrated (src/ledger/project/layout.rs).
pub const STEPS: &[Step] = &[
    Step {
        number: 1,
        sql: include_str!("../../assets/schema/0001_log.sql"),
    },
    Step {
        number: 2,
        sql: include_str!("../../assets/schema/0002_erasing.sql"),
    },
];

/// Tables whose rows a migration must neither lose nor invent.
const COUNTED: [&str; 7] = ["act", "event", "event_body", "site", "seal", "attachment", "draft"];

/// The `user_version` of a file this program writes.
pub fn newest() -> i32 {
    STEPS.last().map_or(0, |step| step.number)
}

/// Makes the tables of a new file, inside the caller's transaction.
pub fn build(conn: &Connection) -> Result<(), Fault> {
    for step in STEPS {
        conn.execute_batch(step.sql)?;
    }
    mark(conn, OFFICE_ID, newest())
}

/// Sets what says whose file this is and how new.
pub fn mark(conn: &Connection, application_id: i32, version: i32) -> Result<(), Fault> {
    conn.pragma_update(None, "application_id", application_id)?;
    conn.pragma_update(None, "user_version", version)?;
    Ok(())
}

/// Refuses a file of somebody else's and one written by a newer program; says whether it must be migrated.
pub fn inspect(conn: &Connection, expected_id: i32) -> Result<bool, Fault> {
    let id: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if id != expected_id {
        return Err(match id {
            PLAIN_ID => Fault::new(FaultKind::World, "这是廉能台的明文副本，不能当作台账办理")
                .hint("查看请用 --file 指定它；办理请用原来的文件夹。"),
            OFFICE_ID => Fault::new(FaultKind::World, "这是未加密的台账文件，不能打开").hint("请从备份恢复。"),
            _ => Fault::new(FaultKind::World, "这是别的程序的 SQLite 文件，不是廉能台的台账")
                .hint("请核对路径；本程序没有改动它。"),
        });
    }
    if version > newest() {
        let reason = format!(
            "台账由更新的版本写成（文件第 {version} 版，本程序到第 {} 版）",
            newest()
        );
        return Err(Fault::new(FaultKind::World, reason).hint("请换用新版廉能台；本程序没有改动任何文件。"));
    }
    if version < 1 {
        return Err(Fault::new(FaultKind::Damaged, "台账没有版本号，可能建立时被中断")
            .hint("请用最近的备份恢复（lianneng restore）。"));
    }
    Ok(version < newest())
}

/// Brings an older file to the newest form: `backup` first, then every step in one exclusive transaction, then
/// the rows are counted. On any failure the file is as it was.
pub fn migrate(conn: &mut Connection, backup: impl FnOnce(&Connection) -> Result<(), Fault>) -> Result<(), Fault> {
    migrate_by(conn, STEPS, backup)
}

fn migrate_by(
    conn: &mut Connection,
    steps: &[Step],
    backup: impl FnOnce(&Connection) -> Result<(), Fault>,
) -> Result<(), Fault> {
    backup(conn)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    // Asked inside the transaction: another window may have migrated since.
    let version: i32 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let before = counts(&tx)?;
    for step in steps.iter().filter(|step| step.number > version) {
        tx.execute_batch(step.sql)?;
        tx.pragma_update(None, "user_version", step.number)?;
    }
    let after = counts(&tx)?;
    if before != after {
        return Err(Fault::new(FaultKind::Damaged, "升级前后的行数不一致，升级已撤销")
            .hint("台账保持原样；请把升级前的备份和本提示交给维护人员。"));
    }
    tx.commit()?;
    Ok(())
}

fn counts(conn: &Connection) -> Result<Vec<(&'static str, i64)>, Fault> {
    COUNTED
        .iter()
        .map(|table| {
            Ok((
                *table,
                conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?,
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn built() -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        build(&conn).unwrap();
        conn.execute("INSERT INTO draft VALUES (zeroblob(16), 'a', '{}', 1)", [])
            .unwrap();
        conn
    }

    #[test]
    fn refuses_foreign_newer_and_unfinished_files_with_a_sentence_each() {
        let conn = built();
        assert_eq!(inspect(&conn, OFFICE_ID), Ok(false));
        let said = |id, version| {
            mark(&conn, id, version).unwrap();
            inspect(&conn, OFFICE_ID).unwrap_err().to_string()
        };
        assert!(said(0, 1).contains("别的程序"));
        assert!(said(PLAIN_ID, 1).contains("明文副本"));
        assert!(said(OFFICE_ID, newest() + 1).contains("更新的版本"));
        assert!(said(OFFICE_ID, 0).contains("没有版本号"));
    }

    #[test]
    fn an_older_file_is_backed_up_then_migrated() {
        let mut conn = built();
        let steps = [Step {
            number: newest() + 1,
            sql: "ALTER TABLE draft ADD COLUMN title TEXT NOT NULL DEFAULT '';",
        }];
        let mut saved = false;
        migrate_by(&mut conn, &steps, |_| {
            saved = true;
            Ok(())
        })
        .unwrap();
        assert!(saved);
        assert_eq!(
            conn.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0))
                .unwrap(),
            newest() + 1
        );
        assert_eq!(
            conn.query_row("SELECT title FROM draft", [], |row| row.get::<_, String>(0))
                .unwrap(),
            ""
        );
    }

    #[test]
    fn a_step_that_loses_rows_or_fails_leaves_the_file_as_it_was() {
        for sql in [
            "DELETE FROM draft;",
            "CREATE TABLE extra (a INTEGER) STRICT; SELECT nonsense;",
        ] {
            let mut conn = built();
            assert!(
                migrate_by(
                    &mut conn,
                    &[Step {
                        number: newest() + 1,
                        sql
                    }],
                    |_| Ok(())
                )
                .is_err()
            );
            assert_eq!(
                conn.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0))
                    .unwrap(),
                newest()
            );
            assert_eq!(
                conn.query_row("SELECT count(*) FROM draft", [], |row| row.get::<_, i64>(0))
                    .unwrap(),
                1
            );
            assert!(conn.prepare("SELECT * FROM extra").is_err());
        }
    }

    #[test]
    fn without_a_backup_nothing_is_migrated() {
        let mut conn = built();
        let steps = [Step {
            number: newest() + 1,
            sql: "CREATE TABLE extra (a INTEGER) STRICT;",
        }];
        let full = Fault::new(FaultKind::World, "磁盘已满");
        assert_eq!(migrate_by(&mut conn, &steps, |_| Err(full.clone())), Err(full));
        assert!(conn.prepare("SELECT * FROM extra").is_err());
    }

    #[test]
    fn a_file_of_the_first_version_becomes_what_a_new_one_is() {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(STEPS[0].sql).unwrap();
        mark(&conn, OFFICE_ID, 1).unwrap();
        assert_eq!(inspect(&conn, OFFICE_ID), Ok(true));
        migrate(&mut conn, |_| Ok(())).unwrap();
        assert_eq!(inspect(&conn, OFFICE_ID), Ok(false));
        let schema = |conn: &Connection| -> Vec<(String, String)> {
            let mut statement = conn
                .prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")
                .unwrap();
            let rows = statement.query_map([], |row| {
                Ok((row.get(0)?, row.get::<_, Option<String>>(1)?.unwrap_or_default()))
            });
            rows.unwrap().map(Result::unwrap).collect()
        };
        assert_eq!(schema(&conn), schema(&built()));
    }

    #[test]
    fn the_steps_are_numbered_without_gaps() {
        assert!(STEPS.iter().zip(1..).all(|(step, number)| step.number == number));
    }
}
