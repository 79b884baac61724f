//! The desk, as a browser without JavaScript sees it, and the stream that its script reads.

use http::StatusCode;
use polder_federation_tests::browser::{Browser, Shown, filled, hidden, staff, with_people, worker};
use polder_federation_tests::filling::Filling;
use polder_federation_tests::forms::filled_in;
use polder_federation_tests::http::{Client, start_all, vacancy};
use polder_store::people::Role;
use polder_web::RunningNode;
use serde_json::{Value, json};

use crate::portal::with_profile;
use crate::workers::{about_people, call};

/// A node of workers, and the node of an employer with a vacancy and staff of each role.
pub(crate) async fn stage(directory: &std::path::Path, workers: &[&str]) -> Vec<RunningNode> {
    let mut partners = about_people(directory, 3);
    with_people(&mut partners[0], workers.iter().map(|name| worker(name)).collect());
    let people = vec![
        staff("Rosa Recruiter", &[Role::Desk]),
        staff("Bas Beheerder", &[Role::Administrator, Role::PrivacyOfficer]),
        staff("Niels Niemand", &[]),
        worker("Willem Werkende"),
    ];
    with_people(&mut partners[1], people);
    let nodes = start_all(&mut partners).await;
    for (node, title) in nodes.iter().zip(["Lasser aan de kade", "Monteur windmolens", "Planner <b>logistiek</b>"]) {
        let mut document = vacancy(title);
        document["location"] = json!({"place": "Lelystad", "postcode": "8232"});
        assert_eq!(Client::of(node).put("/v1/vacancies/V-1", document.to_string()).await.status(), 201);
    }
    nodes
}

pub(crate) fn desk(node: &RunningNode) -> String {
    format!("http://{}/desk", node.client)
}

pub(crate) async fn recruiter(node: &RunningNode) -> Browser {
    let mut browser = Browser::new();
    let home = browser.log_in(&desk(node), "Rosa Recruiter").await;
    assert!(home.html.contains("Hallo Rosa Recruiter") && home.html.contains("/desk/search?kind=skill-offer"), "{}", home.html);
    browser
}

pub(crate) async fn ask(browser: &mut Browser, desk: &str, csrf: &str, fields: &[(&str, &str)]) -> Shown {
    let fields: Vec<_> = [("csrf", csrf)].iter().chain(fields).copied().collect();
    browser.post(&format!("{desk}/search"), &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_asks_every_partner_and_sees_what_matches_why_where_and_who_is_missing() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut nodes = stage(directory.path(), &[]).await;
    let desk = desk(&nodes[1]);
    let mut rosa = recruiter(&nodes[1]).await;
    let form = rosa.open(&format!("{desk}/search")).await;
    let csrf = form.csrf();
    let found = ask(&mut rosa, &desk, &csrf, &[("kind", "vacancy"), ("find_skill", "las"), ("text", "kade"), ("do", "skill")]).await;
    assert!(found.html.contains("Kies wat u zoekt") && found.html.contains("value=\"kade\""), "what was typed stays: {}", found.html);

    let whole = [("kind", "vacancy"), ("from", "8232 ab"), ("minutes", "30"), ("mode", "car")];
    let result = ask(&mut rosa, &desk, &csrf, &whole).await;
    for title in ["Lasser aan de kade", "Monteur windmolens", "Planner &lt;b&gt;logistiek"] {
        assert!(result.html.contains(title), "{title}: {}", result.html);
    }
    for said in [
        "3 resultaten. 3 partners antwoordden.",
        "met de auto",
        "class=\"reach\"",
        "<title>A: Lelystad, 3 resultaten</title>",
        "<a class=\"dot\" href=\"#at-A\"",
        "id=\"at-A\"",
        "Werkplaats de Proef BV",
    ] {
        assert!(result.html.contains(said), "{said}: {}", result.html);
    }
    let policy = result.headers["content-security-policy"].to_str().expect("text");
    assert!(
        !result.html.contains("<b>") && policy.contains("script-src 'self'") && policy.contains("require-trusted-types-for"),
        "{policy}"
    );
    assert!(!result.html.contains("<p>Deze partners ontbreken") && result.html.len() < 50_000, "{}", result.html);

    assert!(!result.html.contains("U vulde niets in"), "{}", result.html);
    let all = ask(&mut rosa, &desk, &csrf, &[("kind", "vacancy")]).await;
    assert!(all.html.contains("U vulde niets in: u vroeg dus alles."), "{}", all.html);

    // What was typed and not looked up is looked up: where one fits it is asked, and otherwise nothing is.
    let one = ask(&mut rosa, &desk, &csrf, &[("kind", "vacancy"), ("find_skill", "aan tafel bedienen")]).await;
    assert!(one.status == StatusCode::OK && one.html.contains("name=\"skill\" value=\"http"), "{}", one.html);
    assert!(!one.html.contains("U vulde niets in"), "{}", one.html);
    let picked = found.html.split("name=\"skill\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a skill");
    let picked = picked.replace("&#x2f;", "/");
    let looked_up = ask(&mut rosa, &desk, &csrf, &[("kind", "vacancy"), ("find_skill", "las"), ("skill", &picked)]).await;
    assert_eq!(looked_up.status, StatusCode::OK, "it was looked up, and one is picked: {}", looked_up.html);
    let stream = [("csrf", csrf.as_str()), ("kind", "vacancy"), ("find_skill", "las")];
    let many = rosa.post_from(&format!("http://{}", nodes[1].client), &format!("{desk}/search/stream"), &stream).await;
    assert_eq!(many.status, StatusCode::BAD_REQUEST, "the page says what is wrong");

    for (fields, said) in [
        (&[("find_skill", "las")][..], "Kies eerst een van deze vaardigheden"),
        (&[("find_skill", "qqqqqqq")], "Deze vaardigheid kennen wij niet"),
        (&[("find_occupation", "monteur")], "Kies eerst een van deze beroepen"),
        (&[("from", "Lelystadd"), ("minutes", "30")], "Bedoelt u: Lelystad"),
        (&[("from", "Lelystad")], "1 tot 240"),
        (&[("hours_min", "40"), ("hours_max", "20")], "minstens is niet meer dan hoogstens"),
        (&[("kind", "skill-offer"), ("about", "V-9")], "die nog open is"),
    ] {
        let refused = ask(&mut rosa, &desk, &csrf, fields).await;
        assert!(refused.status == StatusCode::BAD_REQUEST && refused.html.contains(said), "{fields:?}: {}", refused.html);
    }

    let last = nodes.pop().expect("a node");
    let name = last.node.home().name.clone();
    last.stop().await;
    let result = ask(&mut rosa, &desk, &csrf, &[("kind", "vacancy")]).await;
    assert!(
        result.html.contains("<p>Deze partners ontbreken") && result.html.contains(&format!("{name} is niet bereikbaar")),
        "{}",
        result.html
    );
    assert!(result.html.contains("2 resultaten. 2 partners antwoordden."), "{}", result.html);
}

fn lines(shown: &Shown) -> Vec<Value> {
    shown.html.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_says_what_the_page_says() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let desk = desk(&nodes[1]);
    let mut rosa = recruiter(&nodes[1]).await;
    let form = rosa.open(&format!("{desk}/search")).await;
    let (csrf, origin) = (form.csrf(), format!("http://{}", nodes[1].client));
    let script = form.html.split("<script src=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a script");
    let script = rosa.fetch(&format!("{origin}{}", script.replace("&#x2f;", "/"))).await;
    assert_eq!((script.status, script.headers["content-type"].to_str().expect("text")), (StatusCode::OK, "text/javascript; charset=utf-8"));
    for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "eval("] {
        assert!(!script.html.contains(forbidden), "{forbidden}");
    }

    let stream = format!("{desk}/search/stream");
    let fields = [("csrf", csrf.as_str()), ("kind", "vacancy"), ("from", "Lelystad"), ("minutes", "30"), ("mode", "bike")];
    let streamed = rosa.post_from(&origin, &stream, &fields).await;
    assert_eq!(
        (streamed.status, &streamed.headers["content-type"]),
        (StatusCode::OK, &http::HeaderValue::from_static("application/x-ndjson"))
    );
    let lines = lines(&streamed);
    let of = |kind: &str| lines.iter().filter(|line| line["type"] == kind).count();
    assert_eq!((of("partner"), of("done"), of("failed")), (3, 1, 0), "{lines:?}");
    let done = lines.last().expect("a line");
    assert_eq!(done["summary"], "3 resultaten. 3 partners antwoordden.");
    let list = Filling::of(&streamed.html);
    let (rows, map) = (&list.rows, &list.map);
    assert_eq!((rows.len(), &map["dots"][0]["count"]), (3, &json!(3)), "{list:?}");
    assert!(map["circle"]["radius"].as_i64() > Some(20), "{list:?}");
    assert_eq!((&map["dots"][0]["said"], &rows[0]["anchor"]), (&json!("A: Lelystad, 3 resultaten"), &json!("at-A")), "{list:?}");
    assert!(rows[0]["reasons"][0]["text"].as_str().is_some_and(|reason| reason.contains("met de fiets")), "{list:?}");
    let unreadable = rosa.post_from(&origin, &stream, &[("csrf", &csrf), ("hours_min", "x")]).await;
    assert_eq!(unreadable.status, StatusCode::BAD_REQUEST);
}

/// The worker says yes on the pages of the portal to what that page shows.
pub(crate) async fn says_yes(browser: &mut Browser, check: &Shown, portal: &str) {
    assert_eq!(check.status, StatusCode::OK, "{}", check.html);
    let mut yes = filled(&check.html);
    yes.push(("answer".to_owned(), "yes".to_owned()));
    let yes: Vec<(&str, &str)> = yes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let shared = browser.post(&format!("{portal}/share/give"), &yes).await;
    assert!(shared.html.contains("Gedeeld."), "{}", shared.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_finds_somebody_asks_for_contact_and_gets_it_when_the_worker_says_yes() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let (desk, portal) = (desk(&nodes[1]), format!("http://{}/portal", nodes[0].client));
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let pick = anna.open(&format!("{portal}/share?purpose=match-vacancy")).await;
    let recipient = nodes[1].node.home().partner.to_string();
    let fields = [("csrf", pick.csrf()), ("purpose", "match-vacancy".to_owned()), ("recipient", recipient), ("days", "30".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let check = anna.post(&format!("{portal}/share/check"), &fields).await;
    says_yes(&mut anna, &check, &portal).await;

    let mut rosa = recruiter(&nodes[1]).await;
    let form = rosa.open(&format!("{desk}/search?kind=skill-offer")).await;
    assert_eq!(Client::of(&nodes[1]).put("/v1/vacancies/V-2", vacancy("Kok").to_string()).await.status(), 201);
    assert!(form.html.contains("Namen ziet u niet") && form.html.contains("Monteur windmolens</strong> (V-1)"), "{}", form.html);
    let csrf = form.csrf();
    let found = ask(&mut rosa, &desk, &csrf, &[("kind", "skill-offer"), ("about", "V-1")]).await;
    assert!(
        found.html.contains("Monteur zoekt werk")
            && found.html.contains(">Kan: ")
            && !found.html.contains("Anna")
            && !found.html.contains("8251"),
        "{}",
        found.html
    );

    let person = found.html.split("action=\"/desk/asked\"").nth(1).expect("a form to ask for contact");
    let person = hidden(person.split("</form>").next().expect("a form"));
    let person: Vec<(&str, &str)> = person.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let asked = rosa.post(&format!("{desk}/asked"), &person).await;
    assert!(asked.html.contains("Gevraagd. De werkende beslist") && asked.html.contains("mag nu niet"), "{}", asked.html);
    assert!(!asked.html.contains("/contact\""), "nothing to be had yet: {}", asked.html);
    let key = person.iter().find(|(name, _)| *name == "key").expect("a key").1;
    assert!(found.html.contains(&format!("Kenmerk van deze werkende bij u: <span class=\"key\">{key}")), "{}", found.html);
    assert!(
        asked.html.contains("<h2 class=\"small\">Monteur zoekt werk") && asked.html.contains("Kan: "),
        "they are told by that: {}",
        asked.html
    );

    let made = nodes[1].node.store().requests_made(polder_exchange::OPERATOR, nodes[1].node.now(), 9).await.expect("read");
    let request = made[0].id;
    let home = anna.open(&portal).await;
    let hers = home.html.split("/portal/requests/").nth(1).and_then(|rest| rest.split('"').next()).expect("a request").to_owned();
    let early = rosa.post(&format!("{desk}/asked/{request}/contact"), &[("csrf", &csrf), ("about", "V-1")]).await;
    assert!(early.status == StatusCode::CONFLICT && !early.html.contains("anna@"), "{}", early.html);
    let check = anna.open(&format!("{portal}/requests/{hers}")).await;
    says_yes(&mut anna, &check, &portal).await;

    let given = rosa.open(&format!("{desk}/asked")).await;
    assert!(given.html.contains("mag nu<") && given.html.contains(&format!("/desk/asked/{request}/contact")), "{}", given.html);
    let reaching = rosa.open(&format!("{desk}/asked/{request}/contact")).await;
    assert!(
        reaching.html.contains("Monteur windmolens (V-1)")
            && reaching.html.contains("<strong>Monteur zoekt werk")
            && !reaching.html.contains("anna@"),
        "nothing is looked at yet: {}",
        reaching.html
    );
    assert!(!reaching.html.contains("<select") && !reaching.html.contains("Kok"), "it was asked for one vacancy: {}", reaching.html);
    // What the worker agreed to is of that vacancy alone.
    for another in ["V-2", "V-9"] {
        let refused = rosa.post(&format!("{desk}/asked/{request}/contact"), &[("csrf", &csrf), ("about", another)]).await;
        assert!(refused.status == StatusCode::BAD_REQUEST && !refused.html.contains("anna@"), "{another}: {}", refused.html);
        assert!(refused.html.contains("voor een andere vacature"), "{another}: {}", refused.html);
    }
    // Nor does a system reach them for another.
    let of = |vacancy: &str| json!({"partner": nodes[0].node.home().partner, "key": key, "about": {"kind": "vacancy", "key": vacancy}});
    let (status, refused) = call(&Client::of(&nodes[1]), "POST", "/v1/contacts", Some(&of("V-2"))).await;
    assert!(status == 400 && refused.to_string().contains("ask them for this one first"), "{status} {refused}");
    let reached = rosa.post(&format!("{desk}/asked/{request}/contact"), &[("csrf", &csrf), ("about", "V-1")]).await;
    assert!(reached.html.contains("anna@voorbeeld.example") && reached.html.contains("Anna Voorbeeld"), "{}", reached.html);
    // In another language it is asked first again, since it is written down each time.
    let other = format!("/pages/language/en?back=/desk/asked/{request}/contact");
    assert!(reached.html.replace("&#x2f;", "/").contains(&other), "{}", reached.html);

    // The worker sees it, and stops; the desk hears of both erasures, and reaches nobody any more.
    let seen = anna.open(&format!("{portal}/seen")).await;
    assert!(seen.html.contains("<li>uw e-mailadres</li>"), "{}", seen.html);
    let csrf_hers = seen.csrf();
    anna.post(&format!("{portal}/consents/withdraw"), &[("csrf", &csrf_hers)]).await;
    let over = rosa.post(&format!("{desk}/asked/{request}/contact"), &[("csrf", &csrf), ("about", "V-1")]).await;
    assert!(over.status == StatusCode::CONFLICT && !over.html.contains("anna@"), "{}", over.html);
    assert!(rosa.open(&format!("{desk}/asked")).await.html.contains("mag nu niet"));
    let seen_as =
        async || nodes[1].node.store().request_made(polder_exchange::OPERATOR, request).await.expect("read").expect("there").seen_as;
    let again = ask(&mut rosa, &desk, &csrf, &[("kind", "skill-offer"), ("about", "V-1")]).await;
    assert!(again.html.contains("Niets gevonden."), "{}", again.html);
    for _ in 0..100 {
        let erasures = nodes[1].node.store().erasures_for(polder_exchange::OPERATOR, 0, 10).await.expect("read");
        if erasures.len() == 2 {
            // As what they were seen goes with the consent; of what is to be erased it stays until that is done.
            assert_eq!(seen_as().await, "");
            let asked = rosa.open(&format!("{desk}/asked")).await;
            let numbered = format!("<h2 class=\"small\">Werkende {}</h2>", &key[..8]);
            assert!(!asked.html.contains("Monteur zoekt werk") && asked.html.contains(&numbered), "{}", asked.html);
            let erasing = rosa.open(&format!("{desk}/erasures")).await;
            let known = erasing.html.matches("<h2 class=\"small\">Monteur zoekt werk").count();
            assert_eq!(known, 2, "each of them, whichever ended first: {}", erasing.html);
            let all: Vec<(&str, String)> = erasures.iter().map(|one| ("listed", one.number.to_string())).collect();
            let mut fields: Vec<(&str, &str)> = all.iter().map(|(name, number)| (*name, number.as_str())).collect();
            fields.extend([("csrf", csrf.as_str()), ("all", "yes")]);
            let done = rosa.post(&format!("{desk}/erasures"), &fields).await;
            assert!(done.html.contains("Er is niets te wissen"), "{}", done.html);
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the feed of erasures does not name what the desk saw");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_sought_for_a_vacancy_that_staff_picks_with_what_it_asks() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let desk = desk(&nodes[1]);
    let mut second = vacancy("Kok");
    second["skills"] = json!([{"uri": crate::finding::SKILL}]);
    second["hours"] = json!({"min": 24, "max": 32});
    second["location"] = json!({"place": "Lelystad", "postcode": "8232 AB"});
    let mut closed = vacancy("Gesloten");
    closed["closingDate"] = json!("2020-01-01");
    for (key, document) in [("V-2", second), ("V-3", closed)] {
        let put = Client::of(&nodes[1]).put(&format!("/v1/vacancies/{key}"), document.to_string()).await;
        assert_eq!(put.status(), 201);
    }
    let mut rosa = recruiter(&nodes[1]).await;
    let pick = rosa.open(&format!("{desk}/search?kind=skill-offer")).await;
    let options: Vec<&str> = pick.html.split("<option value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(options, ["", "V-2", "V-1"], "none is picked, and none that is closed can be: {}", pick.html);
    assert!(!pick.html.contains("Vraag alle partners") && !pick.html.contains("results-"), "{}", pick.html);

    let form = rosa.open(&format!("{desk}/search?kind=skill-offer&about=V-2")).await;
    let fields = filled_in(&form.html, "/desk/search#results");
    let one = |name: &str| fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
    let asked = ["about", "skill", "from", "minutes", "hours_min", "hours_max"].map(one);
    assert_eq!(asked, ["V-2", crate::finding::SKILL, "8232", "45", "24", "32"].map(Some), "{}", form.html);
    assert!(form.html.contains("Hieronder staat wat deze vacature vraagt") && form.html.contains("Andere vacature"), "{}", form.html);
    let csrf = form.csrf();
    for (hours, said) in [(["20", "28"], "de uren passen: 24 tot 28"), (["16", "24"], "de uren passen: 24<")] {
        let fitting = ask(&mut rosa, &desk, &csrf, &[("kind", "vacancy"), ("hours_min", hours[0]), ("hours_max", hours[1])]).await;
        assert!(fitting.html.contains(said), "{said}: {}", fitting.html);
    }
    // What is filled in can be changed: what is asked is what the form says.
    let result = ask(&mut rosa, &desk, &csrf, &[("kind", "skill-offer"), ("about", "V-2"), ("hours_min", "8")]).await;
    let again = filled_in(&result.html, "/desk/search#results");
    let hours = again.iter().find(|(name, _)| name == "hours_min").map(|(_, value)| value.as_str());
    assert!(result.status == StatusCode::OK && hours == Some("8") && result.html.contains("Niets gevonden."), "{}", result.html);
    assert!(result.html.contains("Neem weer over wat deze vacature vraagt"), "{}", result.html);
    // It has an address, which says nothing, and is the asker's own: reloading it and going back to it lose nothing.
    let address = result.url.clone();
    assert!(address.contains("/desk/search?asked=") && !address.contains("V-2"), "{address}");
    let reloaded = rosa.open(&address).await;
    assert_eq!(filled_in(&reloaded.html, "/desk/search#results"), again, "{}", reloaded.html);
    assert!(reloaded.html.contains("Niets gevonden."), "{}", reloaded.html);
    let mut other = recruiter(&nodes[1]).await;
    let opened = other.open(&address).await;
    assert!(opened.status == StatusCode::OK && !opened.html.contains("Niets gevonden."), "{}", opened.html);
    assert!(opened.html.contains("Stel de vraag opnieuw") && !form.html.contains("Stel de vraag opnieuw"), "{}", opened.html);
    let streamed =
        rosa.post_from(desk.trim_end_matches("/desk"), &format!("{desk}/search/stream"), &[("csrf", &csrf), ("kind", "vacancy")]).await;
    let at = streamed.headers["content-location"].to_str().expect("an address").to_owned();
    assert!(rosa.open(&format!("{}{at}", desk.trim_end_matches("/desk"))).await.html.contains("results-"), "the script puts it there too");
    for about in ["V-3", "V-9", "a b"] {
        let refused = rosa.open(&format!("{desk}/search?kind=skill-offer&about={}", about.replace(' ', "%20"))).await;
        assert!(refused.status == StatusCode::BAD_REQUEST && refused.html.contains("die nog open is"), "{about}: {}", refused.html);
    }
    let none = ask(&mut rosa, &desk, &csrf, &[("kind", "skill-offer")]).await;
    assert!(none.status == StatusCode::BAD_REQUEST && none.html.contains("Kies een vacature"), "{}", none.html);
    // From the list of offers it is one click.
    let list = rosa.open(&format!("{desk}/offers/vacancy")).await;
    assert!(list.html.contains("/desk/search?kind=skill-offer&amp;about=V-2"), "{}", list.html);
    let silent = json!({"title": "Hulp", "description": "Helpen.", "employer": {"name": "Werkplaats"}});
    assert_eq!(Client::of(&nodes[1]).put("/v1/vacancies/V-4", silent.to_string()).await.status(), 201);
    let form = rosa.open(&format!("{desk}/search?kind=skill-offer&about=V-4")).await;
    assert!(form.html.contains("Deze vacature noemt geen vaardigheden, plaats of uren."), "{}", form.html);
    assert!(!form.html.contains("Hieronder staat wat deze vacature vraagt"), "{}", form.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_asked_is_listed_at_once_though_a_partner_does_not_answer() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut nodes = stage(directory.path(), &[]).await;
    let desk = desk(&nodes[1]);
    let request = polder_exchange::people::NewRequest {
        partner: Some(nodes[2].node.home().partner.clone()),
        key: "0123456789abcdef0123456789abcdef".parse().expect("a key"),
        recipient: None,
        purpose: polder_model::Purpose::BeContacted,
        fields: polder_consent::FieldSet::of(&[polder_consent::Field::ContactName]),
        assisted_by: None,
        about: None,
        seen_as: String::new(),
    };
    let made = nodes[1].node.make_request(&request, polder_exchange::OPERATOR).await.expect("it is asked");
    let mut rosa = recruiter(&nodes[1]).await;
    let listed = rosa.open(&format!("{desk}/asked")).await;
    assert!(listed.html.contains("mag nu niet") && listed.html.contains("weet niet waarvoor u vraagt"), "{}", listed.html);
    let (last, address) = (nodes.pop().expect("a node"), nodes[1].peer);
    let address = std::net::SocketAddr::new(address.ip(), last.peer.port());
    last.stop().await;
    // Whoever comes is taken in, and hears nothing.
    let _silent = std::net::TcpListener::bind(address).expect("its port");
    for path in ["/asked".to_owned(), format!("/asked/{}/contact", made.id)] {
        let began = std::time::Instant::now();
        let page = rosa.open(&format!("{desk}{path}")).await;
        assert!(page.status == StatusCode::OK && began.elapsed() < std::time::Duration::from_millis(2_500), "{:?}", began.elapsed());
        assert!(page.html.contains("weten wij nu niet") && page.html.contains(">Kijk opnieuw</a>"), "{path}: {}", page.html);
    }
}
