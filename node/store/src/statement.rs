//! Statements about a few rows, written once for both engines: a text with `$1`, `$2` …, and the values in their places.
//!
//! What is written in bulk has statements of its own ([`crate::rows`]).

use sqlx::AssertSqlSafe;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use crate::engine::{Readers, Transaction, either};
use crate::error::StoreError;
use crate::row::Cells;

/// A value in its place.
#[derive(Clone, Copy)]
pub(crate) enum Value<'v> {
    Integer(i64),
    Boolean(bool),
    Text(&'v str),
    Bytes(&'v [u8]),
}

macro_rules! values {
    ($($variant:ident($type:ty);)+) => { $(
        impl<'v> From<$type> for Value<'v> {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        }
    )+ };
}
values! { Integer(i64); Boolean(bool); Text(&'v str); Bytes(&'v [u8]); }

impl<'v> From<&'v String> for Value<'v> {
    fn from(text: &'v String) -> Self {
        Self::Text(text)
    }
}

/// A row of either engine.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Cells for Row {
    fn integer(&self, column: usize) -> Result<i64, StoreError> {
        either!(self, Self, |row| row.integer(column))
    }
    fn maybe_integer(&self, column: usize) -> Result<Option<i64>, StoreError> {
        either!(self, Self, |row| row.maybe_integer(column))
    }
    fn boolean(&self, column: usize) -> Result<bool, StoreError> {
        either!(self, Self, |row| row.boolean(column))
    }
    fn text(&self, column: usize) -> Result<&str, StoreError> {
        either!(self, Self, |row| Cells::text(row, column))
    }
    fn bytes(&self, column: usize) -> Result<&[u8], StoreError> {
        either!(self, Self, |row| Cells::bytes(row, column))
    }
}

/// Puts values in their places.
macro_rules! bound {
    ($sql:expr, $values:expr) => {{
        let mut query = sqlx::query(AssertSqlSafe($sql));
        for value in $values {
            query = match value {
                Value::Integer(value) => query.bind(*value),
                Value::Boolean(value) => query.bind(*value),
                Value::Text(value) => query.bind(*value),
                Value::Bytes(value) => query.bind(*value),
            };
        }
        query
    }};
}

impl Transaction<'_> {
    /// Carries a statement out. How many rows it touched.
    pub(crate) async fn run(&mut self, sql: impl Into<String>, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let sql = sql.into();
        Ok(either!(self, Self, |transaction| bound!(sql, values).execute(&mut **transaction).await?.rows_affected()))
    }

    /// Reads rows.
    pub(crate) async fn read(&mut self, sql: impl Into<String>, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(transaction) => bound!(sql, values).fetch_all(&mut **transaction).await?.into_iter().map(Row::Sqlite).collect(),
            Self::Postgres(transaction) => {
                bound!(sql, values).fetch_all(&mut **transaction).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }
}

impl Readers {
    /// Reads rows, as of one moment.
    pub(crate) async fn read(&self, sql: impl Into<String>, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(pool) => bound!(sql, values).fetch_all(pool).await?.into_iter().map(Row::Sqlite).collect(),
            Self::Postgres(pool) => bound!(sql, values).fetch_all(pool).await?.into_iter().map(Row::Postgres).collect(),
        })
    }
}

/// `($3,$4,$5,$5)`: places for a list, from that number on. Their count is a power of two, so that there are few statements to prepare: the last value
/// stands in the places that are left ([`fill`]).
pub(crate) fn list(first: usize, count: usize) -> String {
    let places: Vec<String> = (first..first + count.max(1).next_power_of_two()).map(|place| format!("${place}")).collect();
    format!("({})", places.join(","))
}

/// The values of a list, as many as [`list`] has places; of an empty list, a text that nothing is called.
pub(crate) fn fill<'v>(values: &mut Vec<Value<'v>>, texts: impl ExactSizeIterator<Item = &'v str>) {
    let places = texts.len().max(1).next_power_of_two();
    let from = values.len();
    values.extend(texts.map(Value::Text));
    let last = if values.len() == from { Value::Text("") } else { values[values.len() - 1] };
    values.resize(from + places, last);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_as_many_values_as_places() {
        for count in 0..20 {
            let texts: Vec<String> = (0..count).map(|number| number.to_string()).collect();
            let mut values = vec![Value::Integer(7)];
            fill(&mut values, texts.iter().map(String::as_str));
            assert_eq!(list(2, count).matches('$').count(), values.len() - 1, "{count}");
            assert!(list(2, count).starts_with("($2"));
        }
    }
}
