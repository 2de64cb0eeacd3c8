package rules

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// homonyms asks back where a name filtered on is that of several things with
// codes of their own: two communes called alike must not be added up.
func homonyms(ctx context.Context, req plan.Request, o *plan.Outcome) error {
	r, ok := o.Reading.(*reading)
	if !ok {
		return nil
	}
	if m := o.Plan.Measures; len(m) > 0 && m[0].Agg == query.Count {
		return nil // how many are called so is a question of its own
	}
	for _, x := range r.conds {
		code, parent := r.tellsApart(x.col, len(o.Plan.Measures) > 0)
		if code < 0 || x.op != query.Eq || len(x.vals) != 1 {
			continue
		}
		codes, err := r.calledSo(ctx, req, o.Plan, x, code, parent)
		if err != nil {
			return err
		}
		if len(codes) < 2 {
			if asked, err := longer(ctx, req, o, r, x); asked || err != nil {
				return err
			}
			continue
		}
		ask := plan.Outcome{Candidate: o.Candidate, Score: o.Score,
			Ask: texts.Say(req.Lang, "rules.are_called_which_one", "count", len(codes), "many", r.s.a.Entity.Many.In(req.Lang), "value", x.vals[0])}
		for c, p := range codes {
			choice := p
			if parent < 0 {
				choice = c
			}
			ask.Choices = append(ask.Choices, strings.TrimSpace(strings.TrimRight(req.Question, " ?!."))+" ("+choice+")")
		}
		sort.Strings(ask.Choices)
		*o = ask
		return nil
	}
	return nil
}

// tellsApart is the column of codes by which things of one name are told apart, and
// that of what holds them; -1 where there is none.
func (r *reading) tellsApart(col int, figures bool) (code, parent int) {
	s := r.s
	note := s.note(col)
	if key, where := s.a.Entity.Key, s.where(); note.Code == "" && len(key) == 1 && len(where) > 0 && s.col(s.a.Entity.Label) == col && figures {
		return s.col(key[0]), where[len(where)-1] // lists show them all, with where each is
	}
	return s.col(note.Code), s.parent(col)
}

// calledSo looks in the data for the codes of what bears the name of a condition,
// each with what holds it.
func (r *reading) calledSo(ctx context.Context, req plan.Request, p *query.Plan, x cond, code, parent int) (map[string]string, error) {
	t := r.s.t
	probe := &query.Plan{Table: t.ID, Columns: []string{t.Columns[code].Name}, Distinct: true, Limit: 20,
		Where: []query.Filter{{Column: t.Columns[x.col].Name, Op: query.Eq, Values: x.vals}}}
	if parent >= 0 {
		probe.Columns = append(probe.Columns, t.Columns[parent].Name)
	}
	for _, f := range p.Where {
		if f.Column != t.Columns[x.col].Name && f.Than == nil {
			probe.Where = append(probe.Where, f)
		}
	}
	rows, err := req.Run(ctx, probe)
	if err != nil {
		return nil, fmt.Errorf("look for homonyms: %w", err)
	}
	codes := map[string]string{}
	for _, row := range rows {
		if row[0] != nil {
			codes[fmt.Sprint(row[0])] = fmt.Sprint(row[len(row)-1])
		}
	}
	return codes, nil
}

// longer asks back where the name of a place begins that of a larger one:
// Charleville is a village of the Marne, and what people call Charleville-Mézières.
func longer(ctx context.Context, req plan.Request, o *plan.Outcome, r *reading, x cond) (asked bool, err error) {
	name := fmt.Sprint(x.vals[0])
	probe := r.longerNames(x.col, name)
	if probe == nil {
		return false, nil
	}
	rows, err := req.Run(ctx, probe)
	if err != nil {
		return false, fmt.Errorf("look for longer names: %w", err)
	}
	size := func(row []any) float64 { n, _ := strconv.ParseFloat(fmt.Sprint(row[2]), 64); return n }
	own := 0.0
	for _, row := range rows {
		if row[0] == name {
			own = max(own, size(row))
		}
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(row []any) bool { return row[0] != name && size(row) <= own })
	if len(rows) < 2 || x.src == "" || !strings.Contains(req.Question, x.src) {
		return false, nil
	}
	sort.SliceStable(rows, func(i, j int) bool { return size(rows[i]) > size(rows[j]) })
	ask := plan.Outcome{Candidate: o.Candidate, Score: o.Score,
		Ask: texts.Say(req.Lang, "rules.is_a_commune_and_the_beginning", "name", name)}
	for _, row := range rows {
		choice := strings.Replace(req.Question, x.src, fmt.Sprint(row[0]), 1)
		ask.Choices = append(ask.Choices, strings.TrimSpace(strings.TrimRight(choice, " ?!."))+fmt.Sprintf(" (%v)", row[1]))
	}
	*o = ask
	return true, nil
}

// longerNames is the plan that lists the places whose names begin so, with what
// holds them and how large they are: columns in that order. It is nil where there
// are none, or the question says what holds the place.
func (r *reading) longerNames(col int, name string) *query.Plan {
	s, parent, measure := r.s, r.s.parent(col), r.s.col(r.s.a.Measure)
	if parent < 0 || measure < 0 || len(r.on(parent)) > 0 {
		return nil
	}
	begins := strings.Fields(lang.Fold(name))
	names := []any{name}
	for _, v := range s.t.Columns[col].Values {
		if w := strings.Fields(lang.Fold(v.Text)); len(w) > len(begins) && slices.Equal(w[:len(begins)], begins) && len(names) < 20 {
			names = append(names, v.Text)
		}
	}
	if len(names) == 1 {
		return nil
	}
	probe := &query.Plan{Table: s.t.ID, Columns: []string{s.t.Columns[col].Name, s.t.Columns[parent].Name, s.t.Columns[measure].Name}, Distinct: true, Limit: 60,
		Where: []query.Filter{{Column: s.t.Columns[col].Name, Op: query.Eq, Values: names}}}
	if held := s.yearsHeld(); len(held) > 0 {
		probe.Where = append(probe.Where, query.Filter{Column: s.t.Columns[s.year].Name, Op: query.Eq, Values: []any{s.yearValue(held[len(held)-1])}})
	}
	return probe
}

// parent is the column of the territory level above the column's, by name, or -1.
func (s *schema) parent(col int) int {
	if s.note(col).Level != "commune" {
		return -1
	}
	for i, c := range s.t.Columns {
		if n := s.note(i); n.Level == "department" && n.Code != "" && c.Name != "" {
			return i
		}
	}
	return -1
}
