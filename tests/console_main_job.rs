//! The whole main job in the real program, from an empty office and a spreadsheet: import, register, raise by
//! keyboard, see the 诫勉纠错 that follows, serve it, ask who is restricted, lift it, take a step back, verify.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/terminal.rs"]
mod terminal;

use std::path::Path;
use std::process::Command;

use terminal::Terminal;

const F5: &str = "\x1b[15~";
const F6: &str = "\x1b[17~";
const F10: &str = "\x1b[21~";
const ENTER: &str = "\r";
const CTRL_Z: &str = "\x1a";

/// Runs the shell side of the program and returns what it says, both streams.
fn shell(folder: &Path, args: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_lianneng"))
        .args(args)
        .arg("--data")
        .arg(folder)
        .output()
        .unwrap();
    let said = [done.stdout, done.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(done.status.success(), "{args:?}: {said}");
    said
}

fn furnished(folder: &Path) {
    shell(folder, &["init", "--rehearsal"]);
    let sheets = folder.parent().unwrap();
    let register = sheets.join("一览表.csv");
    std::fs::write(
        &register,
        "\u{feff}廉政风险点一览表,,,,,,,\n单位/科室,岗位,风险类别,小项,风险内容及表现形式,等级,防控措施,责任领导\n\
         区城建局,项目管理岗,岗位职责风险,工程建设,变更先干后批,三级,1.变更分级审批；2.超概算集体决策,周正明\n",
    )
    .unwrap();
    let people = sheets.join("人员.csv");
    std::fs::write(&people, "姓名,单位,职级\n沈严,区纪委监察局,科级\n郑民,区城建局,科级\n").unwrap();
    shell(
        folder,
        &["import", "风险点", register.to_str().unwrap(), "--create-missing"],
    );
    shell(
        folder,
        &["import", "人员", people.to_str().unwrap(), "--create-missing"],
    );
    for (person, body, role) in [("沈严", "区纪委监察局", "分管领导"), ("郑民", "区城建局推委会", "主任")]
    {
        let seat = [
            "--person",
            person,
            "--body",
            body,
            "--role",
            role,
            "--from",
            "2026-01-01",
        ];
        shell(
            folder,
            &[&["do", "create", "--register", "任职"], seat.as_slice()].concat(),
        );
    }
}

#[test]
fn from_an_empty_office_and_a_spreadsheet_to_a_restriction_and_back() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("office");
    furnished(&folder);

    let mut console = Terminal::start(&folder);
    console.wait("今日待办0");
    console.send("3");
    console.wait("预警事项0");
    let mut after = |keys: &[&str], said: &str| {
        for key in keys {
            console.send(key);
        }
        console.wait(said);
    };
    after(&["0"], "菜单");
    after(&["1"], "信息登记");
    after(&["5", "城建"], "区城建局");
    after(&[ENTER, "隧道工程变更未报批", F5], "已办：信息登记YJ-");
    after(&[F5], "建议等级");
    after(&["3", F5], "已办：评估");
    after(&[F5], "怎样决定");
    after(&["2", ENTER], "已办：发布");
    after(&[F5], "送达");
    after(&[F5], "已办：送达");

    after(&[F6], "调级");
    after(&["2", "2"], "责任人");
    // the sheet names no leader's post, so nobody is offered: 暂不指定, picked on the admonition itself
    after(&["0", "2", ENTER], "另提出JJ-");
    after(&["4"], "诫勉纠错");
    after(&["\t\t"], "JJ-");
    after(&[F5], "指定责任人");
    after(&["周正明"], "周正明区城建局");
    after(&[ENTER, F5], "已办：指定责任人");
    after(&[F5], "听取说明");
    after(&[F5], "已办：听取说明");
    after(&[F5], "怎样决定");
    after(&["2", ENTER], "已办：批准");
    after(&[F5, F5], "已办：送达");

    let answer = shell(&folder, &["eligible", "周正明", "--json"]);
    assert!(answer.contains("\"restricted\":true"), "{answer}");
    after(&[F5, F5], "已办：谈话");
    after(&[CTRL_Z], "已撤回");
    after(&[F5, F5], "已办：谈话");
    after(&[F5], "整改结果");
    after(&["已全部纠正", F5], "已办：录入反馈");
    after(&[F5, "1", ENTER], "已办：核验");
    after(&[F5, "2", ENTER], "已办：解除");
    let answer = shell(&folder, &["eligible", "周正明", "--json"]);
    assert!(answer.contains("\"restricted\":false"), "{answer}");

    console.send(F10);
    assert_eq!(console.ends(), 0);
    let verdict = shell(&folder, &["verify", "--json"]);
    assert!(verdict.contains("\"ok\":true"), "{verdict}");
}
