//! What the demo shows people, and what it reports to machines.

use std::io::Write;
use std::time::Duration;

use polder_model::answer::QueryResult;
use serde_json::{Value, json};

use super::Federation;
use super::load::{Count, Loaded};
use super::login;
use super::partners::DemoPartner;
use super::people::HOME;
use super::questions::Question;
use crate::exit::{Exit, Failure};
use crate::output::{Output, Style};
use crate::print::{self, Lang};

/// The report of an unattended run.
pub(crate) struct Report {
    value: Value,
    faults: Vec<String>,
    refused: u64,
    /// What people are told at the end.
    says: Vec<String>,
    lang: Lang,
}

fn counts(loaded: &Loaded, of: impl Fn(&Count) -> u64) -> Value {
    loaded.0.iter().map(|(slug, count)| ((*slug).to_owned(), json!(of(count)))).collect::<serde_json::Map<_, _>>().into()
}

fn of_result(result: &QueryResult, equal: bool) -> Value {
    json!({"hits": result.hits.len(), "answered": result.answered.len(), "missing": result.missing.len(), "ms": result.ms, "equalsOracle": equal})
}

impl Report {
    pub(crate) fn new(federation: &Federation, loaded: &Loaded, took: Duration, lang: Lang) -> Self {
        let value = json!({
            "partners": federation.nodes.len(),
            "offers": counts(loaded, |count| count.published), "refused": counts(loaded, |count| count.refused),
            "answeredAfterMs": u64::try_from(took.as_millis()).unwrap_or(u64::MAX), "questions": [],
        });
        Self { value, faults: Vec::new(), refused: loaded.refused(), says: Vec::new(), lang }
    }

    /// Notes a result: who is missing that should not be, and what the oracle finds different.
    pub(crate) fn question(&mut self, question: &Question, result: &QueryResult, faults: Vec<String>, differences: Vec<String>) {
        let mut entry = of_result(result, differences.is_empty());
        entry["name"] = json!(question.name);
        entry["result"] = json!(result);
        if let Some(list) = self.value["questions"].as_array_mut() {
            list.push(entry);
        }
        self.note(question.name, faults, differences);
    }

    /// Notes what happened with the workers, and what of it is not as it should be.
    pub(crate) fn people(&mut self, (value, faults): (Value, Vec<String>)) {
        self.value["people"] = value;
        self.faults.extend(faults);
    }

    /// Notes the result of a question that was asked again after a node was killed.
    pub(crate) fn after_one_is_killed(
        &mut self,
        killed: &DemoPartner,
        question: &Question,
        result: &QueryResult,
        faults: Vec<String>,
        differences: Vec<String>,
    ) {
        let mut entry = of_result(result, differences.is_empty());
        entry["killed"] = json!(killed.id);
        entry["question"] = json!(question.name);
        entry["missing"] = result.missing.iter().map(|missing| json!({"partner": missing.partner, "reason": missing.reason})).collect();
        entry["result"] = json!(result);
        self.value["afterOneIsKilled"] = entry;
        let [english, dutch] = question.says;
        let (name, missing) = (killed.name, print::who_is_missing(&result.missing, self.lang));
        self.says.push(match self.lang {
            Lang::En => format!("The node of {name} was killed, and this was asked again: {english}."),
            Lang::Nl => format!("Het knooppunt van {name} is uitgezet, en dit is opnieuw gevraagd: {dutch}."),
        });
        self.says
            .push(format!("{} {missing}", self.lang.either("Missing from the result after that:", "In het resultaat daarna ontbreekt:")));
        self.note(&format!("{}, after {} was killed", question.name, killed.id), faults, differences);
    }

    fn note(&mut self, name: &str, faults: Vec<String>, differences: Vec<String>) {
        self.faults.extend(faults.into_iter().chain(differences).map(|fault| format!("{name}: {fault}")));
    }

    /// Shows the report. Exit code 1 when anything in it is not as it should be, or a record was refused.
    pub(crate) fn show(self, output: &Output) -> Result<Exit, Failure> {
        if output.json {
            output.pretty_json(&self.value)?;
        } else {
            output.line("")?;
            self.says.iter().try_for_each(|line| output.line(line))?;
            if self.faults.is_empty() {
                output.line(self.lang.either(
                    "Each result is equal to what the independent oracle computes from all offers of those that answered.",
                    "Elk resultaat is gelijk aan wat het onafhankelijke orakel berekent uit al het aanbod van wie antwoordde.",
                ))?;
                output.line(self.lang.either(
                    "People were found by those they let, in what they let alone; what was withdrawn was found no more, and every copy was erased. Who let a partner make contact was reached; a no looked like nobody there.",
                    "Mensen zijn gevonden door wie dat van hen mocht, met alleen wat mocht; wat is ingetrokken was niet meer te vinden, en elke kopie is gewist. Wie contact toestond is bereikt; een nee zag eruit alsof er niemand was.",
                ))?;
            }
        }
        for fault in &self.faults {
            output.note(&format!("not as it should be: {fault}"));
        }
        Ok(if self.faults.is_empty() && self.refused == 0 { Exit::Done } else { Exit::Refused })
    }
}

/// Results for people.
pub(crate) fn results(out: &mut impl Write, asked: &[(Question, QueryResult)], lang: Lang, style: Style) -> Result<(), Failure> {
    for (number, (question, result)) in asked.iter().enumerate() {
        let [english, dutch] = question.says;
        writeln!(out, "\n{}. {}", number + 1, style.bold(lang.either(english, dutch)))?;
        writeln!(out, "   {} {}\n", lang.either("asked by", "gevraagd door"), asker(question, result))?;
        let text = question.request.text.as_deref().unwrap_or_default();
        print::styled(&mut *out, result, text, lang, style)?;
    }
    Ok(())
}

fn asker(question: &Question, result: &QueryResult) -> String {
    let found = result.answered.iter().find(|answered| answered.partner == result.query.asker);
    found.map_or_else(|| question.asker.to_owned(), |answered| answered.name.clone())
}

/// The addresses, and what to try; with the code by which somebody takes over a profile.
pub(crate) fn addresses(
    out: &mut impl Write,
    federation: &Federation,
    loaded: &Loaded,
    code: &str,
    (took, lang): (Duration, Lang),
) -> Result<(), Failure> {
    let (nodes, offers, refused, seconds) = (federation.nodes.len(), loaded.published(), loaded.refused(), took.as_secs_f64());
    let refused = match (refused, lang) {
        (0, _) => String::new(),
        (_, Lang::En) => format!(" ({refused} records were refused)"),
        (_, Lang::Nl) => format!(" ({refused} regels zijn geweigerd)"),
    };
    let up = match lang {
        Lang::En => format!(
            "{nodes} nodes, {offers} offers{refused}; asked and answered {seconds:.1} s after the start. They stay up until you press Ctrl-C."
        ),
        Lang::Nl => format!(
            "{nodes} knooppunten, {offers} keer aanbod{refused}; {seconds:.1} s na de start gevraagd en beantwoord. Zij blijven aan tot u Ctrl-C drukt."
        ),
    };
    writeln!(out, "\n{up}\n")?;
    let [name, address, token] =
        lang.either(["node", "address", "file with its operator token"], ["knooppunt", "adres", "bestand met het token van de beheerder"]);
    writeln!(out, "  {name:<30} {address:<24} {token}")?;
    for node in &federation.nodes {
        let address = format!("http://{}", node.addresses.client);
        writeln!(out, "  {:<30} {address:<24} {}", node.partner.name, node.token_file().display())?;
    }
    if let Some(node) = federation.nodes.first() {
        let program = std::env::current_exe().map_or_else(|_| "polder".to_owned(), |path| path.display().to_string());
        writeln!(out, "\n{}\n", lang.either("Ask a question of your own:", "Stel zelf een vraag:"))?;
        writeln!(out, "  {program} query --url http://{} --token-file {} \\", node.addresses.client, node.token_file().display())?;
        writeln!(out, "      --kind vacancy --from Emmeloord --within 30m --hours 16-24 --text \"onderhoud machines\"\n")?;
        let url = |slug: &str| federation.node(slug).map(|node| node.addresses.client);
        let (municipality, employer, school) = (url(HOME)?, url("employer-a")?, url("roc")?);
        match lang {
            Lang::En => writeln!(
                out,
                "In a browser, as somebody made up whom you pick when you log in:\n\n  workers                         http://{municipality}/portal\n  staff, administrators, privacy  http://{municipality}/desk\n\nEach node has both. In one browser you can be somebody at each node at the same time: be Nadia Nieuw at the portal above, who lets\nDobberkant see something of her, and Rosa Recruiter at http://{employer}/desk, who finds her and asks her for contact; and Pim Planner at http://{school}/desk, who seeks people\nfor his training “Lassen: verder in uw vak”.\nThe municipality has made a profile for somebody already. To take it over as Nadia: “I have a code”, and then {code}\n"
            )?,
            Lang::Nl => writeln!(
                out,
                "In een browser, als iemand die verzonnen is en die u kiest als u inlogt:\n\n  werkenden                           http://{municipality}/portal\n  medewerkers, beheerders, toezicht   http://{municipality}/desk\n\nElk knooppunt heeft beide. In één browser kunt u bij elk knooppunt tegelijk iemand zijn: wees Nadia Nieuw op het portaal hierboven, die\nDobberkant iets van haar laat zien, en Rosa Recruiter op http://{employer}/desk, die haar vindt en om contact vraagt; en Pim Planner op http://{school}/desk, die mensen zoekt\nvoor zijn opleiding “Lassen: verder in uw vak”.\nDe gemeente heeft al een profiel voor iemand gemaakt. Neem het over als Nadia: “Ik heb een code”, en dan {code}\n"
            )?,
        }
        let directory = federation.directory.display();
        match lang {
            Lang::En => writeln!(out, "Each node's interface is described at its /v1/openapi.json; logs and databases are in {directory}")?,
            Lang::Nl => {
                writeln!(out, "De interface van elk knooppunt staat op zijn /v1/openapi.json; logboeken en databases staan in {directory}")?
            }
        }
    }
    Ok(())
}

/// The same for machines.
pub(crate) fn addresses_json(federation: &Federation, loaded: &Loaded, code: &str) -> Result<Value, Failure> {
    let node = |node: &super::node::DemoNode| {
        let url = format!("http://{}", node.addresses.client);
        let door = |door: &str| json!({"url": format!("{url}/{door}"), "people": login::names(node.partner, door)});
        let (portal, desk) = (door("portal"), door("desk"));
        json!({"partner": node.partner.id, "name": node.partner.name, "url": url, "tokenFile": node.token_file(), "portal": portal, "desk": desk})
    };
    let invitation = json!({"url": format!("http://{}/portal/invitation", federation.node(HOME)?.addresses.client), "code": code});
    Ok(
        json!({"directory": federation.directory, "offers": counts(loaded, |count| count.published), "refused": counts(loaded, |count| count.refused), "nodes": federation.nodes.iter().map(node).collect::<Vec<_>>(), "invitation": invitation}),
    )
}
