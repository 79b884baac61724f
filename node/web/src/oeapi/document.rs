//! What the catalogue says of itself: a small OpenAPI document, made from one table.

use polder_exchange::Home;
use serde_json::{Map, Value, json};

use super::BASE;

/// Path after the base, operation id, what it is, whether it is a collection, whether that is sought in, what its objects are.
type Row = (&'static str, &'static str, &'static str, bool, bool, &'static str);

const TABLE: [Row; 11] = [
    ("/", "getService", "The service document", false, false, "Service"),
    ("/organisations", "getOrganisations", "Who provides trainings", true, false, "Organisation"),
    ("/organisations/{id}", "getOrganisation", "One organisation", false, false, "Organisation"),
    ("/learning-outcomes", "getLearningOutcomes", "The skills that are taught", true, false, "LearningOutcome"),
    ("/learning-outcomes/{id}", "getLearningOutcome", "One learning outcome", false, false, "LearningOutcome"),
    ("/programmes", "getProgrammes", "Trainings that lead to an mbo diploma or a degree", true, true, "Programme"),
    ("/programmes/{id}", "getProgramme", "One programme", false, false, "Programme"),
    (
        "/programmes/{id}/programme-offerings",
        "getProgrammeOfferings",
        "When and where a programme is given",
        true,
        false,
        "ProgrammeOffering",
    ),
    ("/courses", "getCourses", "All other trainings", true, true, "Course"),
    ("/courses/{id}", "getCourse", "One course", false, false, "Course"),
    ("/courses/{id}/course-offerings", "getCourseOfferings", "When and where a course is given", true, false, "CourseOffering"),
];

/// The ids of all operations.
pub(super) fn operations() -> Vec<&'static str> {
    TABLE.iter().map(|(_, id, ..)| *id).collect()
}

/// The document of a node that stands there.
pub(super) fn of(origin: &str, home: &Home) -> String {
    let mut paths = Map::new();
    for row in TABLE {
        paths.insert(row.0.to_owned(), json!({"get": operation(row)}));
    }
    let mut document = json!({
        "openapi": "3.1.1",
        "info": {
            "title": format!("Trainings of {}, by the Open Education API", home.name), "version": "6.0.0",
            "description": "What of the Open Education API version 6 this node serves: the trainings that everyone may see. What that API has no field for stands in \
                            `consumer` with the key `nl-polder`. Errors are problem documents (RFC 9457).",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
            "contact": {"name": home.name, "url": origin},
        },
        "servers": [{"url": format!("{origin}{BASE}")}],
        "security": [],
        "paths": paths,
        "components": {"schemas": schemas()},
    });
    if let Some(contact) = home.contact.as_deref().filter(|contact| contact.contains('@')) {
        document["info"]["contact"]["email"] = contact.into();
    }
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn operation((path, id, says, collection, searched, of): Row) -> Value {
    let mut parameters = Vec::new();
    if path.contains("{id}") {
        parameters.push(json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}));
    }
    let mut add = |name: &str, says: &str, schema: Value| {
        parameters.push(json!({"name": name, "in": "query", "required": false, "description": says, "schema": schema}));
    };
    if collection {
        add("pageSize", "How many stand on a page.", json!({"enum": [10, 20, 50, 100, 250], "default": 10}));
        add("pageNumber", "Which page.", json!({"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 1}));
        add("sort", "By name; there is no other order.", json!({"enum": ["name"]}));
        add("consumer", "Whatever it says, what there is for `nl-polder` is given.", json!({"type": "string"}));
    }
    if searched {
        add("q", "What the name holds.", json!({"type": "string"}));
        add("primaryCode", "The primary code.", json!({"type": "string"}));
        add("level", "The level.", json!({"type": "string"}));
    }
    let object = json!({"$ref": format!("#/components/schemas/{of}")});
    let schema = if collection {
        json!({"allOf": [{"$ref": "#/components/schemas/Page"}, {"properties": {"items": {"items": object}}}]})
    } else {
        object
    };
    let problem = |says: &str| json!({"description": says, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}});
    let mut responses = json!({
        "200": {"description": says, "content": {"application/json": {"schema": schema}}},
        "400": problem("A parameter that is not known, or not of its form."),
        "503": problem("As much is asked as this node takes at once."),
    });
    if path.contains("{id}") {
        responses["404"] = problem("There is nothing with this id.");
    }
    json!({"operationId": id, "summary": says, "tags": [of], "parameters": parameters, "responses": responses})
}

fn schemas() -> Value {
    let object = |required: &[&str]| json!({"type": "object", "required": required});
    let page = json!({
        "type": "object", "required": ["pageSize", "pageNumber", "hasPreviousPage", "hasNextPage", "items"],
        "properties": {
            "pageSize": {"type": "integer"}, "pageNumber": {"type": "integer"}, "hasPreviousPage": {"type": "boolean"},
            "hasNextPage": {"type": "boolean"}, "totalPages": {"type": "integer"}, "items": {"type": "array", "maxItems": 250},
        },
    });
    json!({
        "Page": page,
        "Service": object(&["specification", "documentation", "supportedConsumers", "supportedOperations", "supportedExpands"]),
        "Organisation": object(&["organisationId", "organisationType", "name", "primaryCode"]),
        "LearningOutcome": object(&["learningOutcomeId", "name", "primaryCode"]),
        "Programme": object(&["programmeId", "programmeType", "name", "primaryCode"]),
        "ProgrammeOffering": object(&["programmeOfferingId", "programmeId", "name", "primaryCode"]),
        "Course": object(&["courseId", "name", "primaryCode"]),
        "CourseOffering": object(&["courseOfferingId", "courseId", "name", "primaryCode"]),
        "Problem": object(&["type", "title", "status"]),
    })
}
