//! Clocks that were wrong for a moment.

use std::sync::Arc;

use polder_federation_tests::local::Federation;
use polder_federation_tests::random::Random;
use polder_federation_tests::{offers, queries};
use polder_model::query::Criteria;
use polder_model::{Kind, Timestamp};
use polder_store::Precondition;

#[tokio::test]
async fn an_offer_from_the_future_costs_nobody_the_answer() {
    let now: Timestamp = "2026-03-02T09:30:00Z".parse().expect("an instant");
    let federation = Federation::open(2, now).await;
    // One node's clock jumps a year ahead, and takes an offer in before it is set right.
    federation.clock.set(now.plus_seconds(365 * 86_400));
    let document = r#"{"title":"Monteur","description":"Werk.","employer":{"name":"Proef BV"}}"#;
    let stored = federation.nodes[1].publish(Kind::Vacancy, "V-1".parse().expect("a key"), document.as_bytes(), Precondition::None).await;
    assert!(stored.expect("stored").stored.modified_at > now);
    federation.clock.set(now);
    let mut query = queries::query(&mut Random::new(1), &federation.nodes[0].home().partner, now);
    (query.kind, query.purpose, query.criteria) = (Kind::Vacancy, polder_model::Purpose::FindWork, Criteria::default());
    let result = federation.nodes[0].ask_query(Arc::new(query.clone()), None).await;
    assert!(result.complete && result.hits.len() == 1, "{:?}", result.missing);
    assert_eq!(result.hits[0].score, 50_000, "it counts as changed today");
    // Put again, it has the right time.
    let another = offers::document(Kind::Vacancy, &mut Random::new(7), now);
    let stored = federation.nodes[1].publish(Kind::Vacancy, "V-1".parse().expect("a key"), another.as_bytes(), Precondition::None).await;
    assert_eq!(stored.expect("stored").stored.modified_at, now);
}
