//! `eligible`: is this person, or this unit, restricted, by what, until when.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::look::Look;
use super::output::{Table, misuse};
use super::setting::Setting;
use super::{Done, output, roll};
use crate::domain::RestrictedAct;
use crate::domain::fault::Stop;
use crate::domain::restriction;
use crate::ledger::query::{Eligible, Found};

/// `eligible`.
#[derive(Debug, Args)]
#[command(
    about = "名单核查：提拔、调动、评先评优有没有限制",
    after_help = "名字写 张三、RY-XY-0003 或 张三（区财政局）；名册文件一行一个，或有“姓名”“单位”列。
写单位名称，则答该单位能否评先评优。写 --on 日期，则答那一天的情况。
同名的须改写编号；未在名录的答“未在名录”，不等于没有限制。
例：
  lianneng eligible 张三 李四 --act promotion
  lianneng eligible 张三 --on 2026-06-30
  lianneng eligible --file 拟提拔名单.xlsx --act promotion -o 核查结果.xlsx
  lianneng eligible --file 拟提拔名单.xlsx --json"
)]
pub struct Check {
    #[arg(
        value_name = "姓名",
        help_heading = "参数",
        help = "一个或多个姓名或人员编号，也可写单位"
    )]
    names: Vec<String>,
    #[arg(
        long = "names",
        value_name = "名册",
        help = "名册文件（txt、csv、xlsx、ods）；写成 --file 也可"
    )]
    list: Option<PathBuf>,
    #[arg(
        long,
        value_name = "事项",
        help = "只问一项：promotion 提拔、transfer 调动、commendation 评先评优"
    )]
    act: Option<String>,
    #[arg(short, long, value_name = "文件", help = "把结果另写成一份 .xlsx")]
    output: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Check, setting: &Setting) -> Done {
    let mut list = args.list.clone();
    let mut global = setting.global.clone();
    // `--file` names a ledger everywhere else; here it may also be the list of names.
    if let Some(file) = setting.global.file.clone().filter(|file| !is_ledger(file)) {
        if list.is_some() {
            return Err(misuse("--file 和 --names 都是名册，只能写一个", ""));
        }
        (list, global.file) = (Some(file), None);
    }
    let setting = Setting { global, ..*setting };
    let act = args.act.as_deref().map(restricted_act).transpose()?;
    let mut names = args.names.clone();
    if names.is_empty() && list.is_none() {
        return Err(misuse("没有写姓名", "写姓名，或用 --file 给一份名册。"));
    }
    let look = Look::open(&setting)?;
    if let Some(list) = &list {
        names.extend(roll::names_of_file(&look.reader, list)?);
    }
    if names.is_empty() {
        return Err(misuse("名册里没有姓名", "名册一行一个姓名，或有“姓名”“单位”列。"));
    }
    let day = look.reader.today();
    let answers = look.reader.eligible(&names, act, day)?;
    let overlay = look.ask(|world| Ok(restriction::overlay_note(world.policy())))?;
    let unclear = answers.iter().any(|one| one.found == Found::Several);
    if let Some(file) = &args.output {
        roll::write(&look.reader, file, &answers, act)?;
        output::say(format!("已写成 {}。", file.display()));
    }
    if setting.json() {
        output::json(&json!({ "on": day, "items": answers, "overlay": overlay }))?;
    } else {
        show(&answers)?;
        output::say(&overlay);
    }
    Ok(if unclear {
        output::code::REFUSED
    } else {
        output::code::DONE
    })
}

fn show(answers: &[Eligible]) -> Result<(), Stop> {
    let mut table = Table::new(["姓名", "编号", "结论", "情况"]).whole();
    for one in answers {
        let verdict = match one.restricted {
            Some(true) => "有限制",
            Some(false) => "无限制",
            None => "未答复",
        };
        let named: Vec<String> = one
            .candidates
            .iter()
            .map(|candidate| format!("{} {} {}", candidate.code, candidate.name, candidate.note))
            .collect();
        let about = if named.is_empty() {
            one.answer.clone()
        } else {
            format!("{}：{}", one.answer, named.join("；"))
        };
        table.row([
            one.asked.clone(),
            one.person.clone().unwrap_or_default(),
            verdict.to_owned(),
            about,
        ]);
    }
    table.print()?;
    output::say("仅依据本台账，不代替其他渠道核查。");
    Ok(())
}

fn restricted_act(text: &str) -> Result<RestrictedAct, Stop> {
    let alias = if text == "评先" || text == "评优" {
        "commendation"
    } else {
        text
    };
    RestrictedAct::find(alias).ok_or_else(|| {
        let all: Vec<String> = RestrictedAct::ALL
            .iter()
            .map(|act| format!("{} {}", act.id(), act.label()))
            .collect();
        misuse(format!("--act 不能是“{text}”"), format!("可填：{}。", all.join("、")))
    })
}

/// A plain copy, or a file called like a ledger.
fn is_ledger(path: &Path) -> bool {
    let mut start = [0; 16];
    let plain = File::open(path)
        .and_then(|mut file| file.read_exact(&mut start))
        .is_ok()
        && &start == b"SQLite format 3\0";
    plain || path.extension().is_some_and(|ending| ending == "lian")
}
