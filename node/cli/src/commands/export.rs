//! `polder export`: this partner's own offers as lines of JSON.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use polder_model::Kind;

use crate::client::{NodeArgs, NodeClient};
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::print::count;
use crate::register_files::temporary_beside;

/// What, and where to.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Only offers of this kind; may be repeated.
    #[arg(long = "kind", value_name = "KIND", value_parser = crate::words_of::kind())]
    kinds: Vec<Kind>,
    /// Write to this file, which appears when it is whole, instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    node: NodeArgs,
}

/// Writes the offers.
pub(crate) async fn run(args: &ExportArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let client = args.node.client(config)?;
    let Some(path) = &args.output else {
        export(&client, args, &mut std::io::BufWriter::new(output.writer())).await?;
        return Ok(Exit::Done);
    };
    let failed = |error: std::io::Error| Failure::configuration(format!("--output {}: {error}", path.display()));
    let mut file = std::io::BufWriter::new(temporary_beside(path).map_err(failed)?);
    let lines = export(&client, args, &mut file).await?;
    let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
    file.as_file().sync_all().map_err(failed)?;
    // It may hold personal data: the file stays its owner's alone.
    file.persist(path).map_err(|error| failed(error.error))?;
    if output.json {
        output.json(&serde_json::json!({"output": path, "offers": lines}))?;
    } else {
        output.line(format!("{} written to {}", count(lines as usize, "offer", "offers"), path.display()))?;
    }
    Ok(Exit::Done)
}

async fn export(client: &NodeClient, args: &ExportArgs, to: &mut impl Write) -> Result<u64, Failure> {
    let kinds = if args.kinds.is_empty() { Kind::ALL.to_vec() } else { args.kinds.clone() };
    let mut lines = 0;
    for kind in kinds {
        lines += client.export(kind, to).await?;
    }
    to.flush()?;
    Ok(lines)
}
