-- Instants are seconds since 1970-01-01T00:00:00Z. Lists and facts are JSON text.

-- The next numbers. Every transaction that hands out a number updates this row first, so that writers queue here.
CREATE TABLE sequence (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    mail    INTEGER NOT NULL,
    buyer   INTEGER NOT NULL,
    inquiry INTEGER NOT NULL,
    digest  INTEGER NOT NULL
) STRICT;
INSERT INTO sequence (id, mail, buyer, inquiry, digest) VALUES (1, 0, 0, 0, 0);

CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- How far a folder was taken (IMAP); advanced in the transaction that records the mails.
CREATE TABLE folder_cursor (
    account      TEXT    NOT NULL,
    folder       TEXT    NOT NULL,
    uid_validity INTEGER NOT NULL,
    last_uid     INTEGER NOT NULL,
    PRIMARY KEY (account, folder)
) STRICT;

-- Which files of a folder were taken (Maildir).
CREATE TABLE maildir_file (
    account TEXT NOT NULL,
    folder  TEXT NOT NULL,
    name    TEXT NOT NULL,
    PRIMARY KEY (account, folder, name)
) STRICT;

CREATE TABLE buyer (
    id            INTEGER NOT NULL PRIMARY KEY,
    name          TEXT,
    email         TEXT,
    company       TEXT,
    country       TEXT,
    phone         TEXT,
    grade         TEXT,
    source        TEXT    NOT NULL,
    notes         TEXT    NOT NULL DEFAULT '',
    inquiries     INTEGER NOT NULL DEFAULT 0,
    first_contact INTEGER NOT NULL,
    last_contact  INTEGER NOT NULL
) STRICT;

-- What a buyer is recognised by: mail addresses, and for platforms that hide them `platform/person/company`.
CREATE TABLE buyer_address (
    address  TEXT    NOT NULL PRIMARY KEY,
    buyer_id INTEGER NOT NULL REFERENCES buyer (id)
) STRICT;
CREATE INDEX buyer_address_buyer ON buyer_address (buyer_id);

-- Every mail that a folder showed, once.
CREATE TABLE mail (
    id          INTEGER NOT NULL PRIMARY KEY,
    account     TEXT    NOT NULL,
    identity    TEXT    NOT NULL,
    folder      TEXT    NOT NULL,
    position    TEXT    NOT NULL,
    direction   TEXT    NOT NULL CHECK (direction IN ('in', 'out')),
    message_id  TEXT,
    from_name   TEXT,
    from_email  TEXT,
    subject     TEXT    NOT NULL,
    size        INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    kind_reason TEXT    NOT NULL,
    automatic   INTEGER NOT NULL CHECK (automatic IN (0, 1)),
    history     INTEGER NOT NULL CHECK (history IN (0, 1)),
    buyer_id    INTEGER REFERENCES buyer (id),
    quarantine  TEXT,
    digest_id   INTEGER,
    UNIQUE (account, identity)
) STRICT;
CREATE INDEX mail_message_id ON mail (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX mail_undigested ON mail (id) WHERE digest_id IS NULL;

-- What outgoing mail refers to (In-Reply-To, References): ties an answer to its inquiry.
CREATE TABLE mail_reference (
    message_id TEXT    NOT NULL,
    mail_id    INTEGER NOT NULL REFERENCES mail (id),
    PRIMARY KEY (message_id, mail_id)
) STRICT;

-- Raw mail, zstd-compressed: stays when the mailbox is emptied.
CREATE TABLE archive (
    mail_id INTEGER NOT NULL PRIMARY KEY REFERENCES mail (id),
    raw     BLOB    NOT NULL
) STRICT;

CREATE TABLE inquiry (
    id          INTEGER NOT NULL PRIMARY KEY,
    mail_id     INTEGER NOT NULL UNIQUE REFERENCES mail (id),
    buyer_id    INTEGER NOT NULL REFERENCES buyer (id),
    known       INTEGER NOT NULL CHECK (known IN (0, 1)),
    matched_by  TEXT,
    relay       TEXT,
    language    TEXT,
    text        TEXT    NOT NULL,
    facts       TEXT    NOT NULL,
    grade       TEXT    NOT NULL CHECK (grade IN ('A', 'B', 'C', 'D')),
    score       INTEGER NOT NULL,
    reasons     TEXT    NOT NULL,
    risks       TEXT    NOT NULL,
    attachments TEXT    NOT NULL,
    told_at     INTEGER,
    answered_at INTEGER,
    answered_by INTEGER REFERENCES mail (id),
    excuse      TEXT
) STRICT;
CREATE INDEX inquiry_buyer ON inquiry (buyer_id);
CREATE INDEX inquiry_waiting ON inquiry (id) WHERE answered_at IS NULL AND excuse IS NULL;

-- A reminder was planned: never a second of the same level.
CREATE TABLE reminder (
    inquiry_id INTEGER NOT NULL REFERENCES inquiry (id),
    level      TEXT    NOT NULL CHECK (level IN ('target', 'limit')),
    planned_at INTEGER NOT NULL,
    PRIMARY KEY (inquiry_id, level)
) STRICT;

-- Everything that is sent: one row a mail and recipient, its key says what, for whom and for which period.
CREATE TABLE outbox (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    key           TEXT    NOT NULL UNIQUE,
    what          TEXT    NOT NULL,
    recipient     TEXT    NOT NULL,
    message_id    TEXT    NOT NULL UNIQUE,
    subject       TEXT    NOT NULL,
    raw           BLOB    NOT NULL,
    state         TEXT    NOT NULL CHECK (state IN ('planned', 'sending', 'sent', 'refused', 'unknown', 'dropped')),
    attempts      INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL,
    not_before    INTEGER NOT NULL,
    claimed_by    TEXT,
    claimed_until INTEGER NOT NULL DEFAULT 0,
    last_error    TEXT,
    finished_at   INTEGER,
    digest_id     INTEGER
) STRICT;
CREATE INDEX outbox_due ON outbox (not_before) WHERE state IN ('planned', 'sending');
CREATE INDEX outbox_finished ON outbox (finished_at);
CREATE INDEX outbox_held ON outbox (id) WHERE state = 'unknown';

-- Addresses that get no newsletter any more.
CREATE TABLE suppression (
    address TEXT    NOT NULL PRIMARY KEY,
    reason  TEXT    NOT NULL,
    since   INTEGER NOT NULL
) STRICT;

-- Sentences for the next digest: what went wrong or needs a person.
CREATE TABLE notice (
    id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    key       TEXT    NOT NULL UNIQUE,
    text      TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    digest_id INTEGER
) STRICT;
CREATE INDEX notice_undigested ON notice (id) WHERE digest_id IS NULL;

-- The last planned slot that a job has finished.
CREATE TABLE run (
    job  TEXT    NOT NULL PRIMARY KEY,
    slot INTEGER NOT NULL
) STRICT;

-- Who does a job just now, when several daemons share the store.
CREATE TABLE lease (
    job        TEXT    NOT NULL PRIMARY KEY,
    owner      TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
