//! The help, in Chinese and aligned by display width; clap's own words are English and count characters.

use clap::{Arg, Command, CommandFactory};
use unicode_width::UnicodeWidthStr;

use super::line::Line;

/// The grammar with everything filled in.
pub fn grammar() -> Command {
    let mut grammar = Line::command();
    grammar.build();
    grammar
}

/// The help of the command that `args` (without the program's name) names.
pub fn of(args: &[String]) -> String {
    let grammar = grammar();
    let named = args.iter().find_map(|arg| grammar.find_subcommand(arg));
    match named {
        Some(command) => of_command(command),
        None => of_program(&grammar),
    }
}

fn of_program(grammar: &Command) -> String {
    let mut text = head(grammar);
    text.push_str("用法：lianneng [通用选项]                打开控制台\n");
    text.push_str("　　　lianneng 命令 [参数] [选项]\n\n命令：\n");
    let commands = grammar.get_subcommands().filter(|command| !command.is_hide_set());
    let rows = commands
        .map(|command| (command.get_name().to_owned(), styled(command.get_about())))
        .collect();
    text.push_str(&columns(rows));
    text.push_str("\n每条命令的用法：lianneng 命令 --help\n\n通用选项：\n");
    text.push_str(&columns(
        grammar.get_opts().chain(flags(grammar)).filter_map(row).collect(),
    ));
    text.push_str(&tail(grammar));
    text
}

fn of_command(command: &Command) -> String {
    let mut text = head(command);
    text.push_str(&format!("用法：{}\n", usage(command)));
    let general = |arg: &&Arg| arg.is_global_set();
    let positionals: Vec<_> = command.get_positionals().filter_map(row).collect();
    let own: Vec<_> = command
        .get_arguments()
        .filter(|arg| !arg.is_positional() && !general(arg))
        .collect();
    let shared: Vec<_> = command.get_arguments().filter(general).collect();
    let option_rows = own.into_iter().filter_map(row).collect::<Vec<_>>();
    for (title, rows) in [
        ("参数", positionals),
        ("选项", option_rows),
        ("通用选项", shared.into_iter().filter_map(row).collect()),
    ] {
        if !rows.is_empty() {
            text.push_str(&format!("\n{title}：\n{}", columns(rows)));
        }
    }
    text.push_str(&tail(command));
    text
}

/// `lianneng export 台账 -o <文件> [选项]`.
pub fn usage(command: &Command) -> String {
    let mut usage = format!("lianneng {}", command.get_name());
    for arg in command.get_positionals().filter(|arg| !arg.is_hide_set()) {
        let (name, more) = (value_name(arg), if takes_many(arg) { "…" } else { "" });
        usage.push_str(&if arg.is_required_set() {
            format!(" {name}{more}")
        } else {
            format!(" [{name}{more}]")
        });
    }
    for arg in command.get_opts().filter(|arg| arg.is_required_set()) {
        usage.push_str(&format!(" {}", flag(arg)));
    }
    usage.push_str(" [选项]");
    usage
}

/// How an argument is written: `-o, --output <文件>`.
pub fn flag(arg: &Arg) -> String {
    let mut names: Vec<String> = arg.get_short().map(|short| format!("-{short}")).into_iter().collect();
    names.extend(arg.get_long().map(|long| format!("--{long}")));
    let names = names.join(", ");
    match () {
        () if arg.is_positional() => value_name(arg),
        () if !arg.get_action().takes_values() => names,
        () if arg.get_num_args().is_some_and(|range| range.min_values() == 0) => {
            format!("{names} [{}]", value_name(arg))
        }
        () => format!("{names} <{}>", value_name(arg)),
    }
}

fn flags(command: &Command) -> impl Iterator<Item = &Arg> {
    command
        .get_arguments()
        .filter(|arg| !arg.is_positional() && !arg.get_action().takes_values())
}

fn takes_many(arg: &Arg) -> bool {
    arg.get_num_args().is_some_and(|range| range.max_values() > 1)
}

fn value_name(arg: &Arg) -> String {
    arg.get_value_names()
        .and_then(|names| names.first())
        .map_or_else(|| "值".to_owned(), ToString::to_string)
}

fn row(arg: &Arg) -> Option<(String, String)> {
    (!arg.is_hide_set()).then(|| (flag(arg), styled(arg.get_help())))
}

fn styled(text: Option<&clap::builder::StyledStr>) -> String {
    text.map(ToString::to_string).unwrap_or_default()
}

fn head(command: &Command) -> String {
    format!("{}\n\n", styled(command.get_about()))
}

fn tail(command: &Command) -> String {
    match styled(command.get_after_help()) {
        text if text.is_empty() => text,
        text => format!("\n{text}\n"),
    }
}

/// Two columns; a left cell that is too wide has its own line.
fn columns(rows: Vec<(String, String)>) -> String {
    const WIDEST: usize = 26;
    let fits = rows
        .iter()
        .map(|(left, _)| left.width())
        .filter(|width| *width <= WIDEST);
    let width = fits.max().unwrap_or(WIDEST);
    let mut text = String::new();
    for (left, right) in rows {
        let gap = if left.width() > width {
            format!("\n{}", " ".repeat(width + 4))
        } else {
            " ".repeat(width - left.width() + 2)
        };
        text.push_str(&format!("  {left}{gap}{right}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_every_flag_says_in_chinese_what_it_is_for() {
        let grammar = grammar();
        let chinese = |text: &str| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
        for command in grammar.get_subcommands() {
            let name = command.get_name();
            assert!(chinese(&styled(command.get_about())), "{name}");
            assert!(
                styled(command.get_after_help()).contains("例：\n  lianneng "),
                "{name} has no example"
            );
            for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
                assert!(chinese(&styled(arg.get_help())), "{name} {}", arg.get_id());
                let plain = !arg.get_action().takes_values() || chinese(&value_name(arg));
                assert!(plain, "{name} {}: {}", arg.get_id(), value_name(arg));
            }
        }
    }

    #[test]
    fn the_help_of_the_program_names_every_command() {
        let text = of(&[]);
        for command in grammar().get_subcommands() {
            assert!(
                text.contains(&format!("\n  {}", command.get_name())),
                "{}",
                command.get_name()
            );
        }
        assert!(text.lines().all(|line| line.width() <= 120), "{text}");
    }
}
