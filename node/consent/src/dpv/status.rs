//! The life of a consent in these words: a status for each event.

use polder_model::{PartnerId, Timestamp};
use serde::Serialize;

use super::words::short;
use super::{Named, Typed, named};
use crate::ground::Ground;
use crate::purpose::{LegalBasis, REQUEST_DAYS};
use crate::receipt::Receipted;
use crate::state::{Event, State, What};

/// An event: a status of the consent, and from when on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    #[serde(rename = "@type")]
    kinds: Vec<String>,
    #[serde(rename = "dpv:isIndicatedAtTime")]
    at: Timestamp,
    #[serde(rename = "dpv:isIndicatedBy", skip_serializing_if = "Option::is_none")]
    by: Option<Named>,
    #[serde(rename = "dpv:hasIndicationMethod", skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(rename = "dpv:hasDuration", skip_serializing_if = "Option::is_none")]
    until: Option<Typed>,
    #[serde(rename = "dpv:hasJustification", skip_serializing_if = "Option::is_none")]
    ground: Option<Named>,
}

/// A status for each event, and one more where time alone has ended it.
pub(super) fn statuses(receipted: &Receipted) -> Vec<Status> {
    let consent = &receipted.consent;
    let mut statuses: Vec<Status> = receipted.events.iter().map(|event| status(receipted, *event)).collect();
    let by_clock = match receipted.state {
        State::Expired => Some(consent.until),
        State::Lapsed => receipted.events.first().map(|asked| asked.at.plus_seconds(REQUEST_DAYS * 86_400)),
        _ => None,
    };
    statuses.extend(by_clock.map(|at| Status {
        kinds: vec![short(receipted.state)],
        at,
        by: None,
        method: None,
        until: None,
        ground: None,
    }));
    statuses
}

fn status(receipted: &Receipted, event: Event) -> Status {
    let (consent, worker) = (&receipted.consent, "dpv:DataSubject");
    let partner = |partner: &PartnerId| format!("urn:polder:partner:{partner}");
    let (state, by) = match event.what {
        What::Request => (State::Requested, partner(&consent.recipient)),
        What::Give => (State::Given, worker.to_owned()),
        What::Refuse => (State::Refused, worker.to_owned()),
        What::Defer => (State::Deferred, worker.to_owned()),
        What::Withdraw => (State::Withdrawn, worker.to_owned()),
        What::Replace => (State::Superseded, worker.to_owned()),
        What::Revoke => (State::Revoked, partner(&consent.controller)),
        What::Invalidate if matches!(event.ground, None | Some(Ground::Authority)) => (State::Invalidated, "dpv:Authority".to_owned()),
        What::Invalidate => (State::Invalidated, partner(&consent.controller)),
    };
    let mut kinds = vec![short(state)];
    let is_given = event.what == What::Give;
    if is_given && consent.legal_basis == LegalBasis::Consent {
        kinds.push("dpv:ExplicitlyExpressedConsent".to_owned());
    }
    let method = is_given.then(|| consent.notice.channel.clone());
    let until = is_given.then(|| Typed { kind: "dpv:UntilTimeDuration", value: consent.until.to_string() });
    let ground = event.ground.map(|ground| named(format!("urn:polder:ground:{}", ground.as_str())));
    Status { kinds, at: event.at, by: Some(named(by)), method, until, ground }
}
