//! What the demo shows people, and what it reports to machines.

use std::io::Write;
use std::time::Duration;

use polder_model::answer::QueryResult;
use serde_json::{Value, json};

use super::Federation;
use super::load::Loaded;
use super::partners::DemoPartner;
use super::questions::Question;
use crate::exit::{Exit, Failure};
use crate::output::{Output, Style};
use crate::print::{self, Lang};

/// The report of an unattended run.
pub(crate) struct Report {
    value: Value,
    differences: Vec<String>,
}

fn counts(loaded: &Loaded) -> Value {
    loaded.0.iter().map(|(slug, count)| ((*slug).to_owned(), json!(count))).collect::<serde_json::Map<_, _>>().into()
}

fn of_result(result: &QueryResult, equal: bool) -> Value {
    json!({"hits": result.hits.len(), "answered": result.answered.len(), "missing": result.missing.len(), "ms": result.ms, "equalsOracle": equal})
}

impl Report {
    pub(crate) fn new(federation: &Federation, loaded: &Loaded, took: Duration) -> Self {
        let value = json!({
            "partners": federation.nodes.len(), "offers": counts(loaded), "answeredAfterMs": u64::try_from(took.as_millis()).unwrap_or(u64::MAX), "questions": [],
        });
        Self { value, differences: Vec::new() }
    }

    pub(crate) fn question(&mut self, question: &Question, result: &QueryResult, differences: Vec<String>) {
        let mut entry = of_result(result, differences.is_empty());
        entry["name"] = json!(question.name);
        entry["result"] = json!(result);
        if let Some(list) = self.value["questions"].as_array_mut() {
            list.push(entry);
        }
        self.note(question.name, differences, result.complete);
    }

    pub(crate) fn after_one_is_killed(&mut self, killed: &DemoPartner, result: &QueryResult, differences: Vec<String>) {
        let mut entry = of_result(result, differences.is_empty());
        entry["killed"] = json!(killed.id);
        entry["missing"] = result.missing.iter().map(|missing| json!({"partner": missing.partner, "reason": missing.reason})).collect();
        entry["result"] = json!(result);
        self.value["afterOneIsKilled"] = entry;
        let named = matches!(result.missing.as_slice(), [only] if only.partner.as_str() == killed.id);
        self.note("after one node is killed", differences, named);
    }

    fn note(&mut self, name: &str, differences: Vec<String>, whole: bool) {
        self.differences.extend(differences.into_iter().map(|difference| format!("{name}: {difference}")));
        if !whole {
            self.differences.push(format!("{name}: not the partners that should be missing are missing"));
        }
    }

    /// Shows the report. Exit code 1 when anything in it is not as it should be.
    pub(crate) fn show(self, output: &Output) -> Result<Exit, Failure> {
        if output.json {
            output.pretty_json(&self.value)?;
        } else {
            let after = &self.value["afterOneIsKilled"];
            output.line(format!(
                "\nChecked against the oracle: {} questions, and one more after {} was killed.",
                self.value["questions"].as_array().map_or(0, Vec::len),
                after["killed"].as_str().unwrap_or_default()
            ))?;
            output.line(format!("The result after that named it as missing: {}", after["missing"]))?;
        }
        for difference in &self.differences {
            output.note(&format!("different: {difference}"));
        }
        Ok(if self.differences.is_empty() { Exit::Done } else { Exit::Refused })
    }
}

/// Results for people.
pub(crate) fn results(out: &mut impl Write, asked: &[(Question, QueryResult)], lang: Lang, style: Style) -> Result<(), Failure> {
    for (number, (question, result)) in asked.iter().enumerate() {
        let [english, dutch] = question.says;
        writeln!(out, "\n{}. {}", number + 1, style.bold(lang.either(english, dutch)))?;
        writeln!(out, "   {} {}\n", lang.either("asked by", "gevraagd door"), asker(question, result))?;
        print::styled(&mut *out, result, lang, style)?;
    }
    Ok(())
}

fn asker(question: &Question, result: &QueryResult) -> String {
    let found = result.answered.iter().find(|answered| answered.partner == result.query.asker);
    found.map_or_else(|| question.asker.to_owned(), |answered| answered.name.clone())
}

/// The addresses, and what to try.
pub(crate) fn addresses(out: &mut impl Write, federation: &Federation, loaded: &Loaded, took: Duration) -> Result<(), Failure> {
    writeln!(
        out,
        "\n{} nodes, {} offers; asked and answered {:.1} s after the start. They stay up until you press Ctrl-C.\n",
        federation.nodes.len(),
        loaded.total(),
        took.as_secs_f64()
    )?;
    for node in &federation.nodes {
        writeln!(out, "  {:<30} http://{}", node.partner.name, node.addresses.client)?;
    }
    if let Some(node) = federation.nodes.first() {
        let program = std::env::current_exe().map_or_else(|_| "polder".to_owned(), |path| path.display().to_string());
        writeln!(out, "\nAsk a question of your own:\n")?;
        writeln!(out, "  {program} query --url http://{} --token-file {} \\", node.addresses.client, node.token_file().display())?;
        writeln!(out, "      --kind vacancy --from Emmeloord --within 30m --hours 16-24 --text \"onderhoud machines\"\n")?;
        writeln!(
            out,
            "Each node's interface is described at its /v1/openapi.json; logs and databases are in {}",
            federation.directory.display()
        )?;
    }
    Ok(())
}

/// The same for machines.
pub(crate) fn addresses_json(federation: &Federation, loaded: &Loaded) -> Value {
    let node = |node: &super::node::DemoNode| json!({"partner": node.partner.id, "name": node.partner.name, "url": format!("http://{}", node.addresses.client), "tokenFile": node.token_file()});
    json!({"directory": federation.directory, "offers": counts(loaded), "nodes": federation.nodes.iter().map(node).collect::<Vec<_>>()})
}
