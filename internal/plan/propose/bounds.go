package propose

import (
	"fmt"
	"slices"
	"sort"
	"strconv"

	"cigogne/internal/dataset"
	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// numberConds turns numbers into bounds and equalities on columns that can be
// compared with them, nearest named first.
func numberConds(p *pool) []cond {
	var out []cond
	for i, t := range p.g.Tokens {
		if !t.IsNum {
			continue
		}
		ops := opsAt(p.g, i)
		many := len(ops) == 1 && slices.Contains(p.limits, int(t.Num)) && p.g.Has(ground.Most, ground.Least, ground.First, ground.Last) // "top 5" says how many rows
		for rank, col := range p.comparable(i, t) {
			c := p.column(col)
			if p.g.InName(i) && !(t.Year && (c.Role == dataset.Year || c.Yearly() || c.Dated())) {
				continue
			}
			worth := p.numberWorth(i, c, rank)
			if many {
				worth -= 0.3
			}
			if t.Year && c.Dated() {
				out = append(out, p.yearsOn(i, c, ops, worth)...)
			} else {
				out = append(out, p.numbersOn(i, c, ops, worth)...)
			}
		}
	}
	return out
}

// numberWorth is what a number is worth on the column named as the rank-th nearest.
func (p *pool) numberWorth(i int, c ground.Column, rank int) float64 {
	t, worth := p.g.Tokens[i], 0.55-0.1*float64(rank)
	switch {
	case t.Year && p.g.InName(i): // "entrées 2022" is said of a column
		return worth - 0.4
	case t.Year && (c.Role == dataset.Year || c.Yearly()):
		return 0.9 - 0.1*float64(rank)
	case t.Year && !c.Dated(): // few quantities are as many as a year
		return worth - 0.25
	}
	return worth
}

// yearsOn are the conditions of a year on a column of days, and of the span that
// it opens with another.
func (p *pool) yearsOn(i int, c ground.Column, ops []query.Op, worth float64) []cond {
	year := int(p.g.Tokens[i].Num)
	out := yearOn(c, year, i, ops, worth+0.25)
	if j := p.partner(i); j > 0 && p.g.Tokens[j].Year {
		first, _ := ground.Day{Year: year}.Bounds()
		_, last := ground.Day{Year: int(p.g.Tokens[j].Num)}.Bounds()
		out = append(out, daysOn(c, first, last, i, j+1, []query.Op{query.Eq}, worth+0.6)...)
	}
	return out
}

// numbersOn are the conditions of a number on a column, and of the span that it
// opens with another.
func (p *pool) numbersOn(i int, c ground.Column, ops []query.Op, worth float64) []cond {
	var out []cond
	t := p.g.Tokens[i]
	for j, op := range ops {
		w := worth - 0.08*float64(j)
		if len(ops) > 1 && op != query.Eq {
			w += 0.2
		}
		out = append(out, cond{Filter: query.Filter{Column: c.Name, Op: op, As: c.Reads, Values: []any{t.NumberOn(c)}}, from: i, to: i + 1, worth: w, cell: t.Year && op == query.Eq})
	}
	if j := p.partner(i); j > 0 {
		out = append(out, between(p, c, i, j, worth+0.5))
	}
	return out
}

// opsAt lists the comparisons that the words around a number may mean.
func opsAt(g *ground.Ground, i int) []query.Op {
	var ops []query.Op
	add := func(op query.Op) {
		for _, have := range ops {
			if have == op {
				return
			}
		}
		ops = append(ops, op)
	}
	pairs := []struct {
		sense ground.Sense
		op    query.Op
	}{{ground.Ge, query.Ge}, {ground.Le, query.Le}, {ground.Gt, query.Gt}, {ground.Lt, query.Lt}, {ground.After, query.Gt}, {ground.Before, query.Lt}, {ground.Since, query.Ge}, {ground.Until, query.Le}, {ground.Not, query.Ne}}
	look := func(at int) {
		for _, p := range pairs {
			if g.Tokens[at].Is(p.sense) {
				add(p.op)
			}
		}
	}
	far := false
	for at := i - 1; at >= max(0, i-4); at-- {
		if far { // beyond a word that is no part of the comparison: "dépassant la norme de 50"
			if g.Tokens[at].Is(ground.Gt, ground.Ge, ground.Lt, ground.Le) {
				look(at)
			}
			continue
		}
		look(at)
		far = !g.Tokens[at].Small && len(g.Tokens[at].Senses) == 0
	}
	for at := i + 1; at < min(len(g.Tokens), i+4); at++ { // "10 000 habitants ou plus"
		look(at)
	}
	if len(ops) > 3 {
		ops = ops[:3]
	}
	add(query.Eq)
	return ops
}

// comparable lists the columns a number may be compared with, by how near they
// are named, at most four.
func (p *pool) comparable(i int, t ground.Token) []int {
	type near struct {
		col  int
		cost float64
	}
	var list []near
	for _, c := range p.g.Table.Columns {
		year := c.Role == dataset.Year || c.Dated() || c.Yearly()
		if !c.Numeric() && !(t.Year && year) || c.Role == dataset.Geometry {
			continue
		}
		cost := 12.0 - 4*p.g.Nearest[c.Index]
		if t.Year && year {
			cost = 3
		}
		if p.g.Measured(i, c.Index) {
			cost -= 6
		}
		for _, m := range p.g.Columns {
			if m.Col != c.Index {
				continue
			}
			d := float64(max(m.From-i, i-m.To+1))
			if m.From > i {
				d = float64(m.From - i)
			}
			if m.How == ground.Meaning {
				d += 6 - 4*m.Strength
			}
			d -= 2 * m.Strength
			cost = min(cost, d)
		}
		if c.Role == dataset.Measure {
			cost -= 0.5
		}
		list = append(list, near{c.Index, cost})
	}
	sort.SliceStable(list, func(a, b int) bool { return list[a].cost < list[b].cost })
	var out []int
	for _, n := range list[:min(len(list), 4)] {
		out = append(out, n.col)
	}
	return out
}

// yearOn holds a column of days to a year, or to what is before or after it.
func yearOn(c ground.Column, year, i int, ops []query.Op, worth float64) []cond {
	first, last := ground.Day{Year: year}.Bounds()
	return daysOn(c, first, last, i, i+1, ops, worth)
}

// daysOn writes the comparisons of a column of days with a span of days.
func daysOn(c ground.Column, first, last string, from, to int, ops []query.Op, worth float64) []cond {
	var out []cond
	as := query.As("")
	if c.Reads == query.AsDate {
		as = query.AsDate
	}
	for j, op := range ops {
		f := query.Filter{Column: c.Name, Op: op, As: as}
		switch op {
		case query.Gt:
			f.Values = []any{last}
		case query.Lt, query.Ge:
			f.Values = []any{first}
		case query.Le:
			f.Values = []any{last}
		case query.Eq:
			f.Op, f.Values = query.Between, []any{first, last}
			if first == last && c.Type != dataset.DateTime {
				f.Op, f.Values = query.Eq, []any{first}
			}
		default:
			continue
		}
		if c.Type == dataset.DateTime && (f.Op == query.Between || op == query.Le || op == query.Gt) {
			f.Values[len(f.Values)-1] = last + " 23:59:59"
		}
		w := worth - 0.08*float64(j)
		if len(ops) > 1 && op != query.Eq {
			w += 0.15
		}
		out = append(out, cond{Filter: f, from: from, to: to, worth: w, side: op == query.Eq})
	}
	return out
}

// partner finds the second number of "entre A et B", "de A à B", "A-B".
func (p *pool) partner(i int) int {
	for j := i + 1; j < min(len(p.g.Tokens), i+4); j++ {
		if p.g.Tokens[j].IsNum && p.g.Tokens[j].Num > p.g.Tokens[i].Num {
			return j
		}
		if !p.g.Tokens[j].Small && !p.g.Tokens[j].Is(ground.And) {
			return -1
		}
	}
	return -1
}

func between(p *pool, c ground.Column, i, j int, worth float64) cond {
	if i > 0 && p.g.Tokens[i-1].Is(ground.Between) {
		worth += 0.2
	}
	return cond{Filter: query.Filter{Column: c.Name, Op: query.Between, As: c.Reads, Values: []any{p.g.Tokens[i].NumberOn(c), p.g.Tokens[j].NumberOn(c)}}, from: i, to: j + 1, worth: worth}
}

// endConds reads "la dernière année", "the first month": the last or the first
// year, quarter or month of the days, the last or first of a column of years.
func endConds(p *pool) []cond {
	var out []cond
	for i, t := range p.g.Tokens {
		if t.Part == "" || t.Part == query.AsWeekday {
			continue
		}
		for j := max(0, i-1); j < min(len(p.g.Tokens), i+2); j++ {
			agg := query.Max
			if p.g.Tokens[j].Is(ground.First) {
				agg = query.Min
			} else if !p.g.Tokens[j].Is(ground.Last) {
				continue
			}
			for _, c := range p.g.Table.Columns {
				as := query.As("")
				switch {
				case c.Dated():
					as = t.Part
				case c.Role != dataset.Year || t.Part != query.AsYear:
					continue
				}
				if t.Part != query.AsYear && as != "" { // the last month is one of a year
					continue
				}
				than := &query.Plan{Table: p.g.Table.Table.ID, Measures: []query.Measure{{Agg: agg, Column: c.Name, As: as}}}
				out = append(out, cond{Filter: query.Filter{Column: c.Name, Op: query.Eq, As: as, Than: than}, from: min(i, j), to: max(i, j) + 1, worth: 1})
			}
		}
	}
	return out
}

// dayConds holds columns of days to the days and months that are named.
func dayConds(g *ground.Ground) []cond {
	var out []cond
	days := g.Days()
	out = append(out, spans(g, days)...)
	for _, d := range days {
		for _, c := range g.Table.Columns {
			if !c.Dated() {
				continue
			}
			first, last := onlyYear(d, c).Bounds()
			if first != "" {
				out = append(out, daysOn(c, first, last, d.From, d.To, opsAt(g, d.From), 1+0.3*float64(d.To-d.From))...)
			} else if d.Month > 0 && d.Dom == 0 {
				out = append(out, cond{Filter: query.Filter{Column: c.Name, Op: query.Eq, As: query.AsMonth, Values: []any{int64(d.Month)}}, from: d.From, to: d.To, worth: 0.8})
			}
		}
		if d.Month > 0 && d.Dom == 0 {
			out = append(out, monthsOf(g, d)...)
			out = append(out, writtenMonths(g, d)...)
		}
		if d.Decade {
			for _, c := range g.Table.Columns {
				if c.Yearly() {
					out = append(out, cond{Filter: query.Filter{Column: c.Name, Op: query.Between, Values: []any{float64(d.Year), float64(d.Year + 9)}}, from: d.From, to: d.To, worth: 1})
				}
			}
		}
	}
	return out
}

// onlyYear gives a day of a month the year of the column's days, where they have
// but one and none is said.
func onlyYear(d ground.Day, c ground.Column) ground.Day {
	if d.Year != 0 || d.Dom == 0 || len(c.Min) < 4 || len(c.Max) < 4 || c.Min[:4] != c.Max[:4] {
		return d
	}
	if year, err := strconv.Atoi(c.Min[:4]); err == nil {
		d.Year = year
	}
	return d
}

// monthsOf holds columns of the numbers of months to the month that is named;
// the year after it is left to the column of years.
func monthsOf(g *ground.Ground, d ground.Day) []cond {
	var out []cond
	for _, c := range g.Table.Columns {
		if c.Kind != dataset.KindMonth || !c.Type.Numeric() {
			continue
		}
		for i := d.From; i < d.To; i++ {
			if g.Tokens[i].Month == d.Month {
				out = append(out, cond{Filter: query.Filter{Column: c.Name, Op: query.Eq, Values: []any{float64(d.Month)}}, from: i, to: i + 1, worth: 1})
			}
		}
	}
	return out
}

// writtenMonths holds columns whose cells are months as text, 2023-01, to the one
// that is named.
func writtenMonths(g *ground.Ground, d ground.Day) []cond {
	var out []cond
	month := fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	for _, c := range g.Table.Columns {
		if d.Year > 0 && c.Type == dataset.Text && slices.ContainsFunc(c.Values, func(v dataset.Value) bool { return v.Text == month }) {
			out = append(out, cond{Filter: query.Filter{Column: c.Name, Op: query.Eq, Values: []any{month}}, from: d.From, to: d.To, worth: 1.6, cell: true})
		}
	}
	return out
}

// spans holds columns of days between two days: "entre le 1er juin et le 31
// août 2010". The year said last is that of both.
func spans(g *ground.Ground, days []ground.Day) []cond {
	var out []cond
	for i := range max(0, len(days)-1) {
		a, b := days[i], days[i+1]
		if b.From-a.To > 4 {
			continue
		}
		if a.Year == 0 {
			a.Year = b.Year
		}
		for _, c := range g.Table.Columns {
			if !c.Dated() {
				continue
			}
			first, _ := onlyYear(a, c).Bounds()
			_, last := onlyYear(b, c).Bounds()
			if first == "" || last == "" || first > last {
				continue
			}
			f := query.Filter{Column: c.Name, Op: query.Between, Values: []any{first, last}}
			if c.Reads == query.AsDate {
				f.As = query.AsDate
			}
			if c.Type == dataset.DateTime {
				f.Values[1] = last + " 23:59:59"
			}
			worth := 2 + 0.3*float64(a.To-a.From+b.To-b.From) // what each is worth by itself
			if a.From > 0 && g.Tokens[a.From-1].Is(ground.Between, ground.Since) || a.From > 1 && g.Tokens[a.From-2].Is(ground.Between, ground.Since) {
				worth += 0.4
			}
			out = append(out, cond{Filter: f, from: a.From, to: b.To, worth: worth})
		}
	}
	return out
}
