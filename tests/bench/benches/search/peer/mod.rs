//! Tantivy, tuned for the same question: one merged segment in memory, conditions packed into few fast fields, postings that give points
//! directly, a collector that adds the rest and prunes by the lowest score among the best.

mod best;
mod build;
mod points_query;

use std::collections::HashMap;
use std::sync::Arc;

use polder_model::answer::Hit;
use polder_model::code::{Importance, Language};
use polder_model::features::Audience;
use polder_model::rank::{Plan, points};
use polder_model::{CodeUri, PartnerId, code::Cefr};
use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, Query, TermSetQuery};
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use best::Best;
use points_query::{Impacts, PointsQuery};

/// How the places within reach are looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// In the collector, from the fast field.
    Collector,
    /// By a set of postcode terms that every hit must match.
    Terms,
}

/// The vacancies in Tantivy.
pub struct Peer {
    searcher: Searcher,
    skill: Field,
    occupation: Field,
    text: Field,
    place: Field,
    names: Names,
    impacts: Impacts,
    home: PartnerId,
}

/// Numbers for what stands in the index.
#[derive(Default)]
struct Names {
    codes: HashMap<CodeUri, usize>,
    language_sets: Vec<Vec<(Language, Cefr)>>,
    audiences: Vec<Audience>,
}

impl Peer {
    /// The best `most` hits for a query.
    pub fn search(&self, plan: &Arc<Plan>, most: usize, shape: Shape) -> Vec<Hit> {
        let content = self.content(plan);
        let asks_content = plan.query().criteria.asks_content();
        let places = (shape == Shape::Terms).then(|| self.places(plan)).flatten();
        let query: Box<dyn Query> = match (content, places) {
            (Some(content), Some(places)) => {
                let places = ConstScoreQuery::new(places, 0.0);
                Box::new(BooleanQuery::new(vec![(Occur::Must, content), (Occur::Must, Box::new(places))]))
            }
            (Some(content), None) => content,
            (None, Some(places)) => places,
            (None, None) if asks_content => return Vec::new(),
            (None, None) => Box::new(AllQuery),
        };
        let collector = Best::new(plan, &self.home, most, &self.names.language_sets, &self.names.audiences);
        self.searcher.search(&query, &collector).expect("a search")
    }

    fn content(&self, plan: &Plan) -> Option<Box<dyn Query>> {
        let mut parts: Vec<Box<dyn Query>> = Vec::new();
        parts.extend(self.skills(plan));
        parts.extend(self.occupations(plan));
        for asked in &plan.query().criteria.text {
            let by_impact = (0..=u8::MAX).map(|impact| points::text(plan.text_weight(), asked.weight, impact) as f32).collect();
            let term = Term::from_field_text(self.text, &asked.term);
            parts.push(Box::new(PointsQuery::by_impact(term, by_impact, &self.impacts)));
        }
        match parts.len() {
            0 | 1 => parts.pop(),
            _ => Some(Box::new(BooleanQuery::new(parts.into_iter().map(|part| (Occur::Should, part)).collect()))),
        }
    }

    /// For each asked skill the best of its matches.
    fn skills(&self, plan: &Plan) -> Vec<Box<dyn Query>> {
        let asked = &plan.query().criteria.skills;
        let mut matches: Vec<Vec<Box<dyn Query>>> = asked.iter().map(|_| Vec::new()).collect();
        for (uri, found) in plan.skill_matches() {
            let Some(code) = self.names.codes.get(uri) else { continue };
            for found in found {
                for importance in Importance::ALL {
                    let points = points::skill(plan.skill_weight(), asked[found.skill].weight, found.worth(*importance));
                    let term = Term::from_field_text(self.skill, &skill_token(*code, *importance));
                    matches[found.skill].push(Box::new(PointsQuery::same(term, points as f32)));
                }
            }
        }
        matches.into_iter().filter_map(best_of).collect()
    }

    fn occupations(&self, plan: &Plan) -> Option<Box<dyn Query>> {
        let known = plan.query().criteria.occupations.iter().filter_map(|asked| Some((asked.factor, self.names.codes.get(&asked.uri)?)));
        let matches = known.map(|(factor, code)| -> Box<dyn Query> {
            let term = Term::from_field_text(self.occupation, &code.to_string());
            Box::new(PointsQuery::same(term, points::occupation(factor) as f32))
        });
        best_of(matches.collect())
    }

    fn places(&self, plan: &Plan) -> Option<Box<dyn Query>> {
        let travel = plan.query().criteria.travel.as_ref()?;
        let reached = travel.reach.iter().filter(|row| row.distance(travel.measure) <= travel.limit).map(|row| u64::from(row.0.number()));
        let terms = reached.chain([build::REMOTE]).map(|place| Term::from_field_u64(self.place, place));
        Some(Box::new(TermSetQuery::new(terms)))
    }
}

fn best_of(mut matches: Vec<Box<dyn Query>>) -> Option<Box<dyn Query>> {
    match matches.len() {
        0 | 1 => matches.pop(),
        _ => Some(Box::new(DisjunctionMaxQuery::new(matches))),
    }
}

fn skill_token(code: usize, importance: Importance) -> String {
    format!("{code}{}", &importance.as_str()[..2])
}
