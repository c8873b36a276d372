//! Runs the built program in a folder of its own, with a clock that moves on by a minute a command.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// What one run left behind.
pub struct Ran {
    /// Exit code.
    pub code: i32,
    /// Data.
    pub out: String,
    /// Words.
    pub err: String,
}

impl Ran {
    /// The one JSON document on stdout.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\nout: {}\nerr: {}", self.out, self.err))
    }

    /// The refusal on stderr.
    pub fn refused(&self) -> Value {
        let said: Value = serde_json::from_str(&self.err).unwrap_or_else(|error| panic!("{error}: {}", self.err));
        said["refused"].clone()
    }

    /// Kind of the refusal.
    pub fn kind(&self) -> String {
        self.refused()["kind"].as_str().unwrap().to_owned()
    }
}

/// An office's folder and a shell in front of it.
pub struct Shell {
    home: tempfile::TempDir,
    minute: Cell<u32>,
    day: Cell<&'static str>,
}

impl Shell {
    /// A folder without an office.
    pub fn empty() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            minute: Cell::new(0),
            day: Cell::new("2026-11-16"),
        }
    }

    /// A rehearsal office.
    pub fn office() -> Self {
        let shell = Self::empty();
        assert_eq!(shell.run(&["init", "--rehearsal"]).code, 0);
        shell
    }

    /// The office's folder.
    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// A file beside it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Writes a file beside it and returns its path as text.
    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.file(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// From now on it is this day.
    pub fn on(&self, day: &'static str) {
        self.day.set(day);
        self.minute.set(0);
    }

    /// Runs the program with the clock set.
    pub fn run(&self, args: &[&str]) -> Ran {
        self.minute.set(self.minute.get() + 1);
        let minute = self.minute.get();
        let now = format!("{}T{:02}:{:02}:00+08:00", self.day.get(), 9 + minute / 60, minute % 60);
        self.bare(&[args, &["--now", &now]].concat())
    }

    /// Runs the program as it is.
    pub fn bare(&self, args: &[&str]) -> Ran {
        run_in(self.home.path(), &self.data(), args)
    }

    /// Runs with `--json`; it must succeed.
    pub fn ask(&self, args: &[&str]) -> Value {
        let ran = self.run(&[args, &["--json"]].concat());
        assert_eq!(ran.code, 0, "{args:?}\n{}{}", ran.out, ran.err);
        ran.json()
    }

    /// Runs with `--json`; it must be refused by the rules. Returns the kind.
    pub fn refused(&self, args: &[&str]) -> String {
        let ran = self.run(&[args, &["--json"]].concat());
        assert_eq!(ran.code, 1, "{args:?}\n{}{}", ran.out, ran.err);
        assert_eq!(ran.out, "", "nothing is said on stdout");
        ran.kind()
    }

    /// Runs `do` with `--json`; it must succeed.
    pub fn act(&self, args: &[&str]) -> Value {
        self.ask(&[&["do"], args].concat())
    }

    /// A person of section rank in a unit.
    pub fn person(&self, name: &str, unit: &str) {
        self.act(&["create", "人员", "--name", name, "--unit", unit, "--rank", "section"]);
    }

    /// Registers a report about a unit; its code.
    pub fn report(&self, unit: &str, content: &str, more: &[&str]) -> String {
        let fixed = ["register", "--source", "inspection", "--unit", unit];
        let done = self.act(&[&fixed[..], &["--content", content], more].concat());
        codes(&done, "changed", "warning").remove(0)
    }

    /// A clue is to be handed over, by a signed decision.
    pub fn refer_clue(&self, code: &str) {
        let to = [
            "--receiver",
            "区纪委监委信访室",
            "--decision",
            "signed",
            "--signer",
            "林知远",
        ];
        self.act(&[&["refer_clue", code][..], &to].concat());
    }

    /// A plain copy of the ledger beside it.
    pub fn plain(&self, name: &str) -> PathBuf {
        let to = self.file(name);
        let ran = self.run(&["backup", "--plain", "-o", to.to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        to
    }
}

/// Runs the program with `home` as the home folder and `data` as the office's.
pub fn run_in(home: &Path, data: &Path, args: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_lianneng"))
        .args(args)
        .env("LIANNENG_DATA", data)
        .env("HOME", home)
        .env_remove("XDG_DATA_HOME")
        .env_remove("LIANNENG_USER")
        .env("TZ", "America/New_York")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Whether these bytes stand anywhere in a file.
pub fn holds(file: &Path, piece: impl AsRef<[u8]>) -> bool {
    let (bytes, piece) = (std::fs::read(file).unwrap(), piece.as_ref());
    bytes.windows(piece.len()).any(|window| window == piece)
}

/// Codes of `changed` or `proposed` of a register.
pub fn codes(receipt: &Value, list: &str, kind: &str) -> Vec<String> {
    let touched = receipt[list].as_array().unwrap().iter();
    touched
        .filter(|one| one["kind"] == kind)
        .map(|one| one["code"].as_str().unwrap().to_owned())
        .collect()
}
