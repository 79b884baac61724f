//! Why an offer matches, in words.

use polder_exchange::people::Language;
use polder_model::code::{Importance, Relation, TravelMode};
use polder_model::query::HoursCriterion;
use polder_model::reason::{Ground, Reason};
use polder_model::reference::Reference;
use polder_model::{CodeUri, PartnerId};

use serde::Serialize;

use crate::pages::facts::Teller;
use crate::pages::{Said, Words};

/// What the words need to know besides.
pub(super) struct Speaker<'s> {
    pub words: &'s Words,
    pub reference: &'s Reference,
    pub language: Language,
    /// Whose node this is.
    pub home: &'s PartnerId,
    /// How one travels.
    pub mode: Option<TravelMode>,
    /// The hours that are asked.
    pub hours: Option<HoursCriterion>,
}

/// A reason in words, and its points.
#[derive(Serialize)]
pub(super) struct Why {
    text: String,
    points: String,
}

impl Speaker<'_> {
    /// A text.
    pub(super) fn say(&self, name: &str, given: &[(&str, Said<'_>)]) -> String {
        self.words.text(name, given)
    }

    /// A reason, and its points; with the hours that fit, where they are known.
    pub(super) fn reason(&self, reason: &Reason, hours: Option<(u64, u64)>) -> Why {
        Why { text: self.ground(&reason.ground, hours), points: self.points(reason.points) }
    }

    /// So many reasons more, with their points together.
    pub(super) fn others(&self, count: usize, points: u32) -> Why {
        let count = Said::Number(i64::try_from(count).unwrap_or(i64::MAX));
        Why { text: self.say("reason-others", &[("count", count)]), points: self.points(points) }
    }

    fn ground(&self, ground: &Ground, hours: Option<(u64, u64)>) -> String {
        match ground {
            Ground::Skill { code, matched, relation, importance } => {
                let (skill, matched) = (self.skill(code), self.skill(matched));
                let given = [("skill", Said::Text(&skill)), ("matched", Said::Text(&matched))];
                let said = match relation {
                    Relation::Exact => self.say("reason-skill", &given[..1]),
                    Relation::Broader => self.say("reason-skill-broader", &given),
                    Relation::Narrower => self.say("reason-skill-narrower", &given),
                };
                match importance {
                    Importance::Essential => said,
                    Importance::Important => format!("{said}, {}", self.say("reason-important", &[])),
                    Importance::Optional => format!("{said}, {}", self.say("reason-optional", &[])),
                }
            }
            Ground::Occupation { matched } => {
                self.say("reason-occupation", &[("occupation", Said::Text(&self.teller().occupation(matched)))])
            }
            Ground::Text { term } => self.say("reason-text", &[("term", Said::Text(term))]),
            Ground::Travel { remote: true, .. } => self.say("reason-remote", &[]),
            Ground::Travel { minutes, metres, .. } => self.travel(*minutes, *metres),
            Ground::Hours { .. } => match hours {
                Some((least, most)) => {
                    let both = self.teller().range(&least.to_string(), &most.to_string());
                    self.say("reason-hours", &[("hours", Said::Text(&both))])
                }
                None => self.say("reason-hours-fit", &[]),
            },
            Ground::Freshness { days } => self.say("reason-fresh", &[("days", Said::Number(i64::from(*days)))]),
        }
    }

    fn travel(&self, minutes: Option<u16>, metres: Option<u32>) -> String {
        let said = match (minutes, metres) {
            (Some(minutes), _) => self.say("reason-minutes", &[("minutes", Said::Number(minutes.into()))]),
            (None, Some(metres)) => self.say("reason-kilometres", &[("kilometres", Said::Number(metres.div_ceil(1_000).into()))]),
            (None, None) => self.say("reason-reach", &[]),
        };
        match self.mode {
            Some(mode) => format!("{said} {}", self.say(&format!("mode-{}", mode.as_str()), &[])),
            None => said,
        }
    }

    /// Who has the words for what is found.
    pub(super) fn teller(&self) -> Teller<'_> {
        Teller { words: self.words, reference: self.reference, language: self.language }
    }

    fn skill(&self, uri: &CodeUri) -> String {
        self.teller().skill(uri)
    }

    /// Points as people read them: of a thousand at most, to a tenth. A score counts a million.
    pub(super) fn points(&self, points: u32) -> String {
        let (whole, tenths) = (points / 1_000, points % 1_000 / 100);
        let point = if self.language == Language::En { '.' } else { ',' };
        if tenths == 0 { whole.to_string() } else { format!("{whole}{point}{tenths}") }
    }
}

#[cfg(test)]
mod tests {
    use polder_model::answer::MissingReason as Missing;
    use polder_model::code::Contract;

    use super::*;

    #[test]
    fn there_are_words_for_every_code_that_is_shown() {
        let missing = [
            Missing::Unreachable,
            Missing::Slow,
            Missing::Refused,
            Missing::Overloaded,
            Missing::Untrustworthy,
            Missing::RankingUnsupported,
            Missing::ClockSkew,
            Missing::NotAMember,
            Missing::Suspended,
            Missing::NotAsked,
            Missing::NoDisclosure,
            Missing::BudgetSpent,
            Missing::Changing,
        ];
        let modes = TravelMode::ALL.iter().map(|mode| format!("mode-{}", mode.as_str()));
        let contracts = Contract::ALL.iter().map(|contract| format!("contract-{}", contract.as_str()));
        let times = ["morning", "afternoon", "evening", "night"];
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let parts = days.iter().flat_map(|day| times.iter().map(move |time| format!("part-{day}-{time}")));
        let missing = missing.iter().map(|reason| format!("missing-{}", reason.as_str()));
        let names: Vec<String> = modes.chain(contracts).chain(parts).chain(missing).collect();
        for language in [Language::Nl, Language::En] {
            let words = Words::new(language);
            for name in &names {
                assert_ne!(words.text(name, &[]), *name);
            }
        }
    }

    #[test]
    fn points_are_of_a_thousand() {
        let words = Words::new(Language::Nl);
        let home = "kvk:90000001".parse().expect("a partner");
        let speaker = |language| Speaker { words: &words, reference: Reference::starter(), language, home: &home, mode: None, hours: None };
        let said = [0, 99, 50_000, 680_129, 1_000_000].map(|points| speaker(Language::Nl).points(points));
        assert_eq!(said, ["0", "0", "50", "680,1", "1000"]);
        assert_eq!(speaker(Language::En).points(186_666), "186.6");
    }
}
