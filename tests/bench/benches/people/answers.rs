//! Answers about ten people, whose rows of the ledger are on disk before they leave, beside answers about ten vacancies.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use polder_bench::documents;
use polder_bench::figures::median;
use polder_consent::Field;
use polder_exchange::{Clock, Node, SystemClock};
use polder_federation_tests::http::{partners, region_of};
use polder_federation_tests::people;
use polder_model::about::About;
use polder_model::query::Query;
use polder_model::reference::Reference;
use polder_model::{Kind, PartnerId, Purpose};
use polder_web::Limits;
use serde_json::{Value, json};

use crate::askers::{Asker, Way};
use crate::random::Random;
use crate::workers::{key, profile};

const ASKERS: usize = 32;
/// Each may learn of 500 workers in a day.
const WORKERS: usize = 480;
const VACANCIES: usize = 5_000;
const QUESTIONS: usize = 200;
/// People, or vacancies, of one answer.
pub const TEN: usize = 10;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(3);
const SHOWN: [Field; 6] = [Field::Title, Field::Description, Field::Skills, Field::OccupationsWanted, Field::Hours, Field::Postcode];

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    People,
    Vacancies,
    VacanciesWithDocuments,
}

/// Questions by skills, to which ten or more are found.
async fn questions(node: &Node, kind: Kind, asker: &Asker) -> Vec<Query> {
    let random = &mut Random::new(5);
    let mut questions = Vec::new();
    for _ in 0..QUESTIONS * 20 {
        let mut request = json!({"kind": kind, "limit": TEN, "skills": []});
        let members = request.as_object_mut().expect("an object");
        let skills: Vec<Value> = (0..4).map(|_| json!({"uri": random.pick(Reference::starter().skills()).uri.as_str()})).collect();
        let distinct = skills.iter().enumerate().filter(|(at, skill)| !skills[..*at].contains(skill)).map(|(_, skill)| skill.clone());
        members.insert("skills".to_owned(), distinct.collect());
        if kind == Kind::SkillOffer {
            members.insert("about".to_owned(), json!(About { kind: Kind::Vacancy, key: "V-1".parse().expect("a key") }));
        }
        let question = node.self_contained(&serde_json::from_value(request).expect("a request")).expect("a question");
        let question = Query { deadline_ms: 10_000, ..question };
        let found = match kind {
            Kind::SkillOffer => asker.people(Way::Direct, &question).await,
            _ => asker.vacancies(Way::Direct, &question, false).await,
        };
        if found == TEN {
            questions.push(question);
        }
        if questions.len() == QUESTIONS {
            break;
        }
    }
    assert!(questions.len() >= 20, "{kind}: {} questions", questions.len());
    questions
}

/// Answers a second, all askers asking for some seconds.
async fn rate(askers: &[Arc<Asker>], questions: &Arc<Vec<Query>>, way: Way, what: What) -> f64 {
    let (began, answered) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let asking = (0..).zip(askers).map(|(number, asker)| {
        let (asker, questions, answered) = (Arc::clone(asker), Arc::clone(questions), Arc::clone(&answered));
        tokio::spawn(async move {
            let mut next = number * 7_usize;
            while began.elapsed() < ROUND {
                let question = &questions[next % questions.len()];
                next += 1;
                let found = match what {
                    What::People => asker.people(way, question).await,
                    What::Vacancies => asker.vacancies(way, question, false).await,
                    What::VacanciesWithDocuments => asker.vacancies(way, question, true).await,
                };
                assert_eq!(found, TEN, "an answer is whole");
                answered.fetch_add(1, Ordering::Relaxed);
            }
        })
    });
    for asked in asking.collect::<Vec<_>>() {
        asked.await.expect("asked");
    }
    answered.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64()
}

async fn fill(node: &Node, recipients: &[&PartnerId]) {
    documents::publish(node, documents::publications(0..VACANCIES, 0)).await;
    for number in 0..WORKERS {
        let worker = people::put(node, &key(number), &profile(number)).await;
        people::give(node, worker, &people::decision(recipients, &SHOWN)).await.expect("given");
    }
}

/// How long a small file of this directory takes to be on disk, in milliseconds.
fn sync(directory: &Path) -> f64 {
    use std::io::Write;
    let mut file = std::fs::File::create(directory.join("sync")).expect("a file");
    let each = (0..50).map(|_| {
        file.write_all(&[7; 4_096]).expect("written");
        let began = Instant::now();
        file.sync_data().expect("synced");
        began.elapsed().as_secs_f64() * 1e3
    });
    median(each.collect())
}

pub async fn measure() -> Value {
    // Beside the program, which stands on a disk; a directory for temporary files may be in memory.
    let directory = tempfile::tempdir_in(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target")).expect("a directory");
    let ids: Vec<String> = (0..=ASKERS).map(|number| format!("kvk:2000{number:04}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut partners = partners(directory.path(), &ids);
    partners.iter_mut().for_each(|partner| partner.member.purposes = Purpose::ALL.to_vec());
    let register = region_of(&partners).register(SystemClock.now());
    let mut home = partners.remove(0);
    let much = 1_000_000;
    home.limits = Limits { peer_requests_per_second: much, peer_questions_per_minute: much, peer_body_kib_per_second: much, ..home.limits };
    let running = home.start(register).await;
    let node = &running.node;
    let ids: Vec<PartnerId> = partners.iter().map(|partner| partner.id.clone()).collect();
    let recipients: Vec<&PartnerId> = ids.iter().collect();
    let began = Instant::now();
    fill(node, &recipients).await;
    println!("{WORKERS} workers with {ASKERS} consents each and {VACANCIES} vacancies in {:.1} s", began.elapsed().as_secs_f64());
    let askers: Vec<Arc<Asker>> = partners.into_iter().map(|partner| Arc::new(Asker::new(node, &home, partner))).collect();
    let about_people = Arc::new(questions(node, Kind::SkillOffer, &askers[0]).await);
    let about_vacancies = Arc::new(questions(node, Kind::Vacancy, &askers[0]).await);
    let synced = sync(directory.path());
    println!("a sync of this disk takes {synced:.2} ms");
    let mut report = json!({"syncMs": synced});
    for way in [Way::Direct, Way::Peer] {
        let mut rates = [Vec::new(), Vec::new(), Vec::new()];
        let before = node.store().written();
        for round in 0..=ROUNDS {
            for (place, (what, questions)) in
                [(What::People, &about_people), (What::Vacancies, &about_vacancies), (What::VacanciesWithDocuments, &about_vacancies)]
                    .into_iter()
                    .enumerate()
            {
                let rate = rate(&askers, questions, way, what).await;
                // The first round warms connections.
                if round > 0 {
                    rates[place].push(rate);
                }
            }
        }
        let after = node.store().written();
        let commits = (after.commits - before.commits).max(1);
        let jobs = (after.jobs - before.jobs) as f64 / commits as f64;
        let each = (after.milliseconds - before.milliseconds) as f64 / commits as f64;
        let [people, named, shown] = rates.map(median);
        println!("{way:?}: {ASKERS} askers, {ROUNDS} rounds of {} s, the median of each", ROUND.as_secs());
        println!("  people      {people:7.0} answers/s (target: at least 200), {jobs:.1} to a transaction of {each:.1} ms");
        println!("  vacancies   {named:7.0} answers/s without documents: {:.2}", people / named);
        println!("  vacancies   {shown:7.0} answers/s with ten documents: {:.2} (target: at least 0.25)", people / shown);
        let figures = json!({"people": people, "vacancies": named, "vacanciesWithDocuments": shown, "answersToATransaction": jobs, "transactionMs": each});
        report[format!("{way:?}").to_lowercase()] = figures;
    }
    running.stop().await;
    report
}
