//! `polder join`: from an accession file to the first answer.
//!
//! First everything is looked at and nothing is changed; then the register's files and the fingerprint are put in their places; then the node runs
//! until it has an answer from everyone, and stops, or stays with `--serve`. It can be run again at any time: keys are never touched, and a later
//! register is never replaced by an earlier one.

mod first_question;
mod prepare;
mod register;
mod told;

use std::path::PathBuf;

use clap::Args;
use polder_model::answer::QueryResult;
use polder_trust::register::{Register, Standing};
use polder_web::{RunningNode, Visit};
use serde_json::json;

use crate::accession::Accession;
use crate::checks::{Check, clock, lines, partners};
use crate::config::{Config, Log, LogFormat, Source};
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::register_watch::RegisterWatch;
use crate::serve::{Signals, start, until_stopped};
use crate::{log, print};

/// With which file.
#[derive(Debug, Args)]
pub(crate) struct JoinArgs {
    /// The accession file that the registrar sent.
    file: PathBuf,
    /// The fingerprint of the register, as the registrar told it: 64 hexadecimal digits, in groups or not. Without it, it is asked on the terminal.
    #[arg(long, value_name = "HEX")]
    fingerprint: Option<String>,
    /// Keep running after the first answer, as `polder serve` does.
    #[arg(long)]
    serve: bool,
}

/// Joins.
pub(crate) async fn run(args: &JoinArgs, source: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let mut config = prepare::configuration(source)?;
    let accession = Accession::read(&args.file)?;
    config.register.fingerprint = told::fingerprint(&accession, args.fingerprint.as_deref(), &config, output)?;
    let now = polder_exchange::Clock::now(&polder_exchange::SystemClock);
    let offered = accession.open(&config.register.fingerprint, now)?;
    prepare::partner(&accession, &config)?;
    let seen = register::Seen::look(&config).await?;
    let register = seen.in_force(&offered)?;
    let identity = prepare::keys(&config, &register, now)?;
    prepare::machine(&config, output).await?;
    // Nothing was changed so far.
    drop(identity);
    let kept = seen.place(&accession, &offered, &config)?;
    let written = prepare::write_fingerprint(&config, source)?;
    if !output.json {
        say_prepared(&accession, &register, &config, kept, written, output)?;
    }
    let signals = Signals::listen()?;
    let quiet = Log { level: "error".to_owned(), format: LogFormat::Text };
    log::start(if args.serve { &config.log } else { &quiet })?;
    let watch = RegisterWatch::new(&config)?;
    let running = start(&config).await?;
    let ended = first_answer(&running, &config, args.serve, source, output).await;
    match ended {
        Ok(()) if args.serve => until_stopped(&config, running, watch, signals, false).await?,
        ended => {
            running.stop().await;
            ended?;
        }
    }
    Ok(Exit::Done)
}

/// Visits everyone, asks everyone, and says how it went.
async fn first_answer(running: &RunningNode, config: &Config, stays: bool, source: Source<'_>, output: &Output) -> Result<(), Failure> {
    let visits = running.visit_everyone().await;
    let register = running.node.register();
    let mut checks: Vec<Check> = clock::check(&visits).into_iter().collect();
    checks.extend(partners::check(&visits, &register, false));
    if !output.json {
        lines(&checks, output.style).into_iter().try_for_each(|line| output.line(line))?;
    }
    judge(&visits, &register, running)?;
    let own = running.visit_self().await;
    let address = own.as_ref().map(partners::own_address);
    let result = first_question::ask(&running.node).await?;
    checks.extend(address.clone());
    if output.json {
        return report_json(config, &register, &checks, &result, output);
    }
    lines(address.as_slice(), output.style).into_iter().try_for_each(|line| output.line(line))?;
    print::who_answered(&mut output.writer(), &result, print::Lang::En, output.style)?;
    let name = clean(register.region());
    output.line(format!("\n{}", output.style.bold(&format!("{} takes part in {name}.", config.name))))?;
    if stays {
        return output.line("The node runs until it is told to stop (Ctrl-C).");
    }
    let file = source.found().map(|file| format!(" --config {}", file.display())).unwrap_or_default();
    output.line(format!(
        "Start it for good: sudo systemctl enable --now polder   (or: polder serve{file})
Look after it: polder doctor{file}   (docs/operating.md)"
    ))
}

/// Whether it can go on: someone answered, and the register is in date.
fn judge(visits: &[Visit], register: &Register, running: &RunningNode) -> Result<(), Failure> {
    let nobody = !visits.is_empty() && visits.iter().all(|visit| visit.said.is_err());
    if nobody {
        let silent = visits.iter().all(|visit| matches!(partners::why(visit), Some(partners::Why::Silent | partners::Why::OtherKey)));
        let advice = partners::nobody(visits);
        let first = partners::first_failure(visits);
        let begin = if silent { "; where none of their nodes runs yet, start this one, and they find it" } else { "" };
        let says = format!("the register is in place, but none of the {} partners answered: {advice}{begin} ({first})", visits.len());
        return Err(if silent { Failure::unreachable(says) } else { Failure::refused(says) });
    }
    if register.standing(running.node.now()) != Standing::Current && !visits.is_empty() {
        return Err(Failure::refused(format!(
            "the freshness of the register ran out on {}, and no partner that answered has newer: whether there is a later list cannot be known. \
             Ask the registrar to see that a node with a freshness key runs, then run this again",
            register.fresh_until()
        )));
    }
    Ok(())
}

fn say_prepared(
    accession: &Accession,
    register: &Register,
    config: &Config,
    kept: bool,
    written: bool,
    output: &Output,
) -> Result<(), Failure> {
    let adopted = register.adopted();
    output.line(format!(
        "The accession file of {} for {} is whole, signed by those who must, and in date.",
        clean(register.region()),
        accession.partner
    ))?;
    let directory = config.register.directory.display();
    let (root, epoch, version) = (adopted.root, adopted.epoch, adopted.version);
    if kept {
        output.line(format!(
            "The register that this node has is as late or later (root {root}, members {epoch}.{version}): it stays in force."
        ))?;
    } else {
        output.line(format!("The register (root {root}, members {epoch}.{version}) is in {directory}."))?;
    }
    if written {
        output.line("Its fingerprint stands in the configuration now.")?;
    }
    Ok(())
}

fn report_json(config: &Config, register: &Register, checks: &[Check], result: &QueryResult, output: &Output) -> Result<(), Failure> {
    let adopted = register.adopted();
    output.json(&json!({
        "joined": true, "partner": config.partner, "region": register.region(), "epoch": adopted.epoch, "version": adopted.version,
        "checks": checks, "answered": result.answered, "missing": result.missing, "ms": result.ms,
    }))
}
