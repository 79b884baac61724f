//! What can be said with an operation in its address and headers.

use polder_model::import::MOST_PARTS;
use serde_json::json;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::{ObjectBuilder, Required};

use super::super::{clients, people, rights, searches, syncs, webhooks};
use crate::client::changes;
use crate::client::offers::{MOST_ON_A_PAGE, ON_A_PAGE};
use crate::client::operations::Does;
use crate::client::repeated::LONGEST;

/// A text of so many characters and of that form.
pub(in super::super) fn form(least: usize, most: usize, pattern: &str, example: &str) -> Schema {
    let schema = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).min_length(Some(least)).max_length(Some(most));
    schema.pattern(Some(pattern)).examples([json!(example)]).build().into()
}

/// Entity tags, at most 20, or `*`.
fn entity_tags() -> Schema {
    form(1, 2_000, r#"^(\*|(W/)?"[^"]{0,64}"( *, *(W/)?"[^"]{0,64}"){0,19})$"#, "\"3-1f0c9a5be2d47706\"")
}

/// A whole number within bounds.
fn whole(least: u32, most: u32, default: Option<u32>) -> Schema {
    let schema = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer)).minimum(Some(least)).maximum(Some(most));
    schema.default(default.map(|default| json!(default))).build().into()
}

pub(in super::super) fn parameter(name: &str, place: ParameterIn, required: Required, description: &str, schema: Schema) -> Parameter {
    ParameterBuilder::new().name(name).parameter_in(place).required(required).description(Some(description)).schema(Some(schema)).build()
}

/// Which page of a list.
pub(in super::super) fn page(limit: &str, cursor: Schema) -> Vec<Parameter> {
    vec![
        parameter("limit", ParameterIn::Query, Required::False, limit, whole(1, MOST_ON_A_PAGE, Some(ON_A_PAGE))),
        parameter("cursor", ParameterIn::Query, Required::False, "`next` of the page before.", cursor),
    ]
}

pub(super) fn parameters(does: Does) -> Vec<Parameter> {
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
        Does::Syncs(does) => syncs::parameters(does),
        Does::Webhooks(does) => webhooks::parameters(does),
        Does::Searches(does) => searches::parameters(does),
        Does::OpenImport | Does::Query | Does::Partners | Does::ProposeSkills | Does::OpenApi => Vec::new(),
    }
}

/// What can be said with an operation beside what it is about.
pub(super) fn around(does: Does) -> Vec<Parameter> {
    let mut around = Vec::new();
    if does.can_be_tried() {
        let text = "`true`: only try it. The reply says what it would come to, with `dryRun`; nothing is stored.";
        let schema = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Boolean)).default(Some(json!(false))).build().into();
        around.push(parameter("dryRun", ParameterIn::Query, Required::False, text, schema));
    }
    if does.creates() {
        let text = "A text of your own for what is to be created, made by chance. Within 24 hours the same request with the same key creates nothing more and gets the reply \
                    of before; another one is refused with `key-differs`.";
        let pattern = r#"^("[!#-+\-.-:<-\[\]-~]{1,128}"|[!#-+\-.-:<-\[\]-~]{1,128})$"#;
        let schema = form(1, LONGEST + 2, pattern, "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"");
        around.push(parameter("Idempotency-Key", ParameterIn::Header, Required::False, text, schema));
    }
    around
}

fn import() -> Parameter {
    let id = form(36, 36, "^[0-9a-f-]{36}$", "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77");
    parameter("import", ParameterIn::Path, Required::True, "The id of the import.", id)
}
