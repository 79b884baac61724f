//! Who must stand in a result of the demo, and who must not.

use std::collections::BTreeSet;

use polder_model::answer::{Missing, MissingReason, QueryResult};

use super::questions::Question;

/// What is wrong with a result while every node runs: everyone has answered and nobody is missing.
pub(crate) fn while_all_run(result: &QueryResult, partners: &[&str]) -> Vec<String> {
    let mut faults = answered_are(result, partners.iter().copied().collect());
    faults.extend(result.missing.iter().map(|missing| format!("{} is missing ({})", missing.partner, missing.reason.as_str())));
    faults
}

/// What is wrong with a result after a node was killed: that partner is unreachable, everyone else has answered, and none of its hits is shown.
pub(crate) fn after_one_is_killed(result: &QueryResult, partners: &[&str], killed: &str) -> Vec<String> {
    let mut faults = answered_are(result, partners.iter().copied().filter(|partner| *partner != killed).collect());
    let as_expected = |missing: &Missing| missing.partner.as_str() == killed && missing.reason == MissingReason::Unreachable;
    if !matches!(result.missing.as_slice(), [only] if as_expected(only)) {
        let named: Vec<String> =
            result.missing.iter().map(|missing| format!("{} ({})", missing.partner, missing.reason.as_str())).collect();
        faults.push(format!("missing is [{}]; it should be {killed} (unreachable) alone", named.join(", ")));
    }
    let left = result.hits.iter().filter(|hit| hit.partner.as_str() == killed).count();
    if left > 0 {
        faults.push(format!("{left} hits of {killed} are still shown"));
    }
    faults
}

fn answered_are(result: &QueryResult, expected: BTreeSet<&str>) -> Vec<String> {
    let answered: BTreeSet<&str> = result.answered.iter().map(|answered| answered.partner.as_str()).collect();
    let silent = expected.difference(&answered).map(|partner| format!("{partner} has not answered"));
    let others = answered.difference(&expected).map(|partner| format!("{partner} should not have answered"));
    silent.chain(others).collect()
}

/// Which question is asked again, and whose node is killed before: one with a hit in its list that is not the asker's own, so that hits must go.
/// Where there is none, whoever else answered first.
pub(crate) fn to_kill(asked: &[(Question, QueryResult)]) -> Option<(&Question, String)> {
    let other = |result: &QueryResult, partner: &polder_model::PartnerId| *partner != result.query.asker;
    let with_hit = asked.iter().find_map(|(question, result)| {
        let hit = result.hits.iter().find(|hit| other(result, &hit.partner))?;
        Some((question, hit.partner.to_string()))
    });
    with_hit.or_else(|| {
        asked.iter().find_map(|(question, result)| {
            let answered = result.answered.iter().find(|answered| other(result, &answered.partner))?;
            Some((question, answered.partner.to_string()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::questions::questions;
    use serde_json::{Value, json};

    const ALL: [&str; 3] = ["kvk:90000001", "kvk:90000002", "oin:00000001900000001000"];

    /// A result of these three, with hits of these partners.
    fn result(hits: &[&str], answered: &[&str], missing: &[(&str, &str)]) -> QueryResult {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/result/examples/valid/hits-and-missing-partners.json");
        let mut value: Value = serde_json::from_slice(&std::fs::read(path).expect("an example")).expect("JSON");
        let hit = value["hits"][0].clone();
        let of = |partner: &&str| {
            let mut hit = hit.clone();
            hit["partner"] = json!(partner);
            hit
        };
        value["query"]["asker"] = json!(ALL[0]);
        value["hits"] = hits.iter().map(of).collect();
        value["answered"] =
            answered.iter().map(|partner| json!({"partner": partner, "name": "", "ms": 1, "hits": 1, "more": false})).collect();
        value["missing"] = missing.iter().map(|(partner, reason)| json!({"partner": partner, "name": "", "reason": reason})).collect();
        // Not looked at: whoever nobody knows of is not named as missing either.
        value["complete"] = json!(true);
        serde_json::from_value(value).expect("a result")
    }

    #[test]
    fn everyone_answers_while_all_run() {
        assert_eq!(while_all_run(&result(&[], &ALL, &[]), &ALL), Vec::<String>::new());
        assert_eq!(while_all_run(&result(&[], &ALL[..2], &[]), &ALL), ["oin:00000001900000001000 has not answered"]);
        let slow = while_all_run(&result(&[], &ALL[..2], &[(ALL[2], "slow")]), &ALL);
        assert_eq!(slow, ["oin:00000001900000001000 has not answered", "oin:00000001900000001000 is missing (slow)"]);
    }

    #[test]
    fn who_was_killed_is_unreachable_alone() {
        let faults = |hits: &[&str], answered: &[&str], missing: &[(&str, &str)]| {
            after_one_is_killed(&result(hits, answered, missing), &ALL, ALL[2])
        };
        assert_eq!(faults(&[ALL[0]], &ALL[..2], &[(ALL[2], "unreachable")]), Vec::<String>::new());
        assert_eq!(faults(&[], &ALL, &[]).len(), 2, "it answered");
        assert_eq!(faults(&[], &ALL[..2], &[(ALL[2], "slow")]).len(), 1, "it is slow");
        assert_eq!(faults(&[], &ALL[..1], &[(ALL[1], "slow"), (ALL[2], "unreachable")]).len(), 2, "another is missing too");
        assert_eq!(faults(&[], &ALL[..1], &[(ALL[2], "unreachable")]), ["kvk:90000002 has not answered"]);
        let left = faults(&[ALL[2], ALL[0], ALL[2]], &ALL[..2], &[(ALL[2], "unreachable")]);
        assert_eq!(left, ["2 hits of oin:00000001900000001000 are still shown"]);
    }

    #[test]
    fn the_one_that_is_killed_has_a_hit_that_is_shown() {
        let [first, second, third] = questions();
        let own = result(&[ALL[0]], &ALL, &[]);
        let other = result(&[ALL[0], ALL[1]], &ALL, &[]);
        let asked = [(first, own.clone()), (second, other), (third, own.clone())];
        let (question, killed) = to_kill(&asked).expect("there is one");
        assert_eq!((question.name, killed.as_str()), (asked[1].0.name, ALL[1]));
        let [first, ..] = questions();
        assert_eq!(to_kill(&[(first, own)]).expect("without hits of others").1, ALL[1]);
    }
}
