//! Replies to what systems created under a key of their own, kept for a while, so that the same request again creates nothing.

use polder_model::Timestamp;

use crate::error::StoreError;
use crate::open::Store;
use crate::people::{Desk, Work};
use crate::row::{self, Cells};

/// Most replies that are kept of one client.
pub const MOST_REPLIES: u64 = 10_000;
/// Most rows that have run out that are deleted at once; with each request, so that the table stays small and nobody waits long.
const SWEPT: i64 = 64;

/// What is known of a request under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is the first: it may go on, and nobody else under this key until it is done.
    First,
    /// It was carried out, with this reply.
    Before(Vec<u8>),
    /// The same request is being carried out.
    UnderWay,
    /// Another request has taken the key.
    Another,
    /// So many replies of this client are kept as may be.
    TooMany,
}

impl Store {
    /// Begins a request of a client under a key: by the digest of both, and the digest of the request, in hexadecimal digits. Where it comes to nothing
    /// ([`Store::drop_reply`], or a crash), the key is free again, at `until` at the latest.
    ///
    /// # Errors
    /// When the database cannot be written; the request must not be carried out then.
    pub async fn begin_reply(
        &self,
        client: &str,
        digest: &str,
        request: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Begun, StoreError> {
        let [client, digest, request] = [client, digest, request].map(ToOwned::to_owned);
        self.people(Begin { client, digest, request, until, now }).await
    }

    /// Keeps the reply to a request that was carried out.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn keep_reply(&self, digest: &str, reply: Vec<u8>, until: Timestamp) -> Result<(), StoreError> {
        self.people(Keep { digest: digest.to_owned(), reply, until }).await
    }

    /// Forgets a request that came to nothing.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn drop_reply(&self, digest: &str) -> Result<(), StoreError> {
        self.people(Forget(digest.to_owned())).await
    }
}

struct Begin {
    client: String,
    digest: String,
    request: String,
    until: Timestamp,
    now: Timestamp,
}

impl Work for Begin {
    type Told = Begun;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Begun, StoreError> {
        let (Self { client, digest, request, until, now }, transaction) = (self, &mut *desk.transaction);
        let sql = "DELETE FROM kept_replies WHERE digest IN (SELECT digest FROM kept_replies WHERE until < $1 ORDER BY until LIMIT $2)";
        transaction.run(sql, &[now.micros().into(), SWEPT.into()]).await?;
        let sql = "SELECT request, reply FROM kept_replies WHERE digest = $1 AND until >= $2";
        if let Some(row) = transaction.read(sql, &[(&digest).into(), now.micros().into()]).await?.first() {
            return Ok(match (row.text(0)? == request, row.bytes(1)?) {
                (false, _) => Begun::Another,
                (true, []) => Begun::UnderWay,
                (true, reply) => Begun::Before(reply.to_vec()),
            });
        }
        let kept = transaction.read("SELECT count(*) FROM kept_replies WHERE client = $1", &[(&client).into()]).await?;
        if kept.first().map_or(Ok(0), |row| row::counter(row, 0))? >= MOST_REPLIES {
            return Ok(Begun::TooMany);
        }
        // One that has run out may still stand there, where there is much to sweep.
        let sql = "INSERT INTO kept_replies (digest, client, request, until, reply) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (digest) DO UPDATE SET request = excluded.request, until = excluded.until, reply = excluded.reply";
        let none: &[u8] = &[];
        transaction.run(sql, &[(&digest).into(), (&client).into(), (&request).into(), until.micros().into(), none.into()]).await?;
        Ok(Begun::First)
    }
}

struct Keep {
    digest: String,
    reply: Vec<u8>,
    until: Timestamp,
}

impl Work for Keep {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql = "UPDATE kept_replies SET reply = $2, until = $3 WHERE digest = $1";
        desk.transaction.run(sql, &[(&self.digest).into(), self.reply.as_slice().into(), self.until.micros().into()]).await.map(drop)
    }
}

struct Forget(String);

impl Work for Forget {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        desk.transaction.run("DELETE FROM kept_replies WHERE digest = $1", &[(&self.0).into()]).await.map(drop)
    }
}
