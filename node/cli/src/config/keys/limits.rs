//! Keys that bound what others can have the node do.

use super::{Key, Takes, key};

/// Connections to one port. All ports together, and connections to other nodes, take a file descriptor each.
const CONNECTIONS: Takes = Takes::Number(10, 100_000);

pub(super) const LIMITS: [Key; 15] = [
    key(
        "limits.offers",
        Takes::Number(1, 10_000_000),
        "100000",
        "100000",
        "Offers of your own, of all kinds together. One that would be one more is refused with 409; those that are there can be replaced and deleted.",
    ),
    key(
        "limits.queries_at_once",
        Takes::Number(1, 10_000),
        "64",
        "64",
        "Questions of your own systems on their way at the same time; more are refused with 503.",
    ),
    key("limits.client_connections", CONNECTIONS, "1000", "1000", "Open connections to the port for your own systems."),
    key(
        "limits.client_idle_seconds",
        Takes::Number(5, 3_600),
        "60",
        "60",
        "A connection of your own systems on which nothing is asked is closed after this.",
    ),
    key(
        "limits.client_requests_per_second",
        Takes::Number(1, 1_000_000),
        "5000",
        "5000",
        "Requests of one client, on average over 10 s; more are refused with 429.",
    ),
    key(
        "limits.client_questions_per_minute",
        Takes::Number(1, 1_000_000),
        "6000",
        "6000",
        "Questions of one client; more are refused with 429.",
    ),
    key(
        "limits.client_body_kib_per_second",
        Takes::Number(1, 4_194_304),
        "65536",
        "65536",
        "KiB that one client sends, on average over 10 s; whoever sent more waits, with 429.",
    ),
    key(
        "limits.client_failed_tries_per_minute",
        Takes::Number(1, 1_000_000),
        "60",
        "60",
        "Requests without a right token from one address; more are refused with 429. A right token is taken all the same. At each door of the pages as many steps of log-ins that come to nothing: a beginning is one, and so is a coming back.",
    ),
    key("limits.peer_connections", CONNECTIONS, "2000", "2000", "Open connections to the port for other nodes."),
    key(
        "limits.peer_connections_per_partner",
        Takes::Number(1, 1_000),
        "16",
        "16",
        "Of these, of one partner. Each of its replicas needs one, and a second while the first ends.",
    ),
    key(
        "limits.peer_calls_at_once",
        Takes::Number(1, 10_000),
        "128",
        "128",
        "Calls of all partners that are worked on at the same time; more are refused with 503. Register news is not counted.",
    ),
    key(
        "limits.peer_requests_per_second",
        Takes::Number(1, 1_000_000),
        "300",
        "300",
        "Calls of one partner, on average over 10 s; more are refused with 429. Register news is not counted.",
    ),
    key(
        "limits.peer_questions_per_minute",
        Takes::Number(1, 1_000_000),
        "6000",
        "6000",
        "Questions of one partner; more are refused with 429.",
    ),
    key(
        "limits.peer_body_kib_per_second",
        Takes::Number(1, 4_194_304),
        "4096",
        "4096",
        "KiB that one partner sends, on average over 10 s; whoever sent more waits, with 429.",
    ),
    key(
        "limits.connection_seconds",
        Takes::Number(10, 86_400),
        "3600",
        "3600",
        "A connection takes no more requests after this, and up to a tenth more; those on their way are finished first.",
    ),
];
