//! `polder consent requests` and `polder consent answer`: what partners ask to see, and what the worker says to that.

use clap::{Args, ValueEnum};
use polder_consent::request::AskedFor;
use polder_consent::{FieldSet, RequestId, State};
use polder_model::{PartnerId, Purpose};
use serde::Deserialize;
use serde_json::{Value, json};

use super::show::{one_page, rows, show};
use super::{give, words};
use crate::client::NodeArgs;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::Lang;

#[derive(Deserialize)]
struct Requests {
    items: Vec<Request>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    id: RequestId,
    asker: PartnerId,
    asker_name: String,
    recipient: PartnerId,
    recipient_name: String,
    purpose: Purpose,
    fields: FieldSet,
    assisted_by: Option<String>,
    about: Option<AskedFor>,
    at: String,
    state: Option<State>,
}

/// Shows what is asked.
pub(super) async fn list(args: &NodeArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let all = one_page(&args.client(config)?, "/v1/me/requests").await?;
    show(&all, output.lang, output, lines)
}

fn lines(all: &Requests, lang: Lang) -> Vec<String> {
    let head = lang.either(
        ["id", "when", "who asks", "for whom", "what for", "what", "state"],
        ["id", "wanneer", "wie vraagt", "voor wie", "waarvoor", "wat", "toestand"],
    );
    let row = |request: &Request| {
        let helped = request.assisted_by.as_deref().map(|who| lang.either(format!(", helped by {who}"), format!(", met hulp van {who}")));
        vec![
            request.id.to_string(),
            words::moment(&request.at, lang),
            words::partner(&request.asker_name, request.asker.as_str()) + &clean(&helped.unwrap_or_default()),
            words::partner(&request.recipient_name, request.recipient.as_str()),
            words::purpose(request.purpose, lang).to_owned()
                + &request.about.as_ref().map(|about| asked_for(about, lang)).unwrap_or_default(),
            words::fields(request.fields, lang),
            words::state(request.state, lang).to_owned(),
        ]
    };
    rows(&head, all.items.iter().map(row), lang)
}

/// For which offer, in the words of whoever asks.
fn asked_for(about: &AskedFor, lang: Lang) -> String {
    let by = about.by.as_ref().map(|by| lang.either(format!(" of {by}"), format!(" van {by}"))).unwrap_or_default();
    clean(&lang.either(format!(", for “{}”{by}", about.title), format!(", voor “{}”{by}", about.title)))
}

/// What is said to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Says {
    /// Yes, after reading what exactly.
    Give,
    /// No. Nobody hears of it.
    Refuse,
    /// Not now; it is not asked again for 30 days.
    Later,
}

/// The answer.
#[derive(Debug, Args)]
pub(crate) struct AnswerArgs {
    /// The id of the request, as `polder consent requests` shows it.
    request: RequestId,
    /// What you say to it.
    says: Says,
    /// Give it without asking, after the text was read elsewhere.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    node: NodeArgs,
}

/// Answers a request.
pub(super) async fn answer(args: &AnswerArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let (client, lang) = (args.node.client(config)?, output.lang);
    if args.says == Says::Give {
        let all: Requests = serde_json::from_value(one_page(&client, "/v1/me/requests").await?).map_err(words::no_form)?;
        let asked = all.items.into_iter().find(|request| request.id == args.request);
        let asked = asked.ok_or_else(|| Failure::refused(("there is no such request", "er is geen verzoek met dit id")))?;
        let decision =
            json!({"purpose": asked.purpose, "recipients": [asked.recipient], "fields": asked.fields, "language": lang.either("en", "nl")});
        return give::decide(&client, decision, Some(args.request), args.yes, lang, output).await;
    }
    let says = if args.says == Says::Refuse { "refuse" } else { "defer" };
    let answered: Value = client.post(&format!("/v1/me/requests/{}", args.request), &json!({"answer": says})).await?;
    if output.json {
        output.pretty_json(&answered)?;
        return Ok(Exit::Done);
    }
    output.line(match (args.says, lang) {
        (Says::Later, Lang::En) => "Put off. You are not asked again for 30 days, and nobody hears of it.",
        (Says::Later, Lang::Nl) => "Uitgesteld. U wordt hier 30 dagen niet meer om gevraagd, en niemand hoort het.",
        (_, Lang::En) => "Refused. Nobody hears of it.",
        (_, Lang::Nl) => "Geweigerd. Niemand hoort het.",
    })?;
    Ok(Exit::Done)
}
