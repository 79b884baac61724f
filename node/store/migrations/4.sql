-- How many offers there are, so that their bound costs no counting.
ALTER TABLE counter ADD COLUMN offers BIGINT NOT NULL DEFAULT 0;
UPDATE counter SET offers = (SELECT count(*) FROM offers WHERE NOT deleted);
