-- Rows of the ledger that were lost, and are there again on the word of their recipient alone; and how many of them one partner's word made in a day.
ALTER TABLE disclosures ADD COLUMN said BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE budgets ADD COLUMN said BIGINT NOT NULL DEFAULT 0;

-- What is old is deleted in parts, and found without reading the rest.
CREATE INDEX ended_by_time ON ended (at);
CREATE INDEX corrected_by_time ON corrected (at);
CREATE INDEX erasures_by_time ON erasures (at) WHERE done AND retained_until = 0;

-- Workers who log in: at a provider, under a name that is kept as its hash alone. `offer`: the key of their profile, whether it is written or not.
CREATE TABLE accounts (
    login   TEXT   PRIMARY KEY,
    offer   TEXT   NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_by_offer ON accounts (offer);
CREATE INDEX accounts_by_age ON accounts (seen_at);

-- Codes by which a worker takes over a profile that a system of the partner has put, each by its hash and for one use.
CREATE TABLE invitations (
    code  TEXT   PRIMARY KEY,
    offer TEXT   NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX invitations_by_offer ON invitations (offer);
CREATE INDEX invitations_by_end ON invitations (until);

-- Who is logged in, by the hash of what their browser or program shows. `login`: as in accounts; of staff, who have no account, the same hash.
CREATE TABLE sessions (
    id               TEXT   PRIMARY KEY,
    door             TEXT   NOT NULL,
    login            TEXT   NOT NULL,
    provider         TEXT   NOT NULL,
    provider_session TEXT   NOT NULL,
    level            TEXT   NOT NULL,
    authenticated_at BIGINT NOT NULL,
    roles            TEXT   NOT NULL,
    name             TEXT   NOT NULL,
    began_at         BIGINT NOT NULL,
    seen_at          BIGINT NOT NULL,
    until            BIGINT NOT NULL
);
CREATE INDEX sessions_by_login ON sessions (login);
CREATE INDEX sessions_by_provider ON sessions (provider, provider_session);
CREATE INDEX sessions_by_end ON sessions (until);
