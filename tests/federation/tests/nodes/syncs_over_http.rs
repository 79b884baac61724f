//! Course systems over HTTP: politely, never led elsewhere, by the interface and at the desk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_federation_tests::browser::{Browser, staff, with_people};
use polder_federation_tests::http::{Client, partners, start_all};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::school::{School, Treatment, course, from};
use polder_store::people::Role;
use polder_web::{Pace, RunningNode, Shown, SyncFrom};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A node that reads that course system.
async fn node_of(directory: &std::path::Path, from: SyncFrom) -> RunningNode {
    let mut one = partners(directory, &PARTNERS[..1]);
    one[0].syncs = vec![from];
    with_people(&mut one[0], vec![staff("Bas Beheerder", &[Role::Administrator]), staff("Rosa Recruiter", &[Role::Desk])]);
    start_all(&mut one).await.pop().expect("a node")
}

async fn standing(client: &Client) -> Value {
    client.request("GET", "/v1/syncs/school").send().await.expect("a response").json().await.expect("JSON")
}

/// Waits for another report than the one that ended then.
pub(crate) async fn report_after(client: &Client, ended: &Value) -> Value {
    let began = Instant::now();
    loop {
        let now = standing(client).await;
        if now["report"].is_object() && now["report"]["endedAt"] != *ended {
            return now;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "no report: {now}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub(crate) async fn crawl(client: &Client) -> Value {
    let before = standing(client).await["report"]["endedAt"].clone();
    let begun = client.request("POST", "/v1/syncs/school/crawls").send().await.expect("a response");
    assert_eq!((begun.status().as_u16(), begun.headers()["location"].as_bytes()), (202, &b"/v1/syncs/school"[..]));
    report_after(client, &before).await
}

async fn trainings(client: &Client) -> usize {
    let page: Value = client.request("GET", "/v1/trainings?limit=100").send().await.expect("a response").json().await.expect("JSON");
    page["items"].as_array().map_or(0, Vec::len)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_school_is_read_politely() {
    let (directory, school) = (tempfile::tempdir().expect("a directory"), School::new(6, 30));
    let address = format!("http://{}", school.listen().await);
    // It is busy at first, then slow, then its reply breaks off in the middle of what it says.
    let busy = Arc::new(std::sync::Mutex::new(None));
    let seen = Arc::clone(&busy);
    school.treats(move |path, number| match number {
        2 => {
            *seen.lock().expect("a lock") = Some((Instant::now(), path.to_owned()));
            Treatment::Status(429, vec![("retry-after", "1".to_owned())])
        }
        3 => {
            let (at, asked) = seen.lock().expect("a lock").take().expect("asked before");
            assert!(at.elapsed() >= Duration::from_secs(1) && asked == path, "it waits as it was asked to");
            Treatment::Rightly
        }
        5 => Treatment::Status(503, Vec::new()),
        6 | 9 => Treatment::After(Duration::from_millis(200)),
        _ => Treatment::Rightly,
    });
    let mut from = from(&address);
    from.shown = Shown::Always("Bearer geheim".parse().expect("a header"));
    let node = node_of(directory.path(), from).await;
    let client = Client::of(&node);
    let standing = report_after(&client, &Value::Null).await;
    assert_eq!((&standing["report"]["outcome"], &standing["report"]["counts"]["created"]), (&json!("whole"), &json!(30)), "{standing}");
    assert_eq!((trainings(&client).await, school.most_at_once()), (30, 1));
    let (agent, authorization) = school.shown();
    assert!(agent.starts_with("polder/") && agent.ends_with("(+beheer@partner.example.nl)"), "{agent}");
    assert_eq!(authorization, "Bearer geheim");
    let again = crawl(&client).await;
    assert_eq!(again["report"]["counts"]["unchanged"], 30, "{again}");
    assert!(!again.to_string().contains("geheim"));
    let unknown = client.request("POST", "/v1/syncs/other/crawls").send().await.expect("a response");
    assert_eq!(unknown.status().as_u16(), 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_leads_to_another_host_and_nothing_is_read_without_end() {
    let (directory, school, elsewhere) = (tempfile::tempdir().expect("a directory"), School::new(6, 3), School::new(6, 3));
    let (address, other) = (school.listen().await, elsewhere.listen().await);
    let to = format!("http://{other}/courses?pageSize=250&pageNumber=1");
    school.treats(
        move |path, _| {
            if path.starts_with("/courses?") { Treatment::Status(302, vec![("location", to.clone())]) } else { Treatment::Rightly }
        },
    );
    let node = node_of(directory.path(), from(&format!("http://{address}"))).await;
    let client = Client::of(&node);
    let led = report_after(&client, &Value::Null).await;
    assert_eq!((&led["report"]["trouble"]["code"], &led["report"]["trouble"]["status"]), (&json!("elsewhere"), &json!(302)), "{led}");
    assert_eq!((elsewhere.asked(), trainings(&client).await), (0, 0));

    // Within the host it may lead on; not for ever.
    school.treats(|path, _| {
        if path.contains("moved") || !path.starts_with("/courses?") {
            Treatment::Rightly
        } else {
            Treatment::Status(307, vec![("location", "/courses?moved&pageSize=250&pageNumber=1".to_owned())])
        }
    });
    assert_eq!(crawl(&client).await["report"]["outcome"], "whole");
    school.treats(|path, _| {
        if path.starts_with("/courses?") { Treatment::Status(307, vec![("location", path.to_owned())]) } else { Treatment::Rightly }
    });
    assert_eq!(crawl(&client).await["report"]["trouble"]["code"], "elsewhere");
    // What is too large, and what never comes.
    school.treats(|path, _| if path.starts_with("/courses?") { Treatment::Says(" ".repeat(17 * 1024 * 1024)) } else { Treatment::Rightly });
    assert_eq!(crawl(&client).await["report"]["trouble"]["code"], "too-large");
    school.treats(|path, _| if path.starts_with("/courses?") { Treatment::Never } else { Treatment::Rightly });
    assert_eq!(crawl(&client).await["report"]["trouble"]["code"], "no-reply");
    // No catalogue at all.
    school.treats(|_, _| Treatment::Status(404, Vec::new()));
    assert_eq!(crawl(&client).await["report"]["trouble"]["code"], "collection-gone", "the crawl goes on where it was");
    school.treats(|_, _| Treatment::Rightly);
    let whole = crawl(&client).await;
    assert_eq!((&whole["report"]["outcome"], trainings(&client).await), (&json!("whole"), 3), "{whole}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_shows_what_could_not_be_mapped() {
    let (directory, school) = (tempfile::tempdir().expect("a directory"), School::new(6, 2));
    let address = format!("http://{}", school.listen().await);
    school.change("courses", |courses| {
        let mut nameless = course(9);
        nameless["name"] = json!([]);
        courses.push(nameless);
        courses[0]["duration"] = json!("nog niet bekend");
    });
    let node = node_of(directory.path(), from(&address)).await;
    let client = Client::of(&node);
    report_after(&client, &Value::Null).await;
    let page = format!("http://{}/desk/syncs", node.client);
    let (mut bas, mut rosa, mut nobody) = (Browser::new(), Browser::new(), Browser::new());
    for (browser, name) in [(&mut bas, "Bas Beheerder"), (&mut rosa, "Rosa Recruiter")] {
        browser.log_in(&format!("http://{}/desk", node.client), name).await;
    }
    let shown = bas.open(&page).await;
    let path = polder_federation_tests::school::id(9);
    for said in ["helemaal gelezen", "3 cursussen", &path, "Dit veld ontbreekt.", "niet begrepen, en weggelaten", "Lees nu"] {
        assert!(shown.html.contains(said), "{said}: {}", shown.html);
    }
    // Whoever may not, does not: without a log-in, with another role, without the field of the form, for what there is not.
    let asked = school.asked();
    let csrf = shown.csrf();
    assert_eq!(rosa.open(&page).await.status, 403);
    assert!(!nobody.open(&page).await.html.contains("helemaal gelezen"));
    assert_eq!(rosa.post(&page, &[("csrf", &csrf), ("sync", "school")]).await.status, 403);
    assert_eq!(bas.post(&page, &[("sync", "school")]).await.status, 403);
    assert_eq!(bas.post(&page, &[("csrf", &csrf), ("sync", "other")]).await.status, 404);
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert_eq!(school.asked(), asked, "nobody had it read");
    let before = standing(&client).await["report"]["endedAt"].clone();
    let told = bas.post(&page, &[("csrf", &csrf), ("sync", "school")]).await;
    assert!(told.html.contains("school wordt nu gelezen"), "{}", told.html);
    report_after(&client, &before).await;

    school.treats(|_, _| Treatment::Status(500, Vec::new()));
    crawl(&client).await;
    let home = bas.open(&format!("http://{}/desk", node.client)).await;
    assert!(home.html.contains("href=\"/desk/syncs\"") && home.html.contains("één ding om naar te kijken"), "{}", home.html);
    let broken = bas.open(&page).await;
    assert!(
        broken.html.contains("afgebroken") && broken.html.contains("De school gaf een ander antwoord dan gevraagd."),
        "{}",
        broken.html
    );
}

/// An address at which no program listens, one from which no reply comes, one that is no name, and one that closes at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn why_there_is_no_reply_is_told_apart() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let nobody = listener.local_addr().expect("an address");
    drop(listener);
    let silent = School::new(6, 1);
    silent.treats(|_, _| Treatment::Never);
    let cuts = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let cut = cuts.local_addr().expect("an address");
    tokio::spawn(async move { while cuts.accept().await.is_ok() {} });
    let babbles = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let babble = babbles.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = babbles.accept().await {
            let _ = connection.read(&mut [0; 4_096]).await;
            let _ = connection.write_all(b"this is no HTTP\r\n\r\n").await;
        }
    });
    for (address, code, dutch, english) in [
        (nobody.to_string(), "connection-refused", "De verbinding is geweigerd", "The connection was refused"),
        (silent.listen().await.to_string(), "no-reply", "De school antwoordde niet op tijd", "The school did not reply in time"),
        ("school.invalid".to_owned(), "no-name", "leidt nergens heen", "leads nowhere"),
        (cut.to_string(), "cut", "De verbinding is verbroken", "The connection was cut"),
        (babble.to_string(), "not-reached", "De verbinding is mislukt", "The connection failed"),
    ] {
        let directory = tempfile::tempdir().expect("a directory");
        let node = node_of(directory.path(), SyncFrom { pace: impatient(), ..from(&format!("http://{address}")) }).await;
        let now = report_after(&Client::of(&node), &Value::Null).await;
        assert_eq!(now["report"]["trouble"], json!({"code": code, "path": "/"}), "{address}: {now}");
        for (language, said) in [("nl", dutch), ("en", english)] {
            let mut bas = Browser::new().reading(language);
            bas.log_in(&format!("http://{}/desk", node.client), "Bas Beheerder").await;
            let page = bas.open(&format!("http://{}/desk/syncs", node.client)).await;
            assert!(page.html.replace("&#x27;", "'").contains(said), "{said}: {}", page.html);
        }
    }
}

/// Tries once, for a moment.
fn impatient() -> Pace {
    Pace { pause: Duration::ZERO, patience: Duration::from_millis(500), first_wait: Duration::from_millis(1), tries: 1 }
}
