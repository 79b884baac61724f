//! `polder query`: a question to the whole federation.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use polder_model::Kind;
use polder_model::about::About;
use polder_model::code::{Contract, Sector, TravelMode};
use polder_model::query::{HoursCriterion, LevelCriterion};
use polder_model::request::{CodeAsked, GapAsked, LARGEST_REQUEST, QueryRequest, SkillAsked, TravelAsked};

use crate::client::NodeArgs;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::print;
use crate::words_of::{kind, words_of};

/// The question: a file, or options.
#[derive(Debug, Args)]
pub(crate) struct QueryArgs {
    /// A file with a query request in JSON (docs/interfaces.md, section 7); `-` for standard input.
    #[arg(conflicts_with_all = ["kind", "skills", "occupations", "text", "from", "hours", "level_max", "contracts", "sectors", "sharing", "gap", "about", "limit", "deadline"])]
    request: Option<PathBuf>,
    /// What is sought.
    #[arg(long, default_value = "vacancy", value_parser = kind())]
    kind: Kind,
    /// A skill, by its Dutch or English label; may be repeated. With --gap, a skill that is there already.
    #[arg(long = "skill", value_name = "LABEL")]
    skills: Vec<String>,
    /// An occupation, by its Dutch or English label; may be repeated.
    #[arg(long = "occupation", value_name = "LABEL")]
    occupations: Vec<String>,
    /// Words.
    #[arg(long)]
    text: Option<String>,
    /// From where: a place or a postcode.
    #[arg(long, value_name = "PLACE", requires = "within")]
    from: Option<String>,
    /// How far: minutes or kilometres, such as 30m or 25km.
    #[arg(long, value_name = "LIMIT", requires = "from", value_parser = within)]
    within: Option<Within>,
    /// How one travels.
    #[arg(long, value_name = "MODE", requires = "from", value_parser = words_of::<TravelMode>(TravelMode::ALL.iter().map(|mode| mode.as_str())))]
    by: Option<TravelMode>,
    /// Hours a week, such as 16-24.
    #[arg(long, value_name = "MIN-MAX", value_parser = hours)]
    hours: Option<HoursCriterion>,
    /// Highest level of education, NLQF × 10; 45 is level 4+.
    #[arg(long, value_name = "LEVEL", value_parser = words_of::<u8>(["10", "20", "30", "40", "45", "50", "60", "70", "80"]))]
    level_max: Option<u8>,
    /// A contract form; may be repeated.
    #[arg(long = "contract", value_name = "FORM", value_parser = words_of::<Contract>(Contract::ALL.iter().map(|form| form.as_str())))]
    contracts: Vec<Contract>,
    /// A sector, the letter of its SBI 2008 section; may be repeated.
    #[arg(long = "sector", value_name = "LETTER", value_parser = words_of::<Sector>(Sector::ALL.iter().map(|sector| sector.as_str())))]
    sectors: Vec<Sector>,
    /// Only employers who welcome sharing the employee.
    #[arg(long)]
    sharing: bool,
    /// Training in what this occupation needs beyond the skills of --skill.
    #[arg(long, value_name = "OCCUPATION")]
    gap: Option<String>,
    /// Of a question about people: the offer of your own for which they are sought, such as vacancy:V-2041.
    #[arg(long, value_name = "KIND:KEY", value_parser = about)]
    about: Option<About>,
    /// Most offers, 1 to 100.
    #[arg(long, value_name = "N")]
    limit: Option<u16>,
    /// Time for the answer in milliseconds, 50 to 10000.
    #[arg(long, value_name = "MS")]
    deadline: Option<u32>,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    Minutes(u16),
    Kilometres(u16),
}

fn within(text: &str) -> Result<Within, String> {
    let form = || "minutes or kilometres are expected, such as 30m or 25km".to_owned();
    let (number, unit): (&str, fn(u16) -> Within) = match (text.strip_suffix("km"), text.strip_suffix("min"), text.strip_suffix('m')) {
        (Some(number), ..) => (number, Within::Kilometres),
        (_, Some(number), _) | (_, _, Some(number)) => (number, Within::Minutes),
        _ => return Err(form()),
    };
    number.trim().parse().map(unit).map_err(|_| form())
}

pub(super) fn about(text: &str) -> Result<About, String> {
    let form = || "the kind and key of an offer of your own are expected, such as vacancy:V-2041 or training:T-7".to_owned();
    let (kind, key) = text.split_once(':').ok_or_else(form)?;
    Ok(About { kind: kind.parse().map_err(|_| form())?, key: key.parse().map_err(|_| form())? })
}

fn hours(text: &str) -> Result<HoursCriterion, String> {
    let (min, max) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| text.trim().parse().map_err(|_| "hours a week are expected, such as 16-24 or 32".to_owned());
    Ok(HoursCriterion { min: number(min)?, max: number(max)? })
}

/// Asks, and shows the result. Exit code 1 when partners are missing from it.
pub(crate) async fn run(args: &QueryArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let request = match &args.request {
        Some(file) => read(file)?,
        None => from_options(args),
    };
    let result = args.node.client(config)?.query(&request).await?;
    if output.json {
        output.pretty_json(&result)?;
    } else {
        let text = request.text.as_deref().unwrap_or_default();
        print::styled(&mut output.writer(), &result, text, output.lang, output.style)?;
    }
    Ok(if result.complete { Exit::Done } else { Exit::Refused })
}

fn read(file: &Path) -> Result<QueryRequest, Failure> {
    let failed = |error: std::io::Error| Failure::configuration(format!("{}: {error}", file.display()));
    let mut bytes = Vec::new();
    let most = LARGEST_REQUEST as u64 + 1;
    if file == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        std::fs::File::open(file).map_err(failed)?.take(most).read_to_end(&mut bytes).map_err(failed)?;
    }
    QueryRequest::parse(&bytes).map_err(|findings| {
        let lines: Vec<String> = findings.iter().map(|finding| format!("{} {}", finding.pointer, finding.message)).collect();
        Failure::configuration(format!("{}: {}", file.display(), lines.join("; ").trim()))
    })
}

fn from_options(args: &QueryArgs) -> QueryRequest {
    let skills: Vec<SkillAsked> =
        args.skills.iter().map(|label| SkillAsked { uri: None, label: Some(label.clone()), importance: None }).collect();
    let code = |label: &String| CodeAsked { uri: None, label: Some(label.clone()) };
    let travel = args.from.as_ref().map(|from| TravelAsked {
        from: from.clone(),
        mode: args.by,
        max_minutes: if let Some(Within::Minutes(minutes)) = args.within { Some(minutes) } else { None },
        max_kilometres: if let Some(Within::Kilometres(kilometres)) = args.within { Some(kilometres) } else { None },
    });
    let gap = args.gap.as_ref().map(|label| GapAsked { occupation: code(label), skills: skills.clone() });
    // A gap is a question for training, and its skills are those that are there.
    let kind = if gap.is_some() { Kind::Training } else { args.kind };
    QueryRequest {
        limit: args.limit,
        deadline_ms: args.deadline,
        skills: if gap.is_some() { Vec::new() } else { skills },
        occupations: args.occupations.iter().map(code).collect(),
        text: args.text.clone(),
        travel,
        hours: args.hours,
        level: args.level_max.map(|max| LevelCriterion { min: None, max: Some(max) }),
        contracts: args.contracts.clone(),
        sectors: args.sectors.clone(),
        sharing: args.sharing,
        gap,
        about: args.about.clone(),
        ..QueryRequest::new(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_travel() {
        assert_eq!(within("30m"), Ok(Within::Minutes(30)));
        assert_eq!(within("30 min"), Ok(Within::Minutes(30)));
        assert_eq!(within("25km"), Ok(Within::Kilometres(25)));
        for bad in ["", "30", "km", "-5m", "1.5km", "2h"] {
            assert!(within(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_offer_of_ones_own() {
        let found = about("vacancy:V:2041").err();
        assert_eq!(found.as_deref(), Some("the kind and key of an offer of your own are expected, such as vacancy:V-2041 or training:T-7"));
        let own = about("training:T-7").expect("an offer");
        assert_eq!((own.kind, own.key.as_str()), (Kind::Training, "T-7"));
        for bad in ["", "V-2041", "vacancy", "vacancy:", "vacature:V-1"] {
            assert!(about(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn hours_a_week() {
        assert_eq!(hours("16-24"), Ok(HoursCriterion { min: 16, max: 24 }));
        assert_eq!(hours("32"), Ok(HoursCriterion { min: 32, max: 32 }));
        assert!(hours("many").is_err());
    }
}
