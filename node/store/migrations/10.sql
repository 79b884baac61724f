-- What is shown again to whoever has the secret that seals it: a form as far as it was filled in, and what somebody keeps of an erasure. `name` is a hash of the secret; `session` that for which it is (none: of nobody who is here still).
CREATE TABLE sealed_pages (
    name    TEXT   PRIMARY KEY,
    session TEXT   REFERENCES sessions (id) ON DELETE CASCADE,
    sealed  BLOB   NOT NULL,
    until   BIGINT NOT NULL
);
CREATE INDEX sealed_pages_by_session ON sealed_pages (session);
CREATE INDEX sealed_pages_by_end ON sealed_pages (until);

-- Offers of a kind by when they changed last.
CREATE INDEX offers_of_kind_by_change ON offers (kind, change) WHERE NOT deleted;
