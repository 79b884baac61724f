//! `polder sync`: the running node reads course systems at once, and says what it could not map.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::consent::words::moment;
use crate::client::{NodeArgs, NodeClient};
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::{Lang, table};

/// Which course systems, and whether they are read or only told of.
#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    /// The name of a course system, as `[[sync]]` in the node's configuration calls it; all of them without it.
    name: Option<String>,
    /// Read nothing; show the report of the last crawl: what was found, and what could not be mapped.
    #[arg(long)]
    report: bool,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Deserialize)]
struct Syncs {
    items: Vec<Value>,
}

/// How often is looked how far a crawl is.
const LOOK: Duration = Duration::from_millis(500);
/// What cannot be mapped that one still reads on a screen.
const ON_A_SCREEN: usize = 20;

/// Reads course systems, or shows their reports. Exit code 1 when one was not read whole.
pub(crate) async fn run(args: &SyncArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let client = args.node.client(config)?;
    let names = match &args.name {
        Some(name) => vec![name.clone()],
        None => all(&client).await?,
    };
    if names.is_empty() {
        return Err(Failure::configuration("no course system is configured; add [[sync]] with name and url to the node's configuration"));
    }
    let mut exit = Exit::Done;
    for name in names {
        let standing = if args.report { look(&client, &name).await? } else { crawl(&client, &name, output).await? };
        if !args.report && standing["report"]["outcome"] != "whole" {
            exit = Exit::Refused;
        }
        if output.json {
            output.json(&standing)?;
        } else {
            say(&standing, args.report, output)?;
        }
    }
    Ok(exit)
}

async fn all(client: &NodeClient) -> Result<Vec<String>, Failure> {
    let syncs: Syncs = serde_json::from_slice(&client.get("/v1/syncs").await?).map_err(|error| not_of_its_form(&error))?;
    Ok(syncs.items.iter().filter_map(|one| one["name"].as_str().map(str::to_owned)).collect())
}

fn not_of_its_form(error: &serde_json::Error) -> Failure {
    Failure::internal(format!("/v1/syncs: the reply is not of its form: {error}"))
}

async fn look(client: &NodeClient, name: &str) -> Result<Value, Failure> {
    serde_json::from_slice(&client.get(&format!("/v1/syncs/{name}")).await?).map_err(|error| not_of_its_form(&error))
}

/// Has it read, and waits for the end. Whoever stops waiting stops nothing: the node goes on.
async fn crawl(client: &NodeClient, name: &str, output: &Output) -> Result<Value, Failure> {
    let before = look(client, name).await?;
    client.send(Method::POST, &format!("/v1/syncs/{name}/crawls"), &[], None).await?.success()?;
    let progress = output.progress(0);
    let mut found = 0;
    loop {
        tokio::time::sleep(LOOK).await;
        let standing = look(client, name).await?;
        let counts = &standing["now"]["counts"];
        let so_far = counts["programmes"].as_u64().unwrap_or_default() + counts["courses"].as_u64().unwrap_or_default();
        (found..so_far).for_each(|_| progress.step("programmes and courses"));
        found = so_far.max(found);
        // A report that is another than before is that of this crawl.
        if standing["report"].is_object() && standing["report"]["endedAt"] != before["report"]["endedAt"] {
            progress.finish();
            return Ok(standing);
        }
    }
}

fn say(standing: &Value, whole: bool, output: &Output) -> Result<(), Failure> {
    let text = |value: &Value| clean(value.as_str().unwrap_or_default());
    let time = |value: &Value| moment(value.as_str().unwrap_or_default(), Lang::En);
    let (name, report) = (text(&standing["name"]), &standing["report"]);
    if !report.is_object() {
        return output.line(format!("{name}: not read yet; `polder sync {name}` reads it"));
    }
    let outcome = match report["outcome"].as_str() {
        Some("whole") => "read whole".to_owned(),
        Some("lost-too-much") => {
            "so much is missing that nothing of it is withdrawn; see whether the catalogue is right, or allow more with most_lost_percent"
                .to_owned()
        }
        _ => {
            let trouble = &report["trouble"];
            let status = trouble["status"].as_u64().map(|status| format!(", status {status}")).unwrap_or_default();
            let (why, path) = (trouble_in_words(trouble["code"].as_str().unwrap_or_default()), text(&trouble["path"]));
            format!("broken off at {path}: {why}{status}; it goes on at {}", time(&standing["dueAt"]))
        }
    };
    output.line(format!("{}: {outcome}", output.style.bold(&name)))?;
    output.line(format!("  from {} to {}; next at {}", time(&report["startedAt"]), time(&report["endedAt"]), time(&standing["dueAt"])))?;
    let counts: BTreeMap<String, u64> = serde_json::from_value(report["counts"].clone()).unwrap_or_default();
    let said = |names: &[&str]| {
        let named = names.iter().filter_map(|name| Some((name, counts.get(*name)?)));
        named.map(|(name, count)| format!("{count} {}", spaced(name))).collect::<Vec<_>>().join(", ")
    };
    output.line(format!("  found: {}", said(&["programmes", "courses", "offerings", "learningOutcomes", "organisations"])))?;
    output.line(format!("  trainings: {}", said(&["created", "replaced", "unchanged", "ended", "missing", "withdrawn", "refused"])))?;
    let most = if whole { usize::MAX } else { ON_A_SCREEN };
    let not_mapped = report["notMapped"].as_array().map_or(&[][..], Vec::as_slice);
    if !not_mapped.is_empty() {
        output.line("  not mapped:")?;
        for one in not_mapped.iter().take(most) {
            let field = text(&one["field"]);
            let field = if field.is_empty() { field } else { format!(", {field}") };
            output.line(format!("    {}{field}: {}", text(&one["path"]), text(&one["message"])))?;
        }
        if not_mapped.len() > most {
            output.line(format!("    … `polder sync --report {name}` shows the others"))?;
        }
    }
    let ended = report["ended"].as_array().map_or(&[][..], Vec::as_slice);
    if !ended.is_empty() {
        output.line("  ended:")?;
        for one in ended.iter().take(most) {
            let (path, title, key) = (text(&one["path"]), text(&one["title"]), text(&one["key"]));
            let key = if key.is_empty() || path.ends_with(&format!("/{key}")) { String::new() } else { format!(", key {key}") };
            let stood = if one["withdrawn"] == true { "" } else { ", and was not published" };
            output.line(format!("    {title} ({path}{key}): {}{stood}", end_in_words(one["code"].as_str().unwrap_or_default())))?;
        }
        if ended.len() > most {
            output.line(format!("    … `polder sync --report {name}` shows the others"))?;
        }
    }
    let lost = report["lost"].as_array().map_or(&[][..], Vec::as_slice);
    if whole && !lost.is_empty() {
        output.line("  lost of what was mapped:")?;
        let rows = lost.iter().map(|one| vec![format!("    {}", text(&one["field"])), one["count"].to_string(), text(&one["message"])]);
        for line in table::lines(&rows.collect::<Vec<_>>()) {
            output.line(line)?;
        }
    }
    Ok(())
}

/// `learningOutcomes` is `learning outcomes`.
fn spaced(name: &str) -> String {
    name.chars().flat_map(|letter| if letter.is_uppercase() { vec![' ', letter.to_ascii_lowercase()] } else { vec![letter] }).collect()
}

fn end_in_words(code: &str) -> &'static str {
    match code {
        "not-yet" => "it is valid from a later day",
        "past" => "it is valid no more",
        "cancelled" => "all its offerings are cancelled",
        "nothing-open" => "none of its offerings is active and open for enrolment",
        "specification" => "it describes what others offer",
        "not-found" => "the catalogue does not have it any more",
        "another-organisation" => "it belongs to an organisation for which the course system is not read",
        _ => "it is no offer now",
    }
}

fn trouble_in_words(code: &str) -> &'static str {
    match code {
        "no-reply" => "no reply came in time",
        "connection-refused" => "the connection was refused: no program listens at that address now",
        "no-way" => "no way leads to that address: the network or a firewall does not let it through",
        "no-name" => "the name of its host leads nowhere; is the address right?",
        "cut" => "the connection was cut",
        "not-trusted" => "its TLS certificate is not trusted by this machine",
        "not-reached" => "the connection failed",
        "status" => "it does not reply what was asked",
        "elsewhere" => "it leads to another host, which is not followed; configure the address to which it leads",
        "too-large" => "the reply is larger than what is read",
        "no-token" => "the authorization server gave no token to show it; the log of the node has its reason",
        "no-service" => "there is no service document; is this the address of the catalogue?",
        "not-json" => "this is not JSON",
        "no-version" => {
            "the service document names neither version 5 nor 6 of the Open Education API: its member `specification` does, such as https://…/v6/docs.html"
        }
        "no-page" => "this is no page of the Open Education API",
        "collection-gone" => "this collection was there before, and is not now",
        "goes-round" => "the pages go round; the crawl begins anew",
        _ => "it cannot be read",
    }
}
