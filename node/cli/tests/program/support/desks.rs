//! Desks of registrars, and the commands that are run at them.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

pub fn polder(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_polder")).current_dir(directory).args(arguments).arg("--json").output().expect("the program")
}

pub fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// What a command says that did all of it.
pub fn done(directory: &Path, arguments: &[&str]) -> Value {
    let output = polder(directory, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
    json(&output)
}

/// What a command says that is incomplete.
pub fn waits(directory: &Path, arguments: &[&str]) -> Value {
    let output = polder(directory, arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
    json(&output)
}

/// Why a command refuses.
pub fn refused(directory: &Path, arguments: &[&str]) -> String {
    let output = polder(directory, arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", text(&output.stdout));
    text(&output.stderr)
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn init(directory: &Path, partner: &str, data: &str) {
    let config = format!("{data}.toml");
    done(directory, &["init", "--partner", partner, "--name", "Voorbeeld BV", "--data", data, "--config", &config, "--host", "a.example"]);
}

/// A region with two registrars who both sign, each at a desk of their own, `a` and `b`, and three stewards of whom two sign.
pub fn region(here: &Path) -> String {
    let new = [
        "register",
        "new",
        "--region",
        "flevoland",
        "--dir",
        "a",
        "--stewards",
        "3",
        "--threshold",
        "2",
        "--registrars",
        "2",
        "--registrar-threshold",
        "2",
    ];
    let fingerprint = done(here, &new)["fingerprint"].as_str().expect("a fingerprint").to_owned();
    std::fs::create_dir_all(here.join("b/keys")).expect("a directory");
    for file in ["root.1.json", "members.json", "fresh.json"] {
        std::fs::copy(here.join("a").join(file), here.join("b").join(file)).expect("copied");
    }
    std::fs::rename(here.join("a/keys/registrar-2.key"), here.join("b/keys/registrar-2.key")).expect("moved");
    std::fs::create_dir(here.join("vault")).expect("a directory");
    for number in 1..=3 {
        std::fs::rename(here.join(format!("a/keys/steward-{number}.key")), here.join(format!("vault/steward-{number}.key")))
            .expect("moved");
    }
    fingerprint
}

/// A change that desk `a` begins goes to `b`, is signed there, and comes back.
pub fn signed_by_both(here: &Path, change: &[&str]) -> Value {
    let began = waits(here, change);
    let file = began["documents"][0]["file"].as_str().expect("a file").to_owned();
    assert_eq!(began["documents"][0]["signatures"][0]["signed"].as_array().map(Vec::len), Some(1), "{began}");
    std::fs::copy(here.join(&file), here.join("mail.json")).expect("sent");
    done(here, &["register", "sign", "mail.json", "--key", "b/keys/registrar-2.key", "--yes"]);
    let taken = done(here, &["register", "take", "mail.json", "--dir", "a"]);
    done(here, &["register", "take", "mail.json", "--dir", "b"]);
    taken
}
