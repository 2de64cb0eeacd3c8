-- +goose Up
CREATE TABLE conversation (      -- what servers that share it have to know to go on with one
	name  BYTEA PRIMARY KEY,     -- made of its name, which nothing here tells
	items BYTEA[] NOT NULL,      -- sealed under that name, oldest first
	at    BIGINT NOT NULL        -- of the last one, Unix milliseconds
);
CREATE INDEX conversation_at ON conversation (at);
-- Nothing of it is worth a write to the disk: it is of the last seconds.
CREATE UNLOGGED TABLE pace (     -- how often each sender asks, on whichever server
	sender BYTEA PRIMARY KEY,    -- hash of what is told apart
	due    BIGINT NOT NULL       -- when what it asked is even again, Unix microseconds
);
CREATE INDEX pace_due ON pace (due);

-- +goose Down
DROP TABLE pace, conversation;
