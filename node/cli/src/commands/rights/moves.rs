//! `polder rights export`, `take-in`, `move` and `history`: a worker takes everything along to another node.

use std::path::{Path, PathBuf};

use clap::Args;
use polder_model::OfferKey;
use polder_trust::keys::write_secret;
use serde_json::{Value, json};

use super::{EndArgs, confirm, erase, left_out};
use crate::client::NodeArgs;
use crate::commands::consent::words;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::new_node::refuse_existing;
use crate::output::{Output, clean};
use crate::print::{Lang, count};

/// Where to.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// A new file for the document, which you alone can read.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    node: NodeArgs,
}

/// What is taken in.
#[derive(Debug, Args)]
pub(crate) struct TakeInArgs {
    /// The document of `polder rights export` at the other node.
    file: PathBuf,
    /// A free key for the skill offer here.
    #[arg(long)]
    key: OfferKey,
    #[command(flatten)]
    node: NodeArgs,
}

/// What is left behind.
#[derive(Debug, Args)]
pub(crate) struct MoveArgs {
    /// The document of `polder rights export` at this node, which has been taken in elsewhere.
    file: PathBuf,
    #[command(flatten)]
    end: EndArgs,
}

/// Keeps everything in one signed document.
pub(super) async fn export(args: &ExportArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    refuse_existing(&args.output)?;
    let body = args.node.client(config)?.get("/v1/me/export").await?;
    write_secret(&args.output, &body).map_err(|error| Failure::configuration(error.to_string()))?;
    let document = content(&serde_json::from_slice(&body).map_err(words::no_form)?)?;
    if output.json {
        let left_out = document["leftOut"].as_array().cloned().unwrap_or_default();
        return output.json(&json!({"output": args.output, "leftOut": left_out})).map(|()| Exit::Done);
    }
    let (file, lang) = (args.output.display(), output.lang);
    output.line(lang.either(
        format!("{file} holds everything, signed. Another node takes it in within 30 days; here nothing has ended."),
        format!("In {file} staat alles, ondertekend. Een ander knooppunt neemt het binnen 30 dagen over; hier is niets gestopt."),
    ))?;
    left_out(&document, lang).into_iter().try_for_each(|line| output.line(line))?;
    Ok(Exit::Done)
}

/// Takes a worker in, at the node that they move to.
pub(super) async fn take_in(args: &TakeInArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let export = read(&args.file)?;
    let moved: Value = args.node.client(config)?.post("/v1/moves", &json!({"key": args.key, "export": export})).await?;
    if output.json {
        return output.pretty_json(&moved).map(|()| Exit::Done);
    }
    let (from, key) = (clean(moved["from"].as_str().unwrap_or_default()), args.key.as_str());
    let asked = words::consents(moved["asked"].as_u64().unwrap_or_default() as usize, output.lang);
    output.line(output.lang.either(
        format!("{key} is here now, from {from}. The worker is asked anew for {asked}; nobody sees anything before."),
        format!("{key} is er nu, van {from}. De werkende wordt opnieuw gevraagd om {asked}; tot dan ziet niemand iets."),
    ))?;
    Ok(Exit::Done)
}

/// Ends and erases everything here, once what stands in the document is all there is.
pub(super) async fn leave(args: &MoveArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let MoveArgs { file, end } = args;
    refuse_existing(&end.output)?;
    let lang = output.lang;
    let then = content(&read(file)?)?;
    let now: Value = serde_json::from_slice(&end.node.client(config)?.get("/v1/me/export").await?).map_err(words::no_form)?;
    let now = content(&now)?;
    if ["iss", "worker", "profile", "consents", "disclosures", "questions", "leftOut"].iter().any(|part| then[*part] != now[*part]) {
        return Err(Failure::refused((
            "something is here that is not in this document, or it is somebody else's; export anew, have it taken in, and then move",
            "hier staat iets dat niet in dit document staat, of het is van iemand anders; exporteer opnieuw, laat het overnemen, en verhuis dan",
        )));
    }
    left_out(&then, lang).into_iter().try_for_each(|line| if output.json { Ok(()) } else { output.line(line) })?;
    confirm(
        end.yes,
        lang.either(
            "Has it been taken in elsewhere? Here everything ends and is erased, which cannot be undone. Type yes: ",
            "Is het elders overgenomen? Hier stopt alles en wordt het gewist, en dat kan niet terug. Typ ja: ",
        ),
        lang,
        output,
    )?;
    erase::carry_out(end, config, output).await
}

/// What was brought along from other nodes.
pub(super) async fn history(args: &NodeArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let all: Value = serde_json::from_slice(&args.client(config)?.get("/v1/me/history").await?).map_err(words::no_form)?;
    if output.json {
        return output.pretty_json(&all).map(|()| Exit::Done);
    }
    let lang = output.lang;
    let items = all["items"].as_array().cloned().unwrap_or_default();
    if items.is_empty() {
        output.line(lang.either("There is nothing.", "Er is niets."))?;
    }
    for one in &items {
        output.line(brought(one, lang)?)?;
    }
    Ok(Exit::Done)
}

fn brought(one: &Value, lang: Lang) -> Result<String, Failure> {
    let said = |name: &str| clean(one[name].as_str().unwrap_or_default());
    let who = words::partner(&said("fromName"), &said("from"));
    let content = content(one)?;
    let length = |name: &str| content[name].as_array().map_or(0, Vec::len);
    let (at, consents, seen) = (words::moment(&said("at"), lang), words::consents(length("consents"), lang), length("disclosures"));
    Ok(lang.either(
        format!("{who}, taken in at {at}: {consents}, {} of who saw what. --json shows all of it.", count(seen, "line", "lines")),
        format!("{who}, overgenomen op {at}: {consents}, {} over wie wat zag. Met --json ziet u alles.", count(seen, "regel", "regels")),
    ))
}

fn read(file: &Path) -> Result<Value, Failure> {
    let problem = |error: &dyn std::fmt::Display| Failure::configuration(format!("{}: {error}", file.display()));
    let bytes = std::fs::read(file).map_err(|error| problem(&error))?;
    serde_json::from_slice(&bytes).map_err(|error| problem(&error))
}

/// What stands in a document.
fn content(document: &Value) -> Result<Value, Failure> {
    let content = Some(&document["content"]).filter(|content| content.is_object());
    content.cloned().ok_or_else(|| Failure::configuration("this is no document of `polder rights export`".to_owned()))
}
