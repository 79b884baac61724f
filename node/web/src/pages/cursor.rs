//! Where a page of a list ended, in the address of the page with the older ones.

use polder_model::Timestamp;
use serde::{Deserialize, Serialize};

/// The instant and the id of the last one of a page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Cursor {
    at: Timestamp,
    id: String,
}

impl Cursor {
    /// After this one.
    pub(crate) fn new(at: Timestamp, id: impl ToString) -> Self {
        Self { at, id: id.to_string() }
    }

    /// The same as the store asks for it.
    pub(crate) fn after(&self) -> (Timestamp, &str) {
        (self.at, &self.id)
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        format!("{}-{}", cursor.at.micros(), cursor.id)
    }
}

impl TryFrom<String> for Cursor {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (at, id) = text.split_once('-').ok_or("no place in a list")?;
        let at = at.parse().map_err(|_| "no instant")?;
        let is_id = (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if is_id { Ok(Self { at: Timestamp::from_micros(at), id: id.to_owned() }) } else { Err("no id") }
    }
}

/// As many as stand on a page, of one more than that; and the last of them, where there are older ones.
pub(crate) fn cut<T>(items: &mut Vec<T>, on_a_page: u32) -> Option<&T> {
    let more = items.len() > on_a_page as usize;
    items.truncate(on_a_page as usize);
    items.last().filter(|_| more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_list_is_read_as_it_was_written_and_nothing_else_is() {
        let cursor = Cursor::new(Timestamp::from_micros(1_800_000_000_000_000), "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77");
        assert_eq!(Cursor::try_from(String::from(cursor.clone())), Ok(cursor));
        for wrong in ["", "1", "-", "x-1", "1-", "1-a b", "1-'", &format!("1-{}", "a".repeat(65))] {
            assert!(Cursor::try_from((*wrong).to_owned()).is_err(), "{wrong}");
        }
        let mut items = vec![1, 2, 3];
        assert_eq!(cut(&mut items, 2), Some(&2));
        assert_eq!(cut(&mut items, 2), None);
        assert_eq!(items, [1, 2]);
    }
}
