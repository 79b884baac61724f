//! Who looks for register news, and when: at once where a message shows that a partner is ahead, and every 20 s at two random partners.
//!
//! The header `Polder-Register` is a hint and no more. What it leads to is verified by its own signatures, and a partner whose hints lead to nothing
//! is asked ever more rarely.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_exchange::{Heard, Node};
use polder_model::PartnerId;
use polder_trust::register::{Member, SharedRegister, Status};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::client::HttpPeers;
use crate::causes::with_causes;

/// How often random partners are asked.
pub(crate) const ROUND: Duration = Duration::from_secs(20);
/// How many of them.
const ASKED: u32 = 2;
/// Hints that wait. More are dropped: the next message brings the next.
const MOST_HINTS: usize = 64;
/// Time for a visit.
const VISIT: Duration = Duration::from_secs(15);
/// The first and the longest pause after a visit of which nothing came.
const PAUSES: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(3_600));

/// Where hints are left.
#[derive(Clone)]
pub(crate) struct Hints {
    register: SharedRegister,
    ahead: mpsc::Sender<PartnerId>,
}

/// Where they are taken up.
pub(crate) struct Hinted(mpsc::Receiver<PartnerId>);

impl Hints {
    /// An empty desk.
    pub(crate) fn new(register: SharedRegister) -> (Self, Hinted) {
        let (ahead, hinted) = mpsc::channel(MOST_HINTS);
        (Self { register, ahead }, Hinted(hinted))
    }

    /// Notes the value of a `Polder-Register` that came from that partner.
    pub(crate) fn note(&self, header: &str, from: &PartnerId) {
        let ours = parse(header).and_then(|(region, ..)| self.register.of_region(region));
        if ours.is_some_and(|ours| is_news(header, &ours.header_value())) {
            // A full desk loses nothing that another message would not bring again.
            let _ = self.ahead.try_send(from.clone());
        }
    }
}

/// Whether `theirs` is of the same region and later than `ours`, or of the same version and another document.
fn is_news(theirs: &str, ours: &str) -> bool {
    let (Some(theirs), Some(ours)) = (parse(theirs), parse(ours)) else { return false };
    theirs.0 == ours.0 && (theirs.1 > ours.1 || theirs.1 == ours.1 && theirs.2 != ours.2)
}

/// Epoch and version that a header names.
pub(super) fn version(header: &str) -> Option<(u64, u64)> {
    parse(header).map(|(_, version, _)| version)
}

/// Region, (epoch, version) and the beginning of the hash.
fn parse(header: &str) -> Option<(&str, (u64, u64), &str)> {
    let mut parts = header.split(';');
    let region = parts.next()?;
    let epoch = parts.next()?.strip_prefix("e=")?.parse().ok()?;
    let version = parts.next()?.strip_prefix("v=")?.parse().ok()?;
    let hash = parts.next()?.strip_prefix("h=").filter(|hash| hash.len() == 16)?;
    parts.next().is_none().then_some((region, (epoch, version), hash))
}

/// Visits that are on their way at the same time. A hint that finds them all taken waits its turn.
const VISITS_AT_ONCE: usize = 8;

/// Looks for news until it is dropped. Visits go side by side, each as a task: one slow partner holds up nobody else's news, and whatever this loop
/// waits for, a visit that holds the register goes on and gives it back.
pub(crate) async fn look(node: Arc<Node>, peers: Arc<HttpPeers>, mut hinted: Hinted, round: Duration) {
    let (mut pauses, mut rounds) = (Pauses::default(), tokio::time::interval(round));
    let (mut visits, mut visited) = (JoinSet::new(), HashSet::new());
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    rounds.tick().await;
    loop {
        let due = tokio::select! {
            hint = hinted.0.recv(), if visits.len() < VISITS_AT_ONCE => match hint {
                Some(partner) => vec![(partner, Why::Hint)],
                None => return,
            },
            _ = rounds.tick() => {
                if let Err(error) = node.hear_of_replicas().await {
                    tracing::error!(error = with_causes(&error), "what other replicas took in of the register cannot be read");
                }
                some_of(&node).into_iter().map(|partner| (partner, Why::Round)).collect()
            }
            Some(over) = visits.join_next() => {
                match over {
                    Ok((partner, why, heard)) => {
                        visited.remove(&partner);
                        pauses.after(&partner, why, heard, Instant::now());
                    }
                    Err(error) => tracing::error!(%error, "a visit for register news ended badly"),
                }
                continue;
            }
        };
        for (partner, why) in due {
            if let Some(visit) = begin(&node, &peers, partner, &pauses, why, &mut visited) {
                visits.spawn(visit);
            }
        }
    }
}

/// Who was visited, why, and what came of it.
type Visited = (PartnerId, Why, Result<Heard, String>);

/// A visit to a partner who takes part, is not visited already and has no pause.
fn begin(
    node: &Arc<Node>,
    peers: &Arc<HttpPeers>,
    partner: PartnerId,
    pauses: &Pauses,
    why: Why,
    visited: &mut HashSet<PartnerId>,
) -> Option<impl Future<Output = Visited> + use<>> {
    let member = node.shared_register().active(&partner, node.now())?;
    if !pauses.over(&partner, Instant::now()) || !visited.insert(partner.clone()) {
        return None;
    }
    let (node, peers) = (Arc::clone(node), Arc::clone(peers));
    Some(async move {
        let heard = visit(&node, &peers, &member).await;
        if heard.is_ok() && why == Why::Round {
            greet(&node, &peers, &member).await;
        }
        (partner, why, heard)
    })
}

/// Why a partner is visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// A header of its own says that it has news.
    Hint,
    /// It is its turn.
    Round,
}

impl Why {
    /// Whether the visit brought what it was made for: nothing that does not hold, and after a hint something new. Otherwise headers that are made
    /// up would cause a visit each.
    fn kept(self, heard: &Heard) -> bool {
        heard.refused.is_empty() && (self == Self::Round || heard.changed || heard.contradicted)
    }
}

/// Opens a connection to a member and notes which reference tables it has.
pub(crate) async fn greet(node: &Node, peers: &HttpPeers, member: &Member) {
    if let Some(greeted) = peers.greet(member).await {
        node.note_tables_of(&member.partner, greeted.tables);
    }
}

async fn visit(node: &Node, peers: &HttpPeers, member: &Arc<Member>) -> Result<Heard, String> {
    let visited = tokio::time::timeout(VISIT, node.catch_up(member, peers)).await;
    visited.map_err(|_| "it took too long".to_owned())?.map_err(|error| error.to_string())
}

/// Two random partners who take part, and one guest of each region whose register is carried.
fn some_of(node: &Node) -> Vec<PartnerId> {
    let (register, now) = (node.register(), node.now());
    let own = register.members().iter().filter(|member| member.status == Status::Active && member.partner != node.home().partner);
    let mut asked = draw(ASKED, own.map(|member| member.partner.clone()).collect());
    for other in node.shared_register().others().iter() {
        asked.extend(draw(1, register.guests(other, now).map(|guest| guest.partner.clone()).collect()));
    }
    asked
}

/// So many of them, drawn at random (at most four).
fn draw(count: u32, mut from: Vec<PartnerId>) -> Vec<PartnerId> {
    let random = uuid::Uuid::new_v4().as_u128();
    (0..count.min(4))
        .filter_map(|draw| {
            let most = from.len() as u128;
            let index = usize::try_from((random >> (32 * draw)) as u32 as u128 % most.max(1)).ok()?;
            (index < from.len()).then(|| from.swap_remove(index))
        })
        .collect()
}

/// Partners of whom nothing came, and until when they are left alone. There are no more than the register holds.
#[derive(Default)]
struct Pauses(HashMap<PartnerId, (Instant, Duration)>);

impl Pauses {
    fn over(&self, partner: &PartnerId, now: Instant) -> bool {
        self.0.get(partner).is_none_or(|(until, _)| *until <= now)
    }

    fn lengthen(&mut self, partner: &PartnerId, now: Instant) {
        let pause = self.0.get(partner).map_or(PAUSES.0, |(_, last)| (*last * 2).min(PAUSES.1));
        self.0.insert(partner.clone(), (now + pause, pause));
    }

    /// Notes what became of a visit.
    fn after(&mut self, partner: &PartnerId, why: Why, heard: Result<Heard, String>, now: Instant) {
        match heard {
            Ok(heard) if why.kept(&heard) => self.forget(partner),
            Ok(_) => self.lengthen(partner, now),
            Err(why) => {
                tracing::debug!(%partner, why, "no register news from this partner");
                self.lengthen(partner, now);
            }
        }
    }

    fn forget(&mut self, partner: &PartnerId) {
        self.0.remove(partner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_news() {
        let ours = "flevoland;e=1;v=3;h=0123456789abcdef";
        for (theirs, expected) in [
            (ours, false),
            ("flevoland;e=1;v=4;h=0123456789abcdef", true),
            ("flevoland;e=2;v=1;h=0123456789abcdef", true),
            ("flevoland;e=1;v=3;h=ffffffffffffffff", true),
            ("flevoland;e=1;v=2;h=ffffffffffffffff", false),
            ("elders;e=1;v=4;h=0123456789abcdef", false),
            ("flevoland;e=1;v=4", false),
            ("flevoland;e=1;v=4;h=0123456789abcdef;x=1", false),
            ("flevoland;e=1;v=99999999999999999999999;h=0123456789abcdef", false),
        ] {
            assert_eq!(is_news(theirs, ours), expected, "{theirs}");
        }
    }

    #[test]
    fn a_hint_that_leads_to_nothing_is_not_kept() {
        let heard = |changed| Heard { changed, ..Heard::default() };
        assert!(Why::Round.kept(&heard(false)) && Why::Hint.kept(&heard(true)) && !Why::Hint.kept(&heard(false)));
    }

    #[test]
    fn who_brings_nothing_is_asked_ever_more_rarely() {
        let Ok(partner) = "kvk:90000001".parse::<PartnerId>() else { return };
        let (mut pauses, now) = (Pauses::default(), Instant::now());
        for seconds in [2, 4, 8] {
            pauses.lengthen(&partner, now);
            let over = Duration::from_secs(seconds);
            assert!(!pauses.over(&partner, now + over - Duration::from_millis(1)), "{seconds}");
            assert!(pauses.over(&partner, now + over), "{seconds}");
        }
        (0..20).for_each(|_| pauses.lengthen(&partner, now));
        assert!(pauses.over(&partner, now + PAUSES.1));
        pauses.forget(&partner);
        assert!(pauses.over(&partner, now));
    }
}
