-- What the mail server said when it had enough of our newsletters: they rest, and go on slower.
CREATE TABLE provider_refusal (
    at     INTEGER NOT NULL,
    answer TEXT    NOT NULL
) STRICT;
CREATE INDEX provider_refusal_at ON provider_refusal (at);
