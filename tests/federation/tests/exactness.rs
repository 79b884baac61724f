//! The merged result of a federation equals what one big database would have given: hit by hit, reason by reason.

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
