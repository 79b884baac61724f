//! Asking partners what they hold of a worker, and asking again whoever has not answered.
//!
//! Few are asked at the same time. Whoever answered the last time comes first, and of one partner what it was not asked for the longest: one that hangs
//! takes a place for as long as a call may take, and no turn of anybody else's.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::stream::{self, FuturesUnordered, StreamExt};
use polder_consent::WorkerId;
use polder_consent::holdings::{Holdings, HoldingsRequest, MOST_HELD, differences};
use polder_model::PartnerId;
use polder_model::answer::MissingReason;
use polder_store::StoreError;
use polder_store::people::Awaited;
use tokio::sync::Semaphore;

use super::access::Compared;
use super::deliver::Delivery;
use crate::ask::MOST_ASKED;
use crate::duties::Duty;
use crate::node::Node;
use crate::peers::PeerFailure;

/// How long a partner has to say what it holds, and how long everyone has together whom a worker waits for.
const DEADLINE: Duration = Duration::from_secs(5);
/// How often is looked for who has not answered.
const ROUND: Duration = Duration::from_secs(1);
/// Partners that are asked again at the same time.
const AGAIN_AT_ONCE: usize = 16;
/// Rows of one partner that are read at a time.
const ROWS: u32 = 100;

/// Whom this process asks what they hold.
#[derive(Debug)]
pub(crate) struct Gathering {
    tries: Delivery,
    /// One for each partner that may be asked at the same time while workers wait.
    places: Semaphore,
}

impl Default for Gathering {
    fn default() -> Self {
        Self { tries: Delivery::default(), places: Semaphore::new(MOST_ASKED) }
    }
}

impl Node {
    /// Asks everyone who received something of a worker what they hold. Who does not answer in time, and who did not a moment ago, is asked again later.
    ///
    /// # Errors
    /// When the store could not.
    pub async fn gather_holdings(&self, worker: WorkerId) -> Result<(), StoreError> {
        let began = Instant::now();
        self.store().begin_gathering(worker, self.now()).await?;
        let awaited = self.store().holdings_awaited(worker).await?;
        let (register, now) = (self.register(), self.clock().steady());
        let turns =
            awaited.iter().filter(|one| register.member(&one.recipient).is_some() && self.gathering().tries.may_try(&one.recipient, now));
        let mut asking: FuturesUnordered<_> = turns
            .map(|one| async move {
                let left = || DEADLINE.saturating_sub(began.elapsed());
                let place = tokio::time::timeout(left(), self.gathering().places.acquire()).await;
                // Who gets a place when time is up is asked later.
                if matches!(place, Ok(Ok(_))) && !left().is_zero() { self.ask_holdings(one, left()).await.map(drop) } else { Ok(()) }
            })
            .collect();
        while let Some(done) = asking.next().await {
            done?;
        }
        Ok(())
    }

    /// Asks again whoever has not answered, without end.
    pub async fn gather_again(&self) {
        loop {
            tokio::time::sleep(ROUND).await;
            let done = match self.takes_on(Duty::GatherHoldings).await {
                Ok(true) => self.gather_once().await,
                Ok(false) => continue,
                Err(error) => Err(error),
            };
            if let Err(error) = done {
                tracing::warn!(%error, "what partners hold of workers is asked later");
            }
        }
    }

    /// Asks everyone who has not answered and whose turn it is. It ends within twice the time of a call: whoever had no turn by then comes first the next
    /// time.
    ///
    /// # Errors
    /// When the store could not.
    pub async fn gather_once(&self) -> Result<(), StoreError> {
        let (began, register, now) = (Instant::now(), self.register(), self.clock().steady());
        let mut turns = self.store().recipients_awaited().await?;
        turns.retain(|partner| register.member(partner).is_some() && self.gathering().tries.may_try(partner, now));
        turns.sort_by_key(|partner| self.gathering().tries.failed(partner));
        let mut asked = stream::iter(turns.into_iter().map(|partner| self.ask_all(partner, began))).buffer_unordered(AGAIN_AT_ONCE);
        while let Some(done) = asked.next().await {
            done?;
        }
        Ok(())
    }

    /// Asks a partner one thing after the other, until there is nothing more, it does not answer, or time is up.
    async fn ask_all(&self, partner: PartnerId, began: Instant) -> Result<(), StoreError> {
        loop {
            let awaited = self.store().holdings_awaited_from(&partner, ROWS).await?;
            if awaited.is_empty() {
                return Ok(());
            }
            for one in &awaited {
                if began.elapsed() >= DEADLINE || !self.ask_holdings(one, DEADLINE).await? {
                    return Ok(());
                }
            }
        }
    }

    /// Asks, and notes what came of it. Whether an answer came.
    async fn ask_holdings(&self, of: &Awaited, deadline: Duration) -> Result<bool, StoreError> {
        let before = self.store().noted_for(of.worker, &of.recipient).await?;
        let asked_at = self.now();
        let said = self.holdings_of_partner(of, deadline).await;
        self.gathering().tries.tried(&of.recipient, said.is_ok(), self.clock().steady());
        let came = match said {
            Ok(said) => {
                let after = self.store().noted_for(of.worker, &of.recipient).await?;
                let differences = differences(&before, &after, &said, asked_at, self.now());
                let Holdings { copies, erasing, retained, more, .. } = said;
                serde_json::to_string(&Compared { copies, erasing, retained, more, differences }).map_err(|_| MissingReason::Untrustworthy)
            }
            Err(failure) => {
                tracing::info!(partner = %of.recipient, reason = failure.reason.as_str(), detail = failure.detail, "a partner did not say what it holds; it is asked again");
                Err(failure.reason)
            }
        };
        let answered = came.is_ok();
        self.store().note_holdings(of, came.map_err(|reason| reason.as_str().to_owned()), self.now()).await?;
        Ok(answered)
    }

    async fn holdings_of_partner(&self, of: &Awaited, deadline: Duration) -> Result<Holdings, PeerFailure> {
        let register = self.register();
        let gone = || PeerFailure::new(MissingReason::NotAMember, "it has left the register");
        let member = register.member(&of.recipient).cloned().ok_or_else(gone)?;
        let asked = HoldingsRequest { handle: of.handle };
        if member.partner == self.home().partner {
            let said = self.answer_holdings(&member, asked).await;
            return said.map_err(|error| PeerFailure::new(MissingReason::Refused, error.to_string()));
        }
        let said = tokio::time::timeout(deadline, self.peers().holdings(Arc::clone(&member), asked, deadline)).await;
        let said = said.unwrap_or_else(|_| Err(PeerFailure::new(MissingReason::Slow, "no reply before the deadline")))?;
        let most = MOST_HELD as usize;
        if said.handle != of.handle || said.copies.len() > most || said.erasing.len() > most || said.retained.len() > most {
            return Err(PeerFailure::new(MissingReason::Untrustworthy, "it is of another person, or more than was asked"));
        }
        Ok(said)
    }
}
