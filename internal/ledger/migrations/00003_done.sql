-- +goose Up
CREATE TABLE done (              -- what is done once, by whichever server: a month's report
	name       TEXT PRIMARY KEY,
	at         BIGINT NOT NULL
);

-- +goose Down
DROP TABLE done;
