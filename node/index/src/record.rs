//! What a search reads of one offer that it looks at: one cache line.

use crate::row::Row;
use crate::segment::List;

/// How many codes fit.
const INLINE: usize = 14;
/// Stands where there is no code.
const NONE: u16 = u16::MAX;

/// A row, and the codes of its skills and occupations: four times the number plus the place of the importance.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(crate) struct Record {
    pub row: Row,
    /// Ascending; after the last one, and in place of those that are too high, [`NONE`].
    codes: [u16; INLINE],
    /// Where the codes stand that do not fit, plus one.
    more: u32,
}

const _: () = assert!(size_of::<Record>() == 64);

impl Record {
    pub(crate) fn new(row: Row) -> Self {
        Self { row, codes: [NONE; INLINE], more: 0 }
    }

    /// The codes that fit.
    pub(crate) fn codes(&self) -> impl Iterator<Item = u32> {
        self.codes.iter().take_while(|code| **code != NONE).map(|code| u32::from(*code))
    }

    /// The codes that do not fit.
    pub(crate) fn more<'c>(&self, all: &'c [Box<[u32]>]) -> &'c [u32] {
        (self.more as usize).checked_sub(1).map_or(&[], |place| &all[place])
    }
}

/// Writes what stands in the lists into the records of the offers; gives back what does not fit.
pub(crate) fn add_codes(records: &mut [Record], lists: &[[List; 3]], offers: &[u32]) -> Vec<Box<[u32]>> {
    let mut filled = vec![0_u8; records.len()];
    let mut beyond: Vec<Vec<u32>> = Vec::new();
    for (number, lists) in (0_u32..).zip(lists) {
        for (code, list) in (number * 4..).zip(lists) {
            for offer in &offers[list.start as usize..list.end as usize] {
                let (record, filled) = (&mut records[*offer as usize], &mut filled[*offer as usize]);
                match (u16::try_from(code), record.codes.get_mut(usize::from(*filled))) {
                    (Ok(code), Some(place)) if code != NONE => {
                        *place = code;
                        *filled += 1;
                    }
                    _ => {
                        if record.more == 0 {
                            beyond.push(Vec::new());
                            record.more = u32::try_from(beyond.len()).unwrap_or(u32::MAX);
                        }
                        beyond[record.more as usize - 1].push(code);
                    }
                }
            }
        }
    }
    beyond.into_iter().map(Vec::into_boxed_slice).collect()
}
