//! Hours and working times, so that text and members say the same.

use serde_json::{Value, json};

use super::draw::Draw;
use super::roles::Field;

const DAYS: [(&str, &str); 7] = [
    ("mon", "maandag"),
    ("tue", "dinsdag"),
    ("wed", "woensdag"),
    ("thu", "donderdag"),
    ("fri", "vrijdag"),
    ("sat", "zaterdag"),
    ("sun", "zondag"),
];

/// Hours and working times.
pub(super) struct Times {
    pub hours: (i32, i32),
    pub flexible: bool,
    pub parts: Vec<String>,
    /// "op maandag en dinsdag", "in de avond".
    pub words: String,
}

impl Times {
    /// The hours in a document.
    pub(super) fn hours(&self) -> Value {
        json!({ "min": self.hours.0, "max": self.hours.1 })
    }

    /// The working times in a document.
    pub(super) fn working(&self) -> Value {
        json!({ "flexible": self.flexible, "dayParts": self.parts })
    }

    /// "16 tot 24".
    pub(super) fn said(&self) -> String {
        if self.hours.0 == self.hours.1 { self.hours.0.to_string() } else { format!("{} tot {}", self.hours.0, self.hours.1) }
    }

    /// Whether it is less than a full week.
    pub(super) fn is_part_time(&self) -> bool {
        self.hours.1 < 32
    }
}

/// "maandag, dinsdag en vrijdag".
pub(super) fn enumerate(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] => format!("{} en {last}", most.join(", ")),
    }
}

/// Times that fit this kind of work; `part_time` is the percentage of part-time jobs.
pub(super) fn of_field(field: Field, part_time: usize, draw: &mut Draw) -> Times {
    let shifts = matches!(field, Field::Logistics | Field::Food | Field::Care | Field::Machines);
    let late = matches!(field, Field::Logistics | Field::Care | Field::Kitchen | Field::Food);
    let pattern = draw.below(10);
    if !draw.chance(part_time) {
        let hours = *draw.one(&[(32, 40), (36, 40), (38, 38), (32, 36), (36, 36)]);
        if shifts && pattern < 4 {
            return whole(hours, &["morning", "evening"], "in vroege en late diensten");
        }
        return days(hours, 5, pattern > 7, draw);
    }
    match pattern {
        0 | 1 => whole(*draw.one(&[(12, 20), (16, 20), (15, 20)]), &["morning"], "alleen in de ochtend"),
        2 if late => whole(*draw.one(&[(8, 16), (12, 20), (16, 20)]), &["evening"], "in de avond"),
        3 if late => weekend(*draw.one(&[(8, 16), (8, 12), (16, 16)])),
        4 if field == Field::Children => whole(*draw.one(&[(12, 20), (16, 20)]), &["afternoon"], "na schooltijd"),
        _ => {
            let hours = *draw.one(&[(16, 24), (16, 16), (20, 28), (24, 24), (12, 24), (16, 20), (24, 30), (18, 24), (8, 16)]);
            let count = usize::try_from((hours.1 + 7) / 8).unwrap_or(3);
            days(hours, count, pattern > 6, draw)
        }
    }
}

fn whole(hours: (i32, i32), parts: &[&str], words: &str) -> Times {
    let parts = DAYS[..5].iter().flat_map(|(day, _)| parts.iter().map(move |part| format!("{day}-{part}"))).collect();
    Times { hours, flexible: false, parts, words: words.to_owned() }
}

fn weekend(hours: (i32, i32)) -> Times {
    let parts = DAYS[5..].iter().flat_map(|(day, _)| ["morning", "afternoon"].map(|part| format!("{day}-{part}"))).collect();
    Times { hours, flexible: false, parts, words: "op zaterdag en zondag".to_owned() }
}

fn days(hours: (i32, i32), count: usize, flexible: bool, draw: &mut Draw) -> Times {
    let chosen = if flexible { DAYS[..5].iter().collect() } else { draw.some(&DAYS[..5], count) };
    let parts = chosen.iter().flat_map(|(day, _)| ["morning", "afternoon"].map(|part| format!("{day}-{part}"))).collect();
    let names: Vec<&str> = chosen.iter().map(|(_, name)| *name).collect();
    let words = match (flexible, count) {
        (true, _) => "op dagen die je zelf kiest".to_owned(),
        (_, 5..) => "van maandag tot en met vrijdag".to_owned(),
        _ => format!("op {}", enumerate(&names)),
    };
    Times { hours, flexible, parts, words }
}
