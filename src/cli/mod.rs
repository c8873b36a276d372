//! The command line: one file a command, wiring the ledger, the papers and the console.
//!
//! ```text
//! argv ─ fields::gather ─► clap (line) ─► Setting ─► a command ─► output: stdout data, stderr words, exit code
//! ```

pub mod adopt;
pub mod asked;
mod attachment;
pub mod backup;
pub mod calendar;
pub mod completions;
pub mod demo;
pub mod desk;
pub mod doctor;
pub mod due;
pub mod eligible;
pub mod export;
pub mod fields;
pub mod guide;
pub mod harmless;
pub mod help;
pub mod import;
pub mod importing;
pub mod init;
pub mod items;
pub mod line;
pub mod list;
pub mod log;
pub mod look;
pub mod names;
pub mod output;
pub mod progress;
pub mod queue;
pub mod rebuild;
pub mod receipt;
pub mod restore;
pub mod roll;
pub mod setting;
pub mod show;
pub mod source;
pub mod stats;
pub mod step;
pub mod steps;
pub mod template;
pub mod undo;
pub mod unit;
pub mod verify;
pub mod wrong;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::domain::fault::Stop;
use line::{Command, Line};
use setting::Setting;

/// How a command ended: an exit code, or why nothing was done.
pub type Done = Result<u8, Stop>;

/// Runs one line: the program's name first, as the system gives it.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let words: Vec<String> = args
        .iter()
        .skip(1)
        .filter_map(|arg| arg.to_str().map(str::to_owned))
        .collect();
    // Known before the line is read, so that what is wrong with the line is told in the form asked for.
    let json = words.iter().any(|word| word == "--json");
    let done = match fields::gather(args).and_then(read) {
        Ok(Read::Line(line)) => dispatch(*line),
        Ok(Read::Question(error)) => match wrong::asked_for_help(&error, &words) {
            Some(text) => output::text(text).map(|()| output::code::DONE),
            None => Err(wrong::explain(&error)),
        },
        Err(stop) => Err(stop),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(stop) => {
            output::tell(&stop, json);
            ExitCode::from(output::code_of(&stop))
        }
    }
}

enum Read {
    Line(Box<Line>),
    Question(Box<clap::Error>),
}

fn read(args: Vec<OsString>) -> Result<Read, Stop> {
    Ok(match Line::try_parse_from(args) {
        Ok(line) => Read::Line(Box::new(line)),
        Err(error) => Read::Question(Box::new(error)),
    })
}

fn dispatch(line: Line) -> Done {
    let setting = Setting::new(line.global, line.command.as_ref())?;
    match line.command {
        None => guide::begin(&setting),
        Some(Command::Demo(args)) => demo::run(&args, &setting),
        Some(Command::Init(args)) => init::run(&args, &setting),
        Some(Command::Import(args)) => import::run(&args, &setting),
        Some(Command::Template(args)) => template::run(&args, &setting),
        Some(Command::Export(args)) => export::run(&args, &setting),
        Some(Command::List(args)) => list::run(&args, &setting),
        Some(Command::Show(args)) => show::run(&args, &setting),
        Some(Command::Log(args)) => log::run(&args, &setting),
        Some(Command::Queue(args)) => queue::run(&args, &setting),
        Some(Command::Due(args)) => due::run(&args, &setting),
        Some(Command::Do(args)) => step::run(&args, &setting),
        Some(Command::Undo(args)) => undo::undo(&args, &setting),
        Some(Command::Redo(args)) => undo::redo(&args, &setting),
        Some(Command::Attachment(args)) => attachment::run(&args, &setting),
        Some(Command::Source(args)) => source::run(&args, &setting),
        Some(Command::Eligible(args)) => eligible::run(&args, &setting),
        Some(Command::Unit(args)) => unit::run(&args, &setting),
        Some(Command::Stats(args)) => stats::run(&args, &setting),
        Some(Command::Calendar(args)) => calendar::run(&args, &setting),
        Some(Command::Adopt(args)) => adopt::run(&args, &setting),
        Some(Command::Verify(args)) => verify::run(&args, &setting),
        Some(Command::Rebuild(args)) => rebuild::run(&args, &setting),
        Some(Command::Backup(args)) => backup::run(&args, &setting),
        Some(Command::Restore(args)) => restore::run(&args, &setting),
        Some(Command::Doctor(args)) => doctor::run(&args, &setting),
        Some(Command::Completions(args)) => completions::run(&args, &setting),
    }
}
pub mod console;
