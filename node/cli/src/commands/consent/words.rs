//! What workers read, in English or Dutch.

use polder_consent::{Field, FieldSet, Ground, Retained, RetainedBasis, State};
use polder_model::about::About;
use polder_model::{Kind, Purpose};

use crate::exit::Failure;
use crate::output::clean;
use crate::print::{self, Lang};

/// A reply that is not of its form.
pub(in crate::commands) fn no_form(error: serde_json::Error) -> Failure {
    Failure::internal((format!("the reply is not of its form: {error}"), format!("het antwoord is niet te lezen: {error}")))
}

/// A partner by name and id.
pub(in crate::commands) fn partner(name: &str, id: &str) -> String {
    if name.is_empty() { clean(id) } else { format!("{} ({})", clean(name), clean(id)) }
}

/// An instant, as people write it.
pub(crate) fn moment(instant: &str, lang: Lang) -> String {
    instant.parse().map_or_else(|_| clean(instant), |at| print::moment(at, lang))
}

/// The day of an instant.
pub(in crate::commands) fn day(instant: &str, lang: Lang) -> String {
    instant.parse().map_or_else(|_| clean(instant), |at| print::day(at, lang))
}

/// An offer by its kind and key, and whose it is. What it is called its own partner knows.
pub(in crate::commands) fn about(about: &About, whose: &str, lang: Lang) -> String {
    let kind = match about.kind {
        Kind::Vacancy => lang.either("vacancy", "vacature"),
        Kind::Training => lang.either("training", "opleiding"),
        Kind::SkillOffer => lang.either("profile", "profiel"),
    };
    let (key, whose) = (&about.key, clean(whose));
    lang.either(format!("{kind} {key} of {whose}"), format!("{kind} {key} van {whose}"))
}

/// What a question says something of, by the name of the criterion.
pub(in crate::commands) fn criterion(name: &str, lang: Lang) -> String {
    let dutch = match name {
        "skills" => "vaardigheden",
        "occupations" => "beroepen",
        "text" => "woorden",
        "travel" => "reistijd",
        "hours" => "uren",
        "level" => "niveau",
        "contracts" => "contracten",
        "sectors" => "sectoren",
        "languages" => "talen",
        "licences" => "rijbewijzen",
        "start" => "begindatum",
        "modifiedSince" => "sinds wanneer veranderd",
        "sharing" => "delen van een baan",
        other => return clean(other),
    };
    match (lang, name) {
        (Lang::Nl, _) => dutch,
        (Lang::En, "text") => "words",
        (Lang::En, "start") => "first day",
        (Lang::En, "modifiedSince") => "changed since when",
        (Lang::En, "sharing") => "sharing a job",
        (Lang::En, same) => same,
    }
    .to_owned()
}

/// So many consents.
pub(in crate::commands) fn consents(number: usize, lang: Lang) -> String {
    print::count(number, lang.either("consent", "toestemming"), lang.either("consents", "toestemmingen"))
}

/// A purpose.
pub(crate) fn purpose(purpose: Purpose, lang: Lang) -> &'static str {
    match purpose {
        Purpose::FindWork => lang.either("find work", "werk zoeken"),
        Purpose::FindTraining => lang.either("find training", "scholing zoeken"),
        Purpose::MatchVacancy => lang.either("see whether a vacancy suits", "kijken of een vacature past"),
        Purpose::BeContacted => lang.either("make contact about work or training", "contact opnemen over werk of een opleiding"),
        Purpose::TrainingAdvice => lang.either("advise about training", "adviseren over scholing"),
        Purpose::Application => lang.either("an application", "een sollicitatie"),
        Purpose::RegionalStatistics => lang.either("figures of the region", "cijfers over de regio"),
    }
}

/// Where a consent stands.
pub(in crate::commands) fn state(state: Option<State>, lang: Lang) -> &'static str {
    match state {
        Some(State::Given) => lang.either("in force", "geldt"),
        Some(State::Requested) => lang.either("asked for", "gevraagd"),
        Some(State::Deferred) => lang.either("put off", "uitgesteld"),
        Some(State::Lapsed) => lang.either("not answered", "niet beantwoord"),
        Some(State::Refused) => lang.either("declined", "geweigerd"),
        Some(State::Withdrawn) => lang.either("withdrawn", "ingetrokken"),
        Some(State::Superseded) => lang.either("replaced", "vervangen"),
        Some(State::Revoked) => lang.either("ended by the partner", "beëindigd door de partner"),
        Some(State::Expired) => lang.either("over", "afgelopen"),
        Some(State::Invalidated) => lang.either("never valid", "nooit geldig"),
        None => lang.either("cannot be read", "niet te lezen"),
    }
}

/// Where a consent stands that is revoked without a ground: its profile was deleted, or after a restore its recipient knew that it had ended.
pub(in crate::commands) fn ended(lang: Lang) -> &'static str {
    lang.either(
        "ended: the profile was taken away, or the recipient says that it had ended",
        "beëindigd: het profiel werd weggehaald, of de ontvanger zegt dat het beëindigd was",
    )
}

/// Why a partner ended a consent, as it is told to its worker.
pub(in crate::commands) fn ground(ground: Ground, lang: Lang) -> &'static str {
    match ground {
        Ground::WorkerAsked => lang.either("you asked for it", "u vroeg erom"),
        Ground::PurposeEnded => {
            lang.either("your organisation shares nothing for this any more", "uw organisatie deelt hiervoor niets meer")
        }
        Ground::RecipientUnfit => {
            lang.either("who saw it does not keep to what was agreed", "wie het zag houdt zich niet aan de afspraken")
        }
        Ground::NoticeWrong => lang.either("the text that you read was wrong", "de tekst die u las klopte niet"),
        Ground::NotFree => lang.either("you could not choose freely", "u kon niet vrij kiezen"),
        Ground::AnotherPerson => lang.either("somebody else gave it", "iemand anders gaf het"),
        Ground::Authority => lang.either("an authority or a court found so", "een toezichthouder of rechter vond dat"),
    }
}

/// By which law something is kept, why, and until when.
pub(in crate::commands) fn law(kept: &Retained, lang: Lang) -> String {
    let why = basis(kept.basis, lang);
    let (statute, until) = (clean(kept.statute.as_str()), print::moment(kept.until, lang));
    lang.either(format!("until {until}: {statute} ({why})"), format!("tot {until}: {statute} ({why})"))
}

fn basis(basis: RetainedBasis, lang: Lang) -> &'static str {
    match basis {
        RetainedBasis::LegalObligation => lang.either("it is obliged to", "dat moet van de wet"),
        RetainedBasis::PublicTask => lang.either("it needs it for its task by law", "nodig voor een taak uit de wet"),
    }
}

/// Fields; none are everything.
pub(crate) fn fields(fields: FieldSet, lang: Lang) -> String {
    if fields.is_empty() {
        return lang.either("everything", "alles").to_owned();
    }
    let names: Vec<&str> = fields.iter().map(|field| lang.either(field.pointer().trim_start_matches('/'), Field::dutch(field))).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use polder_model::query::Criteria;

    use super::*;

    #[test]
    fn what_is_no_instant_is_shown_as_it_came_and_harmless() {
        assert_eq!((moment("gisteren\u{7}", Lang::Nl), day("x\u{202e}", Lang::En)), ("gisteren".to_owned(), "x".to_owned()));
    }

    #[test]
    fn every_criterion_has_a_name_in_dutch() {
        let schema: serde_json::Value = serde_json::from_str(include_str!("../../../../../schemas/query/1.0.json")).expect("a schema");
        let names: Vec<&String> = schema["properties"]["criteria"]["properties"].as_object().expect("members").keys().collect();
        assert!(names.len() > 5 && serde_json::from_str::<Criteria>("{}").is_ok());
        for name in names {
            assert_ne!(criterion(name, Lang::Nl), *name);
        }
    }
}
