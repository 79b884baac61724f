//! A partner as this node sees it: reached or not, what waits for it, which of its keys end, and what is to be done.

use std::collections::HashMap;

use polder_exchange::Trouble;
use polder_model::{PartnerId, Timestamp};
use polder_store::people::PartnerQueue;
use polder_trust::register::{Expiring, Member, Register, Status, expiring};
use serde::Serialize;

use super::{Ending, Warning};
use crate::pages::bounded::short;
use crate::pages::{PageError, Pages};

/// A clock that is this much off is told, in milliseconds.
const OFF_MS: u64 = 10_000;

/// How a partner stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    /// It replied when it was last called.
    Reached,
    /// It did not.
    Failing,
    /// It was not called since the start.
    NotCalled,
    /// The register says so.
    Suspended,
    /// The register says so.
    Expelled,
}

/// A partner.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Seen {
    pub partner: PartnerId,
    pub name: String,
    pub roles: Vec<String>,
    /// The region, where it is another.
    region: Option<String>,
    pub state: State,
    /// Since when it is not reached, or when it last was.
    since: Option<Timestamp>,
    /// What is the matter where it is not reached, in the closed list of results.
    reason: Option<&'static str>,
    /// What is the matter with the connection, where that is it.
    trouble: Option<&'static str>,
    pub reached_at: Option<Timestamp>,
    pub usual_ms: Option<u64>,
    pub took: Vec<u64>,
    pub waiting: u64,
    pub waiting_since: Option<Timestamp>,
    version: Option<String>,
    register: Option<String>,
    ahead_ms: Option<i64>,
    pub endings: Vec<Ending>,
    pub warnings: Vec<Warning>,
    /// How soon somebody should look: 3 now, 0 not.
    pub urgency: u8,
}

/// What waits, by partner.
pub(super) type AllWaiting = HashMap<PartnerId, PartnerQueue>;

/// What waits for partners.
pub(super) async fn all_waiting(pages: &Pages) -> Result<AllWaiting, PageError> {
    Ok(pages.node().store().waiting().await?.into_iter().map(|waiting| (waiting.partner.clone(), waiting)).collect())
}

/// How a member of a register stands.
pub(super) fn seen(pages: &Pages, register: &Register, member: &Member, waiting: &AllWaiting) -> Seen {
    let (node, now) = (pages.node(), pages.node().now());
    let standing = pages.watched().peers.standings().of(&member.partner);
    let waits = waiting.get(&member.partner);
    let state = match (member.status, &standing.failing, standing.reached_at) {
        (Status::Expelled, ..) => State::Expelled,
        (Status::Suspended, ..) => State::Suspended,
        (_, Some(_), _) => State::Failing,
        (_, None, Some(_)) => State::Reached,
        (_, None, None) => State::NotCalled,
    };
    let endings = expiring(register, &member.partner, None).into_iter().filter_map(|(what, at)| match what {
        Expiring::MessageKey => Some(Ending::new("message-key", at, now)),
        Expiring::TlsKey => Some(Ending::new("tls-key", at, now)),
        Expiring::Root | Expiring::Members | Expiring::ClientCertificate => None,
    });
    let certificate = standing.certificate_until.map(|at| Ending::new("certificate", at, now));
    let is_own_region = register.region() == node.register().region();
    let failing = standing.failing.as_ref();
    let mut seen = Seen {
        partner: member.partner.clone(),
        name: short(&member.name),
        roles: member.roles.clone(),
        region: (!is_own_region).then(|| register.region().to_owned()),
        state,
        since: failing.map(|failing| failing.since).or(standing.reached_at),
        reason: failing.map(|failing| failing.reason.as_str()),
        trouble: failing.and_then(|failing| failing.trouble).map(Trouble::as_str),
        reached_at: standing.reached_at,
        usual_ms: standing.usual_ms(),
        took: standing.took.iter().copied().collect(),
        waiting: waits.map_or(0, |waits| waits.count),
        waiting_since: waits.map(|waits| waits.since),
        register: standing.register.map(|(epoch, version)| format!("{epoch}.{version}")),
        version: standing.version,
        ahead_ms: standing.ahead_ms,
        endings: endings.chain(certificate).collect(),
        warnings: Vec::new(),
        urgency: 0,
    };
    let ours = register.adopted();
    let is_other = standing.register.is_some_and(|theirs| theirs != (ours.epoch, ours.version));
    warn(pages, &mut seen, is_other);
    seen
}

/// Says what is to be done, and how soon.
fn warn(pages: &Pages, seen: &mut Seen, other_register: bool) {
    let (policy, now) = (pages.node().policy(), pages.node().now());
    let mut all = Vec::new();
    let mut urgency = 0;
    let mut add = |how_soon: u8, warning: Warning| {
        urgency = urgency.max(how_soon);
        all.push(warning);
    };
    if let (State::Failing, Some(since)) = (seen.state, seen.since) {
        add(3, Warning::new("partner-failing").at(since));
    }
    if let Some(since) = seen.waiting_since {
        if since.plus_seconds(policy.overdue_seconds()) <= now {
            add(3, Warning::new("partner-overdue").at(since).count(policy.overdue_hours));
        } else if since.plus_seconds(policy.late_seconds()) <= now {
            add(3, Warning::new("partner-late").at(since).count(policy.overdue_hours));
        }
    }
    if seen.state != State::Expelled {
        for ending in seen.endings.iter().filter(|ending| ending.warns()) {
            let says = match (ending.what, ending.grade) {
                ("certificate", "over") => "partner-certificate-over",
                ("certificate", _) => "partner-certificate-ends",
                (_, "over") => "partner-key-over",
                _ => "partner-key-ends",
            };
            add(2, Warning::new(says).at(ending.at).count(ending.days));
        }
        if let Some(ms) = seen.ahead_ms.filter(|ms| ms.unsigned_abs() > OFF_MS) {
            add(2, Warning::new("partner-clock").count(ms / 1_000));
        }
        if other_register {
            add(1, Warning::new("partner-register").text(seen.register.clone().unwrap_or_default()));
        }
    }
    if seen.state == State::Suspended {
        add(1, Warning::new("partner-suspended"));
    }
    (seen.warnings, seen.urgency) = (all, urgency);
}

/// Sorts those first whom somebody should look at first.
pub(super) fn sort(all: &mut [Seen]) {
    all.sort_by(|a, b| {
        let key = |seen: &Seen| (std::cmp::Reverse(seen.urgency), seen.state == State::Expelled);
        key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name)).then_with(|| a.partner.cmp(&b.partner))
    });
}
