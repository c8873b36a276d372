//! What clap finds wrong with a line, as a Chinese sentence.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{help, output};
use crate::domain::fault::Stop;

/// The sentence for a line that could not be read; exit code 2.
pub fn explain(error: &clap::Error) -> Stop {
    let one = |kind| error.get(kind).map(words).unwrap_or_default();
    let arg = one(ContextKind::InvalidArg);
    let value = one(ContextKind::InvalidValue);
    let valid = one(ContextKind::ValidValue);
    let reason = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有“{arg}”这个参数或选项"),
        ErrorKind::InvalidSubcommand => format!("没有“{}”这条命令", one(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("缺少 {arg}"),
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} 缺少值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("{arg} 不能是“{value}”"),
        ErrorKind::TooManyValues => format!("{arg} 多写了值“{value}”"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            format!("{arg} 的值个数不对")
        }
        ErrorKind::ArgumentConflict => {
            let other = one(ContextKind::PriorArg);
            if other.is_empty() || other == arg {
                format!("{arg} 只能写一次")
            } else {
                format!("{arg} 与 {other} 不能一起写")
            }
        }
        ErrorKind::InvalidUtf8 => "参数中有不能识别的文字（不是 UTF-8）".to_owned(),
        _ => "这一行看不懂".to_owned(),
    };
    let near = match (one(ContextKind::SuggestedArg), one(ContextKind::SuggestedSubcommand)) {
        (near, _) if !near.is_empty() => format!("是不是 {near}？"),
        (_, near) if !near.is_empty() => format!("是不是 {near}？"),
        _ if !valid.is_empty() => format!("可填：{valid}。"),
        _ => String::new(),
    };
    output::misuse(
        reason,
        format!("{near}用法见 lianneng --help 和 lianneng 命令 --help。"),
    )
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(several) => several.iter().map(|one| named(one)).collect::<Vec<_>>().join("、"),
        ContextValue::String(one) => named(one),
        other => other.to_string(),
    }
}

/// clap writes `--from <日期>`; a positional comes as `<台账>`, which people know without its brackets.
fn named(text: &str) -> String {
    match text.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        Some((name, _)) => name.to_owned(),
        None => text.to_owned(),
    }
}

/// The help asked for, if `error` is a question for help.
pub fn asked_for_help(error: &clap::Error, args: &[String]) -> Option<String> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Some(help::of(args)),
        ErrorKind::DisplayVersion => Some(format!("lianneng {}", env!("CARGO_PKG_VERSION"))),
        _ => None,
    }
}
