//! The data key, in a small owner-only file beside the ledger, because it is needed before the ledger opens.
//!
//! Format 1: `{"format":1,"data_key":"<64 hex>"}`. Wraps per account come with the accounts.

use std::path::Path;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::files::{self, Sharing};
use super::{entropy, hex, trouble};
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
}

/// Reads the key file.
pub fn read(path: &Path) -> Result<DataKey, Fault> {
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
    hex::decode(&file.data_key).map(DataKey).ok_or_else(|| damaged(path))
}

fn damaged(path: &Path) -> Fault {
    Fault::new(FaultKind::Damaged, format!("密钥文件 {} 已损坏", path.display()))
        .hint("请从备份中取回 office.keys，或整体恢复（lianneng restore）。")
}

/// Writes the key file in one step.
pub fn write(path: &Path, key: &DataKey, sharing: Sharing) -> Result<(), Fault> {
    let file = KeyFile {
        format: 1,
        data_key: hex::encode(&key.0),
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
        write(&path, &key, Sharing::Owner).unwrap();
        assert_eq!(read(&path).unwrap(), key);
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
