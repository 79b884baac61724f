//! The asking node believes no score: it recomputes every document that it shows.

use polder_model::answer::{Documents, OfferDocument, Wanted};
use polder_model::link::{self, Host};
use polder_model::offer;
use polder_model::rank::{self, Plan};
use polder_model::{Kind, PartnerId};

/// Whether each offer that was wanted stands once, either among the documents or among the gone, and nothing else does.
pub(super) fn are_those_wanted(wanted: &[Wanted], reply: &Documents) -> bool {
    let there = |wanted: &Wanted| reply.documents.iter().any(|given| given.key == wanted.key && given.version == wanted.version);
    reply.documents.len() + reply.gone.len() == wanted.len()
        && wanted.iter().all(|wanted| there(wanted) != reply.gone.contains(&wanted.key))
}

/// Checks that a document is what its partner said it is. The error says what does not hold; it carries no content.
///
/// A change in the future is no fault: it gets no more points than one of today, and may come of a clock that was wrong for a moment. Of one
/// that holds, the host to which it sends people.
pub(super) fn document(plan: &Plan, partner: &PartnerId, named: Option<u32>, document: &OfferDocument) -> Result<Option<Host>, String> {
    let Some(named) = named else { return Err("a document that was not named in the answer".to_owned()) };
    let kind: Kind = plan.query().kind;
    let bytes = document.document.get().as_bytes();
    let parsed = match offer::parse(kind, bytes) {
        Ok(parsed) => parsed,
        Err(findings) => {
            let first = findings.first().map(|finding| format!("{} at {}", finding.message, finding.pointer));
            return Err(format!("the document is not valid: {}", first.unwrap_or_default()));
        }
    };
    if parsed.visible_document(bytes).as_ref() != bytes {
        return Err("the document shows members that its terms hide".to_owned());
    }
    let Some(scored) = rank::score(plan, partner, &parsed.features(), document.modified_at) else {
        return Err("the document is no hit for the query".to_owned());
    };
    if scored.score != named || scored.score != document.score {
        return Err(format!("the score is {}, the partner said {named} and {}", scored.score, document.score));
    }
    if scored.reasons != document.reasons {
        return Err("the reasons do not follow from the document".to_owned());
    }
    Ok(parsed.offer.link().and_then(|(_, link)| link::host_of(link).ok()))
}
