//! What people do who are in a hurry or are called away: they are logged out in the middle of a form, press the key that says "go", tick nothing, put a question
//! off, go back, or stop one application of several.

use http::StatusCode;
use http::header::LOCATION;
use polder_federation_tests::browser::{Browser, Shown, filled, hidden};
use polder_federation_tests::http::{Client, vacancy};
use polder_federation_tests::people::profile;
use polder_store::people::{Ends, SessionId};
use polder_web::RunningNode;
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::portal::{stage, with_profile};
use crate::portal_asked::{ask, found};

/// Sends the first form with that action as it stands, and more.
async fn send(browser: &mut Browser, page: &Shown, origin: &str, action: &str, more: &[(&str, &str)]) -> Shown {
    let html = page.html.replace("&#x2f;", "/");
    let form = html.split(&format!("action=\"{action}\"")).nth(1).and_then(|rest| rest.split("</form>").next());
    let form = form.unwrap_or_else(|| panic!("no form to {action}: {}", page.html));
    let fields: Vec<_> = filled(form).into_iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name)).collect();
    let all = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(more.iter().copied());
    browser.post(&format!("{origin}{action}"), &all.collect::<Vec<_>>()).await
}

async fn end_session(node: &RunningNode, browser: &Browser, url: &str) {
    let id = SessionId::of(browser.cookie(url, "__Host-polder-portal").expect("a session"));
    node.node.store().end_sessions(Ends::One(id)).await.expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_when_a_session_was_over_is_gone_on_with_after_the_next() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Carla Voorbeeld"]).await;
    let origin = format!("http://{}", nodes[0].client);
    let portal = format!("{origin}/portal");
    let mut carla = Browser::new();
    carla.log_in(&portal, "Carla Voorbeeld").await;
    let page = carla.open(&format!("{portal}/profile")).await;
    let csrf = page.csrf();
    end_session(&nodes[0], &carla, &portal).await;
    let away = carla.open(&format!("{portal}/seen")).await;
    assert!(away.html.contains("U deed een tijd niets"), "what happened is said: {}", away.html);
    let typed = [
        ("csrf", csrf.as_str()),
        ("etag", ""),
        ("title", "Lasser <b>zoekt</b>"),
        ("description", "Eerste\nTweede"),
        ("part", "mon-morning"),
    ];
    let over = carla.post(&format!("{portal}/profile"), &typed).await;
    assert_eq!(over.status, StatusCode::UNAUTHORIZED, "{}", over.html);
    assert!(over.html.contains("Wat u typte, is nog niet bewaard") && over.html.contains("Lasser &lt;b&gt;zoekt"), "{}", over.html);
    // Before they are logged in it goes no further; a form of another page, or of nobody, goes nowhere.
    let still = send(&mut carla, &over, &origin, "/portal/resume", &[("description", "Eerste\nTweede")]).await;
    assert_eq!(still.status, StatusCode::UNAUTHORIZED, "{}", still.html);
    for (from, csrf) in [(origin.as_str(), csrf.as_str()), (&origin, ""), ("https://evil.example", &csrf)] {
        let fields = [("csrf", csrf), ("form", "profile"), ("title", "Anders")];
        assert_eq!(carla.post_from(from, &format!("{portal}/resume"), &fields).await.status, StatusCode::FORBIDDEN, "{from} {csrf}");
    }
    let nobody = Browser::new().post(&format!("{portal}/resume"), &typed).await;
    assert!(nobody.url.contains("/portal/welcome"), "{}", nobody.url);
    let nothing = carla.post(&format!("{portal}/profile"), &[("csrf", &csrf)]).await;
    assert!(nothing.url.contains("/portal/welcome?over=yes"), "{}", nothing.url);

    carla.log_in(&portal, "Carla Voorbeeld").await;
    let back = carla.open(&format!("{portal}/resume")).await;
    assert!(back.html.contains("U bent weer ingelogd"), "{}", back.html);
    let again = send(&mut carla, &still, &origin, "/portal/resume", &[("description", "Eerste\nTweede")]).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.html);
    for said in ["Wat u typte, staat er weer", "value=\"Lasser &lt;b&gt;zoekt&lt;&#x2f;b&gt;\"", "Eerste\nTweede", "value=\"mon-morning\""]
    {
        assert!(again.html.contains(said), "{said}: {}", again.html);
    }
    assert!(carla.open(&format!("{portal}/profile")).await.html.contains("name=\"title\" value=\"\""), "nothing was kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_that_says_go_looks_for_what_was_typed_and_what_is_not_ticked_is_said_at_its_field() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let page = anna.open(&format!("{portal}/profile")).await;
    let first = page.html.split("<button").find(|button| button.contains("name=\"do\"")).expect("a button");
    assert!(page.html.contains("id=\"form\" novalidate>"), "all that is wrong is said at once, by the node: {}", page.html);
    assert!(page.html.contains("B1: gewone gesprekken") && page.html.contains("Mbo 3<") && !page.html.contains("NLQF"), "{}", page.html);
    assert!(first.contains("value=\"enter\""), "the first button of the form is what a browser presses for that key: {first}");
    let csrf = page.csrf();
    let typed = [("csrf", csrf.as_str()), ("etag", "\"9\""), ("find_skill", "las"), ("sought_skill", ""), ("do", "enter")];
    let found = anna.post(&format!("{portal}/profile"), &typed).await;
    assert!(found.status == StatusCode::OK && found.html.contains("id=\"found-skills\""), "{}", found.html);
    let sought = hidden(&found.html).into_iter().find(|(name, _)| name == "sought_skill").expect("what was looked for");
    assert_eq!(sought.1, "las");
    let again = [("csrf", csrf.as_str()), ("etag", "\"9\""), ("find_skill", "las"), ("sought_skill", "las"), ("do", "enter")];
    assert_eq!(anna.post(&format!("{portal}/profile"), &again).await.status, StatusCode::CONFLICT, "nothing new: it is to be kept");
    let propose = anna.post(&format!("{portal}/profile"), &[("csrf", &csrf), ("do", "propose")]).await;
    let skills = propose.html.split("id=\"skills\"").nth(1).and_then(|rest| rest.split("</fieldset>").next()).expect("a part");
    assert!(
        skills.contains("id=\"wrong-f-propose\"") && skills.contains("Kies eerst een beroep"),
        "it is said where it was asked: {skills}"
    );

    let share = anna.open(&format!("{portal}/share?purpose=be-contacted")).await;
    assert!(!share.html.contains("Dit hoort er altijd bij"), "nothing does: {}", share.html);
    let recipient = nodes[1].node.home().partner.to_string();
    let less = [("csrf", csrf.as_str()), ("purpose", "be-contacted"), ("recipient", &recipient)];
    let wrong = anna.post(&format!("{portal}/share/check"), &less).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    for (said, times) in [("Kies minstens één ding om te delen.", 2), ("Kies hoe lang.", 2), ("Kies minstens één organisatie.", 0)] {
        assert_eq!(wrong.html.matches(said).count(), times, "{said}, at the top and at its field: {}", wrong.html);
    }
    assert!(wrong.html.contains(&format!("value=\"{recipient}\" checked")), "what was ticked stays: {}", wrong.html);
    assert!(!wrong.html.contains("hreflang"), "a link to another language would throw it away: {}", wrong.html);
    let all: Vec<_> = less.into_iter().chain([("field", "/contact/email"), ("days", "30")]).collect();
    let check = anna.post(&format!("{portal}/share/check"), &all).await;
    let fields = filled(&check.html);
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain([("do", "back")]);
    let back = anna.post(&format!("{portal}/share/check"), &fields.collect::<Vec<_>>()).await;
    assert!(
        back.html.contains("value=\"&#x2f;contact&#x2f;email\" checked") && back.html.contains("value=\"30\" checked"),
        "{}",
        back.html
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_looked_for_has_an_address_that_one_session_opens_and_says_nothing_of_what_was_typed() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld", "Bart Voorbeeld"]).await;
    let origin = format!("http://{}", nodes[0].client);
    let portal = format!("{origin}/portal");
    let (mut anna, mut bart) = (Browser::new(), Browser::new());
    anna.log_in(&portal, "Anna Voorbeeld").await;
    bart.log_in(&portal, "Bart Voorbeeld").await;
    let csrf = anna.open(&format!("{portal}/profile")).await.csrf();
    let mut addresses = Vec::new();
    for (title, name, text, part) in
        [("Eerste regel", "skill", "las", "skills"), ("Tweede regel", "occupation", "kok", "occupationsWanted")]
    {
        let find = format!("find_{name}");
        let typed = [("csrf", csrf.as_str()), ("etag", ""), ("title", title), ("part", "mon-morning"), (&find, text), ("do", name)];
        let sent = anna.post_from(&origin, &format!("{portal}/profile"), &typed).await;
        let to = sent.headers.get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        assert_eq!((sent.status, to.ends_with(&format!("#{part}"))), (StatusCode::SEE_OTHER, true), "{to}");
        assert!(to.starts_with("/portal/profile?typed=") && !to.contains("regel") && !to.contains(text), "{to}");
        addresses.push((format!("{origin}{to}"), title, format!("id=\"found-{name}s\"")));
    }
    // One goes back, and loads it anew: each is as it was sent, and nothing of it was kept.
    for (url, title, found) in addresses.iter().rev().chain(&addresses) {
        let page = anna.open(url).await;
        for said in
            [&format!("value=\"{title}\""), found, "value=\"mon-morning\" aria-label=\"maandagochtend\" checked", "href=\"#language\""]
        {
            assert!(page.status == StatusCode::OK && page.html.contains(said), "{said}: {}", page.html);
        }
    }
    assert!(anna.open(&format!("{portal}/profile")).await.html.contains("name=\"title\" value=\"\""), "nothing was kept");
    let (first, ..) = &addresses[0];
    let other = bart.open(first).await;
    assert!(other.html.contains("Wat u hier typte, staat hier niet meer") && !other.html.contains("Eerste"), "{}", other.html);
    anna.log_in(&portal, "Anna Voorbeeld").await;
    let later = anna.open(first).await;
    assert!(later.html.contains("Wat u hier typte, staat hier niet meer") && !later.html.contains("Eerste"), "{}", later.html);

    // Where there is no room for it, the form answers at once.
    let file = directory.path().join(nodes[0].node.home().partner.to_string().replace(':', "-")).join("polder.db");
    let mut database = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.expect("the database");
    let full = "CREATE TRIGGER full BEFORE INSERT ON sealed_pages BEGIN SELECT RAISE(ABORT, 'full'); END";
    sqlx::query(full).execute(&mut database).await.expect("written");
    let typed = [("csrf", later.csrf()), ("title", "Derde".to_owned()), ("find_skill", "las".to_owned()), ("do", "skill".to_owned())];
    let typed = typed.each_ref().map(|(name, value)| (*name, value.as_str()));
    let found = anna.post_from(&origin, &format!("{portal}/profile"), &typed).await;
    assert!(found.status == StatusCode::OK && found.html.contains("id=\"found-skills\""), "{}", found.html);
    assert!(found.html.contains("value=\"Derde\""), "{}", found.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_off_stays_and_a_no_leaves_a_trace() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let origin = format!("http://{}", nodes[0].client);
    let (mut anna, portal, key) =
        found(&nodes, &json!({"title": "Kok", "description": "x", "employer": {"name": "Bakkerij"}, "skills": profile("")["skills"]}))
            .await;
    ask(&nodes, &key, &["/contact/name"], None).await;
    let home = anna.open(&portal).await;
    let id = home.html.split("/portal/requests/").nth(1).and_then(|rest| rest.split('"').next()).expect("a request").to_owned();
    let page = anna.open(&format!("{portal}/requests/{id}")).await;
    let later = send(&mut anna, &page, &origin, "/portal/share/give", &[("answer", "later")]).await;
    assert!(later.html.contains("De vraag blijft hier staan") && later.html.contains(&id), "{}", later.html);
    assert!(later.html.contains("U wilde dit later beslissen"), "{}", later.html);
    let page = anna.open(&format!("{portal}/requests/{id}")).await;
    assert!(page.status == StatusCode::OK && !page.html.contains("value=\"later\""), "{}", page.html);
    let consents = anna.open(&format!("{portal}/consents")).await;
    assert!(consents.html.contains("Nee gezegd of uitgesteld") && consents.html.contains("<strong>later</strong>"), "{}", consents.html);
    let refused = send(&mut anna, &page, &origin, "/portal/share/give", &[("answer", "no")]).await;
    assert!(!refused.html.contains(&id), "{}", refused.html);
    let consents = anna.open(&format!("{portal}/consents")).await;
    for said in ["<strong>nee gezegd</strong>", "Zij kunnen u dit opnieuw vragen vanaf"] {
        assert!(consents.html.contains(said), "{said}: {}", consents.html);
    }
}

/// Publishes a vacancy of the other node, and goes to the form for it.
async fn to_apply(anna: &mut Browser, nodes: &[RunningNode], key: &str, title: &str) -> Shown {
    let origin = format!("http://{}", nodes[0].client);
    let mut document = vacancy(title);
    document["skills"] = profile("")["skills"].clone();
    assert_eq!(Client::of(&nodes[1]).put(&format!("/v1/vacancies/{key}"), document.to_string()).await.status(), 201);
    let work = anna.open(&format!("{origin}/portal/work?whole=yes")).await;
    let form = send(anna, &work, &origin, "/portal/apply", &[]).await;
    assert!(form.url.contains("/portal/apply?partner=") && form.html.contains(title), "a page to go back to: {}", form.url);
    form
}

/// Waits until so many applications have reached their recipient.
async fn received(anna: &mut Browser, portal: &str, many: usize) {
    while anna.open(&format!("{portal}/applications")).await.html.matches("Zij mogen dit gebruiken tot").count() != many {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_applications_is_stopped_and_nobody_is_led_to_a_form_that_another_made_up() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let origin = format!("http://{}", nodes[0].client);
    let portal = format!("{origin}/portal");
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    for (key, title) in [("V-1", "Monteur"), ("V-2", "Lasser")] {
        let form = to_apply(&mut anna, &nodes, key, title).await;
        let forged = form.url.replace(title, "Directeur");
        assert!(anna.open(&forged).await.url.contains("/portal/work"), "nobody else says what a vacancy is called");
        assert_eq!(anna.open(&form.url).await.html, form.html);
        let also = if key == "V-1" { "/skills" } else { "/contact/name" };
        let fields = [("field", "/contact/email"), ("field", also), ("motivation", "Graag.")];
        let check = send(&mut anna, &form, &origin, "/portal/apply/check", &fields).await;
        assert!(check.html.contains("hoogstens 7 dagen gebruiken, ook als de vacature langer open staat"), "{}", check.html);
        let stays = check.html.contains("blijven zoals u ze verstuurde. Daarin zien zij ook: uw vaardigheden. Met deze");
        assert_eq!(stays, key == "V-2", "what the first one shows stays, and does not go along with the second: {}", check.html);
        let sent = send(&mut anna, &check, &origin, "/portal/apply/send", &[("answer", "yes")]).await;
        assert!(sent.html.contains("Uw sollicitatie is op weg"), "{}", sent.html);
    }
    let home = anna.open(&portal).await;
    for said in ["<li>Monteur", "<li>Lasser", "Stop alle 2", "Eén organisatie mag iets van u zien", "4 gegevens"] {
        assert!(home.html.contains(said), "{said}: {}", home.html);
    }
    received(&mut anna, &portal, 2).await;
    // Somebody there has read both.
    let read = Client::of(&nodes[1]).request("GET", "/v1/applications").send().await.expect("a response");
    assert_eq!(read.text().await.expect("text").matches("Graag.").count(), 2);
    let all = anna.open(&format!("{portal}/applications")).await;
    let action = all.html.split("action=\"/portal/applications/").nth(1).and_then(|rest| rest.split('"').next()).expect("a form");
    let stopped = anna.post(&format!("{portal}/applications/{action}"), &[("csrf", &all.csrf())]).await;
    assert!(stopped.url.ends_with("/portal/applications?told=withdrawn"), "{}", stopped.url);
    assert_eq!(stopped.html.matches("Door u gestopt").count(), 1, "{}", stopped.html);
    assert_eq!(stopped.html.matches("<button class=\"stop\"").count(), 1, "the other one can be stopped still: {}", stopped.html);
    let home = anna.open(&portal).await;
    assert!(home.html.contains("<li>Monteur") && !home.html.contains("<li>Lasser"), "{}", home.html);
    assert!(home.html.contains("3 gegevens"), "what went along with the other one alone is seen no more: {}", home.html);
    let seen = anna.open(&format!("{portal}/seen")).await;
    let counted = ["Zij moeten dit wissen.", "Zij mogen het gebruiken tot"].map(|said| seen.html.matches(said).count());
    assert_eq!(counted, [1, 1], "{}", seen.html);
    let erasures = anna.open(&format!("{portal}/erasures")).await;
    assert!(erasures.html.contains("Uw sollicitatie op “Lasser”") && !erasures.html.contains("Monteur"), "{}", erasures.html);

    // The other one is named too where everything is stopped; what was stopped before is not named once more by a later end.
    for titles in [["Monteur", "Lasser"].as_slice(), &["Monteur", "Lasser", "Kok"]] {
        let home = anna.open(&portal).await;
        anna.post(&format!("{portal}/consents/withdraw"), &[("csrf", &home.csrf())]).await;
        let erasures = anna.open(&format!("{portal}/erasures")).await;
        for title in titles {
            assert_eq!(erasures.html.matches(&format!("Uw sollicitatie op “{title}”")).count(), 1, "{title}: {}", erasures.html);
        }
        if titles.len() == 2 {
            for key in ["V-1", "V-2"] {
                let gone = Client::of(&nodes[1]).request("DELETE", &format!("/v1/vacancies/{key}")).send().await.expect("a response");
                assert!(gone.status().is_success(), "{}", gone.status());
            }
            let form = to_apply(&mut anna, &nodes, "V-3", "Kok").await;
            let fields = [("field", "/contact/email"), ("motivation", "Graag.")];
            let check = send(&mut anna, &form, &origin, "/portal/apply/check", &fields).await;
            send(&mut anna, &check, &origin, "/portal/apply/send", &[("answer", "yes")]).await;
            received(&mut anna, &portal, 1).await;
        }
    }
}
