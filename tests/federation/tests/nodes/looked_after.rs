//! The pages of the administrator and of the privacy officer: whether they say what the node's interface says.

mod administrator;
mod officer;
mod revoking;

use polder_federation_tests::browser::{Browser, staff, with_people, worker};
use polder_federation_tests::http::{Client, Partner, start_all, vacancy};
use polder_federation_tests::people::profile;
use polder_store::people::Role;
use polder_web::RunningNode;

use crate::workers::about_people;

fn desk(node: &RunningNode) -> String {
    format!("http://{}/desk", node.client)
}

/// Partners of whom the first has staff of each role, and a worker who logs in.
fn partners(directory: &std::path::Path) -> Vec<Partner> {
    let mut partners = about_people(directory, 3);
    let people = vec![
        staff("Rosa Recruiter", &[Role::Desk]),
        staff("Bas Beheerder", &[Role::Administrator]),
        staff("Fenna Functionaris", &[Role::PrivacyOfficer]),
        worker("Willem Werkende"),
    ];
    with_people(&mut partners[0], people);
    partners
}

/// Their nodes: the first with a profile, the others each with a vacancy.
async fn stage(directory: &std::path::Path) -> Vec<RunningNode> {
    stage_of(&mut partners(directory)).await
}

async fn stage_of(partners: &mut [Partner]) -> Vec<RunningNode> {
    let nodes = start_all(partners).await;
    let put = Client::of(&nodes[0]).put("/v1/skill-offers/P-1", profile("Monteur zoekt werk").to_string()).await;
    assert_eq!(put.status(), 201);
    for node in &nodes[1..] {
        assert_eq!(Client::of(node).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    }
    nodes
}

async fn log_in(node: &RunningNode, name: &str) -> Browser {
    let mut browser = Browser::new();
    let home = browser.log_in(&desk(node), name).await;
    assert!(home.html.contains(&format!("Hallo {name}")), "{}", home.html);
    browser
}

/// A page that there is, small enough, with what it has to say.
async fn says(browser: &mut Browser, url: &str, said: &[&str]) -> String {
    let shown = browser.open(url).await;
    assert!(shown.status == 200 && shown.html.len() < 50_000, "{url}: {} {}", shown.status, shown.html);
    for said in said {
        assert!(shown.html.contains(said), "{url} does not say {said}: {}", shown.html);
    }
    shown.html
}
