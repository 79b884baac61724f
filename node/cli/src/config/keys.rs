//! Every key of the configuration. The loader and docs/configuration.md are both made from this table.

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// `oin:` and 20 digits or `kvk:` and 8 digits.
    Partner,
    /// Text of 1 to 200 characters.
    Text,
    /// A path; one in the file counts from the file's directory.
    Path,
    /// A path, or the URL of a database.
    Database,
    /// An IP address and a port.
    Address,
    /// An IP address.
    Ip,
    /// `true` or `false`.
    Switch,
    /// 64 hexadecimal digits.
    Fingerprint,
    /// A whole number from the first to the second.
    Number(usize, usize),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A level, or a filter of levels.
    Level,
    /// The address of a collector of traces.
    Collector,
    /// A share: 0 to 1, with at most six decimals.
    Share,
}

impl Takes {
    /// The type as the documentation says it.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Partner => "partner".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Path => "path".to_owned(),
            Self::Database => "path or URL".to_owned(),
            Self::Address => "address and port".to_owned(),
            Self::Ip => "IP address".to_owned(),
            Self::Switch => "true or false".to_owned(),
            Self::Fingerprint => "64 hexadecimal digits".to_owned(),
            Self::Number(least, most) => format!("number, {least} to {most}"),
            Self::Word(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or "),
            Self::Level => "level or filter".to_owned(),
            Self::Collector => "URL".to_owned(),
            Self::Share => "number, 0 to 1".to_owned(),
        }
    }
}

/// One key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// Its path, such as `client.listen`.
    pub path: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What holds where it is not given; empty where it must be given, or where there is nothing then.
    pub default: &'static str,
    /// A value as it stands in the file.
    pub example: &'static str,
    /// What it is for.
    pub says: &'static str,
}

impl Key {
    /// The name in the environment: `POLDER_` and the path with `_`.
    pub(crate) fn environment(&self) -> String {
        environment(self.path)
    }
}

/// The name in the environment of a key.
pub(crate) fn environment(path: &str) -> String {
    format!("POLDER_{}", path.replace('.', "_").to_ascii_uppercase())
}

const fn key(path: &'static str, takes: Takes, default: &'static str, example: &'static str, says: &'static str) -> Key {
    Key { path, takes, default, example, says }
}

/// Connections to one port. All ports together, and connections to other nodes, take a file descriptor each.
const CONNECTIONS: Takes = Takes::Number(10, 100_000);

/// Every key.
pub(crate) const KEYS: [Key; 59] = [
    key("partner", Takes::Partner, "", "\"kvk:12345678\"", "Whose node this is, as the register names it. Must be given."),
    key("name", Takes::Text, "", "\"Voorbeeld BV\"", "The name of that partner. Must be given."),
    key(
        "address",
        Takes::Text,
        "",
        "\"Voorbeeldweg 1, 8200 AA Lelystad\"",
        "Where that partner has its seat: stands in the receipts that workers get of their consents (ISO/IEC TS 27560 wants it). Left out there where it is not given.",
    ),
    key(
        "contact",
        Takes::Text,
        "",
        "\"privacy@voorbeeld.example.nl\"",
        "How people reach that partner about their data, an e-mail address or a page: stands in receipts too. Where it is not given, the address of its client interface in the register does.",
    ),
    key("data", Takes::Path, "", "\"/var/lib/polder\"", "The directory of database, keys and register. Must be given."),
    key(
        "database",
        Takes::Database,
        "<data>/polder.db",
        "\"postgres://polder@db.example.nl/polder\"",
        "The database: a file, or PostgreSQL by its URL, see [scaling](scaling.md).",
    ),
    key(
        "journal",
        Takes::Path,
        "<data>/consent.journal",
        "\"/mnt/other/consent.journal\"",
        "The journal of consents that ended, by which a restored database learns of them; the leaves of the log are kept beside it. Best on another disk than the database; each replica has its own. See [operating](operating.md).",
    ),
    key(
        "database_password_file",
        Takes::Path,
        "",
        "\"/etc/polder/database-password\"",
        "The file that holds the password for PostgreSQL; readable by the node's user alone.",
    ),
    key("client.listen", Takes::Address, "127.0.0.1:8080", "\"127.0.0.1:8080\"", "Where your own systems reach the node."),
    key(
        "client.tls_certificate",
        Takes::Path,
        "",
        "\"/etc/polder/client.pem\"",
        "Certificate chain of that port, in PEM; together with `client.tls_key`.",
    ),
    key(
        "client.tls_key",
        Takes::Path,
        "",
        "\"/etc/polder/client.key\"",
        "Private key of that certificate, in PEM; readable by the node's user alone.",
    ),
    key("client.behind_proxy", Takes::Switch, "false", "true", "A proxy of yours stands before that port and ends TLS."),
    key(
        "peer.listen",
        Takes::Address,
        "0.0.0.0:8443",
        "\"0.0.0.0:8443\"",
        "Where other nodes reach this one. TLS ends in the node itself.",
    ),
    key(
        "peer.call_from",
        Takes::Ip,
        "",
        "\"192.0.2.7\"",
        "The address of this machine from which other nodes are called, where it has several and a firewall goes by it.",
    ),
    key(
        "operator.listen",
        Takes::Address,
        "127.0.0.1:9090",
        "\"127.0.0.1:9090\"",
        "Where `/livez`, `/readyz` and [`/metrics`](metrics.md) are.",
    ),
    key(
        "register.directory",
        Takes::Path,
        "<data>/register",
        "\"/var/lib/polder/register\"",
        "Where the register's files are to begin with: `root.1.json`, `root.2.json` …, `members.json`, `fresh.json`. Newer ones come from other nodes.",
    ),
    key(
        "register.fingerprint",
        Takes::Fingerprint,
        "",
        "\"3f1c… (64 digits)\"",
        "SHA-256 of the first root, as a registrar told it; `polder join` writes it. `serve` needs it.",
    ),
    key(
        "register.freshness_key",
        Takes::Path,
        "",
        "\"/etc/polder/freshness.key\"",
        "The private key with which this node renews the register's freshness, where the region gave it one.",
    ),
    key(
        "witnesses.quorum",
        Takes::Number(0, 63),
        "2",
        "2",
        "How many other partners have to cosign the [log](log.md) of what was done with people's data; fewer, where there are fewer. With `0` none have to.",
    ),
    key(
        "log.level",
        Takes::Level,
        "info",
        "\"info\"",
        "`error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,polder_store=debug`.",
    ),
    key("log.format", Takes::Word(&["text", "json"]), "text", "\"json\"", "How the lines of the log look."),
    key(
        "traces.endpoint",
        Takes::Collector,
        "",
        "\"http://127.0.0.1:4318\"",
        "Where [traces](traces.md) go: a collector that takes OTLP over HTTP. Without a path, `/v1/traces` is meant. None are made where it is not given.",
    ),
    key(
        "traces.token_file",
        Takes::Path,
        "",
        "\"/etc/polder/collector-token\"",
        "The file that holds the token which the collector wants (`Authorization: Bearer`); readable by the node's user alone.",
    ),
    key(
        "traces.share",
        Takes::Share,
        "1",
        "0.1",
        "Which share of all traces is recorded; it holds for traces that others began as well. With `0` none are sent.",
    ),
    key(
        "traces.spans_per_second",
        Takes::Number(10, 100_000),
        "500",
        "500",
        "Spans that are recorded, on average, whoever asks for them. Offers, and each partner, may cause a quarter of them.",
    ),
    key(
        "processing_log.endpoint",
        Takes::Collector,
        "",
        "\"https://logboek.example.nl\"",
        "Where the [processing log](processing-log.md) goes: a collector that takes OTLP over HTTP, `https` unless it is on this machine. Without a path, `/v1/traces` is meant. It is kept in the database alone where this is not given.",
    ),
    key(
        "processing_log.token_file",
        Takes::Path,
        "",
        "\"/etc/polder/logboek-token\"",
        "The file that holds the token which that collector wants (`Authorization: Bearer`); readable by the node's user alone.",
    ),
    key(
        "processing_log.keep_days",
        Takes::Number(7, 3_650),
        "90",
        "90",
        "How long records of the processing log are kept in the database, also those that were sent on.",
    ),
    key(
        "processing_log.keys_days",
        Takes::Number(7, 7_300),
        "731",
        "731",
        "How long a privacy officer can tell whom a record is about, here or at the collector; then the key of its month is deleted. As long as records are kept at least.",
    ),
    key(
        "consent.insecure_worker_tokens",
        Takes::Switch,
        "false",
        "true",
        "Whether `polder consent token` makes tokens that stand for workers, who cannot log in themselves yet. For trying out: whoever has the operator token can then decide in any worker's name. Refused where the client port is not on loopback, or a proxy stands before it.",
    ),
    key(
        "consent.longest_days",
        Takes::Number(1, 365),
        "365",
        "365",
        "Longest life of a consent. What was given before stays as it was given.",
    ),
    key(
        "consent.matching_lease_hours",
        Takes::Number(1, 24),
        "24",
        "24",
        "How long a recipient may use what a question showed it without asking again; holds for consents given from then on.",
    ),
    key(
        "consent.contact_lease_hours",
        Takes::Number(1, 168),
        "168",
        "168",
        "The same for what was shown of one worker, such as contact details.",
    ),
    key(
        "consent.workers_per_day",
        Takes::Number(1, 500),
        "500",
        "500",
        "How many distinct workers of this node one partner may see in a day (UTC).",
    ),
    key(
        "consent.narrow_per_day",
        Takes::Number(1, 100),
        "100",
        "100",
        "How many answers with fewer than five people one partner may get in a day (UTC).",
    ),
    key(
        "consent.late_hours",
        Takes::Number(1, 24),
        "24",
        "24",
        "After how long the log says as an error that a partner has not acknowledged an erasure.",
    ),
    key(
        "consent.overdue_hours",
        Takes::Number(1, 72),
        "72",
        "72",
        "After how long that partner is answered nothing about people any more; not before `consent.late_hours`.",
    ),
    key(
        "consent.remembered_days",
        Takes::Number(400, 3_650),
        "400",
        "400",
        "How long the end of a consent at another partner is remembered, so that a late copy is dropped, and how long a worker sees that a partner has erased: longer than a consent and backups live.",
    ),
    key(
        "consent.ledger_days",
        Takes::Number(400, 7_300),
        "1827",
        "1827",
        "How long the rows that say who saw what of a worker, and what was asked for them, are kept, and what a worker brought along from another node. Their leaves stay in the [log](log.md), without meaning.",
    ),
    key(
        "purposes.match_vacancy",
        Takes::Switch,
        "true",
        "false",
        "Whether the purpose `match-vacancy` is used at all. Without it no consent is given for it, and nothing is asked or answered; what was given can be withdrawn.",
    ),
    key(
        "purposes.be_contacted",
        Takes::Switch,
        "true",
        "false",
        "Whether the purpose `be-contacted` is used at all. Without it no consent is given for it, and nothing is asked or answered; what was given can be withdrawn.",
    ),
    key(
        "purposes.training_advice",
        Takes::Switch,
        "true",
        "false",
        "Whether the purpose `training-advice` is used at all. Without it no consent is given for it, and nothing is asked or answered; what was given can be withdrawn.",
    ),
    key(
        "purposes.application",
        Takes::Switch,
        "true",
        "false",
        "Whether the purpose `application` is used at all. Without it no consent is given for it, and nothing is asked or answered; what was given can be withdrawn.",
    ),
    key(
        "purposes.regional_statistics",
        Takes::Switch,
        "true",
        "false",
        "Whether the purpose `regional-statistics` is used at all. Without it no consent is given for it, and nothing is asked or answered; what was given can be withdrawn.",
    ),
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
        "Requests without a right token from one address; more are refused with 429. A right token is taken all the same.",
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

/// The key with that path.
pub(crate) fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}
