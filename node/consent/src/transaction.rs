//! The number of a call that came through an Inway of FSC, or goes through an Outway (`Fsc-Transaction-Id`): both of them, and both nodes, write it down.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A transaction of FSC: a UUID of version 7 (RFC 9562, section 5.7), as the Digikoppeling profile wants it. Written with small letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct FscTransaction([u8; 16]);

/// A text that is no such number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a transaction of FSC is a UUID of version 7, such as 0193a1f0-7c3e-7a55-9b1d-3f0c2a7e5d11")]
pub struct NoTransaction;

/// Where a UUID has its hyphens.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

impl FscTransaction {
    /// A new one, of that millisecond since 1970.
    #[must_use]
    pub fn new(millis: u64, random: [u8; 10]) -> Self {
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        bytes[6..].copy_from_slice(&random);
        bytes[6] = 0x70 | bytes[6] & 0x0f;
        bytes[8] = 0x80 | bytes[8] & 0x3f;
        Self(bytes)
    }
}

impl fmt::Display for FscTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = hex::encode(self.0);
        for at in HYPHENS {
            text.insert(at, '-');
        }
        f.write_str(&text)
    }
}

impl FromStr for FscTransaction {
    type Err = NoTransaction;
    fn from_str(text: &str) -> Result<Self, NoTransaction> {
        let is_formed = text.len() == 36 && text.is_ascii() && HYPHENS.iter().all(|at| text.as_bytes()[*at] == b'-');
        let digits: String = text.chars().filter(|character| *character != '-').collect();
        let mut bytes = [0; 16];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| NoTransaction)?;
        let is_of_version = bytes[6] >> 4 == 7 && bytes[8] >> 6 == 2;
        if is_formed && is_of_version { Ok(Self(bytes)) } else { Err(NoTransaction) }
    }
}

impl From<FscTransaction> for String {
    fn from(transaction: FscTransaction) -> Self {
        transaction.to_string()
    }
}

impl TryFrom<String> for FscTransaction {
    type Error = NoTransaction;
    fn try_from(text: String) -> Result<Self, NoTransaction> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: &str = "0193a1f0-7c3e-7a55-9b1d-3f0c2a7e5d11";

    #[test]
    fn a_transaction_has_one_form() {
        let read: FscTransaction = FINE.parse().expect("fine");
        assert_eq!((read.to_string().as_str(), FINE.to_uppercase().parse()), (FINE, Ok(read)));
        for bad in [
            "",
            "0193a1f07c3e7a559b1d3f0c2a7e5d11",
            "0193a1f0-7c3e-4a55-9b1d-3f0c2a7e5d11",
            "0193a1f0-7c3e-7a55-cb1d-3f0c2a7e5d11",
            "0193a1f0-7c3e-7a55-9b1d-3f0c2a7e5d1g",
            "0193a1f0-7c3e-7a55-9b1d3-f0c2a7e5d11",
            "{0193a1f0-7c3e-7a55-9b1d-3f0c2a7e5d11}",
            " 0193a1f0-7c3e-7a55-9b1d-3f0c2a7e5d11",
            "0193a1f0-7c3e-7a55-9b1d-3f0c2a7e5dé1",
        ] {
            assert_eq!(bad.parse::<FscTransaction>(), Err(NoTransaction), "{bad}");
        }
    }

    #[test]
    fn a_new_one_begins_with_its_time_and_is_read_back() {
        let new = FscTransaction::new(0x0193_a1f0_7c3e, [0xff; 10]);
        assert_eq!(new.to_string(), "0193a1f0-7c3e-7fff-bfff-ffffffffffff");
        assert_eq!(new.to_string().parse(), Ok(new));
    }
}
