// Package replay computes kept answers again, on the very files they were made
// of, and holds them against today's data.
package replay

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/ledger"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/scratch"
	"cigogne/internal/warehouse"
)

// State is what became of a kept answer.
type State string

// The closed list of states.
const (
	Same    State = "same"    // the numbers came out again
	Differs State = "differs" // they did not
	Gone    State = "gone"    // a file it was made of is not there any more
	Altered State = "altered" // a file it was made of is not what it was
	Nothing State = "nothing" // no query was run, or none may be kept
)

// Report is what came of replaying an answer.
type Report struct {
	ID       string    `json:"id"`
	Question string    `json:"question"`
	At       time.Time `json:"at"`
	State    State     `json:"state"`
	Changes  []Change  `json:"changes,omitempty"` // with Differs
	Newer    *Newer    `json:"newer,omitempty"`   // where today's data are other files
}

// Newer is what today's data answer.
type Newer struct {
	Same    bool     `json:"same"`              // the same numbers
	Failed  bool     `json:"failed,omitempty"`  // the query cannot be asked of them: a column or a table is gone
	Changes []Change `json:"changes,omitempty"` // where they are others
	Renamed []Rename `json:"renamed,omitempty"` // territories that bear another name in them
}

// OK tells whether an answer still stands on its files.
func (r Report) OK() bool { return r.State == Same || r.State == Nothing }

// Records gives kept answers; the ledger does.
type Records interface {
	Record(ctx context.Context, id string) (*ledger.Record, error)
	Records(ctx context.Context) iter.Seq2[*ledger.Record, error]
}

// Parts are what replaying needs.
type Parts struct {
	Ledger Records
	// File returns the path of a Parquet file by its hash, or writes it into the
	// folder; the error is fs.ErrNotExist where there is none.
	File func(sha256, folder string) (path string, err error)
	// Today lists the tables that may answer now; Run runs a plan over them.
	Today func() []plan.Candidate
	Run   func(ctx context.Context, candidates []plan.Candidate, p *query.Plan) ([][]any, error)
	// Warm runs SQL over today's tables: a page that shows an answer of the same
	// files need not load them again. Nil: every file is read and its hash checked.
	Warm func(ctx context.Context, tables []string, sql string, args ...any) (*warehouse.Result, error)
}

// Replayer computes kept answers again, one at a time. It is safe for
// concurrent use.
type Replayer struct {
	parts Parts

	turn   chan struct{} // one at a time: what follows is of the tables opened last
	key    string
	db     *warehouse.DB
	folder string

	done sync.Map // ID to Report, of Replay
	size atomic.Int64
}

// remembered is how many reports are: a page that many look at is computed once.
const remembered = 2000

// New returns a replayer, to be closed.
func New(p Parts) *Replayer { return &Replayer{parts: p, turn: make(chan struct{}, 1)} }

// Close closes the tables that were opened last.
func (r *Replayer) Close() error {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	return r.release()
}

func (r *Replayer) release() error {
	var err error
	if r.db != nil {
		err = r.db.Close()
	}
	if r.folder != "" {
		err = errors.Join(err, os.RemoveAll(r.folder))
	}
	r.db, r.folder, r.key = nil, "", ""
	return err
}

// Replay computes one answer again, and remembers what came of it. Errors are
// ledger.ErrUnknown, the ledger's and the machine's.
func (r *Replayer) Replay(ctx context.Context, id string) (Report, error) {
	if report, ok := r.done.Load(id); ok {
		return report.(Report), nil
	}
	record, err := r.parts.Ledger.Record(ctx, id)
	if err != nil {
		return Report{}, err
	}
	report, err := r.replay(ctx, record)
	if err == nil {
		if r.size.Add(1) > remembered {
			r.done.Clear()
			r.size.Store(1)
		}
		r.done.Store(id, report)
	}
	return report, err
}

// All computes every kept answer again. An error comes last.
func (r *Replayer) All(ctx context.Context) iter.Seq2[Report, error] {
	return func(yield func(Report, error) bool) {
		for record, err := range r.parts.Ledger.Records(ctx) {
			var report Report
			if err == nil {
				report, err = r.replay(ctx, record)
			}
			if !yield(report, err) || err != nil {
				return
			}
		}
	}
}

func (r *Replayer) replay(ctx context.Context, record *ledger.Record) (Report, error) {
	a := record.Answer
	report := Report{ID: a.AnswerID, Question: a.Question, At: record.At, State: Nothing}
	if a.Run == nil {
		return report, nil
	}
	rows, err := r.again(ctx, a.Run)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		report.State = Gone
	case errors.Is(err, errAltered):
		report.State = Altered
	case err != nil:
		return report, fmt.Errorf("replay %s: %w", a.AnswerID, err)
	case record.Result.Same(rows):
		report.State = Same
	default:
		report.State, report.Changes = Differs, changes(a, record.Result.Rows, rows)
	}
	report.Newer, err = r.newer(ctx, record)
	return report, err
}

// errAltered is a file whose bytes are not those of its hash.
var errAltered = errors.New("not the bytes of its hash")

// again runs the kept query on the kept files.
func (r *Replayer) again(ctx context.Context, run *answer.Run) ([][]any, error) {
	if r.parts.Warm != nil && r.current(run) {
		var tables []string
		for _, v := range run.Tables {
			tables = append(tables, v.Table)
		}
		res, err := r.parts.Warm(ctx, tables, run.SQL, run.Args...)
		if err == nil {
			return res.Rows, nil
		}
		if !errors.Is(err, warehouse.ErrElsewhere) { // the files are here all the same
			return nil, err
		}
	}
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := r.open(ctx, run.Tables); err != nil {
		return nil, err
	}
	res, err := r.db.Query(ctx, run.SQL, run.Args...)
	if err != nil {
		return nil, err
	}
	return res.Rows, nil
}

// current tells whether today's tables are of the very files of an answer.
func (r *Replayer) current(run *answer.Run) bool {
	today := r.parts.Today()
	for _, v := range run.Tables {
		if c := find(today, answer.Version{Table: v.Table}); c == nil || c.Table.Parquet != v.Parquet {
			return false
		}
	}
	return true
}

// open has the files of an answer ready as tables; answers of the same files
// share them.
func (r *Replayer) open(ctx context.Context, tables []answer.Version) error {
	var parts []string
	for _, v := range tables {
		parts = append(parts, v.Table+"="+v.Parquet)
	}
	slices.Sort(parts)
	key := strings.Join(parts, " ")
	if r.db != nil && r.key == key {
		return nil
	}
	if err := r.release(); err != nil {
		return err
	}
	folder, err := scratch.Dir("cigogne-replay-")
	if err != nil {
		return err
	}
	r.folder = folder
	var sources []warehouse.Source
	for _, v := range tables {
		path, err := r.parts.File(v.Parquet, folder)
		if err != nil {
			return err
		}
		if err := verify(path, v.Parquet); err != nil {
			return err
		}
		sources = append(sources, warehouse.Source{Name: v.Table, Parquet: path})
	}
	db, err := warehouse.OpenTables(ctx, sources, warehouse.Limits{})
	if errors.Is(err, warehouse.ErrMemory) { // some million rows: through a file
		path := filepath.Join(folder, "tables.duckdb")
		if err = warehouse.Build(ctx, path, sources); err == nil {
			db, err = warehouse.OpenFile(ctx, path, warehouse.Limits{})
		}
	}
	if err != nil {
		return err
	}
	r.db, r.key = db, key
	return nil
}

func verify(path, want string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		return fmt.Errorf("%s: %w", path, errAltered)
	}
	return nil
}

// newer asks today's data; nil where they are the same files.
func (r *Replayer) newer(ctx context.Context, record *ledger.Record) (*Newer, error) {
	if record.Answer.Plan == nil || record.Answer.Run == nil || r.current(record.Answer.Run) {
		return nil, nil
	}
	newer, _, err := r.Now(ctx, record, record.Result)
	return newer, err
}

// Now asks today's data what a kept answer asked, and holds what they say against
// what they said before. It gives the rows; none where the query cannot be asked
// of them. The answer is one with a plan and a run.
func (r *Replayer) Now(ctx context.Context, record *ledger.Record, was ledger.Result) (*Newer, [][]any, error) {
	a := record.Answer
	candidates := r.parts.Today()
	names := map[string]string{}
	for _, v := range a.Run.Tables {
		c := find(candidates, v)
		if c == nil {
			return &Newer{Failed: true}, nil, nil
		}
		names[v.Table] = c.Table.ID
	}
	led := renames{today: candidates}
	p := led.plan(a.Plan.Over(func(t string) string { return names[t] }))
	rows, err := r.parts.Run(ctx, candidates, p)
	var bad *query.PlanError
	switch {
	case errors.As(err, &bad):
		return &Newer{Failed: true}, nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("ask today's data for %s: %w", a.AnswerID, err)
	}
	was.Rows = led.rows(p, was.Rows)
	other := changes(a, was.Rows, rows)
	if was.Same(rows) || len(other) == 0 && was.Digest == "" && len(led.led) > 0 { // names that sort elsewhere
		return &Newer{Same: true, Renamed: led.led}, rows, nil
	}
	return &Newer{Changes: other, Renamed: led.led}, rows, nil
}

// Tables are today's tables of what a kept answer was made of; nil where one is
// gone.
func (r *Replayer) Tables(run *answer.Run) []plan.Candidate {
	var out []plan.Candidate
	today := r.parts.Today()
	for _, v := range run.Tables {
		c := find(today, v)
		if c == nil {
			return nil
		}
		out = append(out, *c)
	}
	return out
}

// find returns today's table of the same name, else the one that holds the same
// publication; nil where there is none.
func find(candidates []plan.Candidate, v answer.Version) *plan.Candidate {
	for i, c := range candidates {
		if c.Table.ID == v.Table {
			return &candidates[i]
		}
	}
	for i, c := range candidates {
		if v.Annotation != "" && c.Annotation != nil && c.Annotation.ID == v.Annotation {
			return &candidates[i]
		}
	}
	return nil
}
