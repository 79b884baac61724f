//! `polder people invite`: a worker takes over a profile that was put for them.

use clap::Args;
use polder_model::OfferKey;

use crate::client::NodeArgs;
use crate::commands::consent::words;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};

/// Whom.
#[derive(Debug, Args)]
pub(crate) struct InviteArgs {
    /// The key of the worker's skill offer at this node.
    #[arg(long, value_name = "KEY")]
    offer: OfferKey,
    #[command(flatten)]
    node: NodeArgs,
}

/// Makes a code, and says where the worker enters it.
pub(super) async fn run(args: &InviteArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let made = args.node.client(config)?.invite(&args.offer).await?;
    if output.json {
        output.json(&made)?;
        return Ok(Exit::Done);
    }
    let (code, until) = (clean(&made.code), words::moment(&made.until, output.lang));
    let place = match made.url.as_deref().map(clean) {
        Some(url) => output.lang.either(format!("at {url}"), format!("op {url}")),
        None => output.lang.either("at the portal", "op het portaal").to_owned(),
    };
    output.line(&code)?;
    output.line(output.lang.either(
        format!("Give this to the worker alone: they log in {place} and enter it, until {until}. The profile is theirs from then on."),
        format!(
            "Geef dit alleen aan de werkende: die logt in {place} en vult het in, tot {until}. Het profiel is daarna van die werkende."
        ),
    ))?;
    Ok(Exit::Done)
}
