//! A session of the desk that is over while somebody types an offer: they log in beside the page, and nothing of it is lost.

use http::StatusCode;
use polder_federation_tests::browser::Browser;
use polder_federation_tests::forms::filled_in;
use polder_model::Kind;
use polder_store::people::{Ends, SessionId};

use crate::desk::{desk, recruiter, stage};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_of_an_offer_when_a_session_was_over_is_gone_on_with_after_the_next() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let (node, desk) = (&nodes[1], desk(&nodes[1]));
    let origin = format!("http://{}", node.client);
    for (place, key) in ["V-1", "+"].into_iter().enumerate() {
        let mut rosa = recruiter(node).await;
        let at = format!("{desk}/offers/vacancy/{key}");
        let form = rosa.open(&at).await;
        let csrf = form.csrf();
        let id = SessionId::of(rosa.cookie(&origin, "__Host-polder-desk").expect("a session"));
        node.node.store().end_sessions(Ends::One(id)).await.expect("written");
        let mut typed = filled_in(&form.html, &format!("/desk/offers/vacancy/{key}"));
        typed.retain(|(name, _)| !["title", "description", "hours_min"].contains(&name.as_str()));
        let new = [("title", "Lasser <b>gezocht</b>"), ("description", "Eerste\nTweede"), ("hours_min", "24"), ("do", "keep")];
        let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(new).collect();
        let over = rosa.post(&at, &typed).await;
        assert_eq!(over.status, StatusCode::UNAUTHORIZED, "{}", over.html);
        for said in ["Wat u typte, is nog niet bewaard", "Lasser &lt;b&gt;gezocht", "/desk/login?back=/desk/resume"] {
            assert!(over.html.contains(said), "{said}: {}", over.html);
        }

        // Before they are logged in it goes no further; a form of another page, or of nobody, goes nowhere.
        let (resume, action) = (format!("{at}/resume"), format!("/desk/offers/vacancy/{key}/resume"));
        let kept = filled_in(&over.html, &action);
        let kept: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let still = rosa.post(&resume, &kept).await;
        assert!(
            still.status == StatusCode::UNAUTHORIZED && still.html.contains(&format!("action=\"{}\"", action.replace('/', "&#x2f;"))),
            "{}",
            still.html
        );
        for (from, csrf) in [(origin.as_str(), csrf.as_str()), (&origin, ""), ("https://evil.example", &csrf)] {
            assert_eq!(
                rosa.post_from(from, &resume, &[("csrf", csrf), ("title", "Anders")]).await.status,
                StatusCode::FORBIDDEN,
                "{from} {csrf}"
            );
        }
        for nobody in [Browser::new().post(&resume, &typed).await, Browser::new().post(&at, &typed).await] {
            assert!(nobody.url.contains("/desk/welcome"), "{}", nobody.url);
        }
        let nothing = rosa.post(&at, &[("csrf", &csrf), ("title", "")]).await;
        assert!(nothing.url.contains("/desk/welcome?over=yes"), "{}", nothing.url);
        // Whoever has another role goes on with nothing.
        let mut bas = rosa.clone();
        bas.log_in(&desk, "Bas Beheerder").await;
        assert_eq!(bas.post(&resume, &kept).await.status, StatusCode::FORBIDDEN);

        rosa.log_in(&desk, "Rosa Recruiter").await;
        assert!(rosa.open(&format!("{desk}/resume")).await.html.contains("U bent weer ingelogd"));
        let again = rosa.post(&resume, &kept).await;
        assert_eq!(again.status, StatusCode::OK, "{}", again.html);
        for said in ["Wat u typte, staat er weer", "value=\"Lasser &lt;b&gt;gezocht&lt;&#x2f;b&gt;\"", "Eerste\nTweede", "value=\"24\""] {
            assert!(again.html.contains(said), "{said}: {}", again.html);
        }
        let stored = node.node.store().list_offers(Kind::Vacancy, None, 9).await.expect("read");
        let kept_already = stored.iter().filter(|one| String::from_utf8_lossy(&one.document).contains("gezocht")).count();
        assert_eq!(kept_already, place, "nothing is kept before they say so");
        // It is the form that it was: kept, it is the same offer.
        let mut last = filled_in(&again.html, &format!("/desk/offers/vacancy/{key}"));
        last.push(("do".to_owned(), "keep".to_owned()));
        let last: Vec<(&str, &str)> = last.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert!(rosa.post(&at, &last).await.url.contains("told=kept"));
    }
}
