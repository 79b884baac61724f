//! The three questions of the demo.

use polder_model::Kind;
use polder_model::query::HoursCriterion;
use polder_model::request::{CodeAsked, GapAsked, QueryRequest, SkillAsked, TravelAsked};

/// A question, and who asks it.
pub(crate) struct Question {
    /// Its name in the report.
    pub name: &'static str,
    /// What is asked, in English and in Dutch.
    pub says: [&'static str; 2],
    /// The slug of the partner whose node asks.
    pub asker: &'static str,
    pub request: QueryRequest,
}

fn skill(label: &str) -> SkillAsked {
    SkillAsked { uri: None, label: Some(label.to_owned()), importance: None }
}

fn occupation(label: &str) -> CodeAsked {
    CodeAsked { uri: None, label: Some(label.to_owned()) }
}

/// The questions. The labels stand in the shipped tables.
pub(crate) fn questions() -> [Question; 3] {
    let part_time = QueryRequest {
        occupations: vec![occupation("onderhoudsmonteur machines")],
        text: Some("techniek onderhoud machines".to_owned()),
        travel: Some(TravelAsked { from: "Emmeloord".to_owned(), mode: None, max_minutes: Some(30), max_kilometres: None }),
        hours: Some(HoursCriterion { min: 16, max: 24 }),
        limit: Some(5),
        ..QueryRequest::new(Kind::Vacancy)
    };
    let sharing = QueryRequest {
        occupations: vec![occupation("lasser"), occupation("heftruckchauffeur")],
        skills: vec![skill("lastechnieken"), skill("heftruck rijden"), skill("orders verzamelen")],
        travel: Some(TravelAsked { from: "Dronten".to_owned(), mode: None, max_minutes: Some(45), max_kilometres: None }),
        sharing: true,
        limit: Some(5),
        ..QueryRequest::new(Kind::Vacancy)
    };
    let gap = QueryRequest {
        gap: Some(GapAsked {
            occupation: occupation("onderhoudsmonteur machines"),
            skills: vec![skill("storing zoeken"), skill("hydrauliek")],
        }),
        // Trainings whose school gives no skill codes are found by their words.
        text: Some("monteur onderhoud machines".to_owned()),
        limit: Some(5),
        ..QueryRequest::new(Kind::Training)
    };
    [
        Question {
            name: "part-time technical work within 30 minutes of Emmeloord",
            says: [
                "Part-time technical work (16 to 24 hours) within 30 minutes by car of Emmeloord",
                "Technisch werk in deeltijd (16 tot 24 uur) binnen 30 minuten met de auto van Emmeloord",
            ],
            asker: "flevolandwerkt",
            request: part_time,
        },
        Question {
            name: "vacancies that welcome sharing",
            says: [
                "Work for welders and forklift drivers within 45 minutes by car of Dronten, at employers who welcome sharing the employee with another employer",
                "Werk voor lassers en heftruckchauffeurs binnen 45 minuten met de auto van Dronten, bij werkgevers die de werknemer graag met een ander delen",
            ],
            asker: "employer-a",
            request: sharing,
        },
        Question {
            name: "training that closes a gap",
            says: [
                "Training in the skills that a maintenance mechanic needs and this person lacks",
                "Scholing in de vaardigheden die een onderhoudsmonteur nodig heeft en deze persoon mist",
            ],
            asker: "lelystad",
            request: gap,
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use polder_model::reference::Reference;
    use polder_model::request::expand;

    #[test]
    fn every_label_is_known() {
        let asker = "kvk:90000001".parse().expect("a partner");
        let now = "2026-11-24T12:00:00Z".parse().expect("an instant");
        for question in questions() {
            let query = expand(&question.request, Reference::starter(), &asker, "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77".to_owned(), now);
            assert!(query.is_ok(), "{}: {query:?}", question.name);
        }
    }
}
