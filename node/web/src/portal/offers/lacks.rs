//! What an offer asks and a profile does not say: held beside each other here, at the worker's own node. It leaves nothing out of a list; whoever reads it knows
//! what to learn, or what to write down.

use std::collections::HashSet;

use polder_model::Kind;
use polder_model::reason::{Ground, Reason};
use serde_json::{Map, Value, json};

use crate::pages::Said;
use crate::pages::bounded::within;
use crate::pages::facts::Teller;

/// Skills that are named; the others are counted.
const NAMED: usize = 4;
/// Bytes of a page that it takes at most.
const LONGEST: usize = 600;

/// In words; `None` where the profile says all that is asked.
pub(super) fn lacks(teller: Teller<'_>, kind: Kind, profile: &Map<String, Value>, reasons: &[Reason], offer: &Value) -> Option<String> {
    let mut lacking: Vec<String> = skills(teller, kind, profile, reasons, offer).into_iter().collect();
    if kind == Kind::Vacancy {
        lacking.extend(licences(teller, profile, offer));
        lacking.extend(languages(teller, profile, offer));
        lacking.extend(education(teller, profile, offer));
    }
    let what = within(&lacking.join("; "), LONGEST);
    (!what.is_empty()).then(|| teller.say("but-lacks", &[("what", Said::Text(&what))]))
}

fn list<'d>(document: &'d Value, name: &str) -> impl Iterator<Item = &'d Value> + use<'d> {
    document[name].as_array().into_iter().flatten()
}

/// Skills that are asked, neither held nor met by one that is like it; those that are needed first.
fn skills(teller: Teller<'_>, kind: Kind, profile: &Map<String, Value>, reasons: &[Reason], offer: &Value) -> Option<String> {
    let held = profile.get("skills").and_then(Value::as_array).into_iter().flatten().filter_map(|item| item["uri"].as_str());
    let met = reasons.iter().filter_map(|reason| match &reason.ground {
        Ground::Skill { matched, .. } if kind == Kind::Vacancy => Some(matched.as_str()),
        // A training is found by what it teaches, and not by what it asks.
        _ => None,
    });
    let has: HashSet<&str> = held.chain(met).collect();
    let name = if kind == Kind::Vacancy { "skills" } else { "skillsRequired" };
    let mut asked: Vec<&Value> = list(offer, name).filter(|item| item["uri"].as_str().is_some_and(|uri| !has.contains(uri))).collect();
    asked.sort_by_key(|item| match item["importance"].as_str() {
        Some("important") => 1,
        Some("optional") => 2,
        _ => 0,
    });
    // How much each is needed says their order.
    let named: Vec<Value> = asked.iter().take(NAMED).map(|item| json!({"uri": item["uri"], "label": item["label"]})).collect();
    let names = teller.skills(&json!({"skills": named}), "skills").join(", ");
    let more = i64::try_from(asked.len().saturating_sub(NAMED)).unwrap_or(i64::MAX);
    let more = (more > 0).then(|| teller.say("fact-more", &[("count", Said::Number(more))]));
    Some([Some(names), more].into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "))
        .filter(|said| !said.is_empty())
}

fn licences(teller: Teller<'_>, profile: &Map<String, Value>, offer: &Value) -> Option<String> {
    let held: Vec<&Value> = profile.get("licences").and_then(Value::as_array).into_iter().flatten().collect();
    let asked: Vec<&str> = list(offer, "licences").filter(|one| !held.contains(one)).filter_map(Value::as_str).collect();
    (!asked.is_empty()).then(|| teller.say("lacks-licence", &[("what", Said::Text(&asked.join(", ")))]))
}

fn languages(teller: Teller<'_>, profile: &Map<String, Value>, offer: &Value) -> Option<String> {
    let held: Vec<&Value> = profile.get("languages").and_then(Value::as_array).into_iter().flatten().collect();
    // Levels are in the order of their names, from A1 to C2.
    let speaks =
        |asked: &Value| held.iter().any(|one| one["language"] == asked["language"] && one["level"].as_str() >= asked["level"].as_str());
    let asked: Vec<&Value> = list(offer, "languages").filter(|asked| !speaks(asked)).collect();
    Some(teller.languages(&json!({"languages": asked}))).filter(|said| !said.is_empty())
}

fn education(teller: Teller<'_>, profile: &Map<String, Value>, offer: &Value) -> Option<String> {
    let asked = offer["minimumEducation"].as_u64()?;
    let held = profile.get("education").and_then(Value::as_u64).unwrap_or_default();
    let level = || teller.say(&format!("education-own-{asked}"), &[]);
    (held < asked).then(|| teller.say("lacks-education", &[("what", Said::Text(&level()))]))
}

#[cfg(test)]
mod tests {
    use polder_exchange::people::Language;
    use polder_model::code::{Importance, Relation};
    use polder_model::reference::Reference;

    use super::*;
    use crate::pages::Words;

    const WELDING: &str = "http://data.europa.eu/esco/skill/530cb489-d900-46ab-9350-4d50ccd49eea";
    const FORKLIFT: &str = "http://data.europa.eu/esco/skill/28cb374e-6261-4133-8371-f9a5470145da";
    const CABLES: &str = "http://data.europa.eu/esco/skill/4a30802f-827c-4706-9099-de85beee6cb5";

    fn said(kind: Kind, profile: Value, reasons: &[Reason], offer: &Value) -> Option<String> {
        let words = Words::new(Language::Nl);
        let teller = Teller { words: &words, reference: Reference::starter(), language: Language::Nl };
        let Value::Object(profile) = profile else { panic!("a profile is an object") };
        lacks(teller, kind, &profile, reasons, offer)
    }

    fn met(uri: &str) -> Reason {
        let uri = || uri.parse().expect("a URI");
        Reason {
            points: 1,
            ground: Ground::Skill { code: uri(), matched: uri(), relation: Relation::Narrower, importance: Importance::Essential },
        }
    }

    #[test]
    fn what_is_asked_and_not_said_is_named_what_is_needed_first() {
        let offer = json!({"skills": [{"uri": CABLES, "importance": "optional"}, {"uri": FORKLIFT}, {"uri": WELDING}], "licences": ["B", "T"],
            "languages": [{"language": "nl", "level": "B1"}, {"language": "de", "level": "B1"}], "minimumEducation": 30});
        let profile = json!({"skills": [{"uri": WELDING}], "licences": ["B"], "languages": [{"language": "nl", "level": "C1"}, {"language": "de", "level": "A2"}], "education": 20});
        let all = said(Kind::Vacancy, profile.clone(), &[], &offer).expect("something is asked");
        assert!(all.starts_with("Gevraagd, niet in uw profiel: heftruck rijden, kabels lassen; rijbewijs T;"), "{all}");
        assert!(all.contains("rijbewijs T") && all.contains("Duits, B1") && all.ends_with("opleiding Mbo 3."), "{all}");
        assert!(!all.contains("lastechnieken") && !all.contains("Nederlands") && !all.contains(" B,"), "{all}");
        let near = said(Kind::Vacancy, profile.clone(), &[met(FORKLIFT), met(CABLES)], &json!({"skills": offer["skills"]}));
        assert_eq!(near, None, "what is like it counts as a reason, and is not said to lack");
        let nothing = json!({"licences": ["B"], "minimumEducation": 20, "languages": [{"language": "nl", "level": "B2"}]});
        assert_eq!(said(Kind::Vacancy, profile, &[], &nothing), None);
    }

    #[test]
    fn of_a_training_what_is_required_and_not_what_is_taught() {
        let offer = json!({"skillsTaught": [{"uri": CABLES}], "skillsRequired": [{"uri": WELDING}, {"uri": FORKLIFT}], "licences": ["B"]});
        let all = said(Kind::Training, json!({"skills": [{"uri": FORKLIFT}]}), &[met(WELDING)], &offer).expect("something is asked");
        assert_eq!(all, "Gevraagd, niet in uw profiel: lastechnieken.");
        let many: Vec<Value> = Reference::starter().skills().iter().take(50).map(|skill| json!({"uri": skill.uri})).collect();
        let all = said(Kind::Training, json!({}), &[], &json!({"skillsRequired": many})).expect("something is asked");
        assert!(all.contains(" en nog 46.") && all.len() < 1_000, "{all}");
    }
}
