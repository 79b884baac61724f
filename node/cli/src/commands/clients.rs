//! `polder clients`: systems that call this node: proposed, approved by a second person, ended.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use polder_model::{Finding, OfferKey, Timestamp};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::consent::show;
use crate::client::{NodeArgs, finding_in_words_of};
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::{Lang, day};

/// What is done.
#[derive(Debug, Subcommand)]
pub(crate) enum ClientsCommand {
    /// Which systems there are, and which wait for a second person.
    List(NodeArgs),
    /// What one of them may do, and what is proposed of it.
    Show(OneArgs),
    /// Propose what a system may do, by a document (docs/clients.md). Nothing changes before somebody else approves it.
    Propose(ProposeArgs),
    /// Approve what somebody else proposed, by what `show` says of it.
    Approve(ApproveArgs),
    /// End a system for good: its next call is refused.
    End(OneArgs),
}

/// Which one.
#[derive(Debug, Args)]
pub(crate) struct OneArgs {
    /// Its id.
    client: OfferKey,
    #[command(flatten)]
    node: NodeArgs,
}

/// What is proposed.
#[derive(Debug, Args)]
pub(crate) struct ProposeArgs {
    /// The id of the system: its own, or a new one.
    client: OfferKey,
    /// The document.
    #[arg(value_name = "FILE")]
    document: PathBuf,
    #[command(flatten)]
    node: NodeArgs,
}

/// What is approved.
#[derive(Debug, Args)]
pub(crate) struct ApproveArgs {
    /// The id of the system.
    client: OfferKey,
    /// `sha256` of the proposal that you looked at.
    #[arg(long, value_name = "DIGITS")]
    sha256: String,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Client {
    id: String,
    in_force: Option<InForce>,
    proposed: Option<Proposed>,
    ended_at: Option<Timestamp>,
    #[serde(default)]
    notes: Vec<Finding>,
}

#[derive(Deserialize)]
struct InForce {
    document: Document,
    until: Timestamp,
}

#[derive(Deserialize)]
struct Proposed {
    document: Document,
    sha256: String,
}

#[derive(Deserialize)]
struct Document {
    name: String,
    scopes: Vec<String>,
    organisations: Vec<String>,
    #[serde(default)]
    keys: Vec<Value>,
    #[serde(default)]
    certificates: Vec<String>,
    #[serde(default)]
    sandbox: bool,
}

/// Does it.
pub(crate) async fn run(command: &ClientsCommand, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    match command {
        ClientsCommand::List(args) => list(args, config, output).await,
        ClientsCommand::Show(OneArgs { client, node }) => {
            let found: Value = read(&node.client(config)?.get(&path(client)).await?)?;
            show::show(&found, output.lang, output, one)
        }
        ClientsCommand::Propose(ProposeArgs { client, document, node }) => {
            let text = std::fs::read(document).map_err(|error| Failure::configuration(format!("{}: {error}", document.display())))?;
            let reply = node.client(config)?.send_json(Method::PUT, &path(client), &text).await?;
            show::show(&read(&reply)?, output.lang, output, one)
        }
        ClientsCommand::Approve(ApproveArgs { client, sha256, node }) => {
            let approved: Value = node.client(config)?.post(&format!("{}/approval", path(client)), &json!({"sha256": sha256})).await?;
            show::show(&approved, output.lang, output, one)
        }
        ClientsCommand::End(OneArgs { client, node }) => {
            node.client(config)?.delete(&path(client)).await?;
            if output.json {
                output.json(&json!({"id": client, "ended": true}))?;
                return Ok(Exit::Done);
            }
            output.line(output.lang.either(
                format!("{client} has ended: its next call is refused. What it has of people is yours to have erased (`polder people erasures`)."),
                format!(
                    "{client} is beëindigd: de volgende aanroep wordt geweigerd. Wat het van mensen heeft, laat u wissen (`polder people erasures`)."
                ),
            ))?;
            Ok(Exit::Done)
        }
    }
}

fn path(client: &OfferKey) -> String {
    format!("/v1/clients/{client}")
}

fn read(reply: &[u8]) -> Result<Value, Failure> {
    serde_json::from_slice(reply).map_err(|error| Failure::internal(format!("/v1/clients: the reply is not of its form: {error}")))
}

/// Most pages of a list: more systems than a node has.
const MOST_PAGES: usize = 200;

async fn list(args: &NodeArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let (node, mut all, mut next) = (args.client(config)?, Vec::new(), String::new());
    for _ in 0..MOST_PAGES {
        let page = read(&node.get(&format!("/v1/clients?limit=100{next}")).await?)?;
        all.extend(page["items"].as_array().cloned().unwrap_or_default());
        let Some(cursor) = page["next"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    show::show(&json!({"items": all}), output.lang, output, table)
}

#[derive(Deserialize)]
struct All {
    items: Vec<Client>,
}

fn table(all: &All, lang: Lang) -> Vec<String> {
    let row = |client: &Client| {
        let document = client.in_force.as_ref().map(|now| &now.document).or(client.proposed.as_ref().map(|waits| &waits.document));
        let name = document.map(|document| clean(&document.name)).unwrap_or_default();
        let scopes = document.map(|document| clean(&document.scopes.join(" "))).unwrap_or_default();
        vec![clean(&client.id), name, scopes, state(client, lang)]
    };
    let head = lang.either(["id", "name", "may", "state"], ["id", "naam", "mag", "toestand"]);
    show::rows(&head, all.items.iter().map(row), lang)
}

fn state(client: &Client, lang: Lang) -> String {
    let until = |at: Timestamp| day(at, lang);
    match (&client.ended_at, &client.in_force, &client.proposed) {
        (Some(at), ..) => lang.either(format!("ended {}", until(*at)), format!("beëindigd {}", until(*at))),
        (None, Some(now), None) => lang.either(format!("until {}", until(now.until)), format!("tot {}", until(now.until))),
        (None, Some(now), Some(_)) => {
            lang.either(format!("until {}; a change waits", until(now.until)), format!("tot {}; een wijziging wacht", until(now.until)))
        }
        (None, None, _) => lang.either("waits for a second person", "wacht op een tweede persoon").to_owned(),
    }
}

fn one(client: &Client, lang: Lang) -> Vec<String> {
    let mut lines = vec![format!("{}: {}", clean(&client.id), state(client, lang))];
    if let Some(now) = &client.in_force {
        let is = if client.ended_at.is_some() { lang.either("until it ended", "tot het einde") } else { lang.either("in force", "geldt") };
        lines.extend(said(&now.document, is));
    }
    if let Some(waits) = &client.proposed {
        lines.extend(said(&waits.document, lang.either("proposed", "voorgesteld")));
        let command = format!("polder clients approve {} --sha256 {}", clean(&client.id), clean(&waits.sha256));
        lines.push(lang.either(format!("Somebody else approves it: {command}"), format!("Iemand anders keurt het goed: {command}")));
    }
    let look = lang.either("Look at it again", "Kijk het nog eens na");
    lines.extend(client.notes.iter().map(|note| format!("{look}: {}", finding_in_words_of(note, lang))));
    lines
}

fn said(document: &Document, how: &str) -> Vec<String> {
    let keys = document.keys.len() + document.certificates.len();
    vec![
        format!("  {how}{}: {}", if document.sandbox { " (sandbox)" } else { "" }, clean(&document.name)),
        format!("    {}", clean(&document.scopes.join(" "))),
        format!("    {} ({keys})", clean(&document.organisations.join(" "))),
    ]
}
