//! What the OpenAPI document says of parts in the formats of other systems.

use serde_json::{Value, json};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::{Content, ObjectBuilder};

fn content(of_type: Type, description: &str, name: &str, example: Value) -> Content {
    let schema: Schema = ObjectBuilder::new().schema_type(SchemaType::Type(of_type)).description(Some(description)).build().into();
    ContentBuilder::new().schema(Some(schema)).examples_from_iter([(name, ExampleBuilder::new().value(Some(example)).build())]).build()
}

fn posting() -> Value {
    json!({"@context": "https://schema.org", "@type": "JobPosting", "identifier": "V-2042", "title": "Lasser constructie",
           "description": "<p>U last stalen frames.</p>", "validThrough": "2027-06-30", "employmentType": "FULL_TIME",
           "hiringOrganization": {"@type": "Organization", "name": "Werf en Zoon"},
           "jobLocation": {"@type": "Place", "address": {"@type": "PostalAddress", "postalCode": "8232 AB", "addressLocality": "Lelystad"}},
           "baseSalary": "naar ervaring"})
}

pub(super) fn postings() -> Content {
    let description = "schema.org JobPosting: one, or an `@graph`, an `ItemList` or a `DataFeed` of them. Of vacancies alone.";
    content(Type::Object, description, "a-posting", posting())
}

pub(super) fn page() -> Content {
    let page = format!("<!doctype html><title>Lasser</title><script type=\"application/ld+json\">{}</script>", posting());
    content(Type::String, "A page with JobPosting in a script of the type application/ld+json. Of vacancies alone.", "a-page", page.into())
}

pub(super) fn openings() -> Content {
    let opening = "<PositionOpeningNL><PositionRecordInfo><Id><IdValue>V-2043</IdValue></Id></PositionRecordInfo><FunctionName>Lasser</FunctionName>\
        <FunctionDescription>U last stalen frames.</FunctionDescription><OrganizationName>Werf en Zoon</OrganizationName></PositionOpeningNL>";
    let description =
        "SETU Vacancies 1.1 or HR-XML 2.5: one `PositionOpeningNL` or `PositionOpening`, or many in other elements. Of vacancies alone.";
    content(Type::String, description, "an-opening", opening.into())
}

pub(super) fn sheet() -> Content {
    let rows = "key;/title;/description;/employer/name;/hours/min;/hours/max;Intern\r\nV-2044;Lasser;U last stalen frames.;Werf en Zoon;24;32;x\r\n";
    let description = "CSV, parted by `;`, `,` or tabs, whose first row names the columns: `key`, and the members of an offer by their JSON Pointers without \
        numbers. Of vacancies and trainings.";
    content(Type::String, description, "rows", rows.into())
}
