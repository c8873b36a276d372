//! The files of one office's folder.

use std::path::{Path, PathBuf};

use super::files::{Sharing, with_ending};

/// Where everything of one office lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficePaths {
    /// The folder itself.
    pub folder: PathBuf,
}

impl OfficePaths {
    /// The files of `folder`, whether they exist or not.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The ledger: one encrypted SQLite file.
    pub fn ledger(&self) -> PathBuf {
        self.folder.join("office.lian")
    }

    /// The data key.
    pub fn keys(&self) -> PathBuf {
        self.folder.join("office.keys")
    }

    /// How far the file was when it was last sealed: an older copy put in its place is noticed.
    pub fn mark(&self) -> PathBuf {
        self.folder.join("office.mark")
    }

    /// The latest seals, kept beside the file so that a cut tail is noticed.
    pub fn seals(&self) -> PathBuf {
        self.folder.join("office.seals")
    }

    /// Which events were erased: an older copy put in the file's place is sealed again.
    pub fn erased(&self) -> PathBuf {
        self.folder.join("office.erased")
    }

    /// Backups.
    pub fn backups(&self) -> PathBuf {
        self.folder.join("backups")
    }

    /// The district's changes to the policy: a draft until it is adopted.
    pub fn policy(&self) -> PathBuf {
        self.folder.join("policy.toml")
    }

    /// The district's years of the calendar: a draft until it is adopted.
    pub fn calendar(&self) -> PathBuf {
        self.folder.join("calendar.toml")
    }

    /// The district's own register files: drafts until they are adopted.
    pub fn registers(&self) -> PathBuf {
        self.folder.join("registers")
    }

    /// Tables of earlier days, made to be looked at (`--known`); may be deleted at any time.
    pub fn past(&self) -> PathBuf {
        self.folder.join("past")
    }

    /// Held while the folder's files are made or exchanged.
    pub fn lock(&self) -> PathBuf {
        self.folder.join("office.lock")
    }

    /// A restore that is checked and ready to be moved into place.
    pub fn restoring(&self) -> PathBuf {
        self.folder.join("restoring")
    }

    /// Who may read and write here.
    pub fn sharing(&self) -> Sharing {
        Sharing::of(&self.folder)
    }
}

/// The write-ahead log of a database file.
pub fn wal_of(path: &Path) -> PathBuf {
    with_ending(path, "-wal")
}

/// The shared memory of a database file.
pub fn shm_of(path: &Path) -> PathBuf {
    with_ending(path, "-shm")
}
