//! The portal, as a browser without JavaScript sees it: a worker logs in, shares, stops; nobody else does it for them.

use http::StatusCode;
use polder_federation_tests::browser::{Browser, with_people, worker};
use polder_federation_tests::http::{Client, start_all};
use polder_federation_tests::people::profile;
use polder_model::Purpose;
use serde_json::{Value, json};

use crate::portal_much::{consent, giving};
use crate::workers::about_people;

pub(crate) async fn stage(directory: &std::path::Path, names: &[&str]) -> Vec<polder_web::RunningNode> {
    let mut partners = about_people(directory, 2);
    with_people(&mut partners[0], names.iter().map(|name| worker(name)).collect());
    start_all(&mut partners).await
}

/// Logs in, with a profile that the partner has put and that is theirs from then on.
pub(crate) async fn with_profile(node: &polder_web::RunningNode, name: &str, key: &str) -> Browser {
    with_document(node, name, key, &profile("Monteur zoekt werk")).await
}

/// Logs in, with this profile.
pub(crate) async fn with_document(node: &polder_web::RunningNode, name: &str, key: &str, document: &serde_json::Value) -> Browser {
    let put = Client::of(node).put(&format!("/v1/skill-offers/{key}"), document.to_string()).await;
    assert_eq!(put.status(), 201);
    let mut browser = Browser::new();
    let home = browser.log_in(&format!("http://{}/portal", node.client), name).await;
    assert_eq!(home.status, StatusCode::OK, "{}", home.html);
    let store = node.node.store();
    let code = "an invitation";
    assert!(store.invite(key.parse().expect("a key"), code, node.node.now().plus_seconds(60)).await.expect("written"));
    let id = polder_store::people::SessionId::of(browser.cookie(&home.url, "__Host-polder-portal").expect("a session"));
    let now = node.node.now();
    let login = store.session(&id, now.plus_seconds(-900), now).await.expect("read").expect("a session").session.login;
    let taken = store.take_invitation(login, code, now).await.expect("written");
    assert!(matches!(taken, polder_store::people::Invited::Taken(_)), "{taken:?}");
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_logs_in_shares_and_stops() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let base = format!("http://{}", nodes[0].client);
    let mut browser = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let portal = format!("{base}/portal");
    let home = browser.open(&portal).await;
    assert!(home.html.contains("Hallo Anna Voorbeeld") && home.html.contains("U deelt nu niets."), "{}", home.html);

    let pick = browser.open(&format!("{portal}/share?purpose=match-vacancy")).await;
    let recipient = nodes[1].node.home().partner.to_string();
    assert!(pick.html.contains(&recipient) && !pick.html.contains(" checked"), "nothing is ticked before: {}", pick.html);
    let csrf = pick.csrf();
    let fields = [("csrf", csrf.as_str()), ("purpose", "match-vacancy"), ("recipient", &recipient), ("field", "/hours"), ("days", "30")];
    let check = browser.post(&format!("{portal}/share/check"), &fields).await;
    assert_eq!(check.status, StatusCode::OK, "{}", check.html);
    assert!(
        check.html.contains("24 tot 32") && !check.html.contains("8251") && !check.html.contains("anna@"),
        "only what is shared: {}",
        check.html
    );
    let mut yes = polder_federation_tests::browser::hidden(&check.html);
    yes.push(("answer".to_owned(), "yes".to_owned()));
    let yes: Vec<(&str, &str)> = yes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let shared = browser.post(&format!("{portal}/share/give"), &yes).await;
    assert!(shared.html.contains("Gedeeld.") && shared.html.contains("Eén organisatie mag iets van u zien"), "{}", shared.html);

    let put = Client::of(&nodes[1]).put("/v1/vacancies/V-1", polder_federation_tests::http::vacancy("Monteur").to_string()).await;
    assert_eq!(put.status(), 201);
    let question = json!({"kind": "skill-offer", "about": {"kind": "vacancy", "key": "V-1"}});
    let (status, found) = Client::of(&nodes[1]).query(&question).await;
    assert_eq!((status, found["hits"].as_array().map(Vec::len)), (200, Some(1)), "{found}");

    let action = shared.html.split("action=\"/portal/consents/").nth(1).and_then(|rest| rest.split('"').next()).expect("a form to stop");
    let stopped = browser.post(&format!("{portal}/consents/{action}"), &[("csrf", &shared.csrf())]).await;
    assert!(stopped.html.contains("Gestopt.") && stopped.html.contains("U deelt nu niets."), "{}", stopped.html);
    let (_, found) = Client::of(&nodes[1]).query(&question).await;
    assert_eq!(found["hits"], json!([]), "{found}");

    let out = browser.post(&format!("{portal}/logout"), &[("csrf", &stopped.csrf())]).await;
    assert!(out.url.contains("/portal/welcome") && browser.cookie(&base, "__Host-polder-portal").is_none(), "{out:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_does_it_for_them() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld", "Bram Voorbeeld"]).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let mut bram = with_profile(&nodes[0], "Bram Voorbeeld", "W-2").await;
    let (hers, his) = (anna.open(&portal).await.csrf(), bram.open(&portal).await.csrf());
    assert_ne!(hers, his);
    let all = format!("{portal}/consents/withdraw");
    let origin = format!("http://{}", nodes[0].client);
    for (from, csrf) in [("https://evil.example", hers.as_str()), ("null", &hers), (&origin, ""), (&origin, &his)] {
        let refused = anna.post_from(from, &all, &[("csrf", csrf)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{from} {csrf}");
        assert!(refused.html.contains("Er is niets veranderd"), "{}", refused.html);
    }
    let mut stranger = Browser::new();
    let sent = stranger.open(&format!("{portal}/share")).await;
    assert!(sent.url.contains("/portal/welcome?back=%2Fportal%2Fshare"), "{}", sent.url);
    stranger.set_cookie(&origin, "__Host-polder-portal", "AAAA");
    assert!(stranger.open(&portal).await.url.contains("/portal/welcome"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_gave_is_not_there_for_them() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld", "Bram Voorbeeld"]).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let mut bram = with_profile(&nodes[0], "Bram Voorbeeld", "W-2").await;
    let (store, now) = (nodes[0].node.store(), nodes[0].node.now());
    let hers = store.worker_of(&"W-1".parse().expect("a key"), now).await.expect("read").expect("a worker");
    let given = store.give(giving(hers, vec![consent(hers, 1, Purpose::MatchVacancy, now)], now)).await.expect("written").expect("given");
    let url = format!("{portal}/consents/{}", given[0].kept.consent.id);
    for page in [url.clone(), format!("{url}/receipt")] {
        assert_eq!(anna.open(&page).await.status, StatusCode::OK, "{page}");
        assert_eq!(bram.open(&page).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    let csrf = bram.open(&portal).await.csrf();
    assert_eq!(bram.post(&format!("{url}/withdraw"), &[("csrf", &csrf)]).await.status, StatusCode::NOT_FOUND);
    let all = bram.post(&format!("{portal}/consents/withdraw"), &[("csrf", &csrf)]).await;
    assert!(all.html.contains("U deelt nu niets."), "{}", all.html);
    let home = anna.open(&portal).await;
    assert!(home.html.contains("Eén organisatie mag iets van u zien"), "hers stands: {}", home.html);
    let stopped = anna.post(&format!("{url}/withdraw"), &[("csrf", &home.csrf())]).await;
    assert!(stopped.html.contains("U deelt nu niets."), "{}", stopped.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_written_on_one_page() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Carla Voorbeeld"]).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let mut browser = Browser::new();
    let home = browser.log_in(&portal, "Carla Voorbeeld").await;
    assert!(home.html.contains("Begin met uw profiel"), "{}", home.html);
    let page = browser.open(&format!("{portal}/profile")).await;
    let csrf = page.csrf();
    let find = [("csrf", csrf.as_str()), ("etag", ""), ("title", "Lasser zoekt werk"), ("find_skill", "las"), ("do", "skill")];
    let found = browser.post(&format!("{portal}/profile"), &find).await;
    assert!(found.html.contains("value=\"Lasser zoekt werk\""), "what was typed stays: {}", found.html);
    let uri =
        found.html.split("id=\"found-skills\"").nth(1).and_then(|rest| rest.split("value=\"").nth(1)?.split('"').next()).expect("a skill");
    let uri = uri.replace("&#x2f;", "/");

    let wrong =
        [("csrf", csrf.as_str()), ("etag", ""), ("title", ""), ("hours_min", "40"), ("hours_max", "20"), ("skill", &uri), ("do", "keep")];
    let refused = browser.post(&format!("{portal}/profile"), &wrong).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.html.contains("Er is nog niets bewaard") && refused.html.contains("value=\"40\""), "{}", refused.html);
    // Everything that is wrong at once, each by its field and linked from the top.
    let wrong = [
        ("csrf", csrf.as_str()),
        ("etag", ""),
        ("title", ""),
        ("skill", &uri),
        ("hours_min", "40"),
        ("hours_max", "90"),
        ("postcode", "9999"),
        ("salary", "genoeg"),
        ("from", "morgen"),
        ("name", "Carla"),
        ("email", "geen adres"),
        ("do", "keep"),
    ];
    let refused = browser.post(&format!("{portal}/profile"), &wrong).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(
        refused.html.contains("Deze postcode of plaats kennen wij niet") && refused.html.contains("value=\"9999\""),
        "{}",
        refused.html
    );
    for (label, field) in [
        ("Wat zoekt u?", "f-title"),
        ("Hoeveel uur per week? › Hoogstens", "f-max"),
        ("Postcode of plaats", "f-postcode"),
        ("Minstens verdienen (euro)", "f-salary"),
        ("Vanaf wanneer kunt u?", "f-from"),
        ("E-mail", "f-email"),
    ] {
        let input = refused.html.split(&format!("id=\"{field}\"")).nth(1).and_then(|rest| rest.split('>').next()).expect("a field");
        assert!(input.contains(&format!("wrong-{field}\"")) && input.contains("aria-invalid"), "{field} says what is wrong: {input}");
        assert!(refused.html.contains(&format!("<a href=\"#{field}\">{label}</a>")), "{field} is linked: {}", refused.html);
        assert_eq!(refused.html.matches(&format!("id=\"wrong-{field}\"")).count(), 1, "{field} is said once");
    }
    for right in ["f-min", "f-name", "f-telephone"] {
        assert!(!refused.html.contains(&format!("wrong-{right}\"")), "nothing is wrong with {right}: {}", refused.html);
    }
    assert!(refused.html.contains("Dit kan niet. Een heel getal van 0 tot en met 80."), "what is allowed: {}", refused.html);
    // A place stands for the postcode in the middle of it.
    let named = [("csrf", csrf.as_str()), ("etag", ""), ("postcode", "dronten"), ("find_skill", "las"), ("do", "skill")];
    let named = browser.post(&format!("{portal}/profile"), &named).await;
    assert!(named.html.contains("value=\"8251\"") && named.html.contains("8251 ligt in Dronten."), "{}", named.html);

    let level = format!("level {uri}");
    let right = [
        ("csrf", csrf.as_str()),
        ("etag", ""),
        ("title", "Lasser zoekt werk"),
        ("skill", &uri),
        (&level, "4"),
        ("hours_min", "16"),
        ("hours_max", "24"),
        ("part", "mon-morning"),
        ("part", "tue-morning"),
        ("postcode", "8251 AB"),
        ("mode", "bike"),
        ("minutes", "30"),
        ("employers", "2"),
        ("contract", "permanent"),
        ("education", "30"),
        ("language nl", "B2"),
        ("salary", "17,50"),
        ("period", "hour"),
        ("name", "Carla Voorbeeld"),
        ("do", "keep"),
    ];
    let kept = browser.post(&format!("{portal}/profile"), &right).await;
    assert!(kept.html.contains("Uw profiel is bewaard"), "{}", kept.html);
    assert!(
        kept.html.contains("class=\"reach\"") && kept.html.contains("met de fiets in 30 minuten"),
        "the commute is drawn: {}",
        kept.html
    );
    let again = browser.post(&format!("{portal}/profile"), &right).await;
    assert!(again.html.contains("Uw profiel is bewaard"), "what was clicked twice is kept once: {}", again.html);
    // Of a page of before nothing is lost, and nothing takes the place of what is kept unseen.
    let mut other = right;
    other[2] = ("title", "Lasser of kok");
    let changed = browser.post(&format!("{portal}/profile"), &other).await;
    assert!(changed.status == StatusCode::CONFLICT && changed.html.contains("ergens anders veranderd"), "{}", changed.html);
    assert!(changed.html.contains("value=\"Lasser of kok\""), "what was typed stays: {}", changed.html);
    assert!(browser.open(&format!("{portal}/profile")).await.html.contains("value=\"Lasser zoekt werk\""), "it is not kept yet");
    let hidden = polder_federation_tests::browser::hidden(&changed.html);
    let etag = &hidden.iter().find(|(name, _)| name == "etag").expect("a tag").1;
    assert!(!etag.is_empty());
    other[1] = ("etag", etag.as_str());
    let kept = browser.post(&format!("{portal}/profile"), &other).await;
    assert!(kept.html.contains("Uw profiel is bewaard") && kept.html.contains("value=\"Lasser of kok\""), "{}", kept.html);
    for page in ["", "/share", "/seen", "/erasures", "/questions", "/data", "/consents", "/data/erase"] {
        let shown = browser.open(&format!("{portal}{page}")).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}: {}", shown.html);
        assert!(shown.html.len() < 50_000, "{page}: {} bytes", shown.html.len());
        let mut english = browser.open(&format!("http://{}/pages/language/en?back=/portal{page}", nodes[0].client)).await;
        assert!(english.html.contains("<html lang=\"en\">"), "{page}: {}", english.html);
        english = browser.open(&format!("http://{}/pages/language/nl?back=/portal{page}", nodes[0].client)).await;
        assert!(english.html.contains("<html lang=\"nl\">"), "{page}");
    }
    let export = browser.open(&format!("{portal}/data/export")).await;
    assert!(export.headers["content-disposition"].to_str().is_ok_and(|value| value.contains("attachment")), "{:?}", export.headers);
    let file: Value = serde_json::from_str(&export.html).expect("JSON");
    assert_eq!(file["content"]["profile"]["document"]["title"], "Lasser of kok", "{file}");
    assert!(
        export.html.lines().count() > 50 && !export.html.contains("\\\""),
        "people read it, and no text in it is JSON: {}",
        export.html
    );
    let csrf = browser.open(&format!("{portal}/data/erase")).await.csrf();
    let unsure = browser.post(&format!("{portal}/data/erase"), &[("csrf", &csrf)]).await;
    assert_eq!(unsure.status, StatusCode::BAD_REQUEST);
    let gone = browser.post(&format!("{portal}/data/erase"), &[("csrf", &csrf), ("sure", "yes")]).await;
    assert!(gone.html.contains("Hier is alles gewist") && browser.open(&portal).await.url.contains("welcome"), "{}", gone.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_logged_out_at_the_provider_is_logged_out_here() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld", "Bram Voorbeeld"]).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let (mut anna, mut bram) = (Browser::new(), Browser::new());
    let choose = anna.open(&format!("{portal}/login")).await;
    anna.choose(&choose, "Anna Voorbeeld").await;
    bram.log_in(&portal, "Bram Voorbeeld").await;
    let sessions = format!("{}/sessions", choose.url.split("/authorize").next().expect("an address"));
    let page = anna.open(&sessions).await;
    let before = page.html.split("<strong>Anna Voorbeeld").next().expect("a page");
    let session = before.rsplit("value=\"").next().and_then(|rest| rest.split('"').next()).expect("a button").to_owned();
    anna.post(&sessions, &[("session", &session)]).await;
    assert!(anna.open(&portal).await.url.contains("/portal/welcome"));
    assert!(!bram.open(&portal).await.url.contains("/portal/welcome"), "nobody else is");
}
