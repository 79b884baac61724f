//! Sample offers for the demo: invented, but as one would meet them in Flevoland. The same arguments give the same offers.

mod codes;
mod draw;
mod employers;
mod programmes;
mod roles;
mod roles_care;
mod roles_public;
mod roles_technical;
mod roles_trade;
mod shape;
mod skill_offer;
#[cfg(test)]
mod tests;
mod times;
mod training;
mod vacancy;

use polder_model::{Date, Kind};

use draw::Draw;
use roles::Field;

/// A sample offer.
pub struct Sample {
    /// What kind of offer it is.
    pub kind: Kind,
    /// Its key with its partner.
    pub key: String,
    /// The offer.
    pub document: serde_json::Value,
}

/// Kinds of work in a skill offer.
const WORKERS: [Field; 9] = [
    Field::Machines,
    Field::Logistics,
    Field::Care,
    Field::Farming,
    Field::Ships,
    Field::Kitchen,
    Field::Building,
    Field::Installing,
    Field::Vehicles,
];

/// The kinds of ten offers that follow each other.
fn mix(partner: &str) -> &'static [u8; 10] {
    match partner {
        "almere" | "lelystad" => b"VVVVTVVVVV",
        "roc" | "windesheim" => b"TTVTTTTVTT",
        "flevolandwerkt" => b"VVSVTVVSVV",
        _ => b"VVVVVVVVVV",
    }
}

/// The offers of one of the demo's partners, by its slug: `provincie`, `almere`, `lelystad`, `roc`, `windesheim`, `flevolandwerkt`,
/// `employer-a`, `employer-b`. A larger count only adds offers at the end.
pub fn offers(partner: &str, count: usize, seed: u64, today: Date) -> Vec<Sample> {
    let employers = employers::of_partner(partner);
    let fields: Vec<Field> = employers.iter().flat_map(|employer| employer.fields).copied().collect();
    let (work, workers) = (roles::of_fields(&fields), roles::of_fields(&WORKERS));
    let programmes = match partner {
        "roc" => programmes::ROC,
        "windesheim" => programmes::WINDESHEIM,
        _ => programmes::WORKSHOPS,
    };
    let mut first = Draw::new(seed, partner, u64::MAX);
    let (mut vacancies, mut trainings, mut profiles) = (first.below(work.len()), first.below(programmes.len()), first.below(workers.len()));
    let mut samples = Vec::with_capacity(count);
    for (number, slot) in (1_u64..).zip(mix(partner).iter().cycle()).take(count) {
        let draw = &mut Draw::new(seed, partner, number);
        let (kind, letter, document) = match slot {
            b'T' => {
                trainings += 1;
                (Kind::Training, 'T', training::of(&programmes[trainings % programmes.len()], partner, today, draw))
            }
            b'S' => {
                profiles += 1;
                (Kind::SkillOffer, 'S', skill_offer::of(workers[profiles % workers.len()], number, today, draw))
            }
            _ => {
                vacancies += 1;
                let role = work[vacancies % work.len()];
                let able: Vec<_> = employers.iter().copied().filter(|employer| employer.fields.contains(&role.field)).collect();
                let employer = *draw.one(&able);
                (Kind::Vacancy, 'V', vacancy::of(role, employer, partner, today, draw))
            }
        };
        samples.push(Sample { kind, key: format!("{letter}-{number:04}"), document });
    }
    samples
}

/// The profile of an invented worker of that occupation, by its Dutch label; nothing where no sample has it.
pub fn worker(occupation: &str, number: u64, today: Date) -> serde_json::Value {
    let role = roles::of_fields(&WORKERS).into_iter().find(|role| role.of.0 == occupation);
    role.map(|role| skill_offer::of(role, number, today, &mut Draw::new(1, "workers", number))).unwrap_or_default()
}

/// The date that many days after today.
fn later(today: Date, days: i32) -> String {
    Date::from_days(today.days().saturating_add(days)).to_string()
}
