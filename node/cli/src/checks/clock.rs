//! The clock: what the system says of it, and how far it is from the partners'.

use std::process::Stdio;
use std::time::Duration;

use polder_web::Visit;
use tokio::process::Command;

use super::Check;

const ABOUT: &str = "clock";
/// A message that is more than this off is refused, in milliseconds.
const REFUSED: u64 = 30_000;
/// More than this is told, in milliseconds.
const TOLD: u64 = 5_000;

/// What the system says: whether it keeps the clock in step. Nothing where it does not say.
pub(crate) async fn system() -> Option<Check> {
    let mut command = Command::new("timedatectl");
    command.args(["show", "--property=NTPSynchronized", "--value"]).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(Duration::from_secs(2), command.output()).await.ok()?.ok()?;
    match String::from_utf8_lossy(&output.stdout).trim() {
        "yes" => Some(Check::ok(ABOUT, "the system keeps it in step (NTP)")),
        "no" => Some(Check::warning(
            ABOUT,
            "the system does not keep it in step (NTP)",
            "run an NTP client, such as systemd-timesyncd or chrony",
        )),
        _ => None,
    }
}

/// How far this clock is from the middle one of the partners'. Nothing where nobody replied.
pub(crate) fn check(visits: &[Visit]) -> Option<Check> {
    let mut ahead: Vec<i64> = visits.iter().filter_map(|visit| visit.ahead_ms).collect();
    ahead.sort_unstable();
    let middle = *ahead.get(ahead.len().checked_sub(1)? / 2)?;
    let (off, way) = (middle.unsigned_abs(), if middle > 0 { "behind" } else { "ahead of" });
    let says = format!("this clock is {} {way} the partners' ({} asked)", seconds(off), ahead.len());
    let advice = "set it, and run an NTP client, such as systemd-timesyncd or chrony";
    Some(if off > REFUSED {
        Check::failure(ABOUT, format!("{says}: messages that are more than 30 s off are refused"), advice)
    } else if off > TOLD {
        Check::warning(ABOUT, says, advice)
    } else {
        Check::ok(ABOUT, says)
    })
}

/// What the node that runs says of its clock, beside being ready. Nothing where it has nothing to say.
pub(crate) fn told(says: Option<&str>) -> Option<Check> {
    let says = says.filter(|says| !says.is_empty())?;
    let advice = "set the clock right; where it is right now and was wrong before, start the node anew (docs/operating.md)";
    Some(Check::failure(ABOUT, says, advice))
}

fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1_000, ms % 1_000 / 100)
}

#[cfg(test)]
mod tests {
    use super::super::Grade;
    use super::*;

    #[test]
    fn a_clock_that_was_set_is_told() {
        assert_eq!(told(None), None);
        assert_eq!(told(Some("")), None, "it is ready, and that is all");
        let says = polder_exchange::ClockWasSet(-3_600).to_string();
        let check = told(Some(&says)).expect("a check");
        assert!(check.grade == Grade::Failure && check.says.contains("set 3600 s back") && check.advice.is_some(), "{check:?}");
    }

    #[test]
    fn the_middle_clock_counts() {
        let member = serde_json::from_value::<polder_trust::register::Member>(serde_json::json!({
            "partner": "kvk:12345678", "name": "A", "roles": [], "peerUrl": "https://a.example:1", "purposes": [], "actsFor": [],
            "tlsPins": [], "messageKeys": [], "status": "active", "since": 1
        }));
        let member = std::sync::Arc::new(member.expect("a member"));
        let visit = |ahead_ms| Visit {
            member: std::sync::Arc::clone(&member),
            took: Duration::ZERO,
            ahead_ms,
            said: Err(polder_exchange::PeerFailure::new(polder_model::answer::MissingReason::ClockSkew, "")),
        };
        let grade = |all: &[Option<i64>]| check(&all.iter().map(|one| visit(*one)).collect::<Vec<_>>()).map(|check| check.grade);
        assert_eq!(grade(&[]), None);
        assert_eq!(grade(&[None]), None);
        assert_eq!(grade(&[Some(10), Some(-3), Some(90_000)]), Some(Grade::Ok), "one wrong clock is theirs");
        assert_eq!(grade(&[Some(6_000), None]), Some(Grade::Warning));
        assert_eq!(grade(&[Some(-31_000)]), Some(Grade::Failure));
    }
}
