//! A node that was restored from a backup asks each partner what it holds of its people, and what it gave it and ended. Until a partner has said so,
//! the node is closed to that partner alone; tombstones and acknowledgements flow all the time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::stream::{self, StreamExt};
use polder_consent::Epoch;
use polder_model::PartnerId;
use polder_model::answer::MissingReason;
use polder_store::StoreError;
use polder_store::people::{COPIES_OF_LINE, ERASED_OF_LINE, LINES_OF_PAGE, LineName, MostHeard, Openness, Recollected, Side};
use polder_trust::register::{Member, Status};
use serde::{Deserialize, Serialize};

use super::deliver::pause_after;
use crate::duties::Duty;
use crate::node::{Node, others};
use crate::peers::PeerFailure;

/// How often is looked for whom to ask, in seconds.
pub const REOPEN_SECONDS: u64 = 1;
/// How long a partner has to answer one page.
const DEADLINE: Duration = Duration::from_secs(10);
/// Partners that are asked at the same time.
const AT_ONCE: usize = 16;
/// Most pages of one partner: more lines than one partner may learn of in years.
const MOST_PAGES: usize = 10_000;
/// No line has so many epochs.
const MOST_EPOCHS: Epoch = Epoch(1 << 40);
/// Most people of whom a partner may say that it holds copies, and who are not known here, as long as it has not said that it erased them: more than
/// it can have got, of 500 workers a day that may be used for seven days.
const MOST_LOST: u64 = 10_000;
/// Most rows of the ledger that are written in a day on the word of one partner: of each of the 500 workers of whom it may learn in a day, twenty.
const MOST_ROWS: u64 = 10_000;

/// What a restored node asks of a partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecollectionAsked {
    /// Which of both.
    pub side: Side,
    /// The last line of the page before; the first page where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<LineName>,
}

/// A page of what a partner says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recollection {
    /// Lines, in the order of their names; at most [`LINES_OF_PAGE`].
    pub lines: Vec<Recollected>,
    /// Whether there are more.
    pub more: bool,
    /// The last checkpoint of the asker's log that the partner cosigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
}

/// When partners are asked again.
#[derive(Debug, Default)]
pub(crate) struct Asking(Mutex<HashMap<PartnerId, (u32, Duration)>>);

impl Asking {
    fn may_ask(&self, partner: &PartnerId, steady: Duration) -> bool {
        let tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.get(partner).is_none_or(|(_, next)| *next <= steady)
    }

    /// How often a partner did not answer since it was heard from.
    fn failed(&self, partner: &PartnerId) -> u32 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(partner).map_or(0, |(failed, _)| *failed)
    }

    fn asked(&self, partner: &PartnerId, steady: Duration, answered: bool) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answered {
            tries.remove(partner);
            return;
        }
        let failed = tries.get(partner).map_or(0, |(failed, _)| *failed);
        let pause = pause_after(failed);
        tries.insert(partner.clone(), (failed.saturating_add(1), steady + pause));
    }
}

impl Node {
    /// How far this node is open.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn openness(&self) -> Result<Openness, StoreError> {
        self.store().reader().openness().await
    }

    /// What this node has for a partner that was restored, of what concerns it alone.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn recollection_for(&self, partner: &PartnerId, asked: RecollectionAsked) -> Result<Recollection, StoreError> {
        let now = self.now();
        let lines = match asked.side {
            Side::Holds => self.store().holds_of(partner, asked.after, now).await?,
            Side::Gave => self.store().gave_to(partner, asked.after, now).await?,
        };
        let log = self.cosigned_of(partner).await?;
        Ok(Recollection { more: lines.len() as u64 >= u64::from(LINES_OF_PAGE), lines, log })
    }

    /// Asks those who have not said yet what they hold and ended, if there are any. To whom this node was opened.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn reopen_once(&self) -> Result<Vec<PartnerId>, StoreError> {
        let register = self.register();
        self.store().reopen(others(&register, &self.home().partner), self.now()).await?;
        let open = self.openness().await?;
        self.found_openness(&open);
        if open.is_open() || !self.takes_on(Duty::Reopen).await? {
            return Ok(Vec::new());
        }
        let staying = others(&register, &self.home().partner);
        if open.reopening().waits_for().iter().any(|partner| !staying.contains(partner)) {
            self.store().wait_only_for(staying).await?;
        }
        let due = open.reopening().to_ask(self.now()).filter(|partner| self.asking().may_ask(partner, self.clock().steady()));
        let mut due: Vec<Arc<Member>> = due.filter_map(|partner| register.member(partner).cloned()).collect();
        // Whoever answered the last time comes first: one that hangs takes no turn of theirs.
        due.sort_by_key(|member| self.asking().failed(&member.partner));
        let asks: Vec<_> = due.iter().map(|member| async move { (&member.partner, self.ask_to_recollect(member).await) }).collect();
        let mut asked = stream::iter(asks).buffer_unordered(AT_ONCE);
        let mut opened = Vec::new();
        while let Some((partner, answered)) = asked.next().await {
            let answered = answered?;
            self.asking().asked(partner, self.clock().steady(), answered.is_ok());
            match answered {
                Ok(lines) => {
                    tracing::info!(%partner, lines, "this partner has said what it holds and ended: this node is open to it again");
                    opened.push(partner.clone());
                }
                Err(failed) => {
                    tracing::info!(%partner, why = failed.detail, "this partner has not said what it holds and ended; it is asked again")
                }
            }
        }
        self.found_openness(&self.openness().await?);
        if !opened.is_empty() {
            self.delivery().ring();
        }
        Ok(opened)
    }

    /// Asks a partner everything. How many lines it named, or why it did not answer; what it said until then is taken in, which does no harm.
    async fn ask_to_recollect(&self, to: &Arc<Member>) -> Result<Result<usize, PeerFailure>, StoreError> {
        self.fetch_tombstones_of(to).await;
        let mut count = 0;
        for side in [Side::Holds, Side::Gave] {
            let mut after = None;
            for page in 1.. {
                let asked = RecollectionAsked { side, after };
                let said = match self.peers().recollections(Arc::clone(to), asked, DEADLINE).await {
                    Ok(said) => said,
                    Err(failed) => return Ok(Err(failed)),
                };
                if let Err(what) = check(&said, after) {
                    return Ok(Err(PeerFailure::new(MissingReason::Untrustworthy, what)));
                }
                if said.more && page >= MOST_PAGES {
                    return Ok(Err(PeerFailure::new(MissingReason::Untrustworthy, "it names more lines than there can be")));
                }
                count += said.lines.len();
                after = said.lines.last().map(Recollected::name).or(after);
                let Recollection { lines, more, .. } = said;
                match side {
                    Side::Holds => {
                        let most = MostHeard { lost: MOST_LOST, rows: MOST_ROWS };
                        if let Err(refused) = self.store().hear(&to.partner, lines, most, self.now()).await? {
                            return Ok(Err(PeerFailure::new(MissingReason::Untrustworthy, refused.to_string())));
                        }
                    }
                    Side::Gave => self.store().learn(&to.partner, lines, &self.clients().await?, !more, self.now()).await?,
                }
                if !more {
                    break;
                }
            }
        }
        Ok(Ok(count))
    }
}

/// That a page is what was asked for, and says nothing that cannot be.
fn check(said: &Recollection, after: Option<LineName>) -> Result<(), &'static str> {
    if said.lines.len() as u64 > u64::from(LINES_OF_PAGE) || said.more && said.lines.is_empty() {
        return Err("a page of another size");
    }
    let mut last = after;
    for line in &said.lines {
        // In the database names are ordered by their texts.
        let key = |name: &LineName| (name.handle.to_string(), name.purpose.as_str());
        if last.is_some_and(|last| key(&line.name()) <= key(&last)) {
            return Err("lines that are not in order");
        }
        last = Some(line.name());
        let latest = line.held.iter().chain(line.copies.iter().map(|copy| &copy.epoch)).fold(line.ended, |one, other| one.max(*other));
        let rises = line.held.windows(2).all(|two| two[0] < two[1]);
        let told = line.copies.iter().all(|copy| line.held.contains(&copy.epoch));
        let is_long = line.copies.len() > COPIES_OF_LINE || line.erased.len() > ERASED_OF_LINE;
        if latest > MOST_EPOCHS || !rises || !told || is_long {
            return Err("a line that cannot be");
        }
    }
    Ok(())
}

/// The others who stand in the register and are not out.
pub(crate) fn is_awaited(member: &Member) -> bool {
    member.status != Status::Expelled
}
