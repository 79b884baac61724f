//! The pages for people: what they point to is there, the book holds them all, and docs/security.md names for each attack tests that exist.
#![expect(clippy::panic, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The pages below a directory, by their path from the root.
fn pages(directory: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root().join(directory)).expect("a directory").map(|entry| entry.expect("an entry"));
    let mut pages = Vec::new();
    for entry in entries {
        let path = format!("{directory}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            pages.extend(self::pages(&path));
        } else if path.ends_with(".md") {
            pages.push(path);
        }
    }
    pages.sort();
    pages
}

/// The lines of a page that are no code, each with its number; code within a line is blank.
fn prose(text: &str) -> Vec<(usize, String)> {
    let (mut lines, mut in_code) = (Vec::new(), false);
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            let pieces = line.split('`').enumerate().map(|(at, piece)| if at % 2 == 0 { piece } else { "x" });
            lines.push((number + 1, pieces.collect::<Vec<_>>().join("`")));
        }
    }
    assert!(!in_code, "a block of code has an end");
    lines
}

/// Where links of a line lead.
fn links(line: &str) -> Vec<&str> {
    line.split("](").skip(1).map(|rest| rest.split(')').next().unwrap_or_default()).collect()
}

/// The names of a page's headings, as mdBook and code forges make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let (mut anchors, mut in_code, mut seen) = (BTreeSet::new(), false, BTreeMap::<String, usize>::new());
    for line in text.lines() {
        in_code ^= line.trim_start().starts_with("```");
        if let Some(heading) = line.strip_prefix('#').filter(|_| !in_code) {
            let heading = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            let name: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
            let times = seen.entry(name.clone()).or_default();
            anchors.insert(if *times == 0 { name } else { format!("{name}-{times}") });
            *times += 1;
        }
    }
    anchors
}

/// A path without `..`.
fn plain(path: &Path) -> String {
    let mut steps: Vec<String> = Vec::new();
    for step in path.components() {
        match step.as_os_str().to_string_lossy().as_ref() {
            "." => {}
            ".." => drop(steps.pop()),
            other => steps.push(other.to_owned()),
        }
    }
    steps.join("/")
}

#[test]
fn every_link_leads_somewhere() {
    let (root, mut faults, mut looked_at) = (root(), Vec::new(), 0);
    let all = pages("docs").into_iter().chain(["README.md", "deploy/README.md"].map(str::to_owned));
    for page in all {
        let text = std::fs::read_to_string(root.join(&page)).expect("a page");
        for (number, line) in prose(&text) {
            for link in links(&line).into_iter().filter(|link| !link.starts_with("https://")) {
                looked_at += 1;
                let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
                let to = if file.is_empty() { page.clone() } else { plain(&Path::new(&page).parent().unwrap_or(Path::new("")).join(file)) };
                let there = root.join(&to);
                // In the book there is nothing but docs/.
                let in_book = !page.starts_with("docs/") || to.starts_with("docs/");
                let holds = there.is_file() && in_book;
                let named = anchor.is_empty() || holds && anchors(&std::fs::read_to_string(&there).expect("text")).contains(anchor);
                if !holds || !named {
                    faults.push(format!("{page}:{number}: {link}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "these lead nowhere (in docs/, to nothing outside it):\n{}", faults.join("\n"));
    assert!(looked_at > 100, "{looked_at}");
}

#[test]
fn the_book_holds_every_page() {
    let text = std::fs::read_to_string(root().join("docs/SUMMARY.md")).expect("docs/SUMMARY.md");
    let (mut held, mut lines) = (Vec::new(), text.lines());
    assert_eq!(lines.next(), Some("# Summary"));
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        let entry = line.trim_start().strip_prefix("- [").and_then(|rest| rest.strip_suffix(')')?.split_once("]("));
        let (title, file) = entry.unwrap_or_else(|| panic!("{line}: `- [title](file)` is expected"));
        let page = std::fs::read_to_string(root().join("docs").join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(page.lines().next(), Some(&*format!("# {title}")), "{file}");
        held.push(format!("docs/{file}"));
    }
    held.sort();
    let expected: Vec<String> = pages("docs").into_iter().filter(|page| page != "docs/SUMMARY.md").collect();
    assert_eq!(held, expected, "docs/SUMMARY.md names each page once");
    let book = std::fs::read_to_string(root().join("docs/book.toml")).expect("docs/book.toml");
    assert!(book.lines().any(|line| line == "src = \".\""), "it is made of the pages beside it");
}

/// The tests that a row names, `FILE::NAME` each.
fn named(row: &str) -> Vec<(&str, &str)> {
    row.split('`').filter_map(|piece| piece.split_once("::")).filter(|(file, _)| file.ends_with(".rs")).collect()
}

#[test]
fn every_attack_has_tests_and_they_exist() {
    let root = root();
    let page = std::fs::read_to_string(root.join("docs/security.md")).expect("docs/security.md");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| --- ")).collect();
    let rows: Vec<&&str> = rows.iter().filter(|row| !row.starts_with("| attack ")).collect();
    assert!(rows.len() >= 20, "{} rows", rows.len());
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        assert_eq!(cells.len(), 3, "attack, what happens, tests: {row}");
        let tests = named(cells[2]);
        assert!(!tests.is_empty(), "no test: {row}");
        for (file, name) in tests {
            let text = std::fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            let at = text.find(&format!("fn {name}(")).unwrap_or_else(|| panic!("{file} has no {name}"));
            let before: Vec<&str> = text[..at].lines().rev().take(6).collect();
            assert!(before.iter().any(|line| line.contains("#[test]") || line.contains("#[tokio::test")), "{file}: {name} is no test");
        }
    }
}
