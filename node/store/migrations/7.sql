-- For which offer of its own a partner asks, as it says itself, as JSON (empty: it does not say).
ALTER TABLE requests ADD COLUMN about TEXT NOT NULL DEFAULT '';
ALTER TABLE requests_made ADD COLUMN about TEXT NOT NULL DEFAULT '';

-- Who still has to erase, for somebody who was erased and has a link: each row by a hash of that link and a number, and no name of the worker.
-- What the recipient is owed stands in `tombstones` until it has erased. Until then whoever reads this database can tell which rows may be of one erasure: their tombstones
-- have the same instant (`at`). After that they have a day in common (`until`), and where they lie in the file of the database: rows written together lie together.
-- `kept_until`: until when the recipient keeps a part by law, as it says itself (0: it said that it keeps nothing, or has not erased yet).
CREATE TABLE farewells (
    name       TEXT   PRIMARY KEY,
    recipient  TEXT   NOT NULL,
    tombstone  TEXT   NOT NULL,
    kept_until BIGINT NOT NULL DEFAULT 0,
    until      BIGINT NOT NULL
);
CREATE INDEX farewells_by_end ON farewells (until);
CREATE INDEX farewells_by_tombstone ON farewells (tombstone);

-- How many vacancies and trainings there are: what is left of all offers (`offers`) are skill offers.
ALTER TABLE counter ADD COLUMN vacancies BIGINT NOT NULL DEFAULT 0;
ALTER TABLE counter ADD COLUMN trainings BIGINT NOT NULL DEFAULT 0;
UPDATE counter SET vacancies = (SELECT count(*) FROM offers WHERE kind = 'vacancy' AND NOT deleted),
    trainings = (SELECT count(*) FROM offers WHERE kind = 'training' AND NOT deleted);

-- Systems of this partner that call the node (clients of OAuth). `document`: what is in force of it, as JSON (empty: nothing yet); `proposed`: what waits for
-- a second person (empty: nothing), `proposed_by` whom, called `proposer`; `until`: of what is in force; `ended_at`: when it was ended for good (0: it was not); `people`: whether it ever could get something of people.
CREATE TABLE clients (
    id          TEXT   PRIMARY KEY,
    document    TEXT   NOT NULL DEFAULT '',
    approved_at BIGINT NOT NULL DEFAULT 0,
    until       BIGINT NOT NULL DEFAULT 0,
    proposed    TEXT   NOT NULL DEFAULT '',
    proposed_by TEXT   NOT NULL DEFAULT '',
    proposer    TEXT   NOT NULL DEFAULT '',
    proposed_at BIGINT NOT NULL DEFAULT 0,
    ended_at    BIGINT NOT NULL DEFAULT 0,
    people      BOOLEAN NOT NULL DEFAULT FALSE
);

-- For which organisation an offer is published: the partner itself (empty), or another such as `kvk:12345678`; `?` where nobody has looked yet.
ALTER TABLE offers ADD COLUMN organisation TEXT NOT NULL DEFAULT '?';
CREATE INDEX offers_by_organisation ON offers (kind, organisation, key) WHERE organisation <> '';

-- Who did what with clients. `number` rises in the order of commits.
CREATE TABLE client_changes (
    number BIGINT PRIMARY KEY,
    client TEXT   NOT NULL,
    what   TEXT   NOT NULL,
    who    TEXT   NOT NULL,
    at     BIGINT NOT NULL
);
CREATE INDEX client_changes_by_client ON client_changes (client, number);
ALTER TABLE counter ADD COLUMN clients BIGINT NOT NULL DEFAULT 0;

-- Which client opened an import.
ALTER TABLE imports ADD COLUMN client TEXT NOT NULL DEFAULT 'operator';

-- What may be shown once alone, such as the proof by which a client gets a token, by its digest and until when it could be shown.
CREATE TABLE once (
    digest TEXT   PRIMARY KEY,
    until  BIGINT NOT NULL
);
CREATE INDEX once_by_end ON once (until);

-- As what somebody was seen who was asked something: a line of what a search showed, by which staff recognises them. It goes with the copy that it is of, and by its
-- end (`seen_until`) at the latest; of what is to be erased it stays until that is said to be done.
ALTER TABLE requests_made ADD COLUMN seen_as TEXT NOT NULL DEFAULT '';
ALTER TABLE requests_made ADD COLUMN seen_until BIGINT NOT NULL DEFAULT 0;
CREATE INDEX requests_made_by_seen ON requests_made (seen_until) WHERE seen_as <> '';
ALTER TABLE erasures ADD COLUMN seen_as TEXT NOT NULL DEFAULT '';

-- What was asked of somebody.
CREATE INDEX requests_made_by_key ON requests_made (partner, key);

-- Of workers who were erased, without a name: to whom something of them had left, and on which days first and last (since 1970, UTC). One row for each worker and
-- recipient: by that it is known how many are missing from what is found of an incident. Kept as long as the ledger.
CREATE TABLE erased_from_ledger (
    recipient TEXT   NOT NULL,
    first_day BIGINT NOT NULL,
    last_day  BIGINT NOT NULL
);
CREATE INDEX erased_from_ledger_by_recipient ON erased_from_ledger (recipient, last_day);

-- Which version of the text it is (a URI), and its language; empty where nobody has looked yet.
ALTER TABLE notices ADD COLUMN version TEXT NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN language TEXT NOT NULL DEFAULT '';
CREATE INDEX notices_of_unknown ON notices (sha256) WHERE version = '';
CREATE INDEX notices_by_version ON notices (version, language);

-- What staff did to offers at the desk (`form`, `list` or `delete`): what each is called then, and which of its members became others (parted by spaces).
CREATE TABLE offer_edits (
    kind    TEXT   NOT NULL,
    key     TEXT   NOT NULL,
    version BIGINT NOT NULL,
    way     TEXT   NOT NULL,
    title   TEXT   NOT NULL,
    members TEXT   NOT NULL,
    PRIMARY KEY (kind, key, version)
);
