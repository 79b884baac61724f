//! `polder people erasures`, `erased` and `outstanding`: what is to be erased here, and who has not erased elsewhere.

use clap::Args;
use polder_consent::{Epoch, FieldSet};
use polder_model::{PartnerId, Purpose};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{show, words};
use crate::client::NodeArgs;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::{Lang, count};

#[derive(Deserialize)]
struct Erasures {
    items: Vec<Erasure>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Erasure {
    number: u64,
    partner: PartnerId,
    partner_name: String,
    key: String,
    purpose: Purpose,
    epoch: Epoch,
    fields: FieldSet,
    #[serde(default)]
    disclosures: Vec<String>,
    at: String,
}

/// Shows what is to be erased.
pub(super) async fn list(args: &NodeArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let all = show::all_pages(&args.client(config)?, "/v1/erasures").await?;
    show::show(&all, output.lang, output, lines)
}

fn lines(all: &Erasures, lang: Lang) -> Vec<String> {
    let head = lang.either(
        ["number", "since", "from", "key", "what for", "which copies", "what"],
        ["nummer", "sinds", "van", "sleutel", "waarvoor", "welke kopieën", "wat"],
    );
    let row = |erasure: &Erasure| {
        let copies = match (&erasure.epoch, erasure.disclosures.as_slice()) {
            (Epoch(epoch), []) => lang.either(format!("of epoch {epoch} and before"), format!("van epoch {epoch} en eerder")),
            (_, named) => clean(&named.join(" ")),
        };
        vec![
            erasure.number.to_string(),
            words::moment(&erasure.at, lang),
            words::partner(&erasure.partner_name, erasure.partner.as_str()),
            clean(&erasure.key),
            words::purpose(erasure.purpose, lang).to_owned(),
            copies,
            words::fields(erasure.fields, lang),
        ]
    };
    let mut lines = show::rows(&head, all.items.iter().map(row), lang);
    if let Some(last) = all.items.last() {
        lines.push(lang.either(
            format!("Erase it wherever it went: database, index, mail, exports. Then say so: `polder people erased {}`.", last.number),
            format!("Wis het overal waar het kwam: database, index, mail, exports. Zeg het dan: `polder people erased {}`.", last.number),
        ));
    }
    lines
}

/// Up to what.
#[derive(Debug, Args)]
pub(crate) struct ErasedArgs {
    /// The number of the last one that is erased, as `polder people erasures` lists it; all before it count as erased too.
    #[arg(value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    up_to: u64,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Deserialize)]
struct Settled {
    settled: usize,
}

/// Says that it is erased.
pub(super) async fn acknowledge(args: &ErasedArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let settled: Value = args.node.client(config)?.post("/v1/erasures/acknowledged", &json!({"upTo": args.up_to})).await?;
    show::show(&settled, output.lang, output, |Settled { settled }: &Settled, lang| {
        vec![lang.either(
            format!("Noted. {} done with here; whoever they came from hears of it.", count(*settled, "withdrawal is", "withdrawals are")),
            format!("Genoteerd. Hier afgehandeld: {}; wie ze stuurde hoort het.", count(*settled, "intrekking", "intrekkingen")),
        )]
    })
}

#[derive(Deserialize)]
struct Outstanding {
    items: Vec<Owing>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Owing {
    partner: PartnerId,
    partner_name: String,
    since: String,
    is_known: bool,
}

/// Shows who has not erased yet.
pub(super) async fn outstanding(args: &NodeArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let all = show::one_page(&args.client(config)?, "/v1/outstanding").await?;
    show::show(&all, output.lang, output, |all: &Outstanding, lang| {
        let head = lang.either(["who", "since", ""], ["wie", "sinds", ""]);
        let row = |owing: &Owing| {
            let left = if owing.is_known { "" } else { lang.either("has left the register", "staat niet meer in het register") };
            let who = words::partner(&owing.partner_name, owing.partner.as_str());
            vec![who, words::moment(&owing.since, lang), left.to_owned()]
        };
        show::rows(&head, all.items.iter().map(row), lang)
    })
}
