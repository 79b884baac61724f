//! What a worker keeps: `polder consent receipt` and `polder consent proof`.

use std::path::{Path, PathBuf};

use clap::Args;
use polder_consent::ConsentId;
use polder_trust::keys::write_secret;
use serde_json::{Value, json};

use super::words;
use crate::client::NodeArgs;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::new_node::refuse_existing;
use crate::output::Output;
use crate::print::count;

/// Of which consent.
#[derive(Debug, Args)]
pub(crate) struct ReceiptArgs {
    /// The id of the consent, as `polder consent list` shows it.
    consent: ConsentId,
    /// A new file for the receipt, in JSON, which you alone can read.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    node: NodeArgs,
}

/// Where to.
#[derive(Debug, Args)]
pub(crate) struct ProofArgs {
    /// A new file for the proof, in JSON, which you alone can read.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    node: NodeArgs,
}

/// Keeps the signed receipt of a consent as it stands.
pub(super) async fn receipt(args: &ReceiptArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    refuse_existing(&args.output)?;
    let body = args.node.client(config)?.get(&format!("/v1/me/consents/{}/receipt", args.consent)).await?;
    keep(&args.output, &body)?;
    if output.json {
        return output.json(&json!({"output": args.output})).map(|()| Exit::Done);
    }
    let (file, lang) = (args.output.display(), output.lang);
    output.line(lang.either(
        format!("{file} holds the signed receipt, as JSON: `jws` is what was signed, `dpv` what it says."),
        format!("De ondertekende bevestiging staat in {file}, als JSON: `jws` is wat ondertekend is, `dpv` wat er staat."),
    ))?;
    Ok(Exit::Done)
}

/// Keeps the proof that every decision and disclosure of the worker stands in the log of their node.
pub(super) async fn proof(args: &ProofArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    refuse_existing(&args.output)?;
    let body = args.node.client(config)?.get("/v1/me/log").await?;
    let export: Value = serde_json::from_slice(&body).map_err(words::no_form)?;
    let rows = export["rows"].as_array().map_or(0, Vec::len);
    keep(&args.output, &body)?;
    if output.json {
        return output.json(&json!({"output": args.output, "rows": rows})).map(|()| Exit::Done);
    }
    let (file, lang) = (args.output.display(), output.lang);
    output.line(lang.either(
        format!("{file} holds {} with proof; `polder log verify {file} --register DIR --fingerprint HEX` checks it, with the register and its fingerprint as your node's partner gives them. What is newer than a minute may not be in it yet.", count(rows, "row", "rows")),
        format!("In {file}: {} met bewijs; `polder log verify {file} --register MAP --fingerprint HEX` kijkt het na, met het register en de vingerafdruk die u van de organisatie van uw knooppunt krijgt. Wat nieuwer is dan een minuut staat er misschien nog niet in.", count(rows, "regel", "regels")),
    ))?;
    Ok(Exit::Done)
}

fn keep(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_secret(file, bytes).map_err(|error| Failure::configuration(error.to_string()))
}
