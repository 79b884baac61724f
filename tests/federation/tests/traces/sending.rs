//! How traces are sent: as the configuration says, and without holding anybody up.

use std::time::{Duration, Instant};

use polder_federation_tests::collector::{Collector, Does, to};
use polder_federation_tests::http::{Client, partners, start_all};
use polder_federation_tests::offers::PARTNERS;

use crate::support::{SPAN, TRACE, ask, metrics, of_the_query, one, question, value};

/// What is sent, where to and with what beside it, the configuration says and not the environment of the process.
#[test]
fn the_environment_has_no_say() {
    const CHILD: &str = "POLDER_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        return runtime.block_on(traces_in_an_environment());
    }
    let name = "sending::the_environment_has_no_say";
    let mut child = std::process::Command::new(std::env::current_exe().expect("this program"));
    child.args(["--exact", name, "--nocapture"]).env(CHILD, "1");
    for (name, value) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:1/v1/traces"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-of-the-environment=1,authorization=Bearer other"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1"),
        ("OTEL_RESOURCE_ATTRIBUTES", "of.the=environment"),
        ("OTEL_SERVICE_NAME", "other"),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "0"),
        ("OTEL_SPAN_LINK_COUNT_LIMIT", "0"),
        ("OTEL_TRACES_SAMPLER", "always_off"),
        ("OTEL_SDK_DISABLED", "true"),
        ("HTTP_PROXY", "http://127.0.0.1:1"),
        ("http_proxy", "http://127.0.0.1:1"),
    ] {
        child.env(name, value);
    }
    let output = child.output().expect("a child");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

async fn traces_in_an_environment() {
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let mut all = partners(directory.path(), &PARTNERS[..1]);
    all[0].traces = collector.all();
    if let Some(to) = &mut all[0].traces {
        to.collector.authorization = Some("Bearer ours".parse().expect("a value"));
    }
    let node = start_all(&mut all).await.pop().expect("a node");
    let result = ask(&node, &question(), &format!("00-{TRACE}-{SPAN}-01")).await;
    node.stop().await;
    let spans = of_the_query(&collector, &result);
    let query = one(&spans, "query", |_| true);
    assert_eq!((query.says("polder.outcome").as_str(), query.links().len()), ("complete", 1));
    let attributes: Vec<&str> = query.resource.iter().map(|attribute| attribute.key.as_str()).collect();
    assert!(!attributes.contains(&"of.the") && attributes.contains(&"polder.partner"), "{attributes:?}");
    for headers in collector.headers() {
        let mut names: Vec<&str> = headers.keys().map(http::HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "authorization", "content-length", "content-type", "host"]);
        assert_eq!(headers["authorization"], "Bearer ours");
    }
}

/// A collector that hangs, or is away, slows no question, and a stop by a second or two; what is lost is counted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_hangs_or_is_away_holds_nobody_up() {
    let hanging = Collector::start(Does::Hang).await;
    let away = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    for traces in [hanging.all(), Some(to(away))] {
        let is_away = traces == Some(to(away));
        let directory = tempfile::tempdir().expect("a directory");
        let mut all = partners(directory.path(), &PARTNERS[..1]);
        all[0].traces = traces;
        let node = start_all(&mut all).await.pop().expect("a node");
        let began = Instant::now();
        for _ in 0..20 {
            assert_eq!(Client::of(&node).query(&question()).await.1["complete"], true);
        }
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        while is_away && failed(&metrics(node.operator).await) < 1.0 {
            assert!(began.elapsed() < Duration::from_secs(20), "what is lost is counted");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let began = Instant::now();
        node.stop().await;
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    }
}

fn failed(text: &str) -> f64 {
    value(text, "polder_spans_total{outcome=\"failed\"}")
}
