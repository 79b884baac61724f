//! A question in SQL: the rule of `docs/ranking.md` in integers.

use polder_model::Postcode4;
use polder_model::code::Importance;
use polder_model::rank::{Plan, filter, points};

use super::load::tagged;
use super::{Names, Shape, Spot, today};

/// Beyond the farthest place of a circle, in metres.
const MARGIN: f64 = 1.0;

impl Names {
    /// The number of a place.
    pub fn place(&self, place: Postcode4) -> usize {
        1 + self.places.binary_search_by_key(&place, |known| known.0).expect("a known place")
    }

    /// The number of the place of offers that can be taken up from anywhere.
    pub fn remote(&self) -> usize {
        1 + self.places.len()
    }

    fn spot(&self, place: Postcode4) -> Spot {
        self.places[self.place(place) - 1].1
    }
}

fn list(numbers: impl IntoIterator<Item = usize>) -> String {
    let numbers: Vec<String> = numbers.into_iter().map(|number| number.to_string()).collect();
    format!("'{{{}}}'::int[]", numbers.join(","))
}

/// The statement: score, number and version of the best.
pub fn sql(names: &Names, plan: &Plan, shape: Shape, rows: usize) -> String {
    let (mut score, mut filters) = (vec![freshness(plan)], filters(names, plan));
    let (skills, skill_points) = skills(names, plan);
    let (occupations, occupation_points) = occupations(names, plan);
    score.extend(skill_points);
    score.extend(occupation_points);
    if plan.query().criteria.asks_content() {
        let any = [("skills", skills), ("occupations", occupations)].into_iter().filter(|(_, codes)| !codes.is_empty());
        let any: Vec<String> = any.map(|(column, codes)| format!("{column} && {}", list(codes))).collect();
        filters.push(if any.is_empty() { "false".to_owned() } else { format!("({})", any.join(" OR ")) });
    }
    if plan.query().criteria.travel.is_some() {
        let (points, within) = travel(names, plan, shape);
        filters.push(format!("{points} >= 0"));
        filters.push(within);
        score.push(points);
    }
    if let Some(asked) = plan.query().criteria.hours {
        let width = i32::from(asked.max) - i32::from(asked.min) + 1;
        // `least` and `greatest` pass over NULL.
        score.push(format!(
            "CASE WHEN hours_least IS NULL THEN 0 ELSE {} * (least(hours_most, {}) - greatest(hours_least, {}) + 1) / {width} END",
            points::HOURS,
            asked.max,
            asked.min
        ));
    }
    let (score, filters) = (score.join(" + "), filters.join(" AND "));
    format!("SELECT ({score})::int AS score, number, version FROM offer WHERE {filters} ORDER BY score DESC LIMIT {rows}")
}

fn freshness(plan: &Plan) -> String {
    let (most, stale, now) = (points::FRESHNESS, points::STALE_DAYS, plan.query().as_of.micros());
    format!("{most} * greatest({stale} - greatest({now} - modified, 0) / 86400000000, 0) / {stale}")
}

/// For a criterion with those codes and points: the points of the best code that an offer has.
fn best_of(column: &str, mut worth: Vec<(u32, usize)>) -> Option<String> {
    worth.retain(|(points, _)| *points > 0);
    worth.sort_unstable_by(|a, b| b.cmp(a));
    let cases: Vec<String> = worth
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| format!("WHEN {column} && {} THEN {}", list(same.iter().map(|(_, code)| *code)), same[0].0))
        .collect();
    (!cases.is_empty()).then(|| format!("CASE {} ELSE 0 END", cases.join(" ")))
}

/// All codes that give points, and the points.
fn skills(names: &Names, plan: &Plan) -> (Vec<usize>, Vec<String>) {
    let asked = &plan.query().criteria.skills;
    let mut worth: Vec<Vec<(u32, usize)>> = vec![Vec::new(); asked.len()];
    for (uri, matches) in plan.skill_matches() {
        let Some(code) = names.codes.get(uri) else { continue };
        for found in matches {
            for importance in Importance::ALL {
                let points = points::skill(plan.skill_weight(), asked[found.skill].weight, found.worth(*importance));
                worth[found.skill].push((points, tagged(*code, *importance)));
            }
        }
    }
    let mut codes: Vec<usize> = worth.iter().flatten().filter(|(points, _)| *points > 0).map(|(_, code)| *code).collect();
    codes.sort_unstable();
    codes.dedup();
    (codes, worth.into_iter().filter_map(|worth| best_of("skills", worth)).collect())
}

fn occupations(names: &Names, plan: &Plan) -> (Vec<usize>, Option<String>) {
    let asked = plan.query().criteria.occupations.iter();
    let worth: Vec<(u32, usize)> =
        asked.filter_map(|asked| Some((points::occupation(asked.factor), *names.codes.get(&asked.uri)?))).collect();
    let codes = worth.iter().filter(|(points, _)| *points > 0).map(|(_, code)| *code).collect();
    (codes, best_of("occupations", worth))
}

/// Points by place, below 0 where it is out of reach; and the condition that an index finds.
fn travel(names: &Names, plan: &Plan, shape: Shape) -> (String, String) {
    let travel = plan.query().criteria.travel.as_ref().expect("travel");
    let reached = || travel.reach.iter().filter(|row| row.distance(travel.measure) <= travel.limit);
    let mut by_place = vec![-1_i64; names.remote()];
    for row in reached() {
        by_place[names.place(row.0) - 1] = i64::from(points::travel(travel.limit, row.distance(travel.measure)));
    }
    by_place[names.remote() - 1] = i64::from(points::travel(travel.limit, 0));
    let by_place: Vec<String> = by_place.iter().map(i64::to_string).collect();
    let points = format!("('{{{}}}'::int[])[place]", by_place.join(","));
    let home = travel.reach.iter().find(|row| row.1 == 0);
    let within = match (shape, home) {
        (Shape::Circle, Some(home)) => {
            let home = names.spot(home.0);
            let radius = reached().map(|row| (names.spot(row.0).x - home.x).hypot(names.spot(row.0).y - home.y)).fold(0.0, f64::max);
            let point = format!("'POINT({} {})'::geometry", home.x, home.y);
            format!("(ST_DWithin(point, {point}, {}) OR place = {})", radius + MARGIN, names.remote())
        }
        _ => {
            let places = reached().map(|row| names.place(row.0)).chain([names.remote()]);
            format!("place = ANY ({})", list(places).replace("int[]", "smallint[]"))
        }
    };
    (points, within)
}

fn filters(names: &Names, plan: &Plan) -> Vec<String> {
    let (query, criteria, today) = (plan.query(), &plan.query().criteria, today());
    let asker = names.partners.get(&query.asker).copied().unwrap_or(0);
    let mut filters = vec![
        format!("(closes IS NULL OR closes >= {today})"),
        format!("(audience_until IS NULL OR audience_until >= {today})"),
        format!("(purposes IS NULL OR purposes & {} <> 0)", 1 << query.purpose as usize),
        format!("(recipients IS NULL OR {asker} = ANY (recipients))"),
    ];
    if let Some(asked) = criteria.hours {
        filters.push(format!("(hours_least IS NULL OR hours_least <= {} AND hours_most >= {})", asked.max, asked.min));
    }
    if let Some(asked) = criteria.level {
        let (least, most) = (asked.min.unwrap_or(0), asked.max.unwrap_or(u8::MAX));
        filters.push(format!("(level IS NULL OR level BETWEEN {least} AND {most})"));
    }
    if plan.contracts() != 0 {
        filters.push(format!("(contracts = 0 OR contracts & {} <> 0)", plan.contracts()));
    }
    if plan.sectors() != 0 {
        filters.push(format!("(sectors = 0 OR sectors & {} <> 0)", plan.sectors()));
    }
    if let Some(held) = plan.licences() {
        filters.push(format!("licences & ~{held} = 0"));
    }
    if criteria.languages.is_some() {
        let spoken = (1..).zip(&names.language_sets).filter(|(_, set)| filter::speaks(plan, set)).map(|(number, _)| number);
        filters.push(format!("languages = ANY ({})", list(spoken).replace("int[]", "smallint[]")));
    }
    if let Some(asked) = criteria.start {
        filters.extend(asked.from.map(|from| format!("(start IS NULL OR start >= {})", from.days())));
        filters.extend(asked.until.map(|until| format!("(start IS NULL OR start <= {})", until.days())));
    }
    filters.extend(criteria.modified_since.map(|since| format!("modified >= {}", since.micros())));
    if criteria.sharing {
        filters.push("sharing".to_owned());
    }
    filters
}
