//! `polder doctor` looks at the files of secrets that the configuration names.

use crate::doctor::one;

#[test]
fn keys_by_which_the_node_shows_who_it_is_elsewhere_are_no_secret_where_others_can_read_them() {
    let region = one();
    let file = region.path("a/polder.toml");
    let config = std::fs::read_to_string(&file).expect("a configuration");
    let vum = "[vum]\nurl = \"https://vum.example.nl/v3\"\nparty = \"oin:00000001001000000009\"\nown_party = \"oin:00000009876543210000\"\n\
               certificate = \"vum.pem\"\nkey = \"elsewhere.key\"\nroots = \"roots.pem\"\n";
    let sync = "[[sync]]\nname = \"roc\"\nurl = \"https://onderwijs.example.nl\"\n[sync.oauth]\ntoken_url = \"https://onderwijs.example.nl/token\"\n\
                issuer = \"https://onderwijs.example.nl\"\nclient_id = \"a\"\nkey_file = \"elsewhere.key\"\n";
    std::fs::write(region.path("a/elsewhere.key"), "x").expect("written");
    for (more, key) in [(vum, "vum.key"), (sync, "oauth.key_file of [[sync]] roc")] {
        std::fs::write(&file, format!("{config}\n{more}")).expect("written");
        region.mode("a/elsewhere.key", 0o644);
        region.advises(1, "configuration", "failure", key, "chmod 600 ");
        region.mode("a/elsewhere.key", 0o600);
        let (report, _) = region.doctor("a");
        assert!(!report.to_string().contains("elsewhere.key"), "{report:#}");
    }
}

#[test]
fn each_secret_that_is_named_is_there_and_nobody_elses() {
    let region = one();
    let file = region.path("a/polder.toml");
    let config = std::fs::read_to_string(&file).expect("a configuration");
    let login = "[pages]\nurl = \"http://127.0.0.1:1\"\n[DOOR]\nissuer = \"http://127.0.0.1:9\"\nclient_id = \"a\"\nclient_secret_file = \"a-secret\"\n";
    let collector = "endpoint = \"http://127.0.0.1:9\"\ntoken_file = \"a-secret\"\n";
    let cases = [
        ("portal.client_secret_file", login.replace("DOOR", "portal")),
        ("desk.client_secret_file", login.replace("DOOR", "desk")),
        ("traces.token_file", format!("[traces]\n{collector}")),
        ("processing_log.token_file", format!("[processing_log]\n{collector}")),
        ("token_file of [[sync]] roc", "[[sync]]\nname = \"roc\"\nurl = \"http://127.0.0.1:9\"\ntoken_file = \"a-secret\"\n".to_owned()),
    ];
    for (key, more) in cases {
        std::fs::write(&file, format!("{config}\n{more}")).expect("written");
        let _ = std::fs::remove_file(region.path("a/a-secret"));
        region.advises(1, "configuration", "failure", &format!("{key}: "), "write the secret into it");
        std::fs::write(region.path("a/a-secret"), "geheim-van-hier").expect("written");
        region.mode("a/a-secret", 0o640);
        let found = region.finds(1, "configuration", "failure", &format!("{key}: "));
        assert!(found["do"].as_str().is_some_and(|advice| advice.contains("chmod 600 ")), "{key}: {found}");
        region.mode("a/a-secret", 0o600);
        let (report, _) = region.doctor("a");
        let report = report.to_string();
        assert!(!report.contains(key) && !report.contains("geheim-van-hier"), "{key}: {report}");
    }
}
