//! Writing: all records of a transaction at its end.

use std::collections::BTreeMap;

use polder_consent::processing::{Processed, SpanId, TraceId};
use polder_model::PartnerId;
use sqlx::AssertSqlSafe;

use super::seal::{Key, month};
use crate::engine::Transaction;
use crate::error::StoreError;
use crate::random;
use crate::row::Cells;
use crate::rows::{number, pieces, places};

const RECORDS: &str = "INSERT INTO processing (number, began_at, ended_at, trace, span, parent, action, status, activity, subject_kind, subject, processor, version, fsc_transaction)";
const NUMBERS: usize = 3;
const TEXTS: usize = 11;

/// A row: the numbers, then the texts.
struct Row {
    numbers: [i64; NUMBERS],
    texts: [String; TEXTS],
}

/// Writes the records, under the next numbers, in their order.
pub(crate) async fn write(transaction: &mut Transaction<'_>, records: Vec<Processed>) -> Result<(), StoreError> {
    if records.is_empty() {
        return Ok(());
    }
    let count = number(records.len() as u64)?;
    let sql = "UPDATE counter SET processing = processing + $1 WHERE id = 1 RETURNING processing";
    let counted = transaction.read(sql, &[count.into()]).await?;
    let last = counted.first().ok_or(StoreError::Damaged("no counter"))?.integer(0)?;
    let mut keys = BTreeMap::new();
    let mut rows = Vec::with_capacity(records.len());
    for (number, record) in (last - count + 1..).zip(records) {
        rows.push(row(transaction, &mut keys, number, record).await?);
    }
    match transaction {
        Transaction::Sqlite(transaction) => {
            for some in pieces(&rows) {
                let mut query = sqlx::query(AssertSqlSafe(format!("{RECORDS} VALUES {}", places(some.len(), NUMBERS + TEXTS))));
                for row in some {
                    query = row.numbers.iter().fold(query, sqlx::query::Query::bind);
                    query = row.texts.iter().fold(query, |query, text| query.bind(text.as_str()));
                }
                query.execute(&mut **transaction).await?;
            }
        }
        Transaction::Postgres(transaction) => {
            let places: Vec<String> = (1..=NUMBERS + TEXTS)
                .map(|place| if place <= NUMBERS { format!("${place}::bigint[]") } else { format!("${place}::text[]") })
                .collect();
            let mut query = sqlx::query(AssertSqlSafe(format!("{RECORDS} SELECT * FROM unnest({})", places.join(", "))));
            for column in 0..NUMBERS {
                query = query.bind(rows.iter().map(|row| row.numbers[column]).collect::<Vec<i64>>());
            }
            for column in 0..TEXTS {
                query = query.bind(rows.iter().map(|row| row.texts[column].as_str()).collect::<Vec<&str>>());
            }
            query.execute(&mut **transaction).await?;
        }
    }
    Ok(())
}

async fn row(
    transaction: &mut Transaction<'_>,
    keys: &mut BTreeMap<String, Key>,
    number: i64,
    record: Processed,
) -> Result<Row, StoreError> {
    let (trace, parent) = match record.chain {
        Some(chain) => (chain.trace, chain.parent.map_or_else(String::new, |parent| parent.to_string())),
        None => (TraceId::from_bytes(random::bytes()?), String::new()),
    };
    let span = match record.span {
        Some(span) => span,
        None => SpanId::from_bytes(random::bytes()?),
    };
    let (kind, sealed) = match &record.subject {
        None => ("", String::new()),
        Some(subject) => {
            let month = month(record.ended);
            let key = match keys.get(&month) {
                Some(key) => key,
                None => keys.entry(month.clone()).or_insert(key_of(transaction, &month).await?),
            };
            (subject.kind().uri(), key.seal(&month, trace, span, subject)?)
        }
    };
    Ok(Row {
        numbers: [number, record.began.micros(), record.ended.micros()],
        texts: [
            trace.to_string(),
            span.to_string(),
            parent,
            record.action.as_str().to_owned(),
            record.status.as_str().to_owned(),
            record.activity,
            kind.to_owned(),
            sealed,
            record.processor.as_ref().map_or("", PartnerId::as_str).to_owned(),
            env!("CARGO_PKG_VERSION").to_owned(),
            record.chain.and_then(|chain| chain.transaction).map_or_else(String::new, |transaction| transaction.to_string()),
        ],
    })
}

/// The key of a month; made with the first record of it.
async fn key_of(transaction: &mut Transaction<'_>, month: &str) -> Result<Key, StoreError> {
    let found = transaction.read("SELECT key FROM processing_keys WHERE month = $1", &[month.into()]).await?;
    if let Some(row) = found.first() {
        return Key::from_hex(row.text(0)?);
    }
    let key = Key::new()?;
    transaction.run("INSERT INTO processing_keys (month, key) VALUES ($1, $2)", &[month.into(), (&key.to_hex()).into()]).await?;
    Ok(key)
}
