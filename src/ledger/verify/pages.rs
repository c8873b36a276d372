//! The pages of the file: SQLCipher's authentication of each, and SQLite's own check of how they hang together.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use crate::domain::fault::Fault;
use crate::ledger::access_mode::Access;
use crate::ledger::connect::raw;
use crate::ledger::keys::DataKey;
use crate::ledger::refuse::{self, PAGE};
use crate::ledger::trouble;

/// Another window may be writing a page back from the write-ahead log at the moment it is checked; what is still
/// bad a little later is bad.
const TRIES: u32 = 3;

/// The numbers of the pages whose authentication fails, from 1; `None` when every page fails: then the key is
/// wrong, or the salt in the first 16 bytes that it is mixed with.
pub fn bad_pages(path: &Path, key: Option<&DataKey>, access: &Access) -> Result<Option<Vec<u32>>, Fault> {
    let mut bad = once(path, key, access)?;
    for _ in 1..TRIES {
        if bad.is_empty() || !refuse::has_wal(path) {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
        let again = once(path, key, access)?;
        bad.retain(|page| again.contains(page));
    }
    let length = std::fs::metadata(path)
        .map_err(|error| trouble::io("打开", path, &error))?
        .len();
    // SQLite's lock page, in files past 1 GiB, has no content and is not checked.
    let all = u64::try_from(bad.len()).unwrap_or(0) + 1 >= length / PAGE && bad.len() > 2;
    Ok((!all).then_some(bad))
}

fn once(path: &Path, key: Option<&DataKey>, access: &Access) -> Result<Vec<u32>, Fault> {
    let conn = raw(path, key, access)?;
    let mut statement = conn.prepare("PRAGMA cipher_integrity_check")?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut pages = Vec::new();
    for line in lines {
        pages.extend(page_in(&line?));
    }
    pages.sort_unstable();
    pages.dedup();
    Ok(pages)
}

/// The number after the word "page": "HMAC verification failed for page 7", "page 9 has an invalid size…".
fn page_in(line: &str) -> Option<u32> {
    line.split("page ")
        .nth(1)?
        .split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

/// SQLite's `quick_check` or `integrity_check`, as findings.
pub fn sqlite_check(conn: &Connection, which: &str) -> Result<Vec<String>, Fault> {
    let mut statement = conn.prepare(&format!("PRAGMA {which}(20)"))?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut found = Vec::new();
    for line in lines {
        let line = line?;
        if line != "ok" {
            found.push(format!("数据文件的结构损坏：{line}"));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_read_from_what_the_cipher_says() {
        assert_eq!(page_in("HMAC verification failed for page 17"), Some(17));
        assert_eq!(
            page_in("page 9 has an invalid size of 12 bytes (expected 4096 bytes)"),
            Some(9)
        );
        assert_eq!(
            page_in("error reading 4096 bytes from file page 3 at offset 8192"),
            Some(3)
        );
        assert_eq!(page_in("database file is undefined"), None);
    }
}
