//! `polder doctor` finds what is planted, says what to do, shows no secret, and is silent where all is well. `polder backup` beside it.

use std::os::unix::fs::{FileExt, MetadataExt};

use serde_json::{Value, json};
use sqlx::Connection;

use crate::support::command;
use crate::support::logins::Logins;
use crate::support::region::Region;
use crate::support::running::Running;

/// Looks, and expects this to be the finding.
fn finds(region: &Region, exit: i32, about: &str, grade: &str, says: &str) {
    region.finds(exit, about, grade, says);
}

fn well(region: &Region) {
    let (report, code) = region.doctor("a");
    let others: Vec<&Value> = report["checks"].as_array().expect("checks").iter().filter(|check| check["grade"] != "ok").collect();
    assert_eq!((others.as_slice(), code), ([].as_slice(), 0));
}

/// Two nodes, `b` running, `a` joined and stopped.
fn two() -> (Region, Running) {
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
    region.mode("a/data/keys/message.key", 0o644);
    let found = region.finds(1, "keys", "failure", "can be read by others");
    let advice = found["do"].as_str().expect("advice");
    assert!(advice.starts_with("chmod 600 ") && advice.contains("keys/message.key") && advice.contains("keys/tls.key"), "{advice}");
    assert!(advice.contains("could copy it") && !advice.contains("backup"), "{advice}");
    region.mode("a/data/keys/tls.key", 0o600);
    region.mode("a/data/keys/message.key", 0o600);
    std::fs::rename(region.path("a/data/keys/tls.key"), region.path("aside")).expect("moved");
    region.advises(1, "keys", "failure", "No such file", "put the keys back from a backup");
    std::fs::rename(region.path("aside"), region.path("a/data/keys/tls.key")).expect("moved");
    let key = std::fs::read(region.path("a/data/keys/tls.key")).expect("a key");
    std::fs::copy(region.path("b/data/keys/tls.key"), region.path("a/data/keys/tls.key")).expect("copied");
    region.advises(1, "keys", "failure", "tls.key is not the key of the certificate", "put the keys back from a backup");
    std::fs::write(region.path("a/data/keys/tls.key"), key).expect("written");
    region.mode("a/data/operator-token.sha256", 0o644);
    region.advises(1, "configuration", "failure", "operator token", "chmod 600 ");
    region.mode("a/data/operator-token.sha256", 0o600);
    a_map(&region);
    let taken = std::net::TcpListener::bind(region.listens("a", "peer")).expect("the port");
    finds(&region, 1, "ports", "failure", "peer.listen");
    drop(taken);
    std::fs::rename(region.path("a/data/register/root.1.json"), region.path("aside")).expect("moved");
    finds(&region, 1, "register", "failure", "there is no root.1.json");
    std::fs::rename(region.path("aside"), region.path("a/data/register/root.1.json")).expect("moved");
    well(&region);
    drop(b);
    finds(&region, 1, "partners", "failure", "none of 1 answered");
    finds(&region, 1, &Region::partner("b"), "warning", "did not answer");
}

/// A map of the partner's own: none, too much of it, one in another grid, and one that is right.
fn a_map(region: &Region) {
    let config = std::fs::read_to_string(region.path("a/polder.toml")).expect("a configuration");
    let with = format!("{config}\n[pages]\nurl = \"http://127.0.0.1:8080\"\nmap_file = \"region.geojson\"\n");
    std::fs::write(region.path("a/polder.toml"), with).expect("written");
    let area = |ring: &str| {
        format!(
            r#"{{"type": "FeatureCollection", "features": [{{"type": "Feature", "properties": {{"name": "Hier"}}, "geometry": {{"type": "Polygon", "coordinates": [{ring}]}}}}]}}"#
        )
    };
    let right = area("[[5.1, 52.1], [5.5, 52.1], [5.5, 52.5], [5.1, 52.1]]");
    finds(region, 1, "configuration", "failure", "region.geojson: No such file");
    for (text, says) in [
        (area("[[155000, 463000], [156000, 463000], [156000, 464000], [155000, 463000]]"), "feature 1: [155000, 463000] is no longitude"),
        (" ".repeat(2 * 1024 * 1024 + 1), "it is larger than 2 MiB"),
    ] {
        std::fs::write(region.path("a/region.geojson"), text).expect("written");
        region.advises(1, "configuration", "failure", says, "mend the file");
    }
    std::fs::write(region.path("a/region.geojson"), right).expect("written");
    well(region);
    let (report, _) = region.doctor("a");
    assert!(report.to_string().contains("region.geojson: 1 areas"), "{report}");
    std::fs::write(region.path("a/polder.toml"), config).expect("written");
}

#[test]
fn without_a_configuration_it_says_where_it_looked() {
    assert!(!std::path::Path::new("/etc/polder/polder.toml").exists(), "this machine has a node, which the test would find");
    let directory = tempfile::tempdir().expect("a directory");
    let look = |arguments: &[&str]| -> Value {
        let output = command::polder(directory.path(), &[&["doctor", "--json"], arguments].concat(), "");
        assert_eq!(command::code(&output), 1);
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        report["checks"][0].clone()
    };
    let found = look(&[]);
    let says = found["says"].as_str().expect("text");
    assert!(says.contains("there is no configuration") && says.contains("/etc/polder/polder.toml"), "{says}");
    assert!(found["do"].as_str().is_some_and(|advice| advice.contains("--config FILE") && advice.contains("polder init")), "{found}");
    let found = look(&["--config", "nowhere.toml"]);
    assert!(found["do"].as_str().is_some_and(|advice| advice.contains("see the name and the place")), "{found}");
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
    let (report, _) = region.doctor("a");
    assert_eq!(report.to_string().matches("the program that wrote it").count(), 1, "{report}");
    std::fs::write(&path, &whole).expect("written");
    let text = String::from_utf8_lossy(&whole).into_owned();
    assert!(text.contains("home-partner"));
    let at = whole.windows(12).position(|window| window == b"kvk:00000001").expect("whose it is") as u64;
    write(at, b"kvk:00000009");
    finds(&region, 1, "database", "failure", "it belongs to kvk:00000009");
    std::fs::write(&path, &whole).expect("written");
    // Of the last page nothing is needed to open it: only who reads it through finds this.
    let page = u64::from(u16::from_be_bytes([whole[16], whole[17]]));
    assert!(page >= 512 && (whole.len() as u64).is_multiple_of(page), "pages of {page} bytes");
    write(whole.len() as u64 - page, &[0xff; 64]);
    region.advises(1, "database", "failure", "it is damaged: ", "put the last backup in its place");
    for page in 2..whole.len() as u64 / 4096 {
        write(page * 4096, &[0xff; 64]);
    }
    let (report, code) = region.doctor("a");
    let failed = |check: &Value| check["about"] == "database" && check["grade"] == "failure";
    assert!(code == 1 && report["checks"].as_array().expect("checks").iter().any(failed), "{report:#}");
    assert!(!report.to_string().contains("another region"), "{report:#}");
    let served = region.run(&["serve", "--config", "a/polder.toml"]);
    let said = String::from_utf8_lossy(&served.stderr);
    let told = ["a/data/polder.db: ", "put a backup in its place if it is damaged", "polder doctor"];
    assert!(served.status.code() == Some(2) && told.iter().all(|part| said.contains(part)), "{said}");
    std::fs::write(&path, &whole).expect("written");
    well(&region);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_that_a_log_was_changed_is_told() {
    let (region, _b) = tokio::task::block_in_place(two);
    drop(tokio::task::block_in_place(|| region.serve("a")));
    tokio::task::block_in_place(|| well(&region));
    let file = sqlx::sqlite::SqliteConnectOptions::new().filename(region.path("a/data/polder.db"));
    let mut database = sqlx::SqliteConnection::connect_with(&file).await.expect("a connection");
    let plant = format!("INSERT INTO settings (name, value) VALUES ('log-evidence proef/{}', '[]')", Region::partner("b"));
    sqlx::raw_sql(sqlx::AssertSqlSafe(plant)).execute(&mut database).await.expect("planted");
    database.close().await.expect("closed");
    let says = format!("two histories of the log of proef/{}: ", Region::partner("b"));
    let found = tokio::task::block_in_place(|| region.finds(6, "histories", "warning", &says));
    assert!(found["do"].as_str().is_some_and(|advice| advice.contains("evidence") && advice.contains("stewards")), "{found}");
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
    // A catalogue with something in it names an address of e-mail.
    std::fs::write(region.path("t.ndjson"), "{\"kind\":\"training\",\"key\":\"T-1\",\"document\":{\"title\":\"Lassen\",\"description\":\"Les.\",\"provider\":{\"name\":\"School\"}}}\n").expect("written");
    let at = ["--url", &format!("http://{}", region.listens("a", "client")), "--token-file", "a/data/operator-token"];
    assert_eq!(command::code(&region.run(&[["import", "t.ndjson"].as_slice(), &at].concat())), 0);
    finds(&region, 6, "trainings", "warning", "names no `contactEmail`");
    let without = region.change("a/polder.toml", "# contact = \"\"", "contact = \"privacy@a.example\"");
    well(&region);
    std::fs::write(region.path("a/polder.toml"), without).expect("written");
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
    // The copy is a database that a node starts with, without what belongs to the old one.
    for beside in ["polder.db-wal", "polder.db-shm"] {
        let _ = std::fs::remove_file(region.path("a/data").join(beside));
    }
    std::fs::copy(region.path("copy.db"), region.path("a/data/polder.db")).expect("restored");
    let _a = region.serve("a");
    drop(b);
}

/// Node `a` has joined a region that it is alone in.
pub(crate) fn one() -> Region {
    let region = Region::with(&["a"]);
    assert_eq!(command::code(&region.join("a")), 0);
    region
}

#[test]
fn directories_rights_and_secrets_are_looked_at() {
    let region = one();
    std::fs::rename(region.path("a/data"), region.path("aside")).expect("moved");
    finds(&region, 1, "configuration", "failure", "a/data: No such file");
    std::fs::write(region.path("a/data"), "").expect("written");
    finds(&region, 1, "configuration", "failure", "is no directory");
    std::fs::remove_file(region.path("a/data")).expect("removed");
    std::fs::rename(region.path("aside"), region.path("a/data")).expect("moved");
    // Only who may give a directory away can try this.
    if std::os::unix::fs::chown(region.path("a/data"), Some(65_534), None).is_ok() {
        region.advises(1, "user", "failure", "belongs to user 65534", "run it as that user");
        std::os::unix::fs::chown(region.path("a/data"), Some(0), None).expect("given back");
    }
    let config = region.change("a/polder.toml", "[client]", "database_password_file = \"secret\"\n[client]");
    region.advises(1, "configuration", "failure", "database_password_file", "write the secret into it");
    std::fs::write(region.path("a/secret"), "x").expect("written");
    region.mode("a/secret", 0o644);
    region.advises(1, "configuration", "failure", "database_password_file", "chmod 600 ");
    std::fs::write(region.path("a/polder.toml"), config).expect("written");
    let hash = region.path("a/data/operator-token.sha256");
    std::fs::rename(&hash, region.path("aside")).expect("moved");
    region.advises(1, "configuration", "failure", "the hash of the operator token", "restore it from a backup");
    std::fs::rename(region.path("aside"), &hash).expect("moved");
    well(&region);
}

#[test]
fn ports_are_looked_at_also_while_the_node_runs() {
    let region = one();
    let config = region.change("a/polder.toml", &region.listens("a", "peer"), "203.0.113.7:8443");
    finds(&region, 1, "ports", "failure", "cannot be listened on");
    std::fs::write(region.path("a/polder.toml"), &config).expect("written");
    // A node that lives and is not ready: it says so on the port for operators, and on no other.
    let operator = std::net::TcpListener::bind(region.listens("a", "operator")).expect("the port");
    std::thread::spawn(move || {
        for connection in operator.incoming() {
            let mut connection = connection.expect("a connection");
            let mut request = [0; 1_024];
            let read = std::io::Read::read(&mut connection, &mut request).expect("a request");
            let alive = request[..read].starts_with(b"GET /livez");
            let (status, text) = if alive { ("200 OK", "alive") } else { ("503 Service Unavailable", "starts") };
            let reply = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}", text.len());
            std::io::Write::write_all(&mut connection, reply.as_bytes()).expect("replied");
        }
    });
    finds(&region, 1, "operator", "warning", "is not ready");
    finds(&region, 1, "ports", "failure", "nothing listens on client.listen");
}

#[test]
fn what_the_system_says_of_its_clock_counts_where_no_partner_does() {
    let region = one();
    let bin = region.path("bin");
    std::fs::create_dir(&bin).expect("a directory");
    let look = |says: &str| {
        std::fs::write(bin.join("timedatectl"), format!("#!/bin/sh\necho {says}\n")).expect("written");
        region.mode("bin/timedatectl", 0o755);
        let mut doctor = std::process::Command::new(env!("CARGO_BIN_EXE_polder"));
        let output = doctor.current_dir(region.here()).args(["doctor", "--json", "--config", "a/polder.toml"]).env("PATH", &bin).output();
        let report: Value = serde_json::from_slice(&output.expect("the program").stdout).expect("JSON");
        report["checks"].as_array().expect("checks").iter().find(|check| check["about"] == "clock").cloned()
    };
    assert_eq!(look("yes").expect("a line")["grade"], "ok");
    let found = look("no").expect("a line");
    assert!(found["grade"] == "warning" && found["do"].as_str().is_some_and(|advice| advice.contains("NTP client")), "{found}");
    assert!(look("maybe").is_none());
}

#[test]
fn logging_in_is_looked_at_before_anybody_does() {
    let region = one();
    let file = region.path("a/polder.toml");
    let config = std::fs::read_to_string(&file).expect("a configuration");
    let with = |more: &str| std::fs::write(&file, format!("{config}\n{more}")).expect("written");
    with("[style]\nradius = 4\n\n[desk]\ncaseworkers = \"balie\"\n");
    region.advises(6, "configuration", "warning", "style.radius, desk.caseworkers", "pages.url");
    let portal = |issuer: &str, more: &str| {
        with(&format!(
            "[pages]\nurl = \"http://127.0.0.1:1\"\n\n[portal]\nissuer = \"{issuer}\"\nclient_id = \"a\"\nclient_secret_file = \"secret\"\n{more}"
        ));
    };
    portal("http://127.0.0.1:9", "");
    std::fs::write(region.path("a/secret"), "x").expect("written");
    region.mode("a/secret", 0o644);
    region.advises(1, "configuration", "failure", "portal.client_secret_file", "chmod 600 ");
    region.mode("a/secret", 0o600);
    region.advises(1, "log-in", "failure", "portal.issuer http://127.0.0.1:9", "nobody can log in at the portal");
    let logins = Logins::at("http://127.0.0.1:1").environment(&region.path("a"));
    let (_, issuer) = logins.iter().find(|(name, _)| *name == "POLDER_PORTAL_ISSUER").expect("an issuer");
    portal(issuer, "algorithm = \"ES256\"\n");
    well(&region);
    portal(issuer, "algorithm = \"RS256\"\n");
    region.advises(6, "log-in", "warning", "it signs by ES256, and not by RS256", "the keys of portal");
}

#[test]
fn certificates_that_end_are_told() {
    use polder_exchange::{Clock, SystemClock};
    use polder_trust::keys::Identity;
    let region = one();
    region.change("a/polder.toml", "# tls_certificate = \"/etc/polder/client.pem\"", "tls_certificate = \"own/tls.pem\"");
    region.change("a/polder.toml", "# tls_key = \"/etc/polder/client.key\"", "tls_key = \"own/tls.key\"");
    let partner = Region::partner("a").parse().expect("a partner");
    // Made so many days ago, for 365.
    let made = |days: i64| {
        let _ = std::fs::remove_dir_all(region.path("a/own"));
        std::fs::create_dir(region.path("a/own")).expect("a directory");
        Identity::create(&region.path("a/own"), &partner, "a.example", SystemClock.now().plus_seconds(-days * 86_400)).expect("made");
    };
    made(330);
    well(&region);
    made(340);
    finds(&region, 6, "certificate", "warning", "ends in");
    made(367);
    finds(&region, 1, "certificate", "failure", "ended on");
    made(0);
    region.mode("a/own/tls.key", 0o644);
    region.advises(1, "certificate", "failure", "can be read by others", "chmod 600 ");
    // The node itself does not take it either, nor a file without a certificate.
    let tls = polder_web::Tls { certificate: region.path("a/own/tls.pem"), key: region.path("a/own/tls.key") };
    let refused = |says: &str| polder_web::client_chain(&tls).is_err_and(|error| error.to_string().contains(says));
    assert!(refused("client.tls_key: ") && refused("can be read by others"));
    region.mode("a/own/tls.key", 0o600);
    std::fs::write(region.path("a/own/tls.pem"), "").expect("written");
    assert!(refused("there is no certificate in it"));
}

#[test]
fn a_database_of_an_older_version_is_told_before_the_start_that_changes_it() {
    let region = one();
    let path = region.path("a/data/polder.db");
    let mut version = [0; 4];
    let file = std::fs::OpenOptions::new().read(true).write(true).open(path).expect("a file");
    file.read_exact_at(&mut version, 60).expect("a version");
    let known = u32::from_be_bytes(version);
    assert!(known > 1);
    file.write_all_at(&(known - 1).to_be_bytes(), 60).expect("written");
    region.advises(6, "database", "warning", &format!("its schema has version {}", known - 1), "make a backup before that start");
}
