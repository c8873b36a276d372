//! Drafts: the files of the data folder, what they would change of what is adopted, and what is wrong in them.
//!
//! ```text
//! shipped texts ─┐
//! policy.toml, calendar.toml, registers/*.toml ─┴─► Drafts::texts ─ Office::adopt ─► the log
//! ```
//!
//! A file that is missing changes nothing: what a district adopted stays adopted when its file is lost.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::paths::OfficePaths;
use super::texts::shipped;
use super::trouble;
use crate::domain::calendar::{Calendar, YearNotice};
use crate::domain::fault::Fault;
use crate::domain::mistake::Mistake;
use crate::domain::policy::Policy;
use crate::domain::sheet::{Registers, Sheet, overlay};
use crate::domain::state::Adoption;

/// What the data folder's files would make of the adopted texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafts {
    /// The texts that would be adopted: of what is broken, what is adopted now.
    pub texts: Adoption,
    /// What differs, file by file.
    pub changes: Vec<Change>,
    /// What cannot be adopted, and why.
    pub broken: Vec<Broken>,
}

/// A part of the texts that would be another one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// `policy.toml`, `calendar.toml`, `registers/….toml`.
    pub file: String,
    /// False when the file is not there, and the program itself brings the new text.
    pub own: bool,
    /// What is different, in words.
    pub details: Vec<String>,
}

/// A file with mistakes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Broken {
    /// `policy.toml`, `calendar.toml`, `registers/….toml`.
    pub file: String,
    /// Every mistake in it, by line.
    pub mistakes: Vec<Mistake>,
}

impl Broken {
    /// `registers/visit.toml 有误：第 3 行：缺少…（共 2 处，详见 lianneng doctor）`.
    fn first(&self) -> String {
        let first = self.mistakes.first().map(ToString::to_string).unwrap_or_default();
        let more = match self.mistakes.len() {
            0 | 1 => String::new(),
            all => format!("（共 {all} 处，详见 lianneng doctor）"),
        };
        format!("{} 有误：{first}{more}", self.file)
    }
}

impl Drafts {
    /// Compares the files of an office's folder with what it has adopted.
    pub fn look(paths: &OfficePaths, adopted: &Adoption) -> Result<Self, Fault> {
        let calendar = text_of(&paths.calendar())?;
        Self::with(paths, adopted, calendar)
    }

    /// As [`Self::look`], with another text in the place of the folder's `calendar.toml`.
    pub fn with(paths: &OfficePaths, adopted: &Adoption, calendar: Option<FileText>) -> Result<Self, Fault> {
        let mut drafts = Self {
            texts: adopted.clone(),
            changes: Vec::new(),
            broken: Vec::new(),
        };
        drafts.policy(text_of(&paths.policy())?, adopted);
        drafts.calendar(calendar, adopted);
        drafts.registers(&paths.registers(), adopted)?;
        Ok(drafts)
    }

    /// `政策文件、日历文件已改，尚未启用`; none when nothing waits.
    pub fn pending(&self) -> Option<String> {
        let name = |change: &Change| match change.file.as_str() {
            "policy.toml" => "政策文件",
            "calendar.toml" => "日历文件",
            _ => "台账样式",
        };
        let names = |own: bool| {
            let mut names: Vec<&str> = self.changes.iter().filter(|c| c.own == own).map(name).collect();
            names.dedup();
            (!names.is_empty()).then(|| names.join("、"))
        };
        let own = names(true).map(|names| format!("{names}已改，尚未启用"));
        let program = names(false).map(|names| format!("本版程序附带的{names}有更新，尚未启用"));
        let said: Vec<String> = own.into_iter().chain(program).collect();
        (!said.is_empty()).then(|| said.join("；"))
    }

    fn policy(&mut self, file: Option<FileText>, adopted: &Adoption) {
        const FILE: &str = "policy.toml";
        let own = file.is_some();
        let laid = match file {
            Some(Ok(text)) => Policy::overlay(&text),
            Some(Err(mistake)) => Err(vec![mistake]),
            None => Policy::overlay(&Policy::changes(&adopted.policy)),
        };
        match laid {
            Ok(text) => {
                let details: Vec<String> = Policy::differences(&adopted.policy, &text)
                    .into_iter()
                    .map(|(path, before, after)| {
                        let shown = |value: Option<String>| value.unwrap_or_else(|| "（无）".into());
                        format!("{path}：{} → {}", shown(before), shown(after))
                    })
                    .collect();
                if !details.is_empty() {
                    self.texts.policy = text;
                    self.change(FILE, own, details);
                }
            }
            Err(mistakes) => self.broken(FILE, mistakes),
        }
    }

    fn calendar(&mut self, file: Option<FileText>, adopted: &Adoption) {
        const FILE: &str = "calendar.toml";
        let own = file.is_some();
        let years = match file {
            Some(Ok(text)) => Calendar::parse(&text),
            Some(Err(mistake)) => Err(vec![mistake]),
            None => Ok(Calendar::default()),
        };
        let years = match years {
            Ok(years) => years,
            Err(mistakes) => return self.broken(FILE, mistakes),
        };
        let in_force = Calendar::parse(&adopted.calendar).unwrap_or_default();
        let brought = Calendar::parse(&shipped().calendar).unwrap_or_default();
        let all = in_force.with(brought.notices().cloned()).with(years.notices().cloned());
        if all.notices().eq(in_force.notices()) {
            return;
        }
        let details = all
            .notices()
            .filter_map(|notice| difference(in_force.year(notice.year), notice));
        let details = details.collect();
        self.texts.calendar = if all.notices().eq(brought.notices()) {
            shipped().calendar
        } else {
            all.text()
        };
        self.change(FILE, own, details);
    }

    fn registers(&mut self, folder: &Path, adopted: &Adoption) -> Result<(), Fault> {
        let (files, unknown) = register_files(folder)?;
        let own: BTreeSet<String> = files.keys().cloned().collect();
        let shipped = shipped().registers;
        // A register the district adopted earlier stays when its file is gone: its records are still there.
        let mut district: Registers = adopted
            .registers
            .iter()
            .filter(|(name, _)| !shipped.contains_key(*name))
            .map(|(name, text)| (name.clone(), text.clone()))
            .collect();
        district.extend(files);
        let (mut laid, refused) = overlay(&shipped, &district);
        for (name, mistakes) in unknown.into_iter().chain(refused) {
            // What is adopted stays until the file is mended.
            if let Some(text) = adopted.registers.get(&name) {
                laid.insert(name.clone(), text.clone());
            }
            self.broken(&format!("registers/{name}"), mistakes);
        }
        for (name, text) in &mut laid {
            let now = Sheet::parse(text).ok();
            let before = adopted.registers.get(name);
            if before.is_some_and(|before| Sheet::parse(before).ok() == now) {
                // The words beside the values changed, or nothing did.
                if let Some(before) = before {
                    text.clone_from(before);
                }
                continue;
            }
            let label = now.map(|sheet| sheet.label).unwrap_or_default();
            let what = if before.is_some() { "修改" } else { "新增" };
            let own = own.contains(name);
            self.change(&format!("registers/{name}"), own, vec![format!("{what}“{label}”")]);
        }
        for name in adopted.registers.keys().filter(|name| !laid.contains_key(*name)) {
            self.change(&format!("registers/{name}"), false, vec!["本版程序不再附带".into()]);
        }
        self.texts.registers = laid;
        Ok(())
    }

    fn change(&mut self, file: &str, own: bool, details: Vec<String>) {
        self.changes.push(Change {
            file: file.to_owned(),
            own,
            details,
        });
    }

    fn broken(&mut self, file: &str, mistakes: Vec<Mistake>) {
        self.broken.push(Broken {
            file: file.to_owned(),
            mistakes,
        });
    }
}

/// Whether something waits to be adopted, remembered until a file or the adoption is another one.
#[derive(Debug, Default)]
pub struct Pending {
    seen: Option<(Vec<Stamp>, u64)>,
    words: Option<String>,
}

/// A file's name, length and time of change.
type Stamp = (PathBuf, u64, Option<SystemTime>);

impl Pending {
    /// `政策文件已改，尚未启用`, or that a file has mistakes; none when nothing waits.
    pub fn look(&mut self, paths: &OfficePaths, adopted: &Adoption) -> Result<Option<String>, Fault> {
        let files = stamps(paths);
        let mut hasher = DefaultHasher::new();
        (&adopted.policy, &adopted.calendar, &adopted.registers).hash(&mut hasher);
        let now = (files, hasher.finish());
        if self.seen.as_ref() != Some(&now) {
            // Most offices change nothing, and then there is nothing to be read.
            let plain = now.0.is_empty() && *adopted == shipped();
            self.words = if plain { None } else { words(paths, adopted)? };
            self.seen = Some(now);
        }
        Ok(self.words.clone())
    }
}

fn words(paths: &OfficePaths, adopted: &Adoption) -> Result<Option<String>, Fault> {
    let drafts = Drafts::look(paths, adopted)?;
    let broken: Vec<String> = drafts.broken.iter().map(Broken::first).collect();
    let broken = (!broken.is_empty()).then(|| format!("{}；不能启用", broken.join("；")));
    let said: Vec<String> = drafts.pending().into_iter().chain(broken).collect();
    Ok((!said.is_empty()).then(|| said.join("；")))
}

fn stamps(paths: &OfficePaths) -> Vec<Stamp> {
    let registers = fs::read_dir(paths.registers()).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = registers.map(|entry| entry.path()).collect();
    files.extend([paths.policy(), paths.calendar()]);
    files.sort();
    let stamp = |path: PathBuf| {
        let about = fs::metadata(&path).ok()?;
        Some((path, about.len(), about.modified().ok()))
    };
    files.into_iter().filter_map(stamp).collect()
}

fn difference(before: Option<&YearNotice>, now: &YearNotice) -> Option<String> {
    if before == Some(now) {
        return None;
    }
    let title = now.title.as_deref().unwrap_or("没有通知");
    let what = if before.is_some() { "有改动" } else { "新增" };
    Some(format!("{} 年{what}：{title}", now.year))
}

/// The text of a file, or why it is none.
pub type FileText = Result<String, Mistake>;

fn text_of(path: &Path) -> Result<Option<FileText>, Fault> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(decoded(bytes))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(trouble::io("读取", path, &error)),
    }
}

fn decoded(bytes: Vec<u8>) -> FileText {
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..good].iter().filter(|byte| **byte == b'\n').count() + 1;
        let reason = "不是 UTF-8 文字，请在记事本里另存为 UTF-8".to_owned();
        Mistake { line, reason }
    })
}

/// A name and what is wrong with the file of that name.
type Unknown = (String, Vec<Mistake>);

fn register_files(folder: &Path) -> Result<(Registers, Vec<Unknown>), Fault> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Default::default()),
        Err(error) => return Err(trouble::io("读取", folder, &error)),
    };
    let (mut files, mut unknown) = (Registers::new(), Vec::new());
    for entry in entries {
        let entry = entry.map_err(|error| trouble::io("读取", folder, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // What editors and systems leave behind.
        if name.starts_with(['.', '~']) || name.ends_with('~') || name == "Thumbs.db" || name == "desktop.ini" {
            continue;
        }
        let mistake = |reason: &str| {
            vec![Mistake {
                line: 1,
                reason: reason.to_owned(),
            }]
        };
        if !name.ends_with(".toml") || !entry.path().is_file() {
            unknown.push((name, mistake("不认识的文件：这里只放台账样式（.toml）")));
            continue;
        }
        match text_of(&entry.path())? {
            Some(Ok(text)) => drop(files.insert(name, text)),
            Some(Err(mistake)) => unknown.push((name, vec![mistake])),
            None => {}
        }
    }
    unknown.sort();
    Ok((files, unknown))
}

#[cfg(test)]
#[path = "drafts_tests.rs"]
mod tests;
