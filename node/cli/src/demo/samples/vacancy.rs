//! Vacancies.

use polder_model::Date;
use serde_json::{Value, json};

use super::draw::Draw;
use super::employers::Employer;
use super::roles::{Field, Role};
use super::times::Times;
use super::{codes, later, times};

/// What part of a vacancy's money is said.
struct Pay {
    value: Value,
    words: String,
}

/// A vacancy of this employer for this role.
pub(super) fn of(role: &Role, employer: &Employer, partner: &str, today: Date, draw: &mut Draw) -> Value {
    let small = matches!(partner, "employer-a" | "flevolandwerkt");
    let times = times::of_field(role.field, if small { 70 } else { 50 }, draw);
    let sharing = times.is_part_time() && draw.chance(if small { 75 } else { 60 });
    let postcode = *draw.one(employer.postcodes);
    let level = role.of.level();
    let pay = pay(role, draw);
    let title = title(role, &times, codes::place_name(postcode), draw);
    let seasonal = role.field == Field::Farming && level <= 20 && draw.chance(60);
    let closing = if draw.chance(15) { draw.between(1, 5) } else { draw.between(6, 60) };
    let mut location = codes::location(postcode);
    if matches!(role.field, Field::Desk | Field::Software) || level >= 60 && draw.chance(50) {
        location["remoteShare"] = json!(draw.between(1, 3) * 20);
    }
    let skills = codes::skills_of(role.of, role.more, draw);
    let skills: Vec<Value> = skills
        .iter()
        .map(|skill| {
            let mut value = skill.value(None);
            value["importance"] = json!(skill.importance);
            value
        })
        .collect();
    let mut vacancy = json!({
        "title": title,
        "description": description(role, employer, &times, &pay, sharing, draw),
        "language": "nl",
        "employer": { "name": employer.name, "kvk": employer.kvk, "sector": employer.sector },
        "occupations": [role.of.value()],
        "skills": skills,
        "minimumEducation": minimum(role, level, draw),
        "hours": times.hours(),
        "workingTimes": times.working(),
        "contracts": contracts(role, seasonal, sharing, draw),
        "welcomesSharing": sharing,
        "location": location,
        "closingDate": later(today, closing),
        "startDate": later(today, closing + draw.between(5, 75)),
        "positions": if level <= 20 { draw.between(1, 5) } else { 1 },
        "languages": languages(role, level, draw),
        "application": application(employer, draw),
    });
    if draw.chance(92) {
        vacancy["salary"] = pay.value;
    }
    if seasonal {
        let from = draw.between(10, 30);
        vacancy["season"] = json!({ "fromWeek": from, "toWeek": from + draw.between(6, 16) });
    }
    if !role.licences.is_empty() && draw.chance(80) {
        vacancy["licences"] = json!(role.licences);
    }
    vacancy
}

/// The level that is asked: that of the role, or one below where the text does not say it.
fn minimum(role: &Role, level: u8, draw: &mut Draw) -> u8 {
    let is_said = role.brings.iter().any(|line| ["mbo", "hbo", "master"].iter().any(|word| line.contains(word)));
    if level > 10 && draw.chance(20) && !is_said { level - 10 } else { level }
}

fn title(role: &Role, times: &Times, place: &str, draw: &mut Draw) -> String {
    let base = *draw.one(role.titles);
    match draw.below(6) {
        0 => format!("{base} in {place}"),
        1 => format!("{base} ({} uur)", times.said()),
        2 if times.is_part_time() => format!("{base} in deeltijd, {place}"),
        3 if times.words.starts_with("alleen in de ochtend") => format!("{base} voor de ochtend"),
        _ => base.to_owned(),
    }
}

fn pay(role: &Role, draw: &mut Draw) -> Pay {
    let low = i32::try_from(role.pay.0).unwrap_or(2500) + draw.between(0, 12) * 10;
    let high = i32::try_from(role.pay.1).unwrap_or(3000) + draw.between(-5, 15) * 10;
    if draw.chance(75) {
        let words = format!("€ {} tot € {} bruto per maand bij een volle werkweek", thousands(low), thousands(high));
        return Pay { value: json!({ "min": low * 100, "max": high * 100, "currency": "EUR", "period": "month" }), words };
    }
    // 165 hours a month, rounded to five cents.
    let [low, high] = [low, high].map(|month| month * 100 / 165 / 5 * 5);
    let euros = |cents: i32| format!("€ {},{:02}", cents / 100, cents % 100);
    let words = format!("{} tot {} bruto per uur", euros(low), euros(high));
    Pay { value: json!({ "min": low, "max": high, "currency": "EUR", "period": "hour" }), words }
}

fn thousands(euros: i32) -> String {
    format!("{}.{:03}", euros / 1000, euros % 1000)
}

fn contracts(role: &Role, seasonal: bool, sharing: bool, draw: &mut Draw) -> Value {
    if seasonal {
        return json!([{ "form": "seasonal" }]);
    }
    let mut forms = vec![json!({ "form": *draw.one(&["permanent", "fixed-term", "permanent"]) })];
    if sharing && draw.chance(40) {
        forms.push(json!({ "form": "secondment" }));
    }
    if role.of.level() <= 40 && draw.chance(25) {
        forms.push(json!({ "form": "apprenticeship", "recognisedTrainingCompany": format!("DEMO-{}", draw.between(100, 999)) }));
    }
    if role.field == Field::Logistics && draw.chance(25) {
        forms.push(json!({ "form": "temporary-agency" }));
    }
    Value::Array(forms)
}

fn languages(role: &Role, level: u8, draw: &mut Draw) -> Value {
    let dutch = match level {
        0..=10 => *draw.one(&["A1", "A2"]),
        11..=20 => *draw.one(&["A2", "B1"]),
        21..=40 => "B1",
        _ => "B2",
    };
    let mut list = vec![json!({ "language": "nl", "level": dutch })];
    if matches!(role.field, Field::Ships | Field::Software | Field::Mobility | Field::Campus) && draw.chance(60) {
        list.push(json!({ "language": "en", "level": if level >= 60 { "B2" } else { "A2" } }));
    }
    Value::Array(list)
}

fn application(employer: &Employer, draw: &mut Draw) -> Value {
    let how = *draw.one(&[
        "Stuur een korte mail met wie je bent en wanneer je kunt komen kijken. Een brief hoeft niet.",
        "Mail je cv en schrijf in een paar zinnen waarom dit werk bij je past.",
        "Mail ons je telefoonnummer, dan bellen wij je binnen twee werkdagen.",
        "Wil je eerst een dagdeel meelopen? Mail ons en wij plannen dat met je in.",
    ]);
    let mut value = json!({ "email": format!("werk@{}.example.nl", employer.host), "instructions": how });
    if draw.chance(40) {
        value["url"] = json!(format!("https://{}.example.nl/werken-bij", employer.host));
    }
    value
}

fn description(role: &Role, employer: &Employer, times: &Times, pay: &Pay, sharing: bool, draw: &mut Draw) -> String {
    let mut sentences: Vec<String> = Vec::new();
    if draw.chance(80) || role.tasks.len() < 3 {
        sentences.push((*draw.one(employer.about)).to_owned());
    }
    let tasks = if sharing { 2 } else { 2 + draw.below(2) };
    sentences.extend(draw.some(role.tasks, tasks).into_iter().map(|task| (*task).to_owned()));
    sentences.push((*draw.one(role.brings)).to_owned());
    let (hours, when, pay, called) = (times.said(), &times.words, &pay.words, employer.called);
    sentences.push(match draw.below(5) {
        0 => format!("Je werkt {hours} uur per week {when} en je verdient {pay}."),
        1 => format!("{called} biedt {pay}, en werk voor {hours} uur per week {when}."),
        2 => format!("Je krijgt {pay}, een goed pensioen en tijd om te leren; je werkt {when}."),
        3 => format!("Wij betalen {pay} en vergoeden je reiskosten vanaf de eerste kilometer."),
        _ => format!("Je werkt {when}, samen {hours} uur, voor {pay}."),
    });
    if sharing {
        sentences.push(
            (*draw.one(&[
                "Combineren met een baan bij een ander bedrijf in de buurt kan; dat regelen wij graag samen.",
                "Wij delen je graag met een tweede werkgever, zodat je toch aan genoeg uren komt.",
                "Heb je al een baan voor de andere dagen, dan stemmen wij de roosters op elkaar af.",
                "Samen met bedrijven in de buurt maken wij er een volle week van als jij dat wilt.",
            ]))
            .to_owned(),
        );
    }
    sentences.join(" ")
}
