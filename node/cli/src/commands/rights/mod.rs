//! `polder rights`: what a worker may have done with everything that is held of them, here and at every partner.

mod access;
mod erase;
mod moves;

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::Value;

use crate::client::NodeArgs;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::Lang;

/// What is done.
#[derive(Debug, Subcommand)]
pub(crate) enum RightsCommand {
    /// Everything that is held of you, here and at every partner that received something.
    Access(access::AccessArgs),
    /// End everything and have it erased, here and wherever a copy is. It cannot be undone.
    Erase(EndArgs),
    /// Keep everything in one signed document, which another node takes in.
    Export(moves::ExportArgs),
    /// Take a worker in, at the node that they move to; with the token of a system that may write skill offers.
    TakeIn(moves::TakeInArgs),
    /// Leave this node, after another one has taken the document in: everything ends and is erased here.
    Move(moves::MoveArgs),
    /// What was brought along from other nodes.
    History(NodeArgs),
}

/// What ends everything: where the receipt goes, and whether it is asked about.
#[derive(Debug, Args)]
pub(crate) struct EndArgs {
    /// A new file for the signed receipt of the erasure, in JSON, which you alone can read: the node has nothing of you any more afterwards.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Do it without asking.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    node: NodeArgs,
}

/// What says which lists a document holds the last of alone, and how all of them are read; `None` where it holds everything.
fn left_out(document: &Value, lang: Lang) -> Option<String> {
    let lists: Vec<&str> = document["leftOut"].as_array()?.iter().filter_map(Value::as_str).collect();
    let read_by = |list: &str| match list {
        "consents" => "polder consent list".to_owned(),
        "requests" => "polder consent requests".to_owned(),
        "erasures" => "polder consent erasures".to_owned(),
        "disclosures" => "polder consent who-saw".to_owned(),
        "questions" => "polder consent questions".to_owned(),
        "history" => "polder rights history".to_owned(),
        other => clean(other),
    };
    let commands = lists.into_iter().map(|list| format!("`{} --json`", read_by(list))).collect::<Vec<_>>().join(", ");
    Some(lang.either(
        format!("There is more than one document has room for: the oldest lines are not in it. Read and keep them before anything is erased here, with {commands}."),
        format!("Er is meer dan in één document past: de oudste regels staan er niet in. Lees en bewaar ze voordat hier iets gewist wordt, met {commands}."),
    ))
}

/// Does it.
pub(crate) async fn run(command: &RightsCommand, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    match command {
        RightsCommand::Access(args) => access::run(args, config, output).await,
        RightsCommand::Erase(args) => erase::run(args, config, output).await,
        RightsCommand::Export(args) => moves::export(args, config, output).await,
        RightsCommand::TakeIn(args) => moves::take_in(args, config, output).await,
        RightsCommand::Move(args) => moves::leave(args, config, output).await,
        RightsCommand::History(args) => moves::history(args, config, output).await,
    }
}

/// Asks on a terminal. Where nobody can be asked nothing is done.
pub(super) fn confirm(yes: bool, question: &str, lang: Lang, output: &Output) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    let mut input = io::stdin().lock();
    if output.json || !input.is_terminal() {
        return Err(Failure::configuration((
            "nothing was done, since nobody can be asked here; give --yes to say yes",
            "er is niets gedaan, want hier kan niemand gevraagd worden; zeg ja met --yes",
        )));
    }
    let mut answer = String::new();
    let asked = write!(io::stderr(), "{question}").and_then(|()| input.read_line(&mut answer));
    asked.map_err(|error| Failure::internal(format!("the terminal: {error}")))?;
    if answer.trim().eq_ignore_ascii_case(lang.either("yes", "ja")) {
        Ok(())
    } else {
        Err(Failure::refused(("nothing was done", "er is niets gedaan")))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_in_a_document_is_named_with_the_way_to_read_it() {
        assert_eq!(left_out(&json!({"consents": []}), Lang::En), None);
        let document = json!({"leftOut": ["disclosures", "questions", "history"]});
        let says = left_out(&document, Lang::En).expect("something is left out");
        for command in ["`polder consent who-saw --json`", "`polder consent questions --json`", "`polder rights history --json`"] {
            assert!(says.contains(command), "{says}");
        }
        let says = left_out(&document, Lang::Nl).expect("something is left out");
        assert!(says.starts_with("Er is meer dan in één document past") && says.contains("who-saw"), "{says}");
    }
}
