//! At the desk too another language is picked on a page that answers a form: what was typed stays, and nothing is kept, proposed or ended by it.

use http::StatusCode;
use polder_federation_tests::browser::{Browser, Shown};
use polder_federation_tests::forms::filled_in;
use polder_federation_tests::http::{Client, vacancy};
use polder_model::Kind;

use crate::desk::{desk, recruiter, stage};
use crate::portal_languages::button;

const ENGLISH: &str = "<html lang=\"en\">";

/// Picks the other language on a page that answers the form with that id and action; one with a file where it takes one.
async fn switch(browser: &mut Browser, page: &Shown, origin: &str, (id, action): (&str, &str)) -> Shown {
    let (to, pressed) = button(page, id);
    let mut fields = filled_in(&page.html, action);
    fields.push(pressed);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let to = format!("{origin}{to}");
    if page.html.contains("multipart/form-data") {
        browser.post_with_file(&to, &fields, b"").await
    } else {
        browser.post(&to, &fields).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_brought_sought_or_to_be_deleted_stands_there_in_the_other_language() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let (origin, desk) = (format!("http://{}", nodes[1].client), desk(&nodes[1]));
    let mut rosa = recruiter(&nodes[1]).await;
    let import = format!("{desk}/import/vacancy");
    let csrf = rosa.open(&import).await.csrf();
    let tried = rosa.post_with_file(&import, &[("csrf", &csrf), ("lines", "geen lijst"), ("do", "store")], b"").await;
    assert!(tried.html.contains("Deze kolommen kennen wij niet") && tried.html.contains("geen lijst</textarea>"), "{}", tried.html);
    let english = switch(&mut rosa, &tried, &origin, ("form", "/desk/import/vacancy")).await;
    assert!(english.html.contains(ENGLISH) && english.html.contains("geen lijst</textarea>"), "{}", english.html);
    assert!(!english.html.contains("Deze kolommen"), "{}", english.html);
    assert_eq!(nodes[1].node.store().count_offers(Kind::Vacancy).await.expect("read"), 1);
    // What nothing is left of leads to the page as it is looked at.
    let nothing = rosa.post_with_file(&import, &[("csrf", &csrf), ("lines", ""), ("do", "try")], b"").await;
    assert!(nothing.html.replace("&#x2f;", "/").contains("/pages/language/nl?back=/desk/import/vacancy"), "{}", nothing.html);

    let typed = [("csrf", csrf.as_str()), ("kind", "vacancy"), ("text", "kade"), ("find_skill", "las"), ("do", "skill")];
    let sought = rosa.post(&format!("{desk}/search"), &typed).await;
    let dutch = switch(&mut rosa, &sought, &origin, ("search", "/desk/search#results")).await;
    assert!(!dutch.html.contains(ENGLISH) && dutch.html.contains("value=\"kade\""), "{}", dutch.html);
    assert!(dutch.html.contains("Kies wat u zoekt"), "what was found stands there again: {}", dutch.html);
    let wrong = [("csrf", csrf.as_str()), ("kind", "vacancy"), ("hours_min", "veel"), ("save_as", "Mijn zoekvraag")];
    let wrong = rosa.post(&format!("{desk}/searches"), &wrong).await;
    let english = switch(&mut rosa, &wrong, &origin, ("search", "/desk/search#results")).await;
    assert!(english.html.contains(ENGLISH) && english.html.contains("value=\"veel\""), "{}", english.html);
    assert!(!rosa.open(&format!("{desk}/searches")).await.html.contains("Mijn zoekvraag"), "it is not saved by that");

    let delete = format!("{desk}/offers/vacancy/V-1/delete");
    rosa.open(&delete).await;
    assert_eq!(Client::of(&nodes[1]).put("/v1/vacancies/V-1", vacancy("Anders").to_string()).await.status(), 200);
    let changed = rosa.post(&delete, &[("csrf", &csrf), ("etag", "\"0\"")]).await;
    assert_eq!(changed.status, StatusCode::CONFLICT);
    let back = "/pages/language/nl?back=/desk/offers/vacancy/V-1/delete";
    assert!(changed.html.replace("&#x2f;", "/").contains(back), "{}", changed.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_administrator_or_an_officer_looks_at_stands_there_in_the_other_language() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let (origin, desk) = (format!("http://{}", nodes[1].client), desk(&nodes[1]));
    let mut bas = Browser::new();
    bas.log_in(&desk, "Bas Beheerder").await;
    let csrf = bas.open(&format!("{desk}/clients")).await.csrf();
    let (clients, register) = (format!("{desk}/clients"), format!("{desk}/register"));
    let wrong = [("csrf", csrf.as_str()), ("client", "a b"), ("document", "{\"name\": 7}"), ("do", "propose")];
    let wrong = bas.post(&clients, &wrong).await;
    let english = switch(&mut bas, &wrong, &origin, ("form", "/desk/clients")).await;
    assert!(english.status == StatusCode::BAD_REQUEST && english.html.contains(ENGLISH), "{}", english.html);
    assert!(english.html.contains("value=\"a b\"") && english.html.contains("{&quot;name&quot;: 7}"), "{}", english.html);
    // What is right by now is not proposed by it either.
    let until = nodes[1].node.now().plus_seconds(30 * 86_400).date();
    let own = nodes[1].node.home().partner.to_string();
    let document = serde_json::json!({"name": "ATS", "organisations": [own], "scopes": ["vacancy:read"], "until": until.to_string(),
        "certificates": ["0".repeat(64)]});
    let fields = [("csrf", csrf.as_str()), ("client", "ats"), ("document", &document.to_string()), ("do", "look")];
    let looked = bas.post(&clients, &fields).await;
    assert!(looked.html.contains("value=\"ats\"") && !looked.html.contains("<code>ats</code>"), "{}", looked.html);
    assert_eq!(nodes[1].node.store().count_proposed_clients().await.expect("read"), 0);

    let pasted = bas.post_with_file(&register, &[("csrf", &csrf), ("lines", "geen lijst")], b"").await;
    let dutch = switch(&mut bas, &pasted, &origin, ("form", "/desk/register#proposal")).await;
    assert!(dutch.html.contains("geen JSON") && dutch.html.contains("geen lijst</textarea>"), "{}", dutch.html);
    // One that can be read is looked at once more too.
    let text = String::from_utf8(nodes[1].node.register().members_file().to_vec()).expect("text");
    let read = bas.post_with_file(&register, &[("csrf", &csrf), ("lines", &text)], b"").await;
    assert!(read.html.contains("Ledenlijst, versie"), "{}", read.html);
    let english = switch(&mut bas, &read, &origin, ("form", "/desk/register#proposal")).await;
    assert!(english.html.contains(ENGLISH) && english.html.contains("List of members, version"), "{}", english.html);

    let revocations = format!("{desk}/revocations");
    let looked =
        bas.post(&revocations, &[("csrf", &csrf), ("by", "worker"), ("key", "W-9"), ("ground", "worker-asked"), ("do", "look")]).await;
    let dutch = switch(&mut bas, &looked, &origin, ("form", "/desk/revocations")).await;
    assert!(dutch.status == StatusCode::BAD_REQUEST && !dutch.html.contains(ENGLISH), "{}", dutch.html);
    let typed = filled_in(&dutch.html, "/desk/revocations");
    assert!(typed.contains(&("key".to_owned(), "W-9".to_owned())), "{typed:?}");
}
