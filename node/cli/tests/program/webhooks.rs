//! A webhook leads to `https`: to whom the machine trusts, and to nobody else.

use std::time::{Duration, Instant};

use polder_federation_tests::receiver::Receiver;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::node::{Http, free};
use crate::support::running::Running;
use crate::support::setup::Setup;

/// A node whose machine trusts that certificate, and none but that; a webhook of it; and what became of one event.
async fn told(trusts: &str, receiver: &Receiver) -> (Value, Value) {
    let [client, peer, operator] = [(); 3].map(|()| free());
    let listens = [client, peer, operator].map(|address| address.to_string());
    let ports = ["--client-listen", &listens[0], "--peer-listen", &listens[1], "--operator-listen", &listens[2]];
    let setup = Setup::new(peer, &ports, |_| ());
    std::fs::write(setup.path("trusted.pem"), trusts).expect("written");
    let mut serve = setup.serve();
    serve.env("SSL_CERT_FILE", setup.path("trusted.pem")).env_remove("SSL_CERT_DIR").env("POLDER_WEBHOOKS_HOSTS", "127.0.0.1");
    let _running = Running::start(&mut serve);
    let began = Instant::now();
    while tokio::net::TcpStream::connect(client).await.is_err() {
        assert!(began.elapsed() < Duration::from_secs(20), "it does not start");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let http = Http::of(client, &setup.path("operator-token"));
    let made = http.request(Method::POST, "/v1/webhooks").json(&json!({"url": receiver.url()})).send().await.expect("a response");
    assert_eq!(made.status().as_u16(), 201);
    let made: Value = made.json().await.expect("JSON");
    assert!(http.put("V-1", "Lasser").await.expect("a response") < 300);
    loop {
        let path = format!("/v1/webhooks/{}", made["id"].as_str().expect("an id"));
        let now: Value = http.request(Method::GET, &path).send().await.expect("a response").json().await.expect("JSON");
        if now["outcome"].is_string() {
            return (made, now);
        }
        assert!(began.elapsed() < Duration::from_secs(40), "{now}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_the_machine_trusts_is_told_and_no_other() {
    let (receiver, certificate) = Receiver::start_tls();
    let (made, now) = told(&certificate, &receiver).await;
    assert_eq!((&now["state"], &now["outcome"]), (&json!("active"), &json!("204")), "{now}");
    let heard = receiver.told();
    assert!(heard.len() == 1 && heard[0].is_signed_by(made["secret"].as_str().expect("a secret")), "{heard:?}");
    // Somebody else at the same address.
    let (_other, another) = Receiver::start_tls();
    let (_, now) = told(&another, &receiver).await;
    assert_eq!((&now["state"], &now["outcome"]), (&json!("failing"), &json!("certificate-refused")), "{now}");
    assert_eq!(receiver.told().len(), 1);
}
