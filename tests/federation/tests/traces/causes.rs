//! Who may cause a trace, how many, and who learns what belongs together.

use std::time::Instant;

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::collector::{Collector, Does};
use polder_federation_tests::http::{Client, partners, start_all};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::{Peer, QUERIES, Shows, query};

use crate::support::{SPAN, TRACE, ask, federation, metrics, named, one, question, stop, value};

/// Without a `traceparent`, or with one that is not of its form, there is nothing to link to; one that says so is not recorded, by anyone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_right_traceparent_is_taken() {
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let (_, nodes) = federation(directory.path(), &collector).await;
    let fine = format!("00-{TRACE}-{SPAN}-01");
    for bad in [fine.to_uppercase(), format!("{fine}-x"), fine.replace("00-", "ff-"), fine.replace(SPAN, &"0".repeat(16)), String::new()] {
        ask(&nodes[0], &question(), &bad).await;
    }
    let twice = Client::of(&nodes[0]).request("POST", "/v1/queries").header("traceparent", &fine).header("traceparent", &fine);
    assert_eq!(twice.json(&question()).send().await.expect("a response").status(), 200);
    assert_eq!(Client::of(&nodes[0]).query(&question()).await.0, 200);
    ask(&nodes[0], &question(), &fine.replace("-01", "-00")).await;
    stop(nodes).await;
    let spans = collector.spans();
    let queries = named(&spans, "query");
    assert_eq!(queries.len(), 7, "all but the one that is not to be recorded");
    assert!(queries.iter().all(|came| came.links().is_empty()), "{queries:?}");
    let mut traces: Vec<String> = queries.iter().map(|came| came.trace()).collect();
    traces.sort_unstable();
    traces.dedup();
    assert_eq!(traces.len(), 7, "each is a trace of its own");
    assert!(queries.iter().all(|came| came.below().is_empty()));
    assert_eq!(named(&spans, "answer").len(), 14);
}

/// Questions that a client asks within one trace of its own are a trace each. The node of its own partner has a link to what the client named; the others
/// are not told, so that they cannot see which questions are of the same one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partners_do_not_learn_which_questions_are_of_one_trace_of_a_client() {
    let directory = tempfile::tempdir().expect("a directory");
    let (home, away) = (Collector::start(Does::Take).await, Collector::start(Does::Take).await);
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    partners[0].traces = home.all();
    partners[1].traces = away.all();
    let nodes = start_all(&mut partners).await;
    for _ in 0..2 {
        assert_eq!(ask(&nodes[0], &question(), &format!("00-{TRACE}-{SPAN}-01")).await["complete"], true);
    }
    stop(nodes).await;
    let spans = home.spans();
    let queries = named(&spans, "query");
    assert_eq!(queries.len(), 2);
    assert!(queries.iter().all(|query| query.links() == [(TRACE.to_owned(), SPAN.to_owned())]), "{queries:?}");
    let mut answers: Vec<String> = named(&away.spans(), "answer").iter().map(|came| came.trace()).collect();
    let mut asked: Vec<String> = queries.iter().map(|came| came.trace()).collect();
    answers.sort_unstable();
    asked.sort_unstable();
    assert_eq!(answers, asked, "each answer is in the trace of its question");
    assert_ne!(asked[0], asked[1]);
    let whole = u128::from_str_radix(TRACE, 16).expect("digits").to_be_bytes();
    assert!(home.bytes().windows(16).any(|bytes| bytes == whole), "that it is told is found so");
    assert!(!away.bytes().windows(16).any(|bytes| bytes == whole));
    assert!(away.spans().iter().all(|came| came.links().is_empty()));
}

/// With a share of nothing, and where traces are off, nothing is sent, and nobody else is made to record.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_share_of_nothing_sends_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    // The one that asks and one that answers record nothing; the third would record what is begun without it.
    for (partner, share) in partners.iter_mut().zip([Some(0), None, Some(1_000_000)]) {
        partner.traces = share.and_then(|share| collector.all().map(|to| polder_web::TracesTo { share_millionths: share, ..to }));
    }
    let nodes = start_all(&mut partners).await;
    for flags in ["00", "01"] {
        assert_eq!(ask(&nodes[0], &question(), &format!("00-{TRACE}-{SPAN}-{flags}")).await["complete"], true);
    }
    assert_eq!(Client::of(&nodes[0]).query(&question()).await.1["complete"], true);
    stop(nodes).await;
    assert_eq!(collector.bytes().len(), 0, "{:?}", collector.spans());
}

/// A partner that has everything recorded gets its quarter of what the node records, in which the node's own questions have their place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_cannot_flood_a_collector() {
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let mut all = partners(directory.path(), &PARTNERS[..2]);
    all[1].traces = collector.all().map(|to| polder_web::TracesTo { spans_per_second: 40, ..to });
    let nodes = start_all(&mut all).await;
    let (key, began) = (all[0].identity.message_key(), Instant::now());
    let peer = Peer::calling(&all[1], &Shows::Certificate(&all[0].identity));
    for number in 0..100 {
        let now = SystemClock.now();
        let body = query(&all[0], now).to_string().into_bytes();
        let mut headers = peer.signed(key, "POST", QUERIES, &body, "find-work", now);
        headers.insert("traceparent", format!("00-{number:032x}-{SPAN}-01").replace("-0000", "-f000").parse().expect("a header"));
        let (status, text) = peer.call("POST", QUERIES, headers, body).await.expect("a response");
        assert_eq!(status, 200, "{text}");
    }
    let took = began.elapsed().as_secs_f64();
    assert_eq!(Client::of(&nodes[1]).query(&question()).await.1["complete"], true);
    let text = metrics(nodes[1].operator).await;
    stop(nodes).await;
    let spans = collector.spans();
    let flood = spans.iter().filter(|came| came.trace().starts_with("f000")).count();
    // A full quarter, what came in meanwhile, and the rest of the last trace.
    assert!(flood > 0 && flood as f64 <= 10.0 + 10.0 * took + 2.0, "{flood} in {took} s");
    assert_eq!(named(&spans, "query").len(), 1, "its own question is recorded");
    assert!(value(&text, "polder_traces_over_limit_total") > 0.0, "{text}");
}

/// Only a message that was verified says below which span its answer is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_does_not_hold_is_in_no_trace() {
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let mut all = partners(directory.path(), &PARTNERS[..2]);
    all[1].traces = collector.all();
    let nodes = start_all(&mut all).await;
    let (key, wrong) = (all[0].identity.message_key(), all[1].identity.message_key());
    let peer = Peer::calling(&all[1], &Shows::Certificate(&all[0].identity));
    for (key, expected) in [(wrong, 401), (key, 200)] {
        let now = SystemClock.now();
        let body = query(&all[0], now).to_string().into_bytes();
        let mut headers = peer.signed(key, "POST", QUERIES, &body, "find-work", now);
        headers.insert("traceparent", format!("00-{TRACE}-{SPAN}-01").parse().expect("a header"));
        assert_eq!(peer.call("POST", QUERIES, headers, body).await.expect("a response").0, expected);
    }
    stop(nodes).await;
    let spans = collector.spans();
    assert_eq!(named(&spans, "answer").len(), 1, "{spans:?}");
    assert_eq!(one(&spans, "answer", |_| true).below(), SPAN);
}
