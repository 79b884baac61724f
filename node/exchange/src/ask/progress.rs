//! What is told of a question on its way to whoever looks on: every word, and of lists the newest alone. Whoever reads slowly holds nothing up, and no more
//! waits for them than one list and two words for each partner.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use polder_model::answer::StreamLine;
use tokio::sync::Notify;

/// Both ends: where it is told, and where it is heard.
#[must_use]
pub fn progress() -> (Teller, Listener) {
    let told = Arc::new(Told::default());
    (Teller(Arc::clone(&told)), Listener(told))
}

#[derive(Default)]
struct Told {
    waiting: Mutex<VecDeque<StreamLine>>,
    news: Notify,
}

/// Where progress is told.
pub struct Teller(Arc<Told>);

/// Where it is heard.
pub struct Listener(Arc<Told>);

impl Teller {
    pub(super) fn tell(&self, line: StreamLine) {
        let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if is_list(&line) {
            waiting.retain(|waits| !is_list(waits));
        }
        waiting.push_back(line);
        self.0.news.notify_one();
    }
}

impl Listener {
    /// The next line, as soon as there is one.
    pub async fn next(&mut self) -> StreamLine {
        loop {
            if let Some(line) = self.waiting() {
                return line;
            }
            self.0.news.notified().await;
        }
    }

    /// The next line, if it is there.
    #[must_use]
    pub fn waiting(&mut self) -> Option<StreamLine> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

const fn is_list(line: &StreamLine) -> bool {
    matches!(line, StreamLine::Hits { .. })
}

#[cfg(test)]
mod tests {
    use polder_model::answer::{Missing, MissingReason};

    use super::*;

    fn word(name: &str) -> StreamLine {
        let partner = "kvk:90000001".parse().expect("a partner");
        StreamLine::Missing(Missing { partner, name: name.to_owned(), reason: MissingReason::Slow })
    }

    fn said(line: Option<StreamLine>) -> String {
        match line {
            Some(StreamLine::Missing(missing)) => missing.name,
            Some(StreamLine::Hits { .. }) => "a list".to_owned(),
            _ => "nothing".to_owned(),
        }
    }

    #[tokio::test]
    async fn of_lists_that_wait_the_newest_stays_and_of_words_each() {
        let (teller, mut listener) = progress();
        for line in [word("one"), StreamLine::Hits { hits: Vec::new() }, word("two"), StreamLine::Hits { hits: Vec::new() }] {
            teller.tell(line);
        }
        let first = listener.next().await;
        let heard = [said(Some(first)), said(listener.waiting()), said(listener.waiting()), said(listener.waiting())];
        assert_eq!(heard, ["one", "two", "a list", "nothing"]);
    }

    #[tokio::test]
    async fn who_listens_is_woken() {
        let (teller, mut listener) = progress();
        let listening = tokio::spawn(async move { said(Some(listener.next().await)) });
        tokio::task::yield_now().await;
        teller.tell(word("late"));
        assert_eq!(listening.await.expect("heard"), "late");
    }
}
