//! What holds for every command of one run: where the office lies, what time it is, how answers are written.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};

use super::line::{Command, Global};
use super::output::misuse;
use crate::domain::day;
use crate::domain::fault::{Refusal, Stop};
use crate::ledger::clock::Clock;
use crate::ledger::paths::OfficePaths;

/// The general flags, read.
#[derive(Debug)]
pub struct Setting {
    /// As typed.
    pub global: Global,
    /// Milliseconds UTC of `--now`.
    pub now: Option<i64>,
    /// The earlier day asked about.
    pub past: Option<Past>,
}

/// An earlier day, as it is known now or as it was known then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Past {
    /// `--on`: what was in force that day, by what is known today.
    On(NaiveDate),
    /// `--known`: what this file knew that day.
    Known(NaiveDate),
}

impl Past {
    /// 截至 2026-06-30 的情况（今日所知）
    pub fn label(self) -> String {
        match self {
            Self::On(day) => format!("截至 {day} 的情况（今日所知）"),
            Self::Known(day) => format!("{day} 当时所知"),
        }
    }
}

/// Where a command finds its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The folder of an office.
    Folder(OfficePaths),
    /// A file on its own (`--file`).
    File(PathBuf),
}

impl Setting {
    /// Reads the general flags for a command; one that cannot answer about an earlier day is refused, never ignored.
    pub fn new(global: Global, command: Option<&Command>) -> Result<Self, Stop> {
        let on = matches!(
            command,
            Some(Command::List(_) | Command::Eligible(_) | Command::Stats(_) | Command::Queue(_) | Command::Show(_))
        );
        let known = on && !matches!(command, Some(Command::Queue(_)));
        for (given, flag, answers) in [(&global.on, "--on", on), (&global.known, "--known", known)] {
            if given.is_some() && !answers {
                return Err(misuse(
                    format!("这条命令不能用 {flag}"),
                    "过去某日的情况用 list、show、eligible、stats 看（--on 还可用于 queue）；控制台里在菜单中选。",
                ));
            }
        }
        if global.on.is_some() && global.known.is_some() {
            return Err(misuse(
                "--on 与 --known 只能写一个",
                "--on 为那天的情况（按今日所知），--known 为那天当时所知。",
            ));
        }
        if global.file.is_some() && global.data.is_some() {
            return Err(misuse(
                "--file 与 --data 只能写一个",
                "文件夹用 --data，单独一个文件用 --file。",
            ));
        }
        let now = global.now.as_deref().map(read_moment).transpose()?;
        let mut setting = Self {
            global,
            now,
            past: None,
        };
        setting.past = setting.earlier_day()?;
        Ok(setting)
    }

    fn earlier_day(&self) -> Result<Option<Past>, Stop> {
        let past = match (&self.global.on, &self.global.known) {
            (Some(on), _) => Past::On(self.day("--on", on)?),
            (None, Some(known)) => Past::Known(self.day("--known", known)?),
            (None, None) => return Ok(None),
        };
        let (Past::On(day) | Past::Known(day)) = past;
        if day > self.today() {
            return Err(Refusal::new("future_day", format!("{day} 还没有到"))
                .hint("请写今天以前的日期。")
                .into());
        }
        Ok(Some(past))
    }

    /// Answers as JSON.
    pub fn json(&self) -> bool {
        self.global.json
    }

    /// The clock: the machine's, or `--now`.
    pub fn clock(&self) -> Clock {
        self.now.map_or(Clock::System, Clock::fixed)
    }

    /// The day it is in China.
    pub fn today(&self) -> NaiveDate {
        let now = DateTime::<Utc>::from_timestamp_millis(self.clock().now_ms()).unwrap_or(DateTime::UNIX_EPOCH);
        day::china_today(now)
    }

    /// The folder given by `--data` or `LIANNENG_DATA`; `None` = the default one is meant.
    pub fn given_folder(&self) -> Option<PathBuf> {
        let from_environment = || std::env::var_os("LIANNENG_DATA").filter(|value| !value.is_empty());
        self.global
            .data
            .clone()
            .or_else(|| from_environment().map(PathBuf::from))
    }

    /// The folder of the office, given or default.
    pub fn folder(&self) -> Result<OfficePaths, Stop> {
        match self.given_folder() {
            Some(folder) => Ok(OfficePaths::new(folder)),
            None => default_folder().map(OfficePaths::new),
        }
    }

    /// Where the data lie.
    pub fn place(&self) -> Result<Place, Stop> {
        match &self.global.file {
            Some(file) => Ok(Place::File(file.clone())),
            None => self.folder().map(Place::Folder),
        }
    }

    /// Name of the operator from `--user` or `LIANNENG_USER`.
    pub fn user(&self) -> Option<String> {
        let from_environment = || std::env::var("LIANNENG_USER").ok().filter(|value| !value.is_empty());
        self.global.user.clone().or_else(from_environment)
    }

    /// A day as people type it.
    pub fn day(&self, flag: &str, text: &str) -> Result<NaiveDate, Stop> {
        day::parse_day(text, self.today()).map_err(|reason| misuse(format!("{flag}：{reason}"), ""))
    }
}

/// The folder used when none is named.
pub fn default_folder() -> Result<PathBuf, Stop> {
    directories::ProjectDirs::from("", "", "lianneng")
        .map(|folders| folders.data_dir().to_owned())
        .ok_or_else(|| misuse("找不到用户的数据文件夹", "请用 --data 指定台账所在的文件夹。"))
}

fn read_moment(text: &str) -> Result<i64, Stop> {
    DateTime::parse_from_rfc3339(text)
        .map(|moment| moment.timestamp_millis())
        .map_err(|_| {
            misuse(
                format!("--now：看不懂时刻“{text}”"),
                "请写成 RFC 3339 的样子，如 2026-11-23T09:00:00+08:00。",
            )
        })
}
