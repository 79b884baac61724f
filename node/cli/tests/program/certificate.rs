//! A client port with a certificate: the commands of this machine find it by the name that the certificate has.

use std::process::{Command, Output};

use polder_exchange::{Clock, SystemClock};
use polder_trust::keys::Identity;

use crate::support::command;
use crate::support::region::Region;

fn partners(region: &Region, trusts: &str, more: &[&str]) -> Output {
    let mut run = Command::new(env!("CARGO_BIN_EXE_polder"));
    run.current_dir(region.here()).args(["partners", "--config", "a/polder.toml", "--token-file", "a/data/operator-token"]).args(more);
    // A proxy of the machine has nothing to do with it.
    run.env("SSL_CERT_FILE", region.path(trusts))
        .env_remove("SSL_CERT_DIR")
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .env_remove("POLDER_URL");
    run.output().expect("the program")
}

#[test]
fn commands_find_a_node_by_the_name_that_its_certificate_has() {
    let region = Region::with(&["a"]);
    assert_eq!(command::code(&region.join("a")), 0);
    let partner = Region::partner("a").parse().expect("a partner");
    for directory in ["own", "other"] {
        std::fs::create_dir(region.path(directory)).expect("a directory");
        // A name that leads nowhere.
        Identity::create(&region.path(directory), &partner, "knooppunt.polder.invalid", SystemClock.now()).expect("made");
    }
    region.change("a/polder.toml", "# tls_certificate = \"/etc/polder/client.pem\"", "tls_certificate = \"../own/tls.pem\"");
    region.change("a/polder.toml", "# tls_key = \"/etc/polder/client.key\"", "tls_key = \"../own/tls.key\"");
    let _a = region.serve("a");
    let found = partners(&region, "own/tls.pem", &[]);
    assert_eq!(command::code(&found), 0, "{}", command::err(&found));
    // Who is there has to be who the certificate says, as ever.
    let another = partners(&region, "other/tls.pem", &[]);
    assert!(command::code(&another) != 0 && command::err(&another).contains("certificate"), "{}", command::err(&another));
    assert!(command::err(&another).contains("https://knooppunt.polder.invalid:"), "{}", command::err(&another));
    // Whoever names an address gets that one.
    let named = partners(&region, "own/tls.pem", &["--url", "https://127.0.0.1:1"]);
    assert!(command::code(&named) != 0 && command::err(&named).contains("127.0.0.1:1"), "{}", command::err(&named));
}
