//! The console looking at an earlier day: read-only, with the day in the title bar.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{OfficeStore, failed, stopped};
use crate::app::forms::problem;
use crate::app::store::{ActRequest, Choice, FieldKind, FieldSpec, FormSpec, Outcome, Problem};
use crate::cli::setting::Past;
use crate::domain::Refusal;
use crate::domain::day::parse_day;
use crate::domain::fault::{Fault, FaultKind, Stop};
use crate::ledger::known::known;
use crate::ledger::query::Reader;
use crate::ledger::watch::Watch;

/// Asks for a day to look at.
pub const PAST: &str = "past";
/// Back to today.
pub const PRESENT: &str = "present";
/// How long a replay is waited for before the screen goes on without it.
const SHORT: Duration = Duration::from_millis(400);

/// A reader of an earlier day, and what its banner says.
pub struct Then {
    reader: Reader,
    label: String,
}

impl Then {
    /// The reader of that day.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }
}

/// The log being replayed up to a day, on a thread of its own.
pub struct Replay {
    worker: Option<JoinHandle<Result<Reader, Stop>>>,
    percent: Arc<AtomicU64>,
    cancel: Arc<AtomicBool>,
    label: String,
}

impl Replay {
    /// How far it is, in hundredths.
    pub fn percent(&self) -> u64 {
        self.percent.load(Ordering::Relaxed)
    }

    fn finished(&self) -> bool {
        self.worker.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
        if let Some(worker) = self.worker.take() {
            drop(worker.join());
        }
    }
}

/// What the form asks: which day, and by whose knowledge.
pub fn form() -> FormSpec {
    let choice = |digit, id: &str, label: &str| Choice {
        digit,
        id: id.into(),
        label: label.into(),
        reason: None,
    };
    let ways = vec![
        choice(1, "on", "那天的情况，按今日所知"),
        choice(2, "known", "那天本台账当时所知"),
    ];
    let field = |id: &str, label: &str, kind, default: &str, hint: &str| FieldSpec {
        id: id.into(),
        label: label.into(),
        kind,
        required: true,
        default: default.into(),
        hint: hint.into(),
        live: false,
    };
    FormSpec {
        verb: PAST.into(),
        title: "看过去某日的情况".into(),
        fields: vec![
            field("day", "日期", FieldKind::Day, "", "如 630、2026-06-30"),
            field(
                "by",
                "按",
                FieldKind::Choice(ways),
                "on",
                "补录和事后撤销的，两种看法不同",
            ),
        ],
        follows: vec!["只能查看；回到今日用菜单里的“回到今日”，或再按 Ctrl-D。".into()],
        ..FormSpec::default()
    }
}

/// Why nothing can be done while an earlier day is looked at.
pub fn read_only() -> Problem {
    problem(&Refusal::new("read_only", "正在看过去某日的情况，只能查看").hint("按 Ctrl-D 回到今日再办理。"))
}

impl OfficeStore {
    /// The words of the banner; empty for today.
    pub(super) fn banner(&self) -> String {
        match (&self.replay, &self.then) {
            (Some(replay), _) => format!("正在还原 {} {}%", replay.label, replay.percent()),
            (None, Some(then)) => then.label.clone(),
            (None, None) => String::new(),
        }
    }

    /// Looks at the day of a filled form.
    pub(super) fn look_back(&mut self, request: &ActRequest) -> Result<Outcome, Problem> {
        let value = |id: &str| {
            let found = request.values.iter().find(|(name, _)| name == id);
            found.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        let wrong = |reason: String| Problem {
            reason,
            field: Some("day".into()),
            ..Problem::default()
        };
        let today = self.office.today();
        let day = parse_day(value("day"), today).map_err(wrong)?;
        if day > today {
            return Err(wrong(format!("{day} 还没有到")));
        }
        self.back_to_today();
        let past = if value("by") == "known" {
            Past::Known(day)
        } else {
            Past::On(day)
        };
        match past {
            Past::On(_) => {
                let reader = Reader::beside(&self.office).map_err(failed)?;
                reader.view_as(&self.operator, self.capacity);
                reader.look_on(day).map_err(stopped)?;
                self.then = Some(Then {
                    reader,
                    label: past.label(),
                });
            }
            Past::Known(_) => {
                self.replay = Some(self.replay(day, past.label())?);
                let begun = Instant::now();
                while begun.elapsed() < SHORT && self.replay.as_ref().is_some_and(|replay| !replay.finished()) {
                    thread::sleep(Duration::from_millis(5));
                }
                self.take_replayed()?;
            }
        }
        Ok(said(format!("{}，只能查看。按 Ctrl-D 回到今日。", self.banner())))
    }

    /// Looks at today again; a replay under way is broken off.
    pub(super) fn back_to_today(&mut self) -> Outcome {
        self.replay = None;
        self.then = None;
        said("已回到今日。".to_owned())
    }

    /// Takes over the reader of a replay that is done.
    pub(super) fn take_replayed(&mut self) -> Result<(), Problem> {
        let Some(mut replay) = self.replay.take_if(|replay| replay.finished()) else {
            return Ok(());
        };
        let Some(worker) = replay.worker.take() else {
            return Ok(());
        };
        let reader = worker.join().map_err(|_| failed(broken()))?.map_err(stopped)?;
        reader.view_like(&self.reader).map_err(failed)?;
        let label = std::mem::take(&mut replay.label);
        self.then = Some(Then { reader, label });
        Ok(())
    }

    fn replay(&self, day: chrono::NaiveDate, label: String) -> Result<Replay, Problem> {
        let file = self.office.file().again().map_err(failed)?;
        let (percent, cancel) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (told, asked) = (Arc::clone(&percent), Arc::clone(&cancel));
        let work = move || {
            let mut tell = |done: u64, total: u64| told.store(done * 100 / total.max(1), Ordering::Relaxed);
            known(&file, day, &mut Watch::new(&mut tell, &asked))
        };
        let worker = thread::Builder::new().name("replay".into()).spawn(work);
        Ok(Replay {
            worker: Some(worker.map_err(|_| failed(broken()))?),
            percent,
            cancel,
            label,
        })
    }
}

fn broken() -> Fault {
    Fault::new(FaultKind::World, "还原没有做成").hint("请再试一次。")
}

fn said(message: String) -> Outcome {
    Outcome {
        message,
        ..Outcome::default()
    }
}
