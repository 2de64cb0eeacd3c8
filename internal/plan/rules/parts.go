package rules

import (
	"cigogne/internal/texts"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/query"
)

// share writes "which part of the stations is run by X" and "the share of each".
func (r *reader) share(d *draft) []way {
	at := r.op(opShare)
	if at < 0 || r.used[at] && d.count == nil || d.best != nil || r.column(at, nil) >= 0 {
		return nil
	}
	m := r.tally()
	for _, a := range d.asks {
		if a.agg != "" || r.numeric(a.col) && !r.isTime(a.col) {
			m = r.measure(query.Sum, a.col)
		} else {
			return []way{}
		}
	}
	if len(d.groups) > 0 {
		r.used[at] = true
		var within, time []cond
		for _, x := range d.conds {
			if r.isTime(x.col) {
				time = append(time, x)
			} else {
				within = append(within, x)
			}
		}
		if len(within) > 1 {
			return []way{}
		}
		if len(within) == 1 { // "part des femmes par département": of each department's
			of := m
			of.Where, of.Label = r.filters(within), texts.Say(r.l, "rules.part")
			m.Label = texts.Say(r.l, "rules.whole")
			p := &query.Plan{Table: r.s.t.ID, Where: r.filters(time), Measures: []query.Measure{of, m}, Derived: &query.Derived{Op: query.Share, Of: 1, Over: 2}}
			for _, g := range d.groups {
				p.GroupBy = append(p.GroupBy, r.name(g))
			}
			r.each(d)
			return []way{{plan: p, cost: 0.1}}
		}
		p := &query.Plan{Table: r.s.t.ID, Where: r.filters(d.conds), Measures: []query.Measure{m}, Derived: &query.Derived{Op: query.ShareOfTotal, Of: 1}}
		for _, g := range d.groups {
			p.GroupBy = append(p.GroupBy, r.name(g))
		}
		p.OrderBy = []query.Order{{Measure: 1, Desc: true}}
		return []way{{plan: p}}
	}
	var part, whole []cond
	for _, x := range d.conds { // years bound the whole, the rest is the part
		if r.isTime(x.col) {
			whole = append(whole, x)
		} else {
			part = append(part, x)
		}
	}
	if len(part) != 1 {
		return []way{}
	}
	r.used[at] = true
	of := m
	of.Where, of.Label = r.filters(part), texts.Say(r.l, "rules.part")
	m.Label = texts.Say(r.l, "rules.whole")
	return []way{{plan: &query.Plan{Table: r.s.t.ID, Where: r.filters(whole), Measures: []query.Measure{of, m}, Derived: &query.Derived{Op: query.Share, Of: 1, Over: 2}}, cost: 0.1}}
}

// noticedPercent tells whether the question asks for a figure in percent.
func (r *reader) noticedPercent() bool {
	return strings.Contains(r.q, "en %") || strings.Contains(r.q, "in %")
}

// growth writes "by how much did X rise between A and B".
func (r *reader) growth(d *draft) []way {
	at := r.op(opGrowth)
	percent := r.op(opShare) >= 0 || r.noticed("percent", "pourcentage") || r.s.titled && r.noticedPercent()
	if at < 0 && percent {
		at = r.op(opEvolution)
	}
	if at < 0 || r.s.year < 0 || d.best != nil {
		return nil
	}
	for k, x := range d.conds {
		if x.col != r.s.year || x.op != query.Between && !(x.op == query.Eq && len(x.vals) == 2) || x.as != "" {
			continue
		}
		m := r.tally()
		for _, a := range d.asks {
			if a.col != r.s.year {
				m = r.measure(query.Sum, a.col)
			}
		}
		side := func(v any) query.Measure {
			y := m
			y.Where = []query.Filter{{Column: r.name(x.col), Op: query.Eq, Values: []any{v}}}
			if n, ok := v.(float64); ok {
				y.Label = strconv.Itoa(int(n))
			}
			return y
		}
		if r.op(opWhich) >= 0 && (r.rows || slices.ContainsFunc(d.asks, func(a ask) bool { return r.textual(a.col) })) {
			return []way{} // "which school lost pupils": one figure of all of them is no answer
		}
		r.used[at] = true
		rest := slices.Delete(slices.Clone(d.conds), k, k+1)
		derived := &query.Derived{Op: query.Difference, Of: 1, Over: 2}
		if percent {
			derived.Op = query.Growth
		}
		return []way{{plan: &query.Plan{Table: r.s.t.ID, Where: r.filters(rest), Measures: []query.Measure{side(x.vals[1]), side(x.vals[0])}, Derived: derived}, cost: 0.1}}
	}
	return nil
}
