//! A message counts once, and not for long, whatever clocks do.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use polder_trust::message::{MessageError, REMEMBERED_SECONDS, ReplayCache, Running};

use super::{COVERED, NONCE, Request, at, cache, key, member, now, parameters};

#[test]
fn a_message_is_accepted_once() {
    let key = key();
    let (sender, request, seen) = (member(&key), Request::signed(&key, now()), cache());
    assert!(request.verify(&sender, &seen, now()).is_ok());
    for seconds in [0, 1, 60, 90] {
        assert_eq!(request.verify(&sender, &seen, at(seconds)), Err(MessageError::Replayed), "{seconds}");
    }
    assert_eq!(request.verify(&sender, &seen, at(91)), Err(MessageError::Clock));
    assert!(Request::signed(&key, now()).verify(&sender, &seen, now()).is_ok(), "the same again, signed anew, is another message");
}

#[test]
fn clocks_differ_by_half_a_minute_at_most() {
    let key = key();
    let sender = member(&key);
    let outcome = |made: i64, read: i64| Request::signed(&key, at(made)).verify(&sender, &cache(), at(read)).map(|_| ());
    assert_eq!(outcome(30, 0), Ok(()));
    assert_eq!(outcome(31, 0), Err(MessageError::Clock));
    assert_eq!(outcome(0, 90), Ok(()), "half a minute after it expired");
    assert_eq!(outcome(0, 91), Err(MessageError::Clock));

    let by_hand = |created: i64, expires: i64| {
        let seconds = now().seconds();
        let parameters = parameters(seconds + created, seconds + expires, NONCE, &key);
        Request::by_hand(&key, COVERED, &parameters).verify(&sender, &cache(), now()).map(|_| ())
    };
    assert_eq!(by_hand(0, 60), Ok(()));
    assert_eq!(by_hand(0, 61), Err(MessageError::Clock), "it lives too long");
    assert_eq!(by_hand(-89, 2), Err(MessageError::Clock), "it lives too long");
    assert_eq!(by_hand(0, -1), Err(MessageError::Clock), "it ends before it begins");
    assert_eq!(by_hand(-40, -31), Err(MessageError::Clock), "it expired more than half a minute ago");
    assert_eq!(by_hand(-40, -30), Ok(()));
    assert_eq!(by_hand(31, 40), Err(MessageError::Clock), "it is made in the future");
}

#[test]
fn what_was_made_before_the_start_is_refused() {
    let key = key();
    let sender = member(&key);
    let started = ReplayCache::new(now());
    assert_eq!(Request::signed(&key, at(-1)).verify(&sender, &started, now()), Err(MessageError::BeforeStart { wait: 1 }));
    assert!(Request::signed(&key, now()).verify(&sender, &started, now()).is_ok());
}

/// The clock was ahead when the node started: what is made after it was set right is taken, what may be from before the start is not.
#[test]
fn a_clock_that_is_set_back_after_the_start_shuts_nobody_out() {
    let key = key();
    let (sender, started) = (member(&key), ReplayCache::new(at(3_600)));
    assert!(Request::signed(&key, now()).verify(&sender, &started, now()).is_ok());
    assert_eq!(
        Request::signed(&key, at(-10)).verify(&sender, &started, now()),
        Err(MessageError::BeforeStart { wait: 10 }),
        "it does not run for 10 s"
    );
}

/// A running time that a test sets, in seconds.
fn running() -> (Arc<AtomicU64>, Running) {
    let passed = Arc::new(AtomicU64::new(0));
    let read = Arc::clone(&passed);
    (passed, Arc::new(move || Duration::from_secs(read.load(Ordering::SeqCst))))
}

/// A clock that jumps ahead, so that everything looks expired, and is set right again: what was seen is still known. Nor does one that is set back
/// forget, when its time comes again.
#[test]
fn a_clock_that_jumps_makes_nothing_forgotten() {
    let key = key();
    let (passed, running) = running();
    let (sender, request, seen) = (member(&key), Request::signed(&key, now()), ReplayCache::running(at(-600), 100, running));
    assert!(request.verify(&sender, &seen, now()).is_ok());
    assert!(Request::signed(&key, at(3_000)).verify(&sender, &seen, at(3_000)).is_ok(), "a message made by a clock that is as wrong");
    passed.store(5, Ordering::SeqCst);
    assert_eq!(request.verify(&sender, &seen, at(5)), Err(MessageError::Replayed));
    // Back by ten minutes: not until its time has come again is it past its time.
    passed.store(605, Ordering::SeqCst);
    assert!(Request::signed(&key, at(1)).verify(&sender, &seen, at(5)).is_ok());
    assert_eq!(request.verify(&sender, &seen, at(5)), Err(MessageError::Replayed));
}

#[test]
fn a_full_memory_refuses_and_forgets_what_expired() {
    let (passed, running) = running();
    let seen = ReplayCache::running(at(-600), 3, Arc::clone(&running));
    let expires = at(60).seconds();
    for (key, nonce) in [("k", "a"), ("l", "b"), ("m", "c")] {
        assert_eq!(seen.note(key, nonce, expires, now()), Ok(()));
    }
    assert_eq!(seen.note("n", "d", expires, now()), Err(MessageError::Full));
    assert_eq!(seen.note("k", "a", expires, now()), Err(MessageError::Replayed), "it still knows what it saw");
    // A message may come until half a minute after it expired: until then it is remembered, and longer where the clock has jumped ahead.
    assert_eq!(seen.note("n", "d", expires + 90, at(91)), Err(MessageError::Full));
    assert_eq!(seen.note("k", "a", expires, at(36_000_000)), Err(MessageError::Replayed));
    passed.store(91, Ordering::SeqCst);
    assert_eq!(seen.note("n", "d", expires + 90, at(90)), Err(MessageError::Full));
    assert_eq!(seen.note("k", "a", expires, at(90)), Err(MessageError::Replayed));
    assert_eq!(seen.note("n", "d", expires + 90, at(91)), Ok(()));
    assert_eq!(seen.note("o", "d", expires + 90, at(91)), Ok(()), "a nonce is one of its key");
    assert_eq!(seen.note("n", "d", expires + 90, at(91)), Err(MessageError::Replayed));

    // One key fills an eighth at most: the others have their places.
    let seen = ReplayCache::with_capacity(at(-600), 16);
    assert_eq!(seen.places("k"), (2, 2));
    assert_eq!((seen.note("k", "a", expires, now()), seen.places("k")), (Ok(()), (2, 1)));
    assert_eq!((seen.note("k", "b", expires, now()), seen.places("k")), (Ok(()), (2, 0)));
    assert_eq!(seen.note("k", "c", expires, now()), Err(MessageError::Full));
    assert_eq!(seen.note("l", "c", expires, now()), Ok(()));
    assert_eq!((seen.places("k"), seen.places("l"), seen.places("m")), ((2, 0), (2, 1), (2, 2)));

    // Whoever names a distant expiry does not fill the memory for good.
    passed.store(0, Ordering::SeqCst);
    let seen = ReplayCache::running(at(-600), 1, running);
    assert_eq!((seen.note("k", "a", i64::MAX / 2, now()), seen.places("l")), (Ok(()), (1, 0)));
    let remembered = REMEMBERED_SECONDS.unsigned_abs();
    passed.store(remembered, Ordering::SeqCst);
    assert_eq!(seen.note("k", "b", expires, at(REMEMBERED_SECONDS)), Err(MessageError::Full));
    passed.store(remembered + 1, Ordering::SeqCst);
    assert_eq!(seen.note("k", "b", expires, at(REMEMBERED_SECONDS + 1)), Ok(()));
}

#[test]
fn of_the_same_message_at_once_one_is_accepted() {
    let key = key();
    let (sender, request, seen, accepted) = (member(&key), Request::signed(&key, now()), cache(), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                if request.verify(&sender, &seen, now()).is_ok() {
                    accepted.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(accepted.load(Ordering::SeqCst), 1);
}
