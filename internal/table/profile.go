package table

import (
	"cmp"
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

// maxText bounds the Min, Max and First of a profile, in characters.
const maxText = 200

// counter profiles one column: from its different cells, where they are few,
// else while its cells pass. Values are told apart by their hashes then; many more
// are left for SQL to count in the Parquet copy.
type counter struct {
	filled    int64
	low, high string // text columns
	min, max  float64
	sum, lost float64         // Neumaier's: what the sum rounds away is kept
	hashes    hashes          // of values, of columns with many
	full      bool            // too many for that
	few       bool            // different cells
	values    []dataset.Value // of columns with few
}

// count profiles a column with few different cells.
func (c *counter) count(col *column, few *dictionary) {
	texts, numbers := map[string]int64{}, map[float64]int64{}
	for i := range few.entries {
		e := &few.entries[i]
		cell := few.cell(e)
		if col.typ == dataset.Text {
			texts[col.text(cell)] += e.count
		} else if v, x := col.value(cell); !v.null {
			numbers[x] += e.count
			c.extent(x, e.count)
		}
	}
	for s, n := range texts {
		if c.filled == 0 || s < c.low {
			c.low = s
		}
		c.high = max(c.high, s)
		c.filled += n
		c.values = append(c.values, dataset.Value{Text: s, Count: n})
	}
	for x, n := range numbers {
		c.values = append(c.values, dataset.Value{Text: col.show(x), Count: n})
	}
	slices.SortFunc(c.values, func(a, b dataset.Value) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Text, b.Text))
	})
}

// text counts a text of a column with many.
func (c *counter) text(s string, n int64, room *int) {
	if c.filled += n; c.filled == n {
		c.low, c.high = s, s
	}
	if s < c.low {
		c.low = s
	} else if s > c.high {
		c.high = s
	}
	if !c.full {
		c.full = !c.hashes.add(maphash.String(seed, s), room)
	}
}

// number counts a number, a date as its Unix microseconds, or a truth as 0
// or 1; it is exact up to 2^53, which dates and sums stay below.
func (c *counter) number(x float64, n int64, room *int) {
	c.extent(x, n)
	if !c.full {
		c.full = !c.hashes.add(mix(math.Float64bits(x)), room)
	}
}

// mix spreads the bits of a number; different ones stay different.
func mix(x uint64) uint64 {
	const odd = 0x9e3779b97f4a7c15 // of the golden ratio: no run of its products is alike
	x *= odd
	x ^= x >> 32
	x *= odd
	return x ^ x>>29
}

// extent takes n times a number into the extremes and the sum.
func (c *counter) extent(x float64, n int64) {
	if c.filled += n; c.filled == n {
		c.min, c.max = x, x
	}
	c.min, c.max = min(c.min, x), max(c.max, x)
	all := x * float64(n)
	c.add(all)
	if n > 1 {
		c.lost += math.FMA(x, float64(n), -all)
	}
}

func (c *counter) add(v float64) {
	t := c.sum + v
	if abs(c.sum) >= abs(v) {
		c.lost += c.sum - t + v
	} else {
		c.lost += v - t + c.sum
	}
	c.sum = t
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
		*p = dataset.Column{Name: c.name, Type: c.typ, Unit: c.unit, Nulls: t.Rows - n.filled, First: clip(s.firstOf(i), maxText)}
		if p.Distinct = int64(len(n.values)); !n.few {
			p.Distinct = n.hashes.len()
		}
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
			// Hashes take 8 bytes a value, however long the texts.
			if err := conn.QueryRowContext(ctx, fmt.Sprintf("SELECT count(DISTINCT hash(%[1]s)) FROM %[2]s WHERE %[1]s IS NOT NULL", quoteName(c.name), parquet)).Scan(&p.Distinct); err != nil {
				return fmt.Errorf("profile: %w", err)
			}
		}
		p.Role = roleOf(c, p, t)
	}
	settleRoles(s, t)
	for i := range t.Columns {
		p, n := &t.Columns[i], &counts[i]
		switch {
		case !listed(p):
		case p.Distinct > dataset.MaxValues && p.Distinct > t.Rows/2: // nearly all different: a few of them tell nothing
		case !n.few:
			if err := values(ctx, conn, parquet, p); err != nil {
				return err
			}
		default:
			p.Values = n.values[:min(len(n.values), dataset.MaxValues)]
		}
	}
	return findFacts(ctx, conn, parquet, s, t)
}

// firstOf is the first row's cell of a column, as a profile shows it.
func (s *survey) firstOf(i int) string {
	c, at := &s.columns[i], s.keep[i]
	if at >= len(s.first) || s.first[at] == "" {
		return ""
	}
	if c.typ == dataset.Text {
		return c.text(s.first[at])
	}
	v, x := c.value(s.first[at])
	if v.null {
		return ""
	}
	return c.show(x)
}

// listed tells the columns whose values a profile lists.
func listed(c *dataset.Column) bool {
	switch c.Role {
	case dataset.Geometry, dataset.FreeText:
		return false
	}
	return c.Type == dataset.Text || c.Type == dataset.Boolean || c.Role == dataset.Year
}

// values lists the most frequent values of a column of the Parquet copy.
func values(ctx context.Context, conn *sql.Conn, parquet string, c *dataset.Column) error {
	rows, err := conn.QueryContext(ctx, fmt.Sprintf(
		"SELECT %[1]s::VARCHAR, count(*) FROM %[2]s WHERE %[1]s IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %[3]d", quoteName(c.Name), parquet, dataset.MaxValues))
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
