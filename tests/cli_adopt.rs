//! `adopt` and `calendar import`, from the shell: drafts, mistakes by line, deadlines that move once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use serde_json::Value;
use shell::Shell;

/// A notice for 2027 as one would be worded; invented, none was published yet.
const NOTICE: &str = "国务院办公厅关于2027年\n部分节假日安排的通知\n国办发明电〔2026〕99号\n\n\
    各省、自治区、直辖市人民政府，国务院各部委、各直属机构：\n\n\
    一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n\n\
    二、春节：2月5日（农历除夕、周五）至12日（周五）放假调休，共8天。1月30日（周六）、2月20日（周六）上班。\n\n\
    三、清明节：4月3日（周六）至5日（周一）放假，共3天。\n\n\
    四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。\n\n\
    五、端午节：6月9日（周三）放假1天，不调休。\n\n六、中秋节：9月15日（周三）放假1天，不调休。\n\n\
    七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。\n";

/// An office with a red warning served on 21 December 2026; its code.
fn office() -> (Shell, String) {
    let shell = Shell::office();
    shell.on("2026-12-21");
    let unit = shell.run(&[
        "do",
        "create",
        "单位",
        "--name",
        "区财政局",
        "--organ_line",
        "government",
    ]);
    assert_eq!(unit.code, 0, "{}", unit.err);
    let code = shell.report("区财政局", "拨付依据审核不严", &[]);
    for step in [
        vec!["do", "assess", &code, "--grade", "red", "--analysts", "甲、乙"],
        vec!["do", "release", &code, "--decision", "signed", "--signer", "李主任"],
        vec!["do", "serve", &code, "--received_by", "张三"],
    ] {
        let ran = shell.run(&step);
        assert_eq!(ran.code, 0, "{step:?}: {}", ran.err);
    }
    (shell, code)
}

fn due(shell: &Shell, code: &str) -> Value {
    shell.run(&["show", code, "--json"]).json()["item"]["due"].clone()
}

#[test]
fn a_pasted_notice_is_imported_and_moves_what_crosses_it_once() {
    let (shell, code) = office();
    assert_eq!(due(&shell, &code), "2027-02-02");
    let file = shell.write("2027放假通知.txt", NOTICE);
    let preview = shell.run(&["calendar", "import", &file, "--dry-run", "--json"]).json();
    let moved = format!("{code} 整改期限：2027-02-02 → 2027-02-01");
    assert!(
        preview["notes"].as_array().unwrap().contains(&moved.as_str().into()),
        "{preview}"
    );
    assert_eq!(preview["act_id"], Value::Null);
    assert_eq!(due(&shell, &code), "2027-02-02", "a preview changes nothing");
    assert!(!shell.data().join("calendar.toml").exists());

    let ran = shell.run(&["calendar", "import", &file]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("2027-02-05 至 2027-02-12"), "{}", ran.out);
    for part in [
        &moved,
        "依据：国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕99号）。",
        "已导入并启用。",
    ] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    assert_eq!(due(&shell, &code), "2027-02-01");
    let told = shell.run(&["show", &code, "--json"]).json()["timeline"].to_string();
    assert!(told.contains("期限调整"), "{told}");
    let day = shell
        .run(&["calendar", "--from", "2027-02-04", "--workdays", "1", "--json"])
        .json();
    assert_eq!(
        (day["day"].as_str(), &day["provisional"]),
        (Some("2027-02-15"), &false.into())
    );

    let again = shell.run(&["calendar", "import", &file, "--json"]);
    assert_eq!((again.code, again.kind().as_str()), (1, "nothing_changed"));
    assert_eq!(shell.run(&["undo", "--json"]).kind(), "not_revertible");
    assert_eq!(shell.run(&["verify"]).code, 0);
    assert_eq!(
        shell.run(&["adopt", "--json"]).json()["changes"],
        serde_json::json!([]),
        "the file says what is adopted"
    );
}

#[test]
fn a_wrong_notice_is_refused_with_every_mistake_by_line() {
    let (shell, code) = office();
    let wrong = NOTICE
        .replace("至3日（周日）放假，共3天", "至3日（周六）放假，共4天")
        .replace("1月30日（周六）、2月20日（周六）上班", "1月30日（周六）起分批上班");
    let file = shell.write("notice.txt", &wrong);
    let ran = shell.run(&["calendar", "import", &file]);
    assert_eq!(ran.code, 1);
    for part in [
        "第 7 行：2027-01-03 是周日，通知写的是周六",
        "第 7 行：元旦写的是共 4 天，日期算来是 3 天",
        "第 9 行：看不懂这一句：1月30日（周六）起分批上班",
    ] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    assert_eq!(due(&shell, &code), "2027-02-02");
    assert_eq!(shell.run(&["calendar", "import", "没有.txt"]).code, 6);
    assert_eq!(shell.run(&["calendar", "export", &file]).code, 2);
    assert_eq!(shell.run(&["calendar", "import"]).code, 2);
}

#[test]
fn a_broken_line_leaves_the_register_as_it_is_and_is_named_with_its_reason() {
    let (shell, _) = office();
    let registers = shell.data().join("registers");
    std::fs::create_dir(&registers).unwrap();
    let shipped = include_str!("../assets/registers/education.toml");
    let own = registers.join("education.toml");
    let hall = "\n[[field]]\nid = \"hall\"\nlabel = \"会场\"\ntype = \"text\"\ncolumn = true\n";
    std::fs::write(&own, format!("{shipped}{hall}")).unwrap();
    std::fs::write(registers.join("说明.docx"), "x").unwrap();
    // Adopted, it works as a shipped one; what is no register at all is named, and stops it until it is gone.
    assert!(
        shell
            .run(&["adopt"])
            .err
            .contains("registers/说明.docx 有误，未启用：第 1 行：不认识的文件")
    );
    std::fs::remove_file(registers.join("说明.docx")).unwrap();
    shell.ask(&["adopt"]);
    let fields = [
        "--topic",
        "年度教育",
        "--unit",
        "区财政局",
        "--kind",
        "activity",
        "--held-on",
        "2026-12-01",
        "--hall",
        "二楼",
    ];
    let create = [&["do", "create", "education"], &fields[..]].concat();
    let made = shell.run(&create);
    assert_eq!(made.code, 0, "{}", made.err);
    let halls = || shell.ask(&["list", "education"])["items"].to_string();
    assert!(halls().contains("二楼"), "{}", halls());

    let line = shipped.lines().count() + 5;
    let broken = format!("{shipped}{hall}").replace("\"会场\"\ntype = \"text\"", "\"会场\"\ntype = \"txt\"");
    std::fs::write(&own, &broken).unwrap();
    let place = format!("registers/education.toml 有误：第 {line} 行");
    let said = shell.run(&["list", "education"]);
    assert!(
        said.code == 0 && halls().contains("二楼"),
        "what is in force stays: {}",
        said.err
    );
    assert!(
        said.err.contains(&place) && said.err.contains("txt"),
        "{place}: {}",
        said.err
    );
    let doctor = shell.run(&["doctor"]);
    assert!(
        doctor.code == 0 && doctor.out.contains(&format!("第 {line} 行")) && doctor.out.contains("txt"),
        "{}",
        doctor.out
    );
    assert_eq!(shell.refused(&["adopt"]), "broken_text");
    let again = shell.run(&create);
    assert_eq!(again.code, 0, "{}", again.err);
    std::fs::remove_file(&own).unwrap();
    let back = shell.run(&["adopt"]);
    assert_eq!(back.code, 0, "{}", back.err);
}

#[test]
fn changed_files_wait_until_they_are_adopted() {
    let (shell, _) = office();
    let folder = shell.data();
    std::fs::write(
        folder.join("policy.toml"),
        "[deadline]\n\"warning.rectify\" = { red = 25, unit = \"wd\" }\n",
    )
    .unwrap();
    std::fs::create_dir(folder.join("registers")).unwrap();
    let visit = "id = \"visit\"\nlabel = \"走访台账\"\nprefix = \"ZF\"\ntitle = \"name\"\n\
        [[field]]\nid = \"name\"\nlabel = \"对象\"\ntype = \"text\"\ncolumn = true\n";
    std::fs::write(folder.join("registers/visit.toml"), visit).unwrap();
    std::fs::write(folder.join("registers/broken.toml"), "id = \"x\"\nlable = \"甲\"\n").unwrap();
    let doctor = shell.run(&["doctor"]);
    assert!(
        doctor.out.contains("政策文件、台账样式已改，尚未启用"),
        "{}",
        doctor.out
    );
    assert!(
        doctor.out.contains("registers/broken.toml 有误，未启用：第 1 行"),
        "{}",
        doctor.out
    );
    let hint = "提示：政策文件、台账样式已改，尚未启用；registers/broken.toml 有误：第 1 行：缺少 field";
    let said = shell.run(&["queue"]).err;
    assert!(
        said.contains(hint) && said.contains("处，详见 lianneng doctor）；不能启用（lianneng adopt）。"),
        "{said}"
    );

    let preview = shell.run(&["adopt", "--dry-run", "--json"]);
    let changes = preview.json()["changes"].clone();
    assert_eq!(changes[0]["file"], "policy.toml");
    assert!(
        changes[0]["details"][0].as_str().unwrap().contains("red = 30"),
        "{changes}"
    );
    assert_eq!(preview.json()["broken"][0]["mistakes"][0]["line"], 1);
    assert_eq!(preview.code, 1, "something cannot be adopted");
    let ran = shell.run(&["adopt"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (1, ""),
        "one mistake and nothing is adopted"
    );
    for part in [
        "registers/broken.toml",
        "第 1 行：缺少 label",
        "第 2 行：不认识“lable”，是不是“label”",
    ] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    assert_ne!(shell.run(&["list", "走访台账"]).code, 0, "not adopted");
    std::fs::remove_file(folder.join("registers/broken.toml")).unwrap();
    let ran = shell.run(&["adopt"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("已启用，自此办理的事项按新的规定。"), "{}", ran.err);
    let made = shell.run(&["do", "create", "走访台账", "--name", "浔南社区"]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert_eq!(shell.run(&["list", "走访台账", "--json"]).json()["total"], 1);
    assert!(!shell.run(&["queue"]).err.contains("尚未启用"));
    let nothing = shell.run(&["adopt"]);
    assert_eq!((nothing.code, nothing.err.trim()), (0, "没有需要启用的改动。"));
    assert!(shell.run(&["doctor"]).out.contains("与已启用的一致"));
    assert_eq!(shell.run(&["rebuild", "--json"]).code, 0);
}
