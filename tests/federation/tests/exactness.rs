//! The merged result of a federation equals what one big database would have given: hit by hit, reason by reason.

use polder_federation_tests::surplus::{self, Became};

/// Federations in an ordinary run; `POLDER_FEDERATIONS` sets another number.
const FEDERATIONS: u64 = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_result_equals_the_oracle() {
    let count = std::env::var("POLDER_FEDERATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(FEDERATIONS);
    let (mut queries, mut hits, mut replaced) = (0, 0, 0);
    let mut seeds = tokio::task::JoinSet::new();
    let mut next = 0_u64;
    loop {
        while next < count && seeds.len() < 4 {
            seeds.spawn(polder_federation_tests::check::federation(next));
            next += 1;
        }
        let Some(done) = seeds.join_next().await else { break };
        match done.expect("no panic") {
            Ok(checked) => {
                queries += checked.queries;
                hits += checked.hits;
                replaced += checked.replaced;
            }
            Err(difference) => panic!("{difference}"),
        }
    }
    println!("{count} federations, {queries} queries, {hits} hits compared, {replaced} replaced between the phases");
    assert!(queries >= usize::try_from(count).unwrap_or(0) * 7, "every federation is asked");
    if count >= 100 {
        assert!(hits > queries && replaced > 0, "questions find something, and offers do change in between");
    }
}

/// More of a partner's offers change than its surplus can replace: it is named, none of its hits is shown, the others' are exact.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_changes_beyond_the_surplus_is_named() {
    let (mut changing, mut replaced) = (0, Vec::new());
    for seed in 0..60 {
        match surplus::federation(seed).await {
            Ok(Became::Changing) => changing += 1,
            Ok(Became::Answered(count)) => replaced.push(count),
            Err(difference) => panic!("{difference}"),
        }
    }
    println!("{changing} partners left as changing, {replaced:?} offers were replaced");
    assert!(changing >= 10, "{changing} of 60");
    assert!(replaced.contains(&20), "the whole surplus was used: {replaced:?}");
    assert!(replaced.iter().any(|count| *count > 20), "who names all that it holds may change beyond the surplus: {replaced:?}");
}
