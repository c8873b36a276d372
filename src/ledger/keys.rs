//! The data key and the keeper's key, in a small owner-only file beside the ledger, because the first is needed before
//! the ledger opens.
//!
//! Format 1: `{"format":1,"data_key":"<64 hex>","keeper":"<64 hex>"}`; `keeper` is missing where no source was ever
//! typed by an older program. Wraps per account come with the accounts.

use std::path::Path;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::entropy::Entropy;
use super::files::{self, Sharing};
use super::keeper::KeeperKey;
use super::paths::OfficePaths;
use super::{entropy, hex, open, trouble};
use crate::domain::fault::{Fault, FaultKind};

/// The 256-bit key of one ledger; wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct DataKey([u8; 32]);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(…)")
    }
}

impl DataKey {
    /// A new key from the operating system, never from a seed: a seeded key would be public.
    pub fn random() -> Result<Self, Fault> {
        let mut bytes = [0; 32];
        entropy::system_bytes(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// The key as SQLCipher takes it raw, `x'64 hex'`. Never with a salt appended: a flip in the file's first
    /// 16 bytes would go unseen.
    pub fn raw(&self) -> Zeroizing<String> {
        // Room for all of it at once: growing would leave copies behind.
        let mut text = Zeroizing::new(String::with_capacity(67));
        text.push_str("x'");
        text.extend(hex::digits(&self.0));
        text.push('\'');
        text
    }
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct KeyFile {
    format: u32,
    data_key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keeper: Option<String>,
}

/// Reads the data key.
pub fn read(path: &Path) -> Result<DataKey, Fault> {
    let file = read_file(path)?;
    hex::decode(&file.data_key).map(DataKey).ok_or_else(|| damaged(path))
}

/// Reads the keeper's key, if there is one yet.
pub fn read_keeper(path: &Path) -> Result<Option<KeeperKey>, Fault> {
    let file = read_file(path)?;
    let text = file.keeper.as_deref();
    text.map(|text| KeeperKey::read(text).ok_or_else(|| damaged(path)))
        .transpose()
}

/// The keeper's key of an office; made now if there is none yet.
pub fn keeper(paths: &OfficePaths) -> Result<KeeperKey, Fault> {
    if let Some(keeper) = read_keeper(&paths.keys())? {
        return Ok(keeper);
    }
    let _lock = open::lock(paths)?;
    if let Some(keeper) = read_keeper(&paths.keys())? {
        return Ok(keeper);
    }
    let keeper = KeeperKey::new(&mut Entropy::System)?;
    write(&paths.keys(), &read(&paths.keys())?, Some(&keeper), paths.sharing())?;
    Ok(keeper)
}

fn read_file(path: &Path) -> Result<KeyFile, Fault> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| {
        if error.kind() == std::io::ErrorKind::InvalidData {
            return damaged(path);
        }
        let fault = trouble::io("读取密钥文件", path, &error);
        if error.kind() != std::io::ErrorKind::NotFound {
            return fault;
        }
        fault.hint("没有密钥文件，数据文件无法解开：请把它放回原处，或用带密钥的备份恢复（lianneng restore）。")
    })?;
    let file: KeyFile = serde_json::from_str(&text).map_err(|_| damaged(path))?;
    if file.format != 1 {
        return Err(Fault::new(
            FaultKind::World,
            format!("密钥文件 {name} 由更新的版本写成（格式 {}）", file.format),
        )
        .hint("请换用新版廉能台；本版没有改动任何文件。"));
    }
    Ok(file)
}

fn damaged(path: &Path) -> Fault {
    Fault::new(FaultKind::Damaged, format!("密钥文件 {} 已损坏", path.display()))
        .hint("请从备份中取回 office.keys，或整体恢复（lianneng restore）。")
}

/// Writes the key file in one step.
pub fn write(path: &Path, key: &DataKey, keeper: Option<&KeeperKey>, sharing: Sharing) -> Result<(), Fault> {
    let file = KeyFile {
        format: 1,
        data_key: hex::encode(&key.0),
        keeper: keeper.map(|keeper| keeper.text().to_string()),
    };
    let text = serde_json::to_string(&file)
        .map(Zeroizing::new)
        .map_err(|_| damaged(path))?;
    files::replace(path, text.as_bytes(), sharing)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_back_what_it_wrote_and_names_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("office.keys");
        let missing = read(&path).unwrap_err();
        assert!(
            missing.reason.contains("找不到") && missing.hint.contains("放回原处"),
            "{missing}"
        );
        let key = DataKey::random().unwrap();
        write(&path, &key, None, Sharing::Owner).unwrap();
        assert_eq!(read(&path).unwrap(), key);
        assert!(read_keeper(&path).unwrap().is_none(), "written by an older program");
        let keeper = KeeperKey::new(&mut Entropy::System).unwrap();
        write(&path, &key, Some(&keeper), Sharing::Owner).unwrap();
        assert_eq!(read(&path).unwrap(), key);
        assert_eq!(read_keeper(&path).unwrap().unwrap().text(), keeper.text());
        assert_eq!(key.raw().len(), 67);
        assert_eq!(format!("{key:?}"), "DataKey(…)");
        for broken in ["", "{}", r#"{"format":1,"data_key":"00"}"#, "\u{fffd}"] {
            std::fs::write(&path, broken).unwrap();
            assert_eq!(read(&path).unwrap_err().kind, FaultKind::Damaged, "{broken}");
        }
        std::fs::write(&path, [0xff, 0xfe]).unwrap();
        assert_eq!(read(&path).unwrap_err().kind, FaultKind::Damaged);
        std::fs::write(&path, r#"{"format":2,"data_key":""}"#).unwrap();
        assert!(read(&path).unwrap_err().reason.contains("更新的版本"));
    }
}
