//! The workers of the demo, invented, and whom each of them lets see what.

use polder_model::{Date, Purpose};
use serde_json::Value;

use crate::demo::samples;

/// A worker with a profile at a node, and what they decided.
pub(crate) struct Worker {
    /// The key of their profile at their node.
    pub key: &'static str,
    /// The slug of the partner whose node keeps it.
    pub home: &'static str,
    /// Their name, made up as they are.
    pub name: &'static str,
    /// What the provider of the demo says of them, in Dutch and in English.
    pub about: [&'static str; 2],
    /// Their occupation.
    occupation: &'static str,
    number: u64,
    /// Whom they let see what for a vacancy: slugs of partners, and fields of the profile.
    pub lets: Lets,
    /// And for advice about training.
    pub advice: Lets,
}

/// Slugs of partners, and the fields that each may see.
type Lets = &'static [(&'static str, &'static [&'static str])];

const MATCHED: &[&str] = &["/title", "/skills"];

/// The workers: at two nodes, each with other consents, one with none, and one who wants advice alone.
pub(crate) const WORKERS: [Worker; 5] = [
    Worker {
        key: "W-1",
        name: "Anna Adelaar",
        about: [
            "monteur, stopte met delen; twee werkgevers hebben gewist wat zij hadden",
            "mechanic, stopped sharing; two employers have erased what they had",
        ],
        home: "almere",
        occupation: "onderhoudsmonteur machines",
        number: 1,
        lets: &[("employer-a", &["/title", "/skills", "/hours", "/workingTimes"]), ("employer-b", MATCHED)],
        advice: &[],
    },
    Worker {
        key: "W-2",
        name: "Bilal Bever",
        about: [
            "monteur, laat één werkgever iets zien, zei nee tegen contact",
            "mechanic, lets one employer see something, said no to contact",
        ],
        home: "almere",
        occupation: "onderhoudsmonteur machines",
        number: 2,
        lets: &[("employer-a", &["/title", "/skills", "/occupationsWanted", "/postcode"])],
        advice: &[],
    },
    Worker {
        key: "W-3",
        name: "Chantal Citer",
        about: [
            "lasser, laat twee werkgevers iets zien; één vraagt haar iets",
            "welder, lets two employers see something; one asks her something",
        ],
        home: "flevolandwerkt",
        occupation: "lasser",
        number: 3,
        lets: &[("employer-b", &["/title", "/skills", "/availableFrom"]), ("employer-a", &["/title", "/skills", "/hours", "/postcode"])],
        advice: &[],
    },
    Worker {
        key: "W-4",
        home: "flevolandwerkt",
        name: "Daan Das",
        about: ["monteur, deelt niets", "mechanic, shares nothing"],
        occupation: "onderhoudsmonteur machines",
        number: 4,
        lets: &[],
        advice: &[],
    },
    Worker {
        key: "W-5",
        home: "almere",
        name: "Elif Eend",
        about: ["lasser, wil van één school advies over een opleiding", "welder, wants advice about training from one school"],
        occupation: "lasser",
        number: 5,
        lets: &[],
        advice: &[(PLANNER, &["/title", "/skills", "/occupationsWanted", "/hours"])],
    },
];

/// The slugs of the partners that seek people.
pub(crate) const SEEKERS: [&str; 3] = ["employer-a", "employer-b", "lelystad"];

/// The slug of the school that seeks people for a training.
pub(crate) const PLANNER: &str = "roc";

/// The slug of the municipality at whose portal people try the demo.
pub(crate) const HOME: &str = "almere";

/// The worker who ends everything.
pub(crate) const WITHDRAWS: &str = "W-1";

impl Worker {
    /// Their profile.
    pub(crate) fn profile(&self, today: Date) -> Value {
        samples::worker(self.occupation, self.number, today)
    }

    /// Whom they let see what for a purpose.
    pub(crate) fn given(&self, purpose: Purpose) -> Lets {
        match purpose {
            Purpose::MatchVacancy => self.lets,
            Purpose::TrainingAdvice => self.advice,
            _ => &[],
        }
    }

    /// What a partner may see of it for a purpose; `None` where it may see nothing.
    pub(crate) fn lets_see(&self, slug: &str, purpose: Purpose, today: Date) -> Option<Value> {
        let (_, fields) = self.given(purpose).iter().find(|(to, _)| *to == slug)?;
        let profile = self.profile(today);
        let members =
            profile.as_object()?.iter().filter(|(name, _)| fields.iter().any(|field| field.trim_start_matches('/') == name.as_str()));
        Some(Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seekers() -> impl Iterator<Item = (&'static str, Purpose)> {
        SEEKERS.into_iter().map(|slug| (slug, Purpose::MatchVacancy)).chain([(PLANNER, Purpose::TrainingAdvice)])
    }

    #[test]
    fn each_partner_may_see_the_fields_that_are_named_and_no_others() {
        let today: Date = "2026-11-24".parse().expect("a day");
        for worker in &WORKERS {
            for (slug, purpose) in seekers() {
                let named = worker.given(purpose).iter().find(|(to, _)| *to == slug).map(|(_, fields)| fields.len());
                let seen = worker.lets_see(slug, purpose, today).map(|seen| seen.as_object().map_or(0, serde_json::Map::len));
                assert_eq!(seen, named, "{} and {slug}", worker.key);
            }
        }
        let finds = |(slug, purpose): (&str, Purpose)| WORKERS.iter().any(|worker| worker.lets_see(slug, purpose, today).is_some());
        assert!(!seekers().all(finds), "somebody finds nobody");
        assert!(
            finds((PLANNER, Purpose::TrainingAdvice)) && !finds((PLANNER, Purpose::MatchVacancy)),
            "what is for advice is for that alone"
        );
    }
}
