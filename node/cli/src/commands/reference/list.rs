//! `polder reference list`.

use std::path::Path;

use polder_exchange::tables::check;
use polder_model::reference::{Reference, TableVersion};
use serde_json::{Value, json};

use super::failed;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::print::table;

/// Shows the tables. Exit code 2 when what was imported cannot be read.
pub(crate) fn run(directory: &Path, output: &Output) -> Result<Exit, Failure> {
    let kept = check(directory).map_err(|error| failed(&error))?;
    let is_not_imported = |version: &&TableVersion| !kept.tables.iter().any(|kept| kept.version.name == version.name);
    let starter = Reference::starter().tables().iter().filter(is_not_imported).map(|version| json!(version));
    let tables: Vec<Value> = kept.tables.iter().map(|kept| json!(kept)).chain(starter).collect();
    if output.json {
        output.pretty_json(&json!({"tables": tables, "directory": directory}))?;
        return Ok(Exit::Done);
    }
    let mut rows = vec![["table", "version", "rows", "file", "imported", "SHA-256"].map(str::to_owned).to_vec()];
    for one in &tables {
        let text = |member: &str| one[member].as_str().unwrap_or_default().to_owned();
        let rows_of = one["rows"].as_u64().map(|rows| rows.to_string()).unwrap_or_default();
        let (day, short) = (text("importedAt").chars().take(10).collect(), text("sha256").chars().take(16).collect());
        rows.push(vec![text("name"), text("version"), rows_of, text("source"), day, short]);
    }
    for line in table::lines(&rows) {
        output.line(line)?;
    }
    Ok(Exit::Done)
}
