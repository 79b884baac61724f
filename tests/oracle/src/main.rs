//! Holds a result against the exports of the partners: `polder-oracle RESULT.json PARTNER=EXPORT.ndjson …`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program")]

use std::process::ExitCode;

use polder_oracle::{Difference, compare_result, parse_export};

fn main() -> ExitCode {
    match differences() {
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
        Ok(differences) => {
            for difference in &differences {
                println!("{difference}");
            }
            if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) }
        }
    }
}

fn differences() -> Result<Vec<Difference>, String> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: polder-oracle RESULT.json PARTNER=EXPORT.ndjson ...";
    let path = arguments.next().ok_or(usage)?;
    let result = serde_json::from_str(&read(&path)?).map_err(|error| format!("{path}: {error}"))?;
    let mut exports = Vec::new();
    for argument in arguments {
        let (partner, path) = argument.split_once('=').ok_or(usage)?;
        let lines = parse_export(&read(path)?).map_err(|error| format!("{path}: {error}"))?;
        exports.push((partner.to_owned(), lines));
    }
    compare_result(&result, &exports).map_err(|error| error.to_string())
}

fn read(path: &str) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))
}
