//! Criteria about what offers of a kind never say (`docs/ranking.md`, section 1).

use super::QueryRequest;
use crate::finding::{Finding, FindingCode};
use crate::name::Kind;

/// A finding for each criterion that no offer of the kind can be held against: passed over in silence it would mislead, applied it would leave nothing.
pub(super) fn never_said(request: &QueryRequest) -> Vec<Finding> {
    let (offers, contracts) = match request.kind {
        Kind::Vacancy => return Vec::new(),
        Kind::Training => ("trainings", !request.contracts.is_empty()),
        Kind::SkillOffer => ("skill offers", false),
    };
    let asked = [
        ("/contracts", contracts),
        ("/languages", request.languages.is_some()),
        ("/licences", request.licences.is_some()),
        ("/sharing", request.sharing),
    ];
    let message = format!("{offers} do not say this; leave it out");
    let finding = |(pointer, _)| Finding::new(pointer, FindingCode::Contradiction, message.clone());
    asked.into_iter().filter(|(_, asked)| *asked).map(finding).collect()
}
