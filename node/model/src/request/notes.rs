//! What the reference tables do not know of a question. It is asked all the same: an offer may name the same code.

use super::{CodeAsked, QueryRequest, SkillAsked};
use crate::finding::{Finding, FindingCode};
use crate::name::CodeUri;
use crate::reference::Reference;

/// Most members that are named; one more note says how many others there are.
const MOST_NAMED: usize = 20;

impl QueryRequest {
    /// The members whose skill or occupation no table knows: at most 21 findings, none of which names the value.
    ///
    /// Labels and places that no table knows are refused instead, when the question is expanded.
    #[must_use]
    pub fn notes(&self, reference: &Reference) -> Vec<Finding> {
        let mut notes = skills("/skills", &self.skills, reference);
        notes.extend(occupations("/occupations", &self.occupations, reference));
        notes.extend(skills("/gap/skills", self.gap.as_ref().map_or(&[], |gap| &gap.skills), reference));
        let others = notes.len().saturating_sub(MOST_NAMED);
        if others > 0 {
            notes.truncate(MOST_NAMED);
            notes.push(Finding::new("", FindingCode::UnknownCode, format!("no table knows {others} more member(s) of this question")));
        }
        notes
    }
}

fn skills(list: &str, asked: &[SkillAsked], reference: &Reference) -> Vec<Finding> {
    let known = |uri: &CodeUri| reference.skill(uri).is_some();
    let elsewhere = |uri: &CodeUri| reference.occupation(uri).is_some();
    unknown(list, asked.iter().map(|skill| skill.uri.as_ref()), ("skill", &known), ("occupation", &elsewhere))
}

fn occupations(list: &str, asked: &[CodeAsked], reference: &Reference) -> Vec<Finding> {
    let known = |uri: &CodeUri| reference.occupation(uri).is_some();
    let elsewhere = |uri: &CodeUri| reference.skill(uri).is_some();
    unknown(list, asked.iter().map(|occupation| occupation.uri.as_ref()), ("occupation", &known), ("skill", &elsewhere))
}

type Known<'k> = (&'k str, &'k dyn Fn(&CodeUri) -> bool);

fn unknown<'u>(list: &str, asked: impl Iterator<Item = Option<&'u CodeUri>>, sought: Known<'_>, other: Known<'_>) -> Vec<Finding> {
    let with_place = asked.enumerate().filter_map(|(index, uri)| Some((index, uri?)));
    let note = |(index, uri): (usize, &CodeUri)| {
        let more = if (other.1)(uri) {
            format!("it is the code of a known {}", other.0)
        } else {
            "only offers that name this very code have it".to_owned()
        };
        Finding::new(format!("{list}/{index}/uri"), FindingCode::UnknownCode, format!("no table knows this {}; {more}", sought.0))
    };
    with_place.filter(|(_, uri)| !(sought.1)(uri)).map(note).collect()
}
