//! `polder consent token`.

use std::path::PathBuf;

use clap::Args;
use polder_model::OfferKey;
use polder_trust::keys::write_secret;
use serde_json::json;

use super::words;
use crate::client::NodeArgs;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::new_node::refuse_existing;
use crate::output::{Output, clean};

/// For whom.
#[derive(Debug, Args)]
pub(crate) struct TokenArgs {
    /// The key of the worker's skill offer at this node.
    #[arg(long, value_name = "KEY")]
    offer: OfferKey,
    /// For how many hours, 1 to 12; 1 otherwise.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=12))]
    hours: Option<u32>,
    /// A new file for the token, which you alone can read; without it the token is shown.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    node: NodeArgs,
}

/// Makes it.
pub(super) async fn run(args: &TokenArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    if let Some(file) = &args.output {
        refuse_existing(file)?;
    }
    let client = args.node.client(config)?;
    let made = client.worker_token(&args.offer, args.hours).await?;
    match &args.output {
        Some(file) => {
            write_secret(file, made.token.as_bytes()).map_err(|error| Failure::configuration(error.to_string()))?;
            if output.json {
                output.json(&json!({"tokenFile": file, "until": made.until}))?;
            } else {
                let (file, until) = (file.display(), words::moment(&made.until, output.lang));
                output.line(output.lang.either(
                    format!("{file} holds the token; it is taken until {until}."),
                    format!("Het token staat in {file}; het geldt tot {until}."),
                ))?;
            }
        }
        None if output.json => output.json(&made)?,
        None => output.line(clean(&made.token))?,
    }
    Ok(Exit::Done)
}
