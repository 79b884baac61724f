//! On a page that answers a form another language can be picked too: what was typed stays, and nothing is kept, sent or shared by it.

use http::StatusCode;
use polder_federation_tests::browser::{Browser, Shown, filled};
use serde_json::json;

use crate::portal::{stage, with_profile};
use crate::portal_asked::{ask, found};

/// The button for the other language on a page that answers a form: where it sends the form with that id, and with what.
pub(crate) fn button(page: &Shown, id: &str) -> (String, (String, String)) {
    let html = page.html.replace("&#x2f;", "/");
    let button = html.split("<button class=\"plain\" id=\"language\"").nth(1).and_then(|rest| rest.split('>').next());
    let button = button.unwrap_or_else(|| panic!("no button: {html}"));
    let said =
        |name: &str| button.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).expect("it says so").to_owned();
    assert!(said("form") == id && html.contains(&format!(" id=\"{id}\"")), "{button}");
    assert!(html.find("id=\"language\"") > html.rfind("</form>"), "the key that sends a form takes a button of its own: {html}");
    assert!(html.contains("href=\"#language\""), "the button is found from above: {html}");
    (said("formaction"), (said("name"), said("value")))
}

/// Picks the other language on a page that answers a form.
async fn switch(browser: &mut Browser, page: &Shown, origin: &str) -> Shown {
    let (to, pressed) = button(page, "form");
    let form = page.html.split(" id=\"form\"").nth(1).and_then(|rest| rest.split("</form>").next()).expect("a form");
    // Lines that are typed are sent as what is ticked.
    let lines = form.replace("<input id=", "<input data-line checked id=").replace("<input class=\"short\"", "<input data-line checked");
    let mut fields = filled(&lines);
    fields.push(pressed);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(&format!("{origin}{to}"), &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_and_what_is_wrong_with_it_stand_there_in_the_other_language() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Carla Voorbeeld"]).await;
    let origin = format!("http://{}", nodes[0].client);
    let profile = format!("{origin}/portal/profile");
    let mut carla = Browser::new();
    carla.log_in(&format!("{origin}/portal"), "Carla Voorbeeld").await;
    let csrf = carla.open(&profile).await.csrf();
    let typed = [("csrf", csrf.as_str()), ("etag", ""), ("title", "Lasser <b>zoekt</b>"), ("hours_min", "veel"), ("do", "keep")];
    let refused = carla.post(&profile, &typed).await;
    assert!(refused.html.contains("Er is nog niets bewaard"), "{}", refused.html);
    let english = switch(&mut carla, &refused, &origin).await;
    assert_eq!(english.status, StatusCode::BAD_REQUEST);
    for said in [
        "<html lang=\"en\">",
        "Nothing has been saved",
        "value=\"Lasser &lt;b&gt;zoekt&lt;&#x2f;b&gt;\"",
        "value=\"veel\"",
        "This is not a number",
    ] {
        assert!(english.html.contains(said), "{said}: {}", english.html);
    }
    assert!(carla.open(&profile).await.html.contains("<html lang=\"en\">"), "it stays that language");
    let typed = [("csrf", csrf.as_str()), ("etag", ""), ("title", "Lasser"), ("find_skill", "welder"), ("do", "skill")];
    let sought = carla.post(&profile, &typed).await;
    assert!(sought.html.contains("(needed by: welder)"), "{}", sought.html);
    let dutch = switch(&mut carla, &sought, &origin).await;
    assert!(dutch.html.contains("(hoort bij lasser)") && dutch.html.contains("value=\"welder\""), "{}", dutch.html);
    let none = carla.open(&profile).await;
    assert!(none.html.contains("name=\"title\" value=\"\"") && none.html.contains("lang=\"nl\""), "nothing was kept: {}", none.html);
    // What nobody typed anything on leads to the page as it is looked at.
    let file = carla.post_file(&format!("{profile}/import"), &csrf, b"%PDF-1.7").await;
    assert!(
        file.html.contains("/pages/language/en?back=&#x2f;portal&#x2f;profile&#x2f;import")
            || file.html.contains("/pages/language/en?back=/portal/profile/import"),
        "{}",
        file.html
    );
    let forged = carla.post(&format!("{profile}?language=en"), &[("csrf", "another")]).await;
    assert!(forged.status == StatusCode::FORBIDDEN && forged.html.contains("/pages/language/"), "{}", forged.html);
    assert_eq!(carla.post(&format!("{profile}?language=xx"), &typed).await.status, StatusCode::OK, "no language is none");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_about_to_be_shared_is_read_anew_and_nothing_is_shared_by_that() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let (origin, recipient) = (format!("http://{}", nodes[0].client), nodes[1].node.home().partner.to_string());
    let portal = format!("{origin}/portal");
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let pick = anna.open(&format!("{portal}/share?purpose=match-vacancy")).await;
    assert!(
        pick.html.contains("<small class=\"line\">") && pick.html.contains(&recipient),
        "what kind of organisation it is: {}",
        pick.html
    );
    let csrf = pick.csrf();
    let fields = [("csrf", csrf.as_str()), ("purpose", "match-vacancy"), ("recipient", &recipient), ("field", "/hours")];
    let half = anna.post(&format!("{portal}/share/check"), &fields).await;
    assert!(half.html.contains("Kies hoe lang."), "{}", half.html);
    let half = switch(&mut anna, &half, &origin).await;
    assert!(half.html.contains("<html lang=\"en\">") && half.html.matches(" checked").count() == 2, "{}", half.html);
    let fields = [fields[0], fields[1], fields[2], fields[3], ("days", "30")];
    let check = anna.post(&format!("{portal}/share/check"), &fields).await;
    assert!(check.html.contains("Yes, share this"), "{}", check.html);
    let dutch = switch(&mut anna, &check, &origin).await;
    assert!(dutch.html.contains("Ja, deel dit") && dutch.html.contains("24 tot 32") && dutch.html.contains("Waarvoor: "), "{}", dutch.html);
    assert!(dutch.html.contains("Hoe lang: tot en met "), "as the pages say it: {}", dutch.html);
    let mut yes = filled(dutch.html.split(" id=\"form\">").nth(1).expect("a form"));
    yes.push(("answer".to_owned(), "yes".to_owned()));
    let yes: Vec<(&str, &str)> = yes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert!(anna.open(&portal).await.html.contains("U deelt nu niets."), "nothing was shared");
    let shared = anna.post(&format!("{portal}/share/give"), &yes).await;
    assert!(shared.html.contains("Gedeeld."), "the text that was read last is agreed to: {}", shared.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_in_the_language_in_which_it_was_read() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let vacancy = json!({"title": "Kok", "description": "Koken.", "employer": {"name": "Bakkerij"},
        "skills": polder_federation_tests::people::profile("")["skills"]});
    let (mut anna, portal, key) = found(&nodes, &vacancy).await;
    ask(&nodes, &key, &["/contact/name", "/contact/email"], Some(json!({"kind": "vacancy", "key": "V-1"}))).await;
    let home = anna.open(&portal).await;
    let id = home.html.split("/portal/requests/").nth(1).and_then(|rest| rest.split('"').next()).expect("a request").to_owned();
    let csrf = home.csrf();
    let less = [("csrf", csrf.as_str()), ("request", &id), ("field", "/contact/email"), ("days", "30"), ("answer", "look")];
    let page = anna.post(&format!("{portal}/share/give"), &less).await;
    let origin = portal.trim_end_matches("/portal");
    let english = switch(&mut anna, &page, origin).await;
    assert!(english.html.contains("contacting you about work") && !english.html.contains("+31 6"), "{}", english.html);
    let ticked: Vec<_> = filled(&english.html).into_iter().filter(|(name, _)| name == "field").collect();
    assert_eq!(ticked, [("field".to_owned(), "/contact/email".to_owned())], "what is ticked stays so");
    assert!(anna.open(&portal).await.html.contains(&id), "it is not answered by that");
}
