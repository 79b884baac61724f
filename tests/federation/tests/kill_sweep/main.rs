//! A process is killed at every step that it writes through to its disk, before it and after, and another goes on: nothing that was acknowledged is lost.
//! Nor is it where the power goes as well, so that of each file only that is left which had been written through.
//!
//! In the process are a source of people and a recipient, with their databases, journals and kept leaves. A small library in C is loaded into it, which
//! counts `fsync` and `fdatasync`, of whatever file: a step that is added is in the sweep by itself. `POLDER_STEP=N` kills at one step alone.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "tests")]

mod holds;
mod scenario;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use polder_federation_tests::local::fast_directory;
use polder_federation_tests::register::keep_keys_in;
use scenario::Stage;

const DIRECTORY: &str = "POLDER_SWEEP";
/// Processes at a time.
const AT_A_TIME: usize = 2;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Copies the files of a directory.
fn copy(from: &Path, to: &Path) {
    for file in std::fs::read_dir(from).expect("read") {
        let file = file.expect("an entry");
        if file.file_type().expect("a type").is_file() {
            std::fs::copy(file.path(), to.join(file.file_name())).expect("copied");
        }
    }
}

/// What the power leaves: how it began, and of each file what has been written through since.
fn what_the_power_leaves(begins: &Path, directory: &Path) -> tempfile::TempDir {
    let left = tempfile::tempdir_in(fast_directory()).expect("a directory");
    copy(begins, left.path());
    for file in std::fs::read_dir(directory).expect("read") {
        let file = file.expect("an entry").path();
        if file.extension().is_some_and(|extension| extension == "durable") {
            std::fs::copy(&file, left.path().join(file.file_stem().expect("a name"))).expect("copied");
        }
    }
    left
}

/// The library that counts steps.
fn library(directory: &Path) -> PathBuf {
    let (source, library) = (concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kill_sweep/steps.c"), directory.join("steps.so"));
    let built = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl").status();
    assert!(built.expect("cc (Debian package gcc)").success());
    library
}

/// What is kept of all runs: the library, the keys, and how each begins.
struct Kept {
    library: PathBuf,
    keys: PathBuf,
    begins: PathBuf,
}

impl Kept {
    /// Runs what happens in a directory, to be killed at that step; 0: not at all.
    fn run(&self, directory: &Path, step: usize, after: bool) -> Output {
        copy(&self.begins, directory);
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["--exact", "child", "--ignored", "--nocapture"]).env(DIRECTORY, directory).env("LD_PRELOAD", &self.library);
        command.env("POLDER_KEYS", &self.keys).env("POLDER_STEP", step.to_string()).env_remove("POLDER_STEP_AFTER");
        if after {
            command.env("POLDER_STEP_AFTER", "1");
        }
        command.output().expect("a child")
    }
}

#[test]
#[ignore = "a child of nothing_acknowledged_is_lost"]
fn child() {
    let told = |name| std::env::var_os(name).map(PathBuf::from);
    let (Some(directory), Some(keys)) = (told(DIRECTORY), told("POLDER_KEYS")) else { return };
    keep_keys_in(&keys);
    runtime().block_on(async {
        let stage = Stage::open(&directory).await;
        let begin = std::fs::File::create(directory.join("begin")).expect("a file");
        begin.sync_all().expect("synced");
        stage.happens().await;
    });
}

/// What a process said that it had done.
fn done(output: &Output) -> Vec<(String, String)> {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    // A line that was cut off was not said.
    let lines = said.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')?.strip_prefix("done "));
    lines.filter_map(|line| line.split_once(' ')).map(|(what, which)| (what.to_owned(), which.to_owned())).collect()
}

#[test]
fn nothing_acknowledged_is_lost() {
    let kept = tempfile::tempdir_in(fast_directory()).expect("a directory");
    let [keys, begins] = ["keys", "begins"].map(|name| kept.path().join(name));
    for directory in [&keys, &begins] {
        std::fs::create_dir(directory).expect("made");
    }
    keep_keys_in(&keys);
    runtime().block_on(async {
        let stage = Stage::open(&begins).await;
        for number in 0..2 {
            stage.federation.stop(number).await;
        }
    });
    let kept = Kept { library: library(kept.path()), keys, begins };
    let whole = tempfile::tempdir_in(fast_directory()).expect("a directory");
    let output = kept.run(whole.path(), 0, false);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{errors}");
    let steps: usize = errors.lines().find_map(|line| line.strip_prefix("steps: ")?.parse().ok()).expect("steps are counted");
    let all = done(&output);
    println!("{steps} steps; what is acknowledged on the way: {all:?}");
    assert!(steps > 20 && all.len() >= 10, "what is looked for happens");
    runtime().block_on(holds::check(whole.path(), &all));
    let one = std::env::var("POLDER_STEP").ok().and_then(|text| text.parse::<usize>().ok());
    let (next, killed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let (step, after) = (number / 2 + 1, number % 2 == 1);
                    if step > steps {
                        return;
                    }
                    if one.is_some_and(|one| one != step) {
                        continue;
                    }
                    let directory = tempfile::tempdir_in(fast_directory()).expect("a directory");
                    let output = kept.run(directory.path(), step, after);
                    // The last steps are those of the end, which comes a little earlier or later.
                    killed.fetch_add(usize::from(!output.status.success()), Ordering::SeqCst);
                    let said = done(&output);
                    let left = what_the_power_leaves(&kept.begins, directory.path());
                    println!("killed {} step {step}, having acknowledged {}", if after { "after" } else { "before" }, said.len());
                    runtime().block_on(holds::check(directory.path(), &said));
                    runtime().block_on(holds::check(left.path(), &said));
                }
            });
        }
    });
    let killed = killed.into_inner();
    println!("killed {killed} times at {steps} steps");
    assert!(one.is_some() || killed * 10 >= 2 * steps * 8, "{killed} of {}", 2 * steps);
}
