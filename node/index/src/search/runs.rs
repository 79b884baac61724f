//! Which offers may be within reach.

use std::ops::Range;

use polder_model::rank::{Plan, points};

use crate::segment::Segment;

/// Offers with neighbouring numbers that are equally far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub offers: Range<u32>,
    /// Points for travel; for offers that are not placed, the most that they can get.
    pub travel: u32,
    /// Whether these points are right for each of them that has one opening and is not remote.
    pub placed: bool,
}

/// The runs within reach in the order of their offers, and all offers that are not placed. One run where travel is not asked.
pub(super) fn runs(segment: &Segment, plan: &Plan) -> Vec<Run> {
    let all = u32::try_from(segment.len()).unwrap_or(u32::MAX);
    let Some(travel) = &plan.query().criteria.travel else { return vec![Run { offers: 0..all, travel: 0, placed: true }] };
    let mut runs = Vec::with_capacity(travel.reach.len() + 1);
    // Both are in the order of postcodes.
    let mut places = segment.runs.windows(2).peekable();
    for row in &travel.reach {
        while places.next_if(|place| place[0].0 < row.0.number()).is_some() {}
        let distance = row.distance(travel.measure);
        if let Some(place) = places.next_if(|place| place[0].0 == row.0.number())
            && distance <= travel.limit
        {
            push(&mut runs, Run { offers: place[0].1..place[1].1, travel: points::travel(travel.limit, distance), placed: true });
        }
    }
    push(&mut runs, Run { offers: segment.placed()..all, travel: points::travel(travel.limit, 0), placed: false });
    runs
}

fn push(runs: &mut Vec<Run>, run: Run) {
    if !run.offers.is_empty() {
        runs.push(run);
    }
}

/// Calls `each` with every run that holds postings, and which postings of the list these are. Both are in the order of offers.
pub(super) fn for_each_run<'r>(list: &[u32], runs: &'r [Run], mut each: impl FnMut(&'r Run, Range<usize>)) {
    let (mut posting, mut run) = (0, 0);
    while posting < list.len() && run < runs.len() {
        let offers = &runs[run].offers;
        posting += gallop(&list[posting..], |offer| *offer < offers.start);
        let Some(first) = list.get(posting) else { return };
        if *first >= offers.end {
            run += gallop(&runs[run..], |run| run.offers.end <= *first);
            continue;
        }
        let inside = gallop(&list[posting..], |offer| *offer < offers.end);
        each(&runs[run], posting..posting + inside);
        posting += inside;
        run += 1;
    }
}

/// How many leading items are `before`: doubling steps, then halving ones.
pub(super) fn gallop<T>(list: &[T], before: impl Fn(&T) -> bool) -> usize {
    let mut bound = 1;
    while bound < list.len() && before(&list[bound - 1]) {
        bound *= 2;
    }
    let (low, high) = (bound / 2, bound.min(list.len()));
    low + list[low..high].partition_point(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn galloping_finds_the_partition_point() {
        for length in 0..40_u32 {
            let list: Vec<u32> = (0..length).collect();
            for bound in 0..45 {
                assert_eq!(gallop(&list, |value| *value < bound), bound.min(length) as usize, "{length} {bound}");
            }
        }
    }

    #[test]
    fn runs_meet_their_postings() {
        let run = |offers| Run { offers, travel: 0, placed: true };
        let runs = [run(2..4), run(4..5), run(9..12), run(20..30)];
        for list in [vec![], vec![0, 1], vec![2, 3, 4, 8, 11, 12, 25], vec![4, 40], vec![29], (0..50).collect()] {
            let mut met = Vec::new();
            for_each_run(&list, &runs, |run, range| {
                assert!(!range.is_empty() && list[range.clone()].iter().all(|offer| run.offers.contains(offer)));
                met.extend_from_slice(&list[range]);
            });
            let wanted: Vec<u32> = list.iter().copied().filter(|offer| runs.iter().any(|run| run.offers.contains(offer))).collect();
            assert_eq!(met, wanted);
        }
    }
}
