//! Who may see which page.

use http::StatusCode;
use polder_federation_tests::browser::Browser;
use polder_federation_tests::http::Client;

use super::{OF_ADMINISTRATOR, OF_OFFICER, desk, log_in, stage};
use crate::workers;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_looks_after_the_node_or_over_people_without_that_role() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let (desk, origin) = (desk(&nodes[0]), format!("http://{}", nodes[0].client));
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    workers::give(&worker, &workers::decision(&[&nodes[1]])).await;
    let read: Vec<&str> = OF_ADMINISTRATOR.0.into_iter().chain(OF_OFFICER.0).collect();
    let write: Vec<&str> = OF_ADMINISTRATOR.1.into_iter().chain(OF_OFFICER.1).collect();
    // What the form would do, if it were believed.
    let form = |csrf: &str| {
        let fields = [("csrf", csrf), ("by", "worker"), ("key", "P-1"), ("ground", "not-free"), ("effect", "1-1-0"), ("do", "end")];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let post = async |browser: &mut Browser, from: &str, path: &str, csrf: &str| {
        let form = form(csrf);
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post_from(from, &format!("{desk}{path}"), &fields).await
    };

    let mut stranger = Browser::new();
    for path in &read {
        assert!(stranger.open(&format!("{desk}{path}")).await.url.contains("/desk/welcome?back="), "{path}");
    }
    for path in &write {
        assert_eq!(post(&mut stranger, &origin, path, "").await.status, StatusCode::SEE_OTHER, "{path}");
    }

    // A worker's session opens the portal alone, under the name of the desk's cookie too.
    let mut willem = Browser::new();
    willem.log_in(&format!("{origin}/portal"), "Willem Werkende").await;
    let csrf = willem.open(&format!("{origin}/portal")).await.csrf();
    let token = willem.cookie(&origin, "__Host-polder-portal").expect("a session").to_owned();
    willem.set_cookie(&origin, "__Host-polder-desk", &token);
    for path in &read {
        assert!(willem.open(&format!("{desk}{path}")).await.url.contains("/desk/welcome"), "{path}");
    }
    for path in &write {
        assert_eq!(post(&mut willem, &origin, path, &csrf).await.status, StatusCode::SEE_OTHER, "{path}");
    }

    // Each role has its own pages, and no other's.
    let nothing: (&[&str], &[&str]) = (&[], &[]);
    let (administrator, officer) = ((&OF_ADMINISTRATOR.0[..], &OF_ADMINISTRATOR.1[..]), (&OF_OFFICER.0[..], &OF_OFFICER.1[..]));
    for (name, own) in [("Rosa Recruiter", nothing), ("Bas Beheerder", administrator), ("Fenna Functionaris", officer)] {
        let mut browser = log_in(&nodes[0], name).await;
        let csrf = browser.open(&desk).await.csrf();
        for path in &read {
            let shown = browser.open(&format!("{desk}{path}")).await;
            let expected = own.0.contains(path);
            assert_eq!(shown.status != StatusCode::FORBIDDEN, expected, "{name} {path}: {}", shown.status);
            assert!(expected || shown.html.contains("U mag dit niet met de rol"), "{name} {path}: {}", shown.html);
        }
        for path in write.iter().filter(|path| !own.1.contains(path)) {
            let refused = post(&mut browser, &origin, path, &csrf).await;
            assert!(
                refused.status == StatusCode::FORBIDDEN && refused.html.contains("U mag dit niet met de rol"),
                "{name} {path}: {}",
                refused.html
            );
        }
        let others = browser.open(&format!("{origin}/portal")).await.url;
        assert!(others.contains("/portal/welcome") || !others.contains("/desk"), "the portal is another door: {others}");
        // Forms of another site, or of another session.
        for path in own.1 {
            for (from, csrf) in [("https://evil.example", csrf.as_str()), ("null", &csrf), (&origin, ""), (&origin, "x")] {
                let forged = post(&mut browser, from, path, csrf).await;
                assert!(
                    forged.status == StatusCode::FORBIDDEN && forged.html.contains("Er is niets veranderd"),
                    "{name} {path} {from}: {}",
                    forged.html
                );
            }
        }
    }
    let (_, all) = workers::call(&worker, "GET", "/v1/me/consents", None).await;
    assert_eq!(all["items"][0]["state"], "given", "none of them changed anything: {all}");
}
