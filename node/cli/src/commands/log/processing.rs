//! `polder log processing`: the processing log as it is kept, read beside a node that may be running; and `polder log subject`: whom a record is about.

use clap::Args;
use polder_consent::WorkerId;
use polder_consent::processing::{SpanId, Subject, TraceId};
use polder_model::{Date, PartnerId, Timestamp};
use polder_store::processing::{ProcessingKeys, ProcessingRecord, Sealed};
use polder_store::{Reader, StoreError};
use serde_json::{Map, Value, json};

use crate::checks;
use crate::config::{Config, Source};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::print::moment;
use crate::serve;

/// Records that are read at a time.
const PAGE: u32 = 1_000;

/// Which records.
#[derive(Debug, Args)]
pub(crate) struct ProcessingArgs {
    /// The first day (UTC), such as 2026-11-01.
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// The last day (UTC), itself among it.
    #[arg(long, value_name = "DAY")]
    until: Option<Date>,
    /// Those about one worker alone, by the key of their skill offer. Each record is opened for this.
    #[arg(long, value_name = "KEY")]
    offer: Option<polder_model::OfferKey>,
    /// Those of one chain alone, by its trace id.
    #[arg(long, value_name = "HEX")]
    trace: Option<TraceId>,
    /// Say whom each record is about. For a privacy officer: what is printed is personal.
    #[arg(long)]
    open: bool,
}

/// Which name.
#[derive(Debug, Args)]
pub(crate) struct SubjectArgs {
    /// The record's `trace_id`: 32 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    trace: TraceId,
    /// The record's `span_id`: 16 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    span: SpanId,
    /// The record's `dpl.core.data_subject_id`.
    #[arg(value_name = "SEALED")]
    sealed: String,
}

pub(super) async fn list(args: &ProcessingArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    if let (Some(from), Some(until)) = (args.from, args.until)
        && from > until
    {
        return Err(Failure::configuration(format!("--from {from} comes after --until {until}: there are no days between")));
    }
    let config = config.load()?;
    let reader = open(&config).await?;
    let listed = list_from(&reader, &config.partner, args, output).await;
    reader.close().await;
    listed
}

async fn list_from(reader: &Reader, partner: &PartnerId, args: &ProcessingArgs, output: &Output) -> Result<Exit, Failure> {
    let failed = |error: StoreError| Failure::configuration(format!("the processing log cannot be read: {error}"));
    let keys = reader.processing_keys().await.map_err(failed)?;
    let worker = match &args.offer {
        None => None,
        Some(offer) => {
            let worker = reader.worker_of_offer(offer).await.map_err(failed)?;
            Some(worker.ok_or_else(|| Failure::refused("this node knows no worker of that key"))?)
        }
    };
    let first = args.from.map_or(Timestamp::from_micros(0), Date::start);
    let end = args.until.map_or(Timestamp::from_micros(i64::MAX), |last| Date::from_days(last.days() + 1).start());
    let (mut after, mut items) = (0, 0_u64);
    loop {
        let page = reader.processing(after, (first, end), PAGE).await.map_err(failed)?;
        let Some(last) = page.last() else { break };
        after = last.number;
        for record in page.iter().filter(|record| args.trace.is_none_or(|trace| record.trace == trace)) {
            if worker.is_none_or(|worker| is_about(record, worker, &keys)) {
                items += 1;
                tell(record, partner, args.open.then_some(&keys), output)?;
            }
        }
    }
    if items == 0 && !output.json {
        output.line("There are no such records.")?;
    }
    Ok(Exit::Done)
}

fn is_about(record: &ProcessingRecord, worker: WorkerId, keys: &ProcessingKeys) -> bool {
    record.sealed().and_then(|sealed| keys.open(sealed)) == Some(Subject::Worker(worker))
}

/// One record: for machines a line of JSON with the members of the standard.
fn tell(record: &ProcessingRecord, partner: &PartnerId, keys: Option<&ProcessingKeys>, output: &Output) -> Result<(), Failure> {
    let opened = keys.map(|keys| record.sealed().and_then(|sealed| keys.open(sealed)));
    if output.json {
        let attributes: Map<String, Value> =
            record.attributes().into_iter().map(|(name, text)| (name.to_owned(), Value::String(text))).collect();
        let mut value = json!({
            "trace_id": record.trace, "span_id": record.span, "status": record.status, "name": record.action.as_str(),
            "start_time": millis(record.began), "end_time": millis(record.ended),
            "resource": {"attributes": {"service.name": "polder", "service.version": record.version, "polder.partner": partner}},
            "attributes": attributes,
        });
        if let Some(parent) = record.parent {
            value["parent_span_id"] = json!(parent);
        }
        if let Some(opened) = opened {
            value["subject"] = opened.map_or(Value::Null, |subject| Value::String(subject.to_string()));
        }
        return output.json(&value);
    }
    let mut line = format!("{}  {}  {}  {}", moment(record.ended, output.lang), record.trace, record.action.as_str(), record.activity);
    if let Some(processor) = &record.processor {
        line.push_str(&format!("  for {processor}"));
    }
    match opened {
        None => {}
        Some(Some(subject)) => line.push_str(&format!("  {subject}")),
        Some(None) if record.subject.is_some() => line.push_str("  (the key of its month is gone)"),
        Some(None) => {}
    }
    output.line(line)
}

fn millis(at: Timestamp) -> i64 {
    at.micros().div_euclid(1_000)
}

pub(super) async fn subject(args: &SubjectArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let reader = open(&config.load()?).await?;
    let keys = reader.processing_keys().await;
    let opened = match &keys {
        Ok(keys) => keys.open(Sealed { trace: args.trace, span: args.span, text: &args.sealed }),
        Err(_) => None,
    };
    let offer = match &opened {
        Some(Subject::Worker(worker)) => reader.offer_of_worker(*worker).await,
        _ => Ok(None),
    };
    reader.close().await;
    let failed = |error: StoreError| Failure::configuration(format!("the processing log cannot be read: {error}"));
    let (_, offer) = (keys.map_err(failed)?, offer.map_err(failed)?);
    let Some(opened) = opened else {
        return Err(Failure::refused("it does not open: the key of its month is gone, or it is not of this record or not of this node"));
    };
    if output.json {
        output.json(&json!({"subject": opened.to_string(), "type": opened.kind().uri(), "offer": offer}))?;
        return Ok(Exit::Done);
    }
    output.line(match (&opened, offer) {
        (Subject::Worker(worker), Some(offer)) => format!("worker {worker}, of the skill offer {offer}"),
        (Subject::Worker(worker), None) => format!("worker {worker}, whose skill offer is not known here any more"),
        (Subject::Person { source, handle }, _) => format!("a person at {source}, known here as {handle}"),
    })?;
    Ok(Exit::Done)
}

async fn open(config: &Config) -> Result<Reader, Failure> {
    let reader = checks::database::open(&serve::database(config)?).await?;
    let reader = reader.ok_or_else(|| Failure::configuration(format!("{} is not there; has this node ever run?", config.database)))?;
    let schema = reader.schema().await.map_err(|error| checks::database::not_opened(&config.database, &error))?;
    if schema.found < schema.known {
        return Err(Failure::configuration("the database is of an earlier version of this program: start the node once"));
    }
    Ok(reader)
}
