//! What no question asks and a profile says all the same: times and pay are held beside the vacancy here, at the worker's own node. Of the rest it is said that
//! nobody looked at it.

use polder_consent::{Field, FieldSet};
use polder_exchange::people::field_name;
use polder_model::Kind;
use serde_json::{Map, Value};

use crate::pages::facts::Teller;
use crate::pages::{Said, spoken};

/// What a profile may say that no question about vacancies asks.
const UNASKED: [Field; 6] =
    [Field::WorkingTimes, Field::SalaryWish, Field::AvailableFrom, Field::EmployersAtOnce, Field::PeriodWishes, Field::Sectors];
/// The same of trainings.
const UNASKED_OF_TRAININGS: [Field; 3] = [Field::WorkingTimes, Field::Hours, Field::Education];
/// What is asked of vacancies, and passes where a vacancy says nothing of it.
const SILENT: [(Field, &str); 3] = [(Field::Hours, "hours"), (Field::Contracts, "contracts"), (Field::Education, "minimumEducation")];

/// What an offer has, held beside a profile.
#[derive(Default)]
pub(super) struct Beside {
    /// What fits, besides what was asked.
    pub fits: Vec<String>,
    /// What to look out for, since it does not fit.
    pub but: Vec<String>,
    /// What nobody looked at; empty where that is nothing.
    pub unseen: String,
}

impl Beside {
    pub(super) fn of(teller: Teller<'_>, kind: Kind, (profile, asked): (&Map<String, Value>, FieldSet), offer: &Value) -> Self {
        let mut beside = Self::default();
        let mut looked = FieldSet::NONE;
        if kind == Kind::Vacancy {
            if beside.times(teller, profile, offer) {
                looked = looked.or(FieldSet::of(&[Field::WorkingTimes]));
            }
            if beside.pay(teller, profile, offer) {
                looked = looked.or(FieldSet::of(&[Field::SalaryWish]));
            }
        }
        beside.unseen(teller, kind, (profile, asked), looked, offer);
        beside
    }

    /// Whether the times of both are known and were looked at.
    fn times(&mut self, teller: Teller<'_>, profile: &Map<String, Value>, offer: &Value) -> bool {
        let parts = |times: &Value| -> Vec<String> {
            times["dayParts"].as_array().into_iter().flatten().filter_map(|part| Some(part.as_str()?.to_owned())).collect()
        };
        let (Some(own), Some(theirs)) = (profile.get("workingTimes"), offer.get("workingTimes")) else { return false };
        let (mine, needed) = (parts(own), parts(theirs));
        let bends = |times: &Value| times["flexible"].as_bool() == Some(true);
        if mine.is_empty() || needed.is_empty() || bends(own) || bends(theirs) {
            return false;
        }
        let others: Vec<&str> = needed.iter().filter(|part| !mine.contains(part)).map(String::as_str).collect();
        if others.is_empty() {
            self.fits.push(teller.say("why-times", &[]));
        } else {
            self.but.push(teller.say("but-times", &[("parts", Said::Text(&spoken::week(teller.words, others)))]));
        }
        true
    }

    /// Whether the pay of both is known, of the same period, and was looked at.
    fn pay(&mut self, teller: Teller<'_>, profile: &Map<String, Value>, offer: &Value) -> bool {
        let (Some(wish), Some(pay)) = (profile.get("salaryWish"), offer.get("salary")) else { return false };
        let most = pay["max"].as_u64().or_else(|| pay["min"].as_u64());
        let (Some(wish), Some(most)) = (wish["min"].as_u64().filter(|_| wish["period"] == pay["period"]), most) else { return false };
        if most >= wish {
            self.fits.push(teller.say("why-pay", &[]));
        } else {
            self.but.push(teller.say("but-pay", &[]));
        }
        true
    }

    fn unseen(
        &mut self,
        teller: Teller<'_>,
        kind: Kind,
        (profile, asked): (&Map<String, Value>, FieldSet),
        looked: FieldSet,
        offer: &Value,
    ) {
        let unasked: &[Field] = if kind == Kind::Vacancy { &UNASKED } else { &UNASKED_OF_TRAININGS };
        let member = |field: &Field| profile.contains_key(field.pointer().trim_start_matches('/'));
        let unasked = unasked.iter().filter(|field| member(field) && !looked.contains(**field));
        let silent = SILENT.iter().filter(|(field, name)| kind == Kind::Vacancy && asked.contains(*field) && offer.get(*name).is_none());
        let named = unasked.chain(silent.map(|(field, _)| field));
        let names: Vec<String> = named.map(|field| field_name(teller.language, *field).to_owned()).collect();
        if !names.is_empty() {
            self.unseen = teller.say("but-unseen", &[("what", Said::Text(&names.join(", ")))]);
        }
    }
}

#[cfg(test)]
mod tests {
    use polder_exchange::people::Language;
    use polder_model::reference::Reference;
    use serde_json::json;

    use super::*;
    use crate::pages::Words;

    fn beside(kind: Kind, profile: Value, asked: &[Field], offer: &Value) -> (Vec<String>, Vec<String>, String) {
        let words = Words::new(Language::Nl);
        let teller = Teller { words: &words, reference: Reference::starter(), language: Language::Nl };
        let Value::Object(profile) = profile else { panic!("a profile is an object") };
        let beside = Beside::of(teller, kind, (&profile, FieldSet::of(asked)), offer);
        (beside.fits, beside.but, beside.unseen)
    }

    fn none() -> Vec<String> {
        Vec::new()
    }

    #[test]
    fn times_and_pay_are_held_beside_a_vacancy() {
        let mine =
            json!({"workingTimes": {"dayParts": ["mon-morning", "mon-afternoon"]}, "salaryWish": {"min": 280_000, "period": "month"}});
        let of = |parts: &[&str], pay: Value| json!({"workingTimes": {"dayParts": parts}, "salary": pay});
        let fits = of(&["mon-morning"], json!({"min": 250_000, "max": 300_000, "period": "month"}));
        let said = beside(Kind::Vacancy, mine.clone(), &[], &fits);
        assert_eq!(
            said,
            (vec!["De dagdelen passen bij uw week".to_owned(), "Het loon past bij wat u wilt".to_owned()], none(), String::new())
        );
        let not = of(&["sat-evening", "mon-morning"], json!({"min": 250_000, "period": "month"}));
        let (fits, but, _) = beside(Kind::Vacancy, mine.clone(), &[], &not);
        assert_eq!(fits, none());
        assert_eq!(but.len(), 2, "{but:?}");
        assert!(but[0].contains("zaterdagavond") && !but[0].contains("maandag"), "{but:?}");
        assert!(but[1].contains("lager"), "{but:?}");
    }

    #[test]
    fn what_nobody_looked_at_is_said() {
        let mine = json!({"workingTimes": {"dayParts": ["mon-morning"]}, "salaryWish": {"min": 1, "period": "month"}, "employersAtOnce": 2,
            "hours": {"min": 8, "max": 16}, "education": 40});
        let asked = [Field::Hours, Field::Contracts];
        let silent = json!({"salary": {"min": 2, "period": "hour"}, "workingTimes": {"flexible": true, "dayParts": ["sun-night"]},
            "contracts": [{"form": "permanent"}]});
        let (fits, but, unseen) = beside(Kind::Vacancy, mine.clone(), &asked, &silent);
        assert_eq!((fits, but), (none(), none()));
        let expected = "Hier is niet gekeken naar: wanneer u wilt werken, wat u wilt verdienen, bij hoeveel werkgevers tegelijk, hoeveel uren u wilt werken";
        assert_eq!(unseen, format!("{expected}."));
        let (.., of_training) = beside(Kind::Training, mine, &asked, &json!({}));
        assert_eq!(of_training, "Hier is niet gekeken naar: wanneer u wilt werken, hoeveel uren u wilt werken, uw hoogste opleiding.");
        assert_eq!(beside(Kind::Vacancy, json!({}), &[], &silent), (none(), none(), String::new()), "of an empty profile nothing is left");
    }
}
