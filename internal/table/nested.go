package table

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/dataset"
)

// Rows of so many at most are read one after the other for totals of the rows above.
const nestedRows = 5000

// nested finds the totals that stand under their parts: "Total 57" under the
// communes of the 57, a country under its regions and what it has besides, of which
// some are totals of rows above themselves. They are looked for in the order of the
// rows; what they say is held against every figure of theirs.
func (f *facts) nested() error {
	if !f.all || f.t.Rows > nestedRows || len(f.amounts) == 0 {
		return nil
	}
	for _, d := range f.dims {
		c := f.t.Column(d)
		if c.Type != dataset.Text || c.Distinct < 3 || !c.Complete() || len(c.Levels) > 0 {
			continue
		}
		if !slices.ContainsFunc(c.Values, func(v dataset.Value) bool {
			says, _ := saysTotal(v.Text)
			return says && v.Count == 1 && !slices.Contains(c.Totals, v.Text)
		}) {
			continue
		}
		rows, err := f.inOrder(c)
		if err != nil {
			return err
		}
		found := totalsAbove(rows)
		if len(found) == 0 || len(found)+len(c.Totals) >= int(c.Distinct) {
			continue
		}
		c.Totals = append(c.Totals, found...)
	}
	return nil
}

// line is a row's cell in one column with its figures, not valid where there is none.
type line struct {
	cell    string
	figures []sql.NullFloat64
	total   bool
}

func (f *facts) inOrder(c *dataset.Column) ([]line, error) {
	measures := f.amounts[:min(len(f.amounts), 8)]
	var casts []string
	for _, m := range measures {
		casts = append(casts, quoteName(m)+"::DOUBLE")
	}
	rows, err := f.conn.QueryContext(f.ctx, fmt.Sprintf("SELECT coalesce(%s::VARCHAR, ''), %s FROM %s", quoteName(c.Name), strings.Join(casts, ", "), f.rows))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []line
	for rows.Next() {
		l := line{figures: make([]sql.NullFloat64, len(measures))}
		into := []any{&l.cell}
		for i := range l.figures {
			into = append(into, &l.figures[i])
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		l.total = slices.Contains(c.Totals, l.cell)
		out = append(out, l)
	}
	return out, rows.Err()
}

// totalsAbove are the cells that say total and whose figures are the sum of the
// rows above: of those since the total before, of all that are no total, or of all
// but rows that are sums of rows themselves, which are totals then too.
func totalsAbove(rows []line) []string {
	seen := map[string]int{}
	for _, r := range rows {
		seen[r.cell]++
	}
	var found []string
	mark := func(i int) {
		rows[i].total = true
		found = append(found, rows[i].cell)
	}
	last := -1 // the total before
	for i := range rows {
		if says, _ := saysTotal(rows[i].cell); !says || rows[i].total || seen[rows[i].cell] > 1 {
			if rows[i].total {
				last = i
			}
			continue
		}
		switch hidden := unsaid(rows[:i], seen); {
		case sums(rows[last+1:i], rows[i], nil), sums(rows[:i], rows[i], nil):
			mark(i)
			last = i
		case len(hidden) > 0 && sums(rows[:i], rows[i], hidden):
			for _, h := range hidden {
				mark(h)
			}
			mark(i)
			last = i
		}
	}
	return found
}

// unsaid are the rows that are the sum of those above since the last of their kind,
// two at least, whatever they are called.
func unsaid(rows []line, seen map[string]int) (out []int) {
	from := 0
	for i := range rows {
		if rows[i].total {
			from = i + 1
		} else if i-from >= 2 && seen[rows[i].cell] == 1 && sums(rows[from:i], rows[i], nil) {
			out = append(out, i)
			from = i + 1
		}
	}
	return out
}

// sums tells whether each figure of a total is the sum of those of the rows, but for
// totals and the rows at but; two rows at least have figures.
func sums(rows []line, total line, but []int) bool {
	parts, proved := 0, false
	for m, t := range total.figures {
		if !t.Valid {
			continue
		}
		sum, n := 0.0, 0
		for i, r := range rows {
			if r.total || slices.Contains(but, i) || !r.figures[m].Valid {
				continue
			}
			sum += r.figures[m].Float64
			n++
		}
		if !near(sum, t.Float64) {
			return false
		}
		proved = proved || t.Float64 != 0
		parts = max(parts, n)
	}
	return proved && parts > 0 && (parts > 1 || strings.HasPrefix(strings.ToLower(total.cell), "total") || strings.HasPrefix(strings.ToLower(total.cell), "sous"))
}
