//! What workers read, in English or Dutch.

use polder_consent::{Field, FieldSet, Ground, Retained, RetainedBasis, State};
use polder_model::about::About;
use polder_model::{Kind, Purpose, Timestamp};

use crate::exit::Failure;
use crate::output::clean;
use crate::print::Lang;

/// A reply that is not of its form.
pub(in crate::commands) fn no_form(error: serde_json::Error) -> Failure {
    Failure::internal(format!("the reply is not of its form: {error}"))
}

/// A partner by name and id.
pub(in crate::commands) fn partner(name: &str, id: &str) -> String {
    if name.is_empty() { clean(id) } else { format!("{} ({})", clean(name), clean(id)) }
}

/// An instant, to the minute (UTC), as people write it.
pub(in crate::commands) fn moment(instant: &str, lang: Lang) -> String {
    let Ok(at) = instant.parse::<Timestamp>() else { return clean(instant) };
    let text = at.to_string();
    let Some((date, time)) = text.split_once('T') else { return clean(instant) };
    let time: String = time.chars().take("12:00".len()).collect();
    match (lang, date.split('-').collect::<Vec<_>>().as_slice()) {
        (Lang::Nl, [year, month, day]) => format!("{day}-{month}-{year} {time} UTC"),
        _ => format!("{date} {time} UTC"),
    }
}

/// An offer of a partner, by its kind and key.
pub(in crate::commands) fn about(about: &About, lang: Lang) -> String {
    let kind = match about.kind {
        Kind::Vacancy => lang.either("vacancy", "vacature"),
        Kind::Training => lang.either("training", "opleiding"),
        Kind::SkillOffer => lang.either("profile", "profiel"),
    };
    format!("{kind} {}", about.key)
}

/// A purpose.
pub(crate) fn purpose(purpose: Purpose, lang: Lang) -> &'static str {
    match purpose {
        Purpose::FindWork => lang.either("find work", "werk zoeken"),
        Purpose::FindTraining => lang.either("find training", "scholing zoeken"),
        Purpose::MatchVacancy => lang.either("see whether a vacancy suits", "kijken of een vacature past"),
        Purpose::BeContacted => lang.either("make contact about work", "contact opnemen over werk"),
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
    let (statute, until) = (clean(kept.statute.as_str()), moment(&kept.until.to_string(), lang));
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
    use super::*;

    #[test]
    fn an_instant_is_told_to_the_minute() {
        let at = "2026-11-29T12:15:43.123456Z";
        assert_eq!((moment(at, Lang::Nl).as_str(), moment(at, Lang::En).as_str()), ("29-11-2026 12:15 UTC", "2026-11-29 12:15 UTC"));
        assert_eq!(moment("gisteren\u{7}", Lang::Nl), "gisteren");
    }
}
