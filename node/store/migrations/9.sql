-- The transaction of FSC in which something was called for (`Fsc-Transaction-Id`; empty: it was not called for through an Inway).
ALTER TABLE processing ADD COLUMN fsc_transaction TEXT NOT NULL DEFAULT '';
ALTER TABLE disclosures ADD COLUMN fsc_transaction TEXT NOT NULL DEFAULT '';
