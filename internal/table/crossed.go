package table

import (
	"fmt"
	"slices"

	"cigogne/internal/dataset"
)

// A category in numbers has so many values at most.
const maxCrossed = 40

// crossed finds whole numbers that are a category: each of few values stands as often
// as the others, and with the columns that tell rows apart they do so, which those
// do not without. No quantity falls so: ages 0, 24, 64 and 80 of each department.
func (f *facts) crossed() error {
	if len(f.amounts) < 2 || len(f.dims) == 0 {
		return nil
	}
	for _, name := range slices.Clone(f.amounts) {
		c := f.t.Column(name)
		if h := f.hints[name]; counts(h) || h.any(stockWords) || h.any(quantityWords) || len(f.amounts) < 2 {
			continue
		}
		if even, err := f.even(c); err != nil {
			return err
		} else if !even {
			continue
		}
		if told, err := f.tells(f.dims, f.rows); err != nil || told {
			return err
		}
		told, err := f.tells(append(slices.Clone(f.dims), name), f.rows)
		if err != nil {
			return err
		}
		if !told {
			continue
		}
		c.Role, c.Additivity, c.Why = dataset.Dimension, "", ""
		f.amounts = slices.DeleteFunc(f.amounts, func(a string) bool { return a == name })
		f.dims = append(f.dims, name)
	}
	return nil
}

// even tells a column of few whole numbers, each on as many rows as another.
func (f *facts) even(c *dataset.Column) (bool, error) {
	if c.Type != dataset.Integer || c.Unit != "" || c.Distinct < 3 || c.Distinct > maxCrossed || c.Nulls > 0 || f.t.Rows < 3*c.Distinct || f.t.Rows%c.Distinct != 0 {
		return false, nil
	}
	n, err := f.one(fmt.Sprintf("SELECT min(n), max(n) FROM (SELECT count(*) AS n FROM %s GROUP BY %s)", f.rows, quoteName(c.Name)), 2)
	return n[0] == n[1], err
}
