//! A worker is asked for contact: they see who asks, through whom and for which work, and give as much of it as they like; and one who has everything erased
//! sees afterwards who still has to.

use http::StatusCode;
use polder_consent::{Consent, Field, FieldSet, Ground};
use polder_federation_tests::browser::{Browser, Shown, filled};
use polder_federation_tests::http::Client;
use polder_federation_tests::people::{erase_all, profile};
use polder_store::people::{NotAnswered, Which};
use polder_web::RunningNode;
use serde_json::{Value, json};

use crate::portal::{stage, with_profile};
use crate::workers::call;

/// Anna, whom the employer found; the key by which it knows her.
pub(crate) async fn found(nodes: &[RunningNode], vacancy: &Value) -> (Browser, String, String) {
    let portal = format!("http://{}/portal", nodes[0].client);
    let employer = Client::of(&nodes[1]);
    assert_eq!(employer.put("/v1/vacancies/V-1", vacancy.to_string()).await.status(), 201);
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let csrf = anna.open(&format!("{portal}/share?purpose=match-vacancy")).await.csrf();
    let recipient = nodes[1].node.home().partner.to_string();
    let fields = [("csrf", csrf.as_str()), ("purpose", "match-vacancy"), ("recipient", &recipient), ("days", "30")];
    let check = anna.post(&format!("{portal}/share/check"), &fields).await;
    send(&mut anna, &check, &portal, &[("answer", "yes")]).await;
    let (_, hits) = employer.query(&json!({"kind": "skill-offer", "about": {"kind": "vacancy", "key": "V-1"}})).await;
    let key = hits["hits"][0]["key"].as_str().expect("somebody is found").to_owned();
    (anna, portal, key)
}

/// Sends the form of an answer as it stands, and more.
pub(crate) async fn send(browser: &mut Browser, page: &Shown, portal: &str, more: &[(&str, &str)]) -> Shown {
    let form = page.html.split("action=\"/portal/share/give\"").nth(1).and_then(|rest| rest.split("</form>").next()).expect("a form");
    let mut fields = filled(form);
    fields.retain(|(name, _)| more.iter().all(|(other, value)| other != name || (*other == "field" && value.is_empty())));
    let all = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(more.iter().copied());
    browser.post(&format!("{portal}/share/give"), &all.collect::<Vec<_>>()).await
}

pub(crate) async fn ask(nodes: &[RunningNode], key: &str, fields: &[&str], about: Option<Value>) -> Value {
    let mut asked = json!({"partner": nodes[0].node.home().partner, "key": key, "purpose": "be-contacted", "fields": fields});
    if let Some(about) = about {
        asked["about"] = about;
    }
    let (status, made) = call(&Client::of(&nodes[1]), "POST", "/v1/requests", Some(&asked)).await;
    assert_eq!(status, 201, "{made}");
    made
}

/// What of contact is in force, and the text that was read.
pub(crate) async fn given(nodes: &[RunningNode]) -> Option<(Consent, String)> {
    let store = nodes[0].node.store();
    let worker = store.worker_of(&"W-1".parse().expect("a key"), nodes[0].node.now()).await.expect("read").expect("a worker");
    let all = store.consents_of(worker).await.expect("read");
    let kept = all.into_iter().find(|kept| kept.consent.purpose == polder_model::Purpose::BeContacted)?;
    let text = store.notice(&kept.consent.notice.sha256).await.expect("read").expect("a text");
    Some((kept.consent, String::from_utf8(text).expect("text")))
}

pub(crate) async fn request(anna: &mut Browser, portal: &str) -> Shown {
    let home = anna.open(portal).await;
    let id = home.html.split("/portal/requests/").nth(1).and_then(|rest| rest.split('"').next()).expect("a request");
    anna.open(&format!("{portal}/requests/{id}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_says_for_which_work_and_less_than_was_asked_can_be_given() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld", "Bram Voorbeeld"]).await;
    let vacancy = json!({"title": "Kok <b>nu</b>", "description": "Koken.", "employer": {"name": "Bakkerij & Zeewolde"},
        "skills": profile("")["skills"]});
    let (mut anna, portal, key) = found(&nodes, &vacancy).await;
    let about = json!({"kind": "vacancy", "key": "V-1"});
    let made = ask(&nodes, &key, &["/contact/name", "/contact/email"], Some(about.clone())).await;
    assert_eq!(made["about"], json!({"kind": "vacancy", "key": "V-1", "title": "Kok <b>nu</b>", "by": "Bakkerij & Zeewolde"}));
    let by = "Werkgever, volgens hen zelf: “Bakkerij &amp; Zeewolde”";
    let title = "Vacature, volgens hen zelf: “Kok &lt;b&gt;nu&lt;&#x2f;b&gt;”";
    let asker = &nodes[1].node.home().name;
    let home = anna.open(&portal).await;
    for said in [by, title, &format!("<h3>{asker}</h3>")] {
        assert!(home.html.contains(said), "{said}: {}", home.html);
    }
    let page = request(&mut anna, &portal).await;
    for said in [by, title, &format!("<h1>{asker} vraagt u iets</h1>"), "Wij kunnen dat niet nakijken", "Wat wilt u delen?"] {
        assert!(page.html.contains(said), "{said}: {}", page.html);
    }
    // What they ask for can be read as it is published, and the name that the register has of what they are.
    assert!(page.html.contains(&format!("{asker} staat in het ledenregister als: ")), "{}", page.html);
    let at = page.html.split("/portal/requests/").nth(1).and_then(|rest| rest.split('"').next()).expect("a link").to_owned();
    let offer = anna.open(&format!("{portal}/requests/{at}")).await;
    for said in ["<h1>Kok &lt;b&gt;nu&lt;&#x2f;b&gt;</h1>", "Koken.", "Bakkerij &amp; Zeewolde", "zonder uw naam", "Beantwoord de vraag"] {
        assert!(at.ends_with("/offer") && offer.html.contains(said), "{said}: {}", offer.html);
    }
    let (mut nobody, mut other) = (Browser::new(), with_profile(&nodes[0], "Bram Voorbeeld", "W-2").await);
    assert!(nobody.open(&format!("{portal}/requests/{at}")).await.url.contains("/portal/welcome"));
    assert_eq!(other.open(&format!("{portal}/requests/{at}")).await.status, StatusCode::NOT_FOUND, "a question to somebody else");
    let asked: Vec<(String, String)> = filled(&page.html).into_iter().filter(|(name, _)| name == "field").collect();
    assert_eq!(asked.len(), 2, "all that is asked is ticked, and nothing else: {asked:?}");

    // Nothing ticked; then less than the text said that was read: neither gives anything.
    let nothing = send(&mut anna, &page, &portal, &[("field", "/nothing"), ("answer", "yes")]).await;
    assert!(nothing.html.contains("Kies minstens één ding"), "{}", nothing.html);
    let less = [("field", "/contact/email"), ("field", "/contact/telephone"), ("answer", "yes")];
    let changed = send(&mut anna, &page, &portal, &less).await;
    assert!(changed.html.contains("U veranderde uw keuze") && given(&nodes).await.is_none(), "{}", changed.html);
    assert!(changed.html.contains("anna@voorbeeld.example") && !changed.html.contains("+31 6"), "what is not asked is not given");
    let shared = send(&mut anna, &changed, &portal, &[("answer", "yes")]).await;
    assert!(shared.html.contains("Gedeeld."), "{}", shared.html);
    let (consent, text) = given(&nodes).await.expect("it is in force");
    assert_eq!(consent.fields, FieldSet::of(&[Field::ContactEmail]));
    assert!(
        text.contains("gaat het om de vacature “Kok <b>nu</b>” van “Bakkerij & Zeewolde”."),
        "the text that is kept says what for: {text}"
    );
    let kept = anna.open(&format!("{portal}/consents/{}", consent.id)).await;
    assert!(kept.html.contains("Kok &lt;b&gt;nu"), "{}", kept.html);
    assert!(text.contains("Waarvoor: contact met u opnemen over werk.\n"), "{text}");

    // What is not open, a training, or a person, is nothing to ask for contact for.
    for wrong in [
        json!({"kind": "vacancy", "key": "V-9"}),
        json!({"kind": "training", "key": "V-1"}),
        json!({"kind": "skill-offer", "key": "V-1"}),
        json!({"kind": "vacancy"}),
    ] {
        let asked = json!({"partner": nodes[0].node.home().partner, "key": key, "purpose": "be-contacted", "fields": ["/contact/name"],
            "about": wrong});
        let (status, refused) = call(&Client::of(&nodes[1]), "POST", "/v1/requests", Some(&asked)).await;
        assert_eq!(status, 400, "{wrong}: {refused}");
        if wrong["kind"] == "training" {
            assert_eq!(refused["findings"][0]["pointer"], "/about/key", "there is no such training: {refused}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_ended_is_said_on_the_first_page_with_why_and_when() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld", "Bram Voorbeeld"]).await;
    let vacancy = json!({"title": "Kok", "description": "Koken.", "employer": {"name": "Bakkerij"}, "skills": profile("")["skills"]});
    let (mut anna, portal, _) = found(&nodes, &vacancy).await;
    let mut other = with_profile(&nodes[0], "Bram Voorbeeld", "W-2").await;
    assert!(!anna.open(&portal).await.html.contains("beëindigd"), "nobody ended anything");
    let (node, store) = (&nodes[0].node, nodes[0].node.store());
    let worker = store.worker_of(&"W-1".parse().expect("a key"), node.now()).await.expect("read").expect("a worker");
    node.revoke(Which::Of(worker, Vec::new()), Ground::RecipientUnfit).await.expect("ended");
    let home = anna.open(&portal).await;
    let (keeper, recipient) = (&node.home().name, &nodes[1].node.home().name);
    for said in [
        &format!("{keeper} beëindigde iets dat u deelde"),
        &format!("{recipient}: Kijken of een vacature bij u past. Beëindigd op "),
        "hield zich niet aan de afspraken",
    ] {
        assert!(home.html.contains(said), "{said}: {}", home.html);
    }
    assert!(!other.open(&portal).await.html.contains("eëindigd"), "nobody else is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_a_reason_says_so_and_a_no_needs_nothing_ticked() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let vacancy = json!({"title": "Kok", "description": "Koken.", "employer": {"name": "Bakkerij"}, "skills": profile("")["skills"]});
    let (mut anna, portal, key) = found(&nodes, &vacancy).await;
    ask(&nodes, &key, &["/contact/name"], None).await;
    let page = request(&mut anna, &portal).await;
    assert!(page.html.contains("Zij zeggen niet voor welk werk"), "{}", page.html);
    let refused = send(&mut anna, &page, &portal, &[("field", "/nothing"), ("answer", "no")]).await;
    assert!(refused.html.contains("Er is niets gedeeld") && given(&nodes).await.is_none(), "{}", refused.html);
    let twice = send(&mut anna, &page, &portal, &[("answer", "yes")]).await;
    assert!(twice.status == StatusCode::CONFLICT && given(&nodes).await.is_none(), "it was answered: {}", twice.html);
    let store = nodes[0].node.store();
    let worker = store.worker_of(&"W-1".parse().expect("a key"), nodes[0].node.now()).await.expect("read").expect("a worker");
    let first = nodes[0].node.requests_of(worker).await.expect("read").remove(0);
    let again = nodes[0].node.answer_request(worker, first.id, true).await.expect("read");
    assert_eq!(again.err(), Some(NotAnswered::NotOpen));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_had_everything_erased_sees_by_a_link_alone_who_still_has_to() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let vacancy = json!({"title": "Kok", "description": "Koken.", "employer": {"name": "Bakkerij"}, "skills": profile("")["skills"]});
    let (mut anna, portal, key) = found(&nodes, &vacancy).await;
    let csrf = anna.open(&format!("{portal}/data/erase")).await.csrf();
    let gone = anna.post(&format!("{portal}/data/erase"), &[("csrf", &csrf), ("sure", "yes")]).await;
    for said in [
        "Wie moet nog wissen?",
        "Nog niet bevestigd",
        "Gewist en ondertekend door",
        "data:application/jose,",
        "Download het ontvangstbewijs",
    ] {
        assert!(gone.html.contains(said), "{said}: {}", gone.html);
    }
    let link = gone.html.replace("&#x2f;", "/");
    let link = link.split("/portal/erased/").nth(1).and_then(|rest| rest.split('"').next()).expect("a link").to_owned();
    let mut anybody = Browser::new();
    let page = anybody.open(&format!("{portal}/erased/{link}")).await;
    let name = &nodes[1].node.home().name;
    assert!(
        page.status == StatusCode::OK && page.html.contains("Nog niet bevestigd") && page.html.contains(name.as_str()),
        "{}",
        page.html
    );
    for secret in ["Anna", "Monteur", "W-1", key.as_str(), "application/jose", "be-contacted"] {
        assert!(!page.html.contains(secret), "{secret}: {}", page.html);
    }
    let other = link.chars().rev().collect::<String>();
    for nowhere in [other.as_str(), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAA", "%27", &"A".repeat(4_000)] {
        assert_eq!(anybody.open(&format!("{portal}/erased/{nowhere}")).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
    for _ in 0..400 {
        erase_all(&nodes[1].node, polder_exchange::OPERATOR).await;
        if anybody.open(&format!("{portal}/erased/{link}")).await.html.contains("mark-good") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it is never seen that the partner has erased");
}
