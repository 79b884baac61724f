//! Finding skills and occupations by what people call them.

use std::cmp::Ordering;

use polder_exchange::people::Language;
use polder_model::CodeUri;
use polder_model::code::Importance;
use polder_model::reference::Reference;
use serde::Serialize;
use serde_json::{Value, json};

use super::Fields;

/// Most that are shown.
const MOST: usize = 12;
/// Longest text that is looked for, in characters: what is behind it makes no difference.
const LONGEST: usize = 100;

/// The text that is looked for: as much of what was typed as a name can have.
pub(crate) fn sought(typed: &str) -> String {
    typed.chars().take(LONGEST).collect()
}

/// Something with a code: two with one code are the same.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Coded {
    pub uri: String,
    pub label: String,
    /// The other name by which it was found, where its own does not say why.
    pub also: Option<String>,
    /// The occupation by whose name it was found, where that needs it.
    pub of: Option<String>,
}

impl Coded {
    pub(crate) fn new(uri: impl ToString, label: &str) -> Self {
        Self { uri: uri.to_string(), label: label.to_owned(), also: None, of: None }
    }

    fn by(self, other: Option<&str>) -> Self {
        Self { also: other.map(str::to_owned), ..self }
    }
}

impl PartialEq for Coded {
    fn eq(&self, other: &Self) -> bool {
        self.uri == other.uri
    }
}

impl Eq for Coded {}

impl PartialOrd for Coded {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Coded {
    fn cmp(&self, other: &Self) -> Ordering {
        self.uri.cmp(&other.uri)
    }
}

/// Skills that somebody may mean who types a text, best first: those that are called so. Where none is, or an occupation is called so, those that it needs come
/// after them.
pub(crate) fn skills(reference: &Reference, language: Language, text: &str) -> Vec<Coded> {
    let mut found = skills_called(reference, language, text);
    if found.is_empty() || reference.occupations_labelled(text).next().is_some() {
        for one in skills_of_occupation(reference, language, text) {
            if found.len() < MOST && !found.contains(&one) {
                found.push(one);
            }
        }
    }
    found
}

/// What the occupation needs that a text means, what is essential first.
fn skills_of_occupation(reference: &Reference, language: Language, text: &str) -> Vec<Coded> {
    let Some(occupation) = reference.find_occupations(text, language == Language::En, 1).pop() else { return Vec::new() };
    let name = either(language, &occupation.thing.label_nl, &occupation.thing.label_en);
    let mut needed: Vec<_> = occupation.thing.skills.iter().collect();
    needed.sort_by_key(|(_, importance)| *importance != Importance::Essential);
    let known = needed.into_iter().filter(|(uri, _)| reference.skill(uri).is_some());
    known.map(|(uri, _)| Coded { of: Some(name.to_owned()), ..coded_skill(reference, language, uri) }).collect()
}

/// Skills that are called so, or nearly.
fn skills_called(reference: &Reference, language: Language, text: &str) -> Vec<Coded> {
    let found = reference.find_skills(text, language == Language::En, MOST).into_iter();
    found.map(|one| Coded::new(&one.thing.uri, either(language, &one.thing.label_nl, &one.thing.label_en)).by(one.by)).collect()
}

/// The same of occupations.
pub(crate) fn occupations(reference: &Reference, language: Language, text: &str) -> Vec<Coded> {
    let found = reference.find_occupations(text, language == Language::En, MOST).into_iter();
    found.map(|one| Coded::new(&one.thing.uri, either(language, &one.thing.label_nl, &one.thing.label_en)).by(one.by)).collect()
}

/// A skill by its code, with its name; the code alone where none is known.
pub(crate) fn coded_skill(reference: &Reference, language: Language, uri: &CodeUri) -> Coded {
    let label = reference.skill(uri).map_or(uri.as_str(), |skill| either(language, &skill.label_nl, &skill.label_en));
    Coded::new(uri, label)
}

/// The same of an occupation.
pub(crate) fn coded_occupation(reference: &Reference, language: Language, uri: &CodeUri) -> Coded {
    let label = reference.occupation(uri).map_or(uri.as_str(), |one| either(language, &one.label_nl, &one.label_en));
    Coded::new(uri, label)
}

/// The skills that a form has picked, each once; what is no code is left out.
pub(crate) fn picked_skills(fields: &Fields, reference: &Reference, language: Language) -> Vec<Coded> {
    picked(fields, "skill", |uri| coded_skill(reference, language, uri))
}

/// The same of occupations.
pub(crate) fn picked_occupations(fields: &Fields, reference: &Reference, language: Language) -> Vec<Coded> {
    picked(fields, "occupation", |uri| coded_occupation(reference, language, uri))
}

fn picked(fields: &Fields, name: &str, coded: impl Fn(&CodeUri) -> Coded) -> Vec<Coded> {
    let mut picked: Vec<Coded> = Vec::new();
    for uri in fields.all(name).filter_map(|uri| uri.parse::<CodeUri>().ok()) {
        let one = coded(&uri);
        if !picked.contains(&one) {
            picked.push(one);
        }
    }
    picked
}

/// Leaves out of what was found what is picked already.
pub(crate) fn leave_out(found: &mut Option<Vec<Coded>>, picked: &[Coded]) {
    found.iter_mut().for_each(|found| found.retain(|one| !picked.contains(one)));
}

/// A name that was typed, and what is picked.
type Typed<'t> = (&'t mut String, &'t mut Vec<Coded>);

/// Picks what was typed as the name of an occupation or a skill and not looked up, where exactly one fits; otherwise the parts of the form in which something
/// is to be picked first, or nothing fits.
pub(crate) fn look_up(reference: &Reference, language: Language, occupation: Typed<'_>, skill: Typed<'_>) -> Vec<&'static str> {
    let occupation = pick_one(occupations(reference, language, occupation.0), occupation);
    let skill = pick_one(skills_called(reference, language, skill.0), skill);
    let part = |outcome, [several, none]: [&'static str; 2]| match outcome {
        Fit::One => None,
        Fit::Several => Some(several),
        Fit::None => Some(none),
    };
    let parts = [part(occupation, ["occupations-pick", "occupations-none"]), part(skill, ["skills-pick", "skills-none"])];
    parts.into_iter().flatten().collect()
}

/// How much fits what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// Nothing was typed, or the one that fits is picked.
    One,
    Several,
    None,
}

/// Picks the one that fits what was typed: by its whole name, or where no other fits. One that is picked already was looked up.
fn pick_one(found: Vec<Coded>, (typed, picked): Typed<'_>) -> Fit {
    let wanted = typed.trim().to_lowercase();
    if wanted.is_empty() || found.iter().any(|one| picked.contains(one)) {
        return Fit::One;
    }
    let whole = found.iter().find(|one| one.label.to_lowercase() == wanted);
    match (whole, found.as_slice()) {
        (Some(one), _) | (None, [one]) => {
            picked.push(one.clone());
            typed.clear();
            Fit::One
        }
        (None, []) => Fit::None,
        (None, _) => Fit::Several,
    }
}

pub(crate) fn either<'l>(language: Language, dutch: &'l str, english: &'l str) -> &'l str {
    if language == Language::En && !english.is_empty() { english } else { dutch }
}

/// A skill as documents say it: its code and its names.
pub(crate) fn skill_item(reference: &Reference, uri: &str) -> Value {
    let found = uri.parse::<CodeUri>().ok().and_then(|uri| reference.skill(&uri));
    item(uri, found.map(|skill| (&skill.label_nl, &skill.label_en)))
}

/// An occupation as documents say it: its scheme, its code and its names.
pub(crate) fn occupation_item(reference: &Reference, uri: &str) -> Value {
    let found = uri.parse::<CodeUri>().ok().and_then(|uri| reference.occupation(&uri));
    let mut item = item(uri, found.map(|occupation| (&occupation.label_nl, &occupation.label_en)));
    let scheme = ["competentnl", "isco"].into_iter().find(|name| uri.contains(name)).unwrap_or("esco");
    item["scheme"] = json!(if scheme == "isco" { "isco08" } else { scheme });
    item
}

fn item(uri: &str, labels: Option<(&String, &String)>) -> Value {
    match labels {
        Some((dutch, english)) if english.is_empty() => json!({"uri": uri, "label": {"nl": dutch}}),
        Some((dutch, english)) => json!({"uri": uri, "label": {"nl": dutch, "en": english}}),
        None => json!({"uri": uri}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What people look for, and what they find first; nothing where these tables have nothing of the kind.
    const WORDS: [(&str, &str, Option<&str>); 34] = [
        ("lassen", "lastechnieken", Some("lassen")),
        ("Schoonmaken", "schoonmaaktechnieken", Some("schoonmaken")),
        ("koken", "voedsel bereiden", Some("koken")),
        ("heftruck", "heftruck rijden", None),
        ("verpleging", "verpleegkundigen ondersteunen", Some("verpleging ondersteunen")),
        ("excel", "rekenbladen gebruiken", Some("Excel")),
        ("verkopen", "producten verkopen", None),
        ("plannen", "plannen", None),
        ("metselen", "metselen", None),
        ("timmeren", "timmerwerk", Some("timmeren")),
        ("stratenmaken", "", None),
        ("boekhouden", "", None),
        ("administratie", "kantoorwerk doen", Some("administratie")),
        ("autorijden", "voertuigen besturen", Some("autorijden")),
        ("tuinieren", "tuingereedschap gebruiken", Some("tuinieren")),
        ("schilderen", "schilderen", None),
        ("inpakken", "goederen inpakken", None),
        ("bediening", "aan tafel bedienen", Some("bediening in de horeca")),
        ("EHBO", "eerste hulp", Some("EHBO")),
        ("vakken vullen", "schappen vullen", Some("vakken vullen")),
        ("omgaan klanten", "met klanten communiceren", Some("omgaan met klanten")),
        ("programeren", "programmeren", None),
        ("timmerman", "timmerwerk", Some("timmermanswerk")),
        ("tandarts", "", None),
        ("lasser", "lastechnieken", Some("lassen")),
        ("lasert", "", None),
        ("ik kan goed lassen", "lastechnieken", Some("lassen")),
        ("heftruck rijden", "heftruck rijden", None),
        ("heftruk", "heftruck rijden", None),
        ("hefftruck rijden", "heftruck rijden", None),
        ("heftruckrijder", "heftruck rijden", Some("heftruckrijden")),
        ("rijden op de heftruck", "heftruck rijden", None),
        ("metselaar", "metselen", None),
        ("schoonmaakster", "schoonmaaktechnieken", None),
    ];

    #[test]
    fn words_of_daily_life_find_what_people_mean() {
        let reference = Reference::starter();
        for (word, label, also) in WORDS {
            let found = skills_called(reference, Language::Nl, word);
            let first = found.first().map(|one| (one.label.as_str(), one.also.as_deref())).unwrap_or_default();
            assert_eq!(first, (label, also), "{word}: {found:?}");
            let mut codes: Vec<&String> = found.iter().map(|one| &one.uri).collect();
            codes.sort();
            codes.dedup();
            assert_eq!(codes.len(), found.len(), "{word}: each once");
        }
    }

    #[test]
    fn by_the_name_of_an_occupation_what_it_needs_is_found() {
        let reference = Reference::starter();
        for (typed, called, of) in [
            ("lasser", "lastechnieken", "lasser"),
            ("Lasser", "lastechnieken", "lasser"),
            ("lasert", "", "lasser"),
            ("heftruckchauffeur", "", "heftruckchauffeur"),
        ] {
            let found = skills(reference, Language::Nl, typed);
            let own: Vec<&Coded> = found.iter().filter(|one| one.of.is_none()).collect();
            assert_eq!(own.first().map_or("", |one| one.label.as_str()), called, "{typed}: {found:?}");
            let needed: Vec<&Coded> = found.iter().filter(|one| one.of.is_some()).collect();
            assert!(needed.len() > 1 && needed.iter().all(|one| one.of.as_deref() == Some(of)), "{typed}: {found:?}");
            let mut codes: Vec<&Coded> = found.iter().collect();
            codes.sort();
            codes.dedup();
            assert!(codes.len() == found.len() && found.len() <= MOST, "{typed}: each once: {found:?}");
        }
        assert_eq!(skills(reference, Language::Nl, "lasen").first().map(|one| one.label.as_str()), Some("lastechnieken"));
        assert!(skills(reference, Language::Nl, "koken").iter().all(|one| one.of.is_none()), "what is called so is meant alone");
        assert!(skills(reference, Language::En, "welder").iter().any(|one| one.of.as_deref() == Some("welder")));
        assert_eq!(skills(reference, Language::Nl, "qqqqq"), []);
        // What is only needed by it is not picked by itself.
        let (mut typed, mut picked) = ("lasert".to_owned(), Vec::new());
        let parts = look_up(reference, Language::Nl, (&mut String::new(), &mut Vec::new()), (&mut typed, &mut picked));
        assert_eq!((parts, picked.len()), (vec!["skills-none"], 0));
    }

    #[test]
    fn what_begins_so_comes_first_and_what_is_misspelt_is_found() {
        let reference = Reference::starter();
        let found = skills(reference, Language::Nl, "las");
        assert!(found.len() > 1 && found.len() <= MOST && found[0].label.starts_with("las"), "{found:?}");
        assert!(found.iter().all(|one| !one.label.contains("klas")), "a short text within a word is chance: {found:?}");
        assert!(
            skills(reference, Language::Nl, "lassen").iter().all(|one| one.also.as_deref() != Some("klassenmanagement")),
            "in the middle of a word too"
        );
        let within = skills(reference, Language::Nl, "administratie");
        assert!(within.len() == 2 && within[1].also.as_deref() == Some("voorraadadministratie"), "{within:?}");
        assert_eq!(
            skills(reference, Language::En, "lassen")[0].also.as_deref(),
            Some("lassen"),
            "whoever reads English finds it by the Dutch word"
        );
        assert_eq!(skills(reference, Language::En, "welding")[0].label, "welding techniques");
        let people = skills(reference, Language::Nl, "omgaan met mensen");
        assert!(
            people.len() > 1 && people.iter().all(|one| !one.label.contains("beton")),
            "a word that is right is not taken for another: {people:?}"
        );
        assert_eq!(skills(reference, Language::Nl, "l"), []);
        for (typed, meant) in [
            ("elektromontuer", "elektromonteur"),
            ("lasert", "lasser"),
            ("lassen", "lasser"),
            ("heftruck rijden", "heftruckchauffeur"),
            ("heftrukchauffeur", "heftruckchauffeur"),
        ] {
            let found = occupations(reference, Language::Nl, typed);
            assert_eq!(found.first().map(|one| one.label.as_str()), Some(meant), "{typed}: {found:?}");
        }
        assert_eq!(skills(reference, Language::Nl, "İ\u{301}qqqq"), [], "nothing is like it, and nothing breaks");
    }
}
