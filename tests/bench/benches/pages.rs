//! The pages of a node with 100,000 vacancies, as a browser without JavaScript gets them over loopback: how long until a page is there whole, and its bytes.
//!
//! Each page must say what only it says, before its time counts. The pages are asked for in turn. What is asked of the whole federation (`work`, `search`)
//! waits for the other partner too. Figures go to the terminal and to `target/bench/pages.json`. It fails where a median is above the target.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a benchmark")]

use std::time::{Duration, Instant};

use polder_bench::{documents, figures};
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::browser::{Browser, staff, with_people, worker};
use polder_federation_tests::http::{partners, region_of};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::people::{MATCHED, decision, give, profile, put};
use polder_model::Purpose;
use polder_model::reference::Reference;
use polder_store::people::Role;
use serde_json::json;

const OFFERS: usize = 100_000;
const ROUNDS: usize = 60;
/// Workers of the other node who let this one see something.
const PEOPLE: usize = 20;
/// The median of no page is above this, in milliseconds.
const TARGET: f64 = 10.0;

/// Whose page it is, where it stands, and what it says.
const PAGES: [(&str, &str, &str); 20] = [
    ("portal", "", "Hallo Wanda Werkende"),
    ("portal", "/profile", "Mijn profiel"),
    ("portal", "/share", "Waarvoor wilt u iets delen"),
    ("portal", "/consents", "Wat ik heb beslist"),
    ("portal", "/seen", "Wie zag wat"),
    ("portal", "/erasures", "Wat is gewist"),
    ("portal", "/questions", "Wat is voor u gezocht"),
    ("portal", "/applications", "Mijn sollicitaties"),
    ("portal", "/data", "Mijn gegevens"),
    ("portal", "/work?whole=yes", "class=\"card hit\""),
    ("desk", "", "Hallo Rosa Recruiter"),
    ("desk", "/search", "name=\"text\""),
    ("desk", "/offers/vacancy", "V-0000000"),
    ("desk", "/offers/vacancy/V-0050000", "Proefbedrijf"),
    ("desk", "/changes", "V-00"),
    ("desk", "/asked", "Contact"),
    ("desk", "/import/vacancy", "<textarea"),
    ("desk", "/applications", "Sollicitaties"),
    ("desk", "/node", "class=\"plot\""),
    ("desk", "/revocations/profiles", "Kies een profiel"),
];

/// A question of the desk: what is sought, how that is called, and what is typed beside it.
const QUESTIONS: [(&str, &str, &[(&str, &str)]); 2] = [
    ("vacancies", "vacancy", &[("from", "Lelystad"), ("minutes", "30"), ("mode", "car")]),
    ("people", "skill-offer", &[("about", "V-0000001")]),
];

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(run());
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1_000.0
}

async fn run() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut both = partners(directory.path(), &PARTNERS[..2]);
    both[0].limits.offers = 200_000;
    both.iter_mut().for_each(|partner| partner.member.purposes = Purpose::ALL.to_vec());
    with_people(&mut both[0], vec![worker("Wanda Werkende"), staff("Rosa Recruiter", &Role::ALL)]);
    let region = region_of(&both);
    let mut nodes = Vec::new();
    for partner in &mut both {
        nodes.push(partner.start(region.register(SystemClock.now())).await);
    }
    let node = &nodes[0].node;
    for first in (0..OFFERS).step_by(20_000) {
        documents::publish(node, documents::publications(first..first + 20_000, 0)).await;
    }
    let asker = &node.home().partner;
    for number in 0..PEOPLE {
        let worker = put(&nodes[1].node, &format!("P-{number}"), &profile(&format!("Monteur {number} zoekt werk"))).await;
        give(&nodes[1].node, worker, &decision(&[asker], &MATCHED)).await.expect("given");
    }
    println!("{OFFERS} vacancies, {PEOPLE} people at the other node");

    let origin = format!("http://{}", nodes[0].client);
    let (portal, desk) = (format!("{origin}/portal"), format!("{origin}/desk"));
    let mut browser = Browser::new();
    let csrf = browser.log_in(&portal, "Wanda Werkende").await.csrf();
    let skill = Reference::starter().skills()[0].uri.to_string();
    let profile = [
        ("csrf", csrf.as_str()),
        ("etag", ""),
        ("title", "Werkende zoekt werk"),
        ("skill", &skill),
        ("hours_min", "16"),
        ("hours_max", "32"),
        ("postcode", "8232"),
        ("mode", "bike"),
        ("minutes", "30"),
        ("do", "keep"),
    ];
    let kept = browser.post(&format!("{portal}/profile"), &profile).await;
    assert!(kept.html.contains("Uw profiel is bewaard"), "{}", kept.html);
    let at_desk = browser.log_in(&desk, "Rosa Recruiter").await.csrf();

    let mut times = vec![Vec::new(); PAGES.len()];
    let (mut bytes, mut asked) = (vec![0; PAGES.len()], vec![Vec::new(); QUESTIONS.len()]);
    let mut wrong = Vec::new();
    for round in 0..=ROUNDS {
        assert!(wrong.is_empty(), "{wrong:#?}");
        for (number, (door, path, says)) in PAGES.iter().enumerate() {
            let began = Instant::now();
            let shown = browser.fetch(&format!("{origin}/{door}{path}")).await;
            let took = began.elapsed();
            if shown.status != 200 || !shown.html.contains(says) {
                wrong.push(format!("/{door}{path}: {}, without {says}", shown.status));
            }
            bytes[number] = shown.html.len();
            // The first of each reads its template.
            if round > 0 {
                times[number].push(took);
            }
        }
        for ((_, kind, typed), took) in QUESTIONS.iter().zip(&mut asked) {
            let mut fields = vec![("csrf", at_desk.as_str()), ("kind", *kind), ("do", "ask")];
            fields.extend_from_slice(typed);
            if *kind == "vacancy" {
                fields.push(("skill", &skill));
            }
            let began = Instant::now();
            let shown = browser.post(&format!("{desk}/search"), &fields).await;
            let all = began.elapsed();
            assert!(shown.html.contains("<li class=\"card\">"), "{kind}: {}", shown.html);
            if round > 0 {
                took.push(all);
            }
        }
    }
    println!("\nmedian of {ROUNDS}, in turn               ms    bytes");
    let (mut figures, mut slow) = (Vec::new(), Vec::new());
    let mut tell = |page: String, bytes: Option<usize>, times: &mut [Duration]| {
        let took = median(times);
        println!("{page:<36} {took:>8.2} {:>8}", bytes.map(|bytes| bytes.to_string()).unwrap_or_default());
        if took > TARGET {
            slow.push(page.clone());
        }
        figures.push(json!({"page": page, "medianMs": took, "bytes": bytes}));
    };
    for (number, (door, path, _)) in PAGES.iter().enumerate() {
        tell(format!("/{door}{path}"), Some(bytes[number]), &mut times[number]);
    }
    for ((what, ..), times) in QUESTIONS.iter().zip(&mut asked) {
        tell(format!("/desk/search for {what}, both nodes"), None, times);
    }
    figures::write("pages", &json!({"offers": OFFERS, "rounds": ROUNDS, "targetMs": TARGET, "pages": figures}));
    if !slow.is_empty() {
        println!("above {TARGET} ms: {}", slow.join(", "));
        std::process::exit(1);
    }
}
