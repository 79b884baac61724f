//! What fits a worker, on the pages of the portal: asked of everyone, with nothing in the question that says who asks.

use futures::future::join_all;
use http::StatusCode;
use polder_federation_tests::browser::{Browser, Shown, staff, with_people, worker};
use polder_federation_tests::filling::Filling;
use polder_federation_tests::http::{Client, start_all};
use polder_federation_tests::people::profile;
use polder_store::people::Role;
use serde_json::{Value, json};

use crate::portal::{stage, with_document, with_profile};
use crate::workers::read;

pub(crate) const SKILL: &str = "http://data.europa.eu/esco/skill/6c6b3a4c-6a5e-4f2d-9f0e-1f6f0a5d8b11";

async fn put(node: &polder_web::RunningNode, path: &str, document: &serde_json::Value) {
    let put = Client::of(node).put(path, document.to_string()).await;
    assert_eq!(put.status(), 201, "{path}");
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_fits_is_shown_with_its_reasons_and_no_other() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let fits = json!({
        "title": "Monteur <script>alert(1)</script>", "description": "Sleutelen & meten.", "employer": {"name": "Werkplaats \"de Proef\""},
        "skills": [{"uri": SKILL, "label": {"nl": "sleutelen"}}], "hours": {"min": 20, "max": 28}, "location": {"postcode": "8251 AB"},
        "application": {"url": "https://elders.example/vacature"}
    });
    put(&nodes[1], "/v1/vacancies/V-1", &fits).await;
    let unlike = json!({"title": "Kok", "description": "Koken.", "employer": {"name": "Eetcafé"}, "hours": {"min": 20, "max": 28}});
    put(&nodes[1], "/v1/vacancies/V-2", &unlike).await;
    let other_hours = json!({"title": "Nachtmonteur", "description": "x", "employer": {"name": "Nacht"}, "skills": [{"uri": SKILL}], "hours": {"min": 38, "max": 40}});
    put(&nodes[1], "/v1/vacancies/V-3", &other_hours).await;
    let mut browser = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let page = browser.open(&format!("{portal}/work")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.html);
    assert!(page.html.contains("Monteur &lt;script&gt;") && !page.html.contains("<script>"), "what another wrote is text: {}", page.html);
    for said in ["Dit kunt u: sleutelen", "De uren passen", "Werkplaats", "20 tot 28", "elders.example"] {
        assert!(page.html.contains(said), "{said}: {}", page.html);
    }
    assert!(!page.html.contains("Kok") && !page.html.contains("Nachtmonteur"), "only what fits: {}", page.html);
    assert!(!page.html.contains("rel=\"noopener"), "the register names no such host: {}", page.html);
    assert!(page.html.contains("aan 2 organisaties"), "{}", page.html);
    let questions = browser.open(&format!("{portal}/questions")).await;
    assert!(questions.html.contains("Vacatures gezocht"), "{}", questions.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_more_than_a_page_is_shown_ten_by_ten() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    for number in 1..=23 {
        let title = format!("Monteur nummer {number}.");
        let vacancy = json!({"title": title, "description": "x", "employer": {"name": "Proef"}, "skills": [{"uri": SKILL}]});
        put(&nodes[1], &format!("/v1/vacancies/V-{number}"), &vacancy).await;
    }
    let mut browser = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let mut seen: Vec<usize> = Vec::new();
    for (part, count) in [(1, 10), (2, 10), (3, 3)] {
        let page = browser.open(&format!("{portal}/work?whole=yes&part={part}")).await;
        let shown: Vec<usize> = (1..=23).filter(|number| page.html.contains(&format!("<h3>Monteur nummer {number}.</h3>"))).collect();
        assert_eq!(shown.len(), count, "{part}: {}", page.html);
        assert!(shown.iter().all(|number| !seen.contains(number)), "{part}: none of them twice");
        seen.extend(shown);
        let goes_on = page.html.contains("Er is meer dan u hier ziet");
        assert_eq!(goes_on, part < 3, "{}", page.html);
        assert_eq!(page.html.contains(&format!("part={}", part + 1)), goes_on, "{}", page.html);
    }
    // There is no fourth: it leads to the first.
    let first = browser.open(&format!("{portal}/work?whole=yes&part=4")).await;
    assert!(!first.url.contains("part=") && first.html.matches("<h3>Monteur").count() == 10, "{}", first.url);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_sought_in_the_place_of_occupations_and_skills() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let fits = json!({"title": "Monteur", "description": "x", "employer": {"name": "Proef"}, "skills": [{"uri": SKILL}]});
    put(&nodes[1], "/v1/vacancies/V-0", &fits).await;
    for number in 1..=12 {
        let title = format!("Kok nummer {number}.");
        let vacancy = json!({"title": title, "description": "x", "employer": {"name": "Proef"}, "hours": {"min": 20, "max": 28}});
        put(&nodes[1], &format!("/v1/vacancies/V-{number}"), &vacancy).await;
    }
    let nights = json!({"title": "Kok bij nacht", "description": "x", "employer": {"name": "Proef"}, "hours": {"min": 38, "max": 40}});
    put(&nodes[1], "/v1/vacancies/V-13", &nights).await;
    let mut browser = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let (origin, portal) = (format!("http://{}", nodes[0].client), format!("http://{}/portal", nodes[0].client));
    let mut shown = 0;
    for (part, count) in [(1, 10), (2, 2)] {
        let page = browser.open(&format!("{portal}/work?whole=yes&text=kok&part={part}")).await;
        assert_eq!(page.html.matches("<h3>Kok nummer").count(), count, "{}", page.html);
        assert!(!page.html.contains("<h3>Monteur") && !page.html.contains("bij nacht"), "what else was wished holds: {}", page.html);
        assert!(page.html.contains("U zocht op “kok”") && page.html.contains("de woorden die u typte"), "{}", page.html);
        assert_eq!(page.html.contains("text=kok&amp;part=2"), part == 1, "the rest is of the same words: {}", page.html);
        shown += count;
    }
    assert_eq!(shown, 12);
    // Without a script the page leads to the same.
    let led = browser.open(&format!("{portal}/work?text=kok")).await;
    assert!(led.url.ends_with("?whole=yes&text=kok") && led.html.contains("<h3>Kok nummer"), "{}", led.url);
    let csrf = led.csrf();
    let streamed = browser.post_from(&origin, &format!("{portal}/work/stream"), &[("csrf", &csrf), ("text", "kok")]).await;
    let titles: Vec<String> = Filling::of(&streamed.html).rows.iter().map(|row| row["title"].to_string()).collect();
    assert!(titles.len() == 10 && titles.iter().all(|title| title.contains("Kok nummer")), "{titles:?}");
    let questions = browser.open(&format!("{portal}/questions")).await;
    assert!(questions.html.contains("<li>woorden</li>"), "{}", questions.html);
    // However much somebody types, and whatever: it is text, and as much of it as one question takes.
    let much = "%3Cscript%3E+".to_owned() + &"kok+en+ober+".repeat(20);
    let page = browser.open(&format!("{portal}/work?whole=yes&text={much}")).await;
    assert!(page.status == StatusCode::OK && !page.html.contains("<script>k") && page.html.contains("<h3>Kok nummer"), "{}", page.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_says_what_the_page_says_and_is_for_the_worker_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = crate::workers::about_people(directory.path(), 2);
    let people = [worker("Anna Voorbeeld"), worker("Bram Voorbeeld"), staff("Rosa Recruiter", &[Role::Desk])];
    with_people(&mut partners[0], people.into());
    let nodes = start_all(&mut partners).await;
    let fits = json!({"title": "Monteur <b>A</b>", "description": "Sleutelen.", "employer": {"name": "Proef"}, "skills": [{"uri": SKILL, "label": {"nl": "sleutelen"}}],
        "salary": {"min": 280_050, "period": "month", "currency": "EUR"}});
    put(&nodes[1], "/v1/vacancies/V-1", &fits).await;
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let (origin, portal) = (format!("http://{}", nodes[0].client), format!("http://{}/portal", nodes[0].client));
    // With a script the page comes at once, and asks for the rest; without one it leads on.
    let first = anna.fetch(&format!("{portal}/work")).await;
    assert!(first.html.contains("data-now") && first.html.contains("<noscript>") && !first.html.contains("Monteur"), "{}", first.html);
    let whole = anna.open(&format!("{portal}/work")).await;
    let stream = format!("{portal}/work/stream");
    let csrf = whole.csrf();
    let streamed = anna.post_from(&origin, &stream, &[("csrf", &csrf)]).await;
    assert_eq!((streamed.status, streamed.headers["content-type"].to_str().expect("text")), (StatusCode::OK, "application/x-ndjson"));
    let lines: Vec<serde_json::Value> = streamed.html.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.iter().filter(|line| line["type"] == "partner").count(), 2, "{lines:?}");
    let list = Filling::of(&streamed.html);
    let (done, row) = (&list.last, &list.rows[0]);
    assert_eq!((&done["type"], &row["title"], &row["by"]), (&json!("done"), &json!("Monteur <b>A</b>"), &json!("Proef")));
    let texts = [&row["chips"], &row["why"]].into_iter().flat_map(|list| list.as_array().expect("a list"));
    for text in texts.chain([&done["summary"]]) {
        let text = text.as_str().expect("text");
        assert!(whole.html.contains(text), "{text}: {}", whole.html);
    }
    assert!(whole.html.contains("€ 2.800,50 per maand") && row["apply"]["key"] == "V-1", "{row:?}");

    let mut bram = Browser::new();
    bram.log_in(&portal, "Bram Voorbeeld").await;
    let his = bram.open(&portal).await.csrf();
    let mut rosa = Browser::new();
    let choose = rosa.open(&format!("{origin}/desk/login")).await;
    let hers = rosa.choose(&choose, "Rosa Recruiter").await.csrf();
    let session = rosa.cookie(&origin, "__Host-polder-desk").expect("a session").to_owned();
    rosa.set_cookie(&origin, "__Host-polder-portal", &session);
    for stream in [&stream, &format!("{portal}/training/stream")] {
        for (from, csrf) in [(origin.as_str(), ""), (&origin, &his), ("https://evil.example", &csrf)] {
            assert_eq!(anna.post_from(from, stream, &[("csrf", csrf)]).await.status, StatusCode::FORBIDDEN, "{from} {csrf}");
        }
        assert_eq!(bram.post_from(&origin, stream, &[("csrf", &his)]).await.status, StatusCode::CONFLICT, "without a profile");
        for (browser, csrf) in [(&mut rosa, hers.as_str()), (&mut Browser::new(), "")] {
            let led = browser.post_from(&origin, stream, &[("csrf", csrf)]).await;
            assert!(led.headers["location"].to_str().is_ok_and(|to| to.starts_with("/portal/welcome")), "{led:?}");
        }
    }
    // A session of the desk opens no page of the portal.
    for path in ["profile/import", "move", "verify", "verify/proof", "verify/since?old=0&new=1", "work?whole=yes"] {
        assert!(rosa.open(&format!("{portal}/{path}")).await.url.contains("/portal/welcome"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_to_a_host_that_the_register_names_for_its_partner() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = crate::workers::about_people(directory.path(), 2);
    partners[1].member.link_hosts = vec!["voorbeeld.nl".parse().expect("a host")];
    with_people(&mut partners[0], vec![worker("Anna Voorbeeld")]);
    let nodes = start_all(&mut partners).await;
    {
        let (key, url) = ("V-1", "https://werk.voorbeeld.nl/1?a=b&c=d");
        let document = json!({"title": key, "description": "x", "employer": {"name": "Proef"}, "skills": [{"uri": SKILL}], "application": {"url": url}});
        let put = Client::of(&nodes[1]).put(&format!("/v1/vacancies/{key}"), document.to_string()).await;
        assert!(put.status().is_success(), "{key}");
    }
    let mut browser = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let page = browser.open(&format!("http://{}/portal/work", nodes[0].client)).await;
    let links: Vec<&str> = page.html.split("<a class=\"button second\" ").skip(1).filter_map(|rest| rest.split('>').next()).collect();
    assert_eq!(links.len(), 1, "{}", page.html);
    assert!(links[0].contains("werk.voorbeeld.nl") && links[0].contains("rel=\"noopener noreferrer"), "{links:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_did_not_answer_is_named_and_who_has_no_profile_is_led_to_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut nodes = stage(directory.path(), &["Anna Voorbeeld", "Bram Voorbeeld"]).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let mut bram = Browser::new();
    bram.log_in(&portal, "Bram Voorbeeld").await;
    for page in ["work", "training"] {
        let led = bram.open(&format!("{portal}/{page}")).await;
        assert!(led.url.ends_with("/portal/profile?told=first") && led.html.contains("Daarvoor hebt u een profiel nodig"), "{}", led.url);
    }
    let away = nodes.pop().expect("a node");
    let name = away.node.home().name.clone();
    away.stop().await;
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let page = anna.open(&format!("{portal}/work")).await;
    assert!(page.html.contains("Eén organisatie gaf geen antwoord") && page.html.contains(&name), "{}", page.html);
    assert!(page.html.contains("Er is nu geen vacature die past"), "{}", page.html);
    let mut stranger = Browser::new();
    assert!(stranger.open(&format!("{portal}/work")).await.url.contains("/portal/welcome"));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_training_fits_an_occupation_is_proposed_to_whoever_wants_none() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld", "Bart Voorbeeld"]).await;
    let wanted = nodes[0].node.reference().occupations().first().expect("an occupation").uri.clone();
    let none = profile("Monteur");
    let mut some = none.clone();
    some["occupationsWanted"] = json!([{"scheme": "esco", "uri": wanted.as_str()}]);
    for (name, key, mine, proposes) in [("Anna Voorbeeld", "W-1", none, true), ("Bart Voorbeeld", "W-2", some, false)] {
        let mut browser = with_document(&nodes[0], name, key, &mine).await;
        let page = browser.open(&format!("http://{}/portal/training?whole=yes", nodes[0].client)).await;
        assert!(page.html.contains("Er is nu geen opleiding die past"), "{}", page.html);
        assert_eq!(page.html.contains("Zet in uw profiel welk beroep u wilt"), proposes, "{name}: {}", page.html);
        // Who seeks by words is told of the words alone.
        for (at, kind) in [("training", "opleiding"), ("work", "vacature")] {
            let page = browser.open(&format!("http://{}/portal/{at}?whole=yes&text=onvindbaar", nodes[0].client)).await;
            let said = format!("Er is nu geen {kind} die bij deze woorden past. Probeer andere woorden.");
            assert!(page.html.contains(&said) && !page.html.contains("welk beroep u wilt"), "{said} {}", page.html);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trainings_teach_what_is_lacking_for_the_occupation_that_is_wanted() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let reference = nodes[0].node.reference();
    let wanted = reference.occupations().iter().find(|one| one.skills.len() > 1).expect("an occupation with skills");
    let (held, lacking) = (&wanted.skills[0].0, &wanted.skills[1].0);
    let training = |title: &str, skill: &str| json!({"title": title, "description": "Leren.", "provider": {"name": "School"}, "skillsTaught": [{"uri": skill}]});
    put(&nodes[1], "/v1/trainings/T-1", &training("Nieuwe cursus", lacking.as_str())).await;
    put(&nodes[1], "/v1/trainings/T-2", &training("Bekende cursus", held.as_str())).await;
    let mut browser = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let mut document = profile("Monteur");
    document["skills"] = json!([{"uri": held.as_str()}]);
    document["occupationsWanted"] = json!([{"scheme": "esco", "uri": wanted.uri.as_str()}]);
    let changed = Client::of(&nodes[0]).put("/v1/skill-offers/W-1", document.to_string()).await;
    assert!(changed.status().is_success(), "{}", changed.status());
    let page = browser.open(&format!("http://{}/portal/training", nodes[0].client)).await;
    assert!(
        page.html.contains("Nieuwe cursus") && page.html.contains("Dit leert u:") && !page.html.contains("Bekende cursus"),
        "{}",
        page.html
    );
}

/// What a form sends: what is hidden in the one with that action, and more.
pub(crate) async fn submit(browser: &mut Browser, page: &Shown, portal: &str, action: &str, more: &[(&str, &str)]) -> Shown {
    let form =
        page.html.split(&format!("action=\"/portal/{action}\"")).nth(1).and_then(|rest| rest.split("</form>").next()).expect("a form");
    let hidden = polder_federation_tests::browser::hidden(form);
    let fields: Vec<(&str, &str)> =
        hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(more.iter().copied()).collect();
    browser.post(&format!("{portal}/{action}"), &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_applies_without_javascript_sees_it_received_and_takes_it_back() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let fits = json!({"title": "Monteur", "description": "Sleutelen.", "employer": {"name": "Werkplaats"}, "skills": [{"uri": SKILL}]});
    put(&nodes[1], "/v1/vacancies/V-1", &fits).await;
    let mut browser = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let work = browser.open(&format!("{portal}/work")).await;
    let form = submit(&mut browser, &work, &portal, "apply", &[]).await;
    assert!(form.html.contains("Solliciteren") && !form.html.contains(" checked"), "nothing is ticked before: {}", form.html);
    let nothing = submit(&mut browser, &form, &portal, "apply/check", &[]).await;
    assert!(nothing.status == StatusCode::BAD_REQUEST && nothing.html.contains("Kies iets"), "{}", nothing.html);
    let wrong = [("field", "/skills"), ("motivation", "Mijn BSN is 111222333.")];
    let wrong = submit(&mut browser, &form, &portal, "apply/check", &wrong).await;
    assert!(wrong.status == StatusCode::BAD_REQUEST && wrong.html.contains("value=\"&#x2f;skills\" checked"), "{}", wrong.html);
    let picked = [("field", "/skills"), ("field", "/contact/email"), ("motivation", "Ik werk graag <b>buiten</b>.\r\nEcht.")];
    let check = submit(&mut browser, &form, &portal, "apply/check", &picked).await;
    assert_eq!(check.status, StatusCode::OK, "{}", check.html);
    let through = format!("Dit ziet Werkplaats, via {}", nodes[1].node.home().name);
    for said in [
        "anna@voorbeeld.example",
        "&lt;b&gt;buiten",
        "artikel 6, lid 1, onder b",
        &through,
        "gaat het om de vacature “Monteur” van “Werkplaats”.",
    ] {
        assert!(check.html.contains(said), "{said}: {}", check.html);
    }
    assert!(!check.html.contains("8251") && !check.html.contains("24 tot 32"), "only what was picked: {}", check.html);
    let back = submit(&mut browser, &check, &portal, "apply/check", &[("do", "back")]).await;
    assert!(back.html.contains("&lt;b&gt;buiten") && back.html.contains(" checked"), "what was typed stays: {}", back.html);
    let no = submit(&mut browser, &check, &portal, "apply/send", &[("answer", "no")]).await;
    assert!(no.url.ends_with("/portal/work"), "{}", no.url);
    let employer = Client::of(&nodes[1]);
    assert_eq!(read(&employer, "/v1/applications").await["items"], json!([]), "nothing was sent");

    // However often it is clicked: each of ten clicks at once leads to the one that was sent.
    let all = join_all((0..10).map(|_| {
        let (mut click, check, portal) = (browser.clone(), &check, &portal);
        async move { submit(&mut click, check, portal, "apply/send", &[("answer", "yes")]).await }
    }));
    for sent in all.await {
        assert!(sent.html.contains("Uw sollicitatie is op weg"), "{}", sent.html);
        assert_eq!(sent.html.matches("<article").count(), 1, "{}", sent.html);
    }
    let received = loop {
        let page = browser.open(&format!("{portal}/applications")).await;
        if !page.html.contains("Op weg") {
            break page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert!(received.html.contains("Ontvangen"), "{}", received.html);
    let came = read(&employer, "/v1/applications").await;
    assert_eq!(came["items"][0]["document"]["motivation"], "Ik werk graag <b>buiten</b>.\nEcht.");
    assert_eq!(came["items"][0]["document"]["contact"], json!({"email": "anna@voorbeeld.example"}));
    // It is not sent again, and whoever comes to it again sees that.
    let twice = submit(&mut browser, &check, &portal, "apply/send", &[("answer", "yes")]).await;
    assert_eq!(twice.html.matches("<article").count(), 1, "{}", twice.html);
    let again = submit(&mut browser, &work, &portal, "apply", &[]).await;
    assert!(again.html.contains("U solliciteerde hierop op") && !again.html.contains("<textarea"), "{}", again.html);
    let found = browser.open(&format!("{portal}/work")).await;
    assert!(found.html.contains("U solliciteerde hierop op") && !found.html.contains("action=\"/portal/apply\""), "{}", found.html);
    let own = read(&Client::of(&nodes[0]), "/v1/applications").await;
    assert_eq!(own["items"], json!([]), "not the partner's own systems");
    let export: Value = serde_json::from_str(&browser.open(&format!("{portal}/data/export")).await.html).expect("JSON");
    assert_eq!(export["content"]["applications"][0]["motivation"], "Ik werk graag <b>buiten</b>.\nEcht.", "it is taken along: {export}");

    let action = received
        .html
        .split("action=\"/portal/applications/")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a form to take it back");
    browser.post(&format!("{portal}/applications/{action}"), &[("csrf", &received.csrf())]).await;
    let withdrawn = browser.open(&format!("{portal}/applications")).await;
    assert!(withdrawn.html.contains("Door u gestopt") && !withdrawn.html.contains("class=\"stop\""), "{}", withdrawn.html);
    while read(&employer, "/v1/applications").await["items"] != json!([]) {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let erase = read(&employer, "/v1/erasures").await;
    assert_eq!(erase["items"][0]["purpose"], "application", "{erase}");
}
