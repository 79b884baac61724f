//! Many rows in one statement: a named pair. SQLite takes pieces of a bounded number of rows, value by value; PostgreSQL takes all of them as one
//! list for each column.
//!
//! SQLite's places are plain question marks: of numbered ones the driver asks for the name of each, which SQLite seeks among all of them.

use polder_model::{Kind, OfferKey};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, PgConnection, SqliteConnection};

use crate::engine::Transaction;
use crate::error::StoreError;
use crate::types::Change;

/// Rows of one statement of SQLite. Fewer are powers of two, so that there are few statements to prepare.
const ROWS: usize = 128;

/// An offer as it stands after a transaction: the change that made it so, the SHA-256 of its document, and for
/// which organisation it is published.
pub(crate) type Latest<'c> = (&'c Change, &'c str, &'c str);

/// Rows of either engine.
pub(crate) enum Found {
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

pub(crate) const READ: &str = "SELECT key, version, change, deleted, modified_at, sha256, organisation FROM offers WHERE kind =";
const OFFERS: &str = "INSERT INTO offers (kind, key, version, deleted, modified_at, change, sha256, document, organisation)";
const REPLACED: &str = "ON CONFLICT (kind, key) DO UPDATE SET version = excluded.version, deleted = excluded.deleted,
    modified_at = excluded.modified_at, change = excluded.change, sha256 = excluded.sha256, document = excluded.document, organisation = excluded.organisation";
const CHANGES: &str = "INSERT INTO changes (change, kind, key, version, deleted, at)";

/// Reads the rows of some offers of a kind: key, version, change, whether it is deleted, when it was modified, SHA-256, organisation.
pub(crate) async fn read(transaction: &mut Transaction<'_>, kind: Kind, keys: &[&OfferKey]) -> Result<Vec<Found>, StoreError> {
    Ok(match transaction {
        Transaction::Sqlite(transaction) => {
            let mut found = Vec::new();
            for some in keys.chunks(ROWS) {
                found.push(Found::Sqlite(read_sqlite(transaction, kind, some).await?));
            }
            found
        }
        Transaction::Postgres(transaction) => {
            let sql = format!("{READ} $1 AND key = ANY($2)");
            let keys: Vec<&str> = keys.iter().map(|key| key.as_str()).collect();
            vec![Found::Postgres(sqlx::query(AssertSqlSafe(sql)).bind(kind.as_str()).bind(keys).fetch_all(&mut **transaction).await?)]
        }
    })
}

async fn read_sqlite(connection: &mut SqliteConnection, kind: Kind, keys: &[&OfferKey]) -> Result<Vec<SqliteRow>, StoreError> {
    let Some(last) = keys.last() else { return Ok(Vec::new()) };
    let slots = keys.len().next_power_of_two();
    let mut query = sqlx::query(AssertSqlSafe(format!("{READ} ? AND key IN {}", places(1, slots)))).bind(kind.as_str());
    // A key that stands there twice is found once.
    for key in keys.iter().chain(std::iter::repeat(last)).take(slots) {
        query = query.bind(key.as_str());
    }
    Ok(query.fetch_all(connection).await?)
}

/// Writes the rows of offers, each of them once.
pub(crate) async fn write_offers(transaction: &mut Transaction<'_>, offers: &[Latest<'_>]) -> Result<(), StoreError> {
    match transaction {
        Transaction::Sqlite(transaction) => {
            for some in pieces(offers) {
                let mut query = sqlx::query(AssertSqlSafe(format!("{OFFERS} VALUES {} {REPLACED}", places(some.len(), 9))));
                for (change, sha256, organisation) in some {
                    let document = change.document.as_deref();
                    query =
                        query.bind(change.kind.as_str()).bind(change.key.as_str()).bind(number(change.version)?).bind(document.is_none());
                    query = query.bind(change.modified_at.micros()).bind(number(change.change)?).bind(*sha256);
                    query = query.bind(document.unwrap_or_default()).bind(*organisation);
                }
                query.execute(&mut **transaction).await?;
            }
            Ok(())
        }
        Transaction::Postgres(transaction) => write_offers_postgres(transaction, offers).await,
    }
}

async fn write_offers_postgres(connection: &mut PgConnection, offers: &[Latest<'_>]) -> Result<(), StoreError> {
    let sql = format!(
        "{OFFERS} SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::boolean[], $5::bigint[], $6::bigint[], $7::text[], $8::bytea[], $9::text[])
        {REPLACED}"
    );
    let changes = || offers.iter().map(|(change, ..)| change);
    let query = sqlx::query(AssertSqlSafe(sql))
        .bind(changes().map(|change| change.kind.as_str()).collect::<Vec<_>>())
        .bind(changes().map(|change| change.key.as_str()).collect::<Vec<_>>())
        .bind(changes().map(|change| number(change.version)).collect::<Result<Vec<_>, _>>()?)
        .bind(changes().map(|change| change.document.is_none()).collect::<Vec<_>>())
        .bind(changes().map(|change| change.modified_at.micros()).collect::<Vec<_>>())
        .bind(changes().map(|change| number(change.change)).collect::<Result<Vec<_>, _>>()?)
        .bind(offers.iter().map(|(_, sha256, _)| *sha256).collect::<Vec<_>>())
        .bind(changes().map(|change| change.document.as_deref().unwrap_or_default()).collect::<Vec<&[u8]>>())
        .bind(offers.iter().map(|(.., organisation)| *organisation).collect::<Vec<_>>());
    query.execute(connection).await?;
    Ok(())
}

/// Writes the rows of changes.
pub(crate) async fn write_changes(transaction: &mut Transaction<'_>, changes: &[Change]) -> Result<(), StoreError> {
    match transaction {
        Transaction::Sqlite(transaction) => {
            for some in pieces(changes) {
                let mut query = sqlx::query(AssertSqlSafe(format!("{CHANGES} VALUES {}", places(some.len(), 6))));
                for change in some {
                    query = query.bind(number(change.change)?).bind(change.kind.as_str()).bind(change.key.as_str());
                    query = query.bind(number(change.version)?).bind(change.document.is_none()).bind(change.modified_at.micros());
                }
                query.execute(&mut **transaction).await?;
            }
            Ok(())
        }
        Transaction::Postgres(transaction) => write_changes_postgres(transaction, changes).await,
    }
}

async fn write_changes_postgres(connection: &mut PgConnection, changes: &[Change]) -> Result<(), StoreError> {
    let sql = format!("{CHANGES} SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::boolean[], $6::bigint[])");
    let query = sqlx::query(AssertSqlSafe(sql))
        .bind(changes.iter().map(|change| number(change.change)).collect::<Result<Vec<_>, _>>()?)
        .bind(changes.iter().map(|change| change.kind.as_str()).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| change.key.as_str()).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| number(change.version)).collect::<Result<Vec<_>, _>>()?)
        .bind(changes.iter().map(|change| change.document.is_none()).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| change.modified_at.micros()).collect::<Vec<_>>());
    query.execute(connection).await?;
    Ok(())
}

/// A number as the database holds it.
pub(crate) fn number(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Damaged("a number beyond all bounds"))
}

/// The rows in pieces of [`ROWS`], and then of smaller and smaller powers of two.
pub(crate) fn pieces<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let most = rows.len().min(ROWS).checked_ilog2()?;
        let (piece, rest) = rows.split_at(1 << most);
        rows = rest;
        Some(piece)
    })
}

/// `(?,?),(?,?)`: so many rows of so many values.
pub(crate) fn places(rows: usize, columns: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(","));
    vec![row; rows].join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_powers_of_two_in_order() {
        for count in [0, 1, 2, 3, 127, 128, 129, 1_000] {
            let rows: Vec<usize> = (0..count).collect();
            let pieces: Vec<&[usize]> = pieces(&rows).collect();
            assert!(pieces.iter().all(|piece| piece.len().is_power_of_two() && piece.len() <= ROWS));
            assert_eq!(pieces.concat(), rows);
            assert!(pieces.len() <= count / ROWS + 7);
        }
    }

    #[test]
    fn places_stand_row_by_row() {
        assert_eq!(places(2, 3), "(?,?,?),(?,?,?)");
    }
}
