//! How a training is followed: route, load, price, times.

use super::draw::Draw;
use super::programmes::Form;

/// How one offer of a programme is followed.
pub(super) struct Shape {
    pub credential: &'static str,
    pub routes: &'static [&'static str],
    pub hours: (i32, i32),
    pub load: (i32, &'static str),
    pub weeks: i32,
    pub cents: i32,
    pub note: Option<&'static str>,
    pub funding: &'static [&'static str],
    /// What stands behind the title, and how a text says it.
    pub said: (&'static str, &'static str),
}

/// How an offer of this form is followed.
pub(super) fn of(form: Form, draw: &mut Draw) -> Shape {
    let evening = draw.chance(40);
    let base = Shape {
        credential: "certificate",
        routes: &["part-time"],
        hours: (4, 8),
        load: (40, "hours"),
        weeks: 6,
        cents: 0,
        note: None,
        funding: &["none"],
        said: ("", "overdag"),
    };
    match form {
        Form::MboDiploma if draw.chance(60) => Shape {
            credential: "mbo-diploma",
            routes: &["bbl"],
            hours: (6, 10),
            load: (1600, "sbu"),
            weeks: *draw.one(&[40, 80, 120]),
            cents: 32_000,
            note: Some("Cursusgeld per schooljaar; veel werkgevers betalen het."),
            funding: &["employer", "sectoral-fund", "slim"],
            said: (", bbl", "één dag per week op school en de rest in een leerbedrijf"),
        },
        Form::MboDiploma => Shape {
            credential: "mbo-diploma",
            routes: &["bol"],
            hours: (24, 32),
            load: (1600, "sbu"),
            weeks: *draw.one(&[80, 120]),
            cents: 145_000,
            note: Some("Cursusgeld per schooljaar vanaf 18 jaar."),
            funding: &["student-finance"],
            said: (", bol", "overdag op school met stages in de regio"),
        },
        Form::MboPart => Shape {
            credential: "mbo-certificate",
            load: (240, "sbu"),
            weeks: *draw.one(&[12, 16, 20]),
            cents: draw.between(70, 140) * 1000,
            funding: &["slim", "sectoral-fund", "employer"],
            said: if evening {
                (", avond", "één avond per week en een zaterdag per maand")
            } else {
                (" (mbo-certificaat)", "één dagdeel per week")
            },
            ..base
        },
        Form::Course => {
            let weeks = draw.between(2, 10);
            Shape {
                load: (weeks * 8, "hours"),
                weeks,
                cents: draw.between(20, 95) * 1000,
                funding: &["employer", "sectoral-fund"],
                said: if evening {
                    (", avondcursus", "in de avond, zodat je het naast je werk kunt doen")
                } else {
                    (", korte cursus", "op een vaste dag in de week")
                },
                ..base
            }
        }
        Form::Workshop => Shape {
            credential: "none",
            load: (draw.between(3, 8), "hours"),
            hours: (3, 8),
            weeks: 1,
            funding: &["municipal"],
            said: if evening { (", avond", "op één avond") } else { ("", "op één dag") },
            ..base
        },
        Form::Bachelor => Shape {
            credential: "bachelor",
            routes: if evening { &["part-time", "dual"] } else { &["full-time"] },
            hours: if evening { (16, 24) } else { (36, 40) },
            load: (240, "ects"),
            weeks: 160,
            cents: 260_000,
            note: Some("Wettelijk collegegeld per studiejaar."),
            funding: &["student-finance", "lifelong-learning-credit"],
            said: if evening { (", deeltijd", "één dag en één avond per week naast je baan") } else { (", voltijd", "overdag") },
        },
        Form::Ad => Shape {
            credential: "associate-degree",
            routes: &["part-time", "dual"],
            hours: (12, 20),
            load: (120, "ects"),
            weeks: 80,
            cents: 260_000,
            note: Some("Wettelijk collegegeld per studiejaar."),
            funding: &["lifelong-learning-credit", "employer"],
            said: if evening {
                (", associate degree deeltijd", "op twee avonden per week")
            } else {
                (", associate degree", "op één vaste dag per week")
            },
        },
        Form::Micro => {
            let points = *draw.one(&[3, 5, 10, 15]);
            Shape {
                credential: "microcredential",
                routes: if evening { &["part-time", "self-paced"] } else { &["part-time"] },
                load: (points, "ects"),
                weeks: 4 + points,
                cents: points * 14_000,
                funding: &["employer", "slim", "lifelong-learning-credit"],
                said: if evening {
                    (", microcredential", "deels online en in je eigen tempo")
                } else {
                    (" (microcredential)", "op acht dagdelen")
                },
                ..base
            }
        }
    }
}
