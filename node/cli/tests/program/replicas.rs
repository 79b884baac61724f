//! Two processes of one node on one database of PostgreSQL: what one acknowledged the other knows, and either may be killed.

use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};

use crate::support::command::{code, err};
use crate::support::node::{Http, Import, free, plain_http};
use crate::support::region::Region;
use crate::support::running::Running;
use crate::support::setup::Setup;

/// A schema of its own on the server of tests/postgres; its address.
async fn database() -> String {
    let server = std::env::var("POLDER_TEST_POSTGRES")
        .expect("POLDER_TEST_POSTGRES is not set: this test needs a PostgreSQL server. Run tests/run, or: tests/postgres tests/programs");
    let name = format!("replicas_{}_{}", std::process::id(), free().port());
    let mut connection = PgConnection::connect(&server).await.expect("a connection");
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {name}"))).execute(&mut connection).await.expect("a schema");
    format!("{server}&options=-csearch_path%3D{name}")
}

/// One node: its keys and register, and the database that its replicas share.
struct Node {
    setup: Setup,
    database: String,
}

impl Node {
    async fn new() -> Self {
        let setup = Setup::new(free(), &[], |_| {});
        let password = setup.path("password");
        std::fs::write(&password, "not asked for here\n").expect("written");
        std::fs::set_permissions(&password, std::fs::Permissions::from_mode(0o600)).expect("a mode");
        Self { setup, database: database().await }
    }

    async fn start(&self, name: &str) -> Replica {
        let client = free();
        let log = self.setup.path(&format!("{name}.log"));
        let mut command = self.setup.serve();
        command.stderr(std::fs::File::create(&log).expect("a log"));
        command.env("POLDER_JOURNAL", self.setup.path(&format!("{name}.journal")));
        command.env("POLDER_DATABASE", &self.database).env("POLDER_DATABASE_PASSWORD_FILE", self.setup.path("password"));
        command.env("POLDER_CLIENT_LISTEN", client.to_string()).env("POLDER_PEER_LISTEN", free().to_string());
        command.env("POLDER_LOG_LEVEL", "info,polder_exchange::duties=debug");
        let operator = free();
        command.env("POLDER_OPERATOR_LISTEN", operator.to_string());
        let http = Http::of(client, &self.setup.path("operator-token"));
        let replica = Replica { process: Running::start(&mut command), http, operator };
        let began = Instant::now();
        while tokio::net::TcpStream::connect(client).await.is_err() {
            assert!(began.elapsed() < Duration::from_secs(30), "{}", std::fs::read_to_string(&log).unwrap_or_default());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        replica
    }
}

struct Replica {
    process: Running,
    http: Http,
    operator: std::net::SocketAddr,
}

impl Replica {
    /// What `/readyz` says. However the database is, it says so at once.
    async fn ready(&self) -> (u16, String) {
        let asked = plain_http().get(format!("http://{}/readyz", self.operator)).timeout(Duration::from_secs(2)).send();
        let reply = asked.await.expect("a response in time");
        (reply.status().as_u16(), reply.text().await.expect("text"))
    }

    /// Waits until it says that.
    async fn comes_to_say(&self, status: u16) -> String {
        let began = Instant::now();
        loop {
            let (found, says) = self.ready().await;
            if found == status {
                return says;
            }
            assert!(began.elapsed() < Duration::from_secs(15), "{found}: {says}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Http {
    async fn delete(&self, key: &str) -> u16 {
        let request = self.request(reqwest::Method::DELETE, &format!("/v1/vacancies/{key}"));
        request.send().await.expect("a response").status().as_u16()
    }

    async fn title(&self, key: &str) -> Option<String> {
        let response = self.request(reqwest::Method::GET, &format!("/v1/vacancies/{key}")).send().await.expect("a response");
        let document: serde_json::Value = response.json().await.expect("JSON");
        document["title"].as_str().filter(|_| document.get("employer").is_some()).map(str::to_owned)
    }

    /// The keys of the vacancies that a query for those words finds.
    async fn found(&self, text: &str) -> reqwest::Result<Vec<String>> {
        let query = serde_json::json!({"kind": "vacancy", "text": text, "limit": 100});
        let response = self.request(reqwest::Method::POST, "/v1/queries").json(&query).send().await?;
        let result: serde_json::Value = response.json().await?;
        assert_eq!(result["missing"], serde_json::json!([]), "{result}");
        Ok(result["hits"].as_array().expect("hits").iter().map(|hit| hit["key"].as_str().expect("a key").to_owned()).collect())
    }
}

#[tokio::test]
async fn a_node_joins_on_a_database_that_was_only_just_made() {
    let region = Region::with(&["a"]);
    let on = |database: &str| format!("database = \"{database}\"\n\n[client]");
    let without = region.change("a/polder.toml", "[client]", &on(&database().await));
    let joined = region.join("a");
    assert_eq!(code(&joined), 0, "{}", err(&joined));
    // One that has joined moves to another: doctor looks before its first start there. The server does not sync, which is worth a warning.
    let joined = std::fs::read_to_string(region.path("a/polder.toml")).expect("a file");
    let fingerprint = joined.lines().find(|line| line.starts_with("fingerprint")).expect("the fingerprint");
    std::fs::write(region.path("a/polder.toml"), without).expect("written");
    region.change("a/polder.toml", "[register]", &format!("[register]\n{fingerprint}"));
    region.change("a/polder.toml", "[client]", &on(&database().await));
    region.finds(0, "database", "ok", "it is empty; the first start makes its tables");
    region.change("a/polder.toml", "/postgres?host=", "/nowhere?host=");
    region.advises(1, "database", "failure", "database \"nowhere\" does not exist", "createdb makes it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_publish_or_delete_at_one_is_seen_at_the_other_at_once() {
    let node = Node::new().await;
    let (one, other) = tokio::join!(node.start("one"), node.start("other"));
    for number in 0..40 {
        let (writer, reader) = if number % 2 == 0 { (&one.http, &other.http) } else { (&other.http, &one.http) };
        assert_eq!(writer.put("V-1", &format!("Lasser {number}")).await.expect("a response"), 201);
        assert_eq!(reader.found("lasser").await.expect("a response"), ["V-1"], "published at the other one, round {number}");
        assert_eq!(writer.found("lasser").await.expect("a response"), ["V-1"]);
        assert_eq!(reader.title("V-1").await, Some(format!("Lasser {number}")));
        assert_eq!(writer.delete("V-1").await, 204);
        assert_eq!(reader.found("lasser").await.expect("a response"), [""; 0], "deleted at the other one, round {number}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn either_may_be_killed_and_nothing_acknowledged_is_lost() {
    let node = Node::new().await;
    let mut replicas = [node.start("one").await, node.start("other").await];
    let mut acknowledged: HashMap<String, u32> = HashMap::new();
    for round in 0..4_u32 {
        let killed = usize::from(round % 2 == 0);
        // Each replica has clients that write, and one that asks, when it is killed.
        let writers: Vec<_> = (0..8_usize)
            .map(|writer| {
                let http = replicas[writer % 2].http.clone();
                tokio::spawn(async move {
                    let mut done = Vec::new();
                    for number in 0..40 {
                        let key = format!("V-{writer}-{}", number % 20);
                        let count = round * 1_000 + number;
                        match http.put(&key, &format!("Monteur {count}")).await {
                            Ok(200 | 201) => done.push((key, count)),
                            // The one that lives goes on as if nothing had happened.
                            Ok(status) => panic!("status {status}"),
                            Err(_) => break,
                        }
                    }
                    done
                })
            })
            .collect();
        let asking = replicas[killed].http.clone();
        let asker = tokio::spawn(async move { while asking.found("monteur").await.is_ok() {} });
        tokio::time::sleep(Duration::from_millis(200 + 90 * u64::from(round))).await;
        replicas[killed].process.kill();
        for (number, writer) in writers.into_iter().enumerate() {
            let done = writer.await.expect("no panic");
            assert!(number % 2 == killed || done.len() == 40, "the one that lives took everything: {}", done.len());
            acknowledged.extend(done);
        }
        asker.await.expect("it asked until it was killed");
        let living = &replicas[1 - killed].http;
        for (key, count) in &acknowledged {
            let title = living.title(key).await.unwrap_or_else(|| panic!("{key} is lost"));
            let found: u32 = title.trim_start_matches("Monteur ").parse().expect("a number");
            // What was put last, or what was on its way after it.
            assert!(found >= *count, "{key} went back from {count} to {found}");
        }
        replicas[killed] = node.start(if killed == 0 { "one" } else { "other" }).await;
        let (first, second) = (replicas[0].http.found("monteur").await, replicas[1].http.found("monteur").await);
        assert_eq!(first.expect("a response"), second.expect("a response"), "both answer the same");
    }
    assert!(acknowledged.len() > 80, "{} offers were acknowledged", acknowledged.len());
}

/// The replica that removes old imports for all is killed: the next one leaves its lease alone while it runs, and takes it over when it is over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_replica_takes_over_the_lease_of_a_killed_one() {
    let node = Node::new().await;
    let mut database = PgConnection::connect(&node.database).await.expect("a connection");
    // Not there before a replica has made the tables, which it may do while its port is open already.
    let holder = async |database: &mut PgConnection| -> Option<String> {
        let holder = sqlx::query_scalar("SELECT holder FROM leases WHERE name = 'sweep-imports'");
        holder.fetch_optional(database).await.ok().flatten()
    };
    let until = async |database: &mut PgConnection, holds: &dyn Fn(Option<&str>) -> bool| {
        let began = Instant::now();
        loop {
            let found = holder(database).await;
            if holds(found.as_deref()) {
                return found;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "it does not come: {found:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let mut one = node.start("one").await;
    let killed = until(&mut database, &|found| found.is_some()).await;
    one.process.kill();
    let other = node.start("other").await;
    let looks = || std::fs::read_to_string(node.setup.path("other.log")).is_ok_and(|log| log.contains("duty=SweepImports has=false"));
    let began = Instant::now();
    while !looks() {
        assert!(began.elapsed() < Duration::from_secs(30), "it never looks");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(holder(&mut database).await, killed, "the lease still runs");
    // Ten minutes go by.
    let sql = "UPDATE leases SET until = until - 600000000";
    sqlx::raw_sql(sql).execute(&mut database).await.expect("an older lease");
    let third = node.start("third").await;
    until(&mut database, &|found| found.is_some() && found != killed.as_deref()).await;
    drop((other, third));
}

/// A balancer must not send anyone to a node whose database does not answer, and its probes must not wait for that database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_whose_database_does_not_answer_is_not_ready() {
    let node = Node::new().await;
    let replica = node.start("one").await;
    assert_eq!(replica.comes_to_say(200).await, "ready\n");
    let mut beside = PgConnection::connect(&node.database).await.expect("a connection");
    // Nothing is read while this transaction is open.
    sqlx::raw_sql("BEGIN; LOCK TABLE offers, counter, settings").execute(&mut beside).await.expect("locked");
    let says = replica.comes_to_say(503).await;
    assert!(says.starts_with("not ready\nthe database does not answer"), "{says}");
    let probes = futures::future::join_all((0..64).map(|_| replica.ready())).await;
    assert!(probes.iter().all(|(status, _)| *status == 503), "{probes:?}");
    sqlx::raw_sql("ROLLBACK").execute(&mut beside).await.expect("unlocked");
    assert_eq!(replica.comes_to_say(200).await, "ready\n");
}

/// What stands before the replicas: passes connections on to the first that takes them.
async fn balancer(to: Vec<std::net::SocketAddr>) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind(free()).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let to = to.clone();
            tokio::spawn(async move {
                for replica in to {
                    if let Ok(mut server) = tokio::net::TcpStream::connect(replica).await {
                        // Either end may go at any time.
                        let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                        return;
                    }
                }
            });
        }
    });
    address
}

/// The replica that takes an import is killed: the import goes on at the other, without anyone doing anything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_goes_on_at_the_other_replica() {
    const VACANCIES: usize = 12_000;
    let node = Node::new().await;
    let (mut one, other) = tokio::join!(node.start("one"), node.start("other"));
    let address = |replica: &Replica| replica.http.base.trim_start_matches("http://").parse().expect("an address");
    let url = format!("http://{}", balancer(vec![address(&one), address(&other)]).await);
    let mut import = Import::start(node.setup.directory.path(), &url, VACANCIES);
    other.http.first_change().await;
    one.process.kill();
    assert!(import.runs(), "it was not cut off");
    import.ends_well().await;
    other.http.holds_once(VACANCIES).await;
}
