//! The one change that the program makes to a configuration: the fingerprint of the register that the node joins.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::exit::Failure;
use crate::register_files::temporary_beside;

/// Writes the fingerprint into a file, whole or not at all; all else stays as people wrote it.
pub(crate) fn write_fingerprint(file: &Path, fingerprint: &str) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::configuration(format!(
            "{} cannot be changed: {error}; write under [register] in it: fingerprint = \"{fingerprint}\", and run this again",
            file.display()
        ))
    };
    let text = fs::read_to_string(file).map_err(|error| failed(&error))?;
    let changed = with_fingerprint(&text, fingerprint);
    let table: toml::Table = changed.parse().map_err(|error: toml::de::Error| failed(&error))?;
    if table.get("register").and_then(|register| register.get("fingerprint")).and_then(toml::Value::as_str) != Some(fingerprint) {
        return Err(failed(&"its [register] section is written in a way that this program does not change"));
    }
    // A link leads to the file that is meant.
    let file = fs::canonicalize(file).map_err(|error| failed(&error))?;
    let permissions = fs::metadata(&file).map_err(|error| failed(&error))?.permissions();
    let mut temporary = temporary_beside(&file).map_err(|error| failed(&error))?;
    temporary.write_all(changed.as_bytes()).and_then(|()| temporary.as_file().sync_all()).map_err(|error| failed(&error))?;
    fs::set_permissions(temporary.path(), permissions).map_err(|error| failed(&error))?;
    temporary.persist(&file).map(|_| ()).map_err(|error| failed(&error.error))
}

/// The text with the fingerprint: in place of the line that `polder init` left open, else as the first of its section, else in a section at the end.
fn with_fingerprint(text: &str, fingerprint: &str) -> String {
    let line = format!("fingerprint = \"{fingerprint}\"");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let section = |line: &String| line.trim() == "[register]";
    let Some(begin) = lines.iter().position(section) else {
        lines.extend([String::new(), "[register]".to_owned(), line]);
        return lines.join("\n") + "\n";
    };
    let end = lines.iter().skip(begin + 1).position(|line| line.trim_start().starts_with('[')).map_or(lines.len(), |at| begin + 1 + at);
    let given = |line: &String| {
        line.trim_start_matches(['#', ' ', '\t']).strip_prefix("fingerprint").is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    match (begin + 1..end).find(|at| given(&lines[*at])) {
        Some(at) => lines[at] = line,
        None => lines.insert(begin + 1, line),
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_changes_and_the_rest_stays() {
        let digits = "ab".repeat(32);
        let line = format!("fingerprint = \"{digits}\"");
        for (before, after) in [
            (
                "a = 1\n[register]\n# why\n# fingerprint = \"\"\n# directory = \"x\"\n[log]\n",
                format!("a = 1\n[register]\n# why\n{line}\n# directory = \"x\"\n[log]\n"),
            ),
            (
                "[register]\ndirectory = \"x\"\n\n[log]\n# fingerprint = \"\"\n",
                format!("[register]\n{line}\ndirectory = \"x\"\n\n[log]\n# fingerprint = \"\"\n"),
            ),
            ("a = 1\n", format!("a = 1\n\n[register]\n{line}\n")),
            ("[register]\nfingerprint = \"\"\n", format!("[register]\n{line}\n")),
        ] {
            assert_eq!(with_fingerprint(before, &digits), after);
        }
    }

    #[test]
    fn what_cannot_be_changed_says_what_to_write() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("polder.toml");
        fs::write(&file, "register = { directory = \"x\" }\n").expect("written");
        let refused = write_fingerprint(&file, &"ab".repeat(32)).expect_err("refused").to_string();
        assert!(refused.contains("write under [register] in it: fingerprint = \"abab"), "{refused}");
        assert_eq!(fs::read_to_string(&file).expect("read"), "register = { directory = \"x\" }\n");
    }
}
