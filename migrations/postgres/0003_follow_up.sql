-- When somebody must be reminded of an inquiry next; 0: look at it now, NULL: never again.
ALTER TABLE inquiry ADD COLUMN due_at BIGINT DEFAULT 0;
ALTER TABLE inquiry ADD COLUMN snoozed_until BIGINT;
-- Seconds of working time until the first answer; NULL: not answered, or not counted yet.
ALTER TABLE inquiry ADD COLUMN worked BIGINT;
-- How a person says it was answered where no mail of ours shows it; and who settled it.
ALTER TABLE inquiry ADD COLUMN answer_told TEXT;
ALTER TABLE inquiry ADD COLUMN settled_by TEXT;
CREATE INDEX inquiry_due ON inquiry (due_at) WHERE answered_at IS NULL AND excuse IS NULL AND told_at IS NOT NULL;
CREATE INDEX inquiry_unmeasured ON inquiry (id) WHERE answered_at IS NOT NULL AND worked IS NULL;

-- The subject without its prefixes, comparable; empty where it ties nothing.
ALTER TABLE mail ADD COLUMN subject_key TEXT NOT NULL DEFAULT '';

CREATE INDEX mail_received ON mail (received_at);
CREATE INDEX mail_reference_mail ON mail_reference (mail_id);

-- A reminder was planned: never a second of the same level.
ALTER TABLE reminder DROP CONSTRAINT reminder_level_check;
ALTER TABLE reminder ADD CONSTRAINT reminder_level_check CHECK (level IN ('near', 'target', 'limit'));

-- When to look at a buyer's rhythm again; 0: now, NULL: not before something happens.
ALTER TABLE buyer ADD COLUMN follow_up_at BIGINT DEFAULT 0;
ALTER TABLE buyer ADD COLUMN paused_until BIGINT;
-- Why he needs no more follow-ups, in somebody's words.
ALTER TABLE buyer ADD COLUMN follow_up_stopped TEXT;
-- Mail to him came back; cleared by his next mail and by another address.
ALTER TABLE buyer ADD COLUMN bounced_at BIGINT;
ALTER TABLE buyer ADD COLUMN address_asked_at BIGINT;
CREATE INDEX buyer_follow_up ON buyer (follow_up_at, id) WHERE follow_up_at IS NOT NULL AND merged_into IS NULL;
CREATE INDEX buyer_owner ON buyer (owner) WHERE owner IS NOT NULL;

-- Somebody was asked to follow up, once for each day on which it was due.
CREATE TABLE follow_up (
    buyer_id BIGINT NOT NULL REFERENCES buyer (id),
    day      TEXT    NOT NULL,
    way      TEXT    NOT NULL CHECK (way IN ('call', 'mail')),
    asked_at BIGINT NOT NULL,
    PRIMARY KEY (buyer_id, day)
);

-- A buyer wants a sample; settled when one was sent, or won't be.
CREATE TABLE sample_wait (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    buyer_id   BIGINT NOT NULL REFERENCES buyer (id),
    inquiry_id BIGINT REFERENCES inquiry (id),
    asked_at   BIGINT NOT NULL,
    settled_at BIGINT,
    told_at    BIGINT
);
CREATE UNIQUE INDEX sample_wait_open ON sample_wait (buyer_id) WHERE settled_at IS NULL;
CREATE INDEX sample_wait_buyer ON sample_wait (buyer_id);

-- How often a buyer was given to a salesperson: whose turn it is.
CREATE TABLE staff_turn (
    address TEXT    NOT NULL PRIMARY KEY,
    given   BIGINT NOT NULL
);

-- What our people told us by mail, until it was done or refused.
CREATE TABLE staff_mail (
    mail_id    BIGINT NOT NULL PRIMARY KEY REFERENCES mail (id),
    sender     TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    -- With what it quotes: tokens may stand there.
    whole_text TEXT    NOT NULL,
    -- JSON list of the Message-IDs it refers to.
    referred   TEXT    NOT NULL,
    -- What the receiving server says failed; NULL: nothing.
    failed     TEXT,
    settled_at BIGINT,
    -- Why it was refused; NULL: it wasn't.
    refused    TEXT
);
CREATE INDEX staff_mail_sender ON staff_mail (sender, settled_at);
CREATE INDEX staff_mail_open ON staff_mail (mail_id) WHERE settled_at IS NULL;

-- How many mails of a folder were taken, and how many the server counted then.
CREATE TABLE folder_count (
    account      TEXT    NOT NULL,
    folder       TEXT    NOT NULL,
    uid_validity BIGINT NOT NULL,
    taken        BIGINT NOT NULL,
    on_server    BIGINT,
    counted_at   BIGINT,
    PRIMARY KEY (account, folder)
);

-- A mail's bytes come before its state in the row: whatever is asked of the outbox in each round must be answered by an
-- index alone, or it reads all mail ever sent.
DROP INDEX outbox_due;
DROP INDEX outbox_finished;
CREATE INDEX outbox_state ON outbox (state, not_before, what, claimed_until);
CREATE INDEX outbox_finished ON outbox (state, finished_at, what, recipient);
