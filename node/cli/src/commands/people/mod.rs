//! `polder people`: what a partner's own systems and staff do about people: ask a worker, reach somebody who was found, erase what ended.

mod erase;
mod invite;
mod reach;
mod revoke;

use clap::Subcommand;

use super::consent::{show, words};
use crate::client::NodeArgs;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// What is done.
#[derive(Debug, Subcommand)]
pub(crate) enum PeopleCommand {
    /// Ask a worker to let something be seen. The worker alone gives.
    Ask(reach::AskArgs),
    /// What is in force of what was asked. Refused, not answered and never asked look the same.
    Request(reach::RequestArgs),
    /// How to reach somebody whom a result showed, where they let you.
    Contact(reach::ContactArgs),
    /// What you are to erase: it was withdrawn, or has ended.
    Erasures(NodeArgs),
    /// Say that all that was listed up to a number is erased, wherever it went. Your node signs for it.
    Erased(erase::ErasedArgs),
    /// Let a worker take over a profile that you have put for them: they log in and enter the code.
    Invite(invite::InviteArgs),
    /// End consents of workers on a stated ground, as a privacy officer. The worker sees it.
    Revoke(revoke::RevokeArgs),
    /// Which partners have not said yet that they erased what workers of this node withdrew.
    Outstanding(NodeArgs),
}

/// Does it.
pub(crate) async fn run(command: &PeopleCommand, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    match command {
        PeopleCommand::Ask(args) => reach::ask(args, config, output).await,
        PeopleCommand::Request(args) => reach::request(args, config, output).await,
        PeopleCommand::Contact(args) => reach::contact(args, config, output).await,
        PeopleCommand::Erasures(args) => erase::list(args, config, output).await,
        PeopleCommand::Erased(args) => erase::acknowledge(args, config, output).await,
        PeopleCommand::Invite(args) => invite::run(args, config, output).await,
        PeopleCommand::Revoke(args) => revoke::run(args, config, output).await,
        PeopleCommand::Outstanding(args) => erase::outstanding(args, config, output).await,
    }
}
