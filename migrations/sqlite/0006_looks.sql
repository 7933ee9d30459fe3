-- What is asked of each buyer on the day's list, and of each digest, is answered by an index alone: what was asked of a buyer
-- before, whether he waits, our newest mail to him, what was received lately.
CREATE INDEX follow_up_buyer ON follow_up (buyer_id, asked_at);
CREATE INDEX inquiry_open ON inquiry (buyer_id) WHERE answered_at IS NULL AND excuse IS NULL AND due_at IS NOT NULL;
CREATE INDEX mail_quarantined ON mail (received_at) WHERE quarantine IS NOT NULL;
DROP INDEX mail_buyer;
CREATE INDEX mail_buyer ON mail (buyer_id, direction) WHERE buyer_id IS NOT NULL;
DROP INDEX mail_received;
CREATE INDEX mail_received ON mail (received_at, history);
