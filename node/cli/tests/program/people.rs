//! `polder people`, with a node that runs alone: its partner is the recipient as well.

use serde_json::{Value, json};

use crate::support::alone::{ADDRESS, CONTACT, Node, PARTNER};
use crate::support::command::{code, err, out};

const OPERATOR: &str = "operator-token";

async fn with_a_worker() -> Node {
    let node = Node::start().await;
    let profile = json!({"title": "Monteur zoekt werk", "skills": [{"uri": "http://data.europa.eu/esco/skill/6c6b3a4c-6a5e-4f2d-9f0e-1f6f0a5d8b11"}],
                         "contact": {"name": "Anna Voorbeeld", "telephone": "0320 123456"}});
    let put = node.http.request(reqwest::Method::PUT, "/v1/skill-offers/P-1").json(&profile).send().await.expect("a response");
    assert_eq!((put.status().as_u16(), node.http.put("V-1", "Monteur").await.expect("a response")), (201, 201));
    node.worker("P-1", "worker");
    node
}

/// Asks, and has the worker answer what was asked last; the id of the request.
fn asked(node: &Node, purpose: &str, fields: &[&str], says: &[&str]) -> String {
    let mut ask = vec!["people", "ask", "--key", "P-1", "--purpose", purpose];
    ask.extend(fields.iter().flat_map(|field| ["--field", field]));
    let made = node.json(OPERATOR, &ask);
    assert_eq!((&made["state"], &made["inForce"], &made["recipient"]), (&json!("not-given"), &json!([]), &json!(PARTNER)));
    let request = node.json("worker", &["consent", "requests"])["items"][0]["id"].as_str().expect("an id").to_owned();
    node.done("worker", &[&["consent", "answer", &request], says].concat());
    made["id"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_asks_reaches_and_erases_on_the_command_line() {
    let node = with_a_worker().await;

    // Nobody but a system asks, of nobody but whoever is there, and nothing that the purpose does not allow.
    let ask = ["people", "ask", "--purpose", "match-vacancy", "--field", "/title", "--field", "/skills"];
    let first =
        node.done(OPERATOR, &[&ask[..], &["--key", "P-1", "--assisted-by", "m-17", "--about", "vacancy:V-1", "--lang", "nl"]].concat());
    assert!(first.starts_with("Gevraagd, als verzoek ") && first.contains("Er geldt niets van."), "{first}");
    let worker = node.run("worker", &[&ask[..], &["--key", "P-1"]].concat());
    assert!(code(&worker) == 4 && err(&worker).contains("consent:request"), "{}", err(&worker));
    let nobody = node.run(OPERATOR, &[&ask[..], &["--key", "P-9"]].concat());
    assert!(code(&nobody) == 1 && err(&nobody).contains("/key: this node holds no such skill offer"), "{}", err(&nobody));
    let too_much = node.run(OPERATOR, &[&ask[..], &["--key", "P-1", "--field", "/contact/name"]].concat());
    assert_eq!(code(&too_much), 1, "{}", err(&too_much));
    let misspelt = node.run(OPERATOR, &["people", "ask", "--key", "P-1", "--purpose", "match-vacancy", "--field", "/titel"]);
    assert!(code(&misspelt) == 2 && err(&misspelt).contains("/title"), "{}", err(&misspelt));
    let requests = node.done("worker", &["consent", "requests", "--lang", "en"]);
    assert!(requests.contains("helped by m-17") && requests.contains(", for “"), "{requests}");

    // What the worker says to it is seen where it is yes, and nowhere else.
    let id = first.split_whitespace().nth(3).expect("an id").trim_end_matches('.').to_owned();
    let request = node.json("worker", &["consent", "requests"])["items"][0]["id"].as_str().expect("an id").to_owned();
    node.done("worker", &["consent", "answer", &request, "give", "--yes"]);
    let given = node.done(OPERATOR, &["people", "request", &id, "--lang", "en"]);
    assert_eq!(given.trim(), format!("In force: {PARTNER} may see of P-1: title, skills (see whether a vacancy suits)."));
    let refused = asked(&node, "be-contacted", &["/contact/name", "/contact/telephone"], &["refuse"]);
    let refused = node.json(OPERATOR, &["people", "request", &refused]);
    assert_eq!((&refused["state"], &refused["inForce"]), (&json!("not-given"), &json!([])));
    let unknown = node.run(OPERATOR, &["people", "request", &"0".repeat(32)]);
    assert!(code(&unknown) == 1 && err(&unknown).contains("there is no such request"), "{}", err(&unknown));

    // Whoever was found is reached with a consent of its own.
    let seek = ["query", "--kind", "skill-offer", "--about", "vacancy:V-1"];
    let found = node.json(OPERATOR, &seek);
    let key = found["hits"][0]["key"].as_str().expect("a key").to_owned();
    let said = node.done(OPERATOR, &seek);
    assert!(said.contains(&format!("known here as {key} of {PARTNER}; to be used until ")), "{said}");
    let reach = ["people", "contact", "--partner", PARTNER, "--key", &key, "--about", "vacancy:V-1"];
    let not_yet = node.run(OPERATOR, &reach);
    assert!(code(&not_yet) == 1 && err(&not_yet).contains("nobody of that key lets you reach them"), "{}", err(&not_yet));
    let give = ["consent", "give", "--purpose", "be-contacted", "--to", PARTNER, "--field", "/contact/name", "--yes"];
    node.done("worker", &give);
    let reached = node.done(OPERATOR, &[&reach[..], &["--lang", "nl"]].concat());
    assert!(reached.starts_with("naam  Anna Voorbeeld\nTe gebruiken tot ") && !reached.contains("0320"), "{reached}");
    assert_eq!(node.json(OPERATOR, &reach)["document"], json!({"contact": {"name": "Anna Voorbeeld"}}));
    let no_offer = node.run(OPERATOR, &["people", "contact", "--partner", PARTNER, "--key", &key, "--about", "vacancy:V-9"]);
    assert!(code(&no_offer) == 1 && err(&no_offer).contains("/about/key"), "{}", err(&no_offer));

    // What ends is erased here, and said to be.
    for nothing in [["people", "erasures"], ["people", "outstanding"]] {
        assert_eq!(node.done(OPERATOR, &[&nothing[..], &["--lang", "en"]].concat()).trim(), "There is nothing.");
        assert_eq!(code(&node.run("worker", &nothing)), 4, "{nothing:?}");
    }
    node.done("worker", &["consent", "withdraw", "--all"]);
    let erasures = node.done(OPERATOR, &["people", "erasures", "--lang", "en"]);
    assert!(erasures.contains(&key) && erasures.contains("of epoch 1 and before") && erasures.contains("everything"), "{erasures}");
    let items = node.json(OPERATOR, &["people", "erasures"])["items"].as_array().cloned().expect("a list");
    let last = items.last().expect("one")["number"].to_string();
    assert!(items.len() == 2 && erasures.trim().ends_with(&format!("`polder people erased {last}`.")), "{erasures}");
    let outstanding = node.done(OPERATOR, &["people", "outstanding", "--lang", "nl"]);
    assert!(outstanding.contains(&format!("Proef BV ({PARTNER})")), "{outstanding}");
    assert_eq!(code(&node.run(OPERATOR, &["people", "erased", "0"])), 2);
    assert_eq!(code(&node.run("worker", &["people", "erased", &last])), 4);
    let erased = node.run(OPERATOR, &["people", "erased", &last, "--lang", "en"]);
    assert!(out(&erased).starts_with("Noted. 2 withdrawals are done with here"), "{}{}", out(&erased), err(&erased));
    assert_eq!(node.json(OPERATOR, &["people", "erasures"])["items"], json!([]));
    let copies: Value = node.json("worker", &["consent", "erasures"]);
    assert!(copies["items"].as_array().is_some_and(|items| items.len() == 2), "{copies}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_officer_ends_consents_on_a_ground_and_the_worker_sees_it() {
    let node = with_a_worker().await;
    let give = ["consent", "give", "--purpose", "match-vacancy", "--to", PARTNER, "--field", "/title", "--field", "/skills", "--yes"];
    node.done("worker", &give);
    let revoke = ["people", "revoke", "--key", "P-1", "--ground", "worker-asked", "--lang", "nl"];
    let unasked = node.run(OPERATOR, &revoke);
    assert!(code(&unasked) == 2 && err(&unasked).contains("er is niets gedaan"), "{}", err(&unasked));
    for wrong in [
        &["people", "revoke", "--key", "P-1", "--yes"][..],
        &["people", "revoke", "--ground", "worker-asked", "--yes"],
        &["people", "revoke", "--key", "P-1", "--ground", "because", "--yes"],
    ] {
        assert_eq!(code(&node.run(OPERATOR, wrong)), 2, "{wrong:?}");
    }
    let worker = node.run("worker", &[&revoke[..], &["--yes"]].concat());
    assert!(code(&worker) == 4 && err(&worker).contains("consent:revoke"), "{}", err(&worker));
    let consent = node.json("worker", &["consent", "list"])["items"][0]["consent"]["id"].as_str().expect("an id").to_owned();
    // At a terminal it says what ends and asks; whatever is not a plain yes ends nothing.
    for types in ["nee\n", "\n", "yes\n"] {
        let refused = node.at_terminal(OPERATOR, &revoke, types);
        let said = out(&refused);
        assert!(said.contains("Toestemmingen die eindigen: alle van P-1 (worker-asked). Dat kan niet terug; "), "{said}");
        assert!(code(&refused) == 1 && said.contains("polder: er is niets gedaan"), "{said}");
    }
    assert_eq!(node.json("worker", &["consent", "list"])["items"][0]["state"], "given");
    let by_text = ["people", "revoke", "--notice", &"a".repeat(64), "--ground", "notice-wrong", "--lang", "en"];
    let agreed = node.at_terminal(OPERATOR, &by_text, "yes\n");
    assert!(
        out(&agreed).contains("Consents that are found never to have held: all that were given on the text aaaaaaaaaaaa… (notice-wrong).")
    );
    assert!(code(&agreed) == 1 && out(&agreed).contains("nothing was given on it"), "it was asked: {}", out(&agreed));
    // With --yes nobody is asked.
    let done = node.done(OPERATOR, &[&revoke[..], &["--yes"]].concat());
    assert!(done.starts_with("1 toestemming beëindigd op "), "{done}");
    let list = node.done("worker", &["consent", "list", "--lang", "en"]);
    assert!(list.contains("ended by the partner: you asked for it"), "{list}");
    // The receipt says why, and who is responsible.
    node.done("worker", &["consent", "receipt", &consent, "--output", "receipt.json"]);
    let receipt: Value = serde_json::from_slice(&std::fs::read(node.setup.path("receipt.json")).expect("a file")).expect("JSON");
    let publisher = &receipt["dpv"]["dct:publisher"];
    assert_eq!((&publisher["dpv:hasAddress"], &publisher["dpv:hasContact"]), (&json!(ADDRESS), &json!(CONTACT)));
    assert!(receipt["dpv"].to_string().contains("urn:polder:ground:worker-asked"), "{receipt}");
    // What the records of all this point to.
    let activities = node.done(OPERATOR, &["log", "activities", "--lang", "en"]);
    assert!(activities.contains("urn:polder:activity:match-vacancy:1") && activities.contains("consent ended"), "{activities}");
    for says in ["basis: consent (GDPR art. 6(1)(a))", "basis: a public task (GDPR art. 6(1)(e))", "may be seen: contact/name, ", CONTACT] {
        assert!(activities.contains(says), "{says}: {activities}");
    }
    let activities = node.json(OPERATOR, &["log", "activities"]);
    let bases: Vec<&Value> = activities["items"].as_array().expect("a list").iter().map(|one| &one["legalBasis"]).collect();
    assert_eq!(bases[..4], ["public-task", "public-task", "public-task", "consent"], "{activities}");
    assert_eq!(activities["controller"]["contact"], CONTACT);
    assert_eq!(code(&node.run("worker", &["log", "activities"])), 4);
    // On a text: what has ended never held.
    let notice = node.json("worker", &["consent", "list"])["items"][0]["consent"]["notice"]["sha256"].as_str().expect("a hash").to_owned();
    let wrong = node.json(OPERATOR, &["people", "revoke", "--notice", &notice, "--ground", "notice-wrong", "--yes"]);
    assert_eq!((&wrong["consents"], &wrong["erases"]), (&json!(1), &json!(0)));
    let list = node.done("worker", &["consent", "list", "--lang", "nl"]);
    assert!(list.contains("nooit geldig: de tekst die u las klopte niet"), "{list}");
}
