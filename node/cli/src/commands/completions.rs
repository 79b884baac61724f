//! `polder completions`: scripts that complete commands in a shell.

use std::io::Write;

use clap::{Args, CommandFactory, ValueEnum};

use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Which shell.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// Writes the script.
pub(crate) fn run<C: CommandFactory>(args: &CompletionsArgs, output: &Output) -> Result<Exit, Failure> {
    let shell = match args.shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut C::command(), "polder", &mut script);
    output.writer().write_all(&script)?;
    Ok(Exit::Done)
}
