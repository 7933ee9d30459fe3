-- What people call groups of buyers by: a JSON list of tags, each once, in the order of the alphabet.
ALTER TABLE buyer ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
-- When he consented; NULL: nobody noted it.
ALTER TABLE buyer ADD COLUMN consent_at BIGINT;
-- The last day (2028-10-31) on which his consent holds; NULL: nobody set an end.
ALTER TABLE buyer ADD COLUMN consent_until TEXT;
