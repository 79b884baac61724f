-- Whose system saved a search (empty: it is staff's). It is told of what is new by an event.
ALTER TABLE saved_searches ADD COLUMN client TEXT NOT NULL DEFAULT '';

-- Events: what systems of this partner are told of beside changes of offers, with which they share one sequence of numbers (`counter.change`). No event says
-- anything of anybody: `subject` is a number, the id of a request, or that of a search with names of public offers that it found. `word`: by which an event is known again that has the same number in a restored database. `client`: who alone is
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
