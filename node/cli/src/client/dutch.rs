//! Problems of a node in Dutch: by their type, which is of a closed list. What a node says beside it is in English, and is translated where workers
//! often meet it.

use polder_exchange::KEY_TAKEN;
use polder_formats::report::NO_OFFER;
use polder_model::Finding;
use polder_model::finding::FindingCode;
use polder_model::line::FORM;
use polder_model::problem::{Problem, ProblemType};

use crate::output::clean;

/// A problem in words: what, what to do, and each finding on a line of its own.
pub(super) fn in_words(problem: &Problem) -> String {
    let Some(kind) = problem.problem_type() else { return format!("{} ({})", clean(&problem.title), problem.status) };
    let mut text = format!("{} ({})", title(kind), problem.status);
    let repeated = problem.findings.first().is_some_and(|finding| problem.detail.contains(&finding.message));
    match detail(&problem.detail) {
        Some(detail) => text.push_str(&format!(": {detail}")),
        None if problem.detail.is_empty() || repeated => {}
        None => text.push_str(&format!(". Het knooppunt zegt in het Engels: {}", clean(&problem.detail))),
    }
    for found in &problem.findings {
        text.push_str(&format!("\n  {}", finding_in_words(found)));
    }
    text
}

/// A finding in words: where, what it comes down to, and in English what.
pub(super) fn finding_in_words(found: &Finding) -> String {
    let place = if found.pointer.is_empty() { "het geheel" } else { &found.pointer };
    format!("{}: {} ({})", clean(place), finding(found.code), clean(&found.message))
}

/// What a type of problem means to whoever meets it.
fn title(kind: ProblemType) -> &'static str {
    match kind {
        ProblemType::InvalidDocument => "Het document klopt niet met het schema of de regels",
        ProblemType::InvalidRequest => "De opdracht klopt niet",
        ProblemType::UnknownCode => "Iets dat genoemd is, is onbekend: een code, plaats, naam, sleutel of partner",
        ProblemType::FieldNotAllowed => "Hier staat iets dat niet in Polder mag staan",
        ProblemType::ClockSkew => "De klokken lopen niet gelijk",
        ProblemType::RankingUnsupported => "Het knooppunt kan deze rangschikking niet berekenen",
        ProblemType::HopLimit => "Een knooppunt vraagt niet namens een ander verder",
        ProblemType::Unauthenticated => "Het is niet duidelijk wie u bent",
        ProblemType::Forbidden => "Dit mag u hier niet doen",
        ProblemType::NotAMember => "Deze partner doet niet mee",
        ProblemType::PurposeNotAllowed => "Dit doel mag niet, of wordt hier niet gebruikt",
        ProblemType::NoDisclosure => "Dit knooppunt antwoordt nu niet over mensen",
        ProblemType::BudgetSpent => "Voor vandaag is er zoveel gevraagd als mag",
        ProblemType::NotFound => "Dit is er niet",
        ProblemType::MethodNotAllowed => "Dit kan hier niet",
        ProblemType::NotAcceptable => "Het knooppunt kan niet in deze vorm antwoorden",
        ProblemType::RequestTimeout => "Het duurde te lang; probeer het opnieuw",
        ProblemType::NotInForce => "Dit is al voorbij",
        ProblemType::PartDiffers => "Onder dit nummer kwam al iets anders binnen",
        ProblemType::UnderWay => "Dit wordt al gedaan; wacht even",
        ProblemType::KeyDiffers => "Deze sleutel hoort bij een ander verzoek",
        ProblemType::TooManyOffers => "Er is geen plaats voor meer aanbod",
        ProblemType::Replayed => "Dit bericht is al eens ontvangen",
        ProblemType::CursorLost => "Begin opnieuw: het knooppunt kan hier niet verder lezen",
        ProblemType::PreconditionFailed => "Er is intussen iets veranderd",
        ProblemType::TooLarge => "Dit is te groot",
        ProblemType::UnsupportedMediaType => "Deze vorm wordt niet gelezen",
        ProblemType::ProofRefused => "Het bewijs klopt niet",
        ProblemType::TooManyRequests => "Dit is te vaak achter elkaar; probeer het later",
        ProblemType::Internal => "Er ging iets mis in het knooppunt; er is niets veranderd of het is niet zeker",
        ProblemType::Unavailable => "Het knooppunt kan dit nu niet; probeer het later",
        ProblemType::StorageFull => "Het knooppunt is vol; er is niets bewaard",
    }
}

/// What a node says to workers, and what is said of records that are imported, by its English text.
fn detail(english: &str) -> Option<&'static str> {
    Some(match english {
        FORM => r#"een record is {"kind": …, "key": …, "document": {…}} op één regel"#,
        NO_OFFER => "hiervan kan geen aanbod worden gemaakt",
        KEY_TAKEN => {
            "deze sleutel is van het aanbod van een andere organisatie, waarvoor deze koppeling niet werkt; kies een andere sleutel"
        }
        "its sender takes it back; delete it at the node if it is there" => {
            "de afzender trekt dit in; verwijder het bij het knooppunt als het er staat"
        }
        "this is no offer now" => "dit is nu geen aanbod",
        "this is not JSON" => "dit is geen JSON",
        "this line is not UTF-8" => "deze regel is geen UTF-8; bewaar het bestand als UTF-8",
        "this file is not UTF-8; save it as UTF-8" => "dit bestand is geen UTF-8; bewaar het als UTF-8",
        "this file is UTF-16 without a byte order mark, or no text; save it as UTF-8" => {
            "dit bestand is UTF-16 zonder byte order mark, of geen tekst; bewaar het als UTF-8"
        }
        "this line is longer than 1 MiB; an offer has at most 64 KiB" => {
            "deze regel is langer dan 1 MiB; een aanbod heeft er ten hoogste 64 KiB"
        }
        "there is no JobPosting here" => "hier staat geen JobPosting",
        "the kind is given twice, differently" => "de soort is twee keer genoemd, en verschillend",
        "of which kind is this record?" => "van welke soort is dit record? Geef --kind",
        "the key cannot be used" => "de sleutel kan niet worden gebruikt",
        "the line cannot be read" => "de regel is niet te lezen",
        "the line is too long" => "de regel is te lang",
        "there is no such consent" => "er is geen toestemming met dit id; `polder consent list` laat ze zien",
        "there is no such request" => "er is geen verzoek met dit id; `polder consent requests` laat ze zien",
        "this request is open no more" => "dit verzoek staat niet meer open",
        "this consent is not in force: nothing leaves under it" => "deze toestemming geldt niet: er gaat niets weg",
        "the text that was read is not the one that goes with this decision now; read it anew, then decide" => {
            "de tekst die u las hoort niet meer bij deze keuze; lees de nieuwe tekst, en kies dan"
        }
        "there is no profile to share; put the skill offer first" => "er is geen profiel om te delen",
        "this token is not known here, or its time is over" => {
            "dit token is hier niet bekend, of de tijd ervan is om; vraag wie het gaf om een nieuw token"
        }
        "a worker alone does this, with a worker's token" => "dat doet alleen een werkende, met het eigen token",
        _ => return None,
    })
}

const fn finding(code: FindingCode) -> &'static str {
    match code {
        FindingCode::NotJson => "is niet te lezen",
        FindingCode::UnknownMember => "hoort hier niet",
        FindingCode::Missing => "ontbreekt",
        FindingCode::WrongType => "heeft niet de goede vorm",
        FindingCode::OutOfBounds => "kan zo niet",
        FindingCode::Contradiction => "klopt niet met de rest",
        FindingCode::UnknownCode => "is onbekend",
        FindingCode::AnotherHost => "is een adres van een ander",
        FindingCode::AnotherOrganisation => "is van een organisatie waarvoor deze koppeling niet werkt",
        FindingCode::Over => "is voorbij",
        FindingCode::NotAllowed => "mag hier niet staan",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polder_consent::State;
    use polder_exchange::people::DecideRefused;

    #[test]
    fn what_workers_are_told_is_known_in_dutch() {
        for refused in [
            DecideRefused::NoticeDiffers,
            DecideRefused::Unknown,
            DecideRefused::UnknownRequest,
            DecideRefused::NotOpen,
            DecideRefused::NoOffer,
            DecideRefused::NotInForce(Some(State::Withdrawn)),
        ] {
            assert!(detail(&refused.to_string()).is_some(), "{refused}");
        }
    }

    #[test]
    fn what_is_in_no_list_is_shown_as_it_came_and_harmless() {
        let problem = Problem::new(ProblemType::TooManyRequests, "come\u{1b}[2J again");
        assert_eq!(
            in_words(&problem),
            "Dit is te vaak achter elkaar; probeer het later (429). Het knooppunt zegt in het Engels: come [2J again"
        );
        let findings = vec![Finding::new("/fields", FindingCode::Contradiction, "this purpose needs /skills too")];
        let problem = Problem::of_findings(ProblemType::InvalidRequest, findings);
        assert_eq!(in_words(&problem), "De opdracht klopt niet (400)\n  /fields: klopt niet met de rest (this purpose needs /skills too)");
    }
}
