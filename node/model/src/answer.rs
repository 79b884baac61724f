//! What answering and asking nodes reply (`docs/interfaces.md`, section 4).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::finding::Finding;
use crate::link::Host;
use crate::name::{OfferKey, PartnerId};
use crate::problem::Problem;
use crate::query::Query;
use crate::reason::Reason;
use crate::time::Timestamp;

/// Most documents that one request may want: so many of the largest, with their reasons, fit into [`LARGEST_ANSWER`].
pub const MOST_WANTED: usize = 40;
/// Largest peer answer, in bytes.
pub const LARGEST_ANSWER: usize = 4 * 1024 * 1024;

/// One partner's reply to a query: its best offers, in order, without documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answer {
    /// The query that it answers.
    pub query_id: String,
    /// Who answers.
    pub partner: PartnerId,
    /// The instant as of which the answer is exact.
    pub began_at: Timestamp,
    /// Whether this partner has more hits than it names.
    pub more: bool,
    /// At most `limit` + surplus, best first.
    pub hits: Vec<Hit>,
}

/// An offer that a partner names in its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hit {
    /// The offer's key.
    pub key: OfferKey,
    /// Its version when the answer began.
    pub version: u64,
    /// Its score.
    pub score: u32,
}

/// Asks a partner for the documents of hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentsRequest {
    /// The query that the hits came from.
    pub query: Query,
    /// At most [`MOST_WANTED`] offers.
    pub wanted: Vec<Wanted>,
}

/// An offer whose document is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// The offer's key.
    pub key: OfferKey,
    /// The version that was named.
    pub version: u64,
}

/// The reply to a [`DocumentsRequest`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Documents {
    /// The query.
    pub query_id: String,
    /// Who replies.
    pub partner: PartnerId,
    /// The documents, in any order.
    pub documents: Vec<OfferDocument>,
    /// Wanted offers that are no longer there in that version, or no longer eligible.
    pub gone: Vec<OfferKey>,
}

/// The document of an offer, with its score and reasons for one query.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfferDocument {
    /// The offer's key.
    pub key: OfferKey,
    /// Its version.
    pub version: u64,
    /// When it last changed.
    pub modified_at: Timestamp,
    /// Its score.
    pub score: u32,
    /// Reasons that add up to the score.
    pub reasons: Vec<Reason>,
    /// The visible document, byte for byte.
    pub document: Box<RawValue>,
}

/// One partner's reply to a question about people: one phase, documents and all. Each of them is in the ledger of the partner that answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct People {
    /// The query that it answers.
    pub query_id: String,
    /// Who answers.
    pub partner: PartnerId,
    /// The instant as of which the answer is exact.
    pub began_at: Timestamp,
    /// Whether the asker may see more people than are named.
    pub more: bool,
    /// At most `limit`, best first.
    pub people: Vec<PersonHit>,
}

/// A person in an answer: what the asker may see of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonHit {
    /// What the asker, and nobody else, knows this person by.
    pub handle: OfferKey,
    /// The version of what may be seen.
    pub version: u64,
    /// When what may be seen last changed.
    pub modified_at: Timestamp,
    /// The score.
    pub score: u32,
    /// Reasons that add up to the score.
    pub reasons: Vec<Reason>,
    /// What may be seen, byte for byte.
    pub document: Box<RawValue>,
    /// Under what it was given.
    pub disclosure: Disclosed,
}

/// Under what a copy of something about a person was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Disclosed {
    /// The row of the ledger of whoever gave it: 32 hexadecimal digits.
    pub id: String,
    /// Which of the consents for this person, purpose and recipient.
    pub epoch: u64,
    /// The fields that may be seen, as JSON pointers.
    pub fields: Vec<String>,
    /// Until when it may be used; it is to be erased then, or when its consent ends.
    pub use_until: Timestamp,
}

/// The merged answers of the federation, and who is missing.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QueryResult {
    /// The query as it was sent.
    pub query: Query,
    /// Best first, at most the query's limit.
    pub hits: Vec<ResultHit>,
    /// Who answered.
    pub answered: Vec<Answered>,
    /// Who is missing, and why.
    pub missing: Vec<Missing>,
    /// Whether nobody is missing.
    pub complete: bool,
    /// Whether the federation holds more hits than are shown.
    pub more: bool,
    /// How many offers changed between the two phases and were replaced.
    pub replaced: u32,
    /// Milliseconds from question to result.
    pub ms: u64,
    /// The skills and occupations of the question that no reference table of the asking node knows; at most 21 findings.
    pub notes: Vec<Finding>,
}

/// Where an offer sends people to apply or enrol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HitLink {
    /// The host, in lower case.
    pub host: Host,
    /// Whether the register names this host, or one above it, for the partner whose offer it is.
    pub of_partner: bool,
}

/// One offer in a result.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResultHit {
    /// Whose offer it is.
    pub partner: PartnerId,
    /// That partner's name.
    pub partner_name: String,
    /// The offer's key.
    pub key: OfferKey,
    /// Its version.
    pub version: u64,
    /// When it last changed.
    pub modified_at: Timestamp,
    /// Its score, as recomputed by the asking node.
    pub score: u32,
    /// Reasons that add up to the score.
    pub reasons: Vec<Reason>,
    /// Where it sends people to apply or enrol, if it has a link for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<HitLink>,
    /// Of a person: under what the document was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disclosure: Option<Disclosed>,
    /// The visible document.
    pub document: Box<RawValue>,
}

/// A partner that answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// Who.
    pub partner: PartnerId,
    /// Its name.
    pub name: String,
    /// Milliseconds until its answer was in.
    pub ms: u64,
    /// How many hits its answer named.
    pub hits: usize,
    /// Whether it has more hits than its answer named.
    pub more: bool,
}

/// A partner that is missing from a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// Who.
    pub partner: PartnerId,
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: MissingReason,
}

/// Why a partner is missing; a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingReason {
    /// No connection, or TLS was refused.
    Unreachable,
    /// No reply in time.
    Slow,
    /// It replied with a problem.
    Refused,
    /// It replied with 429 or 503.
    Overloaded,
    /// Signature, bytes, score or reasons do not hold.
    Untrustworthy,
    /// It cannot compute the ranking version.
    RankingUnsupported,
    /// Its clock and ours differ too much.
    ClockSkew,
    /// It does not know us as a member.
    NotAMember,
    /// The register says not to ask it.
    Suspended,
    /// More partners than may be asked at once.
    NotAsked,
    /// It answers no questions about people at the moment.
    NoDisclosure,
    /// We have learnt as much of its people today as one partner may.
    BudgetSpent,
    /// Its offers changed faster than they could be read.
    Changing,
}

impl MissingReason {
    /// The word in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Slow => "slow",
            Self::Refused => "refused",
            Self::Overloaded => "overloaded",
            Self::Untrustworthy => "untrustworthy",
            Self::RankingUnsupported => "ranking-unsupported",
            Self::ClockSkew => "clock-skew",
            Self::NotAMember => "not-a-member",
            Self::Suspended => "suspended",
            Self::NotAsked => "not-asked",
            Self::NoDisclosure => "no-disclosure",
            Self::BudgetSpent => "budget-spent",
            Self::Changing => "changing",
        }
    }
}

/// A line of a streamed result.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum StreamLine {
    /// A partner answered.
    #[serde(rename = "partner")]
    Answered(Answered),
    /// A partner is missing.
    #[serde(rename = "missing")]
    Missing(Missing),
    /// The merged list so far, each hit verified.
    Hits {
        /// Best first.
        hits: Vec<ResultHit>,
    },
    /// The final result.
    Result(Box<QueryResult>),
    /// The last line where there is no result, since the node stops.
    Incomplete {
        /// What a question gets that is not streamed.
        problem: Problem,
    },
}
