package table

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"

	"cigogne/internal/dataset"

	"github.com/duckdb/duckdb-go/v2"
)

// NewReader opens a Reader; Close it.
//
// Its DuckDB has no threads but those that ask it: rows come one chunk after another,
// and where a worker took them, who waits for it would do so at full speed.
func NewReader() (*Reader, error) {
	dsn := "?autoinstall_known_extensions=false&autoload_known_extensions=false&memory_limit=160MB&threads=1&temp_directory=" + url.QueryEscape(os.TempDir())
	if err := checkDriver(); err != nil {
		return nil, fmt.Errorf("open duckdb: %w", err)
	}
	db, err := sql.Open("duckdb", dsn)
	if err != nil {
		return nil, fmt.Errorf("open duckdb: %w", err)
	}
	r := &Reader{db: db, st: &streams{open: map[int64]*stream{}}, room: room{maxDictionary, maxHashes}, bet: guessing{guessBytes, guessRows}}
	if err := r.st.register(db); err != nil {
		db.Close()
		return nil, err
	}
	return r, nil
}

// Close frees the Reader's memory.
func (r *Reader) Close() error { return r.db.Close() }

// copy writes a stream's rows to Parquet.
func (r *Reader) copy(ctx context.Context, conn *sql.Conn, src *stream, groupRows int64, dst string) error {
	defer src.close()
	id := r.st.add(src)
	defer r.st.remove(id)
	_, err := conn.ExecContext(ctx, fmt.Sprintf("COPY (FROM rows_of(%d)) TO %s (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE %d)", id, quoteText(dst), groupRows))
	if src.err != nil { // the cause, which SQL keeps only the text of
		return src.err
	}
	if err != nil {
		return fmt.Errorf("write parquet: %w", err)
	}
	return nil
}

// Bounds on what is held in memory on the way to Parquet.
const (
	maxChunkBytes = 16 << 20
	maxGroupBytes = 64 << 20
	maxGroupRows  = 122_880 // DuckDB's own
)

// groupRows is how many rows make a Parquet row group: fewer where they are
// wide, or hold outlines of a megabyte each.
func (s *survey) groupRows() int64 {
	held := s.bytes + s.rows*int64(len(s.columns))*16 // a text takes 16 bytes besides its own
	if held == 0 {
		return maxGroupRows
	}
	return max(1, min(maxGroupRows, s.rows*maxGroupBytes/held))
}

func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// streams lends rows being read to SQL, as the table function rows_of(id).
type streams struct {
	mu   sync.Mutex
	last int64
	open map[int64]*stream
}

func (st *streams) add(s *stream) int64 {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.last++
	st.open[st.last] = s
	return st.last
}

func (st *streams) remove(id int64) {
	st.mu.Lock()
	defer st.mu.Unlock()
	delete(st.open, id)
}

func (st *streams) register(db *sql.DB) error {
	conn, err := db.Conn(context.Background())
	if err != nil {
		return fmt.Errorf("open duckdb: %w", err)
	}
	defer conn.Close()
	bigint, err := duckdb.NewTypeInfo(duckdb.TYPE_BIGINT)
	if err != nil {
		return fmt.Errorf("register rows_of: %w", err)
	}
	err = duckdb.RegisterTableUDF(conn, "rows_of", duckdb.ChunkTableFunction{
		Config: duckdb.TableFunctionConfig{Arguments: []duckdb.TypeInfo{bigint}},
		BindArguments: func(_ map[string]any, args ...any) (duckdb.ChunkTableSource, error) {
			st.mu.Lock()
			defer st.mu.Unlock()
			id, _ := args[0].(int64)
			s, ok := st.open[id]
			if !ok {
				return nil, errors.New("no such rows")
			}
			return s, nil
		},
	})
	if err != nil {
		return fmt.Errorf("register rows_of: %w", err)
	}
	return nil
}

// stream is a file's rows of data, typed, in order: as they are surveyed, or in a
// second reading.
type stream struct {
	ctx     context.Context // of the Convert that reads it: SQL calls back without one
	survey  *survey
	columns []column
	keep    []int // for each column its place in the file's rows

	open    opener // of the second reading; nil where the survey gives the rows
	src     records
	n       int // records read
	counts  []counter
	widths  []int // bytes of a column's values
	vectors []vector
	texts   pinned
	room    int // bytes left for hashes
	err     error
	done    bool
}

var duckTypes = map[dataset.Type]duckdb.Type{
	dataset.Text: duckdb.TYPE_VARCHAR, dataset.Integer: duckdb.TYPE_BIGINT, dataset.Number: duckdb.TYPE_DOUBLE,
	dataset.Date: duckdb.TYPE_DATE, dataset.DateTime: duckdb.TYPE_TIMESTAMP, dataset.Boolean: duckdb.TYPE_BOOLEAN,
}

var duckWidths = map[dataset.Type]int{dataset.Text: 16, dataset.Integer: 8, dataset.Number: 8, dataset.Date: 4, dataset.DateTime: 8, dataset.Boolean: 1}

func newStream(ctx context.Context, s *survey, columns []column, keep []int, room int) *stream {
	st := &stream{ctx: ctx, survey: s, columns: columns, keep: keep, room: room, counts: make([]counter, len(columns)), widths: make([]int, len(columns))}
	for i := range columns {
		st.widths[i] = duckWidths[columns[i].typ]
	}
	return st
}

// spill counts the cells of a column that are many now.
func (s *stream) spill(at int, few *dictionary) {
	i := slices.Index(s.keep, at)
	if i < 0 {
		return
	}
	if s.survey.over { // some of these rows are still to be given, and would be counted twice
		s.err = errGuess
	}
	for j := range few.entries {
		if e := &few.entries[j]; e.count > 0 {
			s.count(i, few.cell(e), e.count)
		}
	}
}

// count takes n cells of a column with many, and returns the cell as DuckDB holds
// it where that is no text.
func (s *stream) count(i int, cell string, n int64) value {
	c := &s.columns[i]
	if c.typ == dataset.Text {
		s.counts[i].text(c.text(cell), n, &s.room)
		return value{}
	}
	v, x := s.value(i, cell)
	if !v.null {
		s.counts[i].number(x, n, &s.room)
	}
	return v
}

// value reads a cell of a column that is not text, and gives a guess up that it
// speaks against.
func (s *stream) value(i int, cell string) (v value, x float64) {
	c := &s.columns[i]
	if p, ok := s.survey.cells[s.keep[i]].many.just(cell); ok && c.typ.Numeric() && c.factors == nil {
		x = c.style.plain(p) + 0 // no negative zero
		v = c.amount(x, true)
	} else {
		v, x = c.value(cell)
	}
	if c.typ == dataset.Integer && x != math.Trunc(x) && s.open == nil {
		s.err = errGuess
	}
	return v, x
}

// profiles are what was counted of each column, once all rows were given.
func (s *stream) profiles() []counter {
	for i, at := range s.keep {
		if few := s.survey.cells[at].few; few != nil {
			s.counts[i] = counter{few: true}
			s.counts[i].count(&s.columns[i], few)
		}
	}
	return s.counts
}

// ColumnInfos names the columns for SQL.
func (s *stream) ColumnInfos() []duckdb.ColumnInfo {
	infos := make([]duckdb.ColumnInfo, len(s.columns))
	for i, c := range s.columns {
		t, _ := duckdb.NewTypeInfo(duckTypes[c.typ]) // fails for nested types only
		infos[i] = duckdb.ColumnInfo{Name: c.name, T: t}
	}
	return infos
}

// Cardinality tells SQL how many rows to expect, where that is known.
func (s *stream) Cardinality() *duckdb.CardinalityInfo {
	if s.open == nil {
		return nil
	}
	return &duckdb.CardinalityInfo{Cardinality: uint(s.survey.rows), Exact: true}
}

// Init starts the reading.
func (s *stream) Init() {
	if s.open != nil {
		s.src, s.err = s.open(s.ctx)
	}
}

// FillChunk gives SQL the next rows.
func (s *stream) FillChunk(chunk duckdb.DataChunk) (err error) {
	defer func() { // a panic must not unwind through C
		if p := recover(); p != nil {
			err = fmt.Errorf("read rows: %v", p)
		}
		if err != nil && s.err == nil {
			s.err = err
		}
	}()
	if s.err != nil {
		return s.err
	}
	s.vectors = vectorsOf(&chunk, len(s.columns), s.vectors)
	size, bytes := 0, 0
	for limit := duckdb.GetDataChunkCapacity(); size < limit && bytes < maxChunkBytes && !s.done; {
		rec, err := s.next()
		if err == io.EOF {
			s.done = true
			break
		}
		if err != nil {
			return err
		}
		for i, at := range s.keep {
			if at >= len(rec.cells) || rec.cells[at] == "" {
				s.vectors[i].setNull(size)
			} else {
				s.setCell(i, size, rec.cells[at])
			}
		}
		size++
		bytes += rec.size()
	}
	if s.err != nil {
		return s.err
	}
	return chunk.SetSize(size)
}

// next returns the next row of data, passing over what the survey left out.
func (s *stream) next() (record, error) {
	if s.open == nil {
		return s.survey.next()
	}
	for {
		rec, err := s.src.next()
		if err != nil {
			return record{}, err
		}
		s.n++
		if rec.line > s.survey.last {
			return record{}, io.EOF
		}
		if s.n <= s.survey.layout.start || rec.blank() || s.survey.layout.repeats(rec) || s.survey.layout.remarks(rec) {
			continue
		}
		return rec, nil
	}
}

// setCell reads a cell as its column's type and gives it to SQL.
func (s *stream) setCell(i, row int, cell string) {
	few := s.survey.cells[s.keep[i]].few
	if few == nil {
		v := s.count(i, cell, 1)
		if c := &s.columns[i]; c.typ == dataset.Text {
			s.vectors[i].setText(row, c.text(cell))
		} else {
			s.vectors[i].set(row, s.widths[i], &v)
		}
		return
	}
	e := &few.entries[few.find(cell)]
	if !e.read {
		e.read = true
		if c := &s.columns[i]; c.typ == dataset.Text {
			e.value = s.texts.text(c.text(cell))
		} else {
			e.value, _ = s.value(i, cell)
		}
	}
	s.vectors[i].set(row, s.widths[i], &e.value)
}

func (s *stream) close() {
	s.texts.release()
	if s.src != nil {
		s.src.Close()
		s.src = nil
	}
}
