-- Where each mail lies: a row for every place in which a folder showed it. A mail of which every place is missed was deleted,
-- or moved to a folder that is not read. Mail that was recorded before these tables has no place here, and is never missed.
CREATE TABLE sighting (
    account      TEXT    NOT NULL,
    folder       TEXT    NOT NULL,
    -- IMAP; 0 for a Maildir, and for a server that gives none.
    uid_validity INTEGER NOT NULL,
    uid          INTEGER NOT NULL,
    -- Maildir: the unique name; empty for IMAP.
    file         TEXT    NOT NULL,
    mail_id      INTEGER NOT NULL REFERENCES mail (id),
    -- When the folder first lacked it; NULL: it was there when the folder was last compared.
    missed_at    INTEGER,
    PRIMARY KEY (account, folder, uid_validity, uid, file)
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_mail ON sighting (mail_id);
CREATE INDEX sighting_missed ON sighting (missed_at) WHERE missed_at IS NOT NULL;

-- Mails that the server has and the record has not, by UID; NULL: the folder could only be counted.
ALTER TABLE folder_count ADD COLUMN unrecorded INTEGER;

-- Our mail to somebody outside that may pass a buyer's mail on.
CREATE TABLE forward (
    mail_id    INTEGER NOT NULL PRIMARY KEY REFERENCES mail (id),
    sender     TEXT    NOT NULL,
    -- JSON list of the addresses outside that it went to.
    recipients TEXT    NOT NULL,
    sent_at    INTEGER NOT NULL,
    -- JSON of what may tell whose mail it passes on; NULL once that is decided.
    clues      TEXT,
    -- Whether it passes a buyer's mail on, as far as is known now.
    told       INTEGER NOT NULL CHECK (told IN (0, 1)),
    -- The buyer's mail that it passes on, or his address in it where no mail of his is on record.
    of_mail    INTEGER REFERENCES mail (id),
    of_address TEXT
) STRICT;
CREATE INDEX forward_undecided ON forward (mail_id) WHERE clues IS NOT NULL;
CREATE INDEX forward_sent ON forward (sent_at);
