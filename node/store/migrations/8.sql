-- Replies to what systems created under a key of their own (`Idempotency-Key`), sealed; none yet while a request is under way.
CREATE TABLE kept_replies (
    digest  TEXT   NOT NULL PRIMARY KEY,
    client  TEXT   NOT NULL,
    request TEXT   NOT NULL,
    until   BIGINT NOT NULL,
    reply   BLOB   NOT NULL
);
CREATE INDEX kept_replies_by_client ON kept_replies (client);
CREATE INDEX kept_replies_by_end ON kept_replies (until);

-- Offers of systems that are being tried, apart from all others.
CREATE TABLE sandbox_offers (
    client       TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    version      BIGINT  NOT NULL,
    deleted      BOOLEAN NOT NULL,
    modified_at  BIGINT  NOT NULL,
    sha256       TEXT    NOT NULL,
    document     BLOB    NOT NULL,
    organisation TEXT    NOT NULL,
    PRIMARY KEY (client, kind, key)
);
CREATE INDEX sandbox_offers_by_time ON sandbox_offers (modified_at);
