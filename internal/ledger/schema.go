package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// migrations lead from each version of the schema to the next; the version is
// SQLite's user_version. They are never changed, only added to.
var migrations = []string{`
CREATE TABLE answer (
	id         TEXT PRIMARY KEY,
	at         INTEGER NOT NULL, -- Unix milliseconds
	question   TEXT NOT NULL,
	lang       TEXT NOT NULL,
	kind       TEXT NOT NULL,
	engine     TEXT NOT NULL,
	elapsed_ms REAL NOT NULL,
	body       TEXT NOT NULL,    -- the rest of the answer, JSON
	sql        TEXT,             -- what was run; NULL: no query, or one that may not be kept
	args       TEXT,             -- its bound values, typed
	rows       TEXT,             -- the first result rows, typed
	row_count  INTEGER NOT NULL, -- of the whole result
	digest     TEXT              -- of the whole result, where rows holds a part
) STRICT;
CREATE TABLE version (           -- the file behind each table that a query read
	answer_id  TEXT NOT NULL REFERENCES answer ON DELETE CASCADE,
	table_id   TEXT NOT NULL,
	parquet    TEXT NOT NULL,    -- SHA-256, hex
	annotation TEXT NOT NULL,    -- of the table, "" where it has none
	PRIMARY KEY (answer_id, table_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE judgement (         -- the last word on an answer
	answer_id  TEXT PRIMARY KEY REFERENCES answer ON DELETE CASCADE,
	right      INTEGER NOT NULL, -- 0 or 1
	why        TEXT NOT NULL,
	at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`, `
CREATE TABLE watch (             -- a figure or a dataset that somebody follows
	id         TEXT PRIMARY KEY,
	at         INTEGER NOT NULL,
	kind       TEXT NOT NULL,    -- figure or dataset
	subject    TEXT NOT NULL,    -- ID of the answer or of the dataset
	place      TEXT NOT NULL,    -- webhook, exo, discord or matrix
	address    TEXT NOT NULL,    -- there
	lang       TEXT NOT NULL,
	seen       TEXT NOT NULL,    -- generation that was looked at last
	state      TEXT NOT NULL,    -- what was told last
	tried      INTEGER NOT NULL, -- when telling failed last
	failures   INTEGER NOT NULL, -- in a row
	UNIQUE (kind, subject, place, address)
) STRICT, WITHOUT ROWID;
`, `
CREATE TABLE vital (             -- datasets that few ask for and that decide much, by their producers
	dataset_id TEXT PRIMARY KEY,
	reason     TEXT NOT NULL,
	at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE wish (              -- wanted data that was voted on or answered
	id         TEXT PRIMARY KEY,
	question   TEXT NOT NULL,    -- that stands for it
	lang       TEXT NOT NULL,
	votes      INTEGER NOT NULL,
	reply      TEXT NOT NULL,    -- its producer's, "" for none
	answer_id  TEXT NOT NULL,    -- figure that closed it, "" for none
	at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`, `
CREATE TABLE done (              -- what is done once, by whichever server: a month's report
	name       TEXT PRIMARY KEY,
	at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`}

var errNewer = errors.New("its schema is of a later version")

// migrate brings the schema up to date; two processes may do so at once.
func (l *Ledger) migrate(ctx context.Context) error {
	if err := l.check(ctx); err == nil || !errors.Is(err, errOlder) {
		return err
	}
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	// Read again: another process may have come first.
	version, err := versionOf(ctx, tx)
	if err != nil {
		return err
	}
	for _, step := range migrations[min(version, len(migrations)):] {
		if _, err := tx.ExecContext(ctx, step); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", max(version, len(migrations)))); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return l.check(ctx)
}

var errOlder = errors.New("its schema is of an earlier version")

// check returns errOlder where migrations are to be run, and an *Error where
// the schema is newer than this program.
func (l *Ledger) check(ctx context.Context) error {
	version, err := versionOf(ctx, l.db)
	switch {
	case err != nil:
		return err
	case version > len(migrations):
		return &Error{Newer, l.path, errNewer}
	case version < len(migrations):
		return errOlder
	}
	return nil
}

func versionOf(ctx context.Context, q interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) (version int, err error) {
	err = q.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	return version, err
}
