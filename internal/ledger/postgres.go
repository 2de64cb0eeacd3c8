package ledger

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// A ledger that several servers share is in PostgreSQL: the same tables, the same
// statements but for their marks.

//go:embed migrations/*.sql
var postgresMigrations embed.FS

// IsPostgres tells the address of a PostgreSQL server from a path.
func IsPostgres(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

// database is SQLite's or PostgreSQL's; statements are written for the first.
type database struct {
	*sql.DB
	postgres bool
}

// say is a statement as the database has it: PostgreSQL numbers its arguments.
func (d *database) say(statement string) string {
	if !d.postgres {
		return statement
	}
	var b strings.Builder
	n := 0
	for _, r := range statement {
		if r == '?' {
			n++
			b.WriteString("$" + strconv.Itoa(n))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ExecContext is sql.DB's, in the database's own marks; so are the next two.
func (d *database) ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error) {
	return d.DB.ExecContext(ctx, d.say(statement), args...)
}

func (d *database) QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	return d.DB.QueryContext(ctx, d.say(statement), args...)
}

func (d *database) QueryRowContext(ctx context.Context, statement string, args ...any) *sql.Row {
	return d.DB.QueryRowContext(ctx, d.say(statement), args...)
}

const (
	postgresConnections = 8
	connectTime         = 5 * time.Second
)

// openPostgres opens the ledger of a PostgreSQL server and brings its tables up to
// date; servers that come at once wait for one another.
func openPostgres(ctx context.Context, address string) (*Ledger, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, &Error{Away, "postgres", errors.New("not an address")} // the address may hold a password
	}
	l := &Ledger{path: u.Host + u.Path, now: time.Now, writing: make(chan struct{}, 1)}
	db, err := sql.Open("pgx", address)
	if err != nil {
		return nil, &Error{Away, l.path, errors.New("not an address")}
	}
	db.SetMaxOpenConns(postgresConnections)
	db.SetMaxIdleConns(postgresConnections)
	l.db = &database{db, true}
	connecting, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	err = db.PingContext(connecting)
	if err == nil {
		err = migratePostgres(ctx, db)
	}
	if err != nil {
		return nil, errors.Join(l.fault(err), l.Close())
	}
	return l, nil
}

func migratePostgres(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(postgresMigrations, "migrations")
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	now, newest, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if now > newest {
		return &Error{Newer, "postgres", errNewer}
	}
	_, err = p.Up(ctx)
	return err
}

// postgresReason tells what sort of failure an error of PostgreSQL's is; "" where
// it is none of it.
func postgresReason(err error) Reason {
	var said *pgconn.PgError
	switch {
	case errors.As(err, &said) && said.Code == "25006": // read_only_sql_transaction
		return NotWritable
	case errors.As(err, &said) && strings.HasPrefix(said.Code, "42"): // no such table, no right
		return Damaged
	case errors.As(err, &said):
		return Away
	case errors.Is(err, ErrUnknown), errors.Is(err, errContent), errors.Is(err, context.Canceled):
		return ""
	}
	return Away // a connection that was refused, lost or silent
}

// storable is a text that PostgreSQL takes: it holds no zero byte.
func (d *database) storable(s string) string {
	if !d.postgres {
		return s
	}
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
}

// The numbers of locks: of the server that does what one of several is to do, and
// of the one that writes into the object store they share.
const (
	electing = 0x6369676f676e65 // "cigogne"
	writing  = electing + 1
)

// Elect tells whether this server is the one that does what one of several is to
// do, such as the nightly refresh, until release is called or its connection is
// lost. A ledger in a file has one server.
func (l *Ledger) Elect(ctx context.Context) (release func(), elected bool, err error) {
	return l.alone(ctx, electing)
}

// ElectWriter tells whether this server is the one that writes into the object store
// that several share, as Elect does.
func (l *Ledger) ElectWriter(ctx context.Context) (release func(), elected bool, err error) {
	return l.alone(ctx, writing)
}

// alone takes a lock of the server's for as long as a connection lasts.
func (l *Ledger) alone(ctx context.Context, number int64) (release func(), elected bool, err error) {
	if !l.db.postgres {
		return func() {}, true, nil
	}
	conn, err := l.db.Conn(ctx)
	if err != nil {
		return nil, false, l.fault(err)
	}
	err = conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", number).Scan(&elected)
	if err != nil || !elected {
		return func() {}, false, errors.Join(l.fault(err), conn.Close())
	}
	return func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", number) // a connection that is lost holds no lock
		_ = conn.Close()
	}, true, nil
}

// tables of a ledger, those that others refer to first, with their columns.
var tables = []struct{ name, columns string }{
	{"answer", "id, at, question, lang, kind, engine, elapsed_ms, body, sql, args, rows, row_count, digest"},
	{"version", "answer_id, table_id, parquet, annotation"},
	{"judgement", `answer_id, "right", why, at`},
	{"watch", "id, at, kind, subject, place, address, lang, seen, state, tried, failures"},
	{"vital", "dataset_id, reason, at"},
	{"wish", "id, question, lang, votes, reply, answer_id, at"},
	{"done", "name, at"},
}

// Transfer copies everything that a ledger holds into another one, of whichever
// kind; what is there already stays as it is. It tells how many answers came.
func (l *Ledger) Transfer(ctx context.Context, to *Ledger) (answers int, err error) {
	err = to.write(ctx, func(context.Context) error { // as long as it takes
		tx, err := to.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		for i, t := range tables {
			n, err := l.copyTable(ctx, tx, to, t.name, t.columns)
			if err != nil {
				return fmt.Errorf("table %s: %w", t.name, err)
			}
			if i == 0 {
				answers = n
			}
		}
		return tx.Commit()
	})
	return answers, err
}

func (l *Ledger) copyTable(ctx context.Context, tx *sql.Tx, to *Ledger, name, columns string) (n int, err error) {
	rows, err := l.db.QueryContext(ctx, "SELECT "+columns+" FROM "+name)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	count := strings.Count(columns, ",") + 1
	insert := to.db.say("INSERT INTO " + name + " (" + columns + ") VALUES (?" + strings.Repeat(",?", count-1) + ") ON CONFLICT DO NOTHING")
	for rows.Next() {
		cells := make([]any, count)
		into := make([]any, count)
		var right bool
		for i, c := range strings.Split(columns, ", ") {
			if into[i] = &cells[i]; c == `"right"` {
				into[i] = &right
			}
		}
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		for i := range cells {
			switch {
			case into[i] == &right:
				cells[i] = right
			default:
				if s, ok := cells[i].(string); ok {
					cells[i] = to.db.storable(s)
				}
			}
		}
		done, err := tx.ExecContext(ctx, insert, cells...)
		if err != nil {
			return n, err
		}
		added, err := done.RowsAffected()
		if err != nil {
			return n, err
		}
		n += int(added)
	}
	return n, rows.Err()
}
