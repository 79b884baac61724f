//! Which offers may be within reach.

use std::cmp::Reverse;
use std::ops::Range;

use polder_model::rank::{Plan, points};

use crate::postings::{CHUNK, chunk};
use crate::segment::Segment;

/// Runs with fewer offers than this between them are walked together.
const GAP: u32 = 256;

/// Offers with neighbouring numbers that are equally far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub offers: Range<u32>,
    /// Points for travel; for offers with several openings, the most that they can get.
    pub travel: u32,
    /// Whether these points are right for each of them that has one opening.
    pub exact: bool,
}

/// Offers of one chunk that are walked together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub offers: Range<u32>,
    /// The runs that they are in. There may be other offers between the runs.
    pub runs: Range<usize>,
    /// The most points for travel.
    pub travel: u32,
}

/// The runs within reach in the order of their offers. One run where travel is not asked.
pub(super) fn runs(segment: &Segment, plan: &Plan) -> Vec<Run> {
    let all = u32::try_from(segment.len()).unwrap_or(u32::MAX);
    let Some(travel) = &plan.query().criteria.travel else { return vec![Run { offers: 0..all, travel: 0, exact: true }] };
    let mut runs = Vec::with_capacity(travel.reach.len() + 2);
    // Both are in the order of postcodes.
    let mut places = segment.places.windows(2).peekable();
    for row in &travel.reach {
        while places.next_if(|place| place[0].0 < row.0.number()).is_some() {}
        let distance = row.distance(travel.measure);
        if let Some(place) = places.next_if(|place| place[0].0 == row.0.number())
            && distance <= travel.limit
        {
            runs.push(Run { offers: place[0].1..place[1].1, travel: points::travel(travel.limit, distance), exact: true });
        }
    }
    // What has neither place nor several openings, and is not remote, is never within reach.
    let [placed, remote, many] = segment.groups;
    runs.push(Run { offers: placed..remote, travel: points::travel(travel.limit, 0), exact: true });
    runs.push(Run { offers: remote..many, travel: points::travel(travel.limit, 0), exact: false });
    runs.retain(|run| !run.offers.is_empty());
    runs
}

/// The blocks that hold the runs, the nearest first.
pub(super) fn blocks(runs: &[Run]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        let mut rest = run.offers.clone();
        while !rest.is_empty() {
            let end = rest.end.min((chunk(rest.start) + 1) * CHUNK);
            match blocks.last_mut().filter(|last| chunk(last.offers.start) == chunk(rest.start) && rest.start - last.offers.end < GAP) {
                Some(last) => {
                    last.offers.end = end;
                    last.runs.end = number + 1;
                    last.travel = last.travel.max(run.travel);
                }
                None => blocks.push(Block { offers: rest.start..end, runs: number..number + 1, travel: run.travel }),
            }
            rest.start = end;
        }
    }
    blocks.sort_by_key(|block| Reverse(block.travel));
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_hold_their_runs_and_keep_to_chunks() {
        let run = |offers, travel| Run { offers, travel, exact: true };
        let runs =
            [run(0..10, 5), run(20..30, 9), run(1_000..1_010, 1), run(CHUNK - 5..3 * CHUNK + 2, 7), run(3 * CHUNK + 4..3 * CHUNK + 5, 8)];
        let block = |offers, runs, travel| Block { offers, runs, travel };
        let wanted = [
            block(0..30, 0..2, 9),
            block(3 * CHUNK..3 * CHUNK + 5, 3..5, 8),
            block(CHUNK - 5..CHUNK, 3..4, 7),
            block(CHUNK..2 * CHUNK, 3..4, 7),
            block(2 * CHUNK..3 * CHUNK, 3..4, 7),
            block(1_000..1_010, 2..3, 1),
        ];
        assert_eq!(blocks(&runs), wanted);
    }
}
