//! Leaves are appended in the transaction of what they stand for: neither is there without the other.

use polder_consent::NewLeaf;
use sqlx::AssertSqlSafe;

use crate::engine::{Transaction, either};
use crate::error::StoreError;
use crate::row;
use crate::rows::{number, pieces, places};

const LEAVES: &str = "INSERT INTO leaves (seq, entry)";

/// Appends leaves to the log, under the next numbers, in their order. The number of the first; of none, the next that there will be.
///
/// Nobody else is in a transaction that writes, so numbers rise in the order of commits; where this transaction or its savepoint is undone, so are
/// they: none is left out.
pub(crate) async fn append(transaction: &mut Transaction<'_>, leaves: Vec<NewLeaf>) -> Result<u64, StoreError> {
    let sql = "UPDATE counter SET leaves = leaves + $1 WHERE id = 1 RETURNING leaves";
    let count = leaves.len() as u64;
    let after = either!(transaction, Transaction, |transaction| {
        let row = sqlx::query(sql).bind(number(count)?).fetch_one(&mut **transaction).await?;
        row::counter(&row, 0)?
    });
    let first = after.checked_sub(count).ok_or(StoreError::Damaged("fewer leaves than were appended"))?;
    let mut rows = Vec::with_capacity(leaves.len());
    for (seq, leaf) in (first..).zip(leaves) {
        rows.push((number(seq)?, leaf.numbered(seq).bytes()));
    }
    write(transaction, &rows).await?;
    Ok(first)
}

/// Writes the rows: of SQLite a statement for each piece, of PostgreSQL one.
pub(super) async fn write(transaction: &mut Transaction<'_>, rows: &[(i64, Vec<u8>)]) -> Result<(), StoreError> {
    match transaction {
        Transaction::Sqlite(transaction) => {
            for some in pieces(rows) {
                let mut query = sqlx::query(AssertSqlSafe(format!("{LEAVES} VALUES {}", places(some.len(), 2))));
                for (seq, entry) in some {
                    query = query.bind(seq).bind(entry.as_slice());
                }
                query.execute(&mut **transaction).await?;
            }
        }
        Transaction::Postgres(transaction) => {
            if rows.is_empty() {
                return Ok(());
            }
            let sql = format!("{LEAVES} SELECT * FROM unnest($1::bigint[], $2::bytea[])");
            let (seqs, entries): (Vec<i64>, Vec<&[u8]>) = rows.iter().map(|(seq, entry)| (*seq, entry.as_slice())).unzip();
            sqlx::query(AssertSqlSafe(sql)).bind(seqs).bind(entries).execute(&mut **transaction).await?;
        }
    }
    Ok(())
}

/// Appends a leaf whose row stands in no other table.
pub(crate) async fn append_with_row(transaction: &mut Transaction<'_>, leaf: NewLeaf) -> Result<(), StoreError> {
    let (salt, row) = (leaf.salt.to_hex(), leaf.row.clone());
    let seq = number(append(transaction, vec![leaf]).await?)?;
    let sql = "INSERT INTO leaf_rows (leaf, salt, row) VALUES ($1, $2, $3)";
    either!(transaction, Transaction, |transaction| {
        sqlx::query(sql).bind(seq).bind(salt).bind(row).execute(&mut **transaction).await.map(drop)
    })?;
    Ok(())
}
