//! The log: what is appended, by whichever replica, stands there once, in the order of commits.

use futures::future::join_all;
use polder_consent::{Leaf, LeafKind, NewLeaf, Salt};
use polder_model::Timestamp;
use polder_store::{KeptCheckpoint, KeptHead, LogState, Store, Tile, Witnessed};

use crate::on_both_engines;
use crate::support::{Engine, Fixture, at, silent};

on_both_engines!(
    a_leaf_is_there_with_what_it_stands_for_or_not_at_all,
    leaves_of_many_have_each_a_number_and_none_is_left_out,
    leaves_are_read_from_any_number,
    leaves_are_found_by_their_numbers,
    a_tile_only_grows,
    a_checkpoint_is_kept_once_and_takes_cosignatures_one_after_the_other,
    the_state_of_a_log_is_that_of_its_last_checkpoints,
    checkpoints_of_long_ago_go_where_a_later_one_is_cosigned,
    of_those_who_witness_at_once_one_goes_forward,
    what_is_remembered_of_a_log_is_replaced_by_who_knows_it,
);

fn leaf(number: u8) -> NewLeaf {
    NewLeaf {
        at: at(i64::from(number)),
        kind: LeafKind::Register,
        recipient: None,
        purpose: None,
        activity: None,
        salt: Salt::from_random([number; 32]),
        row: vec![number],
    }
}

async fn leaves(store: &Store) -> Vec<Leaf> {
    let read = store.leaves(0, 1_000).await.expect("read");
    read.iter().map(|entry| serde_json::from_slice(entry).expect("a leaf")).collect()
}

async fn a_leaf_is_there_with_what_it_stands_for_or_not_at_all(engine: Engine) {
    let Fixture { store, place: _place } = Fixture::new(engine).await;
    assert!(store.replace_setting_logged("a", None, "1", leaf(1)).await.expect("written"));
    assert!(!store.replace_setting_logged("a", None, "2", leaf(2)).await.expect("nothing to do"), "it is set already");
    assert!(store.replace_setting_logged("a", Some("1"), "2", leaf(3)).await.expect("written"));
    assert!(store.replace_setting("a", Some("2"), "3").await.expect("written"));
    assert_eq!(leaves(&store).await, [leaf(1).numbered(0), leaf(3).numbered(1)]);
    assert_eq!(store.log_size().await.expect("read"), 2);
}

async fn leaves_of_many_have_each_a_number_and_none_is_left_out(engine: Engine) {
    let Fixture { store, place } = Fixture::new(engine).await;
    let other = place.open(silent()).await;
    let stores = [&store, &other];
    let names: Vec<String> = (0..100).map(|number| format!("{}", number % 60)).collect();
    let all = names.iter().zip(0..).map(async |(name, number): (&String, u8)| {
        let store = stores[usize::from(number) % 2];
        store.replace_setting_logged(name, None, "1", leaf(number)).await.expect("written")
    });
    let written = join_all(all).await;
    assert_eq!(written.iter().filter(|written| **written).count(), 60);
    let found = leaves(&store).await;
    assert_eq!(found.iter().map(|leaf| leaf.seq).collect::<Vec<_>>(), (0..60).collect::<Vec<_>>());
    let mut rows: Vec<&str> = found.iter().map(|leaf| leaf.row.as_str()).collect();
    rows.sort_unstable();
    let mut appended: Vec<String> =
        (0..100).zip(&written).filter(|(_, done)| **done).map(|(number, _)| leaf(number).numbered(0).row).collect();
    appended.sort_unstable();
    assert_eq!(rows, appended, "those that were replaced, and each once");
}

async fn leaves_are_read_from_any_number(engine: Engine) {
    let Fixture { store, place: _place } = Fixture::new(engine).await;
    for number in 0..5 {
        assert!(store.replace_setting_logged(&number.to_string(), None, "1", leaf(number)).await.expect("written"));
    }
    let read = async |from, limit| store.leaves(from, limit).await.expect("read");
    assert_eq!(read(3, 1_000).await, [leaf(3).numbered(3).bytes(), leaf(4).numbered(4).bytes()]);
    assert_eq!(read(1, 1).await, [leaf(1).numbered(1).bytes()]);
    assert!(read(5, 1_000).await.is_empty() && read(0, 0).await.is_empty());
}

async fn leaves_are_found_by_their_numbers(engine: Engine) {
    let Fixture { store, place: _place } = Fixture::new(engine).await;
    for number in 0..5 {
        assert!(store.replace_setting_logged(&number.to_string(), None, "1", leaf(number)).await.expect("written"));
    }
    let many: Vec<u64> = (3..200).chain([1]).collect();
    let found = store.leaves_numbered(&many).await.expect("read");
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(found[&3], leaf(3).numbered(3).bytes());
    assert!(store.leaves_numbered(&[]).await.expect("read").is_empty());
}

fn checkpoint(size: u64, seconds: i64, note: &str, cosigned_at: Option<i64>) -> KeptCheckpoint {
    KeptCheckpoint { size, at: at(seconds), note: note.to_owned(), cosigned_at: cosigned_at.map(at) }
}

fn tile(level: u8, number: u64, hashes: &[u8]) -> Tile {
    let hashes = hashes.iter().flat_map(|byte| [*byte; 32]).collect();
    Tile { level, number, hashes }
}

async fn a_tile_only_grows(engine: Engine) {
    let Fixture { store, place: _place } = Fixture::new(engine).await;
    let keep = async |size, tiles: &[Tile]| store.keep_checkpoint(checkpoint(size, 0, "n", None), tiles.to_vec()).await.expect("kept");
    let read = async |places: &[(u8, u64)]| {
        let mut found = store.log_tiles(places).await.expect("read");
        found.sort_by_key(|tile| (tile.level, tile.number));
        found
    };
    assert!(keep(2, &[tile(0, 0, &[1, 2]), tile(1, 7, &[9])]).await);
    assert!(keep(3, &[tile(0, 0, &[1, 2, 3]), tile(0, 1, &[4])]).await);
    assert!(!keep(3, &[tile(0, 0, &[1])]).await, "a replica that is behind takes nothing away");
    assert_eq!(read(&[(0, 0), (0, 1), (1, 7), (1, 0)]).await, [tile(0, 0, &[1, 2, 3]), tile(0, 1, &[4]), tile(1, 7, &[9])]);
    let many: Vec<(u8, u64)> = (0..100).map(|number| (0, number)).collect();
    assert_eq!(read(&many).await, [tile(0, 0, &[1, 2, 3]), tile(0, 1, &[4])]);
    assert_eq!(read(&[]).await, []);
}

async fn a_checkpoint_is_kept_once_and_takes_cosignatures_one_after_the_other(engine: Engine) {
    let Fixture { store, place: _place } = Fixture::new(engine).await;
    let state = async || store.reader().log_state().await.expect("read");
    assert!(store.keep_checkpoint(checkpoint(3, 0, "one", None), Vec::new()).await.expect("kept"));
    assert!(!store.keep_checkpoint(checkpoint(3, 9, "two", None), Vec::new()).await.expect("it is there already"));
    assert_eq!(state().await.last, Some(checkpoint(3, 0, "one", None)));
    let replace = async |before, note, cosigned| store.replace_checkpoint(before, checkpoint(3, 0, note, cosigned)).await.expect("written");
    assert!(replace("one", "one, a", None).await);
    assert!(!replace("one", "one, b", Some(5)).await, "another one was sooner");
    assert!(replace("one, a", "one, a, b", Some(5)).await);
    assert_eq!(state().await.cosigned, Some(checkpoint(3, 0, "one, a, b", Some(5))));
    assert!(!store.replace_checkpoint("none", checkpoint(4, 0, "n", None)).await.expect("written"));
}

async fn the_state_of_a_log_is_that_of_its_last_checkpoints(engine: Engine) {
    let Fixture { store, place: _place } = Fixture::new(engine).await;
    let state = async || store.reader().log_state().await.expect("read");
    assert_eq!(state().await, LogState::default());
    for number in 0..3 {
        assert!(store.replace_setting_logged(&number.to_string(), None, "1", leaf(number)).await.expect("written"));
    }
    for (size, seconds, cosigned) in [(0, 1, None), (1, 2, Some(3)), (2, 9, Some(10)), (3, 11, None)] {
        assert!(store.keep_checkpoint(checkpoint(size, seconds, "n", cosigned), Vec::new()).await.expect("kept"));
    }
    let (last, cosigned) = (Some(checkpoint(3, 11, "n", None)), Some(checkpoint(2, 9, "n", Some(10))));
    assert_eq!(state().await, LogState { leaves: 3, first_at: Some(at(1)), last, cosigned });
}

async fn checkpoints_of_long_ago_go_where_a_later_one_is_cosigned(engine: Engine) {
    let Fixture { store, place: _place } = Fixture::new(engine).await;
    let first = async || store.reader().log_state().await.expect("read").first_at;
    let day = 86_400;
    let keep = async |size, days: i64, cosigned| {
        assert!(store.keep_checkpoint(checkpoint(size, days * day, "n", cosigned), Vec::new()).await.expect("kept"));
    };
    keep(1, 0, None).await;
    keep(2, 40, None).await;
    keep(3, 41, None).await;
    assert_eq!(first().await, Some(at(0)), "none was cosigned: since when that is so stays known");
    keep(4, 41, Some(0)).await;
    keep(5, 41, None).await;
    assert_eq!(first().await, Some(at(40 * day)));
}

fn witnessed(size: u64, root: u8, seconds: i64) -> Witnessed {
    Witnessed { head: KeptHead { size, root: [root; 32] }, at: at(seconds), note: format!("{size} {root}") }
}

async fn of_those_who_witness_at_once_one_goes_forward(engine: Engine) {
    let Fixture { store, place } = Fixture::new(engine).await;
    let other = place.open(silent()).await;
    for before in [None, Some(witnessed(1, 0, 0))] {
        if let Some(before) = &before {
            assert!(store.witness("b", None, before.clone()).await.expect("written"));
        }
        let (origin, head) = (if before.is_some() { "b" } else { "a" }, before.map(|before| before.head));
        let all = (1..=40).map(async |root| {
            let store = if root % 2 == 0 { &store } else { &other };
            (root, store.witness(origin, head, witnessed(2, root, 1)).await.expect("written"))
        });
        let won: Vec<u8> = join_all(all).await.into_iter().filter(|(_, written)| *written).map(|(root, _)| root).collect();
        assert_eq!(won.len(), 1, "{origin}: {won:?}");
        assert_eq!(store.witnessed(origin).await.expect("read"), Some(witnessed(2, won[0], 1)));
    }
}

async fn what_is_remembered_of_a_log_is_replaced_by_who_knows_it(engine: Engine) {
    let Fixture { store, place: _place } = Fixture::new(engine).await;
    let head = |size, root| Some(witnessed(size, root, 0).head);
    let witness = async |origin, before, now| store.witness(origin, before, now).await.expect("written");
    assert!(!witness("a", head(0, 0), witnessed(1, 1, 1)).await, "nothing is remembered yet");
    assert!(witness("a", None, witnessed(1, 1, 1)).await);
    assert!(!witness("a", head(1, 2), witnessed(2, 2, 2)).await, "another root");
    assert!(!witness("a", head(2, 1), witnessed(2, 2, 2)).await, "another size");
    assert!(!witness("b", head(1, 1), witnessed(2, 2, 2)).await, "another log");
    assert!(witness("a", head(1, 1), witnessed(1, 1, 5)).await, "the same again, later");
    let at: fn(&Witnessed) -> Timestamp = |witnessed| witnessed.at;
    assert_eq!(store.witnessed("a").await.expect("read").as_ref().map(at), Some(crate::support::at(5)));
    assert!(witness("a", head(1, 1), witnessed(3, 3, 6)).await);
    assert_eq!(store.witnessed("a").await.expect("read"), Some(witnessed(3, 3, 6)));
    assert_eq!(store.witnessed("b").await.expect("read"), None);
}
