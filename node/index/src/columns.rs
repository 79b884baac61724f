//! Columns of which nearly all values are small.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Whole numbers: one byte each where they are below 255.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Small {
    bytes: Vec<u8>,
    others: HashMap<u32, u64>,
}

impl Small {
    pub(crate) fn push(&mut self, value: u64) {
        let byte = u8::try_from(value).unwrap_or(u8::MAX);
        if byte == u8::MAX {
            self.others.insert(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX), value);
        }
        self.bytes.push(byte);
    }

    pub(crate) fn get(&self, at: u32) -> u64 {
        match self.bytes[at as usize] {
            u8::MAX => self.others.get(&at).copied().unwrap_or(u64::from(u8::MAX)),
            byte => u64::from(byte),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len() + self.others.len() * size_of::<(u32, u64)>()
    }
}

/// Keys one behind the other.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Keys {
    text: String,
    /// A key has at most 100 bytes.
    lengths: Vec<u8>,
    /// Where every [`STEP`]-th key begins.
    starts: Vec<u32>,
}

/// Keys between two known beginnings.
const STEP: usize = 16;

impl Keys {
    pub(crate) fn push(&mut self, key: &str) {
        if self.lengths.len().is_multiple_of(STEP) {
            self.starts.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        }
        self.text.push_str(key);
        self.lengths.push(u8::try_from(key.len()).unwrap_or(u8::MAX));
    }

    pub(crate) fn get(&self, offer: u32) -> &str {
        let offer = offer as usize;
        let first = offer / STEP * STEP;
        let before: usize = self.lengths[first..offer].iter().map(|length| usize::from(*length)).sum();
        let start = self.starts[offer / STEP] as usize + before;
        &self.text[start..start + usize::from(self.lengths[offer])]
    }

    pub(crate) fn bytes(&self) -> usize {
        self.text.len() + self.lengths.len() + size_of_val(&*self.starts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pushed_comes_back() {
        let (mut small, mut keys) = (Small::default(), Keys::default());
        let value = |number: u32| u64::from(number) * u64::from(number);
        let key = |number: u32| "k".repeat(1 + number as usize % 100);
        for number in 0..500 {
            small.push(value(number));
            keys.push(&key(number));
        }
        for number in 0..500 {
            assert_eq!((small.get(number), keys.get(number)), (value(number), key(number).as_str()));
        }
    }
}
