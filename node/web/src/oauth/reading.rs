//! The document of a client, read member by member: whatever is wrong with one hides nothing of the others.

use polder_model::{Finding, FindingCode};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A document whose members are taken one by one.
pub(super) struct Reader {
    members: Map<String, Value>,
    findings: Vec<Finding>,
}

impl Reader {
    /// The members of a text.
    pub(super) fn of(text: &str) -> Result<Self, Finding> {
        let value = serde_json::from_str(text).map_err(|error| {
            let says = format!("this is not JSON (line {}, column {})", error.line(), error.column());
            Finding::new("", FindingCode::NotJson, says)
        })?;
        match value {
            Value::Object(members) => Ok(Self { members, findings: Vec::new() }),
            _ => {
                Err(Finding::new("", FindingCode::WrongType, "an object is expected: the document of a system, as docs/clients.md has it"))
            }
        }
    }

    /// A member that must be given; `None` where it is not, or is not of its form.
    pub(super) fn needed<T: DeserializeOwned>(&mut self, name: &str, form: &str) -> Option<T> {
        if !self.members.contains_key(name) {
            self.findings.push(Finding::new(format!("/{name}"), FindingCode::Missing, format!("this must be given: {form}")));
        }
        self.optional(name, form)
    }

    /// A member that need not be given.
    pub(super) fn optional<T: DeserializeOwned>(&mut self, name: &str, form: &str) -> Option<T> {
        let value = self.members.remove(name)?;
        self.read(format!("/{name}"), value, form)
    }

    /// The elements of a list that are of their form; every other is named by its place.
    pub(super) fn list<T: DeserializeOwned>(&mut self, name: &str, form: &str) -> Vec<T> {
        let pointer = format!("/{name}");
        match self.members.remove(name) {
            None => Vec::new(),
            Some(Value::Array(all)) => {
                let all = all.into_iter().enumerate();
                all.filter_map(|(number, one)| self.read(format!("{pointer}/{number}"), one, form)).collect()
            }
            Some(_) => {
                self.findings.push(Finding::new(pointer, FindingCode::WrongType, format!("a list is expected; each of it is {form}")));
                Vec::new()
            }
        }
    }

    fn read<T: DeserializeOwned>(&mut self, pointer: String, value: Value, form: &str) -> Option<T> {
        let read = serde_json::from_value(value).ok();
        if read.is_none() {
            self.findings.push(Finding::new(pointer, FindingCode::WrongType, format!("this is not of its form: {form}")));
        }
        read
    }

    /// Everything that was found, with the members that nobody took.
    pub(super) fn finish(mut self, known: &[&str]) -> Vec<Finding> {
        let known = known.join(", ");
        for name in self.members.keys() {
            let pointer = polder_model::repeated::name(name).map(|name| format!("/{}", name.replace('/', "~1"))).unwrap_or_default();
            self.findings.push(Finding::new(pointer, FindingCode::UnknownMember, format!("there is no such member; there are {known}")));
        }
        self.findings
    }
}
