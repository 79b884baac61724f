//! `polder demo`: eight real nodes on this machine answer three questions together.

mod check;
mod load;
mod node;
mod partners;
mod questions;
mod report;
mod samples;
mod setup;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use polder_model::answer::QueryResult;
use tokio::signal::unix::{SignalKind, signal};

use crate::exit::{Exit, Failure};
use crate::new_node::MakeToken;
use crate::output::Output;
use crate::print::Lang;
use load::Loaded;
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
    /// The language of the reasons.
    #[arg(long, value_enum)]
    lang: Option<Lang>,
}

/// The partner whose node is killed.
const KILLED: &str = "employer-b";

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

/// Runs the demo.
pub(crate) async fn run(args: &DemoArgs, make_token: MakeToken, output: &Output) -> Result<Exit, Failure> {
    let (began, progress) = (Instant::now(), output.progress(4));
    progress.step("making keys and a register for eight partners");
    let mut federation = build(args.directory.as_deref(), make_token)?;
    progress.step("starting eight nodes");
    futures::future::try_join_all(federation.nodes.iter_mut().map(DemoNode::ready)).await?;
    progress.step("publishing offers");
    let loaded = load::offers(&federation, args, output).await?;
    progress.step("asking three questions");
    let mut asked = Vec::new();
    for question in questions() {
        let result = federation.node(question.asker)?.client()?.query(&question.request).await?;
        asked.push((question, result));
    }
    progress.finish();
    let took = began.elapsed();
    if !output.json {
        report::results(&mut output.writer(), &asked, args.lang.unwrap_or_default(), output.style)?;
    }
    if args.once {
        return once(federation, &asked, &loaded, took, output).await;
    }
    if output.json {
        output.pretty_json(&report::addresses_json(&federation, &loaded))?;
    } else {
        report::addresses(&mut output.writer(), &federation, &loaded, took)?;
    }
    told_to_stop().await.map_err(|error| Failure::internal(format!("signals cannot be received: {error}")))?;
    Ok(Exit::Done)
}

/// Checks every result, kills a node, asks again, and reports. The nodes stop when this returns.
async fn once(
    mut federation: Federation,
    asked: &[(Question, QueryResult)],
    loaded: &Loaded,
    took: Duration,
    output: &Output,
) -> Result<Exit, Failure> {
    let exports = check::exports(&federation).await?;
    let mut report = Report::new(&federation, loaded, took);
    for (question, result) in asked {
        report.question(question, result, check::differences(result, &exports)?);
    }
    for node in federation.nodes.iter_mut().filter(|node| node.partner.slug == KILLED) {
        node.kill().await;
    }
    let [first, ..] = questions();
    let result = federation.node(first.asker)?.client()?.query(&first.request).await?;
    report.after_one_is_killed(federation.node(KILLED)?.partner, &result, check::differences(&result, &exports)?);
    report.show(output)
}

fn build(directory: Option<&Path>, make_token: MakeToken) -> Result<Federation, Failure> {
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
    let nodes = setup::nodes(&directory, &addresses, make_token)?;
    Ok(Federation { nodes, directory, _temporary: temporary })
}

/// Waits for Ctrl-C or SIGTERM.
async fn told_to_stop() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        pressed = tokio::signal::ctrl_c() => pressed,
    }
}
