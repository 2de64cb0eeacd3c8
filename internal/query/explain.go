package query

import (
	"fmt"
	"strings"

	"cigogne/internal/lang"
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

type explainer struct {
	names Names
	l     lang.Lang
}

func (e explainer) plan(p *Plan) string {
	var parts []string
	col := func(c string) string { return e.names(p.Table, c) }
	var groups []string
	for _, g := range p.GroupBy {
		groups = append(groups, col(g))
	}
	by := strings.Join(groups, e.l.Pick(" et ", " and "))
	switch {
	case p.Tally:
		parts = append(parts, e.l.Pick("nombre de valeurs de ", "number of values of ")+by)
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
		parts = append(parts, e.l.Pick("liste : ", "list: ")+strings.Join(cs, ", "))
	}
	if len(p.GroupBy) > 0 && !p.Tally {
		parts[0] += e.l.Pick(" par ", " by ") + by
	}
	if len(p.Where) > 0 {
		where := e.filters(p.Table, p.Where)
		if p.Shift != 0 {
			where = fmt.Sprintf(e.l.Pick("%+d ligne(s) par rapport à celle où %s", "%+d row(s) from the one where %s"), p.Shift, where)
		}
		parts = append(parts, e.l.Pick("où ", "where ")+where)
	}
	for _, h := range p.Having {
		of := ""
		if h.Measure > len(p.Measures) {
			of = e.derived(p)
		} else {
			of = e.measure(p.Table, p.Measures[h.Measure-1])
		}
		parts = append(parts, fmt.Sprintf(e.l.Pick("avec %s %s %s", "with %s %s %s"), of, h.Op, lang.FormatNumber(h.Value, -1, e.l)))
	}
	if len(p.OrderBy) > 0 {
		parts = append(parts, e.order(p))
	}
	return strings.Join(parts, ", ")
}

var aggNames = map[Agg][2]string{
	Sum: {"somme de", "sum of"}, Avg: {"moyenne de", "average of"}, Median: {"médiane de", "median of"},
	Min: {"minimum de", "minimum of"}, Max: {"maximum de", "maximum of"}, CountDistinct: {"nombre de valeurs distinctes de", "number of distinct values of"},
}

func (e explainer) measure(table string, m Measure) string {
	var s string
	if m.Agg == Count {
		s = e.l.Pick("nombre de lignes", "number of rows")
		if m.Column != "" {
			s = e.l.Pick("nombre de valeurs de ", "number of values of ") + e.names(table, m.Column)
		}
	} else {
		n := aggNames[m.Agg]
		s = e.l.Pick(n[0], n[1]) + " " + e.names(table, m.Column)
	}
	if len(m.Once) > 0 {
		var of []string
		for _, c := range m.Once {
			of = append(of, e.names(table, c))
		}
		s += e.l.Pick(" (comptée une fois par ", " (counted once for each ") + strings.Join(of, e.l.Pick(" et ", " and ")) + ")"
	}
	if len(m.Where) > 0 {
		s += " (" + e.filters(table, m.Where) + ")"
	}
	return s
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
	switch d.Op {
	case Share:
		return fmt.Sprintf(e.l.Pick("part de %s dans %s", "share of %s in %s"), of, over)
	case ShareOfTotal:
		return fmt.Sprintf(e.l.Pick("%s et part dans le total", "%s and share of the total"), of)
	case Difference:
		return fmt.Sprintf(e.l.Pick("%s moins %s", "%s minus %s"), of, over)
	case Total:
		return fmt.Sprintf(e.l.Pick("%s plus %s", "%s plus %s"), of, over)
	case Verdict:
		if d.Value != nil {
			over = e.value(*d.Value)
		}
		return fmt.Sprintf(e.l.Pick("comparaison de %s avec %s", "comparison of %s with %s"), of, over)
	case Growth:
		return fmt.Sprintf(e.l.Pick("évolution en %% de %s à %s", "change in %% from %s to %s"), over, of)
	}
	return fmt.Sprintf(e.l.Pick("%s divisé par %s", "%s divided by %s"), of, over)
}

func (e explainer) filters(table string, filters []Filter) string {
	var out []string
	for _, f := range filters {
		out = append(out, e.filter(table, f))
	}
	return strings.Join(out, e.l.Pick(" et ", " and "))
}

func (e explainer) filter(table string, f Filter) string {
	name := e.names(table, f.Column)
	var vals []string
	for _, v := range f.Values {
		vals = append(vals, e.value(v))
	}
	if f.As == AsMonth {
		name = e.l.Pick("mois de ", "month of ") + name
		for i, v := range f.Values {
			vals[i] = lang.Month(v, e.l)
		}
	}
	joined := strings.Join(vals, e.l.Pick(" ou ", " or "))
	if f.Than != nil {
		joined = "(" + e.plan(f.Than) + ")"
	}
	switch f.Op {
	case Null:
		return name + e.l.Pick(" est vide", " is empty")
	case NotNull:
		return name + e.l.Pick(" est renseigné", " is not empty")
	case Between:
		return name + e.l.Pick(" entre ", " between ") + strings.Join(vals, e.l.Pick(" et ", " and "))
	case Contains:
		return name + e.l.Pick(" contient ", " contains ") + joined
	case Starts:
		return name + e.l.Pick(" commence par ", " starts with ") + joined
	case Ne:
		return name + " ≠ " + joined
	case Ge:
		return name + " ≥ " + joined
	case Le:
		return name + " ≤ " + joined
	}
	return name + " " + string(f.Op) + " " + joined
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
		by := e.l.Pick("ordre du fichier", "file order")
		switch {
		case o.Measure > len(p.Measures):
			by = e.l.Pick("résultat", "result")
		case o.Measure > 0:
			by = e.measure(p.Table, p.Measures[o.Measure-1])
		case o.Column != "":
			by = e.names(p.Table, o.Column)
		}
		dir := e.l.Pick("croissant", "ascending")
		if o.Desc {
			dir = e.l.Pick("décroissant", "descending")
		}
		keys = append(keys, by+" "+dir)
	}
	s := e.l.Pick("dans l'ordre ", "ordered by ") + strings.Join(keys, ", ")
	if p.Limit > 0 {
		s += fmt.Sprintf(e.l.Pick(", %d au plus", ", at most %d"), p.Limit)
		if p.Ties {
			s += e.l.Pick(" et ex æquo", " and ties")
		}
	}
	if p.Offset > 0 {
		s += fmt.Sprintf(e.l.Pick(", à partir du rang %d", ", from rank %d on"), p.Offset+1)
	}
	return s
}

// AggName is what an aggregate is called before a column's name.
func AggName(a Agg, l lang.Lang) string {
	n := aggNames[a]
	return l.Pick(n[0], n[1])
}
