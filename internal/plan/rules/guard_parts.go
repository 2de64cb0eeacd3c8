package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/query"
)

// parts finds what the plan has and the question does not say.
func (g *guard) parts() {
	if d := g.p.Derived; d != nil && d.Per != nil {
		g.fault("a plan divided by another is not checked word for word: leave per out")
		return
	}
	for _, f := range filters(g.p) {
		if f.Than != nil {
			g.fault("a plan within a filter is not checked word for word: leave than out")
			return
		}
		g.filter(f)
	}
	for _, h := range g.p.Having {
		if h.Value != 0 && !g.saysNumber(h.Value) {
			g.fault("the question does not say %v", h.Value)
		}
	}
	if g.p.Limit > 1 && !g.saysNumber(float64(g.p.Limit)) && g.p.Limit != several {
		g.fault("the question does not say %d", g.p.Limit)
	}
	for _, m := range g.p.Measures {
		g.measure(m)
	}
	for _, name := range g.p.GroupBy {
		if !g.groups(name) {
			g.fault("the question does not ask for a figure by %s", name)
		}
	}
}

// filter holds a filter to the question: it is said, or goes without saying.
func (g *guard) filter(f query.Filter) {
	if f.Op == query.NotNull || f.Op == query.Null && g.said(opMissing, opNot) || g.inherited(f) || g.isDefault(f) {
		return
	}
	for _, v := range f.Values {
		if !g.saysValue(f.Column, v) {
			g.fault("the question does not say %s %s %v", f.Column, f.Op, v)
		}
	}
}

// groups tells whether the question, or the one before, asks for a figure by the column.
func (g *guard) groups(name string) bool {
	col := g.s.col(name)
	return g.names(col) || g.entityKey(name) || g.severalValues(name) ||
		col == g.s.year && g.said(opEvolution, opGrowth, opSince, opBetween, opUntil, opCompare) ||
		g.before != nil && slices.Contains(g.before.GroupBy, name)
}

// measure holds an aggregate to the question: its column is named, or meant by
// default, and its function asked for.
func (g *guard) measure(m query.Measure) {
	if asked := aggregates[m.Agg]; asked.what != "" && !g.said(asked.by...) {
		g.fault("the question does not ask for %s", asked.what)
	}
	if m.Agg != query.Sum && m.Agg != query.Count && m.Agg != query.CountDistinct && g.s.Annotation != nil && g.s.a.Entity.Label == "" {
		g.fault("%s is made of detail lines: only their sum means something", g.p.Table)
	}
	if m.Column != "" && !g.measures(m.Column) {
		g.fault("the question does not name %s", m.Column)
	}
}

// aggregates are those that a question must ask for, and the words that do.
var aggregates = map[query.Agg]struct {
	what string
	by   []op
}{
	query.Avg:    {"an average", []op{opAvg}},
	query.Median: {"a median", []op{opMedian}},
	query.Max:    {"a maximum", []op{opMax, opMost, opLast}},
	query.Min:    {"a minimum", []op{opMin, opLeast, opFirst}},
}

// measures tells whether a column of figures is named, meant by default, or was
// meant before.
func (g *guard) measures(column string) bool {
	return g.names(g.s.col(column)) || strings.EqualFold(column, g.s.a.Measure) || g.entityKey(column) ||
		g.before != nil && slices.ContainsFunc(g.before.Measures, func(x query.Measure) bool { return x.Column == column })
}

// names tells whether words of the question name the column.
func (g *guard) names(col int) bool {
	return slices.ContainsFunc(g.spans, func(sp span) bool {
		return slices.ContainsFunc(sp.cols, func(r nameRef) bool { return r.col == col })
	})
}

// entityKey tells whether rows are named, or told apart, by the column.
func (g *guard) entityKey(name string) bool {
	e := g.s.a.Entity
	if !strings.EqualFold(e.Label, name) && !slices.ContainsFunc(e.Key, func(k string) bool { return strings.EqualFold(k, name) }) {
		return false
	}
	return slices.ContainsFunc(g.spans, func(sp span) bool { return sp.entity }) || g.severalValues(e.Label)
}

// severalValues tells whether the plan keeps several cells of the column.
func (g *guard) severalValues(name string) bool {
	return slices.ContainsFunc(g.p.Where, func(f query.Filter) bool { return f.Column == name && f.Op == query.Eq && len(f.Values) > 1 })
}

func (g *guard) inherited(f query.Filter) bool {
	return slices.ContainsFunc(filters(g.before), func(old query.Filter) bool { return sameFilter(old, f) })
}

func sameFilter(a, b query.Filter) bool {
	return a.Column == b.Column && a.Op == b.Op && fmt.Sprint(a.Values...) == fmt.Sprint(b.Values...)
}

// isDefault tells whether the annotation filters so where nothing is said.
func (g *guard) isDefault(f query.Filter) bool {
	for _, d := range g.s.a.Defaults {
		if strings.EqualFold(d.Column, f.Column) && f.Op == query.Eq && len(f.Values) == len(d.Values) &&
			!slices.ContainsFunc(f.Values, func(v any) bool { return !slices.Contains(d.Values, fmt.Sprint(v)) }) {
			return true
		}
	}
	held := g.s.yearsHeld()
	return len(held) > 0 && g.s.a.Time.Policy == "latest" && g.s.col(f.Column) == g.s.year && f.Op == query.Eq && len(f.Values) == 1 &&
		fmt.Sprint(f.Values[0]) == strconv.Itoa(held[len(held)-1])
}
