//! How long a wrong token takes tells nothing of the right one.

use std::hint::black_box;
use std::time::Instant;

use polder_federation_tests::random::Random;
use polder_federation_tests::timing::{MOST_T, welch};

use super::OperatorTokenHash;

const SAMPLES: usize = 60_000;

#[test]
fn a_wrong_token_takes_as_long_however_near_it_is() {
    let right = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let kept = OperatorTokenHash::of(right);
    let token = |number: u32| format!("{number:064x}");
    let begins_alike = |number: &u32| OperatorTokenHash::of(&token(*number)).0[..2] == kept.0[..2];
    let wrong = [
        // All but its last character is right.
        format!("{}0", &right[..63]),
        // All but its first.
        format!("f{}", &right[1..]),
        // Its hash begins as the right one does.
        token((0..).find(begins_alike).expect("one in 65,536")),
        token(1),
    ];
    let (mut random, mut times) = (Random::new(35), vec![Vec::with_capacity(SAMPLES); wrong.len()]);
    for _ in 0..SAMPLES * wrong.len() {
        let which = random.below(wrong.len());
        let began = Instant::now();
        let is_right = black_box(&kept).is_of(black_box(&wrong[which]));
        times[which].push(began.elapsed().as_secs_f64());
        assert!(!is_right);
    }
    assert!(kept.is_of(right));
    for (one, other) in (0..wrong.len()).flat_map(|one| (0..one).map(move |other| (one, other))) {
        let t = welch(&times[one], &times[other]);
        assert!(t.abs() < MOST_T, "{one} and {other} differ in time: t = {t}");
    }
}
