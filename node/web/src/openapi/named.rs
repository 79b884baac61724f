//! Names for what several schemas share: generators of clients know references to components alone, and no schema that is `false`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

const COMPONENTS: &str = "#/components/schemas/";

/// Gives each part of a component that is referred to a name of its own; a plain value is copied to where it is used.
pub(super) fn parts(document: &mut Value) {
    let mut references = BTreeSet::new();
    visit(document, &mut |object| references.extend(reference_of(object).filter(|reference| is_part(reference)).map(str::to_owned)));
    let mut references: Vec<String> = references.into_iter().collect();
    // What lies within another one first: the way to the outer one stays.
    references.sort_by_key(|reference| std::cmp::Reverse(reference.len()));
    for reference in references {
        let Some(part) = document.pointer_mut(&reference[1..]) else { continue };
        let is_plain = part.get("properties").is_none() && part.get("items").is_none();
        let instead = if is_plain {
            part.clone()
        } else {
            let name = name_of(&reference);
            let instead = json!({"$ref": format!("{COMPONENTS}{name}")});
            let part = std::mem::replace(part, instead.clone());
            document["components"]["schemas"][name] = part;
            instead
        };
        visit(document, &mut |object| {
            if reference_of(object) == Some(&reference) {
                *object = instead.as_object().cloned().unwrap_or_default();
            }
        });
    }
}

/// Gives each object that lies within a component a name of its own, after the way to it; objects that are the same have one.
pub(super) fn objects(document: &mut Value) {
    let Some(components) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let mut named = Named::default();
    for (name, schema) in components.iter_mut() {
        named.within(schema, name);
    }
    components.extend(named.by_content.into_iter().map(|(_, (name, schema))| (name, schema)));
}

/// The objects that have got a name, by what they are.
#[derive(Default)]
struct Named {
    by_content: BTreeMap<String, (String, Value)>,
}

impl Named {
    fn within(&mut self, schema: &mut Value, name: &str) {
        for (member, inner) in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
            self.object(inner, &format!("{name}{}", super::components::name_of(member)));
        }
        if let Some(items) = schema.get_mut("items") {
            self.object(items, &format!("{name}Item"));
        }
        for of in ["oneOf", "anyOf", "allOf"] {
            for one in schema.get_mut(of).and_then(Value::as_array_mut).into_iter().flatten() {
                self.within(one, name);
            }
        }
    }

    fn object(&mut self, schema: &mut Value, name: &str) {
        self.within(schema, name);
        if schema.get("properties").is_some_and(Value::is_object) {
            let (name, _) = self.by_content.entry(schema.to_string()).or_insert_with(|| (name.to_owned(), schema.clone()));
            *schema = json!({"$ref": format!("{COMPONENTS}{name}")});
        }
    }
}

/// Takes the titles off what lies within components: generators would name a type by each, and several have the same.
pub(super) fn titles(document: &mut Value) {
    let components = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for member in components.into_iter().flatten().filter_map(|(_, schema)| schema.as_object_mut()).flat_map(Map::values_mut) {
        visit(member, &mut |object| {
            if object.get("title").is_some_and(Value::is_string) {
                object.remove("title");
            }
        });
    }
}

/// A list of so many members, each of a kind of its own, is bounded by their number.
pub(super) fn closed_lists(document: &mut Value) {
    visit(document, &mut |object| {
        let members = object.get("prefixItems").and_then(Value::as_array).map(Vec::len);
        if members.is_some() && object.get("items") == Some(&Value::Bool(false)) {
            object.remove("items");
            object.insert("maxItems".to_owned(), json!(members));
        }
    });
}

fn reference_of(object: &Map<String, Value>) -> Option<&str> {
    object.get("$ref").and_then(Value::as_str)
}

fn is_part(reference: &str) -> bool {
    reference.strip_prefix(COMPONENTS).is_some_and(|name| name.contains('/'))
}

/// `Result/properties/answered/items` is `ResultAnsweredItem`.
fn name_of(reference: &str) -> String {
    let steps = reference.trim_start_matches(COMPONENTS).split('/').filter(|step| *step != "properties");
    steps.map(|step| if step == "items" { "Item".to_owned() } else { super::components::name_of(step) }).collect()
}

fn visit(value: &mut Value, see: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            see(members);
            members.values_mut().for_each(|inner| visit(inner, see));
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| visit(inner, see)),
        _ => {}
    }
}
