//! The units in `deploy/`: systemd takes every line of them, and the program takes the commands that they run.

use std::path::{Path, PathBuf};
use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_polder");
/// Where the units have the program.
const INSTALLED: &str = "/usr/bin/polder";

fn units() -> Vec<PathBuf> {
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy");
    let files = std::fs::read_dir(deploy).expect("a directory").map(|entry| entry.expect("an entry").path());
    let mut units: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "service" || end == "timer")).collect();
    units.sort();
    units
}

/// What systemd says of units; nothing where all is well. It ends well also where it ignores a line.
fn verify(units: &[PathBuf]) -> String {
    let output = Command::new("systemd-analyze").args(["verify", "--man=no"]).args(units).output();
    let output = output.expect("systemd-analyze (Debian package systemd)");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn systemd_takes_every_line() {
    let directory = tempfile::tempdir().expect("a directory");
    let copy = |unit: &PathBuf| {
        let text = std::fs::read_to_string(unit).expect("a unit").replace(INSTALLED, PROGRAM);
        let path = directory.path().join(unit.file_name().expect("a name"));
        std::fs::write(&path, text).expect("written");
        path
    };
    let copies: Vec<PathBuf> = units().iter().map(copy).collect();
    assert_eq!(copies.len(), 3, "the node, and the timer of a desk with its service");
    assert_eq!(verify(&copies), "");
    // And this would be seen.
    let unit = directory.path().join("polder.service");
    let text = std::fs::read_to_string(&unit).expect("a unit").replace("ProtectHome=yes", "ProtectHome=perhaps");
    std::fs::write(&unit, text).expect("written");
    assert!(verify(&[unit]).contains("perhaps"));
}

#[test]
fn the_program_takes_the_commands_of_the_units() {
    let texts: Vec<String> = units().iter().map(|unit| std::fs::read_to_string(unit).expect("a unit")).collect();
    let commands: Vec<&str> = texts.iter().flat_map(|text| text.lines()).filter_map(|line| line.strip_prefix("ExecStart=")).collect();
    assert_eq!(commands.len(), 2);
    for command in commands {
        let arguments = command.strip_prefix(INSTALLED).expect("the program").split_whitespace();
        // What it does not know is refused before the help is shown.
        let output = Command::new(PROGRAM).args(arguments).arg("--help").output().expect("the program");
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// A question ends at its deadline: what is to be seen of slow ones has to be seen before.
#[test]
fn the_alert_of_slow_questions_can_fire() {
    let rules = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/alerts.yaml")).expect("rules");
    let (_, threshold) = rules.lines().find_map(|line| line.rsplit_once("question_duration_seconds_bucket[10m])) > ")).expect("the rule");
    let seconds: u64 = threshold.parse().expect("seconds");
    assert!(seconds * 1_000 < u64::from(polder_model::request::USUAL_DEADLINE_MS), "{seconds}");
}
