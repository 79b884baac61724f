-- The transaction of FSC in which something was called for (`Fsc-Transaction-Id`; empty: it was not called for through an Inway).
ALTER TABLE processing ADD COLUMN fsc_transaction TEXT NOT NULL DEFAULT '';
ALTER TABLE disclosures ADD COLUMN fsc_transaction TEXT NOT NULL DEFAULT '';

-- Who was given an application that came, by its copy: nobody else has anything of it to erase.
CREATE TABLE application_readers (
    disclosure TEXT NOT NULL,
    client     TEXT NOT NULL,
    PRIMARY KEY (disclosure, client)
);
