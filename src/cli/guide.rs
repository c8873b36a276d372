//! The first run: a few questions, and there is a ledger.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use super::names::half_width;
use super::setting::{Place, Setting};
use super::{Done, console, demo, output};
use crate::domain::fault::{Fault, FaultKind, Stop};
use crate::ledger::entropy::Entropy;
use crate::ledger::files::Sharing;
use crate::ledger::office::Office;
use crate::ledger::open::NewOffice;
use crate::ledger::paths::OfficePaths;
use crate::ledger::site::Class;

/// `lianneng` without a command: the console; on a terminal without an office, the guide first.
pub fn begin(setting: &Setting) -> Done {
    if let Place::Folder(paths) = setting.place()?
        && !paths.ledger().exists()
        && !paths.folder.join("restored").exists()
        && io::stdin().is_terminal()
        && io::stdout().is_terminal()
    {
        match choose(&paths.folder, &mut io::stdin().lock(), &mut io::stderr().lock())? {
            Choice::Leave => return Ok(output::code::DONE),
            Choice::Sample => return demo::usual(setting),
            Choice::Office(letters) => found(&paths, &letters, setting)?,
        }
    }
    console::run::run(setting)
}

fn found(paths: &OfficePaths, letters: &str, setting: &Setting) -> Result<(), Stop> {
    if setting.now.is_some() {
        return Err(super::desk::no_clock());
    }
    let new = NewOffice {
        class: Class::Office,
        letters,
        sharing: Sharing::Owner,
    };
    Office::init(paths, &new, setting.clock(), Entropy::System)?;
    Ok(())
}

/// What the person wants.
#[derive(Debug, PartialEq, Eq)]
enum Choice {
    Sample,
    /// With the site's letters.
    Office(String),
    Leave,
}

fn choose(folder: &Path, input: &mut dyn BufRead, out: &mut dyn Write) -> Result<Choice, Fault> {
    let failed = |error: io::Error| Fault::new(FaultKind::World, format!("终端不可用：{error}"));
    write!(
        out,
        "廉能台：风险岗位廉能管理「四四五」台账

这台电脑上还没有台账（{}）。
  1  先看示例区：单位、人员、事项均为虚构，随便试
  2  建立本单位的台账
  0  退出

台账是一个加密文件，只在本机，不联网。不得录入涉密信息。
",
        folder.display()
    )
    .map_err(failed)?;
    loop {
        match answer("请选 1、2 或 0：", input, out).map_err(failed)?.as_deref() {
            Some("1") => return Ok(Choice::Sample),
            Some("2") => break,
            Some("0") | None => return Ok(Choice::Leave),
            Some(_) => {}
        }
    }
    loop {
        let question = "站点代号，用在编号里，2–6 个大写字母或数字（回车为 XY）：";
        let Some(typed) = answer(question, input, out).map_err(failed)? else {
            return Ok(Choice::Leave);
        };
        let letters = if typed.is_empty() {
            "XY".to_owned()
        } else {
            typed.to_ascii_uppercase()
        };
        if (2..=6).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            writeln!(
                out,
                "\n台账建在 {}。密钥文件 office.keys 与它放在一起，两者缺一不可，请定期备份（lianneng backup）。
一览表用 lianneng import 风险点 文件 --create-missing 导入，空白表用 lianneng template 风险点 -o 空白表.xlsx。",
                folder.display()
            )
            .map_err(failed)?;
            return Ok(Choice::Office(letters));
        }
    }
}

/// One answer; `None` when the input has ended. Full-width digits, as an input method leaves them, count as plain.
fn answer(question: &str, input: &mut dyn BufRead, out: &mut dyn Write) -> io::Result<Option<String>> {
    write!(out, "{question}")?;
    out.flush()?;
    let mut line = String::new();
    Ok((input.read_line(&mut line)? > 0).then(|| line.trim().chars().map(half_width).collect()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn typed(lines: &str) -> (Choice, String) {
        let mut said = Vec::new();
        let choice = choose(Path::new("/数据"), &mut lines.as_bytes(), &mut said).unwrap();
        (choice, String::from_utf8(said).unwrap())
    }

    #[test]
    fn three_answers_and_there_is_an_office() {
        assert_eq!(typed("1\n").0, Choice::Sample);
        assert_eq!(typed("0\n").0, Choice::Leave);
        assert_eq!(typed("").0, Choice::Leave, "end of input");
        assert_eq!(typed("什么\n２\n\n").0, Choice::Office("XY".into()));
        let (choice, said) = typed("2\n小\nql9\n");
        assert_eq!(choice, Choice::Office("QL9".into()));
        assert!(said.contains("不得录入涉密信息") && said.contains("/数据"));
    }
}
