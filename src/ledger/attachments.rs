//! Files on steps (§0.22): their names in the log, their bytes beside it in the same encrypted file, once each.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::erase::Erasure;
use super::project::fold::Step;
use super::{hex, trouble};
use crate::domain::attachment::{Attached, LARGEST, too_large};
use crate::domain::fault::{Fault, FaultKind, Stop};
use crate::domain::{Act, StreamId};

/// A file named in the log.
#[derive(Debug, Clone)]
pub struct Carried {
    /// The stream it stands in.
    pub stream: StreamId,
    /// Name, size, SHA-256.
    pub file: Attached,
}

/// Reads a file that is to go on a step. Refused: what is too large; a fault: what is missing, empty, or a folder.
pub fn read(path: &Path) -> Result<Attached, Stop> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let shown = path.display();
    let cannot = |why: &str| Fault::new(FaultKind::World, format!("附件“{shown}”{why}"));
    let meta = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            cannot("不存在").hint("核对文件名；--attach 后面的都当作文件，事项编号请写在它前面")
        }
        _ => trouble::io("读取附件", path, &error),
    })?;
    if meta.is_dir() {
        return Err(cannot("是文件夹").hint("请逐个附文件，或先打成一个压缩包").into());
    }
    if !meta.is_file() {
        return Err(cannot("不是普通文件").hint("请换成普通文件").into());
    }
    if meta.len() > LARGEST {
        return Err(too_large(&name, meta.len()).into());
    }
    let mut bytes = Vec::new();
    // It may grow while it is read.
    let mut file = std::fs::File::open(path).map_err(|error| trouble::io("读取附件", path, &error))?;
    file.by_ref()
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| trouble::io("读取附件", path, &error))?;
    let size = bytes.len() as u64;
    if size > LARGEST {
        return Err(too_large(&name, size).into());
    }
    if size == 0 {
        return Err(cannot("是空文件").hint("请确认已在原程序里保存，或重新拷贝一次").into());
    }
    Ok(Attached {
        name,
        size,
        sha256: digest(&bytes),
        bytes: Some(bytes.into()),
    })
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes))
}

/// Puts the bytes of an act's files where the log's names find them, in the act's own transaction.
pub fn store(conn: &Connection, act: &Act) -> Result<(), Fault> {
    for file in &act.attachments {
        let broken = || {
            Fault::new(
                FaultKind::World,
                format!("附件“{}”的内容与其摘要不符，本次未办理", file.name),
            )
            .hint("请重新选择文件再办")
        };
        let Some(key) = hex::decode::<32>(&file.sha256) else {
            return Err(broken());
        };
        match &file.bytes {
            Some(bytes) if digest(bytes) == file.sha256 && bytes.len() as u64 == file.size => {
                conn.prepare_cached("INSERT OR IGNORE INTO attachment (sha256, bytes) VALUES (?1, ?2)")?
                    .execute((key, &bytes[..]))?;
            }
            None if bytes(conn, &file.sha256)?.is_some() => {}
            _ => return Err(broken()),
        }
    }
    Ok(())
}

/// The bytes of a file; `None` when they are not there.
pub fn bytes(conn: &Connection, sha256: &str) -> Result<Option<Vec<u8>>, Fault> {
    let key = hex::decode::<32>(sha256).unwrap_or_default();
    let found = conn
        .prepare_cached("SELECT bytes FROM attachment WHERE sha256 = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    Ok(found)
}

/// True when these are the bytes the log names.
pub fn is(bytes: &[u8], file: &Attached) -> bool {
    bytes.len() as u64 == file.size && digest(bytes) == file.sha256
}

/// Every file the log names, oldest first; those of steps taken back too.
pub fn all(conn: &Connection) -> Result<Vec<Carried>, Fault> {
    let mut statement = conn.prepare(
        "SELECT e.stream, e.kind, e.version, b.body FROM event e JOIN event_body b ON b.seq = e.seq
         WHERE e.kind IN ('noted', 'proposal_made') AND instr(b.body, '\"attachments\"') > 0 ORDER BY e.seq",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, body): (String, String) = (row.get(1)?, row.get(3)?);
        let stream = StreamId(row.get(0)?);
        let files = named(&kind, row.get(2)?, &body).into_iter();
        found.extend(files.map(|file| Carried { stream, file }));
    }
    Ok(found)
}

/// Every file the events of one stream name, oldest first.
pub fn on(conn: &Connection, stream: StreamId) -> Result<Vec<Attached>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT e.kind, e.version, b.body FROM event e JOIN event_body b ON b.seq = e.seq
         WHERE e.stream = ?1 AND e.kind IN ('noted', 'proposal_made') ORDER BY e.seq",
    )?;
    let mut rows = statement.query([stream.0])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, body): (String, String) = (row.get(0)?, row.get(2)?);
        found.extend(named(&kind, row.get(1)?, &body));
    }
    Ok(found)
}

fn named(kind: &str, version: i64, body: &str) -> Vec<Attached> {
    match Step::read(kind, version, body) {
        Step::Event(event) => event.attachments().to_vec(),
        _ => Vec::new(),
    }
}

/// Files named in bodies that are about to be erased.
pub fn of_erasures(conn: &Connection, erasures: &[Erasure]) -> Result<BTreeSet<String>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT e.kind, e.version, b.body FROM event e JOIN event_body b ON b.seq = e.seq WHERE e.seq = ?1",
    )?;
    let mut found = BTreeSet::new();
    for erasure in erasures {
        let stored = statement
            .query_row([erasure.seq], |row| {
                Ok((row.get::<_, String>(0)?, row.get(1)?, row.get::<_, String>(2)?))
            })
            .optional()?;
        if let Some((kind, version, body)) = stored {
            found.extend(named(&kind, version, &body).into_iter().map(|file| file.sha256));
        }
    }
    Ok(found)
}

/// Deletes the bytes of files no event names any more.
pub fn let_go(conn: &Connection, gone: &BTreeSet<String>) -> Result<(), Fault> {
    if gone.is_empty() {
        return Ok(());
    }
    let used: BTreeSet<String> = all(conn)?.into_iter().map(|carried| carried.file.sha256).collect();
    for sha256 in gone.difference(&used) {
        conn.execute(
            "DELETE FROM attachment WHERE sha256 = ?1",
            [hex::decode::<32>(sha256).unwrap_or_default()],
        )?;
    }
    Ok(())
}

/// What is wrong with the files: bytes that are not what their SHA-256 says, bytes that are missing. By name.
pub fn wrong(conn: &Connection) -> Result<Vec<String>, Fault> {
    let named = all(conn)?;
    let name_of = |sha256: &str| {
        named
            .iter()
            .find(|c| c.file.sha256 == sha256)
            .map(|c| c.file.name.clone())
    };
    let mut there = BTreeSet::new();
    let mut found = Vec::new();
    let mut statement = conn.prepare("SELECT sha256, bytes FROM attachment")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let key: Vec<u8> = row.get(0)?;
        let key = hex::encode(&key);
        if digest(row.get_ref(1)?.as_blob().unwrap_or_default()) != key {
            let name = name_of(&key).unwrap_or_else(|| short(&key).to_owned());
            found.push(format!("附件“{name}”内容被改动：与其摘要不符"));
        }
        there.insert(key);
    }
    let mut missing = BTreeSet::new();
    for carried in &named {
        let file = &carried.file;
        if !there.contains(&file.sha256) && missing.insert(file.sha256.clone()) {
            found.push(format!("附件“{}”的内容缺失", file.name));
        }
    }
    Ok(found)
}

/// The beginning of a SHA-256, as people write it.
pub fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}
