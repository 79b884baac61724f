//! A server of PostgreSQL that goes silent: it neither answers nor ends its connections, as a machine that stands still does.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use polder_model::{Kind, Timestamp};
use sqlx::{Connection, PgConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;

use crate::{ActsFor, Change, Precondition, Put, Store, StoreError, Stored};

const SOCKET: &str = ".s.PGSQL.5432";
/// Long enough for all bounds of the writer (shorter in tests) and for a new connection.
const ENDLESS: Duration = Duration::from_secs(15);

/// The way to a server, by a socket in a directory, that passes nothing on while it is silent.
fn wire(server: PathBuf, at: &std::path::Path) -> watch::Sender<bool> {
    let listener = UnixListener::bind(at.join(SOCKET)).expect("a socket");
    let (silent, is_silent) = watch::channel(false);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = UnixStream::connect(server.join(SOCKET)).await.expect("the server");
            let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
            tokio::spawn(pass(from_client, to_server, is_silent.clone()));
            tokio::spawn(pass(from_server, to_client, is_silent.clone()));
        }
    });
    silent
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut silent: watch::Receiver<bool>) {
    let mut bytes = vec![0; 65_536];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if silent.wait_for(|silent| !silent).await.is_err() || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

async fn put(store: &Store, document: &str) -> Result<Stored, StoreError> {
    let put = Put {
        kind: Kind::Vacancy,
        key: "a".parse().expect("a key"),
        document: document.as_bytes().into(),
        features: None,
        organisation: "".into(),
        acts_for: ActsFor::Everyone,
        precondition: Precondition::None,
        now: Timestamp::from_micros(0),
    };
    tokio::time::timeout(ENDLESS, store.put_offer(put)).await.expect("a word, and no waiting without end")
}

/// Whether that says what can be tried again: of what did not reach its commit that nothing was stored, else that it is not known.
fn gives_up(put: &Result<Stored, StoreError>) -> bool {
    matches!(put, Err(StoreError::Busy | StoreError::Unreachable(_) | StoreError::Uncertain(_)))
}

#[tokio::test]
async fn a_server_that_goes_silent_holds_nobody_up_without_end() {
    let server = std::env::var("POLDER_TEST_POSTGRES").expect("a server: tests/postgres starts one");
    let (before, host) = server.split_once("host=").expect("it is reached by its socket");
    let schema = format!("silent_{}", std::process::id());
    let mut beside = PgConnection::connect(&server).await.expect("a connection");
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).execute(&mut beside).await.expect("a schema");
    let directory = tempfile::tempdir().expect("a directory");
    let silent = wire(host.into(), directory.path());
    let through = format!("{before}host={}&options=-csearch_path%3D{schema}", directory.path().display());
    let store = Store::open(through.parse::<crate::Database>().expect("an address"), Arc::new(|_: &[Change]| {})).await.expect("a store");
    put(&store, "1").await.expect("stored");
    silent.send_replace(true);
    let in_use = put(&store, "2").await;
    assert!(gives_up(&in_use), "{in_use:?}");
    silent.send_replace(false);
    put(&store, "3").await.expect("stored over a new connection");
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    silent.send_replace(true);
    let idle = put(&store, "4").await;
    assert!(gives_up(&idle), "{idle:?}");
    silent.send_replace(false);
    put(&store, "4").await.expect("stored");
}
