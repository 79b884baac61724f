//! What somebody is told who asks for what no page can read.

use http::StatusCode;

use crate::doors::stage;
use crate::portal::with_profile;

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_said_on_a_page() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let origin = format!("http://{}", nodes[0].client);
    let mut browser = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let csrf = browser.open(&format!("{origin}/portal")).await.csrf();
    browser.log_in(&format!("{origin}/desk"), "everything").await;
    for (path, status) in [
        ("/portal?told=nothing", 400),
        ("/portal/seen?before=x", 400),
        ("/portal/seen?before=18446744073709551615", 200),
        ("/portal/consents?before=18446744073709551615", 200),
        ("/portal?before=18446744073709551615", 200),
        ("/portal/erasures?before=x", 400),
        ("/portal/questions?before=1-'", 400),
        ("/portal/applications?before=1-a", 200),
        ("/portal/profile?told=nothing", 400),
        ("/portal/erased/AAAA", 404),
        ("/desk/partners?page=x", 400),
        ("/portal/consents/%ff", 400),
        ("/portal/", 200),
        ("/desk/", 200),
        ("/desk/nowhere", 404),
    ] {
        let shown = browser.open(&format!("{origin}{path}")).await;
        assert!(shown.status == status && shown.html.contains("<html lang=\"nl\">"), "{path}: {} {}", shown.status, shown.html);
    }
    let put = browser.post(&format!("{origin}/portal/consents"), &[("csrf", &csrf)]).await;
    assert!(put.status == StatusCode::METHOD_NOT_ALLOWED && put.html.contains("<html lang=\"nl\">"), "{}", put.html);
    // However long, a text that is looked for takes no longer than a name.
    let long = "lasser ".repeat(30_000);
    let began = std::time::Instant::now();
    let found =
        browser.post(&format!("{origin}/portal/profile"), &[("csrf", &csrf), ("etag", ""), ("find_skill", &long), ("do", "skill")]).await;
    assert!(found.html.len() < 50_000 && began.elapsed() < std::time::Duration::from_secs(2), "{} {:?}", found.html.len(), began.elapsed());
    let many: Vec<(&str, &str)> = [("csrf", csrf.as_str())].into_iter().chain(std::iter::repeat_n(("field", "/title"), 2_000)).collect();
    assert_eq!(browser.post(&format!("{origin}/portal/share/check"), &many).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}
