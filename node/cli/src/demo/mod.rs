//! `polder demo`: eight real nodes on this machine answer three questions together, and find people as these decided.

mod check;
mod complete;
mod load;
mod login;
mod node;
mod partners;
mod people;
mod questions;
mod report;
mod samples;
mod setup;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::Instant;

use polder_model::answer::QueryResult;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::collector;
use crate::exit::{Exit, Failure};
use crate::new_node::MakeToken;
use crate::output::Output;
use node::{Addresses, DemoNode};
use questions::{Question, questions};
use report::Report;

/// How the demo is run.
#[derive(clap::Args, Debug)]
pub(crate) struct DemoArgs {
    /// Ask, check every result against the independent oracle, kill one node, ask again, stop.
    #[arg(long)]
    once: bool,
    /// Sample offers for each partner.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    offers: u32,
    /// The seed of the sample offers: the same seed gives the same offers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Your own offers instead: a folder for each partner, with files as `polder import` reads them.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["offers", "seed"])]
    data: Option<PathBuf>,
    /// A new directory where the nodes keep their files; a temporary one otherwise.
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// A collector that takes OTLP over HTTP, such as http://127.0.0.1:4318: all nodes send their traces there.
    #[arg(long, value_name = "URL", value_parser = collector)]
    traces: Option<String>,
}

/// The nodes, and what else must live as long as they do.
pub(crate) struct Federation {
    pub nodes: Vec<DemoNode>,
    pub directory: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

impl Federation {
    pub(crate) fn node(&self, slug: &str) -> Result<&DemoNode, Failure> {
        let found = self.nodes.iter().find(|node| node.partner.slug == slug);
        found.ok_or_else(|| Failure::internal(format!("the demo has no partner {slug}")))
    }
}

/// Runs the demo until it is over or told to stop; either way nothing of it is left, unless it was given a directory to keep.
pub(crate) async fn run(args: &DemoArgs, make_token: MakeToken, output: &Output) -> Result<Exit, Failure> {
    let up = Cell::new(false);
    tokio::select! {
        biased;
        told = told_to_stop() => {
            told.map_err(|error| Failure::internal(format!("signals cannot be received: {error}")))?;
            if up.get() { Ok(Exit::Done) } else { Err(Failure::refused("the demo was stopped before it was ready")) }
        }
        ended = show(args, make_token, output, &up) => ended,
    }
}

/// Builds the federation, asks the questions and shows the results. `up` is set when all that is left is to stay there.
async fn show(args: &DemoArgs, make_token: MakeToken, output: &Output, up: &Cell<bool>) -> Result<Exit, Failure> {
    let (began, progress) = (Instant::now(), output.progress(5));
    progress.step("making keys and a register for eight partners");
    let mut federation = build(args.directory.as_deref(), args.traces.as_deref(), make_token)?;
    progress.step("starting eight nodes");
    futures::future::try_join_all(federation.nodes.iter_mut().map(DemoNode::ready)).await?;
    progress.step("publishing offers");
    let loaded = load::offers(&federation, args, output).await?;
    people::publish(&federation).await?;
    progress.step("asking three questions");
    let mut asked = Vec::new();
    for question in questions() {
        let result = federation.node(question.asker)?.client()?.query(&question.request).await?;
        asked.push((question, result));
    }
    let (took, lang) = (began.elapsed(), output.lang);
    progress.step("workers decide, partners seek people");
    let people = people::play(&federation).await?;
    progress.finish();
    if !output.json {
        report::results(&mut output.writer(), &asked, lang, output.style)?;
        people::show(&mut output.writer(), &federation, &people, lang, output.style)?;
    }
    if args.once {
        let mut report = Report::new(&federation, &loaded, took, lang);
        report.people(people::report(&federation, &people)?);
        return once(federation, &asked, report, output).await;
    }
    if output.json {
        output.pretty_json(&report::addresses_json(&federation, &loaded, &people.code)?)?;
    } else {
        report::addresses(&mut output.writer(), &federation, &loaded, &people.code, (took, lang))?;
    }
    up.set(true);
    std::future::pending().await
}

/// Checks every result, kills a node, asks again, and reports. The nodes stop when this returns.
async fn once(mut federation: Federation, asked: &[(Question, QueryResult)], mut report: Report, output: &Output) -> Result<Exit, Failure> {
    let mut exports = check::exports(&federation).await?;
    let partners: Vec<&str> = federation.nodes.iter().map(|node| node.partner.id).collect();
    for (question, result) in asked {
        report.question(question, result, complete::while_all_run(result, &partners), check::differences(result, &exports)?);
    }
    let (question, killed) = complete::to_kill(asked).ok_or_else(|| Failure::internal("nobody but the asking node has answered"))?;
    let node = federation.nodes.iter_mut().find(|node| node.partner.id == killed);
    let node = node.ok_or_else(|| Failure::internal(format!("{killed} is no partner of the demo")))?;
    node.kill().await;
    let killed = node.partner;
    exports.retain(|(partner, _)| partner != killed.id);
    let result = federation.node(question.asker)?.client()?.query(&question.request).await?;
    let faults = complete::after_one_is_killed(&result, &partners, killed.id);
    report.after_one_is_killed(killed, question, &result, faults, check::differences(&result, &exports)?);
    report.show(output)
}

fn build(directory: Option<&Path>, traces: Option<&str>, make_token: MakeToken) -> Result<Federation, Failure> {
    let failed = |error: std::io::Error| Failure::internal(format!("no directory for the demo: {error}"));
    let (directory, temporary) = match directory {
        Some(directory) => {
            std::fs::create_dir_all(directory).map_err(failed)?;
            (std::path::absolute(directory).map_err(failed)?, None)
        }
        None => {
            let temporary = tempfile::Builder::new().prefix("polder-demo-").tempdir().map_err(failed)?;
            (temporary.path().to_owned(), Some(temporary))
        }
    };
    let addresses = Addresses::free(partners::PARTNERS.len())?;
    let nodes = setup::nodes(&directory, &addresses, traces, make_token)?;
    Ok(Federation { nodes, directory, _temporary: temporary })
}

/// Waits for Ctrl-C, SIGTERM, or SIGHUP: the terminal is gone.
async fn told_to_stop() -> std::io::Result<()> {
    let (mut terminate, mut hang_up) = (signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        _ = hang_up.recv() => Ok(()),
        pressed = tokio::signal::ctrl_c() => pressed,
    }
}
