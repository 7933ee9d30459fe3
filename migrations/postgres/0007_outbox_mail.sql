-- A mail's bytes stand beside its row: each try writes the row anew, and would write them with it.
CREATE TABLE outbox_mail (
    outbox_id BIGINT  NOT NULL PRIMARY KEY REFERENCES outbox (id),
    raw       BYTEA   NOT NULL
);
INSERT INTO outbox_mail (outbox_id, raw) SELECT id, raw FROM outbox;
ALTER TABLE outbox DROP COLUMN raw;
