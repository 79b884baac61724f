//! What the OpenAPI document says of a worker's rights.

mod schemas;
mod shown;

use polder_model::problem::ProblemType;
use serde_json::{Value, json};
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{Content, Required};

use super::describe::{form, parameter};
use super::examples;
use super::people::ID;
use crate::client::negotiate::JSON;
use crate::client::rights_operations::OfRights;

pub(super) use schemas::schemas;
use shown::{example_export, example_of, example_requests, example_revocations};

fn content(component: &str, named: Vec<(&'static str, Value)>) -> Content {
    examples::content(component, named.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub(super) fn words(does: OfRights) -> (&'static str, String, String) {
    let (summary, description) = match does {
        OfRights::AskAccess => (
            "Ask everyone what they hold of me",
            "Asks every partner that received something, and replies after 5 s at the latest with all that is held here and there. Who has not answered is asked again until it has: read it with GET. What a partner received is with its systems, which are named: a node notes that something came, not what. `differences` says where an answer and the ledger of this node are not the same.",
        ),
        OfRights::Access => (
            "Everything that is held of me",
            "As far as is known: what is here as it is now, and what partners said when they were asked last. Nobody is asked.",
        ),
        OfRights::Erase => (
            "Erase everything of me",
            "Ends everything and erases it, in one step: profile, consents, who saw what, questions, and all by which the log could be read back to you. What stays are hashes in the log, and who is still to erase a copy, until it has: those are told as after `DELETE /v1/me/consents`. When this replies nothing leaves any more, and the token is over. Keep the receipt: it is the last thing that this node can say of you.",
        ),
        OfRights::ListRequests => (
            "What partners ask to see of me",
            "The last one first, also what was answered. A request is open for 30 days. Nobody hears that you refuse, or put it off; who asked sees no more than what you give.",
        ),
        OfRights::AnswerRequest => (
            "Refuse a request, or put it off",
            "Whoever asked does not hear of it: to them it is as if there were no answer. You are not asked the same again for 30 days. To give, answer it with `POST /v1/me/consents`.",
        ),
        OfRights::AskConsent => (
            "Ask a worker to let something be seen",
            "Of your own node by the key of a skill offer, of another partner by the key of a result. The worker decides, nobody else: `assistedBy` says who of your staff helps them, and is kept in the record of what they give. The worker is asked once: not again within 30 days, not more than three times in 30 days by one partner, not for what is in force. What goes beyond is dropped, and looks as everything else that was not given.",
        ),
        OfRights::Standing => (
            "What is in force of what you asked for",
            "`given`, with the fields, or `not-given`: nobody there, not answered, refused, withdrawn and never asked are the same.",
        ),
        OfRights::Export => (
            "Take everything along",
            "Profile, consents with their texts, who saw what, questions and receipts, in one document that this node signs, of at most 8 MiB: where there is more, the oldest lines are not in it, and `leftOut` says of which lists. Another node takes it in with `POST /v1/moves`. Nothing ends by it.",
        ),
        OfRights::History => ("What I brought along from other nodes", "To the letter, the last first."),
        OfRights::TakeIn => (
            "Take in what a worker brings along",
            "The document that `GET /v1/me/export` of another partner's node gave, at most 30 days old; its signature is that of a partner of the register. The profile becomes a skill offer; for what was in force the worker is asked anew, and nobody sees anything before they give it; that takes nothing from what you may ask of them. Each export is taken in once. At the old node nothing ends before the worker says so.",
        ),
        OfRights::Revoke => (
            "End workers' consents on a stated ground",
            "For the partner's privacy officer: of the worker of one skill offer, all of them or those that are named (all or none of these), or all that were given on one text. The ground says whether they end (`worker-asked`, `purpose-ended`, `recipient-unfit`) or never held (`notice-wrong`, `not-free`, `another-person`, `authority`), which reaches back over those that have ended. From then on it is as if the worker had withdrawn: nothing leaves when this replies, and whoever has a copy is told to erase it. The worker sees the ground, in every receipt too. Consents on a text end in parts: after a refusal, the same again ends the rest.",
        ),
    };
    ("rights", summary.to_owned(), description.to_owned())
}

pub(super) fn parameters(does: OfRights) -> Vec<Parameter> {
    match does {
        OfRights::AskAccess | OfRights::Access | OfRights::Erase | OfRights::ListRequests | OfRights::AskConsent => Vec::new(),
        OfRights::Export | OfRights::History | OfRights::TakeIn | OfRights::Revoke => Vec::new(),
        OfRights::AnswerRequest | OfRights::Standing => {
            vec![parameter("request", ParameterIn::Path, Required::True, "The id of the request.", form(32, 32, "^[0-9a-f]{32}$", ID))]
        }
    }
}

pub(super) fn body(does: OfRights) -> Option<(&'static str, Content)> {
    let (component, named) = match does {
        OfRights::AskAccess | OfRights::Access | OfRights::Erase | OfRights::ListRequests | OfRights::Standing => return None,
        OfRights::Export | OfRights::History => return None,
        OfRights::TakeIn => ("TakeIn", vec![("from-another-partner", json!({"key": "P-9", "export": example_export()}))]),
        OfRights::AnswerRequest => ("RequestAnswer", vec![("no", json!({"answer": "refuse"})), ("not-now", json!({"answer": "defer"}))]),
        OfRights::AskConsent => ("ConsentRequest", example_requests()),
        OfRights::Revoke => ("RevocationRequest", example_revocations()),
    };
    Some((JSON, content(component, named)))
}

/// Status, description and content.
pub(super) fn success(does: OfRights) -> (&'static str, &'static str, Content) {
    let (status, description, component) = match does {
        OfRights::AskAccess | OfRights::Access => ("200", "All of it.", "Access"),
        OfRights::Erase => ("200", "It is erased.", "Erased"),
        OfRights::ListRequests => ("200", "All of them.", "RequestsToMe"),
        OfRights::AnswerRequest => ("200", "The request as it stands.", "RequestToMe"),
        OfRights::AskConsent => ("201", "What is in force of it already.", "RequestStanding"),
        OfRights::Standing => ("200", "What is in force of it.", "RequestStanding"),
        OfRights::Export => ("200", "The document.", "Export"),
        OfRights::History => ("200", "All of it.", "History"),
        OfRights::TakeIn => ("201", "It is taken in.", "Moved"),
        OfRights::Revoke => ("200", "They have ended, and nothing of them is on its way any more.", "Revocation"),
    };
    (status, description, content(component, example_of(does)))
}

pub(super) fn problems(does: OfRights) -> Vec<ProblemType> {
    use ProblemType as P;
    let with_body = [P::InvalidRequest, P::NotAcceptable, P::RequestTimeout, P::TooLarge, P::UnsupportedMediaType];
    let writes = [P::Unavailable, P::StorageFull];
    match does {
        OfRights::AskAccess => vec![P::InvalidRequest, P::NotAcceptable, P::Unavailable, P::StorageFull],
        OfRights::Access | OfRights::ListRequests | OfRights::Export | OfRights::History => vec![P::InvalidRequest, P::NotAcceptable],
        OfRights::TakeIn => {
            [&with_body[..], &writes, &[P::InvalidDocument, P::UnknownCode, P::FieldNotAllowed, P::TooManyOffers, P::PreconditionFailed]]
                .concat()
        }
        OfRights::AnswerRequest | OfRights::Revoke => [&with_body[..], &writes, &[P::NotFound, P::NotInForce]].concat(),
        OfRights::AskConsent => {
            [&with_body[..], &writes, &[P::UnknownCode, P::PurposeNotAllowed, P::BudgetSpent, P::NoDisclosure]].concat()
        }
        OfRights::Standing => vec![P::InvalidRequest, P::NotFound, P::NotAcceptable, P::Unavailable, P::PurposeNotAllowed, P::NoDisclosure],
        OfRights::Erase => vec![P::InvalidRequest, P::Unavailable, P::StorageFull],
    }
}
