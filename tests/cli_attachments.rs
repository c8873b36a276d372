//! Paper and files on steps from the shell: in, shown, out again, kept by everything and gone with what is sealed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use shell::{Shell, codes, holds};

const SCAN: &[u8] = b"%PDF-1.7 \x00\xff the signed receipt, page one and two";
const PHOTO: &[u8] = b"\xff\xd8\xff\xe0 a photograph of the site, quite unlike anything else";

fn put(shell: &Shell, name: &str, bytes: &[u8]) -> String {
    let path = shell.file(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A report with two files and a place in the paper archive.
fn office() -> (Shell, String) {
    let shell = Shell::office();
    shell.act(&["create", "单位", "--name", "区财政局"]);
    let (scan, photo) = (put(&shell, "送达回证.pdf", SCAN), put(&shell, "现场 照片.jpg", PHOTO));
    let files = ["--paper", "卷3 页12 柜2", "--attach", &scan, &photo];
    let code = shell.report("区财政局", "大额拨付无联签", &files);
    (shell, code)
}

fn written(shell: &Shell, what: &str, folder: &str, more: &[&str]) -> Vec<PathBuf> {
    let to = shell.file(folder);
    let done = shell.ask(&[&["attachment", what, "-o", to.to_str().unwrap()], more].concat());
    let files = done["files"].as_array().unwrap().iter();
    files
        .map(|file| PathBuf::from(file["file"].as_str().unwrap()))
        .collect()
}

fn noted(shell: &Shell, code: &str) -> Value {
    let shown = shell.ask(&["show", code]);
    let steps = shown["timeline"].as_array().unwrap();
    steps
        .iter()
        .find(|step| step["attachments"].is_array())
        .cloned()
        .unwrap_or_default()
}

#[test]
fn files_on_a_step_are_shown_and_come_out_as_they_went_in() {
    let (shell, code) = office();
    let step = noted(&shell, &code);
    let text = step["text"].as_str().unwrap();
    assert!(
        text.contains("卷3 页12 柜2") && text.contains("〔附2〕送达回证.pdf、现场 照片.jpg"),
        "{text}"
    );
    assert_eq!(step["attachments"][0]["size"], json!(SCAN.len()));
    assert!(shell.run(&["show", &code]).out.contains("〔附2〕"));
    let out = written(&shell, &code, "附件", &[]);
    assert_eq!(std::fs::read(&out[0]).unwrap(), SCAN);
    assert_eq!(std::fs::read(&out[1]).unwrap(), PHOTO);
    // By the beginning of its SHA-256, one alone.
    let sha = step["attachments"][1]["sha256"].as_str().unwrap();
    let one = written(&shell, &sha[..12], "一个", &[]);
    assert_eq!((one.len(), std::fs::read(&one[0]).unwrap().as_slice()), (1, PHOTO));
    // Nothing is overwritten.
    let again = shell.run(&["attachment", &code, "-o", shell.file("附件").to_str().unwrap()]);
    assert_eq!(again.code, 6, "{}", again.err);
    // Neither bytes nor names stand in the encrypted file.
    let file = shell.data().join("office.lian");
    assert!(!holds(&file, SCAN) && !holds(&file, "送达回证".as_bytes()));
    assert_eq!(shell.run(&["verify"]).code, 0);
}

#[test]
fn undo_rebuild_backup_and_plain_copy_keep_the_bytes() {
    let (shell, code) = office();
    shell.ask(&["undo"]);
    let sha = "0".repeat(8);
    assert_eq!(
        shell.refused(&["attachment", &sha, "-o", shell.file("无").to_str().unwrap()]),
        "not_found"
    );
    shell.ask(&["redo"]);
    shell.ask(&["rebuild"]);
    assert_eq!(written(&shell, &code, "重建后", &[]).len(), 2);
    let copy = shell.plain("副本.db");
    let out = written(&shell, &code, "副本里", &["--file", copy.to_str().unwrap()]);
    assert_eq!(std::fs::read(&out[0]).unwrap(), SCAN);
    let zip = shell.file("备份.zip");
    let zip = zip.to_str().unwrap();
    assert_eq!(shell.run(&["backup", "-o", zip]).code, 0);
    let later = shell.report("区财政局", "后来的一件", &[]);
    assert_eq!(
        shell.run(&["restore", zip]).code,
        0,
        "{}",
        shell.run(&["restore", zip]).err
    );
    assert_ne!(shell.run(&["show", &later]).code, 0);
    assert_eq!(std::fs::read(&written(&shell, &code, "恢复后", &[])[1]).unwrap(), PHOTO);
    assert_eq!(shell.run(&["verify"]).code, 0);
}

#[test]
fn what_cannot_go_on_a_step_is_refused_and_leaves_nothing() {
    let (shell, code) = office();
    let (empty, folder) = (put(&shell, "空.pdf", b""), shell.file("文件夹"));
    std::fs::create_dir(&folder).unwrap();
    let missing = shell.file("没有.pdf");
    let large = shell.file("录像.mp4");
    std::fs::File::create(&large).unwrap().set_len((20 << 20) + 1).unwrap();
    let before = shell.ask(&["show", &code]);
    let attach = |path: &str| shell.run(&["do", "progress", &code, "--text", "到场", "--attach", path, "--json"]);
    for (path, exit, says) in [
        (empty.as_str(), 6, "空文件"),
        (folder.to_str().unwrap(), 6, "文件夹"),
        (missing.to_str().unwrap(), 6, "不存在"),
        (large.to_str().unwrap(), 1, "20 MB"),
    ] {
        let ran = attach(path);
        assert!(
            ran.code == exit && ran.err.contains(says),
            "{path}: {} {}",
            ran.code,
            ran.err
        );
    }
    #[cfg(unix)]
    for name in ["甲:乙.pdf", ".profile", "NUL.txt", "换\n行.pdf"] {
        let ran = attach(&put(&shell, name, b"x"));
        assert!(ran.code == 1 && ran.kind() == "wrong_attachment", "{name}: {}", ran.err);
    }
    // Twenty megabytes are not too much.
    assert_eq!(shell.ask(&["show", &code]), before);
    let full = shell.file("满.bin");
    std::fs::File::create(&full).unwrap().set_len(20 << 20).unwrap();
    shell.report("区财政局", "带大附件", &["--attach", full.to_str().unwrap()]);
    // A refusal of the rules stores nothing either.
    let lost = put(&shell, "白附.txt", b"never stored anywhere at all");
    assert_ne!(shell.run(&["do", "serve", &code, "--attach", &lost]).code, 0);
    assert!(!holds(&shell.plain("查.db"), b"never stored anywhere at all"));
    let undo = shell.run(&["do", "undo", "--attach", &lost]);
    assert_eq!(undo.code, 2, "{}", undo.err);
}

#[test]
fn what_proves_a_step_of_several_matters_hangs_on_each() {
    let (shell, one) = office();
    let two = shell.report("区财政局", "采购询价对象固定", &[]);
    let minutes = put(&shell, "会议纪要.docx", b"the minutes of the meeting");
    let assess = ["assess", &one, &two, "--grade", "yellow", "--analysts", "陈甲、陈乙"];
    shell.act(&[&assess[..], &["--attach", &minutes]].concat());
    assert_eq!(written(&shell, &one, "一", &[]).len(), 3);
    assert_eq!(written(&shell, &two, "二", &[]).len(), 1);
}

#[test]
fn files_wait_with_the_proposal_and_arrive_with_the_signature() {
    let (shell, code) = office();
    shell.act(&["assess", &code, "--grade", "yellow", "--analysts", "陈甲、陈乙"]);
    let paper = put(&shell, "拟办意见.docx", b"what the clerk proposes");
    let waits = shell.act(&["release", &code, "--attach", &paper]);
    assert_eq!(waits["effect"], "pending");
    let proposal = codes(&waits, "changed", "proposal");
    let proposal = proposal
        .first()
        .cloned()
        .unwrap_or_else(|| codes(&waits, "proposed", "proposal").remove(0));
    assert!(
        noted(&shell, &proposal)["text"]
            .as_str()
            .unwrap()
            .contains("〔附1〕拟办意见.docx")
    );
    let sheet = waits["approval_sheet"].as_str().unwrap().to_owned();
    shell.act(&["countersign", &sheet, "--signer", "林知远"]);
    assert_eq!(written(&shell, &code, "签后", &[]).len(), 3);
    assert_eq!(shell.run(&["verify"]).code, 0);
}

#[test]
fn sealing_a_clue_takes_the_files_of_its_steps_with_it() {
    let (shell, code) = office();
    let shared = put(&shell, "通知.txt", b"a notice that hangs on two matters");
    let other = shell.report("区财政局", "另一件事", &["--attach", &shared]);
    let names = |copy: &Path| [SCAN, PHOTO, "送达回证".as_bytes()].map(|piece| holds(copy, piece));
    assert_eq!(names(&shell.plain("之前.db")), [true; 3]);
    shell.act(&[
        "assess",
        &code,
        "--grade",
        "橙",
        "--analysts",
        "陈甲、陈乙",
        "--attach",
        &shared,
    ]);
    shell.refer_clue(&code);
    let receipt = put(&shell, "回执.pdf", b"the receipt of the hand-over");
    let handed = [
        "clue_receipt",
        &code,
        "--receipt",
        "区纪信收〔2026〕12号",
        "--attach",
        &receipt,
    ];
    shell.act(&handed);
    assert_eq!(names(&shell.plain("之后.db")), [false; 3]);
    assert!(!shell.ask(&["show", &code]).to_string().contains("送达回证"));
    // The receipt of the hand-over itself stays, and so does what another matter uses.
    let left = written(&shell, &code, "余下", &[]);
    assert_eq!(
        (left.len(), std::fs::read(&left[0]).unwrap().as_slice()),
        (1, &b"the receipt of the hand-over"[..])
    );
    assert_eq!(written(&shell, &other, "另一件", &[]).len(), 1);
    assert_eq!(shell.run(&["verify"]).code, 0);
    shell.ask(&["rebuild"]);
    assert_eq!(shell.run(&["verify"]).code, 0);
}

#[test]
fn verify_names_the_file_whose_bytes_are_not_what_they_were() {
    let (shell, code) = office();
    let copy = shell.plain("副本.db");
    let at = copy.to_str().unwrap();
    assert_eq!(shell.run(&["verify", "--file", at]).code, 0);
    let conn = rusqlite::Connection::open(&copy).unwrap();
    conn.execute(
        "UPDATE attachment SET bytes = x'00' WHERE length(bytes) = ?1",
        [SCAN.len() as i64],
    )
    .unwrap();
    conn.execute("DELETE FROM attachment WHERE length(bytes) = ?1", [PHOTO.len() as i64])
        .unwrap();
    drop(conn);
    let found = shell.run(&["verify", "--file", at]);
    assert_eq!(found.code, 3, "{}{}", found.out, found.err);
    let said = found.out + &found.err;
    assert!(
        said.contains("“送达回证.pdf”内容被改动") && said.contains("“现场 照片.jpg”的内容缺失"),
        "{said}"
    );
    let to = shell.file("坏的");
    let out = shell.run(&["attachment", &code, "-o", to.to_str().unwrap(), "--file", at]);
    assert!(out.code == 3 && out.err.contains("送达回证.pdf"), "{}", out.err);
}

#[test]
fn a_name_from_elsewhere_leads_out_of_no_folder() {
    let (shell, code) = office();
    let copy = shell.plain("副本.db");
    let conn = rusqlite::Connection::open(&copy).unwrap();
    let triggers: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for trigger in triggers {
        conn.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    conn.execute(
        "UPDATE event_body SET body = replace(body, '送达回证.pdf', '../../逃.pdf')",
        [],
    )
    .unwrap();
    drop(conn);
    let to = shell.file("里面");
    let to = to.to_str().unwrap();
    let ran = shell.run(&[
        "attachment",
        &code,
        "-o",
        to,
        "--file",
        copy.to_str().unwrap(),
        "--json",
    ]);
    assert!(ran.code == 1 && ran.kind() == "wrong_attachment", "{}", ran.err);
    assert!(!shell.file("里面").exists() && !shell.file("逃.pdf").exists());
}
