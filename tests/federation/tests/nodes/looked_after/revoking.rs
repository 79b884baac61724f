//! The privacy officer ends consents: exactly those that were shown, after it was said what would be.

use polder_federation_tests::browser::{Browser, Shown};
use polder_federation_tests::forms::filled_in;
use polder_federation_tests::http::Client;
use polder_model::Purpose;
use serde_json::json;

use super::{desk, log_in, says, stage};
use crate::portal_much::{consent, giving};
use crate::workers;

async fn send(browser: &mut Browser, url: &str, fields: &[(&str, &str)]) -> Shown {
    browser.post(url, fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn consents_end_after_it_was_said_what_would_and_only_then() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let page = format!("{}/revocations", desk(&nodes[0]));
    let mut fenna = log_in(&nodes[0], "Fenna Functionaris").await;
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    let given = workers::give(&worker, &workers::decision(&[&nodes[1], &nodes[2]])).await;
    assert_eq!(workers::seek_some(&nodes[1]).await, 1);
    let state = async |place: usize| workers::read(&worker, "/v1/me/consents").await["items"][place]["state"].clone();
    let csrf = fenna.open(&page).await.csrf();
    let notice = given[0]["consent"]["notice"]["sha256"].as_str().expect("a text").to_owned();
    for (fields, said) in [
        (&[("by", "worker"), ("key", "P-1")][..], "Kies een reden."),
        (&[("by", "worker"), ("key", "P-1"), ("ground", "because")], "Kies een reden."),
        (&[("by", "worker"), ("key", "a b"), ("ground", "worker-asked")], "Vul het kenmerk van het profiel in"),
        (&[("by", "worker"), ("key", "P-9"), ("ground", "worker-asked")], "geen profiel met dat kenmerk"),
        (&[("by", "notice"), ("notice", "ab"), ("ground", "notice-wrong")], "64 tekens lang"),
        (&[("by", "notice"), ("notice", &"ab".repeat(32)), ("ground", "notice-wrong")], "Die tekst kennen wij niet"),
    ] {
        let fields: Vec<(&str, &str)> = [("csrf", csrf.as_str()), ("do", "look")].iter().chain(fields).copied().collect();
        let wrong = send(&mut fenna, &page, &fields).await;
        assert!(wrong.status == 400 && wrong.html.contains(said), "{fields:?}: {}", wrong.html);
    }

    let asked = [("csrf", csrf.as_str()), ("by", "worker"), ("key", "P-1"), ("ground", "worker-asked")];
    let with = |more: &[(&'static str, &'static str)]| asked.iter().copied().chain(more.iter().copied()).collect::<Vec<_>>();
    let looked = send(&mut fenna, &page, &with(&[("do", "look")])).await;
    for said in ["2 toestemmingen worden beëindigd.", "Eén ontvanger moet wissen", "de werkende vroeg erom", "U kunt dit niet terugdraaien"]
    {
        assert!(looked.html.contains(said), "{said}: {}", looked.html);
    }
    for name in [&nodes[1].node.home().name, &nodes[2].node.home().name] {
        assert!(!looked.html.contains(name.as_str()), "towards whom is the worker's to see: {}", looked.html);
    }
    assert_eq!(state(0).await, "given", "looking ends nothing");
    let stale = send(&mut fenna, &page, &with(&[("effect", "1-1-1"), ("do", "end")])).await;
    assert!(stale.html.contains("Er is intussen iets veranderd"), "{}", stale.html);
    assert_eq!(state(0).await, "given");

    let confirmed = polder_federation_tests::browser::hidden(&looked.html);
    let mut fields: Vec<(&str, &str)> = confirmed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    // The first is of the form that logs out.
    fields.remove(0);
    fields.push(("do", "end"));
    let done = send(&mut fenna, &page, &fields).await;
    assert!(done.html.contains("Dit is gebeurd:") && done.html.contains("2 toestemmingen zijn beëindigd."), "{}", done.html);
    assert_eq!((state(0).await, state(1).await), (json!("revoked"), json!("revoked")));
    assert_eq!(workers::seek_some(&nodes[1]).await, 0);
    let all = workers::read(&worker, "/v1/me/consents").await;
    assert_eq!(all["items"][0]["events"][1]["ground"], "worker-asked", "{all}");

    let by_text = [("csrf", csrf.as_str()), ("by", "notice"), ("notice", notice.as_str()), ("ground", "notice-wrong"), ("do", "look")];
    let back = send(&mut fenna, &page, &by_text).await;
    assert!(
        (back.html.contains("nooit heeft gegolden") || back.html.contains("nooit hebben gegolden"))
            && back.html.contains("Geen daarvan geldt nu nog."),
        "it reaches back: {}",
        back.html
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_ends_but_exactly_what_was_shown() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let page = format!("{}/revocations", desk(&nodes[0]));
    let mut fenna = log_in(&nodes[0], "Fenna Functionaris").await;
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    let given = workers::give(&worker, &workers::decision(&[&nodes[1], &nodes[2]])).await;
    let csrf = fenna.open(&page).await.csrf();
    let asked = [("csrf", csrf.as_str()), ("by", "worker"), ("key", "P-1"), ("ground", "worker-asked"), ("do", "look")];
    let looked = send(&mut fenna, &page, &asked).await;
    assert!(looked.html.contains("2 toestemmingen worden beëindigd."), "{}", looked.html);

    // One goes and another comes: as many as were shown, and others.
    let first = format!("/v1/me/consents/{}", workers::id(&given[1]));
    assert_eq!(workers::call(&worker, "DELETE", &first, None).await.0, 200);
    let anew = workers::give(&worker, &workers::decision(&[&nodes[2]])).await;
    let states = async || {
        let all = workers::read(&worker, "/v1/me/consents").await;
        let state = |id: &str| all["items"].as_array()?.iter().find(|one| workers::id(one) == id).map(|one| one["state"].clone());
        [workers::id(&given[0]), workers::id(&anew[0])].map(|id| state(id).expect("it is kept"))
    };
    let end = async |fenna: &mut Browser, shown: &Shown| {
        let fields = filled_in(&shown.html, "/desk/revocations");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        send(fenna, &page, &[fields, vec![("do", "end")]].concat()).await
    };
    let changed = end(&mut fenna, &looked).await;
    assert!(changed.html.contains("Er is intussen iets veranderd") && !changed.html.contains("Dit is gebeurd"), "{}", changed.html);
    assert_eq!(states().await, ["given", "given"]);
    let done = end(&mut fenna, &changed).await;
    assert!(done.html.contains("Dit is gebeurd:"), "{}", done.html);
    assert_eq!(states().await, ["revoked", "revoked"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn consents_to_end_are_picked_by_clicking() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let desk = desk(&nodes[0]);
    let page = format!("{desk}/revocations");
    let mut fenna = log_in(&nodes[0], "Fenna Functionaris").await;
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    let given = workers::give(&worker, &workers::decision(&[&nodes[1], &nodes[2]])).await;
    assert_eq!(workers::seek_some(&nodes[1]).await, 1);
    let state = async |id: &str| {
        let all = workers::read(&worker, "/v1/me/consents").await;
        all["items"].as_array().and_then(|all| all.iter().find(|one| workers::id(one) == id)).expect("it is kept")["state"].clone()
    };
    let of = |place: usize| workers::id(&given[place]).to_owned();
    let send_form = async |fenna: &mut Browser, shown: &Shown, more: &[(&str, &str)]| {
        let fields = filled_in(&shown.html, "/desk/revocations");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        // What is typed stands in the place of what was there.
        let kept = fields.iter().filter(|(name, _)| more.iter().all(|(typed, _)| typed != name));
        let fields: Vec<(&str, &str)> = kept.chain(more).copied().collect();
        send(fenna, &page, &fields).await
    };

    // From an incident: the copy, its consent, what happens, and then it does.
    let recipient = nodes[1].node.home().clone();
    let found = fenna.open(&format!("{desk}/incidents")).await;
    let fields = filled_in(&found.html, "/desk/incidents");
    let fields = fields.iter().map(|(name, value)| (name.as_str(), if name == "partner" { recipient.partner.as_str() } else { value }));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let found = fenna.open(&format!("{desk}/incidents?{query}")).await;
    assert!(found.html.contains("Kopieën 1 tot en met 1 van 1"), "{}", found.html);
    let nothing = send_form(&mut fenna, &found, &[("do", "pick")]).await;
    assert!(nothing.status == 400 && nothing.html.contains("Vink één of meer toestemmingen of sollicitaties aan"), "{}", nothing.html);
    let consent =
        found.html.split("name=\"consent\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a consent").to_owned();
    assert_eq!(consent, of(0));
    let picked = send_form(&mut fenna, &found, &[("consent", &consent), ("do", "pick")]).await;
    assert!(
        picked.status == 200 && picked.html.contains("Wat u bij een incident aanvinkte: één toestemming of sollicitatie."),
        "{}",
        picked.html
    );
    let both = [("consent", of(0)), ("consent", of(1))];
    let both: Vec<(&str, &str)> =
        both.iter().map(|(name, id)| (*name, id.as_str())).chain([("ground", "recipient-unfit"), ("do", "look")]).collect();
    let both = send_form(&mut fenna, &found, &both).await;
    for said in ["Wat u bij een incident aanvinkte: 2 toestemmingen of sollicitaties.", "2 toestemmingen worden beëindigd."] {
        assert!(both.html.contains(said), "every tick counts: {said}: {}", both.html);
    }
    let looked = send_form(&mut fenna, &picked, &[("ground", "recipient-unfit"), ("do", "look")]).await;
    assert!(
        looked.html.contains("Eén toestemming wordt beëindigd.") && looked.html.contains("Eén ontvanger moet wissen"),
        "{}",
        looked.html
    );
    assert_eq!(state(&of(0)).await, "given", "looking ends nothing");
    let done = send_form(&mut fenna, &looked, &[("do", "end")]).await;
    assert!(done.html.contains("Dit is gebeurd:"), "{}", done.html);
    assert_eq!((state(&of(0)).await, state(&of(1)).await), (json!("revoked"), json!("given")));

    // All towards a partner.
    let other = nodes[2].node.home().clone();
    let by_partner = fenna.open(&format!("{page}?by=partner&partner={}", other.partner)).await;
    let looked = send_form(&mut fenna, &by_partner, &[("ground", "recipient-unfit"), ("do", "look")]).await;
    for said in ["Eén toestemming wordt beëindigd.", "Niemand hoeft iets te wissen.", other.name.as_str()] {
        assert!(looked.html.contains(said), "{said}: {}", looked.html);
    }
    send_form(&mut fenna, &looked, &[("do", "end")]).await;
    assert_eq!(state(&of(1)).await, "revoked");
    let unknown = send_form(&mut fenna, &by_partner, &[("partner", "x"), ("ground", "recipient-unfit"), ("do", "look")]).await;
    assert!(unknown.status == 400 && unknown.html.contains("Kies een partner"), "{}", unknown.html);

    // A profile and a text are picked from lists, without a name.
    let profiles = says(&mut fenna, &format!("{page}/profiles"), &["P-1", "by=worker&amp;key=P-1"]).await;
    assert!(!profiles.contains("Monteur"), "{profiles}");
    let by_worker = fenna.open(&format!("{page}?by=worker&key=P-1")).await;
    assert!(by_worker.html.contains("name=\"key\" value=\"P-1\""), "{}", by_worker.html);
    let texts = says(
        &mut fenna,
        &format!("{page}/notices"),
        &["2 toestemmingen op deze tekst", "Versie 5, in het Nederlands", "mensen die bij een vacature passen"],
    )
    .await;
    assert!(!texts.contains(nodes[1].node.home().name.as_str()) && !texts.contains("U mag nee zeggen"), "nobody is named: {texts}");
    let link = texts.split("by=text&amp;text=").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    let by_text = fenna.open(&format!("{page}?by=text&text={link}")).await;
    let looked = send_form(&mut fenna, &by_text, &[("ground", "not-free"), ("do", "look")]).await;
    assert!(
        looked.html.contains("Van 2 toestemmingen leggen wij vast") && looked.html.contains("Versie 5, in het Nederlands"),
        "{}",
        looked.html
    );
    let unknown = fenna.open(&format!("{page}?by=text&text=x+nl+<b>")).await;
    let refused = send_form(&mut fenna, &unknown, &[("ground", "not-free"), ("do", "look")]).await;
    assert!(refused.status == 400 && refused.html.contains("Kies een versie van de tekst"), "{}", refused.html);
    assert_eq!(fenna.open(&format!("{page}/others")).await.status, 404);
}

/// More than one transaction ends: all of them, and none where one more was given meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_hundred_end_at_once_and_no_other() {
    const MANY: usize = 250;
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let (store, now) = (nodes[0].node.store(), nodes[0].node.now());
    let worker = store.worker_of(&"P-1".parse().expect("a key"), now).await.expect("read").expect("a worker");
    let give = async |numbers: std::ops::RangeInclusive<usize>| {
        let consents = numbers.map(|number| consent(worker, number, Purpose::MatchVacancy, now)).collect();
        store.give(giving(worker, consents, now)).await.expect("written").expect("given");
    };
    let in_force = async || nodes[0].node.consents_in_force(worker, None, 1).await.expect("read").1;
    give(1..=MANY).await;
    let page = format!("{}/revocations", desk(&nodes[0]));
    let mut fenna = log_in(&nodes[0], "Fenna Functionaris").await;
    let csrf = fenna.open(&page).await.csrf();
    let asked = [("csrf", csrf.as_str()), ("by", "worker"), ("key", "P-1"), ("ground", "worker-asked"), ("do", "look")];
    let end = async |fenna: &mut Browser, looked: &Shown| {
        let confirmed = polder_federation_tests::browser::hidden(&looked.html);
        // The first is of the form that logs out.
        let mut fields: Vec<(&str, &str)> = confirmed.iter().skip(1).map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("do", "end"));
        send(fenna, &page, &fields).await
    };
    let looked = send(&mut fenna, &page, &asked).await;
    assert!(looked.html.contains("250 toestemmingen worden beëindigd."), "{}", looked.html);
    give(MANY + 1..=MANY + 1).await;
    let changed = end(&mut fenna, &looked).await;
    assert!(changed.html.contains("Er is intussen iets veranderd") && changed.html.contains("251 toestemmingen"), "{}", changed.html);
    assert_eq!(in_force().await, 251, "none has ended");
    let done = end(&mut fenna, &changed).await;
    assert!(done.html.contains("Dit is gebeurd:") && done.html.contains("251 toestemmingen zijn beëindigd."), "{}", done.html);
    assert_eq!(in_force().await, 0, "every one has ended");
}
