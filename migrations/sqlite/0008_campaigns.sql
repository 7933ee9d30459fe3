-- A newsletter as it stands: people pause, resume and stop it, and it stops itself.
CREATE TABLE campaign (
    name         TEXT    NOT NULL PRIMARY KEY,
    -- Of its files; another one lets everybody be looked at again.
    fingerprint  TEXT    NOT NULL,
    state        TEXT    NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'paused', 'stopped')),
    reason       TEXT,
    changed_by   TEXT,
    changed_at   INTEGER NOT NULL,
    begun_at     INTEGER,
    -- Who said that it may go although it is late.
    confirmed_by TEXT,
    -- The last buyer that was looked at.
    scanned_to   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One row a campaign and buyer, whatever becomes of his address and of the mail.
CREATE TABLE campaign_mail (
    campaign  TEXT    NOT NULL,
    buyer_id  INTEGER NOT NULL REFERENCES buyer (id),
    outbox_id INTEGER NOT NULL UNIQUE REFERENCES outbox (id),
    PRIMARY KEY (campaign, buyer_id)
) STRICT;
CREATE INDEX campaign_mail_buyer ON campaign_mail (buyer_id);

INSERT INTO campaign_mail (campaign, buyer_id, outbox_id)
SELECT substr(o.key, 12, length(o.key) - 12 - length(o.recipient)), a.buyer_id, MIN(o.id)
FROM outbox o JOIN buyer_address a ON a.address = lower(o.recipient)
WHERE o.what = 'newsletter' AND length(o.key) > 12 + length(o.recipient) GROUP BY 1, 2;

-- Mail that could not be delivered for now, counted once a day: who cannot be reached again and again is not written to.
CREATE TABLE soft_bounce (
    address TEXT    NOT NULL,
    -- Of 24 hours since 1970.
    day     INTEGER NOT NULL,
    PRIMARY KEY (address, day)
) STRICT;
