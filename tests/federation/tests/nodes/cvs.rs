//! A worker brings a CV: it fills the form of the profile, and nothing is kept before they say so.

use http::StatusCode;
use polder_federation_tests::browser::{Browser, hidden};

use crate::portal::{stage, with_profile};

const CV: &str = r#"{"basics": {"name": "Anna <b>Voorbeeld</b>", "label": "Lasser zoekt werk", "summary": "Ik werk graag precies."},
    "work": [{"name": "Geheimwerf", "position": "Bakker"}], "skills": [{"name": "TIG-lassen"}, {"name": "Excell"}, {"name": "Qwxzvk<script>"}]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_cv_fills_the_form_and_is_kept_when_the_worker_says_so() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld", "Bram Voorbeeld"]).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let import = format!("{portal}/profile/import");
    let mut anna = Browser::new();
    anna.log_in(&portal, "Anna Voorbeeld").await;
    let page = anna.open(&import).await;
    assert!(page.html.contains("enctype=\"multipart/form-data\""), "{}", page.html);
    let csrf = page.csrf();
    let filled = anna.post_file(&import, &csrf, CV.as_bytes()).await;
    assert_eq!(filled.status, StatusCode::OK, "{}", filled.html);
    for said in [
        "Er is nog niets bewaard",
        "value=\"Lasser zoekt werk\"",
        "lastechnieken",
        "bij wie u werkte",
        "value=\"Anna Voorbeeld\"",
        ">bakker<",
    ] {
        assert!(filled.html.contains(said), "{said}: {}", filled.html);
    }
    assert!(!filled.html.contains("Geheimwerf") && !filled.html.contains("<script>"), "{}", filled.html);
    assert!(filled.html.len() < 50_000, "{} bytes", filled.html.len());
    let empty = anna.open(&format!("{portal}/profile")).await;
    assert!(!empty.html.contains("Lasser zoekt werk") && empty.html.contains("/portal/profile/import"), "nothing was kept: {}", empty.html);

    // Of which skills its texts speak is proposed, with the words; it stays until it is picked, whatever is looked for.
    let told = CV.replace("\"position\": \"Bakker\"", "\"position\": \"Bakker\", \"summary\": \"Ik reed <i>heftruck</i> | op de kade.\"");
    let told = anna.post_file(&import, &csrf, told.as_bytes()).await;
    assert!(
        told.html.contains("lazen wij één vaardigheid") && told.html.contains("<strong>") && !told.html.contains("<i>"),
        "{}",
        told.html
    );
    let proposed: Vec<(String, String)> = hidden(&told.html).into_iter().filter(|(name, _)| name == "proposed").collect();
    let [(_, truck)] = proposed.as_slice() else { panic!("{proposed:?}") };
    let uri = truck.split('|').next().expect("a code");
    for (button, picked, stays) in [("skill", "", true), ("look", "", true), ("read", "", false), ("skill", uri, false)] {
        let typed = [("csrf", csrf.as_str()), ("etag", ""), ("title", "Bakker"), ("proposed", truck), ("skill", picked), ("do", button)];
        let found = anna.post(&format!("{portal}/profile"), &typed).await;
        assert_eq!(found.html.contains("name=\"proposed\""), stays, "{button}: {}", found.html);
    }
    let own =
        [("csrf", csrf.as_str()), ("etag", ""), ("description", "Ik kan goed lassen."), ("proposed", "urn:evil|a|b|c"), ("do", "read")];
    let read = anna.post(&format!("{portal}/profile"), &own).await;
    for said in ["lastechnieken", "Ik kan goed <strong>lassen</strong>.", "Klopt het? Vink het dan aan"] {
        assert!(read.html.contains(said) && !read.html.contains("urn:evil"), "{said}: {}", read.html);
    }
    let nothing = anna.post(&format!("{portal}/profile"), &[("csrf", &csrf), ("etag", ""), ("do", "read")]).await;
    assert!(nothing.status == StatusCode::BAD_REQUEST && nothing.html.contains("wrong-f-read"), "{}", nothing.html);

    // What it may mean stays until it is picked or the profile is kept, whatever is looked for.
    let maybe: Vec<(String, String)> = hidden(&filled.html).into_iter().filter(|(name, _)| name.starts_with("maybe_")).collect();
    for kind in ["maybe_skill", "maybe_occupation"] {
        assert!(maybe.iter().any(|(name, _)| name == kind), "{kind}: {}", filled.html);
    }
    for button in ["skill", "occupation", "propose", "keep"] {
        let more = [("csrf", csrf.as_str()), ("etag", ""), ("find_skill", "koken"), ("find_occupation", "kok"), ("do", button)];
        let typed: Vec<(&str, &str)> = maybe.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(more).collect();
        let found = anna.post(&format!("{portal}/profile"), &typed).await;
        let still: Vec<(String, String)> = hidden(&found.html).into_iter().filter(|(name, _)| name.starts_with("maybe_")).collect();
        assert_eq!(still, maybe, "{button}: {}", found.html);
    }
    let forged =
        anna.post(&format!("{portal}/profile"), &[("csrf", &csrf), ("etag", ""), ("maybe_skill", "urn:evil"), ("do", "skill")]).await;
    assert!(!forged.html.contains("urn:evil"), "{}", forged.html);

    let skill = filled
        .html
        .split("name=\"skill\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a skill")
        .replace("&#x2f;", "/");
    let form = [("csrf", csrf.as_str()), ("etag", ""), ("title", "Lasser zoekt werk"), ("skill", &skill), ("do", "keep")];
    let kept = anna.post(&format!("{portal}/profile"), &form).await;
    assert!(kept.html.contains("Uw profiel is bewaard"), "{}", kept.html);
    // What stands there already stays.
    let again = anna.post_file(&import, &csrf, CV.replace("Lasser zoekt", "Bakker zoekt").as_bytes()).await;
    assert!(again.html.contains("value=\"Lasser zoekt werk\"") && !again.html.contains("Bakker zoekt"), "{}", again.html);

    for (file, said) in [
        (&b""[..], "U koos nog geen bestand"),
        (b"%PDF-1.7", "Dit is een pdf"),
        (b"<!DOCTYPE a [<!ENTITY b \"c\">]><Candidate>&b;</Candidate>", "een documenttype"),
        (b"PK\x03\x04", "geen cv van Europass"),
        (&[b' '; 1_100_000], "te groot"),
    ] {
        let refused = anna.post_file(&import, &csrf, file).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.html.contains(said), "{said}: {}", refused.html);
    }

    // Nobody does it for them.
    let mut bram = with_profile(&nodes[0], "Bram Voorbeeld", "W-2").await;
    for csrf in ["", &csrf] {
        let forged = bram.post_file(&import, csrf, CV.as_bytes()).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN, "{}", forged.html);
    }
    let other = anna.post_from("https://evil.example", &import, &[("csrf", &csrf)]).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    let plain = anna.post_from(&format!("http://{}", nodes[0].client), &import, &[("csrf", &csrf)]).await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let mut stranger = Browser::new();
    assert!(stranger.open(&import).await.url.contains("/portal/welcome"));
    assert!(stranger.post_file(&import, &csrf, CV.as_bytes()).await.url.contains("/portal/welcome"));
}
