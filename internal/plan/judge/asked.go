package judge

import (
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// Contradicts tells whether a plan goes against a word of the question that
// leaves no choice, so that nothing it weighs in its favour counts: these few are
// rules, not learnt.
//   - "différents": what is counted is counted once each.
//   - "hors X", "excluding X": the rows of X are left out, and no others.
//   - "par année", "annuel": days are read so, where the table has days.
//   - "par compte", "by town": the column whose name stands there has a part in it.
//   - a year is said: it holds the plan, where the table has years.
//   - so does a month of a year, where it has months.
//   - "en 2023": that year is not left out.
//   - "combien de bornes": a column "nb_bornes" has how many, its rows are not counted.
//   - "combien de communes": a place that stands on several rows is one.
//   - "plus que Metz": the row that others are compared with is one, not the first of several.
//   - an answer says more than the one cell that the question names.
//   - "par habitant": it is divided by people, or given for each already.
//   - "le plus faible": the first rows are not those of the most.
//   - "le taux par commune": no row stands for those that have the same rate.
//   - a change goes from the earlier time to the later one.
//   - months and codes are no quantities: nothing adds them up or takes their mean.
//   - "combien de", at the beginning: no list of words.
//   - a cell that is named outright, as names are written, has a part in the plan.
func (r *Reader) Contradicts(p *query.Plan) bool { return r.Contradiction(p) != "" }

// Contradiction names what Contradicts finds, "" where it finds nothing.
func (r *Reader) Contradiction(p *query.Plan) string {
	for _, c := range contradictions {
		if c.holds(r, p) {
			return c.name
		}
	}
	return ""
}

var contradictions = []struct {
	name  string
	holds func(*Reader, *query.Plan) bool
}{
	{"compares with one of several", (*Reader).comparesWithOneOfSeveral},
	{"forgets people", (*Reader).forgetsPeople},
	{"takes the most for the least", (*Reader).reverses},
	{"echoes", (*Reader).echoes},
	{"pools what is compared", (*Reader).pools},
	{"gathers rates", (*Reader).gathersRates},
	{"counts places", (*Reader).countsPlaces},
	{"counts the rows of what a column counts", (*Reader).countsRowsOf},
	{"counts each year", (*Reader).countsEachYear},
	{"repeats", (*Reader).repeats},
	{"includes what is left out", (*Reader).includes},
	{"scatters days", (*Reader).scatters},
	{"forgets by", (*Reader).forgetsBy},
	{"forgets a year", (*Reader).forgetsYear},
	{"forgets a month", (*Reader).forgetsMonth},
	{"outruns a year", (*Reader).outrunsYear},
	{"goes back in time", (*Reader).goesBack},
	{"computes with labels", (*Reader).computesWithLabels},
	{"lists words for how many", (*Reader).listsWords},
	{"forgets a name", (*Reader).forgetsName},
}

// repeats: different things are asked for, and each row counts.
func (r *Reader) repeats(p *query.Plan) bool {
	if !r.g.Has(ground.Distinct) || !r.g.Has(ground.CountOf) || p.Distinct || p.Grouped() {
		return false
	}
	return !slices.ContainsFunc(p.Measures, func(m query.Measure) bool { return m.Agg == query.CountDistinct })
}

// includes: rows that the words leave out are kept, or others are left out with them.
func (r *Reader) includes(p *query.Plan) bool {
	filters := slices.Clone(p.Where)
	for _, m := range p.Measures {
		filters = append(filters, m.Where...)
	}
	for _, m := range r.g.Cells {
		if m.How != ground.Exact || !r.g.LeftOut(m) {
			continue
		}
		column := r.g.Table.Columns[m.Col].Name
		left := false
		for _, f := range filters {
			if f.Column != column {
				continue
			}
			if f.Op != query.Ne {
				return true
			}
			left = left || holds(f, m, r.g)
		}
		if !left && !r.elsewhereLeftOut(m, filters) {
			return true
		}
	}
	return false
}

// elsewhereLeftOut tells whether the words of a cell are left out of another
// column that has them too.
func (r *Reader) elsewhereLeftOut(m ground.Mention, filters []query.Filter) bool {
	for _, o := range r.g.Cells {
		if o.Col == m.Col || o.From > m.From || o.To < m.To {
			continue
		}
		if slices.ContainsFunc(filters, func(f query.Filter) bool {
			return f.Op == query.Ne && f.Column == r.g.Table.Columns[o.Col].Name && holds(f, o, r.g)
		}) {
			return true
		}
	}
	return false
}

// scatters: a part of days is asked for, and each day is a group, or no part is read.
func (r *Reader) scatters(p *query.Plan) bool {
	said := func(t ground.Token) bool { return t.Part != "" && t.Part != query.AsWeekday }
	if !slices.ContainsFunc(r.g.Tokens, said) || !slices.ContainsFunc(r.g.Table.Columns, func(c ground.Column) bool { return c.Dated() && c.Distinct > 1 }) {
		return false
	}
	w := r.looked(p)
	for i, t := range r.g.Tokens {
		if !said(t) || r.beside(i) || r.throughout(i) || i > 0 && r.g.Tokens[i-1].Is(ground.By) && means(p) {
			continue
		}
		if !w.covered[i] {
			return true
		}
		for k, name := range p.GroupBy {
			if c := columnOf(r.g.Table, name); c >= 0 && r.g.Table.Columns[c].Dated() && p.GroupedAs(k) == "" {
				return true
			}
		}
	}
	return false
}

// throughout tells whether a part of days says for how long, and not for each:
// "sur l'année", "toutes années comprises", "les deux ans".
func (r *Reader) throughout(i int) bool {
	for j := max(0, i-2); j < i; j++ {
		switch t := r.g.Tokens[j]; {
		case t.IsNum && j == i-1, t.Fold == "sur", t.Fold == "toutes", t.Fold == "tous", t.Fold == "over", t.Fold == "all":
			return true
		}
	}
	return false
}

// beside tells whether a year or a month stands beside a word: "l'année 2021",
// "au mois de mars".
func (r *Reader) beside(i int) bool {
	for j := max(0, i-1); j < min(len(r.g.Tokens), i+3); j++ {
		if t := r.g.Tokens[j]; j != i && (t.Year || t.Month > 0) {
			return true
		}
	}
	return false
}

// forgetsBy: a column is named outright after "par" or "by", and has no part in the
// plan. A mean may be of each row: "nombre moyen de créations par mois".
func (r *Reader) forgetsBy(p *query.Plan) bool {
	if means(p) {
		return false
	}
	d := takeApart(p, r.g.Table)
	for _, m := range r.g.Columns {
		if m.How != ground.Exact || !r.afterBy(m.From) {
			continue
		}
		used := slices.ContainsFunc(d.uses, func(u use) bool { return u.col == m.Col || r.labels(u.col, m.Col) }) ||
			slices.ContainsFunc(d.filters, func(f query.Filter) bool { return columnOf(r.g.Table, f.Column) == m.Col })
		another := slices.ContainsFunc(r.g.Columns, func(o ground.Mention) bool { // the words name another one as well
			return o.Col != m.Col && o.How == ground.Exact && o.From <= m.From && m.To <= o.To
		})
		if !used && !another {
			return true
		}
	}
	return false
}

// afterBy tells whether "par" or "by" stands before a token, an article between them or not.
func (r *Reader) afterBy(i int) bool {
	if i > 1 && slices.Contains([]string{"le", "la", "les", "l", "the", "chaque", "each"}, r.g.Tokens[i-1].Fold) {
		i--
	}
	return i > 0 && r.g.Tokens[i-1].Is(ground.By)
}

// means tells whether a plan computes a mean or a median.
func means(p *query.Plan) bool {
	return slices.ContainsFunc(p.Measures, func(m query.Measure) bool { return m.Agg == query.Avg || m.Agg == query.Median })
}

// labels tells whether a column writes out what another has by the same name:
// "Libellé fonction" beside "Fonction".
func (r *Reader) labels(col, of int) bool {
	t := r.g.Table
	return len(t.Columns[col].Words) > len(t.Columns[of].Words) && len(t.Columns[of].Words) > 0 &&
		!slices.ContainsFunc(t.Columns[of].Words, func(w string) bool { return !slices.Contains(t.Columns[col].Words, w) })
}

// forgetsYear: a year is said, the table has several, and the plan holds none.
func (r *Reader) forgetsYear(p *query.Plan) bool {
	if !slices.ContainsFunc(r.g.Table.Columns, severalYears) || !slices.ContainsFunc(r.g.Tokens, func(t ground.Token) bool { return t.Year }) {
		return false
	}
	w := r.looked(p)
	for i, t := range r.g.Tokens {
		if t.Year && !w.covered[i] {
			return true
		}
	}
	return false
}

// severalYears tells whether a column says which of several years a row is of.
func severalYears(c ground.Column) bool {
	if len(c.Min) >= 4 && len(c.Max) >= 4 && c.Type != dataset.Text && c.Dated() {
		return c.Min[:4] != c.Max[:4]
	}
	return (c.Dated() || c.Role == dataset.Year) && c.Distinct > 1
}

// forgetsMonth: a month of a year is said, the table has months, and the plan holds none.
func (r *Reader) forgetsMonth(p *query.Plan) bool {
	months := slices.ContainsFunc(r.g.Table.Columns, func(c ground.Column) bool {
		return (c.Dated() || c.Kind == dataset.KindMonth || c.Reads == query.AsMonth) && c.Distinct > 1
	})
	if !months {
		return false
	}
	w := r.looked(p)
	for i, t := range r.g.Tokens {
		if t.Month > 0 && !w.covered[i] && i+1 < len(r.g.Tokens) && r.g.Tokens[i+1].Year {
			return true
		}
	}
	return false
}

// outrunsYear: the year that something is asked in is a bound that leaves it out
// ("le plus de visiteurs en 2019" has "plus de" before a number that is no bound).
func (r *Reader) outrunsYear(p *query.Plan) bool {
	for _, f := range p.Where {
		if f.Op != query.Gt && f.Op != query.Lt || len(f.Values) != 1 {
			continue
		}
		at := columnOf(r.g.Table, f.Column)
		if at < 0 || r.g.Table.Columns[at].Role != dataset.Year && !r.g.Table.Columns[at].Dated() {
			continue
		}
		for i := 1; i < len(r.g.Tokens); i++ {
			t, before := r.g.Tokens[i], r.g.Tokens[i-1].Fold
			than := i > 1 && slices.Contains([]string{"qu", "que", "than"}, r.g.Tokens[i-2].Fold)
			if t.Year && (before == "en" || before == "in") && !than && strings.HasPrefix(fmt.Sprint(f.Values[0]), t.Fold) {
				return true
			}
		}
	}
	return false
}

// forgetsPeople: a figure is asked for each inhabitant, and the plan has none.
func (r *Reader) forgetsPeople(p *query.Plan) bool {
	if !r.g.Has(ground.PerCapita) || p.Derived != nil && p.Derived.Op == query.Ratio {
		return false
	}
	return !slices.ContainsFunc(takeApart(p, r.g.Table).uses, func(u use) bool { return u.col >= 0 && r.g.Table.Columns[u.col].OfPeople() })
}

// comparesWithOneOfSeveral: rows are compared with a cell of one, and what names
// that one stands on several: nothing says which of its years is meant.
func (r *Reader) comparesWithOneOfSeveral(p *query.Plan) bool {
	filters := slices.Clone(p.Where)
	for _, m := range p.Measures {
		filters = append(filters, m.Where...)
	}
	return slices.ContainsFunc(filters, func(f query.Filter) bool {
		return f.Than != nil && len(f.Than.Columns) > 0 && len(f.Than.OrderBy) == 0 && !r.oneRow(f.Than.Where)
	})
}

// echoes: all that is listed, or ranked, is the cell that the question names, and
// not that of the row beside it.
func (r *Reader) echoes(p *query.Plan) bool {
	if p.Shift != 0 {
		return false
	}
	only := p.Columns
	if len(only) == 0 && len(p.OrderBy) > 0 {
		only = p.GroupBy
	}
	return len(only) == 1 && slices.ContainsFunc(p.Where, func(f query.Filter) bool {
		return f.Column == only[0] && f.Op == query.Eq && f.As == "" && len(f.Values) == 1
	})
}

// oneRow tells whether conditions can hold of one row only.
func (r *Reader) oneRow(where []query.Filter) bool {
	t := r.g.Table.Table
	is := func(name string) bool {
		return slices.ContainsFunc(where, func(f query.Filter) bool { return f.Column == name && f.Op == query.Eq && len(f.Values) == 1 })
	}
	if len(t.Key) > 0 && !slices.ContainsFunc(t.Key, func(k string) bool { return !is(k) }) {
		return true
	}
	return slices.ContainsFunc(r.g.Table.Columns, func(c ground.Column) bool { return is(c.Name) && c.Distinct >= t.Rows })
}

// gathersRates: rows are grouped by what is measured, and nothing asks for that.
func (r *Reader) gathersRates(p *query.Plan) bool {
	for _, name := range p.GroupBy {
		at := columnOf(r.g.Table, name)
		if at < 0 || r.g.Table.Columns[at].Role != dataset.Measure || r.g.Table.Columns[at].Additivity != dataset.Never {
			continue
		}
		asked := slices.ContainsFunc(r.g.Columns, func(m ground.Mention) bool {
			return m.Col == at && m.From > 0 && r.g.Tokens[m.From-1].Is(ground.By)
		})
		if !asked {
			return true
		}
	}
	return false
}

// countsPlaces: cells that name places are counted, one as often as it stands there.
func (r *Reader) countsPlaces(p *query.Plan) bool {
	return slices.ContainsFunc(p.Measures, func(m query.Measure) bool {
		at := columnOf(r.g.Table, m.Column)
		if m.Agg != query.Count || at < 0 {
			return false
		}
		c := r.g.Table.Columns[at]
		switch c.Kind {
		case dataset.KindCommuneName, dataset.KindDepartmentName, dataset.KindRegionName, dataset.KindCountryName:
			return c.Distinct < r.g.Table.Table.Rows-c.Nulls
		}
		return false
	})
}
