//! A disk that is full, or fails: the client is told, reading and searching go on, and nothing that was acknowledged is lost.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use polder_federation_tests::http::{Client, Partner, partners, start_all, vacancy};
use polder_federation_tests::not_run::not_run;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::register_of_version;
use polder_federation_tests::people;
use polder_federation_tests::problems::refused;
use polder_web::RunningNode;
use serde_json::{Value, json};

/// Tells a child which directory to use.
const DIRECTORY: &str = "POLDER_TEST_DIRECTORY";

fn told() -> Option<PathBuf> {
    std::env::var_os(DIRECTORY).map(PathBuf::from)
}

/// Runs one test of this program after a shell line, which may use `$1` for the directory.
fn child(shell: &[&str], prepare: &str, directory: &Path, test: &str) -> Output {
    let script = format!("{prepare} && shift && exec \"$@\"");
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).args(["-c", &script, "bash"]).arg(directory).arg(std::env::current_exe().expect("this program"));
    command.args(["--exact", &format!("storage::{test}"), "--ignored", "--nocapture"]).env(DIRECTORY, directory).output().expect("a child")
}

fn assert_passed(output: &Output) {
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn a_full_disk_is_told_and_nothing_is_lost() {
    let directory = tempfile::tempdir().expect("a directory");
    let spaces = [&["unshare", "--mount", "bash"][..], &["unshare", "--mount", "--map-root-user", "bash"]];
    let allowed = |shell: &&[&str]| {
        let tried = Command::new(shell[0]).args(&shell[1..]).args(["-c", "mount -t tmpfs -o size=1m tmpfs /mnt"]).output();
        tried.is_ok_and(|output| output.status.success())
    };
    match spaces.into_iter().find(allowed) {
        Some(shell) => assert_passed(&child(shell, "mount -t tmpfs -o size=4m tmpfs \"$1\"", directory.path(), "on_a_small_disk")),
        None => not_run("a_full_disk_is_told_and_nothing_is_lost: no mounts are allowed here"),
    }
}

#[test]
fn a_failing_disk_is_told_and_nothing_is_lost() {
    let directory = tempfile::tempdir().expect("a directory");
    assert_passed(&child(&["bash"], "trap '' XFSZ", directory.path(), "on_a_failing_disk"));
}

#[test]
fn a_failing_disk_lets_nothing_of_people_out_and_claims_no_withdrawal() {
    let directory = tempfile::tempdir().expect("a directory");
    assert_passed(&child(&["bash"], "trap '' XFSZ", directory.path(), "people_on_a_failing_disk"));
}

struct Stage {
    partners: Vec<Partner>,
    node: RunningNode,
    client: Client,
    kept: Vec<usize>,
}

fn offer(number: usize) -> String {
    vacancy(&format!("Monteur {number:05}")).to_string().replace("windmolens", &"windmolen ".repeat(500))
}

impl Stage {
    async fn set(directory: &Path) -> Self {
        let mut partners = partners(directory, &PARTNERS[..1]);
        let node = start_all(&mut partners).await.pop().expect("a node");
        let client = Client::of(&node);
        Self { partners, node, client, kept: Vec::new() }
    }

    /// Puts an offer; what it was refused as.
    async fn put(&mut self, number: usize) -> Option<(u16, String)> {
        let response = self.client.put(&format!("/v1/vacancies/V-{number:05}"), offer(number)).await;
        if response.status() == 201 {
            self.kept.push(number);
            return None;
        }
        let refused = refused(response).await;
        assert!(refused.status != 507 || refused.text.matches("nothing was stored").count() == 1, "said once: {}", refused.text);
        Some((refused.status, refused.name))
    }

    /// Everything that was acknowledged is read, listed and found, and nothing else is.
    async fn holds_what_it_acknowledged(&self) {
        for number in &self.kept {
            let read = self.client.request("GET", &format!("/v1/vacancies/V-{number:05}")).send().await.expect("a response");
            assert_eq!(read.text().await.expect("text"), offer(*number));
        }
        let (mut path, mut listed) = ("/v1/vacancies?limit=100".to_owned(), Vec::new());
        loop {
            let page: Value = self.client.request("GET", &path).send().await.expect("a response").json().await.expect("JSON");
            listed.extend(page["items"].as_array().expect("items").iter().map(|item| item["key"].as_str().expect("a key").to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/v1/vacancies?limit=100&cursor={next}");
        }
        assert_eq!(listed, self.kept.iter().map(|number| format!("V-{number:05}")).collect::<Vec<_>>());
        let (status, result) = self.client.query(&json!({"kind": "vacancy", "text": "monteur", "limit": 100})).await;
        assert_eq!((status, &result["complete"]), (200, &json!(true)), "{result}");
        assert_eq!(result["hits"].as_array().map(Vec::len), Some(self.kept.len().min(100)));
    }

    async fn start_again(mut self) -> Self {
        self.node.stop().await;
        let register = register_of_version([self.partners[0].member.clone()], 3);
        let node = self.partners[0].start(register).await;
        Self { client: Client::of(&node), node, ..self }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a child of a_full_disk_is_told_and_nothing_is_lost"]
async fn on_a_small_disk() {
    let Some(directory) = told() else { return };
    let ballast = directory.join("ballast");
    std::fs::write(&ballast, vec![1; 500 * 1024]).expect("written");
    let mut stage = Stage::set(&directory).await;
    let (mut number, mut in_a_row) = (0, 0);
    // A log that is full may find room once it is written back: the disk is full when five in a row do not fit.
    while in_a_row < 5 {
        match stage.put(number).await {
            None => in_a_row = 0,
            Some(refused) => {
                assert_eq!(refused, (507, "storage-full".to_owned()));
                in_a_row += 1;
            }
        }
        number += 1;
        assert!(number < 2_000, "the disk is small");
    }
    assert!(stage.kept.len() > 10, "{}", stage.kept.len());
    stage.holds_what_it_acknowledged().await;
    std::fs::remove_file(&ballast).expect("removed");
    assert_eq!(stage.put(number).await, None, "there is room again");
    stage.holds_what_it_acknowledged().await;
    stage.start_again().await.holds_what_it_acknowledged().await;
}

/// From now on no file of this process may grow beyond so many bytes.
fn files_up_to(bytes: &str) {
    let me = std::process::id().to_string();
    let set = Command::new("prlimit").args(["--pid", &me, &format!("--fsize={bytes}:unlimited")]).status().expect("prlimit");
    assert!(set.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a child of a_failing_disk_is_told_and_nothing_is_lost"]
async fn on_a_failing_disk() {
    let Some(directory) = told() else { return };
    let mut stage = Stage::set(&directory).await;
    for number in 0..20 {
        assert_eq!(stage.put(number).await, None);
    }
    // Every write fails from here on, as on a disk that turned read-only or broke.
    files_up_to("0");
    for number in 20..25 {
        let (status, name) = stage.put(number).await.expect("nothing can be stored");
        assert!([(500, "internal"), (503, "unavailable"), (507, "storage-full")].contains(&(status, &name)), "{status} {name}");
    }
    let deleted = stage.client.request("DELETE", "/v1/vacancies/V-00000").send().await.expect("a response");
    assert!(deleted.status().is_server_error());
    stage.holds_what_it_acknowledged().await;
    files_up_to("unlimited");
    for number in 25..30 {
        assert_eq!(stage.put(number).await, None, "the disk works again");
    }
    stage.holds_what_it_acknowledged().await;
    stage.start_again().await.holds_what_it_acknowledged().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a child of a_failing_disk_lets_nothing_of_people_out_and_claims_no_withdrawal"]
async fn people_on_a_failing_disk() {
    let Some(directory) = told() else { return };
    let mut partners = partners(&directory, &PARTNERS[..1]);
    partners[0].member.purposes = polder_model::Purpose::ALL.to_vec();
    let node = start_all(&mut partners).await.pop().expect("a node").node.clone();
    let worker = people::put(&node, "P-1", &people::profile("Monteur")).await;
    people::vacancy(&node, "V-1").await;
    let decision = people::decision(&[&partners[0].id], &people::MATCHED);
    let consent = people::give(&node, worker, &decision).await.expect("given").remove(0);
    assert_eq!(people::seek(&node).await.hits.len(), 1);
    // The ledger cannot be written from here on.
    files_up_to("0");
    let result = people::seek(&node).await;
    assert!(result.hits.is_empty() && !result.complete, "no row, no bytes");
    assert!(people::give(&node, worker, &decision).await.is_err());
    let refused = node.withdraw(worker, consent.id).await;
    assert!(matches!(refused, Err(polder_exchange::people::DecideRefused::Store(_))), "never a false done: {refused:?}");
    files_up_to("unlimited");
    let kept = node.store().consent_of(worker, consent.id).await.expect("read").expect("it is there");
    assert!(kept.is_given(node.now()), "what was not withdrawn is in force");
    assert_eq!(people::seek(&node).await.hits.len(), 1);
    assert!(node.withdraw(worker, consent.id).await.is_ok());
    assert!(people::seek(&node).await.hits.is_empty());
    assert_eq!(node.disclosures_of(worker, None, 9).await.expect("read").len(), 2, "each that left, and no other");
}
