//! The commands of docs/register.md, run as they stand there.

use std::path::Path;

use polder_trust::register::{Member, Signed};

use crate::support::page::Page;

/// What a request says as its code.
fn code(file: &Path) -> String {
    let member: Member = serde_json::from_slice(&std::fs::read(file).expect("a file")).expect("a member");
    member.code()
}

/// A change that waits gets the signature that it lacks, in the way that the page has shown before.
fn signed(page: &mut Page, file: &str) {
    if file.starts_with("root") {
        page.copy(&format!("steward-1/register/proposed/{file}"), &format!("steward-1/{file}"));
        page.done("steward-1", &format!("polder register sign {file} --key steward.key"));
        page.copy(&format!("steward-1/{file}"), &format!("steward-3/{file}"));
        page.done("steward-3", &format!("polder register sign {file} --key steward.key --dir register"));
        for machine in ["steward-1", "desk-1", "desk-2"] {
            page.copy(&format!("steward-3/{file}"), &format!("{machine}/{file}"));
            page.done(machine, &format!("polder register take {file} --dir register"));
        }
    } else {
        page.copy(&format!("desk-1/register/proposed/{file}"), &format!("desk-2/{file}"));
        page.done("desk-2", &format!("polder register sign {file} --key register/keys/registrar.key --dir register"));
        page.copy(&format!("desk-2/{file}"), &format!("desk-1/{file}"));
        page.done("desk-1", &format!("polder register take {file} --dir register"));
    }
}

#[test]
fn the_ceremony_can_be_followed_literally() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut page = Page::new(directory.path());
    page.follow("register.md", &mut |page, words| match words {
        ["sign", file] => signed(page, file),
        ["telephone"] => {
            let code = code(&page.here.join("partner/node/member.json"));
            page.stands_for.push(("447c d4a2 6a1d 1090 76e6 1314 f6f6 e069".to_owned(), code));
        }
        ["telephone", directory] => {
            let shown = match *directory {
                "again" => "8d15 0c7a 93be 2f46 b1d0 6e58 a4c3 7192",
                "new" => "52f9 e3a8 0b6c d714 9a27 41fe 8c05 36db",
                _ => "c60e 7b31 f4d9 a852 1e8f 95c4 03ab d67a",
            };
            let code = code(&page.here.join(format!("partner/{directory}/member.json")));
            page.stands_for.push((shown.to_owned(), code));
        }
        other => panic!("{other:?}"),
    });
    assert_eq!(page.runs, 70, "each command of the page, and those that sign");
    let root = std::fs::read(directory.path().join("desk-1/register/root.1.json")).expect("a root");
    let fingerprint = Signed::parse(&root).expect("signed").sha256();
    page.done(
        "desk-4",
        &format!("polder register verify --dir register --fingerprint {fingerprint} | grep 'root 5, members epoch 2 version 1'"),
    );
    // Nobody's private key is anywhere but where it was made.
    for (machine, name) in [("desk-1", "steward"), ("desk-1", "freshness"), ("desk-2", "steward")] {
        let keys = std::fs::read_dir(directory.path().join(machine).join("register/keys")).expect("keys");
        assert!(keys.flatten().all(|entry| !entry.file_name().to_string_lossy().starts_with(name)), "{machine} has a key of a {name}");
    }
}
