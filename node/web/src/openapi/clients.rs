//! What the OpenAPI document says of systems of the partner.

use polder_model::problem::ProblemType;
use serde_json::{Map, Value, json};
use utoipa::openapi::Content;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::components::{cursor, instant, object, reference};
use super::describe::{form, page, parameter};
use super::examples;
use super::people::parts::{list, partner, sha256, text};
use crate::client::clients::OfClients;
use crate::client::negotiate::JSON;
use crate::client::scope::Scope;

pub(super) fn words(does: OfClients) -> (&'static str, String, String) {
    let (summary, description) = match does {
        OfClients::List => {
            ("List the systems of this partner", "In the order of their ids, also those that wait for a second person or have ended.")
        }
        OfClients::Get => ("Read one system", "What it may do, and what is proposed of it."),
        OfClients::Propose => (
            "Propose what a system may do",
            "A new system, or a change of one: another key beside the old one, other scopes or organisations. Nothing changes before a second person approves it. It takes the place of what was proposed of the system before.",
        ),
        OfClients::Approve => (
            "Approve what is proposed",
            "By somebody else than who proposed it. `sha256` says what was looked at: where something else is proposed meanwhile, nothing is approved. It holds from the next call on, until the end of its last day, and a year at most.",
        ),
        OfClients::End => (
            "End a system",
            "For good: its next call is refused, and its id is not used again. Of a system that nobody has approved yet the proposal goes.",
        ),
    };
    ("clients", summary.to_owned(), description.to_owned())
}

pub(super) fn parameters(does: OfClients) -> Vec<Parameter> {
    match does {
        OfClients::List => page("Most systems on a page, 1 to 100. Default: 20.", form(2, 134, "^[A-Za-z0-9_-]+$", "YXRzLXdlcmY")),
        _ => {
            let schema = form(1, 100, "^(?!\\.{1,2}$)[A-Za-z0-9._~-]+$", "ats-werf");
            vec![parameter("client", ParameterIn::Path, Required::True, "The id of the system (`client_id`).", schema)]
        }
    }
}

fn content(component: &str, named: Vec<(&'static str, Value)>) -> Content {
    examples::content(component, named.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub(super) fn body(does: OfClients) -> Option<(&'static str, Content)> {
    match does {
        OfClients::Propose => Some((JSON, content("ClientDocument", vec![("an-applicant-tracking-system", example_document())]))),
        OfClients::Approve => Some((JSON, content("ClientApproval", vec![("what-was-looked-at", json!({"sha256": "3f1c".repeat(16)}))]))),
        _ => None,
    }
}

/// Status, description and content.
pub(super) fn success(does: OfClients) -> (&'static str, &'static str, Option<Content>) {
    match does {
        OfClients::List => ("200", "A page.", Some(content("ClientPage", vec![("one", json!({"items": [example_client()]}))]))),
        OfClients::Get => ("200", "The system.", Some(content("Client", vec![("one", example_client())]))),
        OfClients::Propose => ("200", "It waits for a second person.", Some(content("Client", vec![("proposed", example_client())]))),
        OfClients::Approve => ("200", "It is in force.", Some(content("Client", vec![("in-force", example_client())]))),
        OfClients::End => ("204", "It has ended.", None),
    }
}

pub(super) fn problems(does: OfClients) -> Vec<ProblemType> {
    use ProblemType as P;
    let with_body =
        [P::InvalidRequest, P::NotAcceptable, P::RequestTimeout, P::TooLarge, P::UnsupportedMediaType, P::Unavailable, P::StorageFull];
    match does {
        OfClients::List => vec![P::InvalidRequest, P::NotAcceptable],
        OfClients::Get => vec![P::InvalidRequest, P::NotFound, P::NotAcceptable],
        OfClients::Propose => [&with_body[..], &[P::InvalidDocument, P::NotInForce]].concat(),
        OfClients::Approve => [&with_body[..], &[P::NotFound, P::NotInForce, P::PreconditionFailed]].concat(),
        OfClients::End => vec![P::InvalidRequest, P::NotFound, P::Unavailable, P::StorageFull],
    }
}

pub(super) fn schemas() -> Map<String, Value> {
    let all = [
        ("ClientDocument", document()),
        ("ClientApproval", object(&["sha256"], json!({"sha256": sha256("`sha256` of the proposal.")}))),
        ("Client", client()),
        ("ClientPage", object(&["items"], json!({"items": list(100, reference("Client")), "next": cursor()}))),
    ];
    all.map(|(name, schema)| (name.to_owned(), schema)).into_iter().collect()
}

fn document() -> Value {
    let scopes: Vec<String> = Scope::of_clients().into_iter().map(Scope::name).collect();
    let mut scopes = list(u32::try_from(scopes.len()).unwrap_or(u32::MAX), json!({"enum": scopes}));
    (scopes["description"], scopes["minItems"], scopes["uniqueItems"]) = (json!("What it may do."), json!(1), json!(true));
    let mut organisations = list(1_000, partner("An organisation."));
    organisations["description"] = json!(
        "The organisations whose offers it reads and writes: by the KvK number of employer or provider; this partner itself by its own name."
    );
    (organisations["minItems"], organisations["uniqueItems"]) = (json!(1), json!(true));
    let key = json!({"type": "object", "required": ["kty"], "properties": {"kty": {"enum": ["EC", "OKP", "RSA"]}}, "maxProperties": 20});
    let mut keys = list(10, key);
    keys["description"] = json!(
        "Its public keys (JWK): EC with P-256, OKP with Ed25519, or RSA of 2048 to 4096 bits. While one is changed, both stand here."
    );
    let mut certificates = list(10, sha256("Of a certificate in DER."));
    certificates["description"] = json!("The SHA-256 of its TLS certificates, where it calls with one.");
    let audience = json!({"description": "What its assertions name as `aud`: the issuer, or where a program knows no better the address of the token endpoint.",
                          "enum": ["issuer", "token-endpoint"]});
    let at_provider = text("The name by which the partner's own authorization server knows it, where this node takes tokens of that.", 100);
    let sandbox = json!({"description": "Whether it is being tried: its vacancies and trainings are checked whole and lie apart, for a week, where it alone reads them and nobody is answered from them.", "type": "boolean"});
    let until = json!({"description": "The last day on which it may call; a year after it is approved at most.", "type": "string", "format": "date", "maxLength": 10});
    object(
        &["name", "scopes", "organisations", "until"],
        json!({"name": text("As people know it.", 100), "scopes": scopes, "organisations": organisations, "keys": keys,
               "certificates": certificates, "assertionAudience": audience, "providerClient": at_provider, "sandbox": sandbox, "until": until}),
    )
}

fn client() -> Value {
    let in_force = object(
        &["document", "approvedAt", "until"],
        json!({"document": reference("ClientDocument"), "approvedAt": instant("When it was approved (UTC)."),
               "until": instant("Until when it holds (UTC).")}),
    );
    let proposed = object(
        &["document", "sha256", "proposedAt"],
        json!({"document": reference("ClientDocument"), "sha256": sha256("Of the document as it is kept."),
               "proposedAt": instant("When it was proposed (UTC).")}),
    );
    let mut notes = list(2, reference("Problem/properties/findings/items"));
    notes["description"] = json!(
        "Ways to show who it is that it counts on, as it is proposed or else in force, and that this node does not have as it is configured: it cannot call by them."
    );
    object(
        &["id"],
        json!({"id": text("Its id (`client_id`).", 100), "inForce": in_force, "proposed": proposed,
               "endedAt": instant("When it was ended for good (UTC)."), "notes": notes}),
    )
}

fn example_document() -> Value {
    json!({
        "name": "Vacatures van Werf en Zoon",
        "scopes": ["vacancy:read", "vacancy:write"],
        "organisations": ["kvk:12345678"],
        "keys": [{"kty": "EC", "crv": "P-256", "kid": "2026", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                  "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}],
        "until": "2027-11-30"
    })
}

fn example_client() -> Value {
    let sha256 = "3f1c".repeat(16);
    json!({"id": "ats-werf", "proposed": {"document": example_document(), "sha256": sha256, "proposedAt": "2026-11-30T08:00:00Z"}})
}
