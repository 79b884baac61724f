//! What tests need that run nodes as processes.

use std::process::Command;

pub use ports::free;

#[path = "ports.rs"]
mod ports;

/// The program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_polder");

/// Runs the program to its end; what it wrote to standard output.
pub fn run(arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(arguments).output().expect("the program runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}
