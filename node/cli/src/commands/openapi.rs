//! `polder openapi`: the OpenAPI document of the client interface.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::register_files::write_file;

/// Where to.
#[derive(Debug, Args)]
pub(crate) struct OpenapiArgs {
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Writes the document.
pub(crate) fn run(args: &OpenapiArgs, document: &str, output: &Output) -> Result<Exit, Failure> {
    let document = format!("{}\n", document.trim_end());
    match &args.output {
        Some(file) => write_file(file, document.as_bytes()).map_err(|error| Failure::configuration(format!("--output {error}")))?,
        None => output.writer().write_all(document.as_bytes())?,
    }
    Ok(Exit::Done)
}
