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

-- Whose system saved a search (empty: it is staff's). It is told of what is new by an event.
ALTER TABLE saved_searches ADD COLUMN client TEXT NOT NULL DEFAULT '';

-- Events: what systems of this partner are told of beside changes of offers, with which they share one sequence of numbers (`counter.change`). No event says
-- anything of anybody: `subject` is a number, or the id of a search with names of public offers that it found. `word`: by which an event is known again that has the same number in a restored database. `client`: who alone is
-- told (empty: each that may). `kind`, `key`: the offer that it is about, where it is about one.
CREATE TABLE events (
    change  BIGINT PRIMARY KEY,
    type    TEXT   NOT NULL,
    word    TEXT   NOT NULL,
    client  TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    key     TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX events_by_time ON events (at);
-- The latest event that is kept no more.
ALTER TABLE counter ADD COLUMN events_forgotten BIGINT NOT NULL DEFAULT 0;

-- Webhooks: where systems of this partner are told of events unasked. `types`: of which, parted by spaces (empty: of all that it may be told). `secret`: the number of the
-- secret that signs, which follows from it, from the id and from the key of tokens; `rotated_at`: when the one before was replaced. `position`: the last change that it
-- was told of, or that was passed over; `last_event`: the last that it took. `replayed`: how often it was set back, so that what is on its way then
-- does not count. `failures`, `failing_since`: since it last took something. `outcome`: what the last try came to. `disabled_at`: since when nothing is tried any more.
CREATE TABLE webhooks (
    id            TEXT   PRIMARY KEY,
    client        TEXT   NOT NULL,
    url           TEXT   NOT NULL,
    types         TEXT   NOT NULL,
    secret        BIGINT NOT NULL,
    rotated_at    BIGINT NOT NULL DEFAULT 0,
    made_at       BIGINT NOT NULL,
    position      BIGINT NOT NULL,
    last_event    TEXT   NOT NULL DEFAULT '',
    replayed      BIGINT NOT NULL DEFAULT 0,
    failures      BIGINT NOT NULL DEFAULT 0,
    failing_since BIGINT NOT NULL DEFAULT 0,
    tried_at      BIGINT NOT NULL DEFAULT 0,
    outcome       TEXT   NOT NULL DEFAULT '',
    next_at       BIGINT NOT NULL DEFAULT 0,
    disabled_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX webhooks_by_client ON webhooks (client, id);

-- Course systems that this node reads, by the names that the configuration gives them. `crawl` counts crawls; `state`: how far the one is that is on its way, as JSON
-- (empty: none is); `report`: of the last one that ended, as JSON (empty: none has); `due_at`: when the next one begins (0: at once).
CREATE TABLE syncs (
    name    TEXT   PRIMARY KEY,
    address TEXT   NOT NULL,
    crawl   BIGINT NOT NULL DEFAULT 0,
    state   TEXT   NOT NULL DEFAULT '',
    report  TEXT   NOT NULL DEFAULT '',
    due_at  BIGINT NOT NULL DEFAULT 0
);

-- What such a system has. `seen`: the last crawl that found it; `missed`: how many whole crawls have not, since. `key`: of the training that it becomes, `hash`: of that
-- training as it was published last (empty: it is not; `?`: it may be); `document`: the object itself, where trainings refer to it.
CREATE TABLE sync_objects (
    sync     TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    seen     BIGINT NOT NULL,
    missed   BIGINT NOT NULL DEFAULT 0,
    key      TEXT   NOT NULL DEFAULT '',
    hash     TEXT   NOT NULL DEFAULT '',
    document TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (sync, kind, id)
);
CREATE INDEX sync_objects_by_key ON sync_objects (key);
