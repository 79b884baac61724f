//! What holds for every schema: its form, its bounds, and its examples.
//!
//! Examples stand in `schemas/NAME/examples/valid` and `schemas/NAME/examples/invalid`; the name of an invalid one says the one thing that is wrong with it.
#![expect(clippy::expect_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::{PatternOptions, Registry, Validator};
use polder_schemas::SCHEMAS;
use serde_json::Value;

/// Objects without `properties` whose members are not bounded here, as schema and pointer, each with the reason.
const OPEN_OBJECTS: [(&str, &str); 4] = [
    // The visible document of an offer is passed on byte for byte; it is judged by the schema of its own kind, and its members are counted.
    ("documents", "/properties/documents/items/properties/document"),
    ("result", "/properties/hits/items/properties/document"),
    ("people", "/properties/people/items/properties/document"),
    // An export of another node, of its own version, is kept as that node signed it.
    ("export", "/properties/history/items/properties/content"),
];

/// The keywords that the schemas use. A misspelt keyword would be ignored in silence.
const KEYWORDS: [&str; 28] = [
    "$id",
    "$ref",
    "$schema",
    "additionalProperties",
    "const",
    "description",
    "enum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "oneOf",
    "pattern",
    "prefixItems",
    "properties",
    "propertyNames",
    "required",
    "title",
    "type",
    "uniqueItems",
    "x-title-nl",
    "$defs",
];

/// Formats whose values are short by definition.
const BOUNDED_FORMATS: [&str; 1] = ["date"];

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("a schema is JSON")
}

fn urn(name: &str) -> String {
    format!("urn:polder:schema:{name}:1.0")
}

/// The schema, compiled as `polder-model` compiles it; nothing is fetched.
fn validator(name: &str) -> Validator {
    let mut registry = Registry::new();
    for (known, text) in SCHEMAS {
        registry = registry.add(urn(known), read(text)).expect("a schema can be registered");
    }
    let registry = registry.prepare().expect("every $ref resolves");
    let schema = read(polder_schemas::schema(name).expect("a known name"));
    let options =
        jsonschema::options().with_registry(&registry).with_pattern_options(PatternOptions::regex()).should_validate_formats(true);
    options.build(&schema).expect("the schema compiles")
}

/// The examples in a folder: file name and content, in order of name.
fn examples(name: &str, folder: &str) -> Vec<(PathBuf, Value)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name).join("examples").join(folder);
    let entries = fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    files.sort();
    files.into_iter().map(|file| (file.clone(), json(&file))).collect()
}

fn json(file: &Path) -> Value {
    assert_eq!(file.extension().and_then(|end| end.to_str()), Some("json"), "{}", file.display());
    serde_json::from_slice(&fs::read(file).expect("a readable file")).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Calls `visit` with every schema in a schema, and the pointer to it.
fn walk(schema: &Value, pointer: &str, visit: &mut impl FnMut(&str, &Value)) {
    visit(pointer, schema);
    for (keyword, inner) in schema.as_object().into_iter().flatten() {
        let at = format!("{pointer}/{keyword}");
        match (keyword.as_str(), inner) {
            ("properties" | "$defs", Value::Object(members)) => {
                members.iter().for_each(|(name, member)| walk(member, &format!("{at}/{name}"), visit));
            }
            ("oneOf" | "prefixItems", Value::Array(list)) => {
                list.iter().enumerate().for_each(|(index, one)| walk(one, &format!("{at}/{index}"), visit));
            }
            ("items" | "additionalProperties" | "propertyNames", Value::Object(_)) => walk(inner, &at, visit),
            _ => {}
        }
    }
}

/// Every fault of form of a schema, each with its place.
fn faults(name: &str, schema: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    walk(schema, "", &mut |pointer, schema| {
        faults.extend(faults_of(name, pointer, schema).into_iter().map(|fault| format!("{name} {pointer}: {fault}")))
    });
    faults
}

fn faults_of(name: &str, pointer: &str, schema: &Value) -> Vec<&'static str> {
    let mut faults = Vec::new();
    let mut unless = |holds: bool, fault| {
        if !holds {
            faults.push(fault);
        }
    };
    let Some(members) = schema.as_object() else { return vec!["is not an object"] };
    let has = |keyword| members.contains_key(keyword);
    let text = |keyword| members.get(keyword).and_then(Value::as_str);
    let is = |kind: &str| match members.get("type") {
        Some(Value::String(one)) => one == kind,
        Some(Value::Array(several)) => several.iter().any(|one| one == kind),
        _ => false,
    };
    unless(members.keys().all(|keyword| KEYWORDS.contains(&keyword.as_str())), "a keyword that the schemas do not use");
    let a_name = pointer.ends_with("/propertyNames");
    if has("$ref") {
        unless(members.len() == 1, "$ref stands beside other keywords");
        unless(text("$ref").is_some_and(|to| SCHEMAS.iter().any(|(known, _)| urn(known) == to)), "$ref to something that is not ours");
        return faults;
    }
    if !a_name {
        unless(text("title").is_some_and(|title| !title.is_empty()), "no title");
        unless(text("x-title-nl").is_some_and(|title| !title.is_empty()), "no Dutch title");
        unless(has("type") || has("oneOf"), "no type");
    }
    let whole = text("pattern").is_none_or(|pattern| pattern.starts_with('^') && pattern.ends_with('$'));
    unless(whole, "a pattern that looks at a part of the text");
    if is("string") {
        let bounded =
            has("maxLength") || has("enum") || has("const") || text("format").is_some_and(|format| BOUNDED_FORMATS.contains(&format));
        unless(bounded, "a text without bound");
    }
    if a_name {
        // Open repetition would make the names of members as long as anyone likes.
        unless(has("maxLength") || text("pattern").is_some_and(|pattern| !pattern.contains(['*', '+'])), "names of members without bound");
    }
    if is("number") || is("integer") {
        unless(has("enum") || has("const") || has("minimum") && has("maximum"), "a number without bounds");
    }
    if is("array") {
        unless(has("maxItems"), "a list without bound");
        unless(has("items"), "a list of anything");
    }
    if is("object") {
        if has("properties") {
            unless(members.get("additionalProperties") == Some(&Value::Bool(false)), "an object that lets unknown members pass");
            let known = |name: &Value| name.as_str().is_some_and(|name| schema["properties"].get(name).is_some());
            unless(
                schema["required"].as_array().is_none_or(|required| required.iter().all(known)),
                "a required member that it does not have",
            );
        } else {
            unless(has("maxProperties"), "an object without bound");
            let mapped = has("propertyNames") && schema["additionalProperties"].is_object();
            unless(mapped || OPEN_OBJECTS.contains(&(name, pointer)), "an object of anything");
        }
    } else {
        unless(!has("properties"), "members of something that is not an object");
    }
    faults
}

#[test]
fn every_folder_is_embedded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = fs::read_dir(root).expect("a readable folder").map(|entry| entry.expect("a readable folder").path());
    let found: BTreeSet<String> =
        folders.filter(|path| path.join("1.0.json").exists()).filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect();
    let embedded: BTreeSet<String> = SCHEMAS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, embedded);
    assert_eq!(SCHEMAS.len(), embedded.len(), "a name stands twice");
}

#[test]
fn every_schema_has_its_name_and_draft() {
    for (name, text) in SCHEMAS {
        let schema = read(text);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        assert_eq!(schema["$id"], urn(name).as_str(), "{name}");
        for member in ["title", "x-title-nl", "description"] {
            assert!(schema[member].as_str().is_some_and(|text| !text.is_empty()), "{name}: {member}");
        }
    }
}

#[test]
fn every_schema_follows_the_meta_schema() {
    for (name, text) in SCHEMAS {
        if let Err(error) = jsonschema::draft202012::meta::validate(&read(text)) {
            panic!("{name} {}: {error}", error.instance_path());
        }
    }
}

#[test]
fn everything_in_every_schema_is_bounded_and_closed() {
    let faults: Vec<String> = SCHEMAS.iter().flat_map(|(name, text)| faults(name, &read(text))).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_exception_is_needed() {
    for (name, pointer) in OPEN_OBJECTS {
        let schema = read(polder_schemas::schema(name).expect("a known name"));
        assert!(
            schema.pointer(pointer).is_some_and(|inner| inner["type"] == "object" && inner["properties"].is_null()),
            "{name} {pointer}"
        );
    }
}

/// A change to the members of a schema.
type Edit<'e> = &'e dyn Fn(&mut Value);

#[test]
fn each_kind_of_fault_is_seen() {
    let schema = read(polder_schemas::schema("vacancy").expect("a known name"));
    let faults_after = |edit: Edit<'_>| {
        let mut changed = schema.clone();
        edit(&mut changed["properties"]);
        faults("vacancy", &changed)
    };
    let remove = |place: &'static str, keyword: &'static str| {
        move |properties: &mut Value| {
            let inner = properties.pointer_mut(place).and_then(Value::as_object_mut).expect("that place");
            inner.remove(keyword).expect("that keyword");
        }
    };
    let add = |place: &'static str, keyword: &'static str, value: Value| {
        move |properties: &mut Value| properties.pointer_mut(place).expect("that place")[keyword] = value.clone()
    };
    assert_eq!(faults_after(&|_| {}), Vec::<String>::new());
    let edits: [(Edit<'_>, &str); 11] = [
        (&remove("/title", "maxLength"), "a text without bound"),
        (&remove("/positions", "maximum"), "a number without bounds"),
        (&remove("/positions", "minimum"), "a number without bounds"),
        (&remove("/skills", "maxItems"), "a list without bound"),
        (&remove("/skills/items/properties/label", "additionalProperties"), "an object that lets unknown members pass"),
        (&remove("/employer/properties/kvk", "x-title-nl"), "no Dutch title"),
        (&remove("/employer", "properties"), "an object of anything"),
        (&add("/title", "maxlength", 3.into()), "a keyword that the schemas do not use"),
        (&add("/title", "pattern", "[a-z]+".into()), "a pattern that looks at a part of the text"),
        (&add("/employer", "required", vec!["naam"].into()), "a required member that it does not have"),
        (&add("/terms", "$ref", "https://example.org/terms".into()), "$ref to something that is not ours"),
    ];
    for (edit, fault) in edits {
        let found = faults_after(edit);
        assert!(found.iter().any(|line| line.ends_with(fault)), "{fault}: {found:?}");
    }
}

#[test]
fn every_valid_example_passes() {
    for (name, _) in SCHEMAS {
        let validator = validator(name);
        let examples = examples(name, "valid");
        assert!(!examples.is_empty(), "{name}: no valid example");
        for (file, value) in examples {
            let errors: Vec<String> = validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", file.display());
        }
    }
}

#[test]
fn every_invalid_example_has_one_thing_wrong() {
    for (name, _) in SCHEMAS {
        let validator = validator(name);
        let examples = examples(name, "invalid");
        assert!(!examples.is_empty(), "{name}: no invalid example");
        for (file, value) in examples {
            let places: BTreeSet<String> = validator.iter_errors(&value).map(|error| error.instance_path().to_string()).collect();
            // A list that is too long is wrong itself and in its last entry: that is one thing.
            let first = places.first().unwrap_or_else(|| panic!("{}: the schema lets it pass", file.display()));
            let one = places.len() == 1
                || !first.is_empty() && places.iter().all(|place| place.starts_with(&format!("{first}/")) || place == first);
            assert!(one, "{}: wrong at {places:?}", file.display());
        }
    }
}

#[test]
fn the_valid_examples_show_every_member() {
    // A member that no example shows is one that nobody has tried.
    for (name, text) in SCHEMAS {
        let schema = read(text);
        let examples = examples(name, "valid");
        let mut unseen = Vec::new();
        members(&schema, &mut |path, member| {
            let mut path = path.to_vec();
            path.push(member);
            if !examples.iter().any(|(_, value)| reaches(value, &path)) {
                unseen.push(path.join("/"));
            }
        });
        // Terms of a skill offer are refused: what was stored before can be read still, and none is to be written.
        let refused: &[&str] = if *name == "skill-offer" { &["terms"] } else { &[] };
        assert_eq!(unseen, refused, "{name}: what no valid example shows");
    }
}

/// Calls `visit` with every member that the schema knows, and the path to it; `*` stands for each entry of a list.
fn members<'s>(schema: &'s Value, visit: &mut impl FnMut(&[&'s str], &'s str)) {
    fn inside<'s>(schema: &'s Value, path: &mut Vec<&'s str>, visit: &mut impl FnMut(&[&'s str], &'s str)) {
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            visit(path, name);
            path.push(name);
            inside(member, path, visit);
            path.pop();
        }
        for branch in schema["oneOf"].as_array().into_iter().flatten() {
            inside(branch, path, visit);
        }
        if schema["items"].is_object() {
            path.push("*");
            inside(&schema["items"], path, visit);
            path.pop();
        }
    }
    inside(schema, &mut Vec::new(), visit);
}

fn reaches(value: &Value, path: &[&str]) -> bool {
    match path {
        [] => true,
        ["*", rest @ ..] => value.as_array().into_iter().flatten().any(|entry| reaches(entry, rest)),
        [name, rest @ ..] => value.get(name).is_some_and(|inner| reaches(inner, rest)),
    }
}
