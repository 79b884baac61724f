//! A provider at which somebody who is made up logs in, and their way to a token by which a program acts for them.

use std::net::TcpListener;
use std::path::Path;

use polder_federation_tests::browser::{Browser, SUBSTANTIAL, worker};
use polder_provider::{Client, Provider};
use polder_trust::keys::write_secret;

const NAME: &str = "Anna Voorbeeld";
const ID: &str = "portal";
const SECRET: &str = "the secret of the portal";

/// The provider of one node. It serves for as long as this process lives.
pub struct Logins {
    issuer: String,
    url: String,
}

impl Logins {
    /// For the node whose clients reach it there.
    pub fn at(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let client = Client {
            id: ID.to_owned(),
            secret: SECRET.to_owned(),
            redirect_uri: format!("{url}/portal/login/done"),
            logout_uri: format!("{url}/portal/login/backchannel"),
            name: "Proef BV".to_owned(),
        };
        let provider = Provider { clients: vec![client], people: vec![worker(NAME)] };
        std::thread::spawn(move || {
            runtime().block_on(async {
                provider.serve(listener).expect("a provider");
                std::future::pending::<()>().await;
            });
        });
        Self { issuer, url: url.to_owned() }
    }

    /// What the environment of the node says of it; its secret is in a file of that directory.
    pub fn environment(&self, directory: &Path) -> Vec<(&'static str, String)> {
        let secret = directory.join("portal-secret");
        if !secret.exists() {
            write_secret(&secret, SECRET.as_bytes()).expect("written");
        }
        vec![
            ("POLDER_PAGES_URL", self.url.clone()),
            ("POLDER_PORTAL_ISSUER", self.issuer.clone()),
            ("POLDER_PORTAL_CLIENT_ID", ID.to_owned()),
            ("POLDER_PORTAL_CLIENT_SECRET_FILE", secret.display().to_string()),
            ("POLDER_PORTAL_ALGORITHM", "ES256".to_owned()),
            ("POLDER_PORTAL_LEVELS_TO_GIVE", SUBSTANTIAL.to_owned()),
        ]
    }

    /// Logs in, takes over a profile by its code, and keeps a token in that file.
    pub fn token(&self, code: &str, file: &Path) {
        let (url, code) = (self.url.clone(), code.to_owned());
        let token = std::thread::spawn(move || runtime().block_on(token(&url, &code))).join().expect("a token");
        write_secret(file, token.as_bytes()).expect("written");
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

async fn token(url: &str, code: &str) -> String {
    let mut browser = Browser::new();
    let portal = format!("{url}/portal");
    browser.log_in(&portal, NAME).await;
    let page = browser.open(&format!("{portal}/invitation")).await;
    let taken = browser.post(&page.url, &[("csrf", &page.csrf()), ("code", code)]).await;
    assert!(taken.url.ends_with("/portal/profile"), "{}", taken.html);
    let page = browser.open(&format!("{portal}/programs")).await;
    let made = browser.post(&page.url, &[("csrf", &page.csrf()), ("hours", "1")]).await;
    let token = made.html.split("id=\"token\" readonly value=\"").nth(1).and_then(|rest| rest.split('"').next());
    token.unwrap_or_else(|| panic!("there is no token: {}", made.html)).to_owned()
}
