-- Who does a piece of background work until when (microseconds UTC, by the clock of the node).
CREATE TABLE leases (
    name   TEXT   PRIMARY KEY,
    holder TEXT   NOT NULL,
    until  BIGINT NOT NULL
);

-- Signed messages that were taken, until when they must be remembered. Only nodes of several replicas write here; one alone remembers in memory.
CREATE TABLE messages (
    digest TEXT   PRIMARY KEY,
    until  BIGINT NOT NULL
);
CREATE INDEX messages_by_end ON messages (until);
