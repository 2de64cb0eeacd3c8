// Package ledger keeps answers: what was asked, what came out, by which query on
// which files, and what people said of it. It is one SQLite file that several
// processes may share. Nothing tells who asked: no name or identifier is kept,
// and what is personal leaves a question before it is written: e-mail and postal
// addresses, telephone, social security, account and card numbers, number plates.
package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/scratch"
	"cigogne/internal/texts"
)

// FileName is the name of the file in the data directory.
const FileName = "ledger.db"

// ErrUnknown is returned for an ID under which nothing is kept.
var ErrUnknown = answer.ErrUnknown

// Reason is why a ledger cannot be used.
type Reason string

// The closed list of reasons.
const (
	Damaged     Reason = "damaged"      // no database, or one with broken pages
	Newer       Reason = "newer"        // written by a later version of this program
	NotWritable Reason = "not_writable" // no right to write there, a read-only or full disk
	Busy        Reason = "busy"         // another process holds it for too long
	Away        Reason = "away"         // its server does not answer
)

// Error is a ledger that cannot be used.
type Error struct {
	Reason Reason
	Path   string
	Err    error
}

func (e *Error) Error() string { return fmt.Sprintf("ledger %s: %s: %v", e.Path, e.Reason, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Sentence says it to a person, with the way out.
func (e *Error) Sentence(l lang.Lang) string {
	switch e.Reason {
	case Damaged:
		return texts.Say(l, "ledger.damaged", "path", e.Path)
	case Newer:
		return texts.Say(l, "ledger.newer", "path", e.Path)
	case Busy:
		return texts.Say(l, "ledger.held", "path", e.Path)
	case Away:
		return texts.Say(l, "ledger.away", "server", e.Path)
	}
	return texts.Say(l, "ledger.not_writable", "path", e.Path)
}

// Ledger is an open ledger. It is safe for concurrent use.
type Ledger struct {
	path string
	db   *database
	now  func() time.Time

	writing  chan struct{} // one writer at a time: SQLite's own line sleeps between looks
	pause    atomic.Int64  // Unix milliseconds before which nobody waits for another process again
	file     os.FileInfo   // what was opened
	readOnly bool
}

const (
	wait = time.Second      // of a writer for another process …
	rest = 10 * time.Second // … and before the next one waits, where it was in vain
)

// Open opens the ledger at path and creates it where it is missing; its folder
// must be there. A postgres:// address is that of a server which others share. Where it may not be written, what it holds can be read all the
// same. Errors that are the file's fault are *Error.
func Open(ctx context.Context, path string) (*Ledger, error) {
	if IsPostgres(path) {
		return openPostgres(ctx, path)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	l := &Ledger{path: abs, now: time.Now, writing: make(chan struct{}, 1)}
	l.file, err = fileAt(abs)
	// Turning the log on does not wait in SQLite's line: two processes that make
	// the ledger at once would be told that it is busy.
	for until := time.Now().Add(wait); err == nil; time.Sleep(5 * time.Millisecond) {
		err = l.connect(ctx, "rw", "_pragma", "journal_mode(WAL)", "_pragma", "synchronous(FULL)", "_txlock", "immediate")
		if err == nil {
			err = l.migrate(ctx)
		}
		if err == nil {
			return l, nil
		}
		if e := (*Error)(nil); time.Now().Before(until) && errors.As(l.fault(err), &e) && e.Reason == Busy {
			err = l.Close()
		}
	}
	err = errors.Join(l.fault(err), l.Close())
	if e := (*Error)(nil); !errors.As(err, &e) || e.Reason != NotWritable {
		return nil, err
	}
	// A ledger that was closed well has no log beside it and can be read as it
	// stands; with a log, SQLite needs a file beside it that cannot be made.
	l.readOnly = true
	for _, how := range [][]string{nil, {"immutable", "1"}} {
		if l.connect(ctx, "ro", how...) == nil && l.check(ctx) == nil {
			return l, nil
		}
		_ = l.Close()
	}
	return nil, err
}

// fileAt is the file at a path, made where there is none: questions are people's own
// words, it is for its owner. One that is there is left alone: whoever closes a file
// drops all locks that the process has on it, SQLite's of another Ledger too, and the
// next process that closes its own takes the log away under the answers to come.
func fileAt(path string) (os.FileInfo, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return os.Stat(path)
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	return info, errors.Join(err, f.Close())
}

// connect opens the database; parameters are names and values in turn.
func (l *Ledger) connect(ctx context.Context, mode string, parameters ...string) error {
	q := url.Values{"mode": {mode}}
	q.Add("_pragma", fmt.Sprintf("busy_timeout(%d)", wait.Milliseconds()))
	q.Add("_pragma", "foreign_keys(1)")
	for i := 0; i+1 < len(parameters); i += 2 {
		q.Add(parameters[i], parameters[i+1])
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.ToSlash(l.path), RawQuery: q.Encode()}).String())
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(4)
	l.db = &database{DB: db}
	return db.PingContext(ctx)
}

// Close closes the ledger; everything kept is in the file already.
func (l *Ledger) Close() error {
	if l.db == nil {
		return nil
	}
	return l.db.Close()
}

// ReadOnly tells whether nothing can be kept.
func (l *Ledger) ReadOnly() bool { return l.readOnly }

// Check reads the whole file; the error is an *Error where it is damaged.
func (l *Ledger) Check(ctx context.Context) error {
	if l.db.postgres {
		return l.fault(l.db.PingContext(ctx))
	}
	var said string
	if err := l.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&said); err != nil {
		return l.fault(err)
	}
	if said != "ok" {
		return &Error{Damaged, l.path, errors.New(said)}
	}
	return nil
}

// Copy writes the ledger as it stands into a new file, while others write.
func (l *Ledger) Copy(ctx context.Context, path string) error {
	if l.db.postgres {
		to, err := Open(ctx, path)
		if err != nil {
			return err
		}
		_, err = l.Transfer(ctx, to)
		return errors.Join(err, to.Close())
	}
	if _, err := l.db.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return l.fault(err)
	}
	return os.Chmod(path, 0o600)
}

// Gone tells whether the file was removed or another one stands in its place:
// what would be written now would be on no disk tomorrow.
func (l *Ledger) Gone() bool {
	now, err := os.Stat(l.path)
	return l.file != nil && (err != nil || !os.SameFile(l.file, now))
}

// write runs do as the only writer of this process. No crowd of askers waits
// long for another process that holds the ledger.
func (l *Ledger) write(ctx context.Context, do func(ctx context.Context) error) error {
	if l.readOnly {
		return &Error{NotWritable, l.path, errReadOnly}
	}
	if l.Gone() {
		return &Error{NotWritable, l.path, errGone}
	}
	if l.now().UnixMilli() < l.pause.Load() {
		return &Error{Busy, l.path, errHeld}
	}
	// An asker who leaves does not take the answer away.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), wait+wait/2)
	defer cancel()
	if !l.db.postgres { // a server has a line of its own
		select {
		case l.writing <- struct{}{}:
			defer func() { <-l.writing }()
		case <-ctx.Done():
			return &Error{Busy, l.path, errHeld}
		}
	}
	err := l.fault(do(ctx))
	if errors.Is(err, context.DeadlineExceeded) {
		err = &Error{Busy, l.path, err}
	}
	if e := (*Error)(nil); errors.As(err, &e) && (e.Reason == Busy || e.Reason == Away) {
		l.pause.Store(l.now().Add(rest).UnixMilli())
	}
	return err
}

var (
	errReadOnly = errors.New("it is read-only")
	errHeld     = errors.New("it is held")
	errGone     = errors.New("it was taken away")
)

// fault gives an error that is the file's its reason.
func (l *Ledger) fault(err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	reason := func(r Reason) error { return &Error{r, l.path, err} }
	if l.db != nil && l.db.postgres {
		if r := postgresReason(err); r != "" {
			return reason(r)
		}
	}
	var e *sqlite.Error
	switch {
	case errors.As(err, &e):
		switch e.Code() & 0xff { // without the extension
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT:
			return reason(Damaged)
		case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
			return reason(NotWritable)
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return reason(Busy)
		case sqlite3.SQLITE_ERROR: // a table that is not there: another program's file
			return reason(Damaged)
		}
	case errors.Is(err, errContent):
		return reason(Damaged)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EISDIR), scratch.NoRoom(err), errors.Is(err, fs.ErrNotExist):
		return reason(NotWritable)
	}
	return fmt.Errorf("ledger: %w", err)
}
