//! On which land a postcode lies that the program's tables do not know.

use std::collections::{BTreeMap, HashMap};

use super::content::PostcodeArea;
use super::tables::{Land, Place};
use crate::name::Postcode4;

/// Votes for a land, by name.
type Votes<'p> = HashMap<&'p str, BTreeMap<&'p str, usize>>;

/// The lands of postcodes: that of the program's tables; else that of most known postcodes of the municipality, else of the province; else that of
/// the nearest known postcode.
pub(super) struct Lands<'p> {
    known: HashMap<Postcode4, &'p Place>,
    municipalities: Votes<'p>,
    provinces: Votes<'p>,
}

impl<'p> Lands<'p> {
    pub fn new(known: &'p [Place], areas: &'p [PostcodeArea]) -> Self {
        let known: HashMap<Postcode4, &Place> = known.iter().map(|place| (place.postcode, place)).collect();
        let (mut municipalities, mut provinces) = (Votes::new(), Votes::new());
        for place in known.values() {
            *municipalities.entry(&place.municipality).or_default().entry(&place.land).or_default() += 1;
        }
        for area in areas {
            if let Some(place) = known.get(&area.postcode) {
                *provinces.entry(&area.province).or_default().entry(&place.land).or_default() += 1;
            }
        }
        municipalities.remove("");
        provinces.remove("");
        Self { known, municipalities, provinces }
    }

    pub fn of(&self, area: &PostcodeArea) -> Land {
        if let Some(place) = self.known.get(&area.postcode) {
            return place.land.clone();
        }
        let most = |votes: &BTreeMap<&'p str, usize>| {
            votes.iter().max_by_key(|(land, votes)| (**votes, std::cmp::Reverse(**land))).map(|(land, _)| *land)
        };
        let voted =
            self.municipalities.get(area.municipality.as_str()).or_else(|| self.provinces.get(area.province.as_str())).and_then(most);
        voted.map_or_else(|| self.nearest(area), str::to_owned)
    }

    fn nearest(&self, area: &PostcodeArea) -> Land {
        // A degree of longitude is about six tenths of one of latitude here.
        let far = |place: &Place| (place.latitude - area.latitude).powi(2) + ((place.longitude - area.longitude) * 0.61).powi(2);
        let nearest = self.known.values().min_by(|a, b| far(a).total_cmp(&far(b)).then(a.postcode.cmp(&b.postcode)));
        nearest.map(|place| place.land.clone()).unwrap_or_default()
    }
}
