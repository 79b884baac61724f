//! Reading imports back.

use polder_model::Timestamp;

use super::{Import, ImportPart, LineCounts, ListedImport, VerdictRow, oldest};
use crate::engine::{Readers, either};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};

/// The columns of a row of verdicts, in the order that [`verdicts_of`] reads.
const VERDICTS: &str = "part, after_line, last_line, created, replaced, unchanged, refused, verdicts, number";

impl Store {
    /// An import, unless it was never opened or is not kept any more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn import(&self, id: &str, now: Timestamp) -> Result<Option<Import>, StoreError> {
        let sql = "SELECT id, kind, opened_at, client FROM imports WHERE id = $1 AND opened_at > $2";
        either!(&self.readers, Readers, |pool| {
            sqlx::query(sql).bind(id).bind(oldest(now)).fetch_optional(pool).await?.as_ref().map(import_of).transpose()
        })
    }

    /// The imports that are kept, the last one that was opened first, beginning behind the one of that time and id; at most so many.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn imports(&self, after: Option<(Timestamp, &str)>, limit: u32, now: Timestamp) -> Result<Vec<ListedImport>, StoreError> {
        // A page first, so that only its parts are counted.
        let sql = "SELECT page.id, page.kind, page.opened_at, page.client, count(parts.part) FILTER (WHERE parts.done),
                count(parts.part) FILTER (WHERE NOT parts.done), CAST(coalesce(sum(parts.created), 0) AS BIGINT),
                CAST(coalesce(sum(parts.replaced), 0) AS BIGINT), CAST(coalesce(sum(parts.unchanged), 0) AS BIGINT),
                CAST(coalesce(sum(parts.refused), 0) AS BIGINT)
            FROM (SELECT id, kind, opened_at, client FROM imports
                WHERE opened_at > $1 AND (opened_at < $2 OR (opened_at = $2 AND id > $3)) ORDER BY opened_at DESC, id LIMIT $4) AS page
            LEFT JOIN import_parts AS parts ON parts.import = page.id
            GROUP BY page.id, page.kind, page.opened_at, page.client ORDER BY page.opened_at DESC, page.id";
        let (before, id) = after.map_or((i64::MAX, ""), |(at, id)| (at.micros(), id));
        either!(&self.readers, Readers, |pool| {
            let query = sqlx::query(sql).bind(oldest(now)).bind(before).bind(id).bind(i64::from(limit));
            query.fetch_all(pool).await?.iter().map(listed_of).collect()
        })
    }

    /// The parts of an import that are done, by number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn import_parts(&self, id: &str) -> Result<Vec<ImportPart>, StoreError> {
        let sql = "SELECT part, sha256, created, replaced, unchanged, refused FROM import_parts WHERE import = $1 AND done ORDER BY part";
        either!(&self.readers, Readers, |pool| { sqlx::query(sql).bind(id).fetch_all(pool).await?.iter().map(part_of).collect() })
    }

    /// A part of an import, if it is done.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn import_part(&self, id: &str, part: u32) -> Result<Option<ImportPart>, StoreError> {
        let sql = "SELECT part, sha256, created, replaced, unchanged, refused FROM import_parts WHERE import = $1 AND part = $2 AND done";
        either!(&self.readers, Readers, |pool| {
            sqlx::query(sql).bind(id).bind(i64::from(part)).fetch_optional(pool).await?.as_ref().map(part_of).transpose()
        })
    }

    /// The first verdicts of a part after that line; none where there are no more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn part_verdicts(&self, id: &str, part: u32, after_line: u64) -> Result<Option<VerdictRow>, StoreError> {
        let sql = format!(
            "SELECT {VERDICTS} FROM import_verdicts WHERE import = $1 AND part = $2 AND after_line >= $3 ORDER BY after_line LIMIT 1"
        );
        let after = i64::try_from(after_line).unwrap_or(i64::MAX);
        either!(&self.readers, Readers, |pool| {
            let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).bind(i64::from(part)).bind(after);
            query.fetch_optional(pool).await?.as_ref().map(|row| Ok(verdicts_of(row)?.1)).transpose()
        })
    }

    /// The first verdicts of an import after that number, and their own; numbers begin at 1, in the order in which verdicts were made.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn verdicts(&self, id: &str, after: u64) -> Result<Option<(u64, VerdictRow)>, StoreError> {
        let sql = format!("SELECT {VERDICTS} FROM import_verdicts WHERE import = $1 AND number > $2 ORDER BY number LIMIT 1");
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        either!(&self.readers, Readers, |pool| {
            let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).bind(after);
            query.fetch_optional(pool).await?.as_ref().map(verdicts_of).transpose()
        })
    }
}

fn import_of(row: &impl Cells) -> Result<Import, StoreError> {
    let kind = row.text(1)?.parse().map_err(|_| StoreError::Damaged("an unknown kind"))?;
    let (id, client) = (row.text(0)?.to_owned(), row.text(3)?.to_owned());
    Ok(Import { id, client, kind, opened_at: Timestamp::from_micros(row.integer(2)?) })
}

fn listed_of(row: &impl Cells) -> Result<ListedImport, StoreError> {
    let (parts, unfinished) = (row::counter(row, 4)?, row::counter(row, 5)?);
    Ok(ListedImport { import: import_of(row)?, parts, unfinished, counts: counts_of(row, 6)? })
}

fn number_of(row: &impl Cells, column: usize) -> Result<u32, StoreError> {
    u32::try_from(row.integer(column)?).map_err(|_| StoreError::Damaged("a part that is no number"))
}

fn counts_of(row: &impl Cells, column: usize) -> Result<LineCounts, StoreError> {
    Ok(LineCounts {
        created: row::counter(row, column)?,
        replaced: row::counter(row, column + 1)?,
        unchanged: row::counter(row, column + 2)?,
        refused: row::counter(row, column + 3)?,
    })
}

fn part_of(row: &impl Cells) -> Result<ImportPart, StoreError> {
    Ok(ImportPart { part: number_of(row, 0)?, sha256: row.text(1)?.to_owned(), counts: counts_of(row, 2)? })
}

fn verdicts_of(row: &impl Cells) -> Result<(u64, VerdictRow), StoreError> {
    let verdicts = VerdictRow {
        part: number_of(row, 0)?,
        after_line: row::counter(row, 1)?,
        last_line: row::counter(row, 2)?,
        counts: counts_of(row, 3)?,
        verdicts: row.bytes(7)?.to_vec(),
    };
    Ok((row::counter(row, 8)?, verdicts))
}
