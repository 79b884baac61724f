//! The part of the table of operations that is about people: what a worker decides and sees, and what a partner's own systems are to erase.

use axum::body::Body;
use axum::extract::{Extension, State};
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, post};
use http::{HeaderMap, Method};

use super::operations::{Does, Name, Operation, Page, Who, invalid, page_asked};
use super::scope::Scope;
use super::{ClientApi, activities, applications, contacts, erasures, invitations, me};
use crate::refusal::Refusal;

/// What an operation about people does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfPeople {
    Invite,
    ShowNotice,
    GiveConsents,
    ListConsents,
    GetConsent,
    Receipt,
    WithdrawConsent,
    WithdrawConsents,
    Disclosures,
    Copies,
    Questions,
    Log,
    Contact,
    Applications,
    ApplicationStatus,
    Erasures,
    Erased,
    Outstanding,
    Activities,
}

impl OfPeople {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Invite => "create_invitation",
            Self::ShowNotice => "show_notice",
            Self::GiveConsents => "give_consents",
            Self::ListConsents => "list_consents",
            Self::GetConsent => "get_consent",
            Self::Receipt => "get_receipt",
            Self::WithdrawConsent => "withdraw_consent",
            Self::WithdrawConsents => "withdraw_consents",
            Self::Disclosures => "list_disclosures",
            Self::Copies => "list_copies",
            Self::Questions => "list_questions",
            Self::Log => "prove_log",
            Self::Contact => "contact",
            Self::Applications => "list_applications",
            Self::ApplicationStatus => "set_application_status",
            Self::Erasures => "list_erasures",
            Self::Erased => "acknowledge_erasures",
            Self::Outstanding => "list_outstanding",
            Self::Activities => "list_activities",
        }
    }

    /// Whether the address takes query parameters: which page.
    pub(crate) fn takes_parameters(self) -> bool {
        matches!(self, Self::ListConsents | Self::Disclosures | Self::Questions | Self::Applications | Self::Erasures)
    }
}

fn operation(does: OfPeople, method: Method, path: &str, scope: Option<Scope>, handler: MethodRouter<ClientApi>) -> Operation {
    Operation::new(Does::People(does), method, path, scope, handler)
}

/// The operations.
pub(super) fn all() -> [Operation; 19] {
    let (worker, erase) = (Some(Scope::Me), Some(Scope::Erase));
    let (consents, consent) = ("/v1/me/consents", "/v1/me/consents/{consent}");
    [
        operation(OfPeople::ShowNotice, Method::POST, "/v1/me/notices", worker, post(show_notice)),
        operation(OfPeople::GiveConsents, Method::POST, consents, worker, post(give_consents)),
        operation(OfPeople::ListConsents, Method::GET, consents, worker, get(list_consents)),
        operation(OfPeople::WithdrawConsents, Method::DELETE, consents, worker, delete(withdraw_consents)),
        operation(OfPeople::GetConsent, Method::GET, consent, worker, get(get_consent)),
        operation(OfPeople::Receipt, Method::GET, "/v1/me/consents/{consent}/receipt", worker, get(get_receipt)),
        operation(OfPeople::WithdrawConsent, Method::DELETE, consent, worker, delete(withdraw_consent)),
        operation(OfPeople::Disclosures, Method::GET, "/v1/me/disclosures", worker, get(list_disclosures)),
        operation(OfPeople::Copies, Method::GET, "/v1/me/erasures", worker, get(list_copies)),
        operation(OfPeople::Questions, Method::GET, "/v1/me/questions", worker, get(list_questions)),
        operation(OfPeople::Log, Method::GET, "/v1/me/log", worker, get(prove_log)),
        operation(OfPeople::Invite, Method::POST, "/v1/invitations", Some(Scope::Invite), post(create_invitation)),
        operation(OfPeople::Contact, Method::POST, "/v1/contacts", Some(Scope::Match), post(contact)),
        operation(OfPeople::Applications, Method::GET, "/v1/applications", Some(Scope::ReadApplications), get(list_applications)),
        operation(
            OfPeople::ApplicationStatus,
            Method::POST,
            "/v1/applications/{number}/status",
            Some(Scope::SayApplication),
            post(set_application_status),
        ),
        operation(OfPeople::Erasures, Method::GET, "/v1/erasures", erase, get(list_erasures)),
        operation(OfPeople::Erased, Method::POST, "/v1/erasures/acknowledged", erase, post(acknowledge_erasures)),
        operation(OfPeople::Outstanding, Method::GET, "/v1/outstanding", Some(Scope::Oversee), get(list_outstanding)),
        operation(OfPeople::Activities, Method::GET, "/v1/activities", Some(Scope::Oversee), get(list_activities)),
    ]
}

fn consent(name: Name) -> Result<String, Refusal> {
    name.map(|axum::extract::Path(name)| name).map_err(|_| invalid("the consent in the address is not readable text"))
}

async fn show_notice(State(api): State<ClientApi>, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    me::notice(api, headers, body).await
}

async fn give_consents(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    me::give(api, caller.worker()?, headers, body).await
}

async fn list_consents(State(api): State<ClientApi>, Extension(caller): Who, page: Page, headers: HeaderMap) -> Result<Response, Refusal> {
    me::consents(api, caller.worker()?, page_asked(page)?, headers).await
}

async fn get_consent(State(api): State<ClientApi>, Extension(caller): Who, name: Name, headers: HeaderMap) -> Result<Response, Refusal> {
    me::consent(api, caller.worker()?, consent(name)?, headers).await
}

async fn get_receipt(State(api): State<ClientApi>, Extension(caller): Who, name: Name, headers: HeaderMap) -> Result<Response, Refusal> {
    me::receipt(api, caller.worker()?, consent(name)?, headers).await
}

async fn withdraw_consent(State(api): State<ClientApi>, Extension(caller): Who, name: Name) -> Result<Response, Refusal> {
    me::withdraw(api, caller.worker()?, consent(name)?).await
}

async fn withdraw_consents(State(api): State<ClientApi>, Extension(caller): Who) -> Result<Response, Refusal> {
    me::withdraw_all(api, caller.worker()?).await
}

async fn list_disclosures(
    State(api): State<ClientApi>,
    Extension(caller): Who,
    page: Page,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    me::disclosures(api, caller.worker()?, page_asked(page)?, headers).await
}

async fn list_copies(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap) -> Result<Response, Refusal> {
    me::copies(api, caller.worker()?, headers).await
}

async fn list_questions(State(api): State<ClientApi>, Extension(caller): Who, page: Page, headers: HeaderMap) -> Result<Response, Refusal> {
    me::questions(api, caller.worker()?, page_asked(page)?, headers).await
}

async fn prove_log(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap) -> Result<Response, Refusal> {
    me::log(api, caller.worker()?, headers).await
}

async fn create_invitation(State(api): State<ClientApi>, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    invitations::invite(api, headers, body).await
}

async fn contact(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    contacts::contact(api, &caller, headers, body).await
}

async fn list_applications(
    State(api): State<ClientApi>,
    Extension(caller): Who,
    page: Page,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    applications::list(api, caller, page_asked(page)?, headers).await
}

async fn set_application_status(
    State(api): State<ClientApi>,
    Extension(caller): Who,
    name: Name,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let number = name.map(|axum::extract::Path(name)| name).map_err(|_| invalid("the number in the address is not readable text"))?;
    applications::set_status(api, caller, number, headers, body).await
}

async fn list_erasures(State(api): State<ClientApi>, Extension(caller): Who, page: Page, headers: HeaderMap) -> Result<Response, Refusal> {
    erasures::list(api, caller.client()?, page_asked(page)?, headers).await
}

async fn acknowledge_erasures(
    State(api): State<ClientApi>,
    Extension(caller): Who,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    erasures::acknowledge(api, caller.client()?, headers, body).await
}

async fn list_outstanding(State(api): State<ClientApi>, headers: HeaderMap) -> Result<Response, Refusal> {
    erasures::outstanding(api, headers).await
}

async fn list_activities(State(api): State<ClientApi>, headers: HeaderMap) -> Result<Response, Refusal> {
    activities::list(&api, &headers)
}
