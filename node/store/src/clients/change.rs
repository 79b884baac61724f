//! Clients change: one person proposes, another approves or refuses; one alone may end.

use std::sync::atomic::Ordering;

use polder_model::Timestamp;

use super::{MOST_CLIENTS, OPERATOR, Person};
use crate::error::StoreError;
use crate::open::Store;
use crate::people::{Desk, Work, application_readers};
use crate::row::{self, Cells};

/// Why a proposal was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotProposed {
    /// The client was ended for good; its id is not used again.
    Ended,
    /// There are as many clients as may be.
    TooMany,
}

/// Why a proposal was not approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotApproved {
    /// There is no such client, or nothing of it waits.
    Nothing,
    /// What waits is not what was looked at.
    Other,
    /// It was proposed by the same person.
    SamePerson,
}

impl Store {
    /// Proposes what a client may do; it takes the place of what was proposed of it before. What is in force stays so until this is approved.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn propose_client(
        &self,
        id: &str,
        document: &str,
        by: Person,
        now: Timestamp,
    ) -> Result<Result<(), NotProposed>, StoreError> {
        self.change_clients(Propose { id: id.to_owned(), document: document.to_owned(), by, now }).await
    }

    /// Approves what is proposed, if it is this document, and another person proposed it (or `alone` says that one is enough). It is in force with the
    /// next call, until that instant.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn approve_client(&self, approval: Approval) -> Result<Result<(), NotApproved>, StoreError> {
        self.change_clients(approval).await
    }

    /// Refuses or takes back what is proposed of a client. Whether something was.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn refuse_client(&self, id: &str, by: Person, now: Timestamp) -> Result<bool, StoreError> {
        self.change_clients(Refuse { id: id.to_owned(), by, now }).await
    }

    /// Ends a client for good: its next call is refused. Whether it had not ended before.
    ///
    /// # Errors
    /// When the database cannot be written; it is in force still then.
    pub async fn end_client(&self, id: &str, by: Person, now: Timestamp) -> Result<bool, StoreError> {
        self.change_clients(End { id: id.to_owned(), by, now }).await
    }

    async fn change_clients<W: Work>(&self, work: W) -> Result<W::Told, StoreError> {
        let told = self.people(work).await;
        // Also where it failed: whether it was committed may not be known.
        self.clients_changed.fetch_add(1, Ordering::AcqRel);
        told
    }
}

async fn note(desk: &mut Desk<'_, '_>, client: &str, what: &str, who: &Person, at: Timestamp) -> Result<(), StoreError> {
    let rows = desk.transaction.read("UPDATE counter SET clients = clients + 1 WHERE id = 1 RETURNING clients", &[]).await?;
    let number = rows.first().map_or(Err(StoreError::Damaged("no counter")), |row| row.integer(0))?;
    let sql = "INSERT INTO client_changes (number, client, what, who, at) VALUES ($1, $2, $3, $4, $5)";
    desk.transaction.run(sql, &[number.into(), client.into(), what.into(), (&who.name).into(), at.micros().into()]).await.map(drop)
}

struct Propose {
    id: String,
    document: String,
    by: Person,
    now: Timestamp,
}

impl Work for Propose {
    type Told = Result<(), NotProposed>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let Self { id, document, by, now } = self;
        let found = desk.transaction.read("SELECT ended_at FROM clients WHERE id = $1", &[(&id).into()]).await?;
        match found.first() {
            Some(row) if row.integer(0)? != 0 => return Ok(Err(NotProposed::Ended)),
            Some(_) => {}
            None => {
                let counted = desk.transaction.read("SELECT count(*) FROM clients WHERE ended_at = 0", &[]).await?;
                let there = counted.first().map_or(Ok(0), |row| row::counter(row, 0))?;
                if there >= u64::from(MOST_CLIENTS) {
                    return Ok(Err(NotProposed::TooMany));
                }
            }
        }
        let sql = "INSERT INTO clients (id, proposed, proposed_by, proposer, proposed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id)
            DO UPDATE SET proposed = excluded.proposed, proposed_by = excluded.proposed_by, proposer = excluded.proposer,
            proposed_at = excluded.proposed_at";
        desk.transaction.run(sql, &[(&id).into(), (&document).into(), (&by.id).into(), (&by.name).into(), now.micros().into()]).await?;
        note(desk, &id, "proposed", &by, now).await?;
        Ok(Ok(()))
    }
}

/// Somebody approves what is proposed of a client.
#[derive(Clone, Debug)]
pub struct Approval {
    /// The client.
    pub id: String,
    /// What was looked at: the document as it was proposed.
    pub document: String,
    /// Who approves.
    pub by: Person,
    /// Whether whoever proposed it may approve it too.
    pub alone: bool,
    /// Whether it may get something of people.
    pub people: bool,
    /// Until when it is in force.
    pub until: Timestamp,
    /// The present instant.
    pub now: Timestamp,
}

impl Work for Approval {
    type Told = Result<(), NotApproved>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let Self { id, document, by, alone, people, until, now } = self;
        let sql = "SELECT proposed, proposed_by FROM clients WHERE id = $1 AND proposed <> '' AND ended_at = 0";
        let found = desk.transaction.read(sql, &[(&id).into()]).await?;
        let Some(row) = found.first() else { return Ok(Err(NotApproved::Nothing)) };
        if row.text(0)? != document {
            return Ok(Err(NotApproved::Other));
        }
        if row.text(1)? == by.id && !alone {
            return Ok(Err(NotApproved::SamePerson));
        }
        let sql = "UPDATE clients SET document = proposed, approved_at = $2, until = $3, people = people OR $4,
            proposed = '', proposed_by = '', proposer = '', proposed_at = 0 WHERE id = $1";
        desk.transaction.run(sql, &[(&id).into(), now.micros().into(), until.micros().into(), people.into()]).await?;
        note(desk, &id, "approved", &by, now).await?;
        Ok(Ok(()))
    }
}

struct Refuse {
    id: String,
    by: Person,
    now: Timestamp,
}

impl Work for Refuse {
    type Told = bool;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let Self { id, by, now } = self;
        let sql = "UPDATE clients SET proposed = '', proposed_by = '', proposer = '', proposed_at = 0 WHERE id = $1 AND proposed <> ''";
        if desk.transaction.run(sql, &[(&id).into()]).await? == 0 {
            return Ok(false);
        }
        // One of which nothing was ever in force is as if it had never been: its id may be used.
        desk.transaction.run("DELETE FROM clients WHERE id = $1 AND document = '' AND ended_at = 0", &[(&id).into()]).await?;
        note(desk, &id, "refused", &by, now).await?;
        Ok(true)
    }
}

struct End {
    id: String,
    by: Person,
    now: Timestamp,
}

impl Work for End {
    type Told = bool;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let Self { id, by, now } = self;
        let sql = "UPDATE clients SET ended_at = $2, proposed = '', proposed_by = '', proposer = '', proposed_at = 0
            WHERE id = $1 AND ended_at = 0";
        if desk.transaction.run(sql, &[(&id).into(), now.micros().into()]).await? == 0 {
            return Ok(false);
        }
        // What it has of people is erased by somebody all the same: whoever runs the node sees to that, and says so.
        for sql in ["UPDATE copies SET client = $2 WHERE client = $1", "UPDATE erasures SET client = $2 WHERE client = $1 AND NOT done"] {
            desk.transaction.run(sql, &[(&id).into(), OPERATOR.into()]).await?;
        }
        application_readers::take_over(desk, &id, OPERATOR).await?;
        // Nothing is told any more, at once.
        for sql in [
            "DELETE FROM webhooks WHERE client = $1",
            "DELETE FROM saved_found WHERE search IN (SELECT id FROM saved_searches WHERE client = $1)",
            "DELETE FROM saved_searches WHERE client = $1",
        ] {
            desk.transaction.run(sql, &[(&id).into()]).await?;
        }
        note(desk, &id, "ended", &by, now).await?;
        Ok(true)
    }
}
