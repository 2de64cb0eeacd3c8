package judge

import (
	"slices"
	"strconv"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// goesBack: a change is computed from the later time to the earlier one.
func (r *Reader) goesBack(p *query.Plan) bool {
	return p.Derived != nil && p.Derived.Op == query.Growth && r.sides(p) == "earlier first"
}

// sides names how the two figures of a plan stand in time, or else in the
// question: the first is what is asked about, the second what it is held against.
func (r *Reader) sides(p *query.Plan) string {
	d := p.Derived
	if d == nil || d.Of < 1 || d.Over < 1 || d.Of > len(p.Measures) || d.Over > len(p.Measures) {
		return ""
	}
	a, b := p.Measures[d.Of-1], p.Measures[d.Over-1]
	if x, y := r.when(a), r.when(b); x != "" && y != "" && x != y {
		if x > y {
			return "later first"
		}
		return "earlier first"
	}
	switch x, y := r.saidAt(a), r.saidAt(b); {
	case x < 0 || y < 0 || x == y:
		return "unsaid"
	case x < y:
		return "in turn"
	}
	return "turned"
}

// turns weighs how the two figures of a plan stand.
func (w *weigher) turns() {
	sides := w.sides(w.plan)
	if sides == "" {
		return
	}
	op := string(w.plan.Derived.Op)
	if way := w.way(sides); way != "" {
		w.add(1, "sides", op, way)
		for _, s := range w.said {
			w.add(1, "sides", op, way, "s:"+string(s))
		}
	}
	w.add(1, "sides", op, sides)
	for _, s := range w.said {
		w.add(1, "sides", op, sides, "s:"+string(s))
	}
}

// way says what a verdict is a yes to: more of the later, or of what is said
// first, or less; "" of what is no such verdict.
func (r *weigher) way(sides string) string {
	d := r.plan.Derived
	if d.Op != query.Verdict || len(d.Says) != 3 {
		return ""
	}
	more, less := ground.Affirms(d.Says[0]), ground.Affirms(d.Says[2])
	if sides == "earlier first" || sides == "turned" {
		more, less = less, more
	}
	switch {
	case more && less:
		return "other"
	case more:
		return "more"
	case less:
		return "less"
	}
	return "same"
}

// when is the day or the year that a figure is of, as it sorts; "" where it is
// of none, or of several.
func (r *Reader) when(m query.Measure) string {
	for _, f := range m.Where {
		at := columnOf(r.g.Table, f.Column)
		if at < 0 || len(f.Values) == 0 {
			continue
		}
		c := r.g.Table.Columns[at]
		if !c.Dated() && c.Role != dataset.Year && !c.Yearly() && f.As != query.AsYear {
			continue
		}
		switch v := f.Values[0].(type) {
		case string:
			return v
		case float64, int64, int:
			return strconv.Itoa(int(toFloat(v)))
		}
	}
	if at := columnOf(r.g.Table, m.Column); at >= 0 {
		for _, w := range r.g.Table.Columns[at].Words {
			if n, err := strconv.Atoi(w); err == nil && len(w) == 4 && n >= 1500 && n < 2200 {
				return w
			}
		}
	}
	return ""
}

// saidAt is where the question says what tells a figure from the other: the value
// of its condition, else its column. -1 where it does not.
func (r *Reader) saidAt(m query.Measure) int {
	for _, f := range m.Where {
		at := columnOf(r.g.Table, f.Column)
		for _, c := range r.g.Cells {
			if c.Col == at && holds(f, c, r.g) {
				return c.From
			}
		}
	}
	best := -1
	strength := 0.0
	at := columnOf(r.g.Table, m.Column)
	for _, c := range r.g.Columns {
		if c.Col == at && c.Strength > strength {
			best, strength = c.From, c.Strength
		}
	}
	return best
}

// computesWithLabels: months, codes or words are added up, or their mean is taken;
// years are added up.
func (r *Reader) computesWithLabels(p *query.Plan) bool {
	return slices.ContainsFunc(p.Measures, func(m query.Measure) bool {
		at := columnOf(r.g.Table, m.Column)
		if at < 0 || m.Agg != query.Sum && m.Agg != query.Avg && m.Agg != query.Median {
			return false
		}
		switch c := r.g.Table.Columns[at]; {
		case c.Role.Label() || c.Kind == dataset.KindMonth || c.Kind == dataset.KindQuarter:
			return true
		case c.Role == dataset.Year:
			return m.Agg == query.Sum
		case c.Type == dataset.Text:
			return c.Reads == ""
		}
		return false
	})
}

// pools: the difference of two things is asked for, and the rows of both are taken together.
func (r *Reader) pools(p *query.Plan) bool {
	if !r.g.Has(ground.Gap) && !r.g.Has(ground.Times) || p.Derived != nil || p.Grouped() || len(p.Measures) != 1 || len(p.OrderBy) > 0 {
		return false
	}
	return slices.ContainsFunc(p.Where, func(f query.Filter) bool {
		return f.Op == query.Eq && len(f.Values) == 2 && r.apart(f)
	})
}

// apart tells whether the two values of a condition are said apart.
func (r *Reader) apart(f query.Filter) bool {
	at := columnOf(r.g.Table, f.Column)
	said := map[int]bool{}
	for _, v := range f.Values {
		for _, m := range r.g.Cells {
			if m.Col == at && holdsValue(f, m, v, r.g) {
				said[m.From] = true
				break
			}
		}
	}
	return len(said) == 2
}

// listsWords: it is asked how many, and words are listed.
func (r *Reader) listsWords(p *query.Plan) bool {
	if len(p.Columns) == 0 || r.g.Has(ground.Which) || r.g.Has(ground.Who) || !slices.ContainsFunc(r.g.Tokens[:min(2, len(r.g.Tokens))], func(t ground.Token) bool { return t.Is(ground.CountOf) }) {
		return false
	}
	return !slices.ContainsFunc(p.Columns, func(name string) bool {
		at := columnOf(r.g.Table, name)
		return at >= 0 && (r.g.Table.Columns[at].Numeric() || r.g.Table.Columns[at].Reads != "")
	})
}

// forgetsName: a cell is named outright, as a name is written, and has no part in the plan.
func (r *Reader) forgetsName(p *query.Plan) bool {
	w := r.looked(p)
	for _, m := range r.g.Cells {
		if m.How != ground.Exact || !r.g.Tokens[m.From].Name || lettersOf(m) < 4 {
			continue
		}
		left := !slices.ContainsFunc(w.covered[m.From:m.To], func(covered bool) bool { return covered })
		if left && !slices.ContainsFunc(conditions(p), func(f query.Filter) bool { return holds(f, m, r.g) }) {
			return true
		}
	}
	return false
}

// conditions lists those of a plan, of its figures, and of what rows are held against.
func conditions(p *query.Plan) []query.Filter {
	out := slices.Clone(p.Where)
	for _, m := range p.Measures {
		out = append(out, m.Where...)
	}
	for _, f := range out {
		if f.Than != nil {
			out = append(out, conditions(f.Than)...)
		}
	}
	return out
}
