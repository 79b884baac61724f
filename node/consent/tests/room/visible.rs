//! Nothing of a worker leaves without a live consent for it: generated profiles, consents, questions and recipients, against what the tests themselves
//! make of a profile.
//!
//! `POLDER_CASES` is how many cases there are, 100,000 unless it says otherwise: about a minute.

use std::collections::BTreeMap;

use polder_consent::purpose::rules;
use polder_consent::state::authorises;
use polder_consent::view::{Grant, View, views};
use polder_consent::{Consent, Field, FieldSet};
use polder_model::offer;
use polder_model::rank::{Plan, Scored, score};
use polder_model::reason::Ground;
use polder_model::{Kind, PartnerId, Purpose, Timestamp};
use polder_random::Random;
use serde_json::{Map, Value, json};

use super::made::{self, now, recipients};

type Profile = Map<String, Value>;

fn cases() -> u64 {
    std::env::var("POLDER_CASES").map_or(100_000, |cases| cases.parse().expect("a number"))
}

fn home() -> PartnerId {
    "kvk:90000009".parse().expect("a partner")
}

fn modified() -> Timestamp {
    now().plus_seconds(-3 * 86_400)
}

/// What each recipient may see for each purpose, from the consents that are known to be live.
type Granted = BTreeMap<(Purpose, PartnerId), FieldSet>;

/// One consent for each recipient and purpose, as the node has it and as the test knows it.
fn consents(random: &mut Random) -> (Vec<Grant>, Granted) {
    let (mut grants, mut granted) = (Vec::new(), Granted::new());
    for recipient in recipients() {
        for purpose in Purpose::ALL.into_iter().filter(|purpose| rules(*purpose).is_some()) {
            if !random.chance(80) {
                continue;
            }
            let (consent, events, is_live) = made::consent(purpose, &recipient, random);
            assert_eq!(consent.check(), Ok(()));
            assert_eq!(authorises(&events, consent.until, now()), is_live, "{events:?}");
            if is_live {
                granted.insert((purpose, recipient.clone()), consent.fields);
            }
            if authorises(&events, consent.until, now()) {
                let Consent { purpose, recipient, fields, .. } = consent;
                // The table of purposes may have been narrowed since.
                let more = if random.chance(5) { FieldSet::of(&Field::ALL) } else { FieldSet::NONE };
                let allowed = rules(purpose).expect("a purpose for people").allows;
                grants.push(Grant { purpose, recipient, fields: fields.or(more.without(allowed)) });
            }
        }
    }
    (grants, granted)
}

/// What a recipient is to see of a profile, made here member by member; `None` where nothing.
fn expected(profile: &Profile, granted: &Granted, purpose: Purpose, recipient: &PartnerId) -> Option<Profile> {
    let fields = *granted.get(&(purpose, recipient.clone()))?;
    let mut seen = Profile::new();
    for field in fields.iter() {
        let (member, part) = made::parts(field);
        assert!(part.is_none(), "no question is answered with {field}");
        let Some(mut value) = profile.get(member).cloned() else { continue };
        if member == "skills" {
            for skill in value.as_array_mut().expect("a list") {
                for evidence in skill.get_mut("evidence").and_then(Value::as_array_mut).into_iter().flatten() {
                    evidence.as_object_mut().expect("an object").remove("uri");
                }
            }
        }
        seen.insert(member.to_owned(), value);
    }
    Some(seen)
}

fn bytes(profile: &Profile) -> Vec<u8> {
    serde_json::to_vec(profile).expect("JSON")
}

fn of(profile: &Profile, grants: &[Grant]) -> Vec<View> {
    views(&bytes(profile), grants).expect("views")
}

/// The view of a recipient: one at most.
fn view<'v>(views: &'v [View], purpose: Purpose, recipient: &PartnerId) -> Option<&'v View> {
    let mut own = views.iter().filter(|view| view.purpose == purpose && view.recipients.contains(recipient));
    let first = own.next();
    assert!(own.next().is_none(), "{recipient} is in two views of one worker for {purpose}");
    first
}

fn scored(plan: &Plan, document: &[u8]) -> Option<Scored> {
    let features = offer::read_stored(Kind::SkillOffer, document).expect("a skill offer");
    score(plan, &home(), &features, modified())
}

/// Every code that a reason names stands in what may be seen.
fn names_what_is_seen(scored: &Scored, seen: &Profile) {
    let texts = |member: &str| seen.get(member).map(Value::to_string).unwrap_or_default();
    for reason in &scored.reasons {
        let is_seen = match &reason.ground {
            Ground::Skill { matched, .. } => texts("skills").contains(matched.as_str()),
            Ground::Occupation { matched } => texts("occupationsWanted").contains(matched.as_str()),
            Ground::Text { term } => ["title", "description", "skills"].iter().any(|member| texts(member).contains(term.as_str())),
            Ground::Travel { .. } => seen.contains_key("postcode"),
            Ground::Hours { .. } => seen.contains_key("hours"),
            Ground::Freshness { .. } => true,
        };
        assert!(is_seen, "{reason:?} of {seen:?}");
    }
    assert_eq!(scored.score, scored.reasons.iter().map(|reason| reason.points).sum::<u32>());
}

#[derive(Debug, Default)]
struct Counted {
    seen: usize,
    unseen: usize,
    hits: usize,
    /// Hits of which the whole profile would have had another score, or none.
    would_differ: usize,
}

fn one(random: &mut Random, counted: &mut Counted) {
    let profile = made::profile(random);
    let document = bytes(&profile);
    let (grants, granted) = consents(random);
    let purpose = *random.pick(&[Purpose::MatchVacancy, Purpose::TrainingAdvice]);
    let recipient = random.pick(&recipients()).clone();
    let plan = Plan::new(made::question(purpose, &recipient, random));
    let all = of(&profile, &grants);
    let is_asked = |view: &View| rules(view.purpose).is_some_and(|rules| rules.is_asked) && !view.fields.iter().any(Field::identifies);
    assert!(all.iter().all(is_asked), "no question is answered for other purposes, nor with who someone is");
    let expected = expected(&profile, &granted, purpose, &recipient);
    let own = view(&all, purpose, &recipient);

    // No field out without a live consent for it, to that recipient and for that purpose, and each that has one.
    let shown = own.map(|view| serde_json::from_slice::<Profile>(&view.document).expect("JSON"));
    assert_eq!(shown, expected, "{profile:?} {granted:?}");

    // Whatever is hidden from this recipient may change: what it sees, and the score and reasons that follow from it, do not.
    let visible = own.map_or(FieldSet::NONE, |view| view.fields);
    let others = of(&made::with_others_changed(&profile, visible, random), &grants);
    let other = view(&others, purpose, &recipient);
    assert_eq!(own.map(|view| (&view.document, view.fields)), other.map(|view| (&view.document, view.fields)));

    // What nobody sees may change: no view does, nor which there are.
    let seen_by_any = all.iter().fold(FieldSet::NONE, |seen, view| seen.or(view.fields));
    assert_eq!(of(&made::with_others_changed(&profile, seen_by_any, random), &grants), all);

    // Score and reasons are those of the visible document, as it is read from a client.
    let (Some(own), Some(expected)) = (own, expected) else {
        counted.unseen += 1;
        return;
    };
    counted.seen += 1;
    let read = offer::parse(Kind::SkillOffer, &bytes(&expected)).expect("a valid offer");
    let found = scored(&plan, &own.document);
    assert_eq!(found, score(&plan, &home(), &read.features(), modified()));
    let Some(found) = found else { return };
    names_what_is_seen(&found, &expected);
    counted.hits += 1;
    counted.would_differ += usize::from(scored(&plan, &document).as_ref() != Some(&found));
}

#[test]
fn no_field_leaves_without_a_live_consent_and_what_is_hidden_changes_nothing() {
    let (began, mut counted) = (std::time::Instant::now(), Counted::default());
    let cases = cases();
    for seed in 0..cases {
        let case = std::panic::AssertUnwindSafe(|| one(&mut Random::new(seed), &mut counted));
        if let Err(panic) = std::panic::catch_unwind(case) {
            eprintln!("seed {seed}");
            std::panic::resume_unwind(panic);
        }
    }
    println!("{cases} cases in {:?}: {counted:?}", began.elapsed());
    let some = usize::try_from(cases / 50).expect("a number");
    assert!(counted.seen > some && counted.unseen > some && counted.hits > some && counted.would_differ > some, "{counted:?}");
}

/// The profiles of these tests are valid, so that what they show is about what may happen.
#[test]
fn what_is_made_is_valid() {
    let mut random = Random::new(1);
    for _ in 0..500 {
        let profile = made::profile(&mut random);
        for document in [made::with_others_changed(&profile, FieldSet::NONE, &mut random), profile] {
            offer::parse(Kind::SkillOffer, &bytes(&document)).unwrap_or_else(|findings| panic!("{findings:?} in {document:?}"));
        }
    }
}

/// A worker's consent says who sees what, and nothing that staff write into the skill offer.
#[test]
fn terms_of_a_skill_offer_count_for_nothing() {
    let skill = json!({"uri": "http://data.europa.eu/esco/skill/6c6b3a4c-6a5e-4f2d-9f0e-1f6f0a5d8b11"});
    let plain = json!({"title": "Monteur", "skills": [skill], "hours": {"min": 8, "max": 16}});
    let fields = FieldSet::of(&[Field::Title, Field::Skills, Field::Hours]);
    let grant = Grant { purpose: Purpose::MatchVacancy, recipient: home(), fields };
    let shown = of(plain.as_object().expect("an object"), std::slice::from_ref(&grant));
    assert_eq!(shown.len(), 1);
    for terms in [json!({"recipients": []}), json!({"purposes": []}), json!({"fields": []}), json!({"until": "1999-12-31"})] {
        let mut profile = plain.clone();
        profile["terms"] = terms;
        assert_eq!(of(profile.as_object().expect("an object"), std::slice::from_ref(&grant)), shown, "{profile}");
        let findings = offer::parse(Kind::SkillOffer, profile.to_string().as_bytes()).expect_err("terms are refused");
        let found: Vec<_> = findings.iter().map(|finding| (finding.pointer.as_str(), finding.code)).collect();
        assert_eq!(found, [("/terms", polder_model::FindingCode::NotAllowed)], "{profile}");
    }
}
