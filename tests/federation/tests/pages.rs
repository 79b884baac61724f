//! docs/security.md names for each attack the tests that hold it: they are there.

use std::path::PathBuf;

/// The tests that a row names, `FILE::NAME` each.
fn named(row: &str) -> Vec<(&str, &str)> {
    row.split('`').filter_map(|piece| piece.split_once("::")).filter(|(file, _)| file.ends_with(".rs")).collect()
}

#[test]
fn every_attack_has_tests_and_they_exist() {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
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
