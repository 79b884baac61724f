//! People in a federation: who finds whom, what they see, and how it ends.

use std::time::Duration;

use polder_consent::{Budget, Field, WorkerId};
use polder_exchange::people::{ContactRefused, DecideRefused, Decision};
use polder_exchange::{AskRefused, Node, PublishRefused};
use polder_federation_tests::local::Federation;
use polder_federation_tests::people::{MATCHED, decision, give, morning, profile, put, request, seek, vacancy};
use polder_model::about::About;
use polder_model::answer::QueryResult;
use polder_model::contact::ContactAsked;
use polder_model::{FindingCode, Kind, Purpose};
use polder_store::Precondition;
use serde_json::{Value, json};

/// A home node with a worker, and two employers that seek people.
pub(crate) struct Stage {
    pub(crate) federation: Federation,
    pub(crate) worker: WorkerId,
}

const DAY: Duration = Duration::from_secs(86_400);

impl Stage {
    pub(crate) async fn set() -> Self {
        Self::set_within(Budget::default()).await
    }

    pub(crate) async fn set_within(budget: Budget) -> Self {
        let federation = Federation::about_people_within(3, morning(), budget).await;
        let worker = put(&federation.nodes[0], "P-1", &profile("Monteur zoekt werk")).await;
        for employer in &federation.nodes[1..] {
            vacancy(employer, "V-1").await;
        }
        Self { federation, worker }
    }

    pub(crate) fn node(&self, at: usize) -> &Node {
        &self.federation.nodes[at]
    }

    /// A partner, as the register of the others has it.
    pub(crate) fn member(&self, at: usize) -> std::sync::Arc<polder_trust::register::Member> {
        let register = self.node(0).register();
        std::sync::Arc::clone(register.member(&self.node(at).home().partner).expect("a member"))
    }

    pub(crate) async fn give(&self, to: usize, fields: &[Field]) -> polder_consent::Consent {
        let recipient = &self.node(to).home().partner;
        let given = give(self.node(0), self.worker, &decision(&[recipient], fields)).await.expect("given");
        given.into_iter().next().expect("one consent")
    }

    pub(crate) async fn seek(&self, from: usize) -> QueryResult {
        let result = seek(self.node(from)).await;
        assert!(result.complete, "{:?}", result.missing);
        result
    }

    /// The same, whoever is away.
    pub(crate) async fn seek_some(&self, from: usize) -> QueryResult {
        seek(self.node(from)).await
    }

    pub(crate) async fn withdraw(&self, consent: &polder_consent::Consent) {
        self.node(0).withdraw(self.worker, consent.id).await.expect("withdrawn");
    }
}

pub(crate) fn shown(result: &QueryResult) -> Vec<Value> {
    result.hits.iter().map(|hit| serde_json::from_str(hit.document.get()).expect("JSON")).collect()
}

#[tokio::test]
async fn a_worker_is_found_by_whom_they_let_and_in_what_they_let_alone() {
    let stage = Stage::set().await;
    for at in [0, 1, 2] {
        vacancy(stage.node(at), "V-1").await;
        assert!(stage.seek(at).await.hits.is_empty(), "without a consent nobody is found, not by node {at} either");
    }
    stage.give(1, &[Field::Title, Field::Skills, Field::Hours]).await;
    let found = stage.seek(1).await;
    let offered = profile("Monteur zoekt werk");
    assert_eq!(shown(&found), [json!({"title": offered["title"], "skills": offered["skills"], "hours": offered["hours"]})]);
    let under = found.hits[0].disclosure.as_ref().expect("under what it was given");
    assert_eq!(under.fields, ["/title", "/skills", "/hours"]);
    assert_eq!((under.epoch, under.use_until), (1, morning().plus_seconds(86_400)));
    for at in [0, 2] {
        assert!(stage.seek(at).await.hits.is_empty(), "node {at} was not named");
    }
    // What is hidden finds nobody.
    let text = |text: &str| polder_model::request::QueryRequest { text: Some(text.to_owned()), ..request("V-1") };
    for (words, finds) in [("monteur", 1), ("buiten", 0), ("voorbeeld", 0)] {
        let result = stage.node(1).ask(&text(words), &polder_federation_tests::operator(), None).await.expect("asked");
        assert_eq!(result.hits.len(), finds, "{words}");
    }
}

#[tokio::test]
async fn each_person_who_leaves_is_in_the_ledger_before() {
    let stage = Stage::set().await;
    let consent = stage.give(1, &MATCHED).await;
    let found = stage.seek(1).await;
    stage.seek(2).await;
    let ledger = stage.node(0).disclosures_of(stage.worker, None, 100).await.expect("read");
    assert_eq!(ledger.len(), 1);
    let (row, under) = (&ledger[0].disclosure, found.hits[0].disclosure.as_ref().expect("under what it was given"));
    assert_eq!(row.id.to_string(), under.id);
    assert_eq!((&row.recipient, row.purpose, row.consent), (&stage.node(1).home().partner, Purpose::MatchVacancy, consent.id));
    assert_eq!((row.about.kind, row.about.key.as_str(), row.at), (Kind::Vacancy, "V-1", morning()));
    assert!(!ledger[0].erased);
}

#[tokio::test]
async fn each_recipient_knows_a_worker_by_a_handle_of_its_own() {
    let stage = Stage::set().await;
    let recipients = [&stage.node(1).home().partner, &stage.node(2).home().partner];
    let given = give(stage.node(0), stage.worker, &decision(&recipients, &MATCHED)).await.expect("given");
    assert_eq!(given[0].grant_id, given[1].grant_id, "given on one screen");
    let (one, other) = (stage.seek(1).await, stage.seek(2).await);
    assert_eq!(shown(&one), shown(&other));
    assert_ne!(one.hits[0].key, other.hits[0].key);
    assert_eq!(stage.seek(1).await.hits[0].key, one.hits[0].key, "the same to the same");
    for result in [&one, &other] {
        let text = serde_json::to_string(&result.hits).expect("JSON");
        assert!(!text.contains(&stage.worker.to_string()) && !text.contains("P-1"), "{text}");
    }
}

/// Whom what is hidden could find, count or put before another: as many workers, who show the same.
const ALIKE: usize = 6;

/// A profile that shows the same as that of every other worker; what is hidden is another in each round, for each of them.
fn hiding(number: usize, round: usize) -> Value {
    let mut hidden = profile("Monteur zoekt werk");
    let turn = (number * 5 + round) % ALIKE;
    hidden["description"] = json!("Monteur buiten. ".repeat(turn + 1));
    hidden["hours"] = json!({"min": 8 + turn, "max": 16 + 4 * turn});
    hidden["postcode"] = json!(["8251", "1311", "3891", "8211", "8301", "1357"][turn]);
    if turn.is_multiple_of(2) {
        hidden.as_object_mut().expect("an object").retain(|name, _| ["title", "skills", "hours"].contains(&name.as_str()));
    }
    hidden
}

#[tokio::test]
async fn what_is_hidden_changes_nothing() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    let recipient = &stage.node(1).home().partner;
    for number in 1..ALIKE {
        let worker = put(stage.node(0), &format!("P-{}", number + 1), &hiding(number, 0)).await;
        give(stage.node(0), worker, &decision(&[recipient], &MATCHED)).await.expect("given");
    }
    let questions = [
        json!({}),
        json!({"limit": 2}),
        json!({"text": "monteur"}),
        json!({"text": "buiten", "limit": 4}),
        json!({"hours": {"min": 8, "max": 20}}),
    ];
    let answers = async || {
        let mut answers = Vec::new();
        for question in &questions {
            let mut asked = json!({"kind": "skill-offer", "about": {"kind": "vacancy", "key": "V-1"}});
            asked.as_object_mut().expect("an object").extend(question.as_object().expect("an object").clone());
            let request = serde_json::from_value(asked).expect("a question");
            let result = stage.node(1).ask(&request, &polder_federation_tests::operator(), None).await.expect("asked");
            assert!(result.complete, "{:?}", result.missing);
            let mut counts: Vec<_> = result.answered.iter().map(|one| (one.partner.clone(), one.hits, one.more)).collect();
            // They stand in the order in which they came.
            counts.sort();
            let mut hits = serde_json::to_value(&result.hits).expect("JSON");
            for hit in hits.as_array_mut().expect("a list") {
                let id = hit.pointer_mut("/disclosure/id").expect("under what it was given");
                assert_eq!(id.as_str().map(str::len), Some(32), "of this answer alone: {id}");
                *id = Value::Null;
            }
            answers.push((question.to_string(), hits, result.more, counts));
        }
        answers
    };
    stage.federation.clock.pass(DAY);
    let before = answers().await;
    let found: Vec<Option<usize>> = before.iter().map(|(_, hits, ..)| hits.as_array().map(Vec::len)).collect();
    assert_eq!(found[..3], [Some(ALIKE), Some(2), Some(ALIKE)]);
    for round in 1..ALIKE {
        // Whoever changes last is another one each time.
        for number in (0..ALIKE).map(|place| (place * 5 + round) % ALIKE) {
            put(stage.node(0), &format!("P-{}", number + 1), &hiding(number, round)).await;
        }
        for (after, before) in answers().await.iter().zip(&before) {
            assert_eq!(after, before, "round {round}");
        }
    }
    // What is seen does change it.
    put(stage.node(0), "P-1", &profile("Lasser zoekt werk")).await;
    let after = stage.seek(1).await;
    let changed: Vec<_> = after.hits.iter().filter(|hit| hit.document.get().contains("Lasser")).collect();
    assert_eq!((after.hits.len(), changed.len(), changed[0].version), (ALIKE, 1, 2));
    assert!(after.hits.iter().all(|hit| (hit.version == 1) == (hit.modified_at < changed[0].modified_at)));
}

/// How often something changed before somebody could see it is nothing that it learns.
#[tokio::test]
async fn whoever_may_see_later_counts_versions_from_one() {
    let stage = Stage::set().await;
    let version = async |at: usize| stage.seek(at).await.hits[0].version;
    let change = async |title: &str| put(stage.node(0), "P-1", &profile(title)).await;
    stage.give(1, &MATCHED).await;
    assert_eq!(version(1).await, 1);
    change("Lasser zoekt werk").await;
    change("Bakker zoekt werk").await;
    let late = stage.give(2, &MATCHED).await;
    assert_eq!((version(1).await, version(2).await), (3, 1));
    change("Kok zoekt werk").await;
    assert_eq!((version(1).await, version(2).await), (4, 2));
    // Who goes and comes again is new once more; nobody else sees anything of it.
    stage.withdraw(&late).await;
    stage.give(2, &MATCHED).await;
    assert_eq!((version(1).await, version(2).await), (4, 1));
}

#[tokio::test]
async fn a_spent_budget_refuses_whole() {
    let stage = Stage::set_within(Budget { workers: 500, narrow: 2 }).await;
    stage.give(1, &MATCHED).await;
    for _ in 0..2 {
        assert_eq!(stage.seek(1).await.hits.len(), 1);
    }
    let refused = seek(stage.node(1)).await;
    assert!(refused.hits.is_empty());
    // An answer without anyone tells something too: it is spent at those who know nobody as well.
    let reasons: Vec<&str> = refused.missing.iter().map(|missing| missing.reason.as_str()).collect();
    assert_eq!(reasons, ["budget-spent"; 3]);
    assert_eq!(stage.node(0).disclosures_of(stage.worker, None, 9).await.expect("read").len(), 2, "nothing left for it");
    stage.federation.clock.pass(DAY);
    assert_eq!(stage.seek(1).await.hits.len(), 1, "another day");
}

#[tokio::test]
async fn people_are_sought_for_an_offer_of_ones_own_that_is_open() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    let refused = async |request| match stage.node(1).ask(&request, &polder_federation_tests::operator(), None).await {
        Err(AskRefused::Invalid(findings)) => findings.into_iter().map(|finding| (finding.pointer, finding.code)).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(request("V-2")).await, [("/about/key".to_owned(), FindingCode::UnknownCode)]);
    let mut without = request("V-1");
    without.about = None;
    assert_eq!(refused(without).await, [("/about".to_owned(), FindingCode::Missing)]);
    stage.node(1).delete(Kind::Vacancy, &"V-1".parse().expect("a key"), Precondition::None).await.expect("deleted");
    assert_eq!(refused(request("V-1")).await, [("/about/key".to_owned(), FindingCode::UnknownCode)]);
    assert!(stage.node(0).disclosures_of(stage.worker, None, 9).await.expect("read").is_empty());
}

#[tokio::test]
async fn a_decision_is_made_on_the_text_that_was_shown() {
    let stage = Stage::set().await;
    let node = stage.node(0);
    let recipient = &stage.node(1).home().partner;
    let authentication = || polder_consent::Authentication { issuer: "proef".to_owned(), level: String::new(), at: morning() };
    let another = hex::encode([0; 32]);
    let given = node.give(stage.worker, &decision(&[recipient], &MATCHED), &another, authentication(), None).await;
    assert!(matches!(given, Err(DecideRefused::NoticeDiffers)));
    for (wrong, at) in [
        (decision(&[recipient, recipient], &MATCHED), "/recipients"),
        (decision(&[], &MATCHED), "/recipients"),
        (decision(&[&"kvk:99999999".parse().expect("a partner")], &MATCHED), "/recipients/0"),
        (decision(&[recipient], &[Field::Title]), "/fields"),
        (decision(&[recipient], &[Field::Title, Field::Skills, Field::ContactName]), "/fields"),
        (Decision { until: Some(morning().plus_seconds(366 * 86_400)), ..decision(&[recipient], &MATCHED) }, "/until"),
        (Decision { purpose: Purpose::FindWork, ..decision(&[recipient], &MATCHED) }, "/purpose"),
    ] {
        match node.notice_for(&wrong) {
            Err(DecideRefused::Invalid(findings)) => assert_eq!(findings[0].pointer, at, "{findings:?}"),
            other => panic!("{at}: {other:?}"),
        }
    }
    let consent = stage.give(1, &MATCHED).await;
    let text = node.store().notice(&consent.notice.sha256).await.expect("read").expect("it is kept");
    assert_eq!(
        (consent.notice.id.as_str(), consent.notice.language.as_str()),
        ("urn:polder:notice:5", "nl"),
        "which text, and in which language"
    );
    assert_eq!(String::from_utf8(text).expect("text"), node.notice_for(&decision(&[recipient], &MATCHED)).expect("a text"));
}

#[tokio::test]
async fn contact_is_a_second_step_with_a_consent_of_its_own() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    stage.give(2, &MATCHED).await;
    let keys = [stage.seek(1).await.hits[0].key.clone(), stage.seek(2).await.hits[0].key.clone()];
    let about = About { kind: Kind::Vacancy, key: "V-1".parse().expect("a key") };
    let asked = |key: &polder_model::OfferKey| ContactAsked {
        partner: stage.node(0).home().partner.clone(),
        key: key.clone(),
        about: about.clone(),
    };
    let reach = async |from: usize, key| stage.node(from).contact(&asked(key), "operator").await;
    let nobody = |reached: Result<_, ContactRefused>| matches!(reached, Err(ContactRefused::Nobody));
    assert!(nobody(reach(1, &keys[0]).await), "found, and no more than that");
    let recipient = &stage.node(1).home().partner;
    let decision = Decision { purpose: Purpose::BeContacted, ..decision(&[recipient], &[Field::ContactName, Field::ContactEmail]) };
    let consent = give(stage.node(0), stage.worker, &decision).await.expect("given").remove(0);
    let reached = reach(1, &keys[0]).await.expect("reached");
    let document: Value = serde_json::from_str(reached.document.get()).expect("JSON");
    assert_eq!(document, json!({"contact": {"name": "Anna Voorbeeld", "email": "anna@voorbeeld.example"}}), "the number was not given");
    assert_eq!(reached.disclosure.use_until, morning().plus_seconds(7 * 86_400));
    let row = stage.node(0).disclosures_of(stage.worker, None, 1).await.expect("read").remove(0).disclosure;
    assert_eq!((row.purpose, row.consent, row.id.to_string()), (Purpose::BeContacted, consent.id, reached.disclosure.id));
    // Another partner, another partner's handle, one that is made up, and one that is none get the same.
    let made_up = "0".repeat(32).parse().expect("a key");
    let own = "P-1".parse().expect("a key");
    for (from, key) in [(2, &keys[1]), (2, &keys[0]), (1, &keys[1]), (1, &made_up), (1, &own)] {
        assert!(nobody(reach(from, key).await), "{from} {key}");
    }
    // It ends by itself, and takes nothing else along.
    stage.withdraw(&consent).await;
    assert!(nobody(reach(1, &keys[0]).await));
    assert_eq!(stage.seek(1).await.hits.len(), 1);
    stage.node(0).deliver_once().await.expect("delivered");
    let erasures = stage.node(1).erasures("operator", 0, 9).await.expect("read");
    assert_eq!(erasures.iter().map(|erasure| erasure.purpose).collect::<Vec<_>>(), [Purpose::BeContacted]);
    // For an offer of one's own that is open.
    stage.node(1).delete(Kind::Vacancy, &"V-1".parse().expect("a key"), Precondition::None).await.expect("deleted");
    assert!(matches!(reach(1, &keys[0]).await, Err(ContactRefused::Invalid(_))));
}

#[tokio::test]
async fn what_says_who_somebody_is_stands_in_contact_alone() {
    let stage = Stage::set().await;
    let publish = async |member: &str, text: &str| {
        let mut offer = profile("Monteur zoekt werk");
        offer[member] = json!(text);
        let key = "P-2".parse().expect("a key");
        stage.node(0).publish(Kind::SkillOffer, key, offer.to_string().as_bytes(), Precondition::None).await
    };
    for text in ["Mail anna@voorbeeld.example", "Bel 06-1234 5678", "Zie linkedin.com/in/anna"] {
        for member in ["description", "title"] {
            let refused = publish(member, text).await.expect_err("refused");
            let PublishRefused::Invalid(findings) = refused else { panic!("{refused:?}") };
            let found: Vec<_> = findings.iter().map(|finding| (finding.pointer.as_str(), finding.code)).collect();
            assert_eq!(found, [(format!("/{member}").as_str(), FindingCode::NotAllowed)], "{text}");
            assert!(!findings[0].message.contains("anna") && !findings[0].message.contains("1234"), "{:?}", findings[0]);
        }
    }
    assert!(publish("description", "Werkte bij Bol.com, 2010-2019").await.is_ok());
}
