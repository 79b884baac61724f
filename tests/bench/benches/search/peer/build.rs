//! Building the Tantivy index.

use std::collections::HashMap;
use std::hash::Hash;

use polder_model::features::Features;
use polder_model::{CodeUri, Date, PartnerId, Postcode4};
use tantivy::schema::{FAST, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, TantivyDocument};

use super::points_query::{Impacts, MOST_TIMES};
use super::{Names, Peer, skill_token};
use crate::corpus::Offer;

/// The place of offers that can be taken up from anywhere.
pub const REMOTE: u64 = 10_000;
/// The day of offers that state none; no day of the corpus is this early.
pub const NO_DAY: u64 = 0;
/// The hours of offers that state none.
pub const NO_HOURS: (u8, u8) = (u8::MAX, 0);

/// Writes single values: place, hours, level, sharing.
pub fn pack_values(features: &Features) -> u64 {
    let (min, max) = features.hours.unwrap_or(NO_HOURS);
    place_of(features)
        | u64::from(min) << 16
        | u64::from(max) << 24
        | u64::from(features.level.unwrap_or(0)) << 32
        | u64::from(features.sharing) << 40
}

/// Writes sets: contracts, sectors, licences.
pub fn pack_sets(features: &Features) -> u64 {
    u64::from(features.contracts) | u64::from(features.sectors) << 11 | u64::from(features.licences) << 32
}

fn place_of(features: &Features) -> u64 {
    let opening = features.openings[0];
    if opening.remote { REMOTE } else { opening.place.map_or(0, |place| u64::from(Postcode4::number(place))) }
}

fn day(date: Option<Date>) -> u64 {
    date.map_or(NO_DAY, |date| u64::try_from(date.days()).expect("a day after 1970"))
}

/// Values that many offers share, numbered.
struct Numbers<T>(HashMap<T, usize>);

impl<T: Clone + Eq + Hash> Numbers<T> {
    fn of(&mut self, value: &T) -> u64 {
        let next = self.0.len();
        *self.0.entry(value.clone()).or_insert(next) as u64
    }

    fn list(self) -> Vec<T> {
        let mut list: Vec<_> = self.0.into_iter().collect();
        list.sort_by_key(|(_, number)| *number);
        list.into_iter().map(|(value, _)| value).collect()
    }
}

impl Peer {
    pub fn build(offers: impl Iterator<Item = Offer>, home: &PartnerId) -> Self {
        let words = |option| {
            let indexing = TextFieldIndexing::default().set_tokenizer("whitespace").set_fieldnorms(false).set_index_option(option);
            TextOptions::default().set_indexing_options(indexing)
        };
        let mut schema = Schema::builder();
        let skill = schema.add_text_field("skill", words(IndexRecordOption::Basic));
        let occupation = schema.add_text_field("occupation", words(IndexRecordOption::Basic));
        let text = schema.add_text_field("text", words(IndexRecordOption::WithFreqs));
        let place = schema.add_u64_field("place", INDEXED);
        let columns = ["values", "sets", "closes", "start", "modified", "terms", "number", "version"];
        let columns = columns.map(|name| schema.add_u64_field(name, FAST));
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, 1 << 30).expect("a writer");
        let mut codes: Numbers<CodeUri> = Numbers(HashMap::new());
        let (mut language_sets, mut audiences) = (Numbers(HashMap::new()), Numbers(HashMap::new()));
        let mut lengths = Vec::new();
        for (number, offer) in (0_u64..).zip(offers) {
            if number % 1_000 == 0 {
                check(&offer);
            }
            lengths.push(offer.tokens);
            let (entry, features) = (&offer.entry, &offer.entry.features);
            let mut document = TantivyDocument::new();
            let skills = features.skills.iter().map(|(uri, importance)| skill_token(codes.of(uri) as usize, *importance));
            document.add_text(skill, skills.collect::<Vec<_>>().join(" "));
            let occupations = features.occupations.iter().map(|uri| codes.of(uri).to_string());
            document.add_text(occupation, occupations.collect::<Vec<_>>().join(" "));
            document.add_text(text, &offer.stems);
            document.add_u64(place, place_of(features));
            let values = [
                pack_values(features),
                pack_sets(features),
                day(features.closes),
                day(features.openings[0].start),
                u64::try_from(entry.modified.micros()).expect("an instant after 1970"),
                language_sets.of(&features.languages) | audiences.of(&features.audience) << 16,
                number,
                entry.version,
            ];
            columns.iter().zip(values).for_each(|(column, value)| document.add_u64(*column, value));
            writer.add_document(document).expect("a document");
        }
        writer.commit().expect("a commit");
        let segments = index.searchable_segment_ids().expect("segments");
        if segments.len() > 1 {
            writer.merge(&segments).wait().expect("a merge");
        }
        writer.wait_merging_threads().expect("merging");
        let searcher = index.reader().expect("a reader").searcher();
        assert_eq!(searcher.segment_readers().len(), 1, "one segment");
        let names = Names { codes: codes.0, language_sets: language_sets.list(), audiences: audiences.list() };
        let impacts = Impacts::new(tokens(&searcher, &lengths));
        Self { searcher, skill, occupation, text, place, names, impacts, home: home.clone() }
    }
}

/// Checks that counts and lengths give the impacts of the features.
fn check(offer: &Offer) {
    for (stem, impact) in offer.entry.features.terms.iter() {
        let times = offer.stems.split(' ').filter(|other| *other == stem).count();
        assert!(times <= MOST_TIMES && Impacts::impact(times, usize::from(offer.tokens)) == impact, "{stem}");
    }
}

/// The length of each offer in the order of Tantivy.
fn tokens(searcher: &tantivy::Searcher, lengths: &[u8]) -> Vec<u8> {
    let segment = searcher.segment_reader(0);
    let numbers = segment.fast_fields().column_first_or_default::<u64>("number").expect("a column");
    (0..segment.max_doc()).map(|doc| lengths[numbers.get_val(doc) as usize]).collect()
}
