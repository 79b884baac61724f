//! Requests that this node's own systems made, here and at other partners.

use polder_consent::request::AskedFor;
use polder_consent::{FieldSet, RequestId};
use polder_model::{OfferKey, PartnerId, Purpose, Timestamp};

use super::requests::{about, about_text};
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
        let sql = "SELECT id, client, partner, key, recipient, purpose, fields, at, about FROM requests_made WHERE id = $1 AND client = $2";
        let name = request.to_string();
        self.readers.read(sql, &[(&name).into(), client.into()]).await?.first().map(made).transpose()
    }

    /// The requests that a system of this node made before an instant, newest first; at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn requests_made(&self, client: &str, before: Timestamp, most: u32) -> Result<Vec<Made>, StoreError> {
        let sql = "SELECT id, client, partner, key, recipient, purpose, fields, at, about FROM requests_made
            WHERE client = $1 AND at < $2 ORDER BY at DESC, id LIMIT $3";
        self.readers.read(sql, &[client.into(), before.micros().into(), i64::from(most).into()]).await?.iter().map(made).collect()
    }
}

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
        let sql = "INSERT INTO requests_made (id, client, partner, key, recipient, purpose, fields, at, about) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let (name, about) = (self.id.to_string(), about_text(self.about.as_ref())?);
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
        ];
        desk.transaction.run(sql, &values).await.map(drop)
    }
}
