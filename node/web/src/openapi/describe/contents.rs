//! What goes in with an operation, and what comes out.

use polder_model::Kind;
use polder_model::problem::ProblemType;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::{Content, ObjectBuilder, RefOr, Response, ResponseBuilder};

use super::super::components::name_of;
use super::super::{bulk, clients, examples, foreign, people, proposals, rights, searches, syncs, webhooks};
use crate::client::clients::OfClients;
use crate::client::negotiate::{CSV, EVENT_STREAM, HTML, JSON, JSON_LD, NDJSON, XML};
use crate::client::operations::Does;
use crate::client::syncs::OfSyncs;
use crate::refusal::PROBLEM_JSON;

/// The media type and the content of the body.
pub(super) fn body(does: Does) -> Option<(&'static str, Content)> {
    let of = |schema: &str| (JSON, examples::content(&name_of(schema), examples::of_schema(schema)));
    match does {
        Does::Put(kind) => Some(of(kind.as_str())),
        Does::Query => Some(of("query-request")),
        Does::OpenImport => Some((JSON, examples::content("ImportRequest", bulk::import_request()))),
        Does::PutPart => Some((NDJSON, examples::content("ImportLine", bulk::import_lines()))),
        Does::ListImports | Does::DeleteImport => None,
        Does::Get(_) | Does::Delete(_) | Does::List(_) | Does::GetImport | Does::Verdicts | Does::Changes => None,
        Does::Partners | Does::OpenApi => None,
        Does::ProposeSkills => Some((JSON, proposals::body())),
        Does::People(does) => people::body(does),
        Does::Rights(does) => rights::body(does),
        Does::Clients(does) => clients::body(does),
        Does::Webhooks(does) => webhooks::body(does),
        Does::Searches(does) => searches::body(does),
        Does::Syncs(_) => None,
    }
}

/// The other media types that a body may be of.
pub(super) fn other_bodies(does: Does) -> Vec<(&'static str, Content)> {
    match does {
        Does::PutPart => vec![(JSON_LD, foreign::postings()), (HTML, foreign::page()), (XML, foreign::openings()), (CSV, foreign::sheet())],
        _ => Vec::new(),
    }
}

pub(super) fn successes(does: Does) -> Vec<(&'static str, Response)> {
    let etag = |response: ResponseBuilder| response.header("ETag", header("The version, for If-Match.")).build();
    let receipt = |description| of(description).content(JSON, examples::content("Receipt", examples::receipt()));
    match does {
        Does::Put(_) => vec![
            ("200", etag(receipt("Replaced, or unchanged because these bytes were there already."))),
            ("201", etag(receipt("Created.").header("Location", header("Where it can be read.")))),
        ],
        Does::Get(kind) => vec![
            ("200", etag(in_other_words(kind, of("The exact bytes that were put.").content(JSON, offer(kind))))),
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
        Does::ProposeSkills => vec![(
            "200",
            of("Proposals, the surest first; none where the text speaks of none.").content(JSON, proposals::success()).build(),
        )],
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
        Does::Syncs(does) => {
            let (status, description, content) = syncs::success(does);
            let described = content.into_iter().fold(of(description), |described, content| described.content(JSON, content));
            let location = (does == OfSyncs::Crawl).then(|| header("Where to follow it."));
            vec![(status, location.into_iter().fold(described, |described, location| described.header("Location", location)).build())]
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

/// A vacancy can be had as JobPosting too.
fn in_other_words(kind: Kind, described: ResponseBuilder) -> ResponseBuilder {
    if kind == Kind::Vacancy { described.content(JSON_LD, examples::content("JobPosting", examples::posting())) } else { described }
}

pub(in super::super) fn page_of(kind: Kind) -> String {
    format!("{}Page", name_of(kind.as_str()))
}

fn of(description: &str) -> ResponseBuilder {
    ResponseBuilder::new().description(description).header("API-Version", header("Version of this interface."))
}

fn header(description: &str) -> utoipa::openapi::Header {
    HeaderBuilder::new().schema(Some(string())).description(Some(description)).build()
}

/// A response that says how much its caller may still ask.
pub(super) fn counted(response: ResponseBuilder) -> ResponseBuilder {
    let policy = "How much you may ask: `\"requests\";q=50000;w=10` allows 50000 in 10 s; with DPoP also so many proofs of one key, `\"proofs\";q=25000;w=120` (draft-ietf-httpapi-ratelimit-headers).";
    let left =
        "What is left of it: `\"requests\";r=49999`; where nothing is, also after how many seconds there is more: `\"requests\";r=0;t=1`.";
    response.header("RateLimit-Policy", header(policy)).header("RateLimit", header(left))
}

pub(super) fn problem_response(types: &[ProblemType]) -> Response {
    let names: Vec<String> = types.iter().map(|kind| format!("`{}`: {}.", kind.urn(), kind.title())).collect();
    let content = examples::content(&name_of("problem"), examples::of_problems(types));
    let mut described = ResponseBuilder::new();
    if types.contains(&ProblemType::TooManyRequests) {
        described = counted(described);
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

fn string() -> Schema {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).build().into()
}
