//! What the writer does for imports.

use polder_model::Timestamp;

use super::{Claim, Import, MOST_IMPORTS, VerdictRow, oldest};
use crate::engine::{Transaction, either};
use crate::error::StoreError;
use crate::row::{self, Cells};

/// Rows of verdicts that one sweep removes at most: others wait for the writer meanwhile.
const SWEPT_AT_ONCE: i64 = 100;

pub(super) async fn open(transaction: &mut Transaction<'_>, import: &Import) -> Result<(), StoreError> {
    let sql = "INSERT INTO imports (id, kind, opened_at, client) VALUES ($1, $2, $3, $4)";
    either!(transaction, Transaction, |transaction| {
        let query = sqlx::query(sql).bind(&import.id).bind(import.kind.as_str()).bind(import.opened_at.micros()).bind(&import.client);
        query.execute(&mut **transaction).await.map(drop)
    })?;
    // What belonged to it goes with the next sweeps.
    let most = "DELETE FROM imports WHERE client = $2 AND id NOT IN (SELECT id FROM imports WHERE client = $2 ORDER BY opened_at DESC, id LIMIT $1)";
    either!(transaction, Transaction, |transaction| {
        sqlx::query(most).bind(i64::from(MOST_IMPORTS)).bind(&import.client).execute(&mut **transaction).await.map(drop)
    })?;
    Ok(())
}

pub(super) async fn claim(
    transaction: &mut Transaction<'_>,
    import: &str,
    part: u32,
    sha256: &str,
    now: Timestamp,
) -> Result<Claim, StoreError> {
    let known = "SELECT 1 FROM imports WHERE id = $1 AND opened_at > $2";
    let known = either!(transaction, Transaction, |transaction| {
        sqlx::query(known).bind(import).bind(oldest(now)).fetch_optional(&mut **transaction).await?.is_some()
    });
    if !known {
        return Ok(Claim::Unknown);
    }
    let take = "INSERT INTO import_parts (import, part, sha256, done, created, replaced, unchanged, refused)
        VALUES ($1, $2, $3, $4, 0, 0, 0, 0) ON CONFLICT (import, part) DO NOTHING";
    either!(transaction, Transaction, |transaction| {
        let query = sqlx::query(take).bind(import).bind(i64::from(part)).bind(sha256).bind(false);
        query.execute(&mut **transaction).await.map(drop)
    })?;
    let taken = "SELECT sha256, done, (SELECT coalesce(max(last_line), 0) FROM import_verdicts WHERE import = $1 AND part = $2)
        FROM import_parts WHERE import = $1 AND part = $2";
    either!(transaction, Transaction, |transaction| {
        let found = sqlx::query(taken).bind(import).bind(i64::from(part)).fetch_one(&mut **transaction).await?;
        claimed(&found, sha256)
    })
}

fn claimed(row: &impl Cells, sha256: &str) -> Result<Claim, StoreError> {
    Ok(match (row.text(0)? == sha256, row.boolean(1)?) {
        (false, _) => Claim::Differs,
        (true, true) => Claim::Done,
        (true, false) => Claim::New { after_line: row::counter(row, 2)? },
    })
}

/// Adds verdicts.
pub(crate) async fn add(transaction: &mut Transaction<'_>, import: &str, row: &VerdictRow) -> Result<(), StoreError> {
    // Only of a part that is there: an import that was removed meanwhile leaves nothing behind.
    let sql = "INSERT INTO import_verdicts (import, number, part, after_line, last_line, created, replaced, unchanged, refused, verdicts)
        SELECT import, (SELECT coalesce(max(number), 0) + 1 FROM import_verdicts WHERE import = $1), part, $3, $4, $5, $6, $7, $8, $9
        FROM import_parts WHERE import = $1 AND part = $2 AND NOT done
        AND (SELECT coalesce(max(last_line), 0) FROM import_verdicts WHERE import = $1 AND part = $2) = $3";
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    either!(transaction, Transaction, |transaction| {
        let query = sqlx::query(sql).bind(import).bind(i64::from(row.part)).bind(number(row.after_line)).bind(number(row.last_line));
        let counts = &row.counts;
        let query = query.bind(number(counts.created)).bind(number(counts.replaced)).bind(number(counts.unchanged));
        query.bind(number(counts.refused)).bind(&row.verdicts[..]).execute(&mut **transaction).await.map(drop)
    })?;
    Ok(())
}

pub(super) async fn finish(transaction: &mut Transaction<'_>, import: &str, part: u32) -> Result<(), StoreError> {
    let of =
        |column: &str| format!("(SELECT CAST(coalesce(sum({column}), 0) AS BIGINT) FROM import_verdicts WHERE import = $1 AND part = $2)");
    let sql = format!(
        "UPDATE import_parts SET done = $3, created = {}, replaced = {}, unchanged = {}, refused = {} WHERE import = $1 AND part = $2",
        of("created"),
        of("replaced"),
        of("unchanged"),
        of("refused")
    );
    either!(transaction, Transaction, |transaction| {
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(import).bind(i64::from(part)).bind(true);
        query.execute(&mut **transaction).await.map(drop)
    })?;
    Ok(())
}

/// Ends an import. Whether it was there.
pub(super) async fn end(transaction: &mut Transaction<'_>, import: &str) -> Result<bool, StoreError> {
    let sql = "DELETE FROM imports WHERE id = $1";
    either!(transaction, Transaction, |transaction| {
        Ok(sqlx::query(sql).bind(import).execute(&mut **transaction).await?.rows_affected() > 0)
    })
}

/// Removes some of what is too old or belongs to no import. Whether there may be more.
pub(super) async fn sweep(transaction: &mut Transaction<'_>, now: Timestamp) -> Result<bool, StoreError> {
    let old = "DELETE FROM imports WHERE opened_at <= $1";
    let verdicts = "DELETE FROM import_verdicts WHERE (import, number) IN
        (SELECT import, number FROM import_verdicts WHERE import NOT IN (SELECT id FROM imports) LIMIT $1)";
    let parts = "DELETE FROM import_parts WHERE import NOT IN (SELECT id FROM imports)";
    either!(transaction, Transaction, |transaction| {
        sqlx::query(old).bind(oldest(now)).execute(&mut **transaction).await?;
        sqlx::query(parts).execute(&mut **transaction).await?;
        let removed = sqlx::query(verdicts).bind(SWEPT_AT_ONCE).execute(&mut **transaction).await?.rows_affected();
        Ok(i64::try_from(removed).is_ok_and(|removed| removed == SWEPT_AT_ONCE))
    })
}
