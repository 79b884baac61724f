-- For which offer of its own a partner asks, as it says itself, as JSON (empty: it does not say).
ALTER TABLE requests ADD COLUMN about TEXT NOT NULL DEFAULT '';
ALTER TABLE requests_made ADD COLUMN about TEXT NOT NULL DEFAULT '';

-- Who still has to erase, for somebody who was erased and has a link: each row by a hash of that link and a number, so that nobody else can tell which are of one person.
-- There is no name of the worker; what the recipient is owed stands in `tombstones` until it has erased.
CREATE TABLE farewells (
    name      TEXT   PRIMARY KEY,
    recipient TEXT   NOT NULL,
    tombstone TEXT   NOT NULL,
    until     BIGINT NOT NULL
);
CREATE INDEX farewells_by_end ON farewells (until);

-- How many vacancies and trainings there are: what is left of all offers (`offers`) are skill offers.
ALTER TABLE counter ADD COLUMN vacancies BIGINT NOT NULL DEFAULT 0;
ALTER TABLE counter ADD COLUMN trainings BIGINT NOT NULL DEFAULT 0;
UPDATE counter SET vacancies = (SELECT count(*) FROM offers WHERE kind = 'vacancy' AND NOT deleted),
    trainings = (SELECT count(*) FROM offers WHERE kind = 'training' AND NOT deleted);
