-- TEXT, BIGINT (counters; microseconds UTC), BOOLEAN and BLOB only: what PostgreSQL calls the same, except BLOB (there BYTEA) and the
-- order of texts (there COLLATE "C"), which is by bytes.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- One row: the number of the latest change.
CREATE TABLE counter (
    id     BIGINT PRIMARY KEY,
    change BIGINT NOT NULL
);
INSERT INTO counter (id, change) VALUES (1, 0);

-- The present state of each offer. A deleted one keeps its row, so that versions go on counting.
CREATE TABLE offers (
    kind        TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    version     BIGINT  NOT NULL,
    deleted     BOOLEAN NOT NULL,
    modified_at BIGINT  NOT NULL,
    change      BIGINT  NOT NULL,
    sha256      TEXT    NOT NULL,
    document    BLOB    NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE UNIQUE INDEX offers_by_change ON offers (change);

-- What happened, in order. A tombstone is a change of a deleted offer.
CREATE TABLE changes (
    change  BIGINT  PRIMARY KEY,
    kind    TEXT    NOT NULL,
    key     TEXT    NOT NULL,
    version BIGINT  NOT NULL,
    deleted BOOLEAN NOT NULL,
    at      BIGINT  NOT NULL
);
