//! What a system of a partner says of an application, and what its worker sees of that.

use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::browser::{with_people, worker};
use polder_federation_tests::http::{Client, region_of};
use polder_federation_tests::local::ManualClock;
use serde_json::json;

use crate::finding::{SKILL, submit};
use crate::portal::with_profile;
use crate::workers::{about_people, read};

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_sees_in_the_portal_what_a_system_says_of_their_application() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = about_people(directory.path(), 2);
    with_people(&mut partners[0], vec![worker("Anna Voorbeeld")]);
    let (region, clock) = (region_of(&partners), Arc::new(ManualClock::at(SystemClock.now())));
    let mut nodes = Vec::new();
    for partner in &mut partners {
        nodes.push(partner.start_at(region.register(clock.now()), Arc::<ManualClock>::clone(&clock)).await);
    }
    let vacancy = json!({"title": "Monteur", "description": "Sleutelen.", "employer": {"name": "Werkplaats"}, "skills": [{"uri": SKILL}]});
    let employer = Client::of(&nodes[1]);
    assert_eq!(employer.put("/v1/vacancies/V-1", vacancy.to_string()).await.status(), 201);
    let mut browser = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let work = browser.open(&format!("{portal}/work")).await;
    let form = submit(&mut browser, &work, &portal, "apply", &[]).await;
    let check = submit(&mut browser, &form, &portal, "apply/check", &[("field", "/skills"), ("motivation", "Graag.")]).await;
    submit(&mut browser, &check, &portal, "apply/send", &[("answer", "yes")]).await;
    let began = Instant::now();
    let mut shown = async |said: &str| {
        loop {
            let page = browser.open(&format!("{portal}/applications")).await.html;
            if page.contains(said) {
                return page;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "{said}: {page}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    assert!(!shown("Ontvangen").await.contains("Afgehandeld"));
    let number = read(&employer, "/v1/applications").await["items"][0]["number"].clone();
    let path = format!("/v1/applications/{number}/status");
    let set = employer.request("POST", &path).json(&json!({"status": "closed"})).send().await.expect("a response");
    assert_eq!(set.status(), 200);
    // The worker's node asks after it once a minute.
    clock.pass(Duration::from_secs(61));
    nodes[0].node.ask_after_applications().await.expect("asked");
    assert!(!shown("Afgehandeld").await.contains("Ontvangen"));
    // It may be opened again, and is asked after less often.
    let set = employer.request("POST", &path).json(&json!({"status": "received"})).send().await.expect("a response");
    assert_eq!(set.status(), 200);
    clock.pass(Duration::from_secs(601));
    nodes[0].node.ask_after_applications().await.expect("asked");
    assert!(!shown("Ontvangen").await.contains("Afgehandeld"));
}
