//! The asking node believes no score: it recomputes every document that it shows.

use polder_consent::{DisclosureId, Field, FieldSet, Handle, rules};
use polder_model::answer::{Documents, OfferDocument, PersonHit, Wanted};
use polder_model::link::{self, Host};
use polder_model::offer;
use polder_model::rank::{self, Plan};
use polder_model::{Kind, PartnerId, Timestamp};

/// Whether each offer that was wanted stands once, either among the documents or among the gone, and nothing else does.
pub(super) fn are_those_wanted(wanted: &[Wanted], reply: &Documents) -> bool {
    let there = |wanted: &Wanted| reply.documents.iter().any(|given| given.key == wanted.key && given.version == wanted.version);
    reply.documents.len() + reply.gone.len() == wanted.len()
        && wanted.iter().all(|wanted| there(wanted) != reply.gone.contains(&wanted.key))
}

/// Checks that a document is what its partner said it is. The error says what does not hold; it carries no content.
///
/// A change in the future is no fault: it gets no more points than one of today, and may come of a clock that was wrong for a moment. Of one
/// that holds, the host to which it sends people.
pub(super) fn document(plan: &Plan, partner: &PartnerId, named: Option<u32>, document: &OfferDocument) -> Result<Option<Host>, String> {
    let Some(named) = named else { return Err("a document that was not named in the answer".to_owned()) };
    let kind: Kind = plan.query().kind;
    let bytes = document.document.get().as_bytes();
    let parsed = match offer::parse(kind, bytes) {
        Ok(parsed) => parsed,
        Err(findings) => {
            let first = findings.first().map(|finding| format!("{} at {}", finding.message, finding.pointer));
            return Err(format!("the document is not valid: {}", first.unwrap_or_default()));
        }
    };
    if parsed.visible_document(bytes).as_ref() != bytes {
        return Err("the document shows members that its terms hide".to_owned());
    }
    let Some(scored) = rank::score(plan, partner, &parsed.features(), document.modified_at) else {
        return Err("the document is no hit for the query".to_owned());
    };
    if scored.score != named || scored.score != document.score {
        return Err(format!("the score is {}, the partner said {named} and {}", scored.score, document.score));
    }
    if scored.reasons != document.reasons {
        return Err("the reasons do not follow from the document".to_owned());
    }
    Ok(parsed.offer.link().and_then(|(_, link)| link::host_of(link).ok()))
}

/// How far the answering node's clock may be ahead of ours, in seconds.
const MOST_SKEW_SECONDS: i64 = 60;

/// Checks that a person is what their node said, under what it said: nothing that was not given, or may not be for this purpose, and no longer than
/// it may be used. The error says what does not hold; it carries no content.
pub(super) fn person(plan: &Plan, partner: &PartnerId, person: &PersonHit, now: Timestamp) -> Result<(), String> {
    let (handle, under) = (&person.handle, &person.disclosure);
    let purpose = plan.query().purpose;
    let rules = rules(purpose).filter(|rules| rules.is_asked).ok_or_else(|| format!("people were given for {purpose}"))?;
    if handle.as_str().parse::<Handle>().is_err() || under.id.parse::<DisclosureId>().is_err() || under.epoch == 0 {
        return Err("a handle, disclosure or epoch that is none".to_owned());
    }
    let fields = under.fields.iter().map(|field| field.parse::<Field>()).collect::<Result<FieldSet, _>>();
    let fields = fields.map_err(|_| "a field that is none".to_owned())?;
    if !fields.is_within(rules.allows) || !rules.needs.is_within(fields) {
        return Err(format!("fields that {purpose} does not allow, or without those that it needs"));
    }
    if under.use_until <= now || under.use_until > now.plus_seconds(rules.lease_seconds + MOST_SKEW_SECONDS) {
        return Err("a time of use that is over, or longer than the purpose allows".to_owned());
    }
    let bytes = person.document.get().as_bytes();
    let parsed = offer::parse(Kind::SkillOffer, bytes).map_err(|findings| {
        let first = findings.first().map(|finding| format!("{} at {}", finding.message, finding.pointer));
        format!("the document is not valid: {}", first.unwrap_or_default())
    })?;
    let members: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(bytes).map_err(|_| "the document is no object".to_owned())?;
    let given = |name: &String| format!("/{name}").parse::<Field>().is_ok_and(|field| fields.contains(field));
    if !members.keys().all(given) {
        return Err("the document shows members that were not given".to_owned());
    }
    let scored = rank::score(plan, partner, &parsed.features(), person.modified_at).ok_or("the person is no hit for the query")?;
    if scored.score != person.score {
        return Err(format!("the score is {}, the partner said {}", scored.score, person.score));
    }
    if scored.reasons != person.reasons {
        return Err("the reasons do not follow from the document".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use polder_model::query::Query;
    use serde_json::{Value, json};

    use super::*;

    const NOW: &str = "2026-03-02T09:30:00Z";

    fn plan() -> Plan {
        let query = json!({
            "id": "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77", "asker": "kvk:10000001", "kind": "skill-offer", "purpose": "match-vacancy", "ranking": "polder-1",
            "asOf": NOW, "limit": 10, "deadlineMs": 2000, "hops": 1, "tieKey": "00112233445566778899aabbccddeeff",
            "about": {"kind": "vacancy", "key": "V-1"}, "criteria": {"text": [{"term": "monteur", "weight": 50}]},
        });
        Plan::new(Arc::new(Query::parse(query.to_string().as_bytes()).expect("a query")))
    }

    fn now() -> Timestamp {
        NOW.parse().expect("an instant")
    }

    /// A person as an honest node gives them, but for what is changed before the score is computed, and after.
    fn given(before: impl FnOnce(&mut Value), after: impl FnOnce(&mut PersonHit)) -> PersonHit {
        let mut person = json!({
            "handle": "0".repeat(32), "version": 1, "modifiedAt": "2026-03-02T00:00:00Z", "score": 0, "reasons": [],
            "document": {"skills": [{"uri": "http://data.europa.eu/esco/skill/6c6b3a4c-6a5e-4f2d-9f0e-1f6f0a5d8b11"}], "title": "Monteur"},
            "disclosure": {"id": "1".repeat(32), "epoch": 1, "fields": ["/title", "/skills"], "useUntil": now().plus_seconds(86_400)},
        });
        before(&mut person);
        let mut person: PersonHit = serde_json::from_str(&person.to_string()).expect("a person");
        let features = offer::read_stored(Kind::SkillOffer, person.document.get().as_bytes()).ok();
        if let Some(scored) = features.and_then(|features| rank::score(&plan(), &partner(), &features, person.modified_at)) {
            (person.score, person.reasons) = (scored.score, scored.reasons);
        }
        after(&mut person);
        person
    }

    fn partner() -> PartnerId {
        "kvk:10000002".parse().expect("a partner")
    }

    #[test]
    fn a_person_is_what_was_given_and_no_more() {
        let judge = |person_hit: &PersonHit| person(&plan(), &partner(), person_hit, now());
        assert_eq!(judge(&given(|_| {}, |_| {})), Ok(()));
        type Change<'c> = &'c dyn Fn(&mut Value);
        let changes: [(Change<'_>, &str); 13] = [
            (&|person| person["document"]["hours"] = json!({"min": 8, "max": 16}), "not given"),
            (&|person| person["document"]["contact"] = json!({"name": "Anna"}), "not given"),
            (&|person| person["document"]["terms"] = json!({"recipients": "everyone"}), "not valid"),
            (&|person| person["document"]["bsn"] = json!("123456782"), "not valid"),
            (&|person| person["disclosure"]["fields"] = json!(["/title"]), "without those that it needs"),
            (&|person| person["disclosure"]["fields"] = json!(["/title", "/skills", "/contact/name"]), "does not allow"),
            (&|person| person["disclosure"]["fields"] = json!(["/title", "/skills", "/*"]), "a field that is none"),
            (&|person| person["disclosure"]["useUntil"] = json!(now()), "a time of use"),
            (&|person| person["disclosure"]["useUntil"] = json!(now().plus_seconds(86_400 + 61)), "a time of use"),
            (&|person| person["disclosure"]["epoch"] = json!(0), "that is none"),
            (&|person| person["disclosure"]["id"] = json!("x"), "that is none"),
            (&|person| person["handle"] = json!("P-1"), "that is none"),
            (&|person| person["document"]["title"] = json!("Lasser"), "no hit"),
        ];
        for (change, says) in changes {
            let refused = judge(&given(change, |_| {})).expect_err(says);
            assert!(refused.contains(says), "{says}: {refused}");
            assert!(!refused.contains("Anna") && !refused.contains("123456782"), "it carries nothing of what came: {refused}");
        }
        assert!(judge(&given(|_| {}, |person| person.score += 1)).expect_err("a score").contains("the score is"));
        assert!(judge(&given(|_| {}, |person| person.reasons.clear())).expect_err("reasons").contains("the reasons"));
    }
}
