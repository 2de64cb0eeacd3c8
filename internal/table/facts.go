package table

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/dataset"
)

// Facts are looked for in so many rows at the beginning, in so many columns;
// what is found there is then held against every row.
const (
	factRows    = 50_000
	factBytes   = 64 << 20
	factColumns = 64
)

// facts finds out what a table is from its data: what a row is, what is a
// parent's value repeated, what is a total of the rest.
type facts struct {
	ctx     context.Context
	conn    *sql.Conn
	parquet string // the whole table, as SQL reads it
	rows    string // the rows looked at first
	all     bool   // they are all rows and columns
	t       *dataset.Table
	hints   map[string]hint
	merged  map[string]bool // columns whose cells are merged over rows in the workbook
	dims    []string        // columns that may tell rows apart
	amounts []string        // measures that may be added up, over some rows at least
}

// findFacts fills the facts of a table whose columns are profiled.
func findFacts(ctx context.Context, conn *sql.Conn, parquet string, s *survey, t *dataset.Table) error {
	f := &facts{ctx: ctx, conn: conn, parquet: parquet, rows: parquet, t: t, hints: map[string]hint{}, merged: map[string]bool{}, all: t.Rows <= factRows && s.bytes <= factBytes}
	for i := range t.Columns {
		f.sort(&t.Columns[i], &s.columns[i])
	}
	if t.Rows < 2 {
		return nil
	}
	if err := f.hold(); err != nil {
		return err
	}
	if err := f.longTexts(); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS facts_rows")
	for _, find := range []func() error{f.sales, f.crossed, f.duplicates, f.key, f.stocks, f.totals, f.levels, f.nested, f.parents, f.ratios, f.identified} {
		if err := find(); err != nil {
			return fmt.Errorf("profile facts: %w", err)
		}
	}
	return nil
}

// sort tells a column's kind and what it may be added up over, and puts it among
// those that tell rows apart or those that are amounts.
func (f *facts) sort(c *dataset.Column, read *column) {
	f.hints[c.Name] = read.hint
	f.merged[c.Name] = read.merged
	c.Kind = kindOf(c, read.hint)
	named(c)
	c.Additivity, c.Why = additivity(c, read.hint)
	switch {
	case len(f.dims)+len(f.amounts) >= factColumns || c.Distinct == 0:
	case c.Additivity == dataset.Additive || c.Additivity == dataset.NotOverTime:
		f.amounts = append(f.amounts, c.Name)
	case c.Role == dataset.FreeText || c.Role == dataset.Geometry || c.Additivity == dataset.Never && (c.Type != dataset.Integer || c.Distinct*2 > f.t.Rows):
	default:
		f.dims = append(f.dims, c.Name)
	}
}

// longTexts tells the kinds of texts whose values the profile does not list: links,
// shapes. Some of their cells tell.
func (f *facts) longTexts() error {
	for i := range f.t.Columns {
		c := &f.t.Columns[i]
		if c.Type != dataset.Text || c.Kind != "" || c.Distinct == 0 || len(c.Values) > 0 || !slices.Contains(f.looked(), c.Name) {
			continue
		}
		cells, err := f.sample(c.Name)
		if err != nil {
			return fmt.Errorf("profile facts: %w", err)
		}
		c.Kind = textKind(c, f.hints[c.Name], cells)
		named(c)
	}
	return nil
}

// sample reads some different cells of a column.
func (f *facts) sample(column string) ([]string, error) {
	rows, err := f.conn.QueryContext(f.ctx, fmt.Sprintf("SELECT DISTINCT left(%[1]s, %[2]d) FROM (SELECT %[1]s FROM %[3]s WHERE %[1]s IS NOT NULL LIMIT %[4]d)", quoteName(column), maxText, f.rows, kindRows))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var cells []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		if !isMissing(s) {
			cells = append(cells, strings.Map(unspaced, s))
		}
	}
	return cells, rows.Err()
}

// named gives a column the role its kind has: numbers that name things are
// never added up.
func named(c *dataset.Column) {
	switch c.Kind {
	case dataset.KindLambertX, dataset.KindLambertY, dataset.KindLatitude, dataset.KindLongitude, dataset.KindLatLon, dataset.KindLonLat, dataset.KindGeoJSON, dataset.KindWKT:
		c.Role = dataset.Geometry
	case dataset.KindAccount, dataset.KindSIREN, dataset.KindSIRET, dataset.KindUAI, dataset.KindRNA, dataset.KindFINESS, dataset.KindIBAN, dataset.KindVAT, dataset.KindNAF, dataset.KindParcel,
		dataset.KindCommune, dataset.KindPostcode, dataset.KindEPCI, dataset.KindIRIS, dataset.KindPhone:
		if c.Role != dataset.Key {
			c.Role = dataset.Code
		}
	case dataset.KindAddress:
		if c.Role == dataset.Code { // "Adresse postale"
			c.Role = dataset.Dimension
		}
	case dataset.KindMonth:
		if c.Role == dataset.Measure {
			c.Role = dataset.Dimension
		}
	}
}

// hold copies the first rows, which are then looked at many times.
func (f *facts) hold() error {
	_, err := f.conn.ExecContext(f.ctx, fmt.Sprintf("CREATE OR REPLACE TEMP TABLE facts_rows AS SELECT %s FROM %s LIMIT %d", quoteNames(f.looked()), f.parquet, factRows))
	if err != nil {
		return fmt.Errorf("profile facts: %w", err)
	}
	if f.rows = "facts_rows"; f.all {
		f.parquet = f.rows
	}
	return nil
}

// looked lists the columns that facts are made of: all, where rows are few.
func (f *facts) looked() []string {
	var names []string
	for _, c := range f.t.Columns {
		if f.all || slices.Contains(f.dims, c.Name) || c.Type.Numeric() {
			names = append(names, c.Name)
		}
	}
	if len(names) == 0 {
		names = append(names, f.t.Columns[0].Name)
	}
	return names
}

func quoteNames(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quoteName(n)
	}
	return strings.Join(quoted, ", ")
}

// one runs a query that yields one row of counts; null counts as 0.
func (f *facts) one(query string, n int) ([]float64, error) {
	cells := make([]sql.NullFloat64, n)
	into := make([]any, n)
	for i := range cells {
		into[i] = &cells[i]
	}
	out := make([]float64, n)
	if err := f.conn.QueryRowContext(f.ctx, query).Scan(into...); err != nil {
		return out, err
	}
	for i, c := range cells {
		out[i] = c.Float64
	}
	return out, nil
}

// unique names a column that alone differs on every row, or "".
func (f *facts) unique() string {
	var best string
	for _, c := range f.t.Columns {
		if c.Distinct != f.t.Rows || c.Nulls > 0 || !slices.Contains(f.dims, c.Name) {
			continue
		}
		if c.Role == dataset.Key || c.Role == dataset.Code && best == "" {
			return c.Name
		}
		if best == "" {
			best = c.Name
		}
	}
	return best
}

// duplicates counts the rows that say nothing new. A key that tells all rows apart,
// which is cheaper to look for, says that there are none.
func (f *facts) duplicates() error {
	for _, c := range f.t.Columns {
		if c.Distinct == f.t.Rows {
			return nil
		}
	}
	if err := f.key(); err != nil || len(f.t.Key) > 0 {
		return err
	}
	all := make([]string, len(f.t.Columns))
	for i, c := range f.t.Columns {
		all[i] = c.Name
	}
	n, err := f.one(fmt.Sprintf("SELECT count(*) - count(DISTINCT hash(%s)) FROM %s", quoteNames(all), f.parquet), 1)
	if err != nil {
		return err
	}
	f.t.Duplicates = int64(n[0])
	return nil
}

// stocks lets what there is be added up where a row is no moment: each
// building has its places, whatever its year. Why still says what it is.
func (f *facts) stocks() error {
	if len(f.t.Key) == 0 {
		return nil
	}
	for _, k := range f.t.Key {
		if isMoment(f.t.Column(k)) {
			return nil
		}
	}
	for i := range f.t.Columns {
		if c := &f.t.Columns[i]; c.Additivity == dataset.NotOverTime {
			c.Additivity = dataset.Additive
		}
	}
	return nil
}

// isMoment tells a column of moments, whatever they are written as.
func isMoment(c *dataset.Column) bool {
	switch c.Kind {
	case dataset.KindYearMonth, dataset.KindQuarter, dataset.KindHalf, dataset.KindSchool, dataset.KindMonth:
		return true
	}
	return c.Role == dataset.Time || c.Role == dataset.Year
}

// maxKey bounds a key: what takes more columns is no key anybody asks by.
const maxKey = 6

// key finds the smallest set of columns that tells different rows apart: all
// that may, less one after the other, those at the right first.
func (f *facts) key() error {
	if len(f.t.Key) > 0 {
		return nil
	}
	if u := f.unique(); u != "" {
		f.t.Key = []string{u}
		return nil
	}
	if f.t.Duplicates == 0 && len(f.dims) == 1 || len(f.dims) == 0 {
		return nil
	}
	if ok, err := f.tells(f.dims, f.rows); err != nil || !ok {
		return err
	}
	key, err := f.least(f.dims)
	if err != nil || len(key) > maxKey {
		return err
	}
	if f.rows != f.parquet {
		if ok, err := f.tells(key, f.parquet); err != nil || !ok {
			return err
		}
	}
	f.t.Key = key
	return nil
}

// least leaves out of columns that tell rows apart those that are not needed to.
func (f *facts) least(columns []string) ([]string, error) {
	key := slices.Clone(columns)
	for i := len(key) - 1; i >= 0 && len(key) > 1; i-- {
		less := slices.Delete(slices.Clone(key), i, i+1)
		still, err := f.tells(less, f.rows)
		if err != nil {
			return nil, err
		}
		if still {
			key = less
		}
	}
	return key, nil
}

// identified takes back that some rows are sub-totals where each row has an identifier
// of its own: a station run by Total Énergies is no total.
func (f *facts) identified() error {
	at := slices.IndexFunc(f.t.Notes, func(n string) bool { return strings.HasPrefix(n, NoteSubtotals) })
	if at < 0 || len(f.t.Key) != 1 {
		return nil
	}
	if r := f.t.Column(f.t.Key[0]).Role; r != dataset.Key && r != dataset.Code {
		return nil
	}
	n, err := f.one(fmt.Sprintf("SELECT count(*), count(*) FILTER (WHERE regexp_matches(%s::VARCHAR, '[0-9]')) FROM %s", quoteName(f.t.Key[0]), f.parquet), 2)
	if err == nil && n[0] == n[1] {
		f.t.Notes = slices.Delete(f.t.Notes, at, at+1)
	}
	return err
}

// tells tells whether columns differ on every different row.
func (f *facts) tells(columns []string, from string) (bool, error) {
	if f.t.Duplicates == 0 {
		n, err := f.one(fmt.Sprintf("SELECT count(*), count(DISTINCT hash(%s)) FROM %s", quoteNames(columns), from), 2)
		return n[0] == n[1], err
	}
	rest := f.amounts
	if len(rest) == 0 {
		rest = columns[:1]
	}
	n, err := f.one(fmt.Sprintf("SELECT count(DISTINCT hash(%[1]s)), count(DISTINCT hash(%[1]s, %[2]s)) FROM %[3]s", quoteNames(columns), quoteNames(rest), from), 2)
	return n[0] == n[1], err
}
