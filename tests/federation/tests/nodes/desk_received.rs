//! What comes to the desk from workers: applications, and that something is to be erased.

use http::StatusCode;
use polder_exchange::OPERATOR;
use polder_federation_tests::browser::{Browser, Shown, hidden};
use polder_federation_tests::http::{Client, vacancy};
use polder_web::RunningNode;
use serde_json::json;

use crate::desk::{ask, desk, recruiter, says_yes, stage};
use crate::finding::{SKILL, submit};
use crate::portal::with_profile;

/// Anna lets the employer find her, and applies to its vacancy.
async fn anna(nodes: &[RunningNode]) -> (Browser, String) {
    let portal = format!("http://{}/portal", nodes[0].client);
    let fits = json!({"title": "Monteur <i>windmolens</i>", "description": "Sleutelen.", "employer": {"name": "Werkplaats"},
        "skills": [{"uri": SKILL, "label": {"nl": "sleutelen"}}]});
    assert_eq!(Client::of(&nodes[1]).put("/v1/vacancies/V-1", fits.to_string()).await.status(), 200);
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let pick = anna.open(&format!("{portal}/share?purpose=match-vacancy")).await;
    let recipient = nodes[1].node.home().partner.to_string();
    let fields = [("csrf", pick.csrf()), ("purpose", "match-vacancy".to_owned()), ("recipient", recipient), ("days", "30".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let check = anna.post(&format!("{portal}/share/check"), &fields).await;
    says_yes(&mut anna, &check, &portal).await;
    let work = anna.open(&format!("{portal}/work")).await;
    let form = submit(&mut anna, &work, &portal, "apply", &[]).await;
    let picked = [("field", "/skills"), ("field", "/contact/name"), ("field", "/contact/email"), ("motivation", "Graag <b>buiten</b>.")];
    let check = submit(&mut anna, &form, &portal, "apply/check", &picked).await;
    let sent = submit(&mut anna, &check, &portal, "apply/send", &[("answer", "yes")]).await;
    assert!(sent.html.contains("Uw sollicitatie is op weg"), "{}", sent.html);
    (anna, portal)
}

/// Opens a page until it says something.
async fn until(browser: &mut Browser, url: &str, said: &str) -> Shown {
    for _ in 0..200 {
        let page = browser.open(url).await;
        if page.html.contains(said) {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{url} does not say {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_reads_an_application_says_what_became_of_it_and_erases_what_it_is_told_to() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let (mut anna, portal) = anna(&nodes).await;
    let desk = desk(&nodes[1]);
    let mut rosa = recruiter(&nodes[1]).await;
    let list = until(&mut rosa, &format!("{desk}/applications"), "Anna Voorbeeld").await;
    assert!(list.html.contains("Monteur &lt;i&gt;windmolens") && list.html.contains("Ontvangen"), "{}", list.html);
    assert!(rosa.open(&desk).await.html.contains("Eén sollicitatie is nog niet afgehandeld"));
    let none = rosa.open(&format!("{desk}/applications?vacancy=V-9")).await;
    assert!(none.html.contains("Er zijn nu geen sollicitaties") && !none.html.contains("Anna"), "{}", none.html);
    assert!(!rosa.open(&format!("{desk}/applications?before=1")).await.html.contains("Anna"));
    let one = format!("{desk}/applications/1");
    let page = rosa.open(&one).await;
    for said in [
        "Anna Voorbeeld",
        "anna@voorbeeld.example",
        "Graag &lt;b&gt;buiten",
        "noemt de werkende",
        "sleutelen",
        "De werkende ziet nu: Ontvangen",
    ] {
        assert!(page.html.contains(said), "{said}: {}", page.html);
    }
    assert!(!page.html.contains("8251") && !page.html.contains("<b>") && page.html.len() < 50_000, "only what was sent: {}", page.html);

    // Both see the same last moment, and staff can ask to stay in touch beyond it.
    let moment =
        |html: &str| html.split("gebruiken tot ").nth(1).and_then(|rest| rest.split('.').next()).map(str::to_owned).expect("a moment");
    let hers = until(&mut anna, &format!("{portal}/applications"), "Zij mogen dit gebruiken tot").await;
    assert_eq!(moment(&page.html), moment(&hers.html));
    assert!(moment(&page.html).contains(':'), "to the minute: {}", moment(&page.html));
    let csrf = page.csrf();
    let longer = page.html.split("action=\"/desk/asked\"").nth(1).expect("a form to ask");
    let longer = hidden(longer.split("</form>").next().expect("a form"));
    let longer: Vec<(&str, &str)> = longer.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let asked = rosa.post(&format!("{desk}/asked"), &longer).await;
    assert!(asked.html.contains("Gevraagd. De werkende beslist") && asked.html.contains("Voor de vacature Monteur"), "{}", asked.html);
    assert!(anna.open(&portal).await.html.contains("/portal/requests/"), "she is asked");
    let wrong = rosa.post(&one, &[("csrf", &csrf), ("status", "hired")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let closed = rosa.post(&one, &[("csrf", &csrf), ("status", "closed")]).await;
    assert!(
        closed.html.contains("Vastgelegd. De werkende ziet binnen enkele minuten: Afgehandeld.") && closed.html.contains("Toch weer"),
        "{}",
        closed.html
    );
    assert!(!rosa.open(&desk).await.html.contains("nog niet afgehandeld"));
    nodes[0].node.send_applications().await.expect("asked");
    for (path, status) in [("2", StatusCode::NOT_FOUND), ("0", StatusCode::NOT_FOUND), ("x", StatusCode::NOT_FOUND)] {
        assert_eq!(rosa.open(&format!("{desk}/applications/{path}")).await.status, status, "{path}");
    }

    // Staff finds her among people too, and writes something down. Then she stops everything.
    let found = ask(&mut rosa, &desk, &csrf, &[("kind", "skill-offer"), ("about", "V-1")]).await;
    assert!(found.html.contains("Monteur zoekt werk"), "{}", found.html);
    // She shows no postcode: with a place she is not found, and the page says what to do.
    let near = [("kind", "skill-offer"), ("about", "V-1"), ("from", "Lelystad"), ("minutes", "30")];
    let none = ask(&mut rosa, &desk, &csrf, &near).await;
    assert!(!none.html.contains("Monteur zoekt werk") && none.html.contains("id=\"anywhere\" class=\"notice\">"), "{}", none.html);
    let all: Vec<_> = [("csrf", csrf.as_str()), ("do", "anywhere")].into_iter().chain(near).collect();
    let anywhere = rosa.post(&format!("{desk}/search"), &all).await;
    assert!(
        anywhere.html.contains("Monteur zoekt werk") && anywhere.html.contains("id=\"anywhere\" class=\"notice\" hidden>"),
        "{}",
        anywhere.html
    );
    let csrf_hers = anna.open(&portal).await.csrf();
    anna.post(&format!("{portal}/consents/withdraw"), &[("csrf", &csrf_hers)]).await;
    let erasing = format!("{desk}/erasures");
    until(&mut rosa, &erasing, "Alle 2 hierboven zijn overal gewist").await;
    // It says how the vacancy was called then, whatever became of it since.
    let renamed = vacancy("Heel ander werk").to_string();
    assert_eq!(Client::of(&nodes[1]).put("/v1/vacancies/V-1", renamed).await.status(), 200);
    let mut page = rosa.open(&erasing).await;
    assert!(!page.html.contains("Heel ander werk"), "{}", page.html);
    for said in [
        "voor Monteur &lt;i&gt;windmolens",
        ">(V-1)<",
        "Deze sollicitatie kwam binnen op",
        "Hier bekeken op",
        "Sollicitaties",
        "Mensen die bij een vacature passen",
        "Wis wat u hiervoor",
    ] {
        assert!(page.html.contains(said), "{said}: {}", page.html);
    }
    assert!(!page.html.contains("Anna"), "no names: {}", page.html);
    assert!(rosa.open(&desk).await.html.contains("2 keer wissen"));
    let gone = rosa.open(&one).await;
    assert!(gone.status == StatusCode::GONE && gone.html.contains("Deze sollicitatie is er niet meer"), "{}", gone.html);
    assert!(!gone.html.contains("Anna") && !rosa.open(&format!("{desk}/applications")).await.html.contains("Anna"));
    assert_eq!(rosa.post(&one, &[("csrf", &csrf), ("status", "received")]).await.status, StatusCode::GONE);

    let numbers: Vec<String> = hidden(&page.html).into_iter().filter(|(name, _)| name == "listed").map(|(_, number)| number).collect();
    let say = async |rosa: &mut Browser, ticked: &[String], all: bool| {
        let mut fields = vec![("csrf", csrf.as_str())];
        fields.extend(numbers.iter().map(|number| ("listed", number.as_str())));
        fields.extend(ticked.iter().map(|number| ("number", number.as_str())));
        fields.extend(all.then_some(("all", "yes")));
        rosa.post(&erasing, &fields).await
    };
    let open = async || nodes[1].node.store().count_erasures(OPERATOR).await.expect("read");
    let nothing = say(&mut rosa, &[], false).await;
    assert!(
        nothing.html.contains("U vinkte nog niets aan.") && nothing.html.contains("Bevestig het wissen"),
        "the list stays: {}",
        nothing.html
    );
    let beyond = [numbers.clone(), vec!["99".to_owned()]].concat();
    for (ticked, status) in [
        (&[][..], StatusCode::BAD_REQUEST),
        (&["veel".to_owned()], StatusCode::BAD_REQUEST),
        (&["18446744073709551615".to_owned()], StatusCode::BAD_REQUEST),
        (&beyond, StatusCode::CONFLICT),
    ] {
        page = say(&mut rosa, ticked, false).await;
        assert_eq!((page.status, open().await), (status, 2), "{ticked:?}: {}", page.html);
    }
    assert!(page.html.contains("de lijst is intussen veranderd"), "{}", page.html);
    // One of them, and not the one before it; then all.
    for _ in 0..2 {
        page = say(&mut rosa, &numbers[1..], false).await;
        assert!(page.html.contains("Vastgelegd.") && page.html.contains(&format!("value=\"{}\"", numbers[0])), "{}", page.html);
        assert_eq!(open().await, 1, "said twice is said once");
    }
    let done = say(&mut rosa, &[], true).await;
    assert!(done.html.contains("Vastgelegd.") && done.html.contains("Er is niets te wissen"), "{}", done.html);
    assert_eq!(open().await, 0);
    until(&mut anna, &format!("{portal}/erasures"), "bevestigd op").await;
}
