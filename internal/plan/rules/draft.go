package rules

import (
	"slices"

	"cigogne/internal/query"
)

// draft is what the words of a question ask of an unannotated table, as far as
// they settle it. What they leave open is settled by trying each way; see ways.
type draft struct {
	conds    []cond
	asks     []ask
	count    *count
	groups   []int
	best     *best
	sorts    []sortBy
	having   []query.Having
	havingOf int // column whose values are counted in having, or -1: rows

	distinct bool
	limit    int
	notes    []string
	cost     float64 // of what was taken for granted

	contested []contest
}

// ask is a column whose cells, or whose aggregate, are wanted.
type ask struct {
	col  int
	agg  query.Agg // "" cells; auto: a cell or a sum, as the rest tells
	span int
}

// auto is the aggregate of "how many points": the cell of one row, the sum of several.
const auto query.Agg = "auto"

// count is a number of rows, or of the values of a column, that is wanted.
type count struct {
	span   int // of the words that ask for it
	head   int // of the noun counted, or -1
	col    int // -1: rows
	rows   bool
	things bool // the noun names the rows, or what the table's one count column counts
}

// best is a superlative: the rows, or the groups, with the most or the least.
type best struct {
	span   int
	col    int // -1: their number
	desc   bool
	byRows bool // "the most common"
	ends   bool // first or last, of time or of the file
	offset int
	of     int // span of what is counted in each group, or -1
}

type sortBy struct {
	col  int
	desc bool
	text bool // alphabetically
}

// contest is a condition that has other columns to be on.
type contest struct {
	at     int // of draft.conds
	others []cond
	less   []float64 // how much less likely each is
}

func (d *draft) clone() *draft {
	c := *d
	c.conds, c.asks, c.groups, c.sorts, c.having = slices.Clone(d.conds), slices.Clone(d.asks), slices.Clone(d.groups), slices.Clone(d.sorts), slices.Clone(d.having)
	c.notes = slices.Clone(d.notes)
	if d.count != nil {
		n := *d.count
		c.count = &n
	}
	if d.best != nil {
		b := *d.best
		c.best = &b
	}
	return &c
}

func (d *draft) on(col int) bool {
	return slices.ContainsFunc(d.conds, func(x cond) bool { return x.col == col })
}

// single tells whether a condition leaves one value of the column.
func (d *draft) single(col int) bool {
	return slices.ContainsFunc(d.conds, func(x cond) bool { return x.col == col && x.op == query.Eq && len(x.vals) == 1 })
}

func (d *draft) asked(col int) bool {
	return slices.ContainsFunc(d.asks, func(a ask) bool { return a.col == col })
}
