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
