//! A term whose postings give points: always the same, or by the impact that follows from how often the term stands in the offer and how
//! long the offer is. Spares the wrapping of a constant score around a term query, and BM25.

use std::sync::Arc;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Result, Score, SegmentReader, Term};

/// Largest count of a term, thrice that in the title included.
pub const MOST_TIMES: usize = 255;

/// Impacts by count of the term and length of the offer; and the length of every offer.
#[derive(Clone)]
pub struct Impacts {
    table: Arc<Vec<u8>>,
    tokens: Arc<Vec<u8>>,
}

impl Impacts {
    pub fn new(tokens: Vec<u8>) -> Self {
        let lengths = 0..=usize::from(u8::MAX);
        let table = (0..=MOST_TIMES).flat_map(|times| lengths.clone().map(move |length| Self::impact(times, length)));
        Self { table: Arc::new(table.collect()), tokens: Arc::new(tokens) }
    }

    /// As in `docs/ranking.md`, section 4.
    pub fn impact(times: usize, length: usize) -> u8 {
        u8::try_from(255 * 8_000 * times / (8_000 * times + 2_400 + 90 * length)).unwrap_or(u8::MAX)
    }

    fn of(&self, times: u32, doc: DocId) -> u8 {
        self.table[times as usize * 256 + usize::from(self.tokens[doc as usize])]
    }
}

#[derive(Clone)]
pub struct PointsQuery {
    term: Term,
    points: Points,
}

#[derive(Clone)]
enum Points {
    Same(Score),
    ByImpact(Arc<Vec<Score>>, Impacts),
}

impl PointsQuery {
    pub fn same(term: Term, points: Score) -> Self {
        Self { term, points: Points::Same(points) }
    }

    pub fn by_impact(term: Term, points: Vec<Score>, impacts: &Impacts) -> Self {
        Self { term, points: Points::ByImpact(Arc::new(points), impacts.clone()) }
    }
}

impl std::fmt::Debug for PointsQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.term)
    }
}

impl Query for PointsQuery {
    fn weight(&self, _: EnableScoring<'_>) -> Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for PointsQuery {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> Result<Box<dyn Scorer>> {
        let option = match self.points {
            Points::Same(_) => IndexRecordOption::Basic,
            Points::ByImpact(..) => IndexRecordOption::WithFreqs,
        };
        let Some(postings) = reader.inverted_index(self.term.field())?.read_postings(&self.term, option)? else {
            return Ok(Box::new(EmptyScorer));
        };
        Ok(match &self.points {
            Points::Same(points) => Box::new(SameScorer { postings, points: *points }),
            Points::ByImpact(points, impacts) => Box::new(ImpactScorer { postings, points: Arc::clone(points), impacts: impacts.clone() }),
        })
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> Result<Explanation> {
        Ok(Explanation::new("points", 0.0))
    }
}

struct SameScorer {
    postings: SegmentPostings,
    points: Score,
}

struct ImpactScorer {
    postings: SegmentPostings,
    points: Arc<Vec<Score>>,
    impacts: Impacts,
}

macro_rules! doc_set_of_postings {
    ($scorer:ident) => {
        impl DocSet for $scorer {
            #[inline]
            fn advance(&mut self) -> DocId {
                self.postings.advance()
            }

            #[inline]
            fn seek(&mut self, target: DocId) -> DocId {
                self.postings.seek(target)
            }

            #[inline]
            fn doc(&self) -> DocId {
                self.postings.doc()
            }

            fn size_hint(&self) -> u32 {
                self.postings.size_hint()
            }
        }
    };
}

doc_set_of_postings!(SameScorer);
doc_set_of_postings!(ImpactScorer);

impl Scorer for SameScorer {
    #[inline]
    fn score(&mut self) -> Score {
        self.points
    }
}

impl Scorer for ImpactScorer {
    #[inline]
    fn score(&mut self) -> Score {
        self.points[usize::from(self.impacts.of(self.postings.term_freq(), self.postings.doc()))]
    }
}
