//! Whether two kinds of times differ by more than chance.

/// Beyond this two means differ by more than chance (Welch).
pub const MOST_T: f64 = 4.5;

/// Welch's t of the middle nine tenths of both: what the machine did otherwise stands at the ends.
#[must_use]
pub fn welch(one: &[f64], other: &[f64]) -> f64 {
    let of = |times: &[f64]| {
        let mut times = times.to_vec();
        times.sort_by(f64::total_cmp);
        let cut = times.len() / 20;
        let middle = &times[cut..times.len() - cut];
        let count = middle.len() as f64;
        let mean = middle.iter().sum::<f64>() / count;
        let variance = middle.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0);
        (mean, variance / count)
    };
    let ((one, of_one), (other, of_other)) = (of(one), of(other));
    (one - other) / (of_one + of_other).sqrt()
}

#[test]
fn two_means_that_differ_are_told_apart() {
    let times = |by: f64| -> Vec<f64> { (0..1_000).map(|number| f64::from(number % 100) + by).collect() };
    assert!(welch(&times(0.0), &times(0.0)).abs() < 0.01 && welch(&times(0.0), &times(10.0)).abs() > MOST_T);
}
