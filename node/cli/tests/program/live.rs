//! The commands that talk to a node, with a node that runs.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::command::code;
use crate::support::region::Region;
use crate::support::running::Running;

struct Node {
    directory: tempfile::TempDir,
    url: String,
    _running: Running,
}

fn program(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_polder"));
    command.current_dir(directory).args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("POLDER_")) {
        command.env_remove(name);
    }
    command
}

fn done(directory: &Path, arguments: &[&str]) -> String {
    let output = program(directory, arguments).output().expect("the program");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

impl Node {
    fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let here = directory.path();
        let held = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port"));
        let [client, peer, operator] = held.each_ref().map(|listener| listener.local_addr().expect("an address").to_string());
        drop(held);
        let init = [
            "init",
            "--partner",
            "kvk:12345678",
            "--name",
            "Voorbeeld BV",
            "--data",
            "data",
            "--host",
            "127.0.0.1",
            "--token-file",
            "token",
        ];
        let listen = ["--client-listen", &client, "--peer-listen", &peer, "--operator-listen", &operator];
        done(here, &[init.as_slice(), listen.as_slice()].concat());
        let new: Value =
            serde_json::from_str(&done(here, &["register", "new", "--region", "proef", "--dir", "data/register", "--json"])).expect("JSON");
        done(here, &["register", "add", "data/member.json", "--dir", "data/register"]);
        let mut serve = program(here, &["serve"]);
        serve.env("POLDER_REGISTER_FINGERPRINT", new["fingerprint"].as_str().expect("a fingerprint")).stderr(Stdio::null());
        let running = Running::start(&mut serve);
        let began = Instant::now();
        while std::net::TcpStream::connect(&client).is_err() {
            assert!(began.elapsed() < Duration::from_secs(20), "the node does not listen");
            std::thread::sleep(Duration::from_millis(5));
        }
        Self { directory, url: format!("http://{client}"), _running: running }
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.directory.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let node = ["--url", &self.url, "--token-file", "token"];
        program(self.directory.path(), &[arguments, node.as_slice()].concat()).output().expect("the program")
    }

    /// The lines of JSON that a command writes, and its exit code.
    fn lines(&self, arguments: &[&str]) -> (Vec<Value>, Option<i32>) {
        let output = self.run(arguments);
        let text = String::from_utf8(output.stdout).expect("text");
        (text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect(), output.status.code())
    }
}

fn outcomes(lines: &[Value]) -> Vec<&str> {
    lines.iter().filter_map(|line| line["outcome"].as_str()).collect()
}

#[test]
fn offers_go_in_and_out_and_are_found() {
    let node = Node::start();
    let vacancy = |key: &str, title: &str| {
        format!(
            r#"{{"kind":"vacancy","key":"{key}","document":{{ "title":"{title}", "description":"Je onderhoudt machines.","employer":{{"name":"Voorbeeld BV"}}}}}}"#
        )
    };
    node.write("offers.ndjson", &format!("{}\n{{broken\n{}\n", vacancy("a", "Monteur"), vacancy("b", "x")));
    let import = ["import", "offers.ndjson", "--json"];
    let (lines, code) = node.lines(&import);
    assert_eq!((outcomes(&lines), code), (vec!["created", "refused", "refused"], Some(1)));
    assert_eq!(lines[2]["problem"]["findings"][0]["pointer"], "/title");

    // The last of several records with one key stands, and what stands already is not changed.
    node.write(
        "offers.ndjson",
        &[vacancy("a", "Monteur"), vacancy("b", "Lasser"), vacancy("b", "Lasser TIG"), vacancy("b", "Lasser MIG")].join("\n"),
    );
    let (lines, code) = node.lines(&import);
    assert_eq!((outcomes(&lines), code), (vec!["unchanged", "created", "replaced", "replaced"], Some(0)));

    // What the node notes stands in the verdict.
    node.write("noted.ndjson", &vacancy("a", "Monteur").replace("\"title\"", "\"location\":{\"postcode\":\"8399\"},\"title\""));
    let (lines, code) = node.lines(&["import", "noted.ndjson", "--json"]);
    assert_eq!((outcomes(&lines), code, &lines[0]["notes"][0]["code"]), (vec!["replaced"], Some(0), &Value::from("unknown-code")));

    let (exported, _) = node.lines(&["export", "--kind", "vacancy"]);
    let titles: Vec<_> = exported.iter().map(|line| (line["key"].as_str(), line["document"]["title"].as_str())).collect();
    assert_eq!(titles, [(Some("a"), Some("Monteur")), (Some("b"), Some("Lasser MIG"))]);
    assert!(node.run(&["export", "--output", "out.ndjson"]).status.success());
    assert_eq!(outcomes(&node.lines(&["import", "out.ndjson", "--json"]).0), ["unchanged", "unchanged"]);

    // As a spreadsheet, by a mapping that reads it back; what it has no column for is named beside it.
    let columns =
        "'Functie' = '/title'\n'Tekst' = '/description'\n'Werkgever' = '/employer/name'\n'Min' = '/hours/min'\n'Max' = '/hours/max'\n";
    node.write("mapping.toml", &format!("collection = 'vacancies'\nkey = 'Nummer'\n[columns]\n{columns}"));
    let sheet = node.run(&["export", "--mapping", "mapping.toml", "--output", "offers.csv"]);
    let lost = String::from_utf8(sheet.stderr).expect("text");
    assert!(sheet.status.success() && lost.contains("/location/postcode: left out"), "{lost}");
    let (read, _) = node.lines(&["import", "offers.csv", "--format", "csv", "--mapping", "mapping.toml", "--output", "-"]);
    let (mut here, _) = node.lines(&["export", "--kind", "vacancy"]);
    here[0]["document"].as_object_mut().expect("members").remove("location");
    let documents = |lines: &[Value]| lines.iter().map(|line| (line["key"].clone(), line["document"].clone())).collect::<Vec<_>>();
    assert_eq!(documents(&read), documents(&here));
    assert_eq!(node.run(&["export", "--mapping", "mapping.toml", "--kind", "training"]).status.code(), Some(2));

    let found = node.run(&["query", "--text", "machines", "--lang", "nl"]);
    let text = String::from_utf8(found.stdout).expect("text");
    assert!(found.status.success() && text.contains("Lasser MIG") && text.contains("1 van 1 partners antwoordden"), "{text}");
    node.write("question.json", r#"{"kind":"vacancy","text":"machines","limit":1}"#);
    let result: Value = serde_json::from_slice(&node.run(&["query", "question.json", "--json"]).stdout).expect("JSON");
    assert_eq!((result["hits"].as_array().map(Vec::len), &result["more"]), (Some(1), &Value::from(true)));
    assert_eq!((&result["answered"][0]["hits"], &result["answered"][0]["more"]), (&Value::from(2), &Value::from(false)));

    // An answer carries twenty more than are asked for; the partner says that it has others still.
    let many: Vec<String> = (0..22).map(|number| vacancy(&format!("m{number}"), "Frezer")).collect();
    node.write("many.ndjson", &many.join("\n"));
    assert_eq!(node.lines(&["import", "many.ndjson", "--json"]).1, Some(0));
    node.write("question.json", r#"{"kind":"vacancy","text":"frezer","limit":1}"#);
    let result: Value = serde_json::from_slice(&node.run(&["query", "question.json", "--json"]).stdout).expect("JSON");
    assert_eq!((&result["answered"][0]["hits"], &result["answered"][0]["more"]), (&Value::from(21), &Value::from(true)));
    let text = String::from_utf8(node.run(&["query", "question.json"]).stdout).expect("text");
    assert!(text.contains("21+ "), "{text}");

    let unknown = node.run(&["query", "--skill", "lassne"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("nearest are"));

    let partners = String::from_utf8(node.run(&["partners"]).stdout).expect("text");
    assert!(partners.contains("Voorbeeld BV (this node)"), "{partners}");
}

#[test]
fn imports_are_listed_and_ended() {
    let node = Node::start();
    let said = |arguments: &[&str]| {
        let output = node.run(arguments);
        (String::from_utf8(output.stdout).expect("text"), String::from_utf8(output.stderr).expect("text"), output.status.code())
    };
    assert_eq!(said(&["import", "--list"]).0, "the node keeps no imports\n");
    let offer = r#"{"key":"a","document":{"title":"Monteur","description":"Je onderhoudt machines.","employer":{"name":"Voorbeeld BV"}}}"#;
    node.write("offers.ndjson", &format!("{offer}\n{{broken\n"));
    assert_eq!(said(&["import", "--kind", "vacancy", "offers.ndjson"]).2, Some(1));
    let list = || serde_json::from_str::<Value>(&said(&["import", "--list", "--json"]).0).expect("JSON")["items"].clone();
    let items = list();
    assert_eq!(
        (&items[0]["collection"], items[0]["parts"].as_u64(), items.as_array().map(Vec::len)),
        (&"vacancies".into(), Some(1), Some(1))
    );
    let id = items[0]["id"].as_str().expect("an id");
    let (text, _, code) = said(&["import", "--list"]);
    assert!(text.contains(id) && text.contains("kept until") && code == Some(0), "{text}");
    let (_, error, code) = said(&["import", "--end", "../vacancies"]);
    assert!(error.contains("polder import --list") && code == Some(2), "{error}");
    assert!(said(&["import", "--end", id]).0.contains("its verdicts are removed"));
    let (_, error, code) = said(&["import", "--end", id]);
    assert!(error.contains("there is no such import") && code == Some(1), "{error}");
    assert_eq!(list(), serde_json::json!([]));
    for two in
        [&["import", "--list", "--end", id][..], &["import", "--list", "offers.ndjson"], &["import", "--end", id, "--dry-run"], &["import"]]
    {
        assert_eq!(said(two).2, Some(2), "{two:?}");
    }
}

#[test]
fn a_token_that_is_not_known_is_refused_with_its_own_exit_code() {
    use std::os::unix::fs::PermissionsExt;
    let node = Node::start();
    let path = node.write("token", "polder_op_wrong");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("set");
    let refused = node.run(&["partners", "--json"]);
    let said: Value = serde_json::from_slice(&refused.stderr).expect("JSON");
    assert_eq!((refused.status.code(), &said["exit"]), (Some(4), &Value::from(4)));
    assert!(!said["error"].as_str().is_some_and(|error| error.contains("polder_op_")), "a token is never shown");
    assert_eq!(node.run(&["import", "token"]).status.code(), Some(1), "what is no record is refused before anything is sent");
}

#[test]
fn a_log_in_json_has_one_object_a_line_and_its_numbers_are_numbers() {
    let region = Region::with(&["a"]);
    assert_eq!(code(&region.join("a")), 0);
    region.change("a/polder.toml", "format = \"text\"", "format = \"json\"");
    drop(region.serve("a"));
    let log = region.log("a");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for line in &lines {
        let texts = [&line["timestamp"], &line["level"], &line["target"], &line["fields"]["message"]];
        assert!(texts.iter().all(|text| text.is_string()), "{line}");
    }
    let ready = lines.iter().find(|line| line["fields"]["message"] == "the index is ready").expect("a line");
    assert!(ready["fields"]["ms"].is_u64() && ready["fields"]["offers"].is_u64(), "{ready}");
}
