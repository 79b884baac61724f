//! People are sought for a training of a school's own: those alone who want advice about training from it, with what they share for that.

use http::StatusCode;
use polder_federation_tests::browser::{Browser, hidden, staff, with_people, worker};
use polder_federation_tests::forms::filled_in;
use polder_federation_tests::http::{Client, start_all, vacancy};
use polder_model::{Kind, Purpose};
use polder_store::people::Role;
use polder_web::RunningNode;
use serde_json::{Value, json};

use crate::desk::{ask, desk, says_yes};
use crate::finding::SKILL;
use crate::portal::with_document;
use crate::workers::{about_people, call};

fn training(title: &str) -> Value {
    json!({"title": title, "description": "Leren lassen.", "provider": {"name": "De School"}, "skillsRequired": [{"uri": SKILL}]})
}

/// A node of workers, and the node of a school with a planner, a training and a vacancy of one key.
async fn stage(directory: &std::path::Path) -> Vec<RunningNode> {
    let mut partners = about_people(directory, 2);
    with_people(&mut partners[0], ["Anna Voorbeeld", "Bram Voorbeeld"].map(worker).to_vec());
    with_people(&mut partners[1], vec![staff("Pia Planner", &[Role::Desk])]);
    partners[1].member.roles = vec!["school".to_owned()];
    let nodes = start_all(&mut partners).await;
    let client = Client::of(&nodes[1]);
    assert_eq!(client.put("/v1/vacancies/X-1", vacancy("Docent techniek").to_string()).await.status(), 201);
    assert_eq!(client.put("/v1/trainings/X-1", training("Lassen voor <b>beginners</b>").to_string()).await.status(), 201);
    nodes
}

/// A worker lets the school see something, for that purpose.
async fn shares(nodes: &[RunningNode], (name, key): (&str, &str), title: &str, purpose: &str, more: &[&str]) -> Browser {
    let portal = format!("http://{}/portal", nodes[0].client);
    let document = json!({"title": title, "skills": [{"uri": SKILL}], "postcode": "8251", "contracts": ["permanent"],
        "contact": {"name": name, "email": "wie@voorbeeld.example"}});
    let mut browser = with_document(&nodes[0], name, key, &document).await;
    let pick = browser.open(&format!("{portal}/share?purpose={purpose}")).await;
    let (csrf, recipient) = (pick.csrf(), nodes[1].node.home().partner.to_string());
    let mut fields = vec![("csrf", csrf.as_str()), ("purpose", purpose), ("recipient", &recipient), ("days", "30")];
    fields.extend(more.iter().map(|field| ("field", *field)));
    let check = browser.post(&format!("{portal}/share/check"), &fields).await;
    says_yes(&mut browser, &check, &portal).await;
    browser
}

const PEOPLE: [(&str, &str); 3] = [("kind", "skill-offer"), ("about", "training/X-1"), ("skill", SKILL)];

#[tokio::test(flavor = "multi_thread")]
async fn a_planner_finds_for_a_training_whoever_wants_advice_about_it_and_nobody_else() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let (desk, portal) = (desk(&nodes[1]), format!("http://{}/portal", nodes[0].client));
    let mut anna = shares(&nodes, ("Anna Voorbeeld", "W-1"), "Wil leren lassen", "training-advice", &["/postcode"]).await;
    let mut bram = shares(&nodes, ("Bram Voorbeeld", "W-2"), "Zoekt werk als lasser", "match-vacancy", &["/contracts"]).await;

    let mut pia = Browser::new();
    pia.log_in(&desk, "Pia Planner").await;
    // From the training's own page, from the list, and in the search, where a school's trainings come first.
    let own = pia.open(&format!("{desk}/offers/training/X-1")).await;
    let list = pia.open(&format!("{desk}/offers/training")).await;
    for page in [&own, &list] {
        assert!(page.html.contains("/desk/search?kind=skill-offer&amp;about=training&#x2f;X-1"), "{}", page.html);
    }
    let pick = pia.open(&format!("{desk}/search?kind=skill-offer")).await;
    let options: Vec<&str> = pick.html.split("<option value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(options, ["", "training&#x2f;X-1", "X-1"], "{}", pick.html);
    let form = pia.open(&format!("{desk}/search?kind=skill-offer&about=training/X-1")).await;
    let fields = filled_in(&form.html, "/desk/search#results");
    let one = |name: &str| fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
    assert_eq!(["about", "skill"].map(one), ["training/X-1", SKILL].map(Some), "{}", form.html);
    assert!(form.html.contains("Hieronder staat wat bij deze opleiding hoort"), "{}", form.html);
    let silent = json!({"title": "Koken", "description": "Leren koken.", "provider": {"name": "De School"}});
    assert_eq!(Client::of(&nodes[1]).put("/v1/trainings/X-9", silent.to_string()).await.status(), 201);
    let nothing = pia.open(&format!("{desk}/search?kind=skill-offer&about=training/X-9")).await;
    assert!(nothing.html.contains("Deze opleiding noemt niet wat men al moet kunnen"), "{}", nothing.html);
    assert!(form.html.contains("advies over een opleiding") && !form.html.contains("name=\"contract\""), "{}", form.html);

    let csrf = form.csrf();
    let found = ask(&mut pia, &desk, &csrf, &PEOPLE).await;
    assert!(found.html.contains("Wil leren lassen") && !found.html.contains("Zoekt werk als lasser"), "{}", found.html);
    assert!(!found.html.contains("Anna") && found.html.contains("Dronten"), "what she shares, and no name: {}", found.html);
    let for_work = ask(&mut pia, &desk, &csrf, &[("kind", "skill-offer"), ("about", "X-1"), ("skill", SKILL)]).await;
    assert!(for_work.html.contains("Zoekt werk als lasser") && !for_work.html.contains("Wil leren lassen"), "{}", for_work.html);
    // Nobody filters by what is not to be seen for advice, whatever is sent.
    let filtered: Vec<_> = PEOPLE.into_iter().chain([("contract", "seasonal")]).collect();
    let filtered = ask(&mut pia, &desk, &csrf, &filtered).await;
    assert!(filtered.html.contains("Wil leren lassen"), "{}", filtered.html);
    // Systems of the school get the same.
    let question = |kind: &str, purpose: &str| json!({"kind": "skill-offer", "purpose": purpose, "about": {"kind": kind, "key": "X-1"}});
    let client = Client::of(&nodes[1]);
    let (status, result) = client.query(&question("training", "training-advice")).await;
    assert_eq!((status, &result["hits"][0]["document"]["title"]), (200, &json!("Wil leren lassen")), "{result}");
    for (kind, purpose) in [("training", "match-vacancy"), ("vacancy", "training-advice"), ("training", "be-contacted")] {
        assert_eq!(client.query(&question(kind, purpose)).await.0, 400, "{kind} {purpose}");
    }

    // The ledger says what for, and the worker sees it.
    let store = nodes[0].node.store();
    let id = store.worker_of(&"W-1".parse().expect("a key"), nodes[0].node.now()).await.expect("read").expect("somebody");
    let rows = store.disclosures_of(id, None, 9).await.expect("read");
    assert!(!rows.is_empty());
    for row in rows {
        let said = &row.disclosure;
        assert_eq!((said.purpose, said.about.kind, said.about.key.as_str()), (Purpose::TrainingAdvice, Kind::Training, "X-1"));
    }
    let seen = anna.open(&format!("{portal}/seen")).await;
    assert!(seen.html.contains("voor de opleiding met kenmerk") && !seen.html.contains("voor de vacature"), "{}", seen.html);
    let seen = bram.open(&format!("{portal}/seen")).await;
    assert!(seen.html.contains("voor de vacature met kenmerk") && !seen.html.contains("voor de opleiding"), "{}", seen.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_found_for_a_training_is_asked_for_contact_about_it_and_reached_for_it_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let (desk, portal) = (desk(&nodes[1]), format!("http://{}/portal", nodes[0].client));
    let mut anna = shares(&nodes, ("Anna Voorbeeld", "W-1"), "Wil leren lassen", "training-advice", &[]).await;
    let mut pia = Browser::new();
    let csrf = pia.log_in(&desk, "Pia Planner").await.csrf();
    let found = ask(&mut pia, &desk, &csrf, &PEOPLE).await;
    let person = found.html.split("action=\"/desk/asked\"").nth(1).expect("a form to ask for contact");
    let person = hidden(person.split("</form>").next().expect("a form"));
    let person: Vec<(&str, &str)> = person.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let asked = pia.post(&format!("{desk}/asked"), &person).await;
    assert!(asked.html.contains("Voor de opleiding Lassen voor &lt;b&gt;beginners"), "{}", asked.html);
    assert!(asked.html.contains("<h2 class=\"small\">Wil leren lassen"), "staff recognises them: {}", asked.html);

    let home = anna.open(&portal).await;
    assert!(home.html.contains("Opleiding, volgens hen zelf: “Lassen voor"), "{}", home.html);
    let hers = home.html.split("/portal/requests/").nth(1).and_then(|rest| rest.split('"').next()).expect("a request").to_owned();
    let check = anna.open(&format!("{portal}/requests/{hers}")).await;
    says_yes(&mut anna, &check, &portal).await;

    let made = nodes[1].node.store().requests_made(polder_exchange::OPERATOR, nodes[1].node.now(), 9).await.expect("read");
    let reach = format!("{desk}/asked/{}/contact", made[0].id);
    let reaching = pia.open(&reach).await;
    assert!(reaching.html.contains("(X-1)") && reaching.html.contains("value=\"training&#x2f;X-1\""), "{}", reaching.html);
    // The vacancy of that key is another offer.
    let refused = pia.post(&reach, &[("csrf", &csrf), ("about", "X-1")]).await;
    assert!(refused.status == StatusCode::BAD_REQUEST && !refused.html.contains("wie@voorbeeld"), "{}", refused.html);
    let reached = pia.post(&reach, &[("csrf", &csrf), ("about", "training/X-1")]).await;
    assert!(reached.html.contains("wie@voorbeeld.example"), "{}", reached.html);
    let of = |kind: &str| json!({"partner": nodes[0].node.home().partner, "key": made[0].key, "about": {"kind": kind, "key": "X-1"}});
    assert_eq!(call(&Client::of(&nodes[1]), "POST", "/v1/contacts", Some(&of("vacancy"))).await.0, 400);

    // A search is saved for the training, and goes with it, and not with the vacancy of the same key.
    let saved: Vec<_> = PEOPLE.into_iter().chain([("csrf", csrf.as_str()), ("do", "save"), ("save_as", "Voor lassen")]).collect();
    let kept = pia.post(&format!("{desk}/searches"), &saved).await;
    assert!(kept.html.contains("voor opleiding Lassen voor &lt;b&gt;beginners"), "{}", kept.html);
    let client = Client::of(&nodes[1]);
    for (path, left) in [("/v1/vacancies/X-1", true), ("/v1/trainings/X-1", false)] {
        assert!(client.request("DELETE", path).send().await.expect("a response").status().is_success());
        nodes[1].node.ask_saved_searches().await.expect("asked");
        assert_eq!(pia.open(&format!("{desk}/searches")).await.html.contains("Voor lassen"), left, "{path}");
    }
    let closed = pia.open(&reach).await;
    assert!(closed.html.contains("De opleiding waarvoor u vroeg"), "{}", closed.html);
    let refused = pia.open(&format!("{desk}/search?kind=skill-offer&about=training/X-1")).await;
    assert!(refused.status == StatusCode::BAD_REQUEST && refused.html.contains("die nog open is"), "{}", refused.html);
}
