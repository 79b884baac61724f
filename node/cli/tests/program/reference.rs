//! `polder reference` from the outside.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::command::{code, err, out, polder};

const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../model/tests/official");

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", out(output), err(output)))
}

/// A node that does not run.
fn node() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let init = ["init", "--partner", "kvk:12345678", "--name", "Voorbeeld BV", "--data", "data", "--host", "127.0.0.1"];
    let made = polder(directory.path(), &init, "");
    assert_eq!(code(&made), 0, "{}", err(&made));
    directory
}

fn reference(here: &Path, arguments: &[&str]) -> Output {
    polder(here, &[&["reference"], arguments].concat(), "")
}

fn official(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("{FILES}/{name}")).collect()
}

/// Every file of ESCO that there is, GeoNames' and a list of words.
fn all() -> Vec<String> {
    official(&[
        "broaderRelationsSkillPillar_nl.csv",
        "occupationSkillRelations_nl.csv",
        "occupations_nl.csv",
        "skillGroups_nl.csv",
        "skillSkillRelations_nl.csv",
        "skills_en.csv",
        "skills_nl.csv",
        "words.csv",
        "NL.txt",
    ])
}

fn import(here: &Path, files: &[String], more: &[&str]) -> Output {
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    reference(here, &[&["import", "--json"], more, &files].concat())
}

fn versions(here: &Path) -> Vec<(String, String)> {
    let listed = reference(here, &["list", "--json"]);
    assert_eq!(code(&listed), 0, "{}", err(&listed));
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    json(&listed)["tables"].as_array().expect("tables").iter().map(|table| (text(&table["name"]), text(&table["version"]))).collect()
}

#[test]
fn official_files_are_imported_listed_and_removed() {
    let (node, starter) = (node(), "starter".to_owned());
    let here = node.path();
    assert!(versions(here).iter().all(|(_, version)| *version == starter));
    let checked = import(here, &all(), &["--check"]);
    assert_eq!((code(&checked), json(&checked)["outcome"].as_str()), (0, Some("checked")), "{}", out(&checked));
    assert!(!here.join("data/reference").exists(), "a check changes nothing");
    let imported = import(here, &all(), &["--release", "proef 1"]);
    let report = json(&imported);
    assert_eq!((code(&imported), report["outcome"].as_str()), (0, Some("imported")), "{report}");
    assert_eq!(report["tables"].as_array().map(Vec::len), Some(7), "{report}");
    assert_eq!(report["unused"][0]["source"], "skillSkillRelations_nl.csv");
    let names: Vec<String> = versions(here).into_iter().filter(|(_, version)| version == "proef 1").map(|(name, _)| name).collect();
    assert_eq!(names, ["occupation-skills", "occupations", "postcodes", "skill-broader", "skill-groups", "skills", "words"]);
    let sha256 =
        |report: &Value| report["tables"].as_array().expect("tables").iter().map(|table| table["sha256"].clone()).collect::<Vec<_>>();
    let again = json(&import(here, &all(), &["--release", "proef 2"]));
    assert_eq!(sha256(&again), sha256(&report), "the same content is the same table");
    assert!(again["tables"].as_array().expect("tables").iter().all(|table| table["before"]["version"] == "proef 1"), "{again}");
    let shown = out(&reference(here, &["list"]));
    assert!(shown.contains("skills_nl.csv") && shown.contains("proef 2"), "{shown}");
    let removed = reference(here, &["remove", "words", "postcodes"]);
    assert!(code(&removed) == 0 && out(&removed).contains("Removed: postcodes, words"), "{}", out(&removed));
    assert!(versions(here).contains(&("words".to_owned(), starter.clone())));
    assert_eq!(code(&reference(here, &["remove", "words"])), 1, "it was not imported");
    assert_eq!(code(&reference(here, &["remove", "--all"])), 0);
    assert!(versions(here).iter().all(|(_, version)| *version == starter));
}

#[test]
fn vacancies_are_read_with_the_imported_tables() {
    let node = node();
    let here = node.path();
    let posting = r#"{"@type":"JobPosting","identifier":"M-1","title":"Monteur","description":"Werk aan molens.","hiringOrganization":{"name":"Voorbeeld"},"skills":"windmolens nalopen","jobLocation":{"address":{"addressLocality":"Verweg"}}}"#;
    std::fs::write(here.join("posting.json"), posting).expect("written");
    let mapped = || {
        let output = polder(
            here,
            &["import", "posting.json", "--format", "jobposting", "--kind", "vacancy", "--output", "-", "--config", "polder.toml"],
            "",
        );
        (out(&output), err(&output))
    };
    let (before, said) = mapped();
    assert!(!before.contains("example.org/skill") && said.contains("skills: text kept"), "{before}{said}");
    assert_eq!(code(&import(here, &all(), &[])), 0);
    let (after, said) = mapped();
    assert!(after.contains("http://example.org/skill/windmolens") && after.contains("\"9999\""), "{after}{said}");
    // Tables that cannot be read are not used, and that is said.
    std::fs::write(here.join("data/reference/tables.json"), "{").expect("written");
    let (damaged, said) = mapped();
    assert!(!damaged.contains("example.org/skill") && said.contains("reference tables are not used"), "{damaged}{said}");
    let listed = reference(here, &["list"]);
    assert!(code(&listed) == 2 && err(&listed).contains("tables.json"), "{}", err(&listed));
    assert_eq!(code(&reference(here, &["remove", "--all"])), 0);
    assert_eq!(code(&reference(here, &["list"])), 0);
}

/// What says no more than that two codes are alike is left out, and counted.
#[test]
fn codes_that_are_the_same_are_imported() {
    let node = node();
    let here = node.path();
    let row = |number: u8, relation: &str| {
        format!("https://linkeddata.competentnl.nl/id/{number},http://data.europa.eu/esco/skill/{number},{relation}\n")
    };
    let rows = [row(1, "exactMatch"), row(2, "skos:closeMatch"), row(3, "skos:exactMatch")].concat();
    std::fs::write(here.join("codes.csv"), format!("competentnl,esco,match\n{rows}")).expect("written");
    let imported = import(here, &["codes.csv".to_owned()], &["--release", "proef 1"]);
    let table = json(&imported)["tables"][0].clone();
    assert_eq!(
        (code(&imported), &table["name"], &table["rows"], &table["leftOut"][0]["times"]),
        (0, &"competentnl-esco".into(), &2.into(), &1.into()),
        "{table}"
    );
    assert!(versions(here).contains(&("competentnl-esco".to_owned(), "proef 1".to_owned())));
    std::fs::write(here.join("codes.csv"), "competentnl,esco,match\nlassen,http://data.europa.eu/esco/skill/1,exactMatch\n")
        .expect("written");
    let refused = import(here, &["codes.csv".to_owned()], &[]);
    assert!(code(&refused) == 1 && json(&refused)["tables"][0]["findings"][0]["column"] == "competentnl", "{}", out(&refused));
}

#[test]
fn nothing_is_half_imported() {
    let node = node();
    let here = node.path();
    let write = |name: &str, text: &str| std::fs::write(here.join(name), text).expect("written");
    write("words.csv", "word,weight\r\nmolen,7\r\nrotor,700\r\n,5\r\n");
    let mut files = all();
    files.retain(|name| !name.ends_with("words.csv"));
    files.push("words.csv".to_owned());
    let refused = import(here, &files, &[]);
    let report = json(&refused);
    assert_eq!((code(&refused), report["outcome"].as_str()), (1, Some("refused")));
    let words = report["tables"].as_array().expect("tables").iter().find(|table| table["name"] == "words").expect("words").clone();
    let lines: Vec<(u64, &str)> = words["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| (finding["line"].as_u64().expect("a line"), finding["column"].as_str().expect("a column")))
        .collect();
    assert_eq!(lines, [(3, "weight"), (4, "word")]);
    assert!(!here.join("data/reference").exists());
    let text = out(&polder(here, &["reference", "import", "words.csv"], ""));
    assert!(
        text.contains("words.csv:3, weight: a whole number from 1 to 100 is expected")
            && text.contains("nothing was imported, for what is wrong in words.csv: a wrong cell in 20 rows of a file and one row in 100"),
        "{text}"
    );
    // Files of different releases do not hold together.
    write("skills.csv", "conceptUri,skillType,preferredLabel\nhttp://example.org/skill/z,x,iets\n");
    let files: Vec<String> = [official(&["occupationSkillRelations_nl.csv", "occupations_nl.csv"]), vec!["skills.csv".to_owned()]].concat();
    let refused = import(here, &files, &[]);
    assert!(
        code(&refused) == 1 && json(&refused)["says"][0].as_str().is_some_and(|says| says.contains("of one release")),
        "{}",
        out(&refused)
    );
}

/// A few wrong rows of a large file are skipped, named and counted; more of them, rows of another shape, and `--strict` refuse it.
#[test]
fn a_few_wrong_rows_are_skipped() {
    let node = node();
    let here = node.path();
    let words = |wrong: &dyn Fn(usize) -> Option<&'static str>| {
        let rows = (0..3_000).map(|row| wrong(row).map_or_else(|| format!("woord{},7\n", letters(row)), |wrong| format!("{wrong}\n")));
        std::fs::write(here.join("words.csv"), std::iter::once("word,weight\n".to_owned()).chain(rows).collect::<String>())
            .expect("written");
    };
    let run = |more: &[&str]| {
        let output = import(here, &["words.csv".to_owned()], more);
        let report = json(&output);
        (code(&output), report["outcome"].clone(), report["tables"][0].clone())
    };
    words(&|row| [(10, "molen,700"), (20, ",5")].into_iter().find(|(at, _)| *at == row).map(|(_, wrong)| wrong));
    let (exit, outcome, table) = run(&["--strict"]);
    assert_eq!((exit, outcome, &table["skipped"]), (1, "refused".into(), &Value::Null));
    assert!(!here.join("data/reference").exists());
    let (exit, outcome, table) = run(&[]);
    assert_eq!((exit, outcome, &table["skipped"], &table["rows"]), (0, "imported".into(), &2.into(), &2_998.into()), "{table}");
    assert_eq!((&table["findings"][0]["line"], &table["findings"][1]["line"]), (&12.into(), &22.into()));
    let text = out(&polder(here, &["reference", "import", "words.csv"], ""));
    assert!(text.contains("words.csv:12, weight: ") && text.contains("2 row(s) in which something is wrong are skipped"), "{text}");
    // Twenty are a few.
    words(&|row| (row < 20).then_some("molen,700"));
    assert_eq!(run(&[]).2["skipped"], 20);
    words(&|row| (row < 21).then_some("molen,700"));
    assert_eq!((run(&[]).0, &run(&[]).2["skipped"]), (1, &Value::Null));
    // Of a small file a few are many: no more than one row in a hundred is skipped.
    let small = |wrong: usize| {
        let rows = (0..300).map(|row| if row < wrong { "molen,700\n".to_owned() } else { format!("woord{},7\n", letters(row)) });
        std::fs::write(here.join("words.csv"), std::iter::once("word,weight\n".to_owned()).chain(rows).collect::<String>())
            .expect("written");
    };
    small(3);
    assert_eq!(run(&[]).2["skipped"], 3);
    small(4);
    assert_eq!((run(&[]).0, &run(&[]).2["skipped"]), (1, &Value::Null));
    // One row of another shape may have taken others with it.
    words(&|row| (row == 10).then_some("molen,7,8"));
    assert_eq!((run(&[]).0, &run(&[]).2["skipped"]), (1, &Value::Null));
}

/// A number in letters: words hold no digits.
fn letters(number: usize) -> String {
    // Without vowels: no stem of one is that of another.
    number.to_string().bytes().map(|digit| char::from(b"bcdfghklmn"[usize::from(digit - b'0')])).collect()
}

#[test]
fn files_that_are_no_tables_are_refused_in_words() {
    let node = node();
    let here = node.path();
    std::fs::write(here.join("packed.zip"), b"PK\x03\x04rest").expect("written");
    std::fs::write(here.join("other.csv"), "a,b\n1,2\n").expect("written");
    std::fs::write(here.join("wide.csv"), b"\xff\xfew\0o\0").expect("written");
    std::fs::copy(format!("{FILES}/words.csv"), here.join("words2.csv")).expect("copied");
    let words = format!("{FILES}/words.csv");
    let english = format!("{FILES}/skills_en.csv");
    let unused = format!("{FILES}/skillSkillRelations_nl.csv");
    for (arguments, exit, says) in [
        (vec!["packed.zip"], 2, "unpack it first"),
        (vec!["other.csv"], 2, "these columns are not known"),
        (vec!["wide.csv"], 2, "UTF-16"),
        (vec!["data"], 2, "a file is expected"),
        (vec!["nowhere.csv"], 2, "nowhere.csv"),
        (vec!["words2.csv", words.as_str()], 2, "is given already"),
        (vec![english.as_str()], 2, "give both"),
        (vec![unused.as_str()], 1, "none of these files is used"),
        (vec!["words2.csv", "--release", "\u{1b}"], 2, "1 to 100 characters"),
        (Vec::new(), 2, "FILES"),
    ] {
        let output = reference(here, &[&["import"], arguments.as_slice()].concat());
        assert!(code(&output) == exit && err(&output).contains(says), "{arguments:?}: {} {}", code(&output), err(&output));
    }
    let nothing = reference(here, &["remove", "nothing"]);
    assert!(code(&nothing) == 2 && err(&nothing).contains("skills, skill-groups"), "{}", err(&nothing));
    assert!(!here.join("data/reference").exists());
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_said() {
    let node = node();
    let here = node.path();
    std::fs::write(here.join("data/reference"), "a file where a directory is expected").expect("written");
    let output = import(here, &all(), &[]);
    assert_ne!(code(&output), 0);
    assert!(err(&output).contains("data/reference"), "{}", err(&output));
}
