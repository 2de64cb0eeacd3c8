package query

import (
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Names gives what a reader calls a column of a table; the header itself where
// nobody named it.
type Names func(table, column string) string

// Explain says in one sentence, without its full stop, what a plan computes:
// "somme de montant réalisé, où sens = dépense et exercice = 2020".
func Explain(p *Plan, names Names, l lang.Lang) string {
	e := explainer{names: names, l: l}
	return e.plan(p)
}

// ExplainFilter says one filter of a table: "exercice ≥ 2018".
func ExplainFilter(table string, f Filter, names Names, l lang.Lang) string {
	return explainer{names: names, l: l}.filter(table, f)
}

// Plain says what a plan computes for people who choose among readings: "commune là où
// nb_bornes dépasse 5". No sign stands for a word.
func Plain(p *Plan, names Names, l lang.Lang) string {
	return explainer{names: names, l: l, plain: true}.plan(p)
}

type explainer struct {
	names Names
	l     lang.Lang
	plain bool
}

func (e explainer) plan(p *Plan) string {
	var parts []string
	col := func(c string) string { return e.names(p.Table, c) }
	var groups []string
	for i, g := range p.GroupBy {
		groups = append(groups, e.part(p.GroupedAs(i))+col(g))
	}
	by := strings.Join(groups, " "+texts.Say(e.l, "query.and")+" ")
	switch {
	case p.Tally:
		parts = append(parts, texts.Say(e.l, "query.number_values")+" "+by)
	case p.Derived != nil:
		parts = append(parts, e.derived(p))
	case len(p.Measures) > 0:
		var ms []string
		for _, m := range p.Measures {
			ms = append(ms, e.measure(p.Table, m))
		}
		parts = append(parts, strings.Join(ms, ", "))
	default:
		var cs []string
		for _, c := range p.Columns {
			cs = append(cs, col(c))
		}
		parts = append(parts, strings.Join(cs, ", "))
		if !e.plain {
			parts[0] = texts.Say(e.l, "query.list") + " " + parts[0]
		}
	}
	if len(p.GroupBy) > 0 && !p.Tally {
		parts[0] += " " + texts.Say(e.l, "query.by") + " " + by
	}
	if len(p.Where) > 0 {
		where := e.filters(p.Table, p.Where)
		if p.Shift != 0 {
			where = texts.Say(e.l, "query.shifted", "rows", fmt.Sprintf("%+d", p.Shift), "where", where)
		}
		if e.plain {
			parts[0] += " " + texts.Say(e.l, "query.plain_where") + " " + where
		} else {
			parts = append(parts, texts.Say(e.l, "query.where")+" "+where)
		}
	}
	for _, h := range p.Having {
		parts = append(parts, e.having(p, h))
	}
	if len(p.OrderBy) > 0 {
		parts = append(parts, e.order(p))
	}
	return strings.Join(parts, ", ") + e.joins(p)
}

// having says what a figure of each group has to be.
func (e explainer) having(p *Plan, h Having) string {
	of := ""
	if h.Measure > len(p.Measures) {
		of = e.derived(p)
	} else {
		of = e.measure(p.Table, p.Measures[h.Measure-1])
	}
	value := lang.FormatNumber(h.Value, -1, e.l)
	if h.Than != nil {
		value = "(" + e.plan(h.Than) + ")"
	}
	if e.plain {
		return texts.Say(e.l, "query.plain_where") + " " + e.holds(h.Op, of, value)
	}
	return texts.Say(e.l, "query.with", "of", of, "op", h.Op, "value", value)
}

// joins says where the columns of other tables come from.
func (e explainer) joins(p *Plan) string {
	var s string
	for _, j := range p.Joins {
		var as []string
		for _, c := range j.As {
			as = append(as, e.names(p.Table, c))
		}
		of := *j.Of
		says := e.plan(&of)
		if !slices.ContainsFunc(of.Measures, func(m Measure) bool { return m.Agg != Min }) { // what is the same on all rows of the group
			of.Measures, of.Columns, of.GroupBy = nil, nil, nil
			for _, m := range j.Of.Measures {
				of.Columns = append(of.Columns, m.Column)
			}
			says = e.plan(&of)
		}
		s += "; " + texts.Say(e.l, "query.joined", "columns", strings.Join(as, ", "), "plan", says)
	}
	return s
}

func (e explainer) measure(table string, m Measure) string {
	var s string
	if m.Agg == Count {
		s = texts.Say(e.l, "query.number_rows")
		if m.Column != "" {
			s = texts.Say(e.l, "query.number_values") + " " + e.names(table, m.Column)
		}
	} else {
		s = e.aggregate(m, e.names(table, m.Column))
	}
	if len(m.Once) > 0 {
		var of []string
		for _, c := range m.Once {
			of = append(of, e.names(table, c))
		}
		s += " " + texts.Say(e.l, "query.counted_once_for_each") + " " + strings.Join(of, " "+texts.Say(e.l, "query.and")+" ") + ")"
	}
	if len(m.Where) > 0 {
		s += " (" + e.filters(table, m.Where) + ")"
	}
	return s
}

// aggregate says an aggregate of a column: "somme de montant", "nombre d'années
// différentes de date".
func (e explainer) aggregate(m Measure, name string) string {
	switch {
	case m.Agg == CountDistinct && m.As.Part():
		return texts.Say(e.l, "query.different_"+string(m.As)) + " " + name
	case m.Agg == Max && m.As == AsYear:
		return texts.Say(e.l, "query.last_year") + " " + name
	case m.Agg == Min && m.As == AsYear:
		return texts.Say(e.l, "query.first_year") + " " + name
	}
	if e.plain && m.Agg == Sum {
		return texts.Say(e.l, "query.plain_sum") + " " + e.part(m.As) + name
	}
	return AggName(m.Agg, e.l) + " " + e.part(m.As) + name
}

func (e explainer) derived(p *Plan) string {
	d := p.Derived
	of := e.measure(p.Table, p.Measures[d.Of-1])
	over := ""
	if d.Over > 0 {
		over = e.measure(p.Table, p.Measures[d.Over-1])
	} else if d.Per != nil {
		over = e.plan(d.Per)
	}
	if d.Years > 0 {
		whole := *p
		one := *d
		one.Years, whole.Derived = 0, &one
		return texts.Say(e.l, "query.mean_a_year", "change", e.derived(&whole))
	}
	switch d.Op {
	case Share:
		return texts.Say(e.l, "query.share_in", "of", of, "over", over)
	case ShareOfTotal:
		return texts.Say(e.l, "query.and_share_total", "of", of)
	case Difference:
		return texts.Say(e.l, "query.minus", "of", of, "over", over)
	case Total:
		return texts.Say(e.l, "query.plus", "of", of, "over", over)
	case Verdict:
		if d.Value != nil {
			over = e.value(*d.Value)
		}
		return texts.Say(e.l, "query.comparison_with", "of", of, "over", over)
	case Growth:
		return texts.Say(e.l, "query.change_in_from_to", "over", over, "of", of)
	}
	return texts.Say(e.l, "query.divided_by", "of", of, "over", over)
}

func (e explainer) filters(table string, filters []Filter) string {
	var out []string
	for _, f := range filters {
		out = append(out, e.filter(table, f))
	}
	return strings.Join(out, " "+texts.Say(e.l, "query.and")+" ")
}

// PartOf names a part of the days of a column: "année de date".
func PartOf(as As, column string, l lang.Lang) string { return explainer{l: l}.part(as) + column }

// part says which part of a day is meant: "année de ".
func (e explainer) part(as As) string {
	switch as {
	case AsYear:
		return texts.Say(e.l, "query.year") + " "
	case AsQuarter:
		return texts.Say(e.l, "query.quarter") + " "
	case AsMonth:
		return texts.Say(e.l, "query.month") + " "
	case AsWeekday:
		return texts.Say(e.l, "query.weekday") + " "
	}
	return ""
}

func (e explainer) filter(table string, f Filter) string {
	name := e.names(table, f.Column)
	var vals []string
	for _, v := range f.Values {
		vals = append(vals, e.value(v))
	}
	name = e.part(f.As) + name
	if f.As == AsMonth {
		for i, v := range f.Values {
			vals[i] = lang.Month(v, e.l)
		}
	}
	joined := strings.Join(vals, " "+texts.Say(e.l, "query.or")+" ")
	if f.Than != nil {
		joined = "(" + e.plan(f.Than) + ")"
	}
	if f.Other != "" {
		joined = e.names(table, f.Other)
	}
	switch f.Op {
	case Null:
		return name + " " + texts.Say(e.l, "query.is_empty")
	case NotNull:
		return name + " " + texts.Say(e.l, "query.is_not_empty")
	case Between:
		if e.plain && len(vals) == 2 {
			return texts.Say(e.l, "query.plain_between", "column", name, "low", vals[0], "high", vals[1])
		}
		return name + " " + texts.Say(e.l, "query.between") + " " + strings.Join(vals, " "+texts.Say(e.l, "query.and")+" ")
	case Contains:
		return name + " " + texts.Say(e.l, "query.contains") + " " + joined
	case Starts:
		return name + " " + texts.Say(e.l, "query.starts_with") + " " + joined
	}
	return e.holds(f.Op, name, joined)
}

// holds says that something compares so with a value.
func (e explainer) holds(op Op, name, joined string) string {
	if key := map[Op]string{Eq: "eq", Ne: "ne", Gt: "gt", Ge: "ge", Lt: "lt", Le: "le"}[op]; e.plain && key != "" {
		return texts.Say(e.l, "query.plain_"+key, "column", name, "value", joined)
	}
	switch op {
	case Ne:
		return name + " ≠ " + joined
	case Ge:
		return name + " ≥ " + joined
	case Le:
		return name + " ≤ " + joined
	}
	return name + " " + string(op) + " " + joined
}

func (e explainer) value(v any) string {
	switch x := v.(type) {
	case float64:
		if x == float64(int64(x)) && x >= 1000 && x < 3000 {
			return fmt.Sprintf("%.0f", x) // a year, most often
		}
		return lang.FormatNumber(x, -1, e.l)
	}
	return fmt.Sprint(v)
}

func (e explainer) order(p *Plan) string {
	var keys []string
	for _, o := range p.OrderBy {
		by := texts.Say(e.l, "query.file_order")
		switch {
		case o.Measure > len(p.Measures):
			by = texts.Say(e.l, "query.result")
		case o.Measure > 0:
			by = e.measure(p.Table, p.Measures[o.Measure-1])
		case o.Column != "":
			by = e.names(p.Table, o.Column)
		}
		keys = append(keys, e.direction(by, o.Desc))
	}
	if e.plain {
		if p.Limit > 0 {
			keys = append(keys, texts.Say(e.l, "query.plain_first", "n", p.Limit))
		}
		return strings.Join(keys, ", ")
	}
	s := texts.Say(e.l, "query.ordered_by") + " " + strings.Join(keys, ", ")
	if p.Limit > 0 {
		s += texts.Say(e.l, "query.at_most", "n", p.Limit)
		if p.Ties {
			s += " " + texts.Say(e.l, "query.and_ties")
		}
	}
	if p.Offset > 0 {
		s += texts.Say(e.l, "query.from_rank_on", "n", p.Offset+1)
	}
	return s
}

// direction says in which order something stands.
func (e explainer) direction(by string, desc bool) string {
	switch {
	case e.plain && desc:
		return texts.Say(e.l, "query.plain_down", "by", by)
	case e.plain:
		return texts.Say(e.l, "query.plain_up", "by", by)
	case desc:
		return by + " " + texts.Say(e.l, "query.descending")
	}
	return by + " " + texts.Say(e.l, "query.ascending")
}

// AggName is what an aggregate is called before a column's name.
func AggName(a Agg, l lang.Lang) string {
	return texts.Say(l, "query.agg_"+string(a))
}
