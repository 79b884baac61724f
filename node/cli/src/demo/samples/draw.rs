//! Repeatable choices: splitmix64.

/// A source of choices that is the same for the same seed.
pub(super) struct Draw(u64);

impl Draw {
    /// For one sample: its partner and its number decide with the seed, so that a larger count only adds samples.
    pub(super) fn new(seed: u64, partner: &str, number: u64) -> Self {
        // FNV-1a.
        let name = partner.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let mut draw = Self(seed ^ name);
        draw.0 = draw.next() ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        draw
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to but not `end`; 0 where there is none.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(1).max(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    /// A number from `least` to `most`, both included.
    pub(super) fn between(&mut self, least: i32, most: i32) -> i32 {
        let span = usize::try_from(most - least + 1).unwrap_or(1);
        least + i32::try_from(self.below(span)).unwrap_or(0)
    }

    /// True in that many cases of a hundred.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of a list that is not empty.
    pub(super) fn one<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }

    /// That many different ones of a list, in the list's order.
    pub(super) fn some<'l, T>(&mut self, list: &'l [T], count: usize) -> Vec<&'l T> {
        let mut wanted = count.min(list.len());
        let mut chosen = Vec::with_capacity(wanted);
        for (index, item) in list.iter().enumerate() {
            if self.below(list.len() - index) < wanted {
                chosen.push(item);
                wanted -= 1;
            }
        }
        chosen
    }
}
