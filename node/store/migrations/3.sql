-- Imports: many offers in numbered parts, and what became of each line. Kept for some days.
CREATE TABLE imports (
    id        TEXT   PRIMARY KEY,
    kind      TEXT   NOT NULL,
    opened_at BIGINT NOT NULL
);
CREATE INDEX imports_by_age ON imports (opened_at, id);

-- The numbers that are taken, by which bytes. A part is done once every line of it has its verdict.
CREATE TABLE import_parts (
    import     TEXT    NOT NULL,
    part       BIGINT  NOT NULL,
    sha256     TEXT    NOT NULL,
    done       BOOLEAN NOT NULL,
    created    BIGINT  NOT NULL,
    replaced   BIGINT  NOT NULL,
    unchanged  BIGINT  NOT NULL,
    refused    BIGINT  NOT NULL,
    PRIMARY KEY (import, part)
);

-- Verdicts of some lines of a part, as lines of JSON; the first such row of an import has the number 1.
CREATE TABLE import_verdicts (
    import     TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    part       BIGINT NOT NULL,
    after_line BIGINT NOT NULL,
    last_line  BIGINT NOT NULL,
    created    BIGINT NOT NULL,
    replaced   BIGINT NOT NULL,
    unchanged  BIGINT NOT NULL,
    refused    BIGINT NOT NULL,
    verdicts   BLOB   NOT NULL,
    PRIMARY KEY (import, number)
);
CREATE UNIQUE INDEX import_verdicts_by_line ON import_verdicts (import, part, after_line);
