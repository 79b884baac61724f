//! `polder doctor` finds what is planted, says what to do, shows no secret, and is silent where all is well. `polder backup` beside it.
#![expect(clippy::expect_used, reason = "tests")]

#[path = "support/command.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod command;
#[path = "support/region.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod region;

use std::os::unix::fs::{FileExt, MetadataExt};

use region::Region;
use serde_json::{Value, json};

/// Looks, and expects this to be the finding.
fn finds(region: &Region, exit: i32, about: &str, grade: &str, says: &str) {
    let (report, code) = region.doctor("a");
    let checks = report["checks"].as_array().expect("checks");
    let found = |check: &&Value| {
        check["about"] == about && check["grade"] == grade && check["says"].as_str().is_some_and(|text| text.contains(says))
    };
    let found = checks.iter().find(found).unwrap_or_else(|| panic!("no {grade} about {about} that says {says}: {report:#}"));
    assert!(found["do"].as_str().is_some_and(|advice| !advice.is_empty()), "it says what to do: {found}");
    assert_eq!(code, exit, "{report:#}");
    for secret in ["a/data/operator-token", "a/data/keys/message.key"] {
        if let Ok(text) = std::fs::read_to_string(region.path(secret)) {
            let line = text.lines().find(|line| !line.starts_with("---")).unwrap_or_default();
            assert!(!report.to_string().contains(line), "a secret is shown");
        }
    }
}

fn well(region: &Region) {
    let (report, code) = region.doctor("a");
    let others: Vec<&Value> = report["checks"].as_array().expect("checks").iter().filter(|check| check["grade"] != "ok").collect();
    assert_eq!((others.as_slice(), code), ([].as_slice(), 0));
}

/// Two nodes, `b` running, `a` joined and stopped.
fn two() -> (Region, region::Running) {
    let region = Region::with(&["a", "b"]);
    assert_eq!(command::code(&region.join("b")), 3);
    let b = region.serve("b");
    assert_eq!(command::code(&region.join("a")), 0);
    (region, b)
}

#[test]
fn each_planted_fault_is_found() {
    let (region, b) = two();
    well(&region);
    let config = region.change("a/polder.toml", "listen", "lisen");
    finds(&region, 1, "configuration", "failure", "did you mean `client.listen`?");
    std::fs::write(region.path("a/polder.toml"), &config).expect("written");
    region.change("a/polder.toml", "fingerprint = ", "# fingerprint = ");
    finds(&region, 1, "configuration", "failure", "register.fingerprint is not set");
    std::fs::write(region.path("a/polder.toml"), &config).expect("written");
    region.mode("a/data", 0o755);
    finds(&region, 1, "configuration", "failure", "open to other users");
    region.mode("a/data", 0o700);
    let hash = region.change("a/data/operator-token.sha256", "", "x");
    finds(&region, 1, "configuration", "failure", "64 hexadecimal digits");
    std::fs::write(region.path("a/data/operator-token.sha256"), hash).expect("written");
    region.mode("a/data/keys/tls.key", 0o640);
    finds(&region, 1, "keys", "failure", "can be read by others");
    region.mode("a/data/keys/tls.key", 0o600);
    let taken = std::net::TcpListener::bind(region.listens("a", "peer")).expect("the port");
    finds(&region, 1, "ports", "failure", "peer.listen");
    drop(taken);
    std::fs::rename(region.path("a/data/register"), region.path("aside")).expect("moved");
    finds(&region, 1, "register", "failure", "there is no root.1.json");
    std::fs::rename(region.path("aside"), region.path("a/data/register")).expect("moved");
    well(&region);
    drop(b);
    finds(&region, 1, "partners", "failure", "none of 1 answered");
    finds(&region, 1, &Region::partner("b"), "warning", "did not answer");
}

#[test]
fn a_database_that_is_not_right_is_found() {
    let (region, _b) = two();
    let path = region.path("a/data/polder.db");
    let whole = std::fs::read(&path).expect("a database");
    let write = |at: u64, bytes: &[u8]| {
        std::fs::OpenOptions::new().write(true).open(&path).expect("a file").write_all_at(bytes, at).expect("written");
    };
    // The version of the schema stands at byte 60 of the file.
    write(60, &99_u32.to_be_bytes());
    finds(&region, 1, "database", "failure", "schema version 99");
    std::fs::write(&path, &whole).expect("written");
    let text = String::from_utf8_lossy(&whole).into_owned();
    assert!(text.contains("home-partner"));
    let at = whole.windows(12).position(|window| window == b"kvk:00000001").expect("whose it is") as u64;
    write(at, b"kvk:00000009");
    finds(&region, 1, "database", "failure", "it belongs to kvk:00000009");
    std::fs::write(&path, &whole).expect("written");
    for page in 2..whole.len() as u64 / 4096 {
        write(page * 4096, &[0xff; 64]);
    }
    let (report, code) = region.doctor("a");
    let failed = |check: &Value| check["about"] == "database" && check["grade"] == "failure";
    assert!(code == 1 && report["checks"].as_array().expect("checks").iter().any(failed), "{report:#}");
    std::fs::write(&path, &whole).expect("written");
    well(&region);
}

#[test]
fn certificates_and_partners_are_looked_at_beside_a_running_node() {
    let (region, b) = two();
    let config =
        region.change("a/polder.toml", "# tls_certificate = \"/etc/polder/client.pem\"", "tls_certificate = \"data/keys/tls.pem\"");
    region.change("a/polder.toml", "# tls_key = \"/etc/polder/client.key\"", "tls_key = \"../b/data/keys/tls.key\"");
    finds(&region, 1, "certificate", "failure", "TLS cannot be set up");
    region.change("a/polder.toml", "../b/data/keys/tls.key", "data/keys/tls.key");
    well(&region);
    std::fs::write(region.path("a/polder.toml"), config).expect("written");

    let _a = region.serve("a");
    well(&region);
    let (report, _) = region.doctor("a");
    assert!(report["checks"].as_array().expect("checks").iter().any(|check| check["about"] == "address"), "{report:#}");
    // A second writer would have been refused by the file's owner; a reader leaves the node alone.
    let copy = region.done(&["backup", "copy.db", "--config", "a/polder.toml"]);
    let found = std::fs::metadata(region.path("copy.db")).expect("the copy");
    assert_eq!((json!(found.len()), found.mode() & 0o777), (copy["bytes"].clone(), 0o600));
    assert!(!region.path("copy.db.partial").exists());
    let again = region.run(&["backup", "copy.db", "--config", "a/polder.toml"]);
    assert_eq!(command::code(&again), 2, "{}", command::err(&again));
    // One partner of two is away: that is worth a warning, and no more.
    region.add("c");
    drop(_a);
    region.accession("a");
    for file in ["members.json", "fresh.json"] {
        std::fs::copy(region.path("desk").join(file), region.path("a/data/register").join(file)).expect("copied");
    }
    finds(&region, 6, &Region::partner("c"), "warning", "did not answer");
    // The copy is a database that a node starts with.
    std::fs::copy(region.path("copy.db"), region.path("a/data/polder.db")).expect("restored");
    let _a = region.serve("a");
    drop(b);
}
