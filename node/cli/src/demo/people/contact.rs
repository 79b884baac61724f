//! Partners ask for contact: one worker says yes and is reached, one says no and looks like nobody, and one sees who holds what.

use std::collections::BTreeSet;
use std::io::Write;

use polder_consent::FieldSet;
use polder_model::answer::QueryResult;
use polder_model::{Date, Purpose};
use reqwest::Method;
use serde_json::{Value, json};

use super::portal::token_file;
use super::workers::{WORKERS, Worker};
use super::{OFFER, give, read};
use crate::client::NodeClient;
use crate::commands::consent::words;
use crate::demo::Federation;
use crate::exit::Failure;
use crate::output::{Style, clean};
use crate::print::{Lang, table};

/// Who is asked by whom, and says yes.
const YES: (&str, &str) = ("W-3", "employer-b");
/// Who is asked by whom, and says no.
const NO: (&str, &str) = ("W-2", "employer-a");
/// A key that nobody has.
const NOBODY: &str = "7c1f0e5ab2d94386a0c97e1d5b3f2468";
/// What is asked for.
const FIELD: &str = "/contact/email";
/// What is asked for after that, of whoever said yes: it waits for whoever logs in as them.
const MORE: &[&str] = &["/contact/name", "/contact/telephone"];

/// What came of it.
pub(super) struct Contact {
    /// What is in force for whoever asked and was let.
    given: Value,
    /// How they reach the worker.
    reached: Value,
    /// What is in force where the worker said no.
    refused: Value,
    /// And where there is nobody.
    nobody: Value,
    /// All that is held of the worker who said yes.
    access: Value,
}

/// Has partners ask whom they found, and the workers answer.
pub(super) async fn play(
    federation: &Federation,
    found: &[(&str, QueryResult)],
    clients: &[(&str, NodeClient)],
) -> Result<Contact, Failure> {
    let (key, slug) = YES;
    let (system, worker) = (federation.node(slug)?.client()?, client(clients, key)?);
    let (home, handle) = known_as(federation, found, key, slug)?;
    let asked = ask(&system, home, &handle, &[FIELD]).await?;
    let decision =
        json!({"purpose": "be-contacted", "recipients": [federation.node(slug)?.partner.id], "fields": [FIELD], "language": "nl"});
    give(worker, decision, Some(asked_last(worker).await?)).await?;
    let given = standing(&system, &asked).await?;
    let about = json!({"kind": "vacancy", "key": OFFER});
    let reached = system.post("/v1/contacts", &json!({"partner": home, "key": handle, "about": about})).await?;

    let (key, slug) = NO;
    let system = federation.node(slug)?.client()?;
    let (home, handle) = known_as(federation, found, key, slug)?;
    let asked = ask(&system, home, &handle, &[FIELD]).await?;
    let no = client(clients, key)?;
    no.post::<Value>(&format!("/v1/me/requests/{}", asked_last(no).await?), &json!({"answer": "refuse"})).await?;
    let refused = standing(&system, &asked).await?;
    let nobody = standing(&system, &ask(&system, home, NOBODY, &[FIELD]).await?).await?;

    let (key, slug) = YES;
    let (home, handle) = known_as(federation, found, key, slug)?;
    ask(&federation.node(slug)?.client()?, home, &handle, MORE).await?;

    let access = read(&worker.send(Method::POST, "/v1/me/access", &[], None).await?.success()?)?;
    Ok(Contact { given, reached, refused, nobody, access })
}

fn client<'c>(clients: &'c [(&str, NodeClient)], key: &str) -> Result<&'c NodeClient, Failure> {
    let found = clients.iter().find(|(worker, _)| *worker == key);
    found.map(|(_, client)| client).ok_or_else(|| Failure::internal(format!("nobody is logged in as {key}")))
}

/// The partner at whose node a worker is, and by which key they were found there.
fn known_as<'f>(federation: &'f Federation, found: &[(&str, QueryResult)], key: &str, slug: &str) -> Result<(&'f str, String), Failure> {
    let home = federation.node(worker(key)?.home)?.partner.id;
    let hits = found.iter().filter(|(asker, _)| *asker == slug).flat_map(|(_, result)| &result.hits);
    let hit = hits.into_iter().find(|hit| hit.partner.as_str() == home);
    Ok((home, hit.ok_or_else(|| Failure::internal(format!("{slug} does not find {key}")))?.key.to_string()))
}

fn worker(key: &str) -> Result<&'static Worker, Failure> {
    WORKERS.iter().find(|worker| worker.key == key).ok_or_else(|| Failure::internal(format!("the demo has no worker {key}")))
}

/// Asks for contact; the id of the request.
async fn ask(system: &NodeClient, home: &str, key: &str, fields: &[&str]) -> Result<String, Failure> {
    let about = json!({"kind": "vacancy", "key": OFFER});
    let request = json!({"partner": home, "key": key, "purpose": "be-contacted", "fields": fields, "about": about});
    let asked: Value = system.post("/v1/requests", &request).await?;
    Ok(asked["id"].as_str().unwrap_or_default().to_owned())
}

async fn standing(system: &NodeClient, request: &str) -> Result<Value, Failure> {
    read(&system.get(&format!("/v1/requests/{request}")).await?)
}

/// What a worker was asked last.
async fn asked_last(worker: &NodeClient) -> Result<String, Failure> {
    let requests = read(&worker.get("/v1/me/requests").await?)?;
    let last = requests["items"][0]["id"].as_str().map(str::to_owned);
    last.ok_or_else(|| Failure::internal("a request does not reach its worker"))
}

impl Contact {
    /// What is not as it should be.
    pub(super) fn faults(&self, federation: &Federation, today: Date) -> Result<Vec<String>, Failure> {
        let (key, _) = YES;
        let email = &worker(key)?.profile(today)["contact"]["email"];
        let mut faults = Vec::new();
        let mut expect = |what: &str, is: &Value, should: Value| {
            if *is != should {
                faults.push(format!("contact: {what} is {is}; it should be {should}"));
            }
        };
        expect("what is in force after a yes", &json!([self.given["state"], self.given["inForce"]]), json!(["given", [FIELD]]));
        expect("what was received", &self.reached["document"], json!({"contact": {"email": email}}));
        expect("what is in force after a no", &json!([self.refused["state"], self.refused["inForce"]]), json!(["not-given", []]));
        expect("a no, to whoever asked", &of_anyone(&self.refused), of_anyone(&self.nobody));
        let lets = worker(key)?.lets.iter().map(|(_, fields)| (Purpose::MatchVacancy, set(&json!(fields))));
        let should: BTreeSet<String> = lets.chain([(Purpose::BeContacted, set(&json!([FIELD])))]).map(|one| format!("{one:?}")).collect();
        let is: BTreeSet<String> = self.held().into_iter().map(|(_, purpose, fields)| format!("{:?}", (purpose, fields))).collect();
        expect("what is held", &json!(is), json!(should));
        let partners = self.access["partners"].as_array().map(Vec::as_slice).unwrap_or_default();
        let holder = |partner: &Value, state: &Value, differences: &Value| json!([partner, state, differences]).to_string();
        let holders: BTreeSet<String> = partners.iter().map(|one| holder(&one["partner"], &one["state"], &one["differences"])).collect();
        let mut may_hold = BTreeSet::new();
        for (to, _) in worker(key)?.lets {
            may_hold.insert(holder(&json!(federation.node(to)?.partner.id), &json!("answered"), &json!([])));
        }
        expect("who holds something", &json!(holders), json!(may_hold));
        Ok(faults)
    }

    /// What partners hold, each once: by whom, what for, what.
    fn held(&self) -> Vec<(String, Purpose, FieldSet)> {
        let mut held = Vec::new();
        for partner in self.access["partners"].as_array().into_iter().flatten() {
            for copy in partner["copies"].as_array().into_iter().flatten() {
                let Some(purpose) = copy["purpose"].as_str().and_then(|word| word.parse().ok()) else { continue };
                let one = (clean(partner["partnerName"].as_str().unwrap_or_default()), purpose, set(&copy["fields"]));
                if !held.contains(&one) {
                    held.push(one);
                }
            }
        }
        held
    }

    /// For people.
    pub(super) fn show(&self, out: &mut impl Write, federation: &Federation, lang: Lang, style: Style) -> Result<(), Failure> {
        let head = lang.either("Partners ask for contact; the worker decides", "Partners vragen om contact; de werkende beslist");
        writeln!(out, "\n5. {}\n", style.bold(head))?;
        let name = |slug: &str| federation.node(slug).map(|node| node.partner.name);
        let asks = lang.either("asks", "vraagt het");
        let email = clean(self.reached["document"]["contact"]["email"].as_str().unwrap_or_default());
        let (yes, no) = (
            lang.either("yes, and gets", "ja, en krijgt"),
            lang.either("no, and sees what it sees of somebody who never was", "nee, en ziet hetzelfde als bij iemand die er niet is"),
        );
        let state = match self.refused["state"].as_str() {
            Some("not-given") => lang.either("not given", "niet gegeven"),
            other => other.unwrap_or_default(),
        };
        let rows = [
            vec![format!("  {}", name(YES.1)?), format!("{asks} {}:", YES.0), format!("{yes} {email}")],
            vec![format!("  {}", name(NO.1)?), format!("{asks} {}:", NO.0), format!("{no}: {state}")],
        ];
        table::lines(&rows).into_iter().try_for_each(|line| writeln!(out, "{line}"))?;
        let node = federation.node(worker(YES.0)?.home)?;
        let program = std::env::current_exe().map_or_else(|_| "polder".to_owned(), |path| path.display().to_string());
        writeln!(out, "\n{} {}\n", YES.0, lang.either("asks everyone who holds what:", "vraagt iedereen wie wat heeft:"))?;
        let file = token_file(node, YES.0);
        writeln!(out, "  {program} rights access --url http://{} --token-file {}", node.addresses.client, file.display())?;
        let rows = self
            .held()
            .into_iter()
            .map(|(who, purpose, fields)| vec![format!("  {who}"), words::purpose(purpose, lang).to_owned(), words::fields(fields, lang)]);
        Ok(table::lines(&rows.collect::<Vec<_>>()).into_iter().try_for_each(|line| writeln!(out, "{line}"))?)
    }

    /// For machines.
    pub(super) fn report(&self) -> Value {
        json!({"given": self.given, "reached": self.reached, "refused": self.refused, "nobody": self.nobody, "access": self.access})
    }
}

/// What is in force, without what names the request and whom it is about.
fn of_anyone(standing: &Value) -> Value {
    let members = standing.as_object().into_iter().flatten().filter(|(name, _)| !["id", "key", "at"].contains(&name.as_str()));
    members.map(|(name, value)| (name.clone(), value.clone())).collect::<serde_json::Map<_, _>>().into()
}

fn set(fields: &Value) -> FieldSet {
    serde_json::from_value(fields.clone()).unwrap_or_default()
}
