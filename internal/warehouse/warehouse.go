// Package warehouse runs SQL in DuckDB: read-only, bounded, no way out.
//
// A [DB] is a set of tables that questions are asked of, either a generation's
// native file (written by [Build], opened by [OpenFile]) or tables loaded into
// memory from Parquet ([OpenTables]). Before any question runs, the database
// is locked: external access off, local file system disabled, configuration
// locked, in that order, which is the only order that closes every hole that
// was measured (a read-only file with external access off alone can still be
// overwritten by COPY … TO its own path).
//
// SQL that our own compiler wrote goes to [DB.Query], with bound parameters.
// SQL that a model or an agent wrote first passes a [Door], then runs in a
// child process that can be killed ([Worker]): a deadline does not interrupt a
// scalar function on a giant value, and DuckDB's memory limit does not bind it.
package warehouse

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// Errors that a query may return, to be told apart with errors.Is. Any other
// error is a fault of the machine (a file that is gone, a broken pipe).
var (
	// ErrInvalid: the SQL does not bind or cannot be evaluated on this
	// data; the wrapped text says why, in terms of the SQL.
	ErrInvalid = errors.New("invalid query")
	// ErrTimeout: the query was cancelled at its deadline.
	ErrTimeout = errors.New("query took too long")
	// ErrMemory: the query needed more memory than it may use.
	ErrMemory = errors.New("query needs too much memory")
	// ErrElsewhere: the table is held by another engine alone, which does not
	// answer now, or not this.
	ErrElsewhere = errors.New("the engine that holds the table does not answer")
)

// Source is a table kept as a Parquet file.
type Source struct {
	Name    string `json:"name"`    // its name in SQL: [a-z][a-z0-9_]*
	Parquet string `json:"parquet"` // path of the file
}

// Limits bound what one question may cost. Zero fields take the default.
type Limits struct {
	Timeout    time.Duration `json:"timeout"`    // of one query, once it runs: 10 s
	Rows       int           `json:"rows"`       // kept of one result: 10,000
	Bytes      int           `json:"bytes"`      // of text kept of one result: 8 MiB
	MemoryMB   int           `json:"memory_mb"`  // DuckDB's memory, all queries and in-memory tables together: 160
	Threads    int           `json:"threads"`    // of DuckDB, shared by all queries: 2
	Concurrent int           `json:"concurrent"` // queries at once, others wait: 2
}

// WithDefaults fills the fields that are zero.
func (l Limits) WithDefaults() Limits {
	set := func(p *int, def int) {
		if *p <= 0 {
			*p = def
		}
	}
	if l.Timeout <= 0 {
		l.Timeout = 10 * time.Second
	}
	set(&l.Rows, 10_000)
	set(&l.Bytes, 8<<20)
	set(&l.MemoryMB, 160)
	set(&l.Threads, 2)
	set(&l.Concurrent, 2)
	return l
}

// DB is a locked, read-only set of tables. It is safe for concurrent use.
type DB struct {
	connector *duckdb.Connector
	limits    Limits
	slots     chan struct{}
}

// OpenFile opens a file written by Build. Several processes may hold it open
// at once. Within one process, opening the same path twice shares one engine,
// so the limits must be the same; and a path whose file was replaced gives the
// old tables until every DB opened on it is closed: give each generation its
// own name.
func OpenFile(ctx context.Context, path string, limits Limits) (*DB, error) {
	limits = limits.WithDefaults()
	address, err := fileAddress(path, limits)
	if err != nil {
		return nil, err
	}
	db, err := open(address, limits)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err := db.lock(ctx, "read_only"); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), db.Close())
	}
	return db, nil
}

// OpenTables loads Parquet files into a database in memory, in the order of
// their rows, and locks it. The tables count against Limits.MemoryMB, and give
// ErrMemory where they do not fit (some million rows: use Build).
func OpenTables(ctx context.Context, sources []Source, limits Limits) (*DB, error) {
	limits = limits.WithDefaults()
	db, err := open(":memory:?"+options(limits).Encode(), limits)
	if err != nil {
		return nil, fmt.Errorf("open memory: %w", err)
	}
	if err := db.load(ctx, sources); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.lock(ctx, "automatic"); err != nil {
		return nil, errors.Join(fmt.Errorf("lock memory: %w", err), db.Close())
	}
	return db, nil
}

// Close releases the tables. A query still running is left to its deadline,
// and keeps them until then.
func (db *DB) Close() error { return db.connector.Close() }

func open(address string, limits Limits) (*DB, error) {
	connector, err := duckdb.NewConnector(address, nil)
	if err != nil {
		return nil, err
	}
	return &DB{connector: connector, limits: limits, slots: make(chan struct{}, limits.Concurrent)}, nil
}

// connect gives a connection for one question: nothing of it (temporary
// objects, variables, search path) may reach the next one.
func (db *DB) connect(ctx context.Context) (*duckdb.Conn, error) {
	conn, err := db.connector.Connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	duck, ok := conn.(*duckdb.Conn)
	if !ok {
		return nil, fmt.Errorf("connect: connection of type %T", conn)
	}
	return duck, nil
}

// exec runs statements of our own.
func (db *DB) exec(ctx context.Context, statements string) error {
	conn, err := db.connect(ctx)
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, statements, nil)
	return errors.Join(err, conn.Close())
}

// options are DuckDB's settings at opening. Extensions are never looked for,
// there is no directory to spill to, and memory that a query held goes back to
// the system soon after it (by default, up to 128 MB a thread are kept).
func options(limits Limits) url.Values {
	return url.Values{
		"threads":                                     {strconv.Itoa(limits.Threads)},
		"memory_limit":                                {strconv.Itoa(limits.MemoryMB) + "MB"},
		"temp_directory":                              {""},
		"autoinstall_known_extensions":                {"false"},
		"autoload_known_extensions":                   {"false"},
		"allocator_flush_threshold":                   {"1MB"},
		"allocator_bulk_deallocation_flush_threshold": {"1MB"},
	}
}

// fileAddress is the driver's address of a file opened read-only.
func fileAddress(path string, limits Limits) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("resolve path: %w", err)
	}
	// The driver cuts its address at these, and would then forget that the
	// file is to be read only.
	if strings.ContainsAny(path, "?#%") {
		return "", fmt.Errorf("open %s: a path with ?, # or %% cannot be opened", path)
	}
	values := options(limits)
	values.Set("access_mode", "READ_ONLY")
	return path + "?" + values.Encode(), nil
}

// lock closes every way out of a database, in the order that works: once the
// file system is disabled, external access can no longer be set. It then looks
// whether the doors are closed, and fails unless they are.
func (db *DB) lock(ctx context.Context, accessMode string) error {
	// Where another DB of this process already locked the shared engine,
	// this fails, and what follows decides.
	lockErr := db.exec(ctx, `set enable_external_access=false;
		set disabled_filesystems='LocalFileSystem';
		set lock_configuration=true;`)
	got, err := db.run(ctx, `select current_setting('enable_external_access'),
		current_setting('lock_configuration'), lower(current_setting('access_mode'))`, nil)
	if err != nil {
		return errors.Join(lockErr, err)
	}
	if state := got.Rows[0]; state[0] != false || state[1] != true || state[2] != accessMode {
		return errors.Join(lockErr, fmt.Errorf("external access, locked, mode are %v", state))
	}
	// The disabled file systems are a setting that cannot be read back.
	err = db.exec(ctx, "from glob('/')")
	if err == nil || !strings.Contains(err.Error(), "LocalFileSystem has been disabled") {
		return errors.Join(lockErr, errors.New("local file system not disabled"))
	}
	return nil
}

// load creates a table for each source, rows in the file's order.
func (db *DB) load(ctx context.Context, sources []Source) error {
	seen := make(map[string]bool, len(sources))
	for _, s := range sources {
		if !tableName.MatchString(s.Name) {
			return fmt.Errorf("load %q: not a table name", s.Name)
		}
		if seen[s.Name] {
			return fmt.Errorf("load %s: given twice", s.Name)
		}
		seen[s.Name] = true
		statement := fmt.Sprintf(`create table "%s" as from read_parquet('%s')`, s.Name, literalPath(s.Parquet))
		err := db.exec(ctx, statement)
		var fault *duckdb.Error
		if errors.As(err, &fault) && fault.Type == duckdb.ErrorTypeOutOfMemory {
			return fmt.Errorf("load %s: %w: %s", s.Name, ErrMemory, brief(fault.Msg))
		}
		if err != nil {
			return fmt.Errorf("load %s: %w", s.Name, err)
		}
	}
	return nil
}

var tableName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// literalPath writes a path inside a SQL string so that read_parquet takes it
// letter for letter, and not as a pattern of file names.
func literalPath(path string) string {
	return strings.NewReplacer("'", "''", "[", "[[]", "*", "[*]", "?", "[?]").Replace(path)
}
