//! A partner asks to see something of a worker. The worker alone gives; whoever asked learns what is in force, and nothing else.

use polder_model::about::About;
use polder_model::{Finding, FindingCode, Kind, OfferKey, PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

use crate::field::{Field, FieldSet};
use crate::id::{Handle, RequestId};
use crate::purpose::{Rules, rules};

/// Most requests of one partner to one worker in [`crate::purpose::REQUEST_DAYS`].
pub const MOST_OF_ONE: u64 = 3;
/// Most requests of one partner in a day (UTC), to whomever.
pub const MOST_A_DAY: u64 = 500;

/// Longest title and name of an offer for which somebody asks, in characters.
const LONGEST_NAME: usize = 200;

/// For which offer of its own a partner asks, as it says itself: nobody else can check it. It is shown to the worker, who is to know why they are asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AskedFor {
    /// `vacancy` or `training`.
    pub kind: Kind,
    /// Its key at the asker.
    pub key: OfferKey,
    /// What it is called.
    pub title: String,
    /// Whose it is, where that is another organisation than the asker: the employer or the school for which it acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

impl AskedFor {
    /// An offer in plain words of one line, whatever stands in it; `None` where it has no title, or is nobody's to ask for.
    #[must_use]
    pub fn new(kind: Kind, key: OfferKey, title: &str, by: Option<&str>) -> Option<Self> {
        let said = Self { kind, key, title: one_line(title), by: by.map(one_line).filter(|by| !by.is_empty()) };
        said.is_plain().then_some(said)
    }

    /// Whether it is what a worker can be shown.
    fn is_plain(&self) -> bool {
        let plain = |text: &str| !text.is_empty() && one_line(text) == text;
        matches!(self.kind, Kind::Vacancy | Kind::Training) && plain(&self.title) && self.by.as_deref().is_none_or(plain)
    }

    /// What is wrong with what a partner sent, for that purpose.
    #[must_use]
    pub fn wrong(&self, purpose: Purpose) -> Vec<Finding> {
        let mut findings = wrong_kind(purpose, self.kind);
        if !self.is_plain() {
            let message = format!(
                "a vacancy or a training of the asker's own; title and by have 1 to {LONGEST_NAME} characters on one line, without quotation marks"
            );
            findings.push(Finding::new("/about", FindingCode::OutOfBounds, message));
        }
        findings
    }
}

/// What is wrong with asking for an offer of that kind, for that purpose: what people are sought for is about what they are sought for, anything else about
/// either.
#[must_use]
pub fn wrong_kind(purpose: Purpose, kind: Kind) -> Vec<Finding> {
    match About::kind_for(purpose) {
        Some(goes) if kind != goes => {
            vec![Finding::new("/about/kind", FindingCode::Contradiction, format!("{purpose} is about a {goes}"))]
        }
        None if kind.is_personal() => {
            vec![Finding::new("/about/kind", FindingCode::Contradiction, format!("{purpose} is about a vacancy or a training"))]
        }
        _ => Vec::new(),
    }
}

/// A text on one line, without what turns the direction of a line, what is not seen, and what ends a quotation, and no longer than it may be.
fn one_line(text: &str) -> String {
    let turns = |one: char| matches!(one, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let unseen = |one: &char| matches!(one, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    let quotes = |one: &char| matches!(one, '"' | '“' | '”' | '„' | '‟' | '«' | '»');
    let text: String = text.chars().filter(|one| !unseen(one) && !quotes(one)).collect();
    let parts = text.split(|one: char| one.is_control() || one.is_whitespace() || turns(one)).filter(|part| !part.is_empty());
    let line: String = parts.collect::<Vec<_>>().join(" ").chars().take(LONGEST_NAME).collect();
    line.trim_end().to_owned()
}

/// One partner asks another: of a person whom it was shown, by the handle that it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentRequest {
    /// Its id, drawn by who asks.
    pub id: RequestId,
    /// Who asks, and is to see it.
    pub asker: PartnerId,
    /// The worker, as the asker knows them.
    pub handle: Handle,
    /// What for.
    pub purpose: Purpose,
    /// What.
    pub fields: FieldSet,
    /// For which offer of its own, where it says so. Nodes of before this know no such member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<AskedFor>,
    /// When it is sent.
    pub as_of: Timestamp,
    /// Whether the worker is to be asked; if not, the asker looks what is in force.
    pub asks: bool,
}

/// What is in force of what was asked. Nobody there, not asked, not answered, refused and ended are the same: nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentStanding {
    /// The request.
    pub id: RequestId,
    /// The fields among those asked for that may be seen now.
    pub fields: FieldSet,
}

/// What is wrong with a purpose and fields that are asked for; empty where nothing is.
#[must_use]
pub fn wrong_with(purpose: Purpose, fields: FieldSet) -> Vec<Finding> {
    match rules(purpose) {
        Some(rules) => wrong_fields(&rules, fields),
        None => vec![nothing_to_consent_to()],
    }
}

/// What is wrong with the fields of a decision or a request, by the rules of its purpose.
#[must_use]
pub fn wrong_fields(rules: &Rules, fields: FieldSet) -> Vec<Finding> {
    let names = |fields: FieldSet| fields.iter().map(Field::pointer).collect::<Vec<_>>().join(", ");
    let (over, missing) = (fields.without(rules.allows), rules.needs.without(fields));
    let mut findings = Vec::new();
    if !over.is_empty() {
        let message = format!("this purpose does not allow {}; it allows {}", names(over), names(rules.allows));
        findings.push(Finding::new("/fields", FindingCode::Contradiction, message));
    }
    if !missing.is_empty() {
        findings.push(Finding::new("/fields", FindingCode::Missing, format!("this purpose needs {} too", names(missing))));
    } else if fields.is_empty() {
        let message = format!("name at least one field; this purpose allows {}", names(rules.allows));
        findings.push(Finding::new("/fields", FindingCode::Missing, message));
    }
    findings
}

/// What is wrong with a purpose that is about public offers.
#[must_use]
pub fn nothing_to_consent_to() -> Finding {
    Finding::new("/purpose", FindingCode::Contradiction, "this purpose asks for public offers; there is nothing to consent to")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_is_asked_for_is_plain_and_of_one_line() {
        let key: OfferKey = "V-1".parse().expect("a key");
        let said = |title: &str, by: Option<&str>| AskedFor::new(Kind::Vacancy, key.clone(), title, by);
        let long = "lang ".repeat(100);
        let shown = said("Kok\n- Alle \u{202e}werkgevers", Some(long.as_str())).expect("it has a title");
        assert_eq!(shown.title, "Kok - Alle werkgevers", "no line of its own, and none that runs backwards");
        assert!(shown.by.as_ref().is_some_and(|by| by.chars().count() < 200 && !by.ends_with(' ')));
        assert!(shown.wrong(Purpose::BeContacted).is_empty());
        let ends =
            said("Kok” van „Gemeente«» \"Dronten\"", Some("Bak\u{200b}ke\u{ad}rij\u{feff}\u{2060} \u{61c}BV")).expect("it has a title");
        assert_eq!(
            (ends.title.as_str(), ends.by.as_deref()),
            ("Kok van Gemeente Dronten", Some("Bakkerij BV")),
            "nothing ends a quotation"
        );
        for (purpose, kind) in [(Purpose::TrainingAdvice, Kind::Vacancy), (Purpose::MatchVacancy, Kind::Training)] {
            let sent = AskedFor { kind, ..shown.clone() };
            assert_eq!(sent.wrong(purpose)[0].pointer, "/about/kind", "{purpose}");
        }
        let for_a_training = AskedFor { kind: Kind::Training, ..shown.clone() };
        assert!(for_a_training.wrong(Purpose::BeContacted).is_empty(), "a school asks whom it would advise");
        assert_eq!(said("Kok", Some(" ")).expect("it has a title").by, None);
        assert_eq!(said(" \n", None), None);
        assert_eq!(AskedFor::new(Kind::SkillOffer, key.clone(), "Kok", None), None, "nobody is asked for another person");
        for title in ["", "Kok\n", "Kok  ", "\u{202e}koK", "Kok”", "K\u{200b}ok", &long] {
            let sent = AskedFor { title: title.to_owned(), ..shown.clone() };
            assert_eq!(sent.wrong(Purpose::BeContacted)[0].pointer, "/about", "{title:?}");
        }
    }
}
