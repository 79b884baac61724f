//! What is said of course systems, held against a node that runs.

use std::time::{Duration, Instant};

use polder_federation_tests::school::{School, course, from};
use polder_web::SyncFrom;
use serde_json::{Value, json};

use super::running::Held;

/// A school of which not all can be mapped, so that a report says whatever it can.
pub(super) async fn school() -> SyncFrom {
    let school = School::new(6, 2);
    school.change("courses", |courses| {
        let mut nameless = course(9);
        nameless["name"] = json!([]);
        courses.push(nameless);
        courses[0]["duration"] = json!("nog niet bekend");
    });
    from(&format!("http://{}", school.listen().await))
}

pub(super) async fn syncs(held: &mut Held) {
    held.call("begin_crawl", "school", &[], "", 202).await;
    let began = Instant::now();
    loop {
        let said: Value = serde_json::from_str(&held.call("get_sync", "school", &[], "", 200).await).expect("JSON");
        if said["report"]["notMapped"].as_array().is_some_and(|all| !all.is_empty()) {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{said}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    held.call("list_syncs", "", &[], "", 200).await;
    held.call("list_syncs", "?x=1", &[], "", 400).await;
    held.call("list_syncs", "", &[("accept", "text/html")], "", 406).await;
    for id in ["get_sync", "begin_crawl"] {
        held.call(id, "other", &[], "", 404).await;
        held.call(id, "school?x=1", &[], "", 400).await;
        held.call(id, "school", &[("accept", "text/html")], "", 406).await;
    }
}
