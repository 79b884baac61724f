//! PostgreSQL with GIN (intarray) and PostGIS, tuned for the same question: one narrow unlogged table in the order of places, in shared
//! buffers, analysed; no JIT, no parallel workers; each question a statement that is prepared beforehand. Filters, points and order are in
//! SQL; only ties, which SipHash decides, are ordered here.
//!
//! Questions with text are left out: the table has none.

mod load;
mod statement;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use polder_model::answer::Hit;
use polder_model::code::{Cefr, Language};
use polder_model::query::Query;
use polder_model::rank::{Plan, TieHasher};
use polder_model::{CodeUri, PartnerId, Postcode4};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use tokio::runtime::Runtime;

use crate::corpus::{Offer, key, now};

/// Where `tests/postgres` says that its server is.
pub const ADDRESS: &str = "POLDER_TEST_POSTGRES";
/// Hits that are asked for beyond those that are wanted, so that all that tie with the last of them are seen. Where that is too few, more.
const SPARE: usize = 16;

/// How a statement finds the offers that it looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// By content (GIN) and by a circle round the home (GiST), or what the planner makes of the two.
    Circle,
    /// By content (GIN) and by the list of places (b-tree).
    Places,
}

impl Shape {
    pub const ALL: [Self; 2] = [Self::Circle, Self::Places];
}

/// What was loaded.
pub struct Loaded {
    /// The version of the server.
    pub version: String,
    /// How long it took to send the table, and to order it and make its indexes.
    pub times: (Duration, Duration),
    /// Bytes of the table, and of its indexes.
    pub bytes: (i64, i64),
}

/// The vacancies in PostgreSQL.
pub struct Postgres {
    runtime: Runtime,
    connection: PgConnection,
    names: Names,
    home: PartnerId,
    loaded: Loaded,
}

/// Numbers for what stands in the table.
#[derive(Default)]
struct Names {
    codes: HashMap<CodeUri, usize>,
    language_sets: Vec<Vec<(Language, Cefr)>>,
    partners: HashMap<PartnerId, usize>,
    /// Places by number, from 1; the number after the last is that of offers that can be taken up from anywhere.
    places: Vec<(Postcode4, Spot)>,
}

/// Metres on a plane.
#[derive(Clone, Copy)]
struct Spot {
    x: f64,
    y: f64,
}

/// A question as a statement that the server has prepared.
pub struct Statement {
    sql: String,
    most: usize,
    /// How many rows it gives at most.
    rows: usize,
    ties: TieHasher,
}

impl Postgres {
    /// Whether it takes the question.
    pub fn takes(query: &Query) -> bool {
        query.criteria.text.is_empty()
    }

    /// Loads every vacancy into the server that [`ADDRESS`] names.
    pub fn load(offers: impl Iterator<Item = Offer>, home: &PartnerId) -> Self {
        let address = std::env::var(ADDRESS).expect("an address");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let settings = [
            ("jit", "off"),
            ("max_parallel_workers_per_gather", "0"),
            ("plan_cache_mode", "force_generic_plan"),
            ("random_page_cost", "1.1"),
            ("effective_cache_size", "8GB"),
            ("work_mem", "256MB"),
            ("maintenance_work_mem", "1GB"),
            ("client_min_messages", "warning"),
        ];
        let options: PgConnectOptions = address.parse().expect("an address of PostgreSQL");
        let options = options.options(settings).statement_cache_capacity(10_000).disable_statement_logging();
        let connected = runtime.block_on(PgConnection::connect_with(&options));
        let mut connection = connected.unwrap_or_else(|error| panic!("{ADDRESS}: {error}"));
        let (names, times) = runtime.block_on(load::load(&mut connection, offers));
        let sizes = sqlx::query("SELECT pg_table_size('offer'), pg_indexes_size('offer'), current_setting('server_version')");
        let sizes = runtime.block_on(sizes.fetch_one(&mut connection)).expect("sizes");
        let loaded = Loaded { version: sizes.get(2), times, bytes: (sizes.get(0), sizes.get(1)) };
        println!(
            "PostgreSQL {}: sent in {:.1} s, ordered and indexed in {:.1} s",
            loaded.version,
            times.0.as_secs_f64(),
            times.1.as_secs_f64()
        );
        Self { runtime, connection, names, home: home.clone(), loaded }
    }

    /// Makes a question ready, with so many rows that every tie is among them.
    pub fn prepare(&mut self, plan: &Plan, most: usize, shape: Shape) -> Statement {
        let ties = TieHasher::new(&plan.query().tie_key, &self.home);
        let mut statement = Statement { sql: String::new(), most, rows: most + SPARE, ties };
        loop {
            statement.sql = statement::sql(&self.names, plan, shape, statement.rows);
            let found = self.rows(&statement);
            if found.len() < statement.rows || found[most - 1].0 > found[statement.rows - 1].0 {
                return statement;
            }
            statement.rows *= 4;
        }
    }

    /// The best hits.
    pub fn search(&mut self, statement: &Statement) -> Vec<Hit> {
        let found = self.rows(statement).into_iter();
        let mut found: Vec<_> = found
            .map(|(score, number, version)| {
                let key = key(number);
                (Reverse(score), statement.ties.hash(&key), key, version)
            })
            .collect();
        found.sort_unstable();
        found.truncate(statement.most);
        let hit =
            |(score, _, key, version): (Reverse<u32>, u64, String, u64)| Hit { key: key.parse().expect("a key"), version, score: score.0 };
        found.into_iter().map(hit).collect()
    }

    pub fn into_loaded(self) -> Loaded {
        self.loaded
    }

    /// Score, number and version.
    fn rows(&mut self, statement: &Statement) -> Vec<(u32, u64, u64)> {
        let query = sqlx::query(AssertSqlSafe(statement.sql.clone()));
        let rows = self.runtime.block_on(query.fetch_all(&mut self.connection)).expect("an answer");
        rows.iter().map(|row| (row.get::<i32, _>(0) as u32, row.get::<i32, _>(1) as u64, row.get::<i32, _>(2) as u64)).collect()
    }
}

/// Days since 1970, as the table has them.
fn today() -> i32 {
    now().date().days()
}
