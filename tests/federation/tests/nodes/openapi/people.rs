//! The same, for what is about people.

use polder_exchange::SystemClock;
use polder_exchange::log::Pace;
use polder_federation_tests::http::{Client, vacancy};
use polder_federation_tests::no_peers::NoPeers;
use polder_trust::keys::Identity;
use serde_json::{Value, json};

use super::running::Held;

/// The id in the first consent of a list.
fn first_consent(list: &str) -> String {
    let list: Value = serde_json::from_str(list).expect("JSON");
    list["items"][0]["consent"]["id"].as_str().expect("an id").to_owned()
}

/// What workers decide and see, and what a partner's systems are to erase. The node's partner is the recipient as well.
pub(super) async fn people(held: &mut Held, node: &polder_web::RunningNode) {
    let partner = node.node.home().partner.clone();
    let profile = polder_federation_tests::people::profile("Monteur zoekt werk").to_string();
    held.call("put_skill_offer", "P", &[], &profile, 201).await;
    held.call("put_vacancy", "V", &[], &vacancy("Monteur").to_string(), 201).await;
    let token = polder_federation_tests::people::program(&node.node, "P").await;
    held.worker = Client::of(node).with_token(&token);
    held.call("put_skill_offer", "R", &[], &profile, 201).await;
    held.call("create_invitation", "", &[], r#"{"offer":"R"}"#, 201).await;
    for wrong in [r#"{"offer":""}"#, r#"{"offer":"R","hours":12}"#, "{}"] {
        held.call("create_invitation", "", &[], wrong, 400).await;
    }
    held.call("create_invitation", "", &[], r#"{"offer":"P"}"#, 404).await;
    held.call("create_invitation", "", &[], r#"{"offer":"nergens"}"#, 404).await;

    let mut decision = json!({"purpose": "match-vacancy", "recipients": [partner], "fields": ["/title", "/skills"], "language": "nl"});
    let notice: Value = serde_json::from_str(&held.call("show_notice", "", &[], &decision.to_string(), 200).await).expect("JSON");
    held.call("give_consents", "", &[], &decision.to_string(), 400).await;
    decision["notice"] = json!("0".repeat(64));
    held.call("give_consents", "", &[], &decision.to_string(), 412).await;
    held.call("show_notice", "", &[], &decision.to_string(), 400).await;
    decision["notice"] = notice["sha256"].clone();
    let given = first_consent(&held.call("give_consents", "", &[], &decision.to_string(), 201).await);
    for (member, wrong) in
        [("purpose", json!("x")), ("language", json!("fr")), ("fields", json!(["/*"])), ("until", json!("2020-01-01T00:00:00Z"))]
    {
        let mut other = decision.clone();
        other[member] = wrong;
        held.call("give_consents", "", &[], &other.to_string(), 400).await;
    }
    let seek = r#"{"kind":"skill-offer","about":{"kind":"vacancy","key":"V"}}"#;
    let found = held.call("query", "", &[], seek, 200).await;
    assert!(found.contains("\"disclosure\"") && !found.contains("Anna"), "{found}");
    let mut reach = json!({"purpose": "be-contacted", "recipients": [partner], "fields": ["/contact/name"], "language": "nl"});
    let notice: Value = serde_json::from_str(&held.call("show_notice", "", &[], &reach.to_string(), 200).await).expect("JSON");
    reach["notice"] = notice["sha256"].clone();
    held.call("give_consents", "", &[], &reach.to_string(), 201).await;
    let key = serde_json::from_str::<Value>(&found).expect("JSON")["hits"][0]["key"].clone();
    let asked = json!({"partner": partner, "key": key, "about": {"kind": "vacancy", "key": "V"}});
    let reached = held.call("contact", "", &[], &asked.to_string(), 200).await;
    assert!(reached.contains("Anna") && !reached.contains("telephone"), "{reached}");
    let wider = json!({"purpose": "match-vacancy", "recipients": [partner], "fields": ["/title", "/skills", "/hours"], "language": "en"});
    let notice: Value = serde_json::from_str(&held.call("show_notice", "", &[], &wider.to_string(), 200).await).expect("JSON");
    let mut wider = wider;
    wider["notice"] = notice["sha256"].clone();
    let newer = first_consent(&held.call("give_consents", "", &[], &wider.to_string(), 201).await);
    held.call("query", "", &[], seek, 200).await;
    let page: Value = serde_json::from_str(&held.call("list_disclosures", "?limit=1", &[], "", 200).await).expect("JSON");
    held.call("list_disclosures", &format!("?cursor={}", page["next"].as_str().expect("more")), &[], "", 200).await;
    held.call("withdraw_consent", &given, &[], "", 409).await;
    held.call("withdraw_consent", &newer, &[], "", 200).await;
    held.call("withdraw_consent", &newer, &[], "", 200).await;
    held.call("withdraw_consents", "", &[], "", 200).await;
    held.call("get_consent", &newer, &[], "", 200).await;
    held.call("get_receipt", &newer, &[], "", 200).await;
    held.call("get_receipt", &newer, &[("accept", "text/html")], "", 406).await;
    for id in ["get_consent", "withdraw_consent", "get_receipt"] {
        held.call(id, &"0".repeat(32), &[], "", 404).await;
        held.call(id, &format!("{newer}?x=1"), &[], "", 400).await;
    }
    held.call("withdraw_consents", "?x=1", &[], "", 400).await;
    held.call("get_consent", &newer, &[("accept", "text/html")], "", 406).await;
    erasures(held, node).await;
    node.node.tend_log(&NoPeers, Pace::AtOnce).await.expect("signed");
    applications(held, node).await;
    for id in [
        "list_consents",
        "list_copies",
        "list_outstanding",
        "list_questions",
        "list_disclosures",
        "list_applications",
        "list_erasures",
        "prove_log",
    ] {
        held.call(id, "", &[], "", 200).await;
        held.call(id, "?x=1", &[], "", 400).await;
        held.call(id, "", &[("accept", "text/html")], "", 406).await;
    }
    for id in ["list_questions", "list_disclosures", "list_applications", "list_erasures"] {
        for wrong in ["?limit=0", "?limit=101", "?cursor=x", "?cursor=b01", "?cursor=e99999999999999999999"] {
            held.call(id, wrong, &[], "", 400).await;
        }
    }
    let contact = json!({"partner": partner, "key": "0".repeat(32), "about": {"kind": "vacancy", "key": "V"}});
    held.call("contact", "", &[], &contact.to_string(), 404).await;
    held.call("contact", "", &[], r#"{"partner":"kvk:00000000"}"#, 400).await;
    for id in ["create_invitation", "show_notice", "give_consents", "acknowledge_erasures", "contact"] {
        held.call(id, "", &[("accept", "text/html")], "{}", 406).await;
        held.call(id, "", &[], &" ".repeat(40_000), 413).await;
        held.call(id, "", &[("content-type", "text/plain")], "{}", 415).await;
    }
    rights(held, node).await;
    held.call("delete_skill_offer", "P", &[], "", 204).await;
    held.call("give_consents", "", &[], &decision.to_string(), 404).await;
}

async fn rights(held: &mut Held, node: &polder_web::RunningNode) {
    for id in ["ask_access", "get_access"] {
        let access = held.call(id, "", &[], "", 200).await;
        assert!(access.contains(r#""state":"answered""#) || id == "get_access", "{access}");
        held.call(id, "?x=1", &[], "", 400).await;
        held.call(id, "", &[("accept", "text/html")], "", 406).await;
    }
    let request = json!({"key": "P", "purpose": "training-advice", "fields": ["/title", "/skills"], "assistedBy": "m-17"});
    let made: Value = serde_json::from_str(&held.call("ask_consent", "", &[], &request.to_string(), 201).await).expect("JSON");
    held.call("get_request", made["id"].as_str().expect("an id"), &[], "", 200).await;
    for wrong in [r#"{"key":"P"}"#, r#"{"key":"Z","purpose":"training-advice","fields":["/title","/skills"]}"#] {
        held.call("ask_consent", "", &[], wrong, 400).await;
    }
    let listed: Value = serde_json::from_str(&held.call("list_requests", "", &[], "", 200).await).expect("JSON");
    let request = listed["items"][0]["id"].as_str().expect("an id").to_owned();
    held.call("list_requests", "?x=1", &[], "", 400).await;
    held.call("list_requests", "", &[("accept", "text/html")], "", 406).await;
    held.call("answer_request", &request, &[], r#"{"answer":"defer"}"#, 200).await;
    held.call("answer_request", &request, &[], r#"{"answer":"defer"}"#, 409).await;
    held.call("answer_request", &request, &[], r#"{"answer":"give"}"#, 400).await;
    for id in ["get_request", "answer_request"] {
        held.call(id, &"0".repeat(32), &[], r#"{"answer":"defer"}"#, 404).await;
        held.call(id, &format!("{request}?x=1"), &[], "{}", 400).await;
        held.call(id, &request, &[("accept", "text/html")], "{}", 406).await;
    }
    for (id, key) in [("ask_consent", ""), ("answer_request", request.as_str())] {
        held.call(id, key, &[], &" ".repeat(5_000), 413).await;
        held.call(id, key, &[("content-type", "text/plain")], "{}", 415).await;
    }
    held.call("ask_consent", "", &[("accept", "text/html")], "{}", 406).await;
    for id in ["export_me", "list_history"] {
        held.call(id, "", &[], "", 200).await;
        held.call(id, "?x=1", &[], "", 400).await;
        held.call(id, "", &[("accept", "text/html")], "", 406).await;
    }
    let (another, export) = another_partners_export(node, &held.other).await;
    let taking = |key: &str, export: &Value| json!({"key": key, "export": export}).to_string();
    let taken = held.call("take_in", "", &[], &taking("R", &export), 201).await;
    assert!(taken.contains(another.as_str()), "{taken}");
    held.call("take_in", "", &[], &taking("R", &export), 412).await;
    held.call("take_in", "", &[], "{}", 400).await;
    held.call("take_in", "", &[("accept", "text/html")], "{}", 406).await;
    held.call("take_in", "", &[("content-type", "text/plain")], "{}", 415).await;
    held.call("take_in", "", &[], &" ".repeat(25 * 1024 * 1024), 413).await;
    let ends = |key: &str| json!({"key": key, "ground": "worker-asked"}).to_string();
    held.call("revoke_consents", "", &[], &ends("P"), 200).await;
    held.call("revoke_consents", "", &[], &ends("Z"), 404).await;
    held.call("revoke_consents", "", &[], "{}", 400).await;
    held.call("revoke_consents", "", &[], r#"{"key": "P", "consents": [], "ground": "worker-asked"}"#, 400).await;
    let on_no_text = json!({"notice": "ab".repeat(32), "ground": "notice-wrong"}).to_string();
    held.call("revoke_consents", "", &[], &on_no_text, 404).await;
    let all: Value = serde_json::from_str(&held.call("list_consents", "", &[], "", 200).await).expect("JSON");
    let over = json!({"key": "P", "consents": [all["items"][0]["consent"]["id"]], "ground": "worker-asked"});
    held.call("revoke_consents", "", &[], &over.to_string(), 409).await;
    held.call("revoke_consents", "", &[("accept", "text/html")], "{}", 406).await;
    held.call("revoke_consents", "", &[], &" ".repeat(20_000), 413).await;
    held.call("revoke_consents", "", &[("content-type", "text/plain")], "{}", 415).await;
    held.call("list_activities", "", &[], "", 200).await;
    held.call("list_activities", "?x=1", &[], "", 400).await;
    held.call("list_activities", "", &[("accept", "text/html")], "", 406).await;
    // Somebody else, who goes.
    held.call("put_skill_offer", "Q", &[], &polder_federation_tests::people::profile("Lasser zoekt werk").to_string(), 201).await;
    let stays = std::mem::replace(&mut held.worker, Client::of_worker(node, "Q").await);
    held.call("erase_me", "?x=1", &[], "", 400).await;
    held.call("erase_me", "", &[], "", 200).await;
    held.worker = stays;
}

/// The export of a worker at another node of the region, which is made for it.
pub(super) async fn another_partners_export(node: &polder_web::RunningNode, identity: &Identity) -> (polder_model::PartnerId, Value) {
    use polder_federation_tests::people::{profile, put};
    let directory = tempfile::tempdir().expect("a directory");
    let register = node.node.register();
    let other = register.members().iter().find(|member| member.partner != node.node.home().partner).expect("another one").partner.clone();
    let home = polder_exchange::Home::named(other.clone(), String::new());
    let path = directory.path().join("other.db");
    let (shared, clock) = (polder_trust::register::SharedRegister::new((*register).clone()), std::sync::Arc::new(SystemClock));
    let opened = polder_exchange::Node::open(home, &path, shared, std::sync::Arc::new(NoPeers), clock).await.expect("a node");
    let opened = opened.signing(std::sync::Arc::clone(identity.message_key()));
    let worker = put(&opened, "P", &profile("Monteur zoekt werk")).await;
    (other, serde_json::to_value(opened.export_of(worker).await.expect("exported")).expect("JSON"))
}

async fn erasures(held: &mut Held, node: &polder_web::RunningNode) {
    // Its own client is told by the node itself: as soon as the tombstone came.
    while node.node.erasures("operator", 0, 1).await.expect("read").is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    held.call("list_outstanding", "", &[], "", 200).await;
    let page: Value = serde_json::from_str(&held.call("list_erasures", "?limit=1", &[], "", 200).await).expect("JSON");
    let number = &page["items"][0]["number"];
    for wrong in ["{}", r#"{"upTo":0}"#, r#"{"upTo":-1}"#, r#"{"upTo":1,"x":2}"#] {
        held.call("acknowledge_erasures", "", &[], wrong, 400).await;
    }
    let settled = held.call("acknowledge_erasures", "", &[], &json!({"upTo": number}).to_string(), 200).await;
    assert_eq!(settled, r#"{"settled":1}"#);
    let copies = held.call("list_copies", "", &[], "", 200).await;
    assert!(copies.contains(r#""state":"erased""#), "{copies}");
}

/// A worker of the node applies to a vacancy of its own partner.
async fn applications(held: &mut Held, node: &polder_web::RunningNode) {
    use sha2::{Digest, Sha256};
    held.call("put_vacancy", "V", &[], &vacancy("Monteur").to_string(), 200).await;
    let worker = node.node.store().worker_of(&"P".parse().expect("a key"), node.node.now()).await.expect("read").expect("a worker");
    let fields = [polder_consent::Field::Skills];
    let decision = polder_federation_tests::people::decision(&[&node.node.home().partner], &fields);
    let application = polder_exchange::people::Application {
        decision: polder_exchange::people::Decision { purpose: polder_model::Purpose::Application, ..decision },
        vacancy: "V".parse().expect("a key"),
        title: "Monteur".to_owned(),
        employer: "Proef".to_owned(),
        motivation: "Ik werk graag buiten.".to_owned(),
    };
    let notice = hex::encode(Sha256::digest(node.node.application_notice(worker, &application).await.expect("a text")));
    let authentication = polder_consent::Authentication { issuer: "proef".to_owned(), level: String::new(), at: node.node.now() };
    node.node.apply(worker, &application, &notice, authentication).await.expect("applied");
    // It is on its way: as soon as the node has sent it to itself.
    while node.node.applications_after(0, 1).await.expect("read").is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let page: Value = serde_json::from_str(&held.call("list_applications", "?limit=1", &[], "", 200).await).expect("JSON");
    assert_eq!(page["items"][0]["document"]["motivation"], "Ik werk graag buiten.");
    let number = page["items"][0]["number"].to_string();
    for status in ["received", "closed"] {
        held.call("set_application_status", &number, &[], &json!({"status": status}).to_string(), 200).await;
    }
    for nobodys in ["0", "999", "x"] {
        held.call("set_application_status", nobodys, &[], r#"{"status":"closed"}"#, 404).await;
    }
    for wrong in ["{}", r#"{"status":"withdrawn"}"#, r#"{"status":"closed","status":"closed"}"#, r#"{"status":"closed","why":"x"}"#] {
        held.call("set_application_status", &number, &[], wrong, 400).await;
    }
    held.call("set_application_status", &number, &[("accept", "text/html")], "{}", 406).await;
    held.call("set_application_status", &number, &[], &" ".repeat(40_000), 413).await;
    held.call("set_application_status", &number, &[("content-type", "text/plain")], "{}", 415).await;
}
