//! `polder log`: the log of what was done with people's data.

mod activities;
mod processing;
mod verify;

use clap::Subcommand;

use crate::client::NodeArgs;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// What to do with a log.
#[derive(Debug, Subcommand)]
pub(crate) enum LogCommand {
    /// Check what a worker took along from a node: that its rows stand in the log of that node, and that other partners have seen it. Needs no node.
    Verify(verify::VerifyArgs),
    /// The processing log: one record for each person and action. Read from the database, whether or not the node runs.
    Processing(processing::ProcessingArgs),
    /// What its records point to: the record of processing activities, as the running node says it.
    Activities(NodeArgs),
    /// Whom a record of the processing log is about, such as one from the collector. For a privacy officer.
    Subject(processing::SubjectArgs),
}

/// Runs one of the commands.
pub(crate) async fn run(command: &LogCommand, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    match command {
        LogCommand::Verify(args) => verify::run(args, config, output).await,
        LogCommand::Processing(args) => processing::list(args, config, output).await,
        LogCommand::Activities(args) => activities::list(args, config, output).await,
        LogCommand::Subject(args) => processing::subject(args, config, output).await,
    }
}
