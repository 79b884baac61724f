//! Replicas: how one follows what the others write, and how a reader makes sure that it has.
//!
//! The rule: **what was acknowledged anywhere before a question came in, the question sees.** A replica does not know which others live, so a
//! put does not wait for them; instead whoever asks looks first whether there is a change after the latest one that this process knows, and
//! takes it in ([`Store::catch_up`](crate::Store::catch_up)). Questions that come in while one look is under way share the next one, which
//! begins after all of them: however many there are, the database is looked at by one connection, one look at a time. Notifications, and a
//! look every second in case one is lost, keep what there is to take in short; nothing depends on them.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::MissedTickBehavior;

use crate::engine::Connection;
use crate::error::StoreError;
use crate::postgres;
use crate::told::Told;

/// Most questions that wait for a look.
const QUEUE: usize = 4_096;
/// How long a look may take before those who wait for it are refused.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often is looked without being asked.
const EVERY: Duration = Duration::from_secs(1);

enum Ask {
    Look(oneshot::Sender<Result<(), StoreError>>),
    Follow,
    Close,
}

/// The way to the task that follows.
#[derive(Clone)]
pub(crate) struct Follower(mpsc::Sender<Ask>);

impl Follower {
    pub(crate) fn start(options: PgConnectOptions, told: Arc<Told>) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(Task { options, told, connection: None }.run(receiver));
        Self(sender)
    }

    /// Returns when everything that was committed before this call has been told.
    pub(crate) async fn catch_up(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.0.send_timeout(Ask::Look(reply), PATIENCE).await.map_err(|_| StoreError::Busy)?;
        answer.await.map_err(|_| StoreError::Busy)?
    }

    /// From now on changes of other replicas are told unasked.
    pub(crate) async fn follow(&self) {
        // A task that is gone follows nothing any more.
        let _ = self.0.send(Ask::Follow).await;
    }

    pub(crate) async fn close(&self) {
        let _ = self.0.send(Ask::Close).await;
        self.0.closed().await;
    }
}

struct Task {
    options: PgConnectOptions,
    told: Arc<Told>,
    connection: Option<Connection>,
}

impl Task {
    async fn run(mut self, mut asks: mpsc::Receiver<Ask>) {
        let bell = Arc::new(Notify::new());
        let mut ears = None;
        let mut clock = tokio::time::interval(EVERY);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let mut first = None;
            tokio::select! {
                asked = asks.recv() => match asked {
                    Some(asked) => first = Some(asked),
                    None => break,
                },
                () = bell.notified() => {}
                _ = clock.tick(), if ears.is_some() => {}
            }
            // Whoever asked before the look begins is answered by it.
            let (mut waiting, mut closing) = (Vec::new(), false);
            while let Some(ask) = first.take().or_else(|| asks.try_recv().ok()) {
                match ask {
                    Ask::Look(reply) => waiting.push(reply),
                    Ask::Follow => ears = Some(Ears(tokio::spawn(listen(self.options.clone(), Arc::clone(&bell))))),
                    Ask::Close => closing = true,
                }
            }
            if closing {
                break;
            }
            let looked = self.look().await;
            if let Err(error) = &looked {
                tracing::warn!(%error, waiting = waiting.len(), "changes of other replicas cannot be read");
            }
            for reply in waiting {
                let _ = reply.send(looked.clone());
            }
        }
        if let Some(connection) = self.connection.take() {
            let _ = connection.close().await;
        }
    }

    /// One look, and a second one over a new connection where the old one was cut.
    async fn look(&mut self) -> Result<(), StoreError> {
        let had_one = self.connection.is_some();
        match tokio::time::timeout(PATIENCE, self.look_once()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) if had_one => tokio::time::timeout(PATIENCE, self.look_once()).await.map_err(|_| too_slow())?,
            Ok(Err(error)) => Err(error),
            Err(_) => Err(too_slow()),
        }
    }

    async fn look_once(&mut self) -> Result<(), StoreError> {
        // Taken out while it is used: one that fails, or is waited for no longer, is not used again.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::Postgres(postgres::connect(&self.options).await?),
        };
        self.told.catch_up(&mut connection).await?;
        self.connection = Some(connection);
        Ok(())
    }
}

fn too_slow() -> StoreError {
    StoreError::Unreachable(format!("the changes of other replicas were not read within {} s", PATIENCE.as_secs()))
}

/// The task that hears notifications; it ends with whoever holds this.
struct Ears(tokio::task::JoinHandle<()>);

impl Drop for Ears {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn listen(options: PgConnectOptions, bell: Arc<Notify>) {
    let pool = postgres::ears(&options);
    loop {
        let heard: Result<(), sqlx::Error> = async {
            let mut listener = PgListener::connect_with(&pool).await?;
            listener.listen(postgres::CHANNEL).await?;
            loop {
                // Also where the connection was lost and made anew: something may have been missed.
                listener.try_recv().await?;
                bell.notify_one();
            }
        }
        .await;
        if let Err(error) = heard {
            tracing::debug!(%error, "notifications are not heard; changes are looked for every second");
        }
        tokio::time::sleep(EVERY).await;
    }
}
