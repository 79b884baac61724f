//! `polder configuration`: the reference of every key, from the table that the loader goes by.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::config::{every_key, put_reference, reference};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::register_files::write_file;

/// Where to.
#[derive(Debug, Args)]
pub(crate) struct ConfigurationArgs {
    /// Bring the table of keys in this page up to date, instead of writing it to standard output.
    #[arg(long, value_name = "FILE")]
    into: Option<PathBuf>,
}

/// Writes the reference: a table in Markdown, or JSON.
pub(crate) fn run(args: &ConfigurationArgs, output: &Output) -> Result<Exit, Failure> {
    if let Some(file) = &args.into {
        let failed = |error: &dyn std::fmt::Display| Failure::configuration(format!("--into {}: {error}", file.display()));
        let page = fs::read_to_string(file).map_err(|error| failed(&error))?;
        let page = put_reference(&page).ok_or_else(|| failed(&"it has no table that begins with `| key | takes |`"))?;
        write_file(file, page.as_bytes()).map_err(|error| failed(&error))?;
    } else if output.json {
        let one = |key: &crate::config::Key| {
            json!({
                "key": key.path, "takes": key.takes.name(), "default": (!key.default.is_empty()).then_some(key.default),
                "environment": key.environment(), "example": key.example, "says": key.says,
            })
        };
        output.pretty_json(&every_key().map(one).collect::<Vec<_>>())?;
    } else {
        output.writer().write_all(reference().as_bytes())?;
    }
    Ok(Exit::Done)
}
