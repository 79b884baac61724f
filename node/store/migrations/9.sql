-- The transaction of FSC in which something was called for (`Fsc-Transaction-Id`; empty: it was not called for through an Inway).
ALTER TABLE processing ADD COLUMN fsc_transaction TEXT NOT NULL DEFAULT '';
ALTER TABLE disclosures ADD COLUMN fsc_transaction TEXT NOT NULL DEFAULT '';

-- Who was given an application that came, by its copy: nobody else has anything of it to erase.
CREATE TABLE application_readers (
    disclosure TEXT NOT NULL,
    client     TEXT NOT NULL,
    PRIMARY KEY (disclosure, client)
);

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
