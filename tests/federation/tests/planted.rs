//! Each planted fault turns the exactness test red. A fault that goes unseen means that the test cannot fail for it.

use polder_model::fault::{Fault, plant};

/// Federations that a fault may hide from before it counts as unseen.
const PATIENCE: u64 = 400;

#[tokio::test]
async fn every_planted_fault_is_seen() {
    for seed in 0..20 {
        if let Err(difference) = polder_federation_tests::check::federation(seed).await {
            panic!("without a fault there is a difference: {difference}");
        }
    }
    for fault in Fault::ALL {
        plant(Some(fault));
        let mut seen = None;
        for seed in 0..PATIENCE {
            if polder_federation_tests::check::federation(seed).await.is_err() {
                seen = Some(seed);
                break;
            }
        }
        plant(None);
        match seen {
            Some(seed) => println!("{fault:?}: seen in federation {seed}"),
            None => panic!("{fault:?} goes unseen in {PATIENCE} federations"),
        }
    }
}
