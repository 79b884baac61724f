//! Repeatable randomness.

/// SplitMix64.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap_or(0)
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    pub fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }
}

/// Ranks whose frequency falls with a power of the rank.
pub struct Zipf(Vec<f64>);

impl Zipf {
    pub fn new(length: usize, power: f64) -> Self {
        let mut sum = 0.0;
        let cumulative = (1..=length).map(|rank| {
            sum += (rank as f64).powf(-power);
            sum
        });
        Self(cumulative.collect())
    }

    pub fn rank(&self, random: &mut Random) -> usize {
        let total = self.0.last().copied().unwrap_or(1.0);
        let point = (random.next() >> 11) as f64 / (1_u64 << 53) as f64 * total;
        self.0.partition_point(|sum| *sum <= point).min(self.0.len() - 1)
    }

    /// That many different ranks.
    pub fn distinct(&self, random: &mut Random, count: usize) -> Vec<usize> {
        let mut ranks = Vec::new();
        while ranks.len() < count.min(self.0.len()) {
            let rank = self.rank(random);
            if !ranks.contains(&rank) {
                ranks.push(rank);
            }
        }
        ranks
    }
}
