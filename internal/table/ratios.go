package table

import (
	"database/sql"
	"fmt"
	"math"
	"slices"

	"cigogne/internal/dataset"
)

// A rate is held against pairs of columns in so many rows, of so many columns;
// what is found is then held against every row.
const (
	ratioRows    = 500
	ratioColumns = 16
)

// ratios finds, for each rate, the two columns it comes from: they hold the
// weights of its mean.
func (f *facts) ratios() error {
	var rates []string
	for _, c := range f.t.Columns {
		if c.Additivity == dataset.Never && c.Distinct > 1 && slices.Contains([]dataset.Why{dataset.WhyRate, dataset.WhyPerUnit, dataset.WhyMean}, c.Why) {
			rates = append(rates, c.Name)
		}
	}
	parts := f.amounts[:min(len(f.amounts), ratioColumns)]
	if len(rates) == 0 || len(parts) < 2 {
		return nil
	}
	cells, err := f.numbers(append(slices.Clone(parts), rates...))
	if err != nil {
		return err
	}
	for i, name := range rates {
		if r := f.ratio(parts, cells, cells[len(parts)+i]); r != nil {
			ok, err := f.holds(name, r)
			if err != nil {
				return err
			}
			if ok {
				f.t.Column(name).Ratio = r
			}
		}
	}
	return nil
}

// numbers reads the first cells of columns, NaN where there is none.
func (f *facts) numbers(columns []string) ([][]float64, error) {
	rows, err := f.conn.QueryContext(f.ctx, fmt.Sprintf("SELECT %s FROM %s LIMIT %d", quoteNames(columns), f.rows, ratioRows))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make([][]float64, len(columns))
	row, into := make([]sql.NullFloat64, len(columns)), make([]any, len(columns))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, c := range row {
			if !c.Valid {
				c.Float64 = math.NaN()
			}
			out[i] = append(out[i], c.Float64)
		}
	}
	return out, rows.Err()
}

// ratio finds the pair of columns that makes a rate on all rows but a few.
func (f *facts) ratio(parts []string, cells [][]float64, rate []float64) *dataset.Ratio {
	for a, of := range parts {
		for b, over := range parts {
			if a == b {
				continue
			}
			for _, scale := range []float64{100, 1, 1000} {
				tried, hits, values := 0, 0, map[float64]bool{}
				for i, v := range rate {
					want := scale * cells[a][i] / cells[b][i]
					if math.IsNaN(v) || math.IsNaN(want) || math.IsInf(want, 0) {
						continue
					}
					tried++
					if math.Abs(v-want) <= rounding(v) {
						hits++
						values[v] = true
					}
				}
				if len(values) >= 2 && hits >= tried-tried/50 && (hits >= 3 || f.hints[over].any(stockWords)) {
					return &dataset.Ratio{Of: of, Over: over, Scale: scale}
				}
			}
		}
	}
	return nil
}

// rounding is what a published rate may be off by: half of its last decimal.
func rounding(v float64) float64 {
	for digits, unit := 0, 1.0; digits < 6; digits, unit = digits+1, unit/10 {
		if r := v / unit; math.Abs(r-math.Round(r)) < 1e-6 {
			return 0.51 * math.Min(unit, 0.1)
		}
	}
	return 1e-6 * math.Max(1, math.Abs(v))
}

// holds tells whether the whole table bears a ratio out.
func (f *facts) holds(rate string, r *dataset.Ratio) (bool, error) {
	m, of, over := quoteName(rate), quoteName(r.Of), quoteName(r.Over)
	n, err := f.one(fmt.Sprintf("SELECT count(*), count(*) FILTER (abs(%[1]s - %[2]g * %[3]s / %[4]s) <= 0.051) FROM %[5]s WHERE %[1]s IS NOT NULL AND %[3]s IS NOT NULL AND %[4]s > 0",
		m, r.Scale, of, over, f.parquet), 2)
	return n[1] >= 0.98*n[0], err
}
