//! For each offer the lists that it stands in: what its skills and occupations are.

use crate::postings::Lists;

/// Codes below this take one word; others two, of which the first one is marked by it.
const LONG: u16 = 0xC000;

/// By offer the codes of its skills and occupations: four times the number of the list plus the tag.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    ends: Vec<u32>,
    words: Vec<u16>,
}

fn is_long(code: u32) -> bool {
    code >= u32::from(LONG)
}

impl Codes {
    /// What stands in the lists, by offer.
    pub(crate) fn new(offers: usize, lists: &Lists) -> Self {
        let numbers = || 0..u32::try_from(lists.len()).unwrap_or(u32::MAX);
        let mut ends = vec![0_u32; offers];
        for number in numbers() {
            for (offer, tag, _) in lists.iter(number) {
                ends[offer as usize] += if is_long(number * 4 + u32::from(tag)) { 2 } else { 1 };
            }
        }
        let mut total = 0;
        // First where each begins, afterwards where it ends.
        for end in &mut ends {
            total += std::mem::replace(end, total);
        }
        let mut words = vec![0; total as usize];
        for number in numbers() {
            for (offer, tag, _) in lists.iter(number) {
                let (code, end) = (number * 4 + u32::from(tag), &mut ends[offer as usize]);
                let low = (code & 0xFFFF) as u16;
                if is_long(code) {
                    words[*end as usize] = LONG | (code >> 16) as u16;
                    *end += 1;
                }
                words[*end as usize] = low;
                *end += 1;
            }
        }
        Self { ends, words }
    }

    /// The codes of an offer.
    pub(crate) fn of(&self, offer: u32) -> impl Iterator<Item = u32> {
        let offer = offer as usize;
        let start = if offer == 0 { 0 } else { self.ends[offer - 1] as usize };
        let mut words = self.words[start..self.ends[offer] as usize].iter();
        std::iter::from_fn(move || {
            let first = *words.next()?;
            if first < LONG {
                return Some(u32::from(first));
            }
            Some(u32::from(first - LONG) << 16 | u32::from(*words.next()?))
        })
    }

    /// How many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.ends) + size_of_val(&*self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_any_size_come_back() {
        let mut lists = Lists::default();
        for number in 0..40_000_u32 {
            lists.push((0..3).filter(|offer| (number + offer) % 97 == 0).map(|offer| (offer, (number % 3) as u8)));
        }
        let codes = Codes::new(3, &lists);
        for offer in 0..3 {
            let wanted: Vec<u32> = (0..40_000).filter(|number| (number + offer) % 97 == 0).map(|number| number * 4 + number % 3).collect();
            assert_eq!(codes.of(offer).collect::<Vec<_>>(), wanted);
        }
    }
}
