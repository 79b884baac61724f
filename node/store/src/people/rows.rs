//! The rows of one answer in the ledger, written in few statements: its pair of engines, as in [`crate::rows`].

use polder_consent::leaf::row_bytes;
use polder_consent::{Disclosure, Salt};
use sqlx::{AssertSqlSafe, PgConnection, SqliteConnection};

use crate::engine::Transaction;
use crate::error::StoreError;
use crate::rows::{number, pieces, places};

const DISCLOSURES: &str = "INSERT INTO disclosures (id, worker, recipient, purpose, consent, epoch, fields, about, at, use_until, held, erased, salt, leaf, said, fsc_transaction)";

/// A row of the ledger.
pub(super) struct Row<'r> {
    pub disclosure: &'r Disclosure,
    /// The salt of its leaf.
    pub salt: Salt,
    /// The number of its leaf.
    pub leaf: u64,
    /// Whether it was lost here, and its recipient says that there is such a copy.
    pub said: bool,
}

/// Writes rows, each of them new.
pub(super) async fn write(transaction: &mut Transaction<'_>, rows: &[Row<'_>]) -> Result<(), StoreError> {
    match transaction {
        Transaction::Sqlite(transaction) => write_sqlite(transaction, rows).await,
        Transaction::Postgres(transaction) => write_postgres(transaction, rows).await,
    }
}

async fn write_sqlite(connection: &mut SqliteConnection, rows: &[Row<'_>]) -> Result<(), StoreError> {
    for some in pieces(rows) {
        let mut query = sqlx::query(AssertSqlSafe(format!("{DISCLOSURES} VALUES {}", places(some.len(), 16))));
        for Row { disclosure, salt, leaf, said } in some {
            let epoch = number(disclosure.epoch.0)?;
            query = query.bind(disclosure.id.to_string()).bind(disclosure.worker.to_string()).bind(disclosure.recipient.as_str());
            query = query.bind(disclosure.purpose.as_str()).bind(disclosure.consent.to_string()).bind(epoch);
            query = query.bind(i64::from(disclosure.fields.bits())).bind(about(disclosure)).bind(disclosure.at.micros());
            query = query.bind(disclosure.use_until.micros()).bind(epoch).bind(false).bind(salt.to_hex()).bind(number(*leaf)?);
            query = query.bind(*said).bind(transaction(disclosure));
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn write_postgres(connection: &mut PgConnection, rows: &[Row<'_>]) -> Result<(), StoreError> {
    let sql = format!(
        "{DISCLOSURES} SELECT id, worker, recipient, purpose, consent, epoch, fields, about, at, use_until, epoch, false, salt, leaf, said, fsc_transaction
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
            $10::text[], $11::text[], $12::bigint[], $13::boolean[], $14::text[])
            AS row (id, worker, recipient, purpose, consent, epoch, fields, at, use_until, about, salt, leaf, said, fsc_transaction)"
    );
    let disclosures = || rows.iter().map(|row| row.disclosure);
    let query = sqlx::query(AssertSqlSafe(sql))
        .bind(disclosures().map(|one| one.id.to_string()).collect::<Vec<_>>())
        .bind(disclosures().map(|one| one.worker.to_string()).collect::<Vec<_>>())
        .bind(disclosures().map(|one| one.recipient.as_str()).collect::<Vec<_>>())
        .bind(disclosures().map(|one| one.purpose.as_str()).collect::<Vec<_>>())
        .bind(disclosures().map(|one| one.consent.to_string()).collect::<Vec<_>>())
        .bind(disclosures().map(|one| number(one.epoch.0)).collect::<Result<Vec<_>, _>>()?)
        .bind(disclosures().map(|one| i64::from(one.fields.bits())).collect::<Vec<_>>())
        .bind(disclosures().map(|one| one.at.micros()).collect::<Vec<_>>())
        .bind(disclosures().map(|one| one.use_until.micros()).collect::<Vec<_>>())
        .bind(disclosures().map(about).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.salt.to_hex()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| number(row.leaf)).collect::<Result<Vec<_>, _>>()?)
        .bind(rows.iter().map(|row| row.said).collect::<Vec<_>>())
        .bind(disclosures().map(transaction).collect::<Vec<_>>());
    query.execute(connection).await?;
    Ok(())
}

/// The transaction of FSC; empty where there is none.
fn transaction(disclosure: &Disclosure) -> String {
    disclosure.fsc_transaction.map_or_else(String::new, |transaction| transaction.to_string())
}

/// The offer of the recipient, as JSON.
fn about(disclosure: &Disclosure) -> String {
    String::from_utf8(row_bytes(&disclosure.about)).unwrap_or_default()
}
