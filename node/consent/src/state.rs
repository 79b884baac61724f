//! The life of one consent: a state machine over its events. The state is never stored; it follows from the events and the instant.

use polder_model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ground::Ground;
use crate::purpose::{DEFERRED_DAYS, REQUEST_DAYS};

const DAY: i64 = 86_400;

/// What happened to a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A partner asked for it.
    Request,
    /// The worker gave it.
    Give,
    /// The worker said no.
    Refuse,
    /// The worker closed the question.
    Defer,
    /// The worker ended it.
    Withdraw,
    /// The worker gave a new one in its place, with fewer or other fields, or for longer.
    Replace,
    /// The partner who keeps the worker's data ended it.
    Revoke,
    /// A privacy officer or an authority found that it never held.
    Invalidate,
}

/// An event of a consent. They are only ever added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Event {
    /// What happened.
    pub what: What,
    /// When.
    pub at: Timestamp,
    /// Why, where a partner ended it by itself or found that it never held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
}

impl Event {
    /// What happened at an instant, without a ground.
    #[must_use]
    pub const fn new(what: What, at: Timestamp) -> Self {
        Self { what, at, ground: None }
    }
}

/// Where a consent stands. Final states stay what they are: giving again makes a new consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Asked for, not decided.
    Requested,
    /// Asked for, and the question was closed.
    Deferred,
    /// Asked for, and not decided in time. Final.
    Lapsed,
    /// Asked for, and declined. Final.
    Refused,
    /// Given: the only state that authorises anything.
    Given,
    /// Ended by the worker. Final.
    Withdrawn,
    /// Ended by a newer consent. Final.
    Superseded,
    /// Ended by the partner who keeps the data. Final.
    Revoked,
    /// Ended by its date. Final.
    Expired,
    /// Found never to have held. Final.
    Invalidated,
}

impl State {
    /// The word in the Data Privacy Vocabulary (W3C DPV, `ConsentStatus`).
    #[must_use]
    pub const fn dpv(self) -> &'static str {
        match self {
            Self::Requested => "https://w3id.org/dpv#ConsentRequested",
            Self::Deferred => "https://w3id.org/dpv#ConsentRequestDeferred",
            Self::Lapsed => "https://w3id.org/dpv#ConsentUnknown",
            Self::Refused => "https://w3id.org/dpv#ConsentRefused",
            Self::Given => "https://w3id.org/dpv#ConsentGiven",
            Self::Withdrawn | Self::Superseded => "https://w3id.org/dpv#ConsentWithdrawn",
            Self::Revoked => "https://w3id.org/dpv#ConsentRevoked",
            Self::Expired => "https://w3id.org/dpv#ConsentExpired",
            Self::Invalidated => "https://w3id.org/dpv#ConsentInvalidated",
        }
    }
}

/// An event that cannot follow where a consent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what:?} cannot follow on {state:?}")]
pub struct NotPossible {
    /// What was to happen.
    pub what: What,
    /// Where the consent stands; `None` where it does not exist.
    pub state: Option<State>,
}

/// Where a consent stands after one more event. What time has made of it is to be seen to before ([`state`]).
///
/// # Errors
/// [`NotPossible`]; nothing happened then.
pub fn step(state: Option<State>, event: What) -> Result<State, NotPossible> {
    use State::{Deferred, Given, Invalidated, Refused, Requested, Revoked, Superseded, Withdrawn};
    Ok(match (state, event) {
        (None, What::Request) => Requested,
        (None | Some(Requested | Deferred), What::Give) => Given,
        (Some(Requested | Deferred), What::Refuse) => Refused,
        (Some(Requested), What::Defer) => Deferred,
        (Some(Given), What::Withdraw) => Withdrawn,
        (Some(Given), What::Replace) => Superseded,
        (Some(Given), What::Revoke) => Revoked,
        // It reaches back: also what has ended was never lawful.
        (Some(Given | Withdrawn | Superseded | Revoked | State::Expired), What::Invalidate) => Invalidated,
        (state, what) => return Err(NotPossible { what, state }),
    })
}

/// Where a consent stands at an instant; `None` where its events are none, or none that can follow each other. What cannot be read authorises
/// nothing.
#[must_use]
pub fn state(events: &[Event], until: Timestamp, now: Timestamp) -> Option<State> {
    let mut state = None;
    for event in events {
        state = Some(step(by_clock(state, events, until, event.at), event.what).ok()?);
    }
    by_clock(state, events, until, now)
}

/// What time alone has made of a state.
fn by_clock(state: Option<State>, events: &[Event], until: Timestamp, now: Timestamp) -> Option<State> {
    let asked = events.first().map(|event| event.at);
    match state? {
        State::Given if now >= until => Some(State::Expired),
        State::Requested | State::Deferred if asked.is_some_and(|asked| now >= asked.plus_seconds(REQUEST_DAYS * DAY)) => {
            Some(State::Lapsed)
        }
        other => Some(other),
    }
}

/// Whether a consent with these events authorises anything at that instant.
#[must_use]
pub fn authorises(events: &[Event], until: Timestamp, now: Timestamp) -> bool {
    state(events, until, now) == Some(State::Given)
}

/// From when on the worker may be asked again for the same, after a consent with these events; `None`: at once.
#[must_use]
pub fn may_be_asked_from(events: &[Event]) -> Option<Timestamp> {
    let last = events.last()?;
    let waits = match last.what {
        What::Defer => DEFERRED_DAYS,
        What::Request | What::Refuse => REQUEST_DAYS,
        _ => return None,
    };
    Some(last.at.plus_seconds(waits * DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [What; 8] =
        [What::Request, What::Give, What::Refuse, What::Defer, What::Withdraw, What::Replace, What::Revoke, What::Invalidate];

    fn day(day: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(day * DAY)
    }

    /// Every sequence of up to four events, a day apart, judged day by day.
    #[test]
    fn only_a_given_consent_authorises_and_what_is_final_stays() {
        let until = day(20);
        let is_final = |state: State| !matches!(state, State::Requested | State::Deferred | State::Given);
        let mut sequences: Vec<Vec<Event>> = vec![Vec::new()];
        let mut seen = 0;
        for length in 0..4 {
            let mut longer = Vec::new();
            for events in sequences.iter().filter(|events| events.len() == length) {
                for what in ALL {
                    let mut events = events.clone();
                    events.push(Event::new(what, day(i64::try_from(length).unwrap_or(0))));
                    longer.push(events);
                }
            }
            for events in &longer {
                let before = state(&events[..length], until, day(i64::try_from(length).unwrap_or(0)));
                let after = state(events, until, day(3));
                if before.is_some_and(is_final) && after.is_some() {
                    assert_eq!(events.last().map(|event| event.what), Some(What::Invalidate), "{events:?}");
                }
                for now in 0..40 {
                    let given = authorises(events, until, day(now));
                    let last = events.last().map(|event| event.what);
                    assert!(!given || last == Some(What::Give) && now < 20, "{events:?} on day {now}");
                }
                seen += 1;
            }
            sequences = longer;
        }
        assert_eq!(seen, 8 + 64 + 512 + 4096);
    }

    #[test]
    fn time_ends_what_nobody_ends() {
        let given = [Event::new(What::Give, day(0))];
        assert_eq!(state(&given, day(5), day(5).plus_micros(-1)), Some(State::Given));
        assert_eq!(state(&given, day(5), day(5)), Some(State::Expired));
        let asked = [Event::new(What::Request, day(0))];
        assert_eq!(state(&asked, day(99), day(29)), Some(State::Requested));
        assert_eq!(state(&asked, day(99), day(30)), Some(State::Lapsed));
        // What comes after the end does not revive it.
        let late = [asked[0], Event::new(What::Give, day(31))];
        assert_eq!(state(&late, day(99), day(32)), None);
        let withdrawn_late = [given[0], Event::new(What::Withdraw, day(6))];
        assert_eq!(state(&withdrawn_late, day(5), day(7)), None);
    }

    #[test]
    fn nobody_is_asked_again_too_soon() {
        let at = |what| [Event::new(what, day(1))];
        assert_eq!(may_be_asked_from(&at(What::Defer)), Some(day(31)));
        assert_eq!(may_be_asked_from(&at(What::Refuse)), Some(day(31)));
        assert_eq!(may_be_asked_from(&at(What::Request)), Some(day(31)));
        assert_eq!(may_be_asked_from(&[]), None);
    }
}
