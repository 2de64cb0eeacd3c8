-- +goose Up
CREATE TABLE answer (
	id         TEXT PRIMARY KEY,
	at         BIGINT NOT NULL, -- Unix milliseconds
	question   TEXT NOT NULL,
	lang       TEXT NOT NULL,
	kind       TEXT NOT NULL,
	engine     TEXT NOT NULL,
	elapsed_ms DOUBLE PRECISION NOT NULL,
	body       TEXT NOT NULL,   -- the rest of the answer, JSON
	sql        TEXT,            -- what was run; NULL: no query, or one that may not be kept
	args       TEXT,            -- its bound values, typed
	rows       TEXT,            -- the first result rows, typed
	row_count  BIGINT NOT NULL, -- of the whole result
	digest     TEXT             -- of the whole result, where rows holds a part
);
CREATE INDEX answer_at ON answer (at);
CREATE TABLE version (           -- the file behind each table that a query read
	answer_id  TEXT NOT NULL REFERENCES answer ON DELETE CASCADE,
	table_id   TEXT NOT NULL,
	parquet    TEXT NOT NULL,    -- SHA-256, hex
	annotation TEXT NOT NULL,    -- of the table, "" where it has none
	PRIMARY KEY (answer_id, table_id)
);
CREATE TABLE judgement (         -- the last word on an answer
	answer_id  TEXT PRIMARY KEY REFERENCES answer ON DELETE CASCADE,
	"right"    BOOLEAN NOT NULL,
	why        TEXT NOT NULL,
	at         BIGINT NOT NULL
);
CREATE TABLE watch (             -- a figure or a dataset that somebody follows
	id         TEXT PRIMARY KEY,
	at         BIGINT NOT NULL,
	kind       TEXT NOT NULL,    -- figure or dataset
	subject    TEXT NOT NULL,    -- ID of the answer or of the dataset
	place      TEXT NOT NULL,    -- webhook, exo, discord or matrix
	address    TEXT NOT NULL,    -- there
	lang       TEXT NOT NULL,
	seen       TEXT NOT NULL,    -- generation that was looked at last
	state      TEXT NOT NULL,    -- what was told last
	tried      BIGINT NOT NULL,  -- when telling failed last
	failures   BIGINT NOT NULL,  -- in a row
	UNIQUE (kind, subject, place, address)
);
CREATE TABLE vital (             -- datasets that few ask for and that decide much, by their producers
	dataset_id TEXT PRIMARY KEY,
	reason     TEXT NOT NULL,
	at         BIGINT NOT NULL
);
CREATE TABLE wish (              -- wanted data that was voted on or answered
	id         TEXT PRIMARY KEY,
	question   TEXT NOT NULL,    -- that stands for it
	lang       TEXT NOT NULL,
	votes      BIGINT NOT NULL,
	reply      TEXT NOT NULL,    -- its producer's, "" for none
	answer_id  TEXT NOT NULL,    -- figure that closed it, "" for none
	at         BIGINT NOT NULL
);

-- +goose Down
DROP TABLE wish, vital, watch, judgement, version, answer;
