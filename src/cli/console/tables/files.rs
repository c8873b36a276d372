//! Where tables lie and where they are written: sticks, 桌面, 下载, 文档.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, FixedOffset, Utc};

use crate::app::store::{FileRow, Folder};
use crate::domain::fault::{Fault, FaultKind};
use crate::papers::place;

/// Newest files shown in the first list.
const NEWEST: usize = 40;
/// Most entries of one folder.
const MOST: usize = 2_000;
/// The folder under 文档 that everything is written to.
const OUTPUT: &str = "廉能台输出";
/// Endings of what a person may take for a table; those we cannot read say on Enter what to do.
const TABLES: [&str; 17] = [
    "xlsx", "xls", "xlsm", "ods", "csv", "txt", "tsv", "et", "ett", "ets", "xlsb", "wps", "doc", "docx", "numbers",
    "pdf", "zip",
];

/// The folders of this machine and this person.
#[derive(Debug, Clone, Default)]
pub struct Folders {
    /// Mounted removable media; none: asked of the machine each time.
    pub sticks: Option<Vec<PathBuf>>,
    /// The home folder; none: the machine's.
    pub home: Option<PathBuf>,
}

impl Folders {
    fn home(&self) -> Option<PathBuf> {
        self.home
            .clone()
            .or_else(|| directories::UserDirs::new().map(|dirs| dirs.home_dir().to_owned()))
    }

    /// 桌面, 下载, 文档, as far as they are there.
    fn usual(&self) -> Vec<(&'static str, PathBuf)> {
        let dirs = self.home.is_none().then(directories::UserDirs::new).flatten();
        let of = |named: Option<&Path>, names: [&str; 2]| {
            let named = named.map(Path::to_owned);
            let home = self.home();
            let others = names.into_iter().filter_map(|name| Some(home.as_ref()?.join(name)));
            named.into_iter().chain(others).find(|folder| folder.is_dir())
        };
        let dirs = dirs.as_ref();
        let all = [
            ("桌面", of(dirs.and_then(|d| d.desktop_dir()), ["桌面", "Desktop"])),
            ("下载", of(dirs.and_then(|d| d.download_dir()), ["下载", "Downloads"])),
            ("文档", of(dirs.and_then(|d| d.document_dir()), ["文档", "Documents"])),
        ];
        all.into_iter().filter_map(|(name, path)| Some((name, path?))).collect()
    }

    fn sticks(&self) -> Vec<PathBuf> {
        self.sticks.clone().unwrap_or_else(mounted)
    }

    /// The first list: sticks, the usual folders, and the newest tables in them.
    pub fn first(&self) -> Folder {
        let mut rows = Vec::new();
        let mut files: Vec<(SystemTime, FileRow)> = Vec::new();
        let row = |path: &Path, name: String, note: String| FileRow {
            path: path.display().to_string(),
            name,
            folder: true,
            when: String::new(),
            note,
        };
        let mut places: Vec<(String, PathBuf)> = Vec::new();
        for stick in self.sticks() {
            let name = name_of(&stick);
            rows.push(row(&stick, format!("U盘 {name}"), "文件夹".to_owned()));
            places.push((format!("U盘 {name}"), stick));
        }
        let on_sticks = places.len();
        for (name, folder) in self.usual() {
            rows.push(row(&folder, name.to_owned(), "文件夹".to_owned()));
            places.push((name.to_owned(), folder));
        }
        let mut newest = Vec::new();
        for (at, (name, folder)) in places.iter().enumerate() {
            if at == on_sticks {
                newest.append(&mut sorted(std::mem::take(&mut files)));
            }
            let found = entries(folder).into_iter().filter(|(_, row)| !row.folder);
            files.extend(found.map(|(time, row)| {
                let note = format!("在{name}");
                (time, FileRow { note, ..row })
            }));
        }
        newest.append(&mut sorted(files));
        rows.extend(newest.into_iter().take(NEWEST));
        Folder {
            title: "U盘、桌面、下载、文档，和其中最近的表格".into(),
            above: None,
            rows,
        }
    }

    /// A folder's folders and tables, newest first.
    pub fn list(&self, folder: &Path) -> Result<Folder, Fault> {
        if let Err(error) = std::fs::read_dir(folder) {
            let reason = format!("打不开“{}”：{error}", folder.display());
            return Err(Fault::new(FaultKind::World, reason).hint("U盘可能已拔出；请回上一层再选。"));
        }
        let is_place =
            self.sticks().iter().any(|stick| stick == folder) || self.usual().iter().any(|(_, usual)| usual == folder);
        let above = folder.parent().filter(|_| !is_place);
        Ok(Folder {
            title: folder.display().to_string(),
            above: Some(above.map(|path| path.display().to_string())),
            rows: sorted(entries(folder)),
        })
    }

    /// A new file in 文档/廉能台输出, never one that is there.
    pub fn output(&self, stem: &str, ending: &str) -> Result<PathBuf, Fault> {
        let documents = self.usual().into_iter().find(|(name, _)| *name == "文档");
        let base = documents
            .map(|(_, path)| path)
            .or_else(|| self.home().map(|home| home.join("文档")));
        let folder = base.unwrap_or_default().join(OUTPUT);
        std::fs::create_dir_all(&folder).map_err(|error| place::failed(&folder, &error))?;
        Ok(free_name(&folder, stem, ending))
    }
}

/// A name in a folder that no file has yet.
pub fn free_name(folder: &Path, stem: &str, ending: &str) -> PathBuf {
    let stem: String = stem
        .chars()
        .map(|c| if "\\/:*?\"<>|".contains(c) { '_' } else { c })
        .collect();
    let first = folder.join(format!("{stem}.{ending}"));
    let others = (2..).map(|n: u32| folder.join(format!("{stem}({n}).{ending}")));
    std::iter::once(first.clone())
        .chain(others)
        .find(|path| !path.exists())
        .unwrap_or(first)
}

/// Whether a file can be made in a folder: tried, as rights alone do not tell.
pub fn is_writable(folder: &Path) -> bool {
    let probe = folder.join(format!(".廉能台.{}.part", std::process::id()));
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(&probe);
    made.is_ok() && std::fs::remove_file(&probe).is_ok()
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// Newest first; of one moment by name.
fn sorted(mut rows: Vec<(SystemTime, FileRow)>) -> Vec<FileRow> {
    rows.sort_by(|a, b| (b.0, &a.1.name).cmp(&(a.0, &b.1.name)));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn entries(folder: &Path) -> Vec<(SystemTime, FileRow)> {
    let Ok(read) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    read.flatten()
        .take(MOST)
        .filter_map(|entry| entry_row(&entry.path()))
        .collect()
}

fn entry_row(path: &Path) -> Option<(SystemTime, FileRow)> {
    let name = path.file_name()?.to_str()?.to_owned();
    if name.starts_with(['.', '~']) || name.starts_with('$') {
        return None;
    }
    let meta = std::fs::metadata(path).ok()?;
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    if !meta.is_dir() && !TABLES.contains(&ending.as_str()) {
        return None;
    }
    let changed = meta.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    let row = FileRow {
        path: path.to_str()?.to_owned(),
        name,
        folder: meta.is_dir(),
        when: when(changed),
        note: if meta.is_dir() {
            "文件夹".into()
        } else {
            size(meta.len())
        },
    };
    Some((changed, row))
}

fn when(changed: SystemTime) -> String {
    const CHINA: i32 = 8 * 3600;
    let Some(zone) = FixedOffset::east_opt(CHINA) else {
        return String::new();
    };
    DateTime::<Utc>::from(changed)
        .with_timezone(&zone)
        .format("%y-%m-%d")
        .to_string()
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} 字节"),
        1024..1_048_576 => format!("{} KB", bytes >> 10),
        _ => format!("{} MB", bytes >> 20),
    }
}

/// Removable media that are mounted now.
fn mounted() -> Vec<PathBuf> {
    if cfg!(windows) {
        // C: is the machine's own
        let drives = ('D'..='Z').map(|letter| PathBuf::from(format!("{letter}:\\")));
        return drives.filter(|drive| drive.is_dir()).collect();
    }
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    let points = mounts.lines().filter_map(|line| line.split(' ').nth(1));
    let points = points.map(|point| point.replace("\\040", " "));
    let removable = |point: &String| {
        ["/media/", "/run/media/", "/Volumes/"]
            .iter()
            .any(|at| point.starts_with(at))
    };
    points.filter(removable).map(PathBuf::from).collect()
}
