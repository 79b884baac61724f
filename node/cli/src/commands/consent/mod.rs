//! `polder consent`: what a worker decides about themself, and sees of what was done with it. A worker's token alone can do that: they
//! make it at the portal, under "my data".

mod ended;
mod give;
mod keep;
mod requests;
pub(super) mod show;
pub(crate) mod words;

use clap::Subcommand;
pub(super) use give::about_people;

use crate::client::NodeArgs;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// What is done.
#[derive(Debug, Subcommand)]
pub(crate) enum ConsentCommand {
    /// Let partners see something, after reading what exactly.
    Give(give::GiveArgs),
    /// What partners ask to see.
    Requests(NodeArgs),
    /// Answer a request: give, refuse, or later.
    Answer(requests::AnswerArgs),
    /// Everything that was decided.
    List(NodeArgs),
    /// End a consent, or all of them. From then on nothing leaves under it, and whoever has a copy is told to erase it.
    Withdraw(ended::WithdrawArgs),
    /// Who is to erase copies, and who has.
    Erasures(NodeArgs),
    /// Who saw what, when and why.
    WhoSaw(NodeArgs),
    /// Keep the signed receipt of a consent as it stands.
    Receipt(keep::ReceiptArgs),
    /// Keep the proof that every decision and disclosure stands in the log of the node; `polder log verify` checks it anywhere.
    Proof(keep::ProofArgs),
    /// What was asked of other partners on the worker's behalf.
    Questions(NodeArgs),
}

/// Does it.
pub(crate) async fn run(command: &ConsentCommand, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    match command {
        ConsentCommand::Give(args) => give::run(args, config, output).await,
        ConsentCommand::Requests(args) => requests::list(args, config, output).await,
        ConsentCommand::Answer(args) => requests::answer(args, config, output).await,
        ConsentCommand::List(args) => show::consents(args, config, output).await,
        ConsentCommand::Withdraw(args) => ended::run(args, config, output).await,
        ConsentCommand::Erasures(args) => show::erasures(args, config, output).await,
        ConsentCommand::WhoSaw(args) => show::disclosures(args, config, output).await,
        ConsentCommand::Receipt(args) => keep::receipt(args, config, output).await,
        ConsentCommand::Proof(args) => keep::proof(args, config, output).await,
        ConsentCommand::Questions(args) => show::questions(args, config, output).await,
    }
}
