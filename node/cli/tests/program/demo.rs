//! The demo as a process: what it leaves behind, and what its exit code says.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const REFUSED: Option<i32> = Some(1);
const CONFIGURATION: Option<i32> = Some(2);

/// The demo, with a directory of its own for what is temporary.
fn demo(temporary: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_polder"));
    command.arg("demo").args(arguments).env("TMPDIR", temporary).stdin(Stdio::null());
    command
}

fn left_in(directory: &Path) -> usize {
    std::fs::read_dir(directory).expect("a directory").count()
}

/// The code by which somebody takes over a profile, where a line says it.
fn code_in(line: &str) -> Option<String> {
    line.split_once("“I have a code”, and then ").map(|(_, code)| code.trim().to_owned())
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn nothing_is_left_behind_whatever_stops_it() {
    for signal in ["-HUP", "-TERM"] {
        let temporary = tempfile::tempdir().expect("a directory");
        let mut running = demo(temporary.path(), &["--offers", "2"]).stdout(Stdio::piped()).spawn().expect("the demo");
        let lines = BufReader::new(running.stdout.take().expect("its output")).lines();
        // The last line that it writes before it waits; before that, the code for who has never been there.
        let mut code = None;
        let mut lines = lines.map_while(Result::ok).inspect(|line| code = code.take().or_else(|| code_in(line)));
        let up = lines.find(|line| line.starts_with("Each node's interface is described"));
        drop(lines);
        let begun = (up.is_some(), left_in(temporary.path()));
        let told = Command::new("kill").args([signal, &running.id().to_string()]).status();
        if told.is_err() {
            // A demo that nobody stops would outlive this test.
            running.kill().expect("it is stopped");
        }
        assert_eq!(begun, (true, 1), "it came up, with one directory");
        assert!(code.is_some_and(|code| code.split('-').map(str::len).eq([5; 4])), "nobody is told a code");
        assert!(told.expect("the program kill, of the package procps").success());
        let status = running.wait().expect("it stops");
        assert_eq!((status.code(), left_in(temporary.path())), (Some(0), 0), "{signal}");
    }
}

#[test]
fn without_an_offer_there_is_nothing_to_ask() {
    let (temporary, data) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    let run = || demo(temporary.path(), &["--once", "--json", "--data", &data.path().display().to_string()]).output().expect("the demo");
    let empty = run();
    assert_eq!(empty.status.code(), CONFIGURATION, "{}", err(&empty));
    assert!(err(&empty).contains("there is no offer to ask for: the partners' folders hold no records"), "{}", err(&empty));
    std::fs::create_dir(data.path().join("almere")).expect("a folder");
    std::fs::write(data.path().join("almere/offers.ndjson"), "{\"kind\":\"vacancy\",\"key\":\"a\",\"document\":{}}\n").expect("written");
    let refused = run();
    assert_eq!(refused.status.code(), CONFIGURATION, "{}", err(&refused));
    assert!(err(&refused).contains("the only record was refused"), "{}", err(&refused));
    assert_eq!(left_in(temporary.path()), 0);
}

#[test]
fn refused_records_are_counted_and_the_partner_with_a_hit_is_killed() {
    let (temporary, data) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    std::fs::create_dir(data.path().join("roc")).expect("a folder");
    let good = r#"{"kind":"vacancy","key":"a","document":{"title":"Onderhoudsmonteur","description":"Je onderhoudt machines.","employer":{"name":"Voorbeeld BV"},"location":{"postcode":"8302"}}}"#;
    let bad = r#"{"kind":"vacancy","key":"b","document":{"title":"Lasser"}}"#;
    std::fs::write(data.path().join("roc/offers.ndjson"), format!("{good}\n{bad}\n")).expect("written");
    let run = demo(temporary.path(), &["--once", "--json", "--data", &data.path().display().to_string()]).output().expect("the demo");
    let report: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    assert_eq!(run.status.code(), REFUSED, "a record was refused: {}", err(&run));
    assert_eq!((&report["offers"]["roc"], &report["refused"]["roc"], &report["refused"]["almere"]), (&1.into(), &1.into(), &0.into()));
    let [first, ..] = report["questions"].as_array().expect("questions").as_slice() else { panic!("{report}") };
    let after = &report["afterOneIsKilled"];
    assert_eq!(first["result"]["hits"][0]["partner"], after["killed"], "whoever has the only hit is killed");
    assert_eq!((&after["hits"], &after["answered"], &after["equalsOracle"]), (&0.into(), &7.into(), &true.into()), "{after}");
    assert_eq!(after["missing"], serde_json::json!([{"partner": after["killed"], "reason": "unreachable"}]));
    assert!(!err(&run).contains("not as it should be"), "{}", err(&run));
}
