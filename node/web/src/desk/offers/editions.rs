//! The times and places at which a training is given, as the form shows them: a row for each, and one for another.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::pages::Fields;

/// Most rows of the form; editions beyond them stay as they are.
const MOST: usize = 8;

/// A row. Empty: there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Edition {
    start: String,
    end: String,
    postcode: String,
    place: String,
    mode: String,
}

/// A member of an edition that is a text, with its place in a row.
pub(super) type Member = (&'static [&'static str], fn(&mut Edition) -> &mut String);

/// What a row has.
pub(super) const MEMBERS: [Member; 5] = [
    (&["startDate"], |row| &mut row.start),
    (&["endDate"], |row| &mut row.end),
    (&["location", "postcode"], |row| &mut row.postcode),
    (&["location", "place"], |row| &mut row.place),
    (&["mode"], |row| &mut row.mode),
];

impl Edition {
    /// The rows of a training, with an empty one where there is room for it.
    pub(super) fn all(offer: &Value) -> Vec<Self> {
        let editions = offer["editions"].as_array().into_iter().flatten();
        let mut rows: Vec<Self> = editions.take(MOST).map(Self::of).collect();
        if rows.len() < MOST {
            rows.push(Self::default());
        }
        rows
    }

    fn of(edition: &Value) -> Self {
        let mut row = Self::default();
        for (path, place) in MEMBERS {
            super::draft::at(edition, path).as_str().unwrap_or_default().clone_into(place(&mut row));
        }
        row
    }

    /// The rows as they were typed.
    pub(super) fn read(fields: &Fields) -> Vec<Self> {
        let column = |name: &'static str| fields.all(name).take(MOST).map(str::to_owned).collect::<Vec<_>>();
        let columns = ["edition_start", "edition_end", "edition_postcode", "edition_place", "edition_mode"].map(column);
        let rows = columns.iter().map(Vec::len).max().unwrap_or_default();
        let row = |number: usize| {
            let [start, end, postcode, place, mode] = columns.each_ref().map(|column| column.get(number).cloned().unwrap_or_default());
            Self { start, end, postcode: postcode.to_uppercase(), place, mode }
        };
        (0..rows).map(row).collect()
    }

    /// The editions: these rows over what was there before, without those of which everything was taken out.
    pub(super) fn written(rows: &[Self], before: &[Value]) -> Vec<Value> {
        let mut editions = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            match before.get(number) {
                Some(edition) if Self::of(edition) == *row => editions.push(edition.clone()),
                _ if *row == Self::default() => {}
                edition => editions.push(row.over(edition.and_then(Value::as_object).cloned().unwrap_or_default())),
            }
        }
        editions.extend(before.iter().skip(rows.len()).cloned());
        editions
    }

    fn over(&self, mut edition: Map<String, Value>) -> Value {
        let mut row = self.clone();
        for (path, place) in MEMBERS {
            let typed = std::mem::take(place(&mut row));
            super::document::put(&mut edition, path, (!typed.is_empty()).then(|| json!(typed)));
        }
        Value::Object(edition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_change_what_they_show_and_nothing_else() {
        let before = json!({"editions": [
            {"key": "a", "startDate": "2027-02-01", "location": {"place": "Urk", "latitude": 52.5}, "mode": "on-site", "seats": 3},
            {"mode": "online"},
        ]});
        let list = before["editions"].as_array().expect("a list");
        let mut rows = Edition::all(&before);
        assert_eq!((rows.len(), Edition::written(&rows, list)), (3, list.clone()));
        rows[0].place.clear();
        rows[1] = Edition::default();
        rows[2] = Edition { start: "2027-09-01".to_owned(), mode: "blended".to_owned(), ..Edition::default() };
        assert_eq!(
            json!(Edition::written(&rows, list)),
            json!([
                {"key": "a", "startDate": "2027-02-01", "location": {"latitude": 52.5}, "mode": "on-site", "seats": 3},
                {"startDate": "2027-09-01", "mode": "blended"},
            ])
        );
        let many: Vec<Value> = (0..20).map(|seats| json!({"mode": "online", "seats": seats})).collect();
        let rows = Edition::all(&json!({"editions": many}));
        assert_eq!((rows.len(), Edition::written(&rows, &many)), (MOST, many));
    }
}
