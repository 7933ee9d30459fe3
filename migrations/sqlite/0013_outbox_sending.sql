-- A mail's row changes three times on its way out: an index that holds its claim changed with it each time. And an index that
-- begins with the state was taken for what waits, which has indices of its own.
DROP INDEX outbox_state;
DROP INDEX outbox_finished;
CREATE INDEX outbox_sending ON outbox (claimed_until) WHERE state = 'sending';
CREATE INDEX outbox_finished ON outbox (finished_at, state, what, recipient);
