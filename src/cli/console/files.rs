//! Files on steps (§0.22) from the console: paths typed into a form are read, attachments are written out.

use std::path::{Path, PathBuf};

use super::{OfficeStore, failed, stopped};
use crate::app::forms::act::ATTACH;
use crate::app::store::{
    ActRequest, ActionState, Choice, FieldKind, FieldSpec, FormRequest, FormSpec, Outcome, Problem, Slot,
};
use crate::cli::attachment::{Taken, places};
use crate::domain::StreamId;
use crate::domain::attachment::Attached;
use crate::ledger::attachments;
use crate::ledger::files::{self, Sharing};

/// Writes the attachments of a matter out.
pub const WRITE_OUT: &str = "attachment";
/// Where documents go, under the person's documents.
const FOLDER: &str = "廉能台输出";
/// Files offered one by one; the rest go with all.
const OFFERED: u8 = 8;

/// The files named in a filled form, one path a line.
pub fn attached(request: &ActRequest) -> Result<Vec<Attached>, Problem> {
    let typed = request.values.iter().find(|(id, _)| id == ATTACH);
    let lines = typed.map(|(_, text)| text.as_str()).unwrap_or_default().lines();
    let mut found: Vec<Attached> = Vec::new();
    for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
        let path = path_of(line);
        let wrong = |reason: String, hint: String| Problem {
            reason,
            hint,
            field: Some(ATTACH.into()),
        };
        if !path.exists() {
            let hint = if path.is_absolute() {
                "核对文件名；可以把文件拖进窗口，或粘贴它的路径，一行一个".to_owned()
            } else {
                format!("请写完整路径；现在是在 {} 里找", here())
            };
            return Err(wrong(format!("附件“{}”不存在", path.display()), hint));
        }
        let file = attachments::read(&path).map_err(|stop| Problem {
            field: Some(ATTACH.into()),
            ..stopped(stop)
        })?;
        if !found.iter().any(|other| other.sha256 == file.sha256) {
            found.push(file);
        }
    }
    Ok(found)
}

fn here() -> String {
    std::env::current_dir().map_or_else(|_| "当前文件夹".into(), |folder| folder.display().to_string())
}

/// A path as people type, paste or drop it: in quotes, as a link, from the home folder.
pub fn path_of(typed: &str) -> PathBuf {
    let quoted = |mark: char| typed.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    let bare = quoted('"').or_else(|| quoted('\'')).unwrap_or(typed);
    let bare = bare.strip_prefix("file://").unwrap_or(bare);
    match (bare.strip_prefix("~/"), directories::BaseDirs::new()) {
        (Some(rest), Some(folders)) => folders.home_dir().join(rest),
        _ => PathBuf::from(bare),
    }
}

/// The entry that writes a matter's attachments out; none when there are none.
pub fn action(count: usize) -> Option<ActionState> {
    (count > 0).then(|| ActionState {
        verb: WRITE_OUT.into(),
        label: format!("写出附件（{count}）"),
        slot: Slot::More,
        reason: None,
    })
}

/// What writing out asks: where to, and which.
pub fn form(store: &OfficeStore, request: &FormRequest) -> Result<FormSpec, Problem> {
    let files = of_targets(store, request.targets.iter())?;
    let choice = |digit, id: String, label: String| Choice {
        digit,
        id,
        label,
        reason: None,
    };
    let all = choice(1, "all".into(), format!("全部 {} 个", files.len()));
    let each = (2..=OFFERED + 1)
        .zip(&files)
        .map(|(digit, file)| choice(digit, file.sha256.clone(), file.name.clone()));
    let which: Vec<Choice> = std::iter::once(all).chain(each).collect();
    let field = |id: &str, label: &str, kind, default: String| FieldSpec {
        id: id.into(),
        label: label.into(),
        kind,
        required: true,
        default,
        hint: "文件夹的完整路径，没有则建立".into(),
        live: false,
    };
    Ok(FormSpec {
        verb: WRITE_OUT.into(),
        title: "写出附件".into(),
        doable: request.targets.iter().map(|target| (target.clone(), 0)).collect(),
        fields: vec![
            field("which", "写出", FieldKind::Choice(which), "all".into()),
            field(
                "folder",
                "文件夹",
                FieldKind::Text,
                usual_folder().display().to_string(),
            ),
        ],
        follows: vec![
            "写出的文件不加密，用毕请删除。".into(),
            "不覆盖已有文件：重名的另加编号。".into(),
        ],
        ..FormSpec::default()
    })
}

/// Writes them out and says where they went.
pub fn write_out(store: &OfficeStore, request: &ActRequest) -> Result<Outcome, Problem> {
    let value = |id: &str| {
        let found = request.values.iter().find(|(name, _)| name == id);
        found.map(|(_, value)| value.trim()).unwrap_or_default()
    };
    let wrong = |reason: String, hint: &str| Problem {
        reason,
        hint: hint.into(),
        field: Some("folder".into()),
    };
    let files: Vec<Attached> = of_targets(store, request.targets.iter().map(|(target, _)| target))?
        .into_iter()
        .filter(|file| value("which") == "all" || file.sha256 == value("which"))
        .collect();
    let folder = path_of(value("folder"));
    if !folder.is_absolute() {
        return Err(wrong(
            format!("“{}”不是完整路径", folder.display()),
            "请从根目录或盘符写起",
        ));
    }
    if folder.exists() && !folder.is_dir() {
        return Err(wrong(
            format!("{} 是一个文件，不是文件夹", folder.display()),
            "请换一个文件夹",
        ));
    }
    std::fs::create_dir_all(&folder).map_err(|error| {
        let reason = format!("建立文件夹 {} 失败：{error}", folder.display());
        wrong(reason, "请换一个有权写入的位置")
    })?;
    let places = places(&files, &folder, Taken::Numbered).map_err(stopped)?;
    for (file, place) in files.iter().zip(&places) {
        let bytes = store.reader().attachment_bytes(file).map_err(failed)?;
        files::replace(place, &bytes, Sharing::Owner).map_err(failed)?;
    }
    let names: Vec<String> = places.iter().map(|place| name(place)).collect();
    Ok(Outcome {
        message: format!(
            "已写出 {} 个到 {}：{}。未加密，用毕请删除。",
            places.len(),
            folder.display(),
            names.join("、")
        ),
        ..Outcome::default()
    })
}

fn name(place: &Path) -> String {
    place.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

pub fn usual_folder() -> PathBuf {
    let documents = directories::UserDirs::new().map(|folders| {
        let documents = folders.document_dir().map(Path::to_owned);
        documents.unwrap_or_else(|| folders.home_dir().to_owned())
    });
    documents.unwrap_or_default().join(FOLDER)
}

fn of_targets<'t>(store: &OfficeStore, targets: impl Iterator<Item = &'t String>) -> Result<Vec<Attached>, Problem> {
    let mut found = Vec::new();
    for stream in targets.filter_map(|target| StreamId::parse(target)) {
        found.extend(store.reader().attachments_of(stream).map_err(failed)?);
    }
    if found.is_empty() {
        return Err(Problem {
            reason: "没有附件可以写出".into(),
            ..Problem::default()
        });
    }
    Ok(found)
}
