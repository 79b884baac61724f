//! Requests that this node's own systems made, here and at other partners.

use polder_consent::request::AskedFor;
use polder_consent::{FieldSet, Handle, RequestId};
use polder_model::{OfferKey, PartnerId, Purpose, Timestamp};

use super::requests::{about, about_text};
use super::sweep::AT_ONCE;
use super::workers::{fields, id, instant};
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::statement::Row;

/// A request that a system of this node made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its id.
    pub id: RequestId,
    /// Which system.
    pub client: String,
    /// The partner at whose node the worker is.
    pub partner: PartnerId,
    /// The worker, as the system named them.
    pub key: OfferKey,
    /// Who is to see it.
    pub recipient: PartnerId,
    /// What for.
    pub purpose: Purpose,
    /// What.
    pub fields: FieldSet,
    /// For which offer of this partner's own, where the worker is told.
    pub about: Option<AskedFor>,
    /// When it was made.
    pub at: Timestamp,
    /// As what a search showed them, by which staff recognises them; empty where that is not known, or not any more.
    pub seen_as: String,
}

impl Store {
    /// Notes that a system of this node asks.
    ///
    /// # Errors
    /// When the database cannot be written; it is not to ask then.
    pub async fn note_request(&self, made: Made) -> Result<(), StoreError> {
        self.people(made).await
    }

    /// Notes that nobody was told for which offer a request is.
    ///
    /// # Errors
    /// When the database cannot be written; it is not to be asked without it then.
    pub async fn forget_offer(&self, request: RequestId) -> Result<(), StoreError> {
        self.people(ForgettingOffer(request)).await
    }

    /// A request that a system of this node made; `None` where it made none of that id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn request_made(&self, client: &str, request: RequestId) -> Result<Option<Made>, StoreError> {
        let sql = format!("SELECT {MADE} FROM requests_made WHERE id = $1 AND client = $2");
        let name = request.to_string();
        self.readers.read(sql, &[(&name).into(), client.into()]).await?.first().map(made).transpose()
    }

    /// The requests that a system of this node made before an instant, newest first; at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn requests_made(&self, client: &str, before: Timestamp, most: u32) -> Result<Vec<Made>, StoreError> {
        let sql = format!("SELECT {MADE} FROM requests_made WHERE client = $1 AND at < $2 ORDER BY at DESC, id LIMIT $3");
        self.readers.read(sql, &[client.into(), before.micros().into(), i64::from(most).into()]).await?.iter().map(made).collect()
    }

    /// For which offers systems of this node asked somebody for a purpose; `None` among them where it was for none. The newest first, at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn requested_for(
        &self,
        (partner, key): (&PartnerId, &OfferKey),
        purpose: Purpose,
        most: u32,
    ) -> Result<Vec<Option<AskedFor>>, StoreError> {
        let sql = "SELECT about FROM requests_made WHERE partner = $1 AND key = $2 AND purpose = $3 ORDER BY at DESC, id LIMIT $4";
        let values = [partner.as_str().into(), key.as_str().into(), purpose.as_str().into(), i64::from(most).into()];
        self.readers.read(sql, &values).await?.iter().map(|row| about(row, 0)).collect()
    }
}

const MADE: &str = "id, client, partner, key, recipient, purpose, fields, at, about, seen_as";

fn made(row: &Row) -> Result<Made, StoreError> {
    Ok(Made {
        id: id(row, 0)?,
        client: row.text(1)?.to_owned(),
        partner: id(row, 2)?,
        key: row::key(row, 3)?,
        recipient: id(row, 4)?,
        purpose: id(row, 5)?,
        fields: fields(row, 6)?,
        at: instant(row, 7)?,
        about: about(row, 8)?,
        seen_as: row.text(9)?.to_owned(),
    })
}

/// A request goes without the offer for which it is.
struct ForgettingOffer(RequestId);

impl Work for ForgettingOffer {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let (name, none) = (self.0.to_string(), about_text(None)?);
        desk.transaction.run("UPDATE requests_made SET about = $2 WHERE id = $1", &[(&name).into(), (&none).into()]).await.map(drop)
    }
}

impl Work for Made {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql = "INSERT INTO requests_made (id, client, partner, key, recipient, purpose, fields, at, about, seen_as, seen_until)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let (name, about) = (self.id.to_string(), about_text(self.about.as_ref())?);
        // Without a copy that may be used there is nothing that it could be of.
        let until = if self.seen_as.is_empty() { 0 } else { self.copied_until(desk).await? };
        let seen_as = if until == 0 { "" } else { &self.seen_as };
        let values = [
            (&name).into(),
            (&self.client).into(),
            self.partner.as_str().into(),
            self.key.as_str().into(),
            self.recipient.as_str().into(),
            self.purpose.as_str().into(),
            i64::from(self.fields.bits()).into(),
            self.at.micros().into(),
            (&about).into(),
            seen_as.into(),
            until.into(),
        ];
        desk.transaction.run(sql, &values).await.map(drop)
    }
}

impl Made {
    /// Until when this client may use what a search showed of them; 0 where there is nothing.
    async fn copied_until(&self, desk: &mut Desk<'_, '_>) -> Result<i64, StoreError> {
        let sql = "SELECT use_until FROM copies WHERE source = $1 AND handle = $2 AND client = $3 AND use_until > $4
            AND purpose IN ('match-vacancy', 'training-advice') ORDER BY use_until DESC LIMIT 1";
        let values = [self.partner.as_str().into(), self.key.as_str().into(), (&self.client).into(), self.at.micros().into()];
        desk.transaction.read(sql, &values).await?.first().map_or(Ok(0), |row| row.integer(0))
    }
}

/// As what somebody was seen, by the clients that asked them: it is kept with no request any more.
pub(super) async fn take_seen(desk: &mut Desk<'_, '_>, source: &PartnerId, handle: Handle) -> Result<Vec<(String, String)>, StoreError> {
    let handle = handle.to_string();
    let values = [source.as_str().into(), (&handle).into()];
    let sql = "SELECT client, seen_as FROM requests_made WHERE partner = $1 AND key = $2 AND seen_as <> '' ORDER BY at";
    let found = desk.transaction.read(sql, &values).await?;
    if !found.is_empty() {
        let sql = "UPDATE requests_made SET seen_as = '', seen_until = 0 WHERE partner = $1 AND key = $2 AND seen_as <> ''";
        desk.transaction.run(sql, &values).await?;
    }
    found.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
}

/// Forgets some of what may be used no longer. How many rows.
pub(super) async fn forget_seen(desk: &mut Desk<'_, '_>, now: Timestamp) -> Result<u64, StoreError> {
    let sql = "UPDATE requests_made SET seen_as = '', seen_until = 0
        WHERE id IN (SELECT id FROM requests_made WHERE seen_as <> '' AND seen_until <= $1 LIMIT $2)";
    desk.transaction.run(sql, &[now.micros().into(), AT_ONCE.into()]).await
}
