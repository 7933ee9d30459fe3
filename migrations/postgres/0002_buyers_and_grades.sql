-- What the trade knows of a buyer. The stage only rises by itself; a person may set it anywhere.
ALTER TABLE buyer ADD COLUMN stage TEXT NOT NULL DEFAULT 'potential';
ALTER TABLE buyer ADD COLUMN stage_suggested TEXT;
ALTER TABLE buyer ADD COLUMN owner TEXT;
ALTER TABLE buyer ADD COLUMN language TEXT;
-- Why we may write newsletters to him, in the company's words; NULL: nobody has said.
ALTER TABLE buyer ADD COLUMN consent TEXT;
-- Who graded him by hand; NULL: the rules did.
ALTER TABLE buyer ADD COLUMN graded_by TEXT;
-- The buyer that he turned out to be; his own row stays, so that a merge can be undone.
ALTER TABLE buyer ADD COLUMN merged_into BIGINT REFERENCES buyer (id);
CREATE INDEX buyer_last_contact ON buyer (last_contact);

-- What else may tell that it is he, apart from his addresses, made comparable.
CREATE TABLE buyer_mark (
    kind     TEXT    NOT NULL CHECK (kind IN ('domain', 'phone', 'person', 'name', 'company')),
    mark     TEXT    NOT NULL,
    buyer_id BIGINT NOT NULL REFERENCES buyer (id),
    PRIMARY KEY (mark, kind, buyer_id)
);
CREATE INDEX buyer_mark_buyer ON buyer_mark (buyer_id);

-- The ledger of a buyer: contacts by any way, quotes, samples, orders, and what people decided about him.
CREATE TABLE buyer_event (
    id          BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    buyer_id    BIGINT NOT NULL REFERENCES buyer (id),
    inquiry_id  BIGINT REFERENCES inquiry (id),
    at          BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    what        TEXT    NOT NULL,
    detail      TEXT    NOT NULL DEFAULT '',
    by_whom     TEXT
);
CREATE INDEX buyer_event_buyer ON buyer_event (buyer_id, at);

-- A new buyer who may be one we know: a person decides.
CREATE TABLE buyer_question (
    id           BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    inquiry_id   BIGINT REFERENCES inquiry (id),
    buyer_id     BIGINT NOT NULL REFERENCES buyer (id),
    candidate_id BIGINT NOT NULL REFERENCES buyer (id),
    reason       TEXT    NOT NULL,
    likeness     BIGINT NOT NULL,
    asked_at     BIGINT NOT NULL,
    answer       TEXT    CHECK (answer IN ('same', 'different')),
    answered_by  TEXT,
    answered_at  BIGINT,
    digest_id    BIGINT,
    UNIQUE (buyer_id, candidate_id)
);
CREATE INDEX buyer_question_open ON buyer_question (id) WHERE answer IS NULL;

-- Two buyers were one; what moved, so that it can move back.
CREATE TABLE buyer_merge (
    id        BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kept      BIGINT NOT NULL REFERENCES buyer (id),
    gone      BIGINT NOT NULL REFERENCES buyer (id),
    at        BIGINT NOT NULL,
    by_whom   TEXT,
    reason    TEXT    NOT NULL,
    moved     TEXT    NOT NULL,
    undone_at BIGINT
);

-- A file of customers that was read in, and what it did to each buyer, so that it can be taken back.
CREATE TABLE buyer_import (
    id        BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    file      TEXT    NOT NULL,
    source    TEXT    NOT NULL,
    at        BIGINT NOT NULL,
    added     BIGINT NOT NULL,
    merged    BIGINT NOT NULL,
    undone_at BIGINT
);
CREATE TABLE buyer_import_change (
    import_id BIGINT NOT NULL REFERENCES buyer_import (id),
    line      BIGINT NOT NULL,
    buyer_id  BIGINT NOT NULL REFERENCES buyer (id),
    -- NULL: the buyer was new; else JSON of what changed on his card, before and after, and of the addresses and marks he
    -- got.
    before    TEXT,
    PRIMARY KEY (import_id, line)
);
-- Taking an import back removes buyers, and each removal asks whether anything still refers to the buyer.
CREATE INDEX buyer_import_change_buyer ON buyer_import_change (buyer_id);
CREATE INDEX buyer_merged_into ON buyer (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX buyer_question_candidate ON buyer_question (candidate_id);
CREATE INDEX buyer_merge_kept ON buyer_merge (kept);
CREATE INDEX buyer_merge_gone ON buyer_merge (gone);
CREATE INDEX mail_buyer ON mail (buyer_id) WHERE buyer_id IS NOT NULL;

-- A person's grade always wins over the rules'; what the rules knew of the writer and of his past is kept for a backtest.
ALTER TABLE inquiry ADD COLUMN hand_grade TEXT CHECK (hand_grade IN ('A', 'B', 'C', 'D'));
ALTER TABLE inquiry ADD COLUMN hand_by TEXT;
ALTER TABLE inquiry ADD COLUMN hand_at BIGINT;
ALTER TABLE inquiry ADD COLUMN writer TEXT NOT NULL DEFAULT '{}';
ALTER TABLE inquiry ADD COLUMN past TEXT NOT NULL DEFAULT '';
CREATE INDEX inquiry_graded_by_hand ON inquiry (id) WHERE hand_grade IS NOT NULL;
