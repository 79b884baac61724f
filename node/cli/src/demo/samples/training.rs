//! Trainings.

use polder_model::Date;
use serde_json::{Value, json};

use super::codes::{self, Wanted};
use super::draw::Draw;
use super::programmes::{Form, Programme};
use super::roles::Of;
use super::shape::{self, Shape};
use super::{later, times};

/// Almere, Lelystad, Emmeloord, Dronten, Zeewolde.
const TOWNS: [u16; 5] = [1315, 8232, 8302, 8251, 3891];

/// A training on this programme.
pub(super) fn of(programme: &Programme, partner: &str, today: Date, draw: &mut Draw) -> Value {
    let (name, host, kvk) = match partner {
        "roc" => ("ROC van Flevoland (demo)", "roc", "90000151"),
        "windesheim" => ("Windesheim in Almere (demo)", "windesheim", "90000152"),
        "almere" => ("Gemeente Almere (demo)", "gemeentealmere", "90000111"),
        "lelystad" => ("Gemeente Lelystad (demo)", "gemeentelelystad", "90000121"),
        _ => ("Flevoland Werkt! (demo)", "flevolandwerkt", "90000160"),
    };
    let towns: &[u16] = match partner {
        "windesheim" => &TOWNS[..2],
        "almere" => &TOWNS[..1],
        "lelystad" => &TOWNS[1..2],
        _ => &TOWNS,
    };
    let shape = shape::of(programme.form, draw);
    let of = (!programme.occupation.is_empty()).then_some(Of(programme.occupation));
    let taught = taught(programme, draw);
    let postcode = *draw.one(towns);
    let first = draw.between(6, 90);
    let town = codes::place_name(postcode);
    let (title, description) = (title(programme, &shape, town, draw), description(programme, &shape, &taught, town, draw));
    // What is said to be in a town is nowhere else.
    let said_to_be = format!(" in {town}");
    let moves_to = if title.contains(&said_to_be) || description.contains(&said_to_be) { &[postcode][..] } else { towns };
    let mut training = json!({
        "title": title,
        "description": description,
        "language": "nl",
        "provider": { "name": name, "kvk": kvk },
        "skillsTaught": taught.iter().map(|skill| skill.value(Some(i32::from(programme.level / 20 + 1).min(4)))).collect::<Vec<_>>(),
        "sectors": programme.sectors,
        "level": programme.level,
        "credential": shape.credential,
        "routes": shape.routes,
        "hoursPerWeek": { "min": shape.hours.0, "max": shape.hours.1 },
        "studyLoad": { "value": shape.load.0, "unit": shape.load.1 },
        "durationWeeks": shape.weeks,
        "price": { "amount": shape.cents, "currency": "EUR" },
        "funding": shape.funding,
        "editions": editions(programme, &shape, (postcode, moves_to), first, today, draw),
        "closingDate": later(today, first - draw.between(1, 5)),
        "enrolment": { "email": format!("leren@{host}.example.nl"), "url": format!("https://{host}.example.nl/leren"), "instructions": *draw.one(&[
            "Meld je aan met de mail. Wij bellen je voor een kort gesprek.", "Schrijf je in op de website; vol is vol.", "Mail ons als je eerst advies wilt over je niveau."]) },
    });
    if let Some(note) = shape.note {
        training["price"]["note"] = json!(note);
    }
    if let Some(of) = of {
        training["occupations"] = json!([of.value()]);
    }
    if let Some((title, level)) = programme.next {
        training["leadsTo"] = json!([{ "title": title, "level": level }]);
    }
    training
}

fn taught(programme: &Programme, draw: &mut Draw) -> Vec<Wanted> {
    if programme.teaches.is_empty() {
        return codes::skills_of(Of(programme.occupation), &[], draw);
    }
    codes::skills(programme.teaches)
}

fn title(programme: &Programme, shape: &Shape, town: &str, draw: &mut Draw) -> String {
    match draw.below(3) {
        0 => programme.title.to_owned(),
        1 => format!("{}{}", programme.title, shape.said.0),
        _ => format!("{} in {town}", programme.title),
    }
}

fn editions(programme: &Programme, shape: &Shape, (postcode, towns): (u16, &[u16]), first: i32, today: Date, draw: &mut Draw) -> Value {
    let mut list = Vec::new();
    let mut start = first;
    for number in 0..1 + draw.below(3) {
        let place = if number == 0 { postcode } else { *draw.one(towns) };
        let mode = *draw.one(if shape.load.1 == "ects" && number > 0 {
            // Nobody learns to care for people, to teach or to build machines from a screen alone.
            if programme.sectors.iter().any(|sector| ["H", "J", "M"].contains(sector)) {
                &["blended", "on-site", "online"]
            } else {
                &["blended", "on-site", "blended"]
            }
        } else {
            &["on-site", "on-site", "blended"]
        });
        let mut edition = json!({
            "key": format!("E{}", number + 1),
            "startDate": later(today, start),
            "endDate": later(today, start + (shape.weeks * 7 - 7).max(0)),
            "mode": mode,
            "seats": draw.between(8, 24),
            "language": "nl",
        });
        if mode != "online" {
            edition["location"] = codes::location(place);
        }
        list.push(edition);
        start += draw.between(30, 120);
    }
    Value::Array(list)
}

fn description(programme: &Programme, shape: &Shape, taught: &[Wanted], town: &str, draw: &mut Draw) -> String {
    let mut sentences = vec![format!("Je leert {}.", draw.one(programme.learn))];
    let count = 2 + draw.below(2);
    let names: Vec<&str> = draw.some(taught, count).into_iter().map(Wanted::name).collect();
    let names = times::enumerate(&names);
    sentences.push(match draw.below(5) {
        0 => format!("Aan bod komen onder meer: {names}."),
        1 => format!("We oefenen in {town} met echte opdrachten; onderwerpen: {names}."),
        2 => format!("Na afloop heb je dit geleerd: {names}."),
        3 => format!("In kleine groepen in {town} oefen je onder meer dit: {names}."),
        _ => format!("De opdrachten komen van bedrijven uit de buurt. Onderwerpen: {names}."),
    });
    sentences.push(match draw.below(3) {
        0 => format!("Je leert {}.", shape.said.1),
        1 => format!("Je volgt de lessen {}, reken op ongeveer {} weken.", shape.said.1, shape.weeks),
        _ => format!("Je leert {} en je hebt een vaste begeleider.", shape.said.1),
    });
    let whom: &[&str] = match programme.form {
        Form::Workshop => {
            &["Meedoen is gratis en je hoeft niets te kunnen.", "Werkgevers uit de buurt zijn erbij, dus je kunt meteen kennismaken."]
        }
        Form::Bachelor | Form::Ad => &[
            "Je hebt mbo niveau 4, havo of vwo nodig, of je doet een toets.",
            "Wat je in je werk al hebt geleerd, kan tellen voor vrijstelling.",
        ],
        Form::Micro => &[
            "De module is bedoeld voor mensen die al werken en zich willen bijscholen.",
            "Je sluit af met een opdracht uit je eigen bedrijf.",
        ],
        _ => &[
            "Je hoeft nog geen ervaring te hebben; motivatie is genoeg.",
            "Werk je al in het vak, dan kun je met vrijstelling sneller klaar zijn.",
            "Ook geschikt als je naast een deeltijdbaan wilt leren.",
        ],
    };
    sentences.push((*draw.one(whom)).to_owned());
    if let Some((next, _)) = programme.next.filter(|_| draw.chance(60)) {
        sentences.push(format!("Daarna kun je verder met {next}."));
    }
    sentences.join(" ")
}
