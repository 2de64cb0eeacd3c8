package table

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"cigogne/internal/dataset"

	"github.com/duckdb/duckdb-go/v2"
)

// NewReader opens a Reader; Close it.
func NewReader() (*Reader, error) {
	dsn := "?autoinstall_known_extensions=false&autoload_known_extensions=false&memory_limit=512MB&temp_directory=" + url.QueryEscape(os.TempDir())
	db, err := sql.Open("duckdb", dsn)
	if err != nil {
		return nil, fmt.Errorf("open duckdb: %w", err)
	}
	r := &Reader{db: db, st: &streams{open: map[int64]*stream{}}}
	if err := r.st.register(db); err != nil {
		db.Close()
		return nil, err
	}
	return r, nil
}

// Close frees the Reader's memory.
func (r *Reader) Close() error { return r.db.Close() }

// load writes the rows to Parquet and profiles them.
func (r *Reader) load(ctx context.Context, open opener, s *survey, dst string, t *dataset.Table) error {
	conn, err := r.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("duckdb connection: %w", err)
	}
	defer conn.Close()
	src := &stream{ctx: ctx, open: open, survey: s}
	defer src.close()
	id := r.st.add(src)
	defer r.st.remove(id)
	_, err = conn.ExecContext(ctx, fmt.Sprintf("COPY (FROM rows_of(%d)) TO %s (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE %d)", id, quoteText(dst), s.groupRows()))
	if src.err != nil { // the cause, which SQL keeps only the text of
		return src.err
	}
	if err != nil {
		return fmt.Errorf("write parquet: %w", err)
	}
	return profile(ctx, conn, "read_parquet("+quoteText(dst)+")", s, src.counts, t)
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

// stream is the second reading of a file: its rows of data, typed, in order.
type stream struct {
	ctx    context.Context // of the Convert that reads it: SQL calls back without one
	open   opener
	survey *survey
	src    records
	n      int   // records read
	rows   int64 // given
	counts []counter
	err    error
	done   bool
}

var duckTypes = map[dataset.Type]duckdb.Type{
	dataset.Text: duckdb.TYPE_VARCHAR, dataset.Integer: duckdb.TYPE_BIGINT, dataset.Number: duckdb.TYPE_DOUBLE,
	dataset.Date: duckdb.TYPE_DATE, dataset.DateTime: duckdb.TYPE_TIMESTAMP, dataset.Boolean: duckdb.TYPE_BOOLEAN,
}

// ColumnInfos names the columns for SQL.
func (s *stream) ColumnInfos() []duckdb.ColumnInfo {
	infos := make([]duckdb.ColumnInfo, len(s.survey.columns))
	for i, c := range s.survey.columns {
		t, _ := duckdb.NewTypeInfo(duckTypes[c.typ]) // fails for nested types only
		infos[i] = duckdb.ColumnInfo{Name: c.name, T: t}
	}
	return infos
}

// Cardinality tells SQL how many rows to expect.
func (s *stream) Cardinality() *duckdb.CardinalityInfo {
	return &duckdb.CardinalityInfo{Cardinality: uint(s.survey.rows), Exact: true}
}

// Init starts the reading.
func (s *stream) Init() {
	s.close()
	s.n, s.rows, s.done = 0, 0, false
	s.counts = newCounters(s.survey.columns)
	s.src, s.err = s.open(s.ctx)
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
		for i := range s.survey.columns {
			if err := s.setCell(chunk, i, size, rec); err != nil {
				return err
			}
		}
		size++
		s.rows++
		bytes += rec.size()
	}
	return chunk.SetSize(size)
}

// next returns the next row of data, passing over what the survey left out.
func (s *stream) next() (record, error) {
	for {
		rec, err := s.src.next()
		if err != nil {
			return record{}, err
		}
		s.n++
		if rec.line > s.survey.last {
			return record{}, io.EOF
		}
		if s.n <= s.survey.layout.start || rec.blank() || s.survey.layout.repeats(rec) {
			continue
		}
		return rec, nil
	}
}

// setCell reads a cell as its column's type, counts it and gives it to SQL.
func (s *stream) setCell(chunk duckdb.DataChunk, i, row int, rec record) error {
	c, at := &s.survey.columns[i], s.survey.keep[i]
	if at >= len(rec.cells) || rec.cells[at] == "" {
		return chunk.SetValue(i, row, nil)
	}
	cell, n, first := rec.cells[at], &s.counts[i], s.rows == 0
	switch c.typ {
	case dataset.Text:
		cell = c.text(cell)
		n.text(cell, first)
		return duckdb.SetChunkValue(chunk, i, row, cell)
	case dataset.Integer, dataset.Number:
		if v, ok := c.number(cell); ok {
			n.number(v, first, c.show)
			if c.typ == dataset.Integer {
				return duckdb.SetChunkValue(chunk, i, row, int64(v))
			}
			return duckdb.SetChunkValue(chunk, i, row, v)
		}
	case dataset.Date, dataset.DateTime:
		if v, ok := c.time(cell); ok {
			n.number(float64(v.UnixMicro()), first, c.show)
			return duckdb.SetChunkValue(chunk, i, row, v)
		}
	case dataset.Boolean:
		if v, ok := truth(cell); ok {
			if v {
				n.number(1, first, c.show)
			} else {
				n.number(0, first, c.show)
			}
			return duckdb.SetChunkValue(chunk, i, row, v)
		}
	}
	return chunk.SetValue(i, row, nil)
}

func (s *stream) close() {
	if s.src != nil {
		s.src.Close()
		s.src = nil
	}
}

// text cleans a cell of a text column.
func (c *column) text(s string) string {
	if c.dropDec {
		return strings.TrimSuffix(s, ".0")
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

func (c *column) number(s string) (float64, bool) {
	n := scanNumber(s)
	v, ok := c.style.parse(n)
	if c.factors != nil {
		v *= c.factors[n.unit]
	}
	return v + 0, ok // no negative zero
}

func (c *column) time(s string) (time.Time, bool) {
	if c.compact {
		t, err := time.Parse("20060102", s)
		return t, err == nil
	}
	return scanDate(s).at(c.monthly)
}
