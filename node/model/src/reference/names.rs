//! Finding places by name.

use super::Place;
use super::labels::{Labels, Rank};

/// The names of places, and which places each may mean.
#[derive(Debug, Default)]
pub(super) struct PlaceNames {
    labels: Labels,
    names: Vec<Named>,
}

#[derive(Debug)]
struct Named {
    name: String,
    /// Rows of the table of places.
    rows: Vec<usize>,
}

impl PlaceNames {
    /// Names with the postcode in their middle come first; then the names that a place has alone, those that it has first, those that it has besides.
    /// A name that is known already gets no other places by the later ones. Of the postcodes of one municipality with one name the first counts.
    pub(super) fn new(middles: &[(String, usize)], places: &[Place]) -> Self {
        let mut names = Self::default();
        names.take(middles.iter().map(|(name, row)| (name.as_str(), *row)), |_, _| true);
        let another = |a: usize, b: usize| places[a].municipality != places[b].municipality;
        let alone = places.iter().enumerate().filter(|(_, place)| place.other_names.is_empty());
        names.take(alone.map(|(row, place)| (place.name.as_str(), row)), another);
        names.take(places.iter().enumerate().map(|(row, place)| (place.name.as_str(), row)), another);
        let others = places.iter().enumerate().flat_map(|(row, place)| place.other_names.iter().map(move |name| (name.as_str(), row)));
        names.take(others, another);
        names
    }

    fn take<'n>(&mut self, names: impl Iterator<Item = (&'n str, usize)>, another: impl Fn(usize, usize) -> bool) {
        let known = self.names.len();
        for (name, row) in names {
            match self.labels.find(name).first().copied() {
                None => {
                    self.labels.add(Rank::Preferred, name, self.names.len());
                    self.names.push(Named { name: name.to_owned(), rows: vec![row] });
                }
                Some(at) if at >= known && self.names[at].rows.iter().all(|other| another(*other, row)) => self.names[at].rows.push(row),
                Some(_) => {}
            }
        }
    }

    /// The rows of the places that a name may mean.
    pub(super) fn find(&self, name: &str) -> &[usize] {
        self.labels.find(name).first().map_or(&[], |at| &self.names[*at].rows)
    }

    /// The names most like a text, best first.
    pub(super) fn nearest(&self, name: &str) -> Vec<String> {
        self.labels.nearest(name).into_iter().map(|at| self.names[at].name.clone()).collect()
    }
}
