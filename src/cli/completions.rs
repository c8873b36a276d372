//! `completions`: what a shell needs to complete commands and flags.

use clap::Args;
use clap_complete::Shell;

use super::setting::Setting;
use super::{Done, help, output};

/// `completions`.
#[derive(Debug, Args)]
#[command(
    about = "生成命令补全脚本",
    after_help = "例：
  lianneng completions bash > ~/.local/share/bash-completion/completions/lianneng"
)]
pub struct Completions {
    #[arg(
        value_name = "外壳",
        help_heading = "参数",
        help = "bash、zsh、fish、powershell 或 elvish"
    )]
    shell: Shell,
}

/// Runs it.
pub fn run(args: &Completions, _setting: &Setting) -> Done {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut help::grammar(), "lianneng", &mut script);
    output::text(String::from_utf8_lossy(&script))?;
    Ok(output::code::DONE)
}
