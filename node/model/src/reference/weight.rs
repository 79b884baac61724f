//! Weights made from counts, in integers (`docs/ranking.md`, section 6).

/// The binary logarithm of a number of at least 1, times 1,000, with straight lines between the powers of two; rounded down.
pub(super) fn log2_thousandths(number: u64) -> u64 {
    let power = u64::from(number.max(1).ilog2());
    let rest = u128::from(number.max(1) - (1 << power)) * 1_000;
    power * 1_000 + u64::try_from(rest >> power).unwrap_or(0)
}

/// The weight of a skill that so many occupations need, 100–1,000.
pub(super) fn of_skill(occupations: u64) -> u16 {
    let less = 1_000 * log2_thousandths(1 + occupations) / 10_300;
    u16::try_from(1_000_u64.saturating_sub(less)).unwrap_or(1_000).max(100)
}

/// The weight of a word that occurs so many times in a text of so many words, 1–100.
pub(super) fn of_word(count: u64, all: u64) -> u8 {
    let less = 100 * log2_thousandths(count.saturating_add(1)) / log2_thousandths(all.saturating_add(1)).max(1);
    u8::try_from(100_u64.saturating_sub(less)).unwrap_or(100).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms() {
        for (number, expected) in
            [(0, 0), (1, 0), (2, 1_000), (3, 1_500), (4, 2_000), (5, 2_250), (1_023, 9_998), (1_024, 10_000), (u64::MAX, 63_999)]
        {
            assert_eq!(log2_thousandths(number), expected, "{number}");
        }
    }

    #[test]
    fn what_few_need_weighs_more() {
        for (occupations, weight) in [(1, 903), (3, 806), (9, 685), (40, 488), (258, 223), (1_500, 100), (1_000_000, 100)] {
            assert_eq!(of_skill(occupations), weight, "{occupations}");
        }
    }

    #[test]
    fn what_is_rare_weighs_more() {
        for (count, all, weight) in [(1, 100_000_000, 97), (5_000_000, 100_000_000, 17), (7, 7, 1), (0, 0, 100), (u64::MAX, u64::MAX, 1)] {
            assert_eq!(of_word(count, all), weight, "{count} of {all}");
        }
    }
}
