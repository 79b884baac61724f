//! A session that is over while somebody types, and somebody else who logs in beside the page: they see nothing of what was typed, and nobody does from then on.

use http::StatusCode;
use polder_federation_tests::browser::{Browser, staff, with_people, worker};
use polder_federation_tests::forms::filled_in;
use polder_federation_tests::http::start_all;
use polder_store::people::{Ends, Role, SessionId};

use crate::portal::with_profile;
use crate::workers::about_people;

/// Ends the session of somebody at a door.
async fn end(node: &polder_web::RunningNode, browser: &Browser, door: &str) {
    let token = browser.cookie(&format!("http://{}", node.client), &format!("__Host-polder-{door}")).expect("a session");
    node.node.store().end_sessions(Ends::One(SessionId::of(token))).await.expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_typed_comes_back_to_them_and_to_nobody_else() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = about_people(directory.path(), 2);
    let people = [
        worker("Anna Voorbeeld"),
        worker("Bart Voorbeeld"),
        staff("Rosa Recruiter", &[Role::Desk]),
        staff("Sara Recruiter", &[Role::Desk]),
    ];
    with_people(&mut partners[0], people.into());
    let nodes = start_all(&mut partners).await;
    let (node, origin) = (&nodes[0], format!("http://{}", nodes[0].client));
    let mut anna = with_profile(node, "Anna Voorbeeld", "W-1").await;
    anna.log_in(&format!("{origin}/desk"), "Rosa Recruiter").await;
    let to = nodes[1].node.home().partner.to_string();
    let application = [("partner", to.as_str()), ("key", "V-1"), ("title", "Lasser"), ("by", "Werf"), ("motivation", "Ik zoek al lang")];
    let offer = [("etag", ""), ("title", "Ik zoek al lang")];
    for (door, form, resume, typed, person, other) in [
        ("portal", "/portal/profile", "/portal/resume", offer.as_slice(), "Anna Voorbeeld", "Bart Voorbeeld"),
        ("portal", "/portal/apply/check", "/portal/resume", &application, "Anna Voorbeeld", "Bart Voorbeeld"),
        ("desk", "/desk/offers/vacancy/+", "/desk/offers/vacancy/+/resume", &offer, "Rosa Recruiter", "Sara Recruiter"),
    ] {
        for (name, is_theirs) in [(person, true), (other, false)] {
            let mut browser = anna.clone();
            browser.log_in(&format!("{origin}/{door}"), person).await;
            let csrf = browser.open(&format!("{origin}/{door}")).await.csrf();
            end(node, &browser, door).await;
            let typed: Vec<_> = [("csrf", csrf.as_str())].into_iter().chain(typed.iter().copied()).collect();
            let over = browser.post(&format!("{origin}{form}"), &typed).await;
            assert!(over.status == StatusCode::UNAUTHORIZED && over.html.contains("Ik zoek al lang"), "{form}: {}", over.html);
            assert!(!over.html.contains("15 minuten"), "why it is over is not known: {}", over.html);
            let kept = filled_in(&over.html, resume);
            let kept: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.log_in(&format!("{origin}/{door}"), name).await;
            let shown = browser.post(&format!("{origin}{resume}"), &kept).await;
            if is_theirs {
                assert!(shown.status == StatusCode::OK && shown.html.contains("Ik zoek al lang"), "{form}: {}", shown.html);
                continue;
            }
            assert!(shown.status == StatusCode::FORBIDDEN && !shown.html.contains("Ik zoek al lang"), "{form}: {}", shown.html);
            assert!(shown.html.contains("getypt door iemand anders") && shown.html.contains("Het is weggegooid"), "{form}: {}", shown.html);
            // In that browser it is gone, also for whoever typed it.
            browser.log_in(&format!("{origin}/{door}"), person).await;
            assert_eq!(browser.post(&format!("{origin}{resume}"), &kept).await.status, StatusCode::FORBIDDEN, "{form}");
        }
    }
}
