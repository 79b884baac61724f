//! People: what workers decided, what of them may be seen, what left, and what must be erased.
//!
//! All of it is written by the one writer, in the order of commits, so that a consent that ended before a disclosure stops it, on whichever replica either
//! was begun. What is decided stands in `polder-consent`; here it is read, decided and written in one transaction:
//!
//! - `workers` names workers and, to each recipient apart, their handles;
//! - `decide` gives consents and ends them, which writes tombstones for whoever holds a copy; `revoke` ends them for the partner, on a ground;
//! - `settle` makes views follow skill offers and consents, in the transaction that changed either;
//! - `disclose` re-checks consent, writes the ledger and spends the budget of whoever asks: no row, no bytes;
//! - `ask` asks a worker for something, or looks what is in force of it; `requests` keeps what partners asked of workers, `requests_made` what this node's
//!   own systems asked;
//! - `histories` keeps what workers brought along from another node;
//! - `correct` tells whoever may use for long what a worker has corrected;
//! - `erase` deletes whatever says something about a worker; `farewells` shows them who still has to;
//! - `tombstones` keeps what is owed to recipients until they `acknowledge` it;
//! - `replay` ends what the journal knows to have ended, and `reopening` says whether the node is open to a partner;
//! - `recollect` is what two nodes tell each other when one of them was restored; it is taken in by `hear` as a source, by `learn` as a recipient;
//! - `copies` is the other side: what this node received and must erase; `erasures` passes that on to its clients, and keeps what they say;
//! - `holdings` keeps what recipients say that they have of a worker who asked;
//! - `asked` tells a worker what was asked on their behalf;
//! - `apply` keeps what a worker sends to the partner of a vacancy, `applications` says how far it is; `send_application` lets one leave, `application_told` is what its recipient
//!   says of it, and `stop_application` takes it back; `applications_received` keeps what came for this partner's own vacancies;
//! - `accounts` says which profile is whose who logs in, and `sessions` who is logged in; `sealed_pages` keeps what their browser alone can open;
//! - `overview` says how things stand, in counts and by handle;
//! - `saved_searches` keeps what staff wants to ask again, and `saved_found` which answers they have seen;
//! - `sweep` deletes what was kept long enough.

mod accounts;
mod acknowledge;
pub(crate) mod application_readers;
mod application_told;
mod applications;
mod applications_received;
mod apply;
mod ask;
mod asked;
mod contact;
mod copies;
mod correct;
mod decide;
mod disclose;
mod erase;
mod erasures;
mod events;
mod farewells;
mod hear;
mod histories;
mod holdings;
mod kept;
mod learn;
mod ledger;
mod looked;
mod overview;
mod recollect;
mod reopening;
mod replay;
mod requests;
mod requests_made;
mod revoke;
mod rows;
mod said_erased;
mod saved_found;
mod saved_searches;
mod sealed_pages;
mod send_application;
mod sessions;
mod settle;
mod stop_application;
mod sweep;
mod texts;
mod tombstones;
mod workers;

use futures::future::BoxFuture;

use crate::batch::Batch;
use crate::engine::Transaction;
use crate::error::StoreError;
use crate::open::Store;
use crate::writer::{Held, Job, Reply};

pub use accounts::{Invited, LoginId};
pub use acknowledge::Acknowledged;
pub use applications::{AskAfter, MOST_AT_ONCE, Progress, Sending, SentApplication};
pub use applications_received::{Applied, NotReceived, ReceivedApplication, Receiving};
pub use apply::Applying;
pub use ask::{Requesting, Whom};
pub use asked::Asked;
pub use contact::Contacting;
pub use copies::{Came, READERS, Sent, Swept};
pub use decide::{Ended, Given, Giving, NotEnded, NotGiven};
pub use disclose::{Disclosed, Disclosing, Person, Refused};
pub use erase::Erased;
pub use erasures::{Due, Erasure, Keeps, NotErased, NotKept, Settled, TombstoneTaken};
pub use farewells::{FAREWELL_DAYS, Farewell};
pub use histories::{History, TakingIn};
pub use holdings::{Awaited, Gathered};
pub use kept::Kept;
pub use ledger::LedgerRow;
pub use looked::Looked;
pub use overview::{DisclosedInDay, Learnt, LeftCopy, LoggedInNow, MOST_LOOKED_AT, PartnerQueue, ToErase};
pub use recollect::{COPIES_OF_LINE, ERASED_OF_LINE, LINES_OF_PAGE, LineName, MostHeard, NotHeard, Recollected, RecollectedCopy, Side};
pub use reopening::{Behind, Openness};
pub(crate) use replay::{replay, write_journal};
pub use requests::{NotAnswered, Request};
pub use requests_made::Made;
pub use revoke::{Revoked, Seal, WhatEnds, Which};
pub use saved_found::Look;
pub use saved_searches::{DueSearch, NotSaved, SavedSearch, Saving, SearchId};
pub use sealed_pages::SealedPage;
pub use sessions::{Door, Ends, LoggedIn, Role, Session, SessionId};
pub(crate) use settle::settle;
pub use sweep::Old;
pub use texts::{TextUsed, TextVersion};
pub use tombstones::Tombstone;
pub(crate) use workers::id;

/// The transaction that a piece of work is done in, and what else is decided in it.
pub(crate) struct Desk<'d, 't> {
    pub transaction: &'d mut Transaction<'t>,
    pub batch: &'d mut Batch,
}

/// A piece of work in the writer's transaction. What it refuses it refuses before it has written anything; an error of the database fails the transaction.
pub(crate) trait Work: Send + 'static {
    /// What comes of it.
    type Told: Send + 'static;

    fn carry_out(self, desk: &mut Desk<'_, '_>) -> impl Future<Output = Result<Self::Told, StoreError>> + Send;
}

/// A piece of work, and who waits for it.
pub(crate) trait Errand: Send {
    /// Does the work. The reply, to be sent after the commit, and whether the transaction may go on.
    fn carry_out<'d>(
        self: Box<Self>,
        transaction: &'d mut Transaction<'_>,
        batch: &'d mut Batch,
    ) -> BoxFuture<'d, (Held, Result<(), StoreError>)>;

    /// The reply where the transaction ended before.
    fn unreached(self: Box<Self>) -> Held;
}

struct Waiting<W: Work> {
    work: W,
    reply: Reply<W::Told>,
}

impl<W: Work> Errand for Waiting<W> {
    fn carry_out<'d>(
        self: Box<Self>,
        transaction: &'d mut Transaction<'_>,
        batch: &'d mut Batch,
    ) -> BoxFuture<'d, (Held, Result<(), StoreError>)> {
        Box::pin(async move {
            let Self { work, reply } = *self;
            let done = work.carry_out(&mut Desk { transaction, batch }).await;
            let failed = done.as_ref().err().cloned();
            let held: Held = Box::new(move |outcome| drop(reply.send(outcome.and(done))));
            (held, failed.map_or(Ok(()), Err))
        })
    }

    fn unreached(self: Box<Self>) -> Held {
        let reply = self.reply;
        Box::new(move |outcome| drop(reply.send(outcome.and(Err(StoreError::Busy)))))
    }
}

impl Store {
    /// Has a piece of work done, and waits until it is on disk.
    pub(crate) async fn people<W: Work>(&self, work: W) -> Result<W::Told, StoreError> {
        self.writer.run(|reply| Job::People(Box::new(Waiting { work, reply }))).await
    }
}
