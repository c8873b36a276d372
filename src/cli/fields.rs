//! `do VERB CODE… --field value`: flags that are no flags of the program are fields of the verb.
//!
//! clap wants to know every flag beforehand; the verbs' fields stand in the verb table and in the registers. So the
//! line is rewritten first: `--cause new_facts` becomes `--field cause=new_facts`, whatever stands around it.

use std::ffi::OsString;

use clap::Command;

use super::help;
use crate::domain::Verb;
use crate::domain::fault::Stop;
use crate::domain::sheet::FieldType;

/// Words that answer yes or no; only these are taken as the value of a yes-or-no field.
const FLAG_WORDS: [&str; 14] = [
    "true",
    "false",
    "yes",
    "no",
    "1",
    "0",
    "是",
    "否",
    "通过",
    "不通过",
    "有效",
    "无效",
    "拒收",
    "签收",
];

/// Rewrites the fields of a `do` line; other lines stay as they are.
pub fn gather(args: Vec<OsString>) -> Result<Vec<OsString>, Stop> {
    if !args.iter().any(|arg| arg == "do") {
        return Ok(args);
    }
    let grammar = help::grammar();
    let Some(place) = command_place(&grammar, &args) else {
        return Ok(args);
    };
    let Some(command) = grammar.find_subcommand("do").filter(|_| args[place] == "do") else {
        return Ok(args);
    };
    let mut out: Vec<OsString> = args[..=place].to_vec();
    let mut rest = args[place + 1..].iter().peekable();
    let mut verb: Option<Verb> = None;
    while let Some(arg) = rest.next() {
        let Some(text) = arg.to_str() else {
            out.push(arg.clone());
            continue;
        };
        let Some(flag) = text.strip_prefix("--").filter(|flag| !flag.is_empty()) else {
            if text == "--" {
                out.push(arg.clone());
                out.extend(rest.cloned());
                break;
            }
            if !text.starts_with('-') && verb.is_none() {
                verb = Verb::find(text);
            }
            out.push(arg.clone());
            if text == "-o" {
                out.extend(rest.next().cloned());
            }
            continue;
        };
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (flag, None),
        };
        let field = verb.and_then(|verb| verb.spec().field(&name.replace('-', "_")));
        if let Some(takes_value) = known(command, name).filter(|_| field.is_none()) {
            out.push(arg.clone());
            if takes_value && value.is_none() {
                out.extend(rest.next().cloned());
            }
            continue;
        }
        let is_flag = field.is_some_and(|field| field.kind == FieldType::Flag);
        let is_value = |next: &&OsString| match next.to_str() {
            Some(next) if is_flag => FLAG_WORDS.contains(&next),
            Some(next) => !next.starts_with("--"),
            None => true,
        };
        let value = match value {
            Some(value) => value,
            // A field without a value says yes.
            None => rest
                .next_if(is_value)
                .map_or_else(|| "true".to_owned(), |next| next.to_string_lossy().into_owned()),
        };
        out.push("--field".into());
        out.push(format!("{name}={value}").into());
    }
    Ok(out)
}

/// Where the command stands: the first word that is neither a flag nor a flag's value.
fn command_place(grammar: &Command, args: &[OsString]) -> Option<usize> {
    let mut place = 1;
    while let Some(text) = args.get(place)?.to_str() {
        let Some(flag) = text.strip_prefix("--") else {
            if !text.starts_with('-') {
                return Some(place);
            }
            place += 1;
            continue;
        };
        let takes_next = !flag.contains('=') && known(grammar, flag) == Some(true);
        place += if takes_next { 2 } else { 1 };
    }
    None
}

/// Whether a flag of this name exists, and takes a value.
fn known(command: &Command, name: &str) -> Option<bool> {
    let arg = command.get_arguments().find(|arg| arg.get_long() == Some(name))?;
    Some(arg.get_action().takes_values())
}
