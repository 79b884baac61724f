//! What can be asked beyond what is asked most: of each kind only what its offers say (`docs/ranking.md`, section 1).

use std::collections::{BTreeMap, BTreeSet};

use polder_exchange::people::Language;
use polder_model::code::{Cefr, Contract, LEVELS, Licence, Sector};
use polder_model::query::{LanguageCriterion, LevelCriterion, StartCriterion};
use polder_model::request::QueryRequest;
use polder_model::{Date, Kind};
use serde::Serialize;

use crate::pages::spoken::{self, LANGUAGES};
use crate::pages::{Fields, Said, Words, said_date};

/// Further criteria, as they were typed.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct More {
    /// Of a training or a person the lowest level, of a vacancy or a training the highest.
    pub level_min: String,
    pub level_max: String,
    pub contracts: BTreeSet<Contract>,
    pub sector: Option<Sector>,
    /// The first day of work or of the course; of a person, by when they can begin.
    pub start_from: String,
    pub start_until: String,
    /// What somebody has who looks for a vacancy: licences, or none at all, and languages.
    pub licences: BTreeSet<Licence>,
    pub no_licence: bool,
    pub languages: BTreeMap<&'static str, Cefr>,
    /// Only employers that welcome it when somebody works for another one too.
    pub sharing: bool,
}

impl More {
    /// What was typed, as far as it is asked of a kind.
    pub(super) fn read(kind: Kind, fields: &Fields) -> Self {
        let of = |kinds: &[Kind], name: &str| if kinds.contains(&kind) { fields.one(name).to_owned() } else { String::new() };
        let (work, offered) = ([Kind::Vacancy], [Kind::Vacancy, Kind::Training]);
        let is_vacancy = kind == Kind::Vacancy;
        let licences: BTreeSet<Licence> = fields.all("licence").filter(|_| is_vacancy).filter_map(|licence| licence.parse().ok()).collect();
        let spoken = |code: &'static str| Some((code, fields.one(&format!("language {code}")).parse().ok()?));
        Self {
            level_min: of(&[Kind::Training, Kind::SkillOffer], "level_min"),
            level_max: of(&offered, "level_max"),
            contracts: fields.all("contract").filter(|_| kind != Kind::Training).filter_map(|form| form.parse().ok()).collect(),
            sector: fields.one("sector").parse().ok(),
            start_from: of(&offered, "start_from"),
            start_until: fields.one("start_until").to_owned(),
            no_licence: of(&work, "no_licence") == "yes",
            licences,
            languages: LANGUAGES.into_iter().filter(|_| is_vacancy).filter_map(spoken).collect(),
            sharing: of(&work, "sharing") == "yes",
        }
    }

    /// What a question asks of it.
    pub(super) fn of(request: &QueryRequest) -> Self {
        let level = |bound: Option<u8>| bound.map(|level| level.to_string()).unwrap_or_default();
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let known = |spoken: &LanguageCriterion| {
            let code = spoken.language.to_string();
            LANGUAGES.iter().find(|known| **known == code).map(|known| (*known, spoken.level))
        };
        Self {
            level_min: level(request.level.and_then(|level| level.min)),
            level_max: level(request.level.and_then(|level| level.max)),
            contracts: request.contracts.iter().copied().collect(),
            sector: request.sectors.first().copied(),
            start_from: day(request.start.and_then(|start| start.from)),
            start_until: day(request.start.and_then(|start| start.until)),
            no_licence: request.licences.as_ref().is_some_and(Vec::is_empty),
            licences: request.licences.iter().flatten().copied().collect(),
            languages: request.languages.iter().flatten().filter_map(known).collect(),
            sharing: request.sharing,
        }
    }

    /// Asks it too; otherwise names the parts of the form that do not hold.
    pub(super) fn ask(&self, request: &mut QueryRequest, wrong: &mut Vec<&'static str>) {
        match (level(&self.level_min), level(&self.level_max)) {
            (Ok(None), Ok(None)) => {}
            (Ok(min), Ok(max)) if min.zip(max).is_none_or(|(min, max)| min <= max) => request.level = Some(LevelCriterion { min, max }),
            _ => wrong.push("level"),
        }
        match (day(&self.start_from), day(&self.start_until)) {
            (Ok(None), Ok(None)) => {}
            (Ok(from), Ok(until)) if from.zip(until).is_none_or(|(from, until)| from <= until) => {
                request.start = Some(StartCriterion { from, until });
            }
            _ => wrong.push("start"),
        }
        request.contracts = self.contracts.iter().copied().collect();
        request.sectors = self.sector.into_iter().collect();
        let licences: Vec<Licence> = self.licences.iter().copied().collect();
        if self.no_licence && !licences.is_empty() {
            wrong.push("licences");
        }
        request.licences = (self.no_licence || !licences.is_empty()).then_some(licences);
        let spoken = |(code, level): (&&'static str, &Cefr)| Some(LanguageCriterion { language: code.parse().ok()?, level: *level });
        let spoken: Vec<LanguageCriterion> = self.languages.iter().filter_map(spoken).collect();
        request.languages = Some(spoken).filter(|spoken| !spoken.is_empty());
        request.sharing = self.sharing;
    }

    /// What it asks, in words.
    pub(super) fn said(&self, words: &Words, kind: Kind, language: Language) -> Vec<String> {
        let what = |name: &str, what: &str| words.text(name, &[("what", Said::Text(what))]);
        let of_kind = |name: &str, said: &str| what(&format!("{name}-{}", kind.as_str()), said);
        let mut said = Vec::new();
        for (name, level) in [("asks-level-min", &self.level_min), ("asks-level-max", &self.level_max)] {
            if !level.is_empty() {
                said.push(of_kind(name, &words.text(&format!("education-{level}"), &[])));
            }
        }
        let listed = |names: Vec<String>| names.join(", ");
        if !self.contracts.is_empty() {
            said.push(what(
                "asks-contracts",
                &listed(self.contracts.iter().map(|form| words.text(&format!("contract-{form}"), &[])).collect()),
            ));
        }
        if let Some(sector) = self.sector {
            said.push(what("asks-sector", &words.text(&format!("sector-{sector}"), &[])));
        }
        for (name, day) in [("asks-start-from", &self.start_from), ("asks-start-until", &self.start_until)] {
            if let Ok(day) = said_date(language, day) {
                said.push(of_kind(name, &day));
            }
        }
        if self.no_licence {
            said.push(words.text("search-no-licence", &[]));
        } else if !self.licences.is_empty() {
            said.push(what("asks-licences", &listed(self.licences.iter().map(ToString::to_string).collect())));
        }
        if !self.languages.is_empty() {
            let spoken = self.languages.iter().map(|(code, level)| format!("{} {level}", spoken::language(words, code)));
            said.push(what("asks-languages", &listed(spoken.collect())));
        }
        if self.sharing {
            said.push(words.text("search-sharing", &[]));
        }
        said
    }
}

fn level(typed: &str) -> Result<Option<u8>, ()> {
    if typed.is_empty() {
        return Ok(None);
    }
    typed.parse().ok().filter(|level| LEVELS.contains(level)).map(Some).ok_or(())
}

fn day(typed: &str) -> Result<Option<Date>, ()> {
    if typed.is_empty() { Ok(None) } else { typed.parse().map(Some).map_err(drop) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn everything() -> Vec<(String, String)> {
        let fields = [
            ("level_min", "20"),
            ("level_max", "40"),
            ("contract", "permanent"),
            ("contract", "seasonal"),
            ("contract", "nothing"),
            ("sector", "F"),
            ("start_from", "2027-01-01"),
            ("start_until", "2027-03-01"),
            ("licence", "B"),
            ("licence", "BE"),
            ("language nl", "C1"),
            ("language en", "B1"),
            ("language pl", ""),
            ("language qq", "B1"),
            ("sharing", "yes"),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    fn asked(more: &More, kind: Kind) -> Result<QueryRequest, Vec<&'static str>> {
        let (mut request, mut wrong) = (QueryRequest::new(kind), Vec::new());
        more.ask(&mut request, &mut wrong);
        if wrong.is_empty() { Ok(request) } else { Err(wrong) }
    }

    #[test]
    fn of_each_kind_only_what_it_says_is_asked_and_kept_and_said() {
        for (kind, said) in [(Kind::Vacancy, 8), (Kind::Training, 5), (Kind::SkillOffer, 4)] {
            let more = More::read(kind, &Fields::of(everything()));
            let request = asked(&more, kind).expect("a request");
            assert_eq!(More::of(&request), more, "a saved search asks the same: {kind}");
            let level = request.level.expect("a level");
            assert_eq!((level.min.is_some(), level.max.is_some()), (kind != Kind::Vacancy, kind != Kind::SkillOffer), "{kind}");
            assert_eq!(request.contracts.len(), if kind == Kind::Training { 0 } else { 2 }, "{kind}");
            let of_work = (request.licences.map(|all| all.len()), request.languages.map(|all| all.len()), request.sharing);
            let expected = if kind == Kind::Vacancy { (Some(2), Some(2), true) } else { (None, None, false) };
            assert_eq!(of_work, expected, "{kind}");
            for language in [Language::Nl, Language::En] {
                let words = Words::new(language);
                let all = more.said(&words, kind, language);
                assert_eq!(all.len(), said, "{kind}: {all:?}");
                assert!(all.iter().all(|one| !one.contains("asks-") && !one.contains("search-")), "{all:?}");
            }
        }
        let nothing = asked(&More::default(), Kind::Vacancy).expect("a request");
        assert_eq!(nothing, QueryRequest::new(Kind::Vacancy), "what is not asked is no criterion");
        let none = More { no_licence: true, ..More::default() };
        assert_eq!(asked(&none, Kind::Vacancy).expect("a request").licences, Some(Vec::new()), "who has no licence says so");
    }

    #[test]
    fn what_does_not_hold_is_named() {
        let more = |change: fn(&mut More)| {
            let mut more = More::default();
            change(&mut more);
            asked(&more, Kind::Training).err().unwrap_or_default()
        };
        assert_eq!(more(|more| more.level_min = "41".to_owned()), ["level"]);
        assert_eq!(more(|more| (more.level_min, more.level_max) = ("40".to_owned(), "20".to_owned())), ["level"]);
        assert_eq!(more(|more| more.start_from = "morgen".to_owned()), ["start"]);
        assert_eq!(more(|more| (more.start_from, more.start_until) = ("2027-02-01".to_owned(), "2027-01-01".to_owned())), ["start"]);
        assert_eq!(more(|more| (more.no_licence, more.licences) = (true, [Licence::ALL[0]].into())), ["licences"]);
        assert_eq!(more(|more| (more.start_from, more.level_max) = ("2027-02-01".to_owned(), "80".to_owned())), Vec::<&str>::new());
    }
}
