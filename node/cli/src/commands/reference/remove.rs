//! `polder reference remove`.

use std::path::Path;

use clap::{ArgGroup, Args};
use polder_exchange::tables::remove;
use polder_model::reference::Table;
use serde_json::json;

use super::failed;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Which tables.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true))]
pub(crate) struct RemoveArgs {
    /// Names of tables, as `polder reference list` shows them.
    #[arg(group = "what")]
    tables: Vec<Table>,
    /// Everything that was imported.
    #[arg(long, group = "what")]
    all: bool,
}

/// Takes tables out. Exit code 1 when one of them was not imported.
pub(crate) fn run(args: &RemoveArgs, directory: &Path, output: &Output) -> Result<Exit, Failure> {
    let named = if args.all { Table::ALL } else { &args.tables };
    let gone = remove(directory, named).map_err(|error| failed(&error))?;
    if output.json {
        output.pretty_json(&json!({"removed": gone}))?;
    } else if gone.is_empty() {
        output.line("Nothing was imported under these names.")?;
    } else {
        output.line(format!("Removed: {}. A node that runs uses the tables of the program within seconds.", gone.join(", ")))?;
    }
    Ok(if args.all || gone.len() == args.tables.len() { Exit::Done } else { Exit::Refused })
}
