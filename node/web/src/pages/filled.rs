//! A list that a script fills in while partners answer. Of each row, and of the map beside it, it is told what it does not know yet: a row that stays as it was
//! is not sent again, and one of which a letter changed is sent as that letter.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use polder_model::{OfferKey, PartnerId};
use serde::Serialize;
use serde_json::{Map, Value};

use super::map::Drawn;

/// Whose a row is, and what it is: the same thing is the same row in every list.
pub(crate) type Of = (PartnerId, OfferKey);

/// The list as the script knows it by now.
#[derive(Default)]
pub(crate) struct Filled {
    order: Vec<u32>,
    rows: HashMap<Of, Known>,
    map: Members,
    /// The number of the next row that is new. It is ours: a partner that could choose it could have its row take the place of another's.
    next: u32,
    hashing: RandomState,
}

/// A row as the script knows it.
struct Known {
    id: u32,
    said: Members,
}

/// A hash of what each member says: what was sent is not kept.
type Members = HashMap<String, u64>;

/// What the script does not know yet.
#[derive(Serialize)]
pub(crate) struct Change {
    /// The numbers of all rows, in their order, where it changed; a row that is not among them is there no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<Vec<u32>>,
    /// Rows that are new, and of others the members that changed; each with its number as `id`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rows: Vec<Map<String, Value>>,
    /// The members of the map that changed.
    #[serde(skip_serializing_if = "Map::is_empty")]
    map: Map<String, Value>,
}

impl Filled {
    /// What changes where this is the list from now on.
    ///
    /// # Errors
    ///
    /// A row that cannot be written as JSON.
    pub(crate) fn change<R: Serialize>(&mut self, rows: &[(Of, R)], drawn: &Drawn) -> Result<Change, serde_json::Error> {
        let (mut order, mut changed, mut known) = (Vec::new(), Vec::new(), HashMap::new());
        for (of, row) in rows {
            let mut row_known = self.rows.remove(of).unwrap_or_else(|| {
                self.next += 1;
                Known { id: self.next, said: Members::new() }
            });
            let mut news = news(&self.hashing, &mut row_known.said, row)?;
            if !news.is_empty() {
                news.insert("id".to_owned(), row_known.id.into());
                changed.push(news);
            }
            order.push(row_known.id);
            known.insert(of.clone(), row_known);
        }
        // A row that comes back is a new one.
        self.rows = known;
        let map = news(&self.hashing, &mut self.map, drawn)?;
        let is_same = order == self.order;
        self.order.clone_from(&order);
        Ok(Change { order: (!is_same).then_some(order), rows: changed, map })
    }
}

impl Change {
    /// Whether there is nothing that the script does not know.
    pub(crate) fn is_nothing(&self) -> bool {
        self.order.is_none() && self.rows.is_empty() && self.map.is_empty()
    }
}

/// The members that say something else than they did, which are known from now on.
fn news(hashing: &RandomState, known: &mut Members, what: &impl Serialize) -> Result<Map<String, Value>, serde_json::Error> {
    let mut members: Map<String, Value> = serde_json::from_value(serde_json::to_value(what)?)?;
    members.retain(|name, value| {
        let hash = hashing.hash_one(&*value);
        known.insert(name.clone(), hash) != Some(hash)
    });
    Ok(members)
}

#[cfg(test)]
mod tests {
    use polder_exchange::people::Language;
    use serde_json::json;

    use super::super::map::{Map as Drawing, Region};
    use super::super::words::Words;
    use super::*;

    fn drawn() -> Drawn {
        Drawing::of(&Region::flevoland()).drawn(&Words::new(Language::Nl))
    }

    fn rows(said: &[(&str, &str)]) -> Vec<(Of, Value)> {
        let partner: PartnerId = "kvk:90000001".parse().expect("a partner");
        let row = |(key, letter): &(&str, &str)| {
            let of = (partner.clone(), key.parse().expect("a key"));
            (of, json!({"title": key, "letter": letter}))
        };
        said.iter().map(row).collect()
    }

    #[test]
    fn only_what_changed_is_sent() {
        let mut filled = Filled::default();
        let mut change = |said: &[(&str, &str)]| {
            let mut value = serde_json::to_value(filled.change(&rows(said), &drawn()).expect("a change")).expect("JSON");
            value.as_object_mut().expect("an object").remove("map");
            value
        };
        let (a, b) = (json!({"id": 1, "title": "a", "letter": "A"}), json!({"id": 2, "title": "b", "letter": "B"}));
        assert_eq!(change(&[("a", "A"), ("b", "B")]), json!({"order": [1, 2], "rows": [a, b]}));
        assert_eq!(change(&[("a", "A"), ("b", "B")]), json!({}));
        assert_eq!(change(&[("b", "A"), ("a", "A")]), json!({"order": [2, 1], "rows": [{"id": 2, "letter": "A"}]}));
        assert_eq!(change(&[("b", "A")]), json!({"order": [2]}), "what is there no more is left out of the order");
        let back = json!({"id": 3, "title": "a", "letter": "B"});
        assert_eq!(change(&[("b", "A"), ("a", "B")]), json!({"order": [2, 3], "rows": [back]}), "what comes back is sent whole");
        assert_eq!(change(&[]), json!({"order": []}));
    }

    #[test]
    fn the_map_is_sent_once_where_it_stays_as_it_is() {
        let mut filled = Filled::default();
        let first = filled.change(&rows(&[]), &drawn()).expect("a change");
        assert!(first.map.contains_key("transform") && !first.is_nothing(), "{:?}", first.map);
        assert!(filled.change(&rows(&[]), &drawn()).expect("a change").is_nothing());
    }
}
