//! A worker moves in at the portal: what comes of the file is shown first, and kept when they say so.

use http::StatusCode;
use polder_federation_tests::browser::{Browser, hidden};
use polder_federation_tests::http::Client;
use polder_federation_tests::people::{MATCHED, decision, give, profile};

use crate::portal::{stage, with_profile};

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_moves_in_sees_it_first_and_nobody_else_moves_them() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld", "Bram Voorbeeld", "Carla Voorbeeld"]).await;
    let (new, old) = (&nodes[0], &nodes[1]);
    let put = Client::of(old).put("/v1/skill-offers/P-1", profile("Monteur zoekt <b>werk</b>").to_string()).await;
    assert_eq!(put.status(), 201);
    let key = "P-1".parse().expect("a key");
    let worker = old.node.store().worker_of(&key, old.node.now()).await.expect("read").expect("there is a profile");
    give(&old.node, worker, &decision(&[&new.node.home().partner], &MATCHED)).await.expect("given");
    // As a worker gets it: with lines, which make no difference.
    let export = serde_json::to_value(old.node.export_of(worker).await.expect("exported")).expect("JSON");
    let export = serde_json::to_vec_pretty(&export).expect("JSON");

    let portal = format!("http://{}/portal", new.client);
    let (page, check, keep) = (format!("{portal}/move"), format!("{portal}/move/check"), format!("{portal}/move/keep"));
    let mut anna = Browser::new();
    anna.log_in(&portal, "Anna Voorbeeld").await;
    let csrf = anna.open(&page).await.csrf();
    let shown = anna.post_file(&check, &csrf, &export).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.html);
    for said in ["Monteur zoekt &lt;b&gt;", "Eén ding deelde u.", "<li>uw vaardigheden</li>", &old.node.home().name] {
        assert!(shown.html.contains(said), "{said}: {}", shown.html);
    }
    assert!(anna.open(&format!("{portal}/profile")).await.html.contains("name=\"title\" value=\"\""), "nothing was kept");

    let word = hidden(&shown.html).into_iter().find(|(name, _)| name == "file").expect("its name").1;
    // Nobody else keeps it, and a no throws it away.
    let mut bram = with_profile(new, "Bram Voorbeeld", "W-2").await;
    let his = bram.open(&page).await;
    assert!(his.html.contains("U hebt hier al een profiel") && !his.html.contains("type=\"file\""), "{}", his.html);
    let his = bram.open(&portal).await.csrf();
    let refused = bram.post(&keep, &[("csrf", &his), ("file", &word), ("answer", "yes")]).await;
    assert!(refused.status == StatusCode::BAD_REQUEST && refused.html.contains("Kies het bestand nog een keer"), "{}", refused.html);
    let refused = bram.post_file(&check, &his, &export).await;
    assert!(refused.status == StatusCode::BAD_REQUEST && refused.html.contains("u hebt hier al een profiel"), "{}", refused.html);
    anna.post(&keep, &[("csrf", &csrf), ("file", &word), ("answer", "no")]).await;
    let gone = anna.post(&keep, &[("csrf", &csrf), ("file", &word), ("answer", "yes")]).await;
    assert!(gone.html.contains("Kies het bestand nog een keer"), "{}", gone.html);

    for (file, said) in [
        (b"{}".to_vec(), "geen bestand om mee te verhuizen"),
        (String::from_utf8(export.clone()).expect("text").replace("Monteur", "Directeur").into_bytes(), "kunnen wij niet overnemen"),
    ] {
        let refused = anna.post_file(&check, &csrf, &file).await;
        assert!(refused.status == StatusCode::BAD_REQUEST && refused.html.contains(said), "{said}: {}", refused.html);
    }
    for (from, csrf) in [("https://evil.example", csrf.as_str()), (&format!("http://{}", new.client), "")] {
        assert_eq!(anna.post_from(from, &keep, &[("csrf", csrf), ("file", &word), ("answer", "yes")]).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(anna.post_file(&check, "", &export).await.status, StatusCode::FORBIDDEN);
    let mut stranger = Browser::new();
    for path in [&page, &check] {
        assert!(stranger.open(path).await.url.contains("/portal/welcome"), "{path}");
    }
    assert!(stranger.post_file(&check, &csrf, &export).await.url.contains("/portal/welcome"));

    anna.post_file(&check, &csrf, &export).await;
    let kept = anna.post(&keep, &[("csrf", &csrf), ("file", &word), ("answer", "yes")]).await;
    assert!(kept.html.contains("Uw profiel is overgenomen") && kept.html.contains("U bracht mee van"), "{}", kept.html);
    let home = anna.open(&portal).await;
    assert!(home.html.contains("Eén vraag wacht op uw antwoord") && home.html.contains("U deelt nu niets."), "{}", home.html);
    // The same file once more, by somebody else.
    let mut carla = Browser::new();
    carla.log_in(&portal, "Carla Voorbeeld").await;
    let hers = carla.open(&page).await.csrf();
    let taken = carla.post_file(&check, &hers, &export).await;
    assert!(taken.status == StatusCode::BAD_REQUEST && taken.html.contains("al overgenomen"), "{}", taken.html);
}
