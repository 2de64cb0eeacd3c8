package propose

import (
	"slices"
	"sort"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// Edit is a plan that is another with one thing changed.
type Edit struct {
	Kind string // what was changed, of Kinds
	Plan *query.Plan
}

// The kinds of Edit.
const (
	Operator  = "operator"
	Dropped   = "dropped filter"
	Added     = "added filter"
	Void      = "null filter"
	Value     = "value"
	Aggregate = "aggregate"
	Counted   = "count for sum"
	Measured  = "measured column"
	Sides     = "sides"
	Distinct  = "distinct"
	Listed    = "listed columns"
	Grouped   = "group"
	Direction = "direction"
	Sorted    = "order column"
	Limited   = "limit"
)

// Near lists the plans that are one change away from a plan and hold together, each once, by
// what the question names: what a plan must stand out from to be what was
// asked, and what a judge learns to tell from the right one.
func Near(g *ground.Ground, plan *query.Plan) []Edit {
	e := &editor{pool: newPool(g), plan: plan, seen: map[string]bool{keyOf(plan): true}}
	e.filters()
	e.havings()
	e.measures()
	e.columns()
	e.groups()
	e.order()
	return e.out
}

type editor struct {
	*pool
	plan *query.Plan
	out  []Edit
	seen map[string]bool
}

// with adds a copy of the plan that change has worked on.
func (e *editor) with(kind string, change func(p *query.Plan)) {
	p := *e.plan
	p.Columns, p.GroupBy, p.GroupAs = slices.Clone(p.Columns), slices.Clone(p.GroupBy), slices.Clone(p.GroupAs)
	p.Where, p.OrderBy = slices.Clone(p.Where), slices.Clone(p.OrderBy)
	p.Measures, p.Having = slices.Clone(p.Measures), slices.Clone(p.Having)
	if p.Derived != nil {
		d := *p.Derived
		p.Derived = &d
	}
	change(&p)
	k := keyOf(p)
	if e.seen[k] {
		return
	}
	e.seen[k] = true
	if query.Validate(&p, func(string) *dataset.Table { return e.g.Table.Table }) == nil {
		e.out = append(e.out, Edit{kind, &p})
	}
}

// maxOthers is how many columns are tried in another's place.
const maxOthers = 3

// others are columns that may be meant in place of one: those that words name
// first, and one that none does.
func (e *editor) others(name string, numeric bool) []string {
	var out []string
	add := func(col int) {
		c := e.column(col)
		if c.Name != name && c.Numeric() == numeric && !slices.Contains(out, c.Name) && !slices.Contains(e.plan.Columns, c.Name) && !slices.Contains(e.plan.GroupBy, c.Name) {
			out = append(out, c.Name)
		}
	}
	for _, n := range e.named {
		if len(out) < maxOthers-1 {
			add(n.col)
		}
	}
	for i := 0; i < len(e.g.Table.Columns) && len(out) < maxOthers; i++ {
		add(i)
	}
	return out
}

func (e *editor) numeric(name string) bool {
	i := slices.IndexFunc(e.g.Table.Columns, func(k ground.Column) bool { return k.Name == name })
	return i >= 0 && e.g.Table.Columns[i].Numeric()
}

var flipped = map[query.Op][]query.Op{query.Gt: {query.Lt, query.Ge}, query.Lt: {query.Gt, query.Le}, query.Ge: {query.Le, query.Gt}, query.Le: {query.Ge, query.Lt}, query.Eq: {query.Ne}, query.Ne: {query.Eq}, query.Null: {query.NotNull}, query.NotNull: {query.Null}}

// filters flips operators, drops and adds conditions, takes other cells.
func (e *editor) filters() {
	conds := slices.Concat(cellConds(e.g), numberConds(e.pool), dayConds(e.g), voidConds(e.g))
	sort.SliceStable(conds, func(i, j int) bool { return conds[i].worth > conds[j].worth })
	for i, f := range e.plan.Where {
		for _, op := range flipped[f.Op] {
			e.with(Operator, func(p *query.Plan) { p.Where[i].Op = op })
		}
		e.with(Dropped, func(p *query.Plan) { p.Where = slices.Delete(p.Where, i, i+1) })
		e.values(i, f, conds)
	}
	e.added(conds)
	for _, k := range e.g.Table.Columns {
		if k.Nulls > 0 && !e.filtered(k.Name) {
			e.with(Void, func(p *query.Plan) {
				p.Where = append(p.Where, query.Filter{Column: k.Name, Op: query.NotNull})
			})
			break
		}
	}
}

func (e *editor) filtered(column string) bool {
	return slices.ContainsFunc(e.plan.Where, func(f query.Filter) bool { return f.Column == column })
}

// values takes other cells of the column: one that the words name, one that
// they do not.
func (e *editor) values(i int, f query.Filter, conds []cond) {
	if f.Op != query.Eq && f.Op != query.Ne || len(f.Values) != 1 {
		return
	}
	text, ok := f.Values[0].(string)
	if !ok {
		return
	}
	at := slices.IndexFunc(conds, func(c cond) bool {
		return c.Column == f.Column && c.cell && c.Op == query.Eq && !slices.Contains(c.Values, f.Values[0])
	})
	if at >= 0 {
		e.with(Value, func(p *query.Plan) { p.Where[i].Values = conds[at].Values })
	}
	if k := e.g.Table.Table.Column(f.Column); k != nil {
		for _, v := range k.Values {
			if v.Text != text {
				e.with(Value, func(p *query.Plan) { p.Where[i].Values = []any{v.Text} })
				break
			}
		}
	}
}

// maxAdded is how many conditions are tried beside those of a plan.
const maxAdded = 4

// added adds conditions that the words may mean: on columns that are free, or
// in another column's place.
func (e *editor) added(conds []cond) {
	left := maxAdded
	for _, c := range conds {
		if left == 0 {
			return
		}
		if e.filtered(c.Column) {
			continue
		}
		left--
		e.with(Added, func(p *query.Plan) { p.Where = append(p.Where, c.Filter) })
		if len(e.plan.Where) == 1 {
			e.with(Added, func(p *query.Plan) { p.Where = []query.Filter{c.Filter} })
		}
	}
}

func (e *editor) havings() {
	for i, h := range e.plan.Having {
		for _, op := range flipped[h.Op] {
			e.with(Operator, func(p *query.Plan) { p.Having[i].Op = op })
		}
		e.with(Dropped, func(p *query.Plan) { p.Having = slices.Delete(p.Having, i, i+1) })
	}
}

var turned = map[query.Agg][]query.Agg{query.Sum: {query.Avg, query.Max}, query.Avg: {query.Sum}, query.Max: {query.Min, query.Sum}, query.Min: {query.Max}, query.Median: {query.Avg}}

// measures takes another aggregate, another column, a sum for a count, and
// swaps the sides of a derived figure.
func (e *editor) measures() {
	for i, m := range e.plan.Measures {
		for _, agg := range turned[m.Agg] {
			e.with(Aggregate, func(p *query.Plan) { p.Measures[i].Agg = agg })
		}
		if m.Column != "" {
			for _, o := range e.others(m.Column, e.numeric(m.Column)) {
				e.with(Measured, func(p *query.Plan) { p.Measures[i].Column, p.Measures[i].As = o, "" })
			}
		}
		e.counted(i, m)
	}
	if d := e.plan.Derived; d != nil && d.Over > 0 {
		e.with(Sides, func(p *query.Plan) { p.Derived.Of, p.Derived.Over = d.Over, d.Of })
	}
}

// counted takes a sum or different cells for a count of rows, and the count for a sum.
func (e *editor) counted(i int, m query.Measure) {
	switch {
	case m.Agg == query.Count && m.Column == "":
		for _, o := range e.others("", true)[:min(1, len(e.others("", true)))] {
			e.with(Counted, func(p *query.Plan) { p.Measures[i] = query.Measure{Agg: query.Sum, Column: o, Where: m.Where} })
		}
		for _, o := range e.others("", false)[:min(1, len(e.others("", false)))] {
			e.with(Distinct, func(p *query.Plan) {
				p.Measures[i] = query.Measure{Agg: query.CountDistinct, Column: o, Where: m.Where}
			})
		}
	case m.Agg == query.Sum:
		e.with(Counted, func(p *query.Plan) { p.Measures[i] = query.Measure{Agg: query.Count, Where: m.Where} })
	case m.Agg == query.CountDistinct:
		e.with(Distinct, func(p *query.Plan) { p.Measures[i] = query.Measure{Agg: query.Count, Where: m.Where} })
	}
}

// columns lists others, fewer, more, and each once or every time.
func (e *editor) columns() {
	for i, name := range e.plan.Columns {
		for _, o := range e.others(name, e.numeric(name)) {
			e.with(Listed, func(p *query.Plan) { p.Columns[i] = o })
		}
		if len(e.plan.Columns) > 1 {
			e.with(Listed, func(p *query.Plan) { p.Columns = slices.Delete(p.Columns, i, i+1) })
		}
	}
	if len(e.plan.Columns) == 0 {
		return
	}
	e.with(Distinct, func(p *query.Plan) { p.Distinct = !p.Distinct })
	for _, numeric := range []bool{true, false} {
		if o := e.others("", numeric); len(o) > 0 {
			e.with(Listed, func(p *query.Plan) { p.Columns = append(p.Columns, o[0]) })
		}
	}
}

// groups groups by others, drops the group, adds one.
func (e *editor) groups() {
	if len(e.plan.GroupBy) == 1 && len(e.plan.GroupAs) == 0 {
		for _, o := range e.others(e.plan.GroupBy[0], false) {
			e.with(Grouped, func(p *query.Plan) { p.GroupBy[0] = o })
		}
		if len(e.plan.OrderBy)+len(e.plan.Having) == 0 && !e.plan.Tally {
			e.with(Grouped, func(p *query.Plan) { p.GroupBy = nil })
		}
	}
	if len(e.plan.GroupBy) == 0 && len(e.plan.Measures) > 0 && e.plan.Derived == nil {
		if o := e.others("", false); len(o) > 0 {
			e.with(Grouped, func(p *query.Plan) { p.GroupBy = []string{o[0]} })
		}
	}
}

// order turns the direction, sorts by another column, keeps more rows or fewer.
func (e *editor) order() {
	for i, o := range e.plan.OrderBy {
		e.with(Direction, func(p *query.Plan) { p.OrderBy[i].Desc = !o.Desc })
		if o.Column != "" {
			for _, other := range e.others(o.Column, e.numeric(o.Column)) {
				e.with(Sorted, func(p *query.Plan) { p.OrderBy[i].Column, p.OrderBy[i].As = other, "" })
			}
		}
	}
	switch {
	case e.plan.Limit > 0:
		e.with(Limited, func(p *query.Plan) { p.Limit++ })
		e.with(Limited, func(p *query.Plan) { p.Limit = 0 })
	case len(e.plan.OrderBy) > 0:
		for _, n := range append([]int{1}, e.limits...) {
			e.with(Limited, func(p *query.Plan) { p.Limit = n })
		}
	}
}
