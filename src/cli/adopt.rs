//! `adopt`: what the data folder's files change comes into force.

use clap::Args;
use serde_json::json;

use super::desk::Desk;
use super::output::{self, Table, say};
use super::setting::Setting;
use super::{Done, doctor};
use crate::domain::fault::{Refusal, Stop};
use crate::domain::state::Adoption;
use crate::ledger::drafts::{Drafts, Pending};
use crate::ledger::paths::OfficePaths;
use crate::ledger::texts;

/// `adopt`.
#[derive(Debug, Args)]
#[command(
    about = "启用数据文件夹里改过的政策、日历和台账样式",
    after_help = "数据文件夹里的 policy.toml（只写本区改动的项）、calendar.toml（只写有改动的年份）和
registers/*.toml（本区自设或增改的台账样式）改好后不立即生效，启用后才约束以后的办理；
换用新版程序后，随程序附带的改动也由此启用。新日历使在计期限改期的，逐项列出。启用不能撤回。
例：
  lianneng adopt --dry-run
  lianneng adopt"
)]
pub struct Adopt {
    #[arg(long, help = "只看会改什么，不启用")]
    dry_run: bool,
}

/// Runs it. One mistake anywhere and nothing is adopted: half of a district's rules would be nobody's rules.
pub fn run(args: &Adopt, setting: &Setting) -> Done {
    let mut desk = Desk::open_without_hint(setting)?;
    let drafts = look(&desk)?;
    if !drafts.broken.is_empty() && !args.dry_run {
        return Err(Refusal::new("broken_text", doctor::broken(&drafts).join("\n"))
            .hint("改正后再启用；在此之前按已启用的办理。")
            .into());
    }
    let mut act = texts::adopt(&drafts.texts);
    act.capacity = desk.capacity;
    let (act_id, notes) = match (drafts.changes.is_empty(), args.dry_run) {
        (true, _) => (None, Vec::new()),
        (false, true) => (None, desk.office.preview(&desk.operator, &act)?.notes),
        (false, false) => {
            let receipt = desk.office.submit(&desk.operator, &act, None)?;
            (Some(receipt.act_id), receipt.notes)
        }
    };
    if setting.json() {
        output::json(&json!({
            "dry_run": args.dry_run, "act_id": act_id, "changes": drafts.changes, "broken": drafts.broken,
            "notes": notes,
        }))?;
    } else {
        show(&drafts, &notes, args.dry_run)?;
    }
    if act_id.is_some() {
        desk.leave();
    }
    Ok(if drafts.broken.is_empty() {
        output::code::DONE
    } else {
        output::code::REFUSED
    })
}

fn show(drafts: &Drafts, notes: &[String], dry_run: bool) -> Result<(), Stop> {
    doctor::broken(drafts).iter().for_each(say);
    if drafts.changes.is_empty() {
        say("没有需要启用的改动。");
        return Ok(());
    }
    let mut table = Table::new(["文件", "改动"]).whole();
    for change in &drafts.changes {
        for detail in &change.details {
            let own = if change.own { "" } else { "（随程序附带）" };
            table.row([format!("{}{own}", change.file), detail.clone()]);
        }
    }
    table.print()?;
    notes.iter().for_each(say);
    say(match (dry_run, drafts.broken.is_empty()) {
        (true, true) => "以上只是预演，没有启用。",
        (true, false) => "以上只是预演；有误的文件改正后才能启用。",
        (false, _) => "已启用，自此办理的事项按新的规定。",
    });
    Ok(())
}

/// Says on stderr that files were changed and do not bind yet.
pub fn hint(setting: &Setting, paths: Option<&OfficePaths>, adopted: &Adoption) {
    if setting.json() {
        return;
    }
    // A folder that cannot be looked at stops no command; doctor says what is wrong with it.
    let waits = paths.and_then(|paths| Pending::default().look(paths, adopted).ok().flatten());
    if let Some(waits) = waits {
        say(format!("提示：{waits}（lianneng adopt）。"));
    }
}

/// The folder's drafts; a file opened on its own has none.
pub fn look(desk: &Desk) -> Result<Drafts, Stop> {
    let Some(paths) = &desk.office.file().office else {
        return Err(output::misuse(
            "单独打开的文件没有可启用的改动",
            "请用 --data 指定台账所在的文件夹。",
        ));
    };
    Ok(Drafts::look(paths, &desk.office.texts().source)?)
}
