//! What the privacy officer reads and does is what the interface says and does.

use polder_federation_tests::browser::{Browser, Shown};
use polder_federation_tests::forms::filled_in;
use polder_federation_tests::http::Client;
use polder_model::Purpose;
use serde_json::{Value, json};

use super::{desk, log_in, partners, says, stage, stage_of};
use crate::portal_much::{consent, giving};
use crate::workers;

async fn send(browser: &mut Browser, url: &str, fields: &[(&str, &str)]) -> Shown {
    browser.post(url, fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_erased_and_what_partners_learnt_is_counted() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let desk = desk(&nodes[0]);
    let mut fenna = log_in(&nodes[0], "Fenna Functionaris").await;
    says(&mut fenna, &format!("{desk}/outstanding"), &["Alle partners hebben bevestigd", "Onze systemen hoeven niets"]).await;
    says(&mut fenna, &format!("{desk}/budgets"), &["Gisteren en vandaag hoorde geen partner"]).await;
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    let given = workers::give(&worker, &workers::decision(&[&nodes[1]])).await;
    assert_eq!(workers::seek_some(&nodes[1]).await, 1);
    let recipient = &nodes[1].node.home().name;
    let page = says(&mut fenna, &format!("{desk}/budgets"), &[recipient, "1 / 500", "1 / 100"]).await;
    assert!(page.contains("class=\"bar\""), "{page}");

    let consent = format!("/v1/me/consents/{}", workers::id(&given[0]));
    assert_eq!(workers::call(&worker, "DELETE", &consent, None).await.0, 200);
    let outstanding = workers::read(&Client::of(&nodes[0]), "/v1/outstanding").await;
    assert_eq!(outstanding["items"][0]["partnerName"], json!(recipient), "{outstanding}");
    let row = format!("<td>{recipient}</td>");
    let page = says(&mut fenna, &format!("{desk}/outstanding"), &[&row, "wacht", "na 24 uur", "Na 72 uur"]).await;
    assert!(page.contains("<td class=\"number\">1</td>"), "{page}");
    let home = says(&mut fenna, &desk, &["Eén wacht"]).await;
    assert_eq!(home.matches("alles in orde").count(), 1, "the budget, not what is to be erased: {home}");
    let client = Client::of(&nodes[1]);
    workers::until("the erasure is asked of the recipient's system", async || {
        let items = workers::read(&client, "/v1/erasures").await;
        let last = items["items"].as_array()?.last()?["number"].clone();
        (workers::call(&client, "POST", "/v1/erasures/acknowledged", Some(&json!({"upTo": last}))).await.0 == 200).then_some(())
    })
    .await;
    workers::until("it is confirmed", async || nodes[0].node.outstanding().await.expect("read").is_empty().then_some(())).await;
    says(&mut fenna, &format!("{desk}/outstanding"), &["Alle partners hebben bevestigd"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_late_is_said_on_the_first_page_of_those_who_look() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path());
    (partners[0].policy.late_hours, partners[0].policy.budget.workers) = (0, 1);
    let nodes = stage_of(&mut partners).await;
    let desk = desk(&nodes[0]);
    let (mut fenna, mut bas) = (log_in(&nodes[0], "Fenna Functionaris").await, log_in(&nodes[0], "Bas Beheerder").await);
    for browser in [&mut fenna, &mut bas] {
        let home = says(browser, &desk, &["alles in orde"]).await;
        assert!(!home.contains("om naar te kijken"), "{home}");
    }
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    let given = workers::give(&worker, &workers::decision(&[&nodes[1]])).await;
    assert_eq!(workers::seek_some(&nodes[1]).await, 1);
    says(&mut fenna, &desk, &["één ding om naar te kijken"]).await;
    let page = says(&mut fenna, &format!("{desk}/budgets"), &["1 / 1", ">op</span>"]).await;
    assert!(page.contains("class=\"warns\""), "{page}");
    assert_eq!(workers::call(&worker, "DELETE", &format!("/v1/me/consents/{}", workers::id(&given[0])), None).await.0, 200);
    says(&mut fenna, &format!("{desk}/outstanding"), &["te laat", "na 0 uur"]).await;
    let both = says(&mut fenna, &desk, &[]).await;
    assert_eq!(both.matches("één ding om naar te kijken").count(), 2, "the erasure, and the budget: {both}");
    says(&mut bas, &desk, &["één ding om naar te kijken"]).await;
    says(&mut bas, &format!("{desk}/partners"), &["Heeft sinds", "na 72 uur krijgt zij niets meer", "Bij één partner is iets aan de hand"])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_names_copies_by_handle_and_nobody_by_name() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let (desk, recipient) = (desk(&nodes[0]), nodes[1].node.home().clone());
    let mut fenna = log_in(&nodes[0], "Fenna Functionaris").await;
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    let given = workers::give(&worker, &workers::decision(&[&nodes[1]])).await;
    let hits = workers::seek(&nodes[1]).await;
    let form = says(&mut fenna, &format!("{desk}/incidents"), &[&recipient.name, "Zoek op"]).await;
    let value = |name: &str| {
        let rest = form.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("a field");
        rest.split('"').next().expect("a value").to_owned()
    };
    let window = |partner: &str| {
        let fields = [("partner", partner), ("from", &value("from")), ("until", &value("until"))];
        form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
    };
    let query = window(recipient.partner.as_str());
    let page = says(
        &mut fenna,
        &format!("{desk}/incidents?{query}"),
        &["Kopieën: 1. Werkenden: 1. Toestemmingen: 1.", "mag de partner hebben", "Mensen die bij een vacature passen"],
    )
    .await;
    assert!(!page.contains("P-1") && !page.contains("Monteur zoekt werk"), "{page}");
    let file = fenna.fetch(&format!("{desk}/incidents/json?{query}")).await;
    let file_headers = file.headers["content-disposition"].to_str().expect("text").to_owned();
    let json: Value = serde_json::from_str(&file.html).expect("JSON");
    let seen = workers::read(&worker, "/v1/me/disclosures").await;
    let (copy, own) = (&json["items"][0], &seen["items"][0]);
    assert_eq!(
        (json["items"].as_array().map(Vec::len), &json["complete"], &json["recipient"]),
        (Some(1), &json!(true), &json!(recipient.partner)),
        "{json}"
    );
    assert_eq!(copy["disclosure"], hits[0]["disclosure"]["id"], "{hits}");
    assert_eq!((&copy["handle"], &copy["consent"]), (&hits[0]["key"], &json!(workers::id(&given[0]))));
    assert_eq!((&copy["fields"], &copy["erased"], &copy["at"]), (&json!(["/title", "/skills"]), &json!(false), &own["at"]), "{own}");
    assert!(file_headers.contains("polder-copies.json"), "{file_headers}");
    let csv = fenna.fetch(&format!("{desk}/incidents/csv?{query}")).await.html;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 2, "{csv}");
    assert!(lines[1].contains(copy["handle"].as_str().expect("a handle")) && lines[1].contains("\"/title /skills\""), "{csv}");
    for text in [&csv, &file.html] {
        assert!(!text.contains("P-1") && !text.contains("Monteur"), "{text}");
    }

    // Once its consent has ended the partner is to erase it: the page, the file and the list of what is still to be erased say the same.
    assert!(csv.starts_with("disclosure,handle,purpose,consent,fields,about,at,useUntil,erased,toErase,consentEnded,leaf"), "{csv}");
    assert!(lines[1].contains("\"false\",\"false\",\"false\""), "{csv}");
    assert_eq!(workers::call(&worker, "DELETE", &format!("/v1/me/consents/{}", workers::id(&given[0])), None).await.0, 200);
    let said =
        ["<dt>Mag de partner nog hebben</dt><dd>0</dd>", "nog niet bevestigd</dt><dd>1</dd>", "moet gewist worden", "(geldt niet meer)"];
    let ended = says(&mut fenna, &format!("{desk}/incidents?{query}"), &said).await;
    assert!(!ended.contains("mag de partner hebben"), "{ended}");
    let csv = fenna.fetch(&format!("{desk}/incidents/csv?{query}")).await.html;
    assert!(csv.contains("\"false\",\"true\",\"true\""), "{csv}");

    // Of whoever is erased nothing is found any more; that somebody is missing is said.
    assert!(!page.contains("ontbreekt"), "{page}");
    assert_eq!(workers::call(&worker, "DELETE", "/v1/me", None).await.0, 200);
    says(&mut fenna, &format!("{desk}/incidents?{query}"), &["Eén werkende ontbreekt", "kreeg deze partner niets"]).await;
    let file = fenna.fetch(&format!("{desk}/incidents/json?{query}")).await.html;
    let json: Value = serde_json::from_str(&file).expect("JSON");
    assert_eq!((&json["items"], &json["erasedSince"]), (&json!([]), &json!(1)));

    // Another partner got nothing, and what is asked wrongly is said.
    says(&mut fenna, &format!("{desk}/incidents?{}", window(nodes[2].node.home().partner.as_str())), &["kreeg deze partner niets"]).await;
    for (query, said) in [
        ("partner=x&from=2026-01-01T00:00&until=2026-01-02T00:00", "Kies een partner"),
        ("partner=oin:00000001001000000002&from=&until=", "een dag en een tijd"),
        ("partner=oin:00000001001000000002&from=2026-01-02T00:00&until=2026-01-01T00:00", "na het begin"),
        ("partner=oin:00000001001000000002&from=2026-01-01T00:00&until=2026-03-01T00:00", "hoogstens 31 dagen"),
    ] {
        for path in ["incidents", "incidents/json", "incidents/csv"] {
            let wrong = fenna.open(&format!("{desk}/{path}?{query}")).await;
            assert!(wrong.status == 400 && wrong.html.contains(said), "{path}?{query}: {}", wrong.html);
        }
    }
    assert_eq!(fenna.open(&format!("{desk}/incidents/xml?{query}")).await.status, 404);
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
async fn processing_is_what_the_interface_lists() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let mut fenna = log_in(&nodes[0], "Fenna Functionaris").await;
    let listed = workers::read(&Client::of(&nodes[0]), "/v1/activities").await;
    let page =
        says(&mut fenna, &format!("{}/processing", desk(&nodes[0])), &["Profielen bewaren", "1827 dagen", "Grondslag: toestemming."]).await;
    for activity in listed["items"].as_array().expect("a list") {
        let name = activity["activity"].as_str().expect("a name");
        assert!(page.contains(&name.replace('/', "&#x2f;")), "{name}: {page}");
    }
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
        &["2 toestemmingen op deze tekst", "Versie 4, in het Nederlands", "mensen die bij een vacature passen"],
    )
    .await;
    assert!(!texts.contains(nodes[1].node.home().name.as_str()) && !texts.contains("U mag nee zeggen"), "nobody is named: {texts}");
    let link = texts.split("by=text&amp;text=").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    let by_text = fenna.open(&format!("{page}?by=text&text={link}")).await;
    let looked = send_form(&mut fenna, &by_text, &[("ground", "not-free"), ("do", "look")]).await;
    assert!(
        looked.html.contains("Van 2 toestemmingen leggen wij vast") && looked.html.contains("Versie 4, in het Nederlands"),
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
