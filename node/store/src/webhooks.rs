//! Webhooks: where systems of this partner are told of events unasked, how far each is, and how it goes.

use std::fmt;
use std::str::FromStr;

use polder_model::Timestamp;
use polder_model::event::EventType;

use crate::error::StoreError;
use crate::open::Store;
use crate::people::{Desk, Work};
use crate::row::{self, Cells};
use crate::statement::Row;
use crate::{random, rows};

/// Most webhooks of one client.
pub const MOST_OF_ONE: u32 = 20;
/// Most webhooks of all.
pub const MOST_WEBHOOKS: u32 = 1_000;

/// The name of a webhook: 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebhookId(String);

impl WebhookId {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WebhookId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for WebhookId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 32 && text.bytes().all(digit) { Ok(Self(text.to_owned())) } else { Err(()) }
    }
}

/// A webhook as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its name.
    pub id: WebhookId,
    /// Whose it is.
    pub client: String,
    /// Where it is told.
    pub url: String,
    /// Of what; empty: of all that its client may be told.
    pub types: Vec<EventType>,
    /// The number of the secret that signs.
    pub secret: u64,
    /// When the one before was replaced.
    pub rotated_at: Option<Timestamp>,
    /// When it was made.
    pub made_at: Timestamp,
    /// The last change that it was told of, or that was passed over.
    pub position: u64,
    /// The last event that it took; empty where it took none.
    pub last_event: String,
    /// How often it was set back.
    pub replayed: u64,
    /// How often in a row it did not take something.
    pub failures: u64,
    /// Since when.
    pub failing_since: Option<Timestamp>,
    /// When something was last tried.
    pub tried_at: Option<Timestamp>,
    /// What came of that.
    pub outcome: String,
    /// Not before that anything is tried again.
    pub next_at: Option<Timestamp>,
    /// Since when nothing is tried any more.
    pub disabled_at: Option<Timestamp>,
}

/// A webhook that is to be.
#[derive(Clone, Debug)]
pub struct NewWebhook {
    /// Whose it is.
    pub client: String,
    /// Where it is told.
    pub url: String,
    /// Of what; empty: of all that its client may be told.
    pub types: Vec<EventType>,
    /// After which change; what comes now, where there is none.
    pub position: Option<u64>,
    /// The present instant.
    pub now: Timestamp,
}

/// There are as many webhooks as may be: of this client, or of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyWebhooks;

/// What came of a try. It counts only where the webhook was not set back meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Which webhook.
    pub id: WebhookId,
    /// How often it had been set back when it was tried.
    pub replayed: u64,
    /// What came of it.
    pub came: Came,
    /// The present instant.
    pub now: Timestamp,
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// It took the event of that change.
    Took {
        /// The change.
        position: u64,
        /// The event.
        event: String,
        /// What it answered.
        outcome: String,
    },
    /// There was nothing for it up to that change.
    Passed {
        /// The change.
        position: u64,
    },
    /// It did not take it.
    Failed {
        /// What it answered, or why it did not.
        outcome: String,
        /// When it is tried again; never, where it is disabled.
        next_at: Option<Timestamp>,
    },
    /// Its client is not in force: it is looked at again then.
    Rests {
        /// When.
        next_at: Timestamp,
    },
}

const COLUMNS: &str =
    "id, client, url, types, secret, rotated_at, made_at, position, last_event, replayed, failures, failing_since, tried_at,
    outcome, next_at, disabled_at";

fn webhook(row: &Row) -> Result<Webhook, StoreError> {
    let instant = |column| row.integer(column).map(|micros| (micros != 0).then(|| Timestamp::from_micros(micros)));
    let types = row.text(3)?.split_whitespace().map(|name| name.parse().map_err(|_| StoreError::Damaged("an event that is none")));
    Ok(Webhook {
        id: WebhookId(row.text(0)?.to_owned()),
        client: row.text(1)?.to_owned(),
        url: row.text(2)?.to_owned(),
        types: types.collect::<Result<_, _>>()?,
        secret: row::counter(row, 4)?,
        rotated_at: instant(5)?,
        made_at: Timestamp::from_micros(row.integer(6)?),
        position: row::counter(row, 7)?,
        last_event: row.text(8)?.to_owned(),
        replayed: row::counter(row, 9)?,
        failures: row::counter(row, 10)?,
        failing_since: instant(11)?,
        tried_at: instant(12)?,
        outcome: row.text(13)?.to_owned(),
        next_at: instant(14)?,
        disabled_at: instant(15)?,
    })
}

impl Store {
    /// Makes a webhook.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn make_webhook(&self, new: NewWebhook) -> Result<Result<WebhookId, TooManyWebhooks>, StoreError> {
        self.people(new).await
    }

    /// The webhooks of a client, the first that was made first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn webhooks_of(&self, client: &str) -> Result<Vec<Webhook>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM webhooks WHERE client = $1 ORDER BY made_at, id");
        self.readers.read(sql, &[client.into()]).await?.iter().map(webhook).collect()
    }

    /// How many webhooks there are, of all clients.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_webhooks(&self) -> Result<u64, StoreError> {
        let found = self.readers.read("SELECT count(*) FROM webhooks".to_owned(), &[]).await?;
        found.first().map_or(Ok(0), |row| crate::row::counter(row, 0))
    }

    /// One webhook of a client.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn webhook(&self, client: &str, id: &WebhookId) -> Result<Option<Webhook>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM webhooks WHERE client = $1 AND id = $2");
        self.readers.read(sql, &[client.into(), id.as_str().into()]).await?.first().map(webhook).transpose()
    }

    /// The webhooks after whose position something happened, and that may be tried now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn webhooks_due(&self, now: Timestamp) -> Result<Vec<Webhook>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM webhooks WHERE disabled_at = 0 AND next_at <= $1 AND position < (SELECT change FROM counter WHERE id = 1)
            ORDER BY next_at, id LIMIT $2"
        );
        self.readers.read(sql, &[now.micros().into(), i64::from(MOST_WEBHOOKS).into()]).await?.iter().map(webhook).collect()
    }

    /// Ends a webhook. Whether the client had it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_webhook(&self, client: &str, id: &WebhookId) -> Result<bool, StoreError> {
        self.people(Change { client: client.to_owned(), id: id.clone(), to: To::Gone }).await
    }

    /// A webhook has a new secret from now on. Whether the client has it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn rotate_webhook(&self, client: &str, id: &WebhookId, now: Timestamp) -> Result<bool, StoreError> {
        self.people(Change { client: client.to_owned(), id: id.clone(), to: To::NextSecret(now) }).await
    }

    /// A webhook is told again of what came after that change, or goes on where it stands; one that was disabled is enabled. Whether the client has it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn replay_webhook(&self, client: &str, id: &WebhookId, after: Option<u64>) -> Result<bool, StoreError> {
        self.people(Change { client: client.to_owned(), id: id.clone(), to: To::Again(after) }).await
    }

    /// Notes what came of a try. Whether it counts.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_tried(&self, tried: Tried) -> Result<bool, StoreError> {
        self.people(tried).await
    }
}

impl Work for NewWebhook {
    type Told = Result<WebhookId, TooManyWebhooks>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let sql = "SELECT count(CASE WHEN client = $1 THEN 1 ELSE NULL END), count(*) FROM webhooks";
        let counted = desk.transaction.read(sql, &[(&self.client).into()]).await?;
        let counted = counted.first().ok_or(StoreError::Damaged("no count"))?;
        if row::counter(counted, 0)? >= u64::from(MOST_OF_ONE) || row::counter(counted, 1)? >= u64::from(MOST_WEBHOOKS) {
            return Ok(Err(TooManyWebhooks));
        }
        let id = hex::encode(random::bytes::<16>()?);
        let types = self.types.iter().map(|event| event.as_str()).collect::<Vec<_>>().join(" ");
        let sql = "INSERT INTO webhooks (id, client, url, types, secret, made_at, position)
            SELECT $1, $2, $3, $4, 1, $5, CASE WHEN $6 < 0 THEN change ELSE $6 END FROM counter WHERE id = 1";
        let position = self.position.map_or(Ok(-1), rows::number)?;
        let values = [(&id).into(), (&self.client).into(), (&self.url).into(), (&types).into(), self.now.micros().into(), position.into()];
        desk.transaction.run(sql, &values).await?;
        Ok(Ok(WebhookId(id)))
    }
}

struct Change {
    client: String,
    id: WebhookId,
    to: To,
}

enum To {
    Gone,
    NextSecret(Timestamp),
    Again(Option<u64>),
}

impl Work for Change {
    type Told = bool;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let (client, id) = ((&self.client).into(), self.id.as_str().into());
        let touched = match self.to {
            To::Gone => desk.transaction.run("DELETE FROM webhooks WHERE client = $1 AND id = $2", &[client, id]).await?,
            To::NextSecret(now) => {
                let sql = "UPDATE webhooks SET secret = secret + 1, rotated_at = $3 WHERE client = $1 AND id = $2";
                desk.transaction.run(sql, &[client, id, now.micros().into()]).await?
            }
            To::Again(after) => {
                let sql =
                    "UPDATE webhooks SET position = CASE WHEN $3 < 0 THEN position ELSE $3 END, replayed = replayed + 1, failures = 0,
                    failing_since = 0, next_at = 0, disabled_at = 0 WHERE client = $1 AND id = $2";
                desk.transaction.run(sql, &[client, id, after.map_or(Ok(-1), rows::number)?.into()]).await?
            }
        };
        Ok(touched > 0)
    }
}

impl Work for Tried {
    type Told = bool;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let (id, replayed, now) = (self.id.as_str().into(), rows::number(self.replayed)?.into(), self.now.micros().into());
        let touched = match self.came {
            Came::Took { position, event, outcome } => {
                let sql =
                    "UPDATE webhooks SET position = $3, last_event = $4, outcome = $5, tried_at = $6, failures = 0, failing_since = 0,
                    next_at = 0 WHERE id = $1 AND replayed = $2";
                let values = [id, replayed, rows::number(position)?.into(), (&event).into(), (&outcome).into(), now];
                desk.transaction.run(sql, &values).await?
            }
            Came::Passed { position } => {
                let sql = "UPDATE webhooks SET position = $3 WHERE id = $1 AND replayed = $2";
                desk.transaction.run(sql, &[id, replayed, rows::number(position)?.into()]).await?
            }
            Came::Failed { outcome, next_at } => {
                let sql = "UPDATE webhooks SET outcome = $3, tried_at = $4, failures = failures + 1,
                    failing_since = CASE WHEN failing_since = 0 THEN $4 ELSE failing_since END, next_at = $5,
                    disabled_at = CASE WHEN $5 = 0 THEN $4 ELSE 0 END WHERE id = $1 AND replayed = $2";
                let next_at = next_at.map_or(0, Timestamp::micros);
                desk.transaction.run(sql, &[id, replayed, (&outcome).into(), now, next_at.into()]).await?
            }
            Came::Rests { next_at } => {
                let sql = "UPDATE webhooks SET next_at = $3 WHERE id = $1 AND replayed = $2";
                desk.transaction.run(sql, &[id, replayed, next_at.micros().into()]).await?
            }
        };
        Ok(touched > 0)
    }
}
