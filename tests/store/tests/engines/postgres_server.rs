//! What a server of PostgreSQL does to a store: it cuts connections, has another schema, is full, or is not there.

use polder_model::Kind;
use polder_store::{Database, Store, StoreError};
use sqlx::{AssertSqlSafe, Connection};

use crate::replicas::{Pair, Told, until};
use crate::support::{Engine, Place, key, put, silent};

/// Ends every connection of the stores of a place, as a server that restarts does.
async fn cut_connections(place: &Place) {
    let mut beside = place.beside().await;
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()";
    sqlx::query(sql).bind(application(place)).execute(&mut beside).await.expect("cut");
    beside.close().await.expect("closed");
}

fn application(place: &Place) -> String {
    let url = place.database.to_string();
    url.split_once("search_path%3D")
        .map(|(_, schema)| format!("polder {}", schema.split('&').next().unwrap_or_default()))
        .unwrap_or_default()
}

/// A place whose connections can be told from those of other tests.
async fn place_of_its_own() -> Place {
    let mut place = Place::new(Engine::Postgres).await;
    let name = application(&place).replace(' ', "%20");
    place.database = format!("{}&application_name={name}", place.database).parse().expect("an address");
    place
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn connections_that_were_cut_are_made_anew() {
    let place = place_of_its_own().await;
    let told = [Told::default(), Told::default()];
    let (one, other) = (place.open(told[0].listener()).await, place.open(told[1].listener()).await);
    // One that looks when it is asked, and not before.
    let idle = place.open(silent()).await;
    other.follow().await;
    one.put_offer(put("a", "1")).await.expect("stored");
    other.catch_up().await.and(idle.catch_up().await).expect("caught up");
    for round in 2..5 {
        cut_connections(&place).await;
        // What lay idle is tried before it is used; what was in use says so once.
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        let document = round.to_string();
        one.put_offer(put("a", &document)).await.expect("stored over a new connection");
        other.catch_up().await.and(idle.catch_up().await).expect("caught up over a new connection");
        assert_eq!(told[1].document("a"), Some(document.clone()));
        assert_eq!(other.offer(Kind::Vacancy, &key("a")).await.expect("read").expect("it is there").document, document.as_bytes());
    }
    // A notification is heard again, too.
    one.put_offer(put("a", "last")).await.expect("stored");
    until("the change", async || told[1].document("a").as_deref() == Some("last")).await;
}

/// The latest version of the schema.
const KNOWN: i64 = 10;

async fn refusal(place: &Place) -> StoreError {
    Store::open(place.database.clone(), silent()).await.err().expect("refused")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_schema_of_a_later_version_is_refused_also_while_running() {
    let pair = Pair::new().await;
    let mut beside = pair.place.beside().await;
    pair.stores[0].put_offer(put("a", "1")).await.expect("stored");
    sqlx::query("UPDATE polder_schema SET version = version + 1").execute(&mut beside).await.expect("set");
    let error = refusal(&pair.place).await;
    assert!(matches!(error, StoreError::UnknownSchema { found, known: KNOWN } if found == KNOWN + 1), "{error}");
    let written = pair.stores[0].put_offer(put("a", "2")).await;
    assert!(
        matches!(written, Err(StoreError::UnknownSchema { .. })),
        "a replica that is older than the schema writes nothing: {written:?}"
    );
    sqlx::query("UPDATE polder_schema SET version = -1").execute(&mut beside).await.expect("set");
    assert!(matches!(refusal(&pair.place).await, StoreError::UnknownSchema { found: -1, .. }));
    sqlx::query("UPDATE polder_schema SET version = $1").bind(KNOWN).execute(&mut beside).await.expect("set");
    assert_eq!(pair.stores[1].put_offer(put("a", "2")).await.expect("stored").change, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_of_another_program_is_refused() {
    let place = Place::new(Engine::Postgres).await;
    let mut beside = place.beside().await;
    sqlx::raw_sql("CREATE TABLE offers (x BIGINT)").execute(&mut beside).await.expect("made");
    let error = refusal(&place).await.to_string();
    assert!(error.contains("another program"), "{error}");
    let tables: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'")
            .fetch_one(&mut beside)
            .await
            .expect("a count");
    assert_eq!(tables, 1, "it was left as it was");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_disk_and_a_database_that_only_reads_are_said_so() {
    let pair = Pair::new().await;
    let store = &pair.stores[0];
    store.put_offer(put("a", "1")).await.expect("stored");
    let mut beside = pair.place.beside().await;
    let full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON changes EXECUTE FUNCTION full_disk()";
    sqlx::raw_sql(full).execute(&mut beside).await.expect("made");
    let error = store.put_offer(put("a", "2")).await.expect_err("the disk is full");
    assert!(matches!(error, StoreError::Full), "{error:?}");
    assert_eq!(store.offer(Kind::Vacancy, &key("a")).await.expect("read").expect("it is there").document, b"1", "nothing of it was stored");
    sqlx::raw_sql("DROP TRIGGER full_disk ON changes").execute(&mut beside).await.expect("dropped");
    assert_eq!(store.put_offer(put("a", "2")).await.expect("there is room again").change, 2, "what failed took no number");

    let only: Database = format!("{}%20-cdefault_transaction_read_only%3Don", pair.place.database).parse().expect("an address");
    let reading = Store::open(only, silent()).await.expect("it can be read");
    assert_eq!(reading.count_offers(Kind::Vacancy).await.expect("read"), 1);
    let error = reading.put_offer(put("b", "1")).await.expect_err("it cannot be written");
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
    let empty: Database = format!("{}%20-cdefault_transaction_read_only%3Don", crate::support::schema().await).parse().expect("an address");
    let error = Store::open(empty, silent()).await.err().expect("tables cannot be made");
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_is_not_there_is_said_so() {
    let nowhere: Database = "postgres://polder@127.0.0.1:1/polder".parse().expect("an address");
    let error = Store::open(nowhere, silent()).await.err().expect("refused");
    assert!(matches!(error, StoreError::Unreachable(_)), "{error:?}");
    let error = error.to_string();
    assert!(error.starts_with("the database cannot be reached"), "{error}");
    let mut beside = crate::support::connect(&crate::support::server()).await;
    sqlx::raw_sql(AssertSqlSafe("SELECT 1")).execute(&mut beside).await.expect("the other one is there");
}
