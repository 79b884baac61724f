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

-- Applications that workers of this node sent: to whom, for which vacancy (`title`, `employer`: what was seen of it), what of the profile, and their own words. `epoch`: that of the consent under which it was sent; `disclosure`: the row of the ledger of the copy that is sent or on its way (empty: none yet). `told_at`: when the recipient was last asked what became of it (0: not yet).
CREATE TABLE applications_sent (
    id         TEXT   PRIMARY KEY,
    worker     TEXT   NOT NULL,
    recipient  TEXT   NOT NULL,
    vacancy    TEXT   NOT NULL,
    title      TEXT   NOT NULL,
    employer   TEXT   NOT NULL,
    fields     BIGINT NOT NULL,
    motivation TEXT   NOT NULL,
    epoch      BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    disclosure TEXT   NOT NULL DEFAULT '',
    state      TEXT   NOT NULL,
    state_at   BIGINT NOT NULL,
    told_at    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX applications_sent_by_worker ON applications_sent (worker, at);
CREATE INDEX applications_sent_by_state ON applications_sent (state, told_at);

-- Applications that came to this node for vacancies of its partner, each as long as its copy (`copies`) may be used. `number` rises in the order of commits.
CREATE TABLE applications (
    source     TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    disclosure TEXT   NOT NULL,
    vacancy    TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    state      TEXT   NOT NULL,
    state_at   BIGINT NOT NULL,
    document   BLOB   NOT NULL,
    PRIMARY KEY (source, id)
);
CREATE UNIQUE INDEX applications_by_number ON applications (number);
CREATE INDEX applications_by_disclosure ON applications (disclosure);
ALTER TABLE counter ADD COLUMN applications BIGINT NOT NULL DEFAULT 0;

-- For which offers of this partner, and when, whoever is to erase something had it: people who are known by no name here are found again by that.
ALTER TABLE erasures ADD COLUMN looked TEXT NOT NULL DEFAULT '';
CREATE INDEX applications_by_vacancy ON applications (vacancy, number);

-- Searches that staff saved, each of one login. `about`: the vacancy for which people are sought (empty: none are). `secret`: by which what it found is hashed.
-- `used_at`: when its owner was last here; `opened_at`: when they last opened it; `asked_at`: when it was last asked, by whomever (0: not yet); `due_at`: when
-- it is asked next without them (0: never).
CREATE TABLE saved_searches (
    id        TEXT   PRIMARY KEY,
    login     TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    about     TEXT   NOT NULL,
    request   TEXT   NOT NULL,
    secret    TEXT   NOT NULL,
    made_at   BIGINT NOT NULL,
    used_at   BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    asked_at  BIGINT NOT NULL DEFAULT 0,
    due_at    BIGINT NOT NULL
);
CREATE INDEX saved_searches_by_login ON saved_searches (login, name);
CREATE INDEX saved_searches_by_due ON saved_searches (due_at);
CREATE INDEX saved_searches_by_about ON saved_searches (about);
CREATE INDEX saved_searches_by_use ON saved_searches (used_at);

-- What each of them found, by its hash alone, and whether its owner has seen it.
CREATE TABLE saved_found (
    search TEXT    NOT NULL,
    found  TEXT    NOT NULL,
    at     BIGINT  NOT NULL,
    seen   BOOLEAN NOT NULL,
    PRIMARY KEY (search, found)
);
