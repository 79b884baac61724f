//! A session of the desk that is over while somebody types an offer: they log in beside the page, and nothing of it is lost.

use http::StatusCode;
use polder_federation_tests::browser::Browser;
use polder_federation_tests::forms::filled_in;
use polder_model::Kind;
use polder_store::people::{Ends, SessionId};

use crate::desk::{desk, recruiter, stage};
use crate::portal_languages::button;

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

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_at_one_door_is_neither_shown_nor_lost_at_the_other() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let (node, desk) = (&nodes[1], desk(&nodes[1]));
    let origin = format!("http://{}", node.client);
    let portal = format!("{origin}/portal");
    let mut both = recruiter(node).await;
    both.log_in(&portal, "Willem Werkende").await;
    let at = [format!("{desk}/offers/vacancy/+"), format!("{portal}/profile")];
    let resume = [format!("{desk}/offers/vacancy/+/resume"), format!("{portal}/resume")];
    let said = ["Lasser gezocht", "Willem zoekt werk"];
    let csrf = [both.open(&at[0]).await.csrf(), both.open(&at[1]).await.csrf()];
    for door in ["desk", "portal"] {
        let id = SessionId::of(both.cookie(&origin, &format!("__Host-polder-{door}")).expect("a session"));
        node.node.store().end_sessions(Ends::One(id)).await.expect("written");
    }
    let mut kept = Vec::new();
    for door in [0, 1] {
        let over = both.post(&at[door], &[("csrf", &csrf[door]), ("etag", ""), ("title", said[door])]).await;
        assert!(over.status == StatusCode::UNAUTHORIZED && over.html.contains(said[door]), "{}", over.html);
        // In another language it stays at its door.
        let (to, pressed) = button(&over, "form");
        let mut fields = filled_in(&over.html, resume[door].trim_start_matches(&origin));
        fields.push(pressed);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let other = both.post(&format!("{origin}{to}"), &fields).await;
        assert!(other.status == StatusCode::UNAUTHORIZED && other.html.contains(said[door]), "{}", other.html);
        assert_eq!(format!("{origin}{}", button(&other, "form").0).split('?').next(), Some(resume[door].as_str()), "{}", other.html);
        kept.push(filled_in(&other.html, resume[door].trim_start_matches(&origin)));
    }
    let kept: Vec<Vec<(&str, &str)>> =
        kept.iter().map(|fields| fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()).collect();
    for logged_in in [false, true] {
        if logged_in {
            both.log_in(&desk, "Rosa Recruiter").await;
            both.log_in(&portal, "Willem Werkende").await;
        }
        for door in [0, 1] {
            let wrong = both.post(&resume[1 - door], &kept[door]).await;
            assert!(wrong.status == StatusCode::FORBIDDEN && !wrong.html.contains(said[door]), "{logged_in}: {}", wrong.html);
        }
    }
    for door in [0, 1] {
        let again = both.post(&resume[door], &kept[door]).await;
        assert!(again.status == StatusCode::OK && again.html.contains(said[door]), "{}", again.html);
    }
}
