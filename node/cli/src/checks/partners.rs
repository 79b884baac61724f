//! The partners: who can be reached, how fast, in which version, with which register and which clock.

use polder_model::answer::MissingReason;
use polder_model::query::RANKING;
use polder_trust::register::Register;
use polder_web::{NodeNow, Visit};

use super::register::pair;
use super::{Check, Grade};
use crate::output::clean;

const ABOUT: &str = "partners";
/// A clock that is this much off is told, in milliseconds.
const OFF: u64 = 10_000;

/// What is said of lists of different versions while two contradict each other.
const OPEN: &str = "that stays so while a contradiction is open";

/// One line for each partner, and one for all of them; `contradiction` where this node knows of one, so that it takes no newer list.
pub(crate) fn check(visits: &[Visit], register: &Register, contradiction: bool) -> Vec<Check> {
    let mut checks: Vec<Check> = visits.iter().map(|visit| one(visit, register, contradiction)).collect();
    let answered = visits.iter().filter(|visit| visit.said.is_ok()).count();
    let all = visits.len();
    checks.push(match answered {
        _ if all == 0 => Check::ok(ABOUT, "there is no other partner yet"),
        0 => Check::failure(ABOUT, format!("none of {all} answered"), nobody(visits)),
        _ => Check::ok(ABOUT, format!("{answered} of {all} answered")),
    });
    checks
}

/// What to do where nobody answered.
pub(crate) fn nobody(visits: &[Visit]) -> &'static str {
    let reasons: Vec<Why> = visits.iter().filter_map(why).collect();
    if reasons.contains(&Why::Unknown) {
        "the partners do not know this node's keys yet: the registrar puts the new list on one node (docs/register.md), and within a minute everyone has it; then run this again"
    } else if reasons.contains(&Why::Out) {
        "the partners' register says that this partner is suspended or expelled: ask a registrar why"
    } else if reasons.contains(&Why::Clock) {
        "this machine's clock is more than 30 s off: set it, and run an NTP client"
    } else {
        "see that this machine may open connections to other machines (firewall, DNS) on the ports of their addresses"
    }
}

/// What the first visit that came to nothing met.
pub(crate) fn first_failure(visits: &[Visit]) -> String {
    let failed = visits.iter().find_map(|visit| Some((visit, visit.said.as_ref().err()?)));
    failed.map_or_else(String::new, |(visit, failed)| format!("{}: {}", clean(visit.member.partner.as_str()), said(&failed.detail)))
}

/// Why a visit came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The partner does not know this node's keys.
    Unknown,
    /// The register says that this node's partner does not take part.
    Out,
    /// The clocks differ too much.
    Clock,
    /// What answers at its address has another key than the register says.
    OtherKey,
    /// No connection, or no reply.
    Silent,
    /// It replied, and not as it should.
    Other,
}

/// Why a visit came to nothing, if it did.
pub(crate) fn why(visit: &Visit) -> Option<Why> {
    let failed = visit.said.as_ref().err()?;
    Some(match failed.reason {
        MissingReason::NotAMember if failed.detail.contains("does not take part") => Why::Out,
        MissingReason::NotAMember => Why::Unknown,
        MissingReason::Unreachable if closed_on(&failed.detail) => Why::Unknown,
        MissingReason::Unreachable if failed.detail.contains("invalid peer certificate") => Why::OtherKey,
        MissingReason::ClockSkew => Why::Clock,
        MissingReason::Unreachable | MissingReason::Slow => Why::Silent,
        _ => Why::Other,
    })
}

/// Whether a connection was made and then ended. That is how a node refuses a key that it does not know: this side's handshake is done by then, and
/// the alert is read as such, or as the end of the call that was on its way.
fn closed_on(detail: &str) -> bool {
    ["received fatal alert", "(SendRequest)", "operation was canceled"].iter().any(|said| detail.contains(said))
}

/// What a failure says, without the address that stands in the line already.
fn said(detail: &str) -> String {
    clean(detail.split_once("client error (").and_then(|(_, rest)| rest.split_once("): ")).map_or(detail, |(_, rest)| rest))
}

fn one(visit: &Visit, register: &Register, contradiction: bool) -> Check {
    let about = clean(visit.member.partner.as_str());
    let (name, url) = (clean(&visit.member.name), clean(&visit.member.peer_url));
    let node = match &visit.said {
        Ok(node) => node,
        Err(failed) => {
            let advice = match why(visit) {
                Some(Why::Unknown) => "their node does not hold this node's keys yet; a registrar sees that they get the list",
                Some(Why::Out) => "their register says that this partner is suspended or expelled; ask a registrar why",
                Some(Why::Clock) => "one of the two clocks is more than 30 s off; see the line about the clock",
                Some(Why::OtherKey) => {
                    "what answers there shows another key than the register has for this partner: its keys are new and no registrar has put them \
                     into the register, or its address leads to another machine; tell that partner"
                }
                Some(Why::Silent) => "tell that partner, if it stays so; the others answer without it",
                _ => "tell that partner what it says",
            };
            return Check::warning(&about, format!("{name} at {url} did not answer: {}", said(&failed.detail)), advice);
        }
    };
    let mut check = Check::ok(&about, format!("{name}: {} ms, version {}", visit.took.as_millis(), clean(&node.version)));
    for (says, advice) in differences(node, visit, register, contradiction) {
        check.grade = Grade::Warning;
        check.says = format!("{}; {says}", check.says);
        check.advice = Some(check.advice.map_or_else(|| advice.to_owned(), |before| format!("{before}; {advice}")));
    }
    check
}

/// One line for each guest, judged by the register of its own region.
pub(crate) fn guests(visits: &[Visit], register: &Register) -> Vec<Check> {
    visits.iter().map(|visit| one(visit, register, false)).collect()
}

/// In what a partner that answers differs from this node.
fn differences(node: &NodeNow, visit: &Visit, register: &Register, contradiction: bool) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    if !node.rankings.iter().any(|ranking| ranking == RANKING) {
        let says = format!("it cannot compute {RANKING}, but {}", clean(&node.rankings.join(", ")));
        found.push((says, "its answers are missing from results until both run the same version"));
    }
    let (theirs, ours) = (&node.register, register.adopted());
    if theirs.region != register.region() {
        found.push((format!("its register is that of {}", clean(&theirs.region)), "tell that partner and a registrar"));
    } else if (theirs.root, theirs.epoch, theirs.version) > pair(ours) {
        let says = format!("its register is ahead: members {}.{}", theirs.epoch, theirs.version);
        found.push((says, if contradiction { OPEN } else { "a running node fetches it within a minute: look again then" }));
    } else if (theirs.root, theirs.epoch, theirs.version) < pair(ours) {
        let says = format!("its register is behind: members {}.{}", theirs.epoch, theirs.version);
        let open = contradiction || theirs.alarm;
        found.push((says, if open { OPEN } else { "it hears of yours within a minute: look again then" }));
    } else if theirs.sha256 != ours.sha256 {
        found.push((
            "its register has the same version and another content".to_owned(),
            "tell the stewards at once: that is a contradiction (docs/register.md)",
        ));
    }
    if theirs.alarm {
        found.push(("it knows of two lists that contradict each other".to_owned(), "the stewards must recover (docs/register.md)"));
    }
    if let Some(ahead) = visit.ahead_ms.filter(|ahead| ahead.unsigned_abs() > OFF) {
        let way = if ahead > 0 { "ahead of" } else { "behind" };
        let says = format!("its clock is {} s {way} this one", ahead.unsigned_abs() / 1_000);
        found.push((says, "one of the two needs an NTP client"));
    }
    found
}

/// Whether this node answers at the address that the register has for it, as seen from here.
pub(crate) fn own_address(visit: &Visit) -> Check {
    let url = clean(&visit.member.peer_url);
    match &visit.said {
        Ok(_) => Check::ok("address", format!("this node answers at {url}")),
        Err(failed) => Check::warning(
            "address",
            format!(
                "this node does not answer at {url}, the address that the register has for it, as seen from here: {}",
                said(&failed.detail)
            ),
            "partners must reach it there: see the name (DNS), the firewall and a forwarded port; where only this network cannot reach its own \
             outer address, all is well",
        ),
    }
}

#[cfg(test)]
mod tests;
