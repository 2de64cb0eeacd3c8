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
	"strings"
	"sync"
	"time"

	"cigogne/internal/dataset"

	"github.com/duckdb/duckdb-go/v2"
)

// NewReader opens a Reader; Close it.
func NewReader() (*Reader, error) {
	dsn := "?autoinstall_known_extensions=false&autoload_known_extensions=false&memory_limit=512MB&temp_directory=" + url.QueryEscape(os.TempDir())
	if err := checkDriver(); err != nil {
		return nil, fmt.Errorf("open duckdb: %w", err)
	}
	db, err := sql.Open("duckdb", dsn)
	if err != nil {
		return nil, fmt.Errorf("open duckdb: %w", err)
	}
	r := &Reader{db: db, st: &streams{open: map[int64]*stream{}}, room: room{maxDictionary, maxHashes}}
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
	src := newStream(ctx, open, s, r.room.hashes)
	defer src.texts.release()
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
	ctx     context.Context // of the Convert that reads it: SQL calls back without one
	open    opener
	survey  *survey
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

// newStream counts and converts the cells that the survey told apart; the others
// are as they pass.
func newStream(ctx context.Context, open opener, s *survey, room int) *stream {
	st := &stream{room: room, ctx: ctx, open: open, survey: s, counts: make([]counter, len(s.columns)), widths: make([]int, len(s.columns))}
	for i := range s.columns {
		c := &s.columns[i]
		st.widths[i] = duckWidths[c.typ]
		if c.few == nil {
			continue
		}
		st.counts[i].count(c)
		for j := range c.few.entries {
			if e := &c.few.entries[j]; c.typ == dataset.Text {
				e.value = st.texts.text(c.text(e.cell))
			} else {
				e.value, _ = c.value(e.cell)
			}
		}
	}
	return st
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
	s.n, s.done = 0, false
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
	s.vectors = vectorsOf(&chunk, len(s.survey.columns), s.vectors)
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
		for i, at := range s.survey.keep {
			if at >= len(rec.cells) || rec.cells[at] == "" {
				s.vectors[i].setNull(size)
			} else {
				s.setCell(i, size, rec.cells[at])
			}
		}
		size++
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

// setCell reads a cell as its column's type and gives it to SQL. It counts those
// of columns that have many.
func (s *stream) setCell(i, row int, cell string) {
	c := &s.survey.columns[i]
	if c.few != nil {
		if at := c.few.find(cell); at >= 0 {
			s.vectors[i].set(row, s.widths[i], &c.few.entries[at].value)
			return
		}
	}
	if c.typ == dataset.Text {
		cell = c.text(cell)
		s.counts[i].text(cell, &s.room)
		s.vectors[i].setText(row, cell)
		return
	}
	v, x := c.value(cell)
	if !v.null {
		s.counts[i].number(x, &s.room)
	}
	s.vectors[i].set(row, s.widths[i], &v)
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

// value reads a cell of a column that is not text: as DuckDB holds it, and as a
// number to count with, which is Unix microseconds for dates, 0 or 1 for a truth.
func (c *column) value(cell string) (value, float64) {
	switch c.typ {
	case dataset.Integer, dataset.Number:
		x, ok := c.number(cell)
		if c.typ == dataset.Integer {
			return value{bits: [2]uint64{uint64(int64(x))}, null: !ok}, x
		}
		return value{bits: [2]uint64{math.Float64bits(x)}, null: !ok}, x
	case dataset.Date, dataset.DateTime:
		at, ok := c.time(cell)
		if c.typ == dataset.Date {
			return value{bits: [2]uint64{uint64(uint32(int32(floorDiv(at.Unix(), 86_400))))}, null: !ok}, float64(at.UnixMicro())
		}
		return value{bits: [2]uint64{uint64(at.UnixMicro())}, null: !ok}, float64(at.UnixMicro())
	}
	v, ok := truth(cell)
	if v {
		return value{bits: [2]uint64{1}, null: !ok}, 1
	}
	return value{null: !ok}, 0
}

func floorDiv(a, b int64) int64 {
	if a < 0 {
		a -= b - 1
	}
	return a / b
}

func (c *column) number(s string) (float64, bool) {
	if c.factors == nil {
		p, ok := scanPlain(s)
		if !ok {
			p, _, _, ok = scanShown(s)
		}
		if ok {
			return c.style.plain(p) + 0, true // no negative zero
		}
	}
	n := scanNumber(s)
	v, ok := c.style.parse(n)
	if c.factors != nil {
		v *= c.factors[n.unit]
	}
	return v + 0, ok
}

func (c *column) time(s string) (time.Time, bool) {
	if c.compact {
		t, err := time.Parse("20060102", s)
		return t, err == nil
	}
	return scanDate(s).at(c.monthly)
}
