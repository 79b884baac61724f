//! Histories that were changed, that differ, or that lost something.

use std::sync::Arc;
use std::time::Duration;

use polder_exchange::log::{ExportRefused, LogFailed, LogRow, Pace, is_settled, two_histories};
use polder_federation_tests::leaves::append;
use polder_federation_tests::local::Federation;
use polder_federation_tests::register::{Region, member, message_key};
use polder_trust::log::{Hash, Submission};
use polder_trust::register::Status;

use super::{cosigners, hours, last, note, start, state, wrong};

/// L3: a history that was changed is cosigned by no witness that saw it; what was written past the program is noticed before that, where it does not
/// fit what was signed.
#[tokio::test]
async fn a_changed_history_is_cosigned_by_nobody() {
    for more in [0, 5] {
        let federation = Federation::open(3, start()).await;
        let (node, peers) = (&federation.nodes[0], federation.peers_of(0));
        let rows = append(node, 0..9).await;
        node.tend_log(&peers, Pace::AtOnce).await.expect("tended");
        let seen = last(node).await;
        append(node, 9..9 + more).await;
        let file = federation.directory().join("0.db");
        // One leaf is another one now. The tiles still are what was signed; the row cannot be proved any more.
        sqlite(&file, "UPDATE leaves SET entry = replace(entry, 'kvk:90000002', 'kvk:90000003') WHERE seq = 4").await;
        sqlite(
            &file,
            "UPDATE leaves SET entry = CAST(replace(CAST(entry AS TEXT), 'match-vacancy', 'be-contacted') AS BLOB) WHERE seq = 4",
        )
        .await;
        let refused = node.log_export(rows.clone()).await;
        assert!(matches!(refused, Err(ExportRefused::Log(LogFailed::Damaged(_)))), "{refused:?}");
        // The tiles are made to fit, under what was signed.
        sqlite(&file, "UPDATE log_tiles SET hashes = CAST(zeroblob(length(hashes)) AS BLOB)").await;
        append(node, 100..101).await;
        let refused = node.tend_log(&peers, Pace::AtOnce).await;
        assert!(matches!(refused, Err(LogFailed::Damaged(_))), "{refused:?}");
        // Nothing of what was signed is left: the node signs another history, and nobody cosigns it.
        sqlite(
            &file,
            "DELETE FROM log_tiles; DELETE FROM checkpoints; DELETE FROM leaves WHERE seq > 9 AND seq < (SELECT max(seq) FROM leaves)",
        )
        .await;
        sqlite(&file, "UPDATE leaves SET seq = 10 WHERE seq > 10; UPDATE counter SET leaves = (SELECT count(*) FROM leaves)").await;
        federation.clock.pass(hours(1));
        node.tend_log(&peers, Pace::AtOnce).await.expect("tended");
        let signed = last(node).await;
        assert_eq!((signed.checkpoint().size, cosigners(&signed, node)), (11, 0));
        assert_eq!(state(node).await.cosigned, None);
        for other in &federation.nodes[1..] {
            let known = other.store().witnessed(&signed.checkpoint().origin.to_string()).await.expect("read").expect("witnessed");
            assert_eq!((known.head.size, known.note.as_str()), (10, known.note.as_str()));
            assert_eq!(known.head.root, *seen.checkpoint().root.as_bytes(), "it knows what it saw");
        }
    }
}

async fn sqlite(file: &std::path::Path, sql: &'static str) {
    use sqlx::Connection;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).busy_timeout(Duration::from_secs(5));
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("a connection");
    sqlx::raw_sql(sql).execute(&mut connection).await.expect("done");
    connection.close().await.expect("closed");
}

/// Two checkpoints of as many leaves and another root: the witness keeps both, for people, and cosigns the first alone.
#[tokio::test]
async fn two_histories_are_noticed_and_both_checkpoints_are_evidence() {
    let federation = Federation::open(2, start()).await;
    let (node, witness) = (&federation.nodes[0], &federation.nodes[1]);
    append(node, 0..2).await;
    federation.tend_logs().await;
    let (seen, key) = (last(node).await, message_key(node.home().partner.as_str()));
    let fork = |byte: u8| {
        let other = polder_trust::log::Checkpoint { root: Hash::from_bytes([byte; 32]), ..seen.checkpoint().clone() };
        Submission { old_size: 3, proof: Vec::new(), checkpoint: other.sign(&key) }
    };
    let origin = &seen.checkpoint().origin;
    assert_eq!(witness.log_evidence(origin).await.expect("read"), None);
    for byte in [1, 2] {
        let refused = witness.add_checkpoint(fork(byte).to_string().as_bytes(), &node.home().partner).await;
        assert!(refused.is_err_and(|refused| refused.to_string().contains("another root over 3 leaves")));
        let [known, other] = witness.log_evidence(origin).await.expect("read").expect("evidence").map(|text| note(&text));
        assert_eq!(
            (known.checkpoint(), other.checkpoint()),
            (seen.checkpoint(), fork(1).checkpoint.checkpoint()),
            "the first two are enough"
        );
        for one in [&known, &other] {
            assert_eq!(one.is_signed(&[key.public()]), Ok(true));
        }
    }
    let files: Vec<String> = std::fs::read_dir(federation.directory().join("evidence"))
        .expect("a directory")
        .map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("text"))
        .collect();
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|text| note(text).checkpoint().size == 3), "{files:?}");
    // It still is the witness of what it knew, and its operator sees it in the numbers, and by name.
    append(node, 2..3).await;
    federation.tend_logs().await;
    assert_eq!((witness.logs_with_two_histories(), node.logs_with_two_histories()), (1, 0));
    let found = two_histories(&witness.store().reader()).await.expect("read");
    assert_eq!(found, std::slice::from_ref(origin));
    // Until the stewards have decided.
    assert!(!is_settled(origin, &witness.register()));
    let members = [node, witness].map(|one| member(one.home().partner.as_str())).to_vec();
    let mut region = Region::named(origin.region(), members);
    region.set_status(origin.partner(), Status::Expelled);
    assert!(is_settled(origin, &region.register(start())));
    assert_eq!(cosigners(&last(node).await, node), 1);
}

/// Of two submissions at the same time each is decided on what the other left: never are two roots of one size cosigned.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_histories_at_once_one_is_cosigned() {
    let federation = Federation::open(2, start()).await;
    let (node, witness) = (&federation.nodes[0], Arc::clone(&federation.nodes[1]));
    let (origin, key, from) = (node.log_origin().expect("a log"), message_key(node.home().partner.as_str()), node.home().partner.clone());
    for size in 1..20_u64 {
        let known = witness.store().witnessed(&origin.to_string()).await.expect("read").map_or(0, |known| known.head.size);
        let tries = (1..=8).map(|byte| {
            // From nothing any root follows; later ones need a proof, and have none.
            let checkpoint = polder_trust::log::Checkpoint { origin: origin.clone(), size, root: Hash::from_bytes([byte; 32]) };
            let body = Submission { old_size: known, proof: Vec::new(), checkpoint: checkpoint.sign(&key) }.to_string();
            let (witness, from) = (Arc::clone(&witness), from.clone());
            tokio::spawn(async move { witness.add_checkpoint(body.as_bytes(), &from).await.is_ok() })
        });
        let mut cosigned = 0;
        for one in tries.collect::<Vec<_>>() {
            cosigned += usize::from(one.await.expect("no panic"));
        }
        assert_eq!(cosigned, usize::from(size == 1), "{size}");
    }
}

/// What is in the database of an old backup is shorter than what others have seen.
#[tokio::test]
async fn a_log_that_lost_leaves_is_cosigned_by_nobody() {
    let federation = Federation::open(2, start()).await;
    let (node, peers) = (&federation.nodes[0], federation.peers_of(0));
    append(node, 0..4).await;
    node.tend_log(&peers, Pace::AtOnce).await.expect("tended");
    let file = federation.directory().join("0.db");
    sqlite(&file, "DELETE FROM leaves WHERE seq > 2; DELETE FROM leaf_rows WHERE leaf > 2; DELETE FROM log_tiles; DELETE FROM checkpoints; UPDATE counter SET leaves = 3").await;
    federation.clock.pass(hours(1));
    let found = node.tend_log(&peers, Pace::AtOnce).await.expect("tended");
    assert_eq!((found.leaves, found.signed, found.cosigned), (3, 3, 0));
    // What is written in the place of what was lost is another history.
    append(node, 50..52).await;
    federation.clock.pass(hours(1));
    let found = node.tend_log(&peers, Pace::AtOnce).await.expect("tended");
    assert_eq!((found.signed, found.cosigned), (5, 0));
    let evidence = federation.nodes[1].log_evidence(&node.log_origin().expect("a log")).await.expect("read");
    assert!(evidence.is_some(), "as many leaves, and another root");
}

/// L5: where row and salt are erased the leaf still verifies, and nothing of the row is left.
#[tokio::test]
async fn an_erased_row_verifies_and_says_nothing() {
    let federation = Federation::open(3, start()).await;
    let node = &federation.nodes[0];
    let rows = append(node, 0..3).await;
    federation.tend_logs().await;
    let erased: Vec<LogRow> = rows.iter().map(|row| LogRow { seq: row.seq, text: None }).collect();
    let export = node.log_export(erased).await.expect("proved");
    assert_eq!(wrong(&export, node, 2), [""; 0]);
    let said = serde_json::to_string(&export).expect("JSON");
    for (text, _) in rows.iter().filter_map(|row| row.text.as_ref()) {
        let text = String::from_utf8(text.clone()).expect("text");
        assert!(!said.contains(&text) && text.contains("\"worker\":") && !said.contains("\"worker\":"));
    }
    let (text, salt) = rows[1].text.clone().expect("not erased here");
    assert!(export.rows[1].leaf.is_of(salt, &text), "with its salt it is found at once");
}
