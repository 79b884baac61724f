//! Skill offers of invented workers: no names, no dates of birth.

use polder_model::Date;
use serde_json::{Value, json};

use super::draw::Draw;
use super::roles::{Field, Role};
use super::{codes, later, times};

/// Where workers live.
const HOMES: [u16; 16] = [8301, 8304, 8305, 8321, 8316, 8307, 8251, 8255, 8223, 8232, 8243, 3892, 1316, 1338, 1353, 8226];

/// A skill offer of someone who did this work.
pub(super) fn of(role: &Role, number: u64, today: Date, draw: &mut Draw) -> Value {
    let times = times::of_field(role.field, 75, draw);
    let postcode = *draw.one(&HOMES);
    let years = draw.between(1, 18);
    let start = draw.between(-5, 45);
    let employers = if times.is_part_time() { draw.between(1, 3) } else { 1 };
    let skills = codes::skills_of(role.of, role.more, draw);
    let (mode, minutes) = *draw.one(&[("car", 30), ("car", 40), ("bike", 25), ("public-transport", 45), ("bike", 20)]);
    let named: Vec<&str> = draw.some(&skills, 3).into_iter().map(codes::Wanted::name).collect();
    let values: Vec<Value> = skills
        .iter()
        .map(|skill| {
            let mut value = skill.value(Some((years / 4 + draw.between(1, 2)).min(5)));
            value["evidence"] = json!([{ "type": *draw.one(&["work", "work", "self-declared", "certificate", "diploma"]) }]);
            value
        })
        .collect();
    let mut offer = json!({
        "title": title(role, draw),
        "description": description(role, years, &named, &times, (mode, minutes), employers, draw),
        "skills": values,
        "occupationsWanted": [role.of.value()],
        "education": role.of.level(),
        "hours": times.hours(),
        "workingTimes": times.working(),
        "contracts": if draw.chance(50) { json!(["permanent", "fixed-term"]) } else { json!(["permanent", "fixed-term", "secondment"]) },
        "employersAtOnce": employers,
        "availableFrom": later(today, start),
        "availableUntil": later(today, start + draw.between(60, 240)),
        "postcode": postcode.to_string(),
        "commute": { "mode": mode, "maxMinutes": minutes },
        "languages": [{ "language": "nl", "level": *draw.one(&["A2", "B1", "B2", "C1"]) }],
        "sectors": codes::sectors(role.of),
        "interests": draw.some(&["techniek", "buiten werken", "een vak leren", "mensen helpen", "duurzaamheid", "werken in een klein team"], 2),
        "contact": { "email": format!("kandidaat-{number}@flevolandwerkt.example.nl") },
    });
    let mut held = role.of.value();
    held["years"] = json!(years);
    offer["occupationsHeld"] = json!([held]);
    if !role.licences.is_empty() && mode == "car" {
        offer["licences"] = json!(role.licences);
    } else if mode == "car" {
        offer["licences"] = json!(["B"]);
    }
    if draw.chance(60) {
        let cents = (i32::try_from(role.pay.0).unwrap_or(2500) * 100 / 165 + draw.between(0, 300)) / 5 * 5;
        offer["salaryWish"] = json!({ "min": cents, "currency": "EUR", "period": "hour" });
    }
    if draw.chance(30) {
        let wish = *draw.one(&["more-hours", "fewer-hours", "study-beside-work"]);
        let from = start.max(0) + draw.between(30, 60);
        offer["periodWishes"] = json!([{ "from": later(today, from), "until": later(today, from + 90), "wish": wish }]);
    }
    offer
}

/// The kind of work alone: a title is seen as it is written, also by who may not see hours or place.
fn title(role: &Role, draw: &mut Draw) -> String {
    let name = role.of.name();
    match draw.below(4) {
        0 => format!("Ervaren {name}"),
        1 => format!("{} zoekt werk", capital(name)),
        2 => format!("Werk als {name}"),
        _ => capital(name),
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn description(
    role: &Role,
    years: i32,
    skills: &[&str],
    times: &times::Times,
    commute: (&str, i32),
    employers: i32,
    draw: &mut Draw,
) -> String {
    let name = role.of.name();
    let skills = times::enumerate(skills);
    let years = if years == 1 { "een jaar".to_owned() } else { format!("{years} jaar") };
    let mut sentences = vec![match draw.below(3) {
        0 => format!("Ik heb {years} gewerkt als {name}, vooral bij kleine bedrijven."),
        1 => format!("Ik heb {years} ervaring als {name}."),
        _ => format!("De laatste {years} was ik {name} bij verschillende werkgevers in de regio.")
            .replace("De laatste een jaar", "Het laatste jaar"),
    }];
    sentences.push(match draw.below(3) {
        0 => format!("Wat ik goed kan: {skills}."),
        1 => format!("Collega's vragen mij om hulp bij {skills}."),
        _ => format!("Mijn sterke punten zijn {skills}."),
    });
    sentences.push(format!(
        "Ik wil {} uur per week werken, het liefst {}.",
        times.said(),
        times.words.replace("je zelf kiest", "ik zelf kan kiezen")
    ));
    let way = match commute.0 {
        "car" => "met de auto",
        "bike" => "met de fiets",
        _ => "met de bus",
    };
    sentences.push(format!("Ik reis {way} en wil hoogstens {} minuten onderweg zijn.", commute.1));
    if employers > 1 {
        sentences.push(
            (*draw.one(&[
                "Twee banen naast elkaar vind ik prima als de roosters passen.",
                "Ik werk graag voor meer dan één werkgever; dat houdt het afwisselend.",
            ]))
            .to_owned(),
        );
    } else if role.field != Field::Desk {
        sentences.push(
            (*draw.one(&[
                "Ik leer graag bij, ook in de avond.",
                "Ik begin graag met een proefweek, zodat we elkaar leren kennen.",
                "Een vast team vind ik belangrijk.",
            ]))
            .to_owned(),
        );
    }
    sentences.join(" ")
}
