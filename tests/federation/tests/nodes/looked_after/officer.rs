//! What the privacy officer reads is what the interface says.

use polder_federation_tests::http::Client;
use serde_json::{Value, json};

use super::{desk, log_in, partners, says, stage, stage_of};
use crate::workers;

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
async fn processing_is_what_the_interface_lists() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let mut fenna = log_in(&nodes[0], "Fenna Functionaris").await;
    let listed = workers::read(&Client::of(&nodes[0]), "/v1/activities").await;
    let page = says(
        &mut fenna,
        &format!("{}/processing", desk(&nodes[0])),
        &["Profielen bewaren", "1827 dagen", "Grondslag: toestemming.", "Deze versie van Polder biedt dit nog niet aan."],
    )
    .await;
    for activity in listed["items"].as_array().expect("a list") {
        let name = activity["activity"].as_str().expect("a name");
        assert!(page.contains(&name.replace('/', "&#x2f;")), "{name}: {page}");
    }
}
