-- What reports ask for: what was done in a period, who stands where.
CREATE INDEX buyer_event_what ON buyer_event (what, at);
CREATE INDEX follow_up_asked ON follow_up (asked_at);
CREATE INDEX buyer_grade ON buyer (grade, last_contact) WHERE merged_into IS NULL;
