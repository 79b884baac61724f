//! What the OpenAPI document says of each operation.

use polder_model::Kind;
use polder_model::import::MOST_PARTS;
use polder_model::problem::ProblemType;
use serde_json::json;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation as Described, OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::tag::{Tag, TagBuilder};
use utoipa::openapi::{Content, ObjectBuilder, RefOr, Required, Response, ResponseBuilder};

use super::components::name_of;
use super::{bulk, clients, examples, people, rights, searches, webhooks};
use crate::client::auth::Caller;
use crate::client::changes;
use crate::client::clients::OfClients;
use crate::client::negotiate::{EVENT_STREAM, JSON, NDJSON};
use crate::client::offers::{MOST_ON_A_PAGE, ON_A_PAGE};
use crate::client::operations::{Does, Operation};
use crate::client::scope::Scope;
use crate::refusal::PROBLEM_JSON;

pub(super) fn tags() -> Vec<Tag> {
    [
        ("offers", "This partner's own vacancies, trainings and skill offers"),
        ("bulk", "Many offers in parts"),
        ("events", "What happened: in pages, as a stream, and by webhooks"),
        ("federation", "Questions to all partners at once, and who they are"),
        ("workers", "What workers decide about themselves, and see of what was done with it"),
        ("applications", "Applications of workers to vacancies of this partner"),
        ("erasures", "What a partner's systems are to erase of people whom they were told of, and who has not"),
        ("rights", "What is held of a worker everywhere, and what a worker may have done with it"),
        ("clients", "Systems of this partner: who looks after the node proposes and approves them"),
        ("meta", "This document"),
    ]
    .map(|(name, text)| TagBuilder::new().name(name).description(Some(text)).build())
    .into()
}

pub(super) fn operation(operation: &Operation) -> Described {
    let (tag, summary, description) = words(operation.does);
    let mut described =
        OperationBuilder::new().operation_id(Some(&operation.id)).tag(tag).summary(Some(summary)).description(Some(description));
    for parameter in parameters(operation.does) {
        described = described.parameter(parameter);
    }
    if let Some((media, content)) = body(operation.does) {
        described = described.request_body(Some(RequestBodyBuilder::new().required(Some(Required::True)).content(media, content).build()));
    }
    for (status, response) in successes(operation.does) {
        described = described.response(status, response);
    }
    let mut statuses = std::collections::BTreeMap::<u16, Vec<ProblemType>>::new();
    for problem in problems(operation) {
        statuses.entry(problem.status()).or_default().push(problem);
    }
    for (status, types) in statuses {
        described = described.response(status.to_string(), problem_response(&types));
    }
    for (scheme, may) in [("operator", Caller::operator_may as fn(Scope) -> bool), ("worker", Caller::worker_may)] {
        if operation.scope.is_some_and(may) {
            described = described.security(SecurityRequirement::new(scheme, Vec::<String>::new()));
        }
    }
    if let Some(scope) = operation.scope {
        let granted = Scope::of_clients();
        // One of them is enough: each stands as a way of its own.
        for one in scope.one_of().into_iter().filter(|one| granted.contains(one)) {
            described = described.security(SecurityRequirement::new("client", [one.name()]));
        }
    }
    described.build()
}

fn words(does: Does) -> (&'static str, String, String) {
    let text = |tag, summary: String, description: &str| (tag, summary, description.to_owned());
    match does {
        Does::Put(kind) => text(
            "offers",
            format!("Publish a {kind} under your own key"),
            "At most 64 KiB. Idempotent: the same bytes again change nothing. When this replies, the offer is on disk and can be found.",
        ),
        Does::Get(kind) => text("offers", format!("Read a {kind} back"), "The exact bytes that were put."),
        Does::Delete(kind) => text(
            "offers",
            format!("Withdraw a {kind}"),
            "When this replies, nobody finds the offer any more. Deleting again replies the same.",
        ),
        Does::List(kind) => text(
            "offers",
            format!("List your {}", kind.collection().replace('-', " ")),
            "In the order of their keys. `next` and the header `Link` lead to the next page. With `Accept: application/x-ndjson` all of them come, one a line, as of one moment; the last line has the type `end`, and a stream without it is incomplete (`incomplete` where the node stops). It takes no `limit` and no `cursor`.",
        ),
        Does::OpenImport => text(
            "bulk",
            "Open an import of one collection".to_owned(),
            "Then send its parts. It is kept for 7 days, with the verdicts of its lines.",
        ),
        Does::ListImports => text(
            "bulk",
            "List your imports".to_owned(),
            "Of the collections that you may write, the last one that was opened first; a page may hold fewer than `limit`. `next` and the header `Link` lead to the next page.",
        ),
        Does::DeleteImport => text(
            "bulk",
            "End an import".to_owned(),
            "It takes no more parts, and the verdicts of its lines are removed. The offers that it stored stay.",
        ),
        Does::PutPart => text(
            "bulk",
            "Send a part of an import".to_owned(),
            "NDJSON, one offer a line, at most 16 MiB and 25,000 lines. Idempotent: the same bytes again give the same verdicts. The reply begins when all of the part is on disk and can be found: a verdict for each line, and last the part. A reply without that line is incomplete; a part without a whole reply is sent again.",
        ),
        Does::GetImport => text("bulk", "Which parts of an import are in".to_owned(), "Go on with those that are not."),
        Does::Verdicts => text(
            "bulk",
            "The verdicts of an import again".to_owned(),
            "In the order in which they were made, from a cursor. `next` is always there; a page without items says that there are no more so far.",
        ),
        Does::Changes => text(
            "events",
            "What happened".to_owned(),
            "In order, of what you may read: puts and deletes of offers; applications that came or are there no more; what is to be erased. Each names things by key and number: read them by their own operation. `next` is always there. With `Accept: text/event-stream` it goes on as a stream, which a reader that was cut off resumes with `Last-Event-ID`. `cursor-lost` says that this node was restored from a backup that does not hold what you have seen, or that events after the cursor are kept no more: begin anew, without `cursor`.",
        ),
        Does::Query => text(
            "federation",
            "Ask the whole federation".to_owned(),
            "Replies at the deadline at the latest, with who is missing and why. With `Accept: application/x-ndjson` lines come as partners answer; the last one is the result, and a stream without it is incomplete (`incomplete`, with the problem, where the node stops).",
        ),
        Does::Partners => text("federation", "Who is in the federation".to_owned(), "The register as this node holds it."),
        Does::People(does) => people::words(does),
        Does::Rights(does) => rights::words(does),
        Does::Clients(does) => clients::words(does),
        Does::Webhooks(does) => webhooks::words(does),
        Does::Searches(does) => searches::words(does),
        Does::OpenApi => text("meta", "This document".to_owned(), "Open to everyone, also from browsers of other sites."),
    }
}

fn string() -> Schema {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).build().into()
}

/// A text of so many characters and of that form.
pub(super) fn form(least: usize, most: usize, pattern: &str, example: &str) -> Schema {
    let schema = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).min_length(Some(least)).max_length(Some(most));
    schema.pattern(Some(pattern)).examples([json!(example)]).build().into()
}

/// Entity tags, at most 20, or `*`.
fn entity_tags() -> Schema {
    form(1, 2_000, r#"^(\*|(W/)?"[^"]{0,64}"( *, *(W/)?"[^"]{0,64}"){0,19})$"#, "\"3-1f0c9a5be2d47706\"")
}

pub(super) fn parameter(name: &str, place: ParameterIn, required: Required, description: &str, schema: Schema) -> Parameter {
    ParameterBuilder::new().name(name).parameter_in(place).required(required).description(Some(description)).schema(Some(schema)).build()
}

fn parameters(does: Does) -> Vec<Parameter> {
    let key = || {
        let schema = form(1, 100, "^(?!\\.{1,2}$)[A-Za-z0-9._~-]+$", "V-2041");
        parameter("key", ParameterIn::Path, Required::True, "Your own key for the offer.", schema)
    };
    let header = |name, description, schema| parameter(name, ParameterIn::Header, Required::False, description, schema);
    match does {
        Does::Put(_) | Does::Delete(_) => vec![
            key(),
            header(
                "If-Match",
                "Only if the offer is in one of these versions (as `ETag` gave them), or with `*` if it is there.",
                entity_tags(),
            ),
            header("If-None-Match", "With `*`: only if the offer is not there.", form(1, 1, r"^\*$", "*")),
        ],
        Does::Get(_) => vec![key(), header("If-None-Match", "Reply 304 if the offer is still in one of these versions.", entity_tags())],
        Does::List(_) => page("Most offers on a page, 1 to 100. Default: 20.", form(2, 134, "^[A-Za-z0-9_-]+$", "Vi0yMDQx")),
        Does::ListImports => {
            let cursor = form(38, 60, "^[0-9]+-[0-9a-f-]{36}$", "1795161600000000-6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77");
            page("Most imports on a page, 1 to 100. Default: 20.", cursor)
        }
        Does::GetImport | Does::DeleteImport => vec![import()],
        Does::PutPart => {
            vec![import(), parameter("part", ParameterIn::Path, Required::True, "Your own number of the part.", whole(1, MOST_PARTS, None))]
        }
        Does::Verdicts => {
            let cursor = form(2, 21, "^v[0-9]+$", "v1");
            vec![import(), parameter("cursor", ParameterIn::Query, Required::False, "`next` of the page before.", cursor)]
        }
        Does::Changes => {
            let cursor = form(18, 40, "^[0-9]+-[0-9a-f]{16}$", "8-1f0c9a5be2d47706");
            let limit = whole(1, changes::MOST_ON_A_PAGE, Some(changes::ON_A_PAGE));
            vec![
                parameter(
                    "cursor",
                    ParameterIn::Query,
                    Required::False,
                    "`next` of the page before, or of an export, or the `id` of an event.",
                    cursor,
                ),
                parameter("limit", ParameterIn::Query, Required::False, "Most changes on a page, 1 to 1000. Default: 100.", limit),
                header(
                    "Last-Event-ID",
                    "Of a stream that was cut off: the `id` of the last event. It goes before `cursor`.",
                    form(18, 40, "^[0-9]+-[0-9a-f]{16}$", "8-1f0c9a5be2d47706"),
                ),
            ]
        }
        Does::People(does) => people::parameters(does),
        Does::Rights(does) => rights::parameters(does),
        Does::Clients(does) => clients::parameters(does),
        Does::Webhooks(does) => webhooks::parameters(does),
        Does::Searches(does) => searches::parameters(does),
        Does::OpenImport | Does::Query | Does::Partners | Does::OpenApi => Vec::new(),
    }
}

/// Which page of a list.
pub(super) fn page(limit: &str, cursor: Schema) -> Vec<Parameter> {
    vec![
        parameter("limit", ParameterIn::Query, Required::False, limit, whole(1, MOST_ON_A_PAGE, Some(ON_A_PAGE))),
        parameter("cursor", ParameterIn::Query, Required::False, "`next` of the page before.", cursor),
    ]
}

fn import() -> Parameter {
    let id = form(36, 36, "^[0-9a-f-]{36}$", "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77");
    parameter("import", ParameterIn::Path, Required::True, "The id of the import.", id)
}

/// A whole number within bounds.
pub(super) fn whole(least: u32, most: u32, default: Option<u32>) -> Schema {
    let schema = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer)).minimum(Some(least)).maximum(Some(most));
    schema.default(default.map(|default| json!(default))).build().into()
}

/// The media type and the content of the body.
fn body(does: Does) -> Option<(&'static str, Content)> {
    let of = |schema: &str| (JSON, examples::content(&name_of(schema), examples::of_schema(schema)));
    match does {
        Does::Put(kind) => Some(of(kind.as_str())),
        Does::Query => Some(of("query-request")),
        Does::OpenImport => Some((JSON, examples::content("ImportRequest", bulk::import_request()))),
        Does::PutPart => Some((NDJSON, examples::content("ImportLine", bulk::import_lines()))),
        Does::ListImports | Does::DeleteImport => None,
        Does::Get(_) | Does::Delete(_) | Does::List(_) | Does::GetImport | Does::Verdicts | Does::Changes => None,
        Does::Partners | Does::OpenApi => None,
        Does::People(does) => people::body(does),
        Does::Rights(does) => rights::body(does),
        Does::Clients(does) => clients::body(does),
        Does::Webhooks(does) => webhooks::body(does),
        Does::Searches(does) => searches::body(does),
    }
}

fn of(description: &str) -> ResponseBuilder {
    ResponseBuilder::new().description(description).header("API-Version", header("Version of this interface."))
}

fn header(description: &str) -> utoipa::openapi::Header {
    HeaderBuilder::new().schema(Some(string())).description(Some(description)).build()
}

fn successes(does: Does) -> Vec<(&'static str, Response)> {
    let etag = |response: ResponseBuilder| response.header("ETag", header("The version, for If-Match.")).build();
    let receipt = |description| of(description).content(JSON, examples::content("Receipt", examples::receipt()));
    match does {
        Does::Put(_) => vec![
            ("200", etag(receipt("Replaced, or unchanged because these bytes were there already."))),
            ("201", etag(receipt("Created.").header("Location", header("Where it can be read.")))),
        ],
        Does::Get(kind) => vec![
            ("200", etag(of("The exact bytes that were put.").content(JSON, offer(kind)))),
            ("304", etag(of("Still in that version."))),
        ],
        Does::Delete(_) => vec![("204", of("It is not there any more.").build())],
        Does::List(kind) => {
            let page = examples::content(&page_of(kind), examples::page(kind));
            let lines = examples::content(&bulk::line_of(kind), bulk::export_lines(kind));
            let link = header("The next page, rel=\"next\".");
            vec![("200", of("A page, or all of them.").content(JSON, page).content(NDJSON, lines).header("Link", link).build())]
        }
        Does::OpenImport => {
            let import = of("Opened.").content(JSON, examples::content("Import", bulk::an_import()));
            vec![("201", import.header("Location", header("Where it can be looked at.")).build())]
        }
        Does::PutPart => {
            let lines = examples::content("PartReplyLine", bulk::reply_lines());
            vec![("200", of("The verdicts, and last the part.").content(NDJSON, lines).build())]
        }
        Does::ListImports => {
            let page = examples::content("ImportPage", bulk::page_of_imports());
            vec![("200", of("A page.").content(JSON, page).header("Link", header("The next page, rel=\"next\".")).build())]
        }
        Does::DeleteImport => vec![("204", of("It is not there any more.").build())],
        Does::GetImport => vec![("200", of("The import.").content(JSON, examples::content("Import", bulk::an_import())).build())],
        Does::Verdicts => {
            let page = examples::content("VerdictPage", bulk::page_of_verdicts());
            vec![("200", of("Some verdicts.").content(JSON, page).build())]
        }
        Does::Changes => {
            let page = examples::content("ChangePage", webhooks::page_of_changes());
            let stream = examples::content("ChangeStream", webhooks::stream_of_changes());
            let link = header("The next page, rel=\"next\".");
            let some = of(
                "Some of what happened; or a stream of it (`id`, `event` and `data`, which is an item of a page), until the token has run out.",
            );
            vec![("200", some.content(JSON, page).content(EVENT_STREAM, stream).header("Link", link).build())]
        }
        Does::Query => {
            let whole = examples::content(&name_of("result"), examples::of_schema("result"));
            let lines = examples::content("StreamLine", examples::lines());
            vec![("200", of("The result, exact for the partners that answered.").content(JSON, whole).content(NDJSON, lines).build())]
        }
        Does::Partners => vec![("200", of("The partners.").content(JSON, examples::content("Partners", examples::partners())).build())],
        Does::People(does) => {
            let (status, description, content) = people::success(does);
            vec![(status, of(description).content(JSON, content).build())]
        }
        Does::Rights(does) => {
            let (status, description, content) = rights::success(does);
            vec![(status, of(description).content(JSON, content).build())]
        }
        Does::Clients(does) => {
            let (status, description, content) = clients::success(does);
            let described = content.into_iter().fold(of(description), |described, content| described.content(JSON, content));
            let link = (does == OfClients::List).then(|| header("The next page, rel=\"next\"."));
            vec![(status, link.into_iter().fold(described, |described, link| described.header("Link", link)).build())]
        }
        Does::Webhooks(does) => {
            let (status, description, content) = webhooks::success(does);
            let described = content.into_iter().fold(of(description), |described, content| described.content(JSON, content));
            let location = (status == "201").then(|| header("Where it can be looked at."));
            vec![(status, location.into_iter().fold(described, |described, location| described.header("Location", location)).build())]
        }
        Does::Searches(does) => {
            let (status, description, content) = searches::success(does);
            vec![(status, content.into_iter().fold(of(description), |described, content| described.content(JSON, content)).build())]
        }
        Does::OpenApi => {
            let any: RefOr<Schema> = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Object)).build().into();
            vec![("200", of("OpenAPI 3.1.").content(JSON, Content::new(Some(any))).build())]
        }
    }
}

fn offer(kind: Kind) -> Content {
    examples::content(&name_of(kind.as_str()), examples::of_schema(kind.as_str()))
}

pub(super) fn page_of(kind: Kind) -> String {
    format!("{}Page", name_of(kind.as_str()))
}

/// The problems that an operation may reply with.
fn problems(operation: &Operation) -> Vec<ProblemType> {
    use ProblemType as P;
    let mut problems = match operation.does {
        Does::Put(_) => vec![
            P::InvalidDocument,
            P::UnknownCode,
            P::FieldNotAllowed,
            P::InvalidRequest,
            P::NotAcceptable,
            P::RequestTimeout,
            P::TooManyOffers,
            P::PreconditionFailed,
            P::TooLarge,
            P::UnsupportedMediaType,
            P::Unavailable,
            P::StorageFull,
        ],
        Does::Get(_) => vec![P::InvalidRequest, P::NotFound, P::NotAcceptable],
        Does::Delete(_) => vec![P::InvalidRequest, P::PreconditionFailed, P::Unavailable, P::StorageFull],
        Does::List(_) => vec![P::InvalidRequest, P::NotAcceptable, P::Unavailable],
        Does::OpenImport => vec![
            P::InvalidRequest,
            P::NotAcceptable,
            P::RequestTimeout,
            P::TooLarge,
            P::UnsupportedMediaType,
            P::Unavailable,
            P::StorageFull,
        ],
        Does::PutPart => vec![
            P::InvalidRequest,
            P::NotFound,
            P::NotAcceptable,
            P::RequestTimeout,
            P::PartDiffers,
            P::TooLarge,
            P::UnsupportedMediaType,
            P::Unavailable,
            P::StorageFull,
        ],
        Does::ListImports => vec![P::InvalidRequest, P::NotAcceptable],
        Does::DeleteImport => vec![P::InvalidRequest, P::NotFound, P::Unavailable, P::StorageFull],
        Does::GetImport | Does::Verdicts => vec![P::InvalidRequest, P::NotFound, P::NotAcceptable],
        Does::Changes => vec![P::InvalidRequest, P::CursorLost, P::NotAcceptable],
        Does::Query => vec![
            P::InvalidRequest,
            P::UnknownCode,
            P::NoDisclosure,
            P::NotAcceptable,
            P::RequestTimeout,
            P::TooLarge,
            P::UnsupportedMediaType,
            P::Unavailable,
        ],
        Does::Partners => vec![P::InvalidRequest, P::NotAcceptable],
        Does::People(does) => people::problems(does),
        Does::Rights(does) => rights::problems(does),
        Does::Clients(does) => clients::problems(does),
        Does::Webhooks(does) => webhooks::problems(does),
        Does::Searches(does) => searches::problems(does),
        Does::OpenApi => return vec![P::InvalidRequest, P::UnsupportedMediaType],
    };
    problems.push(P::Internal);
    if operation.scope.is_some() {
        problems.extend([P::Unauthenticated, P::Forbidden, P::TooManyRequests, P::Unavailable]);
    }
    problems.push(P::UnsupportedMediaType);
    problems.sort_unstable_by_key(|problem| problem.urn());
    problems.dedup();
    problems
}

fn problem_response(types: &[ProblemType]) -> Response {
    let names: Vec<String> = types.iter().map(|kind| format!("`{}`: {}.", kind.urn(), kind.title())).collect();
    let content = examples::content(&name_of("problem"), examples::of_problems(types));
    let mut described = ResponseBuilder::new();
    if types.contains(&ProblemType::TooManyRequests) {
        described = described
            .header(
                "RateLimit-Policy",
                header("The policy that is spent: `\"requests\";q=5000;w=1` allows 5000 in 1 s (draft-ietf-httpapi-ratelimit-headers)."),
            )
            .header("RateLimit", header("What is left of it, and after how many seconds there is more: `\"requests\";r=0;t=1`."));
    }
    if types.iter().any(|kind| matches!(kind, ProblemType::TooManyRequests | ProblemType::Unavailable)) {
        described = described.header("Retry-After", header("Seconds after which to try again."));
    }
    described
        .description(names.join(" "))
        .header("API-Version", header("Version of this interface."))
        .content(PROBLEM_JSON, content)
        .build()
}
