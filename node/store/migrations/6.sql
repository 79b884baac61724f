-- Rows of the ledger that were lost, and are there again on the word of their recipient alone; and how many of them one partner's word made in a day.
ALTER TABLE disclosures ADD COLUMN said BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE budgets ADD COLUMN said BIGINT NOT NULL DEFAULT 0;

-- What is old is deleted in parts, and found without reading the rest.
CREATE INDEX ended_by_time ON ended (at);
CREATE INDEX corrected_by_time ON corrected (at);
CREATE INDEX erasures_by_time ON erasures (at) WHERE done AND retained_until = 0;
