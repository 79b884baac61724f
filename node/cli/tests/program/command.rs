//! The program from the outside: what needs no node.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::command::{code, err, out, polder};

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", out(output), err(output)))
}

fn done(output: Output) -> Output {
    assert_eq!(code(&output), 0, "{}{}", out(&output), err(&output));
    output
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("there").permissions().mode() & 0o777
}

fn init(directory: &Path, partner: &str, data: &str, more: &[&str]) -> Output {
    let config = format!("{data}.toml");
    let mut arguments = vec!["init", "--partner", partner, "--name", "Voorbeeld BV", "--data", data, "--config", &config, "--json"];
    arguments.extend(more);
    polder(directory, &arguments, "")
}

#[test]
fn a_node_joins_a_register() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    let made = json(&done(init(here, "kvk:12345678", "node", &["--peer-url", "https://node.example.nl:8443", "--role", "employer"])));
    assert!(
        !made.to_string().contains("polder_op_") && made["tokenFile"].as_str().is_some_and(|file| file.ends_with("node/operator-token")),
        "{made}"
    );
    let token = std::fs::read_to_string(here.join("node/operator-token")).expect("a token");
    assert!(token.starts_with("polder_op_") && token.trim().len() == 53);
    assert_eq!((mode(&here.join("node")), mode(&here.join("node/keys"))), (0o700, 0o700));
    for file in ["node/keys/message.key", "node/keys/tls.key", "node/operator-token", "node/operator-token.sha256"] {
        assert_eq!(mode(&here.join(file)), 0o600, "{file}");
    }
    let hash = std::fs::read_to_string(here.join("node/operator-token.sha256")).expect("the hash");
    let expected = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(token.trim()));
    assert_eq!(hash.trim(), expected);

    let new = ["register", "new", "--region", "flevoland", "--dir", "register", "--stewards", "3", "--threshold", "2", "--json"];
    let fingerprint = json(&done(polder(here, &new, "")))["fingerprint"].as_str().expect("a fingerprint").to_owned();
    assert_eq!(mode(&here.join("register/keys/steward-3.key")), 0o600);
    done(polder(here, &["register", "verify", "--dir", "register", "--fingerprint", &fingerprint], ""));

    let added = json(&done(polder(here, &["register", "add", "node/member.json", "--dir", "register", "--json"], "")));
    assert_eq!((&added["documents"][0]["version"], &added["complete"]), (&Value::from("members 1.2"), &Value::from(true)));
    let verified = json(&done(polder(here, &["register", "verify", "--dir", "register", "--fingerprint", &fingerprint, "--json"], "")));
    assert_eq!((&verified["holds"], &verified["version"], &verified["active"]), (&Value::from(true), &Value::from(2), &Value::from(1)));
    let replaced = json(&done(polder(here, &["register", "add", "node/member.json", "--dir", "register", "--json"], "")));
    assert_eq!(replaced["documents"][0]["version"], "members 1.3");
    let requests = [&added, &replaced].map(|said| &said["requests"][0]);
    assert_eq!(requests.map(|one| one["replaced"].as_bool()), [Some(false), Some(true)], "{added} {replaced}");
    assert!(requests.iter().all(|one| one["code"].as_str().is_some_and(|code| code.len() == 32)), "{added}");
    assert_eq!(requests[1]["narrowed"]["purposes"].as_array().map(Vec::len), Some(0), "{replaced}");

    let shown = json(&done(polder(here, &["register", "show", "--dir", "register", "--json"], "")));
    let signatures = &shown[0]["signatures"][0];
    assert_eq!((signatures["signed"].as_array().map(Vec::len), &signatures["needed"]), (Some(3), &Value::from(2)));
    assert_eq!(shown[1]["document"]["members"][0]["partner"], "kvk:12345678");
    assert_eq!(shown[1]["document"]["previous"].as_str().map(str::len), Some(64));
    let table = out(&done(polder(here, &["register", "show", "--dir", "register"], "")));
    assert!(table.contains("kvk:12345678") && table.contains("stewards: 3 signature(s), 2 needed"), "{table}");

    let other = "0".repeat(64);
    let wrong = polder(here, &["register", "verify", "--dir", "register", "--fingerprint", &other], "");
    assert_eq!(code(&wrong), 1);
    assert!(err(&wrong).contains("does not hold"), "{}", err(&wrong));
}

#[test]
fn another_partner_with_the_same_keys_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    done(init(here, "kvk:12345678", "node", &["--host", "a.example"]));
    done(polder(here, &["register", "new", "--region", "flevoland", "--dir", "r"], ""));
    done(polder(here, &["register", "add", "node/member.json", "--dir", "r"], ""));
    let copy = std::fs::read_to_string(here.join("node/member.json")).expect("read").replace("kvk:12345678", "kvk:87654321");
    std::fs::write(here.join("copy.json"), copy).expect("written");
    let refused = polder(here, &["register", "add", "copy.json", "--dir", "r"], "");
    assert_eq!(code(&refused), 1);
    assert!(err(&refused).contains("already that of kvk:12345678"), "{}", err(&refused));
}

#[test]
fn what_no_registrar_could_add_is_not_made() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    let host = ["--host", "a.example"];
    for (more, says) in [
        (&["--role", "Gemeente"][..], "roles: at most 10"),
        (&["--purpose", "find-work", "--purpose", "find-work"], "purposes: each once"),
        (&["--link-host", "voorbeeld.nl", "--link-host", "voorbeeld.nl"], "linkHosts: at most 20, each once"),
    ] {
        let refused = init(here, "kvk:12345678", "node", &[host.as_slice(), more].concat());
        assert_eq!(code(&refused), 2, "{more:?}");
        assert!(err(&refused).contains(says), "{}", err(&refused));
    }
    for name in ["", "Voorbeeld\u{1b}[2J BV", "Voorbeeld \u{202e}BV", &"x".repeat(201)] {
        let arguments =
            ["init", "--partner", "kvk:12345678", "--name", name, "--data", "node", "--host", "a.example", "--config", "node.toml"];
        let refused = polder(here, &arguments, "");
        assert_eq!(code(&refused), 2);
        assert!(err(&refused).contains("name: 1 to 200 characters"), "{}", err(&refused));
    }
    assert_eq!(std::fs::read_dir(here).expect("a directory").count(), 0);
}

#[test]
fn nothing_is_overwritten() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    let token = here.join("token");
    let made = done(init(here, "oin:00000001001234567000", "node", &["--host", "a.example", "--token-file", "token"]));
    assert_eq!((&json(&made)["token"], mode(&token)), (&Value::Null, 0o600));
    assert!(!here.join("node/operator-token").exists());
    let again = init(here, "oin:00000001001234567000", "node", &["--host", "a.example"]);
    assert_eq!(code(&again), 2);
    assert!(err(&again).contains("is there already and is not overwritten"), "{}", err(&again));
    let other = init(here, "oin:00000001001234567000", "other", &["--host", "a.example", "--token-file", "token"]);
    assert_eq!(code(&other), 2);
    assert!(!here.join("other").exists());
}

#[test]
fn an_address_that_no_partner_can_reach_is_warned_of() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    for (data, host, warned) in
        [("a", "kantoor", true), ("b", "node.example.nl", false), ("c", "192.0.2.1", false), ("d", "2001:db8::1", false)]
    {
        let made = json(&done(init(here, "kvk:12345678", data, &["--host", host])));
        assert_eq!(made["warnings"].as_array().map(Vec::len), Some(usize::from(warned)), "{made}");
        assert_eq!(made["warnings"].to_string().contains("--peer-url"), warned, "{made}");
    }
    let arguments =
        ["init", "--partner", "kvk:12345678", "--name", "Voorbeeld BV", "--data", "e", "--host", "kantoor", "--config", "e.toml"];
    let shown = done(polder(here, &arguments, ""));
    assert!(err(&shown).starts_with("polder: warning: other nodes are told to reach this one at https://kantoor:8443"), "{}", err(&shown));
    assert!(!out(&shown).contains("polder_op_"), "a token is never shown");
}

#[test]
fn values_of_the_command_line_stand_over_the_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    done(init(here, "kvk:12345678", "node", &["--host", "a.example", "--token-file", "token"]));
    let partners = |set: &str| polder(here, &["partners", "--config", "node.toml", "--token-file", "token", "--set", set], "");
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").to_string();
    let away = partners(&format!("client.listen={nobody}"));
    assert!(code(&away) == 3 && err(&away).contains(&nobody), "{}", err(&away));
    let misspelt = partners("client.lisen=x");
    assert!(code(&misspelt) == 2 && err(&misspelt).contains("did you mean client.listen?"), "{}", err(&misspelt));
    let wrong = polder(here, &["serve", "--config", "node.toml", "--set", "client.listen=x"], "");
    assert!(code(&wrong) == 2 && err(&wrong).contains("--set: client.listen: an IP address"), "{}", err(&wrong));
    let unread = polder(here, &["openapi", "--set", "client.listen=127.0.0.1:1"], "");
    assert!(code(&unread) == 2 && err(&unread).contains("does not read the configuration"), "{}", err(&unread));
}

#[test]
fn words_of_closed_lists_are_shown_and_completed() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    let completions = out(&done(polder(here, &["completions", "bash"], "")));
    for (option, wrong, right) in [
        ("--contract", "vast", "temporary-agency"),
        ("--kind", "vacature", "skill-offer"),
        ("--by", "auto", "public-transport"),
        ("--sector", "zorg", "Q"),
        ("--level-max", "41", "45"),
    ] {
        let mut arguments = vec!["query", option, wrong];
        arguments.extend(if option == "--by" { ["--from", "8302", "--within", "30m"].as_slice() } else { &[] });
        let refused = polder(here, &arguments, "");
        let said = err(&refused);
        assert!(code(&refused) == 2 && said.contains("possible values") && said.contains(right) && !said.contains("schemas/"), "{said}");
        assert!(completions.contains(right), "{option}");
    }
}

#[test]
fn a_configuration_that_is_wrong() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    done(init(here, "kvk:12345678", "node", &["--host", "a.example"]));
    let serve = polder(here, &["serve", "--config", "node.toml"], "");
    assert_eq!(code(&serve), 2);
    assert!(err(&serve).contains("register.fingerprint is missing ("), "{}", err(&serve));
    std::fs::write(here.join("polder.toml"), "[client]\nlisen = \"x\"\n").expect("written");
    let serve = polder(here, &["serve", "--json"], "");
    let said: Value = serde_json::from_str(&err(&serve)).expect("JSON");
    assert_eq!((code(&serve), &said["exit"]), (2, &Value::from(2)));
    assert!(said["error"].as_str().is_some_and(|error| error.contains("did you mean `client.listen`")), "{said}");
    assert_eq!(code(&polder(here, &["serve", "--config", "nowhere.toml"], "")), 2);
    assert_eq!(code(&polder(here, &["nonsense"], "")), 2);
}

#[test]
fn a_node_that_is_not_there() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    done(init(here, "kvk:12345678", "node", &["--host", "a.example", "--token-file", "token"]));
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").to_string();
    let url = format!("http://{nobody}");
    let arguments = ["partners", "--url", url.as_str(), "--token-file", "token"];
    let away = polder(here, &arguments, "");
    assert_eq!(code(&away), 3, "{}", err(&away));
    let import =
        polder(here, &["import", "-", "--url", &url, "--token-file", "token"], "{\"kind\":\"vacancy\",\"key\":\"a\",\"document\":{}}\n");
    assert_eq!(code(&import), 3, "{}", err(&import));
    let far = polder(here, &["partners", "--url", "http://node.example.nl", "--token-file", "token"], "");
    assert_eq!(code(&far), 2);
    std::fs::set_permissions(here.join("token"), std::fs::Permissions::from_mode(0o644)).expect("set");
    let open = polder(here, &arguments, "");
    assert_eq!(code(&open), 2);
    assert!(err(&open).contains("chmod 600"), "{}", err(&open));
}

#[test]
fn a_dry_run_judges_every_record() {
    let directory = tempfile::tempdir().expect("a directory");
    let good = r#"{"kind":"vacancy","key":"a","document":{"title":"Lasser","description":"Je last.","employer":{"name":"Las BV"}}}"#;
    let bad = r#"{"kind":"vacancy","key":"b","document":{"title":"Lasser","colour":"red"}}"#;
    let noted = good.replace("\"a\"", "\"d\"").replace("\"title\"", "\"location\":{\"postcode\":\"8399\"},\"title\"");
    let posting = r#"{"@type":"JobPosting","title":"Lasser","description":"Je last.","identifier":"c","hiringOrganization":"Las BV","skills":"toverspreuken"}"#;
    let input = format!("{good}\n{bad}\n{posting}\n{noted}\n");
    let run = polder(directory.path(), &["import", "-", "--dry-run", "--json"], &input);
    assert_eq!(code(&run), 1);
    let lines: Vec<Value> = out(&run).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let outcomes: Vec<_> = lines.iter().map(|line| (line["line"].as_u64(), line["key"].as_str(), line["outcome"].as_str())).collect();
    let valid = |line, key| (Some(line), Some(key), Some("valid"));
    assert_eq!(outcomes, [valid(1, "a"), (Some(2), Some("b"), Some("refused")), valid(3, "c"), valid(4, "d")]);
    assert_eq!(lines[1]["problem"]["type"], "urn:polder:problem:invalid-document");
    assert_eq!(lines[2]["mapping"][0], "skills: text kept, not parsed (toverspreuken)");
    assert_eq!((&lines[3]["notes"][0]["pointer"], &lines[3]["notes"][0]["code"]), (&"/location/postcode".into(), &"unknown-code".into()));
    assert_eq!((&lines[0]["notes"], &lines[2]["notes"]), (&Value::Null, &Value::Null));
    let human = out(&polder(directory.path(), &["import", "-", "--dry-run"], &input));
    assert!(human.contains("line 2: b refused") && human.ends_with("1 refused, 3 valid\n"), "{human}");
    assert!(
        human.contains("/location/postcode: no table knows the postcode 8399; nearest are: 8398 Blesdijke")
            && human.contains("(1 record: line 4 d)"),
        "{human}"
    );
}

#[test]
fn completions_and_help() {
    let directory = tempfile::tempdir().expect("a directory");
    for shell in ["bash", "zsh", "fish"] {
        assert!(out(&done(polder(directory.path(), &["completions", shell], ""))).contains("polder"), "{shell}");
    }
    assert!(out(&done(polder(directory.path(), &["--help"], ""))).contains("Exit codes:"));
    let document: Value = json(&done(polder(directory.path(), &["openapi"], "")));
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.")));
}
