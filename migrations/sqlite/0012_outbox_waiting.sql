-- What waits, apart: people's own mail is looked for between any two newsletters, however many of these wait.
CREATE INDEX outbox_own ON outbox (not_before, id) WHERE state = 'planned' AND what <> 'newsletter';
CREATE INDEX outbox_news ON outbox (not_before, id) WHERE state = 'planned' AND what = 'newsletter';
