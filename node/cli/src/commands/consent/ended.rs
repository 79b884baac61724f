//! `polder consent withdraw`. No reason is asked, and nobody is asked whether they are sure: it is as easy as giving.

use clap::{ArgGroup, Args};
use polder_consent::ConsentId;
use polder_model::Purpose;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::words;
use crate::client::NodeArgs;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::print::{Lang, table};

/// What ends.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true))]
pub(crate) struct WithdrawArgs {
    /// The id of the consent, as `polder consent list` shows it.
    #[arg(group = "what")]
    consent: Option<ConsentId>,
    /// Everything.
    #[arg(long, group = "what")]
    all: bool,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Deserialize)]
struct Ending {
    at: String,
    already: bool,
    items: Vec<Ended>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ended {
    recipient: String,
    recipient_name: String,
    purpose: Purpose,
    erases: bool,
}

/// Ends it.
pub(super) async fn run(args: &WithdrawArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let lang = output.lang;
    let path = args.consent.map_or_else(|| "/v1/me/consents".to_owned(), |consent| format!("/v1/me/consents/{consent}"));
    let client = args.node.client(config)?;
    let body = client.send(Method::DELETE, &path, &[], None).await?.success()?;
    if output.json {
        output.pretty_json(&serde_json::from_slice::<Value>(&body).map_err(words::no_form)?)?;
        return Ok(Exit::Done);
    }
    let Ending { at, already, items } = serde_json::from_slice(&body).map_err(words::no_form)?;
    let at = words::moment(&at, lang);
    output.line(match (items.is_empty(), already, lang) {
        (true, _, Lang::En) => "There was nothing to end.".to_owned(),
        (true, _, Lang::Nl) => "Er was niets om te beëindigen.".to_owned(),
        (false, false, Lang::En) => format!("Ended at {at}. From then on nothing leaves under it:"),
        (false, false, Lang::Nl) => format!("Beëindigd op {at}. Vanaf dat moment gaat er niets meer weg:"),
        (false, true, Lang::En) => format!("This had ended before, at {at}:"),
        (false, true, Lang::Nl) => format!("Dit was al eerder beëindigd, op {at}:"),
    })?;
    let rows = items.iter().map(|ended| {
        // Whether it has heard of it, and has erased, is another list's to say.
        let copies = match (ended.erases, already) {
            (true, false) => lang.either("is to erase its copy", "moet de kopie wissen"),
            (true, true) => lang.either("was to erase its copy", "moest de kopie wissen"),
            (false, _) => lang.either("has no copy", "heeft geen kopie"),
        };
        let who = words::partner(&ended.recipient_name, &ended.recipient);
        vec![format!("  {who}"), words::purpose(ended.purpose, lang).to_owned(), copies.to_owned()]
    });
    table::lines(&rows.collect::<Vec<_>>()).into_iter().try_for_each(|line| output.line(line))?;
    if items.iter().any(|ended| ended.erases) {
        output.line(
            lang.either("`polder consent erasures` shows who has erased it.", "`polder consent erasures` laat zien wie het gewist heeft."),
        )?;
    }
    Ok(Exit::Done)
}
