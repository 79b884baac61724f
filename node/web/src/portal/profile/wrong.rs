//! What is wrong with a profile: at which field of its page, as that field is called there, and what may stand in it.

use polder_model::{Finding, FindingCode};
use serde::Serialize;
use serde_json::json;

use super::Draft;
use super::draft::PARTS;
use crate::pages::{Said, Words};

/// The members of a part in their order on the page, of every part that has some.
const WITHIN: [&str; 7] = ["min", "max", "mode", "maxMinutes", "name", "email", "telephone"];

/// What is wrong with one field.
#[derive(PartialEq, Serialize)]
pub(super) struct Wrong {
    /// The field on the page, by its id; empty where the page has none for it.
    field: String,
    /// What the page calls it.
    label: String,
    /// What is wrong, what is allowed, and what to do.
    text: String,
}

/// What a field takes.
#[derive(Clone, Copy)]
enum Takes {
    /// What stands in a list on the page.
    Listed,
    Whole(i64, i64),
    Length(i64, i64),
    Most(i64),
    Amount,
    Said(&'static str),
}

/// A field: its id, the messages that name it, and what it takes.
struct At {
    field: String,
    names: Vec<String>,
    takes: Takes,
}

impl At {
    fn new(field: &str, names: &[&str], takes: Takes) -> Self {
        Self { field: field.to_owned(), names: names.iter().map(|name| (*name).to_owned()).collect(), takes }
    }
}

impl Wrong {
    /// Each finding by its field, once, in the order of the page.
    pub(super) fn all(findings: &[Finding], draft: &Draft, words: &Words) -> Vec<Self> {
        let mut findings: Vec<&Finding> = findings.iter().collect();
        findings.sort_by_key(|finding| place(&finding.pointer));
        let mut all = Vec::new();
        for wrong in findings.into_iter().map(|finding| Self::of(finding, draft, words)) {
            if !all.contains(&wrong) {
                all.push(wrong);
            }
        }
        all
    }

    /// That skills are proposed for an occupation, and none is picked: said where that was asked.
    pub(super) fn nothing_to_propose(words: &Words) -> Self {
        let label = words.text("profile-propose", &[]);
        Self { field: "f-propose".to_owned(), label, text: words.text("finding-missing-occupationsWanted", &[]) }
    }

    /// That skills are proposed for what the worker writes, and nothing is written.
    pub(super) fn nothing_to_read(words: &Words) -> Self {
        let label = words.text("profile-read", &[]);
        Self { field: "f-read".to_owned(), label, text: words.text("profile-read-nothing", &[]) }
    }

    fn of(finding: &Finding, draft: &Draft, words: &Words) -> Self {
        let steps: Vec<&str> = finding.pointer.split('/').skip(1).collect();
        let At { field, names, takes } = at(&steps, draft, words);
        Self { field, label: names.join(" › "), text: text(finding, &steps, takes, words) }
    }
}

/// Where on the page the field of a member stands: a part as a whole before what is in it, and last what has no field.
fn place(pointer: &str) -> (usize, usize) {
    let mut steps = pointer.split('/').skip(1);
    let of = |step: &str, names: &[&str]| names.iter().position(|name| *name == step).unwrap_or(names.len());
    (steps.next().map_or(0, |step| of(step, &PARTS)), steps.next().map_or(0, |step| 1 + of(step, &WITHIN)))
}

/// The field of a member.
fn at(steps: &[&str], draft: &Draft, words: &Words) -> At {
    let mut at = match steps {
        ["title", ..] => At::new("f-title", &["profile-part-title"], Takes::Length(2, 200)),
        ["description", ..] => At::new("f-description", &["profile-part-description"], Takes::Length(1, 10_000)),
        ["skills", ..] => At::new("f-find-skill", &["profile-part-skills"], Takes::Most(50)),
        ["occupationsWanted", ..] => At::new("f-find-occupation", &["profile-part-occupationsWanted"], Takes::Most(20)),
        ["education", ..] => At::new("f-education", &["profile-part-education"], Takes::Listed),
        // One number is both bounds: what is wrong with it is said at the one that was typed.
        ["hours", "max"] if !draft.hours_max.is_empty() => {
            At::new("f-max", &["profile-part-hours", "profile-hours-max"], Takes::Whole(0, 80))
        }
        ["hours", "min"] if draft.hours_min.is_empty() => {
            At::new("f-max", &["profile-part-hours", "profile-hours-max"], Takes::Whole(0, 80))
        }
        ["hours", ..] => At::new("f-min", &["profile-part-hours", "profile-hours-min"], Takes::Whole(0, 80)),
        ["workingTimes", ..] => At::new("workingTimes", &["profile-part-workingTimes"], Takes::Listed),
        ["contracts", ..] => At::new("contracts", &["profile-part-contracts"], Takes::Listed),
        ["employersAtOnce", ..] => At::new("employersAtOnce", &["profile-part-employersAtOnce"], Takes::Listed),
        ["availableFrom", ..] => At::new("f-from", &["profile-part-availableFrom"], Takes::Said("member-date")),
        ["postcode", ..] => At::new("f-postcode", &["profile-postcode"], Takes::Said("finding-postcode")),
        ["commute", "maxMinutes"] => At::new("f-minutes", &["profile-minutes"], Takes::Whole(1, 240)),
        ["commute", ..] => At::new("f-mode", &["profile-mode"], Takes::Listed),
        ["languages", ..] => At::new("languages", &["profile-part-languages"], Takes::Listed),
        ["licences", ..] => At::new("licences", &["profile-part-licences"], Takes::Listed),
        ["salaryWish", ..] => At::new("f-salary", &["profile-salary"], Takes::Amount),
        ["contact", "email"] => At::new("f-email", &["offer-contact-email"], Takes::Said("member-email")),
        ["contact", "telephone"] => At::new("f-telephone", &["offer-contact-telephone"], Takes::Said("finding-telephone")),
        ["contact", ..] => At::new("f-name", &["offer-contact-name"], Takes::Length(1, 200)),
        _ => At::new("", &[], Takes::Listed),
    };
    at.names = at.names.iter().map(|name| words.text(name, &[])).collect();
    // A row of a list is called what it is.
    let number = steps.get(1).and_then(|step| step.parse::<usize>().ok()).unwrap_or(usize::MAX);
    match steps {
        ["skills", _, rest @ ..] if draft.skills.get(number).is_some() => {
            let label = &draft.skills[number].label;
            let is_level = rest.first() == Some(&"level");
            at.names.push(if is_level { words.text("profile-level-of", &[("skill", Said::Text(label))]) } else { label.clone() });
            at.field = format!("{}-{number}", if is_level { "f-level" } else { "f-skill" });
            at.takes = Takes::Listed;
        }
        ["occupationsWanted", _, ..] if draft.occupations.get(number).is_some() => {
            at.names.push(draft.occupations[number].label.clone());
            (at.field, at.takes) = (format!("f-occupation-{number}"), Takes::Listed);
        }
        ["languages", _, ..] => {
            if let Some(code) = draft.languages.keys().nth(number) {
                at.names.push(words.text(&format!("language-{code}"), &[]));
                at.field = format!("f-language-{code}");
            }
        }
        _ => {}
    }
    at
}

fn text(finding: &Finding, steps: &[&str], takes: Takes, words: &Words) -> String {
    let say = |name: &str| words.text(name, &[]);
    let with = |name: &str, said: &str| words.text(name, &[("near", Said::Text(said))]);
    let near = |what: String| if finding.message.is_empty() { what } else { format!("{what} {}", with("finding-near", &finding.message)) };
    match (finding.code, steps) {
        (FindingCode::Missing, ["title" | "skills" | "occupationsWanted" | "commute", ..]) => say(&format!("finding-missing-{}", steps[0])),
        (FindingCode::Contradiction, ["hours", ..]) => say("finding-hours-turned"),
        (FindingCode::UnknownCode, ["postcode", ..]) => near(say("finding-unknown-postcode")),
        (FindingCode::WrongType, ["salaryWish", ..]) => say("finding-amount"),
        (FindingCode::WrongType, _) => join(say("finding-wrong-type"), allowed(takes, words)),
        (FindingCode::OutOfBounds, _) => {
            allowed(takes, words).map_or_else(|| say("finding-out-of-bounds"), |allowed| join(say("member-out-of-bounds"), Some(allowed)))
        }
        (code, _) => say(&format!("finding-{}", json!(code).as_str().unwrap_or_default())),
    }
}

fn allowed(takes: Takes, words: &Words) -> Option<String> {
    let bounds = |name: &str, least, most| Some(words.text(name, &[("least", Said::Number(least)), ("most", Said::Number(most))]));
    match takes {
        Takes::Listed => None,
        Takes::Whole(least, most) => bounds("member-whole", least, most),
        Takes::Length(least, most) => bounds("member-length", least, most),
        Takes::Most(most) => Some(words.text("member-list", &[("most", Said::Number(most))])),
        Takes::Amount => Some(words.text("finding-amount", &[])),
        Takes::Said(name) => Some(words.text(name, &[])),
    }
}

fn join(what: String, allowed: Option<String>) -> String {
    allowed.map_or(what.clone(), |allowed| format!("{what} {allowed}"))
}

#[cfg(test)]
mod tests {
    use polder_exchange::people::Language;

    use super::*;
    use crate::portal::profile::Skill;

    #[test]
    fn each_is_said_at_its_field_by_what_the_page_calls_it() {
        let words = Words::new(Language::Nl);
        let mut draft = Draft { hours_max: "90".to_owned(), ..Draft::default() };
        draft.skills.push(Skill { uri: String::new(), label: "lassen".to_owned(), level: String::new() });
        draft.languages.insert("en".to_owned(), "B1".to_owned());
        draft.languages.insert("nl".to_owned(), "C9".to_owned());
        let said = |pointer: &str, code| {
            let wrong = Wrong::of(&Finding::new(pointer, code, ""), &draft, &words);
            [wrong.field, wrong.label, wrong.text]
        };
        let bounds = FindingCode::OutOfBounds;
        for (pointer, code, expected) in [
            ("/hours/max", bounds, ["f-max", "Hoeveel uur per week? › Hoogstens", "Dit kan niet. Een heel getal van 0 tot en met 80."]),
            ("/hours/min", bounds, ["f-max", "Hoeveel uur per week? › Hoogstens", "Dit kan niet. Een heel getal van 0 tot en met 80."]),
            (
                "/languages/1/level",
                bounds,
                ["f-language-nl", "Talen › Nederlands", "Dit klopt niet: te lang, te kort, of niet van de juiste vorm."],
            ),
            (
                "/skills/0/level",
                bounds,
                ["f-level-0", "Wat kunt u? › Niveau van lassen", "Dit klopt niet: te lang, te kort, of niet van de juiste vorm."],
            ),
            ("/skills/7", FindingCode::UnknownCode, ["f-find-skill", "Wat kunt u?", "Dit kennen wij niet. Kies iets uit de lijst."]),
            ("/contact/email", bounds, ["f-email", "E-mail", "Dit kan niet. Een e-mailadres, zoals werk@voorbeeld.nl."]),
            (
                "/commute/maxMinutes",
                FindingCode::WrongType,
                ["f-minutes", "Hoogstens hoeveel minuten?", "Dit is geen getal. Een heel getal van 1 tot en met 240."],
            ),
            ("/skills", FindingCode::Missing, ["f-find-skill", "Wat kunt u?", "Zoek en kies minstens één vaardigheid."]),
        ] {
            assert_eq!(said(pointer, code), expected, "{pointer}");
        }
        let both = [Finding::new("/hours/min", bounds, ""), Finding::new("/hours/max", bounds, "")];
        assert_eq!(Wrong::all(&both, &draft, &words).len(), 1, "one number that is typed is wrong once");
        let missing = |pointer| Finding::new(pointer, FindingCode::Missing, "");
        let all = Wrong::all(&["/contact/telephone", "/contact/email", "/skills", "/title"].map(missing), &draft, &words);
        let fields: Vec<&str> = all.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(fields, ["f-title", "f-find-skill", "f-email", "f-telephone"]);
        let turned = ["/unknown", "/contact/telephone", "/contact/email", "/commute/maxMinutes", "/commute", "/commute/mode", "/title"];
        let mut pointers = turned;
        pointers.sort_by_key(|pointer| place(pointer));
        let in_order = ["/title", "/commute", "/commute/mode", "/commute/maxMinutes", "/contact/email", "/contact/telephone", "/unknown"];
        assert_eq!(pointers, in_order, "in the order of the page");
    }
}
