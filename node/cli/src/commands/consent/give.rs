//! `polder consent give`: the text is shown, and nothing is given without a yes.

use std::io::{self, BufRead, IsTerminal, Write};

use clap::Args;
use polder_consent::{Field, RequestId, is_offered};
use polder_model::{PartnerId, Purpose, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::show::{Consents, consent_lines};
use super::words;
use crate::client::{NodeArgs, NodeClient};
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::print::Lang;
use crate::words_of::words_of;

pub(in crate::commands) fn about_people() -> impl Iterator<Item = &'static str> {
    Purpose::ALL.into_iter().filter(|purpose| purpose.is_about_people() && is_offered(*purpose)).map(Purpose::as_str)
}

/// The decision.
#[derive(Debug, Args)]
pub(crate) struct GiveArgs {
    /// What for.
    #[arg(long, value_name = "PURPOSE", value_parser = words_of::<Purpose>(about_people()))]
    purpose: Purpose,
    /// Who may see it: a partner by its id, as `polder partners` lists them; may be repeated.
    #[arg(long = "to", value_name = "PARTNER", required = true)]
    recipients: Vec<PartnerId>,
    /// What they may see; may be repeated.
    #[arg(long = "field", value_name = "FIELD", required = true, value_parser = words_of::<Field>(Field::ALL.map(Field::pointer)))]
    fields: Vec<Field>,
    /// Until when, such as 2027-01-31T23:00:00Z; 365 days otherwise, which is the longest.
    #[arg(long, value_name = "INSTANT")]
    until: Option<Timestamp>,
    /// Give it without asking, after the text was read elsewhere.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Deserialize)]
struct Notice {
    text: String,
    sha256: String,
}

/// Shows the text, asks, and gives.
pub(super) async fn run(args: &GiveArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let lang = output.lang;
    let client = args.node.client(config)?;
    let mut decision =
        json!({"purpose": args.purpose, "recipients": args.recipients, "fields": args.fields, "language": lang.either("en", "nl")});
    if let Some(until) = args.until {
        decision["until"] = json!(until);
    }
    decide(&client, decision, None, args.yes, lang, output).await
}

/// Shows the text of a decision, asks, and gives; perhaps in answer to a request.
pub(super) async fn decide(
    client: &NodeClient,
    mut decision: Value,
    request: Option<RequestId>,
    yes: bool,
    lang: Lang,
    output: &Output,
) -> Result<Exit, Failure> {
    let notice: Notice = client.post("/v1/me/notices", &decision).await?;
    if !output.json {
        // The node made it, of names in the register among others: it is shown line by line, as text.
        notice.text.lines().try_for_each(|line| output.line(crate::output::clean(line)))?;
        output.line("")?;
    }
    confirm(yes, lang, output)?;
    decision["notice"] = json!(notice.sha256);
    if let Some(request) = request {
        decision["request"] = json!(request);
    }
    let given: Value = client.post("/v1/me/consents", &decision).await?;
    if output.json {
        output.pretty_json(&given)?;
        return Ok(Exit::Done);
    }
    let given: Consents = serde_json::from_value(given).map_err(words::no_form)?;
    output.line(lang.either("Given:", "Gegeven:"))?;
    consent_lines(&given, lang).into_iter().try_for_each(|line| output.line(line))?;
    Ok(Exit::Done)
}

/// Asks on a terminal. Where nobody can be asked nothing is given: silence is no consent.
fn confirm(yes: bool, lang: Lang, output: &Output) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    let mut input = io::stdin().lock();
    if output.json || !input.is_terminal() {
        return Err(Failure::configuration((
            "nothing was given, since nobody can be asked here; read the text, and give --yes to say yes",
            "er is niets gegeven, want hier kan niemand gevraagd worden; lees de tekst, en zeg ja met --yes",
        )));
    }
    let mut answer = String::new();
    let question = lang.either("Do you want this? Type yes: ", "Wilt u dit? Typ ja: ");
    let asked = write!(io::stderr(), "{question}").and_then(|()| input.read_line(&mut answer));
    asked.map_err(|error| Failure::internal(format!("the terminal: {error}")))?;
    let yes = lang.either("yes", "ja");
    if answer.trim().eq_ignore_ascii_case(yes) { Ok(()) } else { Err(Failure::refused(("nothing was given", "er is niets gegeven"))) }
}
