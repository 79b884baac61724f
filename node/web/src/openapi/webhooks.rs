//! What the OpenAPI document says of events and webhooks.

use polder_model::Kind;
use polder_model::event::EventType;
use polder_model::problem::ProblemType;
use polder_store::webhooks::MOST_OF_ONE;
use serde_json::{Map, Value, json};
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{Content, Required};

use super::bulk::cursor;
use super::components::{instant, key, number, object, reference, version};
use super::describe::{form, parameter};
use super::examples::{self, Named};
use super::people::parts::{flag, id, list, partner, text};
use crate::client::negotiate::JSON;
use crate::client::webhooks::{OfWebhooks, WebhookState};
use crate::webhooks::{TEST, Webhooks};

pub(super) fn words(does: OfWebhooks) -> (&'static str, String, String) {
    let (summary, description) = match does {
        OfWebhooks::List => ("List your webhooks", "All of this client, the first that was made first."),
        OfWebhooks::Create => (
            "Make a webhook",
            "From now on each event that you may read is sent there, in order, until it is taken (2xx); with `cursor` also what came after that. `secret` signs as Standard Webhooks has it, and is shown this once. An address leads to the public internet by `https`; whoever runs the node can allow others.",
        ),
        OfWebhooks::Get => ("Read one webhook", "How it is, and what came of the last try."),
        OfWebhooks::Delete => ("Delete a webhook", "It is told nothing any more."),
        OfWebhooks::Rotate => {
            ("Give a webhook a new secret", "The reply shows it, once. For a day the old one signs as well: the header has two signatures.")
        }
        OfWebhooks::Replay => (
            "Send a webhook events again",
            "All after `cursor`, which is the `id` of the last event that you have; without it, it goes on where it stands. One that was disabled is active again.",
        ),
        OfWebhooks::Test => ("Try a webhook out", "Sends it an event of the type `test` at once, and says what it answered."),
    };
    ("events", summary.to_owned(), description.to_owned())
}

pub(super) fn parameters(does: OfWebhooks) -> Vec<Parameter> {
    match does {
        OfWebhooks::List | OfWebhooks::Create => Vec::new(),
        _ => {
            let schema = form(32, 32, "^[0-9a-f]{32}$", EXAMPLE_ID);
            vec![parameter("webhook", ParameterIn::Path, Required::True, "The id of the webhook.", schema)]
        }
    }
}

fn content(component: &str, named: Vec<(&'static str, Value)>) -> Content {
    examples::content(component, named.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub(super) fn body(does: OfWebhooks) -> Option<(&'static str, Content)> {
    let url = "https://ats.example.nl/polder";
    match does {
        OfWebhooks::Create => {
            let some = json!({"url": url, "types": ["application.received", "application.ended"], "cursor": "8-1f0c9a5be2d47706"});
            Some((JSON, content("NewWebhook", vec![("everything", json!({"url": url})), ("applications", some)])))
        }
        OfWebhooks::Replay => {
            Some((JSON, content("WebhookReplay", vec![("after-an-event", json!({"cursor": "8-1f0c9a5be2d47706"})), ("go-on", json!({}))])))
        }
        _ => None,
    }
}

/// Status, description and content.
pub(super) fn success(does: OfWebhooks) -> (&'static str, &'static str, Option<Content>) {
    let one = |name, value| Some(content("Webhook", vec![(name, value)]));
    match does {
        OfWebhooks::List => ("200", "The webhooks.", Some(content("Webhooks", vec![("one", json!({"items": [example()]}))]))),
        OfWebhooks::Create => ("201", "Made; keep the secret.", one("just-made", with_secret())),
        OfWebhooks::Get => ("200", "The webhook.", one("failing", example())),
        OfWebhooks::Delete => ("204", "It is not there any more.", None),
        OfWebhooks::Rotate => ("200", "Keep the secret.", one("new-secret", with_secret())),
        OfWebhooks::Replay => ("200", "It goes on from there.", one("active", example_active())),
        OfWebhooks::Test => {
            ("200", "What it answered.", Some(content("WebhookTest", vec![("taken", json!({"took": true, "outcome": "204"}))])))
        }
    }
}

pub(super) fn problems(does: OfWebhooks) -> Vec<ProblemType> {
    use ProblemType as P;
    let with_body =
        [P::InvalidRequest, P::NotAcceptable, P::RequestTimeout, P::TooLarge, P::UnsupportedMediaType, P::Unavailable, P::StorageFull];
    match does {
        OfWebhooks::List => vec![P::InvalidRequest, P::NotAcceptable],
        OfWebhooks::Create => [&with_body[..], &[P::CursorLost, P::UnknownCode, P::TooManyOffers]].concat(),
        OfWebhooks::Get => vec![P::InvalidRequest, P::NotFound, P::NotAcceptable],
        OfWebhooks::Delete => vec![P::InvalidRequest, P::NotFound, P::Unavailable, P::StorageFull],
        OfWebhooks::Rotate => vec![P::InvalidRequest, P::NotFound, P::NotAcceptable, P::Unavailable, P::StorageFull],
        OfWebhooks::Replay => [&with_body[..], &[P::NotFound, P::CursorLost]].concat(),
        OfWebhooks::Test => vec![P::InvalidRequest, P::NotFound, P::NotAcceptable, P::Unavailable],
    }
}

pub(super) fn schemas() -> Map<String, Value> {
    let all = [
        ("ChangePage", change_page()),
        ("ChangeStream", json!({"description": "Events as `text/event-stream` has them.", "type": "string", "maxLength": 1_048_576})),
        (
            "Change",
            json!({"description": "Something that happened. More types may come: pass over those that you do not know.", "oneOf": EventType::ALL.map(|event| reference(component(event)))}),
        ),
        ("NewWebhook", new_webhook()),
        ("Webhook", webhook()),
        ("Webhooks", object(&["items"], json!({"items": list(MOST_OF_ONE, reference("Webhook"))}))),
        (
            "WebhookReplay",
            object(
                &[],
                json!({"cursor": a_cursor("The `id` of the last event that you have; `0-0000000000000000` for all that is kept.")}),
            ),
        ),
        ("WebhookTest", object(&["took", "outcome"], json!({"took": flag("Whether it took it (2xx)."), "outcome": outcome()}))),
        (
            "TestEvent",
            object(
                &["id", "type", "at"],
                json!({"id": text("By which it is known again.", 40), "type": {"const": TEST}, "at": instant("When (UTC).")}),
            ),
        ),
    ];
    let events = EventType::ALL.map(|event| (component(event), event_schema(event)));
    events.into_iter().chain(all).map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn component(event: EventType) -> &'static str {
    match event {
        EventType::OfferChanged => "OfferChanged",
        EventType::ApplicationReceived => "ApplicationReceived",
        EventType::ApplicationEnded => "ApplicationEnded",
        EventType::ErasureDue => "ErasureDue",
        EventType::SearchMatched => "SearchMatched",
    }
}

fn says(event: EventType) -> &'static str {
    match event {
        EventType::OfferChanged => "An offer was put or deleted.",
        EventType::ApplicationReceived => "An application came: read it with `list_applications`.",
        EventType::ApplicationEnded => "An application is there no more: it was taken back, or its time is over.",
        EventType::ErasureDue => "Something is to be erased: read it with `list_erasures`, and say that it is done.",
        EventType::SearchMatched => "A search that you saved found something new: ask it again, or read what is named at its partner's.",
    }
}

fn event_schema(event: EventType) -> Value {
    let (mut required, mut members) = (
        vec!["id", "change", "type", "at"],
        json!({"id": a_cursor("By which it is known again, and the cursor of what comes after it."), "change": number("Its number, which rises."),
               "type": {"const": event.as_str()}, "at": instant("When it happened (UTC).")}),
    );
    let own = match event {
        EventType::OfferChanged => json!({"kind": {"enum": Kind::ALL.map(Kind::as_str)}, "key": key(), "version": version(),
                                          "deleted": flag("Whether the offer was deleted.")}),
        EventType::ApplicationReceived | EventType::ApplicationEnded => {
            json!({"number": number("The number of the application."), "vacancy": {"description": "Your own key of the vacancy.", "type": "string", "minLength": 1, "maxLength": 100}})
        }
        EventType::ErasureDue => json!({"number": number("The number of what is to be erased.")}),
        EventType::SearchMatched => {
            let offer = object(&["partner", "key"], json!({"partner": partner("Whose it is."), "key": text("Its key there.", 100)}));
            let mut offers = list(20, offer);
            offers["description"] = json!("The first of them.");
            json!({"search": id("The search."), "new": number("How many offers are new."), "offers": offers})
        }
    };
    for (name, schema) in own.as_object().into_iter().flatten() {
        required.push(name);
        members[name] = schema.clone();
    }
    let mut schema = object(&required, members);
    schema["description"] = json!(says(event));
    schema
}

fn a_cursor(description: &str) -> Value {
    json!({"description": description, "type": "string", "minLength": 18, "maxLength": 40, "pattern": "^[0-9]+-[0-9a-f]{16}$"})
}

fn change_page() -> Value {
    object(
        &["items", "more", "next"],
        json!({"items": list(1_000, reference("Change")),
               "more": {"description": "Whether there are later changes now.", "type": "boolean"}, "next": cursor()}),
    )
}

fn types() -> Value {
    let mut types = list(u32::try_from(EventType::ALL.len()).unwrap_or(u32::MAX), json!({"enum": EventType::ALL.map(EventType::as_str)}));
    (types["description"], types["uniqueItems"]) =
        (json!("Of what it is told; none: of all that you may read, also what comes later."), json!(true));
    types
}

fn url() -> Value {
    json!({"description": "Where it is told.", "type": "string", "format": "uri", "minLength": 10, "maxLength": 500})
}

fn outcome() -> Value {
    let words = Webhooks::outcomes().join("|");
    let description = "The status that it answered, or why it did not: its address may not be called (address-refused), this machine does not trust its certificate (certificate-refused), there was no connection or no TLS, it took longer than 10 s, or it broke off.";
    json!({"description": description, "type": "string", "maxLength": 20, "pattern": format!("^([1-9][0-9]{{2}}|{words})$")})
}

fn new_webhook() -> Value {
    object(
        &["url"],
        json!({"url": url(), "types": types(), "cursor": a_cursor("Also what came after this; without it, what comes from now on.")}),
    )
}

fn webhook() -> Value {
    object(
        &["id", "url", "types", "state", "madeAt", "failures"],
        json!({"id": id("Its id."), "url": url(), "types": types(),
               "state": {"description": "`failing`: it did not take the last event, and is told it again. `disabled`: it is told nothing any more, until events are sent again.",
                         "enum": WebhookState::ALL.map(WebhookState::as_str)},
               "madeAt": instant("When it was made (UTC)."), "failures": number("How often in a row it did not take an event."),
               "failingSince": instant("Since when (UTC)."), "triedAt": instant("When something was last sent (UTC)."), "outcome": outcome(),
               "nextAt": instant("Not before that it is tried again (UTC)."), "disabledAt": instant("Since when it is told nothing any more (UTC)."),
               "lastEvent": a_cursor("The `id` of the last event that it took."),
               "secret": {"description": "What signs; shown where the webhook is made, or gets another one.", "type": "string", "pattern": "^whsec_[A-Za-z0-9+/]{43}=$", "maxLength": 60}}),
    )
}

/// What is sent to webhooks (OpenAPI 3.1).
pub(super) fn section() -> Value {
    let header = |name: &str, description: &str, pattern: &str| {
        json!({"name": name, "in": "header", "required": true, "description": description,
               "schema": {"type": "string", "maxLength": 200, "pattern": pattern}})
    };
    let parameters = json!([
        header("webhook-id", "The `id` of the event: the same each time that it is sent.", "^[0-9a-z-]+$"),
        header("webhook-timestamp", "When it was sent, in seconds since 1970.", "^[0-9]+$"),
        header(
            "webhook-signature",
            "`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64; two of them, parted by a space, for a day after a new secret.",
            "^v1,"
        ),
    ]);
    let one = |name: &str, says: &str, component: &str, example: Value| {
        json!({"post": {"summary": says, "description": "Answer 2xx within 10 s to take it; 410 to be told nothing any more. With anything else it is sent again.",
                        "operationId": format!("on_{}", name.replace('.', "_")), "tags": ["events"], "parameters": parameters,
                        "requestBody": {"required": true, "content": {JSON: {"schema": reference(component), "examples": {"one": {"value": example}}}}},
                        "responses": {"2XX": {"description": "It is taken."}, "410": {"description": "Nothing is wanted any more."}}}})
    };
    let mut all = Map::new();
    for event in EventType::ALL {
        all.insert(event.as_str().to_owned(), one(event.as_str(), says(event), component(event), example_event(event)));
    }
    let test = json!({"id": "test-6f0b7f1e6a554d4e9a396a0f5b9c1e77", "type": TEST, "at": "2026-11-20T08:00:00Z"});
    all.insert(TEST.to_owned(), one(TEST, "Somebody tries the webhook out.", "TestEvent", test));
    Value::Object(all)
}

const EXAMPLE_ID: &str = "6f0b7f1e6a554d4e9a396a0f5b9c1e77";

fn example_active() -> Value {
    json!({"id": EXAMPLE_ID, "url": "https://ats.example.nl/polder", "types": [], "state": "active", "madeAt": "2026-11-20T08:00:00Z", "failures": 0})
}

fn with_secret() -> Value {
    let mut made = example_active();
    made["secret"] = json!(format!("whsec_{}=", "A".repeat(43)));
    made
}

fn example() -> Value {
    let mut failing = example_active();
    let how = json!({"state": "failing", "failures": 3, "failingSince": "2026-11-20T08:01:00Z", "triedAt": "2026-11-20T08:01:14Z", "outcome": "503",
                     "nextAt": "2026-11-20T08:01:30Z", "lastEvent": "8-1f0c9a5be2d47706"});
    for (name, value) in how.as_object().into_iter().flatten() {
        failing[name] = value.clone();
    }
    failing
}

fn example_event(event: EventType) -> Value {
    let mut example = json!({"id": "8-1f0c9a5be2d47706", "change": 8, "type": event.as_str(), "at": "2026-11-20T08:00:00Z"});
    let own = match event {
        EventType::OfferChanged => json!({"kind": "vacancy", "key": "V-2041", "version": 2, "deleted": true}),
        EventType::ApplicationReceived | EventType::ApplicationEnded => json!({"number": 3, "vacancy": "V-2041"}),
        EventType::ErasureDue => json!({"number": 12}),
        EventType::SearchMatched => json!({"search": EXAMPLE_ID, "new": 1, "offers": [{"partner": "kvk:12345678", "key": "V-2041"}]}),
    };
    for (name, value) in own.as_object().into_iter().flatten() {
        example[name] = value.clone();
    }
    example
}

pub(super) fn page_of_changes() -> Vec<Named> {
    let items: Vec<Value> = EventType::ALL.into_iter().map(example_event).collect();
    vec![("one-of-each".to_owned(), json!({"items": items, "more": false, "next": "8-1f0c9a5be2d47706"}))]
}

pub(super) fn stream_of_changes() -> Vec<Named> {
    let event = example_event(EventType::OfferChanged);
    let text = format!("id: 8-1f0c9a5be2d47706\nevent: offer.changed\ndata: {event}\n\n");
    vec![("an-offer".to_owned(), json!(text))]
}
