//! The program, run once.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the program in that directory, without settings from the environment, with that on its standard input.
pub fn polder(directory: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_polder"));
    command.current_dir(directory).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("POLDER_")) {
        command.env_remove(name);
    }
    // What is said must not depend on who runs the test, nor where.
    command.env("TZ", "UTC").env_remove("LANG");
    let mut child = command.spawn().expect("the program");
    // A program that does not read its input may be gone already.
    let _ = child.stdin.take().expect("input").write_all(input.as_bytes());
    child.wait_with_output().expect("ended")
}

/// The same at a terminal, where someone types that.
pub fn at_terminal(directory: &Path, arguments: &[&str], types: &str) -> Output {
    let mut script = Command::new("script");
    let line = arguments.iter().map(|argument| format!("'{argument}'")).collect::<Vec<_>>().join(" ");
    script.args(["--quiet", "--return", "--command", &format!("'{}' {line}", env!("CARGO_BIN_EXE_polder")), "/dev/null"]);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("POLDER_")) {
        script.env_remove(name);
    }
    let mut child = script
        .current_dir(directory)
        .envs([("NO_COLOR", "1"), ("TZ", "UTC"), ("SHELL", "/bin/sh")])
        .env_remove("LANG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("script");
    let _ = child.stdin.take().expect("input").write_all(types.as_bytes());
    child.wait_with_output().expect("ended")
}

pub fn code(output: &Output) -> i32 {
    output.status.code().expect("a code")
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
