//! Which members of an offer the form writes, and how each is typed.

use polder_model::Kind;

/// How a member is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    Text,
    /// In capitals, whatever is typed.
    Capitals,
    Number,
    /// In euros; the member is in cents.
    Money,
}

/// A member that has one value.
pub(super) struct Line {
    /// What the form calls it.
    pub name: &'static str,
    /// Where it stands: a member, or one of a part.
    pub path: &'static [&'static str],
    pub typed: Typed,
    /// The part of the form.
    pub part: &'static str,
}

/// A member that lists words of a closed list.
pub(super) struct List {
    pub name: &'static str,
    pub path: &'static [&'static str],
    /// The member by which an entry is named; none where it is the word itself.
    pub named: Option<&'static str>,
    pub all: &'static [&'static str],
    pub part: &'static str,
}

/// A member that is true or not.
pub(super) struct Tick {
    pub name: &'static str,
    pub path: &'static [&'static str],
    pub part: &'static str,
}

/// The form of a kind.
pub(super) struct Form {
    pub lines: &'static [Line],
    pub lists: &'static [List],
    pub ticks: &'static [Tick],
    /// The member with the skills.
    pub skills: &'static str,
    /// Parts that say least and most: where only one of them is typed, it is both.
    pub range: &'static str,
    /// A part with an amount: it goes where no amount is typed, and is in euros.
    pub money: (&'static str, &'static [&'static str]),
}

const fn line(name: &'static str, path: &'static [&'static str], typed: Typed, part: &'static str) -> Line {
    Line { name, path, typed, part }
}

const VACANCY: Form = Form {
    lines: &[
        line("title", &["title"], Typed::Text, "title"),
        line("description", &["description"], Typed::Text, "description"),
        line("whom", &["employer", "name"], Typed::Text, "whom"),
        line("kvk", &["employer", "kvk"], Typed::Text, "whom"),
        line("postcode", &["location", "postcode"], Typed::Capitals, "location"),
        line("place", &["location", "place"], Typed::Text, "location"),
        line("remote", &["location", "remoteShare"], Typed::Number, "location"),
        line("hours_min", &["hours", "min"], Typed::Number, "hours"),
        line("hours_max", &["hours", "max"], Typed::Number, "hours"),
        line("level", &["minimumEducation"], Typed::Number, "level"),
        line("pay_min", &["salary", "min"], Typed::Money, "pay"),
        line("pay_max", &["salary", "max"], Typed::Money, "pay"),
        line("period", &["salary", "period"], Typed::Text, "pay"),
        line("start", &["startDate"], Typed::Text, "start"),
        line("closing", &["closingDate"], Typed::Text, "closing"),
        line("positions", &["positions"], Typed::Number, "positions"),
        line("week_from", &["season", "fromWeek"], Typed::Number, "season"),
        line("week_to", &["season", "toWeek"], Typed::Number, "season"),
        line("url", &["application", "url"], Typed::Text, "apply"),
        line("email", &["application", "email"], Typed::Text, "apply"),
        line("telephone", &["application", "telephone"], Typed::Text, "apply"),
        line("instructions", &["application", "instructions"], Typed::Text, "apply"),
    ],
    lists: &[
        List { name: "part", path: &["workingTimes", "dayParts"], named: None, all: &DAY_PARTS, part: "times" },
        List { name: "contract", path: &["contracts"], named: Some("form"), all: &CONTRACTS, part: "contracts" },
        List { name: "licence", path: &["licences"], named: None, all: &LICENCES, part: "licences" },
    ],
    ticks: &[
        Tick { name: "flexible", path: &["workingTimes", "flexible"], part: "times" },
        Tick { name: "sharing", path: &["welcomesSharing"], part: "contracts" },
    ],
    skills: "skills",
    range: "hours",
    money: ("salary", &["min", "max"]),
};

const TRAINING: Form = Form {
    lines: &[
        line("title", &["title"], Typed::Text, "title"),
        line("description", &["description"], Typed::Text, "description"),
        line("whom", &["provider", "name"], Typed::Text, "whom"),
        line("kvk", &["provider", "kvk"], Typed::Text, "whom"),
        line("hours_min", &["hoursPerWeek", "min"], Typed::Number, "hours"),
        line("hours_max", &["hoursPerWeek", "max"], Typed::Number, "hours"),
        line("weeks", &["durationWeeks"], Typed::Number, "weeks"),
        line("level", &["level"], Typed::Number, "level"),
        line("credential", &["credential"], Typed::Text, "level"),
        line("price", &["price", "amount"], Typed::Money, "price"),
        line("price_note", &["price", "note"], Typed::Text, "price"),
        line("closing", &["closingDate"], Typed::Text, "closing"),
        line("url", &["enrolment", "url"], Typed::Text, "apply"),
        line("email", &["enrolment", "email"], Typed::Text, "apply"),
        line("telephone", &["enrolment", "telephone"], Typed::Text, "apply"),
        line("instructions", &["enrolment", "instructions"], Typed::Text, "apply"),
    ],
    lists: &[List { name: "route", path: &["routes"], named: None, all: &ROUTES, part: "routes" }],
    ticks: &[],
    skills: "skillsTaught",
    range: "hoursPerWeek",
    money: ("price", &["amount"]),
};

const DAY_PARTS: [&str; 28] = [
    "mon-morning",
    "mon-afternoon",
    "mon-evening",
    "mon-night",
    "tue-morning",
    "tue-afternoon",
    "tue-evening",
    "tue-night",
    "wed-morning",
    "wed-afternoon",
    "wed-evening",
    "wed-night",
    "thu-morning",
    "thu-afternoon",
    "thu-evening",
    "thu-night",
    "fri-morning",
    "fri-afternoon",
    "fri-evening",
    "fri-night",
    "sat-morning",
    "sat-afternoon",
    "sat-evening",
    "sat-night",
    "sun-morning",
    "sun-afternoon",
    "sun-evening",
    "sun-night",
];
const CONTRACTS: [&str; 11] = [
    "permanent",
    "fixed-term",
    "secondment",
    "temporary-agency",
    "on-call",
    "freelance",
    "seasonal",
    "apprenticeship",
    "internship",
    "work-experience",
    "volunteer",
];
const LICENCES: [&str; 16] = ["AM", "A1", "A2", "A", "B", "B+", "BE", "C1", "C1E", "C", "CE", "D1", "D1E", "D", "DE", "T"];
const ROUTES: [&str; 6] = ["bol", "bbl", "full-time", "part-time", "dual", "self-paced"];

/// The form of a kind.
pub(super) const fn form(kind: Kind) -> &'static Form {
    match kind {
        Kind::Training => &TRAINING,
        Kind::Vacancy | Kind::SkillOffer => &VACANCY,
    }
}

/// The message by which the form names the line of a member.
pub(super) fn label(kind: Kind, pointer: &str) -> Option<String> {
    let line = form(kind).lines.iter().find(|line| pointer == format!("/{}", line.path.join("/")))?;
    Some(match line.name {
        name @ ("title" | "description" | "weeks" | "closing") => format!("offers-part-{name}"),
        name @ ("whom" | "level") => format!("offers-{name}-{kind}"),
        name => format!("offers-{}", name.replace('_', "-")),
    })
}

/// The part of the form that writes what a pointer names; empty where none does.
pub(super) fn part(kind: Kind, pointer: &str) -> &'static str {
    let form = form(kind);
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    let leads = |path: &[&str]| path.iter().zip(&steps).all(|(member, step)| member == step) && !steps.is_empty();
    let lines = form.lines.iter().map(|line| (line.path, line.part));
    let lists = form.lists.iter().map(|list| (list.path, list.part));
    let ticks = form.ticks.iter().map(|tick| (tick.path, tick.part));
    if let Some((_, part)) = lines.chain(lists).chain(ticks).find(|(path, _)| leads(path)) {
        return part;
    }
    match steps.first() {
        Some(member) if *member == form.skills => "skills",
        Some(&"occupations") => "occupations",
        Some(&"languages") => "languages",
        Some(&"editions") => "editions",
        Some(&"key") => "key",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_form_offers_every_word_of_the_closed_lists_and_names_members_that_there_are() {
        for kind in [Kind::Vacancy, Kind::Training] {
            let schema: Value = serde_json::from_str(polder_schemas::schema(kind.as_str()).expect("a schema")).expect("JSON");
            let at = |path: &[&str]| path.iter().fold(&schema, |place, step| &place["properties"][*step]);
            let form = form(kind);
            let paths = form.lines.iter().map(|line| line.path).chain(form.ticks.iter().map(|tick| tick.path));
            for path in paths.chain([&[form.skills][..], &[form.range], &[form.money.0]]) {
                assert!(at(path).is_object(), "{kind}: {path:?}");
            }
            for list in form.lists {
                let items = &at(list.path)["items"];
                let words = list.named.map_or(&items["enum"], |named| &items["properties"][named]["enum"]);
                let mut allowed: Vec<&str> = words.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
                let mut offered = list.all.to_vec();
                allowed.sort_unstable();
                offered.sort_unstable();
                assert_eq!(offered, allowed, "{}", list.name);
            }
        }
    }

    #[test]
    fn what_is_wrong_is_named_as_the_form_names_it() {
        let words = crate::pages::Words::new(polder_exchange::people::Language::Nl);
        for kind in [Kind::Vacancy, Kind::Training] {
            for line in form(kind).lines {
                let name = label(kind, &format!("/{}", line.path.join("/"))).expect("a name");
                assert_ne!(words.text(&name, &[]), name);
            }
        }
        assert_eq!((label(Kind::Vacancy, "/positions").as_deref(), label(Kind::Vacancy, "/hours")), (Some("offers-positions"), None));
    }

    #[test]
    fn what_is_wrong_is_said_at_its_part() {
        for (kind, pointer, expected) in [
            (Kind::Vacancy, "/hours/max", "hours"),
            (Kind::Vacancy, "/hours", "hours"),
            (Kind::Vacancy, "/salary/currency", ""),
            (Kind::Vacancy, "/workingTimes/dayParts/3", "times"),
            (Kind::Vacancy, "/skills/0/uri", "skills"),
            (Kind::Vacancy, "/terms/until", ""),
            (Kind::Vacancy, "", ""),
            (Kind::Training, "/hours", ""),
            (Kind::Training, "/editions/0/startDate", "editions"),
            (Kind::Training, "/skillsTaught/0", "skills"),
        ] {
            assert_eq!(part(kind, pointer), expected, "{kind} {pointer}");
        }
    }
}
