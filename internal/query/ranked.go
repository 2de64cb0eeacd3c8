package query

import (
	"fmt"
	"slices"
	"strconv"

	"cigogne/internal/dataset"
)

// ranked tells whether rows that equal the last one stay.
func (p *Plan) ranked() bool { return p.Ties && p.Limit > 0 && len(p.OrderBy) > 0 }

// ranksShares tells whether rows are ranked by a share of the total, which is a
// window: no engine ranks by one in the query that computes it.
func (p *Plan) ranksShares() bool {
	return p.ranked() && p.Derived != nil && p.Derived.Op == ShareOfTotal &&
		slices.ContainsFunc(p.OrderBy, func(o Order) bool { return o.Measure > len(p.Measures) })
}

// outranked writes a plan whose rows that equal the last one stay, where there is
// no QUALIFY or it cannot rank: ranks first, then those that are asked for.
func (w *writer) outranked(p *Plan, t *dataset.Table, named bool) []Output {
	short := func(i int, _ Output) string { return place(i) }
	outputs := (&writer{tables: w.tables, d: w.d}).selects(p, t, nil)
	w.str("SELECT ")
	w.list(len(outputs), ", ", func(i int) {
		w.str(place(i))
		if named {
			w.str(" AS ", w.d.alias(t, outputs[i]))
		}
	})
	inner := *p
	inner.Distinct = false
	rest := func() {
		w.from(&inner)
		w.where(&inner, t)
		w.groups(&inner, t)
	}
	w.str(" FROM (")
	if p.ranksShares() {
		w.str("SELECT *")
		w.ranks(func() { w.orderPlaces(p) }, func() { w.str(" ORDER BY "); w.orderPlaces(p); w.groupPlaces(p) })
		w.str(" FROM (")
		w.selects(&inner, t, short)
		rest()
		w.str(")")
	} else {
		w.selects(&inner, t, short)
		w.ranks(func() { w.order(&inner, t) }, func() { w.sorted(&inner, t) })
		rest()
	}
	w.str(fmt.Sprintf(`) WHERE "#rank" BETWEEN %d AND %d`, p.Offset+1, p.Offset+p.Limit))
	if p.Distinct {
		w.str(" GROUP BY ")
		w.list(len(outputs), ", ", func(i int) { w.str(place(i)) })
		w.str(` ORDER BY min("#row")`)
		return outputs
	}
	w.str(` ORDER BY "#row"`)
	return outputs
}

// place names an output within a query, by its index.
func place(i int) string { return Quote("#" + strconv.Itoa(i+1)) }

// ranks writes the rank of each row, and its number in the order they are shown in.
func (w *writer) ranks(order, sorted func()) {
	w.str(", rank() OVER (ORDER BY ")
	order()
	w.str(`) AS "#rank", row_number() OVER (`)
	sorted()
	w.str(`) AS "#row"`)
}

// orderPlaces is order over the outputs of an inner query.
func (w *writer) orderPlaces(p *Plan) {
	w.list(len(p.OrderBy), ", ", func(i int) {
		o := p.OrderBy[i]
		at := len(p.GroupBy) + len(p.Columns) + o.Measure - 1
		if o.Measure == 0 {
			at = slices.Index(p.GroupBy, o.Column)
		}
		w.str(place(at))
		if o.Desc {
			w.str(" DESC")
		}
		w.str(" NULLS LAST")
	})
}

func (w *writer) groupPlaces(p *Plan) {
	for i := range p.GroupBy {
		w.str(", ", place(i))
	}
}
