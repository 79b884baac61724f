//! Why an offer has its score (`docs/interfaces.md`, section 4).

use serde::{Deserialize, Serialize};

use crate::code::{Importance, Relation};
use crate::name::{CodeUri, Postcode4};

/// One part of a score. The points of an offer's reasons add up to its score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Points for this reason, at least 1.
    pub points: u32,
    /// What the points are for.
    #[serde(flatten)]
    pub ground: Ground,
}

/// What a reason's points are for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Ground {
    /// A skill that was asked is met.
    Skill {
        /// The skill that was asked.
        code: CodeUri,
        /// The offer's skill that meets it.
        matched: CodeUri,
        /// How the two relate.
        relation: Relation,
        /// How much the offer needs it.
        importance: Importance,
    },
    /// An occupation fits.
    Occupation {
        /// The offer's occupation.
        matched: CodeUri,
    },
    /// A word that was asked stands in the text.
    Text {
        /// Its stem.
        term: String,
    },
    /// It is within reach.
    Travel {
        /// The place, unless remote.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        postcode: Option<Postcode4>,
        /// Metres of road, unless remote.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metres: Option<u32>,
        /// Minutes on the way, unless remote.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        minutes: Option<u16>,
        /// `true` where no travel is needed.
        #[serde(default, skip_serializing_if = "is_false")]
        remote: bool,
    },
    /// The hours overlap.
    Hours {
        /// Number of hours a week in common.
        overlap: u8,
    },
    /// It was changed lately.
    Freshness {
        /// Whole days since the change.
        days: u32,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_false(value: &bool) -> bool {
    !value
}
