//! Every page of both doors, read off the code that serves it: tried by nobody, from the other door, by another worker with the names of what is hers, by staff
//! of another role, and by a form that no page of that session has made.

use http::StatusCode;
use polder_federation_tests::browser::{Browser, Shown, hidden, staff, with_people, worker};
use polder_federation_tests::http::{Client, start_all, vacancy};
use polder_federation_tests::people::profile;
use polder_store::people::Role;
use polder_web::RunningNode;
use serde_json::json;

use crate::portal::{with_document, with_profile};
use crate::workers::{about_people, call};

/// Where somebody comes who is not logged in.
const OPEN: [&str; 6] = ["/welcome", "/login", "/login/done", "/login/backchannel", "/erased", "/erased/{link}"];
/// Who may see the pages of the desk of which this is the first part; whoever has any role sees the first page, and may leave.
const ROLES: [(&str, Option<Role>); 22] = [
    ("/search", Some(Role::Desk)),
    ("/searches", Some(Role::Desk)),
    ("/applications", Some(Role::Desk)),
    ("/erasures", Some(Role::Desk)),
    ("/offers", Some(Role::Desk)),
    ("/import", Some(Role::Desk)),
    ("/changes", Some(Role::Desk)),
    ("/asked", Some(Role::Desk)),
    ("/partners", Some(Role::Administrator)),
    ("/register", Some(Role::Administrator)),
    ("/clients", Some(Role::Administrator)),
    ("/syncs", Some(Role::Administrator)),
    ("/ledger", Some(Role::Administrator)),
    ("/node", Some(Role::Administrator)),
    ("/outstanding", Some(Role::PrivacyOfficer)),
    ("/budgets", Some(Role::PrivacyOfficer)),
    ("/incidents", Some(Role::PrivacyOfficer)),
    ("/revocations", Some(Role::PrivacyOfficer)),
    ("/processing", Some(Role::PrivacyOfficer)),
    ("/logout", None),
    ("/resume", None),
    ("", None),
];

/// A page, and how it is asked for.
struct Route {
    /// Its path behind the door, with parameters in braces.
    path: String,
    reads: bool,
    writes: bool,
}

/// The pages of a door, as its routers say.
fn routes(door: &str) -> Vec<Route> {
    let sources: &[&str] = match door {
        "portal" => &[include_str!("../../../../node/web/src/portal/mod.rs")],
        _ => &[
            include_str!("../../../../node/web/src/desk/mod.rs"),
            include_str!("../../../../node/web/src/desk/administrator/mod.rs"),
            include_str!("../../../../node/web/src/desk/officer/mod.rs"),
        ],
    };
    // What they merge is read too.
    let merged: usize = sources.iter().map(|source| source.matches(".merge(").count()).sum();
    assert_eq!(merged + 1, sources.len());
    let every = sources.iter().flat_map(|source| source.split(".route(").skip(1)).map(|route| {
        let path = route.split('"').nth(1).expect("a path");
        let path = path.strip_prefix(&format!("/{door}")).unwrap_or_else(|| if path == "/" { "" } else { panic!("{path} is of no door") });
        Route { path: path.to_owned(), reads: route.contains("get("), writes: route.contains("post(") }
    });
    let guarded: Vec<Route> = every.filter(|route| !OPEN.contains(&route.path.as_str())).collect();
    assert!(guarded.len() > 25 && guarded.iter().all(|route| route.reads || route.writes), "what the routers say can be read");
    guarded
}

/// Who may see a page of the desk.
fn needed(path: &str) -> Option<Role> {
    let first = path.split('/').nth(1).map(|part| format!("/{part}")).unwrap_or_default();
    ROLES.into_iter().find(|(start, _)| *start == first).unwrap_or_else(|| panic!("{path}: who may see it stands in no table")).1
}

/// The path with this in the place of every parameter.
fn filled(path: &str, value: &str) -> String {
    let mut parts = path.split('/').map(|part| if part.starts_with('{') { value } else { part });
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| format!("{path}/{part}"))
}

/// The first node with two workers and staff of each role; the second has what they can share with.
pub(crate) async fn stage(directory: &std::path::Path) -> Vec<RunningNode> {
    let mut partners = about_people(directory, 2);
    let mut people: Vec<_> = ["Anna Voorbeeld", "Bram Voorbeeld"].into_iter().map(worker).collect();
    people.extend(Role::ALL.into_iter().map(|role| staff(role.as_str(), &[role])));
    people.push(staff("everything", &Role::ALL));
    with_people(&mut partners[0], people);
    let nodes = start_all(&mut partners).await;
    for node in &nodes {
        let mut document = vacancy("Monteur");
        document["skills"] = profile("")["skills"].clone();
        assert_eq!(Client::of(node).put("/v1/vacancies/V-1", document.to_string()).await.status(), 201);
    }
    nodes
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_in_without_a_session_of_that_door() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let origin = format!("http://{}", nodes[0].client);
    for (door, other, who) in [("portal", "desk", "desk"), ("desk", "portal", "Anna Voorbeeld")] {
        let mut stranger = Browser::new();
        stranger.set_cookie(&origin, &format!("__Host-polder-{door}"), "AAAA");
        let mut at_other = Browser::new();
        let csrf = at_other.log_in(&format!("{origin}/{other}"), who).await.csrf();
        let token = at_other.cookie(&origin, &format!("__Host-polder-{other}")).expect("a session").to_owned();
        at_other.set_cookie(&origin, &format!("__Host-polder-{door}"), &token);
        for route in routes(door) {
            let url = format!("{origin}/{door}{}", filled(&route.path, "W-1"));
            for (browser, from) in [(&mut Browser::new(), "fresh"), (&mut stranger, "stranger"), (&mut at_other, "other door")] {
                if route.reads {
                    let led = browser.open(&url).await;
                    assert!(led.url.contains(&format!("/{door}/welcome")), "{from}: GET {url}: {} {}", led.status, led.url);
                }
                if route.writes {
                    let led = browser.post(&url, &[("csrf", &csrf), ("kind", "vacancy")]).await;
                    assert!(led.url.contains(&format!("/{door}/welcome")), "{from}: POST {url}: {} {}", led.status, led.url);
                    // Whoever logs in then comes to a page that there is.
                    let back = led.url.split("back=").nth(1).unwrap_or_default();
                    assert!(back.is_empty() || back == format!("%2F{door}"), "{from}: POST {url} leads back to {back}");
                }
            }
        }
    }
}

/// What is hers: a profile, something shared, somebody who asks for more, an application, a program.
struct Hers {
    browser: Browser,
    consent: String,
    request: String,
}

const PAGES_OF_HERS: [&str; 7] = ["", "/consents", "/profile", "/applications", "/programs", "/questions", "/erasures"];

impl Hers {
    async fn begin(nodes: &[RunningNode]) -> Self {
        let portal = format!("http://{}/portal", nodes[0].client);
        let mut browser = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
        let recipient = nodes[1].node.home().partner.to_string();
        let csrf = browser.open(&format!("{portal}/share?purpose=match-vacancy")).await.csrf();
        let fields =
            [("csrf", csrf.as_str()), ("purpose", "match-vacancy"), ("recipient", &recipient), ("field", "/hours"), ("days", "30")];
        let check = browser.post(&format!("{portal}/share/check"), &fields).await;
        let shared = send(&mut browser, &check, &portal, "share/give", &[("answer", "yes")]).await;
        let consent = between(&shared.html, "action=\"/portal/consents/", "/withdraw").to_owned();

        let employer = Client::of(&nodes[1]);
        let (_, found) = employer.query(&json!({"kind": "skill-offer", "about": {"kind": "vacancy", "key": "V-1"}})).await;
        let asked = json!({
            "partner": nodes[0].node.home().partner, "key": found["hits"][0]["key"], "purpose": "be-contacted", "fields": ["/contact/email"],
            "about": {"kind": "vacancy", "key": "V-1"},
        });
        let (status, made) = call(&employer, "POST", "/v1/requests", Some(&asked)).await;
        assert_eq!(status, 201, "{made}");
        let home = browser.open(&portal).await;
        let request = between(&home.html, "/portal/requests/", "\"").to_owned();

        let work = browser.open(&format!("{portal}/work")).await;
        let form = send(&mut browser, &work, &portal, "apply", &[]).await;
        let picked = [("field", "/skills"), ("motivation", "Ik kom graag.")];
        let check = send(&mut browser, &form, &portal, "apply/check", &picked).await;
        send(&mut browser, &check, &portal, "apply/send", &[("answer", "yes")]).await;
        let made = browser.post(&format!("{portal}/programs"), &[("csrf", &csrf), ("hours", "1")]).await;
        assert!(made.html.contains("polder_wk_"), "{}", made.html);
        let mut hers = Self { browser, consent, request };
        while hers.pages(&portal).await[3].contains("Op weg") {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        hers
    }

    /// All that she sees of her own.
    async fn pages(&mut self, portal: &str) -> Vec<String> {
        let mut pages = Vec::new();
        for page in PAGES_OF_HERS {
            let shown = self.browser.open(&format!("{portal}{page}")).await;
            assert_eq!(shown.status, StatusCode::OK, "{page}");
            pages.push(shown.html);
        }
        pages
    }
}

fn between<'t>(text: &'t str, before: &str, behind: &str) -> &'t str {
    text.split(before).nth(1).and_then(|rest| rest.split(behind).next()).unwrap_or_else(|| panic!("no {before}: {text}"))
}

/// Sends the form with that action as it stands on the page, and more.
async fn send(browser: &mut Browser, page: &Shown, portal: &str, action: &str, more: &[(&str, &str)]) -> Shown {
    let form = between(&page.html, &format!("action=\"/portal/{action}\""), "</form>");
    let fields = hidden(form);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(more.iter().copied()).collect();
    browser.post(&format!("{portal}/{action}"), &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_worker_gets_nothing_of_hers_and_changes_nothing_by_any_route() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let (origin, portal) = (format!("http://{}", nodes[0].client), format!("http://{}/portal", nodes[0].client));
    let mut hers = Hers::begin(&nodes).await;
    let mut his = profile("Kok zoekt werk");
    his["contact"] = json!({"name": "Bram Voorbeeld", "email": "bram@voorbeeld.example"});
    drop(with_document(&nodes[0], "Bram Voorbeeld", "W-2", &his).await);
    let before = hers.pages(&portal).await;
    assert!(before.iter().any(|page| page.contains("Monteur zoekt werk")) && before[0].contains(&hers.request));

    let (asker, nowhere) = (nodes[1].node.home().partner.to_string(), "00000000000000000000000000000000");
    for route in routes("portal") {
        let mut bram = Browser::new();
        let csrf = bram.log_in(&portal, "Bram Voorbeeld").await.csrf();
        for (hers_id, answer) in [(&hers.request, "no"), (&hers.consent, "no"), (&hers.request, "yes")] {
            // Whatever a form may name is hers. `sure` is left out: he may erase himself.
            let fields = [
                ("csrf", csrf.as_str()),
                ("request", &hers.request),
                ("consent", &hers.consent),
                ("purpose", "be-contacted"),
                ("recipient", &asker),
                ("partner", &asker),
                ("key", "V-1"),
                ("field", "/contact/email"),
                ("days", "30"),
                ("until", "2027-01-01T00:00:00Z"),
                ("answer", answer),
                ("notice", nowhere),
                ("etag", "\"1\""),
                ("code", "an invitation"),
                ("do", "keep"),
                ("title", "Kok"),
            ];
            let mut shown = Vec::new();
            for id in [hers_id.as_str(), nowhere] {
                let url = format!("{origin}/portal{}", filled(&route.path, id));
                let mut answers = Vec::new();
                if route.reads {
                    answers.push(bram.fetch(&url).await);
                }
                if route.writes {
                    answers.push(bram.post_from(&origin, &url, &fields).await);
                }
                for answer in &answers {
                    assert!(!answer.status.is_server_error(), "{url}: {}", answer.html);
                    for secret in ["Monteur zoekt werk", "anna@voorbeeld", "Anna Voorbeeld", "Ik kom graag"] {
                        assert!(!answer.html.contains(secret), "{url} shows {secret}: {}", answer.html);
                    }
                    assert!(
                        !route.path.contains('{') || answer.status == StatusCode::NOT_FOUND,
                        "{url}: {} {}",
                        answer.status,
                        answer.html
                    );
                }
                shown.push(answers.into_iter().map(|answer| answer.html.replace(id, "id")).collect::<Vec<_>>());
            }
            assert!(!route.path.contains('{') || shown[0] == shown[1], "{}: what is hers looks like what is nowhere", route.path);
        }
        for (page, (now, was)) in PAGES_OF_HERS.iter().zip(hers.pages(&portal).await.iter().zip(&before)) {
            assert_eq!(now, was, "{} changed {page} of hers", route.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_form_is_taken_that_no_page_of_that_session_made() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let origin = format!("http://{}", nodes[0].client);
    let mut hers = Hers::begin(&nodes).await;
    let mut desk = Browser::new();
    let own_at_desk = desk.log_in(&format!("{origin}/desk"), "everything").await.csrf();
    let portal = format!("{origin}/portal");
    let before = hers.pages(&portal).await;
    let own = hers.browser.open(&portal).await.csrf();
    for (door, browser, own, other) in [("portal", &mut hers.browser, &own, &own_at_desk), ("desk", &mut desk, &own_at_desk, &own)] {
        for route in routes(door).iter().filter(|route| route.writes) {
            let url = format!("{origin}/{door}{}", filled(&route.path, &hers.consent));
            for (from, csrf) in [("https://evil.example", own.as_str()), ("null", own), (&origin, ""), (&origin, other)] {
                let mut refused = browser.post_from(from, &url, &[("csrf", csrf), ("kind", "vacancy"), ("sure", "yes")]).await;
                if refused.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
                    refused = browser.post_file_from(from, &url, csrf, b"a file").await;
                }
                let said = refused.html.contains("Er is niets veranderd");
                assert!(refused.status == StatusCode::FORBIDDEN && said, "{url} from {from}: {} {}", refused.status, refused.html);
            }
        }
    }
    assert_eq!(hers.pages(&portal).await, before);
    let vacancies = nodes[0].node.store().list_offers(polder_model::Kind::Vacancy, None, 9).await.expect("read");
    assert_eq!((vacancies.len(), vacancies[0].version), (1, 1), "none of them changed anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_comes_to_its_own_pages_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let origin = format!("http://{}", nodes[0].client);
    for role in Role::ALL {
        let mut browser = Browser::new();
        let csrf = browser.log_in(&format!("{origin}/desk"), role.as_str()).await.csrf();
        for route in routes("desk") {
            let path = filled(&route.path, "vacancy");
            let url = format!("{origin}/desk{path}");
            let may = needed(&route.path).is_none_or(|needed| needed == role);
            let mut answers = Vec::new();
            if route.reads {
                answers.push(browser.open(&url).await);
            } else {
                let begun = browser.open(&url).await;
                assert!(begun.status == StatusCode::OK && begun.url.ends_with("/desk"), "{url} is no page: {} {}", begun.status, begun.url);
            }
            if route.writes && path != "/logout" {
                let fields: [(&str, &str); 2] = [("csrf", &csrf), ("kind", "vacancy")];
                answers.push(browser.post_from(&origin, &url, &fields).await);
            }
            for answer in answers {
                let refused = answer.status == StatusCode::FORBIDDEN && answer.html.contains("U mag dit niet met de rol");
                assert_eq!(refused, !may, "{url} as {}: {} {}", role.as_str(), answer.status, answer.html);
                assert!(!answer.status.is_server_error(), "{url}: {}", answer.html);
                keeps_to_itself(&answer);
            }
        }
    }
}

/// No other site frames it or reads it, and nothing that is written on it runs.
fn keeps_to_itself(shown: &Shown) {
    let says = |name: &str| shown.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let policy = says("content-security-policy");
    for directive in
        ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"]
    {
        assert!(policy.split("; ").any(|said| said.trim() == directive), "{}: {directive} of {policy}", shown.url);
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    for (name, value) in [
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(says(name), value, "{}: {name}", shown.url);
    }
    for inline in [" style=", "<style", " onclick=", " onload=", "javascript:"] {
        assert!(!shown.html.contains(inline), "{}: {inline}", shown.url);
    }
}

/// What is asked of a node that is not known to the table is seen by the other tests: this says that the table has nothing that is gone.
#[test]
fn the_table_of_roles_names_pages_that_there_are() {
    let routes: Vec<String> = routes("desk").into_iter().map(|route| route.path).collect();
    for (start, _) in ROLES {
        assert!(routes.iter().any(|path| path == start || path.starts_with(&format!("{start}/"))), "{start}");
    }
}
