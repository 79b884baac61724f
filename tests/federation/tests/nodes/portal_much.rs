//! A worker with a long history: every page of the portal is short and comes soon, whatever there is, and what does not stand on the first stands on a later one.

use std::time::{Duration, Instant};

use polder_consent::processing::{Chain, TraceId, activity};
use polder_consent::request::AskedFor;
use polder_consent::{Authentication, Budget, Consent, ConsentId, Epoch, FieldSet, GrantId, LegalBasis, Notice, What, WorkerId, rules};
use polder_federation_tests::browser::Browser;
use polder_model::about::About;
use polder_model::{Kind, PartnerId, Purpose, Timestamp};
use polder_store::Store;
use polder_store::people::{Applying, Asked, Contacting, Giving, Requesting, Sending, Whom};
use sha2::{Digest, Sha256};

use crate::portal::{stage, with_profile};

/// The largest page, in bytes.
const LARGEST: usize = 50_000;
/// Within which every page comes, also on a machine that does something else, in a build for tests.
const SOON: Duration = Duration::from_secs(2);
const TEXT: &str = "de tekst";

fn partner(number: usize) -> PartnerId {
    format!("kvk:{:08}", 70_000_000 + number).parse().expect("a partner")
}

pub(crate) fn consent(worker: WorkerId, number: usize, purpose: Purpose, now: Timestamp) -> Consent {
    let rules = rules(purpose).expect("about people");
    let mut id = [0; 16];
    id[..8].copy_from_slice(&(u64::try_from(number).expect("small")).to_be_bytes());
    id[8..].copy_from_slice(&now.micros().to_be_bytes());
    Consent {
        id: ConsentId::from_random(id.map(|byte| byte ^ u8::try_from(purpose.as_str().len()).expect("short"))),
        grant_id: GrantId::from_random([9; 16]),
        worker,
        controller: partner(0),
        recipient: partner(number),
        purpose,
        epoch: Epoch::default(),
        activity: activity(purpose),
        legal_basis: rules.basis,
        fields: rules.allows,
        lease_seconds: rules.lease_seconds,
        notice: Notice {
            id: String::new(),
            sha256: hex::encode(Sha256::digest(TEXT)),
            language: "nl".to_owned(),
            channel: "portal".to_owned(),
        },
        authentication: Authentication { issuer: String::new(), level: String::new(), at: now },
        assisted_by: None,
        from: now,
        until: now.plus_seconds(90 * 86_400),
        renews: None,
    }
}

pub(crate) fn giving(worker: WorkerId, consents: Vec<Consent>, now: Timestamp) -> Giving {
    Giving { worker, consents, notice: TEXT.as_bytes().to_vec(), now }
}

/// How much there is of each.
const APPLICATIONS: usize = 200;
const COPIES: usize = 2 * APPLICATIONS;
const IN_FORCE: usize = 300;
const QUESTIONS: usize = 60;
const REQUESTS: usize = 40;
/// Who can be answered: a partner of the register.
const KNOWN: &str = "oin:00000001001000000002";

/// A worker who applied often, was reached as often, stopped all of that, and shares much anew; for whom was asked, and who is asked.
async fn live(store: &Store, worker: WorkerId, now: Timestamp) {
    let chain = Chain { trace: TraceId::from_bytes([7; 16]), parent: None, transaction: None };
    for number in 1..=APPLICATIONS {
        let consents = vec![consent(worker, number, Purpose::Application, now)];
        let fields = consents[0].fields;
        let applying = Applying {
            giving: giving(worker, consents, now),
            id: uuid(number),
            vacancy: "V-1".parse().expect("a key"),
            title: "<".repeat(200),
            employer: "<".repeat(200),
            fields,
            motivation: "<".repeat(2_000),
        };
        store.apply(applying).await.expect("written").expect("given").expect("the first");
        let Sending::Ready(sent) = store.send_application(&uuid(number), true, chain, now).await.expect("written") else {
            panic!("nothing is sent")
        };
        let handle = sent.people()[0].handle;
        let reached = vec![consent(worker, number, Purpose::BeContacted, now)];
        store.give(giving(worker, reached, now)).await.expect("written").expect("given");
        let contacting = Contacting {
            recipient: partner(number),
            purpose: Purpose::BeContacted,
            handle,
            about: About { kind: Kind::Vacancy, key: "V-1".parse().expect("a key") },
            activity: activity(Purpose::BeContacted),
            budget: Budget::default(),
            chain,
            foreign: true,
            now,
        };
        store.disclose_one(contacting).await.expect("written").expect("within the budget").expect("somebody");
    }
    store.end_all_consents(worker, What::Withdraw, now.plus_seconds(1)).await.expect("written");
    let later = now.plus_seconds(2);
    let shared = (1..=IN_FORCE).map(|number| consent(worker, number, Purpose::MatchVacancy, later)).collect();
    store.give(giving(worker, shared, later)).await.expect("written").expect("given");
    for number in 1..=QUESTIONS {
        let partners = (1..=64).map(partner).collect();
        let asked = Asked { at: later, query: uuid(number), purpose: Purpose::FindWork, partners, fields: vec!["skills".to_owned()] };
        store.note_asked(worker, asked, chain).await.expect("noted");
    }
    for number in 1..=REQUESTS {
        let asker = if number == REQUESTS { KNOWN.parse().expect("a partner") } else { partner(number) };
        let asking = Requesting {
            asker: asker.clone(),
            whom: Whom::Offer("W-1".parse().expect("a key")),
            recipient: asker,
            purpose: Purpose::TrainingAdvice,
            fields: rules(Purpose::TrainingAdvice).map_or(FieldSet::NONE, |rules| rules.allows),
            assisted_by: None,
            about: AskedFor::new(Kind::Training, "T-1".parse().expect("a key"), &"<".repeat(200), Some(&"&".repeat(200))),
            chain,
            foreign: true,
            now: later,
        };
        store.ask_consent(asking).await.expect("written").expect("asked");
    }
}

fn uuid(number: usize) -> String {
    format!("6f0b7f1e-6a55-4d4e-9a39-{number:012}")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_short_and_soon_there_whatever_there_is() {
    assert_eq!(rules(Purpose::Application).expect("about people").basis, LegalBasis::ContractRequest);
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let (store, now) = (nodes[0].node.store(), nodes[0].node.now());
    let worker = store.worker_of(&"W-1".parse().expect("a key"), now).await.expect("read").expect("a worker");
    live(store, worker, now).await;
    let one = store.consents_before(worker, None, 1).await.expect("read").remove(0).0.consent.id;
    let all = nodes[0].node.requests_of(worker).await.expect("read");
    let request = all.iter().find(|one| one.asker.as_str() == KNOWN).expect("asked").id;
    for page in ["", "/profile", "/share", "/share?purpose=match-vacancy", "/data", "/data/erase", "/verify", "/programs"] {
        within(&mut anna, &format!("{portal}{page}")).await;
    }
    for page in [format!("{portal}/consents/{one}"), format!("{portal}/requests/{request}")] {
        within(&mut anna, &page).await;
    }
    let home = within(&mut anna, &portal).await;
    assert!(
        home.contains(&format!("{IN_FORCE} organisaties mogen iets van u zien")) && home.contains(&format!("{REQUESTS} vragen wachten"))
    );
    assert!(home.contains(&format!("nog {} vragen", REQUESTS - 5)), "{home}");
    // Everybody who would be told to erase is named before it is done.
    let holders = store.holders_of(worker).await.expect("read");
    let asks = within(&mut anna, &format!("{portal}/data/erase")).await;
    assert!(holders.len() >= APPLICATIONS && asks.contains(&format!("Deze {} organisaties krijgen bericht", holders.len())), "{asks}");
    for holder in &holders {
        let name = nodes[0].node.register().member(holder).map_or_else(|| holder.to_string(), |member| member.name.clone());
        assert!(asks.contains(&format!("<li>{name}</li>")), "{name}: {asks}");
    }
    let last = within(&mut anna, &format!("{portal}/data/erase?from={}", holders.len() - 1)).await;
    assert!(last.matches("<li>").count() < 20 && last.contains("Terug naar het begin van de lijst"), "{last}");
    within(&mut anna, &format!("{portal}/data/erase?from=99999999")).await;
    // The same whatever page: each thing once, and none is left out.
    for (page, mark, count) in [
        ("", "/withdraw\"><input", IN_FORCE),
        ("/seen", "<article", COPIES),
        ("/erasures", "<article", COPIES),
        ("/questions", "<article", QUESTIONS),
        ("/applications", "<article", APPLICATIONS),
        ("/consents", "<article", COPIES + IN_FORCE),
    ] {
        let (mut url, mut found, mut pages) = (format!("{portal}{page}"), 0, 0);
        loop {
            let html = within(&mut anna, &url).await;
            found += html.matches(mark).count();
            pages += 1;
            let older = html.replace("&#x2f;", "/");
            let Some(before) = older.split(&format!("/portal{page}?before=")).nth(1).and_then(|rest| rest.split('"').next()) else { break };
            url = format!("{portal}{page}?before={before}");
        }
        // The button to stop everything is no thing of its own.
        let more = if page.is_empty() { pages } else { 0 };
        assert!(found == count + more && pages > 1, "{page}: {found} of {count} on {pages} pages");
    }
    // These ask, and so make questions of their own.
    for page in ["/work", "/training"] {
        within(&mut anna, &format!("{portal}{page}")).await;
    }
}

/// A page that is short and comes soon.
async fn within(browser: &mut Browser, url: &str) -> String {
    let began = Instant::now();
    let page = browser.open(url).await;
    let took = began.elapsed();
    assert!(page.status == 200 && page.html.len() < LARGEST && took < SOON, "{url}: {} {} bytes {took:?}", page.status, page.html.len());
    page.html
}
