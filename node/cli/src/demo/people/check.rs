//! What must hold of the workers of the demo: from what they decided, and from what the oracle computes of that.

use std::collections::BTreeSet;

use polder_model::answer::{QueryResult, ResultHit};
use polder_model::{Kind, Purpose};
use serde_json::{Value, json};

use super::workers::{WITHDRAWS, WORKERS, Worker};
use super::{OFFER, People};
use crate::demo::Federation;
use crate::demo::check::{Exports, differences};
use crate::demo::complete;
use crate::demo::partners::{DemoPartner, PARTNERS};
use crate::exit::Failure;

impl People {
    /// What is not as it should be.
    pub(super) fn faults(&self, federation: &Federation) -> Result<Vec<String>, Failure> {
        let mut faults = Vec::new();
        let partners: Vec<&str> = federation.nodes.iter().map(|node| node.partner.id).collect();
        for (results, ended, when) in [(&self.before, false, "before the withdrawal"), (&self.after, true, "after it")] {
            for (slug, result) in results {
                let found = complete::while_all_run(result, &partners).into_iter().chain(self.differs(slug, ended, result)?);
                faults.extend(found.map(|fault| format!("people sought by {slug}, {when}: {fault}")));
            }
        }
        let (slug, result) = &self.advised;
        let found = complete::while_all_run(result, &partners).into_iter().chain(self.differs(slug, true, result)?);
        faults.extend(found.map(|fault| format!("people sought by {slug}, for a training: {fault}")));
        let about = result.query.about.as_ref().map(|about| about.kind);
        if (result.query.purpose, about, result.hits.len()) != (Purpose::TrainingAdvice, Some(Kind::Training), 1) {
            faults.push(format!("{slug} was to find one person for a training; it found {result:?}"));
        }
        faults.extend(self.is_known_by_another_handle_to_each());
        faults.extend(self.reached_every_copy());
        faults.extend(self.contact.faults(federation, self.today)?);
        Ok(faults)
    }

    /// What of a result is not what it should be: its hits, and under what they came.
    fn differs(&self, slug: &str, ended: bool, result: &QueryResult) -> Result<Vec<String>, Failure> {
        let mut found = differences(result, &self.may_see(slug, ended, result)?)?;
        found.extend(self.under_what_was_given(slug, result));
        Ok(found)
    }

    /// What a partner may see at each node, as it follows from what the workers decided. Handles, versions and times are those of the result: they are
    /// drawn, and counted, by the nodes.
    fn may_see(&self, slug: &str, ended: bool, result: &QueryResult) -> Result<Exports, Failure> {
        let mut all = Vec::new();
        for partner in &PARTNERS {
            let mut lines = String::new();
            for worker in at_home(partner, ended) {
                let Some(document) = worker.lets_see(slug, result.query.purpose, self.today) else { continue };
                let hit = hit_of(result, partner, &document);
                let line = json!({"kind": "skill-offer", "key": hit.map_or(worker.key, |hit| hit.key.as_str()), "document": document,
                                  "version": hit.map_or(1, |hit| hit.version), "modifiedAt": hit.map_or(result.query.as_of, |hit| hit.modified_at)});
                lines.push_str(&format!("{line}\n"));
            }
            let lines = polder_oracle::parse_export(&lines).map_err(|error| Failure::internal(error.to_string()))?;
            all.push((partner.id.to_owned(), lines));
        }
        Ok(all)
    }

    /// Each person came under fields that are those of the document, and of what was decided.
    fn under_what_was_given(&self, slug: &str, result: &QueryResult) -> Vec<String> {
        let mut faults = Vec::new();
        for hit in &result.hits {
            let given = WORKERS.iter().find_map(|worker| {
                let (_, fields) = worker.given(result.query.purpose).iter().find(|(to, _)| *to == slug)?;
                let document = worker.lets_see(slug, result.query.purpose, self.today)?;
                (document == shown(hit)).then(|| fields.iter().copied().collect::<BTreeSet<_>>())
            });
            let under = hit.disclosure.as_ref().map(|under| under.fields.iter().map(String::as_str).collect::<BTreeSet<_>>());
            if given.is_none() || given != under {
                faults.push(format!("{} came under {under:?}; {given:?} was given", hit.key));
            }
        }
        faults
    }

    /// Whoever was found by two partners has another handle with each.
    fn is_known_by_another_handle_to_each(&self) -> Vec<String> {
        let keys: Vec<&str> = self.before.iter().flat_map(|(_, result)| result.hits.iter().map(|hit| hit.key.as_str())).collect();
        let distinct: BTreeSet<&str> = keys.iter().copied().collect();
        let expected = WORKERS.iter().map(|worker| worker.lets.len()).sum::<usize>();
        if distinct.len() == expected && keys.len() == expected {
            return Vec::new();
        }
        vec![format!("{expected} people were to be found under as many handles; they are {keys:?}")]
    }

    /// The worker sees of each partner that it was told, has erased, and what it saw for what.
    fn reached_every_copy(&self) -> Vec<String> {
        let id = |slug: &str| PARTNERS.iter().find(|partner| partner.slug == slug).map_or("", |partner| partner.id);
        let lets: Vec<_> = WORKERS.iter().filter(|worker| worker.key == WITHDRAWS).flat_map(|worker| worker.lets).collect();
        let told: BTreeSet<&str> = lets.iter().map(|(slug, _)| id(slug)).collect();
        let of = |value: &Value, holds: fn(&Value) -> bool| -> BTreeSet<String> {
            let items = value["items"].as_array().into_iter().flatten().filter(|one| holds(one));
            items.filter_map(|one| one["recipient"].as_str().map(str::to_owned)).collect()
        };
        let told: BTreeSet<String> = told.into_iter().map(str::to_owned).collect();
        let mut faults = Vec::new();
        for (what, found) in [
            ("ended", of(&self.ending, |one| one["state"] == "withdrawn")),
            ("told to erase", of(&self.ending, |one| one["erases"] == true)),
            ("erased", of(&self.copies, |one| one["state"] == "erased" && one["fields"] == json!([]))),
        ] {
            if found != told {
                faults.push(format!("the withdrawal: {what} are {found:?}; they should be {told:?}"));
            }
        }
        let seen = self.seen["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (slug, fields) in lets {
            let holds = |row: &&Value| {
                let named: BTreeSet<&str> = row["fields"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                row["recipient"] == id(slug)
                    && named == fields.iter().copied().collect()
                    && row["about"] == json!({"kind": "vacancy", "key": OFFER})
                    && row["erased"] == true
            };
            let rows = seen.iter().filter(holds).count();
            if rows != 1 {
                faults.push(format!("the worker sees {rows} rows of what {slug} saw and has erased; it should be one"));
            }
        }
        if seen.len() != told.len() {
            faults.push(format!("the worker sees {} rows in all; they should be {}", seen.len(), told.len()));
        }
        faults
    }
}

fn at_home(partner: &DemoPartner, ended: bool) -> impl Iterator<Item = &'static Worker> {
    let (home, gone) = (partner.slug, if ended { WITHDRAWS } else { "" });
    WORKERS.iter().filter(move |worker| worker.home == home && worker.key != gone)
}

fn shown(hit: &ResultHit) -> Value {
    serde_json::from_str(hit.document.get()).unwrap_or_default()
}

fn hit_of<'r>(result: &'r QueryResult, partner: &DemoPartner, document: &Value) -> Option<&'r ResultHit> {
    result.hits.iter().find(|hit| hit.partner.as_str() == partner.id && shown(hit) == *document)
}
