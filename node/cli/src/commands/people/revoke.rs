//! `polder people revoke`: consents of workers end on a stated ground, for a privacy officer.

use clap::{ArgGroup, Args};
use polder_consent::{ConsentId, Ground, What};
use polder_model::OfferKey;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{show, words};
use crate::client::NodeArgs;
use crate::commands::rights::confirm;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::print::Lang;
use crate::words_of::words_of;

/// Which, and why.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("whose").required(true))]
pub(crate) struct RevokeArgs {
    /// Of which worker: the key of a skill offer of your own node.
    #[arg(long, group = "whose")]
    key: Option<OfferKey>,
    /// Which of that worker's consents, by its id; may be repeated. All of them otherwise.
    #[arg(long = "consent", value_name = "ID", requires = "key")]
    consents: Vec<ConsentId>,
    /// Instead: all that were given on one text, by its SHA-256 as consents have it.
    #[arg(long, value_name = "SHA256", group = "whose")]
    notice: Option<String>,
    /// Why. By the first three they end; by the others they never held, which reaches back.
    #[arg(long, value_name = "GROUND", value_parser = words_of::<Ground>(Ground::ALL.map(Ground::as_str)))]
    ground: Ground,
    /// Do it without asking.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Deserialize)]
struct Revocation {
    at: String,
    consents: usize,
    erases: usize,
}

/// Which consents are meant, for whoever is asked whether to go on.
fn whose(args: &RevokeArgs, lang: Lang) -> String {
    match (&args.key, &args.notice, args.consents.len()) {
        (Some(key), _, 0) => lang.either(format!("all of {key}"), format!("alle van {key}")),
        (Some(key), _, some) => lang.either(format!("{some} of {key}"), format!("{some} van {key}")),
        (None, notice, _) => {
            let text = notice.as_deref().and_then(|notice| notice.get(..12)).unwrap_or_default();
            lang.either(format!("all that were given on the text {text}…"), format!("alle die op de tekst {text}… gegeven zijn"))
        }
    }
}

/// Asks, and ends them.
pub(super) async fn run(args: &RevokeArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let lang = output.lang;
    let (whose, ground) = (whose(args, lang), args.ground.as_str());
    let question = match args.ground.what() {
        What::Invalidate => lang.either(
            format!("Consents that are found never to have held: {whose} ({ground}). This cannot be undone. Do you want it? Type yes: "),
            format!("Toestemmingen die dan nooit gegolden hebben: {whose} ({ground}). Dat kan niet terug. Wilt u dit? Typ ja: "),
        ),
        _ => lang.either(
            format!("Consents that end: {whose} ({ground}). This cannot be undone; the worker can give anew. Do you want it? Type yes: "),
            format!(
                "Toestemmingen die eindigen: {whose} ({ground}). Dat kan niet terug; de werkende kan opnieuw geven. Wilt u dit? Typ ja: "
            ),
        ),
    };
    confirm(args.yes, &question, lang, output)?;
    let asked = match (&args.key, &args.notice) {
        (Some(key), _) if args.consents.is_empty() => json!({"key": key, "ground": args.ground}),
        (Some(key), _) => json!({"key": key, "consents": args.consents, "ground": args.ground}),
        (None, notice) => json!({"notice": notice, "ground": args.ground}),
    };
    let done: Value = args.node.client(config)?.post("/v1/revocations", &asked).await?;
    show::show(&done, lang, output, |Revocation { at, consents, erases }: &Revocation, lang| {
        let (at, ended) = (words::moment(at, lang), words::consents(*consents, lang));
        vec![lang.either(
            format!("{ended} ended at {at}; of {erases} the recipient is told to erase its copy. The worker sees the ground."),
            format!(
                "{ended} beëindigd op {at}; van {erases} hoort de ontvanger dat de kopie gewist moet worden. De werkende ziet de grond."
            ),
        )]
    })
}
