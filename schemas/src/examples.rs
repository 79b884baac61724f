//! Examples that documents for integrators show, embedded; all of them are valid examples of their schema.

/// An example: the schema, the name of the example, and its text.
pub type Example = (&'static str, &'static str, &'static str);

macro_rules! examples {
    ($($schema:literal $name:literal),+ $(,)?) => {
        /// The examples.
        pub const EXAMPLES: &[Example] =
            &[$(($schema, $name, include_str!(concat!("../", $schema, "/examples/valid/", $name, ".json")))),+];
    };
}

examples!(
    "vacancy" "minimal",
    "vacancy" "nearly-everything",
    "training" "minimal",
    "training" "nearly-everything",
    "skill-offer" "minimal",
    "skill-offer" "nearly-everything",
    "query-request" "kind-only",
    "query-request" "nearly-everything",
    "query-request" "training-for-a-gap",
    "result" "hits-and-missing-partners",
    "result" "codes-that-no-table-knows",
    "problem" "invalid-document",
);

/// The examples of a schema: name and text.
pub fn of(schema: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    EXAMPLES.iter().filter(move |(known, ..)| *known == schema).map(|(_, name, text)| (*name, *text))
}
