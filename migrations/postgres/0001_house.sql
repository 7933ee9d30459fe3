-- Instants are seconds since 1970-01-01T00:00:00Z. Lists and facts are JSON text.

-- The next numbers. Every transaction that hands out a number updates this row first, so that writers queue here.
CREATE TABLE sequence (
    id      BIGINT  NOT NULL PRIMARY KEY CHECK (id = 1),
    mail    BIGINT  NOT NULL,
    buyer   BIGINT  NOT NULL,
    inquiry BIGINT  NOT NULL,
    digest  BIGINT  NOT NULL
);
INSERT INTO sequence (id, mail, buyer, inquiry, digest) VALUES (1, 0, 0, 0, 0);

CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- How far a folder was taken (IMAP); advanced in the transaction that records the mails.
CREATE TABLE folder_cursor (
    account      TEXT    NOT NULL,
    folder       TEXT    NOT NULL,
    uid_validity BIGINT  NOT NULL,
    last_uid     BIGINT  NOT NULL,
    PRIMARY KEY (account, folder)
);

-- Which files of a folder were taken (Maildir).
CREATE TABLE maildir_file (
    account TEXT NOT NULL,
    folder  TEXT NOT NULL,
    name    TEXT NOT NULL,
    PRIMARY KEY (account, folder, name)
);

CREATE TABLE buyer (
    id            BIGINT  NOT NULL PRIMARY KEY,
    name          TEXT,
    email         TEXT,
    company       TEXT,
    country       TEXT,
    phone         TEXT,
    grade         TEXT,
    source        TEXT    NOT NULL,
    notes         TEXT    NOT NULL DEFAULT '',
    inquiries     BIGINT  NOT NULL DEFAULT 0,
    first_contact BIGINT  NOT NULL,
    last_contact  BIGINT  NOT NULL
);

-- What a buyer is recognised by: mail addresses, and for platforms that hide them `platform/person/company`.
CREATE TABLE buyer_address (
    address  TEXT    NOT NULL PRIMARY KEY,
    buyer_id BIGINT  NOT NULL REFERENCES buyer (id)
);
CREATE INDEX buyer_address_buyer ON buyer_address (buyer_id);

-- Every mail that a folder showed, once.
CREATE TABLE mail (
    id          BIGINT  NOT NULL PRIMARY KEY,
    account     TEXT    NOT NULL,
    identity    TEXT    NOT NULL,
    folder      TEXT    NOT NULL,
    position    TEXT    NOT NULL,
    direction   TEXT    NOT NULL CHECK (direction IN ('in', 'out')),
    message_id  TEXT,
    from_name   TEXT,
    from_email  TEXT,
    subject     TEXT    NOT NULL,
    size        BIGINT  NOT NULL,
    received_at BIGINT  NOT NULL,
    recorded_at BIGINT  NOT NULL,
    kind        TEXT    NOT NULL,
    kind_reason TEXT    NOT NULL,
    automatic   BOOLEAN NOT NULL,
    history     BOOLEAN NOT NULL,
    buyer_id    BIGINT  REFERENCES buyer (id),
    quarantine  TEXT,
    digest_id   BIGINT ,
    UNIQUE (account, identity)
);
CREATE INDEX mail_message_id ON mail (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX mail_undigested ON mail (id) WHERE digest_id IS NULL;

-- What outgoing mail refers to (In-Reply-To, References): ties an answer to its inquiry.
CREATE TABLE mail_reference (
    message_id TEXT    NOT NULL,
    mail_id    BIGINT  NOT NULL REFERENCES mail (id),
    PRIMARY KEY (message_id, mail_id)
);

-- Raw mail, zstd-compressed: stays when the mailbox is emptied.
CREATE TABLE archive (
    mail_id BIGINT  NOT NULL PRIMARY KEY REFERENCES mail (id),
    raw     BYTEA   NOT NULL
);

CREATE TABLE inquiry (
    id          BIGINT  NOT NULL PRIMARY KEY,
    mail_id     BIGINT  NOT NULL UNIQUE REFERENCES mail (id),
    buyer_id    BIGINT  NOT NULL REFERENCES buyer (id),
    known       BOOLEAN NOT NULL,
    matched_by  TEXT,
    relay       TEXT,
    language    TEXT,
    text        TEXT    NOT NULL,
    facts       TEXT    NOT NULL,
    grade       TEXT    NOT NULL CHECK (grade IN ('A', 'B', 'C', 'D')),
    score       BIGINT  NOT NULL,
    reasons     TEXT    NOT NULL,
    risks       TEXT    NOT NULL,
    attachments TEXT    NOT NULL,
    told_at     BIGINT ,
    answered_at BIGINT ,
    answered_by BIGINT  REFERENCES mail (id),
    excuse      TEXT
);
CREATE INDEX inquiry_buyer ON inquiry (buyer_id);
CREATE INDEX inquiry_waiting ON inquiry (id) WHERE answered_at IS NULL AND excuse IS NULL;

-- A reminder was planned: never a second of the same level.
CREATE TABLE reminder (
    inquiry_id BIGINT  NOT NULL REFERENCES inquiry (id),
    level      TEXT    NOT NULL CHECK (level IN ('target', 'limit')),
    planned_at BIGINT  NOT NULL,
    PRIMARY KEY (inquiry_id, level)
);

-- Everything that is sent: one row a mail and recipient, its key says what, for whom and for which period.
CREATE TABLE outbox (
    id            BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key           TEXT    NOT NULL UNIQUE,
    what          TEXT    NOT NULL,
    recipient     TEXT    NOT NULL,
    message_id    TEXT    NOT NULL UNIQUE,
    subject       TEXT    NOT NULL,
    raw           BYTEA   NOT NULL,
    state         TEXT    NOT NULL CHECK (state IN ('planned', 'sending', 'sent', 'refused', 'unknown', 'dropped')),
    attempts      BIGINT  NOT NULL DEFAULT 0,
    created_at    BIGINT  NOT NULL,
    not_before    BIGINT  NOT NULL,
    claimed_by    TEXT,
    claimed_until BIGINT  NOT NULL DEFAULT 0,
    last_error    TEXT,
    finished_at   BIGINT ,
    digest_id     BIGINT 
);
CREATE INDEX outbox_due ON outbox (not_before) WHERE state IN ('planned', 'sending');
CREATE INDEX outbox_finished ON outbox (finished_at);
CREATE INDEX outbox_held ON outbox (id) WHERE state = 'unknown';

-- Addresses that get no newsletter any more.
CREATE TABLE suppression (
    address TEXT    NOT NULL PRIMARY KEY,
    reason  TEXT    NOT NULL,
    since   BIGINT  NOT NULL
);

-- Sentences for the next digest: what went wrong or needs a person.
CREATE TABLE notice (
    id        BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key       TEXT    NOT NULL UNIQUE,
    text      TEXT    NOT NULL,
    at        BIGINT  NOT NULL,
    digest_id BIGINT 
);
CREATE INDEX notice_undigested ON notice (id) WHERE digest_id IS NULL;

-- The last planned slot that a job has finished.
CREATE TABLE run (
    job  TEXT    NOT NULL PRIMARY KEY,
    slot BIGINT  NOT NULL
);

-- Who does a job just now, when several daemons share the store.
CREATE TABLE lease (
    job        TEXT    NOT NULL PRIMARY KEY,
    owner      TEXT    NOT NULL,
    expires_at BIGINT  NOT NULL
);
