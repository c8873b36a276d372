//! Ctrl-C while the shell reads: everything is printed, or nothing.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use shell::Shell;

#[test]
fn ctrl_c_leaves_no_half_output() {
    let shell = Shell::office();
    let mut sheet = String::from("单位/科室,岗位,风险类别,业务事项,风险内容,风险等级,防控措施\n");
    for n in 0..1_500 {
        sheet.push_str(&format!(
            "区财政局,支付岗,岗位职责风险,物资采购,第{n}种表现审核不严,三级,双人联签\n"
        ));
    }
    let sheet = shell.write("一览表.csv", &sheet);
    shell.ask(&["import", "风险点", &sheet, "--create-missing"]);
    let ask = ["list", "风险点", "--find", "审核不严", "--limit", "1500", "--json"];
    let whole = shell.run(&ask).out;
    assert!(whole.len() > 100_000);
    let mut stopped = 0;
    for wait in (0..400).step_by(20) {
        let child = Command::new(env!("CARGO_BIN_EXE_lianneng"))
            .args(ask)
            .args(["--now", "2026-11-16T15:00:00+08:00"])
            .env("LIANNENG_DATA", shell.data())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Wherever it is by then.
        std::thread::sleep(Duration::from_millis(wait));
        kill_process(Pid::from_child(&child), Signal::INT).ok();
        let done = child.wait_with_output().unwrap();
        let (out, err) = (
            String::from_utf8(done.stdout).unwrap(),
            String::from_utf8(done.stderr).unwrap(),
        );
        match done.status.code() {
            Some(0) => assert_eq!(out, whole),
            code => {
                stopped += 1;
                assert_eq!(out, "", "{code:?} {err}");
                // Before it has begun to read, the signal itself ends it.
                assert!(
                    code.is_none() || (code == Some(4) && err.contains("已按要求中断")),
                    "{code:?} {err}"
                );
            }
        }
    }
    assert!(stopped > 0);
}
