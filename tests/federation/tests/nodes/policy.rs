//! What a partner decides about people's data: stricter than what was promised, and carried out.

use std::time::Duration;

use polder_consent::{Field, FieldSet, Policy};
use polder_exchange::people::{DecideRefused, Decision, NewRequest, RequestRefused};
use polder_federation_tests::http::{Client, start_all, vacancy as vacancy_document};
use polder_federation_tests::local::Federation;
use polder_federation_tests::people::{MATCHED, decision, give, morning, profile, put, request, seek, vacancy};
use polder_federation_tests::problems::refused;
use polder_model::Purpose;
use polder_model::answer::MissingReason;
use serde_json::json;

use crate::workers::about_people;

const DAY: Duration = Duration::from_secs(86_400);

/// A home node of that policy with a worker, and an employer that seeks people.
async fn federation(policy: &Policy) -> (Federation, polder_consent::WorkerId) {
    let federation = Federation::about_people_by(2, morning(), policy).await;
    let worker = put(&federation.nodes[0], "P-1", &profile("Monteur zoekt werk")).await;
    vacancy(&federation.nodes[1], "V-1").await;
    (federation, worker)
}

#[tokio::test]
async fn a_purpose_that_is_not_used_is_neither_given_nor_asked_nor_answered() {
    let used = Policy::default();
    let (open, worker) = federation(&used).await;
    let employer = open.nodes[1].home().partner.clone();
    give(&open.nodes[0], worker, &decision(&[&employer], &MATCHED)).await.expect("given");
    assert_eq!(seek(&open.nodes[1]).await.hits.len(), 1);

    let (closed, worker) = federation(&Policy { unused: vec![Purpose::MatchVacancy, Purpose::BeContacted], ..used }).await;
    let refused = give(&closed.nodes[0], worker, &decision(&[&employer], &MATCHED)).await.expect_err("refused");
    let DecideRefused::Invalid(findings) = refused else { panic!("{refused:?}") };
    assert_eq!(findings[0].pointer, "/purpose");
    let asked = closed.nodes[1].ask(&request("V-1"), &polder_federation_tests::operator(), None).await;
    assert!(asked.is_err(), "it is not asked either");
    let other = Decision { purpose: Purpose::TrainingAdvice, ..decision(&[&employer], &MATCHED) };
    assert!(give(&closed.nodes[0], worker, &other).await.is_ok(), "another purpose goes on");
    let home = &closed.nodes[0];
    let own = |purpose, fields: &[Field]| NewRequest {
        partner: None,
        key: "P-1".parse().expect("a key"),
        recipient: Some(employer.clone()),
        purpose,
        fields: FieldSet::of(fields),
        assisted_by: None,
        about: None,
        seen_as: String::new(),
    };
    // What cannot be given is not asked of the partner's own workers either; and what this version does not offer nobody can switch on.
    for (purpose, fields, says) in [
        (Purpose::MatchVacancy, &MATCHED[..], "this partner does not use this purpose"),
        (Purpose::RegionalStatistics, &[Field::Skills], "this version of polder does not offer this purpose"),
    ] {
        let RequestRefused::Invalid(asked) = home.make_request(&own(purpose, fields), "dossier").await.expect_err("refused") else {
            panic!("it is another refusal")
        };
        let wanted = Decision { purpose, fields: FieldSet::of(fields), ..decision(&[&employer], &MATCHED) };
        let DecideRefused::Invalid(given) = give(home, worker, &wanted).await.expect_err("refused") else {
            panic!("it is another refusal")
        };
        for finding in [&asked[0], &given[0]] {
            assert!(finding.pointer == "/purpose" && finding.message.starts_with(says), "{finding:?}");
        }
    }
    assert!(home.requests_of(worker).await.expect("read").is_empty());
    let unused = closed.nodes[0].activities().items.into_iter().filter(|one| !one.in_use).filter_map(|one| one.purpose);
    assert_eq!(unused.collect::<Vec<_>>(), [Purpose::MatchVacancy, Purpose::BeContacted, Purpose::RegionalStatistics]);
}

/// Whom nobody may reach is told as such: asking again does not help.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_reach_people_hears_that_and_not_to_come_again() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = about_people(directory.path(), 4);
    partners[0].policy.unused = vec![Purpose::BeContacted];
    partners[2].policy.unused = vec![Purpose::BeContacted];
    partners[3].member.purposes.retain(|purpose| *purpose != Purpose::BeContacted);
    let nodes = start_all(&mut partners).await;
    let asked = json!({"partner": nodes[0].node.home().partner, "key": "0".repeat(32), "about": {"kind": "vacancy", "key": "V-1"}});
    for (at, says) in [(1, "that partner answers nothing"), (2, "this node does not use it"), (3, "the register does not allow it")] {
        let client = Client::of(&nodes[at]);
        assert_eq!(client.put("/v1/vacancies/V-1", vacancy_document("Monteur").to_string()).await.status(), 201);
        let refused = refused(client.request("POST", "/v1/contacts").json(&asked).send().await.expect("a response")).await;
        assert_eq!(refused.is(), (403, "purpose-not-allowed"), "{at}: {}", refused.text);
        assert!(refused.text.contains(says), "{at}: {}", refused.text);
    }
    // A request for it is no other.
    let asked =
        json!({"partner": nodes[0].node.home().partner, "key": "0".repeat(32), "purpose": "be-contacted", "fields": ["/contact/name"]});
    let refused = refused(Client::of(&nodes[1]).request("POST", "/v1/requests").json(&asked).send().await.expect("a response")).await;
    assert_eq!(refused.is(), (403, "purpose-not-allowed"), "{}", refused.text);
}

#[tokio::test]
async fn leases_lives_and_times_are_those_that_were_set() {
    let policy = Policy {
        matching_lease_seconds: 6 * 3_600,
        consent_days: 10,
        late_hours: 1,
        overdue_hours: 2,
        ledger_days: 400,
        ..Policy::default()
    };
    let (federation, worker) = federation(&policy).await;
    let (home, employer) = (&federation.nodes[0], &federation.nodes[1]);
    let partner = employer.home().partner.clone();
    let text = home.notice_for(&decision(&[&partner], &MATCHED)).expect("a text");
    assert!(text.contains("6 uur"), "the worker reads it: {text}");
    let too_long = Decision { until: Some(morning().plus_seconds(11 * 86_400)), ..decision(&[&partner], &MATCHED) };
    assert!(matches!(give(home, worker, &too_long).await, Err(DecideRefused::Invalid(_))));
    let consent = give(home, worker, &decision(&[&partner], &MATCHED)).await.expect("given").remove(0);
    assert_eq!((consent.lease_seconds, consent.until), (6 * 3_600, morning().plus_seconds(10 * 86_400)));
    let under = seek(employer).await.hits[0].disclosure.clone().expect("under what it was given");
    assert_eq!(under.use_until, morning().plus_seconds(6 * 3_600));
    let activities = home.activities();
    let matching = activities.items.iter().find(|one| one.purpose == Some(Purpose::MatchVacancy)).expect("an activity");
    assert_eq!((&matching.activity, matching.lease_seconds), (&consent.activity, Some(6 * 3_600)));
    assert_eq!((activities.kept.consent_days, activities.kept.ledger_days), (10, 400));

    // Whoever owes an acknowledgement for two hours gets nothing any more.
    let other = put(home, "P-2", &profile("Lasser zoekt werk")).await;
    give(home, other, &decision(&[&partner], &MATCHED)).await.expect("given");
    home.withdraw(worker, consent.id).await.expect("withdrawn");
    federation.clock.pass(Duration::from_secs(3_600));
    assert_eq!(seek(employer).await.hits.len(), 1);
    federation.clock.pass(Duration::from_secs(3_600));
    let nothing = seek(employer).await;
    let missing = nothing.missing.iter().map(|missing| missing.reason).collect::<Vec<_>>();
    assert_eq!((nothing.hits.len(), missing.as_slice()), (0, [MissingReason::NoDisclosure].as_slice()));
    home.deliver_once().await.expect("delivered");
    assert_eq!(employer.erased("operator", 1, Vec::new()).await.expect("erased"), Ok(1));

    // The ledger is kept for so long, and no longer.
    home.sweep_people().await.expect("swept");
    assert_eq!(home.disclosures_of(worker, None, 9).await.expect("read").len(), 1);
    federation.clock.pass(400 * DAY);
    home.sweep_people().await.expect("swept");
    assert_eq!(home.disclosures_of(worker, None, 9).await.expect("read").len(), 0);
    // So is what recipients said that they erased.
    assert_eq!(home.copies_of(worker).await.expect("read").len(), 1);
    federation.clock.pass(Duration::from_secs(1));
    home.sweep_people().await.expect("swept");
    assert_eq!(home.copies_of(worker).await.expect("read").len(), 0);
}
