package table

import (
	"context"
	"database/sql"
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"cigogne/internal/dataset"
)

const (
	maxText   = 200     // bounds the Min, Max and First of a profile, in characters
	maxHeld   = 4 << 20 // bounds the texts of a column told apart in memory, in bytes
	maxHashes = 200_000 // bounds the values told apart by their hash alone
)

// counter profiles one column while its cells pass. Up to dataset.MaxValues
// values are kept and counted; more are told apart by their hashes; many more
// are left for SQL to count in the Parquet copy.
type counter struct {
	filled    int64
	first     string // of the first row
	low, high string // text columns
	min, max  float64
	sum, lost float64 // Neumaier's: what the sum rounds away is kept
	texts     map[string]*int64
	numbers   map[float64]*int64
	held      int             // bytes of texts
	hashes    map[uint64]bool // in place of texts or numbers, once they are too many
	full      bool            // too many for that
}

func newCounters(columns []column) []counter {
	counts := make([]counter, len(columns))
	for i, c := range columns {
		if c.typ == dataset.Text {
			counts[i].texts = map[string]*int64{}
		} else {
			counts[i].numbers = map[float64]*int64{}
		}
	}
	return counts
}

func (c *counter) text(s string, firstRow bool) {
	if c.filled++; c.filled == 1 {
		c.low, c.high = strings.Clone(s), strings.Clone(s)
	}
	if firstRow {
		c.first = strings.Clone(s)
	}
	if s < c.low {
		c.low = strings.Clone(s)
	} else if s > c.high {
		c.high = strings.Clone(s)
	}
	if c.texts == nil {
		c.hash(maphash.String(seed, s))
		return
	}
	if n, ok := c.texts[s]; ok {
		*n++
		return
	}
	if c.held += len(s); len(c.texts) == dataset.MaxValues || c.held > maxHeld {
		for s := range c.texts {
			c.hash(maphash.String(seed, s))
		}
		c.texts = nil
		c.hash(maphash.String(seed, s))
		return
	}
	one := int64(1)
	c.texts[strings.Clone(s)] = &one // s is a part of its row, which must not live on
}

// number counts a number, a date as its Unix microseconds, or a truth as 0
// or 1; it is exact up to 2^53, which dates and sums stay below.
func (c *counter) number(v float64, firstRow bool, show func(float64) string) {
	if c.filled++; c.filled == 1 {
		c.min, c.max = v, v
	}
	if firstRow {
		c.first = show(v)
	}
	c.min, c.max = min(c.min, v), max(c.max, v)
	if t := c.sum + v; abs(c.sum) >= abs(v) {
		c.lost += c.sum - t + v
		c.sum = t
	} else {
		c.lost += v - t + c.sum
		c.sum = t
	}
	if c.numbers == nil {
		c.hash(math.Float64bits(v))
		return
	}
	if n, ok := c.numbers[v]; ok {
		*n++
		return
	}
	if len(c.numbers) == dataset.MaxValues {
		for v := range c.numbers {
			c.hash(math.Float64bits(v))
		}
		c.numbers = nil
		c.hash(math.Float64bits(v))
		return
	}
	one := int64(1)
	c.numbers[v] = &one
}

// seed makes hashes of this process; they never leave it.
var seed = maphash.MakeSeed()

func (c *counter) hash(h uint64) {
	switch {
	case c.full:
	case c.hashes == nil:
		c.hashes = map[uint64]bool{h: true}
	case len(c.hashes) == maxHashes && !c.hashes[h]:
		c.hashes, c.full = nil, true
	default:
		c.hashes[h] = true
	}
}

func abs(v float64) float64 { return max(v, -v) }

// show writes a value of the column as a profile does: numbers without
// exponent, dates as ISO.
func (c *column) show(v float64) string {
	switch c.typ {
	case dataset.Boolean:
		return strconv.FormatBool(v == 1)
	case dataset.Date:
		return time.UnixMicro(int64(v)).UTC().Format("2006-01-02")
	case dataset.DateTime:
		return time.UnixMicro(int64(v)).UTC().Format("2006-01-02 15:04:05.999999")
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// profile writes the table's columns from what was counted, and counts in the
// Parquet copy what was too much to hold.
func profile(ctx context.Context, conn *sql.Conn, parquet string, s *survey, counts []counter, t *dataset.Table) error {
	t.Rows = s.rows
	t.Columns = make([]dataset.Column, len(s.columns))
	for i := range t.Columns {
		c, n, p := &s.columns[i], &counts[i], &t.Columns[i]
		*p = dataset.Column{Name: c.name, Type: c.typ, Unit: c.unit, Nulls: t.Rows - n.filled, First: clip(n.first, maxText)}
		p.Distinct = int64(len(n.texts) + len(n.numbers) + len(n.hashes))
		switch {
		case n.filled == 0:
		case c.typ == dataset.Text:
			p.Min, p.Max = clip(n.low, maxText), clip(n.high, maxText)
		default:
			p.Min, p.Max = c.show(n.min), c.show(n.max)
		}
		if c.typ.Numeric() && n.filled > 0 {
			sum := n.sum + n.lost
			p.Sum = &sum
		}
		if n.full {
			// Hashes take 8 bytes a value, however long the texts; two of ten
			// million values share one in a run of a hundred thousand.
			if err := conn.QueryRowContext(ctx, fmt.Sprintf("SELECT count(DISTINCT hash(%[1]s)) FROM %[2]s WHERE %[1]s IS NOT NULL", quoteName(c.name), parquet)).Scan(&p.Distinct); err != nil {
				return fmt.Errorf("profile: %w", err)
			}
		}
		p.Role = roleOf(c, p, t)
	}
	settleRoles(s, t)
	for i := range t.Columns {
		p := &t.Columns[i]
		switch {
		case !listed(p):
		case counts[i].many() && p.Distinct > t.Rows/2: // nearly all different: a few of them tell nothing
		case counts[i].many():
			if err := values(ctx, conn, parquet, p); err != nil {
				return err
			}
		default:
			p.Values = counts[i].values(&s.columns[i])
		}
	}
	return findFacts(ctx, conn, parquet, s, t)
}

// many tells that values were not kept.
func (c *counter) many() bool { return c.full || c.hashes != nil }

// listed tells the columns whose values a profile lists.
func listed(c *dataset.Column) bool {
	switch c.Role {
	case dataset.Geometry, dataset.FreeText:
		return false
	}
	return c.Type == dataset.Text || c.Type == dataset.Boolean || c.Role == dataset.Year
}

// values lists the values counted, most frequent first.
func (c *counter) values(col *column) []dataset.Value {
	out := make([]dataset.Value, 0, len(c.texts)+len(c.numbers))
	for s, n := range c.texts {
		out = append(out, dataset.Value{Text: s, Count: *n})
	}
	for v, n := range c.numbers {
		out = append(out, dataset.Value{Text: col.show(v), Count: *n})
	}
	slices.SortFunc(out, func(a, b dataset.Value) int {
		if a.Count != b.Count {
			return int(b.Count - a.Count)
		}
		return strings.Compare(a.Text, b.Text)
	})
	return out
}

// values lists the most frequent values of a column of the Parquet copy.
func values(ctx context.Context, conn *sql.Conn, parquet string, c *dataset.Column) error {
	rows, err := conn.QueryContext(ctx, fmt.Sprintf(
		"SELECT %[1]s::VARCHAR, count(*) AS n FROM %[2]s WHERE %[1]s IS NOT NULL GROUP BY %[1]s ORDER BY n DESC, %[1]s LIMIT %[3]d", quoteName(c.Name), parquet, dataset.MaxValues))
	if err != nil {
		return fmt.Errorf("profile values: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var v dataset.Value
		if err := rows.Scan(&v.Text, &v.Count); err != nil {
			return fmt.Errorf("profile values: %w", err)
		}
		c.Values = append(c.Values, v)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("profile values: %w", err)
	}
	return nil
}
