//! Figures of sheets: `cargo bench --bench papers -- 100000` makes an xlsx of that many rows, reads its cells, checks
//! it as a register of risk points in an empty office, and makes and reads the same as csv. Nothing is asserted.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use lianneng::domain::policy::Policy;
use lianneng::domain::sheet::{Sheets, shipped_registers};
use lianneng::domain::{State, StreamId};
use lianneng::papers::book::Book;
use lianneng::papers::grid::Go;
use lianneng::papers::import::{Lookup, Options, read};

const HEADER: [&str; 12] = [
    "序号",
    "单位",
    "岗位",
    "大类",
    "小项",
    "风险表现",
    "可能后果",
    "等级",
    "防范措施",
    "部门负责人",
    "责任领导",
    "查找日期",
];

/// An office in which nothing is known.
struct Empty(Cell<u64>);

impl Lookup for Empty {
    fn today(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }
    fn state(&self, _: StreamId) -> Option<Arc<State>> {
        None
    }
    fn version(&self, _: StreamId) -> u64 {
        0
    }
    fn by_code(&self, _: &str) -> Option<StreamId> {
        None
    }
    fn titled(&self, _: &str, _: &str) -> Vec<StreamId> {
        Vec::new()
    }
    fn referrers(&self, _: &str, _: &str, _: StreamId) -> Vec<StreamId> {
        Vec::new()
    }
    fn same_point(&self, _: StreamId, _: Option<StreamId>, _: &str, _: &str) -> Option<StreamId> {
        None
    }
    fn fresh_id(&self) -> StreamId {
        self.0.set(self.0.get() + 1);
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.0.get().to_be_bytes());
        StreamId(id)
    }
}

fn row(n: usize) -> [String; 12] {
    [
        n.to_string(),
        format!("第{}局", n % 60),
        format!("第{}岗", n % 300),
        "岗位职责风险".into(),
        "大额资金使用".into(),
        format!("第{n}号：拨付依据审核不严，超进度、超预算支付，未按合同节点与监理意见逐级复核"),
        format!("资金沉淀或损失（{n}），相关人员失职，受到党纪政务处分"),
        ["一级", "橙", "低"][n % 3].into(),
        "1.支付三级联签；2.预算硬控；3.大额支付次日抽核".into(),
        format!("负责人{}", n % 50),
        format!("领导{}", n % 20),
        "2026年3月12日".into(),
    ]
}

fn main() {
    let wanted: usize = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .next()
        .unwrap_or(20_000);
    let folder = tempfile::tempdir().unwrap();
    let xlsx = folder.path().join("a.xlsx");
    let csv = folder.path().join("a.csv");
    // The files are made by a child, so that what making them took is not counted.
    if std::env::var_os("LIANNENG_BENCH_MAKE").is_some() {
        let target = std::env::var("LIANNENG_BENCH_MAKE").unwrap();
        make(wanted, Path::new(&target));
        return;
    }
    let program = std::env::current_exe().unwrap();
    let status = std::process::Command::new(program)
        .arg(wanted.to_string())
        .env("LIANNENG_BENCH_MAKE", folder.path())
        .status();
    assert!(status.unwrap().success());
    for path in [&csv, &xlsx] {
        let size = std::fs::metadata(path).unwrap().len() >> 10;
        println!("{} of {wanted} rows, {size} KiB", path.extension().unwrap().display());
        timed("  cells", || {
            let mut cells = 0;
            Book::open(path)
                .unwrap()
                .rows(0, &mut |row| {
                    cells += row.cells.len();
                    Ok(Go::On)
                })
                .unwrap();
            cells
        });
        timed("  checked import", || {
            let (sheets, _) = Sheets::parse(&shipped_registers());
            let policy = Policy::parse(Policy::shipped()).unwrap();
            let options = Options {
                create_missing: true,
                ..Options::default()
            };
            let sheet = sheets.get("risk_point").unwrap();
            let checked = read(path, sheet, &policy, &options, &Empty(Cell::new(0)), &mut |_| Go::On).unwrap();
            assert_eq!(checked.report.imported, wanted, "{:?}", checked.report.errors.first());
            checked.rows.len()
        });
    }
}

fn make(wanted: usize, folder: &Path) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let mut text = csv::Writer::from_path(folder.join("a.csv")).unwrap();
    sheet.write_row(0, 0, HEADER).unwrap();
    text.write_record(HEADER).unwrap();
    for n in 1..=wanted {
        let row = row(n);
        text.write_record(&row).unwrap();
        sheet.write_row(n as u32, 0, row).unwrap();
    }
    text.flush().unwrap();
    book.save(folder.join("a.xlsx")).unwrap();
}

fn timed(what: &str, work: impl FnOnce() -> usize) {
    let start = Instant::now();
    let count = work();
    println!(
        "{what}: {count} in {:.2} s, peak {} MiB",
        start.elapsed().as_secs_f64(),
        peak_mib()
    );
}

/// Most memory this process has held so far, where the system says so.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok())
        .unwrap_or(0)
        >> 10
}
