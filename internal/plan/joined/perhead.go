package joined

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// each is what a question asks a figure for: one inhabitant, or a thousand.
type each struct {
	rest string  // the question without it
	n    float64 // 0: one
}

// perHead finds "par habitant", "pour 1 000 habitants" in a question.
func perHead(question string) (each, bool) {
	v := vocabularies()
	words := lang.Words(question)
	for i := range words {
		n := longest(words[i:], v.Heads)
		if n == 0 || i == 0 {
			continue
		}
		e, from := each{}, i
		if x, ok := lang.ParseNumber(words[i-1].Text, lang.French); ok && x > 1 {
			e.n, from = x, i-1
		}
		if k := ends(words[:from], v.Per); k > 0 {
			e.rest = without(question, words, from-k, i+n)
			return e, true
		}
	}
	return each{}, false
}

// inhabitants divides a figure of a table that nobody annotated by the people of the
// territories that it is grouped by or kept to. No plan where there are none.
func (pl *Planner) inhabitants(ctx context.Context, req plan.Request) (plan.Outcome, error) {
	r, ok := Register(req.Candidates)
	e, asked := perHead(req.Question)
	at := slices.IndexFunc(req.Candidates, func(c plan.Candidate) bool { return c.Annotation == nil && coded(c.Table, dataset.KindCommune) != "" })
	if !ok || !asked || at < 0 {
		return plan.Outcome{}, nil
	}
	none := plan.Outcome{Candidate: req.Candidates[at], Refusal: texts.Say(req.Lang, "joined.of_which_territory")}
	rest := req
	rest.Question = e.rest
	out, err := pl.first.Plan(ctx, pl.named(rest))
	if err != nil || out.Plan == nil || out.Candidate.Annotation != nil {
		return none, err
	}
	if out.Plan.Derived != nil { // by a population of its own
		return plan.Outcome{}, nil
	}
	d := division{figure: query.With(out.Plan, out.Candidate.Joins), of: out.Candidate, register: r}
	p, year, ok := d.divided(e, req.Lang)
	if !ok {
		return none, nil
	}
	out.Plan, out.Label = p, ""
	out.Assumptions = append(slices.Clone(out.Assumptions), texts.Say(req.Lang, "rules.population_of", "year", year, "table", r.Name(req.Lang)))
	if len(out.Candidate.Joins) > 0 {
		figure := plan.Outcome{Plan: d.figure}
		if err = pl.tell(ctx, req, &figure); errors.Is(err, errStrangers) {
			return none, nil
		}
		out.Assumptions = append(out.Assumptions, figure.Assumptions...)
	}
	return out, err
}

// division is a figure and the register whose people it is to be divided by.
type division struct {
	figure   *query.Plan
	of       plan.Candidate
	register plan.Candidate
}

// divided is the plan of the figure per inhabitant, and the year they were counted.
func (d division) divided(e each, l lang.Lang) (*query.Plan, int, bool) {
	p := *d.figure
	if len(p.Measures) != 1 || p.Derived != nil || len(p.Having) > 0 || len(p.GroupAs) > 0 || !slices.Contains([]query.Agg{query.Sum, query.Count, query.CountDistinct}, p.Measures[0].Agg) {
		return nil, 0, false
	}
	year := d.year()
	people, ok := d.people(year)
	if !ok || len(p.GroupBy) == 0 && len(people.Where) == 1 {
		return nil, 0, false // of which territory?
	}
	unit := texts.Say(l, "rules.inhabitant")
	if e.n > 0 {
		unit = texts.Say(l, "rules.inhabitants", "n", lang.FormatNumber(e.n, -1, l))
	}
	unit = "/" + unit
	if c := d.of.Table.Column(p.Measures[0].Column); c != nil && p.Measures[0].Agg == query.Sum {
		unit = c.Unit + unit
	}
	p.Derived = &query.Derived{Op: query.Ratio, Of: 1, Scale: e.n, Unit: unit, Per: people}
	if len(p.GroupBy) > 0 && !d.grouped(&p, people, texts.Say(l, "rules.population")) {
		return nil, 0, false
	}
	return &p, year, true
}

// people are those of a year, of the territories that the figure is kept to; false
// where the register does not tell these.
func (d division) people(year int) (*query.Plan, bool) {
	a := d.register.Annotation
	p := &query.Plan{Table: d.register.Table.ID, Measures: []query.Measure{{Agg: query.Sum, Column: a.Measure}},
		Where: []query.Filter{{Column: a.Time.Column, Op: query.Eq, Values: []any{float64(year)}}}}
	for _, f := range d.figure.Where {
		column := d.territory(f.Column)
		switch {
		case column == "" || f.Op == query.NotNull:
		case f.Op != query.Eq || f.Than != nil || f.Other != "":
			return nil, false
		default:
			f.Column = column
			p.Where = append(p.Where, f)
		}
	}
	return p, true
}

// grouped gives each group of the figure the people of its own territory, by code
// where the register has one: two may be called alike.
func (d division) grouped(p, people *query.Plan, as string) bool {
	for d.of.Table.Column(as) != nil {
		as += "_2"
	}
	join := query.Join{Of: people, As: []string{as}}
	for _, g := range p.GroupBy {
		column := d.territory(g)
		if column == "" {
			return false
		}
		if code := d.code(column); code != "" {
			own := d.lookup(p, code)
			if own == "" {
				return false
			}
			g, column = own, code
		}
		join.On = append(join.On, g)
		people.GroupBy = append(people.GroupBy, column)
	}
	p.Joins = append(slices.Clone(p.Joins), join)
	p.Measures = append(slices.Clone(p.Measures), query.Measure{Agg: query.Sum, Column: as, Once: join.On, Label: as})
	p.Derived.Per, p.Derived.Over = nil, 2
	p.OrderBy = slices.Clone(p.OrderBy)
	for i := range p.OrderBy {
		if p.OrderBy[i].Measure == 1 {
			p.OrderBy[i].Measure = len(p.Measures) + 1
		}
	}
	return true
}

// code is the register's column of codes beside one of names; "" none.
func (d division) code(column string) string {
	for _, n := range d.register.Annotation.Column {
		if strings.EqualFold(n.Name, column) {
			return n.Code
		}
	}
	return ""
}

// lookup is the column of the figure's table that holds a code of the register: its
// own, or one that the register gives it, which the plan then takes.
func (d division) lookup(p *query.Plan, code string) string {
	if own := coded(d.of.Table, kind(d.register.Table, code)); own != "" {
		for i := range p.Joins {
			p.Joins[i] = widen(p.Joins[i], d.of.Joins, own)
		}
		return own
	}
	return ""
}

// widen gives a join one more column of those that are offered.
func widen(j query.Join, offered []query.Join, column string) query.Join {
	for _, o := range offered {
		at := slices.Index(o.As, column)
		if at < 0 || slices.Contains(j.As, column) || !slices.Equal(o.On, j.On) {
			continue
		}
		of := *j.Of
		of.Measures = append(slices.Clone(of.Measures), o.Of.Measures[at])
		j.Of, j.As = &of, append(slices.Clone(j.As), column)
	}
	return j
}

// territory is the register's column that holds the same territories as one of the
// figure's table, which has them by the register or says them itself; "" none.
func (d division) territory(column string) string {
	for _, j := range d.of.Joins {
		if at := slices.Index(j.As, column); at >= 0 {
			if c := d.register.Table.Column(j.Of.Measures[at].Column); c.Type == dataset.Text {
				return c.Name
			}
			return ""
		}
	}
	own := d.of.Table.Column(column)
	if own == nil || own.Kind == "" || own.Type != dataset.Text {
		return ""
	}
	for _, c := range d.register.Table.Columns {
		if c.Kind == own.Kind && c.Type == dataset.Text {
			return c.Name
		}
	}
	return ""
}

// year is the last year of the register, or the one nearest to that which the figure
// is kept to.
func (d division) year() int {
	c := d.register.Table.Column(d.register.Annotation.Time.Column)
	first, _ := strconv.Atoi(c.Min)
	last, _ := strconv.Atoi(c.Max)
	for _, f := range d.figure.Where {
		if own := d.of.Table.Column(f.Column); own != nil && own.Role == dataset.Year && f.Op == query.Eq && len(f.Values) == 1 {
			if y, err := strconv.ParseFloat(fmt.Sprint(f.Values[0]), 64); err == nil {
				return min(max(int(y), first), last)
			}
		}
	}
	return last
}
