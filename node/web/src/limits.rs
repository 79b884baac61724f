//! How much a node takes: connections, requests and bytes. `docs/configuration.md` lists what can be set; the rest stands here.

use std::time::Duration;

use crate::quota::Quota;

/// What can be set. Every number is at least 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Offers of this partner, of all kinds together.
    pub offers: u64,
    /// Questions of this partner's own clients that may be on their way at the same time.
    pub queries_at_once: usize,
    /// Open connections to the port for clients.
    pub client_connections: usize,
    /// Seconds after which a connection to that port is closed on which nothing is asked.
    pub client_idle_seconds: u32,
    /// Requests of one client, a second, on average over some seconds.
    pub client_requests_per_second: u32,
    /// Questions of one client, a minute.
    pub client_questions_per_minute: u32,
    /// Bytes of bodies of one client in KiB, a second, on average over some seconds.
    pub client_body_kib_per_second: u32,
    /// Requests without a right token from one address, a minute, that are told what is wrong.
    pub client_failed_tries_per_minute: u32,
    /// Open connections to the port for other nodes.
    pub peer_connections: usize,
    /// Of these, of one partner.
    pub peer_connections_per_partner: usize,
    /// Seconds after which a connection takes no more requests, however busy: those on their way are finished.
    pub connection_seconds: u32,
    /// Calls of all partners that are worked on at the same time, register news apart.
    pub peer_calls_at_once: usize,
    /// Calls of one partner, a second, on average over some seconds.
    pub peer_requests_per_second: u32,
    /// Questions of one partner, a minute.
    pub peer_questions_per_minute: u32,
    /// Bytes of bodies of one partner in KiB, a second, on average over some seconds.
    pub peer_body_kib_per_second: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            offers: 100_000,
            queries_at_once: 64,
            client_connections: 1_000,
            client_idle_seconds: 60,
            client_requests_per_second: 5_000,
            client_questions_per_minute: 6_000,
            client_body_kib_per_second: 65_536,
            client_failed_tries_per_minute: 60,
            peer_connections: 2_000,
            peer_connections_per_partner: 16,
            peer_calls_at_once: 128,
            connection_seconds: 3_600,
            peer_requests_per_second: 300,
            peer_questions_per_minute: 6_000,
            peer_body_kib_per_second: 4_096,
        }
    }
}

impl Limits {
    pub(crate) fn client_idle(&self) -> Duration {
        Duration::from_secs(self.client_idle_seconds.into())
    }

    pub(crate) fn of_client(&self) -> Quota {
        Quota {
            requests_per_second: self.client_requests_per_second,
            questions_per_minute: self.client_questions_per_minute,
            body_kib_per_second: self.client_body_kib_per_second,
        }
    }

    pub(crate) fn of_partner(&self) -> Quota {
        Quota {
            requests_per_second: self.peer_requests_per_second,
            questions_per_minute: self.peer_questions_per_minute,
            body_kib_per_second: self.peer_body_kib_per_second,
        }
    }

    pub(crate) fn connection_age(&self) -> Duration {
        Duration::from_secs(self.connection_seconds.into())
    }
}
