//! Parse, open, run, restore; no logic.

use std::process::ExitCode;

fn main() -> ExitCode {
    lianneng::cli::run(std::env::args_os())
}
