//! What the OpenAPI document says of people: schemas, examples, and each operation.

pub(super) mod parts;
mod schemas;
mod shown;

use polder_model::problem::ProblemType;
use serde_json::{Value, json};
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{Content, Required};

use super::describe::{form, page, parameter};
use super::examples;
use crate::client::negotiate::JSON;
use crate::client::people_operations::OfPeople;

pub(super) use schemas::{retained, schemas};
pub(super) use shown::{DAY, ID, JWS, OTHER_ID, example_seen};
use shown::{example_decision, example_of, example_retained};

fn content(component: &str, named: Vec<(&'static str, Value)>) -> Content {
    examples::content(component, named.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub(super) fn words(does: OfPeople) -> (&'static str, String, String) {
    let (tag, summary, description) = match does {
        OfPeople::Invite => (
            "workers",
            "Invite a worker to take over their profile",
            "For a skill offer that a system of the partner has put: whoever logs in at the portal and enters the code has it from then on, and nobody else. The code holds for 14 days and for one use; a new one ends the one before.",
        ),
        OfPeople::ShowNotice => (
            "workers",
            "The text to read before deciding",
            "It is made of the decision: who would see what, what for, and until when. Nothing is decided by reading it.",
        ),
        OfPeople::GiveConsents => (
            "workers",
            "Let partners see something",
            "On the text that was read: one consent for each recipient, all of them or none. One in force for the same purpose and recipient ends in favour of the new one; fields that are named no more are erased by whoever has them. At most 100 decisions of one worker in a day (UTC).",
        ),
        OfPeople::ListConsents => {
            ("workers", "Everything that I decided", "Also what has ended. The last one first; `next` leads to the next page.")
        }
        OfPeople::Receipt => (
            "workers",
            "The receipt of one consent, as it stands now",
            "Signed by this node, to be kept: who may see what, what happened to it, and what is known of copies.",
        ),
        OfPeople::GetConsent => ("workers", "One consent, with the text that I read", "The text is the very one that was shown."),
        OfPeople::WithdrawConsent => (
            "workers",
            "End a consent",
            "No reason is asked. When this replies nothing leaves under it any more, and what was on its way has arrived or was cut off. Whoever holds a copy is told to erase it: `GET /v1/me/erasures` says who has. Ending it again says that it had ended, and when.",
        ),
        OfPeople::WithdrawConsents => ("workers", "End everything", "As ending each consent that is in force."),
        OfPeople::Disclosures => ("workers", "Who saw what of me, when and why", "The last one first. `next` leads to the next page."),
        OfPeople::Copies => (
            "workers",
            "What became of copies under what I ended",
            "Who is to erase copies, and who has said that it did; and who keeps a part, by which law and until when.",
        ),
        OfPeople::Questions => (
            "workers",
            "What was asked on my behalf",
            "Whom, what for, about what something was said, and when; what was said is kept nowhere. The last one first.",
        ),
        OfPeople::Log => (
            "workers",
            "The proof that what was written down of me stands in the log",
            "Every decision and disclosure under the last checkpoint, with its proof, its text and its salt: `polder log verify` checks it without any node. How many rows are newer than the checkpoint, and so in the next one, says `Polder-Log-Pending`; the log is signed within a minute.",
        ),
        OfPeople::Contact => (
            "erasures",
            "How a person can be reached whom a result showed",
            "A second step, with a consent of its own (be-contacted). There is the same answer, 404, where there is no such person, no consent, or one that has ended. What comes is to be erased as what a result shows.",
        ),
        OfPeople::Applications => (
            "applications",
            "Applications that came",
            "For vacancies of this partner, in the order in which they came: what each worker chose to send, and their own words. What a worker takes back, and what is past `useUntil`, is not there any more, and is to be erased wherever it went from there: `GET /v1/erasures` says what.",
        ),
        OfPeople::ApplicationStatus => (
            "applications",
            "Say what became of an application",
            "`received` again, or `closed` when this partner is done with it. The worker sees it within a minute or two.",
        ),
        OfPeople::Erasures => (
            "erasures",
            "What this system is to erase",
            "Of people whom it was told of in results: wherever they went from there. The oldest first; what was acknowledged is not listed. Read it at least every minute.",
        ),
        OfPeople::Erased => (
            "erasures",
            "Say that it is erased",
            "All that was listed up to a number. The partners whose workers withdrew hear of it. Acknowledge only what was erased. Where a law demands that something of one is kept, `retained` says what, by which law and until when: the worker sees it. Then it is listed again, to be erased as well.",
        ),
        OfPeople::Outstanding => (
            "erasures",
            "Who has not erased yet",
            "Partners that have not said that they erased what workers of this node withdrew, and since when. After a day ask their operator; after three they are answered nothing about people.",
        ),
        OfPeople::Activities => (
            "rights",
            "The record of processing activities",
            "What consents, leaves of the log and records of the processing log name by `activity`: what each is for, whether this partner uses it, on which basis, what may be seen by it at most, and how long what is written down is kept. Who is responsible stands with it.",
        ),
    };
    (tag, summary.to_owned(), description.to_owned())
}

pub(super) fn parameters(does: OfPeople) -> Vec<Parameter> {
    let of_page = |letter: char| {
        let cursor = form(2, 20, &format!("^{letter}[0-9]{{1,19}}$"), &format!("{letter}12"));
        page("Most entries on a page, 1 to 100. Default: 20.", cursor)
    };
    match does {
        OfPeople::GetConsent | OfPeople::Receipt | OfPeople::WithdrawConsent => {
            vec![parameter("consent", ParameterIn::Path, Required::True, "The id of the consent.", form(32, 32, "^[0-9a-f]{32}$", ID))]
        }
        OfPeople::ListConsents | OfPeople::Disclosures | OfPeople::Questions => of_page('b'),
        OfPeople::Applications => of_page('a'),
        OfPeople::ApplicationStatus => {
            let number = form(1, 16, "^[0-9]{1,16}$", "12");
            vec![parameter("number", ParameterIn::Path, Required::True, "The number of the application.", number)]
        }
        OfPeople::Erasures => of_page('e'),
        OfPeople::Invite | OfPeople::ShowNotice | OfPeople::GiveConsents => Vec::new(),
        OfPeople::WithdrawConsents | OfPeople::Copies | OfPeople::Log | OfPeople::Erased | OfPeople::Outstanding => Vec::new(),
        OfPeople::Contact | OfPeople::Activities => Vec::new(),
    }
}

pub(super) fn body(does: OfPeople) -> Option<(&'static str, Content)> {
    let (component, named) = match does {
        OfPeople::Invite => ("InvitationRequest", ("profile", json!({"offer": "P-1"}))),
        OfPeople::ShowNotice => ("Decision", ("one-employer", example_decision())),
        OfPeople::GiveConsents => {
            let mut decision = example_decision();
            decision["notice"] = json!("3f1c".repeat(16));
            ("DecisionOnNotice", ("one-employer", decision))
        }
        OfPeople::Contact => (
            "ContactRequest",
            ("for-a-vacancy", json!({"partner": "oin:00000001001234567000", "key": ID, "about": {"kind": "vacancy", "key": "V-2041"}})),
        ),
        OfPeople::ApplicationStatus => ("ApplicationStatus", ("closed", json!({"status": "closed"}))),
        OfPeople::Erased => {
            let mut kept = example_retained();
            kept["number"] = json!(7);
            let keeps = ("but-for-what-a-law-demands", json!({"upTo": 7, "retained": [kept]}));
            return Some((JSON, content("ErasuresAcknowledged", vec![("up-to-the-seventh", json!({"upTo": 7})), keeps])));
        }
        OfPeople::ListConsents | OfPeople::GetConsent | OfPeople::Receipt => return None,
        OfPeople::WithdrawConsent | OfPeople::WithdrawConsents => return None,
        OfPeople::Disclosures | OfPeople::Copies | OfPeople::Questions | OfPeople::Log => return None,
        OfPeople::Applications | OfPeople::Erasures | OfPeople::Outstanding | OfPeople::Activities => return None,
    };
    Some((JSON, content(component, vec![named])))
}

/// Status, description and content.
pub(super) fn success(does: OfPeople) -> (&'static str, &'static str, Content) {
    let (status, description, component) = match does {
        OfPeople::Invite => ("201", "The code, which is shown once.", "Invitation"),
        OfPeople::ShowNotice => ("200", "The text, and its hash.", "Notice"),
        OfPeople::GiveConsents => ("201", "What is in force now.", "GivenConsents"),
        OfPeople::ListConsents => ("200", "A page.", "ConsentPage"),
        OfPeople::GetConsent => ("200", "The consent.", "ConsentWithText"),
        OfPeople::Receipt => ("200", "The receipt.", "ConsentReceipt"),
        OfPeople::WithdrawConsent | OfPeople::WithdrawConsents => ("200", "What ended.", "Ending"),
        OfPeople::Disclosures => ("200", "A page.", "DisclosurePage"),
        OfPeople::Copies => ("200", "All of them.", "Copies"),
        OfPeople::Questions => ("200", "A page.", "QuestionPage"),
        OfPeople::Log => ("200", "The proof.", "LogExport"),
        OfPeople::Contact => ("200", "How to reach them.", "Contact"),
        OfPeople::Applications => ("200", "A page.", "ApplicationPage"),
        OfPeople::ApplicationStatus => ("200", "It is noted.", "ApplicationStatus"),
        OfPeople::Erasures => ("200", "A page.", "ErasurePage"),
        OfPeople::Erased => ("200", "It is noted.", "ErasuresSettled"),
        OfPeople::Outstanding => ("200", "All of them.", "Outstanding"),
        OfPeople::Activities => ("200", "All of them.", "Activities"),
    };
    (status, description, content(component, example_of(does)))
}

pub(super) fn problems(does: OfPeople) -> Vec<ProblemType> {
    use ProblemType as P;
    let with_body = [P::InvalidRequest, P::NotAcceptable, P::RequestTimeout, P::TooLarge, P::UnsupportedMediaType];
    let writes = [P::Unavailable, P::StorageFull];
    match does {
        OfPeople::Invite => [&with_body[..], &writes, &[P::NotFound]].concat(),
        OfPeople::ShowNotice => [&with_body[..], &[P::UnknownCode]].concat(),
        OfPeople::GiveConsents => [&with_body[..], &writes, &[P::UnknownCode, P::NotFound, P::PreconditionFailed]].concat(),
        OfPeople::ListConsents | OfPeople::Copies | OfPeople::Outstanding | OfPeople::Activities => {
            vec![P::InvalidRequest, P::NotAcceptable]
        }
        OfPeople::Log => vec![P::InvalidRequest, P::NotAcceptable, P::Unavailable],
        OfPeople::GetConsent | OfPeople::Receipt => vec![P::InvalidRequest, P::NotFound, P::NotAcceptable],
        OfPeople::WithdrawConsent => [&writes[..], &[P::InvalidRequest, P::NotFound, P::NotInForce]].concat(),
        OfPeople::WithdrawConsents => [&writes[..], &[P::InvalidRequest]].concat(),
        OfPeople::ApplicationStatus => [&with_body[..], &writes, &[P::NotFound]].concat(),
        OfPeople::Disclosures | OfPeople::Questions | OfPeople::Applications | OfPeople::Erasures => {
            vec![P::InvalidRequest, P::NotAcceptable]
        }
        OfPeople::Contact => {
            [&with_body[..], &writes, &[P::UnknownCode, P::NotFound, P::PurposeNotAllowed, P::BudgetSpent, P::NoDisclosure]].concat()
        }
        OfPeople::Erased => [&with_body[..], &writes].concat(),
    }
}
