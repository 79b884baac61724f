-- People: whose skill offer it is, what they consented to, what left, and what must be erased. Nothing of a worker can be found until a consent says so.
CREATE TABLE workers (
    id         TEXT   PRIMARY KEY,
    offer      TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX workers_by_offer ON workers (offer);

-- A worker, as one recipient knows them. `learnt`: the last day on which something of them left to it (days since 1970, UTC); -1 before the first.
CREATE TABLE handles (
    worker    TEXT   NOT NULL,
    recipient TEXT   NOT NULL,
    handle    TEXT   NOT NULL,
    learnt    BIGINT NOT NULL DEFAULT -1,
    PRIMARY KEY (worker, recipient)
);
CREATE UNIQUE INDEX handles_by_handle ON handles (handle);

-- The texts that workers read, by their SHA-256.
CREATE TABLE notices (
    sha256 TEXT PRIMARY KEY,
    text   BLOB NOT NULL
);

-- Consents, written once. The state follows from the events; `open` only says which are worth looking at: neither ended nor declined.
CREATE TABLE consents (
    id        TEXT    PRIMARY KEY,
    worker    TEXT    NOT NULL,
    purpose   TEXT    NOT NULL,
    recipient TEXT    NOT NULL,
    epoch     BIGINT  NOT NULL,
    fields    BIGINT  NOT NULL,
    until     BIGINT  NOT NULL,
    open      BOOLEAN NOT NULL,
    notice    TEXT    NOT NULL,
    record    BLOB    NOT NULL
);
CREATE INDEX consents_by_notice ON consents (notice);
CREATE UNIQUE INDEX consents_by_line ON consents (worker, purpose, recipient, epoch);
CREATE INDEX consents_by_end ON consents (open, until);

-- `ground`: why the partner ended it, or found that it never held; empty otherwise.
CREATE TABLE consent_events (
    consent TEXT   NOT NULL,
    number  BIGINT NOT NULL,
    what    TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    ground  TEXT   NOT NULL DEFAULT '',
    salt    TEXT   NOT NULL,
    leaf    BIGINT NOT NULL,
    PRIMARY KEY (consent, number)
);

-- Skill offers, cut down to what some recipients may see. `recipients`: their names, each with `@` and the version of the view when it came, where that is not 1. The row of one that nobody may see any more is without a document, and stays for a day at least, until every replica has seen it; one that comes again is another.
CREATE TABLE views (
    id          TEXT    PRIMARY KEY,
    worker      TEXT    NOT NULL,
    purpose     TEXT    NOT NULL,
    fields      BIGINT  NOT NULL,
    version     BIGINT  NOT NULL,
    deleted     BOOLEAN NOT NULL,
    modified_at BIGINT  NOT NULL,
    change      BIGINT  NOT NULL,
    sha256      TEXT    NOT NULL,
    recipients  TEXT    NOT NULL,
    document    BLOB    NOT NULL
);
CREATE UNIQUE INDEX views_by_worker ON views (worker, purpose, fields) WHERE NOT deleted;
CREATE INDEX views_gone ON views (modified_at) WHERE deleted;
CREATE UNIQUE INDEX views_by_change ON views (change);

-- The ledger. A row is committed before its bytes leave. `held`: the epoch under which the recipient holds what is left of the copy.
CREATE TABLE disclosures (
    id        TEXT    PRIMARY KEY,
    worker    TEXT    NOT NULL,
    recipient TEXT    NOT NULL,
    purpose   TEXT    NOT NULL,
    consent   TEXT    NOT NULL,
    epoch     BIGINT  NOT NULL,
    fields    BIGINT  NOT NULL,
    about     TEXT    NOT NULL,
    at        BIGINT  NOT NULL,
    use_until BIGINT  NOT NULL,
    held      BIGINT  NOT NULL,
    erased    BOOLEAN NOT NULL,
    salt      TEXT    NOT NULL,
    leaf      BIGINT  NOT NULL
);
CREATE INDEX disclosures_by_line ON disclosures (worker, recipient, purpose, erased, held);
CREATE INDEX disclosures_by_consent ON disclosures (consent);
CREATE INDEX disclosures_by_time ON disclosures (at);

-- What a partner has learnt in a day (days since 1970, UTC). Kept until the day after.
CREATE TABLE budgets (
    recipient TEXT   NOT NULL,
    day       BIGINT NOT NULL,
    workers   BIGINT NOT NULL,
    narrow    BIGINT NOT NULL,
    PRIMARY KEY (recipient, day)
);

-- Tombstones that are owed, or were acknowledged; these are kept as long as recipients remember ends. `named`: the disclosures that are meant, where a correction is told and no epoch has ended. `retained`: what the recipient keeps by law, as JSON; from `retained_until` on (0: nothing is kept) it is owed again. `worker` is the `id` itself where it is about somebody who is nobody here. `number` rises in the order of commits: a recipient reads on from one.
CREATE TABLE tombstones (
    number          BIGINT  NOT NULL,
    id              TEXT    PRIMARY KEY,
    worker          TEXT    NOT NULL,
    recipient       TEXT    NOT NULL,
    handle          TEXT    NOT NULL,
    purpose         TEXT    NOT NULL,
    epoch           BIGINT  NOT NULL,
    fields          BIGINT  NOT NULL,
    at              BIGINT  NOT NULL,
    done            BOOLEAN NOT NULL,
    acknowledged_at BIGINT  NOT NULL,
    acknowledgement TEXT    NOT NULL,
    named           TEXT    NOT NULL DEFAULT '',
    retained        TEXT    NOT NULL DEFAULT '',
    retained_until  BIGINT  NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX tombstones_by_number ON tombstones (recipient, number);
CREATE INDEX tombstones_by_recipient ON tombstones (recipient, done, number);
CREATE INDEX tombstones_by_line ON tombstones (worker, recipient, purpose, epoch);
CREATE INDEX tombstones_by_end ON tombstones (acknowledged_at) WHERE done;
CREATE INDEX tombstones_by_age ON tombstones (recipient, at) WHERE NOT done;
CREATE INDEX tombstones_of_nobody ON tombstones (at) WHERE worker = id;
CREATE INDEX tombstones_retained ON tombstones (retained_until) WHERE retained_until > 0;
-- The last number of a tombstone for each recipient: one count for all would say which tombstones of two recipients were written one after the other.
CREATE TABLE tombstone_numbers (
    recipient TEXT   PRIMARY KEY,
    number    BIGINT NOT NULL
);

-- What this node received of people at other partners: not what was in it, but that it came, to which client (empty: it is not known which), until when.
CREATE TABLE copies (
    disclosure TEXT    PRIMARY KEY,
    source     TEXT    NOT NULL,
    handle     TEXT    NOT NULL,
    purpose    TEXT    NOT NULL,
    epoch      BIGINT  NOT NULL,
    fields     BIGINT  NOT NULL,
    client     TEXT    NOT NULL,
    at         BIGINT  NOT NULL,
    use_until  BIGINT  NOT NULL,
    about      TEXT    NOT NULL
);
CREATE INDEX copies_by_handle ON copies (source, handle, purpose, epoch);
CREATE INDEX copies_by_end ON copies (use_until);

-- Epochs that have ended at their sources. Kept for 400 days at least, so that a late copy dies when it comes.
CREATE TABLE ended (
    source  TEXT   NOT NULL,
    handle  TEXT   NOT NULL,
    purpose TEXT   NOT NULL,
    epoch   BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (source, handle, purpose)
);

-- Copies that were corrected at their sources: one that comes late is dropped. Kept as long as any may be used.
CREATE TABLE corrected (
    disclosure TEXT   PRIMARY KEY,
    source     TEXT   NOT NULL,
    at         BIGINT NOT NULL
);

-- What clients are still to erase, and acknowledge. `held`: the fields that the client had. `retained`: what it keeps by law, as JSON; from `retained_until` on (0: nothing is kept) it is to be erased as well.
CREATE TABLE erasures (
    number         BIGINT  PRIMARY KEY,
    client         TEXT    NOT NULL,
    source         TEXT    NOT NULL,
    handle         TEXT    NOT NULL,
    purpose        TEXT    NOT NULL,
    epoch          BIGINT  NOT NULL,
    fields         BIGINT  NOT NULL,
    tombstone      TEXT    NOT NULL,
    at             BIGINT  NOT NULL,
    done           BOOLEAN NOT NULL,
    named          TEXT    NOT NULL DEFAULT '',
    held           BIGINT  NOT NULL,
    retained       TEXT    NOT NULL DEFAULT '',
    retained_until BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX erasures_by_client ON erasures (client, done, number);
CREATE INDEX erasures_by_tombstone ON erasures (tombstone, done);
CREATE INDEX erasures_by_line ON erasures (source, handle, purpose, epoch);
CREATE INDEX erasures_retained ON erasures (retained_until) WHERE retained_until > 0;

-- Questions that this node asked for a worker: whom, which fields, when. Not what was asked. Kept as long as the ledger.
CREATE TABLE asked (
    worker   TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    query    TEXT   NOT NULL,
    purpose  TEXT   NOT NULL,
    partners TEXT   NOT NULL,
    fields   TEXT   NOT NULL,
    PRIMARY KEY (worker, at, query)
);
CREATE INDEX asked_by_time ON asked (at);

-- What partners asked to see of a worker, as the worker sees it. The state follows from the events. `counts`: whether it is one of the few that its asker has; what is asked anew of a worker who moved here is not.
CREATE TABLE requests (
    id          TEXT   PRIMARY KEY,
    worker      TEXT   NOT NULL,
    asker       TEXT   NOT NULL,
    recipient   TEXT   NOT NULL,
    purpose     TEXT   NOT NULL,
    fields      BIGINT NOT NULL,
    assisted_by TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    events      TEXT   NOT NULL,
    counts      BOOLEAN NOT NULL
);
CREATE INDEX requests_by_line ON requests (worker, purpose, recipient);
CREATE INDEX requests_by_asker ON requests (worker, asker, at);
-- How many requests a partner made in a day (days since 1970, UTC): written by each of them, whatever becomes of it.
CREATE TABLE requests_of_day (
    asker    TEXT   NOT NULL,
    day      BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    PRIMARY KEY (asker, day)
);
-- What systems of this node asked for, here and at other partners.
CREATE TABLE requests_made (
    id        TEXT   PRIMARY KEY,
    client    TEXT   NOT NULL,
    partner   TEXT   NOT NULL,
    key       TEXT   NOT NULL,
    recipient TEXT   NOT NULL,
    purpose   TEXT   NOT NULL,
    fields    BIGINT NOT NULL,
    at        BIGINT NOT NULL
);

-- What workers brought along from another node, to the letter; each export is taken in once. Kept as long as the ledger.
CREATE TABLE histories (
    export TEXT   PRIMARY KEY,
    worker TEXT   NOT NULL,
    source TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    text   TEXT   NOT NULL
);
CREATE INDEX histories_by_worker ON histories (worker, at);
CREATE INDEX histories_by_time ON histories (at);

-- What recipients say that they hold of a worker who asked: since when each is asked, and when it was the last time (0: not yet); when it answered (0: not yet) and what, or why it did not.
CREATE TABLE holdings (
    worker      TEXT   NOT NULL,
    recipient   TEXT   NOT NULL,
    since       BIGINT NOT NULL,
    tried_at    BIGINT NOT NULL,
    answered_at BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    answer      TEXT   NOT NULL,
    PRIMARY KEY (worker, recipient)
);
CREATE INDEX holdings_by_answer ON holdings (answered_at, recipient, tried_at);

-- The log: one leaf for each grant, withdrawal, disclosure and version of the register, as its bytes. No personal data; no number is left out.
CREATE TABLE leaves (
    seq   BIGINT PRIMARY KEY,
    entry BLOB   NOT NULL
);
-- The rows of leaves that have no other table: versions of the register, and ends of consents by their date.
CREATE TABLE leaf_rows (
    leaf BIGINT PRIMARY KEY,
    salt TEXT   NOT NULL,
    row  BLOB   NOT NULL
);
CREATE INDEX leaf_rows_by_row ON leaf_rows (row);
-- What proofs are made of: at most 256 hashes of 32 bytes, of leaves (level 0) or of whole subtrees of 256, 65,536 … leaves. A tile only grows.
CREATE TABLE log_tiles (
    level  BIGINT NOT NULL,
    number BIGINT NOT NULL,
    hashes BLOB   NOT NULL,
    PRIMARY KEY (level, number)
);
-- What this node signed of its log, with the cosignatures that came; since when enough witnesses have cosigned it, as of their last (0: not yet).
CREATE TABLE checkpoints (
    size        BIGINT PRIMARY KEY,
    at          BIGINT NOT NULL,
    note        TEXT   NOT NULL,
    cosigned_at BIGINT NOT NULL
);
CREATE INDEX checkpoints_by_quorum ON checkpoints (cosigned_at, size);
-- The last checkpoint of each log of another partner that this node cosigned.
CREATE TABLE witnessed (
    origin TEXT   PRIMARY KEY,
    size   BIGINT NOT NULL,
    root   BLOB   NOT NULL,
    at     BIGINT NOT NULL,
    note   TEXT   NOT NULL
);

-- The processing log: one record for each person and action. `subject` is sealed under the key of its month; `number` rises in the order of commits.
CREATE TABLE processing (
    number       BIGINT PRIMARY KEY,
    trace        TEXT   NOT NULL,
    span         TEXT   NOT NULL,
    parent       TEXT   NOT NULL,
    action       TEXT   NOT NULL,
    status       TEXT   NOT NULL,
    activity     TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    processor    TEXT   NOT NULL,
    began_at     BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL,
    version      TEXT   NOT NULL
);
CREATE INDEX processing_by_end ON processing (ended_at);
-- The keys of the months (`202611`). Without its key nobody can tell whom a record is about.
CREATE TABLE processing_keys (
    month TEXT PRIMARY KEY,
    key   TEXT NOT NULL
);

ALTER TABLE counter ADD COLUMN processing BIGINT NOT NULL DEFAULT 0;
ALTER TABLE counter ADD COLUMN views BIGINT NOT NULL DEFAULT 0;
ALTER TABLE counter ADD COLUMN leaves BIGINT NOT NULL DEFAULT 0;
ALTER TABLE counter ADD COLUMN erasures BIGINT NOT NULL DEFAULT 0;

-- How many commits the database has made. A journal beside it notes it now and then: where it noted more, the database went back.
ALTER TABLE counter ADD COLUMN commits BIGINT NOT NULL DEFAULT 0;
-- The number of the latest end in each journal that this database has seen.
CREATE TABLE journals (
    name TEXT   PRIMARY KEY,
    seen BIGINT NOT NULL
);
-- Epochs that are known to have ended from elsewhere than the consents here: from a journal, or from the recipient. Consents go on after them.
CREATE TABLE lines (
    worker    TEXT   NOT NULL,
    purpose   TEXT   NOT NULL,
    recipient TEXT   NOT NULL,
    epoch     BIGINT NOT NULL,
    PRIMARY KEY (worker, purpose, recipient)
);
