//! Tables in and out for the console: the shell's own import, export and blank sheets, on a thread of their own so that
//! the keyboard stays live.

mod files;
mod grid;
mod job;
mod preview;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use files::Folders;
use job::{Ended, Job};

use super::{OfficeStore, failed, lists, past, stopped};
use crate::app::store::{At, Deed, Format, ListQuery, Plan, Problem, Source, TableAsk, TableTold};
use crate::domain::StreamId;
use crate::domain::fault::{Fault, FaultKind, Stop};
use crate::domain::sheet::Sheet;
use crate::ledger::clock::Clock;
use crate::ledger::entropy::Entropy;
use crate::ledger::office::Office;
use crate::ledger::query::Reader;
use crate::ledger::remembered;
use crate::papers::{export, template};

/// How long work is waited for before the screen shows how far it is.
const SHORT: Duration = Duration::from_millis(250);
/// How long a question about work under way waits for something new to tell.
const AGAIN: Duration = Duration::from_millis(80);
/// Rows of one page read for an export.
const PAGE: usize = 1_000;

/// The folders tables come from and go to, and the work under way.
#[derive(Default)]
pub struct Tables {
    /// Where files are looked for and written.
    pub folders: Folders,
    job: Option<Job>,
}

/// Answers a question about tables.
pub fn told(store: &mut OfficeStore, ask: &TableAsk) -> Result<TableTold, Problem> {
    let writes = matches!(
        ask,
        TableAsk::Check(_) | TableAsk::Import(_) | TableAsk::Export(..) | TableAsk::Grid(_)
    );
    if writes && store.then.is_some() {
        return Err(past::read_only());
    }
    match ask {
        TableAsk::Registers(deed) => Ok(TableTold::Registers(*deed, registers(store, *deed))),
        TableAsk::Folder(path) => {
            let folders = &store.tables.folders;
            let folder = match path {
                None => folders.first(),
                Some(path) => folders.list(Path::new(path)).map_err(failed)?,
            };
            Ok(TableTold::Folder(Box::new(folder)))
        }
        TableAsk::Check(plan) => {
            let plan = plan.clone();
            begin(store, "正在检查", move |mut office, who, watch| {
                let checked = preview::check(&office, &who.operator, &plan, watch)?;
                let _ = &mut office;
                Ok(Ended::Checked(Box::new(checked)))
            })
        }
        TableAsk::Import(plan) => {
            let plan = plan.clone();
            begin(store, "正在导入", move |mut office, who, watch| {
                preview::import(&mut office, who, &plan, watch).map(Ended::Imported)
            })
        }
        TableAsk::SendBack(plan) => {
            let (plan, out) = (plan.clone(), send_back_to(store, plan));
            begin(store, "正在写退回清单", move |office, who, watch| {
                preview::send_back(&office, &who.operator, &plan, &out, watch).map(Ended::Written)
            })
        }
        TableAsk::Status => wait(store, AGAIN),
        TableAsk::Cancel => {
            if let Some(job) = &store.tables.job {
                job.cancel();
            }
            Ok(TableTold::Nothing)
        }
        TableAsk::Export(query, format) => export_list(store, query, *format),
        TableAsk::Template(register) => {
            let sheet = sheet_of(store, register).map_err(failed)?;
            let out = store.tables.folders.output(&format!("{}空白表", sheet.label), "xlsx");
            out.and_then(|out| {
                template::write(&out, &sheet)?;
                Ok(TableTold::Written(format!("空白表已写到 {}。", out.display())))
            })
            .map_err(failed)
        }
        TableAsk::Grid(register) => grid::open(store, register).map_err(failed),
        TableAsk::Keep(register, rows) => {
            let conn = &store.office.file().conn;
            remembered::keep_grid(conn, &store.operator.id, register, rows).map_err(failed)?;
            Ok(TableTold::Nothing)
        }
        TableAsk::Offer(kind, typed) => grid::offers(store, kind, typed).map_err(stopped),
    }
}

/// The registers a sheet can be imported into, by name.
fn registers(store: &OfficeStore, _deed: Deed) -> Vec<(String, String)> {
    let texts = store.reader().texts();
    let mut all: Vec<(String, String)> = texts
        .sheets
        .iter()
        .filter(|sheet| sheet.import)
        .map(|sheet| (sheet.id.clone(), sheet.label.clone()))
        .collect();
    // the directory first: the other registers refer to it
    let place = |id: &str| {
        [
            "unit",
            "section",
            "post",
            "person",
            "appointment",
            "risk_point",
            "warning",
            "task",
        ]
        .iter()
        .position(|known| *known == id)
        .unwrap_or(usize::MAX)
    };
    all.sort_by(|a, b| (place(&a.0), &a.1).cmp(&(place(&b.0), &b.1)));
    all
}

fn sheet_of(store: &OfficeStore, register: &str) -> Result<Sheet, Fault> {
    let texts = store.reader().texts();
    let sheet = texts.sheets.get(register).filter(|sheet| sheet.import);
    sheet
        .map(|sheet| (**sheet).clone())
        .ok_or_else(|| Fault::new(FaultKind::Usage, "这一栏不是能录入、导入的台账").hint("请到 5 台账，在左边选一本。"))
}

/// Starts work on a connection of its own and waits a moment for its end.
fn begin<W>(store: &mut OfficeStore, what: &'static str, work: W) -> Result<TableTold, Problem>
where
    W: FnOnce(Office, &job::Who, &mut job::Watch) -> Result<Ended, Stop> + Send + 'static,
{
    if store.tables.job.as_ref().is_some_and(|job| !job.finished()) {
        return Err(failed(
            Fault::new(FaultKind::Busy, "上一件还没有做完").hint("请等它做完，或按 Esc 取消。"),
        ));
    }
    let file = store.office.file().again().map_err(failed)?;
    let clock = if store.office.clock().is_told() {
        Clock::fixed(store.office.clock().now_ms())
    } else {
        Clock::System
    };
    let who = job::Who {
        operator: store.operator.clone(),
        capacity: store.capacity,
    };
    let job = Job::start(what, move |watch| {
        let mut office = Office::over(file, clock, Entropy::System)?;
        office.stop_when(watch.stopper())?;
        work(office, &who, watch)
    });
    store.tables.job = Some(job.map_err(failed)?);
    wait(store, SHORT)
}

/// How far the work is, or how it ended.
fn wait(store: &mut OfficeStore, long: Duration) -> Result<TableTold, Problem> {
    let Some(job) = &mut store.tables.job else {
        return Ok(TableTold::Nothing);
    };
    if !job.wait(long) {
        return Ok(TableTold::Running(job.what().to_owned(), job.done()));
    }
    let cancelled = job.is_cancelled();
    let Some(job) = store.tables.job.take() else {
        return Ok(TableTold::Nothing);
    };
    match job.end() {
        Ok(Ended::Checked(preview)) => Ok(TableTold::Checked(preview)),
        Ok(Ended::Imported(sentence)) => Ok(TableTold::Imported(sentence)),
        Ok(Ended::Written(sentence)) => Ok(TableTold::Written(sentence)),
        Err(_) if cancelled => {
            // the note for other windows is all that an act that was stopped can leave
            if store.office.withdraw_note().is_err() {
                return Ok(TableTold::Stopped("已取消，什么都没有改动。".into()));
            }
            Ok(TableTold::Stopped("已取消，什么都没有改动。".into()))
        }
        Err(stop) => Err(stopped(stop)),
    }
}

/// The list goes back to where the sheet came from, where that can be written; else to the usual folder.
fn send_back_to(store: &OfficeStore, plan: &Plan) -> Result<PathBuf, Fault> {
    let folders = &store.tables.folders;
    match &plan.source {
        Source::File(path) => {
            let path = Path::new(path);
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            let stem = format!("{}_退回", stem.unwrap_or_default());
            match path.parent().filter(|folder| files::is_writable(folder)) {
                Some(folder) => Ok(files::free_name(folder, &stem, "xlsx")),
                None => folders.output(&stem, "xlsx"),
            }
        }
        _ => folders.output("粘贴的表_退回", "xlsx"),
    }
}

/// Writes a list out as it stands, filters and order included.
fn export_list(store: &mut OfficeStore, query: &ListQuery, format: Format) -> Result<TableTold, Problem> {
    let texts = store.reader().texts();
    let Some(sheet) = texts.sheets.get(&query.register).map(|sheet| (**sheet).clone()) else {
        let fault = Fault::new(FaultKind::Usage, "这一栏不是台账的列表，不能导出");
        return Err(failed(fault.hint("请到 2、3、4、5、6 各栏的列表上再按。")));
    };
    let ending = match format {
        Format::Xlsx => "xlsx",
        Format::Csv => "csv",
    };
    let stem = format!("{}_{}", sheet.label, store.office.today().format("%Y%m%d"));
    let out = store.tables.folders.output(&stem, ending).map_err(failed)?;
    let reader = Reader::beside(&store.office).map_err(failed)?;
    reader.view_as(&store.operator, store.capacity);
    let query = query.clone();
    begin(store, "正在导出", move |_, _, watch| {
        let mut streams: Vec<StreamId> = Vec::new();
        let mut at = At::Start;
        loop {
            let page = reader.list(&lists::asked(&query, &at, PAGE))?;
            streams.extend(page.items.iter().map(|item| item.stream));
            match page.keys.last().filter(|_| page.more_after) {
                Some(key) => at = At::After(key.clone()),
                None => break,
            }
            watch.tell(streams.len())?;
        }
        let rows = reader.with_world_for_long::<_, Stop>(|world| {
            let told = &mut |done| watch.go(done);
            Ok(export::write(&out, &sheet, world, &mut streams.into_iter(), told)?)
        })?;
        let sentence = format!("已导出{} {rows} 条：{}。", sheet.label, out.display());
        Ok(Ended::Written(sentence))
    })
}
