//! A worker applies: the decision and the application are kept together.

use polder_consent::FieldSet;
use polder_model::OfferKey;

use super::applications::{PURPOSE, STANDS, of_others, together};
use super::decide::{Given, Giving, NotGiven};
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::rows;

/// An application that a worker sends.
#[derive(Clone, Debug)]
pub struct Applying {
    /// The decision: one consent, for the recipient.
    pub giving: Giving,
    /// Its id, a UUID.
    pub id: String,
    /// The vacancy of the recipient.
    pub vacancy: OfferKey,
    /// What the worker saw of the vacancy.
    pub title: String,
    /// Who offers the work.
    pub employer: String,
    /// What of the profile goes along: no more than the consent names.
    pub fields: FieldSet,
    /// What the worker wrote.
    pub motivation: String,
}

impl Store {
    /// A worker applies: the decision and the application are kept together, or neither. `None` where they apply to that vacancy already, as
    /// [`Store::applied_to`] says: it is sent once, however often it is clicked.
    ///
    /// # Errors
    /// When the database cannot be written; nothing was decided then.
    pub async fn apply(&self, applying: Applying) -> Result<Result<Option<Given>, NotGiven>, StoreError> {
        self.people(applying).await
    }
}

impl Work for Applying {
    type Told = Result<Option<Given>, NotGiven>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let (worker, now) = (self.giving.worker, self.giving.now);
        if self.is_sent(desk).await? {
            return Ok(Ok(None));
        }
        if !self.is_named(desk).await? {
            return Ok(Err(NotGiven::OthersShowMore));
        }
        let given = match self.giving.carry_out(desk).await? {
            Ok(given) => given.into_iter().next().ok_or(StoreError::Damaged("an application without a decision"))?,
            Err(not) => return Ok(Err(not)),
        };
        let consent = &given.kept.consent;
        let sql = "INSERT INTO applications_sent (id, worker, recipient, vacancy, title, employer, fields, motivation, epoch, at, state, state_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $10)";
        let worker = worker.to_string();
        let values = [
            (&self.id).into(),
            (&worker).into(),
            consent.recipient.as_str().into(),
            self.vacancy.as_str().into(),
            (&self.title).into(),
            (&self.employer).into(),
            i64::from(self.fields.and(consent.fields).bits()).into(),
            (&self.motivation).into(),
            rows::number(consent.epoch.0)?.into(),
            now.micros().into(),
        ];
        desk.transaction.run(sql, &values).await?;
        Ok(Ok(Some(given)))
    }
}

impl Applying {
    /// Whether the consent names all that other applications to that recipient show: what it did not name they would lose.
    async fn is_named(&self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let Some(consent) = self.giving.consents.first() else { return Ok(true) };
        let (worker, now, recipient) = (self.giving.worker.to_string(), self.giving.now.micros(), consent.recipient.as_str());
        let shown = desk.transaction.read(of_others(), &[(&worker).into(), PURPOSE.as_str().into(), now.into(), recipient.into()]).await?;
        Ok(together(&shown)?.is_within(consent.fields))
    }

    /// Whether the worker applies to that vacancy of that recipient already.
    async fn is_sent(&self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let Some(consent) = self.giving.consents.first() else { return Ok(false) };
        let sql = format!("SELECT 1 FROM applications_sent WHERE {STANDS} AND recipient = $4 AND vacancy = $5 LIMIT 1");
        let (worker, now) = (self.giving.worker.to_string(), self.giving.now.micros());
        let (recipient, vacancy) = (consent.recipient.as_str(), self.vacancy.as_str());
        let values = [(&worker).into(), PURPOSE.as_str().into(), now.into(), recipient.into(), vacancy.into()];
        Ok(!desk.transaction.read(sql, &values).await?.is_empty())
    }
}
