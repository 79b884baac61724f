//! What the pages say once something was stopped or erased: who has not confirmed it yet, what it was called, and the receipt, whatever fails.

use http::StatusCode;
use polder_federation_tests::browser::Browser;
use polder_federation_tests::http::Client;
use polder_federation_tests::people::profile;
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::portal::{stage, with_profile};
use crate::portal_asked::{ask, found};
use crate::workers::read;

fn cook() -> serde_json::Value {
    json!({"title": "Kok", "description": "Koken.", "employer": {"name": "Bakkerij"}, "skills": profile("")["skills"]})
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stopped_says_who_has_to_confirm_and_what_it_was_called() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let (mut anna, portal, key) = found(&nodes, &cook()).await;
    let seen = anna.open(&format!("{portal}/seen")).await;
    assert!(seen.html.contains("voor de vacature met kenmerk <span class=\"key\">V-1"), "nobody said what it is called: {}", seen.html);
    ask(&nodes, &key, &["/contact/name"], Some(json!({"kind": "vacancy", "key": "V-1"}))).await;
    let seen = anna.open(&format!("{portal}/seen")).await;
    assert!(seen.html.contains("voor de vacature “Kok”") && !seen.html.contains("V-1"), "{}", seen.html);
    let data = anna.open(&format!("{portal}/data")).await;
    assert!(data.html.contains("bij ons: <span class=\"key\">W-1</span>"), "{}", data.html);
    let home = anna.open(&portal).await;
    assert!(home.html.contains("Eén organisatie mag iets van u zien") && !home.html.contains("moet nog bevestigen"), "{}", home.html);

    let stopped = anna.post(&format!("{portal}/consents/withdraw"), &[("csrf", &home.csrf())]).await;
    for said in ["Alles is gestopt.", "Eén organisatie moet nog bevestigen", "<a href=\"/portal/erasures\">"] {
        assert!(stopped.html.contains(said), "{said}: {}", stopped.html);
    }
    let seen = anna.open(&format!("{portal}/seen")).await;
    assert!(seen.html.contains("Zij moeten dit wissen. Dat is nog niet bevestigd.") && !seen.html.contains("Zij mogen"), "{}", seen.html);
    let employer = Client::of(&nodes[1]);
    while read(&employer, "/v1/erasures").await["items"] == json!([]) {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let data = anna.post(&format!("{portal}/data/gather"), &[("csrf", &data.csrf())]).await;
    let said = "heeft het gewist, maar nog niet bevestigd dat ook de eigen systemen";
    assert!(data.html.contains(said) && !data.html.contains("heeft niets meer van u"), "{}", data.html);
    polder_federation_tests::people::erase_all(&nodes[1].node, polder_exchange::OPERATOR).await;
    loop {
        let home = anna.open(&portal).await;
        if !home.html.contains("moet nog bevestigen") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let data = anna.open(&format!("{portal}/data")).await;
    assert!(data.html.contains("heeft niets meer van u"), "{}", data.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_of_the_own_node_is_called_as_it_is_published() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let (portal, own) = (format!("http://{}/portal", nodes[0].client), Client::of(&nodes[0]));
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    assert_eq!(own.put("/v1/vacancies/V-7", cook().to_string()).await.status(), 201);
    let csrf = anna.open(&format!("{portal}/share?purpose=match-vacancy")).await.csrf();
    let recipient = nodes[0].node.home().partner.to_string();
    let fields = [("csrf", csrf.as_str()), ("purpose", "match-vacancy"), ("recipient", &recipient), ("days", "30")];
    let check = anna.post(&format!("{portal}/share/check"), &fields).await;
    let mut yes = polder_federation_tests::browser::hidden(&check.html);
    yes.push(("answer".to_owned(), "yes".to_owned()));
    let yes: Vec<(&str, &str)> = yes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    anna.post(&format!("{portal}/share/give"), &yes).await;
    let (_, hits) = own.query(&json!({"kind": "skill-offer", "about": {"kind": "vacancy", "key": "V-7"}})).await;
    assert_eq!(hits["hits"].as_array().map(Vec::len), Some(1), "{hits}");
    let seen = anna.open(&format!("{portal}/seen")).await;
    assert!(seen.html.contains("voor de vacature “Kok”") && !seen.html.contains("V-7"), "{}", seen.html);
    // Of one that is gone the key is all that is known.
    assert!(own.request("DELETE", "/v1/vacancies/V-7").send().await.expect("an answer").status().is_success());
    let seen = anna.open(&format!("{portal}/seen")).await;
    assert!(seen.html.contains("met kenmerk <span class=\"key\">V-7"), "{}", seen.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_erased_gets_the_receipt_whatever_fails_after_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let (mut anna, portal, _) = found(&nodes, &cook()).await;
    // What is written down of those who still have to erase cannot be read back.
    let file = directory.path().join(nodes[0].node.home().partner.to_string().replace(':', "-")).join("polder.db");
    let mut database = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.expect("the database");
    let trigger =
        "CREATE TRIGGER unreadable AFTER INSERT ON farewells BEGIN UPDATE farewells SET recipient = '' WHERE name = NEW.name; END";
    sqlx::query(trigger).execute(&mut database).await.expect("written");
    // Nor is there room for a page that can be loaded anew.
    let full = "CREATE TRIGGER full BEFORE INSERT ON sealed_pages BEGIN SELECT RAISE(ABORT, 'full'); END";
    sqlx::query(full).execute(&mut database).await.expect("written");
    let csrf = anna.open(&format!("{portal}/data/erase")).await.csrf();
    let gone = anna.post(&format!("{portal}/data/erase"), &[("csrf", &csrf), ("sure", "yes")]).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.html);
    for said in ["Alles is wel gewist", "/portal/erased/", "Download het ontvangstbewijs"] {
        assert!(gone.html.replace("&#x2f;", "/").contains(said), "{said}: {}", gone.html);
    }
    assert!(!gone.html.contains("Niemand hoeft nog iets te wissen"), "{}", gone.html);
    let home = anna.open(&portal).await;
    assert!(!home.html.contains("Anna Voorbeeld"), "they are logged out: {}", home.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_farewell_says_who_keeps_a_part_who_left_and_goes_on_on_a_next_page() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let (mut anna, portal, _) = found(&nodes, &cook()).await;
    let asks = anna.open(&format!("{portal}/data/erase")).await;
    let employer = &nodes[1].node.home().name;
    assert!(asks.html.contains("Deze organisatie krijgt bericht") && asks.html.contains(&format!("<li>{employer}</li>")), "{}", asks.html);
    let gone = anna.post(&format!("{portal}/data/erase"), &[("csrf", &asks.csrf()), ("sure", "yes")]).await;
    assert!(gone.html.contains(&format!("<td>{employer}</td>")), "who was said to be told is told: {}", gone.html);
    // The last page has an address of its own: it is loaded anew with all that is on it, in that browser alone.
    assert!(gone.url.ends_with("/portal/erased") && gone.html.contains("Download het ontvangstbewijs"), "{}: {}", gone.url, gone.html);
    assert_eq!(anna.open(&gone.url).await.html, gone.html);
    let mut other = Browser::new();
    assert_eq!(other.open(&gone.url).await.status, StatusCode::NOT_FOUND);
    for guess in ["", "AAAA", &"A".repeat(43)] {
        other.set_cookie(&portal, "__Host-polder-erased", guess);
        assert_eq!(other.open(&gone.url).await.status, StatusCode::NOT_FOUND, "{guess}");
    }
    let link = gone.html.replace("&#x2f;", "/");
    let link = link.split("/portal/erased/").nth(1).and_then(|rest| rest.split('"').next()).expect("a link").to_owned();
    let file = directory.path().join(nodes[0].node.home().partner.to_string().replace(':', "-")).join("polder.db");
    let mut database = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.expect("the database");
    let kept = nodes[0].node.now().plus_seconds(86_400);
    for (sql, said) in
        [("UPDATE farewells SET recipient = 'kvk:99999999'", "Deze organisatie doet niet meer mee"), ("DELETE FROM tombstones", "Gewist<")]
    {
        sqlx::query(sql).execute(&mut database).await.expect("written");
        let page = anna.open(&format!("{portal}/erased/{link}")).await;
        assert!(page.html.contains(said) && page.html.contains("kvk:99999999"), "{said}: {}", page.html);
    }
    sqlx::query("UPDATE farewells SET kept_until = $1").bind(kept.micros()).execute(&mut database).await.expect("written");
    let page = anna.open(&format!("{portal}/erased/{link}")).await;
    assert!(page.html.contains("Gewist, op een deel na") && page.html.contains("volgens de wet bewaren tot en met"), "{}", page.html);

    // As many as one link may have: each stands on one page, and no page is long.
    use sha2::{Digest, Sha256};
    for number in 1..1_024_usize {
        let name = hex::encode(Sha256::digest(format!("{link}\n{number}")));
        let sql = "INSERT INTO farewells (name, recipient, tombstone, until) VALUES ($1, $2, '', $3)";
        let query = sqlx::query(sql).bind(name).bind(format!("kvk:{number:08}")).bind(kept.micros());
        query.execute(&mut database).await.expect("written");
    }
    let (mut url, mut rows, mut pages) = (format!("{portal}/erased/{link}"), 0, 0);
    loop {
        let page = anna.open(&url).await;
        assert!(page.status == StatusCode::OK && page.html.len() < 50 * 1024, "{url}: {} {}", page.status, page.html.len());
        rows += page.html.matches("<tr><td>").count();
        pages += 1;
        let html = page.html.replace("&#x2f;", "/");
        let Some(from) = html.split(&format!("/portal/erased/{link}?from=")).nth(1).and_then(|rest| rest.split('"').next()) else { break };
        url = format!("{portal}/erased/{link}?from={from}");
    }
    assert!(rows == 1_024 && pages > 1, "{rows} on {pages} pages");
    let beyond = anna.open(&format!("{portal}/erased/{link}?from=99999999")).await;
    assert!(beyond.status == StatusCode::OK && beyond.html.len() < 50 * 1024, "{}", beyond.html);
}
