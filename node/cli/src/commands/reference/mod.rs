//! `polder reference`: official tables of skills, occupations, postcodes and words, and which codes of CompetentNL and ESCO are the same (docs/reference-tables.md).

mod file;
mod import;
mod list;
mod remove;
mod report;

use clap::Subcommand;

use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum ReferenceCommand {
    /// Read the files of ESCO, GeoNames, a list of words, or which codes of CompetentNL and ESCO are the same, into this node, all of them or none.
    Import(import::ImportArgs),
    /// Show which tables this node has.
    List,
    /// Take imported tables out again; those of the program count then.
    Remove(remove::RemoveArgs),
}

/// Runs one of them, in the data directory of the configuration.
pub(crate) fn run(command: &ReferenceCommand, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let directory = polder_exchange::tables::directory(&config.load()?.data);
    match command {
        ReferenceCommand::Import(args) => import::run(args, &directory, output),
        ReferenceCommand::List => list::run(&directory, output),
        ReferenceCommand::Remove(args) => remove::run(args, &directory, output),
    }
}

fn failed(error: &polder_exchange::tables::TablesError) -> Failure {
    Failure::configuration(error.to_string())
}
