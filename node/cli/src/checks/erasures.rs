//! What systems of this partner are still to erase of people: whoever is late is answered nothing about people any more.

use polder_consent::Policy;
use polder_model::Timestamp;
use polder_store::people::Due;
use polder_store::{Reader, StoreError};

use super::Check;
use crate::output::clean;
use crate::print::{Lang, moment};

const ABOUT: &str = "erasures";
const HOUR: i64 = 3_600;

/// How late each system is. Nothing, of a database that no node of this version has opened yet.
pub(crate) async fn check(reader: &Reader, policy: &Policy, now: Timestamp) -> Vec<Check> {
    match look(reader).await {
        Ok(due) => due.iter().filter_map(|due| late(due, policy, now)).collect(),
        Err(error) => vec![Check::failure(ABOUT, format!("they cannot be read: {error}"), "see what is said of the database")],
    }
}

async fn look(reader: &Reader) -> Result<Vec<Due>, StoreError> {
    let schema = reader.schema().await?;
    if schema.found == schema.known { reader.erasures_due().await } else { Ok(Vec::new()) }
}

fn late(due: &Due, policy: &Policy, now: Timestamp) -> Option<Check> {
    let waits = now.seconds() - due.since.seconds();
    if waits <= policy.late_hours * HOUR {
        return None;
    }
    let says = format!(
        "{} has not erased {} thing(s) that workers of other partners withdrew, the first since {}",
        clean(&due.client),
        due.count,
        moment(due.since, Lang::En)
    );
    const DO: &str = "have it erase them and say so (POST /v1/erasures/acknowledged; of the operator's own: polder people erasures, polder people erased)";
    // How long a partner waits is for its own configuration; this node's says how long is usual.
    let shut = due.since.plus_seconds(policy.overdue_hours * HOUR);
    Some(if waits > policy.overdue_hours * HOUR {
        let so_far = "until it has, their partners answer nothing about people to this node, to none of its systems and to nobody at its desk (`no-disclosure`)";
        Check::failure(ABOUT, says, format!("{DO}: {so_far}"))
    } else {
        let from = moment(shut, Lang::En);
        let then =
            "their partners answer nothing about people to this node, to none of its systems and to nobody at its desk (`no-disclosure`)";
        Check::warning(ABOUT, says, format!("{DO}: their administrators are told that it is late, and from {from} on {then}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Grade;

    #[test]
    fn a_day_late_is_said_and_three_are_a_failure() {
        let since: Timestamp = "2026-11-23T12:00:00Z".parse().expect("an instant");
        let due = Due { client: "operator".to_owned(), count: 2, since };
        let grade = |hours: i64| late(&due, &Policy::default(), since.plus_seconds(hours * HOUR)).map(|check| check.grade);
        let advice = |hours: i64| {
            late(&due, &Policy::default(), since.plus_seconds(hours * HOUR)).and_then(|check| check.advice).unwrap_or_default()
        };
        let shut = moment(since.plus_seconds(72 * HOUR), Lang::En);
        assert!(advice(25).contains(&format!("from {shut} on their partners answer nothing about people")), "{}", advice(25));
        assert!(advice(73).contains("until it has, their partners answer nothing about people"), "{}", advice(73));
        assert_eq!([grade(24), grade(25), grade(72), grade(73)], [None, Some(Grade::Warning), Some(Grade::Warning), Some(Grade::Failure)]);
    }
}
