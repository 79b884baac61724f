//! What the administrator reads is what the node knows.

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::ats::{Ats, register};
use polder_federation_tests::browser::{Browser, staff, with_people};
use polder_federation_tests::http::{Client, region_of, start_all};
use polder_federation_tests::liar::{Liar, Said, Sign};
use polder_model::Purpose;
use polder_model::problem::{Problem, ProblemType};
use polder_store::people::Role;
use polder_store::webhooks::{Came, NewWebhook, Tried};
use polder_trust::register::{Member, Status};
use polder_web::RunningNode;
use std::sync::Arc;

use super::{desk, log_in, partners, says, stage};
use crate::workers;

#[tokio::test(flavor = "multi_thread")]
async fn partners_are_named_as_they_stand_and_tried_when_a_button_asks_for_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut nodes = stage(directory.path()).await;
    let desk = desk(&nodes[0]);
    let mut bas = log_in(&nodes[0], "Bas Beheerder").await;
    let known = workers::read(&Client::of(&nodes[0]), "/v1/partners").await;
    let names: Vec<&str> = known["items"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|one| one["home"] == false)
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert_eq!(names.len(), 2);
    let page = says(&mut bas, &format!("{desk}/partners"), &names).await;
    assert!(!page.contains("/desk/partners/oin:00000001001000000001"), "the node is not its own partner: {page}");

    // What waits for a partner is counted.
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    let given = workers::give(&worker, &workers::decision(&[&nodes[1]])).await;
    assert_eq!(workers::seek_some(&nodes[1]).await, 1);
    assert_eq!(workers::call(&worker, "DELETE", &format!("/v1/me/consents/{}", workers::id(&given[0])), None).await.0, 200);
    says(&mut bas, &format!("{desk}/partners/{}", nodes[1].node.home().partner), &["1 · de oudste sinds"]).await;
    says(&mut bas, &format!("{desk}/partners"), &["Voor wie het meeste wacht"]).await;

    // Nobody is called while a page is made: what is gone is seen when it is tried.
    let gone = nodes.pop().expect("a node");
    let (name, id) = (gone.node.home().name.clone(), gone.node.home().partner.to_string());
    gone.stop().await;
    let shown = bas.open(&format!("{desk}/partners")).await;
    let hidden = polder_federation_tests::browser::hidden(&shown.html);
    let fields: Vec<(&str, &str)> =
        hidden.iter().filter(|(name, _)| name != "csrf").map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let csrf = shown.csrf();
    let mut form = vec![("csrf", csrf.as_str())];
    form.extend(fields);
    assert_eq!(form.iter().filter(|(name, _)| *name == "partner").count(), 2, "{form:?}");
    let tried = bas.post(&format!("{desk}/partners"), &form).await;
    for said in [
        "2 partners zijn net geprobeerd",
        "1 van de 2 partners",
        "Bij één partner is iets aan de hand",
        "niet bereikbaar",
        "Niet bereikbaar sinds",
    ] {
        assert!(tried.html.contains(said), "{said}: {}", tried.html);
    }
    let place = |name: &str| tried.html.find(&format!("\">{name}</a>")).expect("it is listed");
    assert!(names.iter().all(|other| *other == name || place(&name) < place(other)), "who is not reached stands first");

    says(&mut bas, &desk, &["één ding om naar te kijken", "alles in orde"]).await;

    // One of them: what is known of it, and what went wrong.
    let one = format!("{desk}/partners/{id}");
    let refused = "Wat er misging</dt><dd>De verbinding wordt geweigerd";
    let page = says(&mut bas, &one, &[&name, "Deze partner is niet bereikbaar", refused, "Sleutel voor berichten"]).await;
    assert!(!page.contains("refused") && page.contains("<dd>werkgever</dd>"), "in words of the language: {page}");
    let other = nodes[1].node.home();
    let one = format!("{desk}/partners/{}", other.partner);
    let tried = bas.post(&one, &[("csrf", &csrf)]).await;
    let version = format!("{} <span class=\"quiet\">(hier: {0})", env!("CARGO_PKG_VERSION"));
    for said in [
        "De partner antwoordde.",
        "Certificaat van de verbinding met partners",
        "Laatst bereikt",
        "meestal",
        &version,
        "1.1 <span class=\"quiet\">(hier: 1.1)",
    ] {
        assert!(tried.html.contains(said), "{said}: {}", tried.html);
    }
    for nobody in ["oin:00000001001000000001", "kvk:99999999", "x"] {
        assert_eq!(bas.open(&format!("{desk}/partners/{nobody}")).await.status, 404, "{nobody}");
        assert_eq!(bas.post(&format!("{desk}/partners/{nobody}"), &[("csrf", &csrf)]).await.status, 404, "{nobody}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_is_said_in_words_and_nothing_comes_of_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path());
    let region = region_of(&partners);
    let nodes = start_all(&mut partners).await;
    let register = format!("{}/register", desk(&nodes[0]));
    let mut bas = log_in(&nodes[0], "Bas Beheerder").await;
    let page = says(&mut bas, &register, &["geldig", "1.1, 3 leden", "Stewards", "Ledenlijst", "Deze regio erkent geen andere"]).await;
    assert!(page.contains(&nodes[0].node.register().adopted().sha256), "{page}");

    let mut next = region.clone();
    next.set_status(&partners[1].id, Status::Suspended);
    next.change(|members| {
        members.version -= 1;
        members.previous = Some(nodes[0].node.register().adopted().sha256.clone());
        let third = Arc::make_mut(&mut members.members[2]);
        third.purposes.retain(|purpose| *purpose != Purpose::FindWork);
        third.peer_url = "https://<b>elders</b>.example".to_owned();
        third.roles = vec!["school".to_owned()];
        let newcomer = Member {
            partner: "kvk:90000009".parse().expect("a partner"),
            name: "Nieuw BV".to_owned(),
            ..Member::clone(&members.members[0])
        };
        members.members.push(Arc::new(newcomer));
        members.members.remove(0);
    });
    let files = next.files();
    let csrf = bas.open(&register).await.csrf();
    let look = async |bas: &mut polder_federation_tests::browser::Browser, file: &str| {
        bas.post_with_file(&register, &[("csrf", &csrf)], file.as_bytes()).await
    };
    let looked = look(&mut bas, std::str::from_utf8(&files.members).expect("text")).await;
    let (second, third) = (&partners[1].member.name, &partners[2].member.name);
    for said in [
        "Ledenlijst, versie 1.2",
        "Het volgt op wat nu geldt.",
        "1 van 1",
        "heeft getekend",
        &format!("{second} ({}) wordt geschorst.", partners[1].id),
        &format!("{third} ({}) mag niet meer vragen om:", partners[2].id),
        "https:&#x2f;&#x2f;&lt;b&gt;elders&lt;&#x2f;b&gt;.example",
        "Nieuw BV (kvk:90000009) komt erbij",
        &format!("({}) verdwijnt helemaal", partners[0].id),
        "let op",
        "heet voortaan ook: school.",
        "klopt het adres? Vraag het na.",
    ] {
        assert!(looked.html.contains(said), "{said}: {}", looked.html);
    }
    // What could do harm is marked, and what takes away is not.
    let marked = |said: &str| {
        let line = looked.html.split("<li>").find(|line| line.contains(said)).unwrap_or_else(|| panic!("{said}: {}", looked.html));
        line.contains("mark-bad")
    };
    assert_eq!(
        ["komt erbij", "heet voortaan ook: school", "mag niet meer vragen om", "is te bereiken op"].map(marked),
        [true, true, false, true]
    );
    assert!(!looked.html.contains("<b>elders") && !looked.html.contains("Het noemt de lijst die nu geldt niet"), "{}", looked.html);

    // A root with another key and a signature of a stranger, one that skips a version, and freshness.
    let mut root = region.clone();
    root.recover();
    let looked = look(&mut bas, std::str::from_utf8(root.files().roots.last().expect("a root")).expect("text")).await;
    for said in ["Hoofdsleutels, versie 2", "Begint tijdvak 2 (nu: 1)"] {
        assert!(looked.html.contains(said), "{said}: {}", looked.html);
    }
    root.recover();
    let looked = look(&mut bas, std::str::from_utf8(root.files().roots.last().expect("a root")).expect("text")).await;
    assert!(looked.html.contains("ertussen ontbreekt een versie"), "{}", looked.html);
    let looked = look(&mut bas, std::str::from_utf8(&region.files().fresh).expect("text")).await;
    assert!(looked.html.contains("Bewijs dat versie 1.1 van de ledenlijst de nieuwste is"), "{}", looked.html);

    // What somebody changed on the way has no signature any more.
    let text = std::str::from_utf8(&files.members).expect("text").to_owned();
    let mut envelope: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let other: serde_json::Value = serde_json::from_slice(&region.files().members).expect("JSON");
    envelope["signatures"] = other["signatures"].clone();
    let looked = look(&mut bas, &envelope.to_string()).await;
    assert!(looked.html.contains("0 van 1") && looked.html.contains("heeft niet getekend"), "{}", looked.html);

    for (file, said) in [
        ("", "U koos en plakte nog niets"),
        ("<members>", "geen JSON"),
        ("{}", "geen bestand van een ledenregister"),
        (r#"{"signed": "", "signed": "", "signatures": []}"#, "er staat iets dubbel in"),
        (r#"{"signed": "e30", "signatures": []}"#, "geen bestand van een ledenregister"),
        (r#"{"signed": "eyJ0eXBlIjoicG9sZGVyLXJvb3QvMSJ9", "signatures": []}"#, "geen bestand van een ledenregister"),
    ] {
        let looked = look(&mut bas, file).await;
        assert!(looked.html.contains(said), "{file}: {}", looked.html);
    }
    let large = look(&mut bas, &"x".repeat(2 * 1024 * 1024 + 1)).await;
    let pasted = bas.post_with_file(&register, &[("csrf", &csrf), ("lines", "geen lijst")], b"").await;
    assert!(
        pasted.html.contains("geen JSON") && pasted.html.contains(">\ngeen lijst</textarea>"),
        "it comes back to be mended: {}",
        pasted.html
    );
    assert_eq!(large.status, 413);
    let adopted = nodes[0].node.register().adopted().clone();
    assert_eq!((adopted.root, adopted.epoch, adopted.version), (1, 1, 1), "nothing came of it");

    // Two lists that contradict each other are told.
    let (mut one, mut other) = (region.clone(), region.clone());
    one.set_status(&partners[1].id, Status::Suspended);
    other.set_status(&partners[2].id, Status::Suspended);
    for region in [&one, &other] {
        nodes[0].node.hear(&region.news(), "a test").await.expect("heard");
    }
    says(&mut bas, &register, &["spreken elkaar tegen: proef 1.2", "niet te vertrouwen"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn log_systems_and_node_are_shown_as_they_stand() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let desk = desk(&nodes[0]);
    let mut bas = log_in(&nodes[0], "Bas Beheerder").await;
    says(&mut bas, &format!("{desk}/ledger"), &["De laatste 30 dagen is er niets over mensen verstrekt."]).await;
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    workers::give(&worker, &workers::decision(&[&nodes[1]])).await;
    assert_eq!(workers::seek_some(&nodes[1]).await, 1);
    // A witness that was not there at the start is asked again a little later.
    let now = workers::until("enough partners have cosigned", async || {
        let now = nodes[0].tend_log().await.expect("tended");
        (now.cosigned == now.leaves).then_some(now)
    })
    .await;
    let page = says(
        &mut bas,
        &format!("{desk}/ledger"),
        &["meegetekend", "Samen één verstrekking.", "class=\"part-0\"", "er zijn 2 handtekeningen van partners nodig", "binnen een dag"],
    )
    .await;
    let (leaves, cosigned) = (now.leaves, now.cosigned);
    assert!(leaves >= 2 && cosigned >= 2, "{now:?}");
    for said in [format!("<dt>Regels</dt><dd>{leaves}</dd>"), format!("<dd>{cosigned} · ")] {
        assert!(page.contains(&said), "{said}: {page}");
    }
    let recipient = &nodes[1].node.home().name;
    assert!(
        page.contains(&format!(
            "<td>{recipient} <small class=\"key\">{}</small></td><td class=\"number\">1</td><td class=\"number\">1</td>",
            nodes[1].node.home().partner
        )),
        "{page}"
    );

    let page = says(&mut bas, &format!("{desk}/clients"), &["operator", "consent:revoke", nodes[0].node.home().partner.as_str()]).await;
    let taken = |page: &str| {
        page.split(" aangenomen").next().and_then(|before| before.rsplit('>').next()).and_then(|count| count.parse::<u64>().ok())
    };
    let before = taken(&page).unwrap_or(1);
    for _ in 0..2 {
        workers::read(&Client::of(&nodes[0]), "/v1/partners").await;
    }
    let after = says(&mut bas, &format!("{desk}/clients"), &["Laatst gebruikt"]).await;
    assert_eq!(taken(&after), Some(before + 2), "{after}");
    assert!(!after.contains(polder_federation_tests::http::token().reveal()), "no secret");
    assert!(after.contains("<dt>Programma&#x27;s die voor een werkende mogen handelen</dt><dd>1</dd>"), "{after}");

    failing_webhooks(&nodes[0]).await;
    let words =
        ["ats.example.nl:8443", "lukt niet, wordt opnieuw geprobeerd", "wijst naar een adres dat niet mag", "gestopt", "antwoordde 410"];
    let page = says(&mut bas, &format!("{desk}/clients"), &words).await;
    assert!(!page.contains("geheim-pad"), "whoever knows the whole address could tell its receiver things: {page}");

    let version = format!("polder {}", env!("CARGO_PKG_VERSION"));
    let page =
        says(&mut bas, &format!("{desk}/node"), &[&version, "SQLite", "limits.offers", "Profielen, per manier waarop", "één proces"]).await;
    assert!(
        page.contains("<td>Profielen van werkenden</td><td class=\"number\">1</td><td class=\"number\">1</td>")
            && page.contains("1, hoogstens 100000"),
        "{page}"
    );
    assert!(!page.contains("a secret of clients here"), "no secret");
}

/// A partner refuses with words of its own: markup, a line that runs backwards, ten kilobytes.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_partner_says_of_its_refusal_is_on_no_page() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path());
    let region = region_of(&partners);
    let register = || region.register(SystemClock.now());
    let identity = Arc::clone(&partners[1].identity);
    let liar = Liar::start(&mut partners[1], &identity, register()).await;
    let detail = format!("weg\u{202e}mee\u{200b}\n\r<script>alert(1)</script><img src=x onerror=alert(1)>{}", "'\"&<b>".repeat(2_000));
    let problem = serde_json::to_vec(&Problem::new(ProblemType::ClockSkew, detail)).expect("JSON");
    assert!(problem.len() > 10_000);
    let refuses = move || Said::Reply(403, problem.clone(), Sign::Right);
    let also = refuses.clone();
    liar.tells(move |_, _| refuses());
    liar.tells_news(move |_| Some(also()));
    let node = partners[0].start(register()).await;
    let (_, result) = Client::of(&node).query(&serde_json::json!({"kind": "vacancy", "deadlineMs": 5_000})).await;
    assert_eq!(result["complete"], false, "{result}");
    let mut bas = log_in(&node, "Bas Beheerder").await;
    let why = "Deze partner heeft een andere tijd op de klok.";
    let page = says(&mut bas, &format!("{}/partners/{}", desk(&node), partners[1].id), &[why]).await;
    assert!(!page.contains("wegmee") && !page.contains("alert(1)"), "only why, in our words: {page}");
    let mut rosa = log_in(&node, "Rosa Recruiter").await;
    let search = format!("{}/search", desk(&node));
    let csrf = rosa.open(&format!("{search}?kind=vacancy")).await.csrf();
    let found = rosa.post(&search, &[("csrf", &csrf), ("kind", "vacancy"), ("limit", "20"), ("do", "ask")]).await;
    assert!(
        found.html.contains("heeft een andere tijd op de klok") && !found.html.contains("alert(1)"),
        "only why, in our words: {}",
        found.html
    );
}

/// A webhook of the operator that leads where it may not, and one of a system whose receiver wants nothing any more.
async fn failing_webhooks(node: &RunningNode) {
    let (store, now) = (node.node.store(), node.node.now());
    let ats = Ats::new(node, "ats");
    register(node, "ats", &ats.document(&["webhook:manage"], &["kvk:00000001"])).await;
    for (client, outcome, next_at) in [("operator", "address-refused", Some(now.plus_seconds(60))), ("ats", "410", None)] {
        let url = "https://ats.example.nl:8443/geheim-pad".to_owned();
        let new = NewWebhook { client: client.to_owned(), url, types: Vec::new(), position: None, now };
        let id = store.make_webhook(new).await.expect("written").expect("made");
        let came = Came::Failed { outcome: outcome.to_owned(), next_at };
        assert!(store.note_tried(Tried { id, replayed: 0, came, now }).await.expect("written"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_certificate_of_the_client_port_is_shown_and_warned_of() {
    for (days, warns) in [(25, true), (200, false)] {
        let directory = tempfile::tempdir().expect("a directory");
        let mut partners = workers::about_people(directory.path(), 1);
        let until = SystemClock.now().plus_seconds(days * 86_400).date();
        partners[0].show_certificate_until(until);
        with_people(&mut partners[0], vec![staff("Bas Beheerder", &[Role::Administrator])]);
        let desk = format!("{}/desk", partners[0].url());
        let identity = Arc::clone(&partners[0].identity);
        let _nodes = start_all(&mut partners).await;
        let mut bas = Browser::over_tls(&identity);
        bas.log_in(&desk, "Bas Beheerder").await;
        let page = bas.open(&format!("{desk}/register")).await.html;
        let line = page.split("<div><dt>Certificaat van de pagina").nth(1).and_then(|rest| rest.split("</div>").next()).expect("a line");
        // It ends when that day begins.
        let grade = if warns { "mark-there\">nog 24 dagen" } else { "mark-good\">nog 199 dagen" };
        assert!(line.contains(grade), "{line}");
        assert_eq!(page.contains("Vernieuw het, en start het knooppunt opnieuw"), warns, "{page}");
    }
}
